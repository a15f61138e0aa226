//! F0: short strings inside the tables that name things. A pointer to each would cost every program
//! that loads the library a relocation, and the file more bytes than the string.

use core::ffi::CStr;

/// A string of less than `SIZE` bytes, ended by NUL.
#[derive(Clone, Copy)]
pub struct Text<const SIZE: usize>([u8; SIZE]);

/// Too long a string does not compile: the tables are constants.
#[allow(clippy::indexing_slicing, reason = "it runs at compile time only")]
pub const fn text<const SIZE: usize>(string: &str) -> Text<SIZE> {
    let mut bytes = [0; SIZE];
    let mut next = 0;
    assert!(string.len() < SIZE, "the string and its NUL do not fit");
    while next < string.len() {
        bytes[next] = string.as_bytes()[next];
        next += 1;
    }
    Text(bytes)
}

impl<const SIZE: usize> Text<SIZE> {
    pub fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.0).unwrap_or_default()
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.as_c_str().to_bytes()
    }
}
