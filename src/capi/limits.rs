//! One limit
//!
//! The limits of one resource, as in <sys/resource.h>. Every value is 64 bits wide on every system.

use super::{code, give, take};
use crate::errno::Errno;
use crate::limits::{self, Rlimit};
use core::ffi::c_int;

/// Gets the limits of the calling process for one resource. See getrlimit(2).
///
/// resource: one of RR_RLIMIT_*
/// limits: buffer for the limits, in the unit of the resource
///
/// Errors:
///   EINVAL  the resource does not exist on this system
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_getrlimit(resource: c_int, limits: *mut Rlimit) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { give(limits, || limits::getrlimit(resource)) }
}

/// Sets the limits of the calling process for one resource. They apply to all its threads and are inherited
/// by the programs that it starts. See setrlimit(2).
///
/// A process can set its soft limit to any value up to the hard limit, and can lower its hard limit. Raising
/// the hard limit requires privilege: on Linux CAP_SYS_RESOURCE in the initial user namespace, elsewhere the
/// superuser.
///
/// System        Value                                    Effect
/// Linux         less than current usage                  accepted; what is in use stays in use
/// macOS         less than current usage, of DATA, STACK  EINVAL
///               and AS
/// NetBSD        less than current usage, of STACK        EINVAL
/// BSDs, macOS   greater than a maximum of the system     clamped to it; read the limit back
/// BSDs, macOS   greater than RR_RLIM_INFINITY            no limit
///
/// resource: one of RR_RLIMIT_*
/// limits: new limits, in the unit of the resource; RR_RLIM_INFINITY for no limit
///
/// Errors:
///   EPERM   the hard limit would rise and the caller lacks the privilege; or the hard limit for NOFILE
///           exceeds /proc/sys/fs/nr_open on Linux, which no privilege overrides
///   EINVAL  the resource does not exist on this system, or the soft limit is greater than the hard limit
///   ERANGE  the kernel cannot store the value; a 32-bit Linux kernel stores finite limits below 4,294,967,295
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_setrlimit(resource: c_int, limits: *const Rlimit) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    code(unsafe { take(limits) }.and_then(|limits| limits::setrlimit(resource, limits)))
}

/// Sets the limits of a process for one resource and gets the previous limits. Linux and FreeBSD do both in one
/// step; elsewhere the limits are read first and set afterwards. See prlimit(2).
///
/// pid: process ID; 0 for the calling process
/// resource: one of RR_RLIMIT_*; checked before pid
/// new_limits: new limits, in the unit of the resource; NULL to leave them unchanged
/// old_limits: buffer for the previous limits, which can be new_limits; NULL if not wanted
///
/// Errors:
///   ESRCH    there is no such process
///   EPERM    the process has other user or group IDs and the caller lacks the privilege; or as for rr_setrlimit
///   EINVAL   as for rr_setrlimit
///   ERANGE   as for rr_setrlimit
///   ENOTSUP  this system cannot change or read the limits of another process
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_prlimit(
    pid: i32,
    resource: c_int,
    new_limits: *const Rlimit,
    old_limits: *mut Rlimit,
) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires; NULL means no limits.
    let new_limits = unsafe { take(new_limits) }.ok();
    match limits::prlimit(pid, resource, new_limits) {
        Err(Errno(error)) => error,
        Ok(_) if old_limits.is_null() => 0,
        // SAFETY: not NULL, and writable by contract.
        Ok(previous) => unsafe { give(old_limits, || Ok(previous)) },
    }
}
