//! Usage of any process
//!
//! The usage of the calling process, of another process or of a child that has ended, in the same units
//! everywhere. The field `known` is a bit mask of the groups of fields that are known.

use super::process::optional;
use super::{give, take, text};
use crate::abi::resource::RR_UNIT_NONE;
use crate::process::Process;
use crate::usage::{self, Rusage, Usage};
use core::ffi::{c_char, c_int};

/// Gets the resource usage of a process.
///
/// The groups that are available depend on the system. RR_USAGE_ is omitted from the names. "rusage" stands for
/// CPU, TIMES, FAULTS, SWITCHES and PEAK_RSS, where the peak is an upper bound (RR_USAGE_PEAK_IS_BOUND).
///
/// System     Calling process               Another process               Zombie
/// Linux      all; the peak is a bound      all except SWITCHES; IO only  CPU, TIMES, FAULTS, IO
///            only if /proc is not mounted  if ptrace(2) is permitted
/// FreeBSD    rusage, WALL, RSS, VIRTUAL,   rusage, WALL, RSS, VIRTUAL,   rusage
///            THREADS, OPEN_FILES           THREADS
/// NetBSD     rusage, WALL, RSS, VIRTUAL,   CPU, TIMES, FAULTS, WALL,     ESRCH
///            THREADS                       RSS, VIRTUAL, THREADS
/// OpenBSD    rusage, WALL, RSS,            CPU, TIMES, WALL, RSS         ESRCH
///            OPEN_FILES
/// DragonFly  rusage, WALL, RSS, VIRTUAL,   PEAK_RSS, WALL, RSS,          none
///            THREADS                       VIRTUAL, THREADS; with one
///                                          thread all of rusage
/// macOS      rusage, WALL, RSS, VIRTUAL,   CPU, TIMES, FAULTS, WALL,     none
///            IO, THREADS                   RSS, VIRTUAL, IO, THREADS;
///                                          only WALL if the process is
///                                          another user's, except to root
/// Solaris    rusage, WALL, RSS, VIRTUAL,   CPU, TIMES, FAULTS, SWITCHES, CPU, TIMES, FAULTS,
///            THREADS                       WALL, RSS, VIRTUAL, THREADS   SWITCHES
///
/// On Linux, if /proc belongs to another pid namespace, only CPU is available for another process. On FreeBSD
/// and DragonFly the peak is the largest size at any clock tick. On OpenBSD, groups other than rusage require
/// the promise ps of pledge(2). On Apple systems other than macOS nothing is available for another process.
/// See proc(5), clock_getcpuclockid(3), sysctl(3).
///
/// process: a handle, or NULL for the calling process
/// wanted: RR_USAGE_* bits of the wanted groups, or RR_USAGE_ALL. Other groups cost nothing. Unknown bits are
///   ignored.
/// usage: buffer for the usage. `known` has the bits of the groups that were read, which can be fewer or more
///   than wanted: a group that needs no further system call is included.
///
/// Errors:
///   ESRCH    the process was already reaped
///   ENOTSUP  a process opened a handle for itself, the caller is a child of it that inherited the handle, and
///            this system cannot identify the process; or the caller is in another pid namespace than the handle
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_usage_read(process: *mut Process, wanted: u64, usage: *mut Usage) -> c_int {
    // SAFETY: NULL or the caller's handle, and the caller's pointer.
    unsafe { give(usage, || usage::read(optional(process), wanted)) }
}

/// Converts an rr_rusage to nanoseconds and bytes. CPU, TIMES, FAULTS and SWITCHES become known. On Linux IO
/// becomes known too, because a block has 512 bytes there. PEAK_RSS becomes known as an upper bound
/// (RR_USAGE_PEAK_IS_BOUND), because the record may include the peak of an ancestor.
///
/// from: usage from rr_getrusage or rr_wait4
/// usage: buffer for the converted usage
///
/// Errors:
///   EINVAL  a number is negative, or a tv_usec is greater than 999,999
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_usage_from_rusage(from: *const Rusage, usage: *mut Usage) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(usage, || usage::from_rusage(&take(from)?)) }
}

