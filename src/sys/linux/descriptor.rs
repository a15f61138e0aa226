//! Descriptors, and small files read whole.

use super::kernel::{self, address};
use crate::decimal::number;
use crate::errno::{Errno, Result};
use crate::strings::first;
use core::ffi::{CStr, c_int, c_long};
use core::ops::Range;

/// An open descriptor; closed when dropped.
pub struct Descriptor(c_int);

impl Drop for Descriptor {
    #[inline(never)] // for size: wherever a descriptor goes out of scope
    fn drop(&mut self) {
        // SAFETY: only this object owns the descriptor. close(2): it is closed even on an error.
        let _ = unsafe { kernel::call(libc::SYS_close, [self.0 as usize]) };
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
        let copy = unsafe { kernel::call(libc::SYS_fcntl, [fd as usize, libc::F_DUPFD_CLOEXEC as usize]) }?;
        Ok(Descriptor::owned(copy))
    }

    /// Moves it above the standard descriptors: any part of the program may write to those even if they are closed.
    pub fn above_standard(self) -> Result<Descriptor> {
        if self.0 > libc::STDERR_FILENO {
            return Ok(self);
        }
        let least = libc::STDERR_FILENO as usize + 1;
        // SAFETY: fcntl with F_DUPFD_CLOEXEC takes numbers only.
        unsafe { kernel::call(libc::SYS_fcntl, [self.0 as usize, libc::F_DUPFD_CLOEXEC as usize, least]) }
            .map(Descriptor::owned)
    }

    /// `kind` is `O_WRONLY`, `O_DIRECTORY`, or 0 for a file to read.
    pub fn open(path: &CStr, kind: c_int) -> Result<Descriptor> {
        Descriptor::open_at(libc::AT_FDCWD, path, kind)
    }

    /// `path` is relative to an open folder.
    #[inline(never)] // for size: it has many callers
    pub fn open_at(folder: c_int, path: &CStr, kind: c_int) -> Result<Descriptor> {
        let flags = libc::O_CLOEXEC | kind;
        let arguments = [folder as usize, path.as_ptr().expose_provenance(), flags as usize, 0, 0];
        // SAFETY: the path ends in NUL.
        unsafe { uninterrupted(libc::SYS_openat, arguments) }.map(Descriptor::owned)
    }

    /// statx(2): which mount it was opened through; none before Linux 5.8.
    pub fn mount(&self) -> Option<u64> {
        let mut status = core::mem::MaybeUninit::<libc::statx>::uninit();
        let path = c"".as_ptr().expose_provenance();
        let wanted = libc::STATX_MNT_ID as usize;
        let arguments = [self.0 as usize, path, libc::AT_EMPTY_PATH as usize, wanted, address(&mut status)];
        // SAFETY: the path ends in NUL, and the kernel writes one struct statx.
        unsafe { kernel::call(libc::SYS_statx, arguments) }.ok()?;
        // SAFETY: the kernel filled it.
        let status = unsafe { status.assume_init() };
        (status.stx_mask & libc::STATX_MNT_ID != 0).then_some(status.stx_mnt_id)
    }

    pub fn read(&self, buffer: &mut [u8]) -> Result<usize> {
        let arguments = [self.0 as usize, buffer.as_mut_ptr().expose_provenance(), buffer.len()];
        // SAFETY: the kernel writes at most the buffer's length.
        unsafe { kernel::call(libc::SYS_read, arguments) }
    }

    pub fn write(&self, text: &[u8]) -> Result<usize> {
        let arguments = [self.0 as usize, text.as_ptr().expose_provenance(), text.len()];
        // SAFETY: the kernel reads the text's length.
        unsafe { kernel::call(libc::SYS_write, arguments) }
    }

    /// Reads from an offset on and does not change the descriptor's offset: a signal handler may read the same file
    /// meanwhile.
    pub fn read_at(&self, offset: usize, buffer: &mut [u8]) -> Result<usize> {
        match self.pread(offset, buffer) {
            Err(error) if error.is_refusal() => self.preadv(offset, buffer),
            result => result,
        }
    }

    #[cfg(target_pointer_width = "64")]
    fn pread(&self, offset: usize, buffer: &mut [u8]) -> Result<usize> {
        let arguments = [self.0 as usize, buffer.as_mut_ptr().expose_provenance(), buffer.len(), offset, 0];
        // SAFETY: the kernel writes at most the buffer's length.
        unsafe { uninterrupted(libc::SYS_pread64, arguments) }
    }

    /// On 32-bit architectures the way to pass pread64's offset differs.
    #[cfg(not(target_pointer_width = "64"))]
    fn pread(&self, _: usize, _: &mut [u8]) -> Result<usize> {
        Err(Errno::ENOSYS)
    }

