//! fork(2) and exec, with a pipe through which the child reports a failure; and waiting by PID, which is not reused
//! before the child is reaped.

use super::exit::Exit;
use super::memory::Vector;
use super::pause;
use super::placing::{self, Table};
use super::plan::{Credentials, Failed, Plan, Redirection, why_none_runs};
use super::posix::{Posix, setrlimit, wait4};
use super::started::StartTime;
use super::unix::checked;
use crate::abi::command::{
    RR_STEP_CGROUP, RR_STEP_CREDENTIALS, RR_STEP_DESCRIPTOR, RR_STEP_DIRECTORY, RR_STEP_EXEC, RR_STEP_LIMIT,
    RR_STEP_SESSION, RR_STEP_START, RR_STEP_TREE,
};
use crate::errno::{Errno, Result};
use crate::sys::Child;
use crate::sys::Rusage;
use core::ffi::{c_char, c_int};
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr;

/// A child that fork(2) made.
pub struct ForkedChild<S> {
    pid: i32,
    system: PhantomData<S>,
}

impl<S: Posix> Child for ForkedChild<S> {
    type Identity = StartTime<S>;

    fn pid(&self) -> i32 {
        self.pid
    }
    fn identity_by_number(&self) -> Result<StartTime<S>> {
        StartTime::of(self.pid)
    }
    fn signal_by_number(&self, signal: c_int, to_group: bool) -> Result<()> {
        let number = if to_group { self.pid.saturating_neg() } else { self.pid };
        // SAFETY: kill takes numbers.
        checked::<S, _>(|| unsafe { libc::kill(number, signal) }).map(drop)
    }
    fn await_end(&self, deadline: Option<u64>) -> Result<()> {
        match deadline {
            None => self.poll(0).map(drop),
            Some(_) => pause::until::<S, _>(deadline, pause::sleep::<S>, || self.poll(libc::WNOHANG)),
        }
    }
    fn reap(&self, deadline: Option<u64>) -> Result<(Exit, Rusage)> {
        let options = if deadline.is_some() { libc::WNOHANG } else { 0 };
        let mut usage = MaybeUninit::uninit();
        pause::until::<S, _>(deadline, pause::sleep::<S>, || {
            let waited = match wait4::<S>(self.pid, options, &mut usage) {
                Err(Errno::EINTR) => return Ok(None),
                result => result?,
            };
            // SAFETY: filled by a call without an error.
            let usage = unsafe { usage.assume_init() };
            Ok(if waited.pid == 0 { None } else { Some((Exit::of_status(waited.status)?, usage)) })
        })
    }
}

impl<S: Posix> ForkedChild<S> {
    /// `Some` if it has ended; it is not reaped.
    fn poll(&self, options: c_int) -> Result<Option<()>> {
        let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
        let options = options | libc::WEXITED | libc::WNOWAIT;
        loop {
            // SAFETY: libc writes one siginfo_t.
            match checked::<S, _>(|| unsafe { libc::waitid(libc::P_PID, self.pid as _, info.as_mut_ptr(), options) }) {
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error),
                Ok(_) => break,
            }
        }
        // SAFETY: all zero is one, and so is what libc wrote.
        let info = unsafe { info.assume_init() };
        // Not from si_pid, whose offset is wrong for OpenBSD in the `libc` crate.
        Ok((info.si_signo != 0).then_some(()))
    }
}

/// Everything that the child needs is prepared before the fork: the child calls async-signal-safe functions only.
pub fn spawn<S: Posix>(plan: &Plan) -> core::result::Result<ForkedChild<S>, Failed> {
    for Redirection { source, target } in plan.descriptors.iter().copied() {
        // SAFETY: fcntl with F_GETFD takes numbers only.
        checked::<S, _>(|| unsafe { libc::fcntl(source, libc::F_GETFD) })
            .map_err(Failed::at(RR_STEP_DESCRIPTOR, target))?;
    }
    if plan.cgroup.is_some() {
        return Err(Failed::at(RR_STEP_CGROUP, 0)(Errno::ENOTSUP));
    }
    if plan.tree.is_some() {
        return Err(Failed::at(RR_STEP_TREE, 0)(Errno::ENOTSUP));
    }
    let mut moved = Vector::new();
    moved.extend(plan.descriptors)?;
    let groups = groups_of(plan)?;
    let signals = SignalsBlocked::all();
    let [ours, childs] = S::pipe()?;
    // SAFETY: the child calls async-signal-safe functions only, and ends or executes.
    let forked = checked::<S, _>(|| unsafe { libc::fork() });
    if forked == Ok(0) {
        let mut pipe = childs;
        let failed = execute_plan::<S>(plan, &mut moved, groups.as_slice(), &mut pipe, &signals);
        report(pipe, failed);
    }
    close::<S>(childs);
    let result = forked.map_err(Failed::from).and_then(|pid| {
        let child = ForkedChild { pid, system: PhantomData };
        match read_report::<S>(ours) {
            None => Ok(child),
            Some(failed) => {
                let _ = child.reap(None);
                Err(failed)
            }
        }
    });
    close::<S>(ours);
    result
}

