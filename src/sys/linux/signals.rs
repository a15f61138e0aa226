//! Signals around a spawn, sigprocmask(2) and sigaction(2): the raw calls, for libc's keep two signals
//! of its own out of reach.

use super::kernel;
use core::ffi::c_int;

/// A set is as large as the kernel's `_NSIG` has bits.
#[cfg(not(any(target_arch = "mips", target_arch = "mips64")))]
const SET_BYTES: usize = 8;
#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
const SET_BYTES: usize = 16;

const HIGHEST_SIGNAL: c_int = (SET_BYTES * 8) as c_int;

type Set = [u64; SET_BYTES / 8];

/// All signals blocked in the calling thread, until this is dropped.
pub struct Blocked(Set);

impl Blocked {
    pub fn all() -> Blocked {
        Blocked(set_mask([u64::MAX; SET_BYTES / 8]))
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        set_mask(self.0);
    }
}

/// In a child: from here on each signal that waits acts.
pub fn block_none() {
    set_mask([0; SET_BYTES / 8]);
}

fn set_mask(mut set: Set) -> Set {
    let mut former: Set = [0; SET_BYTES / 8];
    let (new, old) = (kernel::address(&mut set), kernel::address(&mut former));
    // SAFETY: the kernel reads and writes a set of that size. It cannot fail.
    let _ = unsafe { kernel::call(libc::SYS_rt_sigprocmask, [libc::SIG_SETMASK as usize, new, old, SET_BYTES, 0]) };
    former
}

/// In a child that shares the caller's memory: a handler of the caller's must not run in it. exec would do
/// the same, but after the mask is emptied. What is ignored stays so, but SIGPIPE.
pub fn reset_handlers() {
    for signal in 1..=HIGHEST_SIGNAL {
        let handler = handler_of(signal);
        if handler != libc::SIG_DFL && (handler != libc::SIG_IGN || signal == libc::SIGPIPE) {
            act(signal, Some(&mut [0; ACTION_WORDS]), None);
        }
    }
}

/// `struct sigaction` of the kernel, which differs by architecture, is never larger.
const ACTION_WORDS: usize = 12;

/// In it the handler comes first, but behind the flags on mips.
#[cfg(not(any(target_arch = "mips", target_arch = "mips64")))]
const HANDLER: usize = 0;
#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
const HANDLER: usize = 1;

fn handler_of(signal: c_int) -> usize {
    let mut action = [0; ACTION_WORDS];
    act(signal, None, Some(&mut action));
    action.get(HANDLER).copied().unwrap_or(libc::SIG_DFL)
}

fn act(signal: c_int, new: Option<&mut [usize; ACTION_WORDS]>, old: Option<&mut [usize; ACTION_WORDS]>) {
    let (new, old) = (new.map_or(0, kernel::address), old.map_or(0, kernel::address));
    #[cfg(not(target_arch = "sparc64"))]
    let arguments = [signal as usize, new, old, SET_BYTES, 0];
    // Its fourth argument is a return address for handlers: `arch/sparc/kernel/sys_sparc_64.c`.
    #[cfg(target_arch = "sparc64")]
    let arguments = [signal as usize, new, old, 0, SET_BYTES];
    // SAFETY: both are large enough. SIGKILL and SIGSTOP are refused, and have no handler.
    let _ = unsafe { kernel::call(libc::SYS_rt_sigaction, arguments) };
}
