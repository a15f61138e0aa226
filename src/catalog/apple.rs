//! macOS and its relatives: getrlimit(2), `bsd/sys/resource.h`, `dosetrlimit` in `bsd/kern/kern_resource.c`.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, MEMLOCK, NOFILE, NPROC, STACK};
use super::{Constants, Row, constants, in_order, row};
use core::ffi::c_int;

/// SIGXCPU at the soft limit; nothing at the hard limit
pub const RR_RLIMIT_CPU: c_int = 0;
pub const RR_RLIMIT_FSIZE: c_int = 1;
/// EINVAL below current usage
pub const RR_RLIMIT_DATA: c_int = 2;
/// EINVAL below current usage; EINVAL for a lower value from another thread
pub const RR_RLIMIT_STACK: c_int = 3;
/// a larger core dump is not written
pub const RR_RLIMIT_CORE: c_int = 4;
/// many gigabytes at the start, because of the shared cache; EINVAL below current usage
pub const RR_RLIMIT_AS: c_int = 5;
/// mlock(2) fails
pub const RR_RLIMIT_MEMLOCK: c_int = 6;
/// a greater value is clamped to sysctl kern.maxprocperuid (kern.maxproc for root)
pub const RR_RLIMIT_NPROC: c_int = 7;
/// the lower one of this and sysctl kern.maxfilesperproc applies; some versions return EINVAL for a soft limit of RR_RLIM_INFINITY
pub const RR_RLIMIT_NOFILE: c_int = 8;
/// another name for AS: limits the address space
pub const RR_RLIMIT_RSS: c_int = RR_RLIMIT_AS;

/// 2^63-1; every greater value also means no limit
pub const RR_RLIM_INFINITY: u64 = 0x7FFF_FFFF_FFFF_FFFF_u64;
pub const RR_RLIM_SAVED_CUR: u64 = RR_RLIM_INFINITY;
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

pub(crate) const CONSTANTS: Constants = constants![RR_RLIM_INFINITY, RR_RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_AS RLIMIT_AS,
    RR_RLIMIT_RSS RLIMIT_RSS, RR_RLIMIT_MEMLOCK RLIMIT_MEMLOCK, RR_RLIMIT_NPROC RLIMIT_NPROC,
    RR_RLIMIT_NOFILE RLIMIT_NOFILE, RR_RLIM_INFINITY RLIM_INFINITY,
}
