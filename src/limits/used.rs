//! Current usage of a limit.

use crate::catalog;
use crate::errno::{Errno, Result};
use crate::process::{self, Process};
use crate::sys::{Host, System};
use core::ffi::c_int;

/// How much of a limit is in use, in the resource's unit.
pub fn used(process: Option<&Process>, resource: c_int) -> Result<u64> {
    if !catalog::is_known(resource) {
        return Err(Errno::EINVAL);
    }
    if let Some(process) = process {
        process.alive()?;
    }
    process::read(process, |pid| Host::limit_used(pid, resource))
}
