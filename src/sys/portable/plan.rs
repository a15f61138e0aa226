//! What a spawn needs to know, decided above and the same for every system.

use super::memory::Pointers;
use crate::abi::command::RR_STEP_START;
use crate::errno::{Errno, Result};
use crate::sys::Rlimit;
use core::ffi::{CStr, c_char, c_int};

pub struct Plan<'a> {
    /// Where the program may be, in the order in which to try.
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

/// Why a program does not run: the step, and on what it failed.
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

/// The child's `target` is to be what the caller's `source` is.
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

/// Tries the paths in turn, as POSIX has it for execvp: on past what is not there, or on a file system that
/// does not answer, and past what may not be executed, which is remembered. Answers why none of them runs;
/// a shell is not asked.
pub fn why_none_runs(paths: &[*const c_char], execute: impl Fn(*const c_char) -> Result<()>) -> Errno {
    let mut answer = Errno::ENOENT;
    for path in paths.iter().filter(|path| !path.is_null()) {
        match execute(*path) {
            Err(Errno(libc::ENOENT | libc::ENOTDIR | libc::ENODEV | libc::ETIMEDOUT | libc::ESTALE))
                if answer == Errno(libc::EACCES) => {}
            Err(error @ Errno(libc::ENOENT | libc::ENOTDIR | libc::ENODEV | libc::ETIMEDOUT | libc::ESTALE)) => {
                answer = error;
            }
            Err(Errno(libc::EACCES)) => answer = Errno(libc::EACCES),
            Err(error) => return error,
            // exec does not come back but with an error.
            Ok(()) => {}
        }
    }
    answer
}
