//! The launcher that stays: the supervisor of a process tree on Linux. It starts the program as its own child, is the
//! parent of every process that loses its own (PR_SET_CHILD_SUBREAPER of prctl(2), or the first process of a pid
//! namespace), and ends when none is left. `TREE.md` in the folder above is the whole story.
//!
//! No libc, no memory but its stack.
#![no_std]
#![no_main]

#[cfg_attr(target_arch = "x86_64", path = "../x86_64.rs")]
#[cfg_attr(target_arch = "x86", path = "../x86.rs")]
#[cfg_attr(target_arch = "aarch64", path = "../aarch64.rs")]
#[allow(dead_code, reason = "its numbers are the launcher's")]
mod machine;
#[path = "../memory.rs"]
mod memory;
#[path = "../numbers.rs"]
mod numbers;
#[path = "../protocol.rs"]
#[allow(dead_code, reason = "the launcher sends more")]
mod protocol;
#[allow(dead_code, reason = "the library sends the rest")]
mod message;
mod group;
mod kernel;
mod number;
mod proc;
mod program;
mod tree;

use core::ffi::{c_char, c_int};
use core::mem::MaybeUninit;
use group::Group;
use kernel::{ANY, CLOCK_MONOTONIC, Ended, LEAVE_IT, ONE, address, call, clock, exit};
use message::{
    ENDED, FAILED, IS_NEW_USER, KernelRusage, LIMIT_CPU, LIMIT_WALL, LOST_PROCESS, LOST_USAGE, Order, Report, STARTED,
    VERSION, WAITS_FOR_ALL,
};
use numbers::Numbers;
use protocol::{Control, Header, Part, look_at};
use tree::{SIGKILL, Tree};

const F_SETFD: usize = 2;
const FD_CLOEXEC: usize = 1;
const O_CLOEXEC: usize = 0o2000000;
const O_NONBLOCK: usize = 0o4000;
const MSG_DONTWAIT: usize = 0x40;
const MSG_NOSIGNAL: usize = 0x4000;
const SOL_SOCKET: c_int = 1;
const SCM_RIGHTS: c_int = 1;
const SIGCHLD: usize = 17;
const SET_BYTES: usize = 8;
const PR_SET_DUMPABLE: usize = 4;
const PR_SET_NAME: usize = 15;
const PR_SET_CHILD_SUBREAPER: usize = 36;
const CLONE_VM: usize = 0x100;
const CLONE_PIDFD: usize = 0x1000;
const CAPABILITY_VERSION_3: u32 = 0x2008_0522;
// `include/uapi/linux/auxvec.h`.
const AT_NULL: usize = 0;
const AT_UID: usize = 11;
const AT_EUID: usize = 12;
const AT_GID: usize = 13;
const AT_EGID: usize = 14;
const AT_SECURE: usize = 23;
/// `RR_STEP_TREE`.
const TREE: c_int = 8;
const RLIMIT_CPU: usize = 0;
const RLIMIT_FSIZE: usize = 1;
const ENOTSUP: c_int = 95;
const EAGAIN: isize = -11;
/// No descriptor.
const NONE: usize = usize::MAX;

unsafe extern "C" {
    /// clone(2): the new process goes on in `program` with `job`, below `stack`.
    fn clone_program(flags: usize, pidfd: *mut c_int, job: *mut Job, stack: *mut Stack) -> isize;
}

/// The program's, until it executes: its few functions call no deeper.
#[repr(C, align(16))]
struct Stack([u8; 4096]);

/// The supervisor's, and the program's between clone and exec.
#[repr(C)]
struct Job {
    nonce: u64,
    socket: usize,
    caller: usize,
    /// The folder of the control group.
    group: usize,
    flags: u64,
    cpu_limit: u64,
    wall_limit: u64,
    paths: *const *const c_char,
    path_count: usize,
    looked_at: usize,
    numbers: Numbers,
    limit_count: u64,
    arguments: *const *const c_char,
    environment: *const *const c_char,
    /// Where the program reports why it does not run.
    pipe: usize,
    /// What SIGCHLD did in the caller: a struct sigaction.
    action: [usize; 8],
    pidfd: c_int,
}

