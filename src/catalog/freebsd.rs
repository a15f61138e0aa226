//! FreeBSD: getrlimit(2), `sys/sys/resource.h`, `sys/kern/kern_resource.c`.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, Kind, MEMLOCK, NOFILE, NPROC, RSS, SBSIZE, STACK, kind};
use super::{
    Constants, RR_SCOPE_USER as USER, RR_UNIT_BYTES as BYTES, RR_UNIT_COUNT as COUNT, Row, constants, in_order, row,
};
use core::ffi::c_int;

/// SIGXCPU again at every fifth second after the soft limit
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
pub const RR_RLIMIT_MEMLOCK: c_int = 6;
/// at least 1; a greater value is clamped to sysctl kern.maxprocperuid
pub const RR_RLIMIT_NPROC: c_int = 7;
/// a greater value is clamped to sysctl kern.maxfilesperproc
pub const RR_RLIMIT_NOFILE: c_int = 8;
pub const RR_RLIMIT_SBSIZE: c_int = 9;
pub const RR_RLIMIT_AS: c_int = 10;
/// pseudo-terminals of the user; EAGAIN from posix_openpt(2)
pub const RR_RLIMIT_NPTS: c_int = 11;
/// bytes of swap space that the user's processes reserve or use; ENOMEM if bit 1 of sysctl vm.overcommit is set, see tuning(7)
pub const RR_RLIMIT_SWAP: c_int = 12;
/// kernel event queues of the user; ENOMEM from kqueue(2)
pub const RR_RLIMIT_KQUEUES: c_int = 13;
/// process-shared locks of the user; ENOMEM
pub const RR_RLIMIT_UMTXP: c_int = 14;
/// bytes in buffers of the user's pipes; since FreeBSD 14.2, EINVAL before
pub const RR_RLIMIT_PIPEBUF: c_int = 15;
/// virtual machines of the user; since FreeBSD 15, EINVAL before
pub const RR_RLIMIT_VMM: c_int = 16;
pub const RR_RLIMIT_VMEM: c_int = RR_RLIMIT_AS;

/// 2^63-1; every greater value also means no limit
pub const RR_RLIM_INFINITY: u64 = 0x7FFF_FFFF_FFFF_FFFF_u64;
pub const RR_RLIM_SAVED_CUR: u64 = RR_RLIM_INFINITY;
pub const RR_RLIM_SAVED_MAX: u64 = RR_RLIM_INFINITY;

const NPTS: Kind = kind("NPTS", COUNT, USER, "pseudo-terminals of the user");
const SWAP: Kind = kind("SWAP", BYTES, USER, "swap space of the user");
const KQUEUES: Kind = kind("KQUEUES", COUNT, USER, "kernel event queues of the user");
const UMTXP: Kind = kind("UMTXP", COUNT, USER, "process-shared locks of the user");
const PIPEBUF: Kind = kind("PIPEBUF", BYTES, USER, "pipe buffers of the user");
const VMM: Kind = kind("VMM", COUNT, USER, "virtual machines of the user");

pub(super) const RESOURCES: &[Row] = &in_order([
    row(RR_RLIMIT_CPU, CPU),
    row(RR_RLIMIT_FSIZE, FSIZE),
    row(RR_RLIMIT_DATA, DATA),
    row(RR_RLIMIT_STACK, STACK),
    row(RR_RLIMIT_CORE, CORE),
    // `vm_daemon` in `sys/vm/vm_swapout.c` enforces it.
    row(RR_RLIMIT_RSS, RSS),
    row(RR_RLIMIT_MEMLOCK, MEMLOCK),
    row(RR_RLIMIT_NPROC, NPROC),
    row(RR_RLIMIT_NOFILE, NOFILE),
    row(RR_RLIMIT_SBSIZE, SBSIZE),
    row(RR_RLIMIT_AS, AS),
    row(RR_RLIMIT_NPTS, NPTS),
    row(RR_RLIMIT_SWAP, SWAP),
    row(RR_RLIMIT_KQUEUES, KQUEUES),
    row(RR_RLIMIT_UMTXP, UMTXP),
    row(RR_RLIMIT_PIPEBUF, PIPEBUF),
    row(RR_RLIMIT_VMM, VMM),
]);

pub(super) const ALIASES: &[(&str, c_int)] = &[("VMEM", RR_RLIMIT_VMEM)];

pub(crate) const CONSTANTS: Constants = constants![RR_RLIM_INFINITY, RR_RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_RSS RLIMIT_RSS,
    RR_RLIMIT_MEMLOCK RLIMIT_MEMLOCK, RR_RLIMIT_NPROC RLIMIT_NPROC, RR_RLIMIT_NOFILE RLIMIT_NOFILE,
    RR_RLIMIT_SBSIZE RLIMIT_SBSIZE, RR_RLIMIT_AS RLIMIT_AS, RR_RLIMIT_VMEM RLIMIT_VMEM,
    RR_RLIMIT_NPTS RLIMIT_NPTS, RR_RLIMIT_SWAP RLIMIT_SWAP, RR_RLIMIT_KQUEUES RLIMIT_KQUEUES,
    RR_RLIMIT_UMTXP RLIMIT_UMTXP, RR_RLIM_INFINITY RLIM_INFINITY,
    RR_RLIM_SAVED_CUR RLIM_SAVED_CUR, RR_RLIM_SAVED_MAX RLIM_SAVED_MAX,
}
