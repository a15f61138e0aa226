//! Many limits, explained
//!
//! All limits of a process at once, soft limits raised as far as possible, the reason why a change would be
//! refused, and current usage compared with a limit.

use super::process::optional;
use super::{give, take};
use crate::catalog::RESOURCE_COUNT;
use crate::errno::Errno;
use crate::limits::{self, Entry, Rlimit, Verdict};
use crate::process::Process;
use core::ffi::{c_char, c_int};

/// Gets the limits of a process for every resource. On Linux they are also available for processes of other
/// users, from /proc/PID/limits.
///
/// process: a handle, or NULL for the calling process
/// entries: array for the limits, in the order of the resources' numbers; NULL if capacity is 0
/// capacity: number of elements in entries; rr_resource_count() is always enough
/// count: buffer for the number of resources; also written on ERANGE
///
/// Errors:
///   ERANGE   capacity is too small
///   ESRCH    the process was already reaped
///   EPERM    this system reports the limits of that process to its owner only, or /proc hides the process
///   ENOTSUP  this system does not report the limits of another process; or the caller is in another pid
///            namespace than the handle
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
    // SAFETY: not NULL, and writable by contract.
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

/// Sets several limits of a process: either all of them or none.
///
/// Nothing is predicted: the system decides on each entry. Entries that change nothing come first. Then hard limits
/// are raised, soft limits are raised, soft limits are lowered and hard limits are lowered, in this order. In each of
/// these steps NOFILE comes first and limits on time come last. If the system refuses one, those before it are
/// restored in reverse order.
///
/// It is all or none only if nothing else changes these limits, the system's maximum for NOFILE or the
/// credentials of the process meanwhile. A lowered hard limit cannot be restored without privilege; this matters
/// only in a sandbox that refuses some resources and accepts others. A change that was undone may have had an
/// effect: a soft CPU limit below the time already used sends SIGXCPU.
///
/// process: a handle, or NULL for the calling process
/// entries: limits to set, each resource at most once, in any order; NULL if count is 0
/// count: number of elements in entries
/// failed: buffer for the index of the refused entry; written on error if one entry is the reason; NULL if not
///   wanted
///
/// Errors:
///   EPERM            as for rr_setrlimit and rr_prlimit
///   ERANGE           as for rr_setrlimit
///   EINVAL           a resource does not exist or occurs twice, a soft limit is greater than its hard limit,
///                    or a reserved field is not zero
///   ESRCH            the process has ended; a zombie has ended too
///   ENOTRECOVERABLE  an entry was refused and a previous limit could not be restored
///   ENOTSUP          this system cannot change the limits of another process; or the caller is in another pid
///                    namespace than the handle
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
    // More entries than resources: one of them is a duplicate or unknown. SAFETY: the index is below the count that
    // the caller gave; each entry is read once.
    let copies = (0..count.min(RESOURCE_COUNT + 1)).map(|index| unsafe { entries.add(index).read() });
    // SAFETY: NULL or the caller's handle.
    match limits::setrlimits(unsafe { optional(process) }, copies) {
        Ok(()) => 0,
        Err(refused) => {
            if let Some(index) = refused.index.filter(|_| !failed.is_null()) {
                // SAFETY: not NULL, and writable by contract.
                unsafe { failed.write(index) };
            }
            refused.error.0
        }
    }
}

/// Raises the soft limit of the calling process to a wanted value, or as close to it as the hard limit and the
/// system's maximum permit. It never lowers the soft limit and never changes the hard limit.
///
/// resource: one of RR_RLIMIT_*
/// wanted: soft limit, in the unit of the resource; RR_RLIM_INFINITY for the highest possible
/// result: buffer for the limits now in force; the soft limit may be less than wanted; NULL if not wanted
///
/// Errors:
///   EINVAL  the resource does not exist on this system
///   EPERM   the hard limit for NOFILE exceeds the system's maximum, so that no change is possible
///   ERANGE  as for rr_setrlimit
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimit_raise(resource: c_int, wanted: u64, result: *mut Rlimit) -> c_int {
    match limits::raise(resource, wanted) {
        Err(Errno(error)) => error,
        Ok(_) if result.is_null() => 0,
        // SAFETY: not NULL, and writable by contract.
        Ok(limits) => unsafe { give(result, || Ok(limits)) },
    }
}

