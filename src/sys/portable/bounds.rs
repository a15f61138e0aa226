//! What every system's bounds are listed through, and the bounds that every system has.

use crate::abi::bound::{Bound, RR_BOUND_USED_KNOWN, RR_SOURCE_RLIMIT};
use crate::catalog::RR_RLIM_INFINITY;
use crate::errno::{Errno, Result};
use crate::sys::System;
use core::ffi::c_int;

/// Takes the bounds of one kind as they are found.
pub struct Listing<'l> {
    visit: &'l mut dyn FnMut(Bound),
    /// Whether what only slows a process down is wanted too.
    #[allow(dead_code, reason = "Linux alone has such bounds")]
    pub lists_high: bool,
    /// Something that may bind is hidden.
    pub is_partial: bool,
}

impl<'l> Listing<'l> {
    pub fn new(lists_high: bool, visit: &'l mut dyn FnMut(Bound)) -> Listing<'l> {
        Listing { visit, lists_high, is_partial: false }
    }

    /// What has no limit binds nothing. `used` is what counts against it, and what of that can be taken back.
    #[inline(never)] // for size: it has many callers
    pub fn add(&mut self, source: i32, detail: i32, flags: u32, limit: u64, used: Option<(u64, u64)>) {
        if limit == RR_RLIM_INFINITY {
            return;
        }
        let bound = Bound { source, detail, flags, limit, ..Bound::default() };
        (self.visit)(match used {
            Some((used, reclaimable)) => with_used(bound, used, reclaimable),
            None => bound,
        });
    }

    /// A soft limit of a process, 0 for the caller. `used` is asked where there is a limit.
    pub fn rlimit<S: System>(
        &mut self,
        pid: i32,
        resource: c_int,
        flags: u32,
        used: &dyn Fn(i32, c_int) -> Result<u64>,
    ) -> Result<()> {
        let limits = if pid == 0 { S::getrlimit(resource) } else { S::prlimit(pid, resource, None) };
        let limits = match limits {
            // Another user's process: the system may show what the call does not tell.
            Err(Errno::EPERM) if pid != 0 => S::limits_shown(pid, resource),
            limits => limits,
        };
        if let Some(limits) = if_available(limits)?.filter(|limits| limits.rlim_cur != RR_RLIM_INFINITY) {
            let used = if_available(used(pid, resource))?.map(|used| (used, 0));
            self.add(RR_SOURCE_RLIMIT, resource, flags, limits.rlim_cur, used);
        }
        Ok(())
    }
}

fn with_used(bound: Bound, used: u64, reclaimable: u64) -> Bound {
    let reclaimable = reclaimable.min(used);
    let room = bound.limit.saturating_sub(used - reclaimable);
    Bound { flags: bound.flags | RR_BOUND_USED_KNOWN, used, reclaimable, room, ..bound }
}

/// What cannot be read is unknown; a lack of room for descriptors or memory is an error, for it passes,
/// and the end of the process is one.
pub fn if_available<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is_lack() || error == Errno::ESRCH => Err(error),
        Err(_) => Ok(None),
    }
}
