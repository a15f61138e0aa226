//! Parses the files of /proc, proc(5). Any bytes are accepted; the result is a value or nothing.
//!
//! It depends on no other module of this crate except `decimal`, so that fuzz/ can include both by their paths.

pub use crate::decimal::number;

/// `/proc/PID/stat`: the whole process, including ended threads.
#[derive(Debug, PartialEq, Eq)]
pub struct Stat {
    /// `Z` if its first thread has ended; the whole process has ended if `threads` is 1.
    pub state: u8,
    pub minor_faults: u64,
    pub major_faults: u64,
    pub user_ticks: u64,
    pub system_ticks: u64,
    /// Of the first thread, or of the thread that the file belongs to.
    pub nice: i64,
    pub threads: u64,
    /// In clock ticks since the machine started: it differs between processes with the same PID.
    pub start_time: u64,
    /// Of the same thread as `nice`; missing in some emulations of Linux.
    pub realtime_priority: Option<u64>,
}

impl Stat {
    /// A first thread that has ended is a zombie while the others go on.
    pub fn has_ended(&self) -> bool {
        self.state == b'Z' && self.threads <= 1
    }
}

/// The command name, in parentheses, may hold anything, parentheses and newlines too: the fields begin after the last
/// one.
pub fn stat(text: &[u8]) -> Option<Stat> {
    let end_of_name = text.iter().rposition(|byte| *byte == b')')?;
    let mut fields = Words(text.get(end_of_name + 1..)?);
    // Fields 3, 10, 12, 14, 15, 19, 20, 22 and 40, counted from 1.
    let state = *fields.next()?.first()?;
    let mut stat = Stat {
        state,
        minor_faults: number(fields.nth(6)?)?,
        major_faults: number(fields.nth(1)?)?,
        user_ticks: number(fields.nth(1)?)?,
        system_ticks: number(fields.next()?)?,
        nice: signed(fields.nth(3)?)?,
        threads: number(fields.next()?)?,
        start_time: number(fields.nth(1)?)?,
        realtime_priority: None,
    };
    // If no field follows, the file was cut, perhaps within the number.
    fields.next()?;
    stat.realtime_priority = fields.nth(16).and_then(number).filter(|_| fields.next().is_some());
    Some(stat)
}

/// The words of a text, separated by blanks and newlines.
struct Words<'a>(&'a [u8]);

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    #[inline(never)] // for size, as `nth`
    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.0.trim_ascii_start();
        let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        Some(word).filter(|word| !word.is_empty())
    }

    #[inline(never)]
    fn nth(&mut self, index: usize) -> Option<&'a [u8]> {
        for _ in 0..index {
            self.next()?;
        }
        self.next()
    }
}

/// Of `/proc/PID/statm`, in pages.
#[derive(Debug, PartialEq, Eq)]
pub struct Statm {
    pub size: u64,
    pub resident: u64,
}

pub fn statm(text: &[u8]) -> Option<Statm> {
    // A text that begins with a blank was cut.
    let mut fields = Words(Some(text).filter(|text| !text.starts_with(b" "))?);
    let statm = Statm { size: number(fields.next()?)?, resident: number(fields.next()?)? };
    fields.next()?;
    Some(statm)
}

/// The lines of a file like `status`, `io` and `fdinfo`: `name:` and a value. A last line without a newline is
/// skipped: the file was cut, perhaps within the value.
pub fn lines(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let end = text.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
    text.get(..end).unwrap_or_default().split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        Some((line.get(..colon)?, line.get(colon + 1..)?.trim_ascii()))
    })
}

pub fn value_of<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    lines(text).find(|(candidate, _)| *candidate == name).map(|(_, value)| value)
}

/// Fills the buffer with the lines of a file, as many as fit, except long ones: `Groups` of `status` lists every group
/// of the process, which may be thousands. Returns the length.
///
/// `read` reads from an offset on into its buffer.
pub fn short_lines<Error>(
    buffer: &mut [u8],
    mut read: impl FnMut(usize, &mut [u8]) -> Result<usize, Error>,
) -> Result<usize, Error> {
    const LONGEST: usize = 512;
    let is_short = |line: &[u8]| line.len() <= LONGEST && line.ends_with(b"\n");
    let (mut kept, mut offset, mut is_within_long) = (0, 0, false);
    loop {
        let rest = buffer.get_mut(kept..).unwrap_or_default();
        let length = read(offset, rest)?;
        let text = rest.get(..length).unwrap_or_default();
        if is_within_long {
            if text.is_empty() {
                return Ok(kept);
            }
            let line = first_line(text);
            is_within_long = !line.ends_with(b"\n");
            offset += line.len();
        } else {
            let mut short = 0;
            while let Some(line) = text.get(short..).map(first_line).filter(|line| is_short(line)) {
                short += line.len();
            }
            kept += short;
            offset += short;
            is_within_long = short == 0;
            // The end of the file or of the buffer.
            if short == 0 && length <= LONGEST {
                return Ok(kept);
            }
        }
    }
}

