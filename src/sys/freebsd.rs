//! FreeBSD: another process's limits through `sysctl kern.proc.rlimit`.

use super::posix;
use super::types::Rlimit;
use super::unix::checked;
use crate::errno::Result;
use core::ffi::{c_int, c_uint, c_void};
use core::mem::MaybeUninit;
use core::ptr;

pub(super) use super::bsd::LARGEST_LIMIT;
pub use super::bsd::{BLOCK_BYTES, peak_bytes, wait4};
pub use super::caller_only::{
    Files, Identity, hard_maximum, identify, identify_descriptor, limit_used, limits_shown, may_raise_hard_limits,
    own_pid, own_usage, reset_peak, soft_maximum, usage_of,
};
pub use super::posix::{getrlimit, getrusage, setrlimit};

pub fn errno_location() -> *mut c_int {
    // SAFETY: it takes nothing and answers the address of the calling thread's errno.
    unsafe { libc::__error() }
}

pub fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    posix::prlimit(pid, resource, new_limits, || others_limits(pid, resource, new_limits))
}

/// `sysctl_kern_proc_rlimit` in `sys/kern/kern_proc.c`. To read takes sight of the process, to set
/// the right to debug it.
fn others_limits(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    let new_limits = new_limits.map(posix::to_system).transpose()?;
    let (new, new_size) = match &new_limits {
        Some(limits) => (ptr::from_ref(limits).cast::<c_void>(), size_of::<libc::rlimit>()),
        None => (ptr::null(), 0),
    };
    let name = [libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_RLIMIT, pid, resource];
    let mut old_limits = MaybeUninit::<libc::rlimit>::uninit();
    let mut old_size = size_of::<libc::rlimit>();
    let old = old_limits.as_mut_ptr().cast();
    checked(|| {
        // SAFETY: the kernel reads the name and one struct rlimit or nothing, and writes one.
        unsafe { libc::sysctl(name.as_ptr(), name.len() as c_uint, old, &raw mut old_size, new, new_size) }
    })?;
    // SAFETY: the kernel filled it.
    Ok(posix::from_system(unsafe { old_limits.assume_init() }))
}