/// Where the kernel puts the count of arguments, the arguments, NULL, the environment, NULL, and pairs of
/// words up to AT_NULL: getauxval(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn launch(stack: *const usize) -> ! {
    // SAFETY: the kernel's layout, execve(2). The library passes what `message` describes; any other
    // process that executes this file gets no further than the count or the version.
    unsafe {
        let count = *stack;
        let arguments = stack.add(1).cast::<*const c_char>();
        if count < 4 {
            exit();
        }
        let mut numbers = Numbers(*arguments.add(1));
        if numbers.next() != VERSION {
            exit();
        }
        let nonce = numbers.next();
        let socket = numbers.next() as usize;
        // One more than the number, or 0: NONE.
        let [caller, group] = [numbers.next(), numbers.next()].map(|number| (number as usize).wrapping_sub(1));
        let flags = numbers.next();
        let path_count = numbers.next() as usize;
        let looked_at = numbers.next() as usize;
        let limit_count = numbers.next();
        let [cpu_limit, wall_limit] = [numbers.next(), numbers.next()];
        if path_count > count - 3 || looked_at > path_count {
            exit();
        }
        let paths = arguments.add(2);
        let mut job = Job {
            nonce,
            socket,
            caller,
            group,
            flags,
            cpu_limit,
            wall_limit,
            paths,
            path_count,
            looked_at,
            numbers,
            limit_count,
            arguments: paths.add(path_count),
            environment: arguments.add(count + 1),
            pipe: 0,
            action: [0; 8],
            pidfd: -1,
        };
        if is_what_the_caller_is(&mut job) {
            supervise(&mut job);
        }
        job.fail(TREE, 0, ENOTSUP)
    }
}

/// Whether exec has left what decides over the program's rights and over the meaning of its paths.
unsafe fn is_what_the_caller_is(job: &mut Job) -> bool {
    let mut header = [CAPABILITY_VERSION_3, 0];
    let mut capabilities = [0_u32; 6];
    // SAFETY: the kernel writes six words for this version, and one struct statx each time; the environment
    // is ended by NULL, and what follows it by AT_NULL.
    unsafe {
        if call(number::CAPGET, [address(&mut header), address(&mut capabilities)]) < 0 {
            return false;
        }
        let capabilities = capabilities;
        let mut is_same = capabilities.iter().fold(true, |same, set| (u64::from(*set) == job.numbers.next()) & same);
        // A user namespace gives all capabilities, and exec takes them from every process but its root's.
        is_same |= job.flags & IS_NEW_USER != 0;
        let ids = [job.numbers.next(), job.numbers.next(), job.numbers.next(), job.numbers.next()];
        let mut end = job.environment;
        while !(*end).is_null() {
            end = end.add(1);
        }
        let mut pair = end.add(1).cast::<[usize; 2]>();
        loop {
            let [kind, value] = *pair;
            let wanted = match kind {
                AT_NULL => break,
                AT_UID => ids[0],
                AT_EUID => ids[1],
                AT_GID => ids[2],
                AT_EGID => ids[3],
                AT_SECURE => 0,
                _ => value as u64,
            };
            is_same &= value as u64 == wanted;
            pair = pair.add(1);
        }
        for index in 0..job.looked_at {
            let path = (*job.paths.add(index)).expose_provenance();
            let found = look_at(path, |arguments| call(number::STATX, arguments));
            is_same = found.iter().fold(is_same, |same, word| (*word == job.numbers.next()) & same);
        }
        is_same
    }
}

