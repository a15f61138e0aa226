//! Resources
//!
//! The resources that can be limited on this system. A resource is identified by its number, RR_RLIMIT_*, or
//! by its name. Constants can be looked up by name at run time.
//!
//! RR_RLIMIT_* have the system's own numbers. Each exists only on the systems that have the resource: test for
//! it with #ifdef, or call rr_resource_by_name at run time. This table applies unless the comment of a
//! constant below contradicts it.
//!
//! Resource  Unit     Limits                                        When exceeded
//! CPU       seconds  processor time of the process                 SIGXCPU at the soft limit, SIGKILL at the hard one
//! FSIZE     bytes    size of a file that the process writes        SIGXFSZ; EFBIG if the signal is ignored
//! DATA      bytes    data segment and heap of the process          ENOMEM
//! STACK     bytes    stack of the main thread                      SIGSEGV
//! CORE      bytes    size of a core dump                           0 disables core dumps
//! NOFILE    count    highest descriptor number plus one            EMFILE
//! AS        bytes    address space of the process                  ENOMEM
//! RSS       bytes    resident set size of the process              nothing: not enforced
//! NPROC     count    processes of the real user, except for root   EAGAIN from fork(2)
//! MEMLOCK   bytes    memory that the process locks into RAM        ENOMEM from mlock(2)
//! SBSIZE    bytes    socket buffers of the user                    ENOBUFS
//!
//! OFILE is another name for NOFILE, and VMEM for AS. RR_RLIM_INFINITY means no limit. RR_RLIM_SAVED_CUR and
//! RR_RLIM_SAVED_MAX stand for a soft or hard limit that is too large for rlim_t. They equal RR_RLIM_INFINITY
//! except on Solaris, because every limit is representable.

use super::{give, take_text, text};
use crate::catalog::{self, Resource};
use core::ffi::{c_char, c_int};

/// Gets the number of resources that can be limited on this system, such as 16 on Linux.
///
/// Returns: the number of resources
#[unsafe(no_mangle)]
pub extern "C" fn rr_resource_count() -> usize {
    catalog::RESOURCE_COUNT
}

/// Describes a resource by its index. Indexes are in the order of the resources' numbers.
///
/// index: 0 to rr_resource_count() - 1
/// resource: buffer for the description
///
/// Errors:
///   ERANGE  index is past the end
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_resource_at(index: usize, resource: *mut Resource) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { give(resource, || catalog::at(index)) }
}

/// Describes a resource by its number.
///
/// id: one of RR_RLIMIT_*
/// resource: buffer for the description
///
/// Errors:
///   EINVAL  the resource does not exist on this system
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_resource_by_id(id: c_int, resource: *mut Resource) -> c_int {
    // SAFETY: the caller's pointer, as the documentation requires.
    unsafe { give(resource, || catalog::by_id(id)) }
}

/// Describes a resource by its name. The name is "NOFILE", "RLIMIT_NOFILE", "RR_RLIMIT_NOFILE" or systemd's
/// "LimitNOFILE", in upper or lower case. An alias such as OFILE or VMEM is accepted where the system has it.
///
/// name: name of the resource
/// resource: buffer for the description
///
/// Errors:
///   ENOENT  there is no resource of that name on this system
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_resource_by_name(name: *const c_char, resource: *mut Resource) -> c_int {
    // SAFETY: the caller's pointers, as the documentation requires.
    unsafe { give(resource, || catalog::by_name(take_text(name)?)) }
}

/// Gets the name of a resource.
///
/// id: one of RR_RLIMIT_*
///
/// Returns: a static string such as "NOFILE"; NULL if the resource does not exist on this system
#[unsafe(no_mangle)]
pub extern "C" fn rr_resource_name(id: c_int) -> *const c_char {
    text(catalog::name(id))
}

/// Gets a short description of what a resource limits.
///
/// id: one of RR_RLIMIT_*
///
/// Returns: a static string such as "open file descriptors"; NULL if the resource does not exist on this system
#[unsafe(no_mangle)]
pub extern "C" fn rr_resource_summary(id: c_int) -> *const c_char {
    text(catalog::summary(id))
}
