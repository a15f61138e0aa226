//! The BSDs and macOS.

use super::posix;
use super::types::Waited;
use crate::errno::Result;
use core::ffi::c_int;

/// `RLIM_INFINITY`: rlim_t is signed, or 63 bits of it are used.
pub(super) const LARGEST_LIMIT: u64 = i64::MAX as u64;

pub fn wait4(pid: i32, options: c_int) -> Result<Waited> {
    // SAFETY: libc writes one int and one struct rusage, or neither with WNOHANG.
    posix::wait4(|status, usage| unsafe { libc::wait4(pid, status, options, usage) })
}
