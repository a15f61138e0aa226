//! What the kernel compares before it accepts a limit: `do_prlimit` in `kernel/sys.c`.

use super::descriptor::{read_file, read_link};
use super::kernel::{self, address};
use super::proc::text::number;
use crate::catalog::RR_RLIMIT_NOFILE;
use core::ffi::c_int;

/// `_LINUX_CAPABILITY_VERSION_3`, `CAP_SYS_RESOURCE`: `include/uapi/linux/capability.h`.
const VERSION: u32 = 0x2008_0522;
const CAP_SYS_RESOURCE: u32 = 24;

/// The first user namespace, `PROC_USER_INIT_INO`: a capability within another does not count.
const FIRST_USER_NAMESPACE: &[u8] = b"user:[4026531837]";

/// Of the calling thread, whose capabilities its process's other threads need not share.
pub fn may_raise_hard_limits() -> bool {
    has_capability() && in_first_user_namespace()
}

fn has_capability() -> bool {
    let mut header = [VERSION, 0];
    // Effective, permitted and inheritable of capabilities 0 to 31, then of the others.
    let mut sets = [0_u32; 6];
    let arguments = [address(&mut header), address(&mut sets), 0, 0, 0];
    // SAFETY: the kernel reads the header, and writes three words twice for this version.
    let answered = unsafe { kernel::call(libc::SYS_capget, arguments) }.is_ok();
    let [effective, ..] = sets;
    answered && effective & (1 << CAP_SYS_RESOURCE) != 0
}

/// Without /proc nothing tells of a namespace: then there is likely none.
fn in_first_user_namespace() -> bool {
    let mut name = [0; 32];
    read_link(c"/proc/thread-self/ns/user", &mut name).map_or(true, |name| name == FIRST_USER_NAMESPACE)
}

/// A maximum that no privilege lifts.
pub fn hard_maximum(resource: c_int) -> Option<u64> {
    if resource != RR_RLIMIT_NOFILE {
        return None;
    }
    let mut buffer = [0; 32];
    read_file(c"/proc/sys/fs/nr_open", &mut buffer).ok().and_then(|text| number(text.trim_ascii()))
}

/// A maximum of the soft limit below the hard one: there is none.
pub fn soft_maximum(_resource: c_int) -> Option<u64> {
    None
}
