//! How a child ended, and what it used.

use crate::sys::{Exit, Rusage};
use crate::usage::Usage;

/// How a child ended and what it used.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Outcome {
    /// 0 to 255, or -1 when a signal ended it.
    pub exit_code: i32,
    /// The signal that ended it, or 0 when it exited.
    pub signal: i32,
    /// 1 when it left a core dump, else 0.
    pub core_dumped: i32,
    /// The resource whose limit ended it, one of RR_RLIMIT_..., where that is known; else -1. CPU: it was
    /// ended by SIGKILL with its own processor time at or past the hard limit, or by SIGXCPU at or past
    /// the soft one. FSIZE: it was ended by SIGXFSZ under a finite soft limit. It says that the limit had
    /// been reached, not who sent the signal. usage.cpu_ns may be less than that limit (0.81 s of 1 s was
    /// seen): the kernel compares a clock of its own, which counts what it has not yet added there. Always -1 for other limits, of which a process does not die
    /// but by its own doing, and on systems other than Linux.
    pub limit: i32,
    /// From the call of rr_command_spawn until rr_child_wait saw the end: as long as the program ran only
    /// for a caller that waits meanwhile. Nanoseconds.
    pub wall_ns: u64,
    /// As wait4(2) gave it: with the descendants that the child waited for.
    pub rusage: Rusage,
    /// The same in nanoseconds and bytes. Its peak_rss_bytes is the program's own, whatever the caller
    /// holds or held: the largest of the program and of the descendants that it waited for, not their sum.
    /// With RR_USAGE_PEAK_IS_BOUND it is only an upper bound.
    pub usage: Usage,
    /// Zero.
    pub reserved: [u64; 8],
}

impl Outcome {
    pub fn new(exit: Exit, limit: Option<i32>, wall_ns: u64, rusage: Rusage, usage: Usage) -> Outcome {
        Outcome {
            exit_code: exit.exit_code,
            signal: exit.signal,
            core_dumped: i32::from(exit.core_dumped),
            limit: limit.unwrap_or(-1),
            wall_ns,
            rusage,
            usage,
            reserved: [0; 8],
        }
    }
}
