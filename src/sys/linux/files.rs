//! Files of /proc that a handle keeps open: such a file stays with its process, and to read it again
//! costs less than half of opening it anew.

use super::descriptor::Descriptor;
use super::identity::Identity;
use super::own_limits::getrlimit;
use super::proc::{Path, has_our_numbers, read_lines};
use crate::catalog::RR_RLIMIT_NOFILE;
use crate::errno::{Errno, Result};
use core::cell::OnceCell;

/// A file of `/proc/PID` that tells of use.
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
    stat: OnceCell<Descriptor>,
    statm: OnceCell<Descriptor>,
    status: OnceCell<Descriptor>,
    io: OnceCell<Descriptor>,
}

impl Files {
    pub fn read<'a>(&self, file: File, pid: i32, identity: &Identity, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
        let kept = match file {
            File::Stat => &self.stat,
            File::Statm => &self.statm,
            File::Status => &self.status,
            File::Io => &self.io,
        };
        if let Some(file) = kept.get() {
            return read_lines(file, buffer);
        }
        let file = open(file.name(), pid, identity)?;
        let text = read_lines(&file, buffer)?;
        if may_stay(&file) {
            let _ = kept.set(file);
        }
        Ok(text)
    }
}

/// Opened by number: it is the process's if the number still was afterwards.
fn open(name: &str, pid: i32, identity: &Identity) -> Result<Descriptor> {
    has_our_numbers(pid)?;
    match Descriptor::open(Path::of_process(pid, name).as_c_str(), 0) {
        Err(Errno::ENOENT) => Err(Errno::ESRCH),
        file => {
            identity.holds(pid)?;
            file
        }
    }
}

/// Numbers are given from the lowest. A program that has used half of its descriptors gets no more of
/// them kept: many handles must not use up the rest.
fn may_stay(file: &Descriptor) -> bool {
    getrlimit(RR_RLIMIT_NOFILE).is_ok_and(|limits| (file.number() as u64) < limits.rlim_cur / 2)
}
