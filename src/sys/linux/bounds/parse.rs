//! Parses mountinfo, `/proc/PID/cgroup` and the files of control groups: proc(5),
//! `Documentation/admin-guide/cgroup-v2.rst` and `cgroup-v1/`. Any bytes are accepted; the result is a value or
//! nothing.
//!
//! It depends on no other module of this crate except `decimal`, so that fuzz/ can include both by their paths.

pub use crate::decimal::number;

/// Of the control groups' interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    One,
    Two,
}

/// Reads from an offset on into its buffer, and returns the number of bytes: 0 at the end.
pub type Read<'r, Error> = dyn FnMut(usize, &mut [u8]) -> Result<usize, Error> + 'r;

/// Calls `visit` with each line of a file, without its newline, until it returns false. A line longer than the buffer
/// is skipped, and so is a last line without a newline, which was cut. Returns whether a long line was skipped.
pub fn each_line<Error>(
    buffer: &mut [u8],
    read: &mut Read<Error>,
    visit: &mut dyn FnMut(&mut [u8]) -> bool,
) -> Result<bool, Error> {
    let (mut offset, mut kept, mut is_within_long, mut left_out) = (0, 0, false, false);
    loop {
        let count = read(offset, buffer.get_mut(kept..).unwrap_or_default())?;
        if count == 0 {
            return Ok(left_out);
        }
        offset += count;
        let filled = (kept + count).min(buffer.len());
        let mut start = 0;
        while let Some(line) = buffer.get_mut(start..filled).and_then(first_line) {
            start += line.len() + 1;
            if !core::mem::take(&mut is_within_long) && !visit(line) {
                return Ok(left_out);
            }
        }
        if start == 0 && filled == buffer.len() {
            (start, is_within_long, left_out) = (filled, true, true);
        }
        kept = filled - start;
        for place in 0..kept {
            let byte = buffer.get(start + place).copied().unwrap_or(0);
            buffer.iter_mut().skip(place).take(1).for_each(|place| *place = byte);
        }
    }
}

fn first_line(text: &mut [u8]) -> Option<&mut [u8]> {
    let end = text.iter().position(|byte| *byte == b'\n')?;
    text.get_mut(..end)
}

/// A line of `/proc/PID/cgroup`, `hierarchy:controllers:path`, if it may be the one of this controller:
/// that of version 1 names it, that of version 2 names none.
pub fn group<'a>(line: &'a [u8], controller: &[u8]) -> Option<(Version, &'a [u8])> {
    let mut parts = line.splitn(3, |byte| *byte == b':');
    let (hierarchy, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
    if !path.starts_with(b"/") {
        return None;
    }
    if has_word(controllers, controller) {
        Some((Version::One, path))
    } else {
        (hierarchy == b"0" && controllers.is_empty()).then_some((Version::Two, path))
    }
}

fn has_word(list: &[u8], word: &[u8]) -> bool {
    list.split(|byte| *byte == b',').any(|candidate| candidate == word)
}

/// A mount of control groups.
#[derive(Debug, PartialEq, Eq)]
pub struct Mount<'a> {
    pub version: Version,
    pub id: u64,
    /// The group that the mount point shows.
    pub root: &'a [u8],
    /// Ends in NUL.
    pub point: &'a [u8],
}

/// Fields, each with the blank that follows it. `split_inclusive_mut` has a panic path unless it is inlined.
struct Fields<'a>(&'a mut [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = &'a mut [u8];

    fn next(&mut self) -> Option<&'a mut [u8]> {
        let text = core::mem::take(&mut self.0);
        let end = text.iter().position(|byte| *byte == b' ').map_or(text.len(), |blank| blank + 1);
        let (field, rest) = text.split_at_mut_checked(end)?;
        self.0 = rest;
        Some(field).filter(|field| !field.is_empty())
    }
}

/// A line of mountinfo, if it shows this controller. The line is unescaped in place.
pub fn mount<'a>(line: &'a mut [u8], controller: &[u8]) -> Option<Mount<'a>> {
    let mut fields = Fields(line);
    let id = number(fields.next()?.strip_suffix(b" ")?)?;
    let root = fields.nth(2)?;
    let point = fields.next()?;
    // After the mount's options and the optional fields.
    fields.find(|field| **field == *b"- ")?;
    let kind = fields.next()?;
    let options = fields.nth(1)?;
    let version = match &*kind {
        b"cgroup2 " => Version::Two,
        b"cgroup " if has_word(options.trim_ascii_end(), controller) => Version::One,
        _ => return None,
    };
    let root = unescape(root).strip_suffix(b" ")?;
    let point = unescape(point);
    *point.last_mut()? = 0;
    root.starts_with(b"/").then_some(Mount { version, id, root, point })
}

