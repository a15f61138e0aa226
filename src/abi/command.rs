//! Commands and their children.

use super::rusage::Rusage;
use super::usage::Usage;
use super::{Constants, Layout, constants, layout};

/// Duplicating or closing descriptors; detail is child_fd of rr_command_dup2 or first_fd of
/// rr_command_close_from
pub const RR_STEP_DESCRIPTOR: i32 = 1;
/// Creating the session or process group
pub const RR_STEP_SESSION: i32 = 2;
/// Changing the user, group or supplementary groups
pub const RR_STEP_CREDENTIALS: i32 = 3;
/// Changing to the working directory
pub const RR_STEP_DIRECTORY: i32 = 4;
/// Setting a limit; detail is the resource
pub const RR_STEP_LIMIT: i32 = 5;
/// Executing the program
pub const RR_STEP_EXEC: i32 = 6;
/// Joining the control group
pub const RR_STEP_CGROUP: i32 = 7;
/// Setting up the process tree
pub const RR_STEP_TREE: i32 = 8;
/// Creating the process: memory, processes or descriptors were not available
pub const RR_STEP_START: i32 = 9;

/// The step at which a start failed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Failure {
    /// One of RR_STEP_*
    pub step: i32,
    /// Descriptor or resource that could not be set; 0 for the other steps
    pub detail: i32,
}

/// The out-of-memory killer did not end the program
pub const RR_OOM_NO: i32 = 0;
/// SIGKILL ended the program, and the system's count of out-of-memory kills rose while it ran
pub const RR_OOM_POSSIBLE: i32 = 1;
/// The program's control group recorded the out-of-memory kill
pub const RR_OOM_YES: i32 = 2;
/// SIGKILL ended the program, and the system does not report why
pub const RR_OOM_UNKNOWN: i32 = 3;

/// How a child ended and what it used.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Outcome {
    /// Exit status, 0 to 255; -1 if a signal ended the program
    pub exit_code: i32,
    /// Signal that ended the program; 0 if it exited
    pub signal: i32,
    /// 1 if the program left a core dump, else 0
    pub core_dumped: i32,
    /// Resource whose limit had been reached when a signal ended the program, one of RR_RLIMIT_*; else -1.
    /// See rr_child_wait.
    pub limit: i32,
    /// Time from the call of rr_command_spawn until rr_child_wait noticed the end
    pub wall_ns: u64,
    /// Usage as wait4(2) reports it, including descendants that the program reaped
    pub rusage: Rusage,
    /// The same in nanoseconds and bytes. peak_rss_bytes is the peak of the program itself or of the largest
    /// descendant that it reaped, not their sum. It excludes the caller's memory unless
    /// RR_USAGE_PEAK_IS_BOUND is set.
    pub usage: Usage,
    /// Whether the out-of-memory killer ended the program, one of RR_OOM_*
    pub oom: i32,
    /// Zero
    pub reserved0: i32,
    /// Zero
    pub reserved: [u64; 7],
}

pub(crate) const CONSTANTS: Constants = constants![
    RR_STEP_DESCRIPTOR,
    RR_STEP_SESSION,
    RR_STEP_CREDENTIALS,
    RR_STEP_DIRECTORY,
    RR_STEP_LIMIT,
    RR_STEP_EXEC,
    RR_STEP_CGROUP,
    RR_STEP_TREE,
    RR_STEP_START,
    RR_OOM_NO,
    RR_OOM_POSSIBLE,
    RR_OOM_YES,
    RR_OOM_UNKNOWN,
];

pub const FAILURE: Layout = layout!("failure", Failure: step, detail);
pub const OUTCOME: Layout = layout!("outcome", Outcome:
    exit_code, signal, core_dumped, limit, wall_ns, rusage, usage, oom, reserved0, reserved,
);
