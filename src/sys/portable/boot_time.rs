//! FreeBSD and OpenBSD report the start of a process as a time of day that moves with the clock when that is
//! set; the time since boot does not move.

use super::{sysctl, timeval};
use crate::errno::Result;
use crate::sys::portable::posix::Posix;

/// What `read` answers, with the time of boot that held meanwhile.
pub fn with_boot_time<S: Posix, T>(read: impl Fn() -> Result<T>) -> Result<(T, u64)> {
    let mut before = boot_time::<S>()?;
    loop {
        let answer = read()?;
        let after = boot_time::<S>()?;
        if after == before {
            return Ok((answer, before));
        }
        before = after;
    }
}

fn boot_time<S: Posix>() -> Result<u64> {
    let booted = sysctl::read::<S, libc::timeval>(&[libc::CTL_KERN, libc::KERN_BOOTTIME])?;
    // SAFETY: the kernel filled it.
    Ok(timeval::time(unsafe { booted.assume_init() }))
}
