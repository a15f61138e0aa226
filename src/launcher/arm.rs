//! 32-bit Arm, EABI: `arch/arm/tools/syscall.tbl`. The kernel changes r0 alone.

use core::arch::global_asm;

global_asm!(
    ".globl _start",
    "_start:",
    "mov r0, sp",
    "bic sp, sp, #7",
    "bl launch",
    "udf #0",
    ".globl kernel_call",
    "kernel_call:",
    "push {{r4, r5, r7, lr}}",
    "mov r7, r0",
    "mov r0, r1",
    "mov r1, r2",
    "mov r2, r3",
    "ldr r3, [sp, #16]",
    "ldr r4, [sp, #20]",
    "svc 0",
    "pop {{r4, r5, r7, pc}}",
    ".globl clone_program",
    "clone_program:",
    "push {{r4, r5, r7, lr}}",
    "mov r5, r2",
    "mov r2, r1",
    "mov r1, r3",
    "mov r3, #0",
    "mov r4, #0",
    "mov r7, #120",
    "svc 0",
    "cmp r0, #0",
    "bne 2f",
    "mov r0, r5",
    "bl program",
    "udf #0",
    "2: pop {{r4, r5, r7, pc}}",
    ".section .note.GNU-stack,\"\",%progbits",
    ".text",
);

pub mod number {
    pub const WRITE: usize = 4;
    pub const EXECVE: usize = 11;
    pub const GETPID: usize = 20;
    pub const SETPGID: usize = 57;
    pub const SETSID: usize = 66;
    pub const PRCTL: usize = 172;
    pub const RT_SIGACTION: usize = 174;
    pub const RT_SIGPROCMASK: usize = 175;
    pub const CAPGET: usize = 184;
    pub const SETRESUID: usize = 208;
    pub const SETRESGID: usize = 210;
    pub const FCNTL: usize = 221;
    pub const EXIT_GROUP: usize = 248;
    pub const SENDMSG: usize = 296;
    pub const PRLIMIT64: usize = 369;
    pub const STATX: usize = 397;
}
