//! OpenBSD: another process's usage through `sysctl kern.proc`; no way to its limits.

use super::started::{Info, nanoseconds};
use super::types::{RR_USAGE_RSS, Rlimit, Usage};
use super::unix::page_size;
use super::{bsd, posix, unix};
use crate::errno::{Errno, Result};
use core::ffi::c_int;

pub use super::absent::{hard_maximum, is_representable, limit_used, limits_shown, reset_peak, soft_maximum};
pub(super) use super::bsd::LARGEST_LIMIT;
pub use super::bsd::{block_bytes, peak_bytes, wait4};
pub use super::forked::{Blocked, ChildHandle, Image, spawn, wait_while, wake};
pub use super::posix::{getrlimit, getrusage, may_raise_hard_limits, own_pid, setrlimit};
pub use super::started::{Files, Identity, identify, identify_descriptor, own_usage, usage_of};
pub use super::unix::environ;

unsafe extern "C" {
    /// getdtablecount(2), which the `libc` crate does not have.
    #[link_name = "getdtablecount"]
    fn libc_getdtablecount() -> c_int;
}

pub fn errno_location() -> *mut c_int {
    // SAFETY: it takes nothing and answers the address of the calling thread's errno.
    unsafe { libc::__errno() }
}

pub fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    posix::prlimit(pid, resource, new_limits, || Err(Errno(libc::ENOTSUP)))
}

/// `fill_kproc` in `sys/kern/kern_sysctl.c`. Of a zombie not even the start is told. Faults, context
/// switches and the peak are left out: they are those of one thread; and so are the threads, which are
/// not counted, and the address space.
pub fn process_info(pid: i32, _: u64) -> Result<Info> {
    let size = size_of::<libc::kinfo_proc>() as c_int;
    let name = [libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_PID, pid, size, 1];
    let (info, booted) = match bsd::with_boot_time(|| bsd::told::<libc::kinfo_proc>(&name)) {
        // A release whose struct is smaller.
        Err(Errno::EINVAL) => return Err(Errno::ENOTSUP),
        info => info?,
    };
    // SAFETY: the kernel filled it.
    let info = unsafe { info.assume_init() };
    if info.p_uvalid == 0 {
        return Ok(Info { has_ended: true, ..Info::default() });
    }
    let time = |seconds: u64, microseconds: u32| nanoseconds(seconds, u64::from(microseconds) * 1000);
    let started = time(info.p_ustart_sec, info.p_ustart_usec).saturating_sub(booted);
    let mut usage = Usage {
        known: RR_USAGE_RSS,
        rss_bytes: (info.p_vm_rssize as u64).saturating_mul(page_size() as u64),
        ..Usage::default()
    };
    usage.set_times(
        time(info.p_uutime_sec.into(), info.p_uutime_usec),
        time(info.p_ustime_sec.into(), info.p_ustime_usec),
    );
    usage.set_wall(unix::now(libc::CLOCK_MONOTONIC), started);
    Ok(Info { started: Some(started), has_ended: false, usage })
}

pub fn own_open_files() -> Option<u64> {
    // SAFETY: getdtablecount takes nothing and cannot fail.
    u64::try_from(unsafe { libc_getdtablecount() }).ok()
}
