//! Any bytes as `/proc/PID/status`, or `fdinfo`, which has the same form: sizes and values are found
//! whole or not at all.
#![no_main]

#[path = "../../src/sys/linux/proc/text.rs"]
#[allow(dead_code, reason = "each target tries one of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for name in [b"VmHWM".as_slice(), b"VmRSS", b"VmSize", b"VmSwap", b"State", b"Tgid", b"Pid", b"SigQ", b""] {
        let value = text::value_of(bytes, name);
        assert!(value.is_none_or(|value| !value.contains(&b'\n')));
        let size = text::bytes_of(bytes, name);
        assert!(size.is_none_or(|size| size % 1024 == 0 && value.is_some()));
    }
});
