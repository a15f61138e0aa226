//! What caller and child share during a start. Each writes fields without the other's compiler knowing.

use super::job::{Job, MOST_RAISED};
use super::protocol::Found;
use super::{Image, Route};
use crate::catalog::{RR_RLIM_INFINITY, RR_RLIMIT_CPU};
use crate::errno::{Errno, Result};
use crate::sys::Rlimit;
use crate::sys::host::{getrlimit, kernel, setrlimit};
use crate::sys::portable::memory::Vector;
use crate::sys::portable::plan::{Failed, Limit, Plan, Redirection};
use core::ffi::c_int;
use core::ptr;

pub struct SpawnState<'a> {
    pub plan: &'a Plan<'a>,
    /// What the command keeps.
    pub kept: &'a Image,
    pub caller: i32,
    /// The route to begin with; afterwards the route that was taken.
    pub route: Route,
    /// The child's end of the channel and the launcher's image, or -1: their numbers in the child.
    pub socket: c_int,
    pub image: c_int,
    pub nonce: u64,
    /// The plan's descriptors, each source with its current number.
    pub moved: Vector<Redirection>,
    /// The program's limits: the plan's, and the previous values of those that were raised for the start.
    pub limits: Vector<Limit>,
    /// What was found at the plan's paths.
    pub found: Vector<Found>,
    pub job: Job<'a>,
    /// Written by the kernel before the child begins; -1 if there is none, and in a child with separate memory.
    pub pidfd: c_int,
    /// The child's writes reach the caller.
    pub shares_memory: bool,
    pub failed: Failed,
}

/// The result that a child has left in the memory that it shares with its caller.
pub struct Left {
    pub shares_memory: bool,
    pub route: Route,
    /// Its error is 0 if nothing failed.
    pub failed: Failed,
}

impl<'a> SpawnState<'a> {
    pub fn new(plan: &'a Plan<'a>, kept: &'a Image) -> Result<SpawnState<'a>> {
        let (mut moved, mut limits, mut found) = (Vector::new(), Vector::new(), Vector::new());
        moved.reserve(plan.descriptors.len())?;
        limits.reserve(plan.limits.len() + MOST_RAISED)?;
        found.reserve(plan.paths.as_slice().len())?;
        Ok(SpawnState {
            plan,
            kept,
            caller: kernel::own_pid(),
            route: Route::Direct,
            socket: -1,
            image: -1,
            nonce: 0,
            moved,
            limits,
            found,
            job: Job::new(plan)?,
            pidfd: -1,
            shares_memory: false,
            failed: Failed::from(Errno(0)),
        })
    }

    /// For another child.
    pub fn begin(&mut self, route: Route, socket: c_int, nonce: u64) -> Result<()> {
        (self.route, self.socket, self.nonce, self.image) = (route, socket, nonce, self.kept.kept());
        (self.pidfd, self.shares_memory, self.failed) = (-1, false, Failed::from(Errno(0)));
        self.moved.clear();
        self.limits.clear();
        self.found.clear();
        self.moved.extend(self.plan.descriptors)?;
        self.plan.limits.iter().try_for_each(|limit| self.limits.push(representable(*limit)))
    }

    pub fn left(&self) -> Left {
        // SAFETY: initialised fields, which the child no longer writes: it has executed or ended.
        unsafe {
            Left {
                shares_memory: ptr::read_volatile(&self.shares_memory),
                route: ptr::read_volatile(&self.route),
                failed: ptr::read_volatile(&self.failed),
            }
        }
    }

    pub fn pidfd(&self) -> c_int {
        // SAFETY: an initialised field, which the kernel writes before the child begins and not after.
        unsafe { ptr::read_volatile(&self.pidfd) }
    }

    /// Called in the child: from here on the launcher cannot run.
    pub fn go_direct(&mut self) {
        // SAFETY: a field that is borrowed, and the caller is suspended while the child runs.
        unsafe { ptr::write_volatile(&mut self.route, Route::Direct) };
    }
}

/// The kernel counts processor time in nanoseconds, in 64 bits, and more seconds than fit would wrap around to few:
/// `update_rlimit_cpu` and `check_process_timers` in `kernel/time/posix-cpu-timers.c`.
pub fn representable(limit: Limit) -> Limit {
    const MOST: u64 = u64::MAX / 1_000_000_000;
    if limit.resource != RR_RLIMIT_CPU {
        return limit;
    }
    let clamp = |seconds: u64| if seconds == RR_RLIM_INFINITY { seconds } else { seconds.min(MOST) };
    let limits = Rlimit { rlim_cur: clamp(limit.limits.rlim_cur), rlim_max: clamp(limit.limits.rlim_max) };
    Limit { limits, ..limit }
}

/// Raises a soft limit to the hard limit; the program gets the previous value.
pub fn raise_soft_limit(resource: c_int, limits: &mut Vector<Limit>) {
    let Ok(former) = getrlimit(resource) else { return };
    if former.rlim_cur < former.rlim_max {
        let raised = Rlimit { rlim_cur: former.rlim_max, ..former };
        if setrlimit(resource, raised).is_ok() {
            keep(limits, Limit { resource, limits: former });
        }
    }
}

/// Keeps a previous limit for the program, unless the caller set one.
fn keep(limits: &mut Vector<Limit>, former: Limit) {
    if !limits.as_slice().iter().any(|limit| limit.resource == former.resource) {
        // There is room: it does not allocate.
        let _ = limits.push(former);
    }
}
