//! Trees: a program and all that it starts.

use super::usage::Usage;
use super::{Constants, Layout, constants, layout};

/// A supervisor process, which adopts processes whose parent ends
pub const RR_TREE_SUPERVISOR: u32 = 0x1;
/// A supervisor as the first process of a PID namespace; see pid_namespaces(7)
pub const RR_TREE_NAMESPACE: u32 = 0x2;
/// A supervisor, and a control group for the tree
pub const RR_TREE_CGROUP: u32 = 0x4;
/// Any of these
pub const RR_TREE_ANY: u32 = 0x7;
/// The tree ends with its last process; without this flag the end of the program ends the tree
pub const RR_TREE_WAIT: u32 = 0x100;

/// Processor time of all processes together, in nanoseconds
pub const RR_TREE_CPU_NS: i32 = 1;
/// Time since the start, in nanoseconds
pub const RR_TREE_WALL_NS: i32 = 2;
/// Memory of all processes together, in bytes; requires RR_TREE_CGROUP
pub const RR_TREE_MEMORY: i32 = 3;
/// Processes and threads; requires RR_TREE_CGROUP
pub const RR_TREE_TASKS: i32 = 4;

/// peak_memory_bytes: memory.peak of the group
pub const RR_TREE_KNOWS_PEAK_MEMORY: u64 = 0x1_0000_0000_0000;
/// processes: pids.peak of the group
pub const RR_TREE_KNOWS_PROCESSES: u64 = 0x2_0000_0000_0000;
/// orphans and killed
pub const RR_TREE_KNOWS_ORPHANS: u64 = 0x4_0000_0000_0000;
/// oom_kills: memory.events of the group
pub const RR_TREE_KNOWS_OOM_KILLS: u64 = 0x8_0000_0000_0000;

/// What a process tree used and how it ended.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Tree {
    /// RR_USAGE_* bits of the groups of `usage` that are known, and RR_TREE_KNOWS_* bits
    pub known: u64,
    /// Mechanism that was used, one of RR_TREE_SUPERVISOR, RR_TREE_NAMESPACE, RR_TREE_CGROUP
    pub mechanism: i32,
    /// Limit at which the tree was killed, one of RR_TREE_CPU_NS, RR_TREE_WALL_NS, RR_TREE_MEMORY; else -1
    pub limit: i32,
    /// 1 if every process has ended and no missing processor time was noticed; else 0. See
    /// rr_command_set_tree.
    pub complete: i32,
    /// Zero
    pub reserved0: i32,
    /// Usage of all processes together; peak_rss_bytes is that of the largest single process. The supervisor
    /// itself is excluded.
    pub usage: Usage,
    /// Peak memory of all processes at once, as the control group counts it
    pub peak_memory_bytes: u64,
    /// Largest number of processes and threads at once, as the control group counts it
    pub processes: u64,
    /// Processes that the supervisor reaped after their parent had ended
    pub orphans: u64,
    /// Processes that the supervisor killed and reaped, program included
    pub killed: u64,
    /// Processes that the out-of-memory killer ended in the control group
    pub oom_kills: u64,
    /// Zero
    pub reserved: [u64; 8],
}

pub(crate) const CONSTANTS: Constants = constants![
    RR_TREE_SUPERVISOR,
    RR_TREE_NAMESPACE,
    RR_TREE_CGROUP,
    RR_TREE_ANY,
    RR_TREE_WAIT,
    RR_TREE_CPU_NS,
    RR_TREE_WALL_NS,
    RR_TREE_MEMORY,
    RR_TREE_TASKS,
    RR_TREE_KNOWS_PEAK_MEMORY,
    RR_TREE_KNOWS_PROCESSES,
    RR_TREE_KNOWS_ORPHANS,
    RR_TREE_KNOWS_OOM_KILLS,
];

pub const TREE: Layout = layout!("tree", Tree:
    known, mechanism, limit, complete, reserved0, usage, peak_memory_bytes, processes, orphans, killed, oom_kills,
    reserved,
);
