//! Limits as people write them: `8M`, `4:unlimited`, `1h30min`. `parse` reads the output of `format` back to the same
//! numbers. Neither depends on the locale or calls the system.

mod format;
mod parse;
#[cfg(test)]
mod tests;

pub use crate::abi::limits_text::RR_RLIMIT_TEXT_SIZE;
use crate::catalog::{self, RR_RLIM_INFINITY, RR_UNIT_BYTES, RR_UNIT_COUNT, RR_UNIT_MICROSECONDS, RR_UNIT_SECONDS};
use crate::errno::Result;
use crate::sys::Rlimit;
use core::ffi::c_int;

pub use format::format;
pub use parse::{nanoseconds, parse};

/// The powers of 1024.
const PREFIXES: [u8; 6] = *b"KMGTPE";

/// How a resource's numbers are written: by its unit; nice levels have a separate form.
#[derive(Clone, Copy)]
enum Form {
    Bytes,
    Count,
    Seconds,
    Microseconds,
    Priority,
    Nice,
}

impl Form {
    fn of(resource: c_int) -> Result<Form> {
        Ok(match catalog::by_id(resource)?.unit {
            RR_UNIT_BYTES => Form::Bytes,
            RR_UNIT_COUNT => Form::Count,
            RR_UNIT_SECONDS => Form::Seconds,
            RR_UNIT_MICROSECONDS => Form::Microseconds,
            _ if catalog::name(resource) == Some(c"NICE") => Form::Nice,
            _ => Form::Priority,
        })
    }
}

/// If infinity is not the largest number, greater numbers also mean infinity.
#[allow(clippy::unnecessary_min_or_max, reason = "on Linux it is the largest")]
fn counted(value: u64) -> u64 {
    value.min(RR_RLIM_INFINITY)
}

fn soft_is_above_hard(limits: Rlimit) -> bool {
    counted(limits.rlim_cur) > counted(limits.rlim_max)
}
