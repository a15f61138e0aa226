//! F1: the one place that calls the system.
//!
//! [`System`] is all that the floors above ask of a system: one implementation, `Host`, is compiled for each
//! target. Linux has its own; every other system supplies the smaller [`portable::posix::Posix`], from which
//! `System` follows. `portable` never knows which system it serves.
//!
//! Every call answers `Result` and leaves `errno` as it was.

pub mod portable;

#[cfg_attr(any(target_os = "linux", target_os = "android"), path = "linux/mod.rs")]
#[cfg_attr(target_os = "freebsd", path = "freebsd.rs")]
#[cfg_attr(target_os = "netbsd", path = "netbsd.rs")]
#[cfg_attr(target_os = "openbsd", path = "openbsd.rs")]
#[cfg_attr(target_os = "dragonfly", path = "dragonfly.rs")]
#[cfg_attr(target_vendor = "apple", path = "apple/mod.rs")]
#[cfg_attr(any(target_os = "solaris", target_os = "illumos"), path = "solaris.rs")]
mod host;

use crate::errno::{Errno, Result};
use core::ffi::c_int;
use core::mem::MaybeUninit;
use core::sync::atomic::AtomicU32;
use portable::unix::Libc;

pub use crate::abi::rlimit::Rlimit;
pub use crate::abi::rusage::{Rusage, Timeval};
pub use crate::abi::usage::{
    RR_USAGE_ALL, RR_USAGE_CPU, RR_USAGE_FAULTS, RR_USAGE_IO, RR_USAGE_OPEN_FILES, RR_USAGE_PEAK_IS_BOUND,
    RR_USAGE_PEAK_RSS, RR_USAGE_RSS, RR_USAGE_SWAP, RR_USAGE_SWITCHES, RR_USAGE_THREADS, RR_USAGE_TIMES,
    RR_USAGE_VIRTUAL, RR_USAGE_WALL, Usage,
};
pub use host::Host;
pub use portable::bounds::Listing;
pub use portable::exit::{Exit, Waited};
pub use portable::memory::{Pointers, Vector, allocated, release};
pub use portable::plan::{Credentials, Failed, Limit, Plan, Redirection, TreeEnd, TreePlan};
pub(crate) use portable::unix::SECOND;
pub use portable::unix::{clock, environment, keeping_errno, nanoseconds, page_size};

/// What a system supplies. A process is given by its number, and 0 is the caller. A method with a body is the
/// answer of a system that has nothing of the kind.
pub trait System: Libc {
    /// No path has as many bytes, with its NUL.
    const PATH_MAX: usize;

    type Identity: Identity;
    /// What a handle keeps open of its process.
    type Files: Default;
    /// What a handle keeps from one question about bounds to the next.
    type BoundCache: Default;
    type Child: Child<Identity = Self::Identity>;
    /// What a command keeps for its starts.
    type Image;
    /// Signals are blocked in the calling thread until this is dropped.
    type SignalsBlocked;

    fn own_pid() -> i32;
    /// Blocks all signals, except those of a fault of the thread itself: a process ends where these are blocked.
    fn block_signals() -> Result<Self::SignalsBlocked>;
    /// Waits while a word has that value, at most until the deadline; may return earlier.
    fn wait_while(word: &AtomicU32, value: u32, deadline: Option<u64>);
    /// Wakes who waits on the word.
    fn wake(_word: &AtomicU32) {}

    fn getrlimit(resource: c_int) -> Result<Rlimit>;
    fn setrlimit(resource: c_int, limits: Rlimit) -> Result<()>;
    /// Sets and answers the previous limits; `None` only reads.
    fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit>;
    /// The limits of a process for which `prlimit` was refused.
    fn limits_shown(_pid: i32, _resource: c_int) -> Result<Rlimit> {
        Err(Errno::EPERM)
    }
    /// `None` where it is unknown.
    fn may_raise_hard_limits() -> Option<bool>;
    /// A maximum of the hard limit that no privilege lifts. Elsewhere larger values are clamped, not refused.
    fn hard_maximum(_resource: c_int) -> Result<Option<u64>> {
        Ok(None)
    }
    /// A maximum of the soft limit below the hard one.
    fn soft_maximum(_resource: c_int) -> Option<u64> {
        None
    }
    /// Whether the kernel stores the limits unchanged.
    fn is_representable(_limits: Rlimit) -> bool {
        true
    }
    fn limit_used(pid: i32, resource: c_int) -> Result<u64>;

