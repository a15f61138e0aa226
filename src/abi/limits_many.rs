//! Several limits, and why a change would be refused.

use super::rlimit::Rlimit;
use super::{Constants, Layout, constants, layout};

/// The limits of one resource, as an element of an array.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Entry {
    /// One of RR_RLIMIT_*
    pub resource: i32,
    /// Zero
    pub reserved: i32,
    /// Limits, in the unit of the resource
    pub limits: Rlimit,
}

/// The change would be accepted
pub const RR_REASON_NONE: i32 = 0;
/// The soft limit is greater than the hard limit
pub const RR_REASON_SOFT_ABOVE_HARD: i32 = 1;
/// The hard limit would rise and the caller lacks the privilege to raise it
pub const RR_REASON_HARD_NEEDS_PRIVILEGE: i32 = 2;
/// The hard limit exceeds a maximum that binds privileged callers too, such as /proc/sys/fs/nr_open on Linux
pub const RR_REASON_ABOVE_SYSTEM_MAXIMUM: i32 = 3;
/// The process has other user or group IDs and the caller lacks the privilege to change its limits
pub const RR_REASON_NOT_YOUR_PROCESS: i32 = 4;
/// The resource does not exist on this system
pub const RR_REASON_UNKNOWN_RESOURCE: i32 = 5;
/// What the result depends on cannot be read: without /proc, without a free descriptor, or in a sandbox
pub const RR_REASON_UNKNOWN: i32 = 6;
/// The kernel cannot store the value: a 32-bit Linux kernel stores finite limits below 4,294,967,295
pub const RR_REASON_NOT_REPRESENTABLE: i32 = 7;

/// What rr_setrlimit or rr_prlimit would return for a change, and why.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Verdict {
    /// Error that the call would return: 0, EINVAL, EPERM or ERANGE; ENOTSUP if that is unknown
    pub error: i32,
    /// Reason for the error, one of RR_REASON_*
    pub reason: i32,
    /// Highest hard limit that is certain to be accepted, in the unit of the resource; 0 if none is
    pub ceiling: u64,
    /// Zero
    pub reserved: [u64; 2],
}

pub(crate) const CONSTANTS: Constants = constants![
    RR_REASON_NONE,
    RR_REASON_SOFT_ABOVE_HARD,
    RR_REASON_HARD_NEEDS_PRIVILEGE,
    RR_REASON_ABOVE_SYSTEM_MAXIMUM,
    RR_REASON_NOT_YOUR_PROCESS,
    RR_REASON_UNKNOWN_RESOURCE,
    RR_REASON_UNKNOWN,
    RR_REASON_NOT_REPRESENTABLE,
];

pub const RLIMIT_ENTRY: Layout = layout!("rlimit_entry", Entry: resource, reserved, limits);
pub const VERDICT: Layout = layout!("verdict", Verdict: error, reason, ceiling, reserved);
