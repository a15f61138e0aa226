//! One limit at a time.

use super::{code, give, take};
use crate::errno::Errno;
use crate::limits::{self, Rlimit};
use core::ffi::c_int;

/// Reads the limits of the calling process for one resource.
///
/// resource: one of RR_RLIMIT_...
/// limits: is written on success, in the resource's unit (see rr_resource).
///
/// Returns 0; EINVAL when this system has no such resource; EFAULT when limits is NULL.
///
/// Any thread; async-signal-safe. Since 0.1. See getrlimit(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_getrlimit(resource: c_int, limits: *mut Rlimit) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { give(limits, || limits::getrlimit(resource)) }
}

/// Sets the limits of the calling process, all its threads, for one resource. Programs that it
/// starts inherit them.
///
/// A process may move its soft limit anywhere from 0 to the hard one, and lower the hard one, which
/// cannot be raised again without privilege: CAP_SYS_RESOURCE in the first user namespace on Linux,
/// the superuser elsewhere. On Linux a limit below the present use is accepted, and what is in use
/// stays so; macOS refuses one for DATA, STACK and AS with EINVAL, and so does NetBSD for STACK. The
/// BSDs and macOS lower a value above some maximum of the system to that one: read it back.
///
/// resource: one of RR_RLIMIT_...
/// limits: both halves, in the resource's unit; RR_RLIM_INFINITY for none. On systems where that is
/// 2^63-1 every larger value counts as none.
///
/// Returns 0; EINVAL when this system has no such resource or the soft limit is above the hard one;
/// EPERM when the hard limit would rise and the caller may not raise it, or NOFILE is above the
/// system's maximum (/proc/sys/fs/nr_open on Linux; that one holds for everybody); ERANGE when the
/// kernel cannot store a value, and then nothing is changed: a 32-bit Linux kernel stores finite limits
/// below 4,294,967,295; EFAULT when limits is NULL.
///
/// Any thread; async-signal-safe. Since 0.1. See setrlimit(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_setrlimit(resource: c_int, limits: *const Rlimit) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    code(unsafe { take(limits) }.and_then(|limits| limits::setrlimit(resource, limits)))
}

/// Sets the limits of a process for one resource and gives back the former ones: in one step on
/// Linux and FreeBSD; on the other systems they are read first and then set.
///
/// pid: the process; 0 is the caller.
/// resource: one of RR_RLIMIT_..., looked at before pid.
/// new_limits: as for rr_setrlimit; NULL only reads.
/// old_limits: is written on success; NULL when not wanted. It may be the same object as
/// new_limits.
///
/// Returns 0; EINVAL, EPERM and ERANGE as rr_setrlimit; ESRCH when there is no such process; EPERM also when
/// the process is another user's and the caller lacks the privilege; ENOTSUP on a system that cannot
/// reach the limits of another process.
///
/// Any thread; async-signal-safe. Since 0.1. See prlimit(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_prlimit(
    pid: i32,
    resource: c_int,
    new_limits: *const Rlimit,
    old_limits: *mut Rlimit,
) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks; NULL is no limits.
    let new_limits = unsafe { take(new_limits) }.ok();
    match limits::prlimit(pid, resource, new_limits) {
        Err(Errno(error)) => error,
        Ok(_) if old_limits.is_null() => 0,
        // SAFETY: not NULL, and writable by the caller's word.
        Ok(former) => unsafe { give(old_limits, || Ok(former)) },
    }
}
