//! What runs in the child, in its caller's memory, until execve(2). It allocates nothing and makes system calls only.
//! Its descriptors, signal handlers and limits are separate from the caller's.

use super::state::{SpawnState, raise_soft_limit};
use super::{Route, channel, launcher, settings};
use crate::abi::command::{
    RR_STEP_DESCRIPTOR, RR_STEP_DIRECTORY, RR_STEP_EXEC, RR_STEP_LIMIT, RR_STEP_SESSION, RR_STEP_START,
};
use crate::catalog::RR_RLIMIT_NOFILE;
use crate::errno::Errno;
use crate::sys::host::{kernel, setrlimit, signals};
use crate::sys::portable::placing::{self, Table};
use crate::sys::portable::plan::{Failed, Redirection, why_none_runs};
use core::ffi::{c_int, c_void};
use core::ptr;

type Result<T> = core::result::Result<T, Failed>;

pub extern "C" fn enter(state: *mut c_void) -> c_int {
    // SAFETY: from `clone_with`; the caller is suspended.
    let state = unsafe { &mut *state.cast::<SpawnState>() };
    // SAFETY: a borrowed field; volatile, because the compiler does not know that the caller reads it.
    unsafe { ptr::write_volatile(&mut state.shares_memory, true) };
    let failed = match state.prepare() {
        Ok(()) => state.execute(),
        Err(failed) => failed,
    };
    // EMFILE may have been caused by the launcher's descriptors, so it is not final.
    if failed.error != Errno::EMFILE {
        state.go_direct();
    }
    // SAFETY: a borrowed field; volatile, because the compiler does not know that the caller reads it.
    unsafe { ptr::write_volatile(&mut state.failed, failed) };
    channel::report_failure(state.socket, state.nonce, failed);
    exit()
}

impl SpawnState<'_> {
    fn prepare(&mut self) -> Result<()> {
        signals::block_in_child().map_err(Failed::at(RR_STEP_START, 0))?;
        settings::join_cgroup(self.plan)?;
        self.place_descriptors()?;
        settings::close_descriptors(self.plan)?;
        self.enter_directory()?;
        settings::set_mask_and_groups(self.plan)?;
        if self.may_launch() {
            launcher::launch(self).map_err(Failed::at(RR_STEP_START, 0))?;
        }
        self.go_direct();
        self.lead().map_err(Failed::at(RR_STEP_SESSION, 0))?;
        for limit in self.limits.as_slice() {
            setrlimit(limit.resource, limit.limits).map_err(Failed::at(RR_STEP_LIMIT, limit.resource))?;
        }
        settings::set_user(self.plan)?;
        signals::reset_handlers().and_then(|()| signals::block_none()).map_err(Failed::at(RR_STEP_START, 0))
    }

    /// In a new pid namespace, where the caller has no PID, the launcher would be the first process, and the namespace
    /// would end with it. In an emulator that gives the child separate memory the launcher is not used either.
    fn may_launch(&self) -> bool {
        // SAFETY: getppid takes nothing.
        let parent = unsafe { kernel::call(libc::SYS_getppid, [0; 5]) };
        self.route != Route::Direct && self.pidfd() >= 0 && parent == Ok(self.caller as usize)
    }

    fn place_descriptors(&mut self) -> Result<()> {
        let wanted = self.plan.descriptors;
        if wanted.is_empty() {
            return Ok(());
        }
        // dup3(2) is subject to the limit, and the program's limit may be lower than its targets.
        raise_soft_limit(RR_RLIMIT_NOFILE, &mut self.limits);
        // If these fail, the launcher is not used.
        self.socket = placing::out_of_the_way::<Own>(self.socket, wanted);
        self.image = placing::out_of_the_way::<Own>(self.image, wanted);
        if self.socket < 0 || self.image < 0 {
            self.go_direct();
        }
        let placed = placing::place::<Own>(self.moved.as_mut_slice());
        placed.map_err(|(target, error)| Failed::at(RR_STEP_DESCRIPTOR, target)(error))
    }

    fn enter_directory(&self) -> Result<()> {
        let Some(directory) = self.plan.directory else { return Ok(()) };
        let path = directory.as_ptr().expose_provenance();
        // SAFETY: the path ends in NUL.
        unsafe { kernel::call(libc::SYS_chdir, [path, 0, 0, 0, 0]) }.map(drop).map_err(Failed::at(RR_STEP_DIRECTORY, 0))
    }

    fn lead(&self) -> crate::errno::Result<()> {
        let number = match self.plan {
            plan if plan.leads_session => libc::SYS_setsid,
            plan if plan.leads_group => libc::SYS_setpgid,
            _ => return Ok(()),
        };
        // SAFETY: setsid takes nothing, setpgid numbers.
        unsafe { kernel::call(number, [0; 5]) }.map(drop)
    }

    /// Returns only if no program could be executed.
    fn execute(&self) -> Failed {
        let arguments = self.plan.arguments.as_ptr().expose_provenance();
        let environment = self.plan.environment.as_ptr().expose_provenance();
        let error = why_none_runs(self.plan.paths.as_slice(), |path| {
            // SAFETY: strings ended by NUL, and two arrays of such ended by NULL.
            unsafe {
                kernel::call(libc::SYS_execve, [path.expose_provenance(), arguments, environment, 0, 0]).map(drop)
            }
        });
        Failed::at(RR_STEP_EXEC, 0)(error)
    }
}

/// The child's descriptor table.
pub struct Own;

impl Table for Own {
    fn copy(fd: c_int, least: c_int) -> crate::errno::Result<c_int> {
        let arguments = [fd as usize, libc::F_DUPFD_CLOEXEC as usize, least as usize, 0, 0];
        // SAFETY: fcntl with F_DUPFD_CLOEXEC takes numbers only.
        unsafe { kernel::call(libc::SYS_fcntl, arguments) }.map(|copy| copy as c_int)
    }

    fn close(fd: c_int) {
        // SAFETY: a copy of ours. exec closes it where a sandbox refuses that.
        let _ = unsafe { kernel::call(libc::SYS_close, [fd as usize, 0, 0, 0, 0]) };
    }

    fn replace(Redirection { target, source }: Redirection) -> crate::errno::Result<()> {
        let (number, arguments) = if source == target {
            (libc::SYS_fcntl, [source as usize, libc::F_SETFD as usize, 0, 0, 0])
        } else {
            (libc::SYS_dup3, [source as usize, target as usize, 0, 0, 0])
        };
        // SAFETY: both take numbers only.
        unsafe { kernel::call(number, arguments) }.map(drop)
    }
}

pub fn exit() -> ! {
    loop {
        // SAFETY: exit_group takes a number and does not return.
        let _ = unsafe { kernel::call(libc::SYS_exit_group, [127, 0, 0, 0, 0]) };
    }
}
