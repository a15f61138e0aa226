//! Programs that were started.

use super::{free_handle, give, give_handle};
use crate::command::{Child, Outcome};
use crate::errno::{Errno, Result};
use crate::process::Process;
use core::ffi::c_int;

/// Tells the number of the child. Once it was waited for, another process may have it.
///
/// child: of rr_command_spawn.
///
/// Returns the number, above 0; -1 for NULL.
///
/// Any thread, beside rr_child_wait too; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_pid(child: *const Child) -> i32 {
    // SAFETY: NULL or the caller's handle.
    unsafe { child.as_ref() }.map_or(-1, Child::pid)
}

/// Tells the descriptor that the child's handle holds, to poll(2): it is readable once the child has
/// ended, before and after it was waited for.
///
/// child: of rr_command_spawn.
///
/// Returns the pidfd, which stays the handle's and is not to be closed; -1 where there is none: on a
/// kernel before 5.3, when no descriptor was free, on a system other than Linux, and for NULL.
///
/// Any thread, beside rr_child_wait too; async-signal-safe. Since 0.1. See pidfd_open(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_fd(child: *const Child) -> c_int {
    // SAFETY: NULL or the caller's handle.
    unsafe { child.as_ref() }.and_then(Child::descriptor).unwrap_or(-1)
}

/// Opens the child as a process, to read its usage and limits while it runs.
///
/// child: of rr_command_spawn.
/// process: is written on success: a handle of its own, which stays good when the child's is freed. The
/// caller closes it with rr_process_close.
///
/// Returns 0; ESRCH once the child was waited for; EMFILE, ENFILE or ENOMEM when there is no room for
/// another handle; ENOTSUP on a system where rr_process_open knows no other process; EFAULT when a
/// pointer is NULL.
///
/// Any thread, beside rr_child_wait too; not async-signal-safe: it allocates. Since 0.1. See
/// rr_process_open.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_process(child: *const Child, process: *mut *mut Process) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give_handle(process, || known(child)?.process()) }
}

/// Sends a signal to the child; to its whole process group where it leads one (rr_command_new_group,
/// rr_command_new_session). It never reaches a later process with the same number, unless there is no
/// descriptor (rr_child_fd) and somebody else waits for the caller's children.
///
/// child: of rr_command_spawn.
/// signal: as in <signal.h>; 0 only looks whether there is a child to signal.
///
/// Returns 0, for a child too that has ended and was not waited for; ESRCH once it was waited for, what
/// is left of its group notwithstanding; EINVAL when there is no such signal; EPERM when the child has
/// become another user's; EFAULT when child is NULL.
///
/// Any thread, beside rr_child_wait too; async-signal-safe. Since 0.1. See pidfd_send_signal(2),
/// kill(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_kill(child: *mut Child, signal: c_int) -> c_int {
    // SAFETY: NULL or the caller's handle.
    super::code(unsafe { known(child) }.and_then(|child| child.kill(signal)))
}

/// Waits until the child has ended, takes it off the system's table, and tells how it ended and what it
/// used. Waiting again gives the same once more.
///
/// No signal handler, no thread and no SIGCHLD takes part, and the timeout is a poll(2) of the child's
/// own descriptor; where there is none it looks again and again, at most 10 ms apart. It does so too for a
/// child that has ended while another process traces it, ptrace(2), which keeps it from being reaped. It
/// never takes longer than the timeout. On systems other than Linux a wait with a timeout is a
/// cancellation point, pthreads(7).
///
/// Where the caller ignores SIGCHLD, or waits for children elsewhere, the system drops the child's record
/// before this call can have it. Linux 6.15 and later still tell the exit status: then the outcome has
/// that, no usage but the wall time, and limit -1. Elsewhere the answer is ECHILD.
///
/// child: of rr_command_spawn.
/// timeout_ns: how long to wait at most, in nanoseconds; 0 only looks; negative without a limit.
/// outcome: is written on success.
///
/// Returns 0; ETIMEDOUT when it still runs; ECHILD when the child's record is gone; EFAULT when a pointer
/// is NULL. A signal handler that runs meanwhile does not interrupt it.
///
/// Any thread, one at a time, and rr_child_kill, rr_child_process, rr_child_pid and rr_child_fd beside it;
/// async-signal-safe but for a wait of the same child that it interrupts. Since 0.1. See waitid(2),
/// wait4(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_wait(child: *mut Child, timeout_ns: i64, outcome: *mut Outcome) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(outcome, || known(child)?.wait(timeout_ns)) }
}

/// Frees the handle of a child. It neither ends the child nor waits for it: one that was not waited for
/// is then the caller's to wait for by its number, or it stays a zombie once it has ended.
///
/// child: of rr_command_spawn, and not used after it; NULL does nothing.
///
/// Returns nothing.
///
/// Any thread; not async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_free(child: *mut Child) {
    // SAFETY: the caller's handle, given up by this call.
    unsafe { free_handle(child) }
}

/// # Safety
/// `child` is NULL or a handle that outlives the call. It is shared, not exclusive: another thread may
/// be asking it too.
unsafe fn known<'a>(child: *const Child) -> Result<&'a Child> {
    // SAFETY: the caller's word.
    unsafe { child.as_ref() }.ok_or(Errno::EFAULT)
}
