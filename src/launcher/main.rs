//! The tiny program that a command is started through on Linux, so that the command's own record of
//! peak memory begins small: a process inherits the peak of the one that it was cloned from, and nobody
//! is smaller than this one.
//!
//! It starts the program as its own parent's child (CLONE_PARENT), reports, and ends. No libc, no memory
//! but its stack, no way to fail but a message.
#![no_std]
#![no_main]

#[cfg_attr(target_arch = "x86_64", path = "x86_64.rs")]
#[cfg_attr(target_arch = "x86", path = "x86.rs")]
#[cfg_attr(target_arch = "aarch64", path = "aarch64.rs")]
mod machine;
mod protocol;

use core::ffi::{c_char, c_int};
use core::mem::MaybeUninit;
use core::ptr::{self, addr_of_mut};
use machine::number;
use protocol::{
    ANNOUNCED, CLONED, Control, Header, LEADS_GROUP, LEADS_SESSION, Message, NOT_CLONED, Part, VERSION, why_none_runs,
};

// The kernel's numbers, the same on the three architectures.
const F_SETFD: usize = 2;
const FD_CLOEXEC: usize = 1;
const MSG_NOSIGNAL: usize = 0x4000;
const SOL_SOCKET: c_int = 1;
const SCM_RIGHTS: c_int = 1;
const SIGCHLD: usize = 17;
const SIGPIPE: usize = 13;
const SIG_SETMASK: usize = 2;
const CLONE_VM: usize = 0x100;
const CLONE_PIDFD: usize = 0x1000;
const CLONE_PARENT: usize = 0x8000;

unsafe extern "C" {
    /// A system call: 0 or more, or a negated errno value.
    fn kernel_call(number: usize, first: usize, second: usize, third: usize, fourth: usize) -> isize;
    /// clone(2): the new process goes on in [`program`] with `job`, below `stack`.
    fn clone_program(flags: usize, pidfd: *mut c_int, job: *mut Job, stack: *mut Stack) -> isize;
}

/// The program's, until it executes: its few functions call no deeper.
#[repr(C, align(16))]
struct Stack([u8; 2048]);

/// Arguments are consumed from the front; the limits are read where they stand, by the program itself.
#[repr(C)]
struct Job {
    socket: usize,
    pipe: usize,
    flags: u64,
    directory: *const c_char,
    paths: *const *const c_char,
    path_count: usize,
    limits: Numbers,
    limit_count: u64,
    arguments: *const *const c_char,
    environment: *const *const c_char,
}

/// Where the kernel puts the count of arguments, the arguments, NULL, the environment, NULL.
#[unsafe(no_mangle)]
unsafe extern "C" fn launch(stack: *const usize) -> ! {
    // SAFETY: the kernel's layout, execve(2). The library passes what `protocol` says; anybody else who
    // runs this file gets no further than the count or the version.
    unsafe {
        let count = *stack;
        let arguments = stack.add(1).cast::<*const c_char>();
        if count < 4 {
            exit(2);
        }
        let mut text = Numbers(*arguments.add(1));
        if text.next() != VERSION {
            exit(2);
        }
        let socket = text.next() as usize;
        let pipe = text.next() as usize;
        let flags = text.next();
        let path_count = text.next() as usize;
        let limit_count = text.next();
        if path_count > count - 3 {
            exit(2);
        }
        let paths = arguments.add(3);
        let mut job = Job {
            socket,
            pipe,
            flags,
            directory: *arguments.add(2),
            paths,
            path_count,
            limits: text,
            limit_count,
            arguments: paths.add(path_count),
            environment: arguments.add(count + 1),
        };
        start(&mut job)
    }
}

/// It does not wait until the program has executed, as CLONE_VFORK would: woken on the program's processor it
/// would get no further before the program gives that up, nor would whoever waits for its answer. The memory
/// stays for the program when this process has ended; and this function never returns, for the program's stack
/// is in its frame.
unsafe fn start(job: &mut Job) -> ! {
    let socket = job.socket;
    let mut stack = MaybeUninit::<Stack>::uninit();
    let mut pidfd: c_int = -1;
    // SAFETY: numbers; the kernel writes the pidfd; and from the clone on job and stack are the program's.
    unsafe {
        kernel_call(number::FCNTL, socket, F_SETFD, FD_CLOEXEC, 0);
        kernel_call(number::FCNTL, job.pipe, F_SETFD, FD_CLOEXEC, 0);
        if send(socket, ANNOUNCED, 0, 0, -1) < 0 {
            exit(0);
        }
        let flags = CLONE_VM | CLONE_PARENT | CLONE_PIDFD | SIGCHLD;
        let pid = clone_program(flags, addr_of_mut!(pidfd), job, stack.as_mut_ptr().add(1));
        if pid < 0 {
            send(socket, NOT_CLONED, 0, -pid as c_int, -1);
            exit(0);
        }
        // Too many descriptors on their way in all sockets of the user (ETOOMANYREFS): by number alone.
        if send(socket, CLONED, pid as c_int, 0, pidfd) < 0 {
            send(socket, CLONED, pid as c_int, 0, -1);
        }
    }
    exit(0)
}

