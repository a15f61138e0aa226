//! The fields of `rr_usage` as a table, and the difference of two records.

use crate::catalog::{RR_UNIT_BYTES as BYTES, RR_UNIT_COUNT as COUNT, RR_UNIT_NANOSECONDS as NANOSECONDS};
use crate::errno::{Errno, Result};
use crate::sys::{self, Usage};
use crate::text::{Text, text};
use core::ffi::CStr;

struct Field {
    name: Text<24>,
    summary: Text<32>,
    unit: i32,
    /// The bit of its group in `known`.
    group: u64,
    change: Change,
}

/// What happens to a value while a process goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    /// It only grows, so that a difference says what was used meanwhile.
    Counter,
    /// It comes and goes, or is the largest so far: a difference says nothing.
    Gauge,
}

/// In the order of the struct, `known` apart.
static FIELDS: [Field; 16] = [
    counter("cpu_ns", "processor time", NANOSECONDS, sys::RR_USAGE_CPU),
    counter("user_ns", "processor time in user mode", NANOSECONDS, sys::RR_USAGE_TIMES),
    counter("system_ns", "processor time in the kernel", NANOSECONDS, sys::RR_USAGE_TIMES),
    counter("wall_ns", "time since the start", NANOSECONDS, sys::RR_USAGE_WALL),
    gauge("rss_bytes", "resident set size", BYTES, sys::RR_USAGE_RSS),
    gauge("peak_rss_bytes", "peak resident set size", BYTES, sys::RR_USAGE_PEAK_RSS),
    gauge("virtual_bytes", "address space", BYTES, sys::RR_USAGE_VIRTUAL),
    gauge("swap_bytes", "swapped-out memory", BYTES, sys::RR_USAGE_SWAP),
    counter("minor_faults", "page faults without I/O", COUNT, sys::RR_USAGE_FAULTS),
    counter("major_faults", "page faults with I/O", COUNT, sys::RR_USAGE_FAULTS),
    counter("read_bytes", "bytes read from storage", BYTES, sys::RR_USAGE_IO),
    counter("written_bytes", "bytes written to storage", BYTES, sys::RR_USAGE_IO),
    counter("voluntary_switches", "voluntary context switches", COUNT, sys::RR_USAGE_SWITCHES),
    counter("involuntary_switches", "involuntary context switches", COUNT, sys::RR_USAGE_SWITCHES),
    gauge("threads", "threads", COUNT, sys::RR_USAGE_THREADS),
    gauge("open_files", "open file descriptors", COUNT, sys::RR_USAGE_OPEN_FILES),
];

pub fn field_count() -> usize {
    FIELDS.len()
}

pub fn field_name(index: usize) -> Option<&'static CStr> {
    FIELDS.get(index).map(|field| field.name.as_c_str())
}

pub fn field_unit(index: usize) -> Option<i32> {
    FIELDS.get(index).map(|field| field.unit)
}

pub fn field_summary(index: usize) -> Option<&'static CStr> {
    FIELDS.get(index).map(|field| field.summary.as_c_str())
}

/// Its bit in `known`.
pub fn field_group(index: usize) -> Option<u64> {
    FIELDS.get(index).map(|field| field.group)
}

/// ENOTSUP for a field that is not known.
pub fn field_value(usage: &Usage, index: usize) -> Result<u64> {
    let field = FIELDS.get(index).ok_or(Errno::ERANGE)?;
    if usage.known & field.group == 0 {
        return Err(Errno::ENOTSUP);
    }
    usage.values().get(index).copied().ok_or(Errno::ERANGE)
}

/// What was used from `start` to `end`: of counters the difference, known where it is in both; the
/// rest as at the end.
pub fn since(start: &Usage, end: &Usage) -> Result<Usage> {
    if start.reserved != Usage::default().reserved || end.reserved != Usage::default().reserved {
        return Err(Errno::EINVAL);
    }
    let mut known = end.known;
    let mut values = end.values();
    for ((value, before), field) in values.iter_mut().zip(start.values()).zip(&FIELDS) {
        if field.change == Change::Counter && start.known & field.group == 0 {
            known &= !field.group;
        }
        *value = match field.change {
            _ if known & field.group == 0 => 0,
            Change::Counter => value.checked_sub(before).ok_or(Errno::ERANGE)?,
            Change::Gauge => *value,
        };
    }
    Ok(Usage::of(known, values))
}

/// What is not known, from another record of the same process.
pub fn fill_gaps(usage: Usage, other: &Usage) -> Usage {
    let mut values = usage.values();
    for ((value, others), field) in values.iter_mut().zip(other.values()).zip(&FIELDS) {
        if usage.known & field.group == 0 {
            *value = others;
        }
    }
    let mut gained = other.known & !usage.known;
    if gained & sys::RR_USAGE_PEAK_RSS == 0 {
        gained &= !sys::RR_USAGE_PEAK_IS_BOUND;
    }
    Usage::of(usage.known | gained, values)
}

const fn counter(name: &str, summary: &str, unit: i32, group: u64) -> Field {
    Field { name: text(name), summary: text(summary), unit, group, change: Change::Counter }
}

const fn gauge(name: &str, summary: &str, unit: i32, group: u64) -> Field {
    Field { name: text(name), summary: text(summary), unit, group, change: Change::Gauge }
}
