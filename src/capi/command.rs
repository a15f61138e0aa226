//! Commands
//!
//! Programs started under limits. A command describes how to start a program. A child is a program that was
//! started. An outcome is how it ended, the limit that ended it, and what it used.

use super::{code, free_handle, give_handle, keeping_errno, take, take_text};
use crate::abi::command::{Failure, RR_STEP_START};
use crate::command::{self, Child, Command};
use crate::errno::{Errno, Result};
use crate::limits::Rlimit;
use core::ffi::{c_char, c_int};

/// Creates a command: a program and how to start it. It can be started any number of times.
///
/// Unless set otherwise, the program inherits from the caller what it would after fork(2) and execve(2):
/// environment, working directory, user, limits, ignored signals and all descriptors that are not close-on-exec.
/// SIGPIPE has its default action in the program, and no signal is blocked. See posix_spawn(3).
///
/// program: path of the program if it contains a slash. Otherwise it is searched for in the PATH of the
///   program's environment, or in "/bin:/usr/bin" if there is no PATH. Relative paths, including an empty entry
///   of PATH, are relative to the program's working directory. It is copied, and is argument 0 by default.
/// command: buffer for the command; free it with rr_command_free
///
/// Errors:
///   ENOMEM  out of memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_new(program: *const c_char, command: *mut *mut Command) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give_handle(command, || Command::new(take_text(program)?)) }
}

/// Frees a command. Programs that were started from it are not affected.
///
/// command: a command, which becomes invalid; NULL does nothing
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_free(command: *mut Command) {
    // SAFETY: the caller's handle, given up by this call.
    unsafe { free_handle(command) }
}

/// Appends an argument. It is passed to the program unchanged, without a shell.
///
/// command: a command
/// argument: the argument, which is copied
///
/// Errors:
///   ENOMEM  out of memory; the command is unchanged
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_add_arg(command: *mut Command, argument: *const c_char) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { change(command, |command| command.add_argument(take_text(argument)?)) }
}

/// Sets argument 0, the name by which the program knows itself. By default it is the program as given to
/// rr_command_new.
///
/// command: a command
/// name: the name, which is copied
///
/// Errors:
///   ENOMEM  out of memory; the command is unchanged
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_arg0(command: *mut Command, name: *const c_char) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { change(command, |command| command.set_argument_zero(take_text(name)?)) }
}

/// Sets or removes a variable in the program's environment. All other variables are those of the caller at the
/// time of the start, unless rr_command_clear_env was called.
///
/// command: a command
/// name: name of the variable, which is copied
/// value: value of the variable, which is copied; NULL to remove the variable
///
/// Errors:
///   EINVAL  name is empty or contains '='
///   ENOMEM  out of memory; the command is unchanged
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_env(command: *mut Command, name: *const c_char, value: *const c_char) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires; NULL is no value.
    unsafe { change(command, |command| command.set_variable(take_text(name)?, take_text(value).ok())) }
}

/// Clears the program's environment. It removes the caller's variables and those that earlier calls of
/// rr_command_set_env have set; later calls add to the empty environment.
///
/// command: a command
///
/// Errors:
///   EFAULT  command is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_clear_env(command: *mut Command) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { change(command, |command| command.clear_environment()) }
}

/// Sets the program's working directory.
///
/// command: a command
/// path: path of the directory, which is copied; a relative path is relative to the caller's working directory
///   at the time of the start
///
/// Errors:
///   ENOMEM  out of memory; the command is unchanged
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_directory(command: *mut Command, path: *const c_char) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { change(command, |command| command.set_directory(take_text(path)?)) }
}

/// Duplicates a descriptor of the caller for the program. The parameters have the order of dup2(2). All
/// duplications take effect at the same time, so that 1 and 2 can be swapped.
///
/// command: a command
/// source_fd: descriptor of the caller that is open at the time of the start. If it equals child_fd, the program
///   inherits it even if it is close-on-exec.
/// child_fd: descriptor in the program; a later call for the same one replaces this call
///
/// Errors:
///   EBADF   a descriptor is negative
///   ENOMEM  out of memory; the command is unchanged
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_dup2(command: *mut Command, source_fd: c_int, child_fd: c_int) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { change(command, |command| command.set_descriptor(child_fd, source_fd)) }
}

