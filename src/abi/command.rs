//! Of commands.

use crate::catalog::{Constant, constants};

/// A descriptor of rr_command_dup2; detail is its number in the program.
pub const RR_STEP_DESCRIPTOR: i32 = 1;
/// The new session or process group.
pub const RR_STEP_SESSION: i32 = 2;
/// The user, the group or the supplementary groups.
pub const RR_STEP_CREDENTIALS: i32 = 3;
/// The working directory.
pub const RR_STEP_DIRECTORY: i32 = 4;
/// A limit; detail is the resource.
pub const RR_STEP_LIMIT: i32 = 5;
/// The execution of the program.
pub const RR_STEP_EXEC: i32 = 6;
/// The control group.
pub const RR_STEP_CGROUP: i32 = 7;
/// The process tree.
pub const RR_STEP_TREE: i32 = 8;
/// The start itself: memory, processes or descriptors that it needs.
pub const RR_STEP_START: i32 = 9;

/// The step at which a start failed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Failure {
    /// One of RR_STEP_...
    pub step: i32,
    /// The descriptor or the resource, as the step says; else 0.
    pub detail: i32,
}

pub const CONSTANTS: &[Constant] = constants![
    RR_STEP_DESCRIPTOR,
    RR_STEP_SESSION,
    RR_STEP_CREDENTIALS,
    RR_STEP_DIRECTORY,
    RR_STEP_LIMIT,
    RR_STEP_EXEC,
    RR_STEP_CGROUP,
    RR_STEP_TREE,
    RR_STEP_START,
];
