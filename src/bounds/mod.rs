//! F2: what really limits a process, and how much room is left.

mod format;

use crate::abi::bound::{
    Bound, RR_BOUND_CAPACITY, RR_BOUND_CPU, RR_BOUND_FILES, RR_BOUND_MEMORY, RR_BOUND_PARTIAL, RR_BOUND_SWAP,
    RR_BOUND_TASKS, RR_BOUND_USED_KNOWN,
};
use crate::errno::{Errno, Result};
use crate::process::{self, Process};
use crate::sys::{Host, Listing, System};
use core::ffi::c_int;

pub use format::format;

/// The bounds of one kind, the tightest limit first.
pub struct Bounds {
    bounds: [Bound; RR_BOUND_CAPACITY],
    count: usize,
}

impl Bounds {
    pub fn as_slice(&self) -> &[Bound] {
        self.bounds.get(..self.count).unwrap_or_default()
    }

    /// Inserts it after those that are equally tight. If there is no room, the loosest one is dropped.
    fn insert(&mut self, bound: Bound) {
        let place = self.as_slice().iter().position(|other| bound.limit < other.limit).unwrap_or(self.count);
        self.count = (self.count + 1).min(RR_BOUND_CAPACITY);
        let mut moved = bound;
        for place in self.bounds.iter_mut().take(self.count).skip(place) {
            core::mem::swap(place, &mut moved);
        }
    }
}

pub fn read(process: Option<&Process>, kind: c_int) -> Result<Bounds> {
    let mut bounds = Bounds { bounds: [Bound::default(); RR_BOUND_CAPACITY], count: 0 };
    let flags = list(process, kind, true, &mut |bound| bounds.insert(bound))?;
    bounds.bounds.iter_mut().take(bounds.count).for_each(|bound| bound.flags |= flags);
    if bounds.count == 0 { Err(Errno::ENOTSUP) } else { Ok(bounds) }
}

/// The bound with the smallest limit and the one with the least room; the first one twice if no room is known.
pub fn effective(process: Option<&Process>, kind: c_int) -> Result<(Bound, Bound)> {
    let (mut least_limit, mut least_room): (Option<Bound>, Option<Bound>) = (None, None);
    let flags = list(process, kind, false, &mut |bound| {
        if least_limit.is_none_or(|least| bound.limit < least.limit) {
            least_limit = Some(bound);
        }
        if bound.flags & RR_BOUND_USED_KNOWN != 0 && least_room.is_none_or(|least| bound.room < least.room) {
            least_room = Some(bound);
        }
    })?;
    let mut least_limit = least_limit.ok_or(Errno::ENOTSUP)?;
    let mut least_room = least_room.unwrap_or(least_limit);
    least_limit.flags |= flags;
    least_room.flags |= flags;
    Ok((least_limit, least_room))
}

/// Returns the flags that apply to all of them.
fn list(process: Option<&Process>, kind: c_int, lists_high: bool, visit: &mut dyn FnMut(Bound)) -> Result<u32> {
    if !is_known(kind) {
        return Err(Errno::EINVAL);
    }
    let mut listing = Listing::new(lists_high, visit);
    process::read(process, |pid| {
        // The caller has not ended.
        if let Some(process) = process.filter(|_| pid != 0) {
            process.alive()?;
        }
        Host::list_bounds(pid, process.map(Process::bound_cache), kind, &mut listing)
    })?;
    Ok(if listing.is_partial { RR_BOUND_PARTIAL } else { 0 })
}

fn is_known(kind: c_int) -> bool {
    matches!(kind, RR_BOUND_MEMORY | RR_BOUND_SWAP | RR_BOUND_CPU | RR_BOUND_TASKS | RR_BOUND_FILES)
}