/// Sets the limits of the program for one resource. They take effect in the program only, immediately before
/// it starts; the caller's limits are not changed. For other resources the program inherits the caller's
/// limits.
///
/// A limit applies to one process. Each process that the program starts has the same limits and its own usage.
/// NPROC counts all processes of the user, and CPU counts whole seconds. A limit on NOFILE, NPROC, FSIZE or
/// MEMLOCK does not impede the start itself. If AS, DATA or STACK is too small for the program, it ends
/// immediately or rr_command_spawn fails.
///
/// On Linux a finite CPU limit greater than 18,446,744,073 seconds (584 years) is clamped to that value, because
/// the kernel would wrap it around.
///
/// command: a command
/// resource: one of RR_RLIMIT_*; a later call for the same resource replaces this call
/// limits: limits, in the unit of the resource
///
/// Errors:
///   EINVAL  the resource does not exist on this system, or the soft limit is greater than the hard limit
///   ERANGE  as for rr_setrlimit
///   ENOMEM  out of memory; the command is unchanged
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_limit(command: *mut Command, resource: c_int, limits: *const Rlimit) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { change(command, |command| command.set_limit(resource, take(limits)?)) }
}

/// Closes all descriptors in the program from first_fd on, except those that rr_command_dup2 names. See
/// close_range(2).
///
/// The caller's descriptors are not changed. On Linux before 5.11 this requires /proc. On other systems descriptors at
/// or above the caller's soft limit on NOFILE stay open.
///
/// command: a command
/// first_fd: the lowest descriptor to close, such as 3; a later call replaces this call
///
/// Errors:
///   EBADF  first_fd is negative
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_close_from(command: *mut Command, first_fd: c_int) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.close_from(first_fd)) }
}

/// Sets the program's file mode creation mask. See umask(2).
///
/// command: a command
/// mask: permissions that the program's new files do not get, such as 022; a later call replaces this call
///
/// Errors:
///   EINVAL  mask has bits other than 0777
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_umask(command: *mut Command, mask: u32) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.set_umask(mask)) }
}

/// Sets the user and the groups of the program: its real, effective and saved user and group IDs and its
/// supplementary groups. It requires the privilege of setgroups(2), even if nothing changes. If a part fails,
/// rr_command_spawn fails with RR_STEP_CREDENTIALS and the program does not run.
///
/// The working directory, the control group and the limits are set with the caller's privileges; the program is
/// executed with those of the new user. If the processes of that user exceed the limit on NPROC, rr_command_spawn
/// fails with EAGAIN and RR_STEP_EXEC. See setresuid(2), execve(2).
///
/// command: a command
/// uid: user ID
/// gid: group ID
/// groups: supplementary groups, which are copied; NULL if count is 0
/// count: number of groups; 0 for none. A later call replaces this call.
///
/// Errors:
///   EINVAL  an ID is 4,294,967,295, or there are more than 65,536 groups
///   ENOMEM  out of memory; the command is unchanged
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_credentials(
    command: *mut Command,
    uid: u32,
    gid: u32,
    groups: *const u32,
    count: usize,
) -> c_int {
    /// `NGROUPS_MAX` of Linux; elsewhere it is less, and setgroups(2) refuses.
    const MOST_GROUPS: usize = 65_536;
    let groups: Result<&[u32]> = match count {
        0 => Ok(&[]),
        _ if groups.is_null() => Err(Errno::EFAULT),
        1..=MOST_GROUPS => {
            // SAFETY: not NULL, and as many numbers by the caller's word.
            Ok(unsafe { core::slice::from_raw_parts(groups, count) })
        }
        _ => Err(Errno::EINVAL),
    };
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.set_credentials(uid, gid, groups?)) }
}

/// Starts the program in a control group, which everything that it starts inherits. Linux only: on other systems
/// rr_command_spawn fails with ENOTSUP and RR_STEP_CGROUP. See cgroups(7).
///
/// command: a command
/// cgroup_fd: descriptor of the group's directory, of version 1 or 2, that is open at the time of the start; a later
///   call replaces this call
///
/// Errors:
///   EBADF  cgroup_fd is negative
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_set_cgroup(command: *mut Command, cgroup_fd: c_int) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { change(command, |command| command.set_cgroup(cgroup_fd)) }
}

/// Makes the program the leader of a new process group, so that rr_child_kill also reaches what it starts. See
/// setpgid(2).
///
/// command: a command
///
/// Errors:
///   EFAULT  command is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_new_group(command: *mut Command) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { change(command, |command| command.lead_group()) }
}

/// Makes the program the leader of a new session, without a controlling terminal, and of a new process group.
/// See setsid(2).
///
/// command: a command
///
/// Errors:
///   EFAULT  command is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_new_session(command: *mut Command) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { change(command, |command| command.lead_session()) }
}

/// Disables the launcher (see rr_command_spawn). The program's peak resident set size is then only an upper
/// bound if it does not exceed the caller's; RR_USAGE_PEAK_IS_BOUND is set in that case.
///
/// command: a command
///
/// Errors:
///   EFAULT  command is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_command_no_launcher(command: *mut Command) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { change(command, |command| command.go_direct()) }
}

