//! NetBSD: getrlimit(2), `sys/sys/resource.h`, `dosetrlimit` in `sys/kern/kern_resource.c`.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, Kind, MEMLOCK, NOFILE, NPROC, RSS, SBSIZE, STACK, kind};
use super::{Constants, RR_SCOPE_USER as USER, RR_UNIT_COUNT as COUNT, Row, constants, in_order, row, unenforced};
use core::ffi::c_int;

/// at the soft limit the system raises the soft limit by five seconds
pub const RR_RLIMIT_CPU: c_int = 0;
pub const RR_RLIMIT_FSIZE: c_int = 1;
/// as extended by brk(2); a greater value is clamped to the kernel's maximum
pub const RR_RLIMIT_DATA: c_int = 2;
/// rounded up to whole pages; EINVAL below current usage; a greater value is clamped to the kernel's maximum
pub const RR_RLIMIT_STACK: c_int = 3;
pub const RR_RLIMIT_CORE: c_int = 4;
pub const RR_RLIMIT_RSS: c_int = 5;
/// mlock(2) fails
pub const RR_RLIMIT_MEMLOCK: c_int = 6;
/// a greater value is clamped to sysctl kern.maxproc
pub const RR_RLIMIT_NPROC: c_int = 7;
/// a greater value is clamped to sysctl kern.maxfiles
pub const RR_RLIMIT_NOFILE: c_int = 8;
pub const RR_RLIMIT_SBSIZE: c_int = 9;
pub const RR_RLIMIT_AS: c_int = 10;
/// threads of the user, excluding the first one of each process; EAGAIN from pthread_create(3); not for root; a greater value is clamped to sysctl kern.maxlwp
pub const RR_RLIMIT_NTHR: c_int = 11;
pub const RR_RLIMIT_VMEM: c_int = RR_RLIMIT_AS;

/// 2^63-1; every greater value also means no limit
pub const RR_RLIM_INFINITY: u64 = 0x7FFF_FFFF_FFFF_FFFF_u64;
pub const RR_RLIM_SAVED_CUR: u64 = RR_RLIM_INFINITY;
pub const RR_RLIM_SAVED_MAX: u64 = RR_RLIM_INFINITY;

const NTHR: Kind = kind("NTHR", COUNT, USER, "threads of the user");

pub(super) const RESOURCES: &[Row] = &in_order([
    row(RR_RLIMIT_CPU, CPU),
    row(RR_RLIMIT_FSIZE, FSIZE),
    row(RR_RLIMIT_DATA, DATA),
    row(RR_RLIMIT_STACK, STACK),
    row(RR_RLIMIT_CORE, CORE),
    // `uvmpd_scan_queue` in `sys/uvm/uvm_pdaemon.c` reclaims pages without regard to their process.
    unenforced(RR_RLIMIT_RSS, RSS),
    row(RR_RLIMIT_MEMLOCK, MEMLOCK),
    row(RR_RLIMIT_NPROC, NPROC),
    row(RR_RLIMIT_NOFILE, NOFILE),
    row(RR_RLIMIT_SBSIZE, SBSIZE),
    row(RR_RLIMIT_AS, AS),
    row(RR_RLIMIT_NTHR, NTHR),
]);

pub(super) const ALIASES: &[(&str, c_int)] = &[("VMEM", RR_RLIMIT_VMEM)];

pub(crate) const CONSTANTS: Constants = constants![RR_RLIM_INFINITY, RR_RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_RSS RLIMIT_RSS,
    RR_RLIMIT_MEMLOCK RLIMIT_MEMLOCK, RR_RLIMIT_NPROC RLIMIT_NPROC, RR_RLIMIT_NOFILE RLIMIT_NOFILE,
    RR_RLIMIT_SBSIZE RLIMIT_SBSIZE, RR_RLIMIT_AS RLIMIT_AS, RR_RLIMIT_NTHR RLIMIT_NTHR,
    RR_RLIM_INFINITY RLIM_INFINITY, RR_RLIM_SAVED_CUR RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX RLIM_SAVED_MAX,
}
