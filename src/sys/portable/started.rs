//! Distinguishes a process from a later one with the same PID by its start time.

use super::posix::{Posix, exists, own_pid};
use crate::errno::{Errno, Result};
use crate::sys::Identity;
use crate::sys::{
    RR_USAGE_IO, RR_USAGE_OPEN_FILES, RR_USAGE_RSS, RR_USAGE_THREADS, RR_USAGE_VIRTUAL, RR_USAGE_WALL, Usage,
};
use core::marker::PhantomData;

/// What a system reports about the process with a PID, in its function `process_info`: ESRCH if there is none or it is
/// hidden, ENOTSUP if the system reports nothing about any process. If several calls are needed, the one that reads
/// `started` is the last: then what was read before belongs to the same process.
#[derive(Default)]
pub struct Info {
    /// In nanoseconds, since a fixed time; `None` for a zombie whose start time the system no longer reports.
    pub started: Option<u64>,
    /// A zombie.
    pub has_ended: bool,
    pub usage: Usage,
}

/// The error that subtracting the time of boot may cause. Two processes with one PID never start this close together.
const ROUNDING: u64 = 1000;

pub struct StartTime<S> {
    /// `None` for the caller if the system does not report it: its PID cannot be reused while it runs.
    started: Option<u64>,
    system: PhantomData<S>,
}

impl<S: Posix> StartTime<S> {
    pub fn of(pid: i32) -> Result<StartTime<S>> {
        let started = match started::<S>(pid) {
            Err(Errno::ENOTSUP | Errno::EPERM) if pid == own_pid() => None,
            started => Some(started?),
        };
        Ok(StartTime { started, system: PhantomData })
    }

    pub fn info(&self, pid: i32, wanted: u64) -> Result<Info> {
        let Some(started) = self.started else {
            // In a forked child that inherited the handle, the PID is its parent's.
            return if pid == own_pid() { Ok(Info::default()) } else { Err(Errno::ENOTSUP) };
        };
        let info = S::process_info(pid, wanted)?;
        match info.started {
            Some(now) if now.abs_diff(started) <= ROUNDING => Ok(info),
            _ => Err(Errno::ESRCH),
        }
    }
}

fn started<S: Posix>(pid: i32) -> Result<u64> {
    match S::process_info(pid, 0).and_then(|info| info.started.ok_or(Errno::ENOTSUP)) {
        Err(Errno::ESRCH | Errno::ENOTSUP) => {
            exists::<S>(pid)?;
            Err(Errno::ENOTSUP)
        }
        started => started,
    }
}

impl<S: Posix> Identity for StartTime<S> {
    fn holds(&self, pid: i32) -> Result<()> {
        self.info(pid, 0).map(drop)
    }
    fn lives(&self, pid: i32) -> Result<()> {
        if self.info(pid, 0)?.has_ended { Err(Errno::ESRCH) } else { Ok(()) }
    }
    fn is_caller(&self, pid: i32) -> bool {
        pid == own_pid()
    }
}

/// The groups that getrusage(2) does not report. The others are read there only, because two sources round differently
/// and a later reading must not be smaller.
pub fn own_usage<S: Posix>(wanted: u64) -> Result<Usage> {
    const GROUPS: u64 = RR_USAGE_WALL | RR_USAGE_RSS | RR_USAGE_VIRTUAL | RR_USAGE_IO | RR_USAGE_THREADS;
    let mut usage = Usage::default();
    if wanted & GROUPS != 0 {
        match S::process_info(own_pid(), wanted & GROUPS) {
            Ok(Info { usage: info, .. }) => {
                usage.known = info.known & GROUPS;
                usage.wall_ns = info.wall_ns;
                usage.rss_bytes = info.rss_bytes;
                usage.virtual_bytes = info.virtual_bytes;
                usage.read_bytes = info.read_bytes;
                usage.written_bytes = info.written_bytes;
                usage.threads = info.threads;
            }
            // These are temporary; after any other error the groups stay unknown.
            Err(error @ (Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM)) => return Err(error),
            Err(_) => {}
        }
    }
    if wanted & RR_USAGE_OPEN_FILES != 0 {
        if let Some(count) = S::own_open_files() {
            usage.known |= RR_USAGE_OPEN_FILES;
            usage.open_files = count;
        }
    }
    Ok(usage)
}
