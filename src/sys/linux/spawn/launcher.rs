//! Executing the launcher in the child: the file that was installed, else the image inside this library.

use super::job::{NAME, NEEDS};
use super::scene::{Scene, raise};
use super::{Way, channel};
use crate::catalog::{RR_RLIM_INFINITY, RR_RLIMIT_FSIZE};
use crate::errno::{Errno, Result};
use crate::sys::linux::descriptor::Descriptor;
use crate::sys::linux::{getrlimit, kernel};
use core::ffi::{CStr, c_int};

/// Where it is installed, if it was built to be: absolute, or empty.
const INSTALLED: &CStr = match CStr::from_bytes_with_nul(concat!(env!("LAUNCHER_INSTALLED"), "\0").as_bytes()) {
    Ok(path) => path,
    Err(_) => c"",
};

#[cfg(has_launcher)]
const IMAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/launcher"));
/// No launcher for this architecture, or nothing to build it with.
#[cfg(not(has_launcher))]
const IMAGE: &[u8] = &[];

pub const FIRST_WAY: Way = if IMAGE.is_empty() {
    Way::Direct
} else if INSTALLED.is_empty() {
    Way::Embedded
} else {
    Way::Installed
};

/// Comes back only when no launcher could be executed; the scene then says nothing of one.
pub fn launch(scene: &mut Scene) {
    let Ok(pipe) = channel::open_pipe(scene.socket) else { return };
    for resource in NEEDS {
        raise(resource, &mut scene.limits);
    }
    scene.job.write(scene.plan, scene.socket, pipe.number(), scene.limits.as_slice());
    set_close_on_exec(pipe.number(), false);
    set_close_on_exec(scene.socket, false);
    if scene.way == Way::Installed {
        let _ = execute(scene, libc::AT_FDCWD, INSTALLED, 0);
    }
    scene.tell_way(Way::Embedded);
    if let Ok(image) = write_image() {
        let _ = execute(scene, image.number(), c"", libc::AT_EMPTY_PATH);
    }
    set_close_on_exec(scene.socket, true);
}

fn execute(scene: &Scene, folder: c_int, path: &CStr, flags: c_int) -> Result<()> {
    let path = path.as_ptr().expose_provenance();
    let arguments = scene.job.arguments.as_ptr().expose_provenance();
    let environment = scene.plan.environment.as_ptr().expose_provenance();
    let arguments = [folder as usize, path, arguments, environment, flags as usize];
    // SAFETY: strings ended by NUL, and two arrays of such ended by NULL.
    unsafe { kernel::call(libc::SYS_execveat, arguments) }.map(drop)
}

/// A fresh file for each start: nobody else has it, and its seals keep it as it is. memfd_create(2).
fn write_image() -> Result<Descriptor> {
    // `include/uapi/linux/memfd.h`; needed since Linux 6.3 where vm.memfd_noexec is set, unknown before.
    const MFD_EXEC: usize = 0x10;
    let flags = (libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING) as usize;
    // A write beyond the limit sends SIGXFSZ, which would wait for the program.
    let most = getrlimit(RR_RLIMIT_FSIZE)?.rlim_cur;
    if most != RR_RLIM_INFINITY && !(IMAGE.len() as u64..=i64::MAX as u64).contains(&most) {
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
    let arguments = [file.number() as usize, IMAGE.as_ptr().expose_provenance(), IMAGE.len(), 0, 0];
    // SAFETY: the kernel reads the image.
    if unsafe { kernel::call(libc::SYS_write, arguments) }? != IMAGE.len() {
        return Err(Errno::EIO);
    }
    let seals = libc::F_SEAL_WRITE | libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;
    let arguments = [file.number() as usize, libc::F_ADD_SEALS as usize, seals as usize, 0, 0];
    // SAFETY: fcntl with F_ADD_SEALS takes numbers only.
    unsafe { kernel::call(libc::SYS_fcntl, arguments) }?;
    Ok(file)
}

fn set_close_on_exec(fd: c_int, closes: bool) {
    let flag = if closes { libc::FD_CLOEXEC as usize } else { 0 };
    // SAFETY: fcntl with F_SETFD takes numbers only.
    let _ = unsafe { kernel::call(libc::SYS_fcntl, [fd as usize, libc::F_SETFD as usize, flag, 0, 0]) };
}
