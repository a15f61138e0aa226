//! A system that conforms to POSIX.1-2024: libc's functions, and the system's extensions.
#![allow(
    clippy::unnecessary_cast,
    clippy::unnecessary_min_or_max,
    reason = "rlim_t is signed on FreeBSD and DragonFly; on Solaris no value is above the largest limit"
)]

use super::bounds::Listing;
use super::forked::{self, ForkedChild};
use super::started::{self, Info, StartTime};
use super::unix::{Libc, checked, clock};
use super::{pause, posix_bounds};
use crate::catalog::{self, RR_RLIMIT_CPU, RR_RUSAGE_SELF};
use crate::errno::{Errno, Result};
use crate::sys::{Failed, Plan, System};
use crate::sys::{Rlimit, Rusage, Timeval, Usage, Waited};
use core::ffi::c_int;
use core::mem::MaybeUninit;
use core::sync::atomic::AtomicU32;

/// What such a system supplies; [`System`] follows from it. The default of a method is for a system without
/// extensions.
pub trait Posix: Libc + Sized {
    /// RLIM_INFINITY; no greater limit exists.
    const LARGEST_LIMIT: u64;
    /// The value of the BSDs, macOS and Solaris.
    const PATH_MAX: usize = 1024;

    /// Two descriptors with close-on-exec.
    fn pipe() -> Result<[c_int; 2]>;

    /// Sets the limits of a process that exists and is not the caller, and returns the previous ones.
    fn others_limits(_pid: i32, _resource: c_int, _new_limits: Option<Rlimit>) -> Result<Rlimit> {
        Err(Errno(libc::ENOTSUP))
    }
    fn soft_maximum(_resource: c_int) -> Option<u64> {
        None
    }

    fn getrusage(who: c_int) -> Result<Rusage> {
        getrusage::<Self>(who)
    }
    /// wait4(2) itself.
    ///
    /// # Safety
    /// Both places may be written.
    unsafe fn wait4(pid: i32, status: *mut c_int, options: c_int, usage: *mut libc::rusage) -> libc::pid_t;
    /// In bytes, the unit of `ru_maxrss`.
    fn peak_unit() -> u64 {
        1024
    }

    /// See [`Info`].
    fn process_info(_pid: i32, _wanted: u64) -> Result<Info> {
        Err(Errno(libc::ENOTSUP))
    }
    /// The number of open descriptors of the caller.
    fn own_open_files() -> Option<u64> {
        None
    }
    /// One of the kernel's settings, RR_SYSCTL_*.
    fn setting(_detail: i32) -> Result<u64> {
        Err(Errno(libc::ENOTSUP))
    }
    /// The number of processors that a process may run on.
    fn processors_allowed(_pid: i32) -> Result<u64> {
        Err(Errno(libc::ENOTSUP))
    }
}

impl<S: Posix> System for S {
    const PATH_MAX: usize = <S as Posix>::PATH_MAX;

    type Identity = StartTime<S>;
    type Files = ();
    type BoundCache = ();
    type Child = ForkedChild<S>;
    /// Nothing is kept.
    type Image = ();
    type SignalsBlocked = forked::SignalsBlocked;

    fn own_pid() -> i32 {
        own_pid()
    }
    fn block_signals() -> Result<Self::SignalsBlocked> {
        Ok(forked::SignalsBlocked::all())
    }
    /// It is never woken.
    fn wait_while(_: &AtomicU32, _: u32, deadline: Option<u64>) {
        const LONGEST_NS: u64 = 1_000_000;
        let left = deadline.map_or(LONGEST_NS, |deadline| deadline.saturating_sub(clock::<S>()));
        pause::sleep::<S>(LONGEST_NS.min(left));
    }
    fn getrlimit(resource: c_int) -> Result<Rlimit> {
        getrlimit::<S>(resource)
    }
    fn setrlimit(resource: c_int, limits: Rlimit) -> Result<()> {
        setrlimit::<S>(resource, limits)
    }
    fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
        prlimit::<S>(pid, resource, new_limits)
    }
    /// The superuser may, on each of these systems, unless a jail or a zone forbids it.
    fn may_raise_hard_limits() -> Option<bool> {
        // SAFETY: geteuid takes nothing and cannot fail.
        Some(unsafe { libc::geteuid() == 0 })
    }
    fn soft_maximum(resource: c_int) -> Option<u64> {
        <S as Posix>::soft_maximum(resource)
    }
    fn limit_used(pid: i32, resource: c_int) -> Result<u64> {
        limit_used::<S>(pid, resource)
    }
    fn list_bounds(pid: i32, _: Option<&()>, kind: c_int, listing: &mut Listing) -> Result<()> {
        posix_bounds::list::<S>(pid, kind, listing)
    }
    fn getrusage(who: c_int) -> Result<Rusage> {
        <S as Posix>::getrusage(who)
    }
    fn wait4(pid: i32, options: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<Waited> {
        wait4::<S>(pid, options, usage)
    }
    fn peak_bytes(maxrss: u64) -> Option<u64> {
        (maxrss > 0).then(|| maxrss.saturating_mul(S::peak_unit()))
    }
    fn identify(pid: i32) -> Result<Self::Identity> {
        StartTime::of(pid)
    }
    fn own_usage(wanted: u64) -> Result<Usage> {
        started::own_usage::<S>(wanted)
    }
    fn usage_of(pid: i32, identity: &Self::Identity, _: &(), wanted: u64) -> Result<Usage> {
        identity.info(pid, wanted).map(|info| info.usage)
    }
    fn image() {}
    fn spawn(plan: &Plan, _: &(), _: bool) -> core::result::Result<Self::Child, Failed> {
        forked::spawn(plan)
    }
}

