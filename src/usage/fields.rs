//! The fields of `rr_rusage` as a table, for callers that print or collect them all.

use crate::abi::resource::{RR_UNIT_BYTES, RR_UNIT_COUNT, RR_UNIT_KIB, RR_UNIT_NONE, RR_UNIT_PAGES, RR_UNIT_SECONDS};
use crate::errno::{Errno, Result};
use crate::sys::{Host, Rusage, System, Timeval};
use crate::text::{Text, text};
use core::ffi::CStr;

struct Field {
    name: Text<12>,
    summary: Text<32>,
}

/// In the order of the struct.
static FIELDS: [Field; 16] = [
    field("ru_utime", "time in user mode"),
    field("ru_stime", "time in the kernel"),
    field("ru_maxrss", "peak resident set size"),
    field("ru_ixrss", "shared memory over time"),
    field("ru_idrss", "unshared data over time"),
    field("ru_isrss", "unshared stack over time"),
    field("ru_minflt", "page faults without I/O"),
    field("ru_majflt", "page faults with I/O"),
    field("ru_nswap", "times swapped out"),
    field("ru_inblock", "blocks read"),
    field("ru_oublock", "blocks written"),
    field("ru_msgsnd", "messages sent"),
    field("ru_msgrcv", "messages received"),
    field("ru_nsignals", "signals received"),
    field("ru_nvcsw", "voluntary context switches"),
    field("ru_nivcsw", "involuntary context switches"),
];

pub fn field_count() -> usize {
    FIELDS.len()
}

pub fn field_name(index: usize) -> Option<&'static CStr> {
    FIELDS.get(index).map(|field| field.name.as_c_str())
}

pub fn field_summary(index: usize) -> Option<&'static CStr> {
    FIELDS.get(index).map(|field| field.summary.as_c_str())
}

pub fn field_unit(index: usize) -> Option<i32> {
    FIELDS.get(index).map(|_| match index {
        0 | 1 => RR_UNIT_SECONDS,
        PEAK => peak_unit(),
        // Kilobytes times clock ticks.
        3..=5 => RR_UNIT_NONE,
        _ => RR_UNIT_COUNT,
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
    let times = [seconds(usage.ru_utime), seconds(usage.ru_stime)];
    let counts = usage.counts();
    let counts = counts.iter().map(|count| *count as f64);
    times.into_iter().chain(counts).nth(index).ok_or(Errno::ERANGE)
}

const fn field(name: &str, summary: &str) -> Field {
    Field { name: text(name), summary: text(summary) }
}

fn seconds(time: Timeval) -> f64 {
    time.tv_sec as f64 + time.tv_usec as f64 / 1e6
}
