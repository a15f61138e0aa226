//! What a change of limits would return, and why. The order of checks is that of `do_prlimit` in Linux'
//! `kernel/sys.c`; other systems have some of the same checks.

use super::read;
use crate::abi::limits_many::{
    RR_REASON_ABOVE_SYSTEM_MAXIMUM, RR_REASON_HARD_NEEDS_PRIVILEGE, RR_REASON_NONE, RR_REASON_NOT_REPRESENTABLE,
    RR_REASON_NOT_YOUR_PROCESS, RR_REASON_SOFT_ABOVE_HARD, RR_REASON_UNKNOWN, RR_REASON_UNKNOWN_RESOURCE, Verdict,
};
use crate::catalog::{self, RR_RLIM_INFINITY};
use crate::errno::{Errno, Result};
use crate::process::{self, Process};
use crate::strings::{Strings, of_number};
use crate::sys::{Host, Rlimit, System};
use core::ffi::{CStr, c_int};

/// In the order of the texts.
static REASONS: [c_int; 8] = [
    RR_REASON_NONE,
    RR_REASON_SOFT_ABOVE_HARD,
    RR_REASON_HARD_NEEDS_PRIVILEGE,
    RR_REASON_ABOVE_SYSTEM_MAXIMUM,
    RR_REASON_NOT_YOUR_PROCESS,
    RR_REASON_UNKNOWN_RESOURCE,
    RR_REASON_UNKNOWN,
    RR_REASON_NOT_REPRESENTABLE,
];

const TEXTS: Strings = Strings::of(
    b"The limits would be accepted.\0\
      The soft limit is above the hard limit.\0\
      Raising a hard limit requires privilege (CAP_SYS_RESOURCE in the initial user namespace on Linux).\0\
      The hard limit is above the system's maximum, which no privilege overrides (fs.nr_open for NOFILE on Linux).\0\
      The process has other user or group IDs, and changing its limits requires privilege.\0\
      The resource does not exist on this system.\0\
      The result cannot be predicted, because what it depends on cannot be read.\0\
      The kernel cannot store the value: a 32-bit Linux kernel stores finite limits below 4,294,967,295.\0",
);

pub fn reason_text(reason: c_int) -> &'static CStr {
    of_number(&REASONS, reason, TEXTS).unwrap_or(c"The reason is unknown to this version of the library.")
}

pub fn check(process: Option<&Process>, resource: c_int, wanted: Rlimit) -> Result<Verdict> {
    if !catalog::is_known(resource) {
        return Ok(verdict(RR_REASON_UNKNOWN_RESOURCE, 0));
    }
    if let Some(process) = process {
        process.alive()?;
    }
    match process::read(process, |pid| read(pid, resource)) {
        Ok(present) => Ok(judge(resource, wanted, present)),
        // On Linux a caller may set another process's limits if and only if it may read them by the same call. A
        // sandbox refuses the caller's own limits too.
        Err(Errno::EPERM) if process::other(process).is_some() && Host::prlimit(0, resource, None).is_ok() => {
            Ok(verdict(RR_REASON_NOT_YOUR_PROCESS, 0))
        }
        // The catalog has the resources of the newest version of the system.
        Err(Errno::EINVAL) => Ok(verdict(RR_REASON_UNKNOWN_RESOURCE, 0)),
        Err(error) if error.is_refusal() => Ok(verdict(RR_REASON_UNKNOWN, 0)),
        Err(error) => Err(error),
    }
}

fn judge(resource: c_int, wanted: Rlimit, present: Rlimit) -> Verdict {
    let raises = wanted.rlim_max > present.rlim_max;
    let is_crossed = wanted.rlim_cur > wanted.rlim_max;
    let is_representable = Host::is_representable(wanted);
    let privileged = Host::may_raise_hard_limits();
    let Ok(maximum) = Host::hard_maximum(resource) else {
        return if is_crossed {
            verdict(RR_REASON_SOFT_ABOVE_HARD, 0)
        } else if !is_representable {
            verdict(RR_REASON_NOT_REPRESENTABLE, 0)
        } else if raises && privileged == Some(false) {
            // EPERM is certain; the reason is one of two.
            Verdict { error: Errno::EPERM.0, ..verdict(RR_REASON_UNKNOWN, 0) }
        } else {
            verdict(RR_REASON_UNKNOWN, 0)
        };
    };
    let maximum = maximum.unwrap_or(RR_RLIM_INFINITY);
    let ceiling = if privileged == Some(true) { maximum } else { maximum.min(present.rlim_max) };
    let reason = if is_crossed {
        RR_REASON_SOFT_ABOVE_HARD
    } else if !is_representable {
        RR_REASON_NOT_REPRESENTABLE
    } else if wanted.rlim_max > maximum {
        RR_REASON_ABOVE_SYSTEM_MAXIMUM
    } else if !raises {
        RR_REASON_NONE
    } else {
        match privileged {
            Some(true) => RR_REASON_NONE,
            Some(false) => RR_REASON_HARD_NEEDS_PRIVILEGE,
            None => RR_REASON_UNKNOWN,
        }
    };
    verdict(reason, ceiling)
}

fn verdict(reason: i32, ceiling: u64) -> Verdict {
    let error = match reason {
        RR_REASON_NONE => 0,
        RR_REASON_SOFT_ABOVE_HARD | RR_REASON_UNKNOWN_RESOURCE => Errno::EINVAL.0,
        RR_REASON_UNKNOWN => Errno::ENOTSUP.0,
        RR_REASON_NOT_REPRESENTABLE => Errno::ERANGE.0,
        _ => Errno::EPERM.0,
    };
    Verdict { error, reason, ceiling, reserved: [0; 2] }
}

/// Sets the soft limit as near to `wanted` as this process may; never lowers it.
pub fn raise(resource: c_int, wanted: u64) -> Result<Rlimit> {
    let present = Host::getrlimit(resource)?;
    let highest = Host::soft_maximum(resource).unwrap_or(RR_RLIM_INFINITY).min(present.rlim_max);
    let raised = Rlimit { rlim_cur: wanted.min(highest), ..present };
    if raised.rlim_cur <= present.rlim_cur {
        return Ok(present);
    }
    Host::setrlimit(resource, raised)?;
    Ok(raised)
}
