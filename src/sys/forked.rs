//! Every system but Linux: fork(2) and exec, with a pipe by which the child says why it could not; and
//! waiting by number, which stays the child's until somebody has waited for it.

use super::memory::Vector;
use super::plan::{Plan, Redirection, above_targets};
use super::system::{Identity, identify, setrlimit, wait4};
use super::types::{Exit, Rusage};
use super::unix::{checked, pause};
use crate::errno::{Errno, Result};
use core::ffi::{c_char, c_int};
use core::mem::MaybeUninit;
use core::ptr;

/// A child of the caller.
pub struct ChildHandle {
    pid: i32,
}

impl ChildHandle {
    pub fn pid(&self) -> i32 {
        self.pid
    }

    pub fn descriptor(&self) -> Option<c_int> {
        None
    }

    /// Nothing says that it does not.
    pub fn inherits_peak(&self) -> bool {
        true
    }

    pub fn identity(&self) -> Result<Identity> {
        identify(self.pid)
    }

    pub fn signal(&self, signal: c_int) -> Result<()> {
        kill(self.pid, signal)
    }

    pub fn signal_group(&self, signal: c_int) -> Result<()> {
        kill(self.pid.saturating_neg(), signal)
    }

    /// Until it has ended, at most that many nanoseconds. It stays to be waited for.
    pub fn await_end(&self, timeout: Option<u64>) -> Result<()> {
        match timeout {
            None => self.look(0).map(drop),
            Some(timeout) => pause::until(timeout, || self.look(libc::WNOHANG)),
        }
    }

    /// Something when it has ended; it stays to be waited for.
    fn look(&self, options: c_int) -> Result<Option<()>> {
        let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
        let options = options | libc::WEXITED | libc::WNOWAIT;
        loop {
            // SAFETY: libc writes one siginfo_t.
            match checked(|| unsafe { libc::waitid(libc::P_PID, self.pid as _, info.as_mut_ptr(), options) }) {
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error),
                Ok(_) => break,
            }
        }
        // SAFETY: all zero is one, and so is what libc wrote.
        let info = unsafe { info.assume_init() };
        // Not by its number: the `libc` crate has that in the wrong place for OpenBSD.
        Ok((info.si_signo != 0).then_some(()))
    }

    /// Waits for it: the number is free then.
    pub fn reap(&self) -> Result<(Exit, Rusage)> {
        loop {
            match wait4(self.pid, 0) {
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error),
                Ok(waited) => return Ok((Exit::of_status(waited.status)?, waited.rusage)),
            }
        }
    }

    /// Nothing keeps it.
    pub fn exit_kept(&self) -> Result<Exit> {
        Err(Errno(libc::ECHILD))
    }

    /// Nothing tells the processor time of a zombie alone.
    pub fn limit_reached(&self, _: u64) -> Option<c_int> {
        None
    }
}

fn kill(pid: i32, signal: c_int) -> Result<()> {
    // SAFETY: kill takes numbers.
    checked(|| unsafe { libc::kill(pid, signal) }).map(drop)
}

/// All that the child needs is there before the fork: it calls what is async-signal-safe alone.
pub fn spawn(plan: &Plan) -> Result<ChildHandle> {
    for redirection in plan.descriptors {
        // SAFETY: fcntl with F_GETFD takes numbers only.
        checked(|| unsafe { libc::fcntl(redirection.source, libc::F_GETFD) })?;
    }
    let mut moved = Vector::new();
    moved.extend(plan.descriptors)?;
    let blocked = Blocked::all();
    let [ours, childs] = pipe()?;
    // SAFETY: the child calls what is async-signal-safe alone, and ends or executes.
    let forked = checked(|| unsafe { libc::fork() });
    if forked == Ok(0) {
        let mut pipe = childs;
        let error = why_not(plan, &mut moved, &mut pipe, &blocked);
        say(pipe, error);
    }
    close(childs);
    let answer = forked.and_then(|pid| {
        let child = ChildHandle { pid };
        match heard(ours) {
            0 => Ok(child),
            error => {
                let _ = child.reap();
                Err(Errno(error))
            }
        }
    });
    close(ours);
    answer
}

fn why_not(plan: &Plan, moved: &mut Vector<Redirection>, pipe: &mut c_int, blocked: &Blocked) -> c_int {
    match prepare(plan, moved, pipe) {
        Ok(()) => {
            blocked.block_none();
            execute(plan)
        }
        Err(error) => error.0,
    }
}

fn prepare(plan: &Plan, moved: &mut Vector<Redirection>, pipe: &mut c_int) -> Result<()> {
    let above = above_targets(plan.descriptors);
    if plan.descriptors.iter().any(|redirection| redirection.target == *pipe) {
        *pipe = copy_above(*pipe, above)?;
    }
    for redirection in moved.as_mut_slice() {
        if redirection.is_overtaken(plan.descriptors) {
            redirection.source = copy_above(redirection.source, above)?;
        }
    }
    for Redirection { target, source } in moved.as_slice().iter().copied() {
        // SAFETY: both take numbers only.
        checked(|| unsafe {
            if source == target { libc::fcntl(source, libc::F_SETFD, 0) } else { libc::dup2(source, target) }
        })?;
    }
    reset_handlers();
    if plan.leads_session {
        // SAFETY: setsid takes nothing.
        checked(|| unsafe { libc::setsid() })?;
    } else if plan.leads_group {
        // SAFETY: setpgid takes numbers.
        checked(|| unsafe { libc::setpgid(0, 0) })?;
    }
    if let Some(directory) = plan.directory {
        // SAFETY: the path ends in NUL.
        checked(|| unsafe { libc::chdir(directory.as_ptr()) })?;
    }
    plan.limits.iter().try_for_each(|limit| setrlimit(limit.resource, limit.limits))
}

