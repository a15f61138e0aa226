//! Any bytes as lines of `/proc/PID/cgroup`: a version and a path that begins with a slash, or nothing.
#![no_main]

#[path = "../../src/decimal.rs"]
mod decimal;
#[path = "../../src/sys/linux/bounds/parse.rs"]
#[allow(dead_code, reason = "each target tries some of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for line in bytes.split(|byte| *byte == b'\n') {
        for controller in [b"memory".as_slice(), b"cpu", b""] {
            let Some((version, path)) = text::group(line, controller) else { continue };
            assert!(path.starts_with(b"/") && line.ends_with(path));
            assert!(version == text::Version::One || line.starts_with(b"0::/"));
        }
    }
});
