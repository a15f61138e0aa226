//! What a change of limits would be answered, and why: the order of checks is that of `do_prlimit`
//! in Linux' `kernel/sys.c`, which the others share as far as they have the checks.

use super::read;
use crate::catalog::{self, Constant, RR_RLIM_INFINITY, constants};
use crate::errno::{Errno, Result};
use crate::process::{self, Process};
use crate::sys::{self, Rlimit};
use core::ffi::{CStr, c_int};

/// The change would be accepted.
pub const RR_REASON_NONE: i32 = 0;
/// The soft limit is above the hard one.
pub const RR_REASON_SOFT_ABOVE_HARD: i32 = 1;
/// The hard limit would rise, and the caller has no privilege to raise it.
pub const RR_REASON_HARD_NEEDS_PRIVILEGE: i32 = 2;
/// The hard limit is above a maximum of the system that holds for everybody: NOFILE above
/// /proc/sys/fs/nr_open on Linux.
pub const RR_REASON_ABOVE_SYSTEM_MAXIMUM: i32 = 3;
/// The process belongs to another user, or runs under other user ids, and the caller has no
/// privilege over it.
pub const RR_REASON_NOT_YOUR_PROCESS: i32 = 4;
/// This system has no such resource.
pub const RR_REASON_UNKNOWN_RESOURCE: i32 = 5;
/// The kernel cannot store the value: a 32-bit Linux kernel stores finite limits below 4,294,967,295.
pub const RR_REASON_NOT_REPRESENTABLE: i32 = 6;

/// What rr_setrlimit or rr_prlimit would answer, and why.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Verdict {
    /// 0, EINVAL, EPERM or ERANGE, as the call would return it.
    pub error: i32,
    /// RR_REASON_..., why.
    pub reason: i32,
    /// The highest hard limit that would be accepted, in the resource's unit; 0 when none would be.
    pub ceiling: u64,
    /// Zero.
    pub reserved: [u64; 2],
}

pub const CONSTANTS: &[Constant] = constants![
    RR_REASON_NONE,
    RR_REASON_SOFT_ABOVE_HARD,
    RR_REASON_HARD_NEEDS_PRIVILEGE,
    RR_REASON_ABOVE_SYSTEM_MAXIMUM,
    RR_REASON_NOT_YOUR_PROCESS,
    RR_REASON_UNKNOWN_RESOURCE,
    RR_REASON_NOT_REPRESENTABLE,
];

pub fn reason_text(reason: c_int) -> &'static CStr {
    match reason {
        RR_REASON_NONE => c"The limits would be accepted.",
        RR_REASON_SOFT_ABOVE_HARD => c"The soft limit is above the hard limit.",
        RR_REASON_HARD_NEEDS_PRIVILEGE => {
            c"Raising a hard limit needs privilege (CAP_SYS_RESOURCE in the first user namespace on Linux)."
        }
        RR_REASON_ABOVE_SYSTEM_MAXIMUM => {
            c"The hard limit is above the system's maximum, which holds for everybody (fs.nr_open for NOFILE on Linux)."
        }
        RR_REASON_NOT_YOUR_PROCESS => c"The process is another user's, and changing its limits needs privilege.",
        RR_REASON_UNKNOWN_RESOURCE => c"This system has no such resource.",
        RR_REASON_NOT_REPRESENTABLE => {
            c"The kernel cannot store the value: a 32-bit Linux kernel stores finite limits below 4,294,967,295."
        }
        _ => c"The reason is unknown to this version of the library.",
    }
}

pub fn check(process: Option<&Process>, resource: c_int, wanted: Rlimit) -> Result<Verdict> {
    if !catalog::is_known(resource) {
        return Ok(verdict(RR_REASON_UNKNOWN_RESOURCE, 0));
    }
    if let Some(process) = process {
        process.alive()?;
    }
    // On Linux who may set another process's limits may read them by the same call, and nobody else.
    match process::read(process, |pid| read(pid, resource)) {
        Err(Errno::EPERM) => Ok(verdict(RR_REASON_NOT_YOUR_PROCESS, 0)),
        present => judge(resource, wanted, present?),
    }
}

/// The error with which a change would be refused.
pub fn refusal(process: Option<&Process>, resource: c_int, wanted: Rlimit) -> Result<Option<Errno>> {
    let verdict = check(process, resource, wanted)?;
    Ok((verdict.error != 0).then_some(Errno(verdict.error)))
}

fn judge(resource: c_int, wanted: Rlimit, present: Rlimit) -> Result<Verdict> {
    let maximum = sys::hard_maximum(resource).unwrap_or(RR_RLIM_INFINITY);
    let raises = wanted.rlim_max > present.rlim_max;
    let privileged = sys::may_raise_hard_limits();
    let ceiling = if privileged { maximum } else { maximum.min(present.rlim_max) };
    let reason = if wanted.rlim_cur > wanted.rlim_max {
        RR_REASON_SOFT_ABOVE_HARD
    } else if !sys::is_representable(wanted) {
        RR_REASON_NOT_REPRESENTABLE
    } else if wanted.rlim_max > maximum {
        RR_REASON_ABOVE_SYSTEM_MAXIMUM
    } else if raises && !privileged {
        RR_REASON_HARD_NEEDS_PRIVILEGE
    } else {
        RR_REASON_NONE
    };
    Ok(verdict(reason, ceiling))
}

fn verdict(reason: i32, ceiling: u64) -> Verdict {
    let error = match reason {
        RR_REASON_NONE => 0,
        RR_REASON_SOFT_ABOVE_HARD | RR_REASON_UNKNOWN_RESOURCE => Errno::EINVAL.0,
        RR_REASON_NOT_REPRESENTABLE => Errno::ERANGE.0,
        _ => Errno::EPERM.0,
    };
    Verdict { error, reason, ceiling, reserved: [0; 2] }
}

/// As near to `wanted` as this process may have it; never lower than it is.
pub fn raise(resource: c_int, wanted: u64) -> Result<Rlimit> {
    let present = sys::getrlimit(resource)?;
    let highest = sys::soft_maximum(resource).unwrap_or(RR_RLIM_INFINITY).min(present.rlim_max);
    let raised = Rlimit { rlim_cur: wanted.min(highest), ..present };
    if raised.rlim_cur <= present.rlim_cur {
        return Ok(present);
    }
    sys::setrlimit(resource, raised)?;
    Ok(raised)
}
