//! The BSDs and macOS.

use super::posix;
use super::types::Waited;
use crate::errno::Result;
use core::ffi::c_int;

/// `RLIM_INFINITY`: rlim_t is signed, or 63 bits of it are used.
pub(super) const LARGEST_LIMIT: u64 = i64::MAX as u64;

/// getrusage(2) counts operations, of whatever size.
pub const BLOCK_BYTES: Option<u64> = None;

/// KiB, but on macOS.
#[allow(dead_code, reason = "macOS has bytes")]
pub fn peak_bytes(maxrss: u64) -> Option<u64> {
    (maxrss > 0).then(|| maxrss.saturating_mul(1024))
}

pub fn wait4(pid: i32, options: c_int) -> Result<Waited> {
    // SAFETY: libc writes one int and one struct rusage, or neither with WNOHANG.
    posix::wait4(|status, usage| unsafe { libc::wait4(pid, status, options, usage) })
}
