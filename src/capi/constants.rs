//! The header's constants, and the layout of its structs, by name.

use super::{give, take_text};
use crate::abi::{self, Layout};
use crate::catalog;
use crate::errno::{Errno, Result};
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
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(value, || lookup(take_text(name)?)) }
}

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
    let mut constants = abi::CONSTANTS.into_iter().flatten().chain(catalog::SYSTEM_CONSTANTS);
    constants
        .find(|constant| constant.name.as_bytes().strip_prefix(b"RR_") == Some(bare))
        .map(|constant| constant.value)
}

fn layout(name: &[u8]) -> Option<i64> {
    let number = match name.strip_prefix(b"SIZEOF_") {
        Some(bare) => abi::LAYOUTS.iter().find(|layout| is_capitals_of(bare, layout.name.as_bytes()))?.size,
        None => {
            let path = name.strip_prefix(b"OFFSETOF_")?;
            usize::from(abi::LAYOUTS.iter().find_map(|layout| offset(layout, path))?)
        }
    };
    i64::try_from(number).ok()
}

fn offset(layout: &Layout, path: &[u8]) -> Option<u16> {
    let of_struct = layout.name.as_bytes();
    let (head, rest) = path.split_at_checked(of_struct.len())?;
    let field = rest.strip_prefix(b"_").filter(|_| is_capitals_of(head, of_struct))?;
    let mut fields = layout.fields.as_bytes().split(|byte| *byte == 0).zip(layout.offsets);
    fields.find(|(known, _)| is_capitals_of(field, known)).map(|(_, offset)| *offset)
}

fn is_capitals_of(name: &[u8], small: &[u8]) -> bool {
    name.iter().copied().eq(small.iter().map(u8::to_ascii_uppercase))
}
