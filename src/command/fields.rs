//! The numbers of `rr_outcome` as a table, those of its `rusage` and `usage` included.

use crate::abi::command::Outcome;
use crate::abi::resource::{RR_UNIT_MICROSECONDS, RR_UNIT_NANOSECONDS, RR_UNIT_NONE};
use crate::abi::rusage::Timeval;
use crate::abi::{outcome_field, rusage_field, usage_field};
use crate::errno::{Errno, Result};
use crate::strings::behind_dot;
use crate::usage;
use core::ffi::CStr;

/// Which field an index refers to.
enum Place {
    ExitCode,
    Signal,
    CoreDumped,
    Limit,
    Wall,
    /// An index in `rr_rusage`.
    Rusage(usize),
    Known,
    /// An index in `rr_usage`.
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

const COUNT: usize = 39;

pub fn field_count() -> usize {
    COUNT
}

/// A path for a nested field.
pub fn field_name(index: usize) -> Option<&'static CStr> {
    match place(index)? {
        Place::Rusage(field) => rusage_field(field),
        Place::Known => usage_field(0),
        Place::Usage(field) => usage_field(field + 1),
        // After `rusage` and `usage`.
        Place::Oom => outcome_field(7).and_then(behind_dot),
        _ => outcome_field(index).and_then(behind_dot),
    }
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

/// ENOTSUP for a field of `usage` that is not known, ERANGE for a value that does not fit the type.
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
        Place::Rusage(field) => usage::field_number(rusage, field),
        Place::Usage(field) => unsigned(usage::usage_field_value(&outcome.usage, field)?),
    }
}

fn microseconds(time: Timeval) -> Result<i64> {
    time.tv_sec.checked_mul(1_000_000).and_then(|seconds| seconds.checked_add(time.tv_usec)).ok_or(Errno::ERANGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names have to agree with the tables of the nested structs.
    #[test]
    fn nested_names_are_those_of_the_nested_structs() {
        for index in 0..COUNT {
            let name = field_name(index).and_then(|name| name.to_str().ok()).expect("ASCII");
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
        assert!(place(COUNT).is_none());
    }
}
