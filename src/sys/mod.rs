//! F1: how each system is asked. The only place that calls the system; every call answers `Result`
//! and leaves `errno` as it was.
//!
//! One file per kind of system gives the same functions; `unix` holds what all of them share,
//! `posix`, `started` and `absent` what all but Linux share, `bsd` what the BSDs and macOS share.

mod memory;
mod placing;
mod plan;
mod types;
mod unix;

#[cfg(any(
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly",
    target_vendor = "apple"
))]
mod bsd;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod absent;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod forked;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod posix;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod started;

#[cfg(any(target_os = "linux", target_os = "android", target_os = "solaris", target_os = "illumos"))]
mod path;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux;
#[cfg(any(target_os = "linux", target_os = "android"))]
use linux as system;

#[cfg(target_os = "freebsd")]
mod freebsd;
#[cfg(target_os = "freebsd")]
use freebsd as system;

#[cfg(target_os = "netbsd")]
mod netbsd;
#[cfg(target_os = "netbsd")]
use netbsd as system;

#[cfg(target_os = "openbsd")]
mod openbsd;
#[cfg(target_os = "openbsd")]
use openbsd as system;

#[cfg(target_os = "dragonfly")]
mod dragonfly;
#[cfg(target_os = "dragonfly")]
use dragonfly as system;

#[cfg(target_vendor = "apple")]
mod apple;
#[cfg(target_vendor = "apple")]
use apple as system;
#[cfg(target_os = "macos")]
mod macos;

#[cfg(any(target_os = "solaris", target_os = "illumos"))]
mod solaris;
#[cfg(any(target_os = "solaris", target_os = "illumos"))]
use solaris as system;

pub use memory::{Pointers, Vector};
pub use plan::{Failed, Limit, Peak, Plan, Redirection};
pub use system::{
    Blocked, ChildHandle, Files, Identity, Image, block_bytes, getrlimit, getrusage, hard_maximum, identify,
    identify_descriptor, is_representable, limit_used, limits_shown, may_raise_hard_limits, own_pid, own_usage,
    peak_bytes, prlimit, reset_peak, setrlimit, soft_maximum, spawn, usage_of, wait_while, wait4, wake,
};
pub use types::{
    Exit, RR_USAGE_CPU, RR_USAGE_FAULTS, RR_USAGE_IO, RR_USAGE_OPEN_FILES, RR_USAGE_PEAK_IS_BOUND, RR_USAGE_PEAK_RSS,
    RR_USAGE_RSS, RR_USAGE_SWAP, RR_USAGE_SWITCHES, RR_USAGE_THREADS, RR_USAGE_TIMES, RR_USAGE_VIRTUAL, RR_USAGE_WALL,
    Rlimit, Rusage, Timeval, USAGE_CONSTANTS, Usage,
};
pub use unix::{Ended, allocated, clock, ending, environment, page_size, release};

#[cfg(panic = "abort")]
pub fn abort() -> ! {
    // SAFETY: abort takes nothing and does not return.
    unsafe { libc::abort() }
}
