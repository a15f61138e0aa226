//! A short path, built without allocation.

use crate::decimal::digits;
use crate::strings::first;
use core::ffi::CStr;

pub struct Path {
    bytes: [u8; 64],
    length: usize,
}

impl Path {
    pub fn new() -> Path {
        Path { bytes: [0; 64], length: 0 }
    }

    pub fn as_c_str(&self) -> &CStr {
        first(&self.bytes).map_or(c"", |(path, _)| path)
    }

    /// The last byte stays NUL: a path that does not fit is cut, and names no file.
    #[inline(never)] // for size: it has many callers
    pub fn add(&mut self, text: &[u8]) {
        let room = self.bytes.iter_mut().take(63).skip(self.length);
        room.zip(text).for_each(|(byte, letter)| *byte = *letter);
        self.length += text.len();
    }

    pub fn add_number(&mut self, number: i32) {
        self.add(digits(number.unsigned_abs().into(), &mut [0; 20]));
    }
}
