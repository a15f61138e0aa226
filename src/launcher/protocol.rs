//! The messages between the library and the launcher. Both include this file; `PROTOCOL.md` in the same folder is the
//! complete description.
//!
//! The launcher's arguments: its name; the job; the paths to try; then the program's own arguments. Its
//! environment is the program's.
//!
//! The job is numbers in hexadecimal, each followed by a space: VERSION; the start's nonce; the socket; the pipe;
//! flags; the number of paths, and how many of them were examined; the number of limits; the caller's capabilities
//! (6), its IDs (4); for each examined path what was found (4); for each limit its resource, soft and hard limit; with
//! SETS_USER the group and the user.

use core::ffi::c_int;
use core::mem::MaybeUninit;

/// A launcher of another version does nothing and sends nothing.
pub(crate) const VERSION: u64 = 4;

pub(crate) const LEADS_GROUP: u64 = 1;
pub(crate) const LEADS_SESSION: u64 = 2;
pub(crate) const SETS_USER: u64 = 4;

/// From the child, before it executes the launcher, with the reading end of the pipe.
#[allow(dead_code, reason = "only the library sends and receives it")]
pub(crate) const PIPE: c_int = 1;
/// From the launcher: it has cloned a process with this PID.
pub(crate) const CLONED: c_int = 2;
/// From that process, with its pidfd: it is about to execute the program.
pub(crate) const PROGRAM: c_int = 3;
/// From the same process: it has not executed the program and will not.
pub(crate) const NOT_RUN: c_int = 4;
/// From a child that starts the program directly and does not share memory with the caller.
#[allow(dead_code, reason = "only the library sends and receives it")]
pub(crate) const FAILED: c_int = 5;

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Message {
    /// Identifies the start: other writes to the socket do not have it.
    pub(crate) nonce: u64,
    pub(crate) kind: c_int,
    pub(crate) pid: c_int,
    pub(crate) failure: [c_int; 4],
}

/// The kernel's `struct msghdr` and what it points to: libc's differ.
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

impl Header {
    /// One part, and perhaps a descriptor with it.
    pub(crate) fn new(part: &Part, control: Option<&mut Control>) -> Header {
        let control_length = if control.is_some() { size_of::<Control>() } else { 0 };
        let control = control.map_or(0, |control| core::ptr::from_mut(control).expose_provenance());
        let parts = core::ptr::from_ref(part).expose_provenance();
        Header { name: 0, name_length: 0, parts, part_count: 1, control, control_length, flags: 0 }
    }
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

/// What was found at a path, see [`look_at`].
pub(crate) type Found = [u64; 4];

/// `STATX_TYPE | STATX_MODE | STATX_INO | STATX_MNT_ID` of `include/uapi/linux/stat.h`.
const WANTED: usize = 0x1103;
const AT_FDCWD: usize = -100_isize as usize;

/// What distinguishes the file at a path, as one mount shows it, from all others: its inode, device, mount, and the
/// mode; or the negated error of statx(2), and zeros. `statx` makes the call.
pub(crate) fn look_at(path: usize, statx: impl FnOnce([usize; 5]) -> isize) -> Found {
    // `struct statx`: the offsets of its fields are the same on every architecture.
    let mut status = MaybeUninit::<[u64; 32]>::uninit();
    let words = status.as_mut_ptr().cast::<u64>();
    let answer = statx([AT_FDCWD, path, 0, WANTED, words.expose_provenance()]);
    if answer < 0 {
        return [answer as i64 as u64, 0, 0, 0];
    }
    // SAFETY: within the struct, all of which the kernel has written.
    unsafe { [4, 17, 18, 3].map(|place| words.add(place).read()) }
}

/// Whether execvp(3) continues after this error: the path does not exist, is on a file system that does not respond,
/// or may not be executed.
pub(crate) fn is_passed_over(error: isize) -> bool {
    const ENOENT: isize = 2;
    const EACCES: isize = 13;
    const ENODEV: isize = 19;
    const ENOTDIR: isize = 20;
    // `include/uapi/asm-generic/errno.h`. No architecture with other numbers has a launcher.
    const ETIMEDOUT: isize = 110;
    const ESTALE: isize = 116;
    matches!(error, ENOENT | EACCES | ENODEV | ENOTDIR | ETIMEDOUT | ESTALE)
}
