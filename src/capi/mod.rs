//! F3: `extern "C"`: one file per part of the header. Each function checks its pointers, calls the floor below, and
//! writes the result.
//!
//! The comments become the header's, for a C reader. Their requirements on a pointer (valid for the call, aligned,
//! readable or writable as its type states) are the safety contract of each function.
#![allow(clippy::missing_safety_doc)]

// In the header's order.
mod version;
mod errors;
mod resources;
mod constants;
mod limits;
mod limits_text;
mod process;
mod limits_many;
mod rusage;
mod usage;
mod bounds;
mod command;
mod child;
mod tree;

use crate::errno::{Errno, Result};
use crate::sys::{self, Host};
use core::ffi::{CStr, c_char, c_int};
use core::ptr;

/// 0, or the positive error number.
fn code(result: Result<()>) -> c_int {
    match result {
        Ok(()) => 0,
        Err(error) => error.0,
    }
}

/// Writes the result of `produce` to `out`: nothing on an error, and EFAULT for NULL
/// before anything is done.
///
/// # Safety
/// `out` is NULL or may be written.
#[inline(always)] // into each function: a large result then goes to the caller's memory at once
unsafe fn give<T>(out: *mut T, produce: impl FnOnce() -> Result<T>) -> c_int {
    if out.is_null() {
        return Errno::EFAULT.0;
    }
    // SAFETY: not NULL, and writable by contract. Nothing borrows it: in and out may be one.
    code(produce().map(|value| unsafe { out.write(value) }))
}

/// What a caller handed in: a copy, so that no reference to its memory stays.
///
/// # Safety
/// `input` is NULL or may be read.
unsafe fn take<T: Copy>(input: *const T) -> Result<T> {
    if input.is_null() {
        return Err(Errno::EFAULT);
    }
    // SAFETY: not NULL, and readable by contract.
    Ok(unsafe { input.read() })
}

/// # Safety
/// `text` is NULL or a string that ends in NUL and outlives the call.
unsafe fn take_text<'a>(text: *const c_char) -> Result<&'a CStr> {
    if text.is_null() {
        return Err(Errno::EFAULT);
    }
    // SAFETY: not NULL, and ended by NUL by contract.
    Ok(unsafe { CStr::from_ptr(text) })
}

/// Writes a handle to `out`, in separate memory.
///
/// # Safety
/// `out` is NULL or may be written.
unsafe fn give_handle<T>(out: *mut *mut T, produce: impl FnOnce() -> Result<T>) -> c_int {
    // SAFETY: passed on.
    keeping_errno(|| unsafe { give(out, || sys::allocated(produce)) })
}

/// # Safety
/// `handle` is NULL or came from [`give_handle`], and is not used any more.
unsafe fn free_handle<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: it came from `allocated` by contract.
        keeping_errno(|| unsafe { sys::release(handle) })
    }
}

/// For what allocates: malloc(3) may set `errno`.
fn keeping_errno<T>(act: impl FnOnce() -> T) -> T {
    sys::keeping_errno::<Host, T>(act)
}

/// A static text, or NULL.
fn text(text: Option<&'static CStr>) -> *const c_char {
    text.map_or(ptr::null(), CStr::as_ptr)
}
