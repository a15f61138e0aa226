//! What the whole machine has, and the kernel's settings.

use super::super::descriptor::{Descriptor, read_file};
use super::super::kernel::{self, address};
use super::super::proc::parse::{bytes, number, value_of};
use super::super::proc::{Path, has_our_numbers, read_process_file};
use super::cache::with_file;
use super::{each_line, parse};
use crate::errno::{Errno, Result};
use crate::sys::portable::bounds::if_available;
use core::ffi::CStr;
use core::mem::MaybeUninit;

/// In bytes.
#[derive(Default)]
pub struct Memory {
    pub total: u64,
    pub free: u64,
    pub available: Option<u64>,
    pub swap_total: u64,
    pub swap_free: u64,
    pub commit_limit: u64,
    pub committed: u64,
}

/// proc_meminfo(5), or without /proc sysinfo(2), which does not report the available memory.
pub fn memory(kept: Option<&mut Option<Descriptor>>) -> Result<Memory> {
    const NAMES: &[u8] = b"MemTotal MemFree MemAvailable SwapTotal SwapFree CommitLimit Committed_AS";
    let mut values = [None; 7];
    let mut visit = |line: &mut [u8]| {
        // A quick check, because comparing the names of all other lines would cost as much as reading the file.
        let Some(b'M' | b'S' | b'C') = line.first() else { return true };
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = parts.next().unwrap_or_default();
        let Some(place) = NAMES.split(|byte| *byte == b' ').position(|known| known == name) else { return true };
        let value = parts.next().and_then(|value| bytes(value.trim_ascii()));
        values.iter_mut().skip(place).take(1).for_each(|place| *place = value);
        place < 6
    };
    let read = with_file(kept, c"/proc/meminfo", &mut |file| each_line(file, &mut [0; 2048], &mut visit).map(drop));
    match (if_available(read)?, values) {
        (Some(()), [Some(total), Some(free), available, swap_total, swap_free, commit_limit, committed]) => {
            let known = |value: Option<u64>| value.unwrap_or(0);
            let (swap_total, swap_free) = (known(swap_total), known(swap_free));
            let (commit_limit, committed) = (known(commit_limit), known(committed));
            Ok(Memory { total, free, available, swap_total, swap_free, commit_limit, committed })
        }
        _ => memory_without_proc(),
    }
}

fn memory_without_proc() -> Result<Memory> {
    let mut info = MaybeUninit::<libc::sysinfo>::uninit();
    // SAFETY: the kernel writes one struct sysinfo.
    unsafe { kernel::call(libc::SYS_sysinfo, [address(&mut info), 0, 0, 0, 0]) }?;
    // SAFETY: the kernel filled it.
    let info = unsafe { info.assume_init() };
    #[allow(clippy::unnecessary_cast, reason = "the widths vary")]
    let bytes = |units| u64::from(info.mem_unit).saturating_mul(units as u64);
    Ok(Memory {
        total: bytes(info.totalram),
        free: bytes(info.freeram),
        swap_total: bytes(info.totalswap),
        swap_free: bytes(info.freeswap),
        ..Memory::default()
    })
}

fn text_of<'b>(path: &CStr, buffer: &'b mut [u8; 64]) -> Result<Option<&'b [u8]>> {
    if_available(read_file(path, buffer))
}

/// A file with one number.
pub fn setting(path: &CStr, kept: Option<&mut Option<Descriptor>>) -> Result<Option<u64>> {
    let mut value = None;
    let read = with_file(kept, path, &mut |file| {
        let mut buffer = [0; 64];
        let length = file.read_at(0, &mut buffer)?;
        value = buffer.get(..length).and_then(|text| number(text.trim_ascii()));
        Ok(())
    });
    Ok(if_available(read)?.and(value))
}

pub fn tasks() -> Result<Option<u64>> {
    Ok(text_of(c"/proc/loadavg", &mut [0; 64])?.and_then(parse::tasks))
}

pub fn open_files() -> Result<Option<(u64, u64)>> {
    Ok(text_of(c"/proc/sys/fs/file-nr", &mut [0; 64])?.and_then(parse::open_files))
}

/// Read from the file, because sysconf(3) returns the affinity in some libcs.
pub fn online_processors() -> Result<Option<u64>> {
    let mut buffer = [0; 512];
    Ok(if_available(read_file(c"/sys/devices/system/cpu/online", &mut buffer))?.and_then(parse::list_count))
}

/// The number of processors in the affinity mask of the calling thread or a process's first one: sched_getaffinity(2).
pub fn affinity(pid: i32) -> Result<u64> {
    // The most processors that x86 supports; the kernel refuses a mask that is too short.
    let mut mask = [0_u64; 128];
    let arguments = [pid as usize, size_of_val(&mask), address(&mut mask), 0, 0];
    // SAFETY: the kernel writes at most the mask's size.
    unsafe { kernel::call(libc::SYS_sched_getaffinity, arguments) }?;
    Ok(mask.iter().map(|word| u64::from(word.count_ones())).sum())
}

/// `Uid` of proc_pid_status(5) begins with the real one.
pub fn real_user(pid: i32) -> Result<u64> {
    if pid == 0 {
        // SAFETY: getuid takes nothing.
        return unsafe { kernel::call(libc::SYS_getuid, [0; 5]) }.map(|user| user as u64);
    }
    has_our_numbers(pid)?;
    let mut buffer = [0; 1024];
    let status = read_process_file(pid, &Path::of_process(pid, "status"), &mut buffer)?;
    let users = value_of(status, b"Uid").unwrap_or_default();
    users.split(|byte| *byte == b'\t').next().and_then(number).ok_or(Errno::EIO)
}