/// Its stack is the program's too: it never returns.
unsafe fn supervise(job: &mut Job) -> ! {
    let begun = clock(CLOCK_MONOTONIC).unwrap_or(0);
    let mut stack = MaybeUninit::<Stack>::uninit();
    let mut ends: [c_int; 2] = [-1; 2];
    let mut sigchld: [u32; 2] = [1 << (SIGCHLD - 1), 0];
    // SAFETY: numbers, a name, a signal set, two ints and struct sigactions, each where the kernel expects it; from
    // the clone until the pipe's end job and stack are the program's.
    unsafe {
        for fd in [job.socket, job.caller, job.group] {
            if fd != NONE && call(number::FCNTL, [fd, F_SETFD, FD_CLOEXEC]) < 0 {
                job.fail(TREE, 0, ENOTSUP);
            }
        }
        // What exec would choose is the number of a descriptor, before Linux 6.14.
        call(number::PRCTL, [PR_SET_NAME, c"rresource-tree".as_ptr().expose_provenance()]);
        let is_parent_of_all = call(number::PRCTL, [PR_SET_CHILD_SUBREAPER, 1]) >= 0;
        // Ignored, it would leave no zombies; the program gets back what it was.
        let mut default = [0_usize; 8];
        let former = [address(&mut default), address(&mut job.action)];
        let has_children = call(number::RT_SIGACTION, [SIGCHLD, former[0], former[1], SET_BYTES]) >= 0;
        let signals = call(number::SIGNALFD4, [usize::MAX, address(&mut sigchld), SET_BYTES, O_CLOEXEC | O_NONBLOCK]);
        let has_pipe = call(number::PIPE2, [address(&mut ends), O_CLOEXEC]) >= 0;
        if !is_parent_of_all || !has_children || signals < 0 || !has_pipe {
            job.fail(TREE, 0, ENOTSUP);
        }
        let [ours, programs] = ends;
        job.pipe = programs as usize;
        let pidfd = &raw mut job.pidfd;
        let flags = CLONE_VM | CLONE_PIDFD | SIGCHLD;
        let pid = clone_into_group(job);
        let pid = pid.unwrap_or_else(|| clone_program(flags, pidfd, job, stack.as_mut_ptr().add(1)));
        call(number::CLOSE, [programs as usize]);
        if pid < 0 {
            job.fail(9, 0, -pid as c_int);
        }
        let mut answer: [c_int; 3] = [0; 3];
        let length = call(number::READ, [ours as usize, address(&mut answer), size_of_val(&answer)]);
        call(number::CLOSE, [ours as usize]);
        if length > 0 {
            let [step, detail, error] = answer;
            job.fail(step, detail, error);
        }
        // Out of reach of what is sent to the caller's process group. A group in the caller's session would not do: when
        // the program ended, the kernel would send SIGHUP to the caller's group if that had a stopped member,
        // `kill_orphaned_pgrp` in `kernel/exit.c`.
        call(number::SETSID, []);
        call(number::PRCTL, [PR_SET_DUMPABLE, 0]);
        let pidfd = pidfd.read_volatile();
        job.send(&Report { status: pid as c_int, ..Report::new(job.nonce, STARTED) }, pidfd);
        call(number::CLOSE, [pidfd as usize]);
        let group = Group::of(job.group);
        let mut supervisor = Supervisor {
            job,
            program: pid as u32,
            signals: signals as usize,
            report: Report::new(job.nonce, ENDED),
            tree: Tree::new(group),
            begun,
            processors: 1,
            is_ending: false,
            caller_is_gone: false,
        };
        supervisor.run()
    }
}

/// Since Linux 5.7, and much faster than to join the group afterwards, which waits for all processors:
/// `cgroup_attach_lock` in `kernel/cgroup/cgroup.c`. The memory is copied, for the call itself knows no function to
/// go on in; it is small. `None` where it is not to be had.
unsafe fn clone_into_group(job: &mut Job) -> Option<isize> {
    const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;
    if job.group == NONE {
        return None;
    }
    // `struct clone_args`, clone(2): flags, pidfd, child_tid, parent_tid, exit_signal, and behind six others the group.
    let mut arguments = [0_u64; 11];
    let [flags, pidfd, _, _, signal, .., group] = &mut arguments;
    *flags = CLONE_INTO_CGROUP | CLONE_PIDFD as u64;
    *pidfd = address(&mut job.pidfd) as u64;
    *signal = SIGCHLD as u64;
    *group = job.group as u64;
    // SAFETY: the kernel reads the struct and writes one int; in the new process the job is a copy.
    let pid = unsafe { call(number::CLONE3, [address(&mut arguments), size_of_val(&arguments)]) };
    if pid == 0 {
        job.group = NONE;
        // SAFETY: as above.
        unsafe { program::program(job) }
    }
    (pid > 0).then_some(pid)
}

impl Job {
    fn fail(&self, step: c_int, detail: c_int, error: c_int) -> ! {
        let report = Report { step, detail, error, ..Report::new(self.nonce, FAILED) };
        self.send(&report, -1);
        exit()
    }

