//! The steps of a start in words.

use crate::abi::command::{
    RR_STEP_CGROUP, RR_STEP_CREDENTIALS, RR_STEP_DESCRIPTOR, RR_STEP_DIRECTORY, RR_STEP_EXEC, RR_STEP_LIMIT,
    RR_STEP_SESSION, RR_STEP_START, RR_STEP_TREE,
};
use core::ffi::{CStr, c_int};

pub fn step_text(step: c_int) -> &'static CStr {
    match step {
        RR_STEP_DESCRIPTOR => c"descriptor",
        RR_STEP_SESSION => c"session or process group",
        RR_STEP_CREDENTIALS => c"user and groups",
        RR_STEP_DIRECTORY => c"working directory",
        RR_STEP_LIMIT => c"limit",
        RR_STEP_EXEC => c"execution of the program",
        RR_STEP_CGROUP => c"control group",
        RR_STEP_TREE => c"process tree",
        RR_STEP_START => c"start of a process",
        _ => c"unknown step",
    }
}
