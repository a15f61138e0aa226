//! The messages between the library and the supervisor. Both include this file.
//!
//! The supervisor's arguments: its name; the job; the paths to try; then the program's own arguments. Its
//! environment is the program's.
//!
//! The job is numbers in hexadecimal, each followed by a space: VERSION; the start's nonce; the socket; the caller's
//! pidfd and the control group's folder, each one more than its number, or 0; flags; how
//! many paths there are, and how many of them were looked at; how many limits; the tree's limits on processor time and wall time, 0 for none; the caller's capabilities (6),
//! its ids (4); for each path that was looked at what was found (4); for each limit its resource, soft and hard
//! limit; with SETS_USER the group and the user.

use core::ffi::{CStr, c_int};

/// A supervisor of another version does nothing.
pub(crate) const VERSION: u64 = 1;

pub(crate) const LEADS_GROUP: u64 = 1;
pub(crate) const LEADS_SESSION: u64 = 2;
pub(crate) const SETS_USER: u64 = 4;
pub(crate) const WAITS_FOR_ALL: u64 = 8;
/// It begins in a separate user namespace, with other capabilities than the caller.
pub(crate) const IS_NEW_USER: u64 = 16;

/// From the child before it executes the supervisor, and from that: why the program does not run.
pub(crate) const FAILED: u32 = 1;
/// The program has executed: its number is the status, and its pidfd comes along.
pub(crate) const STARTED: u32 = 2;
/// No process of the tree is left, or none that the supervisor may end.
pub(crate) const ENDED: u32 = 3;

pub(crate) const LIMIT_CPU: u32 = 1;
pub(crate) const LIMIT_WALL: u32 = 2;

/// The usage of a process.
pub(crate) const LOST_USAGE: u32 = 1;
/// A process that the supervisor may not end.
pub(crate) const LOST_PROCESS: u32 = 2;

/// `struct rusage` in the kernel's longs.
pub(crate) const RUSAGE_WORDS: usize = 18;
pub(crate) type KernelRusage = [isize; RUSAGE_WORDS];

pub(crate) const NONE: u64 = u64::MAX;

/// Of a control group: time of all, in user mode, in the kernel, in microseconds; the most memory, the most tasks, and
/// kills for lack of memory. The files and their lines: `Documentation/admin-guide/cgroup-v2.rst`.
pub(crate) type Counts = [u64; 6];
pub(crate) const COUNTED: [(&CStr, &[u8]); 6] = [
    (c"cpu.stat", b"usage_usec "),
    (c"cpu.stat", b"user_usec "),
    (c"cpu.stat", b"system_usec "),
    (c"memory.peak", b""),
    (c"pids.peak", b""),
    (c"memory.events", b"oom_kill "),
];

/// To the library.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Report {
    pub(crate) nonce: u64,
    pub(crate) kind: u32,
    pub(crate) step: c_int,
    pub(crate) detail: c_int,
    pub(crate) error: c_int,
    /// The program's end, as waitid(2) has it.
    pub(crate) code: c_int,
    pub(crate) status: c_int,
    /// LIMIT_..., or 0.
    pub(crate) limit: u32,
    /// LOST_..., 0 for nothing.
    pub(crate) lost: u32,
    /// The program's processor time by the clock that the kernel compares with its limit, and its limits, read
    /// before it was reaped.
    pub(crate) used: u64,
    pub(crate) cpu_limits: [u64; 2],
    pub(crate) file_limits: [u64; 2],
    pub(crate) orphans: u64,
    pub(crate) killed: u64,
    /// What the control group counted, COUNT_...; the largest number for what is unknown.
    pub(crate) counts: Counts,
    pub(crate) program: KernelRusage,
    pub(crate) all: KernelRusage,
}

impl Report {
    pub(crate) const fn new(nonce: u64, kind: u32) -> Report {
        Report {
            nonce,
            kind,
            step: 0,
            detail: 0,
            error: 0,
            code: 0,
            status: 0,
            limit: 0,
            lost: 0,
            used: 0,
            cpu_limits: [NONE; 2],
            file_limits: [NONE; 2],
            orphans: 0,
            killed: 0,
            counts: [NONE; 6],
            program: [0; RUSAGE_WORDS],
            all: [0; RUSAGE_WORDS],
        }
    }
}

/// To the supervisor: a signal for every process of the tree. SIGKILL ends it.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Order {
    pub(crate) nonce: u64,
    pub(crate) signal: c_int,
    pub(crate) reserved: c_int,
}
