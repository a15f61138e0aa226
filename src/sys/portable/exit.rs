//! How a child ended: waitid(2), wait4(2).

use crate::errno::{Errno, Result};

/// `exit_code` is -1 if a signal ended it, `signal` is 0 if none did.
#[derive(Clone, Copy)]
pub struct Exit {
    pub exit_code: i32,
    pub signal: i32,
    pub core_dumped: bool,
}

impl Exit {
    /// From a wait status. EINVAL if the child has stopped or continued.
    pub fn of_status(status: i32) -> Result<Exit> {
        if libc::WIFEXITED(status) {
            Ok(Exit { exit_code: libc::WEXITSTATUS(status), signal: 0, core_dumped: false })
        } else if libc::WIFSIGNALED(status) {
            let core_dumped = libc::WCOREDUMP(status);
            Ok(Exit { exit_code: -1, signal: libc::WTERMSIG(status), core_dumped })
        } else {
            Err(Errno::EINVAL)
        }
    }
}

/// What wait4(2) returned: the child (0 if none had changed state) and its status.
pub struct Waited {
    pub pid: i32,
    pub status: i32,
}
