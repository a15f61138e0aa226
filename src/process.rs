//! F2: a handle for a process, which never refers to a later process with the same PID.

use crate::errno::{Errno, Result};
use crate::sys::{Host, Identity as _, System, Usage};
use core::ffi::c_int;

type Identity = <Host as System>::Identity;

/// A handle for a process, from rr_process_open or rr_process_from_fd. Close it with rr_process_close.
pub struct Process {
    pid: i32,
    /// Opened by the process itself, which needs no rights over itself. In a forked child the handle still refers to
    /// the parent.
    is_caller: bool,
    identity: Identity,
    files: <Host as System>::Files,
    bound_cache: <Host as System>::BoundCache,
}

impl Process {
    pub fn open(pid: i32) -> Result<Process> {
        let caller = Host::own_pid();
        let pid = if pid == 0 { caller } else { pid };
        if pid < 0 {
            return Err(Errno::EINVAL);
        }
        Ok(Process {
            pid,
            is_caller: pid == caller,
            identity: Host::identify(pid)?,
            files: Default::default(),
            bound_cache: Default::default(),
        })
    }

    pub fn from_descriptor(pidfd: c_int) -> Result<Process> {
        let (pid, identity) = Host::identify_descriptor(pidfd)?;
        Ok(Process {
            pid,
            is_caller: pid == Host::own_pid(),
            identity,
            files: Default::default(),
            bound_cache: Default::default(),
        })
    }

    /// For a child whose PID is still valid.
    pub fn of_child(pid: i32, identity: Identity) -> Process {
        Process { pid, is_caller: false, identity, files: Default::default(), bound_cache: Default::default() }
    }

    pub fn pid(&self) -> i32 {
        self.pid
    }

    pub fn descriptor(&self) -> Option<c_int> {
        self.identity.descriptor()
    }

    pub fn alive(&self) -> Result<()> {
        self.identity.lives(self.pid)
    }

    /// Read through what the handle keeps, so that no second check is needed.
    pub fn usage(&self, wanted: u64) -> Result<Usage> {
        Host::usage_of(self.pid, &self.identity, &self.files, wanted)
    }

    /// What a read of bounds keeps for the next one.
    pub fn bound_cache(&self) -> &<Host as System>::BoundCache {
        &self.bound_cache
    }

    fn is_caller_still(&self) -> bool {
        self.is_caller && self.identity.is_caller(self.pid)
    }
}

pub fn own_pid() -> i32 {
    Host::own_pid()
}

/// The process if it is not the caller. No handle means the caller.
pub fn other(process: Option<&Process>) -> Option<&Process> {
    process.filter(|process| !process.is_caller_still())
}

/// Reads by PID (0 is the caller), and discards the result if the PID no longer refers to the process.
pub fn read<T>(process: Option<&Process>, act: impl FnOnce(i32) -> Result<T>) -> Result<T> {
    match other(process) {
        Some(process) => {
            let result = act(process.pid);
            process.identity.holds(process.pid)?;
            result
        }
        None => act(0),
    }
}

/// Writes by PID, with a check before and after: no system sets limits through a handle. ESRCH afterwards means that
/// the process ended meanwhile.
pub fn write<T>(process: Option<&Process>, act: impl FnOnce(i32) -> Result<T>) -> Result<T> {
    match other(process) {
        Some(process) => {
            process.alive()?;
            process.identity.holds(process.pid)?;
            let result = act(process.pid);
            process.identity.holds(process.pid)?;
            result
        }
        None => act(0),
    }
}
