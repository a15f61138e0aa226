//! The BSDs and macOS.

use super::posix;
use super::started::nanoseconds;
use super::types::Waited;
use super::unix::checked;
use crate::errno::{Errno, Result};
use core::ffi::{c_int, c_uint};
use core::mem::MaybeUninit;
use core::ptr;

/// `RLIM_INFINITY`: rlim_t is signed, or 63 bits of it are used.
pub(super) const LARGEST_LIMIT: u64 = i64::MAX as u64;

/// getrusage(2) counts operations, of whatever size.
pub fn block_bytes(_: u64) -> Option<u64> {
    None
}

/// KiB, but on macOS.
#[allow(dead_code, reason = "macOS has bytes")]
pub fn peak_bytes(maxrss: u64) -> Option<u64> {
    (maxrss > 0).then(|| maxrss.saturating_mul(1024))
}

pub fn wait4(pid: i32, options: c_int) -> Result<Waited> {
    // SAFETY: libc writes one int and one struct rusage, or neither with WNOHANG.
    posix::wait4(|status, usage| unsafe { libc::wait4(pid, status, options, usage) })
}

/// What sysctl(3) tells under this name, which has to be as long as the struct: ESRCH when it is less, as
/// nothing is where no process has the number.
pub(super) fn told<T>(name: &[c_int]) -> Result<MaybeUninit<T>> {
    let mut value = MaybeUninit::<T>::uninit();
    let mut size = size_of::<T>();
    let (place, length) = (value.as_mut_ptr().cast(), name.len() as c_uint);
    checked(|| {
        // SAFETY: the kernel reads the name, which is not written to though some systems leave out the
        // const, and writes no more than the struct's size.
        unsafe { libc::sysctl(name.as_ptr().cast_mut(), length, place, &raw mut size, ptr::null_mut(), 0) }
    })?;
    if size < size_of::<T>() { Err(Errno(libc::ESRCH)) } else { Ok(value) }
}

/// Seconds and microseconds, whose widths vary, in nanoseconds.
#[allow(clippy::unnecessary_cast, reason = "the widths vary")]
pub(super) fn time(time: libc::timeval) -> u64 {
    nanoseconds(time.tv_sec as u64, (time.tv_usec as u64).saturating_mul(1000))
}

/// What `read` answers, with the time of boot that held meanwhile: where a start is told as a time of day
/// that moves with the clock when that is set, the time since boot does not.
#[allow(dead_code, reason = "NetBSD, DragonFly and macOS keep the time of day at which a process started")]
pub(super) fn with_boot_time<T>(read: impl Fn() -> Result<T>) -> Result<(T, u64)> {
    let mut before = boot_time()?;
    loop {
        let answer = read()?;
        let after = boot_time()?;
        if after == before {
            return Ok((answer, before));
        }
        before = after;
    }
}

#[allow(dead_code, reason = "as above")]
fn boot_time() -> Result<u64> {
    let booted = told::<libc::timeval>(&[libc::CTL_KERN, libc::KERN_BOOTTIME])?;
    // SAFETY: the kernel filled it.
    Ok(time(unsafe { booted.assume_init() }))
}
