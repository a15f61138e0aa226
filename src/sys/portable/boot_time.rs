//! FreeBSD and OpenBSD report the start of a process as a time of day, which changes when the clock is set; the time
//! since boot does not.

use super::{sysctl, timeval};
use crate::errno::Result;
use crate::sys::portable::posix::Posix;

/// The result of `read`, with the time of boot that was in force at that moment.
pub fn with_boot_time<S: Posix, T>(read: impl Fn() -> Result<T>) -> Result<(T, u64)> {
    let mut before = boot_time::<S>()?;
    loop {
        let result = read()?;
        let after = boot_time::<S>()?;
        if after == before {
            return Ok((result, before));
        }
        before = after;
    }
}

fn boot_time<S: Posix>() -> Result<u64> {
    let booted = sysctl::read::<S, libc::timeval>(&[libc::CTL_KERN, libc::KERN_BOOTTIME])?;
    // SAFETY: the kernel filled it.
    Ok(timeval::time(unsafe { booted.assume_init() }))
}
