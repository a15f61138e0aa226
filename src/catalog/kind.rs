//! The resources, independent of each system's numbers.
#![allow(dead_code, reason = "each system takes those that it has")]

use super::{
    RR_SCOPE_FILE as FILE, RR_SCOPE_PROCESS as PROCESS, RR_SCOPE_USER as USER, RR_UNIT_BYTES as BYTES,
    RR_UNIT_COUNT as COUNT, RR_UNIT_SECONDS as SECONDS,
};

#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    pub unit: i32,
    pub scope: i32,
    pub summary: &'static str,
}

pub const fn kind(name: &'static str, unit: i32, scope: i32, summary: &'static str) -> Kind {
    Kind { name, unit, scope, summary }
}

// POSIX.1-2024, getrlimit(3p).
pub const CPU: Kind = kind("CPU", SECONDS, PROCESS, "processor time");
pub const FSIZE: Kind = kind("FSIZE", BYTES, FILE, "size of a file that is written");
pub const DATA: Kind = kind("DATA", BYTES, PROCESS, "data segment and heap");
pub const STACK: Kind = kind("STACK", BYTES, PROCESS, "stack of the main thread");
pub const CORE: Kind = kind("CORE", BYTES, FILE, "size of a core dump");
pub const NOFILE: Kind = kind("NOFILE", COUNT, PROCESS, "open file descriptors");
pub const AS: Kind = kind("AS", BYTES, PROCESS, "address space");

// Linux and the BSDs.
pub const RSS: Kind = kind("RSS", BYTES, PROCESS, "resident set");
pub const NPROC: Kind = kind("NPROC", COUNT, USER, "processes of the user");
pub const MEMLOCK: Kind = kind("MEMLOCK", BYTES, PROCESS, "memory locked into RAM");

// The BSDs except OpenBSD.
pub const SBSIZE: Kind = kind("SBSIZE", BYTES, USER, "socket buffers of the user");
