//! Programs that were started.

use super::{free_handle, give, give_handle, take, text};
use crate::abi::resource::RR_UNIT_NONE;
use crate::command::{self, Child, Outcome};
use crate::errno::{Errno, Result};
use crate::process::Process;
use core::ffi::{c_char, c_int};

/// Gets the process ID of a child. After the child has been reaped, another process can get the same ID.
///
/// child: a child
///
/// Returns: the process ID, greater than 0; -1 for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_pid(child: *const Child) -> i32 {
    // SAFETY: NULL or the caller's handle.
    unsafe { child.as_ref() }.map_or(-1, Child::pid)
}

/// Gets the pidfd of a child, for poll(2): it is readable once the child has ended, before and after
/// rr_child_wait. See pidfd_open(2).
///
/// child: a child
///
/// Returns: the descriptor, which belongs to the child's handle and must not be closed; -1 if there is none:
///   before Linux 5.3, if no descriptor was free, on other systems, and for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_fd(child: *const Child) -> c_int {
    // SAFETY: NULL or the caller's handle.
    unsafe { child.as_ref() }.and_then(Child::descriptor).unwrap_or(-1)
}

/// Opens a handle for a child as a process, to get its usage and limits while it runs. The handle stays valid
/// when the child is freed.
///
/// child: a child
/// process: buffer for the handle; close it with rr_process_close
///
/// Errors:
///   ESRCH    the child was already reaped
///   EMFILE   too many open descriptors in the calling process
///   ENFILE   too many open files in the system
///   ENOMEM   out of memory
///   ENOTSUP  this system cannot open other processes; see rr_process_open
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_process(child: *const Child, process: *mut *mut Process) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give_handle(process, || known(child)?.process()) }
}

/// Sends a signal to a child, or to its whole process group if it is the leader of one (rr_command_new_group,
/// rr_command_new_session). The signal never reaches a later process with the same process ID. Without a descriptor
/// (rr_child_fd) this requires that nothing else reaps the caller's children. In a tree (rr_command_set_tree) every
/// process gets the signal. See pidfd_send_signal(2), kill(2).
///
/// child: a child
/// signal: signal number of <signal.h>; 0 to check only
///
/// Errors:
///   ESRCH   the child was already reaped, even if its process group still has members
///   EPERM   the child runs as another user
///   EINVAL  signal is not a signal number
///   EAGAIN  the supervisor of a tree has not yet handled earlier signals
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_kill(child: *mut Child, signal: c_int) -> c_int {
    // SAFETY: NULL or the caller's handle.
    super::code(unsafe { known(child) }.and_then(|child| child.kill(signal)))
}

/// Waits until a child has ended, reaps it, and gets how it ended and what it used. Once it has succeeded,
/// further calls return the same outcome.
///
/// It uses poll(2) on the child's descriptor, and neither signal handlers nor threads. Without a descriptor
/// (rr_child_fd), and for a child that has ended but that another process traces (ptrace(2)), it checks
/// repeatedly, at intervals of at most 10 ms. It never takes longer than the timeout. A signal handler does not
/// interrupt it. On systems other than Linux a call with a timeout is a cancellation point, pthreads(7). See
/// waitid(2), wait4(2).
///
/// `limit` in the outcome is the resource whose limit had been reached. On Linux it is one of these:
///
/// Limit            Condition
/// RR_RLIMIT_CPU    ended by SIGKILL, with its own processor time at or above the hard limit; or by SIGXCPU,
///                  with its time at or above the soft limit
/// RR_RLIMIT_FSIZE  ended by SIGXFSZ under a finite soft limit
/// -1               anything else; other limits make calls fail but do not kill the process
///
/// The sender of the signal is not known. `usage.cpu_ns` can be less than the limit (0.81 s of 1 s was measured),
/// because the kernel compares the limit with a more recent clock. On other systems `limit` is always -1.
///
/// If the caller ignores SIGCHLD or reaps its children elsewhere, the system discards the child's record. Since
/// Linux 6.15 the exit status is still available: the outcome then has the exit status, wall_ns, no other usage,
/// and limit -1. Otherwise the call returns ECHILD.
///
/// child: a child
/// timeout_ns: maximum time to wait in nanoseconds; 0 to check only; negative to wait without a timeout
/// outcome: buffer for the outcome
///
/// Errors:
///   ETIMEDOUT  the child or its tree is still running
///   ECHILD     the child was already reaped elsewhere
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_wait(child: *mut Child, timeout_ns: i64, outcome: *mut Outcome) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(outcome, || known(child)?.wait(timeout_ns)) }
}

/// Frees a child's handle. A tree (rr_command_set_tree) is killed and reaped. Any other child is neither ended
/// nor reaped: if it has not been waited for, it becomes a zombie when it ends, until the caller reaps it by its
/// process ID.
///
/// child: a child, which becomes invalid; NULL does nothing
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_child_free(child: *mut Child) {
    // SAFETY: the caller's handle, given up by this call.
    unsafe { free_handle(child) }
}

/// Gets the number of fields in rr_outcome, including those of `rusage` and `usage` and excluding the reserved
/// ones. Indexes are in the order of the struct.
///
/// Returns: the number of fields
#[unsafe(no_mangle)]
pub extern "C" fn rr_outcome_field_count() -> usize {
    command::field_count()
}

/// Gets the name of a field of rr_outcome.
///
/// index: 0 to rr_outcome_field_count() - 1
///
/// Returns: a static string such as "exit_code", "rusage.ru_utime" or "usage.cpu_ns"; NULL if index is past the
///   end
#[unsafe(no_mangle)]
pub extern "C" fn rr_outcome_field_name(index: usize) -> *const c_char {
    text(command::field_name(index))
}

/// Gets the unit of a field of rr_outcome, as rr_outcome_value stores it.
///
/// index: 0 to rr_outcome_field_count() - 1
///
/// Returns: one of RR_UNIT_*; RR_UNIT_NONE for a code or a mask and if index is past the end
#[unsafe(no_mangle)]
pub extern "C" fn rr_outcome_field_unit(index: usize) -> c_int {
    command::field_unit(index).unwrap_or(RR_UNIT_NONE)
}

/// Gets a field of rr_outcome by its index.
///
/// outcome: outcome from rr_child_wait
/// index: 0 to rr_outcome_field_count() - 1
/// value: buffer for the value, in the unit of the field; ru_utime and ru_stime are in microseconds
///
/// Errors:
///   ENOTSUP  the field belongs to `usage` and is not known
///   ERANGE   index is past the end, or the value is greater than 2^63-1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_outcome_value(outcome: *const Outcome, index: usize, value: *mut i64) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(value, || command::field_value(&take(outcome)?, index)) }
}

/// # Safety
/// `child` is NULL or a handle that outlives the call. It is shared, not exclusive: another thread may
/// be asking it too.
unsafe fn known<'a>(child: *const Child) -> Result<&'a Child> {
    // SAFETY: the caller guarantees it.
    unsafe { child.as_ref() }.ok_or(Errno::EFAULT)
}
