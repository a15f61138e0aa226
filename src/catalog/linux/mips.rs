//! `arch/mips/include/uapi/asm/resource.h`.

use core::ffi::c_int;

/// Resident set, in bytes. Kept, but not enforced since Linux 2.4.30.
pub const RR_RLIMIT_RSS: c_int = 7;
/// Processes and threads of the real user. EAGAIN from fork(2) beyond; root is exempt.
pub const RR_RLIMIT_NPROC: c_int = 8;
/// One more than the highest file descriptor that the process may open. EMFILE beyond. The hard
/// limit may not be above the file /proc/sys/fs/nr_open, for anybody.
pub const RR_RLIMIT_NOFILE: c_int = 5;
/// Memory that the process locks into RAM, in bytes. ENOMEM or EPERM from mlock(2) beyond.
pub const RR_RLIMIT_MEMLOCK: c_int = 9;
/// Address space of the process, in bytes. ENOMEM from mmap(2) and brk(2) beyond.
pub const RR_RLIMIT_AS: c_int = 6;
