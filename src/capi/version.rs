//! The version of the library, at build time and at run time.

use crate::catalog::{Constant, constants};
use core::ffi::c_char;

/// Major version of the header: incompatible changes. While it is 0 the minor one says them.
pub const RR_VERSION_MAJOR: u32 = 0;
/// Minor version of the header: additions.
pub const RR_VERSION_MINOR: u32 = 1;
/// Patch version of the header: corrections.
pub const RR_VERSION_PATCH: u32 = 0;

pub(super) const CONSTANTS: &[Constant] = constants![RR_VERSION_MAJOR, RR_VERSION_MINOR, RR_VERSION_PATCH];

/// Tells the version of the library that the program runs with, which may be newer than the header
/// it was compiled with.
///
/// Returns (major << 16) | (minor << 8) | patch.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_version() -> u32 {
    (RR_VERSION_MAJOR << 16) | (RR_VERSION_MINOR << 8) | RR_VERSION_PATCH
}

/// Tells the version of the library that the program runs with, as text.
///
/// Returns a static string like "0.1.0"; never NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_version_string() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_the_package_version() {
        let header = std::format!("{RR_VERSION_MAJOR}.{RR_VERSION_MINOR}.{RR_VERSION_PATCH}");
        assert_eq!(header, env!("CARGO_PKG_VERSION"));
    }
}
