//! What bounds a process.

use super::{Constants, Layout, constants, layout};

/// Memory, in bytes
pub const RR_BOUND_MEMORY: i32 = 1;
/// Swap space, in bytes
pub const RR_BOUND_SWAP: i32 = 2;
/// Processors, in nanoseconds of processor time per second: 1.5 processors are 1,500,000,000
pub const RR_BOUND_CPU: i32 = 3;
/// Tasks: processes and threads
pub const RR_BOUND_TASKS: i32 = 4;
/// Open descriptors
pub const RR_BOUND_FILES: i32 = 5;

/// A soft limit of the process; `detail` is the resource, one of RR_RLIMIT_*
pub const RR_SOURCE_RLIMIT: i32 = 1;
/// A control group; `detail` is its level
pub const RR_SOURCE_CGROUP: i32 = 2;
/// The memory.high of a control group; `detail` is its level. Above it the kernel slows the
/// group down but refuses nothing
pub const RR_SOURCE_CGROUP_HIGH: i32 = 3;
/// The affinity mask, see sched_setaffinity(2); `detail` is 0
pub const RR_SOURCE_AFFINITY: i32 = 4;
/// The cpuset of a control group; `detail` is its level
pub const RR_SOURCE_CPUSET: i32 = 5;
/// The memory, swap space or processors that the machine has; `detail` is 0
pub const RR_SOURCE_MACHINE: i32 = 6;
/// A setting of the kernel; `detail` is one of RR_SYSCTL_*
pub const RR_SOURCE_SYSCTL: i32 = 7;

/// kernel.pid_max on Linux: the number of process and thread IDs
pub const RR_SYSCTL_PID_MAX: i32 = 1;
/// kernel.threads-max on Linux: the tasks of the whole system
pub const RR_SYSCTL_THREADS_MAX: i32 = 2;
/// fs.file-max on Linux: the open files of the whole system, except with CAP_SYS_ADMIN
pub const RR_SYSCTL_FILE_MAX: i32 = 3;
/// fs.nr_open on Linux: the open descriptors of one process
pub const RR_SYSCTL_NR_OPEN: i32 = 4;
/// CommitLimit of /proc/meminfo on Linux, in force while vm.overcommit_memory is 2
pub const RR_SYSCTL_COMMIT: i32 = 5;
/// kern.maxproc on the BSDs and macOS: the processes of the whole system
pub const RR_SYSCTL_MAXPROC: i32 = 6;
/// kern.maxfiles on the BSDs and macOS: the open files of the whole system
pub const RR_SYSCTL_MAXFILES: i32 = 7;
/// kern.maxfilesperproc on FreeBSD, DragonFly and macOS: the open files of one process
pub const RR_SYSCTL_MAXFILESPERPROC: i32 = 8;

/// `used`, `reclaimable` and `room` are known
pub const RR_BOUND_USED_KNOWN: u32 = 0x1;
/// Other processes use it too, so the room can shrink even if this process uses no more
pub const RR_BOUND_SHARED: u32 = 0x2;
/// Address space is counted, which a process may reserve without using memory
pub const RR_BOUND_ADDRESS_SPACE: u32 = 0x4;
/// Control groups that may bind more tightly are hidden from the caller. All bounds of one call have it,
/// or none
pub const RR_BOUND_PARTIAL: u32 = 0x8;
/// The control group is of version 1
pub const RR_BOUND_CGROUP_V1: u32 = 0x10;
/// Memory and swap space are counted together: memory.memsw.limit_in_bytes of a control group of version 1
pub const RR_BOUND_MEMORY_AND_SWAP: u32 = 0x20;

/// Largest number of bounds that rr_bounds_read reports
pub const RR_BOUND_CAPACITY: usize = 32;
/// Size of a buffer that is large enough for any result of rr_bound_format
pub const RR_BOUND_TEXT_SIZE: usize = 192;

/// One thing that bounds a process.
///
/// The level of a control group is 0 for the process's own group, 1 for its parent, and so on. It is -1 for
/// a group that is hidden from the caller but whose limit the kernel reports (version 1 only).
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// What sets the bound, one of RR_SOURCE_*
    pub source: i32,
    /// Which of them: a resource, a level, one of RR_SYSCTL_*, or 0
    pub detail: i32,
    /// RR_BOUND_USED_KNOWN, _SHARED, _ADDRESS_SPACE, _PARTIAL, _CGROUP_V1, _MEMORY_AND_SWAP; ignore
    /// unknown bits
    pub flags: u32,
    /// Zero
    pub reserved0: u32,
    /// The bound, in the unit of the kind; never RR_RLIM_INFINITY
    pub limit: u64,
    /// Current usage that counts against it
    pub used: u64,
    /// Part of `used` that the kernel can reclaim, such as page cache
    pub reclaimable: u64,
    /// What is left: limit - used + reclaimable; 0 if that is negative
    pub room: u64,
    /// Zero
    pub reserved: [u64; 4],
}

pub(crate) const CONSTANTS: Constants = constants![
    RR_BOUND_MEMORY,
    RR_BOUND_SWAP,
    RR_BOUND_CPU,
    RR_BOUND_TASKS,
    RR_BOUND_FILES,
    RR_SOURCE_RLIMIT,
    RR_SOURCE_CGROUP,
    RR_SOURCE_CGROUP_HIGH,
    RR_SOURCE_AFFINITY,
    RR_SOURCE_CPUSET,
    RR_SOURCE_MACHINE,
    RR_SOURCE_SYSCTL,
    RR_SYSCTL_PID_MAX,
    RR_SYSCTL_THREADS_MAX,
    RR_SYSCTL_FILE_MAX,
    RR_SYSCTL_NR_OPEN,
    RR_SYSCTL_COMMIT,
    RR_SYSCTL_MAXPROC,
    RR_SYSCTL_MAXFILES,
    RR_SYSCTL_MAXFILESPERPROC,
    RR_BOUND_USED_KNOWN,
    RR_BOUND_SHARED,
    RR_BOUND_ADDRESS_SPACE,
    RR_BOUND_PARTIAL,
    RR_BOUND_CGROUP_V1,
    RR_BOUND_MEMORY_AND_SWAP,
    RR_BOUND_CAPACITY,
    RR_BOUND_TEXT_SIZE,
];

pub const BOUND: Layout =
    layout!("bound", Bound: source, detail, flags, reserved0, limit, used, reclaimable, room, reserved);
