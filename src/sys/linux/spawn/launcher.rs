//! Executing the launcher in the child.

use super::channel;
use super::image::holds_image;
use super::record::{Rights, find, is_in_proc};
use super::scene::Scene;
use crate::errno::Result;
use crate::sys::host::kernel;
use core::ffi::c_int;

/// Comes back only when no launcher was executed. An error where something of it is left that the program
/// would have.
pub fn launch(scene: &mut Scene) -> Result<()> {
    if !holds_image(scene.image) || scene.plan.directory.is_some() && is_in_proc() {
        return Ok(());
    }
    let Some(rights) = Rights::of_caller() else { return Ok(()) };
    if find(scene.plan.paths.as_slice(), &mut scene.found) != Ok(true) {
        return Ok(());
    }
    let Ok(pipe) = channel::open_pipe(scene.socket, scene.nonce) else { return Ok(()) };
    let descriptors = [scene.socket, pipe.number()];
    scene.job.write(scene.plan, descriptors, scene.nonce, &rights, scene.found.as_slice(), scene.limits.as_slice());
    if descriptors.into_iter().all(|fd| set_close_on_exec(fd, false).is_ok()) {
        let _ = execute(scene);
    }
    set_close_on_exec(scene.socket, true)
}

fn execute(scene: &Scene) -> Result<()> {
    let arguments = scene.job.arguments.as_ptr().expose_provenance();
    let environment = scene.plan.environment.as_ptr().expose_provenance();
    let path = c"".as_ptr().expose_provenance();
    let arguments = [scene.image as usize, path, arguments, environment, libc::AT_EMPTY_PATH as usize];
    // SAFETY: strings ended by NUL, and two arrays of such ended by NULL.
    unsafe { kernel::call(libc::SYS_execveat, arguments) }.map(drop)
}

fn set_close_on_exec(fd: c_int, closes: bool) -> Result<()> {
    let flag = if closes { libc::FD_CLOEXEC as usize } else { 0 };
    // SAFETY: fcntl with F_SETFD takes numbers only.
    unsafe { kernel::call(libc::SYS_fcntl, [fd as usize, libc::F_SETFD as usize, flag, 0, 0]) }.map(drop)
}
