//! Errors
//!
//! Texts and names for the errors that the functions of this library return.

use super::text;
use crate::errno;
use core::ffi::{c_char, c_int};

/// Gets a text that explains an error of this library and what to do about it.
///
/// error: 0, or an error that a function of this library returned
///
/// Returns: a static string; "unknown error" for a number that this library does not return; never NULL
#[unsafe(no_mangle)]
pub extern "C" fn rr_strerror(error: c_int) -> *const c_char {
    errno::text(error).as_ptr()
}

/// Gets the name that <errno.h> gives to an error.
///
/// error: an error that a function of this library returned
///
/// Returns: a static string such as "EPERM"; NULL for 0 and for a number that this library does not return
#[unsafe(no_mangle)]
pub extern "C" fn rr_strerrorname(error: c_int) -> *const c_char {
    text(errno::name(error))
}
