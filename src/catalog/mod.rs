//! F0: what each system can limit, and the constants of the header.
//!
//! One file per system has its numbers as literals, because cbindgen reads literals only; each file asserts them
//! against the `libc` crate. The comment of a number states only what differs from the header's table for all systems
//! (`capi/resources.rs`). A system without a file here does not compile: README.md, "A new system".

pub mod kind;

pub use crate::abi::Constants;
pub(crate) use crate::abi::constants;
pub use crate::abi::resource::*;
pub use crate::abi::rusage::{RR_RUSAGE_BOTH, RR_RUSAGE_CHILDREN, RR_RUSAGE_SELF};
use crate::errno::{Errno, Result};
use crate::strings::{Strings, is_in_any_case, joined, length};
use core::ffi::{CStr, c_int};
use kind::Kind;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux;
#[cfg(any(target_os = "linux", target_os = "android"))]
use linux as system;

#[cfg(target_os = "freebsd")]
mod freebsd;
#[cfg(target_os = "freebsd")]
use freebsd as system;

#[cfg(target_os = "netbsd")]
mod netbsd;
#[cfg(target_os = "netbsd")]
use netbsd as system;

#[cfg(target_os = "openbsd")]
mod openbsd;
#[cfg(target_os = "openbsd")]
use openbsd as system;

#[cfg(target_os = "dragonfly")]
mod dragonfly;
#[cfg(target_os = "dragonfly")]
use dragonfly as system;

#[cfg(target_vendor = "apple")]
mod apple;
#[cfg(target_vendor = "apple")]
use apple as system;

#[cfg(any(target_os = "solaris", target_os = "illumos"))]
mod solaris;
#[cfg(any(target_os = "solaris", target_os = "illumos"))]
use solaris as system;

#[cfg(any(target_os = "linux", target_os = "android"))]
pub use linux::{
    RR_RLIMIT_AS, RR_RLIMIT_CORE, RR_RLIMIT_DATA, RR_RLIMIT_FSIZE, RR_RLIMIT_LOCKS, RR_RLIMIT_MEMLOCK,
    RR_RLIMIT_MSGQUEUE, RR_RLIMIT_NICE, RR_RLIMIT_NPROC, RR_RLIMIT_RSS, RR_RLIMIT_RTPRIO, RR_RLIMIT_RTTIME,
    RR_RLIMIT_SIGPENDING, RR_RLIMIT_STACK,
};
pub(crate) use system::CONSTANTS as SYSTEM_CONSTANTS;
use system::{ALIASES, RESOURCES};
pub use system::{RR_RLIM_INFINITY, RR_RLIMIT_CPU, RR_RLIMIT_NOFILE};

/// A row of a system's table: the system's number for a kind of resource.
#[derive(Clone, Copy)]
struct Row {
    id: c_int,
    kind: Kind,
    flags: u32,
}

const fn row(id: c_int, kind: Kind) -> Row {
    Row { id, kind, flags: 0 }
}

#[allow(dead_code, reason = "not every system has such a limit")]
const fn unenforced(id: c_int, kind: Kind) -> Row {
    Row { id, kind, flags: RR_RESOURCE_UNENFORCED }
}

/// Puts each row at the index that is its number. Every system counts 0, 1, 2… without a gap; a gap or a duplicate
/// does not compile.
#[allow(clippy::indexing_slicing, reason = "it runs at compile time only")]
const fn in_order<const N: usize>(rows: [Row; N]) -> [Row; N] {
    let mut ordered = rows;
    let mut taken = [false; N];
    let mut next = 0;
    while next < N {
        let index = rows[next].id as usize;
        assert!(!taken[index], "two resources with one number");
        taken[index] = true;
        ordered[index] = rows[next];
        next += 1;
    }
    ordered
}

/// Asserts that a literal is equal to the `libc` crate's number for this target.
macro_rules! equal_libc {
    ($($ours:ident $theirs:ident),* $(,)?) => {
        $(const _: () = assert!($ours as i128 == libc::$theirs as i128, concat!(stringify!($ours), " differs from libc's"));)*
    };
}
use equal_libc;

pub const RESOURCE_COUNT: usize = RESOURCES.len();