/// `\040` and the like: `mangle_path` in `fs/seq_file.c`.
fn unescape(text: &mut [u8]) -> &mut [u8] {
    let (mut from, mut to) = (0, 0);
    while let Some(byte) = text.get(from).copied() {
        let code = match text.get(from..from + 4) {
            Some([b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7']) => {
                Some((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'))
            }
            _ => None,
        };
        from += if code.is_some() { 4 } else { 1 };
        if let Some(place) = text.get_mut(to) {
            *place = code.unwrap_or(byte);
        }
        to += 1;
    }
    text.get_mut(..to).unwrap_or_default()
}

/// Where a group is relative to a mount.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    /// Below its root, or the root itself: the rest of the path begins at this byte.
    Shown(usize),
    /// The mount's root is this many levels above the group, outside the caller's cgroup namespace, so that the path
    /// between them is unknown.
    Above(usize),
}

/// Both paths are relative to the root of the caller's cgroup namespace: a path that is not below it begins with
/// `/..`, `kernfs_path_from_node_locked` in `fs/kernfs/dir.c`.
pub fn place(root: &[u8], path: &[u8]) -> Option<Place> {
    let root = if root == b"/" { b"" } else { root };
    let rest = path.strip_prefix(root).filter(|rest| rest.is_empty() || rest.starts_with(b"/"));
    if rest.is_some_and(|rest| levels_up(rest).0 == 0) {
        return Some(Place::Shown(root.len()));
    }
    let ((root_up, below), (path_up, names)) = (levels_up(root), levels_up(path));
    // The same level but another path: another group.
    (below.is_empty() && path_up <= root_up && root_up > 0)
        .then(|| Place::Above(root_up - path_up + components(names)))
        .filter(|place| *place != Place::Above(0))
}

/// How many `/..` a path begins with, and what follows.
fn levels_up(path: &[u8]) -> (usize, &[u8]) {
    let (mut count, mut rest) = (0, path);
    while let Some(next) = rest.strip_prefix(b"/..").filter(|next| next.is_empty() || next.starts_with(b"/")) {
        (count, rest) = (count + 1, next);
    }
    (count, rest)
}

pub fn components(path: &[u8]) -> usize {
    path.split(|byte| *byte == b'/').filter(|name| !name.is_empty()).count()
}

/// Parses a limit in a group's file. `max`, a negative number, and the largest page count below 2^63 mean no limit,
/// `PAGE_COUNTER_MAX` in `include/linux/page_counter.h`: u64::MAX.
pub fn limit(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii();
    if text == b"max" || text.strip_prefix(b"-").is_some_and(|digits| number(digits).is_some()) {
        return Some(u64::MAX);
    }
    number(text).map(without_none)
}

/// The smallest such value is that of pages of 64 KiB; a 32-bit kernel counts up to 2^31 - 1 pages.
fn without_none(value: u64) -> u64 {
    let is_none = value >= 0x7FFF_FFFF_FFFF_0000 || cfg!(target_pointer_width = "32") && value == 0x7FF_FFFF_F000;
    if is_none { u64::MAX } else { value }
}

/// `cpu.max`: a quota, or `max`, and a period. In nanoseconds per second.
pub fn cpu_max(text: &[u8]) -> Option<u64> {
    let mut fields = text.trim_ascii().splitn(2, |byte| *byte == b' ');
    let quota = limit(fields.next()?)?;
    if quota == u64::MAX { Some(quota) } else { share(quota, number(fields.next()?)?) }
}

/// The share of a second, in nanoseconds.
pub fn share(quota: u64, period: u64) -> Option<u64> {
    const SECOND: u64 = 1_000_000_000;
    let rest = quota.checked_rem(period)?.checked_mul(SECOND)?.checked_div(period)?;
    quota.checked_div(period)?.checked_mul(SECOND)?.checked_add(rest)
}

/// A line of `memory.stat`: a name and a number. A limit in it may be none.
pub fn statistic(line: &[u8]) -> Option<(&[u8], u64)> {
    let space = line.iter().position(|byte| *byte == b' ')?;
    let (name, value) = line.split_at_checked(space)?;
    Some((name, without_none(number(value.strip_prefix(b" ")?)?)))
}

/// How many numbers a list such as `0-3,5` has.
pub fn list_count(text: &[u8]) -> Option<u64> {
    text.trim_ascii().split(|byte| *byte == b',').try_fold(0_u64, |count, range| {
        let mut ends = range.splitn(2, |byte| *byte == b'-').map(number);
        let first = ends.next()??;
        let last = ends.next().unwrap_or(Some(first))?;
        last.checked_sub(first)?.checked_add(1)?.checked_add(count)
    })
}

/// The tasks of the system: the number after the slash in `/proc/loadavg`.
pub fn tasks(text: &[u8]) -> Option<u64> {
    let slash = text.iter().position(|byte| *byte == b'/')?;
    let rest = text.get(slash + 1..)?;
    let end = rest.iter().position(|byte| *byte == b' ')?;
    number(rest.get(..end)?)
}

/// Of `/proc/sys/fs/file-nr`: the open files of the system, and their limit.
pub fn open_files(text: &[u8]) -> Option<(u64, u64)> {
    let mut fields = text.trim_ascii().split(|byte| *byte == b'\t').map(number);
    Some((fields.next()??, without_none(fields.nth(1)??)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    #[test]
    fn lines_of_cgroup() {
        let one = Some((Version::One, b"/a:b c".as_slice()));
        assert_eq!(group(b"4:memory:/a:b c", b"memory"), one);
        assert_eq!(group(b"4:hugetlb,memory:/a:b c", b"memory"), one);
        assert_eq!(group(b"1:name=memory:/x", b"memory"), None);
        assert_eq!(group(b"3:cpuset:/x", b"cpu"), None);
        assert_eq!(group(b"0::/x (deleted)", b"cpu"), Some((Version::Two, b"/x (deleted)".as_slice())));
        assert_eq!(group(b"10::/x", b"cpu"), None);
        assert_eq!(group(b"0::x", b"cpu"), None);
        assert_eq!(group(b"0::", b"cpu"), None);
        assert_eq!(group(b"4:memory", b"memory"), None);
    }

    fn mounted(line: &str) -> Option<(Version, u64, String, String)> {
        let mut line = line.as_bytes().to_vec();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        mount(&mut line, b"memory").map(|mount| (mount.version, mount.id, text(mount.root), text(mount.point)))
    }

    #[test]
    fn lines_of_mountinfo() {
        let found = |version, id, root: &str, point: &str| Some((version, id, root.into(), std::format!("{point}\0")));
        let line = "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 master:1 - cgroup cgroup rw,memory";
        assert_eq!(mounted(line), found(Version::One, 35, "/", "/sys/fs/cgroup/memory"));
        let line = "41 31 0:38 /a\\040b /m\\011\\134040 rw - cgroup2 none rw,nsdelegate";
        assert_eq!(mounted(line), found(Version::Two, 41, "/a b", "/m\t\\040"));
        assert_eq!(mounted("41 31 0:38 /../.. /m rw - cgroup2  rw"), found(Version::Two, 41, "/../..", "/m"));
        for line in [
            "35 31 0:32 / /m rw - cgroup cgroup rw,cpu",
            "35 31 0:32 / /m rw - cgroup cgroup rw,name=memory",
            "35 31 0:32 / /m rw - tmpfs memory rw,memory",
            "35 31 0:32 / /m rw - cgroup cgroup",
            "35 31 0:32 / /m rw cgroup2 none rw",
            "x 31 0:32 / /m rw - cgroup2 none rw",
            "35 31 0:32 a /m rw - cgroup2 none rw",
            "35",
            "",
        ] {
            assert_eq!(mounted(line), None, "{line}");
        }
    }

    #[test]
    fn escapes_are_three_octal_digits() {
        let unescaped = |text: &str| {
            let mut text = text.as_bytes().to_vec();
            String::from_utf8_lossy(unescape(&mut text)).into_owned()
        };
        assert_eq!(unescaped("a\\040b"), "a b");
        assert_eq!(unescaped("\\134134"), "\\134");
        for text in ["\\04", "\\048", "\\400", "\\", "a\\", "\\x40"] {
            assert_eq!(unescaped(text), text);
        }
    }

    #[test]
    fn places() {
        for (root, path, expected) in [
            ("/", "/", Some(Place::Shown(0))),
            ("/", "/a/b", Some(Place::Shown(0))),
            ("/a", "/a/b", Some(Place::Shown(2))),
            ("/a", "/a", Some(Place::Shown(2))),
            ("/a", "/ab", None),
            ("/a/b", "/a", None),
            // Not below the root of the namespace.
            ("/", "/../x", None),
            ("/", "/..", None),
            ("/..", "/../x", Some(Place::Shown(3))),
            ("/..", "/", Some(Place::Above(1))),
            ("/../..", "/a/b", Some(Place::Above(4))),
            ("/../..", "/../x", Some(Place::Above(2))),
            ("/..", "/../..", None),
            ("/../x", "/", None),
            ("/../x", "/../x/y", Some(Place::Shown(5))),
            ("/..a", "/..a/b", Some(Place::Shown(4))),
        ] {
            assert_eq!(place(root.as_bytes(), path.as_bytes()), expected, "{root} {path}");
        }
    }

    #[test]
    fn limits() {
        for (text, expected) in [
            ("max\n", Some(u64::MAX)),
            ("-1\n", Some(u64::MAX)),
            ("9223372036854771712\n", Some(u64::MAX)),
            ("9223372036854710272\n", Some(u64::MAX)),
            ("104857600\n", Some(104_857_600)),
            ("0", Some(0)),
            ("", None),
            ("-", None),
            ("1 2", None),
            ("maximum", None),
        ] {
            assert_eq!(limit(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn quotas() {
        for (text, expected) in [
            ("max 100000\n", Some(u64::MAX)),
            ("max", Some(u64::MAX)),
            ("50000 100000\n", Some(500_000_000)),
            ("33333 100000\n", Some(333_330_000)),
            ("17592186044415 1000000\n", Some(17_592_186_044_415_000)),
            ("150000 0", None),
            ("150000", None),
            ("1 18446744073709551615", Some(0)),
        ] {
            assert_eq!(cpu_max(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(share(u64::MAX - 1, 1), None, "too large");
    }

    #[test]
    fn statistics() {
        assert_eq!(statistic(b"total_active_file 12"), Some((b"total_active_file".as_slice(), 12)));
        assert_eq!(
            statistic(b"hierarchical_memory_limit 9223372036854771712"),
            Some((b"hierarchical_memory_limit".as_slice(), u64::MAX))
        );
        for line in ["active_file", "active_file ", "active_file 1 2", "active_file -1", ""] {
            assert_eq!(statistic(line.as_bytes()), None);
        }
    }

    #[test]
    fn lists_and_counts() {
        for (text, expected) in [
            ("0\n", Some(1)),
            ("0-3,5,7-8\n", Some(7)),
            ("0-18446744073709551615", None),
            ("3-0", None),
            ("\n", None),
            ("0-", None),
            ("0,", None),
        ] {
            assert_eq!(list_count(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(tasks(b"12.43 5.31 2.02 5/124 14928\n"), Some(124));
        assert_eq!(tasks(b"12.43 5.31 2.02 5/124"), None, "cut");
        assert_eq!(open_files(b"1376\t0\t2466170\n"), Some((1376, 2_466_170)));
        assert_eq!(open_files(b"1376\t0\t9223372036854775807\n"), Some((1376, u64::MAX)));
        assert_eq!(open_files(b"1376\t0"), None);
    }

    /// The lines of a file, read in pieces of that size into a buffer of that size.
    fn lines_of(file: &[u8], room: usize, piece: usize) -> (Vec<Vec<u8>>, bool) {
        let mut found = Vec::new();
        let mut read = |offset: usize, rest: &mut [u8]| {
            let part = file.get(offset..).unwrap();
            let length = part.len().min(rest.len()).min(piece);
            rest.iter_mut().zip(part).take(length).for_each(|(place, byte)| *place = *byte);
            Ok::<_, ()>(length)
        };
        let visit = &mut |line: &mut [u8]| {
            found.push(line.to_vec());
            true
        };
        let left_out = each_line(&mut std::vec![0; room], &mut read, visit).unwrap();
        (found, left_out)
    }

    #[test]
    fn lines_in_pieces() {
        let file = b"one\n\ntwo and more\nthree\ncut";
        for piece in 1..30 {
            let (lines, left_out) = lines_of(file, 8, piece);
            assert_eq!(lines, [b"one".as_slice(), b"", b"three"]);
            assert!(left_out);
            let (lines, left_out) = lines_of(file, 64, piece);
            assert_eq!(lines, [b"one".as_slice(), b"", b"two and more", b"three"]);
            assert!(!left_out);
        }
        assert_eq!(lines_of(b"", 8, 1), (Vec::new(), false));
    }
}
