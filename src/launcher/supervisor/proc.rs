//! What /proc shows of processes. A process is named by its number in /proc, which in a pid namespace is
//! not the supervisor's own.

use crate::kernel::{address, call};
use crate::number;
use core::ffi::CStr;

const O_CLOEXEC: usize = 0o2000000;
#[cfg(not(target_arch = "aarch64"))]
const O_DIRECTORY: usize = 0o200000;
#[cfg(target_arch = "aarch64")]
const O_DIRECTORY: usize = 0o40000;
const AT_FDCWD: usize = -100_isize as usize;

pub struct Path {
    text: [u8; 64],
    length: usize,
}

impl Path {
    /// Of a process's folder; 0 is the supervisor.
    pub fn of(process: u32) -> Path {
        let path = Path { text: [0; 64], length: 0 }.with(b"/proc/");
        if process == 0 { path.with(b"self") } else { path.with_number(process) }
    }

    pub fn with(mut self, part: &[u8]) -> Path {
        let places = self.text.iter_mut().skip(self.length).take(part.len());
        places.zip(part).for_each(|(place, byte)| *place = *byte);
        self.length += part.len();
        self
    }

    pub fn with_number(mut self, number: u32) -> Path {
        let mut unit = 1;
        while number / unit > 9 {
            unit *= 10;
        }
        while unit > 0 {
            self = self.with(&[b'0' + (number / unit % 10) as u8]);
            unit /= 10;
        }
        self
    }

    fn open(&mut self, flags: usize) -> Option<File> {
        // SAFETY: the path ends in NUL: none is as long as its room.
        let fd = unsafe { call(number::OPENAT, [AT_FDCWD, address(&mut self.text), O_CLOEXEC | flags]) };
        usize::try_from(fd).ok().map(File)
    }
}

pub struct File(usize);

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: ours alone.
        unsafe { call(number::CLOSE, [self.0]) };
    }
}

impl File {
    /// `O_WRONLY`.
    pub const TO_WRITE: usize = 1;

    pub fn at(folder: usize, name: &CStr, flags: usize) -> Option<File> {
        let name = name.as_ptr().expose_provenance();
        // SAFETY: the name ends in NUL.
        let fd = unsafe { call(number::OPENAT, [folder, name, O_CLOEXEC | flags]) };
        usize::try_from(fd).ok().map(File)
    }

    pub fn number(&self) -> usize {
        self.0
    }

    pub fn text<'a>(&self, buffer: &'a mut [u8]) -> &'a [u8] {
        self.read(number::READ, buffer)
    }

    pub fn write(&self, mut byte: u8) -> bool {
        // SAFETY: one byte is read.
        unsafe { call(number::WRITE, [self.0, address(&mut byte), 1]) == 1 }
    }

    fn read<'a>(&self, number: usize, buffer: &'a mut [u8]) -> &'a [u8] {
        let (place, room) = (buffer.as_mut_ptr().expose_provenance(), buffer.len());
        // SAFETY: the kernel writes at most as much as there is room.
        let length = unsafe { call(number, [self.0, place, room]) };
        usize::try_from(length).ok().and_then(|length| buffer.get(..length)).unwrap_or_default()
    }
}

/// The children of a process, those of all its threads.
pub fn for_each_child(process: u32, mut visit: impl FnMut(u32)) {
    let Some(folder) = Path::of(process).with(b"/task").open(O_DIRECTORY) else { return };
    let mut buffer = [0; 1024];
    loop {
        let mut entries = folder.read(number::GETDENTS64, &mut buffer);
        if entries.is_empty() {
            return;
        }
        // `struct linux_dirent64`, getdents(2): its length stands at 16, its name at 19.
        while let Some(length) = entries.get(16..18).and_then(|bytes| bytes.first_chunk()) {
            if let Some(thread) = entries.get(19..).and_then(pid_of) {
                children_of_thread(process, thread, &mut visit);
            }
            entries = entries.get(usize::from(u16::from_ne_bytes(*length))..).unwrap_or_default();
        }
    }
}

