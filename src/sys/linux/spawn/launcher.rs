//! Executing the launcher in the child.

use super::channel;
use super::image::holds_image;
use super::record::{Rights, find, is_in_proc};
use super::state::SpawnState;
use crate::errno::Result;
use crate::sys::host::kernel;
use core::ffi::c_int;

/// Returns only if the launcher was not executed. An error means that the program would inherit something of it.
pub fn launch(state: &mut SpawnState) -> Result<()> {
    if !holds_image(state.image) || state.plan.directory.is_some() && is_in_proc() {
        return Ok(());
    }
    let Some(rights) = Rights::of_caller() else { return Ok(()) };
    if find(state.plan.paths.as_slice(), &mut state.found) != Ok(true) {
        return Ok(());
    }
    let Ok(pipe) = channel::open_pipe(state.socket, state.nonce) else { return Ok(()) };
    let descriptors = [state.socket, pipe.number()];
    state.job.write(state.plan, descriptors, state.nonce, &rights, state.found.as_slice(), state.limits.as_slice());
    if descriptors.into_iter().all(|fd| set_close_on_exec(fd, false).is_ok()) {
        let _ = execute(state);
    }
    set_close_on_exec(state.socket, true)
}

fn execute(state: &SpawnState) -> Result<()> {
    let arguments = state.job.arguments.as_ptr().expose_provenance();
    let environment = state.plan.environment.as_ptr().expose_provenance();
    let path = c"".as_ptr().expose_provenance();
    let arguments = [state.image as usize, path, arguments, environment, libc::AT_EMPTY_PATH as usize];
    // SAFETY: strings ended by NUL, and two arrays of such ended by NULL.
    unsafe { kernel::call(libc::SYS_execveat, arguments) }.map(drop)
}

fn set_close_on_exec(fd: c_int, closes: bool) -> Result<()> {
    let flag = if closes { libc::FD_CLOEXEC as usize } else { 0 };
    // SAFETY: fcntl with F_SETFD takes numbers only.
    unsafe { kernel::call(libc::SYS_fcntl, [fd as usize, libc::F_SETFD as usize, flag, 0, 0]) }.map(drop)
}
