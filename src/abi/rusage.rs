//! Usage as the system reports it.

use super::{Constants, Layout, constants, layout};
use core::ffi::c_int;

/// The calling process: all its threads, including those that have ended
pub const RR_RUSAGE_SELF: c_int = 0;
/// Descendants of the calling process that have ended and been reaped
pub const RR_RUSAGE_CHILDREN: c_int = -1;
/// RR_RUSAGE_SELF plus RR_RUSAGE_CHILDREN; ru_maxrss is the greater of the two
pub const RR_RUSAGE_BOTH: c_int = -2;
/// The calling thread
pub const RR_RUSAGE_THREAD: c_int = 1;

/// A length of time.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeval {
    /// Seconds
    pub tv_sec: i64,
    /// Microseconds, 0 to 999,999
    pub tv_usec: i64,
}

/// Resource usage as getrusage(2) reports it. A field that the system does not maintain is zero. On Linux
/// these are ru_ixrss, ru_idrss, ru_isrss, ru_nswap, ru_msgsnd, ru_msgrcv and ru_nsignals.
///
/// ru_maxrss is in KiB on Linux and the BSDs, in bytes on macOS, in pages on Solaris. For
/// RR_RUSAGE_CHILDREN it is that of the largest descendant. On Linux it is inherited through fork(2) and
/// kept by execve(2), so it can be the peak of an ancestor; rr_usage_read and rr_child_wait report the
/// program's own peak.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rusage {
    /// Processor time in user mode
    pub ru_utime: Timeval,
    /// Processor time in the kernel
    pub ru_stime: Timeval,
    /// Peak resident set size
    pub ru_maxrss: i64,
    /// Integral of shared memory size over time
    pub ru_ixrss: i64,
    /// Integral of unshared data size over time
    pub ru_idrss: i64,
    /// Integral of unshared stack size over time
    pub ru_isrss: i64,
    /// Page faults that required no I/O
    pub ru_minflt: i64,
    /// Page faults that required I/O
    pub ru_majflt: i64,
    /// Times that the process was swapped out
    pub ru_nswap: i64,
    /// Blocks read from storage; 512 bytes each on Linux
    pub ru_inblock: i64,
    /// Blocks written to storage; 512 bytes each on Linux
    pub ru_oublock: i64,
    /// Messages sent
    pub ru_msgsnd: i64,
    /// Messages received
    pub ru_msgrcv: i64,
    /// Signals received
    pub ru_nsignals: i64,
    /// Voluntary context switches: the process waited for a resource
    pub ru_nvcsw: i64,
    /// Involuntary context switches: the time slice ended or a higher priority became runnable
    pub ru_nivcsw: i64,
}

pub(crate) const CONSTANTS: Constants =
    constants![RR_RUSAGE_SELF, RR_RUSAGE_CHILDREN, RR_RUSAGE_BOTH, RR_RUSAGE_THREAD];

pub const TIMEVAL: Layout = layout!("timeval", Timeval: tv_sec, tv_usec);
pub const RUSAGE: Layout = layout!("rusage", Rusage:
    ru_utime, ru_stime, ru_maxrss, ru_ixrss, ru_idrss, ru_isrss, ru_minflt, ru_majflt, ru_nswap, ru_inblock,
    ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals, ru_nvcsw, ru_nivcsw,
);
