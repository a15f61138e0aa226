//! NetBSD: another process's limits through `sysctl proc.PID.rlimit`. No usage by thread.

use super::posix;
use super::types::{Rlimit, Rusage};
use super::unix::checked;
use crate::catalog::RR_RUSAGE_THREAD;
use crate::errno::{Errno, Result};
use core::ffi::{c_int, c_uint, c_void};
use core::ptr;

pub(super) use super::bsd::LARGEST_LIMIT;
pub use super::bsd::{BLOCK_BYTES, peak_bytes, wait4};
pub use super::caller_only::{
    Files, Identity, hard_maximum, identify, identify_descriptor, limit_used, limits_shown, may_raise_hard_limits,
    own_pid, own_usage, reset_peak, soft_maximum, usage_of,
};
pub use super::posix::{getrlimit, setrlimit};

// `sys/sys/sysctl.h`.
const PROC_PID_LIMIT: c_int = 2;
const PROC_PID_LIMIT_TYPE_SOFT: c_int = 1;
const PROC_PID_LIMIT_TYPE_HARD: c_int = 2;

pub fn errno_location() -> *mut c_int {
    // SAFETY: it takes nothing and answers the address of the calling thread's errno.
    unsafe { libc::__errno() }
}

pub fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    posix::prlimit(pid, resource, new_limits, || others_limits(pid, resource, new_limits))
}

/// The two halves are two calls, and neither may leave the soft limit above the hard one. The soft
/// one goes first where that allows it, for only it can surely be put back when the second is refused.
fn others_limits(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    let new_limits = new_limits.map(posix::to_system).transpose()?;
    let soft = |value| half(pid, resource, PROC_PID_LIMIT_TYPE_SOFT, value);
    let hard = |value| half(pid, resource, PROC_PID_LIMIT_TYPE_HARD, value);
    let old_limits = libc::rlimit { rlim_cur: soft(None)?, rlim_max: hard(None)? };
    match new_limits {
        None => {}
        Some(limits) if limits.rlim_cur <= old_limits.rlim_max => {
            soft(Some(limits.rlim_cur))?;
            if let Err(refused) = hard(Some(limits.rlim_max)) {
                let _ = soft(Some(old_limits.rlim_cur));
                return Err(refused);
            }
        }
        Some(limits) => {
            hard(Some(limits.rlim_max))?;
            if let Err(refused) = soft(Some(limits.rlim_cur)) {
                let _ = hard(Some(old_limits.rlim_max));
                return Err(refused);
            }
        }
    }
    Ok(posix::from_system(old_limits))
}

/// Sets one half and answers the former one; `None` only reads. `sysctl_proc_plimit` in
/// `sys/kern/kern_resource.c`; EBUSY while the process is in execve(2) or exit(2). The largest number
/// would mean the caller (`PROC_CURPROC`), but no process exists by it.
fn half(pid: i32, resource: c_int, which: c_int, value: Option<libc::rlim_t>) -> Result<libc::rlim_t> {
    let (new, new_size) = match &value {
        Some(value) => (ptr::from_ref(value).cast::<c_void>(), size_of::<libc::rlim_t>()),
        None => (ptr::null(), 0),
    };
    // Its numbers for resources begin at 1.
    let name = [libc::CTL_PROC, pid, PROC_PID_LIMIT, resource.saturating_add(1), which];
    let mut old_value: libc::rlim_t = 0;
    let mut old_size = size_of::<libc::rlim_t>();
    let old = (&raw mut old_value).cast();
    checked(|| {
        // SAFETY: the kernel reads the name and one rlim_t or nothing, and writes one.
        unsafe { libc::sysctl(name.as_ptr(), name.len() as c_uint, old, &raw mut old_size, new, new_size) }
    })?;
    Ok(old_value)
}

/// `getrusage1` in `sys/kern/kern_resource.c` knows no threads.
pub fn getrusage(who: c_int) -> Result<Rusage> {
    if who == RR_RUSAGE_THREAD { Err(Errno(libc::ENOTSUP)) } else { posix::getrusage(who) }
}
