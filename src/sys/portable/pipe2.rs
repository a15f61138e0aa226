//! pipe2(2), which macOS lacks.

use crate::errno::Result;
use crate::sys::portable::unix::{Libc, checked};
use core::ffi::c_int;

pub fn pipe<S: Libc>() -> Result<[c_int; 2]> {
    let mut ends: [c_int; 2] = [-1; 2];
    // SAFETY: pipe2 writes two ints.
    checked::<S, _>(|| unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) })?;
    Ok(ends)
}
