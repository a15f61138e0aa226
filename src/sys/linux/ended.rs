//! The end of a child: waiting for it, how it ended, which limit did it. waitid(2), pidfd_open(2).

use super::clock::{SECOND, USER_AND_SYSTEM, process_time};
use super::descriptor::Descriptor;
use super::identity::{Identity, identify, is_readable_within};
use super::kernel::{self, address};
use super::limits_file::limits_shown;
use super::{KernelRusage, prlimit, wait4};
use crate::catalog::{RR_RLIM_INFINITY, RR_RLIMIT_CPU, RR_RLIMIT_FSIZE};
use crate::errno::{Errno, Result};
use crate::sys::types::{Exit, Rusage};
use crate::sys::unix::{clock, pause};
use core::ffi::c_int;
use core::mem::MaybeUninit;

/// A child of the caller. Its number is its own until somebody waits for it; its pidfd for ever.
pub struct ChildHandle {
    pid: i32,
    pidfd: Option<Descriptor>,
    is_direct: bool,
}

impl ChildHandle {
    pub(super) fn new(pid: i32, pidfd: Option<Descriptor>, is_direct: bool) -> ChildHandle {
        ChildHandle { pid, pidfd, is_direct }
    }

    pub fn pid(&self) -> i32 {
        self.pid
    }

    pub fn descriptor(&self) -> Option<c_int> {
        self.pidfd.as_ref().map(Descriptor::number)
    }

    /// Its record of peak memory began with the caller's.
    pub fn inherits_peak(&self) -> bool {
        self.is_direct
    }

    pub fn identity(&self) -> Result<Identity> {
        match &self.pidfd {
            Some(pidfd) => Descriptor::copy_of(pidfd.number()).map(Identity::Pidfd),
            None => identify(self.pid),
        }
    }

    pub fn signal(&self, signal: c_int) -> Result<()> {
        self.send(signal, 0, self.pid)
    }

    /// The kernel knows a group by the pidfd of its leader since 6.9.
    pub fn signal_group(&self, signal: c_int) -> Result<()> {
        /// `PIDFD_SIGNAL_PROCESS_GROUP` of `include/uapi/linux/pidfd.h`.
        const TO_GROUP: usize = 4;
        self.send(signal, TO_GROUP, self.pid.saturating_neg())
    }

    /// By number where there is no pidfd, or it cannot do this, or a sandbox refuses it: the caller sees to
    /// it that nobody frees the number meanwhile.
    fn send(&self, signal: c_int, flags: usize, number: c_int) -> Result<()> {
        let by_pidfd = |signal: c_int, flags| {
            let pidfd = self.pidfd.as_ref().ok_or(Errno::ENOSYS)?;
            let arguments = [pidfd.number() as usize, signal as usize, 0, flags, 0];
            // SAFETY: there is no siginfo.
            unsafe { kernel::call(libc::SYS_pidfd_send_signal, arguments) }.map(drop)
        };
        match by_pidfd(signal, flags) {
            Err(Errno::EINVAL | Errno::ENOSYS | Errno::EPERM) if by_pidfd(0, 0) == Err(Errno::ESRCH) => {
                Err(Errno::ESRCH)
            }
            Err(Errno::EINVAL | Errno::ENOSYS | Errno::EPERM) => {
                // SAFETY: kill takes numbers.
                unsafe { kernel::call(libc::SYS_kill, [number as usize, signal as usize, 0, 0, 0]) }.map(drop)
            }
            answer => answer,
        }
    }

