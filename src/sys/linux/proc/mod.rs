//! The files of /proc, proc(5): their paths, and which process they belong to.

pub mod parse;

use super::descriptor::{Descriptor, Numbers, read_link};
use super::kernel::{self, own_pid};
use crate::errno::{Errno, Result};
use parse::{Stat, number, value_of};

pub use super::path::Path;

/// Paths of a process's files. The longest one in use, `/proc/2147483647/task/2147483647/status`, fits.
impl Path {
    /// 0 is the caller, through its thread: `/proc/self` is wrong after the first thread has ended.
    #[inline(never)] // for size: it has many callers
    pub fn of_process(pid: i32, name: &str) -> Path {
        let mut path = Path::of_folder(pid);
        path.add(name.as_bytes());
        path
    }

    pub fn of_task(pid: i32, thread: i32, name: &str) -> Path {
        let mut path = Path::of_folder(pid);
        path.add(b"task/");
        path.add_number(thread);
        path.add(b"/");
        path.add(name.as_bytes());
        path
    }

    pub fn of_own_descriptor(fd: i32) -> Path {
        let mut path = Path::of_folder(0);
        path.add(b"fdinfo/");
        path.add_number(fd);
        path
    }

    fn of_folder(pid: i32) -> Path {
        let mut path = Path::new();
        path.add(b"/proc/");
        if pid == 0 {
            path.add(b"thread-self");
        } else {
            path.add_number(pid);
        }
        path.add(b"/");
        path
    }
}

pub fn stat(pid: i32) -> Result<Stat> {
    stat_at(pid, &Path::of_process(pid, "stat"))
}

fn stat_at(pid: i32, path: &Path) -> Result<Stat> {
    let mut buffer = [0; 1024];
    parse::stat(read_process_file(pid, path, &mut buffer)?).ok_or(Errno::ENOTSUP)
}

/// Finds a living thread of a process whose first one has ended: the files of that one report no memory and no
/// descriptors. ESRCH if all have ended.
pub fn living_thread(pid: i32) -> Result<i32> {
    let mut living = Err(Errno::ESRCH);
    let absent = |error| absence(pid, error);
    let mut threads = Numbers::open(Path::of_process(pid, "task").as_c_str()).map_err(absent)?;
    while let Some(thread) = threads.next().map_err(absent)? {
        match stat_at(pid, &Path::of_task(pid, thread, "stat")) {
            Ok(stat) if stat.state != b'Z' => return Ok(thread),
            // It has ended, perhaps just now.
            Ok(_) | Err(Errno::ESRCH | Errno::ENOENT) => {}
            // Unknown whether it is alive; another thread may be.
            Err(error) => living = Err(error),
        }
    }
    living
}

/// A /proc that was mounted in another pid namespace has other PIDs, and would report other processes: ENOTSUP then,
/// and if its namespace is unknown. The caller (0) is in every /proc.
pub fn has_our_numbers(pid: i32) -> Result<()> {
    if pid == 0 || is_of_first_namespace() {
        return Ok(());
    }
    match is_of_own_namespace() {
        Ok(true) => Ok(()),
        Err(error) if error.is_lack() => Err(error),
        _ => Err(Errno::ENOTSUP),
    }
}

/// The caller is in the first pid namespace, `PROC_PID_INIT_INO` in the kernel's `include/linux/proc_ns.h`: a /proc
/// that shows it belongs to the same one.
fn is_of_first_namespace() -> bool {
    let mut name = [0; 32];
    read_link(c"/proc/thread-self/ns/pid", &mut name).is_ok_and(|name| name == b"pid:[4026531836]")
}

/// `NSpid` has a PID for each namespace from that of /proc down to the process's own: `task_state` in the kernel's
/// `fs/proc/array.c`. If the caller has a single PID, the two namespaces are the same.
fn is_of_own_namespace() -> Result<bool> {
    let mut buffer = [0; 4096];
    let status = read_process_file(0, &Path::of_process(0, "status"), &mut buffer)?;
    let Some(numbers) = value_of(status, b"NSpid") else {
        // Before Linux 4.1, and in gVisor.
        let mut name = [0; 16];
        return Ok(number(read_link(c"/proc/self", &mut name)?) == u64::try_from(own_pid()).ok());
    };
    Ok(number(numbers).is_some())
}

/// Opens a file of a process, 0 for the caller. ESRCH if there is no such process.
pub fn open_process_file(pid: i32, path: &Path, kind: i32) -> Result<Descriptor> {
    Descriptor::open(path.as_c_str(), kind).map_err(|error| absence(pid, error))
}

pub fn read_process_file<'a>(pid: i32, path: &Path, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
    read_lines(&open_process_file(pid, path, 0)?, buffer)
}

/// Why /proc does not have a file of a process: the process has ended, if kill(2) confirms that; else it is hidden
/// from the caller, see `hidepid` in proc(5). For the caller: /proc is not mounted.
pub fn absence(pid: i32, error: Errno) -> Errno {
    if error != Errno::ENOENT || pid == 0 {
        return error;
    }
    // SAFETY: kill takes numbers, and signal 0 only checks.
    match unsafe { kernel::call(libc::SYS_kill, [pid as usize, 0]) } {
        Err(Errno::ESRCH) => Errno::ESRCH,
        _ => Errno::EACCES,
    }
}

/// Reads a file whole, or only its short lines if it is larger than the buffer. One read of a file of /proc fills the
/// buffer as far as possible, `seq_read_iter` in the kernel's `fs/seq_file.c`.
pub fn read_lines<'a>(file: &Descriptor, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
    let mut length = file.read_at(0, buffer)?;
    if length == buffer.len() {
        length = parse::short_lines(buffer, |offset, rest| file.read_at(offset, rest))?;
    }
    Ok(buffer.get(..length).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    #[test]
    fn paths() {
        let text = |path: Path| String::from_utf8_lossy(path.as_c_str().to_bytes()).into_owned();
        assert_eq!(text(Path::of_process(1, "stat")), "/proc/1/stat");
        assert_eq!(text(Path::of_process(i32::MAX, "status")), "/proc/2147483647/status");
        assert_eq!(text(Path::of_process(0, "fd")), "/proc/thread-self/fd");
        let longest = "/proc/2147483647/task/2147483647/status";
        assert_eq!(text(Path::of_task(i32::MAX, i32::MAX, "status")), longest);
        assert_eq!(text(Path::of_own_descriptor(10)), "/proc/thread-self/fdinfo/10");
        let long = "x".repeat(100);
        assert_eq!(Path::of_process(1, &long).as_c_str().count_bytes(), 63);
    }
}
