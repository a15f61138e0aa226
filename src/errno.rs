//! F0: an error number: its name, and what it means to a caller of this library.

use core::ffi::{CStr, c_int};

/// A positive errno value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub c_int);

pub type Result<T> = core::result::Result<T, Errno>;

impl Errno {
    pub const EFAULT: Errno = Errno(libc::EFAULT);
    pub const EINVAL: Errno = Errno(libc::EINVAL);
    pub const ENOENT: Errno = Errno(libc::ENOENT);
    pub const ERANGE: Errno = Errno(libc::ERANGE);
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
    number: c_int,
    name: &'static CStr,
    text: &'static CStr,
}

/// The first entry of a number is its name: where a system gives one number two names (EAGAIN and
/// EWOULDBLOCK, ENOTSUP and EOPNOTSUPP on some), the order below decides.
fn find(error: c_int) -> Option<&'static Known> {
    ERRORS.iter().chain(SYSTEM_ERRORS).find(|known| known.number == error)
}

macro_rules! errors {
    ($($(#[$only:meta])? $name:ident $text:literal)*) => {
        &[$($(#[$only])? Known {
            number: libc::$name,
            name: match CStr::from_bytes_with_nul(concat!(stringify!($name), "\0").as_bytes()) {
                Ok(name) => name,
                Err(_) => c"",
            },
            text: $text,
        }),*]
    };
}

/// POSIX.1-2024, `<errno.h>`: on every system. The first ones are what this library itself answers
/// or passes on, so they say what to do.
#[rustfmt::skip]
const ERRORS: &[Known] = errors! {
    EINVAL c"invalid argument: an unknown resource, `who` or number, or a soft limit above the hard one"
    EPERM c"not permitted: raising a hard limit needs privilege (CAP_SYS_RESOURCE on Linux), NOFILE has a system maximum, and another user's process is not yours to change"
    ESRCH c"no such process: it has ended, or there never was one with this number"
    EFAULT c"a required pointer is NULL"
    ENOENT c"no such name, file or directory"
    ERANGE c"out of range: an index past the end, a buffer too small, or a number too large"
    ECHILD c"no such child: not a child of this process, or already waited for"
    EINTR c"interrupted by a signal: call again"
    ENOSYS c"this kernel, or the sandbox around this process, does not allow the system call"
    EACCES c"access denied by the file's permissions or by a security policy"
    ENOMEM c"out of memory, or above the limit on it"
    EAGAIN c"temporarily out of a resource, such as processes (RLIMIT_NPROC): try again"
    EMFILE c"too many open files in this process: raise RLIMIT_NOFILE or close some"
    ENFILE c"too many open files in the whole system"
    ETIMEDOUT c"timed out"
    ENOTRECOVERABLE c"the former state could not be put back"

    E2BIG c"argument list too long"
    EADDRINUSE c"address already in use"
    EADDRNOTAVAIL c"address not available"
    EAFNOSUPPORT c"address family not supported"
    EALREADY c"operation already in progress"
    EBADF c"bad file descriptor"
    EBADMSG c"bad message"
    EBUSY c"device or resource busy"
    ECANCELED c"operation cancelled"
    ECONNABORTED c"connection aborted"
    ECONNREFUSED c"connection refused"
    ECONNRESET c"connection reset"
    EDEADLK c"resource deadlock would occur"
    EDESTADDRREQ c"destination address required"
    EDOM c"argument outside the function's domain"
    EDQUOT c"disk quota exceeded"
    EEXIST c"file exists"
    EFBIG c"file too large"
    EHOSTUNREACH c"host is unreachable"
    EIDRM c"identifier removed"
    EILSEQ c"illegal byte sequence"
    EINPROGRESS c"operation in progress"
    EIO c"input or output error"
    EISCONN c"socket is connected"
    EISDIR c"is a directory"
    ELOOP c"too many levels of symbolic links"
    EMLINK c"too many links"
    EMSGSIZE c"message too long"
    ENAMETOOLONG c"file name too long"
    ENETDOWN c"network is down"
    ENETRESET c"connection aborted by the network"
    ENETUNREACH c"network unreachable"
    ENOBUFS c"no buffer space available"
    ENODEV c"no such device"
    ENOEXEC c"not in an executable format"
    ENOLCK c"no locks available"
    ENOMSG c"no message of the desired type"
    ENOPROTOOPT c"protocol not available"
    ENOSPC c"no space left on device"
    ENOTCONN c"socket is not connected"
    ENOTDIR c"not a directory"
    ENOTEMPTY c"directory not empty"
    ENOTSOCK c"not a socket"
    ENOTSUP c"right, but not on this system: it has no such call or keeps no such number"
    ENOTTY c"inappropriate ioctl for device"
    ENXIO c"no such device or address"
    EOPNOTSUPP c"operation not supported on this socket"
    EOVERFLOW c"value too large for its type"
    EOWNERDEAD c"the former owner died"
    EPIPE c"broken pipe"
    EPROTO c"protocol error"
    EPROTONOSUPPORT c"protocol not supported"
    EPROTOTYPE c"protocol wrong type for socket"
    EROFS c"read-only file system"
    ESPIPE c"invalid seek"
    ESTALE c"stale file handle"
    ETXTBSY c"text file busy"
    EXDEV c"cross-device link"
    ENOTBLK c"block device required"
    ESHUTDOWN c"the connection was shut down"
    EUSERS c"too many users"
    EHOSTDOWN c"host is down"
    ETOOMANYREFS c"too many references"
    EPFNOSUPPORT c"protocol family not supported"
    ESOCKTNOSUPPORT c"socket type not supported"
    EREMOTE c"object is remote"
};

/// Linux's further ones, which a security module or a system-call filter may answer: errno(3) and
/// `include/uapi/asm-generic/errno.h`. The `libc` crate has not all of them for Android.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[rustfmt::skip]
const SYSTEM_ERRORS: &[Known] = errors! {
    EADV c"advertise error"
    EBADE c"invalid exchange"
    EBADFD c"file descriptor in bad state"
    EBADR c"invalid request descriptor"
    EBADRQC c"invalid request code"
    EBADSLT c"invalid slot"
    EBFONT c"bad font file format"
    ECHRNG c"channel number out of range"
    ECOMM c"communication error on send"
    EDOTDOT c"RFS specific error"
    #[cfg(not(target_os = "android"))] EHWPOISON c"memory page has a hardware error"
    EISNAM c"is a named type file"
    EKEYEXPIRED c"key has expired"
    EKEYREJECTED c"key was rejected by service"
    EKEYREVOKED c"key has been revoked"
    EL2HLT c"level 2 halted"
    EL2NSYNC c"level 2 not synchronized"
    EL3HLT c"level 3 halted"
    EL3RST c"level 3 reset"
    ELIBACC c"cannot access a needed shared library"
    ELIBBAD c"accessing a corrupted shared library"
    ELIBEXEC c"cannot execute a shared library directly"
    ELIBMAX c"too many shared libraries"
    ELIBSCN c"library section corrupted"
    ELNRNG c"link number out of range"
    EMEDIUMTYPE c"wrong medium type"
    EMULTIHOP c"multihop attempted"
    ENAVAIL c"no semaphores available"
    ENOANO c"no anode"
    ENOCSI c"no CSI structure available"
    ENODATA c"no data available"
    ENOKEY c"required key not available"
    ENOLINK c"link has been severed"
    ENOMEDIUM c"no medium found"
    ENONET c"machine is not on the network"
    ENOPKG c"package not installed"
    ENOSR c"out of streams resources"
    ENOSTR c"not a stream"
    ENOTNAM c"not a named type file"
    ENOTUNIQ c"name not unique on network"
    EREMCHG c"remote address changed"
    EREMOTEIO c"remote input or output error"
    ERESTART c"interrupted system call should be restarted"
    #[cfg(not(target_os = "android"))] ERFKILL c"operation not possible due to RF-kill"
    ESRMNT c"srmount error"
    ESTRPIPE c"streams pipe error"
    ETIME c"timer expired"
    EUCLEAN c"structure needs cleaning"
    EUNATCH c"protocol driver not attached"
    EXFULL c"exchange full"
};
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const SYSTEM_ERRORS: &[Known] = &[];
