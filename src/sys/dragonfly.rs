//! DragonFly: another process's usage through `sysctl kern.proc.pid`. Its limits and the usage of a thread are not
//! available.

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
use super::portable::unix::{self, Libc, page_size};
use super::{
    RR_USAGE_FAULTS, RR_USAGE_PEAK_IS_BOUND, RR_USAGE_PEAK_RSS, RR_USAGE_RSS, RR_USAGE_SWITCHES, RR_USAGE_THREADS,
    RR_USAGE_VIRTUAL, Rusage, Usage,
};
use crate::abi::rusage::RR_RUSAGE_THREAD;
use crate::errno::{Errno, Result};
use core::ffi::c_int;
use record::{set_times, set_wall};

pub struct Host;

impl Libc for Host {
    fn errno_location() -> *mut c_int {
        // SAFETY: it has no arguments and returns the address of the calling thread's errno.
        unsafe { libc::__errno_location() }
    }
}

impl Posix for Host {
    const LARGEST_LIMIT: u64 = sysctl::LARGEST_LIMIT;

    fn setting(detail: i32) -> Result<u64> {
        sysctl::setting::<Host>(detail, Some(libc::KERN_MAXFILESPERPROC))
    }
    fn pipe() -> Result<[c_int; 2]> {
        pipe2::pipe::<Host>()
    }
    /// `sys_getrusage` in `sys/kern/kern_resource.c` does not support RUSAGE_THREAD.
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

/// `fill_kinfo_proc` in `sys/kern/kern_kinfo.c`.
fn process_info(pid: i32) -> Result<Info> {
    let info = sysctl::read::<Host, libc::kinfo_proc>(&[libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_PID, pid])?;
    let info = info.as_ptr();
    // SAFETY: the kernel filled it. Its states are Rust enums, which may not know each number: they are not touched,
    // except this one, which is read as a number.
    let (state, info) = unsafe { ((&raw const (*info).kp_stat).cast::<u32>().read(), Read::of(info)) };
    let started = timeval::time(info.start);
    let has_ended = state == libc::procstat::SZOMB as u32;
    let mut usage = Usage::default();
    if !has_ended {
        usage.known |= RR_USAGE_RSS | RR_USAGE_VIRTUAL | RR_USAGE_THREADS;
        usage.rss_bytes = info.resident_pages.saturating_mul(page_size() as u64);
        usage.virtual_bytes = info.virtual_bytes;
        usage.threads = info.threads;
        set_wall(&mut usage, unix::now::<Host>(libc::CLOCK_REALTIME), started);
        counters(&info, &mut usage);
    }
    Ok(Info { started: Some(started), has_ended, usage })
}

/// The parts of `struct kinfo_proc` that are used.
struct Read {
    start: libc::timeval,
    threads: u64,
    resident_pages: u64,
    virtual_bytes: u64,
    /// The peak, and the counters of ended threads.
    of_process: libc::rusage,
    /// Without the times.
    of_thread: libc::rusage,
    user_microseconds: u64,
    system_microseconds: u64,
}

impl Read {
    /// # Safety
    /// The kernel filled it.
    unsafe fn of(info: *const libc::kinfo_proc) -> Read {
        // SAFETY: only numbers are read, and any bytes are numbers.
        unsafe {
            Read {
                start: (*info).kp_start,
                threads: (*info).kp_nthreads as u64,
                resident_pages: (*info).kp_vm_rssize as u64,
                virtual_bytes: (*info).kp_vm_map_size as u64,
                of_process: (*info).kp_ru,
                of_thread: (*info).kp_lwp.kl_ru,
                user_microseconds: (*info).kp_lwp.kl_uticks,
                system_microseconds: (*info).kp_lwp.kl_sticks,
            }
        }
    }
}

/// Added as `calcru_proc` in `sys/kern/kern_resource.c` adds them for getrusage(2). Only for a process with one
/// thread, for the struct reports one. The peak is sampled at clock ticks and is not reset by execve(2).
fn counters(info: &Read, usage: &mut Usage) {
    let Read { of_process, of_thread, .. } = info;
    if let Some(bytes) = Host::peak_bytes(of_process.ru_maxrss as u64) {
        usage.known |= RR_USAGE_PEAK_RSS | RR_USAGE_PEAK_IS_BOUND;
        usage.peak_rss_bytes = bytes;
    }
    if info.threads != 1 {
        return;
    }
    let sum = |ended: i64, living: i64| (ended as u64).saturating_add(living as u64);
    set_times(
        usage,
        timeval::time(of_process.ru_utime).saturating_add(info.user_microseconds.saturating_mul(1000)),
        timeval::time(of_process.ru_stime).saturating_add(info.system_microseconds.saturating_mul(1000)),
    );
    usage.known |= RR_USAGE_FAULTS | RR_USAGE_SWITCHES;
    usage.minor_faults = sum(of_process.ru_minflt, of_thread.ru_minflt);
    usage.major_faults = sum(of_process.ru_majflt, of_thread.ru_majflt);
    usage.voluntary_switches = sum(of_process.ru_nvcsw, of_thread.ru_nvcsw);
    usage.involuntary_switches = sum(of_process.ru_nivcsw, of_thread.ru_nivcsw);
}
