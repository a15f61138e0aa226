//! How bounds are listed on every system, and the bounds that every system has.

use crate::abi::bound::{Bound, RR_BOUND_USED_KNOWN, RR_SOURCE_RLIMIT};
use crate::catalog::RR_RLIM_INFINITY;
use crate::errno::{Errno, Result};
use crate::sys::System;
use core::ffi::c_int;

/// Receives the bounds of one kind as they are found.
pub struct Listing<'l> {
    visit: &'l mut dyn FnMut(Bound),
    /// Whether bounds that only slow a process down are wanted too.
    #[allow(dead_code, reason = "only Linux has such bounds")]
    pub lists_high: bool,
    /// A bound may be hidden.
    pub is_partial: bool,
}

impl<'l> Listing<'l> {
    pub fn new(lists_high: bool, visit: &'l mut dyn FnMut(Bound)) -> Listing<'l> {
        Listing { visit, lists_high, is_partial: false }
    }

    /// An infinite limit is no bound. `used`: the usage that counts against the limit, and the part of it that can be
    /// reclaimed.
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

    /// A soft limit of a process, 0 for the caller. `used` is called only if there is a limit.
    pub fn rlimit<S: System>(
        &mut self,
        pid: i32,
        resource: c_int,
        flags: u32,
        used: &dyn Fn(i32, c_int) -> Result<u64>,
    ) -> Result<()> {
        let limits = if pid == 0 { S::getrlimit(resource) } else { S::prlimit(pid, resource, None) };
        let limits = match limits {
            // Another user's process: the system may show the limits in another place.
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

/// `None` for what cannot be read. A lack of descriptors or memory, which is temporary, and the end of the process are
/// errors.
pub fn if_available<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_lack() || error == Errno::ESRCH => Err(error),
        Err(_) => Ok(None),
    }
}
