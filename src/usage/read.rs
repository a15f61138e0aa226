//! What any process uses now.

use super::from_rusage;
use super::record::fill_gaps;
use crate::catalog::RR_RUSAGE_SELF;
use crate::errno::Result;
use crate::process::{self, Process};
use crate::sys::{self, Host, System, Usage};

/// What [`from_rusage`] can know.
const OF_RUSAGE: u64 = sys::RR_USAGE_CPU
    | sys::RR_USAGE_TIMES
    | sys::RR_USAGE_PEAK_RSS
    | sys::RR_USAGE_FAULTS
    | sys::RR_USAGE_IO
    | sys::RR_USAGE_SWITCHES;

/// The groups of `wanted` that this system and the caller's rights give, and whatever comes with them.
pub fn read(process: Option<&Process>, wanted: u64) -> Result<Usage> {
    match process::other(process) {
        Some(process) => process.usage(wanted),
        None => own(wanted),
    }
}

/// The system's better places first; what they leave out from getrusage(2), which is everywhere.
fn own(wanted: u64) -> Result<Usage> {
    let mut usage = Host::own_usage(wanted)?;
    if wanted & OF_RUSAGE & !usage.known == 0 {
        return Ok(usage);
    }
    fill_gaps(&mut usage, &from_rusage(&Host::getrusage(RR_RUSAGE_SELF)?)?);
    Ok(usage)
}

/// From now on the peak is that of the time to come.
pub fn reset_peak(process: Option<&Process>) -> Result<()> {
    process::write(process, Host::reset_peak)
}
