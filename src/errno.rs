//! F0: an error number: its name, and what it means to a caller of this library.

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
    EACCES EAGAIN EBADF EFAULT EINTR EINVAL EIO EMFILE ENFILE ENOENT ENOMEM ENOSYS ENOTRECOVERABLE ENOTSUP EPERM ERANGE ESRCH
}

impl Errno {
    /// What an absent system call or a sandbox answers: another way may be open.
    #[allow(dead_code, reason = "Linux alone has several ways")]
    pub fn is_refusal(self) -> bool {
        matches!(self, Errno::ENOSYS | Errno::EPERM | Errno::EACCES)
    }

    /// A lack of room, which passes: no answer to what was asked.
    #[allow(dead_code, reason = "not every system reads files")]
    pub fn is_lack(self) -> bool {
        matches!(self, Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM)
    }
}

const SUCCESS: &CStr = c"success";
const UNKNOWN: &CStr = c"an error that this library does not know: see errno(3)";

/// What an error means here; never fails, so that it can stand in any message.
pub fn text(error: c_int) -> &'static CStr {
    match find(error) {
        Some(known) => known.text,
        None if error == 0 => SUCCESS,
        None => UNKNOWN,
    }
}

/// The macro's name, like `EPERM`.
pub fn name(error: c_int) -> Option<&'static CStr> {
    find(error).map(|known| known.name)
}

struct Known {
    name: &'static CStr,
    text: &'static CStr,
}

/// Name, NUL, text, NUL for each number in turn: one string, where a pointer for each would cost a
/// relocation in every program that loads the library.
struct Table {
    numbers: &'static [c_int],
    strings: &'static str,
}

/// The first entry of a number is its name: where a system gives one number two names (EAGAIN and
/// EWOULDBLOCK, ENOTSUP and EOPNOTSUPP on some), the order below decides.
fn find(error: c_int) -> Option<Known> {
    [ERRORS, SYSTEM_ERRORS, NEWER_ERRORS].iter().find_map(|table| {
        let place = table.numbers.iter().position(|number| *number == error)?;
        let mut strings = Strings(table.strings.as_bytes()).skip(2 * place);
        Some(Known { name: strings.next()?, text: strings.next()? })
    })
}

