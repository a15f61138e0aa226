//! Processes by handle.

use super::{code, free_handle, give_handle};
use crate::process::Process;
use core::ffi::c_int;

/// Opens a process by its number. The handle means this process for as long as it is open, whoever
/// has its number later: by a pidfd on Linux, elsewhere by when it started. A zombie can be opened too,
/// but on NetBSD and OpenBSD, which forget when it started.
///
/// What is *read* through a handle never comes from another process. No system sets limits by
/// handle, so a *write* looks at the process before and after: ESRCH then means that it ended, and
/// in that window a new holder of the number may have been changed. An unreaped child of the caller
/// is always safe. In a process of another pid namespace, which got the handle by fork(2), the number
/// means another process: functions that need the number return ENOTSUP there, or ESRCH.
///
/// pid: the process; 0 is the caller.
/// process: is written on success; the caller closes it with rr_process_close.
///
/// Returns 0; EINVAL when pid is negative or a thread that leads no process; ESRCH when there is no
/// such process; EMFILE, ENFILE or ENOMEM when there is no room for another handle; ENOTSUP for
/// another process where nothing tells it from a later one, which the caller may not see, or which is
/// such a zombie; EACCES without pidfds when /proc hides the process; EFAULT when process is NULL.
///
/// Any thread; not async-signal-safe: it allocates. A handle is used by one thread at a time. On Linux
/// it holds one descriptor, which exec closes, and from rr_usage_read on up to four more, files of /proc
/// that make the next reading cheap; none of these while half of what RLIMIT_NOFILE allows is in use;
/// elsewhere none. On OpenBSD it needs the promise ps of pledge(2). Since 0.1. See pidfd_open(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_open(pid: i32, process: *mut *mut Process) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { give_handle(process, || Process::open(pid)) }
}

/// Opens the process behind a pidfd, on Linux.
///
/// pidfd: of pidfd_open(2) or clone(2). It is copied: the caller's stays open and the caller's.
/// process: is written on success; the caller closes it with rr_process_close.
///
/// Returns 0; EBADF when pidfd is no pidfd; EINVAL when it is a thread's; ESRCH when its process has
/// been waited for; EMFILE, ENFILE or ENOMEM when there is no room for another handle; ENOTSUP when the
/// process has no number in the caller's pid namespace, on Linux before 6.13 where /proc is missing or
/// belongs to another pid namespace, and on a system without pidfds; EFAULT when process is NULL.
///
/// Any thread; not async-signal-safe: it allocates. Since 0.1. See pidfd_open(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_from_fd(pidfd: c_int, process: *mut *mut Process) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { give_handle(process, || Process::from_descriptor(pidfd)) }
}

/// Closes a handle. The process goes on.
///
/// process: of rr_process_open or rr_process_from_fd, and not used after it; NULL does nothing.
///
/// Returns nothing.
///
/// Any thread; not async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_close(process: *mut Process) {
    // SAFETY: the caller's handle, given up by this call.
    unsafe { free_handle(process) }
}

/// Tells the number of the process. Once the process has ended and been waited for, another may have
/// it.
///
/// process: a handle; NULL is the caller.
///
/// Returns the number, above 0.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_pid(process: *const Process) -> i32 {
    // SAFETY: NULL or the caller's handle.
    unsafe { process.as_ref() }.map_or_else(crate::process::own_pid, Process::pid)
}

/// Tells the descriptor that the handle holds, to poll(2): it is readable once the process has ended.
///
/// process: a handle.
///
/// Returns the pidfd, which stays the handle's and is not to be closed; -1 where there is none: on a
/// kernel before 5.3, in a sandbox that refuses pidfds, on a system other than Linux, and for NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_process_fd(process: *const Process) -> c_int {
    // SAFETY: NULL or the caller's handle.
    unsafe { process.as_ref() }.and_then(Process::descriptor).unwrap_or(-1)
}

/// Tells whether the process still runs.
///
/// process: a handle; NULL is the caller, which does.
///
/// Returns 0; ESRCH when it has ended, as a zombie too, whose parent has not waited for it yet; without
/// pidfds ENOTSUP or EACCES when /proc belongs to another pid namespace or hides the process, and EMFILE,
/// ENFILE or ENOMEM when there is no room to open a file of it.
///
/// Any thread; async-signal-safe. Since 0.1.
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
    // SAFETY: the caller's word.
    unsafe { process.as_ref() }
}
