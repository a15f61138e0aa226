//! Every system but Linux: libc's functions, of which POSIX.1-2024 has all but wait4(2).
#![allow(
    clippy::unnecessary_cast,
    clippy::unnecessary_min_or_max,
    reason = "rlim_t is signed on FreeBSD and DragonFly; on Solaris no value is above the largest limit"
)]

use super::system::LARGEST_LIMIT;
use super::types::{Rlimit, Rusage, Timeval, Waited};
use super::unix::checked;
use crate::catalog;
use crate::errno::{Errno, Result};
use core::ffi::c_int;
use core::mem::MaybeUninit;

pub fn getrlimit(resource: c_int) -> Result<Rlimit> {
    let resource = known(resource)?;
    let mut limits = MaybeUninit::<libc::rlimit>::uninit();
    // SAFETY: libc writes one struct rlimit.
    checked(|| unsafe { libc::getrlimit(resource, limits.as_mut_ptr()) })?;
    // SAFETY: libc filled it.
    Ok(from_system(unsafe { limits.assume_init() }))
}

pub fn setrlimit(resource: c_int, limits: Rlimit) -> Result<()> {
    let resource = known(resource)?;
    let limits = to_system(limits)?;
    // SAFETY: libc reads one struct rlimit.
    checked(|| unsafe { libc::setrlimit(resource, &raw const limits) }).map(drop)
}

/// The caller by 0 or by its own number: the former limits are read, then the new ones set, which
/// is not one step; another thread may come between. Any other process is `other`'s, once it is
/// known to exist.
pub fn prlimit(
    pid: i32,
    resource: c_int,
    new_limits: Option<Rlimit>,
    other: impl FnOnce() -> Result<Rlimit>,
) -> Result<Rlimit> {
    if pid == 0 || pid == own_pid() {
        let old_limits = getrlimit(resource)?;
        if let Some(new_limits) = new_limits {
            setrlimit(resource, new_limits)?;
        }
        return Ok(old_limits);
    }
    exists(pid)?;
    other()
}

pub fn getrusage(who: c_int) -> Result<Rusage> {
    let mut usage = MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: libc writes one struct rusage.
    checked(|| unsafe { libc::getrusage(who, usage.as_mut_ptr()) })?;
    // SAFETY: libc filled it.
    Ok(widened(unsafe { usage.assume_init() }))
}

/// `call` is the system's wait4(2). What it leaves of the two when it finds nothing differs.
pub fn wait4(call: impl FnOnce(*mut c_int, *mut libc::rusage) -> libc::pid_t) -> Result<Waited> {
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    let pid = checked(|| call(&raw mut status, usage.as_mut_ptr()))?;
    if pid == 0 {
        return Ok(Waited { pid: 0, status: 0, rusage: Rusage::default() });
    }
    // SAFETY: all zero is a struct rusage, and so is what the call wrote over it.
    Ok(Waited { pid, status, rusage: widened(unsafe { usage.assume_init() }) })
}

/// As the system takes them. FreeBSD and DragonFly lower a soft limit above the hard one without a
/// word: `kern_proc_setrlimit`, `kern_setrlimit`.
pub fn to_system(limits: Rlimit) -> Result<libc::rlimit> {
    let soft = limits.rlim_cur.min(LARGEST_LIMIT);
    let hard = limits.rlim_max.min(LARGEST_LIMIT);
    if soft > hard {
        return Err(Errno::EINVAL);
    }
    Ok(libc::rlimit { rlim_cur: soft as libc::rlim_t, rlim_max: hard as libc::rlim_t })
}

/// A signed rlim_t holds no limit below 0: it was one above the largest.
pub fn from_system(limits: libc::rlimit) -> Rlimit {
    Rlimit {
        rlim_cur: (limits.rlim_cur as u64).min(LARGEST_LIMIT),
        rlim_max: (limits.rlim_max as u64).min(LARGEST_LIMIT),
    }
}

/// macOS strips a flag from the number before it looks: `_RLIMIT_POSIX_FLAG` in `dosetrlimit`.
fn known(resource: c_int) -> Result<c_int> {
    if catalog::is_known(resource) { Ok(resource) } else { Err(Errno::EINVAL) }
}

pub fn own_pid() -> i32 {
    // SAFETY: getpid takes nothing and cannot fail.
    unsafe { libc::getpid() }
}

/// The superuser, on each of these systems unless a jail or a zone takes it away.
pub fn may_raise_hard_limits() -> Option<bool> {
    // SAFETY: geteuid takes nothing and cannot fail.
    Some(unsafe { libc::geteuid() == 0 })
}

/// kill(2) with no signal. A number below 1 would be a process group, or everybody.
pub fn exists(pid: i32) -> Result<()> {
    if pid < 1 {
        return Err(Errno(libc::ESRCH));
    }
    // SAFETY: kill takes any numbers, and 0 sends nothing.
    match checked(|| unsafe { libc::kill(pid, 0) }) {
        Err(Errno(libc::EPERM)) => Ok(()),
        answer => answer.map(drop),
    }
}

fn widened(usage: libc::rusage) -> Rusage {
    let time = |time: libc::timeval| Timeval::widened(time.tv_sec, time.tv_usec);
    Rusage::widened(
        time(usage.ru_utime),
        time(usage.ru_stime),
        [
            usage.ru_maxrss,
            usage.ru_ixrss,
            usage.ru_idrss,
            usage.ru_isrss,
            usage.ru_minflt,
            usage.ru_majflt,
            usage.ru_nswap,
            usage.ru_inblock,
            usage.ru_oublock,
            usage.ru_msgsnd,
            usage.ru_msgrcv,
            usage.ru_nsignals,
            usage.ru_nvcsw,
            usage.ru_nivcsw,
        ],
    )
}
