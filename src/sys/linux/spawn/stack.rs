//! The stack of a child that shares its caller's memory. Only the pages that the child touches become resident.

use crate::errno::{Errno, Result};
use core::ffi::c_void;
use core::ptr::NonNull;

/// Enough for `child`, whose calls are only a few levels deep, even without optimization.
const BYTES: usize = 64 * 1024;

pub struct Stack(NonNull<c_void>);

impl Stack {
    pub fn new() -> Result<Stack> {
        // SAFETY: malloc takes any size.
        NonNull::new(unsafe { libc::malloc(BYTES) }).map(Stack).ok_or(Errno::ENOMEM)
    }

    /// The address where it begins, because it grows down; aligned as the architectures require.
    pub fn top(&self) -> *mut c_void {
        const ALIGNMENT: usize = 16;
        // SAFETY: one past the end of the memory, which may be computed, then at most fifteen bytes back.
        unsafe {
            let end = self.0.as_ptr().cast::<u8>().add(BYTES);
            end.sub(end.addr() % ALIGNMENT).cast()
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: from malloc, and not used any more: the child has executed or ended.
        unsafe { libc::free(self.0.as_ptr()) }
    }
}
