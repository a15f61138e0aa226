//! Any bytes as `/proc/PID/status`, or `fdinfo`, which has the same form: sizes and values are found
//! whole or not at all.
#![no_main]

#[path = "../../src/sys/linux/proc/text.rs"]
#[allow(dead_code, reason = "each target tries one of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for (name, value) in text::lines(bytes) {
        assert!(!name.contains(&b':') && !name.contains(&b'\n') && !value.contains(&b'\n'));
        assert!(text::bytes(value).is_none_or(|size| size % 1024 == 0));
        assert!(text::value_of(bytes, name).is_some());
    }
});
