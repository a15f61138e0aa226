//! A limit.

use super::{Layout, layout};

/// The limits of one resource, in the unit of the resource. RR_RLIM_INFINITY stands for no limit.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rlimit {
    /// Soft limit: the one that the system enforces
    pub rlim_cur: u64,
    /// Hard limit: the maximum to which an unprivileged process can raise its soft limit
    pub rlim_max: u64,
}

pub const RLIMIT: Layout = layout!("rlimit", Rlimit: rlim_cur, rlim_max);
