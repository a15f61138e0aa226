//! DragonFly: no way to another process's limits, no usage by thread.

use super::posix;
use super::types::{Rlimit, Rusage};
use crate::catalog::RR_RUSAGE_THREAD;
use crate::errno::{Errno, Result};
use core::ffi::c_int;

pub(super) use super::bsd::LARGEST_LIMIT;
pub use super::bsd::{BLOCK_BYTES, peak_bytes, wait4};
pub use super::caller_only::{
    Files, Identity, hard_maximum, identify, identify_descriptor, limit_used, limits_shown, may_raise_hard_limits,
    own_pid, own_usage, reset_peak, soft_maximum, usage_of,
};
pub use super::posix::{getrlimit, setrlimit};

pub fn errno_location() -> *mut c_int {
    // SAFETY: it takes nothing and answers the address of the calling thread's errno.
    unsafe { libc::__errno_location() }
}

pub fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    posix::prlimit(pid, resource, new_limits, || Err(Errno(libc::ENOTSUP)))
}

/// `sys_getrusage` in `sys/kern/kern_resource.c` knows no threads.
pub fn getrusage(who: c_int) -> Result<Rusage> {
    if who == RR_RUSAGE_THREAD { Err(Errno(libc::ENOTSUP)) } else { posix::getrusage(who) }
}
