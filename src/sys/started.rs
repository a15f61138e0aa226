//! Every system but Linux: by when it started a process is told from a later one with its number.

use super::posix::{exists, own_pid};
use super::system::{own_open_files, process_info};
use super::types::{
    RR_USAGE_CPU, RR_USAGE_IO, RR_USAGE_OPEN_FILES, RR_USAGE_RSS, RR_USAGE_THREADS, RR_USAGE_TIMES, RR_USAGE_VIRTUAL,
    RR_USAGE_WALL, Usage,
};
use crate::errno::{Errno, Result};
use core::ffi::c_int;

/// What a system tells of a process by its number, in its function `process_info`: ESRCH when there is
/// none or it is not shown, ENOTSUP when nothing is told of any. Where that takes several calls the one
/// that gives `started` comes last: what was read before it was this process's too.
#[derive(Default)]
pub struct Info {
    /// In nanoseconds, since whatever stays the same; `None` where that of a zombie is forgotten.
    pub started: Option<u64>,
    /// A zombie.
    pub has_ended: bool,
    pub usage: Usage,
}

/// What is rounded when the time of boot is taken off: two processes have never been as near as this.
const ROUNDING: u64 = 1000;

pub struct Identity {
    /// `None` for the caller where the system does not tell: it cannot be mistaken while it asks.
    started: Option<u64>,
}

pub fn identify(pid: i32) -> Result<Identity> {
    match started(pid) {
        Err(Errno::ENOTSUP | Errno::EPERM) if pid == own_pid() => Ok(Identity { started: None }),
        started => Ok(Identity { started: Some(started?) }),
    }
}

fn started(pid: i32) -> Result<u64> {
    match process_info(pid, 0).and_then(|info| info.started.ok_or(Errno::ENOTSUP)) {
        Err(Errno::ESRCH | Errno::ENOTSUP) => {
            exists(pid)?;
            Err(Errno::ENOTSUP)
        }
        started => started,
    }
}

pub fn identify_descriptor(_: c_int) -> Result<(i32, Identity)> {
    Err(Errno::ENOTSUP)
}

impl Identity {
    pub fn descriptor(&self) -> Option<c_int> {
        None
    }

    pub fn holds(&self, pid: i32) -> Result<()> {
        self.info(pid, 0).map(drop)
    }

    pub fn is_caller(&self, pid: i32) -> bool {
        pid == own_pid()
    }

    pub fn lives(&self, pid: i32) -> Result<()> {
        if self.info(pid, 0)?.has_ended { Err(Errno::ESRCH) } else { Ok(()) }
    }

    fn info(&self, pid: i32, wanted: u64) -> Result<Info> {
        let Some(started) = self.started else {
            // In a child that was forked with the handle the number is its parent's.
            return if pid == own_pid() { Ok(Info::default()) } else { Err(Errno::ENOTSUP) };
        };
        let info = process_info(pid, wanted)?;
        match info.started {
            Some(now) if now.abs_diff(started) <= ROUNDING => Ok(info),
            _ => Err(Errno::ESRCH),
        }
    }
}

/// Nothing is kept for a handle.
#[derive(Default)]
pub struct Files(());

pub fn usage_of(pid: i32, identity: &Identity, _: &Files, wanted: u64) -> Result<Usage> {
    identity.info(pid, wanted).map(|info| info.usage)
}

/// The groups that getrusage(2) does not give; the others are taken from there alone, for two places
/// round differently, and a later reading must not be less.
pub fn own_usage(wanted: u64) -> Result<Usage> {
    const GROUPS: u64 = RR_USAGE_WALL | RR_USAGE_RSS | RR_USAGE_VIRTUAL | RR_USAGE_IO | RR_USAGE_THREADS;
    let mut usage = Usage::default();
    if wanted & GROUPS != 0 {
        match process_info(own_pid(), wanted & GROUPS) {
            Ok(Info { usage: told, .. }) => {
                usage.known = told.known & GROUPS;
                usage.wall_ns = told.wall_ns;
                usage.rss_bytes = told.rss_bytes;
                usage.virtual_bytes = told.virtual_bytes;
                usage.read_bytes = told.read_bytes;
                usage.written_bytes = told.written_bytes;
                usage.threads = told.threads;
            }
            // That passes, while a refusal leaves gaps.
            Err(error @ (Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM)) => return Err(error),
            Err(_) => {}
        }
    }
    if wanted & RR_USAGE_OPEN_FILES != 0 {
        if let Some(count) = own_open_files() {
            usage.known |= RR_USAGE_OPEN_FILES;
            usage.open_files = count;
        }
    }
    Ok(usage)
}

#[allow(dead_code, reason = "of the kin of macOS nothing is told")]
impl Usage {
    pub fn set_times(&mut self, user_ns: u64, system_ns: u64) {
        self.known |= RR_USAGE_CPU | RR_USAGE_TIMES;
        self.cpu_ns = user_ns.saturating_add(system_ns);
        self.user_ns = user_ns;
        self.system_ns = system_ns;
    }

    /// `now` and `started` by one clock. The time of day may have been set back: then nobody knows.
    pub fn set_wall(&mut self, now: Result<u64>, started: u64) {
        if let Some(wall_ns) = now.ok().and_then(|now| now.checked_sub(started)) {
            self.known |= RR_USAGE_WALL;
            self.wall_ns = wall_ns;
        }
    }
}

/// A time in nanoseconds. No system's is negative.
pub fn nanoseconds(seconds: u64, nanoseconds: u64) -> u64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds)
}
