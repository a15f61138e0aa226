//! The BSDs and macOS: what sysctl(3) reports of a process.

use crate::abi::bound::{RR_SYSCTL_MAXFILES, RR_SYSCTL_MAXFILESPERPROC, RR_SYSCTL_MAXPROC};
use crate::errno::{Errno, Result};
use crate::sys::portable::posix::Posix;
use crate::sys::portable::unix::checked;
use core::ffi::{c_int, c_uint};
use core::mem::MaybeUninit;
use core::ptr;

/// `RLIM_INFINITY`: rlim_t is signed, or 63 of its bits are used.
pub const LARGEST_LIMIT: u64 = i64::MAX as u64;

/// Reads a struct by sysctl(3). ESRCH if less than the struct is returned: nothing is, if no process has the PID.
pub fn read<S: Posix, T>(name: &[c_int]) -> Result<MaybeUninit<T>> {
    let mut value = MaybeUninit::<T>::uninit();
    let mut size = size_of::<T>();
    let (place, length) = (value.as_mut_ptr().cast(), name.len() as c_uint);
    checked::<S, _>(|| {
        // SAFETY: the kernel reads the name, which is not written to though some systems leave out the
        // const, and writes no more than the struct's size.
        unsafe { libc::sysctl(name.as_ptr().cast_mut(), length, place, &raw mut size, ptr::null_mut(), 0) }
    })?;
    if size < size_of::<T>() { Err(Errno(libc::ESRCH)) } else { Ok(value) }
}

/// A setting below `kern`, RR_SYSCTL_*. Not every system has a maximum of open files per process.
pub fn setting<S: Posix>(detail: i32, files_per_process: Option<c_int>) -> Result<u64> {
    let number = match detail {
        RR_SYSCTL_MAXPROC => Some(libc::KERN_MAXPROC),
        RR_SYSCTL_MAXFILES => Some(libc::KERN_MAXFILES),
        RR_SYSCTL_MAXFILESPERPROC => files_per_process,
        _ => None,
    };
    let value = read::<S, c_int>(&[libc::CTL_KERN, number.ok_or(Errno(libc::ENOTSUP))?])?;
    // SAFETY: the kernel filled it.
    u64::try_from(unsafe { value.assume_init() }).map_err(|_| Errno(libc::ENOTSUP))
}
