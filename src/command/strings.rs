//! Copies of strings, stored contiguously.

use crate::errno::Result;
use crate::strings::first;
use crate::sys::Vector;
use core::ffi::CStr;
use core::ops::Range;
use core::{iter, mem};

pub struct Strings {
    /// Each with its NUL.
    text: Vector<u8>,
    /// The end of each, after its NUL, so that iterating needs no search for NULs.
    ends: Vector<usize>,
}

impl Strings {
    pub const fn new() -> Strings {
        Strings { text: Vector::new(), ends: Vector::new() }
    }

    pub fn of(string: &CStr) -> Result<Strings> {
        let mut strings = Strings::new();
        strings.push(&[string.to_bytes()])?;
        Ok(strings)
    }

    /// Appends one string that consists of parts; nothing is added if there is no memory.
    pub fn push(&mut self, parts: &[&[u8]]) -> Result<()> {
        self.text.reserve(parts.iter().map(|part| part.len()).fold(1, usize::saturating_add))?;
        self.ends.reserve(1)?;
        parts.iter().chain([&[0].as_slice()]).try_for_each(|part| self.text.extend(part))?;
        self.ends.push(self.text.as_slice().len())
    }

    pub fn iter(&self) -> impl Iterator<Item = &CStr> {
        self.with_nul().filter_map(first).map(|(string, _)| string)
    }

    pub fn first(&self) -> Option<&CStr> {
        self.iter().next()
    }

    /// The index of the first string, without its NUL, for which `is_meant` holds.
    pub fn position(&self, is_meant: impl Fn(&[u8]) -> bool) -> Option<usize> {
        self.with_nul().position(|bytes| bytes.split_last().is_some_and(|(_, bytes)| is_meant(bytes)))
    }

    pub fn remove(&mut self, index: usize) {
        let Some(range) = self.ranges().nth(index) else { return };
        self.text.remove(range.start, range.len());
        self.ends.remove(index, 1);
        self.ends.as_mut_slice().iter_mut().skip(index).for_each(|end| *end -= range.len());
    }

    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn with_nul(&self) -> impl Iterator<Item = &[u8]> {
        self.ranges().filter_map(|range| self.text.as_slice().get(range))
    }

    fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.ends.as_slice().iter().map(move |end| mem::replace(&mut start, *end)..*end)
    }
}

/// The parts of a PATH; there is at least one.
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
