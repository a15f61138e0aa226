//! What the caller is and what its paths mean to it, for the launcher to compare with what it finds itself.

use super::protocol::{Found, is_passed_over, look_at};
use crate::errno::Result;
use crate::sys::Host;
use crate::sys::host::kernel::{self, address};
use crate::sys::portable::memory::Vector;
use crate::sys::portable::unix::checked;
use core::ffi::{c_char, c_int};
use core::mem::MaybeUninit;

/// Of all that decides over a process's rights what exec may change: capabilities(7), credentials(7).
pub struct Rights {
    pub capabilities: [u32; 6],
    /// Real and effective user, real and effective group.
    pub ids: [u32; 4],
}

impl Rights {
    /// `None` where exec would change them for certain, or they are not to be had.
    pub fn of_caller() -> Option<Rights> {
        /// `_LINUX_CAPABILITY_VERSION_3` of `include/uapi/linux/capability.h`.
        const VERSION: u32 = 0x2008_0522;
        let mut header = [VERSION, 0];
        let mut capabilities = [0_u32; 6];
        // SAFETY: the kernel reads the header, and writes six words for this version.
        unsafe { kernel::call(libc::SYS_capget, [address(&mut header), address(&mut capabilities), 0, 0, 0]) }.ok()?;
        // SAFETY: these take nothing and cannot fail.
        let ids = unsafe { [libc::getuid(), libc::geteuid(), libc::getgid(), libc::getegid()] };
        // SAFETY: -1 is no id, and changes nothing: the one in force is the answer.
        let of_files = [
            checked::<Host, _>(|| unsafe { libc::setfsuid(u32::MAX) }),
            checked::<Host, _>(|| unsafe { libc::setfsgid(u32::MAX) }),
        ];
        let [_, user, _, group] = ids;
        // exec makes these equal.
        (of_files == [Ok(user as c_int), Ok(group as c_int)]).then_some(Rights { capabilities, ids })
    }
}

/// Looks at the paths up to the first one that may be executed. Whether any may.
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

/// Whether the working directory is a process's own folder, or one in it: after `chdir("/proc/self")` it is the
/// child's, and the program is another process. statfs(2).
#[allow(clippy::unnecessary_cast, reason = "the widths vary")]
pub fn is_in_proc() -> bool {
    let mut system = MaybeUninit::<libc::statfs>::zeroed();
    // SAFETY: the path ends in NUL, and libc writes one struct statfs.
    let answer = checked::<Host, _>(|| unsafe { libc::statfs(c".".as_ptr(), system.as_mut_ptr()) });
    // SAFETY: all zero is one, and so is what was written.
    answer.is_err() || unsafe { system.assume_init() }.f_type as i64 == libc::PROC_SUPER_MAGIC as i64
}

/// Whether the caller has one thread: `/proc/self/task` has a link for each beside its own two.
pub fn is_single_threaded() -> bool {
    let mut status = MaybeUninit::<libc::statx>::zeroed();
    let path = c"/proc/self/task".as_ptr().expose_provenance();
    let arguments = [libc::AT_FDCWD as usize, path, 0, libc::STATX_NLINK as usize, address(&mut status)];
    // SAFETY: the path ends in NUL, and the kernel writes one struct statx.
    let answer = unsafe { kernel::call(libc::SYS_statx, arguments) };
    // SAFETY: all zero is one, and so is what the kernel wrote.
    answer == Ok(0) && unsafe { status.assume_init() }.stx_nlink == 3
}
