//! Limits as text.

use super::{Constants, constants};

/// Size of a buffer that is large enough for any result of rr_rlimit_format
pub const RR_RLIMIT_TEXT_SIZE: usize = 64;

pub(crate) const CONSTANTS: Constants = constants![RR_RLIMIT_TEXT_SIZE];
