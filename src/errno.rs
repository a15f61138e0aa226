//! F0: an error number: its name, and what it means to a caller of this library.

use crate::strings::Strings;
use core::ffi::{CStr, c_int};

/// A positive errno value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub c_int);

pub type Result<T> = core::result::Result<T, Errno>;

macro_rules! errnos {
    ($($name:ident)*) => {
        #[allow(dead_code, reason = "not every system needs each")]
        impl Errno {
            $(pub const $name: Errno = Errno(libc::$name);)*
        }
    };
}

errnos! {
    EACCES EAGAIN EBADF EFAULT EINTR EINVAL EIO EMFILE ENFILE ENODEV ENOENT ENOMEM ENOSYS ENOTRECOVERABLE ENOTSUP EPERM ERANGE ESRCH
}

impl Errno {
    /// An error of an absent system call or of a sandbox: another method may work.
    #[allow(dead_code, reason = "only Linux has several methods")]
    pub fn is_refusal(self) -> bool {
        matches!(self, Errno::ENOSYS | Errno::EPERM | Errno::EACCES)
    }

    /// A lack of memory or descriptors, which is temporary and no result.
    #[allow(dead_code, reason = "not every system reads files")]
    pub fn is_lack(self) -> bool {
        matches!(self, Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM)
    }
}

const SUCCESS: &CStr = c"success";
const UNKNOWN: &CStr = c"unknown error";

/// The meaning of an error that this library returns. Never fails, so that any message can include it.
pub fn text(error: c_int) -> &'static CStr {
    find(error, 1).unwrap_or(if error == 0 { SUCCESS } else { UNKNOWN })
}

/// The macro's name, like `EPERM`.
pub fn name(error: c_int) -> Option<&'static CStr> {
    find(error, 0)
}

/// Name and text in turn.
struct Table {
    numbers: &'static [c_int],
    strings: &'static str,
}

/// 0 is the name, 1 the text.
fn find(error: c_int, which: usize) -> Option<&'static CStr> {
    let place = ERRORS.numbers.iter().position(|number| *number == error)?;
    Strings::of(ERRORS.strings.as_bytes()).nth(2 * place + which)
}

macro_rules! errors {
    ($($name:ident $text:literal)*) => {
        Table {
            numbers: &[$(libc::$name),*],
            strings: concat!($(stringify!($name), "\0", $text, "\0"),*),
        }
    };
}

/// The errors that this library returns itself or passes on: tests/errors.rs compares them with the source and the
/// header. Each text names what is wrong and, if known, what to do.
#[rustfmt::skip]
const ERRORS: Table = errors! {
    EINVAL "invalid argument: unknown resource or number, malformed text, or soft limit greater than hard limit"
    EPERM "not permitted: this requires privilege (CAP_SYS_RESOURCE on Linux), or NOFILE would exceed the system's maximum"
    ESRCH "no such process: it has ended or never existed"
    EFAULT "a required pointer is NULL: pass a valid one"
    ENOENT "no such file, directory or name: check the spelling and the path"
    ERANGE "out of range: index past the end, buffer too small, or number too large"
    ENOTSUP "not supported by this system: use another call or field"
    ECHILD "no such child: it is not a child of this process or was already reaped"
    EINTR "interrupted by a signal handler: call again"
    ETIMEDOUT "timed out: the child is still running"
    ENOTRECOVERABLE "a previous limit could not be restored: read the limits to see which ones are in force"
    EACCES "access denied: check the permissions of the file and its directories, and the security policy"
    ENOSYS "system call not available: the kernel lacks it or a sandbox refuses it"
    EPROTO "the launcher's answer could not be read: check whether the program runs before you start it again"
    EAGAIN "resource temporarily unavailable: the limit on processes may be reached; try again"
    ENOMEM "out of memory: free some or raise the limit"
    EMFILE "too many open descriptors in this process: close some or raise RLIMIT_NOFILE"
    ENFILE "too many open files in the system: close some or raise the system's maximum"
    EBADF "bad descriptor: it is not open, not a pidfd, or not less than the hard limit on NOFILE"
    ENOEXEC "not an executable format: check the file, and the #! line of a script"
    ENOTDIR "a part of the path is not a directory: check the path"
    EISDIR "the program or its interpreter is a directory: check the path"
    ELOOP "too many symbolic links in the path: check it for a loop"
    ENAMETOOLONG "path too long: use a shorter one"
    E2BIG "arguments and environment too long: shorten them or raise RLIMIT_STACK"
    ETXTBSY "the program is open for writing: close it first"
    EFBIG "file too large: raise RLIMIT_FSIZE"
    EROFS "read-only file system: remount it writable"
    EIO "input or output error: check the storage"
    ENODEV "no such device: check the file system of the program"
    ESTALE "stale file handle: check the network file system of the program"
};
