//! Linux, Android too: raw system calls, so that a preloaded shim over libc's `getrlimit` can itself
//! be built on this library, and so that 32-bit programs get 64-bit limits.

mod bounds;
mod clock;
mod descriptor;
mod files;
mod ended;
mod identity;
mod kernel;
mod limits_file;
mod pause;
mod privilege;
mod proc;
mod usage;
mod signals;
mod spawn;
mod tree;
mod used;
#[path = "../portable/path.rs"]
mod path;
mod width;

use super::portable::unix::Libc;
use super::{Failed, Listing, Plan, System};
use super::{Rlimit, Rusage, Timeval, Usage, Waited};
use crate::errno::{Errno, Result};
use bounds::BoundCache;
use core::ffi::c_int;
use core::mem::MaybeUninit;
use core::sync::atomic::AtomicU32;
use files::Files;
use identity::Identity;
use kernel::{KernelLong, address};
use own_limits::{getrlimit, setrlimit};
use signals::SignalsBlocked;
use spawn::Image;
use tree::ChildHandle;

pub struct Host;

impl Libc for Host {
    fn errno_location() -> *mut c_int {
        #[cfg(not(target_os = "android"))]
        // SAFETY: it has no arguments and returns the address of the calling thread's errno.
        return unsafe { libc::__errno_location() };
        #[cfg(target_os = "android")]
        // SAFETY: as above, under Bionic's name.
        return unsafe { libc::__errno() };
    }
}

impl System for Host {
    const PATH_MAX: usize = libc::PATH_MAX as usize;

    type Identity = Identity;
    type Files = Files;
    type BoundCache = BoundCache;
    type Child = ChildHandle;
    type Image = Image;
    type SignalsBlocked = SignalsBlocked;

    fn own_pid() -> i32 {
        kernel::own_pid()
    }
    fn block_signals() -> Result<SignalsBlocked> {
        SignalsBlocked::all()
    }
    fn wait_while(word: &AtomicU32, value: u32, deadline: Option<u64>) {
        pause::wait_while(word, value, deadline);
    }
    fn wake(word: &AtomicU32) {
        pause::wake(word);
    }
    fn getrlimit(resource: c_int) -> Result<Rlimit> {
        getrlimit(resource)
    }
    fn setrlimit(resource: c_int, limits: Rlimit) -> Result<()> {
        setrlimit(resource, limits)
    }
    fn prlimit(pid: i32, resource: c_int, new_limits: Option<Rlimit>) -> Result<Rlimit> {
        prlimit(pid, resource, new_limits)
    }
    fn limits_shown(pid: i32, resource: c_int) -> Result<Rlimit> {
        limits_file::limits_shown(pid, resource)
    }
    fn may_raise_hard_limits() -> Option<bool> {
        privilege::may_raise_hard_limits()
    }
    fn hard_maximum(resource: c_int) -> Result<Option<u64>> {
        privilege::hard_maximum(resource)
    }
    fn is_representable(limits: Rlimit) -> bool {
        width::is_representable(limits)
    }
    fn limit_used(pid: i32, resource: c_int) -> Result<u64> {
        used::limit_used(pid, resource)
    }
    fn list_bounds(pid: i32, cache: Option<&BoundCache>, kind: c_int, listing: &mut Listing) -> Result<()> {
        bounds::list_bounds(pid, cache, kind, listing)
    }
    fn getrusage(who: c_int) -> Result<Rusage> {
        getrusage(who)
    }
    #[inline(always)] // a call would cost a tenth of it
    fn getrusage_into(who: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<&mut Rusage> {
        getrusage_into(who, usage)
    }
    fn wait4(pid: i32, options: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<Waited> {
        wait4(pid, options, usage)
    }
    /// 512 bytes each: `task_io_get_inblock` in `include/linux/task_io_accounting_ops.h`.
    fn block_bytes(blocks: u64) -> Option<u64> {
        Some(blocks.saturating_mul(512))
    }
    /// KiB. 0 is possible for a very small process, because the counters lag.
    fn peak_bytes(maxrss: u64) -> Option<u64> {
        (maxrss > 0).then(|| maxrss.saturating_mul(1024))
    }
    fn identify(pid: i32) -> Result<Identity> {
        identity::identify(pid)
    }
    fn identify_descriptor(fd: c_int) -> Result<(i32, Identity)> {
        identity::identify_descriptor(fd)
    }
    fn own_usage(wanted: u64) -> Result<Usage> {
        usage::own_usage(wanted)
    }
    fn usage_of(pid: i32, identity: &Identity, files: &Files, wanted: u64) -> Result<Usage> {
        usage::usage_of(pid, identity, files, wanted)
    }
    fn reset_peak(pid: i32) -> Result<()> {
        usage::reset_peak(pid)
    }
    fn image() -> Image {
        Image::new()
    }
    fn spawn(plan: &Plan, image: &Image, is_direct: bool) -> core::result::Result<ChildHandle, Failed> {
        match plan.tree {
            Some(tree) => tree::spawn(plan, tree).map(ChildHandle::Tree),
            None => spawn::spawn(plan, image, is_direct).map(ChildHandle::Alone),
        }
    }
}

/// The system calls `getrlimit` and `setrlimit`, where their fields have 64 bits: they cost less than half of
/// prlimit64, which libc uses. A sandbox may allow prlimit64 only, so that one is tried second, and its result is
/// final.
#[cfg(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "riscv64",
    target_arch = "s390x",
    target_arch = "powerpc64"
))]
mod own_limits {
    use super::{Errno, MaybeUninit, Result, Rlimit, address, c_int, kernel, prlimit};

