//! wait4(2): a child's status and usage, in one call.

use crate::errno::Result;
use crate::sys::{Exit, Host, System, Waited};
use core::ffi::c_int;

pub fn wait4(pid: i32, options: c_int) -> Result<Waited> {
    Host::wait4(pid, options)
}

pub fn decode(status: i32) -> Result<Exit> {
    Exit::of_status(status)
}
