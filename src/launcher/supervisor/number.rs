//! The numbers of the system calls.

#[cfg(target_arch = "x86_64")]
macro_rules! numbers {
    ($($name:ident $x86_64:literal $x86:literal $generic:literal)*) => { $(pub const $name: usize = $x86_64;)* };
}
#[cfg(target_arch = "x86")]
macro_rules! numbers {
    ($($name:ident $x86_64:literal $x86:literal $generic:literal)*) => { $(pub const $name: usize = $x86;)* };
}
#[cfg(target_arch = "aarch64")]
macro_rules! numbers {
    ($($name:ident $x86_64:literal $x86:literal $generic:literal)*) => { $(pub const $name: usize = $generic;)* };
}

// `arch/x86/entry/syscalls/syscall_64.tbl`, `syscall_32.tbl`, `include/uapi/asm-generic/unistd.h`.
numbers! {
    READ 0 3 63
    WRITE 1 4 64
    CLOSE 3 6 57
    RT_SIGACTION 13 174 134
    RT_SIGPROCMASK 14 175 135
    GETPID 39 20 172
    SENDMSG 46 370 211
    EXECVE 59 11 221
    KILL 62 37 129
    FCNTL 72 221 25
    GETRUSAGE 98 77 165
    SETPGID 109 57 154
    SETSID 112 66 157
    SETRESUID 117 208 147
    SETRESGID 119 210 149
    CAPGET 125 184 90
    PRCTL 157 172 167
    SCHED_SETAFFINITY 203 241 122
    SCHED_GETAFFINITY 204 242 123
    GETDENTS64 217 220 61
    CLOCK_GETTIME 228 265 113
    EXIT_GROUP 231 252 94
    WAITID 247 284 95
    OPENAT 257 295 56
    UNLINKAT 263 301 35
    PPOLL 271 309 73
    SIGNALFD4 289 327 74
    PIPE2 293 331 59
    PRLIMIT64 302 340 261
    STATX 332 383 291
    PIDFD_SEND_SIGNAL 424 424 424
    PIDFD_OPEN 434 434 434
    CLONE3 435 435 435
}
