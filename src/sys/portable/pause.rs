//! Waiting by polling, where no notification is available.

use super::unix::{Libc, checked, clock};
use crate::errno::{Errno, Result};

const SHORTEST_NS: u64 = 100_000;
const LONGEST_NS: u64 = 10_000_000;

/// ETIMEDOUT after the deadline. `sleep` takes nanoseconds.
pub fn until<S: Libc, T>(
    deadline: Option<u64>,
    sleep: fn(u64),
    mut poll: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let mut length = SHORTEST_NS;
    loop {
        if let Some(found) = poll()? {
            return Ok(found);
        }
        let left = deadline.map_or(LONGEST_NS, |deadline| deadline.saturating_sub(clock::<S>()));
        if left == 0 {
            return Err(Errno(libc::ETIMEDOUT));
        }
        sleep(length.min(left));
        length = LONGEST_NS.min(length.saturating_mul(2));
    }
}

/// Less than a second; a signal handler cuts it short.
pub fn sleep<S: Libc>(nanoseconds: u64) {
    let time = libc::timespec { tv_sec: 0, tv_nsec: nanoseconds as _ };
    // SAFETY: nanosleep reads one struct timespec.
    let _ = checked::<S, _>(|| unsafe { libc::nanosleep(&raw const time, core::ptr::null_mut()) });
}
