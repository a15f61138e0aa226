//! Places a child's descriptors as if at once: each target becomes a copy of what its source was.
//!
//! If targets depend on each other in a cycle, one of them is copied to a free number, which is freed after the cycle.
//! Any other target is replaced when no pending redirection needs what it was. So one additional number is enough, and
//! it may itself be a target.

use super::plan::Redirection;
use crate::errno::{Errno, Result};
use core::ffi::c_int;

/// How a system changes a table of descriptors.
pub trait Table {
    /// Copies to the first free number from `least` on, with close-on-exec. EINVAL if there can be none.
    fn copy(fd: c_int, least: c_int) -> Result<c_int>;
    fn close(fd: c_int);
    /// Makes the target a copy of the source, without close-on-exec. They may be equal.
    fn replace(redirection: Redirection) -> Result<()>;
}

/// An error comes with the target that it concerns.
pub fn place<T: Table>(wanted: &mut [Redirection]) -> core::result::Result<(), (c_int, Errno)> {
    let mut pending = wanted;
    while let Some(member) = cycle(pending) {
        let left = close_cycle::<T>(pending, member)?;
        pending = pending.get_mut(..left).unwrap_or_default();
    }
    loop {
        let is_needed = |target| pending.iter().any(|other| other.source == target && other.target != target);
        let Some(index) = pending.iter().position(|redirection| !is_needed(redirection.target)) else { break };
        let Some((redirection, rest)) = take(pending, index) else { break };
        T::replace(redirection).map_err(|error| (redirection.target, error))?;
        pending = rest;
    }
    Ok(())
}

/// A target that depends on itself through others.
fn cycle(pending: &[Redirection]) -> Option<c_int> {
    let source_of = |target| pending.iter().find(|other| other.target == target).map(|other| other.source);
    pending.iter().map(|redirection| redirection.target).find(|target| {
        let mut source = source_of(*target);
        // A path longer than this only goes round another cycle.
        for _ in pending {
            match source {
                Some(number) if number == *target => return source_of(*target) != Some(*target),
                Some(number) => source = source_of(number),
                None => return false,
            }
        }
        false
    })
}

/// Returns how many are left; they come first. What was at a member of the cycle is now at another number, for these
/// too.
fn close_cycle<T: Table>(pending: &mut [Redirection], member: c_int) -> core::result::Result<usize, (c_int, Errno)> {
    let aside = T::copy(member, 0).map_err(|error| (member, error))?;
    let (mut left, mut target) = (pending.len(), member);
    while let Some(now) = pending.get_mut(..left) {
        let Some(index) = now.iter().position(|redirection| redirection.target == target) else { break };
        let Some((Redirection { source, .. }, rest)) = take(now, index) else { break };
        let from = if source == member { aside } else { source };
        T::replace(Redirection { target, source: from }).map_err(|error| (target, error))?;
        // Negative for now, so that none is mistaken for a member that is still to come.
        for other in rest.iter_mut().filter(|other| other.source == source) {
            other.source = !target;
        }
        left = rest.len();
        target = source;
    }
    T::close(aside);
    for other in pending.iter_mut().take(left).filter(|other| other.source < 0) {
        other.source = !other.source;
    }
    Ok(left)
}

/// One redirection, and the others.
fn take(pending: &mut [Redirection], index: usize) -> Option<(Redirection, &mut [Redirection])> {
    let last = pending.len().checked_sub(1)?;
    pending.swap(index, last);
    let (taken, rest) = pending.split_last_mut()?;
    Some((*taken, rest))
}

/// A copy at a number that is not a target.
fn free_copy<T: Table>(fd: c_int, targets: &[Redirection]) -> Result<c_int> {
    let mut least = 0;
    loop {
        let copy = match T::copy(fd, least) {
            // The first number to try is not below the limit: all numbers below it are targets or in use.
            Err(Errno::EINVAL) => return Err(Errno::EMFILE),
            copy => copy?,
        };
        if !is_target(copy, targets) {
            return Ok(copy);
        }
        T::close(copy);
        least = copy + 1;
    }
}

/// Moves a descriptor that the program does not get to a number that is not a target; -1 if there is none.
pub fn out_of_the_way<T: Table>(fd: c_int, targets: &[Redirection]) -> c_int {
    if is_target(fd, targets) { free_copy::<T>(fd, targets).unwrap_or(-1) } else { fd }
}

fn is_target(fd: c_int, targets: &[Redirection]) -> bool {
    targets.iter().any(|redirection| redirection.target == fd)
}
