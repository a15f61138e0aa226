//! The end of a child: waiting for it, how it ended, which limit ended it. waitid(2), pidfd_open(2).

use super::clock::{USER_AND_SYSTEM, process_time};
use super::descriptor::Descriptor;
use super::identity::{Identity, identify, is_readable_within};
use super::kernel::{self, address};
use super::limits_file::limits_shown;
use super::pause;
use super::{KernelRusage, prlimit, wait4};
use crate::catalog::{RR_RLIM_INFINITY, RR_RLIMIT_CPU, RR_RLIMIT_FSIZE};
use crate::errno::{Errno, Result};
use crate::sys::Rusage;
use crate::sys::portable::exit::Exit;
use crate::sys::portable::unix::{SECOND, clock};
use crate::sys::{Child, Host};
use core::ffi::c_int;
use core::mem::MaybeUninit;

/// A child of the caller. Its PID may be reused after it is reaped; its pidfd always refers to it.
pub struct ChildHandle {
    pid: i32,
    pidfd: Option<Descriptor>,
    peak: Peak,
    parent: i32,
}

/// The value at which the kernel's record of a child's peak memory started.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Peak {
    /// Its own memory.
    Own,
    /// The caller's peak at that moment, which the caller reads before and after.
    BeginsAsCallers,
    /// The caller's peak, at an unknown value, because other threads may have changed it.
    MayBeCallers,
}

impl Child for ChildHandle {
    type Identity = Identity;

    fn pid(&self) -> i32 {
        self.pid
    }

    fn descriptor(&self) -> Option<c_int> {
        self.pidfd.as_ref().map(Descriptor::number)
    }

    fn inherited_peak(&self, callers: impl FnOnce() -> i64) -> i64 {
        match self.peak {
            Peak::Own => -1,
            Peak::BeginsAsCallers => callers(),
            Peak::MayBeCallers => i64::MAX,
        }
    }

    /// `None` if it can be reached by its PID only.
    fn identity(&self) -> Option<Result<Identity>> {
        let pidfd = self.pidfd.as_ref()?;
        Some(Descriptor::copy_of(pidfd.number()).map(Identity::Pidfd))
    }

    fn identity_by_number(&self) -> Result<Identity> {
        identify(self.pid)
    }

    /// Through the pidfd, which never refers to another process; since Linux 6.9 a process group can be signalled
    /// through its leader's. `None` if there is no pidfd, the kernel does not support this, or a sandbox refuses it.
    fn signal(&self, signal: c_int, to_group: bool) -> Option<Result<()>> {
        /// `PIDFD_SIGNAL_PROCESS_GROUP` of `include/uapi/linux/pidfd.h`.
        const TO_GROUP: usize = 4;
        let pidfd = self.pidfd.as_ref()?;
        let by_pidfd = |signal: c_int, flags| {
            let arguments = [pidfd.number() as usize, signal as usize, 0, flags, 0];
            // SAFETY: there is no siginfo.
            unsafe { kernel::call(libc::SYS_pidfd_send_signal, arguments) }.map(drop)
        };
        match by_pidfd(signal, if to_group { TO_GROUP } else { 0 }) {
            Err(Errno::EINVAL | Errno::ENOSYS | Errno::EPERM | Errno(libc::EACCES)) => {
                (by_pidfd(0, 0) == Err(Errno::ESRCH)).then_some(Err(Errno::ESRCH))
            }
            result => Some(result),
        }
    }

    /// The caller ensures that the child is not reaped meanwhile.
    fn signal_by_number(&self, signal: c_int, to_group: bool) -> Result<()> {
        let number = if to_group { self.pid.saturating_neg() } else { self.pid };
        // SAFETY: kill takes numbers.
        unsafe { kernel::call(libc::SYS_kill, [number as usize, signal as usize]) }.map(drop)
    }

