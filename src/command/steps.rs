//! The texts of the steps of a start.

use crate::abi::command::{
    RR_STEP_CGROUP, RR_STEP_CREDENTIALS, RR_STEP_DESCRIPTOR, RR_STEP_DIRECTORY, RR_STEP_EXEC, RR_STEP_LIMIT,
    RR_STEP_SESSION, RR_STEP_START, RR_STEP_TREE,
};
use crate::strings::{Strings, of_number};
use core::ffi::{CStr, c_int};

/// In the order of the texts.
static STEPS: [c_int; 9] = [
    RR_STEP_DESCRIPTOR,
    RR_STEP_SESSION,
    RR_STEP_CREDENTIALS,
    RR_STEP_DIRECTORY,
    RR_STEP_LIMIT,
    RR_STEP_EXEC,
    RR_STEP_CGROUP,
    RR_STEP_TREE,
    RR_STEP_START,
];

const TEXTS: Strings = Strings::of(
    b"descriptor\0session or process group\0user and groups\0working directory\0limit\0execution of the program\0\
      control group\0process tree\0start of a process\0",
);

pub fn step_text(step: c_int) -> &'static CStr {
    of_number(&STEPS, step, TEXTS).unwrap_or(c"unknown step")
}
