//! Any bytes as a line of mountinfo and a group's path: what is found stays within the path, and no mount point
//! is longer than the line.
#![no_main]

#[path = "../../src/decimal.rs"]
mod decimal;
#[path = "../../src/sys/linux/bounds/parse.rs"]
#[allow(dead_code, reason = "each target tries some of its functions")]
mod text;

libfuzzer_sys::fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let (mut line, path) = input;
    let length = line.len();
    let Some(mount) = text::mount(&mut line, b"memory") else { return };
    assert!(mount.root.starts_with(b"/") && mount.root.len() + mount.point.len() <= length);
    assert_eq!(mount.point.last(), Some(&0));
    for path in [path.as_slice(), mount.root] {
        match text::place(mount.root, path) {
            Some(text::Place::Shown(start)) => {
                let rest = &path[start..];
                assert!(rest.is_empty() || rest.starts_with(b"/"));
                assert!(rest != b"/.." && !rest.starts_with(b"/../"));
                assert!(text::components(rest) <= rest.len());
            }
            Some(text::Place::Above(levels)) => assert!(levels > 0 && mount.root.starts_with(b"/..")),
            None => {}
        }
    }
});
