//! x86-64: `arch/x86/entry/syscalls/syscall_64.tbl`. The kernel changes rax, rcx and r11 only.

use core::arch::global_asm;

global_asm!(
    ".globl _start",
    "_start:",
    "xor ebp, ebp",
    "mov rdi, rsp",
    "and rsp, -16",
    "call launch",
    "ud2",
    ".globl kernel_call",
    "kernel_call:",
    "mov rax, rdi",
    "mov rdi, rsi",
    "mov rsi, rdx",
    "mov rdx, rcx",
    "mov r10, r8",
    "mov r8, r9",
    "syscall",
    "ret",
    ".globl clone_program",
    "clone_program:",
    "mov r9, rdx",
    "mov rdx, rsi",
    "mov rsi, rcx",
    "xor r10d, r10d",
    "xor r8d, r8d",
    "mov eax, 56",
    "syscall",
    "test rax, rax",
    "jnz 2f",
    "mov rdi, r9",
    "and rsp, -16",
    "call program",
    "ud2",
    "2: ret",
    ".section .note.GNU-stack,\"\",@progbits",
    ".text",
);

pub mod number {
    pub const WRITE: usize = 1;
    pub const RT_SIGACTION: usize = 13;
    pub const RT_SIGPROCMASK: usize = 14;
    pub const GETPID: usize = 39;
    pub const SENDMSG: usize = 46;
    pub const EXECVE: usize = 59;
    pub const FCNTL: usize = 72;
    pub const SETPGID: usize = 109;
    pub const SETSID: usize = 112;
    pub const SETRESUID: usize = 117;
    pub const SETRESGID: usize = 119;
    pub const CAPGET: usize = 125;
    pub const PRCTL: usize = 157;
    pub const EXIT_GROUP: usize = 231;
    pub const PRLIMIT64: usize = 302;
    pub const STATX: usize = 332;
}
