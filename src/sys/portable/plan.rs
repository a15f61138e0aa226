//! The input of a spawn, decided by the floor above and the same for every system.

use super::memory::Pointers;
use crate::abi::command::RR_STEP_START;
use crate::errno::{Errno, Result};
use crate::sys::{Rlimit, Rusage};
use core::ffi::{CStr, c_char, c_int};

pub struct Plan<'a> {
    /// The paths of the program, in the order in which to try them.
    pub paths: Pointers<'a>,
    pub arguments: Pointers<'a>,
    pub environment: Pointers<'a>,
    pub directory: Option<&'a CStr>,
    /// Each target once.
    pub descriptors: &'a [Redirection],
    /// Each resource once.
    pub limits: &'a [Limit],
    pub leads_group: bool,
    pub leads_session: bool,
    /// From here on the program has those descriptors alone that are targets.
    pub close_from: Option<c_int>,
    pub umask: Option<u32>,
    pub credentials: Option<Credentials<'a>>,
    /// The folder of a control group.
    pub cgroup: Option<c_int>,
    pub tree: Option<&'a TreePlan>,
}

/// Who the program is to be: its real, effective and saved ids alike.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    pub uid: u32,
    pub gid: u32,
    pub groups: &'a [u32],
}

/// A program that is to be ended with all that it starts.
#[allow(dead_code, reason = "only Linux has trees")]
pub struct TreePlan {
    /// The mechanisms that may be used, RR_TREE_...
    pub mechanisms: u32,
    /// Its end is that of its last process, not that of the program.
    pub waits_for_all: bool,
    pub cpu_ns: Option<u64>,
    pub wall_ns: Option<u64>,
    pub memory: Option<u64>,
    pub tasks: Option<u64>,
}

/// What became of a tree.
#[derive(Default)]
pub struct TreeEnd {
    /// RR_TREE_...
    pub mechanism: u32,
    /// RR_TREE_KNOWS_...
    pub known: u64,
    /// RR_TREE_CPU_NS and the like.
    pub limit: Option<c_int>,
    pub is_complete: bool,
    /// Of all its processes; `None` where nothing counted.
    pub rusage: Option<Rusage>,
    /// Processor time of all, in user mode, in the kernel, in nanoseconds, by what missed no process.
    pub times: Option<[u64; 3]>,
    pub peak_memory_bytes: u64,
    pub processes: u64,
    pub orphans: u64,
    pub killed: u64,
    pub oom_kills: u64,
}

/// Why a program does not run: the step, and what it failed on.
#[derive(Clone, Copy)]
pub struct Failed {
    /// One of RR_STEP_...
    pub step: c_int,
    pub detail: c_int,
    pub error: Errno,
}

impl Failed {
    /// Makes one of an error at that step.
    pub fn at(step: c_int, detail: c_int) -> impl Fn(Errno) -> Failed {
        move |error| Failed { step, detail, error }
    }
}

impl From<Errno> for Failed {
    fn from(error: Errno) -> Failed {
        Failed { step: RR_STEP_START, detail: 0, error }
    }
}

/// The child's `target` becomes a copy of the caller's `source`.
#[derive(Clone, Copy)]
pub struct Redirection {
    pub target: c_int,
    pub source: c_int,
}

#[derive(Clone, Copy)]
pub struct Limit {
    pub resource: c_int,
    pub limits: Rlimit,
}

/// Tries the paths in turn, as POSIX specifies for execvp. A path that does not exist, is on a file system that does
/// not respond, or may not be executed is skipped; the last case is remembered. Returns why none of them runs. No
/// shell is run for a file without an interpreter.
pub fn why_none_runs(paths: &[*const c_char], execute: impl Fn(*const c_char) -> Result<()>) -> Errno {
    let mut reason = Errno::ENOENT;
    for path in paths.iter().filter(|path| !path.is_null()) {
        match execute(*path) {
            Err(Errno(libc::ENOENT | libc::ENOTDIR | libc::ENODEV | libc::ETIMEDOUT | libc::ESTALE))
                if reason == Errno(libc::EACCES) => {}
            Err(error @ Errno(libc::ENOENT | libc::ENOTDIR | libc::ENODEV | libc::ETIMEDOUT | libc::ESTALE)) => {
                reason = error;
            }
            Err(Errno(libc::EACCES)) => reason = Errno(libc::EACCES),
            Err(error) => return error,
            // exec returns only with an error.
            Ok(()) => {}
        }
    }
    reason
}
