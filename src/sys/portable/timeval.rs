//! Times in seconds and microseconds.

use crate::sys::portable::unix::nanoseconds;

/// Seconds and microseconds, whose widths vary, in nanoseconds.
#[allow(clippy::unnecessary_cast, reason = "the widths vary")]
pub fn time(time: libc::timeval) -> u64 {
    nanoseconds(time.tv_sec as u64, (time.tv_usec as u64).saturating_mul(1000))
}
