//! Starting a program: clone(2) with CLONE_VM and CLONE_VFORK, so that the cost does not depend on the size of the
//! caller, and settings of the child do not affect the caller. `src/launcher/PROTOCOL.md` describes what happens in
//! which process.
//!
//! [`child`] runs there, and [`state`] is what it shares with its caller. [`launcher`] executes the intermediate
//! program that gives the child a separate record of peak memory, [`image`] keeps its image, [`record`] collects what
//! it compares, [`job`] is its input, and [`channel`] receives its reports.

mod channel;
pub(super) mod child;
pub(super) mod image;
mod job;
mod launcher;
#[path = "../../../launcher/protocol.rs"]
pub(super) mod protocol;
pub(super) mod record;
pub(super) mod settings;
mod state;
pub(super) mod stack;

pub use image::Image;
pub(super) use state::{raise_soft_limit, representable};

use super::descriptor::Descriptor;
use super::ended::{ChildHandle, Peak, wait_for};
use super::kernel;
use super::signals;
use crate::abi::command::{RR_STEP_CGROUP, RR_STEP_DESCRIPTOR, RR_STEP_DIRECTORY};
use crate::errno::{Errno, Result};
use crate::sys::Host;
use crate::sys::portable::plan::{Failed, Plan};
use crate::sys::portable::unix::checked;
use channel::{Channel, Received};
use core::ffi::{CStr, c_int};
use settings::Dumpable;
use stack::Stack;
use state::SpawnState;

/// How a spawn begins, or how it continued.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Route {
    Launcher,
    Direct,
}

/// Everything that the child needs is prepared before it is cloned: it must not allocate.
pub fn spawn(plan: &Plan, image: &Image, is_direct: bool) -> core::result::Result<ChildHandle, Failed> {
    // As chdir(2) does.
    if plan.directory.is_some_and(CStr::is_empty) {
        return Err(Failed::at(RR_STEP_DIRECTORY, 0)(Errno::ENOENT));
    }
    // Before a descriptor of ours could take the number of one that is not open.
    for redirection in plan.descriptors {
        is_open_beside(redirection.source, image).map_err(Failed::at(RR_STEP_DESCRIPTOR, redirection.target))?;
    }
    if let Some(folder) = plan.cgroup {
        is_open_beside(folder, image).map_err(Failed::at(RR_STEP_CGROUP, 0))?;
    }
    let stack = Stack::new()?;
    let mut state = SpawnState::new(plan, image)?;
    let is_kept = !is_direct && image.descriptor().is_some();

    // From before the clone until the launcher has ended: a handler could find a child that it does not know.
    let _blocked = signals::SignalsBlocked::all()?;
    // `None` if no descriptor is free or a sandbox refuses it. A direct start does not need it.
    let mut channel = Channel::open().ok();
    if channel.is_none() {
        // A pidfd in the handle is more useful than the launcher.
        image.give_up();
    }
    let _dumpable = plan.credentials.map(|_| Dumpable::kept());
    if is_kept && channel.is_some() {
        match through_launcher(&mut state, &stack, &mut channel) {
            Launched::Ran(child) => return Ok(child),
            Launched::Failed(failed) => return Err(failed),
            Launched::NotRun => {}
        }
    }
    directly(&mut state, &stack, channel)
}

/// The result of a start through the launcher.
enum Launched {
    Ran(ChildHandle),
    /// The start failed, and a direct start must not be tried.
    Failed(Failed),
    /// The program has not run: a direct start repeats nothing.
    NotRun,
}

fn through_launcher(state: &mut SpawnState, stack: &Stack, channel: &mut Option<Channel>) -> Launched {
    let Some(open) = channel else { return Launched::NotRun };
    if let Err(error) = state.begin(Route::Launcher, open.childs_end(), open.nonce()) {
        return Launched::Failed(error.into());
    }
    let child = match clone(state, stack) {
        Ok(child) => child,
        // A direct start meets the same error.
        Err(_) => return Launched::NotRun,
    };
    let left = state.left();
    if !left.shares_memory {
        return child.answered_late(Some(open)).into();
    }
    if left.route == Route::Direct {
        state.kept.check();
        return child.ran(left.failed, Peak::MayBeCallers).into();
    }
    if left.failed.error == Errno::EMFILE {
        // Ours were in the way of the program's.
        state.kept.give_up();
    }
    open.close_childs_end();
    let answer = child.launched(open);
    // Remaining messages in this pair belong to this child.
    *channel = None;
    answer
}

fn directly(
    state: &mut SpawnState,
    stack: &Stack,
    mut channel: Option<Channel>,
) -> core::result::Result<ChildHandle, Failed> {
    // A single-threaded caller is suspended until its child has executed: its own peak, read later, is the value at
    // which the child's record started. With other threads that value is unknown.
    let peak = if record::is_single_threaded() { Peak::BeginsAsCallers } else { Peak::MayBeCallers };
    loop {
        let (socket, nonce) = channel.as_ref().map_or((-1, 0), |open| (open.childs_end(), open.nonce()));
        state.begin(Route::Direct, socket, nonce)?;
        let child = match clone(state, stack) {
            Err(Errno(libc::EMFILE | libc::ENFILE)) if channel.take().is_some() => {
                state.kept.give_up();
                continue;
            }
            // No descriptor is free, although ours are closed.
            Err(Errno(libc::EMFILE | libc::ENFILE)) => clone_with(FLAGS, state, stack),
            child => child,
        }?;
        let left = state.left();
        if !left.shares_memory {
            return child.answered_late(channel.as_mut());
        }
        if left.failed.error == Errno::EMFILE && channel.take().is_some() {
            // Ours were in the way of the program's.
            child.wait();
            state.kept.give_up();
            continue;
        }
        return child.ran(left.failed, peak);
    }
}

