//! The tiny program that a command is started through on Linux, so that the record of the command's peak memory starts
//! small: a process inherits the peak of the process that it was cloned from, and this program is tiny.
//!
//! It starts the program as its own parent's child (CLONE_PARENT) and ends. If its credentials or paths differ from
//! its caller's, or a step fails, it does nothing, and the library starts the program directly: see `PROTOCOL.md`. It
//! uses no libc and no memory except its stack, and reports no other errors.
#![no_std]
#![no_main]

#[cfg_attr(target_arch = "x86_64", path = "x86_64.rs")]
#[cfg_attr(target_arch = "x86", path = "x86.rs")]
#[cfg_attr(target_arch = "aarch64", path = "aarch64.rs")]
#[cfg_attr(target_arch = "arm", path = "arm.rs")]
#[cfg_attr(target_arch = "riscv64", path = "riscv64.rs")]
#[cfg_attr(target_arch = "s390x", path = "s390x.rs")]
mod machine;
mod memory;
mod numbers;
mod protocol;

use core::ffi::{c_char, c_int};
use core::mem::MaybeUninit;
use core::ptr::{self, addr_of_mut};
use machine::number;
use numbers::Numbers;
use protocol::{
    CLONED, Control, Header, LEADS_GROUP, LEADS_SESSION, Message, NOT_RUN, PROGRAM, Part, SETS_USER, VERSION, is_passed_over,
    look_at,
};

// The kernel's numbers, the same on all of these architectures.
const F_SETFD: usize = 2;
const FD_CLOEXEC: usize = 1;
const MSG_DONTWAIT: usize = 0x40;
const MSG_NOSIGNAL: usize = 0x4000;
const SOL_SOCKET: c_int = 1;
const SCM_RIGHTS: c_int = 1;
const SIGCHLD: usize = 17;
const SIGPIPE: usize = 13;
const SIG_SETMASK: usize = 2;
const PR_SET_NAME: usize = 15;
const CLONE_VM: usize = 0x100;
const CLONE_FILES: usize = 0x400;
const CLONE_PIDFD: usize = 0x1000;
const CLONE_PARENT: usize = 0x8000;
const CAPABILITY_VERSION_3: u32 = 0x2008_0522;
// `include/uapi/linux/auxvec.h`.
const AT_NULL: usize = 0;
const AT_UID: usize = 11;
const AT_EUID: usize = 12;
const AT_GID: usize = 13;
const AT_EGID: usize = 14;
const AT_SECURE: usize = 23;

unsafe extern "C" {
    /// Makes a system call with up to five arguments. Returns 0 or more, or a negated errno value.
    fn kernel_call(number: usize, first: usize, second: usize, third: usize, fourth: usize, fifth: usize) -> isize;
    /// clone(2): the new process continues in [`program`] with `job`, on the stack below `stack`.
    fn clone_program(flags: usize, pidfd: *mut c_int, job: *mut Job, stack: *mut Stack) -> isize;
}

/// The stack of the program's process until it executes; its few functions need no more.
#[repr(C, align(16))]
struct Stack([u8; 2048]);

/// Used by the launcher first, and by the program's process after it is cloned. The numbers are parsed in place.
#[repr(C)]
struct Job {
    nonce: u64,
    socket: usize,
    pipe: usize,
    flags: u64,
    paths: *const *const c_char,
    looked_at: usize,
    numbers: Numbers,
    limit_count: u64,
    arguments: *const *const c_char,
    environment: *const *const c_char,
    /// Written by the kernel before the program begins, which shares the launcher's descriptors.
    pidfd: c_int,
}

/// `stack`: where the kernel puts the count of arguments, the arguments, NULL, the environment, NULL, and pairs of
/// words up to AT_NULL: getauxval(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn launch(stack: *const usize) -> ! {
    // SAFETY: the kernel's layout, execve(2). The library passes what `protocol` describes; if any other program runs
    // this file, it ends at the count or the version.
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
        let pipe = numbers.next() as usize;
        let flags = numbers.next();
        let path_count = numbers.next() as usize;
        let looked_at = numbers.next() as usize;
        let limit_count = numbers.next();
        if path_count > count - 3 || looked_at > path_count {
            exit();
        }
        let paths = arguments.add(2);
        let mut job = Job {
            nonce,
            socket,
            pipe,
            flags,
            paths,
            looked_at,
            numbers,
            limit_count,
            arguments: paths.add(path_count),
            environment: arguments.add(count + 1),
            pidfd: -1,
        };
        if is_what_the_caller_is(&mut job) {
            start(&mut job);
        }
        exit()
    }
}

/// Whether execve(2) has preserved the credentials and what the paths refer to.
unsafe fn is_what_the_caller_is(job: &mut Job) -> bool {
    let mut header = [CAPABILITY_VERSION_3, 0];
    let mut capabilities = [0_u32; 6];
    // SAFETY: the kernel writes six words for this version, and one struct statx each time; the environment
    // is ended by NULL, and what follows it by AT_NULL.
    unsafe {
        let places = [(&raw mut header).expose_provenance(), (&raw mut capabilities).expose_provenance()];
        if kernel_call(number::CAPGET, places[0], places[1], 0, 0, 0) < 0 {
            return false;
        }
        let mut is_same = capabilities.iter().fold(true, |same, set| (u64::from(*set) == job.numbers.next()) & same);
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
            let found = look_at(path, |[folder, path, flags, wanted, buffer]| {
                kernel_call(number::STATX, folder, path, flags, wanted, buffer)
            });
            is_same = found.iter().fold(is_same, |same, word| (*word == job.numbers.next()) & same);
        }
        is_same
    }
}

