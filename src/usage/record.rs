//! The fields of `rr_usage` as a table, and the difference of two records.

use crate::abi::usage_field;
use crate::catalog::{RR_UNIT_BYTES as BYTES, RR_UNIT_COUNT as COUNTED, RR_UNIT_NANOSECONDS as NANOSECONDS};
use crate::errno::{Errno, Result};
use crate::strings::{Strings, behind_dot};
use crate::sys::{self, Usage};
use core::ffi::CStr;

const COUNT: usize = 16;

/// In the order of the struct, without `known`.
const SUMMARIES: Strings = Strings::of(
    b"processor time\0processor time in user mode\0processor time in the kernel\0time since the start\0\
      resident set size\0peak resident set size\0address space\0swapped-out memory\0page faults without I/O\0\
      page faults with I/O\0bytes read from storage\0bytes written to storage\0voluntary context switches\0\
      involuntary context switches\0threads\0open file descriptors\0",
);

/// The bit of its group in `known`.
static GROUPS: [u16; COUNT] = [
    sys::RR_USAGE_CPU as u16,
    sys::RR_USAGE_TIMES as u16,
    sys::RR_USAGE_TIMES as u16,
    sys::RR_USAGE_WALL as u16,
    sys::RR_USAGE_RSS as u16,
    sys::RR_USAGE_PEAK_RSS as u16,
    sys::RR_USAGE_VIRTUAL as u16,
    sys::RR_USAGE_SWAP as u16,
    sys::RR_USAGE_FAULTS as u16,
    sys::RR_USAGE_FAULTS as u16,
    sys::RR_USAGE_IO as u16,
    sys::RR_USAGE_IO as u16,
    sys::RR_USAGE_SWITCHES as u16,
    sys::RR_USAGE_SWITCHES as u16,
    sys::RR_USAGE_THREADS as u16,
    sys::RR_USAGE_OPEN_FILES as u16,
];

/// Groups whose values rise and fall, or are a maximum, so that a difference is meaningless. The others only grow.
const GAUGES: u64 = sys::RR_USAGE_RSS
    | sys::RR_USAGE_PEAK_RSS
    | sys::RR_USAGE_VIRTUAL
    | sys::RR_USAGE_SWAP
    | sys::RR_USAGE_THREADS
    | sys::RR_USAGE_OPEN_FILES;

pub fn field_count() -> usize {
    COUNT
}

pub fn field_name(index: usize) -> Option<&'static CStr> {
    usage_field(index.checked_add(1).filter(|field| *field <= COUNT)?).and_then(behind_dot)
}

pub fn field_unit(index: usize) -> Option<i32> {
    Some(match field_group(index)? {
        sys::RR_USAGE_CPU | sys::RR_USAGE_TIMES | sys::RR_USAGE_WALL => NANOSECONDS,
        sys::RR_USAGE_RSS | sys::RR_USAGE_PEAK_RSS | sys::RR_USAGE_VIRTUAL | sys::RR_USAGE_SWAP | sys::RR_USAGE_IO => {
            BYTES
        }
        _ => COUNTED,
    })
}

pub fn field_summary(index: usize) -> Option<&'static CStr> {
    SUMMARIES.nth(index)
}

/// The bit of its group in `known`.
pub fn field_group(index: usize) -> Option<u64> {
    GROUPS.get(index).map(|group| (*group).into())
}

/// ENOTSUP for a field that is not known.
pub fn field_value(usage: &Usage, index: usize) -> Result<u64> {
    let group = field_group(index).ok_or(Errno::ERANGE)?;
    if usage.known & group == 0 {
        return Err(Errno::ENOTSUP);
    }
    usage.values().get(index).copied().ok_or(Errno::ERANGE)
}

/// The usage from `start` to `end`: for counters the difference, if both are known; for the others the value at the
/// end.
pub fn since(start: &Usage, end: &Usage) -> Result<Usage> {
    if start.reserved != Usage::default().reserved || end.reserved != Usage::default().reserved {
        return Err(Errno::EINVAL);
    }
    let mut difference = *end;
    difference.known &= start.known | GAUGES | !sys::RR_USAGE_ALL;
    let known = difference.known;
    for ((value, before), group) in difference.values_mut().iter_mut().zip(start.values()).zip(GROUPS) {
        *value = match u64::from(group) {
            group if known & group == 0 => 0,
            group if GAUGES & group == 0 => value.checked_sub(*before).ok_or(Errno::ERANGE)?,
            _ => *value,
        };
    }
    Ok(difference)
}

/// Fills the unknown groups from another record of the same process.
pub fn fill_gaps(usage: &mut Usage, other: &Usage) {
    let known = usage.known;
    for ((value, others), group) in usage.values_mut().iter_mut().zip(other.values()).zip(GROUPS) {
        if known & u64::from(group) == 0 {
            *value = *others;
        }
    }
    let mut gained = other.known & !known;
    if gained & sys::RR_USAGE_PEAK_RSS == 0 {
        gained &= !sys::RR_USAGE_PEAK_IS_BOUND;
    }
    usage.known |= gained;
}
