//! Systems where nothing here tells a process from a later one with its number: handles are for the
//! caller alone.

use super::posix::exists;
use super::system;
use super::types::{Rlimit, Usage};
use crate::catalog::{self, RR_RUSAGE_SELF};
use crate::errno::{Errno, Result};
use core::ffi::c_int;

/// Of the caller: it cannot be mistaken while it asks.
pub struct Identity(());

pub fn identify(pid: i32) -> Result<Identity> {
    if pid == own_pid() {
        return Ok(Identity(()));
    }
    exists(pid)?;
    Err(Errno::ENOTSUP)
}

pub fn identify_descriptor(_: c_int) -> Result<(i32, Identity)> {
    Err(Errno::ENOTSUP)
}

impl Identity {
    pub fn descriptor(&self) -> Option<c_int> {
        None
    }

    /// In a child that was forked with the handle the number is its parent's.
    pub fn holds(&self, pid: i32) -> Result<()> {
        if pid == own_pid() { Ok(()) } else { Err(Errno::ENOTSUP) }
    }

    pub fn lives(&self, pid: i32) -> Result<()> {
        self.holds(pid)
    }
}

pub fn own_pid() -> i32 {
    // SAFETY: getpid takes nothing and cannot fail.
    unsafe { libc::getpid() }
}

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

/// Nothing beyond getrusage(2).
pub fn own_usage(_: u64) -> Result<Usage> {
    Ok(Usage::default())
}

/// Nothing is kept for a handle.
#[derive(Default)]
pub struct Files(());

pub fn usage_of(_: i32, _: &Identity, _: &Files, _: u64) -> Result<Usage> {
    Err(Errno::ENOTSUP)
}

pub fn reset_peak(_: i32) -> Result<()> {
    Err(Errno::ENOTSUP)
}

/// The superuser, on each of these systems unless a jail or a zone takes it away.
pub fn may_raise_hard_limits() -> bool {
    // SAFETY: geteuid takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}

/// Values above a maximum are lowered to it, not refused.
pub fn hard_maximum(_: c_int) -> Option<u64> {
    None
}

/// A maximum of the soft limit below the hard one: there is none.
#[allow(dead_code, reason = "macOS has one")]
pub fn soft_maximum(_: c_int) -> Option<u64> {
    None
}
