//! Which process a PID refers to: a PID may be reused.

use super::descriptor::{Descriptor, read_file};
use super::kernel::{self, address, own_pid};
use super::pause::time_of;
use super::proc::parse::{number, value_of};
use super::proc::{self, Path};
use crate::errno::{Errno, Result};
use core::ffi::c_int;

/// Distinguishes a process from a later one with the same PID.
pub enum Identity {
    /// pidfd_open(2), since Linux 5.3.
    Pidfd(Descriptor),
    /// If that is missing or a sandbox refuses it: field 22 of `/proc/PID/stat`, which is the same for two processes
    /// that started in one clock tick.
    StartTime(u64),
}

pub fn identify(pid: i32) -> Result<Identity> {
    // SAFETY: pidfd_open takes numbers only.
    match unsafe { kernel::call(libc::SYS_pidfd_open, [pid as usize, 0]) } {
        Ok(pidfd) => Ok(Identity::Pidfd(Descriptor::owned(pidfd))),
        // A thread that is not a thread-group leader: EINVAL, and ENOENT since Linux 6.15.
        Err(Errno::ENOENT | Errno::EINVAL) => Err(Errno::EINVAL),
        Err(error) if error.is_refusal() => identify_by_start_time(pid),
        Err(error) => Err(error),
    }
}

fn identify_by_start_time(pid: i32) -> Result<Identity> {
    proc::has_our_numbers(pid)?;
    let mut buffer = [0; 4096];
    let status = proc::read_process_file(pid, &Path::of_process(pid, "status"), &mut buffer)?;
    let leader = value_of(status, b"Tgid").and_then(number).ok_or(Errno::ENOTSUP)?;
    if leader != u64::from(pid.unsigned_abs()) {
        return Err(Errno::EINVAL);
    }
    Ok(Identity::StartTime(proc::stat(pid)?.start_time))
}

/// The process that a descriptor refers to; the descriptor is copied. EBADF if it is not a pidfd, EINVAL for the pidfd
/// of a thread, ESRCH if the process was reaped, ENOTSUP if it has no PID in the caller's pid namespace or the PID
/// cannot be determined.
pub fn identify_descriptor(pidfd: c_int) -> Result<(i32, Identity)> {
    let copy = Descriptor::copy_of(pidfd)?;
    // Checked first, so that no call meant for a pidfd is made on another kind of descriptor.
    if send_nothing(copy.number()) == Err(Errno::EBADF) {
        return Err(Errno::EBADF);
    }
    let pid = number_of(copy.number())?;
    // SAFETY: fcntl with F_GETFL takes numbers only.
    let flags = unsafe { kernel::call(libc::SYS_fcntl, [copy.number() as usize, libc::F_GETFL as usize]) }?;
    // `PIDFD_THREAD` of `include/uapi/linux/pidfd.h`.
    if flags & libc::O_EXCL as usize != 0 {
        return Err(Errno::EINVAL);
    }
    Ok((pid, Identity::Pidfd(copy)))
}

/// The PID, in the caller's pid namespace, of the process that a pidfd refers to.
pub fn number_of(pidfd: c_int) -> Result<i32> {
    if let Some(pid) = number_from_kernel(pidfd) {
        return Ok(pid);
    }
    match send_nothing(pidfd) {
        // It is neither in the caller's namespace nor below it: `access_pidfd_pidns` in `kernel/signal.c`.
        Err(Errno::EINVAL) => Err(Errno::ENOTSUP),
        Err(Errno::ESRCH) => Err(Errno::ESRCH),
        _ => number_from_proc(pidfd),
    }
}

/// From the kernel, since Linux 6.13.
fn number_from_kernel(pidfd: c_int) -> Option<i32> {
    /// `PIDFD_GET_INFO` of `include/uapi/linux/pidfd.h`, with `struct pidfd_info` of its first size.
    const GET_INFO: usize = 0xC040_FF0B;
    const HAS_PID: u64 = 1;
    #[repr(C)]
    struct Info {
        mask: u64,
        cgroup: u64,
        pid: u32,
        others: [u32; 11],
    }
    let mut info = Info { mask: 0, cgroup: 0, pid: 0, others: [0; 11] };
    // SAFETY: the kernel reads and writes as much as the request number encodes, 64 bytes.
    unsafe { kernel::call(libc::SYS_ioctl, [pidfd as usize, GET_INFO, address(&mut info)]) }.ok()?;
    i32::try_from(info.pid).ok().filter(|pid| info.mask & HAS_PID != 0 && *pid > 0)
}

