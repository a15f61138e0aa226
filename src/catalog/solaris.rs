//! Solaris and illumos: getrlimit(2), `usr/src/uts/common/sys/resource.h`.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, NOFILE, STACK};
use super::{Constant, Row, constants, in_order, row};
use core::ffi::c_int;

/// Processor time of the process, in seconds. SIGXCPU at the soft limit; the hard one only bounds
/// it.
pub const RR_RLIMIT_CPU: c_int = 0;
/// Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
pub const RR_RLIMIT_FSIZE: c_int = 1;
/// Heap, in bytes. ENOMEM from brk(2) beyond.
pub const RR_RLIMIT_DATA: c_int = 2;
/// Stack of the main thread, in bytes. SIGSEGV beyond. Set it from that thread, and before the
/// program starts where its stack shall grow.
pub const RR_RLIMIT_STACK: c_int = 3;
/// Size of a core dump, in bytes: 0 writes none, else it is cut to this.
pub const RR_RLIMIT_CORE: c_int = 4;
/// One more than the highest file descriptor that the process may open. EMFILE beyond.
pub const RR_RLIMIT_NOFILE: c_int = 5;
/// Address space of the process, in bytes. ENOMEM from mmap(2) and brk(2) beyond.
pub const RR_RLIMIT_AS: c_int = 6;
/// Another name of RR_RLIMIT_AS.
pub const RR_RLIMIT_VMEM: c_int = RR_RLIMIT_AS;

/// No limit. 2^64-3 here; the two values above it are RR_RLIM_SAVED_MAX and RR_RLIM_SAVED_CUR.
pub const RR_RLIM_INFINITY: u64 = 0xFFFF_FFFF_FFFF_FFFD;
/// A soft limit too large for rlim_t. A 64-bit program never gets it: every limit can be told.
pub const RR_RLIM_SAVED_CUR: u64 = 0xFFFF_FFFF_FFFF_FFFF;
/// A hard limit too large for rlim_t. A 64-bit program never gets it: every limit can be told.
pub const RR_RLIM_SAVED_MAX: u64 = 0xFFFF_FFFF_FFFF_FFFE;

pub(super) const RESOURCES: &[Row] = &in_order([
    row(RR_RLIMIT_CPU, CPU),
    row(RR_RLIMIT_FSIZE, FSIZE),
    row(RR_RLIMIT_DATA, DATA),
    row(RR_RLIMIT_STACK, STACK),
    row(RR_RLIMIT_CORE, CORE),
    row(RR_RLIMIT_NOFILE, NOFILE),
    row(RR_RLIMIT_AS, AS),
]);

pub(super) const ALIASES: &[(&str, c_int)] = &[("VMEM", RR_RLIMIT_VMEM)];

pub const CONSTANTS: &[Constant] = constants![RR_RLIM_INFINITY, RR_RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_NOFILE RLIMIT_NOFILE,
    RR_RLIMIT_AS RLIMIT_AS, RR_RLIMIT_VMEM RLIMIT_VMEM, RR_RLIM_INFINITY RLIM_INFINITY,
}
