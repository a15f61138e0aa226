//! What the compiler calls to fill and to copy memory on architectures where it has no short instruction for it, and
//! expects libc to have. The linker omits those that are not called.
//!
//! Each write is volatile: else the compiler would see what the loop does, and call the function in itself.

/// memset(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(target: *mut u8, value: i32, length: usize) -> *mut u8 {
    for index in 0..length {
        // SAFETY: the caller's memory has that length.
        unsafe { target.add(index).write_volatile(value as u8) };
    }
    target
}

/// memcpy(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(target: *mut u8, source: *const u8, length: usize) -> *mut u8 {
    for index in 0..length {
        // SAFETY: both of the caller's memories have that length.
        unsafe { target.add(index).write_volatile(*source.add(index)) };
    }
    target
}
