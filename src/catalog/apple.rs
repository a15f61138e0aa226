//! macOS and its kin: getrlimit(2), `bsd/sys/resource.h`, `dosetrlimit` in `bsd/kern/kern_resource.c`.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, MEMLOCK, NOFILE, NPROC, STACK};
use super::{Constant, Row, constants, in_order, row};
use core::ffi::c_int;

/// Processor time of the process, in seconds. SIGXCPU at the soft limit; the hard one only bounds
/// it.
pub const RR_RLIMIT_CPU: c_int = 0;
/// Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
pub const RR_RLIMIT_FSIZE: c_int = 1;
/// Data segment and heap, in bytes. EINVAL for a value below the present use.
pub const RR_RLIMIT_DATA: c_int = 2;
/// Stack of the main thread, in bytes. SIGSEGV beyond. EINVAL for a value below the present use, and
/// for a lower one from another thread.
pub const RR_RLIMIT_STACK: c_int = 3;
/// Size of a core dump, in bytes: 0 writes none, and a larger one is not written.
pub const RR_RLIMIT_CORE: c_int = 4;
/// Address space of the process, in bytes; with the shared cache it begins at gigabytes. ENOMEM from
/// mmap(2) beyond. EINVAL for a value below the present use.
pub const RR_RLIMIT_AS: c_int = 5;
/// Memory that the process locks into RAM, in bytes. mlock(2) fails beyond.
pub const RR_RLIMIT_MEMLOCK: c_int = 6;
/// Processes of the real user. EAGAIN from fork(2) beyond. A value above the sysctl
/// kern.maxprocperuid (kern.maxproc for root) becomes that one.
pub const RR_RLIMIT_NPROC: c_int = 7;
/// One more than the highest file descriptor that the process may open. EMFILE beyond. The sysctl
/// kern.maxfilesperproc holds where it is lower. Some versions answer EINVAL to RR_RLIM_INFINITY as
/// the soft limit.
pub const RR_RLIMIT_NOFILE: c_int = 8;
/// Another name of RR_RLIMIT_AS: it limits the address space, not the resident set.
pub const RR_RLIMIT_RSS: c_int = RR_RLIMIT_AS;

/// No limit; every larger value counts as it. 2^63-1 here.
pub const RR_RLIM_INFINITY: u64 = 0x7FFF_FFFF_FFFF_FFFF_u64;
/// A soft limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
pub const RR_RLIM_SAVED_CUR: u64 = RR_RLIM_INFINITY;
/// A hard limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
pub const RR_RLIM_SAVED_MAX: u64 = RR_RLIM_INFINITY;

pub(super) const RESOURCES: &[Row] = &in_order([
    row(RR_RLIMIT_CPU, CPU),
    row(RR_RLIMIT_FSIZE, FSIZE),
    row(RR_RLIMIT_DATA, DATA),
    row(RR_RLIMIT_STACK, STACK),
    row(RR_RLIMIT_CORE, CORE),
    row(RR_RLIMIT_AS, AS),
    row(RR_RLIMIT_MEMLOCK, MEMLOCK),
    row(RR_RLIMIT_NPROC, NPROC),
    row(RR_RLIMIT_NOFILE, NOFILE),
]);

pub(super) const ALIASES: &[(&str, c_int)] = &[("RSS", RR_RLIMIT_RSS)];

pub const CONSTANTS: &[Constant] = constants![RR_RLIM_INFINITY, RR_RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_AS RLIMIT_AS,
    RR_RLIMIT_RSS RLIMIT_RSS, RR_RLIMIT_MEMLOCK RLIMIT_MEMLOCK, RR_RLIMIT_NPROC RLIMIT_NPROC,
    RR_RLIMIT_NOFILE RLIMIT_NOFILE, RR_RLIM_INFINITY RLIM_INFINITY,
}