    /// Lists what bounds a process in one respect, RR_BOUND_*.
    fn list_bounds(pid: i32, cache: Option<&Self::BoundCache>, kind: c_int, listing: &mut Listing) -> Result<()>;

    fn getrusage(who: c_int) -> Result<Rusage>;
    /// The same to where it is to go. Writes nothing on an error.
    fn getrusage_into(who: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<()> {
        usage.write(Self::getrusage(who)?);
        Ok(())
    }
    fn wait4(pid: i32, options: c_int) -> Result<Waited>;
    /// The bytes of that many of the blocks that getrusage(2) counts.
    fn block_bytes(_blocks: u64) -> Option<u64> {
        None
    }
    /// The bytes of `ru_maxrss`, in its unit; `None` for 0.
    fn peak_bytes(maxrss: u64) -> Option<u64>;

    /// ESRCH when no process has the number, EINVAL when it is a thread's.
    fn identify(pid: i32) -> Result<Self::Identity>;
    /// The process of a descriptor.
    fn identify_descriptor(_fd: c_int) -> Result<(i32, Self::Identity)> {
        Err(Errno(libc::ENOTSUP))
    }

    /// Those of the wanted groups that getrusage(2) does not report, or reports less exactly.
    fn own_usage(wanted: u64) -> Result<Usage>;
    fn usage_of(pid: i32, identity: &Self::Identity, files: &Self::Files, wanted: u64) -> Result<Usage>;
    /// Resets the peak resident set size to its current value.
    fn reset_peak(_pid: i32) -> Result<()> {
        Err(Errno(libc::ENOTSUP))
    }

    fn image() -> Self::Image;
    /// `is_direct` asks for a start without a launcher.
    fn spawn(plan: &Plan, image: &Self::Image, is_direct: bool) -> core::result::Result<Self::Child, Failed>;
}

/// Tells a process from a later one with its number.
pub trait Identity {
    /// A descriptor that is readable once the process has ended.
    fn descriptor(&self) -> Option<c_int> {
        None
    }
    /// ESRCH unless the number still belongs to the process. A zombie keeps its number.
    fn holds(&self, pid: i32) -> Result<()>;
    /// ESRCH unless it still runs.
    fn lives(&self, pid: i32) -> Result<()>;
    /// Whether the number and this mean the calling process.
    fn is_caller(&self, pid: i32) -> bool;
}

/// A child of the caller that `spawn` started. Its number is its own until somebody has waited for it: what takes
/// the number must not run beside `reap`. A deadline is a time of [`clock`]; ETIMEDOUT after it.
pub trait Child {
    type Identity;

    fn pid(&self) -> i32;
    /// A descriptor that is readable once the child has ended.
    fn descriptor(&self) -> Option<c_int> {
        None
    }
    /// The largest value with which its record of peak memory may have begun, if the caller's own was `callers`
    /// around the start; below 0 where it began with its own memory.
    fn inherited_peak(&self, callers: i64) -> i64 {
        callers
    }
    /// `None` where only its number leads to it.
    fn identity(&self) -> Option<Result<Self::Identity>> {
        None
    }
    fn identity_by_number(&self) -> Result<Self::Identity>;
    /// `None` where a signal can only go by number.
    fn signal(&self, _signal: c_int, _to_group: bool) -> Option<Result<()>> {
        None
    }
    fn signal_by_number(&self, signal: c_int, to_group: bool) -> Result<()>;
    /// Waits until it has ended, and does not reap it.
    fn await_end(&self, deadline: Option<u64>) -> Result<()>;
    /// What has ended may still be its tracer's: ptrace(2).
    fn reap(&self, deadline: Option<u64>) -> Result<(Exit, Rusage)>;
    /// How it ended, after somebody else has reaped it.
    fn exit_kept(&self, _deadline: Option<u64>) -> Result<Exit> {
        Err(Errno(libc::ECHILD))
    }
    /// Whether it is the root of a tree.
    fn has_tree(&self) -> bool {
        false
    }
    /// What became of that, once it was reaped.
    fn tree(&self) -> TreeEnd {
        TreeEnd::default()
    }
    /// The resource whose limit the zombie had reached. It began with `soft_at_start` seconds as its soft limit on
    /// processor time.
    fn limit_reached(&self, _soft_at_start: u64) -> Option<c_int> {
        None
    }
}

#[cfg(panic = "abort")]
pub fn abort() -> ! {
    // SAFETY: abort takes nothing and does not return.
    unsafe { libc::abort() }
}
