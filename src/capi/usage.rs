//! What was used, in one form for the caller, other processes and ended children.

use super::process::optional;
use super::{give, take, text};
use crate::process::Process;
use crate::usage::{self, Rusage, Usage};
use core::ffi::{c_char, c_int};

/// Reads what a process uses and has used.
///
/// process: a handle; NULL is the caller.
/// wanted: RR_USAGE_... of the groups that are wanted, RR_USAGE_ALL for every one. Only they are paid
/// for; groups that come with them for nothing are given too. Bits that this version does not know
/// are ignored.
/// usage: is written on success. Its field known says which groups were got: what this system or the
/// caller's rights do not give has no bit and is zero.
///
/// What is known on Linux: of the caller everything. Its peak is that of the program that it runs
/// now; without /proc it is a bound, RR_USAGE_PEAK_IS_BOUND. Of another process everything but
/// RR_USAGE_SWITCHES (the kernel counts those of living threads alone), and RR_USAGE_IO only with the
/// right to trace it, see ptrace(2). Of a zombie RR_USAGE_CPU, _TIMES, _FAULTS and _IO. Nothing but
/// RR_USAGE_CPU where /proc belongs to another pid namespace.
///
/// What is known elsewhere: of the caller what getrusage(2) gives, its peak as a bound; of another
/// process RR_USAGE_CPU and _TIMES; of both RR_USAGE_WALL and _RSS. Besides, on FreeBSD of both
/// RR_USAGE_VIRTUAL and _THREADS, of others _FAULTS, _SWITCHES and the peak as a bound, of the caller
/// _OPEN_FILES. On NetBSD of both RR_USAGE_VIRTUAL and _THREADS, of others _FAULTS. On OpenBSD of the
/// caller RR_USAGE_OPEN_FILES. On DragonFly of both RR_USAGE_VIRTUAL and _THREADS, of others the peak
/// as a bound and, when they have one thread, _FAULTS and _SWITCHES; when they have more, no times. On
/// macOS of both RR_USAGE_VIRTUAL, _IO and _THREADS, of others _FAULTS, but only the superuser is told
/// more than RR_USAGE_WALL of another user's process. On Solaris of both RR_USAGE_VIRTUAL and
/// _THREADS, of others _FAULTS and _SWITCHES. The peak on FreeBSD and DragonFly is the largest that a
/// clock tick saw. Of a zombie on FreeBSD and Solaris RR_USAGE_CPU, _TIMES, _FAULTS and _SWITCHES, and
/// on FreeBSD the peak; on DragonFly and macOS nothing; on NetBSD and OpenBSD, where nothing tells it
/// from a later process, the answer is ESRCH. On the other systems of Apple nothing is told of other
/// processes.
///
/// Returns 0; ESRCH when the process has ended and been waited for; EMFILE, ENFILE or ENOMEM when
/// there is no room to open a file of /proc; ENOTSUP in a child of the process that opened a handle on
/// itself where nothing tells it from a later one, and in another pid namespace than that of the handle;
/// EFAULT when usage is NULL.
///
/// Any thread; async-signal-safe. On OpenBSD what getrusage(2) does not give needs the promise ps of
/// pledge(2). Since 0.1. See proc_pid_stat(5), proc_pid_status(5), clock_getcpuclockid(3), sysctl(3),
/// proc(5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_usage_read(process: *mut Process, wanted: u64, usage: *mut Usage) -> c_int {
    // SAFETY: NULL or the caller's handle, and the caller's pointer.
    unsafe { give(usage, || usage::read(optional(process), wanted)) }
}

/// Turns the system's own record into nanoseconds and bytes.
///
/// from: what rr_getrusage or rr_wait4 gave.
/// usage: is written on success. RR_USAGE_CPU, _TIMES, _FAULTS and _SWITCHES are known; RR_USAGE_IO on
/// Linux, where a block is 512 bytes; RR_USAGE_PEAK_RSS with RR_USAGE_PEAK_IS_BOUND, where the
/// system keeps a peak: the record does not tell whether it is an ancestor's.
///
/// Returns 0; EINVAL for a record with a negative number or with 1,000,000 microseconds or more;
/// EFAULT when a pointer is NULL.
///
/// Any thread; async-signal-safe. Since 0.1. See getrusage(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_usage_from_rusage(from: *const Rusage, usage: *mut Usage) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(usage, || usage::from_rusage(&take(from)?)) }
}

/// Tells what was used between two readings of one process.
///
/// start: the earlier reading.
/// end: the later one.
/// difference: is written on success, and may be start or end. Of times, faults, bytes read and
/// written and context switches the difference, known where both readings know them; resident set,
/// peak, address space, swap, threads and open files, which a difference says nothing about, as at
/// the end.
///
/// Returns 0; ERANGE when something that only grows is less at the end, as when the two are of
/// different processes; EINVAL when a reserved field is not zero; EFAULT when a pointer is NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_usage_since(start: *const Usage, end: *const Usage, difference: *mut Usage) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(difference, || usage::since(&take(start)?, &take(end)?)) }
}

/// Forgets the peak of the resident set: from now on it is that of the time to come. ru_maxrss stays.
///
/// process: a handle; NULL is the caller.
///
/// Returns 0; ESRCH when the process has ended; EACCES or EPERM when it is not the caller's to
/// change; EROFS when /proc is mounted read-only; EMFILE, ENFILE or ENOMEM when there is no room to open a
/// file of /proc; ENOTSUP on a system other than Linux, without /proc, on a kernel built without the file
/// (CONFIG_PROC_PAGE_MONITOR), and for another process where /proc belongs to another pid namespace.
///
/// Any thread; async-signal-safe. Since 0.1. See proc_pid_clear_refs(5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_usage_reset_peak(process: *const Process) -> c_int {
    // SAFETY: NULL or the caller's handle.
    super::code(usage::reset_peak(unsafe { optional(process) }))
}

/// Counts the fields of rr_usage, known and reserved apart: 16.
///
/// Returns the count; the functions below take indices below it, in the order of the struct.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_usage_field_count() -> usize {
    usage::usage_field_count()
}

/// Names a field of rr_usage.
///
/// index: 0 to rr_usage_field_count() - 1.
///
/// Returns a static text like "cpu_ns"; NULL past the end.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_usage_field_name(index: usize) -> *const c_char {
    text(usage::usage_field_name(index))
}

/// Tells what a field of rr_usage counts.
///
/// index: 0 to rr_usage_field_count() - 1.
///
/// Returns RR_UNIT_NANOSECONDS, RR_UNIT_BYTES or RR_UNIT_COUNT; 0 past the end.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_usage_field_unit(index: usize) -> c_int {
    usage::usage_field_unit(index).unwrap_or(0)
}

/// Takes one field out of an rr_usage, by number.
///
/// usage: what one of the functions above gave.
/// index: 0 to rr_usage_field_count() - 1.
/// value: is written on success, in the field's unit.
///
/// Returns 0; ENOTSUP when the field is not known; ERANGE when index is past the end; EFAULT when a
/// pointer is NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_usage_value(usage: *const Usage, index: usize, value: *mut u64) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(value, || usage::usage_field_value(&take(usage)?, index)) }
}
