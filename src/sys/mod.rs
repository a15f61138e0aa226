//! F1: how each system is asked. The only place that calls the system; every call answers `Result`
//! and leaves `errno` as it was.
//!
//! One file per kind of system gives the same functions; `unix` holds what all of them share.

mod types;
mod unix;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux;
#[cfg(any(target_os = "linux", target_os = "android"))]
use linux as system;

pub use system::{getrlimit, getrusage, prlimit, setrlimit, wait4};
pub use types::{Rlimit, Rusage, Timeval};
pub use unix::{Ended, ending, page_size};

#[cfg(panic = "abort")]
pub fn abort() -> ! {
    // SAFETY: abort takes nothing and does not return.
    unsafe { libc::abort() }
}
