//! What every libc has: errno, clocks, the size of a page, the environment.

use crate::errno::{Errno, Result};
use core::ffi::{CStr, c_char, c_int};

/// An array of strings that ends with NULL: environ(7).
pub type Environment = *const *const c_char;

/// Names that differ between libcs.
pub trait Libc {
    /// The address of the calling thread's errno.
    fn errno_location() -> *mut c_int;

    /// The variable `environ`, where a shared object may name it.
    fn environ() -> Environment {
        unsafe extern "C" {
            static environ: Environment;
        }
        // SAFETY: a pointer is read.
        unsafe { environ }
    }
}

/// Runs a call that returns -1, an `int` or a `long`, and sets `errno` if it fails. Returns the error and preserves
/// `errno`.
pub fn checked<S: Libc, Value: PartialEq + From<i8>>(call: impl FnOnce() -> Value) -> Result<Value> {
    let errno = S::errno_location();
    // SAFETY: this thread's errno, which lives as long as the thread.
    let before = unsafe { *errno };
    let value = call();
    if value != Value::from(-1) {
        return Ok(value);
    }
    // SAFETY: as above.
    let error = unsafe { errno.replace(before) };
    Err(Errno(error))
}

/// malloc(3) may set `errno` even where it succeeds. The compiler assumes that it does not, and would remove a plain
/// write of the value that was read.
pub fn keeping_errno<S: Libc, T>(act: impl FnOnce() -> T) -> T {
    let errno = S::errno_location();
    // SAFETY: this thread's errno, which lives as long as the thread.
    let before = unsafe { errno.read_volatile() };
    let value = act();
    // SAFETY: as above.
    unsafe { errno.write_volatile(before) };
    value
}

/// sysconf(3): _SC_PAGESIZE cannot fail.
pub fn page_size() -> usize {
    // SAFETY: sysconf takes any number.
    let bytes = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(bytes).unwrap_or(0)
}

/// Nanoseconds of a clock that is never set.
pub fn clock<S: Libc>() -> u64 {
    now::<S>(libc::CLOCK_MONOTONIC).unwrap_or(0)
}

/// A clock of clock_gettime(2), in nanoseconds.
#[allow(clippy::unnecessary_cast, reason = "the widths vary")]
pub fn now<S: Libc>(clock: libc::clockid_t) -> Result<u64> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: clock_gettime writes one struct timespec.
    checked::<S, _>(|| unsafe { libc::clock_gettime(clock, &raw mut time) })?;
    Ok(nanoseconds(time.tv_sec as u64, time.tv_nsec as u64))
}

/// In nanoseconds.
pub(crate) const SECOND: u64 = 1_000_000_000;

/// No system's time is negative.
pub fn nanoseconds(seconds: u64, nanoseconds: u64) -> u64 {
    seconds.saturating_mul(SECOND).saturating_add(nanoseconds)
}

/// The caller's environment, which is valid until one of its threads changes it: that is unsafe for every reader.
pub fn environment<S: Libc>() -> impl Iterator<Item = &'static CStr> {
    let mut place = S::environ();
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
