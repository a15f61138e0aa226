//! DragonFly: getrlimit(2), `sys/sys/resource.h`, `sys/kern/kern_plimit.c`.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, Kind, MEMLOCK, NOFILE, NPROC, RSS, SBSIZE, STACK, kind};
use super::{Constants, RR_SCOPE_USER as USER, RR_UNIT_COUNT as COUNT, Row, constants, in_order, row, unenforced};
use core::ffi::c_int;

/// SIGKILL five seconds after the hard limit
pub const RR_RLIMIT_CPU: c_int = 0;
pub const RR_RLIMIT_FSIZE: c_int = 1;
/// as extended by brk(2); a greater value is clamped to sysctl kern.maxdsiz
pub const RR_RLIMIT_DATA: c_int = 2;
/// a greater value is clamped to sysctl kern.maxssiz
pub const RR_RLIMIT_STACK: c_int = 3;
/// a larger core dump is not written
pub const RR_RLIMIT_CORE: c_int = 4;
/// when memory is short, pages of such a process are reclaimed first
pub const RR_RLIMIT_RSS: c_int = 5;
/// not enforced: only the superuser can call mlock(2)
pub const RR_RLIMIT_MEMLOCK: c_int = 6;
/// at least 1; a greater value is clamped to sysctl kern.maxprocperuid
pub const RR_RLIMIT_NPROC: c_int = 7;
/// a greater value is clamped to sysctl kern.maxfilesperproc
pub const RR_RLIMIT_NOFILE: c_int = 8;
/// further buffers are smaller
pub const RR_RLIMIT_SBSIZE: c_int = 9;
pub const RR_RLIMIT_AS: c_int = 10;
/// POSIX file locks of the user; ENOLCK from fcntl(2); not for root; a greater value is clamped to sysctl kern.maxposixlocksperuid
pub const RR_RLIMIT_POSIXLOCKS: c_int = 11;
pub const RR_RLIMIT_VMEM: c_int = RR_RLIMIT_AS;

/// 2^63-1; every greater value also means no limit
pub const RR_RLIM_INFINITY: u64 = 0x7FFF_FFFF_FFFF_FFFF_u64;

const POSIXLOCKS: Kind = kind("POSIXLOCKS", COUNT, USER, "POSIX file locks of the user");

pub(super) const RESOURCES: &[Row] = &in_order([
    row(RR_RLIMIT_CPU, CPU),
    row(RR_RLIMIT_FSIZE, FSIZE),
    row(RR_RLIMIT_DATA, DATA),
    row(RR_RLIMIT_STACK, STACK),
    row(RR_RLIMIT_CORE, CORE),
    // `vm_daemon` in `sys/vm/vm_pageout.c` enforces it.
    row(RR_RLIMIT_RSS, RSS),
    // `sys_mlock` in `sys/vm/vm_mmap.c` checks it only if `pmap_wired_count` is defined, which it never is.
    unenforced(RR_RLIMIT_MEMLOCK, MEMLOCK),
    row(RR_RLIMIT_NPROC, NPROC),
    row(RR_RLIMIT_NOFILE, NOFILE),
    row(RR_RLIMIT_SBSIZE, SBSIZE),
    row(RR_RLIMIT_AS, AS),
    row(RR_RLIMIT_POSIXLOCKS, POSIXLOCKS),
]);

pub(super) const ALIASES: &[(&str, c_int)] = &[("VMEM", RR_RLIMIT_VMEM)];

pub(crate) const CONSTANTS: Constants = constants![RR_RLIM_INFINITY];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_RSS RLIMIT_RSS,
    RR_RLIMIT_MEMLOCK RLIMIT_MEMLOCK, RR_RLIMIT_NPROC RLIMIT_NPROC, RR_RLIMIT_NOFILE RLIMIT_NOFILE,
    RR_RLIMIT_SBSIZE RLIMIT_SBSIZE, RR_RLIMIT_AS RLIMIT_AS, RR_RLIMIT_VMEM RLIMIT_VMEM,
    RR_RLIMIT_POSIXLOCKS RLIMIT_POSIXLOCKS, RR_RLIM_INFINITY RLIM_INFINITY,
}
