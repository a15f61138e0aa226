//! How a child ended, and what it used.

pub use crate::abi::command::Outcome;
use crate::abi::command::{RR_OOM_NO, RR_OOM_UNKNOWN};
use crate::sys::{Exit, Rusage};
use crate::usage::Usage;

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
            // The out-of-memory killer sends SIGKILL and nothing else: oom_kill_process in Linux' mm/oom_kill.c.
            oom: if exit.signal == libc::SIGKILL { RR_OOM_UNKNOWN } else { RR_OOM_NO },
            reserved0: 0,
            reserved: [0; 7],
        }
    }
}
