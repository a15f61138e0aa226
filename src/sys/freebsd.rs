//! FreeBSD: another process's limits through `sysctl kern.proc.rlimit`, its usage through `kern.proc.pid`.

use super::started::Info;
use super::types::{
    RR_USAGE_FAULTS, RR_USAGE_PEAK_IS_BOUND, RR_USAGE_PEAK_RSS, RR_USAGE_RSS, RR_USAGE_SWITCHES, RR_USAGE_THREADS,
    RR_USAGE_VIRTUAL, Rlimit, Usage,
};
use super::unix::{Environment, checked, page_size};
use super::{bsd, posix, unix};
use crate::errno::{Errno, Result};
use core::ffi::{c_int, c_uint, c_void};
use core::mem::MaybeUninit;
use core::ptr;

pub use super::absent::{hard_maximum, is_representable, limit_used, limits_shown, reset_peak, soft_maximum};
pub(super) use super::bsd::LARGEST_LIMIT;
pub use super::bsd::{block_bytes, peak_bytes, wait4};
pub use super::forked::{Blocked, ChildHandle, Image, spawn, wait_while, wake};
pub use super::posix::{getrlimit, getrusage, may_raise_hard_limits, own_pid, setrlimit};
pub use super::started::{Files, Identity, identify, identify_descriptor, own_usage, usage_of};

/// The variable is the program's, `lib/csu/common/ignore_init.c`: a shared object has to look for it.
pub fn environ() -> Environment {
    // SAFETY: the name ends in NUL.
    let variable = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"environ".as_ptr()) }.cast::<Environment>();
    // SAFETY: NULL, or where the variable is.
    unsafe { variable.as_ref() }.map_or(ptr::null(), |environ| *environ)
}

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

// `KINFO_PROC_SIZE` in `sys/sys/user.h`.
#[cfg(target_arch = "x86_64")]
const _: () = assert!(size_of::<libc::kinfo_proc>() == 1088);
#[cfg(target_arch = "x86")]
const _: () = assert!(size_of::<libc::kinfo_proc>() == 768);

/// `fill_kinfo_proc` in `sys/kern/kern_proc.c`. Whom the caller may not see is not there, and of whom it
/// may see everything is told.
pub fn process_info(pid: i32, _: u64) -> Result<Info> {
    let name = [libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_PID, pid];
    let (info, booted) = bsd::with_boot_time(|| bsd::told::<libc::kinfo_proc>(&name))?;
    // SAFETY: the kernel filled it.
    let info = unsafe { info.assume_init() };
    // The number of a thread finds its process too.
    if info.ki_pid != pid {
        return Err(Errno::EINVAL);
    }
    let started = bsd::time(info.ki_start).saturating_sub(booted);
    let has_ended = info.ki_stat == libc::SZOMB;
    let mut usage = Usage::default();
    counters(&info.ki_rusage, &mut usage);
    if !has_ended {
        usage.known |= RR_USAGE_RSS | RR_USAGE_VIRTUAL | RR_USAGE_THREADS;
        usage.rss_bytes = (info.ki_rssize as u64).saturating_mul(page_size() as u64);
        usage.virtual_bytes = info.ki_size as u64;
        usage.threads = info.ki_numthreads as u64;
        // `do_fork` in `sys/kern/kern_fork.c` notes the time since boot.
        usage.set_wall(unix::now(libc::CLOCK_MONOTONIC), started);
    }
    Ok(Info { started: Some(started), has_ended, usage })
}

/// `rufetch` in `sys/kern/kern_resource.c`: of all threads, ended ones too. The peak is the largest that a
/// clock tick saw (`statclock` in `sys/kern/kern_clock.c`), and execve(2) leaves it.
fn counters(told: &libc::rusage, usage: &mut Usage) {
    usage.set_times(bsd::time(told.ru_utime), bsd::time(told.ru_stime));
    usage.known |= RR_USAGE_FAULTS | RR_USAGE_SWITCHES;
    usage.minor_faults = told.ru_minflt as u64;
    usage.major_faults = told.ru_majflt as u64;
    usage.voluntary_switches = told.ru_nvcsw as u64;
    usage.involuntary_switches = told.ru_nivcsw as u64;
    if let Some(bytes) = peak_bytes(told.ru_maxrss as u64) {
        usage.known |= RR_USAGE_PEAK_RSS | RR_USAGE_PEAK_IS_BOUND;
        usage.peak_rss_bytes = bytes;
    }
}

/// `sysctl_kern_proc_nfds` in `sys/kern/kern_descrip.c` answers for the caller alone, which is 0.
pub fn own_open_files() -> Option<u64> {
    let count = bsd::told::<c_int>(&[libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_NFDS, 0]).ok()?;
    // SAFETY: the kernel filled it.
    u64::try_from(unsafe { count.assume_init() }).ok()
}