/// Predicts what rr_setrlimit, or rr_prlimit for another process, would return for a change, and why. Nothing
/// is changed. On Linux the prediction applies to the calling thread, because threads can differ in their
/// capabilities. See capabilities(7).
///
/// A security module or sandbox can refuse a change that is predicted to succeed. FreeBSD and NetBSD allow
/// some callers to read the limits of another user's process but not to set them; the prediction does not
/// cover this.
///
/// The reason is RR_REASON_UNKNOWN if the result depends on something that cannot be read. On Linux this can
/// happen if /proc is not mounted or no descriptor is free: the maximum for NOFILE is then unknown, and so is
/// whether the CAP_SYS_RESOURCE of the caller is valid in the initial user namespace. The error is EPERM if the
/// change would be refused either way, otherwise ENOTSUP.
///
/// process: a handle, or NULL for the calling process
/// resource: one of RR_RLIMIT_*; an unknown one gives a verdict as well
/// wanted: limits, in the unit of the resource
/// verdict: buffer for the verdict
///
/// Errors:
///   ESRCH    the process has ended; a zombie has ended too
///   ENOTSUP  this system does not report the limits of another process; or the caller is in another pid
///            namespace than the handle
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimit_check(
    process: *const Process,
    resource: c_int,
    wanted: *const Rlimit,
    verdict: *mut Verdict,
) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(verdict, || limits::check(optional(process), resource, take(wanted)?)) }
}

/// Gets a sentence that explains a reason from rr_rlimit_check, for a message to the user.
///
/// reason: one of RR_REASON_*
///
/// Returns: a static string, even for an unknown number; never NULL
#[unsafe(no_mangle)]
pub extern "C" fn rr_reason_text(reason: c_int) -> *const c_char {
    limits::reason_text(reason).as_ptr()
}

/// Gets the current usage that counts against a limit: the number that the system compares with the limit, except for
/// MEMLOCK and NOFILE.
///
/// Resource on Linux       Usage
/// CPU                     processor time in whole seconds
/// AS, DATA, STACK, RSS    VmSize, VmData, VmStk and VmRSS of proc(5) in bytes
/// MEMLOCK, SIGPENDING     VmLck in bytes and the first number of SigQ of proc(5)
/// NOFILE                  number of open descriptors; the limit itself applies to the descriptor's number
/// NICE                    20 minus the nice value of the calling thread, or of another process's main thread
/// RTPRIO                  real-time priority of the same thread
/// FSIZE, CORE, LOCKS, MSGQUEUE, NPROC, RTTIME   ENOTSUP
///
/// For MEMLOCK this is what mlock(2) and mmap(2) have locked. The limit also applies to pinned memory (VmPin,
/// io_uring, BPF, perf), which the kernel counts separately, partly by user, and which is not included. On other
/// systems only CPU of the calling process is available.
///
/// process: a handle, or NULL for the calling process
/// resource: one of RR_RLIMIT_*
/// used: buffer for the usage, in the unit of the resource
///
/// Errors:
///   ENOTSUP  this system does not report the usage, or the kernel omits it, as for its own threads; or for
///            another process, /proc is not mounted or belongs to another pid namespace
///   EINVAL   the resource does not exist on this system
///   ESRCH    the process has ended; a zombie has ended too
///   EACCES   the caller may not read the usage of that process, or /proc hides it (hidepid)
///   EPERM    as EACCES
///   ENOENT   the process is the caller and /proc is not mounted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimit_used(process: *const Process, resource: c_int, used: *mut u64) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(used, || limits::used(optional(process), resource)) }
}
