//! The input of a spawn, decided by the floor above and the same for every system.

use super::memory::Pointers;
use crate::abi::command::RR_STEP_START;
use crate::errno::{Errno, Result};
use crate::sys::Rlimit;
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
