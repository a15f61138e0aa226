//! Starting a program: clone(2) with CLONE_VM and CLONE_VFORK, so that it costs the same however large the
//! caller is, and so that what is set in the child is set in it alone.
//!
//! [`child`] is what runs there, and [`scene`] what it shares with its caller; [`launcher`] the program in
//! between that gives the child a record of peak memory of its own, and [`job`] what that is told;
//! [`channel`] how the two answer.

mod channel;
mod child;
mod job;
mod launcher;
#[path = "../../../launcher/protocol.rs"]
mod protocol;
mod scene;

use super::descriptor::Descriptor;
use super::ended::{ChildHandle, wait_for};
use super::kernel;
use super::signals;
use crate::errno::{Errno, Result};
use crate::sys::memory::Vector;
use crate::sys::plan::Plan;
use crate::sys::unix::checked;
use channel::{Channel, Report};
use core::ffi::{CStr, c_int};
use scene::Scene;

/// Where a spawn may begin, or got to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Through the launcher that was installed.
    Installed,
    /// Through the launcher inside this library.
    Embedded,
    Direct,
}

/// Enough for [`child`], which calls no deeper than a few functions, unoptimised too.
const STACK_BYTES: usize = 32 * 1024;

/// Everything the child needs is there before it is cloned: it must not allocate.
pub fn spawn(plan: &Plan) -> Result<ChildHandle> {
    // As chdir(2) has it; to the launcher it would mean none.
    if plan.directory.is_some_and(CStr::is_empty) {
        return Err(Errno::ENOENT);
    }
    // Before a descriptor of ours could take the number of one that is not open.
    plan.descriptors.iter().try_for_each(|redirection| is_open(redirection.source))?;
    let mut stack = Vector::new();
    stack.grow(STACK_BYTES / size_of::<u128>(), 0_u128)?;
    let mut scene = Scene::new(plan)?;

    // From before the clone until the launcher has ended: a handler could see a child that is none of its.
    let _blocked = signals::Blocked::all();
    // Without: no descriptor is free, or it is forbidden. The direct way does without.
    let mut channel = Channel::open().ok();
    let mut way = if plan.is_direct || channel.is_none() { Way::Direct } else { launcher::FIRST_WAY };
    loop {
        scene.begin(way, channel.as_ref().map_or(-1, Channel::childs_end))?;
        let pid = match clone(&mut scene, &mut stack) {
            // A handle with a descriptor is worth more than the launcher.
            Err(Errno(libc::EMFILE | libc::ENFILE)) if channel.take().is_some() => {
                way = Way::Direct;
                continue;
            }
            pid => pid?,
        };
        let pidfd = owned(scene.pidfd());
        let started = Cloned { pid, pidfd };
        let (shares_memory, error, reached) = scene.answer();
        if !shares_memory {
            return started.answered_late(channel);
        }
        if reached == Way::Direct {
            return started.ran(error);
        }
        // Before the launcher: it has ended by then, and one who waits is woken once.
        let error = channel.as_ref().map_or(0, Channel::await_start);
        // While the launcher runs its silence says nothing.
        let has_ended = started.wait();
        // Its number is free for the program's pidfd.
        drop(started);
        match channel.as_mut().map_or(Report::Silence, Channel::read) {
            Report::Silence | Report::NotCloned if !has_ended => return Err(Errno(libc::EPROTO)),
            Report::Silence if reached == Way::Installed => way = Way::Embedded,
            Report::Silence | Report::NotCloned => way = Way::Direct,
            Report::Announced => return Err(Errno(libc::EPROTO)),
            Report::Cloned { pid, pidfd } => {
                let program = Cloned { pid, pidfd };
                return if error == 0 { Ok(program.into_handle(false)) } else { program.failed(error) };
            }
        }
    }
}

/// A child, not yet known to be the program.
struct Cloned {
    pid: i32,
    pidfd: Option<Descriptor>,
}

impl Cloned {
    /// Whether it has ended. ECHILD where the caller ignores SIGCHLD or waits for any child elsewhere: then
    /// it has too.
    fn wait(&self) -> bool {
        matches!(wait_for(self.pid, self.pidfd.as_ref(), libc::WEXITED), Ok(_) | Err(Errno(libc::ECHILD)))
    }

    fn failed(self, error: c_int) -> Result<ChildHandle> {
        self.wait();
        Err(Errno(error))
    }

    fn ran(self, error: c_int) -> Result<ChildHandle> {
        if error == 0 { Ok(self.into_handle(true)) } else { self.failed(error) }
    }

    /// valgrind and qemu-user turn vfork into fork: the child writes to memory of its own and goes on
    /// beside its parent, and always directly, for the pidfd is not in its memory. Its end of the channel
    /// is closed by exec, or it says an error first.
    fn answered_late(self, channel: Option<Channel>) -> Result<ChildHandle> {
        let error = channel.map_or(0, Channel::wait_for_error);
        self.ran(error)
    }

    fn into_handle(self, is_direct: bool) -> ChildHandle {
        ChildHandle::new(self.pid, self.pidfd, is_direct)
    }
}

fn clone(scene: &mut Scene, stack: &mut Vector<u128>) -> Result<i32> {
    const FLAGS: c_int = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
    match clone_with(FLAGS | libc::CLONE_PIDFD, scene, stack) {
        // A kernel or an emulator that knows no pidfd, or a sandbox that lets pass what libc asks for alone.
        Err(Errno::EINVAL | Errno::ENOSYS | Errno::EPERM) => clone_with(FLAGS, scene, stack),
        // No descriptor is free, not even of ours.
        Err(Errno(libc::EMFILE | libc::ENFILE)) if scene.socket < 0 => clone_with(FLAGS, scene, stack),
        answer => answer,
    }
}

/// libc's function rather than the call itself: it knows on each architecture how a child begins on a
/// stack of its own.
fn clone_with(flags: c_int, scene: &mut Scene, stack: &mut Vector<u128>) -> Result<i32> {
    let top = stack.as_mut_slice().as_mut_ptr_range().end;
    let scene: *mut Scene = scene;
    checked(|| {
        // SAFETY: the child runs on a stack of its own with the scene, which outlives it, for this thread
        // stands still until the child has executed or ended; the kernel writes one int to its pidfd.
        unsafe { libc::clone(child::enter, top.cast(), flags, scene.cast(), &raw mut (*scene).pidfd) }
    })
}

fn owned(fd: c_int) -> Option<Descriptor> {
    usize::try_from(fd).ok().map(Descriptor::owned)
}

fn is_open(fd: c_int) -> Result<()> {
    // SAFETY: fcntl with F_GETFD takes numbers only.
    unsafe { kernel::call(libc::SYS_fcntl, [fd as usize, libc::F_GETFD as usize, 0, 0, 0]) }.map(drop)
}
