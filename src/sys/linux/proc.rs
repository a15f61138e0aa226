//! The files of /proc, proc(5): their paths, and parsers that take any bytes.

use super::descriptor::{read_file, read_link, visit_folder};
use super::kernel::own_pid;
use crate::errno::{Errno, Result};
use core::ffi::CStr;

/// `/proc/PID/NAME`. The longest that is asked for, `/proc/2147483647/task/2147483647/status`, fits.
pub struct Path {
    bytes: [u8; 64],
    length: usize,
}

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
        let mut path = Path { bytes: [0; 64], length: 0 };
        path.add(b"/proc/");
        if pid == 0 {
            path.add(b"thread-self");
        } else {
            path.add_number(pid);
        }
        path.add(b"/");
        path
    }

    pub fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or_default()
    }

    /// The last byte stays NUL: what does not fit is cut, and names no file.
    fn add(&mut self, text: &[u8]) {
        let room = self.bytes.iter_mut().take(63).skip(self.length);
        room.zip(text).for_each(|(byte, letter)| *byte = *letter);
        self.length += text.len();
    }

    fn add_number(&mut self, number: i32) {
        let mut digits = [0; 10];
        let mut rest = number.unsigned_abs();
        let mut count = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            count += 1;
            if rest == 0 {
                break;
            }
        }
        self.add(digits.get(digits.len() - count..).unwrap_or_default());
    }
}

/// What `/proc/PID/stat` says of a process's identity.
#[derive(Debug, PartialEq, Eq)]
pub struct Stat {
    /// `Z` when it has ended and nobody has waited for it.
    pub state: u8,
    pub threads: u64,
    /// In clock ticks since the machine started: no two holders of one number have the same.
    pub start_time: u64,
}

pub fn stat(pid: i32) -> Result<Stat> {
    stat_at(&Path::of_process(pid, "stat"))
}

fn stat_at(path: &Path) -> Result<Stat> {
    let mut buffer = [0; 1024];
    parse_stat(read_process_file(path, &mut buffer)?).ok_or(Errno::EIO)
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
    match read_file(path.as_c_str(), buffer) {
        Err(Errno::ENOENT) => Err(Errno::ESRCH),
        other => other,
    }
}

/// The command name, in parentheses, may hold anything, parentheses and newlines too: the fields
/// begin behind the last one.
fn parse_stat(text: &[u8]) -> Option<Stat> {
    let end_of_name = text.iter().rposition(|byte| *byte == b')')?;
    let fields = text.get(end_of_name + 1..)?;
    let mut fields = fields.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty());
    let state = *fields.next()?.first()?;
    // Field 3 was the state; num_threads is 20, starttime 22.
    let threads = number(fields.nth(16)?)?;
    let start_time = number(fields.nth(1)?)?;
    // Where no field follows the file was cut, perhaps within the number.
    fields.next()?;
    Some(Stat { state, threads, start_time })
}

/// The value behind `name:` in a file of such lines, like `status` and `fdinfo`.
pub fn value_of<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let lines = text.split(|byte| *byte == b'\n');
    let value = lines.filter_map(|line| line.strip_prefix(name)).find_map(|rest| rest.strip_prefix(b":"))?;
    Some(value.trim_ascii())
}

/// A decimal number and nothing else.
pub fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |value, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
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

    #[test]
    fn stat_with_any_name() {
        for name in ["cat", "a b", "a) Z 1 (b", ")", "(", "x\n) R", ""] {
            let text = std::format!(
                "12 ({name}) S 1 12 12 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 3 0 987654 1000 1 18446744073709551615\n"
            );
            assert_eq!(parse_stat(text.as_bytes()), Some(Stat { state: b'S', threads: 3, start_time: 987_654 }));
        }
    }

    #[test]
    fn stat_cut_short_is_no_result() {
        let whole = b"12 (cat) S 1 12 12 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 3 0 987654 1000";
        for length in 0..=whole.len() - 4 {
            assert_eq!(parse_stat(whole.get(..length).unwrap()), None, "{length}");
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(number(b"0"), Some(0));
        assert_eq!(number(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(number(b"18446744073709551616"), None);
        assert_eq!(number(b""), None);
        assert_eq!(number(b"-1"), None);
        assert_eq!(number(b"1x"), None);
    }

    #[test]
    fn values_by_name() {
        let text = b"flags:\t02000002\nPid:\t-1\nNSpid:\t7\n";
        assert_eq!(value_of(text, b"Pid"), Some(b"-1".as_slice()));
        assert_eq!(value_of(text, b"NSpid"), Some(b"7".as_slice()));
        assert_eq!(value_of(text, b"pid"), None);
    }
}
