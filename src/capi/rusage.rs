//! What was used, as the system reports it.

use super::{give, take, text};
use crate::errno::{Errno, Result};
use crate::usage::{self, Rusage};
use core::ffi::{c_char, c_int};

/// Reads what the caller or its children have used.
///
/// who: RR_RUSAGE_SELF, RR_RUSAGE_CHILDREN, RR_RUSAGE_BOTH or RR_RUSAGE_THREAD. BOTH works on every
/// system: where the kernel has no such call SELF is read first and CHILDREN at once after it.
/// usage: is written on success.
///
/// Returns 0; EINVAL when who is none of them; ENOTSUP for RR_RUSAGE_THREAD on a system that keeps
/// no record of threads; EFAULT when usage is NULL.
///
/// Any thread; async-signal-safe. Since 0.1. See getrusage(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_getrusage(who: c_int, usage: *mut Rusage) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { give(usage, || usage::getrusage(who)) }
}

/// Counts the fields of rr_rusage: 16.
///
/// Returns the count; the functions below take indices below it, in the order of the struct.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_rusage_field_count() -> usize {
    usage::field_count()
}

/// Names a field of rr_rusage.
///
/// index: 0 to rr_rusage_field_count() - 1.
///
/// Returns a static text like "ru_utime"; NULL past the end.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_rusage_field_name(index: usize) -> *const c_char {
    text(usage::field_name(index))
}

/// Says in a few words what a field of rr_rusage counts.
///
/// index: 0 to rr_rusage_field_count() - 1.
///
/// Returns a static text like "time in user mode"; NULL past the end.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_rusage_field_summary(index: usize) -> *const c_char {
    text(usage::field_summary(index))
}

/// Takes one field out of an rr_rusage, by number.
///
/// usage: what rr_getrusage or rr_wait4 gave.
/// index: 0 to rr_rusage_field_count() - 1.
/// value: is written on success; times in seconds, the rest as it stands in the struct.
///
/// Returns 0; ERANGE when index is past the end; EFAULT when a pointer is NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rusage_value(usage: *const Rusage, index: usize, value: *mut f64) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(value, || usage::field_value(&take(usage)?, index)) }
}

/// Waits for a child and tells what it and the descendants that it waited for have used.
///
/// pid: a child; -1 any; 0 any of the caller's process group; below -1 any of the group -pid.
/// options: of waitpid(2): WNOHANG, WUNTRACED, WCONTINUED, as <sys/wait.h> has them.
/// waited: is written on success: the child, or 0 when WNOHANG found none that had changed.
/// status: is written on success, for rr_wait_status or the macros of <sys/wait.h>; 0 when waited is
/// 0. NULL when not wanted.
/// usage: is written on success; all zero when waited is 0. NULL when not wanted.
///
/// Returns 0; ECHILD when there is no such child; EINTR when a signal handler ran meanwhile; EINVAL
/// for unknown options; EFAULT when waited is NULL, before a child is reaped.
///
/// Any thread; async-signal-safe. Since 0.1. See wait4(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_wait4(
    pid: i32,
    options: c_int,
    waited: *mut i32,
    status: *mut i32,
    usage: *mut Rusage,
) -> c_int {
    let wait = || -> Result<i32> {
        let found = usage::wait4(pid, options)?;
        if !status.is_null() {
            // SAFETY: not NULL, and writable by the caller's word.
            unsafe { status.write(found.status) };
        }
        if !usage.is_null() {
            // SAFETY: not NULL, and writable by the caller's word.
            unsafe { usage.write(found.rusage) };
        }
        Ok(found.pid)
    };
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { give(waited, wait) }
}

/// Takes apart the status of a child that has ended.
///
/// status: what rr_wait4 or waitpid(2) gave.
/// exit_code: is written on success: 0 to 255, or -1 when a signal ended the child.
/// signal: is written on success: the signal that ended the child, or 0 when it exited.
///
/// Returns 0; EINVAL when the status says that the child stopped or went on; EFAULT when a pointer
/// is NULL.
///
/// Any thread; async-signal-safe. Since 0.1. See wait(2), WIFEXITED and WIFSIGNALED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_wait_status(status: i32, exit_code: *mut i32, signal: *mut i32) -> c_int {
    if exit_code.is_null() || signal.is_null() {
        return Errno::EFAULT.0;
    }
    match usage::decode(status) {
        Err(Errno(error)) => error,
        Ok(outcome) => {
            // SAFETY: neither is NULL, and both are writable by the caller's word.
            unsafe {
                exit_code.write(outcome.exit_code);
                signal.write(outcome.signal);
            }
            0
        }
    }
}

/// Tells the size of a memory page, the unit of ru_maxrss on some systems.
///
/// Returns bytes.
///
/// Any thread; async-signal-safe. Since 0.1. See getpagesize(2).
#[unsafe(no_mangle)]
pub extern "C" fn rr_getpagesize() -> usize {
    usage::page_size()
}
