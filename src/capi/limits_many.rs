//! Many limits at once, raised, and explained.

use super::process::optional;
use super::{give, take};
use crate::catalog::RESOURCE_COUNT;
use crate::errno::Errno;
use crate::limits::{self, Entry, Rlimit, Verdict};
use crate::process::Process;
use core::ffi::{c_char, c_int};

/// Reads the limits of a process for every resource. Of another user's process too: where the system
/// call is refused Linux shows them in /proc/PID/limits.
///
/// process: a handle; NULL is the caller.
/// entries: room for capacity entries; the first *count are written on success, in the order of the
/// resources' numbers. NULL when capacity is 0.
/// capacity: rr_resource_count() is always enough.
/// count: is written on success and on ERANGE: how many there are.
///
/// Returns 0; ERANGE when capacity is too small; ESRCH when the process has ended and been waited
/// for; EPERM when the system tells the limits of such a process to nobody but its user, or /proc hides
/// it; EMFILE, ENFILE or ENOMEM when there is no room to open a file of /proc; ENOTSUP when the system
/// tells nobody, and in another pid namespace than that of the handle; EFAULT when count is NULL, or entries with a capacity above 0.
///
/// Any thread; async-signal-safe. Since 0.1. See prlimit(2), proc_pid_limits(5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimits_get(
    process: *const Process,
    entries: *mut Entry,
    capacity: usize,
    count: *mut usize,
) -> c_int {
    if count.is_null() || (entries.is_null() && capacity > 0) {
        return Errno::EFAULT.0;
    }
    // SAFETY: NULL or the caller's handle.
    let snapshot = match limits::getrlimits(unsafe { optional(process) }) {
        Ok(snapshot) => snapshot,
        Err(Errno(error)) => return error,
    };
    let total = limits::entries(&snapshot).count();
    // SAFETY: not NULL, and writable by the caller's word.
    unsafe { count.write(total) };
    if total > capacity {
        return Errno::ERANGE.0;
    }
    for (index, entry) in limits::entries(&snapshot).enumerate() {
        // SAFETY: the index is below the capacity that the caller gave.
        unsafe { entries.add(index).write(entry) };
    }
    0
}

/// Sets many limits of a process: all of them, or none. Nothing is foretold: the system decides on each
/// entry, one that changes nothing included. Entries that change nothing come first, then hard limits are
/// raised, soft ones raised, soft ones cut, hard ones cut; within each NOFILE comes first and limits on
/// time last. If one is refused, those before it are put back in reverse.
///
/// This holds while nobody else changes these limits, the system's maximum of NOFILE or the process's
/// credentials. A hard limit that was cut cannot be put back without privilege, which matters only where a
/// sandbox refuses some resources and accepts others. A change that was put back was not invisible: a soft
/// CPU limit below the time already used may have sent SIGXCPU.
///
/// process: a handle; NULL is the caller.
/// entries: each resource once, in any order; reserved is 0. NULL when count is 0.
/// count: how many.
/// failed: is written with the index of the entry that was refused, where it was one. NULL when not
/// wanted.
///
/// Returns 0; EINVAL for an unknown resource, one given twice, a soft limit above the hard one, or a
/// reserved field that is not 0; EPERM and ERANGE as rr_setrlimit and rr_prlimit; ESRCH when the process has
/// ended, as a zombie too; ENOTSUP in another pid namespace than that of the handle; ENOTRECOVERABLE when
/// something was refused and then could not be put back; EMFILE, ENFILE or ENOMEM when there is no room to
/// open a file of /proc; EFAULT when entries is NULL with a count above
/// 0.
///
/// Any thread; async-signal-safe. Since 0.1. See prlimit(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimits_set(
    process: *const Process,
    entries: *const Entry,
    count: usize,
    failed: *mut usize,
) -> c_int {
    if entries.is_null() && count > 0 {
        return Errno::EFAULT.0;
    }
    // More entries than resources: one of these stands twice or is unknown.
    // SAFETY: the index is below the count that the caller gave; each entry is read once.
    let copies = (0..count.min(RESOURCE_COUNT + 1)).map(|index| unsafe { entries.add(index).read() });
    // SAFETY: NULL or the caller's handle.
    match limits::setrlimits(unsafe { optional(process) }, copies) {
        Ok(()) => 0,
        Err(refused) => {
            if let Some(index) = refused.index.filter(|_| !failed.is_null()) {
                // SAFETY: not NULL, and writable by the caller's word.
                unsafe { failed.write(index) };
            }
            refused.error.0
        }
    }
}

