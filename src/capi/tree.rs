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

/// Makes the program the root of a process tree: the program and everything that it starts, whatever sessions and
/// process groups they create. A supervisor, a small program that runs with the caller's rights, is the caller's
/// child, and the program is the supervisor's. The strongest of the allowed mechanisms that works is used:
/// RR_TREE_CGROUP, RR_TREE_NAMESPACE, RR_TREE_SUPERVISOR. If none of them works, rr_command_spawn fails with ENOTSUP
/// and RR_STEP_TREE.
///
/// rr_child_wait succeeds when the program and its tree have ended. When the program ends, the supervisor kills the
/// rest of the tree; with RR_TREE_WAIT the tree lives until its last process ends. A tree is also killed at a limit of
/// rr_command_set_tree_limit, by rr_child_kill with SIGKILL, by rr_child_free, and when the caller ends, even if
/// SIGKILL ends it. The end of the thread that started it has no effect.
///
/// The outcome of rr_child_wait and the results of rr_child_pid, rr_child_fd and rr_child_process are those of the
/// program, which can end before its tree. rr_child_kill signals every process of the tree, shortly after the call has
/// returned. rr_child_free waits up to ten seconds for a tree that it kills, so that no zombie is left.
///
/// Mechanism           Guarantees                                     Does not hold if
/// RR_TREE_SUPERVISOR  Every process is found, stopped and killed.    a process kills or stops the supervisor; the
///                                                                    program executes a set-user-ID program that
///                                                                    the caller may not kill; /proc is not mounted
/// RR_TREE_NAMESPACE   All processes are killed at once. None can     -
///                     kill or stop the supervisor.
/// RR_TREE_CGROUP      As RR_TREE_SUPERVISOR; and all processes are   a process with the privilege to do so moves to
///                     killed at once (Linux 5.14), even after the    another control group
///                     supervisor was killed.
///
/// No mechanism reaches a process that a daemon outside the tree starts on request.
///
/// The processor time is that of all processes (RUSAGE_CHILDREN of the supervisor). Linux discards the usage of a
/// process whose parent ignores SIGCHLD; only RR_TREE_CGROUP counts its processor time. `complete` in rr_tree is 0 if
/// a process could not be killed. Unless RR_TREE_CGROUP was used, it is also 0 if the supervisor reaped a process that
/// ignored SIGCHLD or was itself killed. Parents that set SA_NOCLDWAIT instead, or that other processes of the tree
/// reaped, are not noticed.
///
/// If a process of the tree kills the supervisor, the program is killed too. rr_child_wait then gets the exit status
/// (Linux 6.15 or later) or returns ECHILD.
///
/// In a PID namespace the result of getpid(2) differs from rr_child_pid and does not name the process in /proc. If the
/// caller may not create a PID namespace, the namespace is created in a user namespace, in which only the caller's
/// user and group exist and set-user-ID programs have no effect; see user_namespaces(7). The control group is created
/// below the caller's own, or below that of rr_command_set_cgroup, in the hierarchy of version 2, and removed
/// afterwards.
///
/// A tree requires Linux 5.4 or later, and fails in a sandbox that does not allow executing a memfd.
///
/// command: a command
/// flags: RR_TREE_* of the allowed mechanisms, and RR_TREE_WAIT; a later call replaces this call
///
/// Errors:
///   EINVAL  no mechanism is allowed, or flags has unknown bits
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_tree(command: *mut Command, flags: u32) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.set_tree(flags)) }
}

/// Sets a limit of a tree. At the limit the tree is killed, and `limit` in rr_tree reports which one.
///
/// Near RR_TREE_CPU_NS the time is checked every millisecond: the tree can exceed the limit by 1 ms for each
/// processor. Until a parent ends, the time of the children that it has reaped counts in steps of 10 ms;
/// RR_TREE_CGROUP counts it exactly. RR_TREE_MEMORY and RR_TREE_TASKS are limits of the control group, `memory.max`
/// without swap and `pids.max`: they require RR_TREE_CGROUP and a parent group that enables the controller. A tree at
/// RR_TREE_TASKS is not killed: its calls of fork(2) fail with EAGAIN. rr_command_spawn fails with RR_STEP_TREE: with
/// ENOTSUP if no allowed mechanism can enforce the limit, with EINVAL without rr_command_set_tree.
///
/// command: a command
/// what: RR_TREE_CPU_NS, RR_TREE_WALL_NS, RR_TREE_MEMORY or RR_TREE_TASKS
/// value: the limit; RR_RLIM_INFINITY for none. A later call for the same limit replaces this call.
///
/// Errors:
///   EINVAL  what is unknown, or value is 0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_tree_limit(command: *mut Command, what: c_int, value: u64) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.set_tree_limit(what, value)) }
}

/// Gets what the tree of a child used and how it ended. See rr_command_set_tree.
///
/// child: a child
/// tree: buffer for the tree
///
/// Errors:
///   EAGAIN  rr_child_wait has not succeeded yet
///   ECHILD  rr_child_wait returned ECHILD
///   EINVAL  the child was started without rr_command_set_tree
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_tree(child: *const Child, tree: *mut Tree) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(tree, || child.as_ref().ok_or(Errno::EFAULT)?.tree()) }
}
