//! Waiting by polling, and for another thread: ppoll(2), futex(2). Raw system calls, because libc's functions are
//! cancellation points.

use super::kernel::{self, KernelLong, address};
use crate::errno::{Errno, Result};
use crate::sys::Host;
use crate::sys::portable::pause;
use crate::sys::portable::unix::{SECOND, clock};
use core::sync::atomic::AtomicU32;

/// Polls. ETIMEDOUT after the deadline, by [`clock`].
pub fn until<T>(deadline: Option<u64>, poll: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    pause::until::<Host, _>(deadline, sleep, poll)
}

/// `struct timespec` of calls whose fields are longs.
pub fn time_of(nanoseconds: u64) -> [KernelLong; 2] {
    [KernelLong::try_from(nanoseconds / SECOND).unwrap_or(KernelLong::MAX), (nanoseconds % SECOND) as KernelLong]
}

/// A signal handler cuts it short.
fn sleep(nanoseconds: u64) {
    let mut time = time_of(nanoseconds);
    // SAFETY: no descriptors and no signal mask; a time is read and perhaps written.
    let slept = unsafe { kernel::call(libc::SYS_ppoll, [0, 0, address(&mut time), 0, 0]) };
    if !matches!(slept, Ok(_) | Err(Errno::EINTR)) {
        // A sandbox without it.
        pause::sleep::<Host>(nanoseconds);
    }
}

/// Waits while the word has this value, until the deadline or until a thread calls [`wake`]. May return earlier.
pub fn wait_while(word: &AtomicU32, value: u32, deadline: Option<u64>) {
    /// The longest wait without a wake, which a sandbox may refuse.
    const LONGEST: u64 = SECOND / 100;
    let left = deadline.map_or(LONGEST, |deadline| LONGEST.min(deadline.saturating_sub(clock::<Host>())));
    let mut time = time_of(left);
    let operation = (libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG) as usize;
    let arguments = [word.as_ptr().expose_provenance(), operation, value as usize, address(&mut time), 0];
    // SAFETY: the kernel reads the word and a time.
    let result = unsafe { kernel::call(libc::SYS_futex, arguments) };
    if !matches!(result, Ok(_) | Err(Errno::EINTR | Errno::EAGAIN | Errno(libc::ETIMEDOUT))) {
        sleep(left);
    }
}

pub fn wake(word: &AtomicU32) {
    let operation = (libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG) as usize;
    let arguments = [word.as_ptr().expose_provenance(), operation, i32::MAX as usize, 0, 0];
    // SAFETY: the address of the word only identifies it.
    let _ = unsafe { kernel::call(libc::SYS_futex, arguments) };
}
