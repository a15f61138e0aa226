//! s390x: `arch/s390/kernel/syscalls/syscall.tbl`. The kernel changes r2 alone; clone takes the stack first.

use core::arch::global_asm;

global_asm!(
    ".globl _start",
    "_start:",
    "lgr %r2, %r15",
    "aghi %r15, -160",
    "brasl %r14, launch",
    "j .+2",
    // The sixth argument, the call's fifth, comes on the stack; r6 is the caller's to keep.
    ".globl kernel_call",
    "kernel_call:",
    "stg %r6, 48(%r15)",
    "lgr %r1, %r2",
    "lgr %r2, %r3",
    "lgr %r3, %r4",
    "lgr %r4, %r5",
    "lgr %r5, %r6",
    "lg %r6, 160(%r15)",
    "svc 0",
    "lg %r6, 48(%r15)",
    "br %r14",
    ".globl clone_program",
    "clone_program:",
    "lgr %r0, %r4",
    "lgr %r4, %r3",
    "lgr %r3, %r2",
    "aghi %r5, -160",
    "lgr %r2, %r5",
    "lghi %r5, 0",
    "svc 120",
    "ltgr %r2, %r2",
    "jne 2f",
    "lgr %r2, %r0",
    "brasl %r14, program",
    "j .+2",
    "2: br %r14",
    ".section .note.GNU-stack,\"\",@progbits",
    ".text",
);

pub mod number {
    pub const WRITE: usize = 4;
    pub const EXECVE: usize = 11;
    pub const GETPID: usize = 20;
    pub const FCNTL: usize = 55;
    pub const SETPGID: usize = 57;
    pub const SETSID: usize = 66;
    pub const PRCTL: usize = 172;
    pub const RT_SIGACTION: usize = 174;
    pub const RT_SIGPROCMASK: usize = 175;
    pub const CAPGET: usize = 184;
    pub const SETRESUID: usize = 208;
    pub const SETRESGID: usize = 210;
    pub const EXIT_GROUP: usize = 248;
    pub const PRLIMIT64: usize = 334;
    pub const SENDMSG: usize = 370;
    pub const STATX: usize = 379;
}
