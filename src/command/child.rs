//! A started program: signals to it, and waiting for its end.

use super::gate::Gate;
use super::outcome::Outcome;
use crate::abi::command::RR_OOM_YES;
use crate::abi::tree::Tree;
use crate::catalog::RR_RUSAGE_SELF;
use crate::errno::{Errno, Result};
use crate::process::Process;
use crate::sys::{self, Child as _, Exit, Host, Rusage, System};
use crate::usage::{self, Usage};
use core::cell::Cell;
use core::ffi::c_int;
use core::sync::atomic::{AtomicBool, Ordering};

type ChildHandle = <Host as System>::Child;

/// A program that was started, from rr_command_spawn. Free it with rr_child_free.
pub struct Child {
    handle: ChildHandle,
    gate: Gate,
    leads_group: bool,
    begun: u64,
    /// Its soft limit on processor time at the start, in seconds.
    processor_time: u64,
    /// The caller's own peak if the child's record may include it, else -1; in the system's unit.
    inherited_peak: i64,
    /// The outcome; or ECHILD, after which its PID may be another process's. Used only by the thread that waits; of
    /// the fields that change, other threads use only the gate.
    end: Cell<Option<Result<Outcome>>>,
    /// The end is set, and does not change any more.
    is_over: AtomicBool,
}

impl Child {
    /// `peak_before`: the caller's own peak before the start.
    pub fn new(handle: ChildHandle, begun: u64, peak_before: i64, leads_group: bool, processor_time: u64) -> Child {
        // The greater of the two: it may have grown or been reset meanwhile.
        let inherited_peak = handle.inherited_peak(|| peak_before.max(own_peak()));
        let end = Cell::new(None);
        let (gate, is_over) = (Gate::open(), AtomicBool::new(false));
        Child { handle, gate, leads_group, begun, processor_time, inherited_peak, end, is_over }
    }

    pub fn pid(&self) -> i32 {
        self.handle.pid()
    }

    pub fn descriptor(&self) -> Option<c_int> {
        self.handle.descriptor()
    }

    pub fn process(&self) -> Result<Process> {
        if self.gate.is_closed() {
            return Err(Errno::ESRCH);
        }
        let identity = match self.handle.identity() {
            Some(identity) => identity?,
            None => {
                let _inside = self.gate.enter()?;
                self.handle.identity_by_number()?
            }
        };
        Ok(Process::of_child(self.pid(), identity))
    }

    pub fn kill(&self, signal: c_int) -> Result<()> {
        // Other processes of the group may remain.
        if self.gate.is_closed() {
            return Err(Errno::ESRCH);
        }
        self.handle.signal(signal, self.leads_group).unwrap_or_else(|| {
            let _inside = self.gate.enter()?;
            self.handle.signal_by_number(signal, self.leads_group)
        })
    }

    /// A negative timeout means no timeout.
    pub fn wait(&self, timeout: i64) -> Result<Outcome> {
        if let Some(end) = self.end.get() {
            return end;
        }
        let deadline = u64::try_from(timeout).ok().map(|timeout| sys::clock::<Host>().saturating_add(timeout));
        let answer = match self.handle.await_end(deadline) {
            Err(Errno(libc::ECHILD)) => self.outcome_kept(deadline),
            answer => answer.and_then(|()| self.outcome_of_zombie(deadline)),
        };
        if matches!(answer, Ok(_) | Err(Errno(libc::ECHILD))) {
            self.end.set(Some(answer));
            self.is_over.store(true, Ordering::Release);
        }
        answer
    }

    /// EAGAIN before its end is known, EINVAL where it is no tree's root.
    pub fn tree(&self) -> Result<Tree> {
        if !self.handle.has_tree() {
            return Err(Errno::EINVAL);
        }
        if !self.is_over.load(Ordering::Acquire) {
            return Err(Errno::EAGAIN);
        }
        let outcome = self.end.get().ok_or(Errno::EAGAIN)??;
        Ok(Tree::new(&self.handle.tree(), outcome.wall_ns))
    }

    fn outcome_of_zombie(&self, deadline: Option<u64>) -> Result<Outcome> {
        let wall = self.wall();
        let limit = self.handle.limit_reached(self.processor_time);
        self.gate.close(deadline)?;
        match self.handle.reap(deadline) {
            Ok((exit, rusage)) => {
                let outcome = Outcome::new(exit, limit, wall, rusage, self.usage(&rusage, wall));
                let was_out_of_memory = exit.signal == libc::SIGKILL && self.handle.tree().oom_kills > 0;
                Ok(if was_out_of_memory { Outcome { oom: RR_OOM_YES, ..outcome } } else { outcome })
            }
            // It was already reaped elsewhere: the limit may have been read from another process.
            Err(Errno(libc::ECHILD)) => self.outcome_kept(deadline),
            Err(error) => {
                self.gate.reopen();
                Err(error)
            }
        }
    }

    /// Its usage is lost; its exit status may still be available.
    fn outcome_kept(&self, deadline: Option<u64>) -> Result<Outcome> {
        let wall = self.wall();
        self.gate.close(deadline)?;
        let exit: Exit = self.handle.exit_kept(deadline)?;
        let usage = Usage { known: sys::RR_USAGE_WALL, wall_ns: wall, ..Usage::default() };
        Ok(Outcome::new(exit, None, wall, Rusage::default(), usage))
    }

    fn wall(&self) -> u64 {
        sys::clock::<Host>().saturating_sub(self.begun)
    }

    fn usage(&self, rusage: &Rusage, wall: u64) -> Usage {
        let mut usage = usage::from_rusage(rusage).unwrap_or_default();
        usage.known |= sys::RR_USAGE_WALL;
        usage.wall_ns = wall;
        // The child itself reached any value above the one at which the record started.
        if rusage.ru_maxrss > self.inherited_peak {
            usage.known &= !sys::RR_USAGE_PEAK_IS_BOUND;
        }
        usage
    }
}

/// In the system's unit; the largest number if unknown.
pub fn own_peak() -> i64 {
    Host::getrusage(RR_RUSAGE_SELF).map_or(i64::MAX, |own| own.ru_maxrss)
}
