//! NetBSD: another process's limits through `sysctl proc.PID.rlimit`, its usage through `kern.proc2`. The usage of a
//! thread is not available.

#[path = "portable/pipe2.rs"]
mod pipe2;
#[path = "portable/record.rs"]
mod record;
#[path = "portable/sysctl.rs"]
mod sysctl;

use super::portable::posix::{self, Posix};
use super::portable::started::Info;
use super::portable::unix::{self, Libc, checked, nanoseconds, page_size};
use super::{RR_USAGE_FAULTS, RR_USAGE_RSS, RR_USAGE_THREADS, RR_USAGE_VIRTUAL, Rlimit, Rusage, Usage};
use crate::abi::rusage::RR_RUSAGE_THREAD;
use crate::errno::{Errno, Result};
use core::ffi::{c_int, c_uint, c_void};
use core::ptr;
use record::{set_times, set_wall};

// `sys/sys/sysctl.h`.
const PROC_PID_LIMIT: c_int = 2;
const PROC_PID_LIMIT_TYPE_SOFT: c_int = 1;
const PROC_PID_LIMIT_TYPE_HARD: c_int = 2;

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
    fn others_limits(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
        others_limits(pid, resource, new_limits)
    }
    /// `getrusage1` in `sys/kern/kern_resource.c` does not support RUSAGE_THREAD.
    fn getrusage(who: c_int) -> Result<Rusage> {
        if who == RR_RUSAGE_THREAD { Err(Errno(libc::ENOTSUP)) } else { posix::getrusage::<Host>(who) }
    }
    unsafe fn wait4(pid: i32, status: *mut c_int, options: c_int, usage: *mut libc::rusage) -> libc::pid_t {
        // SAFETY: passed on.
        unsafe { libc::wait4(pid, status, options, usage) }
    }
    fn process_info(pid: i32, _: u64) -> Result<Info> {
        process_info(pid)
    }
}

/// The soft and the hard limit are set by two calls, and neither may leave the soft limit above the hard one. The soft
/// limit is set first if possible, because restoring it is always permitted if the second call is refused.
fn others_limits(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    let new_limits = new_limits.map(posix::to_system::<Host>).transpose()?;
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
    Ok(posix::from_system::<Host>(old_limits))
}

/// Sets the soft or the hard limit and returns the previous one; `None` only reads. `sysctl_proc_plimit` in
/// `sys/kern/kern_resource.c`; EBUSY while the process is in execve(2) or exit(2). The largest PID would select the
/// caller (`PROC_CURPROC`), but no process has it.
fn half(pid: i32, resource: c_int, which: c_int, value: Option<libc::rlim_t>) -> Result<libc::rlim_t> {
    let (new, new_size) = match &value {
        Some(value) => (ptr::from_ref(value).cast::<c_void>(), size_of::<libc::rlim_t>()),
        None => (ptr::null(), 0),
    };
    // The sysctl's numbers of resources begin at 1.
    let name = [libc::CTL_PROC, pid, PROC_PID_LIMIT, resource.saturating_add(1), which];
    let mut old_value: libc::rlim_t = 0;
    let mut old_size = size_of::<libc::rlim_t>();
    let old = (&raw mut old_value).cast();
    checked::<Host, _>(|| {
        // SAFETY: the kernel reads the name and one rlim_t or nothing, and writes one.
        unsafe { libc::sysctl(name.as_ptr(), name.len() as c_uint, old, &raw mut old_size, new, new_size) }
    })?;
    Ok(old_value)
}

/// `fill_kproc2` in `sys/kern/kern_proc.c`. The start is a time of day, the same for two processes of one clock tick:
/// `fork1` in `sys/kern/kern_fork.c`. It is not reported for a zombie. Context switches are not used, because those of
/// ended threads are missing; nor is the peak, which `ruspace` computes for getrusage(2) and wait4(2) only.
fn process_info(pid: i32) -> Result<Info> {
    let size = size_of::<libc::kinfo_proc2>() as c_int;
    let name = [libc::CTL_KERN, libc::KERN_PROC2, libc::KERN_PROC_PID, pid, size, 1];
    let info = sysctl::read::<Host, libc::kinfo_proc2>(&name)?;
    // SAFETY: the kernel filled it.
    let info = unsafe { info.assume_init() };
    if info.p_uvalid == 0 {
        return Ok(Info { has_ended: true, ..Info::default() });
    }
    let time = |seconds: u32, microseconds: u32| nanoseconds(seconds.into(), u64::from(microseconds) * 1000);
    let started = time(info.p_ustart_sec, info.p_ustart_usec);
    let page = page_size() as u64;
    let mut usage = Usage {
        known: RR_USAGE_RSS | RR_USAGE_VIRTUAL | RR_USAGE_FAULTS | RR_USAGE_THREADS,
        rss_bytes: (info.p_vm_rssize as u64).saturating_mul(page),
        // Without the part of the stack that was never used, as ps(1) shows it.
        virtual_bytes: (info.p_vm_msize as u64).saturating_mul(page),
        minor_faults: info.p_uru_minflt,
        major_faults: info.p_uru_majflt,
        threads: info.p_nlwps,
        ..Usage::default()
    };
    set_times(&mut usage, time(info.p_uutime_sec, info.p_uutime_usec), time(info.p_ustime_sec, info.p_ustime_usec));
    set_wall(&mut usage, unix::now::<Host>(libc::CLOCK_REALTIME), started);
    Ok(Info { started: Some(started), has_ended: false, usage })
}
