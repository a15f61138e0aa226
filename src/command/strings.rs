//! Copies of strings, one behind the other.

use crate::errno::Result;
use crate::sys::Vector;
use core::ffi::CStr;
use core::iter;

/// Each with its NUL.
pub struct Strings(Vector<u8>);

impl Strings {
    pub const fn new() -> Strings {
        Strings(Vector::new())
    }

    pub fn of(string: &CStr) -> Result<Strings> {
        let mut strings = Strings::new();
        strings.push(&[string.to_bytes()])?;
        Ok(strings)
    }

    /// One string from parts; all of it, or nothing where there is no memory.
    pub fn push(&mut self, parts: &[&[u8]]) -> Result<()> {
        self.0.reserve(parts.iter().map(|part| part.len()).fold(1, usize::saturating_add))?;
        parts.iter().chain([&[0].as_slice()]).try_for_each(|part| self.0.extend(part))
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &CStr> {
        let strings = self.0.as_slice().split_inclusive(|byte| *byte == 0);
        strings.filter_map(|bytes| CStr::from_bytes_with_nul(bytes).ok())
    }

    pub fn first(&self) -> Option<&CStr> {
        self.iter().next()
    }

    /// Takes out the first string for which this holds.
    pub fn remove(&mut self, is_meant: impl Fn(&CStr) -> bool) {
        let mut start = 0;
        let found = self.iter().find_map(|string| {
            let length = string.count_bytes() + 1;
            let place = (start, length);
            start += length;
            is_meant(string).then_some(place)
        });
        if let Some((start, length)) = found {
            self.0.remove(start, length);
        }
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// The parts of a PATH, of which there is one at least.
pub fn parts_of(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(path);
    iter::from_fn(move || {
        let text = rest?;
        let end = text.iter().position(|byte| *byte == b':');
        let (part, behind) = text.split_at_checked(end.unwrap_or(text.len()))?;
        rest = end.and(behind.get(1..));
        Some(part)
    })
}