/// The first line, with its newline. `split_inclusive` has a panic path unless it is inlined.
fn first_line(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| end + 1);
    text.get(..end).unwrap_or_default()
}

/// A size in `status`, which counts KiB: `1024 kB`. In bytes.
pub fn bytes(value: &[u8]) -> Option<u64> {
    number(value.strip_suffix(b" kB")?)?.checked_mul(1024)
}

/// A row of `/proc/PID/limits`: the soft and the hard limit as text.
pub fn limits_row<'a>(text: &'a [u8], label: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let rest = text.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(label))?;
    let mut values = Words(rest);
    Some((values.next()?, values.next()?))
}

fn signed(text: &[u8]) -> Option<i64> {
    match text.strip_prefix(b"-") {
        Some(digits) => 0_i64.checked_sub_unsigned(number(digits)?),
        None => i64::try_from(number(text)?).ok(),
    }
}

/// Parses a hexadecimal number, such as `CapEff` in `status`.
pub fn hexadecimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 16 {
        return None;
    }
    text.iter().try_fold(0_u64, |value, digit| Some(value << 4 | u64::from(char::from(*digit).to_digit(16)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &str = "S 1 12 12 0 -1 4194560 101 5 102 6 103 104 7 8 20 0 3 0 987654 1000 1 18446744073709551615";
    /// From field 26 on.
    const MORE: &str = " 1 1 1 1 0 0 0 0 0 0 0 0 17 1 55 1 0 0 0";
    const RIGHT: Stat = Stat {
        state: b'S',
        minor_faults: 101,
        major_faults: 102,
        user_ticks: 103,
        system_ticks: 104,
        nice: 0,
        threads: 3,
        start_time: 987_654,
        realtime_priority: None,
    };

    #[test]
    fn stat_with_any_name() {
        for name in ["cat", "a b", "a) Z 1 (b", ")", "(", "x\n) R", ""] {
            let text = std::format!("12 ({name}) {FIELDS}\n");
            assert_eq!(stat(text.as_bytes()), Some(RIGHT), "{name:?}");
        }
        let text = [b"12 (\xff\xfe) ", FIELDS.as_bytes()].concat();
        assert_eq!(stat(&text), Some(RIGHT));
    }

    #[test]
    fn stat_with_priorities() {
        let text = std::format!("12 (cat) {FIELDS}{MORE}\n").replace(" 20 0 3 ", " 20 -19 3 ");
        let right = || Some(Stat { nice: -19, realtime_priority: Some(55), ..RIGHT });
        assert_eq!(stat(text.as_bytes()), right());
        let cut = text.find(" 55").unwrap() + 3;
        assert_eq!(stat(text.as_bytes().get(..cut).unwrap()).unwrap().realtime_priority, None, "perhaps 551");
        assert_eq!(signed(b"-"), None);
        assert_eq!(signed(b"9223372036854775808"), None);
        assert_eq!(signed(b"-9223372036854775808"), Some(i64::MIN));
    }

    #[test]
    fn stat_cut_short_is_no_result() {
        let whole = std::format!("12 (cat) {FIELDS}");
        let start_time = whole.find("987654").unwrap() + 6;
        for length in 0..=start_time + 1 {
            assert_eq!(stat(whole.as_bytes().get(..length).unwrap()), None, "{length}");
        }
    }

    proptest::proptest! {
        /// The property of the fuzz targets, for random bytes and for files cut and damaged at random.
        #[test]
        fn any_bytes_are_read_or_refused(
            random in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
            cut in 0..200_usize,
            place in 0..200_usize,
        ) {
            let whole = std::format!("12 (cat) {FIELDS}\nVmRSS:\t  12 kB\nread_bytes: 7\nMax cpu time 1 2 s\n");
            let mut damaged = whole.into_bytes();
            damaged.truncate(cut);
            if let Some(byte) = damaged.get_mut(place) {
                *byte = random.first().copied().unwrap_or(0);
            }
            for text in [random, damaged] {
                let _ = (stat(&text), statm(&text), value_of(&text, b"VmRSS").and_then(bytes), limits_row(&text, b"Max cpu time"));
                let _ = value_of(&text, b"read_bytes").and_then(number);
            }
        }
    }

    fn short_lines_of(file: &[u8], room: usize) -> std::vec::Vec<u8> {
        let mut buffer = std::vec![0; room];
        let length = short_lines(&mut buffer, |offset, rest| {
            let part = file.get(offset..).unwrap();
            rest.iter_mut().zip(part).for_each(|(place, byte)| *place = *byte);
            Ok::<_, ()>(part.len().min(rest.len()))
        });
        buffer.truncate(length.unwrap());
        buffer
    }

    #[test]
    fn long_lines_are_left_out() {
        let groups = std::format!("Groups:\t{}\n", "4294967294 ".repeat(65536));
        let file = std::format!("Name:\tcat\n{groups}VmRSS:\t12 kB\n{groups}Threads:\t1\ncut");
        assert_eq!(short_lines_of(file.as_bytes(), 4096), b"Name:\tcat\nVmRSS:\t12 kB\nThreads:\t1\n");
        assert_eq!(short_lines_of(groups.as_bytes(), 4096), b"");
        assert_eq!(short_lines_of(groups.trim_end().as_bytes(), 4096), b"");
        assert_eq!(short_lines_of(b"", 4096), b"");
        let lines = "x".repeat(99) + "\n";
        assert_eq!(short_lines_of(lines.repeat(9).as_bytes(), 450), lines.repeat(4).as_bytes(), "no half line");
        assert_eq!(short_lines_of(lines.repeat(9).as_bytes(), 0), b"");
    }

    #[test]
    fn statm_whole_and_cut() {
        assert_eq!(statm(b"2000 300 20 1 0 100 0\n"), Some(Statm { size: 2000, resident: 300 }));
        for text in [b"2000 300".as_slice(), b"2000", b"", b"a b c", b"-1 2 3", b" 2 3 4"] {
            assert_eq!(statm(text), None);
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(number(b"0"), Some(0));
        assert_eq!(number(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(number(b"18446744073709551616"), None);
        assert_eq!(number(b""), None);
        assert_eq!(number(b"-1"), None);
        assert_eq!(number(b"1x"), None);
        assert_eq!(hexadecimal(b"000001ffffffffff"), Some(0x1ff_ffff_ffff));
        assert_eq!(hexadecimal(b"ffffffffffffffff"), Some(u64::MAX));
        for text in [b"".as_slice(), b"00000000000000000", b"0x1", b"g", b"-1"] {
            assert_eq!(hexadecimal(text), None);
        }
    }

    #[test]
    fn values_by_name() {
        let text = b"flags:\t02000002\nPid:\t-1\nVmHWM:\t    1024 kB\nVmSwap:\t 0 kB\nNSpid:\t7\nVmRSS:\t 12";
        assert_eq!(value_of(text, b"Pid"), Some(b"-1".as_slice()));
        assert_eq!(value_of(text, b"NSpid"), Some(b"7".as_slice()));
        assert_eq!(value_of(text, b"pid"), None);
        assert_eq!(value_of(text, b"VmRSS"), None, "the line was cut");
        assert_eq!(value_of(text, b"VmHWM"), Some(b"1024 kB".as_slice()));
        assert_eq!(lines(text).count(), 5);
        assert_eq!(lines(b"no colon\n:\n\n").count(), 1);
        assert_eq!(bytes(b"1024 kB"), Some(1 << 20));
        assert_eq!(bytes(b"0 kB"), Some(0));
        assert_eq!(bytes(b"7"), None, "no size");
        assert_eq!(bytes(b"18446744073709551615 kB"), None, "too large");
    }

    #[test]
    fn rows_of_limits() {
        let text = b"Max cpu time              unlimited            unlimited            seconds   \n\
            Max open files            1024                 18446744073709551614 files     \n";
        assert_eq!(limits_row(text, b"Max cpu time"), Some((b"unlimited".as_slice(), b"unlimited".as_slice())));
        assert_eq!(limits_row(text, b"Max open files"), Some((b"1024".as_slice(), b"18446744073709551614".as_slice())));
        assert_eq!(limits_row(text, b"Max address space"), None);
        assert_eq!(limits_row(b"Max open files 1024", b"Max open files"), None);
    }
}