    /// preadv(2), whose offset is two longs on every architecture, the lower one first.
    fn preadv(&self, offset: usize, buffer: &mut [u8]) -> Result<usize> {
        let mut part = [buffer.as_mut_ptr().expose_provenance(), buffer.len()];
        let arguments = [self.0 as usize, address(&mut part), 1, offset, 0];
        // SAFETY: one struct iovec is read, and the kernel writes at most the buffer's length.
        unsafe { uninterrupted(libc::SYS_preadv, arguments) }
    }
}

/// faccessat(2): whether a path exists.
pub fn exists(path: &CStr) -> bool {
    let arguments = [libc::AT_FDCWD as usize, path.as_ptr().expose_provenance(), libc::F_OK as usize, 0, 0];
    // SAFETY: the path ends in NUL.
    unsafe { kernel::call(libc::SYS_faccessat, arguments) }.is_ok()
}

/// Reads the start of a file, as much as fits the buffer.
#[inline(never)] // for size: it has three callers
pub fn read_file<'a>(path: &CStr, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
    let file = Descriptor::open(path, 0)?;
    let mut length = 0;
    loop {
        let rest = buffer.get_mut(length..).unwrap_or_default();
        match file.read_at(length, rest)? {
            0 => return Ok(buffer.get(..length).unwrap_or_default()),
            count => length += count,
        }
    }
}

/// Repeats a call that a signal handler interrupted: signal(7).
///
/// # Safety
/// As for [`kernel::call`], and the call may be repeated.
#[inline(never)] // for size: it has six callers
unsafe fn uninterrupted(number: c_long, arguments: [usize; 5]) -> Result<usize> {
    loop {
        // SAFETY: passed on.
        match unsafe { kernel::call(number, arguments) } {
            Err(Errno::EINTR) => {}
            result => return result,
        }
    }
}

/// Reads a symbolic link, as much as fits the buffer.
#[inline(never)] // for size: it has four callers
pub fn read_link<'a>(path: &CStr, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
    let path = path.as_ptr().expose_provenance();
    let arguments = [libc::AT_FDCWD as usize, path, buffer.as_mut_ptr().expose_provenance(), buffer.len(), 0];
    // SAFETY: the path ends in NUL, and the kernel writes at most the buffer's length.
    let length = unsafe { uninterrupted(libc::SYS_readlinkat, arguments) }?;
    Ok(buffer.get(..length).unwrap_or_default())
}

/// The entries of a folder of /proc whose names are numbers.
pub struct Numbers {
    folder: Descriptor,
    buffer: [u8; 2048],
    /// The part of the buffer that is not read yet.
    rest: Range<usize>,
}

impl Numbers {
    pub fn open(folder: &CStr) -> Result<Numbers> {
        Ok(Numbers { folder: Descriptor::open(folder, libc::O_DIRECTORY)?, buffer: [0; 2048], rest: 0..0 })
    }

    /// `None` after the last one.
    #[inline(never)] // for size: it has two callers
    pub fn next(&mut self) -> Result<Option<i32>> {
        loop {
            if self.rest.is_empty() {
                let buffer = self.buffer.as_mut_ptr().expose_provenance();
                let arguments = [self.folder.0 as usize, buffer, self.buffer.len(), 0, 0];
                // SAFETY: the kernel writes at most the buffer's length.
                self.rest = 0..unsafe { uninterrupted(libc::SYS_getdents64, arguments) }?;
                if self.rest.is_empty() {
                    return Ok(None);
                }
            }
            let (name, length) = self.buffer.get(self.rest.clone()).and_then(first_entry).ok_or(Errno::EIO)?;
            self.rest.start += length;
            // Not `.` and `..`.
            if let Some(number) = number(name).and_then(|number| i32::try_from(number).ok()) {
                return Ok(Some(number));
            }
        }
    }
}

/// `struct linux_dirent64`, getdents(2): its length is at offset 16, its name from offset 19 to a NUL.
fn first_entry(entries: &[u8]) -> Option<(&[u8], usize)> {
    let length = u16::from_ne_bytes(*entries.get(16..)?.first_chunk()?);
    Some((first(entries.get(19..)?)?.0.to_bytes(), length.into()))
}

/// The size of a file by its path, statx(2), whose struct is the same on every architecture.
pub fn file_size(path: &CStr) -> Result<u64> {
    let mut status = core::mem::MaybeUninit::<libc::statx>::uninit();
    let path = path.as_ptr().expose_provenance();
    let arguments = [libc::AT_FDCWD as usize, path, 0, libc::STATX_SIZE as usize, address(&mut status)];
    // SAFETY: the path ends in NUL, and the kernel writes one struct statx.
    unsafe { uninterrupted(libc::SYS_statx, arguments) }?;
    // SAFETY: the kernel filled it.
    Ok(unsafe { status.assume_init() }.stx_size)
}
