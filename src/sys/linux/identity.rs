//! Which process a number means: a number is given anew, a process is not.

use super::descriptor::{Descriptor, read_file};
use super::kernel::{self, address};
use super::pause::time_of;
use super::proc::text::{number, value_of};
use super::proc::{self, Path};
use crate::errno::{Errno, Result};
use core::ffi::c_int;

/// What tells a process from a later one with its number.
pub enum Identity {
    /// pidfd_open(2), since Linux 5.3.
    Pidfd(Descriptor),
    /// Where that is missing, or a sandbox refuses it: field 22 of `/proc/PID/stat`, which is the same
    /// for two processes of one clock tick.
    StartTime(u64),
}

pub fn identify(pid: i32) -> Result<Identity> {
    // SAFETY: pidfd_open takes numbers only.
    match unsafe { kernel::call(libc::SYS_pidfd_open, [pid as usize, 0, 0, 0, 0]) } {
        Ok(pidfd) => Ok(Identity::Pidfd(Descriptor::owned(pidfd))),
        // A thread that leads no process: EINVAL, and ENOENT since Linux 6.15.
        Err(Errno::ENOENT | Errno::EINVAL) => Err(Errno::EINVAL),
        Err(Errno::ENOSYS | Errno::EPERM) => identify_by_start_time(pid),
        Err(error) => Err(error),
    }
}

fn identify_by_start_time(pid: i32) -> Result<Identity> {
    proc::has_our_numbers(pid)?;
    let mut buffer = [0; 4096];
    let status = proc::read_process_file(&Path::of_process(pid, "status"), &mut buffer)?;
    let leader = value_of(status, b"Tgid").and_then(number).ok_or(Errno::EIO)?;
    if leader != u64::from(pid.unsigned_abs()) {
        return Err(Errno::EINVAL);
    }
    Ok(Identity::StartTime(proc::stat(pid)?.start_time))
}

/// The process behind a descriptor, which is copied. EBADF for one that is no pidfd, EINVAL for the
/// pidfd of a thread, ESRCH when the process is gone or its number unknown in this namespace.
pub fn identify_descriptor(pidfd: c_int) -> Result<(i32, Identity)> {
    let copy = Descriptor::copy_of(pidfd)?;
    let mut buffer = [0; 1024];
    let info = read_file(Path::of_own_descriptor(copy.number()).as_c_str(), &mut buffer)?;
    let pid = value_of(info, b"Pid").ok_or(Errno::EBADF)?;
    let flags = value_of(info, b"flags").ok_or(Errno::EIO)?;
    // PIDFD_THREAD is O_EXCL, and the flags are octal: the last but two is 2.
    if flags.iter().rev().nth(2).is_some_and(|digit| digit.wrapping_sub(b'0') & 2 != 0) {
        return Err(Errno::EINVAL);
    }
    match number(pid).and_then(|pid| i32::try_from(pid).ok()) {
        Some(pid) if pid > 0 => Ok((pid, Identity::Pidfd(copy))),
        _ => Err(Errno::ESRCH),
    }
}

impl Identity {
    pub fn descriptor(&self) -> Option<c_int> {
        match self {
            Identity::Pidfd(pidfd) => Some(pidfd.number()),
            Identity::StartTime(_) => None,
        }
    }

    /// Does the number still mean this process? A zombie keeps its number. ESRCH when not.
    pub fn holds(&self, pid: i32) -> Result<()> {
        match self {
            Identity::Pidfd(pidfd) if !is_readable(pidfd.number())? => Ok(()),
            Identity::Pidfd(pidfd) => {
                let arguments = [pidfd.number() as usize, 0, 0, 0, 0];
                // SAFETY: signal 0 is only looked at, and there is no siginfo.
                let answer = unsafe { kernel::call(libc::SYS_pidfd_send_signal, arguments) };
                // It has ended, and whoever may not ask whether it still is a zombie must not trust its number.
                answer.map(drop).map_err(|_| Errno::ESRCH)
            }
            Identity::StartTime(started) if proc::stat(pid)?.start_time == *started => Ok(()),
            Identity::StartTime(_) => Err(Errno::ESRCH),
        }
    }

    /// ESRCH for a zombie too.
    pub fn lives(&self, pid: i32) -> Result<()> {
        let ended = match self {
            Identity::Pidfd(pidfd) => is_readable(pidfd.number())?,
            Identity::StartTime(started) => {
                let stat = proc::stat(pid)?;
                stat.start_time != *started || stat.has_ended()
            }
        };
        if ended { Err(Errno::ESRCH) } else { Ok(()) }
    }
}

/// A pidfd is, once its process has ended, all threads of it.
fn is_readable(fd: c_int) -> Result<bool> {
    is_readable_within(fd, Some(0))
}

/// At most that many nanoseconds from now, or without an end.
pub fn is_readable_within(fd: c_int, nanoseconds: Option<u64>) -> Result<bool> {
    let mut poll = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    let mut time = nanoseconds.map(time_of);
    let time = time.as_mut().map_or(0, address);
    // SAFETY: one struct pollfd is read and written, a time read and perhaps written; no signal mask.
    let ready = unsafe { kernel::call(libc::SYS_ppoll, [address(&mut poll), 1, time, 0, 0]) }?;
    Ok(ready > 0)
}
