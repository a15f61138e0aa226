//! Converts a system's record of a process to the fields of `Usage`.

use crate::errno::Result;
use crate::sys::{RR_USAGE_CPU, RR_USAGE_TIMES, RR_USAGE_WALL, Usage};

pub fn set_times(usage: &mut Usage, user_ns: u64, system_ns: u64) {
    usage.known |= RR_USAGE_CPU | RR_USAGE_TIMES;
    usage.cpu_ns = user_ns.saturating_add(system_ns);
    usage.user_ns = user_ns;
    usage.system_ns = system_ns;
}

/// `now` and `started` are times of one clock. If the time of day was set back, the result is unknown.
pub fn set_wall(usage: &mut Usage, now: Result<u64>, started: u64) {
    if let Some(wall_ns) = now.ok().and_then(|now| now.checked_sub(started)) {
        usage.known |= RR_USAGE_WALL;
        usage.wall_ns = wall_ns;
    }
}
