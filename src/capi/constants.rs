//! The header's constants, and the layout of its structs, by name.

use super::{give, take_text};
use crate::abi::{self, Constants, count, names, numbers, one_table};
use crate::catalog;
use crate::errno::{Errno, Result};
use crate::strings::{Strings, has, joined, length};
use core::ffi::{CStr, c_char, c_int};

/// Gets a constant of this header, the size of a struct or the offset of a field by name. It is meant for
/// languages that cannot read the header.
///
/// name: name of a constant, in capitals, with or without RR_: "RLIMIT_NOFILE". SIZEOF_ and the name of a
///   struct is its size: "SIZEOF_OUTCOME". OFFSETOF_, a struct and a field is the offset of the field:
///   "OFFSETOF_USAGE_CPU_NS".
/// value: buffer for the value. RR_RLIM_INFINITY is stored as its 64 bits, which are -1 on Linux.
///
/// Errors:
///   ENOENT  there is no constant of that name on this system
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_constant(name: *const c_char, value: *mut i64) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(value, || lookup(take_text(name)?)) }
}

const TABLES: [Constants; abi::CONSTANTS.len() + 1] = {
    let [version, resource, limits_text, limits_many, rusage, usage, bound, command, tree] = abi::CONSTANTS;
    [version, resource, limits_text, limits_many, rusage, usage, bound, command, tree, catalog::SYSTEM_CONSTANTS]
};

one_table!(NAMES, NUMBERS: [i64], TABLES);

fn lookup(name: &CStr) -> Result<i64> {
    let name = name.to_bytes();
    let bare = name.strip_prefix(b"RR_").unwrap_or(name);
    catalog::number_by_constant(bare)
        .map(i64::from)
        .or_else(|| constant(bare))
        .or_else(|| layout(bare))
        .ok_or(Errno::ENOENT)
}

fn constant(bare: &[u8]) -> Option<i64> {
    let place = Strings::of(&NAMES).position(|name| name.to_bytes().strip_prefix(b"RR_") == Some(bare))?;
    NUMBERS.get(place).copied()
}

fn layout(name: &[u8]) -> Option<i64> {
    let (path, is_field) = match name.strip_prefix(b"SIZEOF_") {
        Some(path) => (path, false),
        None => (name.strip_prefix(b"OFFSETOF_")?, true),
    };
    let mut layouts = abi::layouts().map(|(known, number)| (known.to_bytes(), number));
    let is_meant = |known: &[u8]| has(known, b'.') == is_field && is_capitals_of(path, known);
    layouts.find(|(known, _)| is_meant(known)).map(|(_, number)| number.into())
}

/// Of a path too, whose dot is an underscore in capitals.
fn is_capitals_of(name: &[u8], small: &[u8]) -> bool {
    let capital = |byte: &u8| if *byte == b'.' { b'_' } else { byte.to_ascii_uppercase() };
    name.iter().copied().eq(small.iter().map(capital))
}
