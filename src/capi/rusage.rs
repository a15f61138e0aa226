//! Usage as the system reports it
//!
//! The record of getrusage(2) and wait4(2) with the same fields and layout on every system.

use super::{give, take, text};
use crate::abi::resource::RR_UNIT_NONE;
use crate::errno::{Errno, Result};
use crate::usage::{self, Rusage};
use core::ffi::{c_char, c_int};
use core::mem::MaybeUninit;

/// Gets the resource usage of the calling process, its children or the calling thread. See getrusage(2).
///
/// who: one of RR_RUSAGE_*. Where the system has no call for RR_RUSAGE_BOTH, RR_RUSAGE_SELF is read first and
///   RR_RUSAGE_CHILDREN immediately afterwards.
/// usage: buffer for the usage
///
/// Errors:
///   EINVAL   who is unknown
///   ENOTSUP  who is RR_RUSAGE_THREAD and this system does not account for threads
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_getrusage(who: c_int, usage: *mut Rusage) -> c_int {
    // SAFETY: NULL, or writable by contract; it need not be initialized.
    match unsafe { usage.cast::<MaybeUninit<Rusage>>().as_mut() } {
        Some(place) => super::code(usage::getrusage(who, place)),
        None => Errno::EFAULT.0,
    }
}

/// Gets the number of fields in rr_rusage, which is 16. Indexes are in the order of the struct.
///
/// Returns: the number of fields
#[unsafe(no_mangle)]
pub extern "C" fn rr_rusage_field_count() -> usize {
    usage::field_count()
}

/// Gets the name of a field of rr_rusage.
///
/// index: 0 to rr_rusage_field_count() - 1
///
/// Returns: a static string such as "ru_utime"; NULL if index is past the end
#[unsafe(no_mangle)]
pub extern "C" fn rr_rusage_field_name(index: usize) -> *const c_char {
    text(usage::field_name(index))
}

/// Gets a short description of a field of rr_rusage.
///
/// index: 0 to rr_rusage_field_count() - 1
///
/// Returns: a static string such as "time in user mode"; NULL if index is past the end
#[unsafe(no_mangle)]
pub extern "C" fn rr_rusage_field_summary(index: usize) -> *const c_char {
    text(usage::field_summary(index))
}

/// Gets the unit of a field of rr_rusage, as rr_rusage_value stores it.
///
/// index: 0 to rr_rusage_field_count() - 1
///
/// Returns: one of RR_UNIT_*; RR_UNIT_NONE for an integral over time and if index is past the end
#[unsafe(no_mangle)]
pub extern "C" fn rr_rusage_field_unit(index: usize) -> c_int {
    usage::field_unit(index).unwrap_or(RR_UNIT_NONE)
}

/// Gets a field of rr_rusage by its index.
///
/// usage: usage from rr_getrusage or rr_wait4
/// index: 0 to rr_rusage_field_count() - 1
/// value: buffer for the value; times are in seconds, everything else is unchanged
///
/// Errors:
///   ERANGE  index is past the end
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rusage_value(usage: *const Rusage, index: usize, value: *mut f64) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(value, || usage::field_value(&take(usage)?, index)) }
}

/// Waits for a child to change state and gets its resource usage, including that of the descendants that it
/// reaped. See wait4(2).
///
/// pid: process ID of a child; -1 for any child; 0 for any child in the caller's process group; less than -1 for
///   any child in process group -pid
/// options: WNOHANG, WUNTRACED and WCONTINUED of <sys/wait.h>, or 0
/// waited: buffer for the process ID of the child; 0 if WNOHANG was given and no child has changed state
/// status: buffer for the status, for rr_wait_status or the macros of <sys/wait.h>; 0 if waited is 0; NULL if
///   not wanted
/// usage: buffer for the usage; all zero if waited is 0; NULL if not wanted
///
/// Errors:
///   ECHILD  there is no such child, or it was already reaped
///   EINTR   a signal handler was called
///   EINVAL  options are invalid
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_wait4(
    pid: i32,
    options: c_int,
    waited: *mut i32,
    status: *mut i32,
    usage: *mut Rusage,
) -> c_int {
    let wait = || -> Result<i32> {
        let mut unwanted = MaybeUninit::uninit();
        // SAFETY: NULL, or writable by contract; it may be uninitialised.
        let place = unsafe { usage.cast::<MaybeUninit<Rusage>>().as_mut() }.unwrap_or(&mut unwanted);
        let found = usage::wait4(pid, options, place)?;
        if !status.is_null() {
            // SAFETY: not NULL, and writable by contract.
            unsafe { status.write(found.status) };
        }
        Ok(found.pid)
    };
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { give(waited, wait) }
}

/// Decodes the status of a child that has ended. See WIFEXITED and WIFSIGNALED in wait(2).
///
/// status: status from rr_wait4 or waitpid(2)
/// exit_code: buffer for the exit status, 0 to 255; -1 if a signal ended the child
/// signal: buffer for the signal that ended the child; 0 if it exited
///
/// Errors:
///   EINVAL  the status is of a child that stopped or continued
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_wait_status(status: i32, exit_code: *mut i32, signal: *mut i32) -> c_int {
    if exit_code.is_null() || signal.is_null() {
        return Errno::EFAULT.0;
    }
    match usage::decode(status) {
        Err(Errno(error)) => error,
        Ok(outcome) => {
            // SAFETY: neither is NULL, and both are writable by contract.
            unsafe {
                exit_code.write(outcome.exit_code);
                signal.write(outcome.signal);
            }
            0
        }
    }
}

/// Gets the size of a memory page, which is the unit of ru_maxrss on Solaris.
///
/// Returns: the size in bytes
#[unsafe(no_mangle)]
pub extern "C" fn rr_getpagesize() -> usize {
    usage::page_size()
}