/// It does not wait until the program has executed, as CLONE_VFORK would: if it were woken on the program's processor,
/// it and the caller that waits for it would have to wait until the program yields. The memory remains for the program
/// after this process has ended; and this function never returns, because the program's stack is in its frame.
unsafe fn start(job: &mut Job) -> ! {
    let (nonce, socket) = (job.nonce, job.socket);
    let mut stack = MaybeUninit::<Stack>::uninit();
    let pidfd = addr_of_mut!(job.pidfd);
    // SAFETY: numbers and a name; the kernel writes the pidfd; and from the clone on job and stack are the
    // program's.
    unsafe {
        let is_closed_by_exec = |fd| kernel_call(number::FCNTL, fd, F_SETFD, FD_CLOEXEC, 0, 0) >= 0;
        if !is_closed_by_exec(socket) || !is_closed_by_exec(job.pipe) {
            exit();
        }
        // Before Linux 6.14, execveat(2) sets the name to the number of the descriptor.
        kernel_call(number::PRCTL, PR_SET_NAME, c"rresource-launcher".as_ptr().expose_provenance(), 0, 0, 0);
        let flags = CLONE_VM | CLONE_FILES | CLONE_PARENT | CLONE_PIDFD | SIGCHLD;
        let pid = clone_program(flags, pidfd, job, stack.as_mut_ptr().add(1));
        if pid > 0 {
            send(nonce, socket, CLONED, pid as c_int, -1);
        }
    }
    exit()
}

/// The new process: it applies the settings of the program, the signal mask last.
#[unsafe(no_mangle)]
unsafe extern "C" fn program(job: *mut Job) -> ! {
    // SAFETY: only this process uses the job from here on; write(2) reads one byte.
    unsafe {
        let job = &mut *job;
        let pid = kernel_call(number::GETPID, 0, 0, 0, 0, 0) as c_int;
        if send(job.nonce, job.socket, PROGRAM, pid, job.pidfd) >= 0 {
            execute(job);
        }
        // Both are tried, because one of them may be refused.
        send(job.nonce, job.socket, NOT_RUN, pid, -1);
        kernel_call(number::WRITE, job.pipe, (&raw const job.nonce).expose_provenance(), 1, 0, 0);
    }
    exit()
}

/// Returns if it fails. The direct start meets the same error and reports it.
unsafe fn execute(job: &mut Job) {
    // SAFETY: each call gets what it requires: strings ended by NUL, two 64-bit numbers of a struct
    // rlimit64, a struct sigaction and a signal set of zeros.
    unsafe {
        let leads = if job.flags & LEADS_SESSION != 0 {
            kernel_call(number::SETSID, 0, 0, 0, 0, 0)
        } else if job.flags & LEADS_GROUP != 0 {
            kernel_call(number::SETPGID, 0, 0, 0, 0, 0)
        } else {
            0
        };
        // SIG_DFL, no flags, no mask: larger than the kernel's struct on each architecture.
        let default = [0_usize; 8];
        let default = default.as_ptr().expose_provenance();
        if leads < 0 || kernel_call(number::RT_SIGACTION, SIGPIPE, default, 0, 8, 0) < 0 {
            return;
        }
        for _ in 0..job.limit_count {
            let resource = job.numbers.next() as usize;
            let limits = [job.numbers.next(), job.numbers.next()];
            if kernel_call(number::PRLIMIT64, 0, resource, limits.as_ptr().expose_provenance(), 0, 0) < 0 {
                return;
            }
        }
        if job.flags & SETS_USER != 0 {
            for number in [number::SETRESGID, number::SETRESUID] {
                let id = job.numbers.next() as usize;
                if kernel_call(number, id, id, id, 0, 0) < 0 {
                    return;
                }
            }
        }
        if kernel_call(number::RT_SIGPROCMASK, SIG_SETMASK, default, 0, 8, 0) < 0 {
            return;
        }
        let (arguments, environment) = (job.arguments.expose_provenance(), job.environment.expose_provenance());
        for index in 0..job.looked_at {
            let path = (*job.paths.add(index)).expose_provenance();
            if !is_passed_over(-kernel_call(number::EXECVE, path, arguments, environment, 0, 0)) {
                return;
            }
        }
    }
}

unsafe fn send(nonce: u64, socket: usize, kind: c_int, pid: c_int, descriptor: c_int) -> isize {
    let message = Message { nonce, kind, pid, failure: [0; 4] };
    let part = Part { base: ptr::from_ref(&message).expose_provenance(), length: size_of::<Message>() };
    let mut control = Control { length: Control::LENGTH, level: SOL_SOCKET, kind: SCM_RIGHTS, descriptor };
    let header = Header::new(&part, (descriptor >= 0).then_some(&mut control));
    let header = ptr::from_ref(&header).expose_provenance();
    // SAFETY: the header and what it points to live until the call is over.
    unsafe { kernel_call(number::SENDMSG, socket, header, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0) }
}

/// The status is not used: the messages report what happened.
fn exit() -> ! {
    loop {
        // SAFETY: exit_group takes a number and does not return.
        unsafe { kernel_call(number::EXIT_GROUP, 127, 0, 0, 0, 0) };
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    exit()
}
