//! Solaris and illumos: getrlimit(2), `usr/src/uts/common/sys/resource.h`.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, NOFILE, STACK};
use super::{Constants, Row, constants, in_order, row};
use core::ffi::c_int;

/// SIGXCPU at the soft limit; nothing at the hard limit
pub const RR_RLIMIT_CPU: c_int = 0;
pub const RR_RLIMIT_FSIZE: c_int = 1;
/// heap; ENOMEM from brk(2)
pub const RR_RLIMIT_DATA: c_int = 2;
/// set it from the main thread; the stack does not grow beyond what was set when the program started
pub const RR_RLIMIT_STACK: c_int = 3;
/// a larger core dump is truncated
pub const RR_RLIMIT_CORE: c_int = 4;
pub const RR_RLIMIT_NOFILE: c_int = 5;
pub const RR_RLIMIT_AS: c_int = 6;
pub const RR_RLIMIT_VMEM: c_int = RR_RLIMIT_AS;

/// 2^64-3
pub const RR_RLIM_INFINITY: u64 = 0xFFFF_FFFF_FFFF_FFFD;
/// 2^64-1; not returned to a 64-bit program
pub const RR_RLIM_SAVED_CUR: u64 = 0xFFFF_FFFF_FFFF_FFFF;
/// 2^64-2; not returned to a 64-bit program
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

pub(crate) const CONSTANTS: Constants = constants![RR_RLIM_INFINITY, RR_RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_NOFILE RLIMIT_NOFILE,
    RR_RLIMIT_AS RLIMIT_AS, RR_RLIMIT_VMEM RLIMIT_VMEM, RR_RLIM_INFINITY RLIM_INFINITY,
}
