//! What the library and the launcher say to each other. Both include this file.
//!
//! The launcher's arguments: its name; the job; the program's directory, or nothing; the paths to try;
//! then the program's own arguments. Its environment is the program's.
//!
//! The job is numbers in hexadecimal, each followed by a space: VERSION, the socket to answer on, the pipe
//! for the program's error, flags, how many paths, how many limits, and for each its resource, soft and hard
//! limit.

use core::ffi::c_int;

/// A launcher of another version does nothing and says nothing.
pub(crate) const VERSION: u64 = 2;

pub(crate) const LEADS_GROUP: u64 = 1;
pub(crate) const LEADS_SESSION: u64 = 2;

/// From here on the program may run: nobody else may start it.
pub(crate) const ANNOUNCED: c_int = 1;
/// There is no process, and `error` says why.
pub(crate) const NOT_CLONED: c_int = 2;
/// There is a process, whose pidfd comes along. Where it cannot run the program it writes why, an int, to the
/// pipe, and ends; where it can, exec closes the pipe.
pub(crate) const CLONED: c_int = 3;
/// Without the launcher: the program could not be started, and `error` says why.
#[allow(dead_code, reason = "the library says it to itself")]
pub(crate) const FAILED: c_int = 4;
/// Before the launcher: the end of the pipe to read from comes along. The other one is nobody's but the
/// launcher's and the program's, so that it is closed when these have closed it.
#[allow(dead_code, reason = "the library says it to itself")]
pub(crate) const PIPE: c_int = 5;

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Message {
    pub(crate) kind: c_int,
    pub(crate) pid: c_int,
    pub(crate) error: c_int,
}

/// `struct msghdr` and what it points to, as the kernel has them: libc's differ.
#[repr(C)]
pub(crate) struct Header {
    pub(crate) name: usize,
    pub(crate) name_length: c_int,
    pub(crate) parts: usize,
    pub(crate) part_count: usize,
    pub(crate) control: usize,
    pub(crate) control_length: usize,
    pub(crate) flags: c_int,
}

/// `struct iovec`.
#[repr(C)]
pub(crate) struct Part {
    pub(crate) base: usize,
    pub(crate) length: usize,
}

/// `struct cmsghdr` with one descriptor in it; its size is `CMSG_SPACE(sizeof(int))`.
#[repr(C)]
pub(crate) struct Control {
    pub(crate) length: usize,
    pub(crate) level: c_int,
    pub(crate) kind: c_int,
    pub(crate) descriptor: c_int,
}

impl Control {
    /// `CMSG_LEN(sizeof(int))`.
    pub(crate) const LENGTH: usize = core::mem::offset_of!(Control, descriptor) + size_of::<c_int>();
}

/// Tries the paths in turn, as POSIX has it for execvp: on past what is not there, or on a file system that
/// does not answer, and past what may not be executed, which is remembered. Answers why none of them runs;
/// a shell is not asked.
pub(crate) fn why_none_runs(paths: impl Iterator<Item = usize>, mut execute: impl FnMut(usize) -> c_int) -> c_int {
    const ENOENT: c_int = 2;
    const EACCES: c_int = 13;
    const ENODEV: c_int = 19;
    const ENOTDIR: c_int = 20;
    // `include/uapi/asm-generic/errno.h`. Where an architecture has others exec answers none of these two.
    const ETIMEDOUT: c_int = 110;
    const ESTALE: c_int = 116;
    let mut answer = ENOENT;
    for path in paths {
        match execute(path) {
            error @ (ENOENT | ENOTDIR | ENODEV | ETIMEDOUT | ESTALE) if answer != EACCES => answer = error,
            ENOENT | ENOTDIR | ENODEV | ETIMEDOUT | ESTALE => {}
            EACCES => answer = EACCES,
            error => return error,
        }
    }
    answer
}
