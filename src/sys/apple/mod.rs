//! macOS and its relatives: another process's limits are not available; a thread's usage comes from Mach. Another
//! process's usage is reported on macOS only.

#[cfg(target_os = "macos")]
mod macos;
#[path = "../portable/sysctl.rs"]
mod sysctl;

use super::portable::posix::{self, Posix};
use super::portable::unix::{Environment, Libc, checked};
use super::{Rusage, Timeval};
use crate::abi::rusage::RR_RUSAGE_THREAD;
use crate::catalog::RR_RLIMIT_NOFILE;
use crate::errno::{Errno, Result};
use core::ffi::c_int;
use core::mem::MaybeUninit;

pub struct Host;

impl Libc for Host {
    fn errno_location() -> *mut c_int {
        // SAFETY: it has no arguments and returns the address of the calling thread's errno.
        unsafe { libc::__error() }
    }

    /// A shared object cannot refer to the variable `environ`, environ(7).
    fn environ() -> Environment {
        // SAFETY: it has no arguments and returns the address of the variable.
        unsafe { *libc::_NSGetEnviron() }.cast_const().cast()
    }
}

impl Posix for Host {
    const LARGEST_LIMIT: u64 = sysctl::LARGEST_LIMIT;

    fn setting(detail: i32) -> Result<u64> {
        sysctl::setting::<Host>(detail, Some(libc::KERN_MAXFILESPERPROC))
    }
    /// In two steps: if another thread forks between them, its child inherits both ends.
    fn pipe() -> Result<[c_int; 2]> {
        let mut ends: [c_int; 2] = [-1; 2];
        // SAFETY: pipe writes two ints.
        checked::<Host, _>(|| unsafe { libc::pipe(ends.as_mut_ptr()) })?;
        for end in ends {
            // SAFETY: fcntl with F_SETFD takes numbers only.
            let _ = checked::<Host, _>(|| unsafe { libc::fcntl(end, libc::F_SETFD, libc::FD_CLOEXEC) });
        }
        Ok(ends)
    }
    fn soft_maximum(resource: c_int) -> Option<u64> {
        soft_maximum(resource)
    }
    fn getrusage(who: c_int) -> Result<Rusage> {
        if who == RR_RUSAGE_THREAD { thread_usage() } else { posix::getrusage::<Host>(who) }
    }
    unsafe fn wait4(pid: i32, status: *mut c_int, options: c_int, usage: *mut libc::rusage) -> libc::pid_t {
        // SAFETY: passed on.
        unsafe { libc::wait4(pid, status, options, usage) }
    }
    /// Bytes.
    fn peak_unit() -> u64 {
        1
    }
    #[cfg(target_os = "macos")]
    fn process_info(pid: i32, wanted: u64) -> Result<super::portable::started::Info> {
        macos::process_info(pid, wanted)
    }
}

/// setrlimit(2) refuses a soft NOFILE above the sysctl kern.maxfilesperproc, infinity included.
fn soft_maximum(resource: c_int) -> Option<u64> {
    if resource != RR_RLIMIT_NOFILE {
        return None;
    }
    let mut files: c_int = 0;
    let mut size = size_of::<c_int>();
    let name = c"kern.maxfilesperproc".as_ptr();
    let (value, length) = ((&raw mut files).cast(), &raw mut size);
    // SAFETY: the name ends in NUL; the kernel writes one int.
    checked::<Host, _>(|| unsafe { libc::sysctlbyname(name, value, length, core::ptr::null_mut(), 0) }).ok()?;
    u64::try_from(files).ok()
}

/// The times only: Mach keeps no other usage of a thread.
fn thread_usage() -> Result<Rusage> {
    let mut info = MaybeUninit::<libc::thread_basic_info>::uninit();
    let mut count = libc::THREAD_BASIC_INFO_COUNT;
    // SAFETY: pthread_self is the calling thread, and pthread_mach_thread_np lends its port without
    // a reference, so that there is none to release; Mach writes one thread_basic_info.
    let status = unsafe {
        let thread = libc::pthread_mach_thread_np(libc::pthread_self());
        libc::thread_info(
            thread,
            libc::THREAD_BASIC_INFO as libc::thread_flavor_t,
            info.as_mut_ptr().cast(),
            &raw mut count,
        )
    };
    if status != libc::KERN_SUCCESS {
        return Err(Errno(libc::ENOTSUP));
    }
    // SAFETY: Mach filled it.
    let info = unsafe { info.assume_init() };
    let time = |time: libc::time_value_t| Timeval::widened(time.seconds, time.microseconds);
    Ok(Rusage { ru_utime: time(info.user_time), ru_stime: time(info.system_time), ..Rusage::default() })
}
