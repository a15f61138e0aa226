//! GNU Hurd, as far as a test needs it: only POSIX.

#[path = "portable/pipe2.rs"]
mod pipe2;

use super::portable::posix::Posix;
use super::portable::unix::Libc;
use crate::errno::Result;
use core::ffi::c_int;

pub struct Host;

impl Libc for Host {
    fn errno_location() -> *mut c_int {
        // SAFETY: it has no arguments and returns the address of the calling thread's errno.
        unsafe { libc::__errno_location() }
    }
}

impl Posix for Host {
    const LARGEST_LIMIT: u64 = crate::catalog::RR_RLIM_INFINITY;

    fn pipe() -> Result<[c_int; 2]> {
        pipe2::pipe::<Host>()
    }
    unsafe fn wait4(pid: i32, status: *mut c_int, options: c_int, usage: *mut libc::rusage) -> libc::pid_t {
        // SAFETY: passed on.
        unsafe { libc::wait4(pid, status, options, usage) }
    }
}
