//! Any bytes as `/proc/PID/status`, or `fdinfo`, which has the same form: sizes and values are found completely or not
//! at all. A buffer that is too small gets complete lines of the file, in order.
#![no_main]

#[path = "../../src/decimal.rs"]
mod decimal;
#[path = "../../src/sys/linux/proc/parse.rs"]
#[allow(dead_code, reason = "each target tries one of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for (name, value) in text::lines(bytes) {
        assert!(!name.contains(&b':') && !name.contains(&b'\n') && !value.contains(&b'\n'));
        assert!(text::bytes(value).is_none_or(|size| size % 1024 == 0));
        assert!(text::value_of(bytes, name).is_some());
    }
    let mut buffer = [0; 64];
    let kept = text::short_lines(&mut buffer, |offset, rest| -> Result<usize, ()> {
        let part = &bytes[offset..];
        let length = part.len().min(rest.len());
        rest[..length].copy_from_slice(&part[..length]);
        Ok(length)
    });
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    for line in buffer[..kept.unwrap()].split_inclusive(|byte| *byte == b'\n') {
        assert!(line.ends_with(b"\n") && lines.any(|other| other == line));
    }
});
