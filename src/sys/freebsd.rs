//! FreeBSD: another process's limits through `sysctl kern.proc.rlimit`, its usage through `kern.proc.pid`.

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

use super::System;
use super::portable::posix::{self, Posix};
use super::portable::started::Info;
use super::portable::unix::{self, Environment, Libc, checked, page_size};
use super::{
    RR_USAGE_FAULTS, RR_USAGE_PEAK_IS_BOUND, RR_USAGE_PEAK_RSS, RR_USAGE_RSS, RR_USAGE_SWITCHES, RR_USAGE_THREADS,
    RR_USAGE_VIRTUAL, Rlimit, Usage,
};
use crate::errno::{Errno, Result};
use boot_time::with_boot_time;
use core::ffi::{c_int, c_uint, c_void};
use core::mem::MaybeUninit;
use core::ptr;
use record::{set_times, set_wall};

pub struct Host;

impl Libc for Host {
    fn errno_location() -> *mut c_int {
        // SAFETY: it has no arguments and returns the address of the calling thread's errno.
        unsafe { libc::__error() }
    }

    /// The variable is defined in the program, `lib/csu/common/ignore_init.c`: a shared object has to look it up.
    fn environ() -> Environment {
        // SAFETY: the name ends in NUL.
        let variable = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"environ".as_ptr()) }.cast::<Environment>();
        // SAFETY: NULL, or where the variable is.
        unsafe { variable.as_ref() }.map_or(ptr::null(), |environ| *environ)
    }
}

impl Posix for Host {
    const LARGEST_LIMIT: u64 = sysctl::LARGEST_LIMIT;

    fn setting(detail: i32) -> Result<u64> {
        sysctl::setting::<Host>(detail, Some(libc::KERN_MAXFILESPERPROC))
    }
    fn processors_allowed(pid: i32) -> Result<u64> {
        processors_allowed(pid)
    }
    fn pipe() -> Result<[c_int; 2]> {
        pipe2::pipe::<Host>()
    }
    fn others_limits(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
        others_limits(pid, resource, new_limits)
    }
    unsafe fn wait4(pid: i32, status: *mut c_int, options: c_int, usage: *mut libc::rusage) -> libc::pid_t {
        // SAFETY: passed on.
        unsafe { libc::wait4(pid, status, options, usage) }
    }
    fn process_info(pid: i32, _: u64) -> Result<Info> {
        process_info(pid)
    }
    /// `sysctl_kern_proc_nfds` in `sys/kern/kern_descrip.c` returns the number for the caller only, which is PID 0.
    fn own_open_files() -> Option<u64> {
        let name = [libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_NFDS, 0];
        let count = sysctl::read::<Host, c_int>(&name).ok()?;
        // SAFETY: the kernel filled it.
        u64::try_from(unsafe { count.assume_init() }).ok()
    }
}

/// `sysctl_kern_proc_rlimit` in `sys/kern/kern_proc.c`. Reading requires that the caller can see the process, setting
/// that it may debug it.
fn others_limits(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    let new_limits = new_limits.map(posix::to_system::<Host>).transpose()?;
    let (new, new_size) = match &new_limits {
        Some(limits) => (ptr::from_ref(limits).cast::<c_void>(), size_of::<libc::rlimit>()),
        None => (ptr::null(), 0),
    };
    let name = [libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_RLIMIT, pid, resource];
    let mut old_limits = MaybeUninit::<libc::rlimit>::uninit();
    let mut old_size = size_of::<libc::rlimit>();
    let old = old_limits.as_mut_ptr().cast();
    checked::<Host, _>(|| {
        // SAFETY: the kernel reads the name and one struct rlimit or nothing, and writes one.
        unsafe { libc::sysctl(name.as_ptr(), name.len() as c_uint, old, &raw mut old_size, new, new_size) }
    })?;
    // SAFETY: the kernel filled it.
    Ok(posix::from_system::<Host>(unsafe { old_limits.assume_init() }))
}

