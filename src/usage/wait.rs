//! wait4(2): a child's status and usage, in one call.

use crate::errno::Result;
use crate::sys::{Exit, Host, Rusage, System, Waited};
use core::ffi::c_int;
use core::mem::MaybeUninit;

pub fn wait4(pid: i32, options: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<Waited> {
    Host::wait4(pid, options, usage)
}

pub fn decode(status: i32) -> Result<Exit> {
    Exit::of_status(status)
}