    /// Until it has ended, at most that many nanoseconds. It stays to be waited for.
    pub fn await_end(&self, timeout: Option<u64>) -> Result<()> {
        let Some(pidfd) = &self.pidfd else { return self.await_end_by_number(timeout) };
        let deadline = timeout.map(|timeout| clock().saturating_add(timeout));
        loop {
            let left = deadline.map(|deadline| deadline.saturating_sub(clock()));
            match is_readable_within(pidfd.number(), left) {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(Errno(libc::ETIMEDOUT)),
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn await_end_by_number(&self, timeout: Option<u64>) -> Result<()> {
        let Some(timeout) = timeout else { return self.exit().map(drop) };
        pause::until(timeout, || match wait_for(self.pid, None, libc::WEXITED | libc::WNOWAIT | libc::WNOHANG) {
            Ok(ended) => Ok(ended.map(drop)),
            Err(error) => Err(error),
        })
    }

    /// How it ended; it stays to be waited for.
    fn exit(&self) -> Result<Exit> {
        let ended = wait_for(self.pid, self.pidfd.as_ref(), libc::WEXITED | libc::WNOWAIT)?;
        ended.map(|(exit, _)| exit).ok_or(Errno::EIO)
    }

    /// Waits for it: the number is free then.
    pub fn reap(&self) -> Result<(Exit, Rusage)> {
        wait_for(self.pid, self.pidfd.as_ref(), libc::WEXITED)?.ok_or(Errno::EIO)
    }

    /// How it ended, where somebody else has waited for it, or nobody was to: Linux 6.15 keeps that with
    /// the pidfd.
    pub fn exit_kept(&self) -> Result<Exit> {
        /// `PIDFD_GET_INFO`: `_IOWR(PIDFS_IOCTL_MAGIC, 11, struct pidfd_info)` of its first size, and
        /// `PIDFD_INFO_EXIT`.
        const GET_INFO: usize = 0xC040_FF0B;
        const EXIT: u64 = 1 << 3;
        #[repr(C)]
        struct Info {
            mask: u64,
            cgroup: u64,
            ids: [u32; 11],
            exit_code: i32,
        }
        /// It comes within microseconds where it comes at all.
        const LONGEST: u64 = SECOND;
        let pidfd = self.pidfd.as_ref().ok_or(Errno(libc::ECHILD))?;
        let mut was_gone = false;
        let kept = pause::until(LONGEST, || {
            let mut info = Info { mask: EXIT, cgroup: 0, ids: [0; 11], exit_code: 0 };
            let arguments = [pidfd.number() as usize, GET_INFO, address(&mut info), 0, 0];
            // SAFETY: the kernel reads and writes as much as the call's number says, 64 bytes.
            let answer = unsafe { kernel::call(libc::SYS_ioctl, arguments) };
            // SAFETY: the kernel may have written it.
            let Info { mask, exit_code, .. } = unsafe { (&raw const info).read_volatile() };
            match answer {
                Ok(_) if mask & EXIT != 0 => Exit::of_status(exit_code).map(Some),
                // It is on its way out, and nobody's to wait for already.
                Ok(_) => Ok(None),
                // Gone, perhaps between the kernel's look for the status and its look for the process.
                Err(Errno::ESRCH) if !was_gone => {
                    was_gone = true;
                    Ok(None)
                }
                Err(error) => Err(error),
            }
        });
        kept.map_err(|_| Errno(libc::ECHILD))
    }

    /// Which limit ended it, asked of the zombie. `soft_at_start` is the soft limit on processor time that
    /// it began with, in seconds.
    pub fn limit_reached(&self, soft_at_start: u64) -> Option<c_int> {
        match self.exit().ok()?.signal {
            libc::SIGKILL => {
                let hard = self.limits(RR_RLIMIT_CPU).ok()?.rlim_max;
                self.has_used(hard).then_some(RR_RLIMIT_CPU)
            }
            libc::SIGXCPU => {
                let soft = self.limits(RR_RLIMIT_CPU).ok()?.rlim_cur;
                // With the signal the kernel raised it by a second: `check_process_timers` in
                // `kernel/time/posix-cpu-timers.c`. As at the start it was not reached.
                let reached = if soft == soft_at_start { soft } else { soft.saturating_sub(1) };
                (soft != RR_RLIM_INFINITY && self.has_used(reached)).then_some(RR_RLIMIT_CPU)
            }
            libc::SIGXFSZ => {
                let soft = self.limits(RR_RLIMIT_FSIZE).ok()?.rlim_cur;
                (soft != RR_RLIM_INFINITY).then_some(RR_RLIMIT_FSIZE)
            }
            _ => None,
        }
    }

    /// Those of a program that changed its user are shown to everybody all the same.
    fn limits(&self, resource: c_int) -> Result<super::Rlimit> {
        match prlimit(self.pid, resource, None) {
            Err(Errno::EPERM) => limits_shown(self.pid, resource),
            answer => answer,
        }
    }

    /// The very clock that the kernel compares, without the child's own children.
    fn has_used(&self, seconds: u64) -> bool {
        let used = process_time(self.pid, USER_AND_SYSTEM).unwrap_or(0);
        seconds != RR_RLIM_INFINITY && used >= seconds.saturating_mul(SECOND)
    }
}

/// `None` with WNOHANG when it runs. ECHILD when there is no such child, any more.
pub(super) fn wait_for(pid: i32, pidfd: Option<&Descriptor>, options: c_int) -> Result<Option<(Exit, Rusage)>> {
    /// `P_PID` and `P_PIDFD` of `include/uapi/linux/wait.h`; the second since Linux 5.4.
    const BY_PID: usize = 1;
    const BY_PIDFD: usize = 3;
    if let Some(pidfd) = pidfd {
        match wait_by(BY_PIDFD, pidfd.number(), options) {
            Err(Errno::EINVAL | Errno::ENOSYS | Errno::EPERM) => {}
            answer => return answer,
        }
    }
    match wait_by(BY_PID, pid, options) {
        // A sandbox that lets pass what libc's waitpid asks for alone.
        Err(Errno::ENOSYS | Errno::EPERM) if options == libc::WEXITED => wait_by_wait4(pid),
        answer => answer,
    }
}

fn wait_by_wait4(pid: i32) -> Result<Option<(Exit, Rusage)>> {
    loop {
        match wait4(pid, 0) {
            Err(Errno::EINTR) => {}
            answer => return answer.and_then(|ended| Ok(Some((Exit::of_status(ended.status)?, ended.rusage)))),
        }
    }
}

fn wait_by(kind: usize, id: c_int, options: c_int) -> Result<Option<(Exit, Rusage)>> {
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    let mut usage = KernelRusage::default();
    let arguments = [kind, id as usize, address(&mut info), options as usize, address(&mut usage)];
    loop {
        // SAFETY: the kernel writes one siginfo_t and one struct rusage.
        match unsafe { kernel::call(libc::SYS_waitid, arguments) } {
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
            Ok(_) => break,
        }
    }
    // SAFETY: all zero is one, and so is what the kernel wrote.
    let info = unsafe { info.assume_init() };
    // SAFETY: of a child, or all zero.
    let (found, status) = unsafe { (info.si_pid(), info.si_status()) };
    // SAFETY: the kernel may have written it.
    let usage = unsafe { (&raw const usage).read_volatile() };
    Ok((found != 0).then(|| (Exit::of_siginfo(info.si_code, status), usage.widen())))
}
