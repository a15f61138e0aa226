//! All processes of the tree: found, signalled, ended.

use crate::group::Group;
use crate::kernel::{call, own_pid, process_time, time_in, usage_of_children};
use crate::number;
use crate::proc::{for_each_child, inner_number, stat};
use core::mem::MaybeUninit;

pub const SIGKILL: usize = 9;
const SIGSTOP: usize = 19;
const EPERM: isize = -1;

/// More are found once these have ended.
const MOST: usize = 8192;

/// By its number in /proc, and its parent's; 0 is the supervisor.
#[derive(Clone, Copy)]
struct Member {
    pid: u32,
    parent: u32,
}

/// The state in which a process was, proc_pid_stat(5).
struct Sent {
    state: u8,
    is_refused: bool,
}

pub struct Tree {
    members: MaybeUninit<[Member; MOST]>,
    count: usize,
    own: u32,
    group: Option<Group>,
}

impl Tree {
    pub fn new(group: Option<Group>) -> Tree {
        Tree { members: MaybeUninit::uninit(), count: 0, own: own_pid(), group }
    }

    /// The first process of a pid namespace, from which no process escapes.
    pub fn is_namespace(&self) -> bool {
        self.own == 1
    }

    fn add(&mut self, member: Member) {
        if self.count < MOST {
            // SAFETY: within the array.
            unsafe { self.members.as_mut_ptr().cast::<Member>().add(self.count).write(member) };
            self.count += 1;
        }
    }

    fn member(&self, index: usize) -> Option<Member> {
        // SAFETY: so many were written.
        (index < self.count).then(|| unsafe { self.members.as_ptr().cast::<Member>().add(index).read() })
    }

    /// Each before its children are looked for: what was stopped meanwhile makes no more of them.
    fn walk(&mut self, mut visit: impl FnMut(Member)) {
        self.count = 0;
        for_each_child(0, |pid| self.add(Member { pid, parent: 0 }));
        let mut next = 0;
        while let Some(member) = self.member(next) {
            visit(member);
            for_each_child(member.pid, |pid| self.add(Member { pid, parent: member.pid }));
            next += 1;
        }
    }

    /// To one process, unless it is gone and the number is another process's: the pidfd is opened first, then the
    /// parent is compared. It may have become the supervisor meanwhile. `None` where there is no process, or only a zombie.
    fn send(own: u32, member: Member, signal: usize) -> Option<Sent> {
        // SAFETY: pidfd_open takes numbers only.
        let pidfd = usize::try_from(unsafe { call(number::PIDFD_OPEN, [member.pid as usize, 0]) }).ok()?;
        let stat = stat(member.pid).filter(|stat| stat.parent == own || stat.parent == member.parent);
        let stat = stat.filter(|stat| !matches!(stat.state, b'Z' | b'X'));
        let is_stopped = stat.as_ref().is_some_and(|stat| matches!(stat.state, b'T' | b't'));
        // SAFETY: there is no siginfo; the descriptor is ours.
        unsafe {
            let is_wanted = stat.is_some() && !(is_stopped && signal == SIGSTOP);
            let answer = if is_wanted { call(number::PIDFD_SEND_SIGNAL, [pidfd, signal, 0, 0]) } else { 0 };
            call(number::CLOSE, [pidfd]);
            stat.map(|stat| Sent { state: stat.state, is_refused: answer == EPERM })
        }
    }

    fn send_all(signal: usize) {
        const ALL: usize = -1_isize as usize;
        // SAFETY: kill takes numbers. To all of the namespace but the caller: kill(2).
        unsafe { call(number::KILL, [ALL, signal]) };
    }

    pub fn signal(&mut self, signal: usize) {
        if self.is_namespace() {
            return Tree::send_all(signal);
        }
        self.walk(|_| {});
        for index in 0..self.count {
            if let Some(member) = self.member(index) {
                Tree::send(self.own, member, signal);
            }
        }
    }

    /// Stops all until a walk finds no process that runs, then ends them: what is stopped cannot fork. Children first, whose
    /// parents keep their numbers from others. Whether those that are left may not be ended.
    pub fn end(&mut self) -> bool {
        const MOST_ROUNDS: usize = 64;
        if self.is_namespace() {
            Tree::send_all(SIGKILL);
            return false;
        }
        let own = self.own;
        // A process that is in another group by now is found by the walk.
        let is_frozen = self.group.is_some_and(|group| !group.kill() && group.freeze(true));
        for _ in 0..MOST_ROUNDS {
            let mut has_runners = false;
            // In the kernel it forks no more, once a signal waits: `copy_process` in `kernel/fork.c`.
            self.walk(|member| {
                let sent = Tree::send(own, member, SIGSTOP);
                has_runners |= sent.is_some_and(|sent| !sent.is_refused && matches!(sent.state, b'R' | b'S' | b'I'));
            });
            if !has_runners || is_frozen {
                break;
            }
        }
        let (mut living, mut refused) = (0, 0);
        for index in (0..self.count).rev() {
            if let Some(sent) = self.member(index).and_then(|member| Tree::send(own, member, SIGKILL)) {
                living += 1;
                refused += usize::from(sent.is_refused);
            }
        }
        if let Some(group) = self.group.filter(|_| is_frozen) {
            group.freeze(false);
        }
        refused > 0 && refused == living
    }

    /// The time of those that were waited for, and of the living. A parent is read before its children, so that
    /// nothing counts twice when one of them ends meanwhile.
    pub fn time(&mut self) -> u64 {
        if let Some(time) = self.group.and_then(Group::time) {
            return time;
        }
        const TICK: u64 = 10_000_000;
        const SCHEDULED: isize = 2;
        let mut total = time_in(&usage_of_children());
        let has_own_numbers = self.is_namespace();
        self.walk(|member| {
            total += stat(member.pid).map_or(0, |stat| stat.children_ticks * TICK);
            let pid = if has_own_numbers { inner_number(member.pid) } else { Some(member.pid) };
            total += pid.and_then(|pid| process_time(pid, SCHEDULED)).unwrap_or(0);
        });
        total
    }
}
