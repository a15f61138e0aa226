//! The launcher's image as a command keeps it for its starts: the installed file, else a sealed memfd with the image
//! embedded in this library.

use super::job::NAME;
use crate::catalog::{RR_RLIM_INFINITY, RR_RLIMIT_FSIZE};
use crate::errno::{Errno, Result};
use crate::sys::host::descriptor::Descriptor;
use crate::sys::host::getrlimit;
use crate::sys::host::kernel::{self, address};
use core::ffi::{CStr, c_int};
use core::mem::{self, MaybeUninit};
use core::sync::atomic::{AtomicI32, Ordering};

/// The absolute path where it is installed, or empty.
const INSTALLED: &CStr = match CStr::from_bytes_with_nul(concat!(env!("LAUNCHER_INSTALLED"), "\0").as_bytes()) {
    Ok(path) => path,
    Err(_) => c"",
};

#[cfg(has_launcher)]
const BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/launcher"));
/// No launcher exists for this architecture, or it could not be built.
#[cfg(not(has_launcher))]
const BYTES: &[u8] = &[];

/// The number of the descriptor, or -1 before the first start. Threads that start at the same time may each create
/// one; the first that is published stays.
pub struct Image(AtomicI32);

impl Image {
    pub const fn new() -> Image {
        Image(AtomicI32::new(-1))
    }

    /// The child checks in its own table whether the descriptor still refers to the image: [`holds_image`].
    pub fn descriptor(&self) -> Option<c_int> {
        let known = self.0.load(Ordering::Acquire);
        if known >= 0 {
            return Some(known);
        }
        if BYTES.is_empty() {
            return None;
        }
        let made = installed().or_else(|_| sealed(BYTES)).ok()?;
        match self.0.compare_exchange(-1, made.number(), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Some(mem::ManuallyDrop::new(made).number()),
            Err(other) => Some(other),
        }
    }

    /// The number as it was stored; it may refer to another file by now.
    pub fn kept(&self) -> c_int {
        self.0.load(Ordering::Acquire)
    }

    /// If the caller has closed the descriptor, the next start creates another one.
    pub fn check(&self) {
        let known = self.kept();
        if known >= 0 && !holds_image(known) {
            let _ = self.0.compare_exchange(known, -1, Ordering::AcqRel, Ordering::Relaxed);
        }
    }

    /// Closes the descriptor, for a more important use of the number.
    pub fn give_up(&self) {
        let known = self.0.swap(-1, Ordering::AcqRel);
        if known >= 0 && holds_image(known) {
            drop(Descriptor::owned(known as usize));
        }
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// Whether the file at a descriptor is the image, compared byte by byte: a caller that closes all descriptors, as
/// daemons do, may have opened another file there since.
pub fn holds_image(fd: c_int) -> bool {
    usize::try_from(fd).is_ok_and(|fd| holds(&mem::ManuallyDrop::new(Descriptor::owned(fd)), BYTES) == Ok(true))
}

/// Opens the installed file, if only root and the caller's own user can change it and it is equal to the image: it
/// runs with the caller's rights, and in a chroot any file may be at that path.
fn installed() -> Result<Descriptor> {
    if INSTALLED.is_empty() {
        return Err(Errno::ENOENT);
    }
    let file = Descriptor::open(INSTALLED, libc::O_NONBLOCK)?.above_standard()?;
    let mut status = MaybeUninit::<libc::statx>::zeroed();
    let wanted = libc::STATX_TYPE | libc::STATX_MODE | libc::STATX_UID;
    let path = c"".as_ptr().expose_provenance();
    let flags = libc::AT_EMPTY_PATH as usize;
    let arguments = [file.number() as usize, path, flags, wanted as usize, address(&mut status)];
    // SAFETY: the kernel writes one struct statx.
    unsafe { kernel::call(libc::SYS_statx, arguments) }?;
    // SAFETY: all zero is one, and so is what the kernel wrote.
    let status = unsafe { status.assume_init() };
    const CHANGED_BY_OTHERS: u32 = libc::S_IWGRP | libc::S_IWOTH;
    const CHANGES_RIGHTS: u32 = libc::S_ISUID | libc::S_ISGID;
    let mode = u32::from(status.stx_mode);
    // SAFETY: geteuid takes nothing and cannot fail.
    let is_ours = status.stx_uid == 0 || status.stx_uid == unsafe { libc::geteuid() };
    let is_plain = mode & libc::S_IFMT == libc::S_IFREG && mode & (CHANGED_BY_OTHERS | CHANGES_RIGHTS) == 0;
    let may_run = mode & 0o111 != 0;
    if is_ours && is_plain && may_run && holds_image(file.number()) { Ok(file) } else { Err(Errno::EPERM) }
}

/// memfd_create(2). A thread that writes to a closed standard descriptor may reach it before it is sealed, so its
/// content is checked afterwards.
pub fn sealed(bytes: &[u8]) -> Result<Descriptor> {
    // `include/uapi/linux/memfd.h`; needed since Linux 6.3 where vm.memfd_noexec is set, unknown before.
    const MFD_EXEC: usize = 0x10;
    let flags = (libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING) as usize;
    // A write beyond the limit sends SIGXFSZ.
    let most = getrlimit(RR_RLIMIT_FSIZE)?.rlim_cur;
    if most != RR_RLIM_INFINITY && !(bytes.len() as u64..=i64::MAX as u64).contains(&most) {
        return Err(Errno(libc::EFBIG));
    }
    let create = |flags| {
        let name = NAME.as_ptr().expose_provenance();
        // SAFETY: the name ends in NUL.
        unsafe { kernel::call(libc::SYS_memfd_create, [name, flags, 0, 0, 0]) }.map(Descriptor::owned)
    };
    let file = match create(flags | MFD_EXEC) {
        Err(Errno::EINVAL) => create(flags),
        answer => answer,
    }?;
    let file = file.above_standard()?;
    if file.write(bytes)? != bytes.len() {
        return Err(Errno::EIO);
    }
    let seals = libc::F_SEAL_WRITE | libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;
    let arguments = [file.number() as usize, libc::F_ADD_SEALS as usize, seals as usize, 0, 0];
    // SAFETY: fcntl with F_ADD_SEALS takes numbers only.
    unsafe { kernel::call(libc::SYS_fcntl, arguments) }?;
    if holds(&file, bytes)? { Ok(file) } else { Err(Errno::EIO) }
}

fn holds(file: &Descriptor, bytes: &[u8]) -> Result<bool> {
    let mut buffer = [0; 4096];
    let mut rest = bytes;
    loop {
        let offset = bytes.len() - rest.len();
        match file.read_at(offset, &mut buffer)? {
            0 => return Ok(rest.is_empty()),
            count => match buffer.get(..count).and_then(|read| rest.strip_prefix(read)) {
                Some(behind) => rest = behind,
                None => return Ok(false),
            },
        }
    }
}
