//! F0: every struct and constant that C sees, one file per part of the header. The numbers of the resources and the
//! values of RR_RLIM_* are in the catalog, which has a file per system.

pub mod bound;
pub mod command;
pub mod limits_many;
pub mod limits_text;
pub mod resource;
pub mod rlimit;
pub mod rusage;
pub mod usage;
pub mod version;

use crate::text::Text;

/// A constant of the header, for languages that cannot read a #define.
pub struct Constant {
    pub name: Text<32>,
    pub value: i64,
}

/// Rows from constants, so that name and value cannot differ.
macro_rules! constants {
    ($($name:ident),* $(,)?) => {
        &[$($crate::abi::Constant { name: $crate::text::text(stringify!($name)), value: $name as i64 }),*]
    };
}
pub(crate) use constants;

/// A struct of the header, for languages that build it themselves.
pub struct Layout {
    /// Without `rr_`.
    pub name: Text<16>,
    pub size: usize,
    /// Each with its NUL, in the order of `offsets`: one string, where a pointer for each name would cost a
    /// relocation.
    pub fields: &'static str,
    pub offsets: &'static [u16],
}

/// A layout from the struct, which the names have to be fields of.
macro_rules! layout {
    ($name:literal, $type:ty: $($field:ident),* $(,)?) => {
        $crate::abi::Layout {
            name: $crate::text::text($name),
            size: size_of::<$type>(),
            fields: concat!($(stringify!($field), "\0"),*),
            offsets: &[$(core::mem::offset_of!($type, $field) as u16),*],
        }
    };
}
pub(crate) use layout;

pub const CONSTANTS: [&[Constant]; 8] = [
    version::CONSTANTS,
    resource::CONSTANTS,
    limits_text::CONSTANTS,
    limits_many::CONSTANTS,
    rusage::CONSTANTS,
    usage::CONSTANTS,
    bound::CONSTANTS,
    command::CONSTANTS,
];

pub static LAYOUTS: [Layout; 10] = [
    resource::RESOURCE,
    rlimit::RLIMIT,
    limits_many::RLIMIT_ENTRY,
    limits_many::VERDICT,
    rusage::TIMEVAL,
    rusage::RUSAGE,
    usage::USAGE,
    bound::BOUND,
    command::OUTCOME,
    command::FAILURE,
];
