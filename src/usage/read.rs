//! Current usage of any process.

use super::from_rusage;
use super::record::fill_gaps;
use crate::catalog::RR_RUSAGE_SELF;
use crate::errno::Result;
use crate::process::{self, Process};
use crate::sys::{self, Host, System, Usage};

/// The groups that [`from_rusage`] can fill.
const OF_RUSAGE: u64 = sys::RR_USAGE_CPU
    | sys::RR_USAGE_TIMES
    | sys::RR_USAGE_PEAK_RSS
    | sys::RR_USAGE_FAULTS
    | sys::RR_USAGE_IO
    | sys::RR_USAGE_SWITCHES;

/// The groups of `wanted` that the system reports and the caller may read, and others that are read with them.
pub fn read(process: Option<&Process>, wanted: u64) -> Result<Usage> {
    match process::other(process) {
        Some(process) => process.usage(wanted),
        None => own(wanted),
    }
}

/// From the system's more exact sources first; the missing groups from getrusage(2), which every system has.
fn own(wanted: u64) -> Result<Usage> {
    let mut usage = Host::own_usage(wanted)?;
    if wanted & OF_RUSAGE & !usage.known == 0 {
        return Ok(usage);
    }
    fill_gaps(&mut usage, &from_rusage(&Host::getrusage(RR_RUSAGE_SELF)?)?);
    Ok(usage)
}

/// Resets the peak resident set size to its current value.
pub fn reset_peak(process: Option<&Process>) -> Result<()> {
    process::write(process, Host::reset_peak)
}
