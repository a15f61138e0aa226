//! What every Unix shares.

use super::system::errno_location;
use crate::errno::{Errno, Result};

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
fn keeping_errno<T>(act: impl FnOnce() -> T) -> T {
    let errno = errno_location();
    // SAFETY: errno_location points to this thread's errno, which lives as long as the thread.
    let before = unsafe { errno.read_volatile() };
    let answer = act();
    // SAFETY: as above.
    unsafe { errno.write_volatile(before) };
    answer
}

/// The value in memory of malloc(3).
pub fn allocated<T>(value: T) -> Result<*mut T> {
    // SAFETY: malloc takes any size. What it gives is aligned for every type without a larger alignment
    // than the platform's basic ones, and none here has one.
    let memory = keeping_errno(|| unsafe { libc::malloc(size_of::<T>()) }).cast::<T>();
    if memory.is_null() {
        return Err(Errno::ENOMEM);
    }
    // SAFETY: just allocated with the value's size.
    unsafe { memory.write(value) };
    Ok(memory)
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
