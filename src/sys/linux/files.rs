//! Files of /proc that a handle keeps open. An open file always refers to the same process, and reading it again costs
//! less than half of opening it again.

use super::descriptor::Descriptor;
use super::own_limits::getrlimit;
use super::proc::{Path, has_our_numbers, open_process_file, read_lines};
use crate::catalog::RR_RLIMIT_NOFILE;
use crate::errno::Result;
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicI32, Ordering};

/// A file of `/proc/PID` with usage.
#[derive(Clone, Copy)]
pub enum File {
    Stat,
    Statm,
    Status,
    Io,
}

impl File {
    pub fn name(self) -> &'static str {
        match self {
            File::Stat => "stat",
            File::Statm => "statm",
            File::Status => "status",
            File::Io => "io",
        }
    }
}

/// Each is opened when it is first read.
#[derive(Default)]
pub struct Files {
    stat: Kept,
    statm: Kept,
    status: Kept,
    io: Kept,
}

/// A descriptor that is set once; none at first. It is stored by one atomic exchange and never changed, so that a
/// signal handler may interrupt a call with a handle and use the same handle.
struct Kept(AtomicI32);

const NONE: i32 = -1;

impl Default for Kept {
    fn default() -> Kept {
        Kept(AtomicI32::new(NONE))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let number @ 0.. = *self.0.get_mut() {
            drop(Descriptor::owned(number as usize));
        }
    }
}

impl Kept {
    fn get(&self) -> Option<ManuallyDrop<Descriptor>> {
        let number = self.0.load(Ordering::Acquire);
        (number != NONE).then(|| ManuallyDrop::new(Descriptor::owned(number as usize)))
    }

    /// Closes it if another one is already stored.
    fn keep(&self, file: Descriptor) {
        if self.0.compare_exchange(NONE, file.number(), Ordering::AcqRel, Ordering::Acquire).is_ok() {
            let _ = ManuallyDrop::new(file);
        }
    }
}

impl Files {
    /// Opened by PID, so that the file is another process's if the PID was reused. Then the intended process has
    /// ended, and each caller checks that after the reading.
    pub fn read<'a>(&self, file: File, pid: i32, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
        let kept = match file {
            File::Stat => &self.stat,
            File::Statm => &self.statm,
            File::Status => &self.status,
            File::Io => &self.io,
        };
        if let Some(file) = kept.get() {
            return read_lines(&file, buffer);
        }
        has_our_numbers(pid)?;
        let file = open_process_file(pid, &Path::of_process(pid, file.name()), 0)?;
        let text = read_lines(&file, buffer)?;
        if may_stay(&file) {
            kept.keep(file);
        }
        Ok(text)
    }
}

/// The kernel allocates the lowest free number. If a program has used half of its descriptors, no more are kept: many
/// handles must not use up the rest.
pub fn may_stay(file: &Descriptor) -> bool {
    getrlimit(RR_RLIMIT_NOFILE).is_ok_and(|limits| (file.number() as u64) < limits.rlim_cur / 2)
}
