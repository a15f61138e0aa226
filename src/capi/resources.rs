//! What can be limited on this system.

use super::{give, take_text, text};
use crate::catalog::{self, Resource};
use core::ffi::{c_char, c_int};

/// Counts the resources that can be limited on this system: 16 on Linux.
///
/// Returns the count; rr_resource_at takes indices below it.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_resource_count() -> usize {
    catalog::RESOURCE_COUNT
}

/// Describes a resource by its place in the list of all, which is in the order of their numbers.
///
/// index: 0 to rr_resource_count() - 1.
/// resource: is written on success.
///
/// Returns 0; ERANGE when index is past the end; EFAULT when resource is NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_resource_at(index: usize, resource: *mut Resource) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { give(resource, || catalog::at(index)) }
}

/// Describes a resource by its number.
///
/// id: one of RR_RLIMIT_...
/// resource: is written on success.
///
/// Returns 0; EINVAL when this system has no such resource; EFAULT when resource is NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_resource_by_id(id: c_int, resource: *mut Resource) -> c_int {
    // SAFETY: the caller's pointer, as the comment asks.
    unsafe { give(resource, || catalog::by_id(id)) }
}

/// Describes a resource by its name.
///
/// name: NOFILE, RLIMIT_NOFILE, RR_RLIMIT_NOFILE or systemd's LimitNOFILE, in upper or lower case;
/// also OFILE for NOFILE and VMEM for AS on systems that have these names.
/// resource: is written on success.
///
/// Returns 0; ENOENT when this system has no resource of that name; EFAULT when a pointer is NULL.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rr_resource_by_name(name: *const c_char, resource: *mut Resource) -> c_int {
    // SAFETY: the caller's pointers, as the comment asks.
    unsafe { give(resource, || catalog::by_name(take_text(name)?)) }
}

/// Names a resource.
///
/// id: one of RR_RLIMIT_...
///
/// Returns a static text like "NOFILE"; NULL when this system has no such resource.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_resource_name(id: c_int) -> *const c_char {
    text(catalog::name(id))
}

/// Says in a few words what a resource limits.
///
/// id: one of RR_RLIMIT_...
///
/// Returns a static text like "open file descriptors"; NULL when this system has no such resource.
///
/// Any thread; async-signal-safe. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn rr_resource_summary(id: c_int) -> *const c_char {
    text(catalog::summary(id))
}