/// `/proc/PID/task/TID/children`, proc_tid_children(5).
fn children_of_thread(process: u32, thread: u32, visit: &mut impl FnMut(u32)) {
    let Some(file) = Path::of(process).with(b"/task/").with_number(thread).with(b"/children").open(0) else { return };
    let mut buffer = [0; 512];
    let mut number = 0;
    loop {
        let text = file.text(&mut buffer);
        if text.is_empty() {
            return;
        }
        for byte in text {
            if byte.is_ascii_digit() {
                number = number * 10 + u32::from(byte - b'0');
            } else if number > 0 {
                visit(number);
                number = 0;
            }
        }
    }
}

/// `None` where the text does not begin with one.
pub fn first_number(text: &[u8]) -> Option<u64> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(None, |number: Option<u64>, digit| {
        Some(number.unwrap_or(0).wrapping_mul(10).wrapping_add(u64::from(digit - b'0')))
    })
}

/// Of a process.
fn pid_of(text: &[u8]) -> Option<u32> {
    first_number(text).map(|number| number as u32)
}

pub struct Stat {
    pub state: u8,
    pub parent: u32,
    /// The time of the children that it has waited for, in ticks.
    pub children_ticks: u64,
}

/// `/proc/PID/stat`: behind the name, which may contain anything, the third field is the state.
pub fn stat(process: u32) -> Option<Stat> {
    let mut buffer = [0; 512];
    let file = Path::of(process).with(b"/stat").open(0)?;
    let text = file.text(&mut buffer);
    let end = text.iter().rposition(|byte| *byte == b')')?;
    let fields = text.get(end + 2..)?.split(|byte| *byte == b' ');
    let mut stat = Stat { state: 0, parent: 0, children_ticks: 0 };
    for (index, field) in fields.enumerate().take(15) {
        match index {
            0 => stat.state = field.first().copied()?,
            1 => stat.parent = pid_of(field)?,
            13 | 14 => stat.children_ticks += first_number(field)?,
            _ => {}
        }
    }
    Some(stat)
}

/// The value of a line of `/proc/PID/status`.
fn status<T>(process: u32, name: &[u8], read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
    let mut buffer = [0; 2048];
    let file = Path::of(process).with(b"/status").open(0)?;
    let text = file.text(&mut buffer);
    let mut lines = text.split(|byte| *byte == b'\n');
    lines.find_map(|line| line.strip_prefix(name)).and_then(read)
}

/// The number that a process has in its own pid namespace, which is the supervisor's or below it.
pub fn inner_number(process: u32) -> Option<u32> {
    status(process, b"NSpid:", |numbers| numbers.rsplit(|byte| *byte == b'\t').next().and_then(pid_of))
}

/// Whether a process ignores SIGCHLD: its children leave no record of their usage.
pub fn ignores_sigchld(process: u32) -> bool {
    // SIGCHLD is 17: bit 16, of the digit that is the fifth from the end.
    let digit = status(process, b"SigIgn:", |set| set.len().checked_sub(5).and_then(|place| set.get(place).copied()));
    digit.is_some_and(|digit| (if digit > b'9' { digit - b'a' + 10 } else { digit - b'0' }) & 1 != 0)
}

/// The number that /proc has for a child of that number of ours.
pub fn outer_number(pid: u32) -> Option<u32> {
    // SAFETY: pidfd_open takes numbers only.
    let file = File(usize::try_from(unsafe { call(number::PIDFD_OPEN, [pid as usize, 0]) }).ok()?);
    let mut buffer = [0; 512];
    let info = Path::of(0).with(b"/fdinfo/").with_number(file.0 as u32).open(0)?;
    let text = info.text(&mut buffer);
    let mut lines = text.split(|byte| *byte == b'\n');
    lines.find_map(|line| line.strip_prefix(b"Pid:\t")).and_then(pid_of)
}
