//! Solaris and illumos: another process's usage from /proc, proc(5), which tells everybody; no way to its
//! limits.

pub use super::forked::{Blocked, ChildHandle, Image, spawn, wait_while, wake};
use super::path::Path;
use super::posix;
use super::started::{Info, nanoseconds};
use super::types::{
    RR_USAGE_FAULTS, RR_USAGE_RSS, RR_USAGE_SWITCHES, RR_USAGE_THREADS, RR_USAGE_VIRTUAL, Rlimit, Usage, Waited,
};
pub use super::unix::environ;
use super::unix::{checked, page_size};
use crate::errno::{Errno, Result};
use core::ffi::{c_int, c_ulong};
use core::mem::MaybeUninit;

pub use super::absent::{
    hard_maximum, is_representable, limit_used, limits_shown, own_open_files, reset_peak, soft_maximum,
};
pub use super::posix::{getrlimit, getrusage, may_raise_hard_limits, own_pid, setrlimit};
pub use super::started::{Files, Identity, identify, identify_descriptor, own_usage, usage_of};

/// getrlimit(2): "A limit whose value is greater than RLIM_INFINITY is permitted."
pub(super) const LARGEST_LIMIT: u64 = u64::MAX;

unsafe extern "C" {
    /// wait4(3C), which the `libc` crate does not have.
    #[link_name = "wait4"]
    fn libc_wait4(pid: libc::pid_t, status: *mut c_int, options: c_int, usage: *mut libc::rusage) -> libc::pid_t;
}

/// Nothing is said of their size.
pub fn block_bytes(_: u64) -> Option<u64> {
    None
}

/// Pages; getrusage(3C) leaves it at 0.
pub fn peak_bytes(maxrss: u64) -> Option<u64> {
    (maxrss > 0).then(|| maxrss.saturating_mul(page_size() as u64))
}

pub fn errno_location() -> *mut c_int {
    // SAFETY: it takes nothing and answers the address of the calling thread's errno.
    unsafe { libc::___errno() }
}

pub fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    posix::prlimit(pid, resource, new_limits, || Err(Errno(libc::ENOTSUP)))
}

/// wait4(3C) has its own numbers: 0 is any child, and every negative number, -1 too, a process
/// group. It gives times alone, as the difference that the wait made to those of all children.
pub fn wait4(pid: i32, options: c_int) -> Result<Waited> {
    let pid = match pid {
        -1 => 0,
        // SAFETY: getpgrp takes nothing and cannot fail.
        0 => unsafe { libc::getpgrp() }.saturating_neg(),
        _ => pid,
    };
    // SAFETY: libc writes one int and one struct rusage, or neither with WNOHANG.
    posix::wait4(|status, usage| unsafe { libc_wait4(pid, status, options, usage) })
}

/// `struct psinfo` of `uts/common/sys/procfs.h`: its beginning, for as much is told as is asked for.
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

/// `pr_read_psinfo` and `pr_read_usage` in `uts/common/fs/proc/prvnops.c`: of all threads, ended ones too.
/// The creation is told of a zombie as well, by the clock that nobody sets. A zombie has no threads.
#[allow(clippy::unnecessary_cast, reason = "the widths vary")]
pub fn process_info(pid: i32, _: u64) -> Result<Info> {
    // SAFETY: any bytes are such structs.
    let (psinfo, told) = unsafe { (read::<Psinfo>(pid, b"/psinfo")?, read::<Prusage>(pid, b"/usage")?) };
    let time = |time: libc::timespec| nanoseconds(time.tv_sec as u64, time.tv_nsec as u64);
    let started = time(told.created);
    let has_ended = psinfo.threads == 0;
    let mut usage = Usage {
        known: RR_USAGE_FAULTS | RR_USAGE_SWITCHES,
        minor_faults: told.minor_faults as u64,
        major_faults: told.major_faults as u64,
        voluntary_switches: told.voluntary_switches as u64,
        involuntary_switches: told.involuntary_switches as u64,
        ..Usage::default()
    };
    // As `mstate_aggr_state` in `uts/common/os/msacct.c` adds them for getrusage(3C).
    usage.set_times(time(told.user), time(told.system_calls).saturating_add(time(told.other_traps)));
    if !has_ended {
        usage.known |= RR_USAGE_THREADS;
        usage.threads = psinfo.threads as u64;
        usage.set_wall(Ok(time(told.now)), started);
        // A 32-bit program is told 0 of a 64-bit one: `prgetpsinfo32`.
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
    let file = match checked(|| unsafe { libc::open(path.as_c_str().as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC) }) {
        Err(Errno::ENOENT) => return Err(Errno::ESRCH),
        file => file?,
    };
    let mut value = MaybeUninit::<T>::uninit();
    // SAFETY: the kernel writes no more than the struct's size.
    let size = checked(|| unsafe { libc::read(file, value.as_mut_ptr().cast(), size_of::<T>()) });
    // SAFETY: nobody else has its number.
    let _ = checked(|| unsafe { libc::close(file) });
    match size {
        // SAFETY: filled, with what is a T by the caller's word.
        Ok(size) if size as usize == size_of::<T>() => Ok(unsafe { value.assume_init() }),
        Ok(_) => Err(Errno::ENOTSUP),
        // The process has ended since the file was opened.
        Err(Errno::ENOENT) => Err(Errno::ESRCH),
        Err(error) => Err(error),
    }
}
