//! Errors in words.

use super::text;
use crate::errno;
use core::ffi::{c_char, c_int};

/// Says what an error means to a caller of this library, and what to do where that is known.
///
/// error: 0, or an errno value as the functions of this library return it.
///
/// Returns a static English text; never NULL, for an unknown number neither.
///
/// Any thread; async-signal-safe, unlike strerror(3). Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_strerror(error: c_int) -> *const c_char {
    errno::text(error).as_ptr()
}

/// Names an error as errno.h does.
///
/// error: an errno value.
///
/// Returns a static text like "EPERM"; NULL for 0 and for a number that is no error of this system.
///
/// Any thread; async-signal-safe. Since 0.1. Compare strerrorname_np(3).
#[unsafe(no_mangle)]
pub extern "C" fn rr_strerrorname(error: c_int) -> *const c_char {
    text(errno::name(error))
}
