//! The caller's credentials and the files at its paths, which the launcher compares with what it finds.

use super::protocol::{Found, is_passed_over, look_at};
use crate::errno::Result;
use crate::sys::Host;
use crate::sys::host::kernel::{self, address};
use crate::sys::portable::memory::Vector;
use crate::sys::portable::unix::checked;
use core::ffi::{c_char, c_int};
use core::mem::MaybeUninit;

/// The part of a process's credentials that execve(2) may change: capabilities(7), credentials(7).
pub struct Rights {
    pub capabilities: [u32; 6],
    /// Real and effective user ID, real and effective group ID.
    pub ids: [u32; 4],
}

impl Rights {
    /// `None` if execve(2) would certainly change them, or they cannot be read.
    pub fn of_caller() -> Option<Rights> {
        /// `_LINUX_CAPABILITY_VERSION_3` of `include/uapi/linux/capability.h`.
        const VERSION: u32 = 0x2008_0522;
        let mut header = [VERSION, 0];
        let mut capabilities = [0_u32; 6];
        // SAFETY: the kernel reads the header, and writes six words for this version.
        unsafe { kernel::call(libc::SYS_capget, [address(&mut header), address(&mut capabilities), 0, 0, 0]) }.ok()?;
        // SAFETY: these take nothing and cannot fail.
        let ids = unsafe { [libc::getuid(), libc::geteuid(), libc::getgid(), libc::getegid()] };
        // SAFETY: -1 is not a valid ID and changes nothing: the current ID is returned.
        let of_files = [
            checked::<Host, _>(|| unsafe { libc::setfsuid(u32::MAX) }),
            checked::<Host, _>(|| unsafe { libc::setfsgid(u32::MAX) }),
        ];
        let [_, user, _, group] = ids;
        // execve(2) makes these equal.
        (of_files == [Ok(user as c_int), Ok(group as c_int)]).then_some(Rights { capabilities, ids })
    }
}

/// Records the files at the paths up to the first one that may be executed. Returns whether there is one.
pub fn find(paths: &[*const c_char], found: &mut Vector<Found>) -> Result<bool> {
    for path in paths.iter().filter(|path| !path.is_null()) {
        let at_path = look_at(path.expose_provenance(), |arguments| {
            // SAFETY: a string ended by NUL; the kernel writes one struct statx.
            let answer = unsafe { kernel::call(libc::SYS_statx, arguments) };
            answer.map_or_else(|error| -(error.0 as isize), |_| 0)
        });
        // There is room: it does not allocate.
        found.push(at_path)?;
        let [answer, _, _, group_and_mode] = at_path;
        let error = -(answer as i64);
        if (1..4096).contains(&error) {
            if is_passed_over(error as isize) {
                continue;
            }
            return Ok(false);
        }
        let [_, _, _, _, first, second, ..] = group_and_mode.to_ne_bytes();
        let mode = u32::from(u16::from_ne_bytes([first, second]));
        if mode & libc::S_IFMT == libc::S_IFREG && mode & 0o111 != 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the working directory is in /proc: after `chdir("/proc/self")` it is the child's folder, and the program is
/// another process. statfs(2).
#[allow(clippy::unnecessary_cast, reason = "the widths vary")]
pub fn is_in_proc() -> bool {
    let mut system = MaybeUninit::<libc::statfs>::zeroed();
    // SAFETY: the path ends in NUL, and libc writes one struct statfs.
    let answer = checked::<Host, _>(|| unsafe { libc::statfs(c".".as_ptr(), system.as_mut_ptr()) });
    // SAFETY: all zero is one, and so is what was written.
    answer.is_err() || unsafe { system.assume_init() }.f_type as i64 == libc::PROC_SUPER_MAGIC as i64
}

/// Whether the caller has one thread: `/proc/self/task` has a link for each thread in addition to its own two.
pub fn is_single_threaded() -> bool {
    let mut status = MaybeUninit::<libc::statx>::zeroed();
    let path = c"/proc/self/task".as_ptr().expose_provenance();
    let arguments = [libc::AT_FDCWD as usize, path, 0, libc::STATX_NLINK as usize, address(&mut status)];
    // SAFETY: the path ends in NUL, and the kernel writes one struct statx.
    let answer = unsafe { kernel::call(libc::SYS_statx, arguments) };
    // SAFETY: all zero is one, and so is what the kernel wrote.
    answer == Ok(0) && unsafe { status.assume_init() }.stx_nlink == 3
}
