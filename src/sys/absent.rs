//! What Linux alone has, as every other system answers.

use super::system;
use super::types::Rlimit;
use crate::catalog::{self, RR_RUSAGE_SELF};
use crate::errno::{Errno, Result};
use core::ffi::c_int;

/// There is no such place.
pub fn limits_shown(_: i32, _: c_int) -> Result<Rlimit> {
    Err(Errno::EPERM)
}

/// Of the caller, and only its processor time.
pub fn limit_used(pid: i32, resource: c_int) -> Result<u64> {
    if pid != 0 || catalog::name(resource) != Some(c"CPU") {
        return Err(Errno::ENOTSUP);
    }
    let usage = system::getrusage(RR_RUSAGE_SELF)?;
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec;
    let carry = (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1_000_000;
    Ok((seconds + carry) as u64)
}

pub fn reset_peak(_: i32) -> Result<()> {
    Err(Errno::ENOTSUP)
}

/// Values above a maximum are lowered to it, not refused.
pub fn hard_maximum(_: c_int) -> Result<Option<u64>> {
    Ok(None)
}

/// A maximum of the soft limit below the hard one: there is none.
#[allow(dead_code, reason = "macOS has one")]
pub fn soft_maximum(_: c_int) -> Option<u64> {
    None
}

/// Whether the system keeps limits as they are: it has 64 bits for them.
pub fn is_representable(_: Rlimit) -> bool {
    true
}

/// How many descriptors the caller has open.
#[allow(dead_code, reason = "FreeBSD and OpenBSD tell")]
pub fn own_open_files() -> Option<u64> {
    None
}
