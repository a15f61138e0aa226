//! Processes
//!
//! A handle for a process. Where a parameter is a process handle, NULL stands for the calling process.

use super::{code, free_handle, give_handle};
use crate::process::Process;
use core::ffi::c_int;

/// Opens a handle for a process.
///
/// The handle refers to this process as long as it is open, even if another process later gets the same
/// process ID. On Linux it holds a pidfd. On the other systems it holds the start time of the process. See
/// pidfd_open(2).
///
/// Values read through a handle always come from this process. No system can set limits through a handle, so a call
/// that sets something checks the process before and after. If the process ends during such a call, the call returns
/// ESRCH and may have changed a new process with the same process ID. This cannot happen for a child that has not been
/// reaped. If a process inherits a handle through fork(2) and is in another pid namespace, functions that need the
/// process ID return ENOTSUP or ESRCH in that process.
///
/// On Linux rr_usage_read keeps up to four more descriptors of /proc files in the handle, which makes later
/// reads cheaper. It keeps none while half of the descriptors that RLIMIT_NOFILE allows are in use. All
/// descriptors are close-on-exec. On OpenBSD the caller needs the promise ps of pledge(2).
///
/// pid: process ID; 0 for the calling process
/// process: buffer for the handle; close it with rr_process_close
///
/// Errors:
///   ESRCH    there is no such process
///   EINVAL   pid is negative, or is a thread that is not a thread-group leader
///   EMFILE   too many open descriptors in the calling process
///   ENFILE   too many open files in the system
///   ENOMEM   out of memory
///   ENOTSUP  this system does not report the start time of that process to the caller; on NetBSD and OpenBSD
///            also if it is a zombie
///   EACCES   there are no pidfds, and /proc hides the process
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_open(pid: i32, process: *mut *mut Process) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { give_handle(process, || Process::open(pid)) }
}

/// Opens a handle for the process that a pidfd refers to. Linux only. See pidfd_open(2).
///
/// pidfd: descriptor from pidfd_open(2) or clone(2); it is duplicated and stays open
/// process: buffer for the handle; close it with rr_process_close
///
/// Errors:
///   EBADF    pidfd is not an open pidfd
///   ESRCH    the process was already reaped
///   EINVAL   pidfd refers to a thread that is not a thread-group leader
///   EMFILE   too many open descriptors in the calling process
///   ENFILE   too many open files in the system
///   ENOMEM   out of memory
///   ENOTSUP  the process has no process ID in the caller's pid namespace; or before Linux 6.13, /proc is not
///            mounted or belongs to another pid namespace; or not Linux
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_from_fd(pidfd: c_int, process: *mut *mut Process) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { give_handle(process, || Process::from_descriptor(pidfd)) }
}

/// Closes a handle. The process is not affected.
///
/// process: a handle, which becomes invalid; NULL does nothing
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_close(process: *mut Process) {
    // SAFETY: the caller's handle, given up by this call.
    unsafe { free_handle(process) }
}

/// Gets the process ID of a process. After the process has been reaped, another process can get the same ID.
///
/// process: a handle, or NULL for the calling process
///
/// Returns: the process ID, greater than 0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_pid(process: *const Process) -> i32 {
    // SAFETY: NULL or the caller's handle.
    unsafe { process.as_ref() }.map_or_else(crate::process::own_pid, Process::pid)
}

/// Gets the pidfd of a handle, for poll(2): it becomes readable when the process ends.
///
/// process: a handle
///
/// Returns: the descriptor, which belongs to the handle and must not be closed; -1 if there is none: before
///   Linux 5.3, in a sandbox that refuses pidfds, on other systems, and for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_fd(process: *const Process) -> c_int {
    // SAFETY: NULL or the caller's handle.
    unsafe { process.as_ref() }.and_then(Process::descriptor).unwrap_or(-1)
}

/// Checks that a process is running.
///
/// process: a handle, or NULL for the calling process
///
/// Errors:
///   ESRCH    the process has ended; a zombie has ended too
///   ENOTSUP  there are no pidfds, and /proc belongs to another pid namespace
///   EACCES   there are no pidfds, and /proc hides the process
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_check(process: *const Process) -> c_int {
    // SAFETY: NULL or the caller's handle.
    match unsafe { process.as_ref() } {
        Some(process) => code(process.alive()),
        None => 0,
    }
}

/// The handle that stands for `NULL` too.
///
/// # Safety
/// `process` is NULL or a handle that outlives the call.
pub(super) unsafe fn optional<'a>(process: *const Process) -> Option<&'a Process> {
    // SAFETY: the caller guarantees it.
    unsafe { process.as_ref() }
}
