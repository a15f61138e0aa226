//! Limits as text.

use super::{code, give, take, take_text};
use crate::errno::Errno;
use crate::limits::{Rlimit, text};
use core::ffi::{c_char, c_int};
use core::ptr;

/// Reads limits from text, as a configuration or a command line has them: "1024", "8M",
/// "4:unlimited", "1h30min".
///
/// One value sets both halves; "soft:hard" sets each; "soft:" and ":hard" set one and leave the
/// other as it is in *limits. A value is a word or a number, letters in either case, no blanks:
///
/// - "unlimited" or "infinity": none. So are, but for NICE, "-1" and the digits of RR_RLIM_INFINITY.
/// - "hard": rlim_max as it is in *limits before the call; no system call is made.
/// - A number: decimal digits, and a point only between digits. With its suffix it has to be whole,
///   but for times: "1.5K" is 1536, "1.5" is refused.
/// - Bytes: plain, with B, or with K, M, G, T, P or E, powers of 1024, which may end in B or iB:
///   "1.5GiB".
/// - Counts: plain, or with K, M or G, powers of 1024. RTPRIO: plain.
/// - CPU and RTTIME: plain, in the resource's unit, or one or more numbers with us, ms, s, min, h or
///   d, which add up: "90", "500ms", "1h30min". Each is rounded up to the microsecond and the sum to
///   the resource's unit. "m" is refused, for it may mean months.
/// - NICE: with a sign the nice level, -20 to +19, that the limit 20 - level allows; without one the
///   limit itself. "-5" and "25" are the same.
///
/// resource: one of RR_RLIMIT_...; its unit says which numbers are right (see rr_resource).
/// text: ends in NUL.
/// limits: is read, for the text may leave something to it: have rr_getrlimit fill it first. Is
/// written on success.
///
/// Returns 0; ERANGE when the text is right but a number is not: too large for a limit, or outside
/// of the nice levels; EINVAL for every other text, when the soft limit would be above the hard one, and
/// when this system has no such resource; EFAULT when a pointer is NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_rlimit_parse(resource: c_int, text: *const c_char, limits: *mut Rlimit) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(limits, || text::parse(resource, take_text(text)?.to_bytes(), take(limits)?)) }
}

/// Writes limits as text that rr_rlimit_parse reads back to the same numbers: one value where both
/// halves are the same, else "soft:hard".
///
/// None is "unlimited". Bytes have the largest power of 1024 that divides them: "8M", "1536K",
/// "1000". Times have the units of which there are some: "1h30min". All others are plain numbers,
/// for NICE the limit itself.
///
/// resource: one of RR_RLIMIT_...; its unit decides the form.
/// limits: both halves, in the resource's unit.
/// text: is written on success and ends in NUL.
/// size: bytes that text has room for; RR_RLIMIT_TEXT_SIZE always suffices.
///
/// Returns 0; ERANGE when text is too small; EINVAL when this system has no such resource or the
/// soft limit is above the hard one; EFAULT when a pointer is NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
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
        // SAFETY: the caller's pointer, as the comment asks.
        let written = text::format(resource, unsafe { take(limits) }?)?;
        let bytes = written.with_nul().filter(|bytes| bytes.len() <= size).ok_or(Errno::ERANGE)?;
        // SAFETY: text is not NULL and has room for `size` bytes by the caller's word; `bytes` are ours.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr().cast(), text, bytes.len()) };
        Ok(())
    };
    code(write())
}
