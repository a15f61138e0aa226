//! Any bytes as the files of a control group and of the machine: a number or nothing.
#![no_main]

#[path = "../../src/decimal.rs"]
mod decimal;
#[path = "../../src/sys/linux/bounds/parse.rs"]
#[allow(dead_code, reason = "each target tries some of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(limit) = text::limit(bytes).filter(|limit| *limit != u64::MAX) {
        assert_eq!(text::limit(limit.to_string().as_bytes()), Some(limit));
        assert!(limit < 0x7FFF_FFFF_FFFF_0000);
    }
    if let Some(share) = text::cpu_max(bytes).filter(|share| *share != u64::MAX) {
        // Of a second: the same as a quota of a second.
        assert_eq!(text::share(share, 1_000_000_000), Some(share));
    }
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Some((name, _)) = text::statistic(line) {
            assert!(!name.contains(&b' ') && line.starts_with(name));
        }
        let _ = (text::list_count(line), text::tasks(line), text::open_files(line));
    }
});
