//! A short path, made where nothing may be allocated.

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
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or_default()
    }

    /// The last byte stays NUL: what does not fit is cut, and names no file.
    pub fn add(&mut self, text: &[u8]) {
        let room = self.bytes.iter_mut().take(63).skip(self.length);
        room.zip(text).for_each(|(byte, letter)| *byte = *letter);
        self.length += text.len();
    }

    pub fn add_number(&mut self, number: i32) {
        let mut digits = [0; 10];
        let mut rest = number.unsigned_abs();
        let mut count = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            count += 1;
            if rest == 0 {
                break;
            }
        }
        self.add(digits.get(digits.len() - count..).unwrap_or_default());
    }
}
