//! A child's descriptors, all at once: each target becomes what its source was. A target is replaced once
//! nobody needs what it was, and where some need each other in a circle one of them is copied aside. So at
//! most one further number is used at a time, whichever is free.

use super::plan::Redirection;
use crate::errno::{Errno, Result};
use core::ffi::c_int;

/// How a system changes a table of descriptors.
pub trait Table {
    /// A copy that exec closes, under the first free number from `least` on. EINVAL when there can be none.
    fn copy(fd: c_int, least: c_int) -> Result<c_int>;
    fn close(fd: c_int);
    /// Makes the target what the source is, without close-on-exec; they may be the same.
    fn replace(redirection: Redirection) -> Result<()>;
}

/// On an error the target that it concerns.
pub fn place<T: Table>(pending: &mut [Redirection]) -> core::result::Result<(), (c_int, Errno)> {
    let mut count = pending.len();
    let mut aside = -1;
    while let Some(now) = pending.get(..count).filter(|now| !now.is_empty()) {
        let is_needed = |target| now.iter().any(|other| other.source == target && other.target != target);
        match now.iter().position(|redirection| !is_needed(redirection.target)) {
            Some(index) => {
                let Some(&redirection) = now.get(index) else { break };
                T::replace(redirection).map_err(|error| (redirection.target, error))?;
                count -= 1;
                pending.swap(index, count);
            }
            None => {
                let Some(&Redirection { target, .. }) = now.first() else { break };
                // The former circle is closed by now.
                if aside >= 0 {
                    T::close(aside);
                }
                aside = free_copy::<T>(target, now).map_err(|error| (target, error))?;
                for other in pending.iter_mut().take(count).filter(|other| other.source == target) {
                    other.source = aside;
                }
            }
        }
    }
    if aside >= 0 {
        T::close(aside);
    }
    Ok(())
}

/// A copy under a number that is no target.
fn free_copy<T: Table>(fd: c_int, targets: &[Redirection]) -> Result<c_int> {
    let mut least = 0;
    loop {
        let copy = match T::copy(fd, least) {
            // The number to begin at is not below the limit: all below are targets or in use.
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

/// A descriptor that is not the program's, at a number that is no target; -1 where there is none.
pub fn out_of_the_way<T: Table>(fd: c_int, targets: &[Redirection]) -> c_int {
    if is_target(fd, targets) { free_copy::<T>(fd, targets).unwrap_or(-1) } else { fd }
}

fn is_target(fd: c_int, targets: &[Redirection]) -> bool {
    targets.iter().any(|redirection| redirection.target == fd)
}
