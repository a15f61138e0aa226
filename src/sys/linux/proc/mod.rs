//! The files of /proc, proc(5): their paths, and whose they are.

pub mod text;

use super::descriptor::{Descriptor, read_link, visit_folder};
use super::kernel::own_pid;
use crate::errno::{Errno, Result};
use text::{Stat, number};

pub use crate::sys::path::Path;

/// Of a process's files. The longest that is asked for, `/proc/2147483647/task/2147483647/status`, fits.
impl Path {
    /// 0 is the caller, by its thread: `/proc/self` lies once the first thread has ended.
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
    stat_at(&Path::of_process(pid, "stat"))
}

fn stat_at(path: &Path) -> Result<Stat> {
    let mut buffer = [0; 1024];
    text::stat(read_process_file(path, &mut buffer)?).ok_or(Errno::EIO)
}

/// A thread of a process whose first one has ended: the files of that one tell of no memory and no
/// descriptors. ESRCH when all have ended.
pub fn living_thread(pid: i32) -> Result<i32> {
    let mut living = Err(Errno::ESRCH);
    visit_folder(Path::of_process(pid, "task").as_c_str(), |name| {
        let thread = number(name).and_then(|number| i32::try_from(number).ok());
        let lives = |thread: &i32| stat_at(&Path::of_task(pid, *thread, "stat")).is_ok_and(|stat| stat.state != b'Z');
        living = thread.filter(lives).ok_or(Errno::ESRCH);
        living.is_err()
    })?;
    living
}

/// A /proc that was mounted in another pid namespace has other numbers, and would tell of other
/// processes: ENOTSUP then. Of the caller (0) every /proc tells.
pub fn has_our_numbers(pid: i32) -> Result<()> {
    let mut name = [0; 16];
    let mut ours = || read_link(c"/proc/self", &mut name).ok().and_then(number) == u64::try_from(own_pid()).ok();
    if pid == 0 || ours() { Ok(()) } else { Err(Errno::ENOTSUP) }
}

/// ESRCH when there is no such process: then /proc has no folder for it.
pub fn read_process_file<'a>(path: &Path, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
    match Descriptor::open(path.as_c_str(), 0) {
        Err(Errno::ENOENT) => Err(Errno::ESRCH),
        file => read_lines(&file?, buffer),
    }
}

/// All of a file, or its short lines where it is larger than the buffer. A file of /proc gives as much as
/// there is room for at once, `seq_read_iter` in the kernel's `fs/seq_file.c`.
pub fn read_lines<'a>(file: &Descriptor, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
    let mut length = file.read_at(0, buffer)?;
    if length == buffer.len() {
        length = text::short_lines(buffer, |offset, rest| file.read_at(offset, rest))?;
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