fn getrlimit<S: Posix>(resource: c_int) -> Result<Rlimit> {
    let resource = known(resource)?;
    let mut limits = MaybeUninit::<libc::rlimit>::uninit();
    // SAFETY: libc writes one struct rlimit.
    checked::<S, _>(|| unsafe { libc::getrlimit(resource as _, limits.as_mut_ptr()) })?;
    // SAFETY: libc filled it.
    Ok(from_system::<S>(unsafe { limits.assume_init() }))
}

pub fn setrlimit<S: Posix>(resource: c_int, limits: Rlimit) -> Result<()> {
    let resource = known(resource)?;
    let limits = to_system::<S>(limits)?;
    // SAFETY: libc reads one struct rlimit.
    checked::<S, _>(|| unsafe { libc::setrlimit(resource as _, &raw const limits) }).map(drop)
}

/// For the caller, as 0 or by its PID, the previous limits are read and then the new ones set. That is not atomic:
/// another thread may change them between the two.
fn prlimit<S: Posix>(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
    if pid == 0 || pid == own_pid() {
        let old_limits = getrlimit::<S>(resource)?;
        if let Some(new_limits) = new_limits {
            setrlimit::<S>(resource, new_limits)?;
        }
        return Ok(old_limits);
    }
    exists::<S>(pid)?;
    S::others_limits(pid, resource, new_limits)
}

/// Processor time of the caller; getrlimitusage(2) and the like are not portable.
fn limit_used<S: Posix>(pid: i32, resource: c_int) -> Result<u64> {
    if pid != 0 || resource != RR_RLIMIT_CPU {
        return Err(Errno(libc::ENOTSUP));
    }
    let usage = <S as Posix>::getrusage(RR_RUSAGE_SELF)?;
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec;
    let carry = (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1_000_000;
    Ok((seconds + carry) as u64)
}

pub fn getrusage<S: Posix>(who: c_int) -> Result<Rusage> {
    let mut usage = MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: libc writes one struct rusage.
    checked::<S, _>(|| unsafe { libc::getrusage(who, usage.as_mut_ptr()) })?;
    // SAFETY: libc filled it.
    Ok(widened(unsafe { usage.assume_init() }))
}

/// Systems differ in what the call writes if no child has changed state: zero here.
pub fn wait4<S: Posix>(pid: i32, options: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<Waited> {
    let mut status = 0;
    let mut libcs = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: both places are this function's own.
    let pid = checked::<S, _>(|| unsafe { S::wait4(pid, &raw mut status, options, libcs.as_mut_ptr()) })?;
    if pid == 0 {
        usage.write(Rusage::default());
        return Ok(Waited { pid, status: 0 });
    }
    // SAFETY: all zero is a struct rusage, and so is what the call wrote over it.
    usage.write(widened(unsafe { libcs.assume_init() }));
    Ok(Waited { pid, status })
}

/// Converts limits to the system's form. A soft limit above the hard one is refused here, because FreeBSD and
/// DragonFly silently lower it: `kern_proc_setrlimit`, `kern_setrlimit`.
pub fn to_system<S: Posix>(limits: Rlimit) -> Result<libc::rlimit> {
    let soft = limits.rlim_cur.min(S::LARGEST_LIMIT);
    let hard = limits.rlim_max.min(S::LARGEST_LIMIT);
    if soft > hard {
        return Err(Errno::EINVAL);
    }
    Ok(libc::rlimit { rlim_cur: soft as libc::rlim_t, rlim_max: hard as libc::rlim_t })
}

/// A negative value of a signed rlim_t was a limit above the largest.
pub fn from_system<S: Posix>(limits: libc::rlimit) -> Rlimit {
    Rlimit {
        rlim_cur: (limits.rlim_cur as u64).min(S::LARGEST_LIMIT),
        rlim_max: (limits.rlim_max as u64).min(S::LARGEST_LIMIT),
    }
}

/// macOS would accept the number with a flag: `_RLIMIT_POSIX_FLAG` in `dosetrlimit`.
fn known(resource: c_int) -> Result<c_int> {
    if catalog::is_known(resource) { Ok(resource) } else { Err(Errno::EINVAL) }
}

pub fn own_pid() -> i32 {
    // SAFETY: getpid takes nothing and cannot fail.
    unsafe { libc::getpid() }
}

/// kill(2) with signal 0. A PID below 1 would mean a process group, or all processes.
pub fn exists<S: Libc>(pid: i32) -> Result<()> {
    if pid < 1 {
        return Err(Errno(libc::ESRCH));
    }
    // SAFETY: kill takes any numbers, and 0 sends nothing.
    match checked::<S, _>(|| unsafe { libc::kill(pid, 0) }) {
        Err(Errno(libc::EPERM)) => Ok(()),
        result => result.map(drop),
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
