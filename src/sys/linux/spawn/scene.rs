//! What caller and child share of a start. Each writes fields behind the other's compiler's back.

use super::Way;
use super::job::{Job, MOST_RAISED};
use crate::errno::Result;
use crate::sys::linux::{getrlimit, kernel, setrlimit};
use crate::sys::memory::Vector;
use crate::sys::plan::{Limit, Plan, Redirection};
use crate::sys::types::Rlimit;
use core::ffi::c_int;
use core::ptr;

pub struct Scene<'a> {
    pub plan: &'a Plan<'a>,
    pub caller: i32,
    /// Where to begin; then where it got to.
    pub way: Way,
    /// The child's end of the channel, or -1.
    pub socket: c_int,
    /// The plan's descriptors, each source where it stands now.
    pub moved: Vector<Redirection>,
    /// What the program is to have: the plan's limits, and those that were raised for the start.
    pub limits: Vector<Limit>,
    pub job: Job<'a>,
    /// Written by the kernel before the child begins; still -1 where there is none, and in a child with
    /// memory of its own.
    pub pidfd: c_int,
    /// What the child writes arrives.
    pub shares_memory: bool,
    pub error: c_int,
}

impl<'a> Scene<'a> {
    pub fn new(plan: &'a Plan<'a>) -> Result<Scene<'a>> {
        let (mut moved, mut limits) = (Vector::new(), Vector::new());
        moved.reserve(plan.descriptors.len())?;
        limits.reserve(plan.limits.len() + MOST_RAISED)?;
        Ok(Scene {
            plan,
            caller: kernel::own_pid(),
            way: Way::Direct,
            socket: -1,
            moved,
            limits,
            job: Job::new(plan)?,
            pidfd: -1,
            shares_memory: false,
            error: 0,
        })
    }

    /// For another child.
    pub fn begin(&mut self, way: Way, socket: c_int) -> Result<()> {
        (self.way, self.socket, self.pidfd, self.shares_memory, self.error) = (way, socket, -1, false, 0);
        self.moved.clear();
        self.limits.clear();
        self.moved.extend(self.plan.descriptors)?;
        self.limits.extend(self.plan.limits)
    }

    /// Whether it came from the child, the child's error, and the way that it got to.
    pub fn answer(&self) -> (bool, c_int, Way) {
        // SAFETY: fields of ours.
        unsafe {
            (ptr::read_volatile(&self.shares_memory), ptr::read_volatile(&self.error), ptr::read_volatile(&self.way))
        }
    }

    pub fn pidfd(&self) -> c_int {
        // SAFETY: a field of ours.
        unsafe { ptr::read_volatile(&self.pidfd) }
    }

    pub fn tell_way(&mut self, way: Way) {
        // SAFETY: a field of ours.
        unsafe { ptr::write_volatile(&mut self.way, way) };
    }
}

/// As far as the hard limit allows; what it was is put back in the program.
pub fn raise(resource: c_int, limits: &mut Vector<Limit>) {
    let Ok(former) = getrlimit(resource) else { return };
    if former.rlim_cur < former.rlim_max {
        let raised = Rlimit { rlim_cur: former.rlim_max, ..former };
        if setrlimit(resource, raised).is_ok() {
            keep(limits, Limit { resource, limits: former });
        }
    }
}

/// The program's limit, unless the caller named one, is to be what it was.
fn keep(limits: &mut Vector<Limit>, former: Limit) {
    if !limits.as_slice().iter().any(|limit| limit.resource == former.resource) {
        // There is room: it does not allocate.
        let _ = limits.push(former);
    }
}
