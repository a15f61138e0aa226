//! macOS and its kin: no way to another process's limits; a thread's usage from Mach.

use super::posix;
use super::types::{Rlimit, Rusage, Timeval};
use crate::catalog::RR_RUSAGE_THREAD;
use crate::errno::{Errno, Result};
use core::ffi::c_int;
use core::mem::MaybeUninit;

pub(super) use super::bsd::LARGEST_LIMIT;
pub use super::bsd::wait4;
pub use super::posix::{getrlimit, setrlimit};

pub fn errno_location() -> *mut c_int {
    // SAFETY: it takes nothing and answers the address of the calling thread's errno.
    unsafe { libc::__error() }
}

pub fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    posix::prlimit(pid, resource, new_limits, || Err(Errno(libc::ENOTSUP)))
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
