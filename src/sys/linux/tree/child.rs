//! What the caller keeps of a tree: its supervisor, which reports its end.

use super::Supervisor;
use super::channel::Channel;
use super::group::Group;
use super::message::{Counts, ENDED, KernelRusage, LIMIT_CPU, LIMIT_WALL, LOST_PROCESS, NONE, Report};
use crate::abi::tree::{
    RR_TREE_CPU_NS, RR_TREE_KNOWS_OOM_KILLS, RR_TREE_KNOWS_ORPHANS, RR_TREE_KNOWS_PEAK_MEMORY, RR_TREE_KNOWS_PROCESSES,
    RR_TREE_MEMORY, RR_TREE_WALL_NS,
};
use crate::errno::{Errno, Result};
use crate::sys::host::ended::{self, limit_of};
use crate::sys::host::identity::{Identity, is_readable_within};
use crate::sys::host::kernel::{self, KernelLong};
use crate::sys::portable::exit::Exit;
use crate::sys::portable::unix::{SECOND, clock};
use crate::sys::{Child, Host, Rlimit, Rusage, Timeval, TreeEnd};
use core::cell::Cell;
use core::ffi::c_int;

/// A program and all that it starts.
pub struct TreeChild {
    program: ended::ChildHandle,
    supervisor: Supervisor,
    channel: Channel,
    mechanism: u32,
    caller: i32,
    /// Of the one thread that waits; others read it once it has.
    report: Cell<Option<Report>>,
    is_reaped: Cell<bool>,
    /// What the group counted, where the supervisor was killed; and whether it was empty at the end.
    counts: Cell<Option<Counts>>,
    is_empty: Cell<bool>,
    /// Behind the channel: it is removed when no process is in it any more.
    group: Cell<Option<Group>>,
}

impl TreeChild {
    pub(super) fn new(
        program: ended::ChildHandle,
        supervisor: Supervisor,
        channel: Channel,
        mechanism: u32,
        group: Option<Group>,
    ) -> TreeChild {
        TreeChild {
            program,
            supervisor,
            channel,
            mechanism,
            caller: kernel::own_pid(),
            report: Cell::new(None),
            is_reaped: Cell::new(false),
            counts: Cell::new(None),
            is_empty: Cell::new(false),
            group: Cell::new(group),
        }
    }

    /// Counts what was used in it, and removes it.
    fn leave_group(&self) {
        if let Some(group) = self.group.take() {
            self.is_empty.set(group.end());
            self.counts.set(Some(group.counts()));
        }
    }

    fn send_to_supervisor(&self, signal: c_int) {
        let arguments = [self.supervisor.pidfd.number() as usize, signal as usize, 0, 0];
        // SAFETY: there is no siginfo.
        let _ = unsafe { kernel::call(libc::SYS_pidfd_send_signal, arguments) };
    }

    fn reap_supervisor(&self, deadline: Option<u64>) -> Result<()> {
        let left = deadline.map(|deadline| deadline.saturating_sub(clock::<Host>()));
        match is_readable_within(self.supervisor.pidfd.number(), left) {
            Ok(false) => return Err(Errno(libc::ETIMEDOUT)),
            Err(Errno::EINTR) => return self.reap_supervisor(deadline),
            _ => self.supervisor.wait(),
        }
        self.is_reaped.set(true);
        Ok(())
    }
}

impl Drop for TreeChild {
    /// The tree ends with its handle, and leaves no zombie where it ends in time.
    fn drop(&mut self) {
        const LONGEST: u64 = 10 * SECOND;
        if !self.is_reaped.get() && self.caller == kernel::own_pid() {
            self.send_to_supervisor(libc::SIGCONT);
            let _ = self.channel.order(libc::SIGKILL);
            let _ = self.reap_supervisor(Some(clock::<Host>().saturating_add(LONGEST)));
        }
    }
}

impl Child for TreeChild {
    type Identity = Identity;

    fn pid(&self) -> i32 {
        self.program.pid()
    }

    fn descriptor(&self) -> Option<c_int> {
        self.program.descriptor()
    }

    fn inherited_peak(&self, callers: impl FnOnce() -> i64) -> i64 {
        self.program.inherited_peak(callers)
    }

    fn identity(&self) -> Option<Result<Identity>> {
        self.program.identity()
    }

    /// Its number is the supervisor's to free.
    fn identity_by_number(&self) -> Result<Identity> {
        Err(Errno::ESRCH)
    }

    /// By the supervisor, which goes on where a process of the tree has stopped it.
    fn signal(&self, signal: c_int, _: bool) -> Option<Result<()>> {
        /// `_NSIG`.
        const MOST: c_int = 64;
        Some(match signal {
            0 => Ok(()),
            1..=MOST => {
                self.send_to_supervisor(libc::SIGCONT);
                match self.channel.order(signal) {
                    answer @ (Ok(()) | Err(Errno::EAGAIN)) => answer,
                    // It has ended: all of them have, or the program is alone.
                    Err(_) => self.program.signal(signal, false).unwrap_or(Err(Errno::ESRCH)),
                }
            }
            _ => Err(Errno::EINVAL),
        })
    }

    fn signal_by_number(&self, _: c_int, _: bool) -> Result<()> {
        Err(Errno::ESRCH)
    }

    /// Until the program and its tree have ended. ECHILD where nothing will report it any more.
    fn await_end(&self, deadline: Option<u64>) -> Result<()> {
        while self.report.get().is_none() {
            let (report, _) = self.channel.next_report(&self.supervisor, deadline)?;
            if report.kind == ENDED {
                self.report.set(Some(report));
            }
        }
        Ok(())
    }

