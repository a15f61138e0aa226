//! What bounds a process: its limits, its control groups, its processors, the machine and the kernel's settings.

mod group;
mod cache;
mod levels;
mod machine;
mod parse;

use super::Host;
use super::descriptor::Descriptor;
use super::privilege::may_raise_hard_limits;
use super::used::limit_used;
use crate::abi::bound::{
    RR_BOUND_ADDRESS_SPACE, RR_BOUND_CPU, RR_BOUND_FILES, RR_BOUND_MEMORY, RR_BOUND_SHARED, RR_BOUND_SWAP,
    RR_BOUND_TASKS, RR_SOURCE_AFFINITY, RR_SOURCE_CPUSET, RR_SOURCE_MACHINE, RR_SOURCE_SYSCTL, RR_SYSCTL_COMMIT,
    RR_SYSCTL_FILE_MAX, RR_SYSCTL_NR_OPEN, RR_SYSCTL_PID_MAX, RR_SYSCTL_THREADS_MAX,
};
use crate::catalog::RR_RLIMIT_NOFILE;
use crate::errno::{Errno, Result};
use crate::sys::portable::bounds::{Listing, if_available};
use cache::Taken;
use core::ffi::c_int;

pub use cache::BoundCache;

/// `pid`: a process, or 0 for the calling thread.
pub fn list_bounds(pid: i32, kept: Option<&BoundCache>, kind: c_int, listing: &mut Listing) -> Result<()> {
    match kind {
        RR_BOUND_MEMORY => memory(pid, kept.and_then(BoundCache::take), listing),
        RR_BOUND_SWAP => swap(pid, listing),
        RR_BOUND_CPU => processors(pid, listing),
        RR_BOUND_TASKS => tasks(pid, listing),
        RR_BOUND_FILES => files(pid, listing),
        _ => Err(Errno::EINVAL),
    }
}

fn memory(pid: i32, mut kept: Option<Taken>, listing: &mut Listing) -> Result<()> {
    levels::list(pid, RR_BOUND_MEMORY, kept.as_deref_mut(), listing)?;
    for resource in [libc::RLIMIT_AS, libc::RLIMIT_DATA] {
        listing.rlimit::<Host>(pid, resource as c_int, RR_BOUND_ADDRESS_SPACE, &limit_used)?;
    }
    let kept_file = kept.as_mut().map(|kept| &mut kept.memory);
    let Some(memory) = if_available(machine::memory(kept_file))? else { return Ok(()) };
    let used = memory
        .available
        .map(|available| (memory.total.saturating_sub(memory.free), available.saturating_sub(memory.free)));
    listing.add(RR_SOURCE_MACHINE, 0, RR_BOUND_SHARED, memory.total, used);
    // proc_sys_vm(5): 2 means that the kernel never overcommits.
    let kept_file = kept.as_mut().map(|kept| &mut kept.overcommit);
    if machine::setting(c"/proc/sys/vm/overcommit_memory", kept_file)? == Some(2) {
        let flags = RR_BOUND_SHARED | RR_BOUND_ADDRESS_SPACE;
        listing.add(RR_SOURCE_SYSCTL, RR_SYSCTL_COMMIT, flags, memory.commit_limit, Some((memory.committed, 0)));
    }
    Ok(())
}

fn swap(pid: i32, listing: &mut Listing) -> Result<()> {
    levels::list(pid, RR_BOUND_SWAP, None, listing)?;
    if let Some(memory) = if_available(machine::memory(None))? {
        let used = memory.swap_total.saturating_sub(memory.swap_free);
        listing.add(RR_SOURCE_MACHINE, 0, RR_BOUND_SHARED, memory.swap_total, Some((used, 0)));
    }
    Ok(())
}

fn processors(pid: i32, listing: &mut Listing) -> Result<()> {
    let in_time = |count: u64| count.saturating_mul(1_000_000_000);
    levels::list(pid, RR_BOUND_CPU, None, listing)?;
    let online = machine::online_processors()?;
    if let Some(online) = online {
        listing.add(RR_SOURCE_MACHINE, 0, RR_BOUND_SHARED, in_time(online), None);
    }
    let Some(mask) = if_available(machine::affinity(pid))? else { return Ok(()) };
    let mut least = online.unwrap_or(u64::MAX);
    if mask >= least {
        return Ok(());
    }
    // The kernel keeps the mask within the cpuset: if the mask has every processor, no cpuset binds.
    if let Some(cpuset) = levels::cpuset(pid, listing)?.filter(|cpuset| cpuset.processors < least) {
        least = cpuset.processors;
        listing.add(RR_SOURCE_CPUSET, cpuset.level, cpuset.flags, in_time(least), None);
    }
    if mask < least {
        listing.add(RR_SOURCE_AFFINITY, 0, 0, in_time(mask), None);
    }
    Ok(())
}

fn tasks(pid: i32, listing: &mut Listing) -> Result<()> {
    levels::list(pid, RR_BOUND_TASKS, None, listing)?;
    if !is_free_of_nproc(pid)? {
        // The kernel does not report its count, which covers all namespaces.
        listing.rlimit::<Host>(pid, libc::RLIMIT_NPROC as c_int, RR_BOUND_SHARED, &|_, _| Err(Errno::ENOTSUP))?;
    }
    let count = machine::tasks()?;
    // Since Linux 6.14 each pid namespace has a pid_max and counts its own.
    let count_here = count.filter(|_| group::is_in_first_namespace(c"/proc/thread-self/ns/pid", b"pid:[4026531836]"));
    for (file, detail, used) in [
        (c"/proc/sys/kernel/threads-max", RR_SYSCTL_THREADS_MAX, count),
        (c"/proc/sys/kernel/pid_max", RR_SYSCTL_PID_MAX, count_here),
    ] {
        if let Some(limit) = machine::setting(file, None)? {
            listing.add(RR_SOURCE_SYSCTL, detail, RR_BOUND_SHARED, limit, used.map(|used| (used, 0)));
        }
    }
    Ok(())
}

/// `copy_process` in `kernel/fork.c`: root and privileged processes are exempt. For another process only its user is
/// known, and in another user namespace ID 0 is not root.
fn is_free_of_nproc(pid: i32) -> Result<bool> {
    let is_first_user = if_available(machine::real_user(pid))? == Some(0);
    let in_first = || group::is_in_first_namespace(c"/proc/thread-self/ns/user", b"user:[4026531837]");
    Ok((pid == 0 && may_raise_hard_limits() == Some(true)) || (is_first_user && in_first()))
}

fn files(pid: i32, listing: &mut Listing) -> Result<()> {
    let open = if_available(limit_used(pid, RR_RLIMIT_NOFILE))?;
    listing.rlimit::<Host>(pid, RR_RLIMIT_NOFILE, 0, &|_, _| open.ok_or(Errno::ENOTSUP))?;
    if let Some(limit) = machine::setting(c"/proc/sys/fs/nr_open", None)? {
        listing.add(RR_SOURCE_SYSCTL, RR_SYSCTL_NR_OPEN, 0, limit, open.map(|open| (open, 0)));
    }
    if let Some((used, limit)) = machine::open_files()? {
        listing.add(RR_SOURCE_SYSCTL, RR_SYSCTL_FILE_MAX, RR_BOUND_SHARED, limit, Some((used, 0)));
    }
    Ok(())
}

#[inline(never)] // for size: it has four callers
fn each_line(file: &Descriptor, buffer: &mut [u8], visit: &mut dyn FnMut(&mut [u8]) -> bool) -> Result<bool> {
    parse::each_line(buffer, &mut |offset, rest| file.read_at(offset, rest), visit)
}