/// The new process: all that has to be exactly so in the program, the signal mask last.
#[unsafe(no_mangle)]
unsafe extern "C" fn program(job: *mut Job) -> ! {
    // SAFETY: the job is this process's alone from here on; write(2) reads one int.
    unsafe {
        let pipe = (*job).pipe;
        let error = why_not(&mut *job);
        kernel_call(number::WRITE, pipe, ptr::from_ref(&error).expose_provenance(), size_of::<c_int>(), 0);
        exit(127)
    }
}

unsafe fn why_not(job: &mut Job) -> c_int {
    // SAFETY: each call gets what it asks for: strings ended by NUL, two 64-bit numbers of a struct
    // rlimit64, a struct sigaction and a signal set of zeros.
    unsafe {
        if job.flags & LEADS_SESSION != 0 {
            kernel_call(number::SETSID, 0, 0, 0, 0);
        } else if job.flags & LEADS_GROUP != 0 {
            kernel_call(number::SETPGID, 0, 0, 0, 0);
        }
        if *job.directory != 0 {
            let answer = kernel_call(number::CHDIR, job.directory.expose_provenance(), 0, 0, 0);
            if answer < 0 {
                return -answer as c_int;
            }
        }
        // SIG_DFL, no flags, no mask: larger than the kernel's struct on each architecture.
        let default = [0_usize; 8];
        let default = default.as_ptr().expose_provenance();
        kernel_call(number::RT_SIGACTION, SIGPIPE, default, 0, 8);
        for _ in 0..job.limit_count {
            let resource = job.limits.next() as usize;
            let limits = [job.limits.next(), job.limits.next()];
            let answer = kernel_call(number::PRLIMIT64, 0, resource, limits.as_ptr().expose_provenance(), 0);
            if answer < 0 {
                return -answer as c_int;
            }
        }
        kernel_call(number::RT_SIGPROCMASK, SIG_SETMASK, default, 0, 8);
        let (arguments, environment) = (job.arguments.expose_provenance(), job.environment.expose_provenance());
        let paths = (0..job.path_count).map(|index| (*job.paths.add(index)).expose_provenance());
        why_none_runs(paths, |path| -kernel_call(number::EXECVE, path, arguments, environment, 0) as c_int)
    }
}

unsafe fn send(socket: usize, kind: c_int, pid: c_int, error: c_int, descriptor: c_int) -> isize {
    let message = Message { kind, pid, error };
    let part = Part { base: ptr::from_ref(&message).expose_provenance(), length: size_of::<Message>() };
    let control = Control { length: Control::LENGTH, level: SOL_SOCKET, kind: SCM_RIGHTS, descriptor };
    let has_control = descriptor >= 0;
    let header = Header {
        name: 0,
        name_length: 0,
        parts: ptr::from_ref(&part).expose_provenance(),
        part_count: 1,
        control: if has_control { ptr::from_ref(&control).expose_provenance() } else { 0 },
        control_length: if has_control { size_of::<Control>() } else { 0 },
        flags: 0,
    };
    // SAFETY: the header and what it points to live until the call is over.
    unsafe { kernel_call(number::SENDMSG, socket, ptr::from_ref(&header).expose_provenance(), MSG_NOSIGNAL, 0) }
}

fn exit(status: usize) -> ! {
    loop {
        // SAFETY: exit_group takes a number and does not return.
        unsafe { kernel_call(number::EXIT_GROUP, status, 0, 0, 0) };
    }
}

/// The numbers of a job, up to the NUL: behind it they are 0.
#[repr(transparent)]
struct Numbers(*const c_char);

impl Numbers {
    fn next(&mut self) -> u64 {
        let mut value: u64 = 0;
        loop {
            // SAFETY: the text is ended by NUL, which is not passed.
            let letter = unsafe { *self.0 } as u8;
            if letter == 0 {
                return value;
            }
            // SAFETY: as above.
            self.0 = unsafe { self.0.add(1) };
            let digit = match letter {
                b'0'..=b'9' => letter - b'0',
                b'a'..=b'f' => letter - b'a' + 10,
                _ => return value,
            };
            value = value << 4 | u64::from(digit);
        }
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    exit(2)
}