    fn send(&self, report: &Report, descriptor: c_int) {
        let part = Part { base: core::ptr::from_ref(report).expose_provenance(), length: size_of::<Report>() };
        let mut control = Control { length: Control::LENGTH, level: SOL_SOCKET, kind: SCM_RIGHTS, descriptor };
        let mut header = Header::new(&part, (descriptor >= 0).then_some(&mut control));
        // SAFETY: the header and what it points to live until the call is over.
        unsafe { call(number::SENDMSG, [self.socket, address(&mut header), MSG_DONTWAIT | MSG_NOSIGNAL]) };
    }
}

/// `struct pollfd`.
#[repr(C)]
struct Poll {
    fd: c_int,
    asked: i16,
    said: i16,
}

impl Poll {
    const READABLE: i16 = 1;
}

struct Supervisor<'a> {
    job: &'a Job,
    /// Its number; 0 once it was reaped.
    program: u32,
    /// A descriptor that is readable when a child has ended.
    signals: usize,
    report: Report,
    tree: Tree,
    begun: u64,
    processors: u64,
    is_ending: bool,
    caller_is_gone: bool,
}

impl Supervisor<'_> {
    fn run(&mut self) -> ! {
        /// In nanoseconds, between two attempts to end the tree.
        const SHORTEST: u64 = 1_000_000;
        const LONGEST: u64 = 50_000_000;
        /// It is given up when so many attempts in turn met none but those that it may not end.
        const MOST_REFUSALS: u32 = 5;
        if self.tree.is_namespace() {
            self.await_caller();
        }
        if self.job.cpu_limit > 0 {
            self.count_processors();
        }
        let (mut pause, mut refusals, mut next_attempt) = (SHORTEST, 0, 0);
        while self.reap() {
            let now = clock(CLOCK_MONOTONIC).unwrap_or(0);
            if self.program == 0 && self.job.flags & WAITS_FOR_ALL == 0 {
                self.is_ending = true;
            }
            let mut longest = if self.is_ending { u64::MAX } else { self.check_limits(now) };
            if self.is_ending {
                if now >= next_attempt {
                    refusals = if self.tree.end() { refusals + 1 } else { 0 };
                    if refusals == MOST_REFUSALS {
                        self.report.lost |= LOST_PROCESS;
                        break;
                    }
                    next_attempt = clock(CLOCK_MONOTONIC).unwrap_or(0) + pause;
                    pause = (pause * 2).min(LONGEST);
                }
                longest = pause;
            }
            self.wait(longest);
        }
        self.report.all = kernel::usage_of_children();
        if let Some(group) = Group::of(self.job.group) {
            self.report.counts = group.counts();
            group.remove(self.job.nonce);
        }
        self.job.send(&self.report, -1);
        exit()
    }

    /// Until the caller knows the program's number, which only a process has that was not reaped.
    fn await_caller(&self) {
        let mut entry = Poll { fd: self.job.socket as c_int, asked: Poll::READABLE, said: 0 };
        // SAFETY: one struct pollfd is read and written; no time and no signal mask.
        unsafe { call(number::PPOLL, [address(&mut entry), 1, 0, 0, 0]) };
    }

    /// Those on which the tree may run at once, if its processes ask for all that they may have.
    fn count_processors(&mut self) {
        let mut set = [usize::MAX; 128];
        // SAFETY: the kernel reads and writes at most the set's size.
        unsafe {
            call(number::SCHED_SETAFFINITY, [0, size_of_val(&set), address(&mut set)]);
            call(number::SCHED_GETAFFINITY, [0, size_of_val(&set), address(&mut set)]);
        }
        self.processors = set.iter().fold(0, |sum, word| sum + u64::from(word.count_ones())).max(1);
    }

    /// How long the limits cannot be reached, at least.
    fn check_limits(&mut self, now: u64) -> u64 {
        /// A look costs as much as the tree has processes: it takes a fifth of a processor at most.
        const SHORTEST: u64 = 1_000_000;
        const SHARE: u64 = 4;
        let (cpu, wall) = (self.job.cpu_limit, self.job.wall_limit);
        let mut longest = u64::MAX;
        if wall > 0 {
            longest = (self.begun.saturating_add(wall)).saturating_sub(now);
            if longest == 0 {
                return self.end_for(LIMIT_WALL);
            }
        }
        if cpu > 0 {
            let left = cpu.saturating_sub(self.tree.time());
            if left == 0 {
                return self.end_for(LIMIT_CPU);
            }
            let cost = clock(CLOCK_MONOTONIC).unwrap_or(0).saturating_sub(now);
            let pause = left.checked_div(self.processors).unwrap_or(left);
            longest = longest.min(pause.max(SHORTEST).max(cost * SHARE));
        }
        longest
    }

    fn end_for(&mut self, limit: u32) -> u64 {
        self.report.limit = limit;
        self.is_ending = true;
        0
    }

    /// Until a child has ended, the caller has ended or sends something, or so many nanoseconds.
    fn wait(&mut self, longest: u64) {
        // A negative descriptor is passed over.
        let entry = |fd: usize, is_wanted| Poll {
            fd: if is_wanted { fd as c_int } else { -1 },
            asked: Poll::READABLE,
            said: 0,
        };
        let has_caller = !self.caller_is_gone;
        let mut entries = [
            entry(self.signals, true),
            entry(self.job.socket, has_caller),
            entry(self.job.caller, has_caller && self.job.caller != NONE),
        ];
        let mut time = [(longest / 1_000_000_000) as isize, (longest % 1_000_000_000) as isize];
        let time = if longest == u64::MAX { 0 } else { address(&mut time) };
        // SAFETY: three struct pollfd are read and written, a time read and perhaps written; no signal mask.
        unsafe { call(number::PPOLL, [address(&mut entries), 3, time, 0, 0]) };
        let [children, socket, caller] = entries.map(|entry| entry.said != 0);
        if children {
            let mut info = [0_u64; 16];
            // SAFETY: the kernel writes at most one struct signalfd_siginfo.
            unsafe { call(number::READ, [self.signals, address(&mut info), size_of_val(&info)]) };
        }
        if socket {
            self.obey();
        }
        if caller {
            self.lose_caller();
        }
    }

    fn obey(&mut self) {
        let mut order = Order { nonce: 0, signal: 0, reserved: 0 };
        loop {
            // SAFETY: the kernel writes at most one order.
            let length = unsafe { call(number::READ, [self.job.socket, address(&mut order), size_of::<Order>()]) };
            if length == EAGAIN {
                return;
            }
            if length <= 0 {
                return self.lose_caller();
            }
            if length as usize == size_of::<Order>() && order.nonce == self.job.nonce {
                if order.signal as usize == SIGKILL {
                    self.is_ending = true;
                } else {
                    self.tree.signal(order.signal as usize);
                }
            }
        }
    }

    fn lose_caller(&mut self) {
        self.caller_is_gone = true;
        self.is_ending = true;
    }

    /// Whether a process is left.
    fn reap(&mut self) -> bool {
        loop {
            let zombie = match kernel::wait(ANY, 0, LEAVE_IT) {
                Ok(Some(zombie)) => zombie.pid,
                Ok(None) => return true,
                Err(_) => return false,
            };
            self.look_at(zombie);
            let Ok(Some(ended)) = kernel::wait(ONE, zombie, 0) else { continue };
            self.note(&ended);
        }
    }

    /// What a zombie shows and takes with it.
    fn look_at(&mut self, zombie: u32) {
        if zombie == self.program {
            self.report.used = kernel::process_time(zombie, 0).unwrap_or(0);
            self.report.cpu_limits = kernel::limits(zombie, RLIMIT_CPU).unwrap_or(self.report.cpu_limits);
            self.report.file_limits = kernel::limits(zombie, RLIMIT_FSIZE).unwrap_or(self.report.file_limits);
        }
        let shown = if self.tree.is_namespace() { proc::outer_number(zombie) } else { Some(zombie) };
        if shown.is_some_and(proc::ignores_sigchld) {
            self.report.lost |= LOST_USAGE;
        }
    }

    fn note(&mut self, ended: &Ended) {
        /// `CLD_KILLED`.
        const KILLED: c_int = 2;
        if self.is_ending && ended.code == KILLED && ended.status as usize == SIGKILL {
            self.report.killed += 1;
        }
        if ended.pid == self.program {
            let usage: KernelRusage = ended.usage;
            (self.report.code, self.report.status, self.report.program) = (ended.code, ended.status, usage);
            self.program = 0;
        } else {
            self.report.orphans += 1;
        }
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    exit()
}
