//! F0: what each system can limit, and the constants of the header.
//!
//! One file per system holds its numbers as literals, for cbindgen reads no others; each file
//! asserts them against the `libc` crate. The comment of a number says only what differs from the table that the
//! header has for all systems (`capi/resources.rs`). A system that has no file
//! here does not compile: README.md, "A new system".

pub mod kind;

pub use crate::abi::Constant;
pub(crate) use crate::abi::constants;
pub use crate::abi::resource::*;
pub use crate::abi::rusage::{RR_RUSAGE_BOTH, RR_RUSAGE_CHILDREN, RR_RUSAGE_SELF};
use crate::errno::{Errno, Result};
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
pub use linux::RR_RLIMIT_FSIZE;
use system::{ALIASES, RESOURCES};
pub use system::{CONSTANTS as SYSTEM_CONSTANTS, RR_RLIM_INFINITY, RR_RLIMIT_CPU, RR_RLIMIT_NOFILE};

/// A system's row: the number that it gives a kind of resource.
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

/// Puts each row at the index that is its number. Every system counts 0, 1, 2… without a gap; a gap
/// or a number given twice does not compile.
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

/// A number written as a literal is the one that the `libc` crate has for this target.
macro_rules! equal_libc {
    ($($ours:ident $theirs:ident),* $(,)?) => {
        $(const _: () = assert!($ours as i128 == libc::$theirs as i128, concat!(stringify!($ours), " differs from libc's"));)*
    };
}
use equal_libc;

fn find(id: c_int) -> Option<&'static Row> {
    RESOURCES.get(usize::try_from(id).ok()?)
}

pub fn is_known(id: c_int) -> bool {
    find(id).is_some()
}

pub const RESOURCE_COUNT: usize = RESOURCES.len();

pub fn at(index: usize) -> Result<Resource> {
    RESOURCES.get(index).map(describe).ok_or(Errno::ERANGE)
}

pub fn by_id(id: c_int) -> Result<Resource> {
    find(id).map(describe).ok_or(Errno::EINVAL)
}

pub fn name(id: c_int) -> Option<&'static CStr> {
    find(id).map(|row| row.kind.name.as_c_str())
}

pub fn summary(id: c_int) -> Option<&'static CStr> {
    find(id).map(|row| row.kind.summary.as_c_str())
}

/// `NOFILE` in any case, also as programs (`RLIMIT_NOFILE`, `RR_RLIMIT_NOFILE`) and systemd
/// (`LimitNOFILE`) write it.
pub fn by_name(name: &CStr) -> Result<Resource> {
    let name = name.to_bytes();
    [b"RR_RLIMIT_".as_slice(), b"RLIMIT_", b"LIMIT"]
        .iter()
        .find_map(|prefix| strip_prefix_ignoring_case(name, prefix))
        .or(Some(name))
        .and_then(|bare| number_of(|candidate| candidate.eq_ignore_ascii_case(bare)))
        .and_then(find)
        .map(describe)
        .ok_or(Errno::ENOENT)
}

/// The number behind a constant's exact name: `RLIMIT_NOFILE`.
pub fn number_by_constant(name: &[u8]) -> Option<c_int> {
    let bare = name.strip_prefix(b"RLIMIT_")?;
    number_of(|candidate| candidate == bare)
}

fn number_of(matches: impl Fn(&[u8]) -> bool) -> Option<c_int> {
    let names = RESOURCES.iter().map(|row| (row.kind.name.as_bytes(), row.id));
    let aliases = ALIASES.iter().map(|(name, id)| (name.as_bytes(), *id));
    names.chain(aliases).find(|(name, _)| matches(name)).map(|(_, id)| id)
}

fn describe(row: &Row) -> Resource {
    Resource { id: row.id, unit: row.kind.unit, scope: row.kind.scope, flags: row.flags }
}

fn strip_prefix_ignoring_case<'a>(name: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = name.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}
