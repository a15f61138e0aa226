//! Version
//!
//! The version of the header, for #if, and the version of the library that is loaded.

use crate::abi::version::RR_VERSION_NUMBER;
use core::ffi::c_char;

/// Gets the version of the library that is loaded. It can be newer than the header that the program was
/// compiled with.
///
/// Returns: the version as (major << 16) | (minor << 8) | patch, to compare with RR_VERSION_NUMBER
#[unsafe(no_mangle)]
pub extern "C" fn rr_version() -> u32 {
    RR_VERSION_NUMBER
}

/// Gets the version of the loaded library as text.
///
/// Returns: a static string such as "0.1.0"; never NULL
#[unsafe(no_mangle)]
pub extern "C" fn rr_version_string() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

#[cfg(test)]
mod tests {
    use crate::abi::version::{RR_VERSION_MAJOR, RR_VERSION_MINOR, RR_VERSION_PATCH};

    #[test]
    fn constants_are_the_package_version() {
        let header = std::format!("{RR_VERSION_MAJOR}.{RR_VERSION_MINOR}.{RR_VERSION_PATCH}");
        assert_eq!(header, env!("CARGO_PKG_VERSION"));
    }
}
