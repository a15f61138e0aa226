//! Signals around a spawn, sigprocmask(2) and sigaction(2): raw system calls, because libc's functions exclude two
//! signals that libc itself uses.

use super::kernel;
use crate::errno::Result;
use core::ffi::c_int;

/// A set is as large as the kernel's `_NSIG` has bits.
#[cfg(not(any(target_arch = "mips", target_arch = "mips64")))]
const SET_BYTES: usize = 8;
#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
const SET_BYTES: usize = 16;

const HIGHEST_SIGNAL: c_int = (SET_BYTES * 8) as c_int;

/// The kernel's signal set, an array of its longs.
type Set = [usize; SET_BYTES / size_of::<usize>()];

const NONE: Set = [0; SET_BYTES / size_of::<usize>()];

/// All signals except these.
const fn all_but(signals: &[c_int]) -> Set {
    let mut set = [usize::MAX; SET_BYTES / size_of::<usize>()];
    let mut index = 0;
    while index < signals.len() {
        #[allow(clippy::indexing_slicing, reason = "computed at compile time")]
        let bit = signals[index] as usize - 1;
        #[allow(clippy::indexing_slicing, reason = "computed at compile time")]
        {
            set[bit / usize::BITS as usize] &= !(1 << (bit % usize::BITS as usize));
        }
        index += 1;
    }
    set
}

/// SIGSYS, because a sandbox may send it for a call and emulate the call in its handler; and the other synchronous
/// signals, because a process is killed if one of them is blocked when it is raised.
const ALL_BUT_SYNCHRONOUS: Set =
    all_but(&[libc::SIGSYS, libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGTRAP]);

/// In a child, no handler of the caller may run for a signal from outside.
const ALL_BUT_SANDBOX: Set = all_but(&[libc::SIGSYS]);

/// All signals that can be blocked are blocked in the calling thread until this is dropped.
pub struct SignalsBlocked(Set);

impl SignalsBlocked {
    pub fn all() -> Result<SignalsBlocked> {
        set_mask(ALL_BUT_SYNCHRONOUS).map(SignalsBlocked)
    }
}

impl Drop for SignalsBlocked {
    /// Tried again if a sandbox that allowed the first call refuses once.
    fn drop(&mut self) {
        const MOST_TIMES: usize = 4;
        let _ = (0..MOST_TIMES).any(|_| set_mask(self.0).is_ok());
    }
}

/// In a child, until its handlers are reset.
pub fn block_in_child() -> Result<()> {
    set_mask(ALL_BUT_SANDBOX).map(drop)
}

/// In a child: pending signals are delivered from here on.
pub fn block_none() -> Result<()> {
    set_mask(NONE).map(drop)
}

fn set_mask(mut set: Set) -> Result<Set> {
    let mut previous = NONE;
    let (new, old) = (kernel::address(&mut set), kernel::address(&mut previous));
    // SAFETY: the kernel reads and writes a set of that size.
    unsafe { kernel::call(libc::SYS_rt_sigprocmask, [libc::SIG_SETMASK as usize, new, old, SET_BYTES]) }?;
    Ok(previous)
}

/// In a child that shares the caller's memory: no handler of the caller may run in it. execve(2) would reset the
/// handlers too, but only after the mask is emptied. Ignored signals stay ignored, except SIGPIPE.
pub fn reset_handlers() -> Result<()> {
    for signal in 1..=HIGHEST_SIGNAL {
        let handler = handler_of(signal)?;
        if handler != libc::SIG_DFL && (handler != libc::SIG_IGN || signal == libc::SIGPIPE) {
            act(signal, Some(&mut [0; ACTION_WORDS]), None)?;
        }
    }
    Ok(())
}

/// `struct sigaction` of the kernel, which differs by architecture, is never larger.
const ACTION_WORDS: usize = 12;

/// The handler comes first in it; on mips the flags precede it.
#[cfg(not(any(target_arch = "mips", target_arch = "mips64")))]
const HANDLER: usize = 0;
#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
const HANDLER: usize = 1;

fn handler_of(signal: c_int) -> Result<usize> {
    let mut action = [0; ACTION_WORDS];
    act(signal, None, Some(&mut action))?;
    Ok(action.get(HANDLER).copied().unwrap_or(libc::SIG_DFL))
}

fn act(signal: c_int, new: Option<&mut [usize; ACTION_WORDS]>, old: Option<&mut [usize; ACTION_WORDS]>) -> Result<()> {
    let (new, old) = (new.map_or(0, kernel::address), old.map_or(0, kernel::address));
    #[cfg(not(target_arch = "sparc64"))]
    let arguments = [signal as usize, new, old, SET_BYTES, 0];
    // Its fourth argument is a return address for handlers: `arch/sparc/kernel/sys_sparc_64.c`.
    #[cfg(target_arch = "sparc64")]
    let arguments = [signal as usize, new, old, 0, SET_BYTES];
    // SAFETY: both are large enough. SIGKILL and SIGSTOP have no handler, so they are never set.
    unsafe { kernel::call(libc::SYS_rt_sigaction, arguments) }.map(drop)
}
