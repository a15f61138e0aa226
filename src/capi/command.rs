//! Programs to be started under limits.

use super::{code, free_handle, give_handle, keeping_errno, take, take_text};
use crate::abi::command::{Failure, RR_STEP_START};
use crate::command::{self, Child, Command};
use crate::errno::{Errno, Result};
use crate::limits::Rlimit;
use core::ffi::{c_char, c_int};

/// Begins a command: a program, and how it is to be started. rr_command_spawn starts it, as often as
/// wanted. Whatever is not said below the program has from the caller, as after posix_spawn(3):
/// environment, directory, user, limits, open descriptors without close-on-exec, ignored signals. But
/// SIGPIPE is default in it and no signal is blocked.
///
/// program: a path when it has a slash, else a name to be looked for in the PATH of the program's own
/// environment, "/bin:/usr/bin" when that has none. A relative path, an empty part of PATH too, counts
/// from the program's directory (see rr_command_set_directory). It is copied, and is argument 0 unless
/// rr_command_set_arg0 says another.
/// command: is written on success; the caller frees it with rr_command_free.
///
/// Returns 0; ENOMEM when there is no memory; EFAULT when a pointer is NULL. Whether the program is
/// there is seen when it is spawned.
///
/// Any thread; not async-signal-safe: it allocates. A command is changed by one thread at a time;
/// while nobody changes it, many threads may spawn it. Since 0.1. See posix_spawnp(3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_new(program: *const c_char, command: *mut *mut Command) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give_handle(command, || Command::new(take_text(program)?)) }
}

/// Frees a command. What was spawned from it goes on, and its rr_child stays good.
///
/// command: of rr_command_new, and not used after it; NULL does nothing.
///
/// Returns nothing.
///
/// Any thread; not async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_free(command: *mut Command) {
    // SAFETY: the caller's handle, given up by this call.
    unsafe { free_handle(command) }
}

/// Adds one argument behind those that are there.
///
/// command: of rr_command_new.
/// argument: is copied. It goes to the program as it is: no shell reads it.
///
/// Returns 0; ENOMEM when there is no memory; EFAULT when a pointer is NULL. On an error the command
/// is as it was.
///
/// Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See execve(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_add_arg(command: *mut Command, argument: *const c_char) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { change(command, |command| command.add_argument(take_text(argument)?)) }
}

/// Says argument 0, the name by which the program knows itself, where it is not to be the program as
/// it was given to rr_command_new.
///
/// command: of rr_command_new.
/// name: is copied; a second call replaces the first.
///
/// Returns 0; ENOMEM when there is no memory; EFAULT when a pointer is NULL.
///
/// Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See execve(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_arg0(command: *mut Command, name: *const c_char) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { change(command, |command| command.set_argument_zero(take_text(name)?)) }
}

/// Sets a variable of the program's environment, or removes it. All others are those that the caller
/// has when it spawns, unless rr_command_clear_env was called.
///
/// command: of rr_command_new.
/// name: is copied; not empty, without '='.
/// value: is copied; NULL removes the variable. A later call for the same name replaces this one.
///
/// Returns 0; EINVAL for a name that is empty or has a '='; ENOMEM when there is no memory; EFAULT when
/// command or name is NULL.
///
/// Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See environ(7).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_env(command: *mut Command, name: *const c_char, value: *const c_char) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks; NULL is no value.
    unsafe { change(command, |command| command.set_variable(take_text(name)?, take_text(value).ok())) }
}

/// Gives the program an empty environment: without the caller's variables, and without those that
/// rr_command_set_env has set before this call. What it sets after it is there.
///
/// command: of rr_command_new.
///
/// Returns 0; EFAULT when command is NULL.
///
/// Any thread, one at a time; not async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_clear_env(command: *mut Command) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.clear_environment()) }
}