    pub fn getrlimit(resource: c_int) -> Result<Rlimit> {
        let mut limits = MaybeUninit::<Rlimit>::uninit();
        // SAFETY: the kernel writes one struct rlimit, two 64-bit fields on these architectures.
        match unsafe { kernel::call(libc::SYS_getrlimit, [resource as usize, address(&mut limits)]) } {
            // SAFETY: the kernel filled it.
            Ok(_) => Ok(unsafe { limits.assume_init() }),
            Err(refused @ (Errno::EINVAL | Errno::EFAULT)) => Err(refused),
            Err(_) => prlimit(0, resource, None),
        }
    }

    pub fn setrlimit(resource: c_int, mut limits: Rlimit) -> Result<()> {
        // SAFETY: the kernel reads one struct rlimit, two 64-bit fields on these architectures.
        match unsafe { kernel::call(libc::SYS_setrlimit, [resource as usize, address(&mut limits)]) } {
            Ok(_) => Ok(()),
            Err(Errno(libc::ENOSYS | libc::EPERM)) => prlimit(0, resource, Some(limits)).map(drop),
            Err(refused) => Err(refused),
        }
    }
}

/// Elsewhere `getrlimit` is absent, or narrow: 32-bit fields.
#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "riscv64",
    target_arch = "s390x",
    target_arch = "powerpc64"
)))]
mod own_limits {
    use super::{Result, Rlimit, c_int, prlimit};

    pub fn getrlimit(resource: c_int) -> Result<Rlimit> {
        prlimit(0, resource, None)
    }

    pub fn setrlimit(resource: c_int, limits: Rlimit) -> Result<()> {
        prlimit(0, resource, Some(limits)).map(drop)
    }
}

/// Sets the limits and returns the previous ones atomically; `None` only reads. 0 is the caller.
pub fn prlimit(pid: i32, resource: c_int, mut new_limits: Option<Rlimit>) -> Result<Rlimit> {
    if let Some(limits) = new_limits.filter(|limits| !width::is_representable(*limits)) {
        // The errors that the kernel finds before it checks the values come first.
        prlimit(pid, resource, None)?;
        return Err(if limits.rlim_cur > limits.rlim_max { Errno::EINVAL } else { Errno::ERANGE });
    }
    let new_limits = new_limits.as_mut().map_or(0, address);
    let mut old_limits = MaybeUninit::<Rlimit>::uninit();
    let arguments = [pid as usize, resource as usize, new_limits, address(&mut old_limits), 0];
    // SAFETY: the kernel reads and writes struct rlimit64, two 64-bit fields everywhere.
    unsafe { kernel::call(libc::SYS_prlimit64, arguments) }?;
    // SAFETY: the kernel filled it.
    Ok(unsafe { old_limits.assume_init() })
}

/// `__kernel_suseconds_t`: `arch/sparc/include/uapi/asm/posix_types.h` has a narrow one.
#[cfg(not(target_arch = "sparc64"))]
type KernelMicroseconds = KernelLong;
#[cfg(target_arch = "sparc64")]
type KernelMicroseconds = i32;

/// `struct __kernel_old_timeval`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct KernelTimeval {
    sec: KernelLong,
    usec: KernelMicroseconds,
}

/// `struct rusage` of `include/uapi/linux/resource.h`, from which libc's differs on some architectures.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct KernelRusage {
    utime: KernelTimeval,
    stime: KernelTimeval,
    /// From `ru_maxrss` to `ru_nivcsw`.
    counts: [KernelLong; 14],
}

/// If the kernel's fields are as wide as ours, it fills our struct directly.
const SAME_FIELDS: bool = size_of::<KernelRusage>() == size_of::<Rusage>() && size_of::<KernelMicroseconds>() == 8;

#[inline(always)]
fn getrusage_into(who: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<&mut Rusage> {
    let mut kernels = MaybeUninit::<KernelRusage>::uninit();
    let place = if SAME_FIELDS { address(usage) } else { address(&mut kernels) };
    // SAFETY: the kernel writes one struct rusage of its longs.
    unsafe { kernel::call(libc::SYS_getrusage, [who as usize, place]) }?;
    if !SAME_FIELDS {
        // SAFETY: the kernel filled it.
        usage.write(unsafe { kernels.assume_init() }.widen());
    }
    // SAFETY: filled either way.
    Ok(unsafe { usage.assume_init_mut() })
}

fn getrusage(who: c_int) -> Result<Rusage> {
    getrusage_into(who, &mut MaybeUninit::uninit()).map(|usage| *usage)
}

pub fn wait4(pid: i32, options: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<Waited> {
    let mut status = 0;
    let mut kernels = MaybeUninit::<KernelRusage>::uninit();
    let place = if SAME_FIELDS { address(usage) } else { address(&mut kernels) };
    let arguments = [pid as usize, address(&mut status), options as usize, place];
    // SAFETY: the kernel writes one int and one struct rusage of its longs, or neither with WNOHANG.
    let pid = unsafe { kernel::call(libc::SYS_wait4, arguments) }? as i32;
    if pid == 0 {
        usage.write(Rusage::default());
    } else if !SAME_FIELDS {
        // SAFETY: the kernel filled it, for there is a child.
        usage.write(unsafe { kernels.assume_init() }.widen());
    }
    Ok(Waited { pid, status })
}

impl KernelTimeval {
    fn widen(self) -> Timeval {
        Timeval::widened(self.sec, self.usec)
    }
}

impl KernelRusage {
    fn widen(self) -> Rusage {
        Rusage::widened(self.utime.widen(), self.stime.widen(), self.counts)
    }
}
