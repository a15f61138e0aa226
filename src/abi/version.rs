//! The version.

use super::{Constants, constants};

/// Incompatible changes; while it is 0, the minor version counts them
pub const RR_VERSION_MAJOR: u32 = 0;
/// Additions
pub const RR_VERSION_MINOR: u32 = 1;
/// Corrections
pub const RR_VERSION_PATCH: u32 = 0;
/// The version of this header, to compare with rr_version()
pub const RR_VERSION_NUMBER: u32 = (RR_VERSION_MAJOR << 16) | (RR_VERSION_MINOR << 8) | RR_VERSION_PATCH;

pub(crate) const CONSTANTS: Constants =
    constants![RR_VERSION_MAJOR, RR_VERSION_MINOR, RR_VERSION_PATCH, RR_VERSION_NUMBER];
