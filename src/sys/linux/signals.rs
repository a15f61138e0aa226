//! Signals around a spawn, sigprocmask(2) and sigaction(2): the raw calls, for libc's keep two signals
//! of its own out of reach.

use super::kernel;
use crate::errno::Result;
use core::ffi::c_int;

/// A set is as large as the kernel's `_NSIG` has bits.
#[cfg(not(any(target_arch = "mips", target_arch = "mips64")))]
const SET_BYTES: usize = 8;
#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
const SET_BYTES: usize = 16;

const HIGHEST_SIGNAL: c_int = (SET_BYTES * 8) as c_int;

/// As the kernel has it, in words of its own.
type Set = [usize; SET_BYTES / size_of::<usize>()];

const NONE: Set = [0; SET_BYTES / size_of::<usize>()];

/// All but those.
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

/// A sandbox may answer a call by SIGSYS, whose handler then makes up an answer; and the others are a fault's
/// of the thread itself, which ends the process where its signal is blocked.
const ALL_BUT_SYNCHRONOUS: Set =
    all_but(&[libc::SIGSYS, libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGTRAP]);

/// In a child a handler of the caller's must not run for a signal that somebody sent.
const ALL_BUT_SANDBOX: Set = all_but(&[libc::SIGSYS]);

/// All signals that may be are blocked in the calling thread, until this is dropped.
pub struct SignalsBlocked(Set);

impl SignalsBlocked {
    pub fn all() -> Result<SignalsBlocked> {
        set_mask(ALL_BUT_SYNCHRONOUS).map(SignalsBlocked)
    }
}

impl Drop for SignalsBlocked {
    /// A sandbox that let pass the first call and refuses once is asked again.
    fn drop(&mut self) {
        const MOST_TIMES: usize = 4;
        let _ = (0..MOST_TIMES).any(|_| set_mask(self.0).is_ok());
    }
}

/// In a child, until its handlers are reset.
pub fn block_in_child() -> Result<()> {
    set_mask(ALL_BUT_SANDBOX).map(drop)
}

/// In a child: from here on each signal that waits acts.
pub fn block_none() -> Result<()> {
    set_mask(NONE).map(drop)
}

fn set_mask(mut set: Set) -> Result<Set> {
    let mut former = NONE;
    let (new, old) = (kernel::address(&mut set), kernel::address(&mut former));
    // SAFETY: the kernel reads and writes a set of that size.
    unsafe { kernel::call(libc::SYS_rt_sigprocmask, [libc::SIG_SETMASK as usize, new, old, SET_BYTES]) }?;
    Ok(former)
}

/// In a child that shares the caller's memory: a handler of the caller's must not run in it. exec would do
/// the same, but after the mask is emptied. What is ignored stays so, except SIGPIPE.
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

/// In it the handler comes first, but behind the flags on mips.
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
    // SAFETY: both are large enough. SIGKILL and SIGSTOP have no handler, so nobody sets them.
    unsafe { kernel::call(libc::SYS_rt_sigaction, arguments) }.map(drop)
}
