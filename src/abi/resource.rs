//! The resources.

use super::{Constants, Layout, constants, layout};

/// No unit: a code or a mask
pub const RR_UNIT_NONE: i32 = 0;
/// Bytes
pub const RR_UNIT_BYTES: i32 = 1;
/// Seconds
pub const RR_UNIT_SECONDS: i32 = 2;
/// Microseconds
pub const RR_UNIT_MICROSECONDS: i32 = 3;
/// A number of things: descriptors, processes, signals
pub const RR_UNIT_COUNT: i32 = 4;
/// A scheduling priority
pub const RR_UNIT_PRIORITY: i32 = 5;
/// Nanoseconds; used by fields of rr_usage and rr_outcome only
pub const RR_UNIT_NANOSECONDS: i32 = 6;
/// KiB (1024 bytes); used by fields of rr_rusage only
pub const RR_UNIT_KIB: i32 = 7;
/// Memory pages; used by fields of rr_rusage only
pub const RR_UNIT_PAGES: i32 = 8;

/// The limit applies to the process as a whole
pub const RR_SCOPE_PROCESS: i32 = 1;
/// The limit applies to all processes of the real user together
pub const RR_SCOPE_USER: i32 = 2;
/// The limit applies to each thread separately
pub const RR_SCOPE_THREAD: i32 = 3;
/// The limit applies to each file separately
pub const RR_SCOPE_FILE: i32 = 4;

/// The system stores this limit but does not enforce it
pub const RR_RESOURCE_UNENFORCED: u32 = 0x1;

/// A resource that can be limited on this system.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Resource {
    /// Number of the resource, one of RR_RLIMIT_*
    pub id: i32,
    /// Unit of its limits, one of RR_UNIT_*
    pub unit: i32,
    /// What its limits apply to, one of RR_SCOPE_*
    pub scope: i32,
    /// RR_RESOURCE_UNENFORCED or 0; ignore unknown bits
    pub flags: u32,
}

pub(crate) const CONSTANTS: Constants = constants![
    RR_UNIT_NONE,
    RR_UNIT_BYTES,
    RR_UNIT_SECONDS,
    RR_UNIT_MICROSECONDS,
    RR_UNIT_COUNT,
    RR_UNIT_PRIORITY,
    RR_UNIT_NANOSECONDS,
    RR_UNIT_KIB,
    RR_UNIT_PAGES,
    RR_SCOPE_PROCESS,
    RR_SCOPE_USER,
    RR_SCOPE_THREAD,
    RR_SCOPE_FILE,
    RR_RESOURCE_UNENFORCED,
];

pub const RESOURCE: Layout = layout!("resource", Resource: id, unit, scope, flags);
