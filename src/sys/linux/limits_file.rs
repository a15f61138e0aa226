//! `/proc/PID/limits`, which everybody may read where prlimit(2) asks for rights.

use super::proc::text::{limits_row, number};
use super::proc::{Path, has_our_numbers, read_process_file};
use crate::catalog::{self, RR_RLIM_INFINITY};
use crate::errno::{Errno, Result};
use crate::sys::Rlimit;
use core::ffi::{CStr, c_int};

/// `lnames` in the kernel's `fs/proc/base.c`, and the catalog's names.
const ROWS: [(&[u8], &CStr); 16] = [
    (b"Max cpu time", c"CPU"),
    (b"Max file size", c"FSIZE"),
    (b"Max data size", c"DATA"),
    (b"Max stack size", c"STACK"),
    (b"Max core file size", c"CORE"),
    (b"Max resident set", c"RSS"),
    (b"Max processes", c"NPROC"),
    (b"Max open files", c"NOFILE"),
    (b"Max locked memory", c"MEMLOCK"),
    (b"Max address space", c"AS"),
    (b"Max file locks", c"LOCKS"),
    (b"Max pending signals", c"SIGPENDING"),
    (b"Max msgqueue size", c"MSGQUEUE"),
    (b"Max nice priority", c"NICE"),
    (b"Max realtime priority", c"RTPRIO"),
    (b"Max realtime timeout", c"RTTIME"),
];

/// One resource's limits as the file shows them.
pub fn limits_shown(pid: i32, resource: c_int) -> Result<Rlimit> {
    has_our_numbers(pid)?;
    let mut buffer = [0; 4096];
    let text = read_process_file(pid, &Path::of_process(pid, "limits"), &mut buffer)?;
    catalog::name(resource).and_then(|name| parse(text, name)).ok_or(Errno::ENOTSUP)
}

/// Rows of a newer kernel are passed over.
fn parse(text: &[u8], resource: &CStr) -> Option<Rlimit> {
    let (label, _) = ROWS.into_iter().find(|(_, name)| *name == resource)?;
    let (soft, hard) = limits_row(text, label)?;
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
        assert_eq!(parsed(c"CPU"), Some((u64::MAX, u64::MAX)));
        assert_eq!(parsed(c"NOFILE"), Some((1024, u64::MAX - 1)));
        assert_eq!(parsed(c"NICE"), Some((0, 40)));
        assert_eq!(parsed(c"AS"), None);
    }

    #[test]
    fn any_bytes_are_parsed_or_refused() {
        for length in 0..FILE.len() {
            for (_, resource) in ROWS {
                let _ = parse(FILE.get(..length).unwrap(), resource);
            }
        }
        assert_eq!(parse(b"Max open files \xff\xfe", c"NOFILE"), None);
    }

    #[test]
    fn every_resource_has_a_row() {
        for resource in 0..16 {
            let name = catalog::name(resource).unwrap();
            assert!(ROWS.iter().any(|(_, known)| *known == name), "{name:?}");
        }
    }
}
