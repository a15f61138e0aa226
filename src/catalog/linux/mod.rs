//! Linux, Android too: getrlimit(2), `include/uapi/asm-generic/resource.h`.
//!
//! Five numbers differ by architecture; each variant has its own file.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, Kind, MEMLOCK, NOFILE, NPROC, RSS, STACK, kind};
use super::{
    Constants, RR_SCOPE_PROCESS as PROCESS, RR_SCOPE_THREAD as THREAD, RR_SCOPE_USER as USER, RR_UNIT_BYTES as BYTES,
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
pub use numbers::{RR_RLIMIT_AS, RR_RLIMIT_MEMLOCK, RR_RLIMIT_NOFILE, RR_RLIMIT_NPROC, RR_RLIMIT_RSS};
#[cfg(any(target_arch = "sparc", target_arch = "sparc64"))]
use sparc as numbers;

/// SIGXCPU again at every second after the soft limit
pub const RR_RLIMIT_CPU: c_int = 0;
pub const RR_RLIMIT_FSIZE: c_int = 1;
/// includes private writable mappings
pub const RR_RLIMIT_DATA: c_int = 2;
/// also the default size of new threads' stacks; a quarter of it limits arguments and environment of execve(2)
pub const RR_RLIMIT_STACK: c_int = 3;
/// a larger core dump is truncated
pub const RR_RLIMIT_CORE: c_int = 4;
/// file locks; not enforced since Linux 2.4.25
pub const RR_RLIMIT_LOCKS: c_int = 10;
/// queued signals of the real user; EAGAIN from sigqueue(3)
pub const RR_RLIMIT_SIGPENDING: c_int = 11;
/// bytes in POSIX message queues of the real user; EMFILE from mq_open(3)
pub const RR_RLIMIT_MSGQUEUE: c_int = 12;
/// 20 minus the lowest nice value that a thread can set, 1 to 40
pub const RR_RLIMIT_NICE: c_int = 13;
/// highest real-time priority that a thread can set, 0 to 99
pub const RR_RLIMIT_RTPRIO: c_int = 14;
/// microseconds that a real-time thread can run without blocking; SIGXCPU at the soft limit, SIGKILL at the hard limit
pub const RR_RLIMIT_RTTIME: c_int = 15;
pub const RR_RLIMIT_OFILE: c_int = RR_RLIMIT_NOFILE;

/// 64 bits on 32-bit systems too
pub const RR_RLIM_INFINITY: u64 = u64::MAX;
pub const RR_RLIM_SAVED_CUR: u64 = u64::MAX;
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

pub(crate) const CONSTANTS: Constants = constants![RR_RLIM_INFINITY, RR_RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX];

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
