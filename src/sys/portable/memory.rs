//! Growing memory by malloc(3), because the shipped library has no Rust allocator and a lack of memory has to be
//! reported. malloc(3) may set `errno`; the calling floor restores it.

use crate::errno::{Errno, Result};
use core::ffi::{CStr, c_char, c_void};
use core::marker::PhantomData;
use core::ptr::{self, NonNull};

/// A growing array of plain values in memory of malloc(3).
pub struct Vector<T: Copy> {
    room: Room,
    values: PhantomData<T>,
}

impl<T: Copy> Vector<T> {
    pub const fn new() -> Vector<T> {
        let memory = NonNull::<T>::dangling().cast();
        Vector { room: Room { memory, length: 0, capacity: 0 }, values: PhantomData }
    }

    pub fn as_slice(&self) -> &[T] {
        // SAFETY: the first `length` values were written; with none the address is aligned and not null.
        unsafe { core::slice::from_raw_parts(self.room.memory.cast().as_ptr(), self.room.length) }
    }

    pub fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: as above, and not borrowed elsewhere.
        unsafe { core::slice::from_raw_parts_mut(self.room.memory.cast().as_ptr(), self.room.length) }
    }

    pub fn push(&mut self, value: T) -> Result<()> {
        self.extend(&[value])
    }

    /// Adds all of the values, or none if there is no memory.
    pub fn extend(&mut self, values: &[T]) -> Result<()> {
        // SAFETY: plain values, of this array's one size.
        unsafe { self.room.extend(values.as_ptr().cast(), values.len(), size_of::<T>()) }
    }

    /// Makes room for this many more.
    pub fn reserve(&mut self, more: usize) -> Result<()> {
        // SAFETY: this array's one size.
        unsafe { self.room.reserve(more, size_of::<T>()) }
    }

    pub fn clear(&mut self) {
        self.room.length = 0;
    }

    /// Removes `count` values from `start` on; the following ones move up.
    pub fn remove(&mut self, start: usize, count: usize) {
        let Some(end) = start.checked_add(count).filter(|end| *end <= self.room.length) else { return };
        self.as_mut_slice().copy_within(end.., start);
        self.room.length -= count;
    }
}

/// The memory of an array of values of any size: its functions are compiled once for all types.
struct Room {
    memory: NonNull<c_void>,
    length: usize,
    capacity: usize,
}

impl Room {
    /// # Safety
    /// `size` is that of a value, the same in each call, and `values` points to `count` of them outside this memory.
    #[inline(never)]
    unsafe fn extend(&mut self, values: *const c_void, count: usize, size: usize) -> Result<()> {
        // SAFETY: the same size, by contract. `reserve` makes room for this many after those in use, so that the
        // product of either count and the size does not overflow.
        unsafe {
            self.reserve(count, size)?;
            let end = self.memory.as_ptr().cast::<u8>().add(self.length * size);
            ptr::copy_nonoverlapping(values.cast::<u8>(), end, count * size);
        }
        self.length += count;
        Ok(())
    }

    /// The capacity doubles, so that each value is moved once on average.
    ///
    /// # Safety
    /// `size` is that of a value, the same in each call.
    #[inline(never)]
    unsafe fn reserve(&mut self, more: usize, size: usize) -> Result<()> {
        let wanted = self.length.checked_add(more).ok_or(Errno::ENOMEM)?;
        if wanted > self.capacity {
            let capacity = wanted.max(self.capacity.saturating_mul(2)).max(8);
            let bytes =
                capacity.checked_mul(size).filter(|bytes| *bytes <= isize::MAX as usize).ok_or(Errno::ENOMEM)?;
            let old = if self.capacity == 0 { ptr::null_mut() } else { self.memory.as_ptr() };
            // SAFETY: NULL, or the last result of realloc.
            self.memory = NonNull::new(unsafe { libc::realloc(old, bytes) }).ok_or(Errno::ENOMEM)?;
            self.capacity = capacity;
        }
        Ok(())
    }
}

impl Drop for Room {
    #[inline(never)]
    fn drop(&mut self) {
        if self.capacity > 0 {
            // SAFETY: from realloc, and not used after this.
            unsafe { libc::free(self.memory.as_ptr()) };
        }
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

/// # Safety
/// `memory` came from [`allocated`] and is not used any more.
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
        assert_eq!((numbers.room.length, numbers.room.capacity), (9, 9));
        assert_eq!(numbers.as_slice().last(), Some(&8));
    }
}
