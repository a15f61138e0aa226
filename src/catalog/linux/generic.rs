//! `include/uapi/asm-generic/resource.h`: nearly every architecture.

use core::ffi::c_int;

/// not enforced since Linux 2.4.30
pub const RR_RLIMIT_RSS: c_int = 5;
/// processes and threads
pub const RR_RLIMIT_NPROC: c_int = 6;
/// the hard limit cannot exceed /proc/sys/fs/nr_open
pub const RR_RLIMIT_NOFILE: c_int = 7;
/// ENOMEM or EPERM
pub const RR_RLIMIT_MEMLOCK: c_int = 8;
pub const RR_RLIMIT_AS: c_int = 9;
