//! The numbers of `rr_outcome` as a table, those of its `rusage` and `usage` included.

use crate::abi::command::Outcome;
use crate::abi::resource::{RR_UNIT_MICROSECONDS, RR_UNIT_NANOSECONDS, RR_UNIT_NONE};
use crate::abi::rusage::Timeval;
use crate::errno::{Errno, Result};
use crate::text::{Text, text};
use crate::usage;
use core::ffi::CStr;

/// In the order of the struct, with a path for what is nested.
static NAMES: [Text<32>; 39] = [
    text("exit_code"),
    text("signal"),
    text("core_dumped"),
    text("limit"),
    text("wall_ns"),
    text("rusage.ru_utime"),
    text("rusage.ru_stime"),
    text("rusage.ru_maxrss"),
    text("rusage.ru_ixrss"),
    text("rusage.ru_idrss"),
    text("rusage.ru_isrss"),
    text("rusage.ru_minflt"),
    text("rusage.ru_majflt"),
    text("rusage.ru_nswap"),
    text("rusage.ru_inblock"),
    text("rusage.ru_oublock"),
    text("rusage.ru_msgsnd"),
    text("rusage.ru_msgrcv"),
    text("rusage.ru_nsignals"),
    text("rusage.ru_nvcsw"),
    text("rusage.ru_nivcsw"),
    text("usage.known"),
    text("usage.cpu_ns"),
    text("usage.user_ns"),
    text("usage.system_ns"),
    text("usage.wall_ns"),
    text("usage.rss_bytes"),
    text("usage.peak_rss_bytes"),
    text("usage.virtual_bytes"),
    text("usage.swap_bytes"),
    text("usage.minor_faults"),
    text("usage.major_faults"),
    text("usage.read_bytes"),
    text("usage.written_bytes"),
    text("usage.voluntary_switches"),
    text("usage.involuntary_switches"),
    text("usage.threads"),
    text("usage.open_files"),
    text("oom"),
];

/// What a number is, by its index.
enum Place {
    ExitCode,
    Signal,
    CoreDumped,
    Limit,
    Wall,
    /// By its index in `rr_rusage`.
    Rusage(usize),
    Known,
    /// By its index in `rr_usage`.
    Usage(usize),
    Oom,
}

fn place(index: usize) -> Option<Place> {
    Some(match index {
        0 => Place::ExitCode,
        1 => Place::Signal,
        2 => Place::CoreDumped,
        3 => Place::Limit,
        4 => Place::Wall,
        5..=20 => Place::Rusage(index - 5),
        21 => Place::Known,
        22..=37 => Place::Usage(index - 22),
        38 => Place::Oom,
        _ => return None,
    })
}

pub fn field_count() -> usize {
    NAMES.len()
}

pub fn field_name(index: usize) -> Option<&'static CStr> {
    NAMES.get(index).map(Text::as_c_str)
}

pub fn field_unit(index: usize) -> Option<i32> {
    Some(match place(index)? {
        Place::Wall => RR_UNIT_NANOSECONDS,
        Place::Rusage(0 | 1) => RR_UNIT_MICROSECONDS,
        Place::Rusage(field) => usage::field_unit(field)?,
        Place::Usage(field) => usage::usage_field_unit(field)?,
        _ => RR_UNIT_NONE,
    })
}

/// ENOTSUP for a field of `usage` that is not known, ERANGE for a number above those of the type.
pub fn field_value(outcome: &Outcome, index: usize) -> Result<i64> {
    let unsigned = |value: u64| i64::try_from(value).map_err(|_| Errno::ERANGE);
    let rusage = &outcome.rusage;
    match place(index).ok_or(Errno::ERANGE)? {
        Place::ExitCode => Ok(outcome.exit_code.into()),
        Place::Signal => Ok(outcome.signal.into()),
        Place::CoreDumped => Ok(outcome.core_dumped.into()),
        Place::Limit => Ok(outcome.limit.into()),
        Place::Oom => Ok(outcome.oom.into()),
        Place::Wall => unsigned(outcome.wall_ns),
        Place::Known => unsigned(outcome.usage.known),
        Place::Rusage(0) => microseconds(rusage.ru_utime),
        Place::Rusage(1) => microseconds(rusage.ru_stime),
        Place::Rusage(field) => {
            field.checked_sub(2).and_then(|at| rusage.counts().get(at).copied()).ok_or(Errno::ERANGE)
        }
        Place::Usage(field) => unsigned(usage::usage_field_value(&outcome.usage, field)?),
    }
}

fn microseconds(time: Timeval) -> Result<i64> {
    time.tv_sec.checked_mul(1_000_000).and_then(|seconds| seconds.checked_add(time.tv_usec)).ok_or(Errno::ERANGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables of the nested structs say what the names have to be.
    #[test]
    fn nested_names_are_those_of_the_nested_structs() {
        for (index, name) in NAMES.iter().enumerate() {
            let name = name.as_c_str().to_str().expect("ASCII");
            match place(index).expect("a place for each name") {
                Place::Rusage(field) => {
                    let nested = usage::field_name(field).and_then(|name| name.to_str().ok());
                    assert_eq!(name.strip_prefix("rusage."), nested);
                }
                Place::Usage(field) => {
                    let nested = usage::usage_field_name(field).and_then(|name| name.to_str().ok());
                    assert_eq!(name.strip_prefix("usage."), nested);
                }
                _ => {}
            }
        }
        assert!(place(NAMES.len()).is_none());
    }
}
