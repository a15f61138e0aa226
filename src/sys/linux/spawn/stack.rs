//! The stack of a child that shares its caller's memory. Only what the child touches of it becomes resident.

use crate::errno::{Errno, Result};
use core::ffi::c_void;
use core::ptr::NonNull;

/// Enough for `child`, which calls no deeper than a few functions, unoptimised too.
const BYTES: usize = 64 * 1024;

pub struct Stack(NonNull<c_void>);

impl Stack {
    pub fn new() -> Result<Stack> {
        // SAFETY: malloc takes any size.
        NonNull::new(unsafe { libc::malloc(BYTES) }).map(Stack).ok_or(Errno::ENOMEM)
    }

    /// Where it begins, for it grows down; aligned as the architectures ask for it.
    pub fn top(&self) -> *mut c_void {
        const ALIGNMENT: usize = 16;
        // SAFETY: one past the end of the memory, which may be computed, and then at most fifteen bytes back in it.
        unsafe {
            let end = self.0.as_ptr().cast::<u8>().add(BYTES);
            end.sub(end.addr() % ALIGNMENT).cast()
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: of malloc, and used by nobody after: the child has executed or ended.
        unsafe { libc::free(self.0.as_ptr()) }
    }
}
