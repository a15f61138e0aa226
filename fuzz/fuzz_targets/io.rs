//! Any bytes as `/proc/PID/io`: numbers are found completely or not at all.
#![no_main]

#[path = "../../src/decimal.rs"]
mod decimal;
#[path = "../../src/sys/linux/proc/parse.rs"]
#[allow(dead_code, reason = "each target tries one of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for name in [b"read_bytes".as_slice(), b"write_bytes"] {
        let Some(value) = text::value_of(bytes, name) else { continue };
        let number = text::number(value);
        assert_eq!(
            number,
            std::str::from_utf8(value).ok().filter(|text| !text.starts_with('+')).and_then(|text| text.parse().ok())
        );
    }
});
