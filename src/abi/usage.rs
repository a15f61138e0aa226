//! Usage in one form for all processes.

use super::{Constants, Layout, constants, layout};

/// cpu_ns
pub const RR_USAGE_CPU: u64 = 0x1;
/// user_ns and system_ns
pub const RR_USAGE_TIMES: u64 = 0x2;
/// wall_ns
pub const RR_USAGE_WALL: u64 = 0x4;
/// rss_bytes
pub const RR_USAGE_RSS: u64 = 0x8;
/// peak_rss_bytes
pub const RR_USAGE_PEAK_RSS: u64 = 0x10;
/// virtual_bytes
pub const RR_USAGE_VIRTUAL: u64 = 0x20;
/// swap_bytes
pub const RR_USAGE_SWAP: u64 = 0x40;
/// minor_faults and major_faults
pub const RR_USAGE_FAULTS: u64 = 0x80;
/// read_bytes and written_bytes
pub const RR_USAGE_IO: u64 = 0x100;
/// voluntary_switches and involuntary_switches
pub const RR_USAGE_SWITCHES: u64 = 0x200;
/// threads
pub const RR_USAGE_THREADS: u64 = 0x400;
/// open_files
pub const RR_USAGE_OPEN_FILES: u64 = 0x800;
/// Every group of this version
pub const RR_USAGE_ALL: u64 = 0xFFF;
/// Not a group: peak_rss_bytes is an upper bound, because the record may include an ancestor or the program
/// that the process ran before execve(2)
pub const RR_USAGE_PEAK_IS_BOUND: u64 = 0x1_0000_0000;

/// Resource usage of a process in nanoseconds, bytes and counts. It has the same form for the calling
/// process, for another process and for a child that has ended. The fields of a group whose bit is not set
/// in `known` are zero and mean nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// RR_USAGE_* bits of the groups that are known; ignore unknown bits
    pub known: u64,
    /// Processor time of all threads, including ended ones, in user mode and in the kernel
    pub cpu_ns: u64,
    /// Processor time in user mode; on Linux in steps of 10 ms for other processes
    pub user_ns: u64,
    /// Processor time in the kernel; on Linux in steps of 10 ms for other processes
    pub system_ns: u64,
    /// Time since the process started; on Linux in steps of 10 ms. On NetBSD, DragonFly and macOS a change of
    /// the system's clock changes it.
    pub wall_ns: u64,
    /// Current resident set size, including shared pages
    pub rss_bytes: u64,
    /// Peak resident set size
    pub peak_rss_bytes: u64,
    /// Size of the address space
    pub virtual_bytes: u64,
    /// Size of swapped-out memory
    pub swap_bytes: u64,
    /// Page faults that required no I/O
    pub minor_faults: u64,
    /// Page faults that required I/O
    pub major_faults: u64,
    /// Bytes read from storage; reads that a cache satisfied are excluded
    pub read_bytes: u64,
    /// Bytes submitted for writing to storage
    pub written_bytes: u64,
    /// Voluntary context switches: a thread waited for a resource
    pub voluntary_switches: u64,
    /// Involuntary context switches: a time slice ended or a higher priority became runnable
    pub involuntary_switches: u64,
    /// Current number of threads
    pub threads: u64,
    /// Current number of open file descriptors
    pub open_files: u64,
    /// Zero
    pub reserved: [u64; 15],
}

pub(crate) const CONSTANTS: Constants = constants![
    RR_USAGE_CPU,
    RR_USAGE_TIMES,
    RR_USAGE_WALL,
    RR_USAGE_RSS,
    RR_USAGE_PEAK_RSS,
    RR_USAGE_VIRTUAL,
    RR_USAGE_SWAP,
    RR_USAGE_FAULTS,
    RR_USAGE_IO,
    RR_USAGE_SWITCHES,
    RR_USAGE_THREADS,
    RR_USAGE_OPEN_FILES,
    RR_USAGE_ALL,
    RR_USAGE_PEAK_IS_BOUND,
];

pub const USAGE: Layout = layout!("usage", Usage:
    known, cpu_ns, user_ns, system_ns, wall_ns, rss_bytes, peak_rss_bytes, virtual_bytes, swap_bytes, minor_faults,
    major_faults, read_bytes, written_bytes, voluntary_switches, involuntary_switches, threads, open_files, reserved,
);
