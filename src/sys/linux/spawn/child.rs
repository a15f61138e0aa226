//! What runs in the child, in its caller's memory, up to exec. It allocates nothing and calls the kernel
//! alone; its descriptors, signal handlers and limits are its own.

use super::protocol::why_none_runs;
use super::scene::{Scene, raise};
use super::{Way, channel, launcher};
use crate::catalog::RR_RLIMIT_NOFILE;
use crate::errno::{Errno, Result};
use crate::sys::linux::{kernel, setrlimit, signals};
use crate::sys::plan::{Redirection, above_targets};
use core::ffi::{c_int, c_void};
use core::ptr;

pub extern "C" fn enter(scene: *mut c_void) -> c_int {
    // SAFETY: of `clone_with`; the caller stands still.
    let scene = unsafe { &mut *scene.cast::<Scene>() };
    // SAFETY: as above; past the compiler, which does not know who reads it.
    unsafe { ptr::write_volatile(&mut scene.shares_memory, true) };
    let error = scene.run();
    // SAFETY: as above.
    unsafe { ptr::write_volatile(&mut scene.error, error.0) };
    channel::say_failed(scene.socket, error);
    exit()
}

impl Scene<'_> {
    /// Answers why the program does not run.
    fn run(&mut self) -> Errno {
        match self.prepare() {
            Ok(()) => Errno(self.execute()),
            Err(error) => error,
        }
    }

    fn prepare(&mut self) -> Result<()> {
        if let Err(error) = self.place_descriptors() {
            self.tell_way(Way::Direct);
            return Err(error);
        }
        if self.may_launch() {
            launcher::launch(self);
        }
        self.tell_way(Way::Direct);
        signals::reset_handlers();
        // Neither fails in a process that has just begun: it leads nothing yet.
        if self.plan.leads_session {
            // SAFETY: setsid takes nothing.
            unsafe { kernel::call(libc::SYS_setsid, [0; 5]) }?;
        } else if self.plan.leads_group {
            // SAFETY: setpgid takes numbers.
            unsafe { kernel::call(libc::SYS_setpgid, [0; 5]) }?;
        }
        if let Some(directory) = self.plan.directory {
            let path = directory.as_ptr().expose_provenance();
            // SAFETY: the path ends in NUL.
            unsafe { kernel::call(libc::SYS_chdir, [path, 0, 0, 0, 0]) }?;
        }
        self.limits.as_slice().iter().try_for_each(|limit| setrlimit(limit.resource, limit.limits))?;
        signals::block_none();
        Ok(())
    }

    /// In a new pid namespace the launcher would be its first process, and the namespace end with it: there
    /// the caller has no number.
    fn may_launch(&self) -> bool {
        // SAFETY: getppid takes nothing.
        let parent = unsafe { kernel::call(libc::SYS_getppid, [0; 5]) };
        self.way != Way::Direct && self.pidfd() >= 0 && parent == Ok(self.caller as usize)
    }

    /// All at once: first whatever would be overwritten goes out of the way, above all targets.
    fn place_descriptors(&mut self) -> Result<()> {
        let wanted = self.plan.descriptors;
        if wanted.is_empty() {
            return Ok(());
        }
        // dup2 obeys it, and the program's may be lower than its targets.
        raise(RR_RLIMIT_NOFILE, &mut self.limits);
        let above = above_targets(wanted);
        if wanted.iter().any(|redirection| redirection.target == self.socket) {
            // Without a free number the child goes on without the socket: directly.
            self.socket = copy_above(self.socket, above).unwrap_or(-1);
            if self.socket < 0 {
                self.way = Way::Direct;
            }
        }
        for redirection in self.moved.as_mut_slice() {
            if redirection.is_overtaken(wanted) {
                redirection.source = copy_above(redirection.source, above)?;
            }
        }
        self.moved.as_slice().iter().try_for_each(place)
    }

    fn execute(&self) -> c_int {
        let arguments = self.plan.arguments.as_ptr().expose_provenance();
        let environment = self.plan.environment.as_ptr().expose_provenance();
        let paths = self.plan.paths.as_slice().iter().filter(|path| !path.is_null());
        why_none_runs(paths.map(|path| path.expose_provenance()), |path| {
            // SAFETY: strings ended by NUL, and two arrays of such ended by NULL.
            let answer = unsafe { kernel::call(libc::SYS_execve, [path, arguments, environment, 0, 0]) };
            answer.map_or_else(|error| error.0, |_| 0)
        })
    }
}

fn copy_above(fd: c_int, above: c_int) -> Result<c_int> {
    let arguments = [fd as usize, libc::F_DUPFD_CLOEXEC as usize, above as usize, 0, 0];
    // SAFETY: fcntl with F_DUPFD_CLOEXEC takes numbers only.
    match unsafe { kernel::call(libc::SYS_fcntl, arguments) } {
        // The number to begin at is not below the limit: a target is not either.
        Err(Errno::EINVAL) => Err(Errno::EBADF),
        answer => answer.map(|copy| copy as c_int),
    }
}

fn place(redirection: &Redirection) -> Result<()> {
    let Redirection { target, source } = *redirection;
    let (number, arguments) = if source == target {
        (libc::SYS_fcntl, [source as usize, libc::F_SETFD as usize, 0, 0, 0])
    } else {
        (libc::SYS_dup3, [source as usize, target as usize, 0, 0, 0])
    };
    // SAFETY: both take numbers only.
    unsafe { kernel::call(number, arguments) }.map(drop)
}

fn exit() -> ! {
    loop {
        // SAFETY: exit_group takes a number and does not return.
        let _ = unsafe { kernel::call(libc::SYS_exit_group, [127, 0, 0, 0, 0]) };
    }
}
