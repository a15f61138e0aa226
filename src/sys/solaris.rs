//! Solaris and illumos: no way to another process's limits.

use super::posix;
use super::types::{Rlimit, Waited};
use super::unix::page_size;
use crate::errno::{Errno, Result};
use core::ffi::c_int;

pub use super::caller_only::{
    Files, Identity, hard_maximum, identify, identify_descriptor, limit_used, limits_shown, may_raise_hard_limits,
    own_pid, own_usage, reset_peak, soft_maximum, usage_of,
};
pub use super::posix::{getrlimit, getrusage, setrlimit};

/// getrlimit(2): "A limit whose value is greater than RLIM_INFINITY is permitted."
pub(super) const LARGEST_LIMIT: u64 = u64::MAX;

unsafe extern "C" {
    /// wait4(3C), which the `libc` crate does not have.
    #[link_name = "wait4"]
    fn libc_wait4(pid: libc::pid_t, status: *mut c_int, options: c_int, usage: *mut libc::rusage) -> libc::pid_t;
}

/// Nothing is said of their size.
pub const BLOCK_BYTES: Option<u64> = None;

/// Pages; getrusage(3C) leaves it at 0.
pub fn peak_bytes(maxrss: u64) -> Option<u64> {
    (maxrss > 0).then(|| maxrss.saturating_mul(page_size() as u64))
}

pub fn errno_location() -> *mut c_int {
    // SAFETY: it takes nothing and answers the address of the calling thread's errno.
    unsafe { libc::___errno() }
}

pub fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    posix::prlimit(pid, resource, new_limits, || Err(Errno(libc::ENOTSUP)))
}

/// wait4(3C) has its own numbers: 0 is any child, and every negative number, -1 too, a process
/// group. It gives times alone, as the difference that the wait made to those of all children.
pub fn wait4(pid: i32, options: c_int) -> Result<Waited> {
    let pid = match pid {
        -1 => 0,
        // SAFETY: getpgrp takes nothing and cannot fail.
        0 => unsafe { libc::getpgrp() }.saturating_neg(),
        _ => pid,
    };
    // SAFETY: libc writes one int and one struct rusage, or neither with WNOHANG.
    posix::wait4(|status, usage| unsafe { libc_wait4(pid, status, options, usage) })
}
