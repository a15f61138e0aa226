//! F1: the one place that calls the system.
//!
//! [`System`] is the whole interface that the floors above use: one implementation, `Host`, is compiled for each
//! target. Linux has its own; every other system supplies the smaller [`portable::posix::Posix`], from which `System`
//! follows. `portable` is the same for every system.
//!
//! Every call returns `Result` and preserves `errno`.

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

/// What a system supplies. A process is identified by its PID, and 0 is the caller. The default of a method is for a
/// system without the feature.
pub trait System: Libc {
    /// Every path is shorter than this, its NUL included.
    const PATH_MAX: usize;

    type Identity: Identity;
    /// What a handle keeps open of its process.
    type Files: Default;
    /// What a handle keeps between two calls that read bounds.
    type BoundCache: Default;
    type Child: Child<Identity = Self::Identity>;
    /// What a command keeps for its starts.
    type Image;
    /// Signals are blocked in the calling thread until this is dropped.
    type SignalsBlocked;

    fn own_pid() -> i32;
    /// Blocks all signals except the synchronous ones: if one of those is blocked when it is raised, the process is
    /// killed.
    fn block_signals() -> Result<Self::SignalsBlocked>;
    /// Waits while the word has this value, at most until the deadline. May return earlier.
    fn wait_while(word: &AtomicU32, value: u32, deadline: Option<u64>);
    /// Wakes the threads that wait on the word.
    fn wake(_word: &AtomicU32) {}

    fn getrlimit(resource: c_int) -> Result<Rlimit>;
    fn setrlimit(resource: c_int, limits: Rlimit) -> Result<()>;
    /// Sets the limits and returns the previous ones; `None` only reads.
    fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit>;
    /// The limits of a process for which `prlimit` returned EPERM, from another source.
    fn limits_shown(_pid: i32, _resource: c_int) -> Result<Rlimit> {
        Err(Errno::EPERM)
    }
    /// `None` where it is unknown.
    fn may_raise_hard_limits() -> Option<bool>;
    /// A maximum of the hard limit that binds privileged callers too. Other systems clamp larger values instead of
    /// refusing them.
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

    /// Lists the bounds of a process of one kind, RR_BOUND_*.
    fn list_bounds(pid: i32, cache: Option<&Self::BoundCache>, kind: c_int, listing: &mut Listing) -> Result<()>;

    fn getrusage(who: c_int) -> Result<Rusage>;
    /// The same, written to the caller's struct, which is unchanged on an error.
    fn getrusage_into(who: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<&mut Rusage> {
        Ok(usage.write(Self::getrusage(who)?))
    }
    /// `usage` is what the child used: zero if no child had changed state. It is unchanged on an error.
    fn wait4(pid: i32, options: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<Waited>;
    /// Converts a number of blocks, as getrusage(2) counts them, to bytes.
    fn block_bytes(_blocks: u64) -> Option<u64> {
        None
    }
    /// Converts `ru_maxrss` to bytes; `None` for 0.
    fn peak_bytes(maxrss: u64) -> Option<u64>;

    /// ESRCH if no process has this PID, EINVAL if it is the ID of a thread.
    fn identify(pid: i32) -> Result<Self::Identity>;
    /// The process that a descriptor refers to.
    fn identify_descriptor(_fd: c_int) -> Result<(i32, Self::Identity)> {
        Err(Errno(libc::ENOTSUP))
    }

    /// The wanted groups that getrusage(2) does not report, or reports less exactly.
    fn own_usage(wanted: u64) -> Result<Usage>;
    fn usage_of(pid: i32, identity: &Self::Identity, files: &Self::Files, wanted: u64) -> Result<Usage>;
    /// Resets the peak resident set size to its current value.
    fn reset_peak(_pid: i32) -> Result<()> {
        Err(Errno(libc::ENOTSUP))
    }

    fn image() -> Self::Image;
    /// `is_direct`: start without a launcher.
    fn spawn(plan: &Plan, image: &Self::Image, is_direct: bool) -> core::result::Result<Self::Child, Failed>;
}

/// Distinguishes a process from a later one with the same PID.
pub trait Identity {
    /// A descriptor that is readable once the process has ended.
    fn descriptor(&self) -> Option<c_int> {
        None
    }
    /// ESRCH unless the PID still belongs to the process. A zombie keeps its PID.
    fn holds(&self, pid: i32) -> Result<()>;
    /// ESRCH unless it is still running.
    fn lives(&self, pid: i32) -> Result<()>;
    /// Whether the PID and this identity are the calling process's.
    fn is_caller(&self, pid: i32) -> bool;
}

/// A child of the caller that `spawn` started. Its PID is not reused before it is reaped: the methods that use the PID
/// must not run while another thread is in `reap`. A deadline is a time of [`clock`]; ETIMEDOUT after it.
pub trait Child {
    type Identity;

    fn pid(&self) -> i32;
    /// A descriptor that is readable once the child has ended.
    fn descriptor(&self) -> Option<c_int> {
        None
    }
    /// The largest value at which the kernel's record of its peak memory may have started, if `callers` returns the
    /// caller's own peak around the start; negative if the record started with the child's own memory.
    fn inherited_peak(&self, callers: impl FnOnce() -> i64) -> i64 {
        callers()
    }
    /// `None` if it can be reached by its PID only.
    fn identity(&self) -> Option<Result<Self::Identity>> {
        None
    }
    fn identity_by_number(&self) -> Result<Self::Identity>;
    /// `None` if a signal can be sent by PID only.
    fn signal(&self, _signal: c_int, _to_group: bool) -> Option<Result<()>> {
        None
    }
    fn signal_by_number(&self, signal: c_int, to_group: bool) -> Result<()>;
    /// Waits until it has ended, and does not reap it.
    fn await_end(&self, deadline: Option<u64>) -> Result<()>;
    /// A child that has ended may still be held by its tracer: ptrace(2).
    fn reap(&self, deadline: Option<u64>) -> Result<(Exit, Rusage)>;
    /// How it ended, if it was already reaped elsewhere.
    fn exit_kept(&self, _deadline: Option<u64>) -> Result<Exit> {
        Err(Errno(libc::ECHILD))
    }
    /// Whether it is the root of a tree.
    fn has_tree(&self) -> bool {
        false
    }
    /// How the tree ended, after it was reaped.
    fn tree(&self) -> TreeEnd {
        TreeEnd::default()
    }
    /// The resource whose limit the zombie had reached. `soft_at_start` was its soft limit on processor time at the
    /// start, in seconds.
    fn limit_reached(&self, _soft_at_start: u64) -> Option<c_int> {
        None
    }
}

#[cfg(panic = "abort")]
pub fn abort() -> ! {
    // SAFETY: abort has no arguments and does not return.
    unsafe { libc::abort() }
}
