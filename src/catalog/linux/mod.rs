//! Linux, Android too: getrlimit(2), `include/uapi/asm-generic/resource.h`.
//!
//! Five numbers differ by architecture; they stand in a file each.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, Kind, MEMLOCK, NOFILE, NPROC, RSS, STACK, kind};
use super::{
    Constant, RR_SCOPE_PROCESS as PROCESS, RR_SCOPE_THREAD as THREAD, RR_SCOPE_USER as USER, RR_UNIT_BYTES as BYTES,
    RR_UNIT_COUNT as COUNT, RR_UNIT_MICROSECONDS as MICROSECONDS, RR_UNIT_PRIORITY as PRIORITY, Row, constants,
    in_order, row, unenforced,
};
use core::ffi::c_int;

#[cfg(not(any(target_arch = "mips", target_arch = "mips64", target_arch = "sparc", target_arch = "sparc64")))]
mod generic;
#[cfg(not(any(target_arch = "mips", target_arch = "mips64", target_arch = "sparc", target_arch = "sparc64")))]
use generic as numbers;
#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
mod mips;
#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
use mips as numbers;
#[cfg(any(target_arch = "sparc", target_arch = "sparc64"))]
mod sparc;
pub use numbers::{RR_RLIMIT_AS, RR_RLIMIT_NOFILE};
use numbers::{RR_RLIMIT_MEMLOCK, RR_RLIMIT_NPROC, RR_RLIMIT_RSS};
#[cfg(any(target_arch = "sparc", target_arch = "sparc64"))]
use sparc as numbers;

/// Processor time of the process, in seconds. SIGXCPU at the soft limit and at every second after
/// it, SIGKILL at the hard one.
pub const RR_RLIMIT_CPU: c_int = 0;
/// Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
pub const RR_RLIMIT_FSIZE: c_int = 1;
/// Data segment, heap and private writable mappings, in bytes. ENOMEM beyond.
pub const RR_RLIMIT_DATA: c_int = 2;
/// Stack of the main thread, in bytes; the size of new threads' stacks unless they ask for one.
/// SIGSEGV beyond. At exec a quarter of it bounds arguments and environment.
pub const RR_RLIMIT_STACK: c_int = 3;
/// Size of a core dump, in bytes: 0 writes none, else it is cut to this.
pub const RR_RLIMIT_CORE: c_int = 4;
/// File locks. Kept, but not enforced since Linux 2.4.25.
pub const RR_RLIMIT_LOCKS: c_int = 10;
/// Queued signals of the real user. EAGAIN from sigqueue(3) beyond.
pub const RR_RLIMIT_SIGPENDING: c_int = 11;
/// POSIX message queues of the real user, in bytes. EMFILE from mq_open(3) beyond.
pub const RR_RLIMIT_MSGQUEUE: c_int = 12;
/// How far a thread may raise its priority: 20 minus the lowest nice value allowed, 1 to 40.
pub const RR_RLIMIT_NICE: c_int = 13;
/// The highest real-time priority that a thread may take, 0 to 99.
pub const RR_RLIMIT_RTPRIO: c_int = 14;
/// Processor time that a real-time thread may take without blocking, in microseconds. SIGXCPU at
/// the soft limit, SIGKILL at the hard one.
pub const RR_RLIMIT_RTTIME: c_int = 15;
/// Another name of RR_RLIMIT_NOFILE.
pub const RR_RLIMIT_OFILE: c_int = RR_RLIMIT_NOFILE;

/// No limit; the largest value. All 64 bits on every Linux, on 32-bit ones too.
pub const RR_RLIM_INFINITY: u64 = u64::MAX;
/// A soft limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
pub const RR_RLIM_SAVED_CUR: u64 = u64::MAX;
/// A hard limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
pub const RR_RLIM_SAVED_MAX: u64 = u64::MAX;

const LOCKS: Kind = kind("LOCKS", COUNT, PROCESS, "file locks");
const SIGPENDING: Kind = kind("SIGPENDING", COUNT, USER, "queued signals of the user");
const MSGQUEUE: Kind = kind("MSGQUEUE", BYTES, USER, "POSIX message queues of the user");
const NICE: Kind = kind("NICE", PRIORITY, THREAD, "ceiling of priority: 20 - nice");
const RTPRIO: Kind = kind("RTPRIO", PRIORITY, THREAD, "ceiling of real-time priority");
const RTTIME: Kind = kind("RTTIME", MICROSECONDS, THREAD, "real-time processor time without blocking");

pub(super) const RESOURCES: &[Row] = &in_order([
    row(RR_RLIMIT_CPU, CPU),
    row(RR_RLIMIT_FSIZE, FSIZE),
    row(RR_RLIMIT_DATA, DATA),
    row(RR_RLIMIT_STACK, STACK),
    row(RR_RLIMIT_CORE, CORE),
    unenforced(RR_RLIMIT_RSS, RSS),
    row(RR_RLIMIT_NPROC, NPROC),
    row(RR_RLIMIT_NOFILE, NOFILE),
    row(RR_RLIMIT_MEMLOCK, MEMLOCK),
    row(RR_RLIMIT_AS, AS),
    unenforced(RR_RLIMIT_LOCKS, LOCKS),
    row(RR_RLIMIT_SIGPENDING, SIGPENDING),
    row(RR_RLIMIT_MSGQUEUE, MSGQUEUE),
    row(RR_RLIMIT_NICE, NICE),
    row(RR_RLIMIT_RTPRIO, RTPRIO),
    row(RR_RLIMIT_RTTIME, RTTIME),
]);

pub(super) const ALIASES: &[(&str, c_int)] = &[("OFILE", RR_RLIMIT_OFILE)];

pub const CONSTANTS: &[Constant] = constants![RR_RLIM_INFINITY, RR_RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_RSS RLIMIT_RSS,
    RR_RLIMIT_NPROC RLIMIT_NPROC, RR_RLIMIT_NOFILE RLIMIT_NOFILE, RR_RLIMIT_MEMLOCK RLIMIT_MEMLOCK,
    RR_RLIMIT_AS RLIMIT_AS, RR_RLIMIT_LOCKS RLIMIT_LOCKS, RR_RLIMIT_SIGPENDING RLIMIT_SIGPENDING,
    RR_RLIMIT_MSGQUEUE RLIMIT_MSGQUEUE, RR_RLIMIT_NICE RLIMIT_NICE, RR_RLIMIT_RTPRIO RLIMIT_RTPRIO,
}
// The `libc` crate does not have it for Android.
#[cfg(not(target_os = "android"))]
super::equal_libc! { RR_RLIMIT_RTTIME RLIMIT_RTTIME }