/// Each path in turn, past what is not there, and past what may not be executed, which is remembered.
fn execute(plan: &Plan) -> c_int {
    let mut answer = libc::ENOENT;
    for path in plan.paths.as_slice().iter().filter(|path| !path.is_null()) {
        // SAFETY: strings ended by NUL, and two arrays of such ended by NULL.
        let executed = checked(|| unsafe {
            libc::execve(*path, plan.arguments.as_ptr(), plan.environment.as_ptr().cast::<*const c_char>())
        });
        match executed {
            Err(Errno(error)) if is_missing(error) && answer != libc::EACCES => answer = error,
            Err(Errno(error)) if is_missing(error) => {}
            Ok(_) => {}
            Err(Errno(libc::EACCES)) => answer = libc::EACCES,
            Err(Errno(error)) => return error,
        }
    }
    answer
}

/// A file system that does not answer has no program either.
fn is_missing(error: c_int) -> bool {
    matches!(error, libc::ENOENT | libc::ENOTDIR | libc::ESTALE | libc::ENODEV | libc::ETIMEDOUT)
}

/// All signals blocked in the calling thread, until this is dropped.
pub struct Blocked(libc::sigset_t);

impl Blocked {
    pub fn all() -> Blocked {
        let (mut all, mut former) = (MaybeUninit::uninit(), MaybeUninit::uninit());
        // SAFETY: sigfillset and pthread_sigmask write one set each; they cannot fail.
        unsafe {
            libc::sigfillset(all.as_mut_ptr());
            libc::sigemptyset(former.as_mut_ptr());
            libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), former.as_mut_ptr());
            Blocked(former.assume_init())
        }
    }

    fn block_none(&self) {
        let mut none = MaybeUninit::uninit();
        // SAFETY: as above.
        unsafe {
            libc::sigemptyset(none.as_mut_ptr());
            libc::pthread_sigmask(libc::SIG_SETMASK, none.as_ptr(), ptr::null_mut());
        }
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        // SAFETY: a set that pthread_sigmask gave.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, ptr::null_mut()) };
    }
}

/// In the child, before its signals are let through. What is ignored stays so, but SIGPIPE.
fn reset_handlers() {
    /// No system here has a higher one.
    const HIGHEST_SIGNAL: c_int = 128;
    for signal in 1..=HIGHEST_SIGNAL {
        let mut action = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: sigaction writes one struct, and refuses numbers that are no signal's.
        if checked(|| unsafe { libc::sigaction(signal, ptr::null(), action.as_mut_ptr()) }).is_err() {
            continue;
        }
        // SAFETY: all zero is one, and so is what was written.
        let mut action = unsafe { action.assume_init() };
        if action.sa_sigaction != libc::SIG_IGN || signal == libc::SIGPIPE {
            action.sa_sigaction = libc::SIG_DFL;
            // SAFETY: sigaction reads one struct; SIGKILL and SIGSTOP are refused.
            let _ = checked(|| unsafe { libc::sigaction(signal, &raw const action, ptr::null_mut()) });
        }
    }
}

/// Which exec closes.
#[cfg(not(target_vendor = "apple"))]
fn pipe() -> Result<[c_int; 2]> {
    let mut ends: [c_int; 2] = [-1; 2];
    // SAFETY: pipe2 writes two ints.
    checked(|| unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) })?;
    Ok(ends)
}

/// Likewise, in two steps: another thread that forks between them lends its child both ends.
#[cfg(target_vendor = "apple")]
fn pipe() -> Result<[c_int; 2]> {
    let mut ends: [c_int; 2] = [-1; 2];
    // SAFETY: pipe writes two ints.
    checked(|| unsafe { libc::pipe(ends.as_mut_ptr()) })?;
    for end in ends {
        // SAFETY: fcntl with F_SETFD takes numbers only.
        let _ = checked(|| unsafe { libc::fcntl(end, libc::F_SETFD, libc::FD_CLOEXEC) });
    }
    Ok(ends)
}

fn copy_above(fd: c_int, above: c_int) -> Result<c_int> {
    // SAFETY: fcntl with F_DUPFD_CLOEXEC takes numbers only.
    match checked(|| unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, above) }) {
        // The number to begin at is not below the limit: a target is not either.
        Err(Errno::EINVAL) => Err(Errno::EBADF),
        answer => answer,
    }
}

fn close(fd: c_int) {
    // SAFETY: ours alone.
    let _ = checked(|| unsafe { libc::close(fd) });
}

fn say(pipe: c_int, number: c_int) -> ! {
    // SAFETY: write reads one int; _exit does not return.
    unsafe {
        let _ = libc::write(pipe, (&raw const number).cast(), size_of::<c_int>());
        libc::_exit(127)
    }
}

/// 0 once the child has executed, or the error that it met.
fn heard(pipe: c_int) -> c_int {
    let mut error: c_int = 0;
    loop {
        // SAFETY: read writes at most one int.
        let length = checked(|| unsafe { libc::read(pipe, (&raw mut error).cast(), size_of::<c_int>()) });
        match length {
            Err(Errno::EINTR) => {}
            Ok(length) if length == size_of::<c_int>() as isize => return error,
            _ => return 0,
        }
    }
}