fn execute_plan<S: Posix>(
    plan: &Plan,
    moved: &mut Vector<Redirection>,
    groups: &[libc::gid_t],
    pipe: &mut c_int,
    signals: &SignalsBlocked,
) -> Failed {
    if let Err(failed) = prepare::<S>(plan, moved, groups, pipe) {
        return failed;
    }
    signals.block_none();
    let error = why_none_runs(plan.paths.as_slice(), |path| {
        // SAFETY: strings ended by NUL, and two arrays of such ended by NULL.
        checked::<S, _>(|| unsafe {
            libc::execve(path, plan.arguments.as_ptr(), plan.environment.as_ptr().cast::<*const c_char>())
        })
        .map(drop)
    });
    Failed::at(RR_STEP_EXEC, 0)(error)
}

fn prepare<S: Posix>(
    plan: &Plan,
    moved: &mut Vector<Redirection>,
    groups: &[libc::gid_t],
    pipe: &mut c_int,
) -> core::result::Result<(), Failed> {
    match placing::out_of_the_way::<Own<S>>(*pipe, plan.descriptors) {
        // The pipe stays until its number is replaced, after which no error could be reported.
        -1 => return Err(Failed::at(RR_STEP_START, 0)(Errno::EMFILE)),
        number => *pipe = number,
    }
    let placed = placing::place::<Own<S>>(moved.as_mut_slice());
    placed.map_err(|(target, error)| Failed::at(RR_STEP_DESCRIPTOR, target)(error))?;
    if let Some(first) = plan.close_from {
        close_descriptors::<S>(plan, first);
    }
    reset_handlers::<S>();
    if let Some(directory) = plan.directory {
        // SAFETY: the path ends in NUL.
        checked::<S, _>(|| unsafe { libc::chdir(directory.as_ptr()) }).map_err(Failed::at(RR_STEP_DIRECTORY, 0))?;
    }
    if let Some(mask) = plan.umask {
        // SAFETY: umask takes a number, and cannot fail.
        unsafe { libc::umask(mask as libc::mode_t) };
    }
    let lead = || {
        if plan.leads_session {
            // SAFETY: setsid takes nothing.
            checked::<S, _>(|| unsafe { libc::setsid() })?;
        } else if plan.leads_group {
            // SAFETY: setpgid takes numbers.
            checked::<S, _>(|| unsafe { libc::setpgid(0, 0) })?;
        }
        Ok(())
    };
    lead().map_err(Failed::at(RR_STEP_SESSION, 0))?;
    for limit in plan.limits {
        setrlimit::<S>(limit.resource, limit.limits).map_err(Failed::at(RR_STEP_LIMIT, limit.resource))?;
    }
    set_user::<S>(plan, groups).map_err(Failed::at(RR_STEP_CREDENTIALS, 0))
}

/// The group first: on FreeBSD, DragonFly and macOS the first of the list is the effective group, setgroups(2).
fn groups_of(plan: &Plan) -> Result<Vector<libc::gid_t>> {
    let mut groups = Vector::new();
    if let Some(credentials) = plan.credentials {
        groups.push(credentials.gid as libc::gid_t)?;
        credentials.groups.iter().try_for_each(|group| groups.push(*group as libc::gid_t))?;
    }
    Ok(groups)
}

/// After the limits, which a user without privileges could not raise. The saved ids become the effective ones,
/// setreuid(2), setregid(2).
fn set_user<S: Posix>(plan: &Plan, groups: &[libc::gid_t]) -> Result<()> {
    let Some(Credentials { uid, gid, .. }) = plan.credentials else { return Ok(()) };
    let (uid, gid) = (uid as libc::uid_t, gid as libc::gid_t);
    // SAFETY: as many numbers are read.
    checked::<S, _>(|| unsafe { libc::setgroups(groups.len() as _, groups.as_ptr()) })?;
    // SAFETY: it takes numbers only.
    checked::<S, _>(|| unsafe { libc::setregid(gid, gid) })?;
    // SAFETY: as above.
    checked::<S, _>(|| unsafe { libc::setreuid(uid, uid) }).map(drop)
}