/// Raises the soft limit of the calling process as near to what is wanted as it may have it, and
/// never lowers it. The hard limit stays.
///
/// resource: one of RR_RLIMIT_...
/// wanted: the soft limit, in the resource's unit; RR_RLIM_INFINITY for as much as there is.
/// result: is written on success: the limits now in force, whose soft one may be below wanted. NULL
/// when not wanted.
///
/// Returns 0; EINVAL when this system has no such resource; EPERM when nothing can be set because the
/// hard limit of NOFILE is above the system's maximum; ERANGE as rr_setrlimit.
///
/// Any thread; async-signal-safe. Since 0.1. See setrlimit(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimit_raise(resource: c_int, wanted: u64, result: *mut Rlimit) -> c_int {
    match limits::raise(resource, wanted) {
        Err(Errno(error)) => error,
        Ok(_) if result.is_null() => 0,
        // SAFETY: not NULL, and writable by the caller's word.
        Ok(limits) => unsafe { give(result, || Ok(limits)) },
    }
}

/// Tells what rr_setrlimit, or rr_prlimit for another process, would answer, and why, without doing
/// it. A security module or a sandbox may still refuse what this one accepts; and FreeBSD and NetBSD,
/// which let more callers read the limits of another user's process than set them. RR_REASON_UNKNOWN,
/// with the error ENOTSUP, where something that decides cannot be read: on Linux the user namespace of a
/// caller with CAP_SYS_RESOURCE, and the maximum of NOFILE, without /proc or without a free descriptor.
/// The error is EPERM where the change is certain to be refused for one of two reasons.
///
/// process: a handle; NULL is the caller.
/// resource: one of RR_RLIMIT_...; an unknown one is a verdict too.
/// wanted: the limits, in the resource's unit.
/// verdict: is written on success.
///
/// Returns 0 whenever a verdict was written; ESRCH when the process has ended, as a zombie too;
/// ENOTSUP on a system that cannot reach the limits of another process, and in another pid namespace than
/// that of the handle; EFAULT when wanted or verdict
/// is NULL.
///
/// Any thread, about which it tells: on Linux threads may differ in their capabilities.
/// Async-signal-safe. Since 0.1. See prlimit(2), capabilities(7).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimit_check(
    process: *const Process,
    resource: c_int,
    wanted: *const Rlimit,
    verdict: *mut Verdict,
) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(verdict, || limits::check(optional(process), resource, take(wanted)?)) }
}

/// Says a reason of rr_rlimit_check in an English sentence, for a log.
///
/// reason: one of RR_REASON_...
///
/// Returns a static text; never NULL, for an unknown number neither.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_reason_text(reason: c_int) -> *const c_char {
    limits::reason_text(reason).as_ptr()
}

/// Tells how much of a limit is in use now: the very number that the kernel compares with the limit,
/// except MEMLOCK's.
///
/// process: a handle; NULL is the caller.
/// resource: one of RR_RLIMIT_... On Linux these are accounted: CPU (whole seconds), DATA, STACK, AS,
/// RSS, MEMLOCK, SIGPENDING, NOFILE (how many are open, though the limit is on their numbers), NICE
/// (20 - nice of the calling thread, or of the process's first) and RTPRIO (likewise). Elsewhere CPU
/// of the caller. MEMLOCK is what mlock(2) and mmap(2) have locked, VmLck in proc_pid_status(5). The same
/// limit also holds for pinned memory (VmPin, io_uring, BPF, perf), which the kernel counts elsewhere, in
/// part by user, and which is not included.
/// used: is written on success, in the resource's unit.
///
/// Returns 0; EINVAL when this system has no such resource; ENOTSUP when it does not tell: on Linux
/// for FSIZE, CORE, LOCKS, MSGQUEUE, NPROC and RTTIME, for what this kernel leaves out of
/// proc_pid_status(5), as it does for memory of its own threads, and for another process when /proc is
/// missing or belongs to another pid namespace; ESRCH when the process has ended, as a zombie too; EACCES
/// or EPERM when the system keeps it from the caller, as /proc does with the option hidepid; ENOENT for the
/// caller without /proc; EMFILE, ENFILE or ENOMEM when there is no room to open a file of /proc; EFAULT
/// when used is NULL.
///
/// Any thread; async-signal-safe. Since 0.1. See proc_pid_status(5), proc_pid_fd(5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimit_used(process: *const Process, resource: c_int, used: *mut u64) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(used, || limits::used(optional(process), resource)) }
}
