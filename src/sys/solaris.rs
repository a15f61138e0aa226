//! Solaris and illumos: another process's usage from /proc, proc(5), which any caller may read. Its limits are not
//! available.

#[path = "portable/path.rs"]
mod path;
#[path = "portable/pipe2.rs"]
mod pipe2;
#[path = "portable/record.rs"]
mod record;

use super::portable::posix::Posix;
use super::portable::started::Info;
use super::portable::unix::{Libc, checked, nanoseconds, page_size};
use super::{RR_USAGE_FAULTS, RR_USAGE_RSS, RR_USAGE_SWITCHES, RR_USAGE_THREADS, RR_USAGE_VIRTUAL, Usage};
use crate::errno::{Errno, Result};
use core::ffi::{c_int, c_ulong};
use core::mem::MaybeUninit;
use path::Path;
use record::{set_times, set_wall};

unsafe extern "C" {
    /// wait4(3C), which the `libc` crate does not have.
    #[link_name = "wait4"]
    fn libc_wait4(pid: libc::pid_t, status: *mut c_int, options: c_int, usage: *mut libc::rusage) -> libc::pid_t;
}

pub struct Host;

impl Libc for Host {
    fn errno_location() -> *mut c_int {
        // SAFETY: it has no arguments and returns the address of the calling thread's errno.
        unsafe { libc::___errno() }
    }
}

impl Posix for Host {
    /// getrlimit(2): "A limit whose value is greater than RLIM_INFINITY is permitted."
    const LARGEST_LIMIT: u64 = u64::MAX;

    fn pipe() -> Result<[c_int; 2]> {
        pipe2::pipe::<Host>()
    }
    /// wait4(3C) has its own convention: 0 is any child, and every negative number, including -1, is a process group.
    /// It reports times only, as the difference that the wait made to those of all children.
    unsafe fn wait4(pid: i32, status: *mut c_int, options: c_int, usage: *mut libc::rusage) -> libc::pid_t {
        let pid = match pid {
            -1 => 0,
            // SAFETY: getpgrp takes nothing and cannot fail.
            0 => unsafe { libc::getpgrp() }.saturating_neg(),
            _ => pid,
        };
        // SAFETY: passed on.
        unsafe { libc_wait4(pid, status, options, usage) }
    }
    /// Pages; getrusage(3C) leaves it at 0.
    fn peak_unit() -> u64 {
        page_size() as u64
    }
    fn process_info(pid: i32, _: u64) -> Result<Info> {
        process_info(pid)
    }
}

/// The beginning of `struct psinfo` of `uts/common/sys/procfs.h`: a read may be shorter than the struct.
#[repr(C)]
struct Psinfo {
    flag: c_int,
    threads: c_int,
    ids: [c_int; 8],
    address: usize,
    virtual_kibibytes: usize,
    resident_kibibytes: usize,
}

/// `struct prusage` of `uts/common/sys/procfs.h`, without its end.
#[repr(C)]
struct Prusage {
    thread: c_int,
    count: c_int,
    now: libc::timespec,
    created: libc::timespec,
    ended: libc::timespec,
    real: libc::timespec,
    user: libc::timespec,
    system_calls: libc::timespec,
    other_traps: libc::timespec,
    waits: [libc::timespec; 7],
    future: [libc::timespec; 6],
    minor_faults: c_ulong,
    major_faults: c_ulong,
    swaps: c_ulong,
    blocks: [c_ulong; 2],
    messages: [c_ulong; 2],
    signals: c_ulong,
    voluntary_switches: c_ulong,
    involuntary_switches: c_ulong,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Psinfo>() == 64 && size_of::<Prusage>() == 408);

/// `pr_read_psinfo` and `pr_read_usage` in `uts/common/fs/proc/prvnops.c`: of all threads, ended ones too. The
/// creation time is reported for a zombie too, by the monotonic clock. A zombie has no threads.
#[allow(clippy::unnecessary_cast, reason = "the widths vary")]
fn process_info(pid: i32) -> Result<Info> {
    // SAFETY: any bytes are such structs.
    let (psinfo, info) = unsafe { (read::<Psinfo>(pid, b"/psinfo")?, read::<Prusage>(pid, b"/usage")?) };
    let time = |time: libc::timespec| nanoseconds(time.tv_sec as u64, time.tv_nsec as u64);
    let started = time(info.created);
    let has_ended = psinfo.threads == 0;
    let mut usage = Usage {
        known: RR_USAGE_FAULTS | RR_USAGE_SWITCHES,
        minor_faults: info.minor_faults as u64,
        major_faults: info.major_faults as u64,
        voluntary_switches: info.voluntary_switches as u64,
        involuntary_switches: info.involuntary_switches as u64,
        ..Usage::default()
    };
    // As `mstate_aggr_state` in `uts/common/os/msacct.c` adds them for getrusage(3C).
    set_times(&mut usage, time(info.user), time(info.system_calls).saturating_add(time(info.other_traps)));
    if !has_ended {
        usage.known |= RR_USAGE_THREADS;
        usage.threads = psinfo.threads as u64;
        set_wall(&mut usage, Ok(time(info.now)), started);
        // For a 64-bit process, 0 is reported to a 32-bit program: `prgetpsinfo32`.
        if psinfo.virtual_kibibytes > 0 {
            usage.known |= RR_USAGE_RSS | RR_USAGE_VIRTUAL;
            usage.rss_bytes = (psinfo.resident_kibibytes as u64).saturating_mul(1024);
            usage.virtual_bytes = (psinfo.virtual_kibibytes as u64).saturating_mul(1024);
        }
    }
    Ok(Info { started: Some(started), has_ended, usage })
}

/// The beginning of a file in the process's folder.
///
/// # Safety
/// Any bytes are a T.
unsafe fn read<T>(pid: i32, name: &[u8]) -> Result<T> {
    let mut path = Path::new();
    path.add(b"/proc/");
    path.add_number(pid);
    path.add(name);
    // SAFETY: the path ends in NUL.
    let file = match checked::<Host, _>(|| unsafe {
        libc::open(path.as_c_str().as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC)
    }) {
        Err(Errno::ENOENT) => return Err(Errno::ESRCH),
        file => file?,
    };
    let mut value = MaybeUninit::<T>::uninit();
    // SAFETY: the kernel writes no more than the struct's size.
    let size = checked::<Host, _>(|| unsafe { libc::read(file, value.as_mut_ptr().cast(), size_of::<T>()) });
    // SAFETY: no other code has this descriptor.
    let _ = checked::<Host, _>(|| unsafe { libc::close(file) });
    match size {
        // SAFETY: it is filled, and the caller guarantees that any bytes are a T.
        Ok(size) if size as usize == size_of::<T>() => Ok(unsafe { value.assume_init() }),
        Ok(_) => Err(Errno::ENOTSUP),
        // The process has ended since the file was opened.
        Err(Errno::ENOENT) => Err(Errno::ESRCH),
        Err(error) => Err(error),
    }
}
