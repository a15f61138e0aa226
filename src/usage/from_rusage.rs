//! Converts the system's record and its units to nanoseconds and bytes.

use crate::errno::{Errno, Result};
use crate::sys::{self, Host, Rusage, System, Timeval, Usage};

/// EINVAL for what no system reports: a negative number, a second of microseconds.
///
/// The peak is only a bound: the record does not show whether it was inherited from an ancestor through fork(2) and
/// execve(2).
pub fn from_rusage(from: &Rusage) -> Result<Usage> {
    let count = |count: i64| u64::try_from(count).map_err(|_| Errno::EINVAL);
    let user_ns = nanoseconds(from.ru_utime)?;
    let system_ns = nanoseconds(from.ru_stime)?;
    let mut usage = Usage {
        known: sys::RR_USAGE_CPU | sys::RR_USAGE_TIMES | sys::RR_USAGE_FAULTS | sys::RR_USAGE_SWITCHES,
        cpu_ns: user_ns.saturating_add(system_ns),
        user_ns,
        system_ns,
        minor_faults: count(from.ru_minflt)?,
        major_faults: count(from.ru_majflt)?,
        voluntary_switches: count(from.ru_nvcsw)?,
        involuntary_switches: count(from.ru_nivcsw)?,
        ..Usage::default()
    };
    if let Some(bytes) = Host::peak_bytes(count(from.ru_maxrss)?) {
        usage.known |= sys::RR_USAGE_PEAK_RSS | sys::RR_USAGE_PEAK_IS_BOUND;
        usage.peak_rss_bytes = bytes;
    }
    let (read, written) = (count(from.ru_inblock)?, count(from.ru_oublock)?);
    if let (Some(read), Some(written)) = (Host::block_bytes(read), Host::block_bytes(written)) {
        usage.known |= sys::RR_USAGE_IO;
        usage.read_bytes = read;
        usage.written_bytes = written;
    }
    Ok(usage)
}

fn nanoseconds(time: Timeval) -> Result<u64> {
    let seconds = u64::try_from(time.tv_sec).map_err(|_| Errno::EINVAL)?;
    match u64::try_from(time.tv_usec) {
        Ok(microseconds @ 0..1_000_000) => Ok(sys::nanoseconds(seconds, microseconds.saturating_mul(1000))),
        _ => Err(Errno::EINVAL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_nanoseconds() {
        let time = |tv_sec, tv_usec| nanoseconds(Timeval { tv_sec, tv_usec });
        assert_eq!(time(0, 0), Ok(0));
        assert_eq!(time(2, 999_999), Ok(2_999_999_000));
        assert_eq!(time(i64::MAX, 0), Ok(u64::MAX));
        assert_eq!(time(0, 1_000_000), Err(Errno::EINVAL));
        assert_eq!(time(-1, 0), Err(Errno::EINVAL));
        assert_eq!(time(0, -1), Err(Errno::EINVAL));
    }
}