impl From<core::result::Result<ChildHandle, Failed>> for Launched {
    fn from(answer: core::result::Result<ChildHandle, Failed>) -> Launched {
        answer.map_or_else(Launched::Failed, Launched::Ran)
    }
}

/// A cloned child, which may not have become the program.
struct Cloned {
    pid: i32,
    pidfd: Option<Descriptor>,
}

impl Cloned {
    /// Waits until it has ended. ECHILD, if the caller ignores SIGCHLD or waits for any child elsewhere, means the
    /// same.
    fn wait(&self) {
        let _ = wait_for(self.pid, self.pidfd.as_ref(), libc::WEXITED);
    }

    fn has_ended(&self) -> bool {
        let look = wait_for(self.pid, self.pidfd.as_ref(), libc::WEXITED | libc::WNOWAIT | libc::WNOHANG);
        matches!(look, Ok(Some(_)) | Err(_))
    }

    fn ran(self, failed: Failed, peak: Peak) -> core::result::Result<ChildHandle, Failed> {
        if failed.error == Errno(0) {
            return Ok(self.into_handle(peak));
        }
        self.wait();
        Err(failed)
    }

    /// valgrind and qemu-user turn vfork into fork: the child has separate memory and runs concurrently with its
    /// parent. It always starts the program directly, because the pidfd is not in its memory. Its end of the channel
    /// is closed by execve(2), or it reports an error first.
    fn answered_late(self, channel: Option<&mut Channel>) -> core::result::Result<ChildHandle, Failed> {
        let failed = channel.and_then(|channel| {
            channel.close_childs_end();
            channel.wait_for_failure(|| self.has_ended())
        });
        self.ran(failed.unwrap_or(Failed::from(Errno(0))), Peak::MayBeCallers)
    }

    /// For a child that was to execute the launcher. The program's process reports that it is about to run the program
    /// before it does, and keeps the pipe open until it has executed or ended: a message that is not there by then
    /// never comes.
    fn launched(self, channel: &Channel) -> Launched {
        let mut received = Received::default();
        let is_deaf = channel.receive_pipe(&mut received).is_err();
        if received.wait_for_pipe() == Some(false) {
            self.wait();
            channel.wait_until_over(&mut received);
        }
        self.wait();
        // Closes its pidfd first, whose number is then free for the program's.
        drop(self);
        if channel.receive_all(&mut received).is_err() || is_deaf {
            return Launched::Failed(Errno(libc::EPROTO).into());
        }
        match (received.program, received.cloned) {
            (Some((pid, pidfd)), _) => {
                let pidfd = pidfd.and_then(|pidfd| pidfd.above_standard().ok());
                let program = Cloned { pid, pidfd };
                if received.has_not_run {
                    program.wait();
                    return Launched::NotRun;
                }
                Launched::Ran(program.into_handle(Peak::Own))
            }
            (None, Some(pid)) => {
                Cloned { pid, pidfd: None }.wait();
                Launched::NotRun
            }
            (None, None) => Launched::NotRun,
        }
    }

    fn into_handle(self, peak: Peak) -> ChildHandle {
        ChildHandle::new(self.pid, self.pidfd, peak)
    }
}

const FLAGS: c_int = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;

fn clone(state: &mut SpawnState, stack: &Stack) -> Result<Cloned> {
    match clone_with(FLAGS | libc::CLONE_PIDFD, state, stack) {
        // A kernel or an emulator without pidfds, or a sandbox that allows only the flags that libc uses.
        Err(Errno::EINVAL | Errno::ENOSYS | Errno::EPERM | Errno(libc::EACCES)) => clone_with(FLAGS, state, stack),
        answer => answer,
    }
}

/// libc's function instead of the system call: it implements a child on a separate stack for each architecture.
fn clone_with(flags: c_int, state: &mut SpawnState, stack: &Stack) -> Result<Cloned> {
    let top = stack.top();
    let place: *mut SpawnState = state;
    let pid = checked::<Host, _>(|| {
        // SAFETY: the child runs on a separate stack with the state, which outlives it, for this thread is suspended
        // until the child has executed or ended; the kernel writes one int to its pidfd.
        unsafe { libc::clone(child::enter, top, flags, place.cast(), &raw mut (*place).pidfd) }
    })?;
    Ok(Cloned { pid, pidfd: owned(state.pidfd()) })
}

fn owned(fd: c_int) -> Option<Descriptor> {
    usize::try_from(fd).ok().map(Descriptor::owned)
}

/// Whether a descriptor is open and belongs to the caller, not to this command.
fn is_open_beside(fd: c_int, image: &Image) -> Result<()> {
    if fd == image.kept() { Err(Errno::EBADF) } else { is_open(fd) }
}

pub(super) fn is_open(fd: c_int) -> Result<()> {
    // SAFETY: fcntl with F_GETFD takes numbers only.
    unsafe { kernel::call(libc::SYS_fcntl, [fd as usize, libc::F_GETFD as usize, 0, 0, 0]) }.map(drop)
}
