//! OpenBSD: getrlimit(2), `sys/sys/resource.h`, `dosetrlimit` in `sys/kern/kern_resource.c`.

use super::kind::{CORE, CPU, DATA, FSIZE, MEMLOCK, NOFILE, NPROC, RSS, STACK};
use super::{Constant, Row, constants, in_order, row, unenforced};
use core::ffi::c_int;

/// Processor time of the process, in seconds. SIGXCPU at the soft limit and at every fifth second
/// after it, SIGKILL at the hard one.
pub const RR_RLIMIT_CPU: c_int = 0;
/// Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
pub const RR_RLIMIT_FSIZE: c_int = 1;
/// Data segment, heap and anonymous mappings, in bytes. ENOMEM beyond. A value above the kernel's
/// maximum becomes that one.
pub const RR_RLIMIT_DATA: c_int = 2;
/// Stack of the main thread, in bytes. SIGSEGV beyond. A value above the kernel's maximum becomes
/// that one.
pub const RR_RLIMIT_STACK: c_int = 3;
/// Size of a core dump, in bytes: 0 writes none.
pub const RR_RLIMIT_CORE: c_int = 4;
/// Resident set, in bytes. Kept, but not enforced since OpenBSD 6.1.
pub const RR_RLIMIT_RSS: c_int = 5;
/// Memory that the process locks into RAM, in bytes. mlock(2) fails beyond.
pub const RR_RLIMIT_MEMLOCK: c_int = 6;
/// Processes of the real user. EAGAIN from fork(2) beyond; root is exempt. A value above the sysctl
/// kern.maxproc becomes that one.
pub const RR_RLIMIT_NPROC: c_int = 7;
/// One more than the highest file descriptor that the process may open. EMFILE beyond. A value above
/// the sysctl kern.maxfiles becomes that one.
pub const RR_RLIMIT_NOFILE: c_int = 8;

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
    // getrlimit(2): "no longer enforced, but retained for compatibility".
    unenforced(RR_RLIMIT_RSS, RSS),
    row(RR_RLIMIT_MEMLOCK, MEMLOCK),
    row(RR_RLIMIT_NPROC, NPROC),
    row(RR_RLIMIT_NOFILE, NOFILE),
]);

pub(super) const ALIASES: &[(&str, c_int)] = &[];

pub const CONSTANTS: &[Constant] = constants![RR_RLIM_INFINITY, RR_RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_RSS RLIMIT_RSS,
    RR_RLIMIT_MEMLOCK RLIMIT_MEMLOCK, RR_RLIMIT_NPROC RLIMIT_NPROC, RR_RLIMIT_NOFILE RLIMIT_NOFILE,
    RR_RLIM_INFINITY RLIM_INFINITY, RR_RLIM_SAVED_CUR RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX RLIM_SAVED_MAX,
}
