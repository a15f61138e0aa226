//! Growing memory by malloc(3), because the shipped library has no Rust allocator and a lack of memory has to be
//! reported. malloc(3) may set `errno`; the calling floor restores it.

use crate::errno::{Errno, Result};
use core::ffi::{CStr, c_char, c_void};
use core::marker::PhantomData;
use core::ptr::{self, NonNull};

/// A growing array of plain values in memory of malloc(3).
pub struct Vector<T: Copy> {
    memory: NonNull<T>,
    length: usize,
    capacity: usize,
}

impl<T: Copy> Vector<T> {
    pub const fn new() -> Vector<T> {
        Vector { memory: NonNull::dangling(), length: 0, capacity: 0 }
    }

    pub fn as_slice(&self) -> &[T] {
        // SAFETY: the first `length` values were written; with none the address is aligned and not null.
        unsafe { core::slice::from_raw_parts(self.memory.as_ptr(), self.length) }
    }

    pub fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: as above, and not borrowed elsewhere.
        unsafe { core::slice::from_raw_parts_mut(self.memory.as_ptr(), self.length) }
    }

    pub fn push(&mut self, value: T) -> Result<()> {
        self.extend(&[value])
    }

    /// Adds all of the values, or none if there is no memory.
    pub fn extend(&mut self, values: &[T]) -> Result<()> {
        self.reserve(values.len())?;
        // SAFETY: `reserve` made room for this many after those in use, in memory that only this object owns.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr(), self.memory.as_ptr().add(self.length), values.len()) };
        self.length += values.len();
        Ok(())
    }

    /// Makes room for this many more. The capacity doubles, so that each value is moved once on average.
    pub fn reserve(&mut self, more: usize) -> Result<()> {
        let wanted = self.length.checked_add(more).ok_or(Errno::ENOMEM)?;
        if wanted > self.capacity {
            let capacity = wanted.max(self.capacity.saturating_mul(2)).max(8);
            let old = if self.capacity == 0 { ptr::null_mut() } else { self.memory.as_ptr().cast() };
            // SAFETY: NULL, or the last result of this function.
            self.memory = unsafe { resized(old, capacity, size_of::<T>()) }?.cast();
            self.capacity = capacity;
        }
        Ok(())
    }

    pub fn clear(&mut self) {
        self.length = 0;
    }

    /// Removes `count` values from `start` on; the following ones move up.
    pub fn remove(&mut self, start: usize, count: usize) {
        let Some(end) = start.checked_add(count).filter(|end| *end <= self.length) else { return };
        self.as_mut_slice().copy_within(end.., start);
        self.length -= count;
    }
}

impl<T: Copy> Drop for Vector<T> {
    fn drop(&mut self) {
        // SAFETY: from realloc if the capacity is not 0, and not used after this.
        unsafe { freed(self.memory.cast(), self.capacity) };
    }
}

/// One function for values of any size, so that it is compiled once.
///
/// # Safety `old` is NULL or came from this function, and is not used after a success.
#[inline(never)]
unsafe fn resized(old: *mut c_void, count: usize, size: usize) -> Result<NonNull<c_void>> {
    let bytes = count.checked_mul(size).filter(|bytes| *bytes <= isize::MAX as usize);
    // SAFETY: NULL, or the last result of realloc, by contract.
    NonNull::new(unsafe { libc::realloc(old, bytes.ok_or(Errno::ENOMEM)?) }).ok_or(Errno::ENOMEM)
}

/// # Safety `memory` came from [`resized`], unless the capacity is 0, and is not used any more.
#[inline(never)]
unsafe fn freed(memory: NonNull<c_void>, capacity: usize) {
    if capacity > 0 {
        // SAFETY: of realloc by contract.
        unsafe { libc::free(memory.as_ptr()) };
    }
}

/// Strings as execve(2) takes them: pointers, followed by NULL.
pub struct Pointers<'a> {
    pointers: Vector<*const c_char>,
    strings: PhantomData<&'a CStr>,
}

impl<'a> Pointers<'a> {
    pub fn to(strings: impl Iterator<Item = &'a CStr>) -> Result<Pointers<'a>> {
        Pointers::of(strings.map(CStr::as_ptr).chain([ptr::null()]))
    }

    /// Collects pointers, and adds the NULL.
    pub fn of(mut others: impl Iterator<Item = *const c_char>) -> Result<Pointers<'a>> {
        let mut pointers = Vector::new();
        others.try_for_each(|pointer| pointers.push(pointer))?;
        Ok(Pointers { pointers, strings: PhantomData })
    }

    /// With the NULL.
    pub fn as_slice(&self) -> &[*const c_char] {
        self.pointers.as_slice()
    }

    pub fn as_ptr(&self) -> *const *const c_char {
        self.as_slice().as_ptr()
    }
}

/// The result of `produce`, in memory from malloc(3). The memory is allocated first: a process that was started could
/// not be undone.
pub fn allocated<T>(produce: impl FnOnce() -> Result<T>) -> Result<*mut T> {
    // SAFETY: malloc takes any size. Its result is aligned for every type without a larger alignment
    // than the platform's basic ones, and none here has one.
    let memory = unsafe { libc::malloc(size_of::<T>()) }.cast::<T>();
    if memory.is_null() {
        return Err(Errno::ENOMEM);
    }
    match produce() {
        Ok(value) => {
            // SAFETY: just allocated with the value's size.
            unsafe { memory.write(value) };
            Ok(memory)
        }
        Err(error) => {
            // SAFETY: from malloc, and not used any more.
            unsafe { libc::free(memory.cast()) };
            Err(error)
        }
    }
}

/// # Safety `memory` came from [`allocated`] and is not used any more.
pub unsafe fn release<T>(memory: *mut T) {
    // SAFETY: it holds a value, and then no more.
    unsafe {
        memory.drop_in_place();
        libc::free(memory.cast());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A child that shares its caller's memory fills what was reserved, and must not allocate.
    #[test]
    fn what_was_reserved_is_enough() {
        let mut numbers = Vector::new();
        numbers.reserve(9).unwrap();
        for number in 0..9 {
            numbers.push(number).unwrap();
        }
        assert_eq!((numbers.length, numbers.capacity), (9, 9));
        assert_eq!(numbers.as_slice().last(), Some(&8));
    }
}