    fn reap(&self, deadline: Option<u64>) -> Result<(Exit, Rusage)> {
        let report = self.report.get().ok_or(Errno(libc::ECHILD))?;
        self.reap_supervisor(deadline)?;
        self.group.take();
        Ok((ended::exit_of(report.code, report.status), rusage_of(&report.program)))
    }

    /// The supervisor was killed: what is left of it, and the program.
    fn exit_kept(&self, deadline: Option<u64>) -> Result<Exit> {
        self.reap_supervisor(deadline)?;
        let _ = self.program.signal(libc::SIGKILL, false);
        self.leave_group();
        self.program.exit_kept(deadline)
    }

    fn limit_reached(&self, soft_at_start: u64) -> Option<c_int> {
        let report = self.report.get()?;
        let signal = ended::exit_of(report.code, report.status).signal;
        let rlimit = |[rlim_cur, rlim_max]: [u64; 2]| Rlimit { rlim_cur, rlim_max };
        let (cpu, file) = (rlimit(report.cpu_limits), rlimit(report.file_limits));
        let limits = |resource| Ok(if resource == crate::catalog::RR_RLIMIT_CPU { cpu } else { file });
        limit_of(signal, soft_at_start, limits, || report.used)
    }

    fn has_tree(&self) -> bool {
        true
    }

    fn tree(&self) -> TreeEnd {
        let report = self.report.get();
        let counts = report.as_ref().map(|report| report.counts).or(self.counts.get()).unwrap_or([NONE; 6]);
        let [all, user, system, memory, tasks, kills] = counts;
        let known = |count, bit| if count == NONE { (0, 0) } else { (count, bit) };
        let (peak_memory_bytes, knows_memory) = known(memory, RR_TREE_KNOWS_PEAK_MEMORY);
        let (processes, knows_processes) = known(tasks, RR_TREE_KNOWS_PROCESSES);
        let (oom_kills, knows_kills) = known(kills, RR_TREE_KNOWS_OOM_KILLS);
        let times = (![all, user, system].contains(&NONE)).then_some([all, user, system]);
        let has_all = match &report {
            Some(report) if times.is_some() => report.lost & LOST_PROCESS == 0,
            Some(report) => report.lost == 0,
            None => times.is_some() && self.is_empty.get(),
        };
        TreeEnd {
            mechanism: self.mechanism,
            known: knows_memory | knows_processes | knows_kills | report.map_or(0, |_| RR_TREE_KNOWS_ORPHANS),
            limit: match report.as_ref().map_or(0, |report| report.limit) {
                LIMIT_CPU => Some(RR_TREE_CPU_NS),
                LIMIT_WALL => Some(RR_TREE_WALL_NS),
                _ if oom_kills > 0 => Some(RR_TREE_MEMORY),
                _ => None,
            },
            is_complete: has_all,
            rusage: report.as_ref().map(|report| rusage_of(&report.all)),
            times: times.map(|times| times.map(|usec| usec.saturating_mul(1000))),
            peak_memory_bytes,
            processes,
            orphans: report.as_ref().map_or(0, |report| report.orphans),
            killed: report.as_ref().map_or(0, |report| report.killed),
            oom_kills,
        }
    }
}

fn rusage_of(words: &KernelRusage) -> Rusage {
    let words = words.map(|word| word as KernelLong);
    let [user, user_rest, system, system_rest, counts @ ..] = words;
    Rusage::widened(Timeval::widened(user, user_rest), Timeval::widened(system, system_rest), counts)
}

/// A child of either kind.
#[allow(clippy::large_enum_variant, reason = "it stands in its handle, which is allocated before the start")]
pub enum ChildHandle {
    Alone(ended::ChildHandle),
    Tree(TreeChild),
}

macro_rules! either {
    ($handle:ident, $child:ident => $answer:expr) => {
        match $handle {
            ChildHandle::Alone($child) => $answer,
            ChildHandle::Tree($child) => $answer,
        }
    };
}

impl Child for ChildHandle {
    type Identity = Identity;

    fn pid(&self) -> i32 {
        either!(self, child => child.pid())
    }
    fn descriptor(&self) -> Option<c_int> {
        either!(self, child => child.descriptor())
    }
    fn inherited_peak(&self, callers: impl FnOnce() -> i64) -> i64 {
        either!(self, child => child.inherited_peak(callers))
    }
    fn identity(&self) -> Option<Result<Identity>> {
        either!(self, child => child.identity())
    }
    fn identity_by_number(&self) -> Result<Identity> {
        either!(self, child => child.identity_by_number())
    }
    fn signal(&self, signal: c_int, to_group: bool) -> Option<Result<()>> {
        either!(self, child => child.signal(signal, to_group))
    }
    fn signal_by_number(&self, signal: c_int, to_group: bool) -> Result<()> {
        either!(self, child => child.signal_by_number(signal, to_group))
    }
    fn await_end(&self, deadline: Option<u64>) -> Result<()> {
        either!(self, child => child.await_end(deadline))
    }
    fn reap(&self, deadline: Option<u64>) -> Result<(Exit, Rusage)> {
        either!(self, child => child.reap(deadline))
    }
    fn exit_kept(&self, deadline: Option<u64>) -> Result<Exit> {
        either!(self, child => child.exit_kept(deadline))
    }
    fn limit_reached(&self, soft_at_start: u64) -> Option<c_int> {
        either!(self, child => child.limit_reached(soft_at_start))
    }
    fn has_tree(&self) -> bool {
        either!(self, child => child.has_tree())
    }
    fn tree(&self) -> TreeEnd {
        either!(self, child => child.tree())
    }
}
