//! Any bytes as `/proc/PID/stat`: read or refused, never a crash. The content of the name does not matter.
#![no_main]

#[path = "../../src/decimal.rs"]
mod decimal;
#[path = "../../src/sys/linux/proc/parse.rs"]
#[allow(dead_code, reason = "each target tries one of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some(stat) = text::stat(bytes) else { return };
    let renamed = [b"1 (a) b\n(", bytes].concat();
    assert_eq!(text::stat(&renamed), Some(stat));
});
