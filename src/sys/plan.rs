//! What a spawn needs to know, decided above and the same for every system.

use super::memory::Pointers;
use super::types::Rlimit;
use core::ffi::{CStr, c_int};

pub struct Plan<'a> {
    /// Where the program may be, in the order in which to try.
    pub paths: Pointers<'a>,
    pub arguments: Pointers<'a>,
    pub environment: Pointers<'a>,
    pub directory: Option<&'a CStr>,
    /// Each target once.
    pub descriptors: &'a [Redirection],
    /// Each resource once.
    pub limits: &'a [Limit],
    pub leads_group: bool,
    pub leads_session: bool,
    #[allow(dead_code, reason = "Linux alone has another way")]
    pub is_direct: bool,
}

/// The child's `target` is to be what the caller's `source` is.
#[derive(Clone, Copy)]
pub struct Redirection {
    pub target: c_int,
    pub source: c_int,
}

#[derive(Clone, Copy)]
pub struct Limit {
    pub resource: c_int,
    pub limits: Rlimit,
}

impl Redirection {
    /// Its source will have been replaced by another before its turn comes.
    pub fn is_overtaken(&self, all: &[Redirection]) -> bool {
        self.source != self.target && all.iter().any(|other| other.target == self.source)
    }
}

/// The first number above every target.
pub fn above_targets(all: &[Redirection]) -> c_int {
    all.iter().map(|redirection| redirection.target).max().unwrap_or(-1).saturating_add(1)
}