/// From /proc, proc_pid_fdinfo(5), if it belongs to the caller's pid namespace.
fn number_from_proc(pidfd: c_int) -> Result<i32> {
    let mut buffer = [0; 1024];
    let info = match read_file(Path::of_own_descriptor(pidfd).as_c_str(), &mut buffer) {
        Err(error) if error.is_lack() => return Err(error),
        info => info.map_err(|_| Errno::ENOTSUP)?,
    };
    let shown = value_of(info, b"Pid").ok_or(Errno::EBADF)?;
    if shown == b"-1" {
        return Err(Errno::ESRCH);
    }
    // Any PID except the caller's, which every /proc shows.
    proc::has_our_numbers(1)?;
    number(shown).and_then(|pid| i32::try_from(pid).ok()).filter(|pid| *pid > 0).ok_or(Errno::ENOTSUP)
}

/// pidfd_send_signal(2) with signal 0, which only checks.
fn send_nothing(pidfd: c_int) -> Result<()> {
    // SAFETY: there is no siginfo.
    unsafe { kernel::call(libc::SYS_pidfd_send_signal, [pidfd as usize, 0, 0, 0, 0]) }.map(drop)
}

impl crate::sys::Identity for Identity {
    fn descriptor(&self) -> Option<c_int> {
        match self {
            Identity::Pidfd(pidfd) => Some(pidfd.number()),
            Identity::StartTime(_) => None,
        }
    }

    /// Whether the PID still refers to this process. A zombie keeps its PID. ESRCH if it was reaped; ENOTSUP if the
    /// caller is in another pid namespace than the PID.
    fn holds(&self, pid: i32) -> Result<()> {
        match self {
            Identity::Pidfd(pidfd) => has_number(pidfd.number(), pid),
            Identity::StartTime(started) => {
                proc::has_our_numbers(pid)?;
                if proc::stat(pid)?.start_time == *started { Ok(()) } else { Err(Errno::ESRCH) }
            }
        }
    }

    /// ESRCH for a zombie too.
    fn lives(&self, pid: i32) -> Result<()> {
        if let Identity::Pidfd(pidfd) = self {
            if let Ok(ended) = is_readable(pidfd.number()) {
                return if ended { Err(Errno::ESRCH) } else { Ok(()) };
            }
        }
        // A kernel without pidfds, or a sandbox without ppoll.
        self.holds(pid)?;
        if proc::stat(pid)?.has_ended() { Err(Errno::ESRCH) } else { Ok(()) }
    }

    /// Whether the PID and this identity both refer to the calling process.
    fn is_caller(&self, pid: i32) -> bool {
        pid == own_pid() && self.holds(pid).is_ok()
    }
}

fn has_number(pidfd: c_int, pid: i32) -> Result<()> {
    match number_of(pidfd) {
        Ok(number) if number == pid => Ok(()),
        Ok(_) => Err(Errno::ENOTSUP),
        // Before Linux 6.13, if /proc does not show the number: it is of another namespace, no descriptor is free to
        // read it, or (before Linux 5.14) the caller has changed its user and may not read it.
        Err(error) if (error == Errno::ENOTSUP || error.is_lack()) && is_in_namespace(pidfd) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether the kernel confirms that the process is in the caller's pid namespace or below it. For a caller that was
/// forked into a new namespace the call fails with EINVAL. The kernel returns EPERM only after that check. A sandbox
/// that returns EPERM does so for wrong flags as well.
fn is_in_namespace(pidfd: c_int) -> bool {
    match send_nothing(pidfd) {
        Err(Errno::EPERM) => {
            // SAFETY: there is no siginfo, and the flags are invalid.
            let wrong =
                unsafe { kernel::call(libc::SYS_pidfd_send_signal, [pidfd as usize, 0, 0, u32::MAX as usize, 0]) };
            wrong == Err(Errno::EINVAL)
        }
        answer => answer.is_ok(),
    }
}

/// A pidfd is readable after all threads of its process have ended.
fn is_readable(fd: c_int) -> Result<bool> {
    loop {
        match is_readable_within(fd, Some(0)) {
            // A signal handler that runs meanwhile causes this even without waiting.
            Err(Errno::EINTR) => {}
            result => return result,
        }
    }
}

/// Waits at most this many nanoseconds, or without a limit.
pub fn is_readable_within(fd: c_int, nanoseconds: Option<u64>) -> Result<bool> {
    let mut poll = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    let mut time = nanoseconds.map(time_of);
    let time = time.as_mut().map_or(0, address);
    // SAFETY: one struct pollfd is read and written, a time read and perhaps written; no signal mask.
    let ready = unsafe { kernel::call(libc::SYS_ppoll, [address(&mut poll), 1, time, 0, 0]) }?;
    Ok(ready > 0)
}
