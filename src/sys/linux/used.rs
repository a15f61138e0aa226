//! How much of a limit is in use: the number that the kernel compares with the limit.

use super::clock;
use super::descriptor::{Numbers, file_size};
use super::kernel::{self, address};
use super::proc::parse::{Stat, number, value_of};
use super::proc::{Path, absence, has_our_numbers, living_thread, read_process_file, stat};
use crate::catalog;
use crate::errno::{Errno, Result};
use crate::sys::portable::unix::SECOND;
use core::ffi::c_int;

/// In the resource's unit; 0 is the caller. ENOTSUP if the kernel does not report it: FSIZE and CORE apply to each
/// file, LOCKS is not counted, RTTIME counts for each thread since it last slept; MSGQUEUE and NPROC count for the
/// user over all namespaces, so that a scan of processes cannot find the kernel's number.
pub fn limit_used(pid: i32, resource: c_int) -> Result<u64> {
    let line: &[u8] = match resource {
        catalog::RR_RLIMIT_CPU => {
            let used = clock::process_time(pid, clock::USER_AND_SYSTEM);
            return used.map(|nanoseconds| nanoseconds / SECOND);
        }
        catalog::RR_RLIMIT_SIGPENDING => return from_status(pid, b"SigQ"),
        catalog::RR_RLIMIT_NOFILE => return open_descriptors(pid),
        catalog::RR_RLIMIT_NICE => return priority(pid),
        catalog::RR_RLIMIT_RTPRIO => return realtime_priority(pid),
        catalog::RR_RLIMIT_AS => b"VmSize",
        catalog::RR_RLIMIT_DATA => b"VmData",
        catalog::RR_RLIMIT_STACK => b"VmStk",
        catalog::RR_RLIMIT_RSS => b"VmRSS",
        catalog::RR_RLIMIT_MEMLOCK => b"VmLck",
        _ => return Err(Errno::ENOTSUP),
    };
    // KiB.
    from_status(pid, line).map(|size| size.saturating_mul(1024))
}

/// From any thread: these values are the same for all threads of the process.
#[inline(never)] // for size: it has two callers
fn from_status(pid: i32, name: &[u8]) -> Result<u64> {
    has_our_numbers(pid)?;
    let mut buffer = [0; 4096];
    let text = read_process_file(pid, &Path::of_process(pid, "status"), &mut buffer)?;
    if !value_of(text, b"State").is_some_and(|state| state.starts_with(b"Z")) {
        return value_in(text, name);
    }
    let path = Path::of_task(pid, living_thread(pid)?, "status");
    value_in(read_process_file(pid, &path, &mut buffer)?, name)
}

/// The first number: `SigQ` is "queued/limit", sizes are "KiB kB". A kernel thread has no memory lines, and not every
/// kernel has all lines.
fn value_in(status: &[u8], name: &[u8]) -> Result<u64> {
    let value = value_of(status, name).and_then(|value| value.split(|byte| !byte.is_ascii_digit()).next());
    value.and_then(number).ok_or(Errno::ENOTSUP)
}

/// The number of open descriptors, not of the highest one.
pub fn open_descriptors(pid: i32) -> Result<u64> {
    has_our_numbers(pid)?;
    match size_or_count(pid, &Path::of_process(pid, "fd")) {
        // No descriptor is open, or the first thread has ended: its files then belong to root, `task_dump_owner` in the
        // kernel's `fs/proc/base.c`.
        Ok(0) | Err(Errno::EACCES) if pid != 0 => size_or_count(pid, &Path::of_task(pid, living_thread(pid)?, "fd")),
        count => count,
    }
}

/// Since Linux 6.2 the folder's size is the count, `proc_fd_getattr` in `fs/proc/fd.c`; before, zero.
fn size_or_count(pid: i32, folder: &Path) -> Result<u64> {
    match file_size(folder.as_c_str()) {
        Ok(size) if size > 0 => return Ok(size),
        Err(Errno::ENOENT) => return Err(absence(pid, Errno::ENOENT)),
        _ => {}
    }
    let absent = |error| absence(pid, error);
    let mut descriptors = Numbers::open(folder.as_c_str()).map_err(absent)?;
    let mut count = 0_u64;
    while descriptors.next().map_err(absent)?.is_some() {
        count += 1;
    }
    // The caller's folder includes the descriptor that reads it.
    Ok(if pid == 0 { count.saturating_sub(1) } else { count })
}

/// getpriority(2): the system call returns 20 - nice, the unit of RLIMIT_NICE.
fn priority(pid: i32) -> Result<u64> {
    // SAFETY: getpriority takes numbers only.
    let result = unsafe { kernel::call(libc::SYS_getpriority, [libc::PRIO_PROCESS as usize, pid as usize]) };
    match result {
        Err(error) if error.is_refusal() => {
            u64::try_from(20_i64.saturating_sub(stat_without_calls(pid)?.nice)).map_err(|_| error)
        }
        result => result.map(|priority| priority as u64),
    }
}

/// sched_getparam(2); 0 without a real-time policy.
fn realtime_priority(pid: i32) -> Result<u64> {
    let mut priority: c_int = 0;
    // SAFETY: the kernel writes one struct sched_param, an int.
    match unsafe { kernel::call(libc::SYS_sched_getparam, [pid as usize, address(&mut priority)]) } {
        Err(error) if error.is_refusal() => stat_without_calls(pid)?.realtime_priority.ok_or(error),
        result => result.map(|_| priority as u64),
    }
}

/// The same priorities from /proc, if a sandbox refuses the calls.
fn stat_without_calls(pid: i32) -> Result<Stat> {
    has_our_numbers(pid)?;
    stat(pid)
}
