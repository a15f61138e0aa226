//! aarch64: `include/uapi/asm-generic/unistd.h`. The kernel changes x0 only.

use core::arch::global_asm;

global_asm!(
    ".globl _start",
    "_start:",
    "mov x29, xzr",
    "mov x30, xzr",
    "mov x0, sp",
    "bl launch",
    "brk 0",
    ".globl kernel_call",
    "kernel_call:",
    "mov x8, x0",
    "mov x0, x1",
    "mov x1, x2",
    "mov x2, x3",
    "mov x3, x4",
    "mov x4, x5",
    "svc 0",
    "ret",
    ".globl clone_program",
    "clone_program:",
    "mov x9, x2",
    "mov x2, x1",
    "mov x1, x3",
    "mov x3, xzr",
    "mov x4, xzr",
    "mov x8, 220",
    "svc 0",
    "cbnz x0, 2f",
    "mov x0, x9",
    "bl program",
    "brk 0",
    "2: ret",
    ".section .note.GNU-stack,\"\",@progbits",
    ".text",
);

pub mod number {
    pub const FCNTL: usize = 25;
    pub const WRITE: usize = 64;
    pub const CAPGET: usize = 90;
    pub const EXIT_GROUP: usize = 94;
    pub const RT_SIGACTION: usize = 134;
    pub const RT_SIGPROCMASK: usize = 135;
    pub const SETRESUID: usize = 147;
    pub const SETRESGID: usize = 149;
    pub const SETPGID: usize = 154;
    pub const SETSID: usize = 157;
    pub const PRCTL: usize = 167;
    pub const GETPID: usize = 172;
    pub const SENDMSG: usize = 211;
    pub const EXECVE: usize = 221;
    pub const PRLIMIT64: usize = 261;
    pub const STATX: usize = 291;
}
