//! macOS and its kin: no way to another process's limits; a thread's usage from Mach. Another process's
//! usage is told on macOS alone, see `macos`.

use super::posix;
use super::types::{Rlimit, Rusage, Timeval};
use super::unix::{Environment, checked};
use crate::catalog::{RR_RLIMIT_NOFILE, RR_RUSAGE_THREAD};
use crate::errno::{Errno, Result};
use core::ffi::c_int;
use core::mem::MaybeUninit;

#[cfg(target_os = "macos")]
pub use super::macos::process_info;

pub use super::absent::{hard_maximum, is_representable, limit_used, limits_shown, own_open_files, reset_peak};
pub(super) use super::bsd::LARGEST_LIMIT;
pub use super::bsd::{block_bytes, wait4};
pub use super::forked::{Blocked, ChildHandle, Image, spawn, wait_while, wake};
pub use super::posix::{getrlimit, may_raise_hard_limits, own_pid, setrlimit};
pub use super::started::{Files, Identity, identify, identify_descriptor, own_usage, usage_of};

/// Bytes already.
pub fn peak_bytes(maxrss: u64) -> Option<u64> {
    (maxrss > 0).then_some(maxrss)
}

/// A shared object has no variable of that name, environ(7).
pub fn environ() -> Environment {
    // SAFETY: it takes nothing and answers where the variable is.
    unsafe { *libc::_NSGetEnviron() }.cast_const().cast()
}

pub fn errno_location() -> *mut c_int {
    // SAFETY: it takes nothing and answers the address of the calling thread's errno.
    unsafe { libc::__error() }
}

pub fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    posix::prlimit(pid, resource, new_limits, || Err(Errno(libc::ENOTSUP)))
}

/// setrlimit(2) takes no soft NOFILE above the sysctl kern.maxfilesperproc, infinity neither.
pub fn soft_maximum(resource: c_int) -> Option<u64> {
    if resource != RR_RLIMIT_NOFILE {
        return None;
    }
    let mut files: c_int = 0;
    let mut size = size_of::<c_int>();
    let name = c"kern.maxfilesperproc".as_ptr();
    let (value, length) = ((&raw mut files).cast(), &raw mut size);
    // SAFETY: the name ends in NUL; the kernel writes one int.
    checked(|| unsafe { libc::sysctlbyname(name, value, length, core::ptr::null_mut(), 0) }).ok()?;
    u64::try_from(files).ok()
}

pub fn getrusage(who: c_int) -> Result<Rusage> {
    if who == RR_RUSAGE_THREAD { thread_usage() } else { posix::getrusage(who) }
}

/// Its times; Mach keeps no more of a thread.
fn thread_usage() -> Result<Rusage> {
    let mut info = MaybeUninit::<libc::thread_basic_info>::uninit();
    let mut count = libc::THREAD_BASIC_INFO_COUNT;
    // SAFETY: pthread_self is the calling thread, and pthread_mach_thread_np lends its port without
    // a reference, so that there is none to give back; Mach writes one thread_basic_info.
    let answer = unsafe {
        let thread = libc::pthread_mach_thread_np(libc::pthread_self());
        libc::thread_info(
            thread,
            libc::THREAD_BASIC_INFO as libc::thread_flavor_t,
            info.as_mut_ptr().cast(),
            &raw mut count,
        )
    };
    if answer != libc::KERN_SUCCESS {
        return Err(Errno(libc::ENOTSUP));
    }
    // SAFETY: Mach filled it.
    let info = unsafe { info.assume_init() };
    let time = |time: libc::time_value_t| Timeval::widened(time.seconds, time.microseconds);
    Ok(Rusage { ru_utime: time(info.user_time), ru_stime: time(info.system_time), ..Rusage::default() })
}

/// The others of the kin keep their processes from one another.
#[cfg(not(target_os = "macos"))]
pub fn process_info(_: i32, _: u64) -> Result<super::started::Info> {
    Err(Errno::ENOTSUP)
}
