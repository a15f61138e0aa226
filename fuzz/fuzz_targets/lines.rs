//! Any bytes as a file, read in pieces of any size: the lines that fit the buffer, unchanged.
#![no_main]

#[path = "../../src/decimal.rs"]
mod decimal;
#[path = "../../src/sys/linux/bounds/parse.rs"]
#[allow(dead_code, reason = "each target tries some of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|input: (u8, u8, Vec<u8>)| {
    let (room, piece, file) = input;
    let mut buffer = vec![0; usize::from(room)];
    let mut found = Vec::new();
    let left_out = text::each_line(
        &mut buffer,
        &mut |offset, rest| {
            let part = &file[offset..];
            let length = part.len().min(rest.len()).min(usize::from(piece) + 1);
            rest[..length].copy_from_slice(&part[..length]);
            Ok::<_, ()>(length)
        },
        &mut |line| {
            found.push(line.to_vec());
            true
        },
    );
    let mut lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
    let cut = lines.pop().unwrap_or_default();
    let short = |line: &&[u8]| line.len() < usize::from(room);
    assert_eq!(found, lines.iter().copied().filter(short).collect::<Vec<_>>());
    let is_long = |line: &&[u8]| line.len() >= usize::from(room) && room > 0;
    assert_eq!(left_out, Ok(lines.iter().any(is_long) || is_long(&cut)));
});