// `KINFO_PROC_SIZE` in `sys/sys/user.h`.
#[cfg(target_arch = "x86_64")]
const _: () = assert!(size_of::<libc::kinfo_proc>() == 1088);
#[cfg(target_arch = "x86")]
const _: () = assert!(size_of::<libc::kinfo_proc>() == 768);

/// `fill_kinfo_proc` in `sys/kern/kern_proc.c`. A process that the caller may not see does not exist for it; all
/// fields of any other are reported.
fn process_info(pid: i32) -> Result<Info> {
    let name = [libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_PID, pid];
    let (info, booted) = with_boot_time::<Host, _>(|| sysctl::read::<Host, libc::kinfo_proc>(&name))?;
    // SAFETY: the kernel filled it.
    let info = unsafe { info.assume_init() };
    // The ID of a thread finds its process too.
    if info.ki_pid != pid {
        return Err(Errno::EINVAL);
    }
    let started = timeval::time(info.ki_start).saturating_sub(booted);
    let has_ended = info.ki_stat == libc::SZOMB;
    let mut usage = Usage::default();
    counters(&info.ki_rusage, &mut usage);
    if !has_ended {
        usage.known |= RR_USAGE_RSS | RR_USAGE_VIRTUAL | RR_USAGE_THREADS;
        usage.rss_bytes = (info.ki_rssize as u64).saturating_mul(page_size() as u64);
        usage.virtual_bytes = info.ki_size as u64;
        usage.threads = info.ki_numthreads as u64;
        // `do_fork` in `sys/kern/kern_fork.c` records the time since boot.
        set_wall(&mut usage, unix::now::<Host>(libc::CLOCK_MONOTONIC), started);
    }
    Ok(Info { started: Some(started), has_ended, usage })
}

/// `rufetch` in `sys/kern/kern_resource.c`: of all threads, ended ones too. The peak is sampled at clock ticks
/// (`statclock` in `sys/kern/kern_clock.c`) and is not reset by execve(2).
fn counters(info: &libc::rusage, usage: &mut Usage) {
    set_times(usage, timeval::time(info.ru_utime), timeval::time(info.ru_stime));
    usage.known |= RR_USAGE_FAULTS | RR_USAGE_SWITCHES;
    usage.minor_faults = info.ru_minflt as u64;
    usage.major_faults = info.ru_majflt as u64;
    usage.voluntary_switches = info.ru_nvcsw as u64;
    usage.involuntary_switches = info.ru_nivcsw as u64;
    if let Some(bytes) = Host::peak_bytes(info.ru_maxrss as u64) {
        usage.known |= RR_USAGE_PEAK_RSS | RR_USAGE_PEAK_IS_BOUND;
        usage.peak_rss_bytes = bytes;
    }
}

/// cpuset(2). Limits by rctl(8), which count memory and processors of a process, a user or a jail, are not read yet:
/// rctl_get_racct(2) would report the usage and rctl_get_limits(2) the rules, if RACCT is enabled.
fn processors_allowed(pid: i32) -> Result<u64> {
    let mut mask = [0_u64; 16];
    let id = if pid == 0 { -1 } else { libc::id_t::from(pid) };
    let mut result = Err(Errno(libc::ENOTSUP));
    // Up to FreeBSD 13 a mask may have at most 256 processors, later it must have at least 1024.
    for size in [size_of_val(&mask), 32] {
        let place = mask.as_mut_ptr().cast();
        result = checked::<Host, _>(|| {
            // SAFETY: libc writes at most `size` bytes, which the mask has.
            unsafe { libc::cpuset_getaffinity(libc::CPU_LEVEL_WHICH, libc::CPU_WHICH_PID, id, size, place) }
        });
        if result.is_ok() {
            break;
        }
    }
    result?;
    Ok(mask.iter().map(|word| u64::from(word.count_ones())).sum())
}
