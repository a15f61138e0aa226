//! F0: every struct and constant that C sees, one file per part of the header. The numbers of the resources and the
//! values of RR_RLIM_* are in the catalog, which has a file per system.

pub mod bound;
pub mod command;
pub mod limits_many;
pub mod limits_text;
pub mod resource;
pub mod rlimit;
pub mod rusage;
pub mod tree;
pub mod usage;
pub mod version;

use crate::strings::{Strings, joined, length};
use core::ffi::CStr;

/// Names, each with its NUL, and a number for each, for languages that cannot read the header.
#[derive(Clone, Copy)]
pub struct Table<Number: 'static> {
    pub names: &'static str,
    pub numbers: &'static [Number],
}

/// Constants of the header.
pub type Constants = Table<i64>;

/// A struct of the header: its size, followed by the offsets of its fields, whose names begin with the struct's.
pub type Layout = Table<u16>;

/// Made from the constants, so that a name always has its value.
macro_rules! constants {
    ($($name:ident),* $(,)?) => {
        $crate::abi::Table { names: concat!($(stringify!($name), "\0"),*), numbers: &[$($name as i64),*] }
    };
}
pub(crate) use constants;

/// Made from the struct, which must have fields of these names. Its name is without `rr_`.
macro_rules! layout {
    ($name:literal, $type:ty: $($field:ident),* $(,)?) => {
        $crate::abi::Table {
            names: concat!($name, "\0", $($name, ".", stringify!($field), "\0"),*),
            numbers: &[size_of::<$type>() as u16, $(core::mem::offset_of!($type, $field) as u16),*],
        }
    };
}
pub(crate) use layout;

/// All tables as one.
macro_rules! one_table {
    ($strings:ident, $numbers:ident: [$type:ty], $tables:ident) => {
        static $strings: [u8; length(&names(&$tables))] = joined(&names(&$tables));
        static $numbers: [$type; count(&$tables)] = numbers(&$tables);
    };
}
pub(crate) use one_table;

/// The constants of all systems; the catalog has those of one system.
pub(crate) const CONSTANTS: [Constants; 9] = [
    version::CONSTANTS,
    resource::CONSTANTS,
    limits_text::CONSTANTS,
    limits_many::CONSTANTS,
    rusage::CONSTANTS,
    usage::CONSTANTS,
    bound::CONSTANTS,
    command::CONSTANTS,
    tree::CONSTANTS,
];

const LAYOUTS: [Layout; 11] = [
    usage::USAGE,
    rusage::RUSAGE,
    command::OUTCOME,
    resource::RESOURCE,
    rlimit::RLIMIT,
    limits_many::RLIMIT_ENTRY,
    limits_many::VERDICT,
    rusage::TIMEVAL,
    bound::BOUND,
    command::FAILURE,
    tree::TREE,
];

one_table!(LAYOUT_NAMES, LAYOUT_NUMBERS: [u16], LAYOUTS);

/// Each struct followed by its fields: `usage`, `usage.known`.
pub fn layouts() -> impl Iterator<Item = (&'static CStr, u16)> {
    Strings::of(&LAYOUT_NAMES).zip(LAYOUT_NUMBERS.iter().copied())
}

/// The index of `usage.known` is 0.
pub fn usage_field(index: usize) -> Option<&'static CStr> {
    field(0, usage::USAGE, index)
}

pub fn rusage_field(index: usize) -> Option<&'static CStr> {
    field(usage::USAGE.numbers.len(), rusage::RUSAGE, index)
}

pub fn outcome_field(index: usize) -> Option<&'static CStr> {
    field(usage::USAGE.numbers.len() + rusage::RUSAGE.numbers.len(), command::OUTCOME, index)
}

fn field(row: usize, layout: Layout, index: usize) -> Option<&'static CStr> {
    Strings::of(&LAYOUT_NAMES).nth((index < layout.numbers.len() - 1).then_some(row + 1 + index)?)
}

#[allow(clippy::indexing_slicing, reason = "it runs at compile time only")]
pub const fn names<Number, const N: usize>(tables: &[Table<Number>; N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut next = 0;
    while next < N {
        names[next] = tables[next].names;
        next += 1;
    }
    names
}

#[allow(clippy::indexing_slicing, reason = "it runs at compile time only")]
pub const fn count<Number>(tables: &[Table<Number>]) -> usize {
    let (mut count, mut next) = (0, 0);
    while next < tables.len() {
        count += tables[next].numbers.len();
        next += 1;
    }
    count
}

#[allow(clippy::indexing_slicing, reason = "it runs at compile time only")]
pub const fn numbers<Number: Copy, const N: usize>(tables: &[Table<Number>]) -> [Number; N] {
    let mut numbers = [tables[0].numbers[0]; N];
    let (mut next, mut at) = (0, 0);
    while next < tables.len() {
        let mut row = 0;
        while row < tables[next].numbers.len() {
            numbers[at] = tables[next].numbers[row];
            row += 1;
            at += 1;
        }
        next += 1;
    }
    numbers
}
