//! How much of a limit is in use: the number that the kernel itself compares with it.

use super::clock;
use super::descriptor::{file_size, visit_folder};
use super::kernel::{self, address};
use super::proc::text::{Stat, number, value_of};
use super::proc::{Path, absence, has_our_numbers, living_thread, read_process_file, stat};
use crate::catalog;
use crate::errno::{Errno, Result};
use core::ffi::c_int;

/// In the resource's unit; 0 is the caller. ENOTSUP for what nobody is told: FSIZE and CORE count by
/// file, LOCKS is not counted, RTTIME by thread since it last slept; MSGQUEUE and NPROC by user over
/// all namespaces, so that no scan of processes gives the kernel's number.
pub fn limit_used(pid: i32, resource: c_int) -> Result<u64> {
    match catalog::name(resource).map_or(b"".as_slice(), |name| name.to_bytes()) {
        b"CPU" => clock::process_time(pid, clock::USER_AND_SYSTEM).map(|nanoseconds| nanoseconds / clock::SECOND),
        b"AS" => from_status(pid, b"VmSize").map(bytes),
        b"DATA" => from_status(pid, b"VmData").map(bytes),
        b"STACK" => from_status(pid, b"VmStk").map(bytes),
        b"RSS" => from_status(pid, b"VmRSS").map(bytes),
        b"MEMLOCK" => from_status(pid, b"VmLck").map(bytes),
        b"SIGPENDING" => from_status(pid, b"SigQ"),
        b"NOFILE" => open_descriptors(pid),
        b"NICE" => priority(pid),
        b"RTPRIO" => realtime_priority(pid),
        _ => Err(Errno::ENOTSUP),
    }
}

/// The files have KiB.
fn bytes(kibibytes: u64) -> u64 {
    kibibytes.saturating_mul(1024)
}

/// Of any of its threads: they share what is asked for.
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

/// The first number: `SigQ` is "queued/limit", sizes are "KiB kB". A thread of the kernel has no line of
/// memory, and not every kernel has each.
fn value_in(status: &[u8], name: &[u8]) -> Result<u64> {
    let value = value_of(status, name).and_then(|value| value.split(|byte| !byte.is_ascii_digit()).next());
    value.and_then(number).ok_or(Errno::ENOTSUP)
}

/// The number of open descriptors, not of the highest one.
pub fn open_descriptors(pid: i32) -> Result<u64> {
    has_our_numbers(pid)?;
    match size_or_count(pid, &Path::of_process(pid, "fd"))? {
        // None at all, or its first thread has ended.
        0 if pid != 0 => size_or_count(pid, &Path::of_task(pid, living_thread(pid)?, "fd")),
        count => Ok(count),
    }
}

/// Since Linux 6.2 the folder's size is the count, `proc_fd_getattr` in `fs/proc/fd.c`; before, zero.
fn size_or_count(pid: i32, folder: &Path) -> Result<u64> {
    match file_size(folder.as_c_str()) {
        Ok(size) if size > 0 => return Ok(size),
        Err(Errno::ENOENT) => return Err(absence(pid, Errno::ENOENT)),
        _ => {}
    }
    let mut count = 0_u64;
    let counted = visit_folder(folder.as_c_str(), |_| {
        count += 1;
        true
    });
    counted.map_err(|error| absence(pid, error))?;
    // In one's own folder stands the descriptor that reads it.
    Ok(if pid == 0 { count.saturating_sub(1) } else { count })
}

/// getpriority(2): the system call answers 20 - nice, the very unit of RLIMIT_NICE.
fn priority(pid: i32) -> Result<u64> {
    // SAFETY: getpriority takes numbers only.
    let answer = unsafe { kernel::call(libc::SYS_getpriority, [libc::PRIO_PROCESS as usize, pid as usize, 0, 0, 0]) };
    match answer {
        Err(error) if error.is_refusal() => u64::try_from(20_i64.saturating_sub(shown(pid)?.nice)).map_err(|_| error),
        answer => answer.map(|priority| priority as u64),
    }
}

/// sched_getparam(2); 0 without a real-time policy.
fn realtime_priority(pid: i32) -> Result<u64> {
    let mut priority: c_int = 0;
    // SAFETY: the kernel writes one struct sched_param, an int.
    match unsafe { kernel::call(libc::SYS_sched_getparam, [pid as usize, address(&mut priority), 0, 0, 0]) } {
        Err(error) if error.is_refusal() => shown(pid)?.realtime_priority.ok_or(error),
        answer => answer.map(|_| priority as u64),
    }
}

/// The same priorities, where a sandbox refuses the calls.
fn shown(pid: i32) -> Result<Stat> {
    has_our_numbers(pid)?;
    stat(pid)
}
