//! `/proc/PID/limits`, which any process may read, while prlimit(2) requires rights.

use super::proc::parse::{limits_row, number};
use super::proc::{Path, has_our_numbers, read_process_file};
use crate::catalog::{self, RR_RLIM_INFINITY};
use crate::errno::{Errno, Result};
use crate::strings::{Strings, of_number};
use crate::sys::Rlimit;
use core::ffi::c_int;

/// In the order of the labels.
static RESOURCES: [c_int; 16] = [
    catalog::RR_RLIMIT_CPU,
    catalog::RR_RLIMIT_FSIZE,
    catalog::RR_RLIMIT_DATA,
    catalog::RR_RLIMIT_STACK,
    catalog::RR_RLIMIT_CORE,
    catalog::RR_RLIMIT_RSS,
    catalog::RR_RLIMIT_NPROC,
    catalog::RR_RLIMIT_NOFILE,
    catalog::RR_RLIMIT_MEMLOCK,
    catalog::RR_RLIMIT_AS,
    catalog::RR_RLIMIT_LOCKS,
    catalog::RR_RLIMIT_SIGPENDING,
    catalog::RR_RLIMIT_MSGQUEUE,
    catalog::RR_RLIMIT_NICE,
    catalog::RR_RLIMIT_RTPRIO,
    catalog::RR_RLIMIT_RTTIME,
];

/// `lnames` in the kernel's `fs/proc/base.c`.
const LABELS: Strings = Strings::of(
    b"Max cpu time\0Max file size\0Max data size\0Max stack size\0Max core file size\0Max resident set\0\
      Max processes\0Max open files\0Max locked memory\0Max address space\0Max file locks\0Max pending signals\0\
      Max msgqueue size\0Max nice priority\0Max realtime priority\0Max realtime timeout\0",
);

/// One resource's limits as the file shows them.
pub fn limits_shown(pid: i32, resource: c_int) -> Result<Rlimit> {
    has_our_numbers(pid)?;
    let mut buffer = [0; 4096];
    let text = read_process_file(pid, &Path::of_process(pid, "limits"), &mut buffer)?;
    parse(text, resource).ok_or(Errno::ENOTSUP)
}

/// Unknown rows of a newer kernel are skipped.
fn parse(text: &[u8], resource: c_int) -> Option<Rlimit> {
    let label = of_number(&RESOURCES, resource, LABELS)?;
    let (soft, hard) = limits_row(text, label.to_bytes())?;
    Some(Rlimit { rlim_cur: value(soft)?, rlim_max: value(hard)? })
}

fn value(text: &[u8]) -> Option<u64> {
    if text == b"unlimited" { Some(RR_RLIM_INFINITY) } else { number(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"Limit                     Soft Limit           Hard Limit           Units     \n\
        Max cpu time              unlimited            unlimited            seconds   \n\
        Max of the future         1                    2                    things    \n\
        Max open files            1024                 18446744073709551614 files     \n\
        Max nice priority         0                    40                   \n";

    #[test]
    fn rows_by_resource() {
        let parsed = |resource| parse(FILE, resource).map(|limits| (limits.rlim_cur, limits.rlim_max));
        assert_eq!(parsed(catalog::RR_RLIMIT_CPU), Some((u64::MAX, u64::MAX)));
        assert_eq!(parsed(catalog::RR_RLIMIT_NOFILE), Some((1024, u64::MAX - 1)));
        assert_eq!(parsed(catalog::RR_RLIMIT_NICE), Some((0, 40)));
        assert_eq!(parsed(catalog::RR_RLIMIT_AS), None);
    }

    #[test]
    fn any_bytes_are_parsed_or_refused() {
        for length in 0..FILE.len() {
            for resource in RESOURCES {
                let _ = parse(FILE.get(..length).unwrap(), resource);
            }
        }
        assert_eq!(parse(b"Max open files \xff\xfe", catalog::RR_RLIMIT_NOFILE), None);
    }

    #[test]
    fn every_resource_has_a_row() {
        for resource in 0..catalog::RESOURCE_COUNT as c_int {
            assert!(of_number(&RESOURCES, resource, LABELS).is_some(), "{resource}");
        }
        assert_eq!(LABELS.count(), RESOURCES.len());
    }
}
