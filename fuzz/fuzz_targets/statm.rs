//! Any bytes as `/proc/PID/statm`: read or refused, never a crash. The parsed values are written back unchanged.
#![no_main]

#[path = "../../src/decimal.rs"]
mod decimal;
#[path = "../../src/sys/linux/proc/parse.rs"]
#[allow(dead_code, reason = "each target tries one of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some(statm) = text::statm(bytes) else { return };
    let written = format!("{} {} 0\n", statm.size, statm.resident);
    assert_eq!(text::statm(written.as_bytes()), Some(statm));
});