    /// Waits until it has ended, and does not reap it.
    fn await_end(&self, deadline: Option<u64>) -> Result<()> {
        let Some(pidfd) = &self.pidfd else { return self.await_end_by_number(deadline) };
        loop {
            let left = deadline.map(|deadline| deadline.saturating_sub(clock::<Host>()));
            match is_readable_within(pidfd.number(), left) {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(Errno(libc::ETIMEDOUT)),
                Err(Errno::EINTR) => {}
                // A sandbox without it.
                Err(_) => return self.await_end_by_number(deadline),
            }
        }
    }

    /// Reaps it; its PID may be reused after that. A child that has ended may still be held by its tracer: ptrace(2).
    fn reap(&self, deadline: Option<u64>) -> Result<(Exit, Rusage)> {
        let reap = |options| wait_for(self.pid, self.pidfd.as_ref(), libc::WEXITED | options);
        match deadline {
            None => reap(0)?.ok_or(Errno::EIO),
            Some(_) => pause::until(deadline, || reap(libc::WNOHANG)),
        }
    }

    /// How it ended, if it was already reaped elsewhere or SIGCHLD is ignored: since Linux 6.15 the pidfd keeps the
    /// status.
    fn exit_kept(&self, deadline: Option<u64>) -> Result<Exit> {
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
        /// The status is there within microseconds, or never.
        const LONGEST: u64 = SECOND;
        let pidfd = self.pidfd.as_ref().ok_or(Errno(libc::ECHILD))?;
        let mut was_gone = false;
        // A forked process that inherited the handle is not the parent: no status is to come.
        let longest = if self.parent == kernel::own_pid() { LONGEST } else { 0 };
        let latest = clock::<Host>().saturating_add(longest);
        let kept = pause::until(Some(deadline.map_or(latest, |deadline| deadline.min(latest))), || {
            let mut info = Info { mask: EXIT, cgroup: 0, ids: [0; 11], exit_code: 0 };
            let arguments = [pidfd.number() as usize, GET_INFO, address(&mut info)];
            // SAFETY: the kernel reads and writes as much as the request number encodes, 64 bytes.
            let result = unsafe { kernel::call(libc::SYS_ioctl, arguments) };
            match result {
                Ok(_) if info.mask & EXIT != 0 => Exit::of_status(info.exit_code).map(Some),
                // It is ending, and can no longer be waited for.
                Ok(_) => Ok(None),
                // It is gone, perhaps since the kernel looked for the status and before it looked for the process.
                Err(Errno::ESRCH) if !was_gone => {
                    was_gone = true;
                    Ok(None)
                }
                Err(error) => Err(error),
            }
        });
        kept.map_err(|_| Errno(libc::ECHILD))
    }

    /// Which limit ended it, read from the zombie. `soft_at_start` is its soft limit on processor time at the start,
    /// in seconds.
    fn limit_reached(&self, soft_at_start: u64) -> Option<c_int> {
        let used = || process_time(self.pid, USER_AND_SYSTEM).unwrap_or(0);
        limit_of(self.exit()?.signal, soft_at_start, |resource| self.limits(resource), used)
    }
}

/// Which limit ended a process that a signal ended. `used` returns its processor time by the clock that
/// the kernel compares with the limit, which excludes the process's own children.
pub(super) fn limit_of(
    signal: c_int,
    soft_at_start: u64,
    limits: impl Fn(c_int) -> Result<super::Rlimit>,
    used: impl Fn() -> u64,
) -> Option<c_int> {
    let has_used = |seconds: u64| seconds != RR_RLIM_INFINITY && used() >= seconds.saturating_mul(SECOND);
    match signal {
        libc::SIGKILL => {
            let hard = limits(RR_RLIMIT_CPU).ok()?.rlim_max;
            has_used(hard).then_some(RR_RLIMIT_CPU)
        }
        libc::SIGXCPU => {
            let soft = limits(RR_RLIMIT_CPU).ok()?.rlim_cur;
            // The kernel raised the limit by a second when it sent the signal: `check_process_timers` in
            // `kernel/time/posix-cpu-timers.c`. If it still has its value of the start, it was not reached.
            let reached = if soft == soft_at_start { soft } else { soft.saturating_sub(1) };
            (soft != RR_RLIM_INFINITY && has_used(reached)).then_some(RR_RLIMIT_CPU)
        }
        libc::SIGXFSZ => {
            let soft = limits(RR_RLIMIT_FSIZE).ok()?.rlim_cur;
            (soft != RR_RLIM_INFINITY).then_some(RR_RLIMIT_FSIZE)
        }
        _ => None,
    }
}

