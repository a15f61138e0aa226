//! How much of a limit is in use: the number that the kernel itself compares with it.

use super::clock;
use super::descriptor::{file_size, visit_folder};
use super::kernel::{self, address};
use super::proc::text::{number, value_of};
use super::proc::{Path, has_our_numbers, living_thread, read_process_file};
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
    let text = read_process_file(&Path::of_process(pid, "status"), &mut buffer)?;
    if !value_of(text, b"State").is_some_and(|state| state.starts_with(b"Z")) {
        return value_in(text, name);
    }
    let path = Path::of_task(pid, living_thread(pid)?, "status");
    value_in(read_process_file(&path, &mut buffer)?, name)
}

/// The first number: `SigQ` is "queued/limit", sizes are "KiB kB". A thread of the kernel has no
/// memory of its own, and no line.
fn value_in(status: &[u8], name: &[u8]) -> Result<u64> {
    let value = value_of(status, name).unwrap_or(b"0");
    value.split(|byte| !byte.is_ascii_digit()).next().and_then(number).ok_or(Errno::EIO)
}

/// Since Linux 6.2 the folder's size is the count, `proc_fd_getattr` in `fs/proc/fd.c`; before, zero.
pub fn open_descriptors(pid: i32) -> Result<u64> {
    has_our_numbers(pid)?;
    let folder = Path::of_process(pid, "fd");
    match file_size(folder.as_c_str()).map_err(ended)? {
        // In one's own folder stands the descriptor that reads it.
        0 if pid == 0 => Ok(count_entries(&folder)?.saturating_sub(1)),
        0 => {
            let folder = Path::of_task(pid, living_thread(pid)?, "fd");
            let size = file_size(folder.as_c_str()).map_err(ended)?;
            if size == 0 { count_entries(&folder) } else { Ok(size) }
        }
        count => Ok(count),
    }
}

fn count_entries(folder: &Path) -> Result<u64> {
    let mut count = 0;
    let counted = visit_folder(folder.as_c_str(), |_| {
        count += 1;
        true
    });
    counted.map_err(ended).map(|()| count)
}

fn ended(error: Errno) -> Errno {
    if error == Errno::ENOENT { Errno::ESRCH } else { error }
}

/// getpriority(2): the system call answers 20 - nice, the very unit of RLIMIT_NICE.
fn priority(pid: i32) -> Result<u64> {
    // SAFETY: getpriority takes numbers only.
    let answer = unsafe { kernel::call(libc::SYS_getpriority, [libc::PRIO_PROCESS as usize, pid as usize, 0, 0, 0]) };
    answer.map(|priority| priority as u64)
}

/// sched_getparam(2); 0 without a real-time policy.
fn realtime_priority(pid: i32) -> Result<u64> {
    let mut priority: c_int = 0;
    // SAFETY: the kernel writes one struct sched_param, an int.
    unsafe { kernel::call(libc::SYS_sched_getparam, [pid as usize, address(&mut priority), 0, 0, 0]) }?;
    Ok(priority as u64)
}