/// Says the program's working directory. Relative paths of the program itself and in PATH count from
/// it.
///
/// command: of rr_command_new.
/// path: is copied; a relative one counts from the caller's directory when it spawns. Whether it is
/// there is seen then. A second call replaces the first.
///
/// Returns 0; ENOMEM when there is no memory; EFAULT when a pointer is NULL.
///
/// Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See chdir(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_directory(command: *mut Command, path: *const c_char) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { change(command, |command| command.set_directory(take_text(path)?)) }
}

/// Gives the program a descriptor of the caller's, under a number of its own. All that are named take
/// effect at once, so that 1 can go to 2 and 2 to 1. Descriptors that are not named are inherited as
/// ever: those without close-on-exec.
///
/// command: of rr_command_new.
/// source_fd: the caller's, open when it spawns; it stays the caller's. The same number as child_fd
/// lets the program inherit it in spite of close-on-exec.
/// child_fd: the number in the program. A later call for the same number replaces this one.
///
/// Returns 0; EBADF when a number is negative; ENOMEM when there is no memory; EFAULT when command is
/// NULL. That source_fd is not open, or child_fd is not below the hard limit of NOFILE, is seen when it
/// is spawned: EBADF. EMFILE when descriptors are exchanged and not one number is free.
///
/// Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See dup2(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_dup2(command: *mut Command, source_fd: c_int, child_fd: c_int) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.set_descriptor(child_fd, source_fd)) }
}

/// Limits the program. Both halves are set in it alone, just before it begins; the caller's own limits
/// are not touched. It inherits the caller's for the resources that are not named.
///
/// A limit holds for one process, not for all that it starts: each of these begins with the same limits
/// and a use of its own. NPROC counts all processes of the user; CPU counts whole seconds.
///
/// command: of rr_command_new.
/// resource: one of RR_RLIMIT_... A later call for the same one replaces this one.
/// limits: both halves, in the resource's unit; they are copied. Any value, 0 too: the start itself does
/// not suffer from NOFILE, NPROC, FSIZE or MEMLOCK. On Linux a finite CPU limit above 18446744073 seconds (584
/// years) is clamped to that, since the kernel would count fewer. Of an AS, DATA or STACK too small to begin with the
/// program dies, or it cannot be executed: that is its outcome, or an error of rr_command_spawn.
///
/// Returns 0; EINVAL when this system has no such resource or the soft limit is above the hard one;
/// ERANGE as rr_setrlimit; ENOMEM when there is no memory; EFAULT when a pointer is NULL. That the hard limit may not be raised
/// is seen when it is spawned: EPERM.
///
/// Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See setrlimit(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_limit(command: *mut Command, resource: c_int, limits: *const Rlimit) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { change(command, |command| command.set_limit(resource, take(limits)?)) }
}

/// Lets the program lead a process group of its own, so that rr_child_kill reaches what it starts too.
///
/// command: of rr_command_new.
///
/// Returns 0; EFAULT when command is NULL.
///
/// Any thread, one at a time; not async-signal-safe. Since 0.1. See setpgid(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_new_group(command: *mut Command) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.lead_group()) }
}

/// Lets the program lead a session of its own, without a controlling terminal, and with it a process
/// group.
///
/// command: of rr_command_new.
///
/// Returns 0; EFAULT when command is NULL.
///
/// Any thread, one at a time; not async-signal-safe. Since 0.1. See setsid(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_new_session(command: *mut Command) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.lead_session()) }
}

/// Never starts the program through the launcher (see rr_command_spawn). Its peak memory is then only a
/// bound where it is not above the caller's own: RR_USAGE_PEAK_IS_BOUND says so.
///
/// command: of rr_command_new.
///
/// Returns 0; EFAULT when command is NULL.
///
/// Any thread, one at a time; not async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_no_launcher(command: *mut Command) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.go_direct()) }
}

