//! What the kernel checks before it accepts a limit: `do_prlimit` in `kernel/sys.c`.

use super::descriptor::{read_file, read_link};
use super::kernel::{self, address};
use super::proc::parse::{hexadecimal, number, value_of};
use super::proc::{Path, read_process_file};
use crate::catalog::RR_RLIMIT_NOFILE;
use crate::errno::{Errno, Result};
use core::ffi::c_int;

/// `_LINUX_CAPABILITY_VERSION_3`, `CAP_SYS_RESOURCE`: `include/uapi/linux/capability.h`.
const VERSION: u32 = 0x2008_0522;
const CAP_SYS_RESOURCE: u32 = 24;

/// The first user namespace, `PROC_USER_INIT_INO`: a capability within another does not count.
const FIRST_USER_NAMESPACE: &[u8] = b"user:[4026531837]";

/// Whether the calling thread may: other threads of the process may have other capabilities. `None` if unknown.
pub fn may_raise_hard_limits() -> Option<bool> {
    match capabilities_from_kernel().or_else(capabilities_from_proc)? & (1 << CAP_SYS_RESOURCE) {
        0 => Some(false),
        _ => in_first_user_namespace(),
    }
}

/// The effective capabilities, 0 to 31.
fn capabilities_from_kernel() -> Option<u64> {
    let mut header = [VERSION, 0];
    // Effective, permitted and inheritable of capabilities 0 to 31, then of the others.
    let mut sets = [0_u32; 6];
    let arguments = [address(&mut header), address(&mut sets)];
    // SAFETY: the kernel reads the header, and writes three words twice for this version.
    unsafe { kernel::call(libc::SYS_capget, arguments) }.ok()?;
    let [effective, ..] = sets;
    Some(effective.into())
}

/// All effective capabilities, from /proc, if a sandbox refuses capget.
fn capabilities_from_proc() -> Option<u64> {
    let mut buffer = [0; 4096];
    let status = read_process_file(0, &Path::of_process(0, "status"), &mut buffer).ok()?;
    value_of(status, b"CapEff").and_then(hexadecimal)
}

fn in_first_user_namespace() -> Option<bool> {
    let mut name = [0; 32];
    read_link(c"/proc/thread-self/ns/user", &mut name).ok().map(|name| name == FIRST_USER_NAMESPACE)
}

/// A maximum that binds privileged callers too; an error if it cannot be read.
pub fn hard_maximum(resource: c_int) -> Result<Option<u64>> {
    if resource != RR_RLIMIT_NOFILE {
        return Ok(None);
    }
    let mut buffer = [0; 32];
    number(read_file(c"/proc/sys/fs/nr_open", &mut buffer)?.trim_ascii()).map(Some).ok_or(Errno::ENOTSUP)
}
