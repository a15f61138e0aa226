//! F2: limits: one at a time, many at once, and why one is refused. getrlimit(2), prlimit(2).

mod many;
mod used;
mod verdict;

pub mod text;

use crate::catalog;
use crate::errno::{Errno, Result};
use crate::sys::{Host, System};
use core::ffi::c_int;

pub use crate::abi::limits_many::{Entry, Verdict};
pub use crate::sys::Rlimit;
pub use many::{entries, getrlimits, setrlimits};
pub use used::used;
pub use verdict::{check, raise, reason_text};

pub fn getrlimit(resource: c_int) -> Result<Rlimit> {
    Host::getrlimit(resource)
}

pub fn setrlimit(resource: c_int, limits: Rlimit) -> Result<()> {
    Host::setrlimit(resource, limits)
}

/// Sets the limits of a process and returns the previous ones; `None` only reads.
pub fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    // Linux checks the process first; an invalid resource has to be reported even without one.
    if !catalog::is_known(resource) {
        return Err(Errno::EINVAL);
    }
    Host::prlimit(pid, resource, new_limits)
}

/// 0 is the caller, for which a cheaper call exists.
fn read(pid: i32, resource: c_int) -> Result<Rlimit> {
    if pid == 0 { Host::getrlimit(resource) } else { Host::prlimit(pid, resource, None) }
}
