//! Process trees: a program whose parent is a supervisor, which is the caller's child. `src/launcher/TREE.md` describes
//! what happens in which process.
//!
//! [`start`] is what runs in the child until it executes the supervisor, [`channel`] how that reports, and
//! [`child`] what the caller keeps, and [`group`] the control group that it makes.

mod channel;
mod child;
mod group;
#[path = "../../../launcher/supervisor/message.rs"]
#[allow(dead_code, reason = "the supervisor sends the rest")]
mod message;
mod start;

pub use child::{ChildHandle, TreeChild};

use super::descriptor::Descriptor;
use super::ended::{self, Peak};
use super::identity::number_of;
use super::kernel;
use super::signals::SignalsBlocked;
use super::spawn::{image, is_open};
use crate::abi::command::{RR_STEP_CGROUP, RR_STEP_DESCRIPTOR, RR_STEP_DIRECTORY, RR_STEP_TREE};
use crate::abi::tree::{RR_TREE_CGROUP, RR_TREE_NAMESPACE, RR_TREE_SUPERVISOR};
use crate::errno::Errno;
use crate::sys::portable::plan::{Failed, Plan, TreePlan};
use channel::Channel;
use core::ffi::{CStr, c_int};
use group::Group;
use message::{FAILED, STARTED};
use start::Start;

#[cfg(has_supervisor)]
const SUPERVISOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/supervisor"));
/// None for this architecture, or nothing to build it with.
#[cfg(not(has_supervisor))]
const SUPERVISOR: &[u8] = &[];

/// The strongest first.
const MECHANISMS: [u32; 3] = [RR_TREE_CGROUP, RR_TREE_NAMESPACE, RR_TREE_SUPERVISOR];

type Result<T> = core::result::Result<T, Failed>;

/// By the first of the mechanisms that works here.
pub fn spawn(plan: &Plan, tree: &TreePlan) -> Result<TreeChild> {
    let unsupported = Failed::at(RR_STEP_TREE, 0)(Errno::ENOTSUP);
    check(plan)?;
    if SUPERVISOR.is_empty() {
        return Err(unsupported);
    }
    let image = match image::sealed(SUPERVISOR) {
        Err(error) if error.is_lack() => return Err(error.into()),
        image => image.map_err(|_| unsupported)?,
    };
    let needs_group = tree.memory.is_some() || tree.tasks.is_some();
    let serving = if needs_group { tree.mechanisms & RR_TREE_CGROUP } else { tree.mechanisms };
    for mechanism in MECHANISMS.into_iter().filter(|mechanism| serving & mechanism != 0) {
        match start_by(mechanism, plan, tree, &image) {
            Err(failed) if failed.step == RR_STEP_TREE => {}
            answer => return answer,
        }
    }
    Err(unsupported)
}

/// Before a descriptor of ours could take the number of one that is not open.
fn check(plan: &Plan) -> Result<()> {
    // As chdir(2) has it.
    if plan.directory.is_some_and(CStr::is_empty) {
        return Err(Failed::at(RR_STEP_DIRECTORY, 0)(Errno::ENOENT));
    }
    for redirection in plan.descriptors {
        is_open(redirection.source).map_err(Failed::at(RR_STEP_DESCRIPTOR, redirection.target))?;
    }
    plan.cgroup.map_or(Ok(()), |folder| is_open(folder).map_err(Failed::at(RR_STEP_CGROUP, 0)))
}

fn start_by(mechanism: u32, plan: &Plan, tree: &TreePlan, image: &Descriptor) -> Result<TreeChild> {
    let _blocked = SignalsBlocked::all()?;
    let mut channel = Channel::open()?;
    let caller = own_pidfd();
    let callers = caller.as_ref().map_or(-1, Descriptor::number);
    let group = match mechanism {
        RR_TREE_CGROUP => match Group::make(plan.cgroup, channel.nonce(), tree) {
            Err(error) if error.is_lack() => return Err(error.into()),
            group => Some(group.map_err(|_| Failed::at(RR_STEP_TREE, 0)(Errno::ENOTSUP))?),
        },
        _ => None,
    };
    let folder = group.as_ref().map_or(-1, Group::number);
    let mut start = Start::new(plan, tree, image.number(), &channel, [callers, folder])?;
    let supervisor = if mechanism == RR_TREE_NAMESPACE {
        start.clone_into_namespace(plan.credentials.is_none())
    } else {
        start.clone(0)
    }?;
    drop(start);
    channel.close_childs_end();
    let Some((report, pidfd)) = channel.await_report(&supervisor) else {
        supervisor.wait();
        return Err(Errno(libc::EPROTO).into());
    };
    if report.kind == FAILED {
        supervisor.wait();
        return Err(Failed { step: report.step, detail: report.detail, error: Errno(report.error) });
    }
    let pidfd = pidfd.and_then(|pidfd| pidfd.above_standard().ok());
    // The supervisor's number for it is none of ours in a separate namespace.
    let pid = match &pidfd {
        Some(pidfd) if mechanism == RR_TREE_NAMESPACE => {
            let number = number_of(pidfd.number());
            let _ = channel.order(0);
            number.ok()
        }
        Some(_) => Some(report.status),
        None => None,
    };
    let program = ended::ChildHandle::new(pid.unwrap_or(-1), pidfd, Peak::Own);
    let child = TreeChild::new(program, supervisor, channel, mechanism, group);
    // Dropped, it ends the tree.
    if report.kind == STARTED && pid.is_some() { Ok(child) } else { Err(Errno(libc::EPROTO).into()) }
}

/// By which the supervisor sees the caller's end where other processes hold the caller's end of the socket.
fn own_pidfd() -> Option<Descriptor> {
    // SAFETY: pidfd_open takes numbers only.
    let pidfd = unsafe { kernel::call(libc::SYS_pidfd_open, [kernel::own_pid() as usize, 0]) };
    pidfd.ok().map(Descriptor::owned)?.above_standard().ok()
}

/// A supervisor, or what is about to become one.
struct Supervisor {
    pid: c_int,
    pidfd: Descriptor,
}

impl Supervisor {
    /// Until it has ended. ECHILD where the caller ignores SIGCHLD or waits for any child elsewhere: then it has too.
    fn wait(&self) {
        let _ = ended::wait_for(self.pid, Some(&self.pidfd), libc::WEXITED);
    }
}
