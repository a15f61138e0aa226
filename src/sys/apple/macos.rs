//! macOS: a process's usage from libproc, which reports any process to the superuser and a user's own processes to
//! other users; its start time from `sysctl kern.proc.pid`, which any caller may read.
#![allow(deprecated, reason = "the `libc` crate would rather have another one bind Mach")]

#[path = "../portable/record.rs"]
mod record;
#[path = "../portable/timeval.rs"]
mod timeval;

use super::{Host, sysctl};
use crate::errno::{Errno, Result};
use crate::sys::portable::started::Info;
use crate::sys::portable::unix::{self, checked};
use crate::sys::{
    RR_USAGE_CPU, RR_USAGE_FAULTS, RR_USAGE_IO, RR_USAGE_RSS, RR_USAGE_THREADS, RR_USAGE_TIMES, RR_USAGE_VIRTUAL,
    RR_USAGE_WALL, Usage,
};
use core::ffi::{c_char, c_int};
use core::mem::{MaybeUninit, offset_of};
use record::{set_times, set_wall};

/// `struct kinfo_proc` of `bsd/sys/sysctl.h`, which the `libc` crate does not have: the beginning of its
/// `struct extern_proc`, `bsd/sys/proc.h`, in a 64-bit program. Both have been so since Mac OS X 10.5.
#[repr(C)]
struct KinfoProc {
    start: libc::timeval,
    addresses: [usize; 2],
    flags: c_int,
    state: c_char,
    pid: libc::pid_t,
    rest: [u8; 604],
}

const _: () = assert!(size_of::<KinfoProc>() == 648);
const _: () = assert!(offset_of!(KinfoProc, state) == 36 && offset_of!(KinfoProc, pid) == 40);

pub fn process_info(pid: i32, wanted: u64) -> Result<Info> {
    const OF_TASK: u64 =
        RR_USAGE_CPU | RR_USAGE_TIMES | RR_USAGE_RSS | RR_USAGE_VIRTUAL | RR_USAGE_FAULTS | RR_USAGE_THREADS;
    let mut usage = Usage::default();
    // A group that is refused stays unknown; neither call reports a zombie.
    if wanted & OF_TASK != 0 {
        if let Ok(task) = task_info(pid) {
            of_task(&task, &mut usage);
        }
    }
    if wanted & RR_USAGE_IO != 0 {
        if let Ok(info) = rusage_info(pid) {
            usage.known |= RR_USAGE_IO;
            usage.read_bytes = info.ri_diskio_bytesread;
            usage.written_bytes = info.ri_diskio_byteswritten;
        }
    }
    let info = sysctl::read::<Host, KinfoProc>(&[libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_PID, pid])?;
    // SAFETY: the kernel filled it.
    let info = unsafe { info.assume_init() };
    if info.pid != pid {
        return Err(Errno::ENOTSUP);
    }
    let started = timeval::time(info.start);
    let has_ended = info.state as u32 == libc::SZOMB;
    if wanted & RR_USAGE_WALL != 0 && !has_ended {
        set_wall(&mut usage, unix::now::<Host>(libc::CLOCK_REALTIME), started);
    }
    Ok(Info { started: Some(started), has_ended, usage })
}

/// `fill_taskprocinfo` in `osfmk/kern/bsd_kern.c`: of all threads, ended ones too. getrusage(2) takes its
/// faults from there as well, minor ones as all without the page-ins: `calcru` in `bsd/kern/kern_resource.c`.
fn of_task(task: &libc::proc_taskinfo, usage: &mut Usage) {
    usage.known |= RR_USAGE_RSS | RR_USAGE_VIRTUAL | RR_USAGE_THREADS;
    usage.rss_bytes = task.pti_resident_size;
    usage.virtual_bytes = task.pti_virtual_size;
    usage.threads = task.pti_threadnum as u64;
    // Both counters stop at the largest number of their width.
    if task.pti_faults != i32::MAX {
        usage.known |= RR_USAGE_FAULTS;
        usage.minor_faults = task.pti_faults.saturating_sub(task.pti_pageins) as u64;
        usage.major_faults = task.pti_pageins as u64;
    }
    if let Some(unit) = MachUnit::get() {
        set_times(usage, unit.nanoseconds(task.pti_total_user), unit.nanoseconds(task.pti_total_system));
    }
}

fn task_info(pid: i32) -> Result<libc::proc_taskinfo> {
    const SIZE: c_int = size_of::<libc::proc_taskinfo>() as c_int;
    let mut info = MaybeUninit::<libc::proc_taskinfo>::uninit();
    checked::<Host, _>(|| {
        // SAFETY: libproc writes no more than the struct's size.
        let size = unsafe { libc::proc_pidinfo(pid, libc::PROC_PIDTASKINFO, 0, info.as_mut_ptr().cast(), SIZE) };
        // It returns 0 and sets errno when it fails.
        if size == SIZE { size } else { -1 }
    })?;
    // SAFETY: libproc filled it.
    Ok(unsafe { info.assume_init() })
}

/// The first version with input and output, since OS X 10.9.
fn rusage_info(pid: i32) -> Result<libc::rusage_info_v2> {
    let mut info = MaybeUninit::<libc::rusage_info_v2>::uninit();
    // SAFETY: libproc writes one struct of this version; the parameter's type is that of no version.
    checked::<Host, _>(|| unsafe { libc::proc_pid_rusage(pid, libc::RUSAGE_INFO_V2, info.as_mut_ptr().cast()) })?;
    // SAFETY: libproc filled it.
    Ok(unsafe { info.assume_init() })
}

/// The unit of Mach's times: a nanosecond on Intel, 125/3 of it on Apple's own processors.
struct MachUnit {
    numerator: u64,
    denominator: u64,
}

impl MachUnit {
    fn get() -> Option<MachUnit> {
        let mut unit = libc::mach_timebase_info { numer: 0, denom: 0 };
        // SAFETY: Mach writes one struct.
        let status = unsafe { libc::mach_timebase_info(&raw mut unit) };
        (status == libc::KERN_SUCCESS && unit.denom != 0)
            .then(|| MachUnit { numerator: unit.numer.into(), denominator: unit.denom.into() })
    }

    /// Whole multiples and the remainder separately, so that no product overflows.
    fn nanoseconds(&self, units: u64) -> u64 {
        let MachUnit { numerator, denominator } = *self;
        let whole = units.checked_div(denominator).unwrap_or(0).saturating_mul(numerator);
        let rest = units.checked_rem(denominator).unwrap_or(0).saturating_mul(numerator);
        whole.saturating_add(rest.checked_div(denominator).unwrap_or(0))
    }
}
