//! OpenBSD: another process's usage through `sysctl kern.proc`. Its limits are not available.

#[path = "portable/boot_time.rs"]
mod boot_time;
#[path = "portable/pipe2.rs"]
mod pipe2;
#[path = "portable/record.rs"]
mod record;
#[path = "portable/sysctl.rs"]
mod sysctl;
#[path = "portable/timeval.rs"]
mod timeval;

use super::portable::posix::Posix;
use super::portable::started::Info;
use super::portable::unix::{self, Libc, nanoseconds, page_size};
use super::{RR_USAGE_RSS, Usage};
use crate::errno::{Errno, Result};
use boot_time::with_boot_time;
use core::ffi::c_int;
use record::{set_times, set_wall};

unsafe extern "C" {
    /// getdtablecount(2), which the `libc` crate does not have.
    #[link_name = "getdtablecount"]
    fn libc_getdtablecount() -> c_int;
}

pub struct Host;

impl Libc for Host {
    fn errno_location() -> *mut c_int {
        // SAFETY: it has no arguments and returns the address of the calling thread's errno.
        unsafe { libc::__errno() }
    }
}

impl Posix for Host {
    const LARGEST_LIMIT: u64 = sysctl::LARGEST_LIMIT;

    fn setting(detail: i32) -> Result<u64> {
        sysctl::setting::<Host>(detail, None)
    }
    fn pipe() -> Result<[c_int; 2]> {
        pipe2::pipe::<Host>()
    }
    unsafe fn wait4(pid: i32, status: *mut c_int, options: c_int, usage: *mut libc::rusage) -> libc::pid_t {
        // SAFETY: passed on.
        unsafe { libc::wait4(pid, status, options, usage) }
    }
    fn process_info(pid: i32, _: u64) -> Result<Info> {
        process_info(pid)
    }
    fn own_open_files() -> Option<u64> {
        // SAFETY: getdtablecount takes nothing and cannot fail.
        u64::try_from(unsafe { libc_getdtablecount() }).ok()
    }
}

/// `fill_kproc` in `sys/kern/kern_sysctl.c`. For a zombie not even the start is reported. Faults, context switches and
/// the peak are not used: they are those of one thread. The number of threads and the size of the address space are
/// missing.
fn process_info(pid: i32) -> Result<Info> {
    let size = size_of::<libc::kinfo_proc>() as c_int;
    let name = [libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_PID, pid, size, 1];
    let (info, booted) = match with_boot_time::<Host, _>(|| sysctl::read::<Host, libc::kinfo_proc>(&name)) {
        // An older release, whose struct is smaller.
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
    set_times(
        &mut usage,
        time(info.p_uutime_sec.into(), info.p_uutime_usec),
        time(info.p_ustime_sec.into(), info.p_ustime_usec),
    );
    set_wall(&mut usage, unix::now::<Host>(libc::CLOCK_MONOTONIC), started);
    Ok(Info { started: Some(started), has_ended: false, usage })
}
