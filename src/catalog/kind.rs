//! What a resource is, whichever number a system gives it.
#![allow(dead_code, reason = "each system takes those that it has")]

use super::{
    RR_SCOPE_FILE as FILE, RR_SCOPE_PROCESS as PROCESS, RR_SCOPE_USER as USER, RR_UNIT_BYTES as BYTES,
    RR_UNIT_COUNT as COUNT, RR_UNIT_SECONDS as SECONDS,
};
use core::ffi::CStr;

#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static CStr,
    pub unit: i32,
    pub scope: i32,
    pub summary: &'static CStr,
}

pub const fn kind(name: &'static CStr, unit: i32, scope: i32, summary: &'static CStr) -> Kind {
    Kind { name, unit, scope, summary }
}

// POSIX.1-2024, getrlimit(3p).
pub const CPU: Kind = kind(c"CPU", SECONDS, PROCESS, c"processor time");
pub const FSIZE: Kind = kind(c"FSIZE", BYTES, FILE, c"size of a file that is written");
pub const DATA: Kind = kind(c"DATA", BYTES, PROCESS, c"data segment and heap");
pub const STACK: Kind = kind(c"STACK", BYTES, PROCESS, c"stack of the main thread");
pub const CORE: Kind = kind(c"CORE", BYTES, FILE, c"size of a core dump");
pub const NOFILE: Kind = kind(c"NOFILE", COUNT, PROCESS, c"open file descriptors");
pub const AS: Kind = kind(c"AS", BYTES, PROCESS, c"address space");

// Linux and the BSDs.
pub const RSS: Kind = kind(c"RSS", BYTES, PROCESS, c"resident set");
pub const NPROC: Kind = kind(c"NPROC", COUNT, USER, c"processes of the user");
pub const MEMLOCK: Kind = kind(c"MEMLOCK", BYTES, PROCESS, c"memory locked into RAM");

// The BSDs but OpenBSD.
pub const SBSIZE: Kind = kind(c"SBSIZE", BYTES, USER, c"socket buffers of the user");