/// One after the other, each with its NUL; without the slicing that could panic.
struct Strings(&'static [u8]);

impl Iterator for Strings {
    type Item = &'static CStr;

    fn next(&mut self) -> Option<&'static CStr> {
        let length = self.0.iter().position(|byte| *byte == 0)? + 1;
        let (string, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        CStr::from_bytes_with_nul(string).ok()
    }
}

macro_rules! errors {
    ($($name:ident $text:literal)*) => {
        Table {
            numbers: &[$(libc::$name),*],
            strings: concat!($(stringify!($name), "\0", $text, "\0"),*),
        }
    };
}

/// POSIX.1-2024, `<errno.h>`: on every system. The first ones are what this library itself answers
/// or passes on, so they say what to do.
#[rustfmt::skip]
const ERRORS: Table = errors! {
    EINVAL "invalid argument: an unknown resource, `who` or number, a text that is no limit, or a soft limit above the hard one"
    EPERM "not permitted: raising a hard limit needs privilege (CAP_SYS_RESOURCE on Linux), NOFILE has a system maximum, and another user's process is not yours to change"
    ESRCH "no such process: it has ended, or there never was one with this number"
    EFAULT "a required pointer is NULL"
    ENOENT "no such name, file or directory"
    ERANGE "out of range: an index past the end, a buffer too small, or a number too large"
    ECHILD "no such child: not a child of this process, or already waited for"
    EINTR "interrupted by a signal: call again"
    ENOSYS "this kernel, or the sandbox around this process, does not allow the system call"
    EACCES "access denied by the file's permissions or by a security policy"
    ENOMEM "out of memory, or above the limit on it"
    EAGAIN "temporarily out of a resource, such as processes (RLIMIT_NPROC): try again"
    EMFILE "too many open files in this process: raise RLIMIT_NOFILE or close some"
    ENFILE "too many open files in the whole system"
    ETIMEDOUT "timed out"
    ENOTRECOVERABLE "the former state could not be put back"

    E2BIG "argument list too long"
    EADDRINUSE "address already in use"
    EADDRNOTAVAIL "address not available"
    EAFNOSUPPORT "address family not supported"
    EALREADY "operation already in progress"
    EBADF "bad file descriptor"
    EBADMSG "bad message"
    EBUSY "device or resource busy"
    ECANCELED "operation cancelled"
    ECONNABORTED "connection aborted"
    ECONNREFUSED "connection refused"
    ECONNRESET "connection reset"
    EDEADLK "resource deadlock would occur"
    EDESTADDRREQ "destination address required"
    EDOM "argument outside the function's domain"
    EDQUOT "disk quota exceeded"
    EEXIST "file exists"
    EFBIG "file too large"
    EHOSTUNREACH "host is unreachable"
    EIDRM "identifier removed"
    EILSEQ "illegal byte sequence"
    EINPROGRESS "operation in progress"
    EIO "input or output error"
    EISCONN "socket is connected"
    EISDIR "is a directory"
    ELOOP "too many levels of symbolic links"
    EMLINK "too many links"
    EMSGSIZE "message too long"
    ENAMETOOLONG "file name too long"
    ENETDOWN "network is down"
    ENETRESET "connection aborted by the network"
    ENETUNREACH "network unreachable"
    ENOBUFS "no buffer space available"
    ENODEV "no such device"
    ENOEXEC "not in an executable format"
    ENOLCK "no locks available"
    ENOMSG "no message of the desired type"
    ENOPROTOOPT "protocol not available"
    ENOSPC "no space left on device"
    ENOTCONN "socket is not connected"
    ENOTDIR "not a directory"
    ENOTEMPTY "directory not empty"
    ENOTSOCK "not a socket"
    ENOTSUP "right, but not on this system: it has no such call or keeps no such number"
    ENOTTY "inappropriate ioctl for device"
    ENXIO "no such device or address"
    EOPNOTSUPP "operation not supported on this socket"
    EOVERFLOW "value too large for its type"
    EOWNERDEAD "the former owner died"
    EPIPE "broken pipe"
    EPROTO "protocol error; or the launcher of a program was killed while it started it, and it was not started again"
    EPROTONOSUPPORT "protocol not supported"
    EPROTOTYPE "protocol wrong type for socket"
    EROFS "read-only file system"
    ESPIPE "invalid seek"
    ESTALE "stale file handle"
    ETXTBSY "text file busy"
    EXDEV "cross-device link"
    ENOTBLK "block device required"
    ESHUTDOWN "the connection was shut down"
    EUSERS "too many users"
    EHOSTDOWN "host is down"
    ETOOMANYREFS "too many references"
    EPFNOSUPPORT "protocol family not supported"
    ESOCKTNOSUPPORT "socket type not supported"
    EREMOTE "object is remote"
};

/// Linux's further ones, which a security module or a system-call filter may answer: errno(3) and
/// `include/uapi/asm-generic/errno.h`.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[rustfmt::skip]
const SYSTEM_ERRORS: Table = errors! {
    EADV "advertise error"
    EBADE "invalid exchange"
    EBADFD "file descriptor in bad state"
    EBADR "invalid request descriptor"
    EBADRQC "invalid request code"
    EBADSLT "invalid slot"
    EBFONT "bad font file format"
    ECHRNG "channel number out of range"
    ECOMM "communication error on send"
    EDOTDOT "RFS specific error"
    EISNAM "is a named type file"
    EKEYEXPIRED "key has expired"
    EKEYREJECTED "key was rejected by service"
    EKEYREVOKED "key has been revoked"
    EL2HLT "level 2 halted"
    EL2NSYNC "level 2 not synchronized"
    EL3HLT "level 3 halted"
    EL3RST "level 3 reset"
    ELIBACC "cannot access a needed shared library"
    ELIBBAD "accessing a corrupted shared library"
    ELIBEXEC "cannot execute a shared library directly"
    ELIBMAX "too many shared libraries"
    ELIBSCN "library section corrupted"
    ELNRNG "link number out of range"
    EMEDIUMTYPE "wrong medium type"
    EMULTIHOP "multihop attempted"
    ENAVAIL "no semaphores available"
    ENOANO "no anode"
    ENOCSI "no CSI structure available"
    ENODATA "no data available"
    ENOKEY "required key not available"
    ENOLINK "link has been severed"
    ENOMEDIUM "no medium found"
    ENONET "machine is not on the network"
    ENOPKG "package not installed"
    ENOSR "out of streams resources"
    ENOSTR "not a stream"
    ENOTNAM "not a named type file"
    ENOTUNIQ "name not unique on network"
    EREMCHG "remote address changed"
    EREMOTEIO "remote input or output error"
    ERESTART "interrupted system call should be restarted"
    ESRMNT "srmount error"
    ESTRPIPE "streams pipe error"
    ETIME "timer expired"
    EUCLEAN "structure needs cleaning"
    EUNATCH "protocol driver not attached"
    EXFULL "exchange full"
};
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const SYSTEM_ERRORS: Table = Table { numbers: &[], strings: "" };

/// Those of Linux that the `libc` crate lacks for Android.
#[cfg(target_os = "linux")]
const NEWER_ERRORS: Table = errors! {
    EHWPOISON "memory page has a hardware error"
    ERFKILL "operation not possible due to RF-kill"
};
#[cfg(not(target_os = "linux"))]
const NEWER_ERRORS: Table = Table { numbers: &[], strings: "" };
