//! Descriptors, and small files read whole.

use super::kernel;
use crate::errno::{Errno, Result};
use core::ffi::{CStr, c_int};

/// An open descriptor; closed when dropped.
pub struct Descriptor(c_int);

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: the descriptor is ours alone. close(2): an error leaves it closed all the same.
        let _ = unsafe { kernel::call(libc::SYS_close, [self.0 as usize, 0, 0, 0]) };
    }
}

impl Descriptor {
    /// Takes over what a system call has just opened.
    pub fn owned(opened: usize) -> Descriptor {
        Descriptor(opened as c_int)
    }

    pub fn number(&self) -> c_int {
        self.0
    }

    pub fn copy_of(fd: c_int) -> Result<Descriptor> {
        // SAFETY: fcntl with F_DUPFD_CLOEXEC takes numbers only.
        let copy = unsafe { kernel::call(libc::SYS_fcntl, [fd as usize, libc::F_DUPFD_CLOEXEC as usize, 0, 0]) }?;
        Ok(Descriptor::owned(copy))
    }

    fn open(path: &CStr) -> Result<Descriptor> {
        let flags = libc::O_RDONLY | libc::O_CLOEXEC;
        let arguments = [libc::AT_FDCWD as usize, path.as_ptr().expose_provenance(), flags as usize, 0];
        // SAFETY: the path ends in NUL.
        unsafe { kernel::call(libc::SYS_openat, arguments) }.map(Descriptor::owned)
    }

    fn read(&self, buffer: &mut [u8]) -> Result<usize> {
        let arguments = [self.0 as usize, buffer.as_mut_ptr().expose_provenance(), buffer.len(), 0];
        // SAFETY: the kernel writes at most the buffer's length.
        unsafe { kernel::call(libc::SYS_read, arguments) }
    }
}

/// The start of a file, as much as the buffer holds. ESRCH where a file of /proc is gone, for then
/// its process is.
pub fn read_file<'a>(path: &CStr, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
    let file = Descriptor::open(path)?;
    let mut length = 0;
    loop {
        let rest = buffer.get_mut(length..).unwrap_or_default();
        match file.read(rest) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(buffer.get(..length).unwrap_or_default())
}
