//! riscv64: `include/uapi/asm-generic/unistd.h`. The kernel changes a0 alone.

use core::arch::global_asm;

global_asm!(
    ".globl _start",
    "_start:",
    "mv a0, sp",
    "andi sp, sp, -16",
    "call launch",
    "ebreak",
    ".globl kernel_call",
    "kernel_call:",
    "mv a7, a0",
    "mv a0, a1",
    "mv a1, a2",
    "mv a2, a3",
    "mv a3, a4",
    "mv a4, a5",
    "ecall",
    "ret",
    ".globl clone_program",
    "clone_program:",
    "mv t0, a2",
    "mv a2, a1",
    "mv a1, a3",
    "li a3, 0",
    "li a4, 0",
    "li a7, 220",
    "ecall",
    "bnez a0, 2f",
    "mv a0, t0",
    "call program",
    "ebreak",
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
