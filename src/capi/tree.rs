//! Trees
//!
//! A program and everything that it starts, measured and ended as one. A process group cannot do that, because a
//! process leaves it with setsid(2). Trees exist on Linux only; on other systems rr_command_spawn fails with
//! ENOTSUP and RR_STEP_TREE.

use super::command::change;
use super::give;
use crate::abi::tree::Tree;
use crate::command::{Child, Command};
use crate::errno::Errno;
use core::ffi::c_int;

/// Makes the program the root of a process tree.
///
/// command: a command
/// flags: RR_TREE_SUPERVISOR and other mechanisms that are allowed, with RR_TREE_WAIT or without
///
/// Errors:
///   EINVAL  no mechanism or an unknown bit is in flags
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_tree(command: *mut Command, flags: u32) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.set_tree(flags)) }
}

/// Sets a limit of all processes of a tree together.
///
/// command: a command
/// what: RR_TREE_CPU_NS, RR_TREE_WALL_NS, RR_TREE_MEMORY or RR_TREE_TASKS
/// value: nanoseconds, bytes or a number of processes and threads
///
/// Errors:
///   EINVAL  what is unknown
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_tree_limit(command: *mut Command, what: c_int, value: u64) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.set_tree_limit(what, value)) }
}

/// Gets what the tree of a child used and how it ended.
///
/// child: a child
/// tree: buffer for the tree
///
/// Errors:
///   EAGAIN  rr_child_wait has not succeeded yet
///   EINVAL  the child was started without rr_command_set_tree
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_tree(child: *const Child, tree: *mut Tree) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(tree, || child.as_ref().ok_or(Errno::EFAULT)?.tree()) }
}
