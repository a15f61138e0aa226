//! What every Unix shares.

use super::system::errno_location;
use crate::errno::{Errno, Result};
use core::ffi::{CStr, c_char};

/// Runs a system call that answers -1, an `int` or a `long`, and sets `errno`, and gives the error as a
/// value, `errno` as it was.
#[allow(dead_code, reason = "Linux on x86-64 and aarch64 has no use for it")]
pub fn checked<Answer: PartialEq + From<i8>>(call: impl FnOnce() -> Answer) -> Result<Answer> {
    let errno = errno_location();
    // SAFETY: errno_location points to this thread's errno, which lives as long as the thread.
    let before = unsafe { *errno };
    let answer = call();
    if answer != Answer::from(-1) {
        return Ok(answer);
    }
    // SAFETY: as above.
    let error = unsafe { errno.replace(before) };
    Err(Errno(error))
}

/// How a child ended.
pub enum Ended {
    Exited(i32),
    Signaled(i32),
}

/// `None` for the status of a child that has only stopped or gone on.
pub fn ending(status: i32) -> Option<Ended> {
    if libc::WIFEXITED(status) {
        Some(Ended::Exited(libc::WEXITSTATUS(status)))
    } else if libc::WIFSIGNALED(status) {
        Some(Ended::Signaled(libc::WTERMSIG(status)))
    } else {
        None
    }
}

/// sysconf(3): _SC_PAGESIZE cannot fail.
pub fn page_size() -> usize {
    // SAFETY: sysconf takes any number.
    let bytes = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(bytes).unwrap_or(0)
}

/// malloc(3) may set `errno` even where it succeeds. The compiler believes that it does not, and would
/// drop a plain write of what was read.
pub(super) fn keeping_errno<T>(act: impl FnOnce() -> T) -> T {
    let errno = errno_location();
    // SAFETY: errno_location points to this thread's errno, which lives as long as the thread.
    let before = unsafe { errno.read_volatile() };
    let answer = act();
    // SAFETY: as above.
    unsafe { errno.write_volatile(before) };
    answer
}

/// What `produce` answers, in memory of malloc(3), which is there before: a process that was started could
/// not be taken back.
pub fn allocated<T>(produce: impl FnOnce() -> Result<T>) -> Result<*mut T> {
    // SAFETY: malloc takes any size. What it gives is aligned for every type without a larger alignment
    // than the platform's basic ones, and none here has one.
    let memory = keeping_errno(|| unsafe { libc::malloc(size_of::<T>()) }).cast::<T>();
    if memory.is_null() {
        return Err(Errno::ENOMEM);
    }
    match produce() {
        Ok(value) => {
            // SAFETY: just allocated with the value's size.
            unsafe { memory.write(value) };
            Ok(memory)
        }
        Err(error) => {
            // SAFETY: of malloc, and used by nobody.
            keeping_errno(|| unsafe { libc::free(memory.cast()) });
            Err(error)
        }
    }
}

/// # Safety
/// `memory` came from [`allocated`] and is used by nobody.
pub unsafe fn release<T>(memory: *mut T) {
    // SAFETY: it holds a value, and then no more.
    keeping_errno(|| unsafe {
        memory.drop_in_place();
        libc::free(memory.cast());
    });
}

/// Nanoseconds of a clock that is never set.
pub fn clock() -> u64 {
    now(libc::CLOCK_MONOTONIC).unwrap_or(0)
}

/// A clock of clock_gettime(2), in nanoseconds.
#[allow(clippy::unnecessary_cast, reason = "the widths vary")]
pub(super) fn now(clock: libc::clockid_t) -> Result<u64> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: clock_gettime writes one struct timespec.
    checked(|| unsafe { libc::clock_gettime(clock, &raw mut time) })?;
    Ok((time.tv_sec as u64).saturating_mul(1_000_000_000).saturating_add(time.tv_nsec as u64))
}

/// Looking again and again, where a child has no descriptor to poll.
pub mod pause {
    use super::{checked, clock};
    use crate::errno::{Errno, Result};

    const SHORTEST: u64 = 100_000;
    const LONGEST: u64 = 10_000_000;

    /// ETIMEDOUT after the deadline.
    pub fn until<T>(deadline: Option<u64>, sleep: fn(u64), mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
        let mut length = SHORTEST;
        loop {
            if let Some(found) = look()? {
                return Ok(found);
            }
            let left = deadline.map_or(LONGEST, |deadline| deadline.saturating_sub(clock()));
            if left == 0 {
                return Err(Errno(libc::ETIMEDOUT));
            }
            sleep(length.min(left));
            length = LONGEST.min(length.saturating_mul(2));
        }
    }

    /// Of less than a second; a signal handler cuts it short.
    pub fn sleep(nanoseconds: u64) {
        let time = libc::timespec { tv_sec: 0, tv_nsec: nanoseconds as _ };
        // SAFETY: nanosleep reads one struct timespec.
        let _ = checked(|| unsafe { libc::nanosleep(&raw const time, core::ptr::null_mut()) });
    }
}

/// Strings, and NULL behind the last one: environ(7).
pub type Environment = *const *const c_char;

/// libc's variable, where a shared object may name it.
#[allow(dead_code, reason = "not on every system")]
pub fn environ() -> Environment {
    unsafe extern "C" {
        static environ: Environment;
    }
    // SAFETY: a pointer is read.
    unsafe { environ }
}

/// The caller's environment: good until one of its threads changes it, which breaks every reader of it.
pub fn environment() -> impl Iterator<Item = &'static CStr> {
    let mut place = super::system::environ();
    core::iter::from_fn(move || {
        if place.is_null() {
            return None;
        }
        // SAFETY: an array of strings that ends with NULL, which is not passed.
        let string = unsafe { *place };
        if string.is_null() {
            return None;
        }
        // SAFETY: as above.
        place = unsafe { place.add(1) };
        // SAFETY: ended by NUL.
        Some(unsafe { CStr::from_ptr(string) })
    })
}