/// The resources as programs see them.
static RECORDS: [Record; RESOURCE_COUNT] = records();

/// Name and summary of each in turn.
static STRINGS: [u8; length(&strings())] = joined(&strings());

#[derive(Clone, Copy)]
struct Record {
    unit: u8,
    scope: u8,
    flags: u8,
}

#[allow(clippy::indexing_slicing, reason = "it runs at compile time only")]
const fn records() -> [Record; RESOURCE_COUNT] {
    let mut records = [Record { unit: 0, scope: 0, flags: 0 }; RESOURCE_COUNT];
    let mut next = 0;
    while next < RESOURCE_COUNT {
        let Row { kind, flags, .. } = RESOURCES[next];
        records[next] = Record { unit: kind.unit as u8, scope: kind.scope as u8, flags: flags as u8 };
        next += 1;
    }
    records
}

#[allow(clippy::indexing_slicing, reason = "it runs at compile time only")]
const fn strings() -> [&'static str; 4 * RESOURCE_COUNT] {
    let mut strings = ["\0"; 4 * RESOURCE_COUNT];
    let mut next = 0;
    while next < RESOURCE_COUNT {
        strings[4 * next] = RESOURCES[next].kind.name;
        strings[4 * next + 2] = RESOURCES[next].kind.summary;
        next += 1;
    }
    strings
}

fn string(id: c_int, which: usize) -> Option<&'static CStr> {
    Strings::of(&STRINGS).nth(index_of(id)?.checked_mul(2)? + which)
}

fn index_of(id: c_int) -> Option<usize> {
    usize::try_from(id).ok().filter(|index| *index < RESOURCE_COUNT)
}

pub fn is_known(id: c_int) -> bool {
    index_of(id).is_some()
}

pub fn at(index: usize) -> Result<Resource> {
    describe(index).ok_or(Errno::ERANGE)
}

pub fn by_id(id: c_int) -> Result<Resource> {
    index_of(id).and_then(describe).ok_or(Errno::EINVAL)
}

pub fn name(id: c_int) -> Option<&'static CStr> {
    string(id, 0)
}

pub fn summary(id: c_int) -> Option<&'static CStr> {
    string(id, 1)
}

/// `NOFILE` in any case, also as programs (`RLIMIT_NOFILE`, `RR_RLIMIT_NOFILE`) and systemd
/// (`LimitNOFILE`) write it.
pub fn by_name(name: &CStr) -> Result<Resource> {
    let name = name.to_bytes();
    let bare = strip_prefix_ignoring_case(name, b"LIMIT").unwrap_or_else(|| {
        let bare = strip_prefix_ignoring_case(name, b"RR_").unwrap_or(name);
        strip_prefix_ignoring_case(bare, b"RLIMIT_").unwrap_or(name)
    });
    let id = number_of(bare, is_in_any_case).ok_or(Errno::ENOENT)?;
    by_id(id).map_err(|_| Errno::ENOENT)
}

/// The number of a constant by its exact name: `RLIMIT_NOFILE`.
pub fn number_by_constant(name: &[u8]) -> Option<c_int> {
    let bare = name.strip_prefix(b"RLIMIT_")?;
    number_of(bare, |name, bare| name == bare)
}

#[inline(never)] // for size: it has two callers
fn number_of(bare: &[u8], is_meant: fn(&[u8], &[u8]) -> bool) -> Option<c_int> {
    let alias = ALIASES.iter().find(|(name, _)| is_meant(name.as_bytes(), bare)).map(|(_, id)| *id);
    let place = || Strings::of(&STRINGS).step_by(2).position(|name| is_meant(name.to_bytes(), bare));
    alias.or_else(|| place().map(|place| place as c_int))
}

fn describe(index: usize) -> Option<Resource> {
    let Record { unit, scope, flags } = *RECORDS.get(index)?;
    Some(Resource { id: index as i32, unit: unit.into(), scope: scope.into(), flags: flags.into() })
}

fn strip_prefix_ignoring_case<'a>(name: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = name.split_at_checked(prefix.len())?;
    is_in_any_case(head, prefix).then_some(rest)
}