/// Calculates what a process used between two readings. Times, faults, bytes read and written, and context
/// switches are subtracted; each is known if both readings know it. Sizes, peak, threads and open files have
/// no meaningful difference and are copied from `end`.
///
/// start: earlier reading
/// end: later reading of the same process
/// difference: buffer for the result, which can be start or end
///
/// Errors:
///   ERANGE  a value that only grows is smaller in end; the readings may be of different processes
///   EINVAL  a reserved field is not zero
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_usage_since(start: *const Usage, end: *const Usage, difference: *mut Usage) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(difference, || usage::since(&take(start)?, &take(end)?)) }
}

/// Resets the peak resident set size of a process to its current value. ru_maxrss is not affected. See
/// clear_refs in proc(5).
///
/// process: a handle, or NULL for the calling process
///
/// Errors:
///   ESRCH    the process has ended
///   EACCES   the caller may not write the process's clear_refs file
///   EPERM    the caller may not change the process
///   EROFS    /proc is mounted read-only
///   ENOTSUP  not Linux, /proc is not mounted, the kernel was built without CONFIG_PROC_PAGE_MONITOR, or for
///            another process, /proc belongs to another pid namespace
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_usage_reset_peak(process: *const Process) -> c_int {
    // SAFETY: NULL or the caller's handle.
    super::code(usage::reset_peak(unsafe { optional(process) }))
}

/// Gets the number of fields in rr_usage, excluding `known` and `reserved`, which is 16. Indexes are in the
/// order of the struct.
///
/// Returns: the number of fields
#[unsafe(no_mangle)]
pub extern "C" fn rr_usage_field_count() -> usize {
    usage::usage_field_count()
}

/// Gets the name of a field of rr_usage.
///
/// index: 0 to rr_usage_field_count() - 1
///
/// Returns: a static string such as "cpu_ns"; NULL if index is past the end
#[unsafe(no_mangle)]
pub extern "C" fn rr_usage_field_name(index: usize) -> *const c_char {
    text(usage::usage_field_name(index))
}

/// Gets a short description of a field of rr_usage.
///
/// index: 0 to rr_usage_field_count() - 1
///
/// Returns: a static string such as "processor time"; NULL if index is past the end
#[unsafe(no_mangle)]
pub extern "C" fn rr_usage_field_summary(index: usize) -> *const c_char {
    text(usage::usage_field_summary(index))
}

/// Gets the unit of a field of rr_usage.
///
/// index: 0 to rr_usage_field_count() - 1
///
/// Returns: RR_UNIT_NANOSECONDS, RR_UNIT_BYTES or RR_UNIT_COUNT; RR_UNIT_NONE if index is past the end
#[unsafe(no_mangle)]
pub extern "C" fn rr_usage_field_unit(index: usize) -> c_int {
    usage::usage_field_unit(index).unwrap_or(RR_UNIT_NONE)
}

/// Gets the group that a field of rr_usage belongs to.
///
/// index: 0 to rr_usage_field_count() - 1
///
/// Returns: one of the RR_USAGE_* bits; 0 if index is past the end
#[unsafe(no_mangle)]
pub extern "C" fn rr_usage_field_group(index: usize) -> u64 {
    usage::usage_field_group(index).unwrap_or(0)
}

/// Gets a field of rr_usage by its index.
///
/// usage: usage from one of the functions above
/// index: 0 to rr_usage_field_count() - 1
/// value: buffer for the value, in the unit of the field
///
/// Errors:
///   ENOTSUP  the field is not known
///   ERANGE   index is past the end
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_usage_value(usage: *const Usage, index: usize, value: *mut u64) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(value, || usage::usage_field_value(&take(usage)?, index)) }
}
