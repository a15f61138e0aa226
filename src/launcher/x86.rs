//! i686: `arch/x86/entry/syscalls/syscall_32.tbl`. The kernel changes eax only.

use core::arch::global_asm;

global_asm!(
    ".globl _start",
    "_start:",
    "xor ebp, ebp",
    "mov eax, esp",
    "and esp, -16",
    "sub esp, 12",
    "push eax",
    "call launch",
    "ud2",
    ".globl kernel_call",
    "kernel_call:",
    "push ebx",
    "push esi",
    "push edi",
    "mov eax, [esp + 16]",
    "mov ebx, [esp + 20]",
    "mov ecx, [esp + 24]",
    "mov edx, [esp + 28]",
    "mov esi, [esp + 32]",
    "mov edi, [esp + 36]",
    "int 0x80",
    "pop edi",
    "pop esi",
    "pop ebx",
    "ret",
    ".globl clone_program",
    "clone_program:",
    "push ebx",
    "push esi",
    "push edi",
    "push ebp",
    "mov ebx, [esp + 20]",
    "mov edx, [esp + 24]",
    "mov ebp, [esp + 28]",
    "mov ecx, [esp + 32]",
    "xor esi, esi",
    "xor edi, edi",
    "mov eax, 120",
    "int 0x80",
    "test eax, eax",
    "jnz 2f",
    "and esp, -16",
    "sub esp, 12",
    "push ebp",
    "call program",
    "ud2",
    "2: pop ebp",
    "pop edi",
    "pop esi",
    "pop ebx",
    "ret",
    ".section .note.GNU-stack,\"\",@progbits",
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
    pub const EXIT_GROUP: usize = 252;
    pub const PRLIMIT64: usize = 340;
    pub const SENDMSG: usize = 370;
    pub const STATX: usize = 383;
}
