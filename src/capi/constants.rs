//! The header's constants by name.

use super::{give, take_text, version};
use crate::abi::command;
use crate::catalog::{self, Constant};
use crate::errno::{Errno, Result};
use crate::limits::{self, text};
use crate::usage;
use core::ffi::{CStr, c_char, c_int};

const TABLES: [&[Constant]; 7] = [
    version::CONSTANTS,
    catalog::CONSTANTS,
    catalog::SYSTEM_CONSTANTS,
    limits::CONSTANTS,
    text::CONSTANTS,
    usage::CONSTANTS,
    command::CONSTANTS,
];

/// Looks up a constant of this header by name, for languages that cannot read a #define.
///
/// name: the constant's name in capital letters, with or without RR_: "RLIMIT_NOFILE",
/// "RR_RUSAGE_CHILDREN".
/// value: is written on success; RR_RLIM_INFINITY as its 64 bits, which is -1 on Linux.
///
/// Returns 0; ENOENT when this system has no constant of that name; EFAULT when a pointer is NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_constant(name: *const c_char, value: *mut i64) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(value, || lookup(take_text(name)?)) }
}

fn lookup(name: &CStr) -> Result<i64> {
    let name = name.to_bytes();
    let bare = name.strip_prefix(b"RR_").unwrap_or(name);
    if let Some(number) = catalog::number_by_constant(bare) {
        return Ok(i64::from(number));
    }
    TABLES
        .into_iter()
        .flatten()
        .find(|constant| constant.name.as_bytes().strip_prefix(b"RR_") == Some(bare))
        .map(|constant| constant.value)
        .ok_or(Errno::ENOENT)
}
