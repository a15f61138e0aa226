//! Any bytes as `/proc/PID/limits`: a row's two words are found, or nothing.
#![no_main]

#[path = "../../src/decimal.rs"]
mod decimal;
#[path = "../../src/sys/linux/proc/parse.rs"]
#[allow(dead_code, reason = "each target tries one of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for label in [b"Max cpu time".as_slice(), b"Max open files", b""] {
        let Some((soft, hard)) = text::limits_row(bytes, label) else { continue };
        for word in [soft, hard] {
            assert!(!word.is_empty() && !word.contains(&b' ') && !word.contains(&b'\n'));
            let _ = text::number(word);
        }
    }
});
