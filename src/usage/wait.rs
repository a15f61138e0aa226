//! wait4(2): a child's status and what it used, in one step.

use crate::errno::{Errno, Result};
use crate::sys::{Ended, ending};

pub use crate::sys::wait4;

/// How a child ended, as two numbers of which one says that the other holds.
pub struct Outcome {
    pub exit_code: i32,
    pub signal: i32,
}

pub fn decode(status: i32) -> Result<Outcome> {
    match ending(status).ok_or(Errno::EINVAL)? {
        Ended::Exited(exit_code) => Ok(Outcome { exit_code, signal: 0 }),
        Ended::Signaled(signal) => Ok(Outcome { exit_code: -1, signal }),
    }
}
