//! What a child sets of itself before exec, and that stays through it. It runs in its caller's memory: it
//! allocates nothing and calls the kernel alone.

use crate::abi::command::{RR_STEP_CGROUP, RR_STEP_CREDENTIALS, RR_STEP_DESCRIPTOR};
use crate::errno::{Errno, Result};
use crate::sys::host::descriptor::{Descriptor, Numbers};
use crate::sys::host::kernel;
use crate::sys::portable::plan::{Credentials, Failed, Plan};
use core::ffi::c_int;

/// Before its descriptors are placed, among which the folder may not be.
pub fn join_cgroup(plan: &Plan) -> core::result::Result<(), Failed> {
    let Some(folder) = plan.cgroup else { return Ok(()) };
    join(folder).map_err(Failed::at(RR_STEP_CGROUP, 0))
}

/// cgroups(7): 0 is the writer itself. An absolute path would not need the folder: `openat` sees none here.
pub fn join(folder: c_int) -> Result<()> {
    Descriptor::open_at(folder, c"cgroup.procs", libc::O_WRONLY)?.write(b"0").map(drop)
}

/// After they are placed: exec closes the others. close_range(2) marks them since Linux 5.11.
pub fn close_descriptors(plan: &Plan) -> core::result::Result<(), Failed> {
    let Some(first) = plan.close_from else { return Ok(()) };
    let answer = match mark_ranges(plan, first) {
        Err(Errno::EINVAL | Errno::ENOSYS | Errno::EPERM | Errno(libc::EACCES)) => mark_each(plan, first),
        answer => answer,
    };
    answer.map_err(Failed::at(RR_STEP_DESCRIPTOR, first))
}

fn mark_ranges(plan: &Plan, first: c_int) -> Result<()> {
    /// `CLOSE_RANGE_CLOEXEC` of `include/uapi/linux/close_range.h`.
    const CLOSE_ON_EXEC: usize = 4;
    let mut from = first;
    loop {
        let targets = plan.descriptors.iter().map(|redirection| redirection.target);
        let kept = targets.filter(|target| *target >= from).min();
        let last = kept.map_or(usize::MAX >> (usize::BITS - 32), |kept| (kept as usize).wrapping_sub(1));
        if kept != Some(from) {
            // SAFETY: close_range takes numbers only.
            unsafe { kernel::call(libc::SYS_close_range, [from as usize, last, CLOSE_ON_EXEC]) }?;
        }
        match kept.and_then(|kept| kept.checked_add(1)) {
            Some(next) => from = next,
            None => return Ok(()),
        }
    }
}

fn mark_each(plan: &Plan, first: c_int) -> Result<()> {
    let mut numbers = Numbers::open(c"/proc/self/fd")?;
    while let Some(number) = numbers.next()? {
        let is_target = plan.descriptors.iter().any(|redirection| redirection.target == number);
        if number >= first && !is_target {
            // SAFETY: fcntl with F_SETFD takes numbers only.
            unsafe {
                kernel::call(libc::SYS_fcntl, [number as usize, libc::F_SETFD as usize, libc::FD_CLOEXEC as usize])
            }?;
        }
    }
    Ok(())
}

/// Those that no limit and no exec of the launcher depends on.
pub fn set_mask_and_groups(plan: &Plan) -> core::result::Result<(), Failed> {
    if let Some(mask) = plan.umask {
        // SAFETY: umask takes a number, and cannot fail.
        let _ = unsafe { kernel::call(libc::SYS_umask, [mask as usize]) };
    }
    let Some(Credentials { groups, .. }) = plan.credentials else { return Ok(()) };
    let place = groups.as_ptr().expose_provenance();
    // SAFETY: the kernel reads as many numbers of 32 bits.
    unsafe { kernel::call(SETGROUPS, [groups.len(), place]) }.map(drop).map_err(Failed::at(RR_STEP_CREDENTIALS, 0))
}

/// After the limits, which a user without privileges could not raise; before exec, which looks at NPROC for that
/// user: `flag_nproc_exceeded` in `kernel/sys.c`. The raw calls change this thread alone.
pub fn set_user(plan: &Plan) -> core::result::Result<(), Failed> {
    let Some(Credentials { uid, gid, .. }) = plan.credentials else { return Ok(()) };
    let calls = [(SETRESGID, gid), (SETRESUID, uid)];
    calls.into_iter().try_for_each(|(number, id)| {
        // SAFETY: both take numbers only.
        unsafe { kernel::call(number, [id as usize; 3]) }.map(drop).map_err(Failed::at(RR_STEP_CREDENTIALS, 0))
    })
}

/// A change of user takes from the memory that the child shares with its caller what prctl(2) calls dumpable:
/// `commit_creds` in `kernel/cred.c`. The caller gets it back when this is dropped.
pub struct Dumpable(Result<usize>);

impl Dumpable {
    pub fn kept() -> Dumpable {
        Dumpable(dumpable())
    }
}

impl Drop for Dumpable {
    fn drop(&mut self) {
        if let Ok(before @ (0 | 1)) = self.0 {
            if dumpable() != Ok(before) {
                // SAFETY: prctl with PR_SET_DUMPABLE takes numbers only.
                let _ = unsafe { kernel::call(libc::SYS_prctl, [libc::PR_SET_DUMPABLE as usize, before, 0, 0, 0]) };
            }
        }
    }
}

fn dumpable() -> Result<usize> {
    // SAFETY: prctl with PR_GET_DUMPABLE takes numbers only.
    unsafe { kernel::call(libc::SYS_prctl, [libc::PR_GET_DUMPABLE as usize, 0, 0, 0, 0]) }
}

// With ids of 32 bits, where a first set of calls had 16.
#[cfg(not(any(target_arch = "x86", target_arch = "arm", target_arch = "m68k", target_arch = "sparc")))]
use libc::{SYS_setgroups as SETGROUPS, SYS_setresgid as SETRESGID, SYS_setresuid as SETRESUID};
#[cfg(any(target_arch = "x86", target_arch = "arm", target_arch = "m68k", target_arch = "sparc"))]
use libc::{SYS_setgroups32 as SETGROUPS, SYS_setresgid32 as SETRESGID, SYS_setresuid32 as SETRESUID};
