//! F0: short strings in one block, each with its NUL, for tables of names. A pointer to each would cost a relocation
//! in every program that loads the library, and more bytes in the file than the string.

use core::ffi::{CStr, c_int};

/// The strings in order.
#[derive(Clone, Copy)]
pub struct Strings(&'static [u8]);

impl Strings {
    pub const fn of(text: &'static [u8]) -> Strings {
        Strings(text)
    }

    pub fn nth(mut self, index: usize) -> Option<&'static CStr> {
        Iterator::nth(&mut self, index)
    }
}

impl Iterator for Strings {
    type Item = &'static CStr;

    #[inline(never)] // for size: every table goes through it
    fn next(&mut self) -> Option<&'static CStr> {
        let (string, rest) = first(self.0)?;
        self.0 = rest;
        Some(string)
    }
}

/// The first string of a text, and what follows its NUL.
#[inline(never)] // for size: it has many callers
pub fn first(text: &[u8]) -> Option<(&CStr, &[u8])> {
    let string = CStr::from_bytes_until_nul(text).ok()?;
    Some((string, text.get(string.count_bytes() + 1..)?))
}

/// The string at the position of the number.
#[inline(never)] // for size, as above
pub fn of_number(numbers: &[c_int], number: c_int, strings: Strings) -> Option<&'static CStr> {
    strings.nth(numbers.iter().position(|known| *known == number)?)
}

/// Compares without case. The standard library's function is made for long texts, and is large.
#[inline(never)] // for size: it has many callers
pub fn is_in_any_case(text: &[u8], word: &[u8]) -> bool {
    text.len() == word.len() && text.iter().zip(word).all(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// As above.
#[allow(clippy::manual_contains, reason = "that is the standard library's")]
pub fn has(text: &[u8], letter: u8) -> bool {
    text.iter().any(|byte| *byte == letter)
}

/// The part after a dot.
pub fn behind_dot(path: &'static CStr) -> Option<&'static CStr> {
    let bytes = path.to_bytes_with_nul();
    let dot = bytes.iter().position(|byte| *byte == b'.')?;
    Strings(bytes.get(dot + 1..)?).next()
}

/// The length that `joined` needs.
#[allow(clippy::indexing_slicing, reason = "it runs at compile time only")]
pub const fn length(parts: &[&str]) -> usize {
    let (mut length, mut next) = (0, 0);
    while next < parts.len() {
        length += parts[next].len();
        next += 1;
    }
    length
}

/// The texts in one block of memory.
#[allow(clippy::indexing_slicing, reason = "it runs at compile time only")]
pub const fn joined<const SIZE: usize>(parts: &[&str]) -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    let (mut next, mut at) = (0, 0);
    while next < parts.len() {
        let part = parts[next].as_bytes();
        let mut byte = 0;
        while byte < part.len() {
            bytes[at] = part[byte];
            byte += 1;
            at += 1;
        }
        next += 1;
    }
    bytes
}