impl ChildHandle {
    pub(super) fn new(pid: i32, pidfd: Option<Descriptor>, peak: Peak) -> ChildHandle {
        ChildHandle { pid, pidfd, peak, parent: kernel::own_pid() }
    }

    fn await_end_by_number(&self, deadline: Option<u64>) -> Result<()> {
        const PEEK: c_int = libc::WEXITED | libc::WNOWAIT;
        let peek = |options| wait_for(self.pid, self.pidfd.as_ref(), options).map(|ended| ended.map(drop));
        let result = match deadline {
            None => peek(PEEK).map(|_| ()),
            Some(_) => pause::until(deadline, || peek(PEEK | libc::WNOHANG)),
        };
        match result {
            // A sandbox that refuses waitid(2) without reaping: `reap` waits instead.
            Err(error) if error != Errno(libc::ECHILD) && error != Errno(libc::ETIMEDOUT) => Ok(()),
            result => result,
        }
    }

    /// How it ended, if available. It is not reaped.
    fn exit(&self) -> Option<Exit> {
        let options = libc::WEXITED | libc::WNOWAIT | libc::WNOHANG;
        wait_for(self.pid, self.pidfd.as_ref(), options).ok().flatten().map(|(exit, _)| exit)
    }

    /// The limits of a program that changed its user can still be read from /proc.
    fn limits(&self, resource: c_int) -> Result<super::Rlimit> {
        match prlimit(self.pid, resource, None) {
            Err(Errno::EPERM) => limits_shown(self.pid, resource),
            result => result,
        }
    }
}

/// `None` with WNOHANG if it is running. ECHILD if there is no such child, or no longer.
pub(super) fn wait_for(pid: i32, pidfd: Option<&Descriptor>, options: c_int) -> Result<Option<(Exit, Rusage)>> {
    /// `P_PID` and `P_PIDFD` of `include/uapi/linux/wait.h`; the second since Linux 5.4.
    const BY_PID: usize = 1;
    const BY_PIDFD: usize = 3;
    // A sandbox may refuse any of these with any error, and allow only what libc's waitpid uses.
    if let Some(pidfd) = pidfd {
        let result = wait_by(BY_PIDFD, pidfd.number(), options);
        if matches!(result, Ok(_) | Err(Errno(libc::ECHILD))) {
            return result;
        }
    }
    match wait_by(BY_PID, pid, options) {
        Err(error) if error != Errno(libc::ECHILD) && options & libc::WNOWAIT == 0 => {
            wait_by_wait4(pid, options & libc::WNOHANG)
        }
        result => result,
    }
}

fn wait_by_wait4(pid: i32, options: c_int) -> Result<Option<(Exit, Rusage)>> {
    let mut usage = MaybeUninit::uninit();
    let ended = loop {
        match wait4(pid, options, &mut usage) {
            Err(Errno::EINTR) => {}
            result => break result?,
        }
    };
    // SAFETY: filled by a call without an error.
    let usage = unsafe { usage.assume_init() };
    Ok(if ended.pid == 0 { None } else { Some((Exit::of_status(ended.status)?, usage)) })
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
    Ok((found != 0).then(|| (exit_of(info.si_code, status), usage.widen())))
}

/// From a siginfo_t.
pub(super) fn exit_of(code: c_int, status: c_int) -> Exit {
    if code == libc::CLD_EXITED {
        Exit { exit_code: status, signal: 0, core_dumped: false }
    } else {
        Exit { exit_code: -1, signal: status, core_dumped: code == libc::CLD_DUMPED }
    }
}
