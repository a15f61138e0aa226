//! What bounds a process on a system that conforms to POSIX: its limits, the machine, and the kernel's settings.

use super::bounds::{Listing, if_available};
use super::posix::Posix;
use super::unix::{checked, page_size};
use crate::abi::bound::{
    RR_BOUND_ADDRESS_SPACE, RR_BOUND_CPU, RR_BOUND_FILES, RR_BOUND_MEMORY, RR_BOUND_SHARED, RR_BOUND_SWAP,
    RR_BOUND_TASKS, RR_SOURCE_AFFINITY, RR_SOURCE_MACHINE, RR_SOURCE_SYSCTL, RR_SYSCTL_MAXFILES,
    RR_SYSCTL_MAXFILESPERPROC, RR_SYSCTL_MAXPROC,
};
use crate::catalog;
use crate::errno::{Errno, Result};
use crate::sys::System;
use core::ffi::c_int;

/// `pid`: a process, or 0 for the caller.
pub fn list<S: Posix>(pid: i32, kind: c_int, listing: &mut Listing) -> Result<()> {
    match kind {
        RR_BOUND_MEMORY => {
            list_limit::<S>(pid, b"RLIMIT_AS", RR_BOUND_ADDRESS_SPACE, listing)?;
            list_limit::<S>(pid, b"RLIMIT_DATA", RR_BOUND_ADDRESS_SPACE, listing)?;
            let pages = if_available(configured::<S>(libc::_SC_PHYS_PAGES))?;
            list_machine(pages.map(|pages| pages.saturating_mul(page_size() as u64)), listing);
            Ok(())
        }
        RR_BOUND_SWAP => list_limit::<S>(pid, b"RLIMIT_SWAP", RR_BOUND_SHARED, listing),
        RR_BOUND_CPU => processors::<S>(pid, listing),
        RR_BOUND_TASKS => {
            list_limit::<S>(pid, b"RLIMIT_NPROC", RR_BOUND_SHARED, listing)?;
            list_setting::<S>(RR_SYSCTL_MAXPROC, RR_BOUND_SHARED, None, listing)
        }
        RR_BOUND_FILES => {
            let open = if pid == 0 { S::own_open_files() } else { None };
            let resource = catalog::RR_RLIMIT_NOFILE;
            listing.rlimit::<S>(pid, resource, 0, &|_, _| open.ok_or(Errno::ENOTSUP))?;
            list_setting::<S>(RR_SYSCTL_MAXFILESPERPROC, 0, open, listing)?;
            list_setting::<S>(RR_SYSCTL_MAXFILES, RR_BOUND_SHARED, None, listing)
        }
        _ => Err(Errno::EINVAL),
    }
}

fn processors<S: Posix>(pid: i32, listing: &mut Listing) -> Result<()> {
    let in_time = |count: u64| count.saturating_mul(1_000_000_000);
    let online = if_available(configured::<S>(libc::_SC_NPROCESSORS_ONLN))?;
    list_machine(online.map(in_time), listing);
    let allowed = if_available(S::processors_allowed(pid))?;
    if let Some(count) = allowed.filter(|count| online.is_none_or(|online| *count < online)) {
        listing.add(RR_SOURCE_AFFINITY, 0, 0, in_time(count), None);
    }
    Ok(())
}

fn list_limit<S: Posix>(pid: i32, name: &[u8], flags: u32, listing: &mut Listing) -> Result<()> {
    match catalog::number_by_constant(name) {
        Some(resource) => listing.rlimit::<S>(pid, resource, flags, &<S as System>::limit_used),
        None => Ok(()),
    }
}

fn list_machine(limit: Option<u64>, listing: &mut Listing) {
    if let Some(limit) = limit {
        listing.add(RR_SOURCE_MACHINE, 0, RR_BOUND_SHARED, limit, None);
    }
}

fn list_setting<S: Posix>(detail: i32, flags: u32, used: Option<u64>, listing: &mut Listing) -> Result<()> {
    if let Some(limit) = if_available(S::setting(detail))? {
        listing.add(RR_SOURCE_SYSCTL, detail, flags, limit, used.map(|used| (used, 0)));
    }
    Ok(())
}

/// sysconf(3), whose values are those of the whole machine on these systems.
fn configured<S: Posix>(name: c_int) -> Result<u64> {
    // SAFETY: sysconf takes any number.
    let value = checked::<S, _>(|| unsafe { libc::sysconf(name) })?;
    u64::try_from(value).map_err(|_| Errno(libc::ENOTSUP))
}