/// exec closes them: the pipe is among them until then. Up to the limit, for no call lists them on each of these
/// systems.
fn close_descriptors<S: Posix>(plan: &Plan, first: c_int) {
    /// Where there is no limit.
    const MOST: c_int = 1 << 16;
    // SAFETY: sysconf takes any number.
    let limit = unsafe { libc::sysconf(libc::_SC_OPEN_MAX) };
    let end = c_int::try_from(limit).ok().filter(|limit| *limit > 0).unwrap_or(MOST);
    for number in first..end {
        if !plan.descriptors.iter().any(|redirection| redirection.target == number) {
            // SAFETY: fcntl with F_SETFD takes numbers only.
            let _ = checked::<S, _>(|| unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) });
        }
    }
}

/// The child's descriptor table.
struct Own<S>(PhantomData<S>);

impl<S: Posix> Table for Own<S> {
    fn copy(fd: c_int, least: c_int) -> Result<c_int> {
        // SAFETY: fcntl with F_DUPFD_CLOEXEC takes numbers only.
        checked::<S, _>(|| unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, least) })
    }

    fn close(fd: c_int) {
        close::<S>(fd);
    }

    fn replace(Redirection { target, source }: Redirection) -> Result<()> {
        // SAFETY: both take numbers only.
        checked::<S, _>(|| unsafe {
            if source == target { libc::fcntl(source, libc::F_SETFD, 0) } else { libc::dup2(source, target) }
        })
        .map(drop)
    }
}

/// All signals blocked in the calling thread, until this is dropped.
pub struct SignalsBlocked(libc::sigset_t);

impl SignalsBlocked {
    /// Except the synchronous ones: if one of those is blocked when it is raised, the process is killed.
    pub fn all() -> SignalsBlocked {
        const SYNCHRONOUS: [c_int; 6] =
            [libc::SIGSYS, libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGTRAP];
        let (mut all, mut previous) = (MaybeUninit::uninit(), MaybeUninit::uninit());
        // SAFETY: these write one set each; they cannot fail.
        unsafe {
            libc::sigfillset(all.as_mut_ptr());
            for signal in SYNCHRONOUS {
                libc::sigdelset(all.as_mut_ptr(), signal);
            }
            libc::sigemptyset(previous.as_mut_ptr());
            libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), previous.as_mut_ptr());
            SignalsBlocked(previous.assume_init())
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

impl Drop for SignalsBlocked {
    fn drop(&mut self) {
        // SAFETY: a set from pthread_sigmask.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, ptr::null_mut()) };
    }
}

/// In the child, before its signals are unblocked. Ignored signals stay ignored, except SIGPIPE.
fn reset_handlers<S: Posix>() {
    /// No signal of these systems has a higher number.
    const HIGHEST_SIGNAL: c_int = 128;
    for signal in 1..=HIGHEST_SIGNAL {
        let mut action = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: sigaction writes one struct, and refuses numbers that are no signal's.
        if checked::<S, _>(|| unsafe { libc::sigaction(signal, ptr::null(), action.as_mut_ptr()) }).is_err() {
            continue;
        }
        // SAFETY: all zero is one, and so is what was written.
        let mut action = unsafe { action.assume_init() };
        if action.sa_sigaction != libc::SIG_IGN || signal == libc::SIGPIPE {
            action.sa_sigaction = libc::SIG_DFL;
            // SAFETY: sigaction reads one struct; SIGKILL and SIGSTOP are refused.
            let _ = checked::<S, _>(|| unsafe { libc::sigaction(signal, &raw const action, ptr::null_mut()) });
        }
    }
}

fn close<S: Posix>(fd: c_int) {
    // SAFETY: ours alone.
    let _ = checked::<S, _>(|| unsafe { libc::close(fd) });
}

fn report(pipe: c_int, failed: Failed) -> ! {
    let words = [failed.step, failed.detail, failed.error.0];
    // SAFETY: write reads three ints; _exit does not return.
    unsafe {
        let _ = libc::write(pipe, (&raw const words).cast(), size_of_val(&words));
        libc::_exit(127)
    }
}

/// `None` after the child has executed the program, else why it could not.
fn read_report<S: Posix>(pipe: c_int) -> Option<Failed> {
    let mut words: [c_int; 3] = [0; 3];
    loop {
        // SAFETY: read writes at most three ints.
        let length = checked::<S, _>(|| unsafe { libc::read(pipe, (&raw mut words).cast(), size_of_val(&words)) });
        match length {
            Err(Errno::EINTR) => {}
            Ok(length) if length == size_of_val(&words) as isize => {
                let [step, detail, error] = words;
                return Some(Failed { step, detail, error: Errno(error) });
            }
            _ => return None,
        }
    }
}
