//! Bounds
//!
//! What really limits a process and how much is left: its own limits, its control groups, the machine
//! and settings of the kernel.

use super::process::optional;
use super::{code, take};
use crate::abi::bound::Bound;
use crate::bounds;
use crate::errno::Errno;
use crate::process::Process;
use core::ffi::{c_char, c_int};
use core::ptr;

/// Gets everything that bounds a process in one respect: limits, control groups, processors, the machine and kernel
/// settings. What has no limit is omitted. The bound with the smallest limit comes first; at most RR_BOUND_CAPACITY
/// bounds are reported.
///
/// Kind    On Linux; *: the usage is known               On other systems, where they exist
/// MEMORY  control groups *, RLIMIT_AS *,                RLIMIT_AS, RLIMIT_DATA,
///         RLIMIT_DATA *, physical memory *,             physical memory
///         commit limit *
/// SWAP    control groups *, swap space *                RLIMIT_SWAP
/// CPU     control groups, their cpuset, affinity mask,  online processors; on FreeBSD also the
///         online processors                             affinity mask
/// TASKS   control groups *, RLIMIT_NPROC,               RLIMIT_NPROC, kern.maxproc
///         kernel.threads-max *, kernel.pid_max *
/// FILES   RLIMIT_NOFILE *, fs.nr_open *, fs.file-max *  RLIMIT_NOFILE, kern.maxfiles,
///                                                       kern.maxfilesperproc
///
/// Control groups of versions 1 and 2 are read, from the process's own group up to the highest visible one. Groups
/// that are hidden from the caller, such as the parents of a container, set RR_BOUND_PARTIAL. RLIMIT_NPROC is omitted
/// if the kernel does not apply it to the process. The affinity mask and the control groups are those of the calling
/// thread, or of another process's main thread. An address-space limit bounds what can be mapped, not what is used. Up
/// to 16 KiB of stack is used. See cgroups(7), proc(5), sched_setaffinity(2).
///
/// process: a handle, or NULL for the calling process
/// kind: RR_BOUND_MEMORY, RR_BOUND_SWAP, RR_BOUND_CPU, RR_BOUND_TASKS or RR_BOUND_FILES
/// bounds: array for the bounds; NULL if capacity is 0
/// capacity: number of elements in bounds; RR_BOUND_CAPACITY is always enough
/// count: buffer for the number of bounds; also written on ERANGE
///
/// Errors:
///   EINVAL   kind is unknown
///   ERANGE   capacity is too small
///   ESRCH    the process has ended
///   ENOTSUP  no bound of this kind can be read on this system
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_bounds_read(
    process: *mut Process,
    kind: c_int,
    bounds: *mut Bound,
    capacity: usize,
    count: *mut usize,
) -> c_int {
    if count.is_null() || (bounds.is_null() && capacity > 0) {
        return Errno::EFAULT.0;
    }
    // SAFETY: NULL or the caller's handle.
    let found = match bounds::read(unsafe { optional(process) }, kind) {
        Ok(found) => found,
        Err(Errno(error)) => return error,
    };
    let found = found.as_slice();
    // SAFETY: not NULL, and writable by contract.
    unsafe { count.write(found.len()) };
    if found.len() > capacity {
        return Errno::ERANGE.0;
    }
    if !found.is_empty() {
        // SAFETY: the caller's buffer has room for that many, and ours is on the stack.
        unsafe { ptr::copy_nonoverlapping(found.as_ptr(), bounds, found.len()) };
    }
    0
}

/// Gets the bound with the smallest limit and the bound with the least room.
///
/// The two are often different: a parent control group with a larger limit has less room if its other members use it.
/// RR_SOURCE_CGROUP_HIGH is not considered. For RR_BOUND_MEMORY, a handle keeps up to eight files open for the next
/// call, unless half of the descriptors that RLIMIT_NOFILE allows are in use. Up to 12 KiB of stack is used.
///
/// process: a handle, or NULL for the calling process
/// kind: as for rr_bounds_read
/// least_limit: buffer for the bound with the smallest limit
/// least_room: buffer for the bound with the least room among those with RR_BOUND_USED_KNOWN, or a copy of
///   least_limit if there is none
///
/// Errors:
///   EINVAL   kind is unknown
///   ESRCH    the process has ended
///   ENOTSUP  no bound of this kind can be read on this system
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_bound_effective(
    process: *mut Process,
    kind: c_int,
    least_limit: *mut Bound,
    least_room: *mut Bound,
) -> c_int {
    if least_limit.is_null() || least_room.is_null() {
        return Errno::EFAULT.0;
    }
    // SAFETY: NULL or the caller's handle.
    let found = bounds::effective(unsafe { optional(process) }, kind);
    code(found.map(|(limit, room)| {
        // SAFETY: not NULL, and writable by contract.
        unsafe { least_limit.write(limit) };
        // SAFETY: as above.
        unsafe { least_room.write(room) };
    }))
}

/// Formats a bound as one line for a log, such as
/// "memory: 100 MiB (memory.max, control group 2 levels up), 39 MiB left". Sizes are rounded down.
///
/// bound: a bound from rr_bounds_read or rr_bound_effective
/// kind: the kind that it was read for
/// text: buffer for the line and its NUL
/// size: size of the buffer in bytes; RR_BOUND_TEXT_SIZE is always enough
///
/// Errors:
///   EINVAL  kind, source, or the resource or setting in detail is unknown, or a reserved field is not zero
///   ERANGE  the buffer is too small
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_bound_format(bound: *const Bound, kind: c_int, text: *mut c_char, size: usize) -> c_int {
    if text.is_null() {
        return Errno::EFAULT.0;
    }
    let write = || {
        // SAFETY: the caller's pointer, as the documentation requires.
        let written = bounds::format(&unsafe { take(bound) }?, kind)?;
        let bytes = written.with_nul().filter(|bytes| bytes.len() <= size).ok_or(Errno::ERANGE)?;
        // SAFETY: text is not NULL and has room for `size` bytes by contract; `bytes` are ours.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr().cast(), text, bytes.len()) };
        Ok(())
    };
    code(write())
}
