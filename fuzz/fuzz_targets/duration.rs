//! Any text, through the C function as a C program calls it: parsed or refused, never a crash; a refusal writes
//! nothing; and a text with one second more is one second longer.
#![no_main]

use core::ffi::{CStr, c_char, c_int};
use libfuzzer_sys::fuzz_target;
use rresource as _;

const EINVAL: c_int = 22;
const ERANGE: c_int = 34;
const UNTOUCHED: u64 = 0xA5A5_A5A5_A5A5_A5A5;

unsafe extern "C" {
    fn rr_duration_parse(text: *const c_char, ns: *mut u64) -> c_int;
}

fn parsed(text: &[u8]) -> (c_int, u64) {
    // At the end of an allocation, so that a read past the NUL is detected.
    let text: Vec<u8> = text.iter().copied().chain([0]).collect();
    let text = CStr::from_bytes_with_nul(&text).expect("one NUL, at the end");
    let mut ns = UNTOUCHED;
    // SAFETY: a text that ends in NUL, and a number that may be written.
    (unsafe { rr_duration_parse(text.as_ptr(), &mut ns) }, ns)
}

fuzz_target!(|bytes: &[u8]| {
    let text: Vec<u8> = bytes.iter().copied().take_while(|byte| *byte != 0).collect();
    match parsed(&text) {
        (0, ns) => {
            let has_units = text.iter().any(u8::is_ascii_alphabetic);
            let longer = [&text, b"1s".as_slice()].concat();
            let expected = ns.checked_add(1_000_000_000).map_or((ERANGE, UNTOUCHED), |sum| (0, sum));
            assert!(!has_units || parsed(&longer) == expected, "{text:?}");
        }
        (EINVAL | ERANGE, ns) => assert_eq!(ns, UNTOUCHED),
        (error, _) => panic!("error {error}"),
    }
});
