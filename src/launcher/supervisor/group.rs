//! The control group of a tree, in which every process of it begins: `Documentation/admin-guide/cgroup-v2.rst`.

use crate::kernel::{address, call};
use crate::message::{self, COUNTED, Counts};
use crate::proc::{File, first_number};
use crate::{NONE, number};
use core::ffi::CStr;

#[derive(Clone, Copy)]
pub struct Group(usize);

/// cgroups(7): 0 is the writer itself.
pub fn join(folder: usize) -> bool {
    write(folder, c"cgroup.procs", b'0')
}

fn write(folder: usize, name: &CStr, digit: u8) -> bool {
    File::at(folder, name, File::TO_WRITE).is_some_and(|file| file.write(digit))
}

impl Group {
    pub fn of(folder: usize) -> Option<Group> {
        (folder != NONE).then_some(Group(folder))
    }

    /// All at once, since Linux 5.14.
    pub fn kill(self) -> bool {
        write(self.0, c"cgroup.kill", b'1')
    }

    /// Before: no process in it runs while its processes are looked for. What is killed ends nevertheless.
    pub fn freeze(self, is_frozen: bool) -> bool {
        write(self.0, c"cgroup.freeze", if is_frozen { b'1' } else { b'0' })
    }

    /// In nanoseconds.
    pub fn time(self) -> Option<u64> {
        let [(file, line), ..] = COUNTED;
        self.count(file, line).map(|usec| usec * 1000)
    }

    fn count(self, file: &CStr, line: &[u8]) -> Option<u64> {
        let mut buffer = [0; 1024];
        let text = File::at(self.0, file, 0)?.text(&mut buffer);
        let mut lines = text.split(|byte| *byte == b'\n');
        lines.find_map(|found| found.strip_prefix(line)).and_then(first_number)
    }

    pub fn counts(self) -> Counts {
        COUNTED.map(|(file, line)| self.count(file, line).unwrap_or(message::NONE))
    }

    /// Its name is the start's nonce. It stays busy for a moment after its last process
    /// was reaped.
    pub fn remove(self, nonce: u64) {
        const REMOVE_FOLDER: usize = 0x200;
        const MOST_TIMES: usize = 100;
        let mut name = [0_u8; 32];
        let digits = (0..16).rev().map(|place| b"0123456789abcdef".get((nonce >> (4 * place) & 15) as usize));
        let letters = b"rresource-".iter().copied().chain(digits.flatten().copied());
        name.iter_mut().zip(letters).for_each(|(place, letter)| *place = letter);
        let Some(parent) = File::at(self.0, c"..", 0) else { return };
        for _ in 0..MOST_TIMES {
            // SAFETY: the name ends in NUL.
            if unsafe { call(number::UNLINKAT, [parent.number(), address(&mut name), REMOVE_FOLDER]) } >= 0 {
                return;
            }
            let mut time = [0_isize, 1_000_000];
            // SAFETY: no descriptors; a time is read and perhaps written; no signal mask.
            unsafe { call(number::PPOLL, [0, 0, address(&mut time), 0, 0]) };
        }
    }
}
