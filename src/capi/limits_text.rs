//! Limits and durations as text
//!
//! The form in which limits and durations are written in configuration files and on command lines. It does not
//! depend on the locale.

use super::{code, give, take, take_text};
use crate::errno::Errno;
use crate::limits::{Rlimit, text};
use core::ffi::{c_char, c_int};
use core::ptr;

/// Parses limits from text such as "1024", "8M", "4:unlimited" or "1h30min".
///
/// One value sets the soft and the hard limit. "soft:hard" sets each. "soft:" sets the soft limit only and
/// ":hard" the hard limit only; the other one stays as it is in `limits`. A value is a word or a number without
/// blanks. Letters can be in either case.
///
/// Value                Meaning
/// unlimited, infinity  no limit; also -1 (except for NICE) and the decimal value of RR_RLIM_INFINITY
/// hard                 the hard limit that `limits` contains before the call
/// number               digits, optionally with a decimal point, and a suffix that depends on the resource
///
/// Resource      Suffix of a number
/// bytes         none or B; or K, M, G, T, P or E for powers of 1024, which B or iB can follow
/// counts        none; or K, M or G for powers of 1024
/// CPU, RTTIME   none for the unit of the resource; or us, ms, s, min, h or d; numbers with suffixes add up: "1h30min"
/// NICE          none; the number is the limit, or with a sign the nice level: "-5" is the same limit as "25"
/// RTPRIO        none
///
/// Bytes and counts must be whole: "1.5GiB" is accepted, "1.5" is malformed. A time is rounded up to the unit of the
/// resource. "m" is malformed, because it could mean minutes or months.
///
/// resource: one of RR_RLIMIT_*
/// text: null-terminated text
/// limits: limits that the text may leave unchanged, such as from rr_getrlimit; replaced on success
///
/// Errors:
///   EINVAL  malformed limit; or the soft limit would be greater than the hard limit; or the resource does not
///           exist on this system
///   ERANGE  well-formed text, but the number is too large for a limit or is not a nice level
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimit_parse(resource: c_int, text: *const c_char, limits: *mut Rlimit) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(limits, || text::parse(resource, take_text(text)?.to_bytes(), take(limits)?)) }
}

/// Formats limits as text that rr_rlimit_parse parses back to the same numbers.
///
/// The text is one value if both limits are equal, otherwise "soft:hard". No limit is "unlimited". Bytes use
/// the largest power of 1024 that divides them: "8M", "1536K", "1000". Times use units: "1h30min". Everything
/// else is a plain number.
///
/// resource: one of RR_RLIMIT_*
/// limits: limits, in the unit of the resource
/// text: buffer for the null-terminated text
/// size: size of the buffer in bytes; RR_RLIMIT_TEXT_SIZE is always enough
///
/// Errors:
///   ERANGE  the buffer is too small
///   EINVAL  the resource does not exist on this system, or the soft limit is greater than the hard limit
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimit_format(
    resource: c_int,
    limits: *const Rlimit,
    text: *mut c_char,
    size: usize,
) -> c_int {
    if text.is_null() {
        return Errno::EFAULT.0;
    }
    let write = || {
        // SAFETY: the caller's pointer, as the documentation requires.
        let written = text::format(resource, unsafe { take(limits) }?)?;
        let bytes = written.with_nul().filter(|bytes| bytes.len() <= size).ok_or(Errno::ERANGE)?;
        // SAFETY: text is not NULL and has room for `size` bytes by contract; `bytes` are ours.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr().cast(), text, bytes.len()) };
        Ok(())
    };
    code(write())
}

/// Parses a duration such as "200ms", "1h30min", "1.5s" or "90". A number without a suffix counts seconds. The
/// suffixes are ns, us, ms, s, min, h and d, in upper or lower case. Numbers with suffixes add up. Each is rounded up
/// to a whole nanosecond. It is meant for timeouts; rr_child_wait accepts at most 2^63-1 ns.
///
/// text: null-terminated text
/// ns: buffer for the duration in nanoseconds
///
/// Errors:
///   EINVAL  malformed duration
///   ERANGE  the duration exceeds 2^64-1 nanoseconds
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_duration_parse(text: *const c_char, ns: *mut u64) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(ns, || text::nanoseconds(take_text(text)?.to_bytes())) }
}
