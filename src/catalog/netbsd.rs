//! NetBSD: getrlimit(2), `sys/sys/resource.h`, `dosetrlimit` in `sys/kern/kern_resource.c`.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, Kind, MEMLOCK, NOFILE, NPROC, RSS, SBSIZE, STACK, kind};
use super::{Constant, RR_SCOPE_USER as USER, RR_UNIT_COUNT as COUNT, Row, constants, in_order, row, unenforced};
use core::ffi::c_int;

/// Processor time of the process, in seconds. SIGXCPU at the soft limit, which the kernel itself
/// then raises by five seconds; SIGKILL at the hard one.
pub const RR_RLIMIT_CPU: c_int = 0;
/// Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
pub const RR_RLIMIT_FSIZE: c_int = 1;
/// Data segment and heap, as far as brk(2) extends them, in bytes. ENOMEM beyond. A value above the
/// kernel's maximum becomes that one.
pub const RR_RLIMIT_DATA: c_int = 2;
/// Stack of the main thread, in bytes, rounded up to whole pages. SIGSEGV beyond. EINVAL for a value
/// below the present use; one above the kernel's maximum becomes that one.
pub const RR_RLIMIT_STACK: c_int = 3;
/// Size of a core dump, in bytes: 0 writes none.
pub const RR_RLIMIT_CORE: c_int = 4;
/// Resident set, in bytes. Kept, but not enforced.
pub const RR_RLIMIT_RSS: c_int = 5;
/// Memory that the process locks into RAM, in bytes. mlock(2) fails beyond.
pub const RR_RLIMIT_MEMLOCK: c_int = 6;
/// Processes of the real user. EAGAIN from fork(2) beyond; root is exempt. A value above the sysctl
/// kern.maxproc becomes that one.
pub const RR_RLIMIT_NPROC: c_int = 7;
/// One more than the highest file descriptor that the process may open. EMFILE beyond. A value above
/// the sysctl kern.maxfiles becomes that one.
pub const RR_RLIMIT_NOFILE: c_int = 8;
/// Socket buffers of the user, in bytes. ENOBUFS beyond.
pub const RR_RLIMIT_SBSIZE: c_int = 9;
/// Address space of the process, in bytes. ENOMEM from mmap(2) and brk(2) beyond.
pub const RR_RLIMIT_AS: c_int = 10;
/// Threads of the user, not counting the first one of each process. EAGAIN from pthread_create(3)
/// beyond; root is exempt. A value above the sysctl kern.maxlwp becomes that one.
pub const RR_RLIMIT_NTHR: c_int = 11;
/// Another name of RR_RLIMIT_AS.
pub const RR_RLIMIT_VMEM: c_int = RR_RLIMIT_AS;

/// No limit; every larger value counts as it. 2^63-1 here.
pub const RR_RLIM_INFINITY: u64 = 0x7FFF_FFFF_FFFF_FFFF_u64;
/// A soft limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
pub const RR_RLIM_SAVED_CUR: u64 = RR_RLIM_INFINITY;
/// A hard limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
pub const RR_RLIM_SAVED_MAX: u64 = RR_RLIM_INFINITY;

const NTHR: Kind = kind("NTHR", COUNT, USER, "threads of the user");

pub(super) const RESOURCES: &[Row] = &in_order([
    row(RR_RLIMIT_CPU, CPU),
    row(RR_RLIMIT_FSIZE, FSIZE),
    row(RR_RLIMIT_DATA, DATA),
    row(RR_RLIMIT_STACK, STACK),
    row(RR_RLIMIT_CORE, CORE),
    // `uvmpd_scan_queue` in `sys/uvm/uvm_pdaemon.c` takes pages whosever they are.
    unenforced(RR_RLIMIT_RSS, RSS),
    row(RR_RLIMIT_MEMLOCK, MEMLOCK),
    row(RR_RLIMIT_NPROC, NPROC),
    row(RR_RLIMIT_NOFILE, NOFILE),
    row(RR_RLIMIT_SBSIZE, SBSIZE),
    row(RR_RLIMIT_AS, AS),
    row(RR_RLIMIT_NTHR, NTHR),
]);

pub(super) const ALIASES: &[(&str, c_int)] = &[("VMEM", RR_RLIMIT_VMEM)];

pub const CONSTANTS: &[Constant] = constants![RR_RLIM_INFINITY, RR_RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_RSS RLIMIT_RSS,
    RR_RLIMIT_MEMLOCK RLIMIT_MEMLOCK, RR_RLIMIT_NPROC RLIMIT_NPROC, RR_RLIMIT_NOFILE RLIMIT_NOFILE,
    RR_RLIMIT_SBSIZE RLIMIT_SBSIZE, RR_RLIMIT_AS RLIMIT_AS, RR_RLIMIT_NTHR RLIMIT_NTHR,
    RR_RLIM_INFINITY RLIM_INFINITY, RR_RLIM_SAVED_CUR RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX RLIM_SAVED_MAX,
}