/// Starts the program as a child of the caller. On success the program has been executed. On error there is no
/// child and no zombie, and `failure` reports the step that failed.
///
/// On Linux the program is started through a small launcher, because a process inherits its parent's record of peak
/// memory: without it, a small program started by a large caller would appear large. The program is the caller's own
/// child (except in a tree, rr_command_set_tree). The caller can notice the launcher: for less than a millisecond
/// there is a second child, named rresource-launcher. It causes a second SIGCHLD, and waitpid(-1) in another thread
/// may reap it, which does no harm.
///
/// The launcher runs with the caller's rights. It is the file libexecdir/rresource/launcher if root or the caller's
/// effective user owns the file, no other user can write to it, and it equals the copy in this library byte for byte.
/// Otherwise it is that copy, executed from a sealed memfd. From its first start until it is freed, a command keeps a
/// descriptor of the launcher, which is close-on-exec.
///
/// If the launcher cannot run, the program is started directly, as after rr_command_no_launcher. This happens in
/// some sandboxes, with the sysctl vm.memfd_noexec, in emulators, at a limit on processes, and on other systems
/// and architectures. It also happens if execve(2) of the launcher would change the caller's rights or the meaning
/// of the program's path: capabilities without an ambient set, a different file-system user, /proc/self/exe.
///
/// If the call succeeds, the program runs exactly once. If it fails with an error other than EPROTO, the program
/// does not run. If another process kills the program before it begins, the call succeeds and that signal is the
/// outcome, as with posix_spawn(3).
///
/// ETXTBSY: a program that the calling process has just written can still be open for writing in a child that
/// another thread forked meanwhile, until that child executes. Start the program again after a few milliseconds, or
/// write it in another process.
///
/// The caller's memory is not copied, its limits and signal handlers are not changed, and no thread is created. During
/// the call the calling thread has all signals blocked except SIGSYS and those for faults, such as SIGSEGV. On Linux
/// the handle of a child holds one descriptor, or a few for a tree, all close-on-exec. See posix_spawn(3), execve(2).
///
/// command: a command, which can be used again or freed immediately
/// child: buffer for the child; free it with rr_child_free
/// failure: buffer for the step that failed, written on any error except EFAULT; NULL if not wanted
///
/// Errors:
///   ENOENT        the program, its interpreter or the working directory does not exist
///   EACCES        the program is not executable, or a directory may not be searched
///   ENOEXEC       the program is not in an executable format
///   ENOTDIR       a part of a path is not a directory
///   ELOOP         too many symbolic links in a path
///   ENAMETOOLONG  a path is too long
///   E2BIG         the arguments and the environment are too long
///   ETXTBSY       the program is open for writing
///   EPERM         the caller lacks the privilege to raise a hard limit or to change the credentials
///   EINVAL        the system does not accept a limit, or a tree has limits but rr_command_set_tree was not called
///   EBADF         source_fd is not open, or child_fd is not less than the hard limit on NOFILE
///   EAGAIN        the limit on processes is reached
///   ENOMEM        out of memory
///   EMFILE        too many open descriptors in the calling process, or no descriptor is free to swap others
///   ENFILE        too many open files in the system
///   EPROTO        the launcher's answer could not be read, so it is unknown whether the program was started
///   EISDIR        the program's interpreter is a directory
///   EIO           an I/O error occurred while the program was read
///   ENODEV        the file system of the program is not available
///   ESTALE        the network file system of the program is not available
///   ENOSYS        a sandbox refuses to create processes
///   ENOTSUP       this system cannot do what the command asks for; see rr_command_set_tree, rr_command_set_cgroup
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
    // SAFETY: the caller's pointers, as the documentation requires.
    let result = unsafe { give_handle(child, || command.as_ref().ok_or(Errno::EFAULT).and_then(&mut spawn)) };
    if result != 0 && result != Errno::EFAULT.0 && !failure.is_null() {
        // SAFETY: not NULL, and writable by contract.
        unsafe { failure.write(failed) };
    }
    result
}

/// Gets a few words that name a step of a start, for a message to the user.
///
/// step: one of RR_STEP_*
///
/// Returns: a static string such as "working directory"; never NULL, also for an unknown number
#[unsafe(no_mangle)]
pub extern "C" fn rr_step_text(step: c_int) -> *const c_char {
    command::step_text(step).as_ptr()
}

/// # Safety
/// `command` is NULL or a handle that no other code uses meanwhile.
pub(super) unsafe fn change(command: *mut Command, change: impl FnOnce(&mut Command) -> Result<()>) -> c_int {
    // SAFETY: the caller guarantees it.
    keeping_errno(|| code(unsafe { command.as_mut() }.ok_or(Errno::EFAULT).and_then(change)))
}