/// Starts the program as a child of the caller. It runs when this returns 0: what keeps it from
/// beginning (no such program, not executable, a directory that is not there, a limit that may not be
/// set, a descriptor that is not open) is an error here, and then there is no child and no zombie.
///
/// On Linux a process inherits the record of peak memory of the process that executes it, so that a small
/// program of a large caller would seem large. A tiny launcher is therefore executed first, with the caller's
/// rights, and starts the program as the caller's own child. The launcher is the file
/// libexecdir/rresource/launcher if root or the caller's effective user owns it, nobody else may write to it,
/// and it equals the copy inside this library byte for byte; else that copy, from a sealed memfd. The command
/// keeps its descriptor, with close-on-exec, from its first start until it is freed. If the launcher's exec
/// changed the caller's rights or the meaning of the program's path (capabilities without an ambient set, a
/// file-system user of its own, /proc/self/exe), or if the launcher cannot run (a sandbox, vm.memfd_noexec,
/// an emulator, another system or architecture, too few processes allowed), the program is started directly,
/// as after rr_command_no_launcher. A caller can see a second child, named rresource-launcher, for less than
/// a millisecond; a second SIGCHLD; and a child that waitpid(-1) in another thread may report. Nothing
/// depends on who waits for it.
///
/// The program runs once if this returns 0, and does not run if it returns an error other than EPROTO. A
/// program that another process kills before it begins is a success with that signal as its outcome, as
/// after posix_spawn(3).
///
/// The caller's memory is not copied, its limits and signal handlers stay as they are, and no thread is
/// started; its calling thread takes no signals meanwhile, except SIGSYS and those of a fault of its own.
///
/// command: of rr_command_new. It may be spawned again and freed while the child runs.
/// child: is written on success; the caller frees it with rr_child_free, and should wait first.
/// failure: is written on an error other than EFAULT: the step that failed, and on what. NULL when not
/// wanted.
///
/// Returns 0; ENOENT, EACCES, ENOTDIR, ENOEXEC, E2BIG, ELOOP, ENAMETOOLONG and others of execve(2) and
/// chdir(2); EPERM for a hard limit that may not be raised; EBADF for a descriptor; EAGAIN when no more
/// processes are allowed; ENOMEM; EPROTO when the launcher's answer could not be received, so that the
/// program may run, or may have run; EFAULT when a pointer is NULL.
///
/// Any thread, many at once; not async-signal-safe: it allocates, and frees it before it returns but for
/// the handle. A child holds one descriptor on Linux, which exec closes. Since 0.1. See posix_spawn(3),
/// execve(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_spawn(
    command: *const Command,
    child: *mut *mut Child,
    failure: *mut Failure,
) -> c_int {
    let mut failed = Failure { step: RR_STEP_START, detail: 0 };
    let mut spawn = |command: &Command| {
        command.spawn().map_err(|why| {
            failed = Failure { step: why.step, detail: why.detail };
            why.error
        })
    };
    // SAFETY: the caller's pointers, as the comment asks.
    let answer = unsafe { give_handle(child, || command.as_ref().ok_or(Errno::EFAULT).and_then(&mut spawn)) };
    if answer != 0 && answer != Errno::EFAULT.0 && !failure.is_null() {
        // SAFETY: not NULL, and writable by the caller's word.
        unsafe { failure.write(failed) };
    }
    answer
}

/// Returns a few words for a step of a start, for a log.
///
/// step: one of RR_STEP_...
///
/// Returns a static text like "working directory"; never NULL, for an unknown number neither.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_step_text(step: c_int) -> *const c_char {
    command::step_text(step).as_ptr()
}

/// # Safety
/// `command` is NULL or a handle that nobody else uses meanwhile.
unsafe fn change(command: *mut Command, change: impl FnOnce(&mut Command) -> Result<()>) -> c_int {
    // SAFETY: the caller's word.
    keeping_errno(|| code(unsafe { command.as_mut() }.ok_or(Errno::EFAULT).and_then(change)))
}
