//! The fields of `rr_rusage` as a table, for callers that print or collect all of them.

use crate::abi::resource::{RR_UNIT_BYTES, RR_UNIT_COUNT, RR_UNIT_KIB, RR_UNIT_NONE, RR_UNIT_PAGES, RR_UNIT_SECONDS};
use crate::abi::rusage_field;
use crate::errno::{Errno, Result};
use crate::strings::{Strings, behind_dot};
use crate::sys::{Host, Rusage, System, Timeval};
use core::ffi::CStr;

const COUNT: usize = 16;

/// In the order of the struct.
const SUMMARIES: Strings = Strings::of(
    b"time in user mode\0time in the kernel\0peak resident set size\0shared memory over time\0\
      unshared data over time\0unshared stack over time\0page faults without I/O\0page faults with I/O\0\
      times swapped out\0blocks read\0blocks written\0messages sent\0messages received\0signals received\0\
      voluntary context switches\0involuntary context switches\0",
);

pub fn field_count() -> usize {
    COUNT
}

pub fn field_name(index: usize) -> Option<&'static CStr> {
    rusage_field(index).and_then(behind_dot)
}

pub fn field_summary(index: usize) -> Option<&'static CStr> {
    SUMMARIES.nth(index)
}

pub fn field_unit(index: usize) -> Option<i32> {
    Some(match index {
        0 | 1 => RR_UNIT_SECONDS,
        PEAK => peak_unit(),
        // Kilobytes times clock ticks.
        3..=5 => RR_UNIT_NONE,
        6..COUNT => RR_UNIT_COUNT,
        _ => return None,
    })
}

/// Of ru_maxrss.
const PEAK: usize = 2;

fn peak_unit() -> i32 {
    match Host::peak_bytes(1) {
        Some(1) => RR_UNIT_BYTES,
        Some(1024) => RR_UNIT_KIB,
        Some(_) => RR_UNIT_PAGES,
        None => RR_UNIT_NONE,
    }
}

pub fn field_value(usage: &Rusage, index: usize) -> Result<f64> {
    match index {
        0 => Ok(seconds(usage.ru_utime)),
        1 => Ok(seconds(usage.ru_stime)),
        _ => field_number(usage, index).map(|count| count as f64),
    }
}

/// For the fields that are not times.
pub fn field_number(usage: &Rusage, index: usize) -> Result<i64> {
    index.checked_sub(2).and_then(|at| usage.counts().get(at).copied()).ok_or(Errno::ERANGE)
}

fn seconds(time: Timeval) -> f64 {
    time.tv_sec as f64 + time.tv_usec as f64 / 1e6
}
