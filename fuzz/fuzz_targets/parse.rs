//! Any text, through the C functions as a C program calls them: parsed or refused, never a crash; parsed limits are in
//! order and stay the same after formatting and parsing; a refusal writes nothing.
#![no_main]

use core::ffi::{CStr, c_char, c_int};
use libfuzzer_sys::fuzz_target;
use rresource as _;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rlimit {
    rlim_cur: u64,
    rlim_max: u64,
}

/// RR_RLIMIT_TEXT_SIZE.
const TEXT_SIZE: usize = 64;
const EINVAL: c_int = 22;
const ERANGE: c_int = 34;
const PRESENT: Rlimit = Rlimit { rlim_cur: 1000, rlim_max: 5000 };

unsafe extern "C" {
    fn rr_resource_count() -> usize;
    fn rr_rlimit_parse(resource: c_int, text: *const c_char, limits: *mut Rlimit) -> c_int;
    fn rr_rlimit_format(resource: c_int, limits: *const Rlimit, text: *mut c_char, size: usize) -> c_int;
}

fn parse(resource: c_int, text: &CStr, limits: &mut Rlimit) -> c_int {
    // SAFETY: a text that ends in NUL, and limits that may be written.
    unsafe { rr_rlimit_parse(resource, text.as_ptr(), limits) }
}

fn check(resource: c_int, text: &CStr) {
    let mut limits = PRESENT;
    match parse(resource, text, &mut limits) {
        0 => {}
        EINVAL | ERANGE => return assert_eq!(limits, PRESENT),
        error => panic!("error {error}"),
    }
    assert!(limits.rlim_cur <= limits.rlim_max);

    let mut written = [0_u8; TEXT_SIZE];
    // SAFETY: TEXT_SIZE bytes that may be written.
    assert_eq!(0, unsafe { rr_rlimit_format(resource, &limits, written.as_mut_ptr().cast(), TEXT_SIZE) });
    let written = CStr::from_bytes_until_nul(&written).expect("NUL ends it");
    let mut again = PRESENT;
    assert_eq!((parse(resource, written, &mut again), again), (0, limits), "{written:?}");
}

fuzz_target!(|bytes: &[u8]| {
    // At the end of an allocation, so that a read past the NUL is detected.
    let mut text: Vec<u8> = bytes.iter().copied().take_while(|byte| *byte != 0).collect();
    text.push(0);
    let text = CStr::from_bytes_with_nul(&text).expect("one NUL, at the end");
    // SAFETY: it has no arguments.
    let count = unsafe { rr_resource_count() };
    (0..=count as c_int).for_each(|resource| check(resource, text));
});
