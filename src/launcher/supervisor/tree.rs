//! All processes of the tree: found, signalled, ended.

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

pub struct Tree {
    members: MaybeUninit<[Member; MOST]>,
    count: usize,
    own: u32,
}

impl Tree {
    pub fn new() -> Tree {
        Tree { members: MaybeUninit::uninit(), count: 0, own: own_pid() }
    }

    /// The first process of a pid namespace, from which nobody escapes.
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

    /// To one process, unless it is gone and the number is somebody else's: the pidfd is opened first, then the
    /// parent is compared. It may have become the supervisor meanwhile.
    fn send(own: u32, member: Member, signal: usize) -> isize {
        // SAFETY: pidfd_open takes numbers only.
        let pidfd = unsafe { call(number::PIDFD_OPEN, [member.pid as usize, 0]) };
        if pidfd < 0 {
            return pidfd;
        }
        let parent = stat(member.pid).map(|stat| stat.parent);
        let is_member = parent.is_some_and(|parent| parent == own || parent == member.parent);
        let pidfd = pidfd as usize;
        // SAFETY: there is no siginfo; the descriptor is ours.
        unsafe {
            let answer = if is_member { call(number::PIDFD_SEND_SIGNAL, [pidfd, signal, 0, 0]) } else { 0 };
            call(number::CLOSE, [pidfd]);
            answer
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

    /// Stops all until a walk finds nobody new, then ends them: what is stopped cannot fork. Children first, whose
    /// parents keep their numbers from others. Whether those that are left may not be ended.
    pub fn end(&mut self) -> bool {
        const MOST_ROUNDS: usize = 64;
        if self.is_namespace() {
            Tree::send_all(SIGKILL);
            return false;
        }
        let (own, mut known) = (self.own, 0);
        for _ in 0..MOST_ROUNDS {
            self.walk(|member| {
                Tree::send(own, member, SIGSTOP);
            });
            if self.count == known {
                break;
            }
            known = self.count;
        }
        let mut refused = 0;
        for index in (0..self.count).rev() {
            if let Some(member) = self.member(index) {
                refused += usize::from(Tree::send(own, member, SIGKILL) == EPERM);
            }
        }
        refused > 0 && refused == self.count
    }

    /// The time of those that were waited for, and of the living. A parent is read before its children, so that
    /// nothing counts twice when one of them ends meanwhile.
    pub fn time(&mut self) -> u64 {
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
