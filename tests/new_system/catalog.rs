//! GNU Hurd: getrlimit(2), `bits/resource.h` of glibc's `sysdeps/mach/hurd`.

use super::kind::{AS, CORE, CPU, DATA, FSIZE, MEMLOCK, NOFILE, NPROC, RSS, SBSIZE, STACK};
use super::{Constants, Row, constants, in_order, row};
use core::ffi::c_int;

pub const RR_RLIMIT_CPU: c_int = 0;
pub const RR_RLIMIT_FSIZE: c_int = 1;
pub const RR_RLIMIT_DATA: c_int = 2;
pub const RR_RLIMIT_STACK: c_int = 3;
pub const RR_RLIMIT_CORE: c_int = 4;
pub const RR_RLIMIT_RSS: c_int = 5;
pub const RR_RLIMIT_MEMLOCK: c_int = 6;
pub const RR_RLIMIT_NPROC: c_int = 7;
pub const RR_RLIMIT_NOFILE: c_int = 8;
pub const RR_RLIMIT_SBSIZE: c_int = 9;
pub const RR_RLIMIT_AS: c_int = 10;

pub const RR_RLIM_INFINITY: u64 = 0x7FFF_FFFF_u64;

pub(super) const RESOURCES: &[Row] = &in_order([
    row(RR_RLIMIT_CPU, CPU),
    row(RR_RLIMIT_FSIZE, FSIZE),
    row(RR_RLIMIT_DATA, DATA),
    row(RR_RLIMIT_STACK, STACK),
    row(RR_RLIMIT_CORE, CORE),
    row(RR_RLIMIT_RSS, RSS),
    row(RR_RLIMIT_MEMLOCK, MEMLOCK),
    row(RR_RLIMIT_NPROC, NPROC),
    row(RR_RLIMIT_NOFILE, NOFILE),
    row(RR_RLIMIT_SBSIZE, SBSIZE),
    row(RR_RLIMIT_AS, AS),
]);

pub(super) const ALIASES: &[(&str, c_int)] = &[];

pub(crate) const CONSTANTS: Constants = constants![RR_RLIM_INFINITY];

super::equal_libc! {
    RR_RLIMIT_CPU RLIMIT_CPU, RR_RLIMIT_FSIZE RLIMIT_FSIZE, RR_RLIMIT_DATA RLIMIT_DATA,
    RR_RLIMIT_STACK RLIMIT_STACK, RR_RLIMIT_CORE RLIMIT_CORE, RR_RLIMIT_RSS RLIMIT_RSS,
    RR_RLIMIT_MEMLOCK RLIMIT_MEMLOCK, RR_RLIMIT_NPROC RLIMIT_NPROC, RR_RLIMIT_NOFILE RLIMIT_NOFILE,
    RR_RLIMIT_SBSIZE RLIMIT_SBSIZE, RR_RLIMIT_AS RLIMIT_AS,
}
