//! Properties that hold for every input; the documented forms, one by one, are in `c_tests/text.c`.

use super::{RR_RLIMIT_TEXT_SIZE, counted, format, nanoseconds, parse};
use crate::catalog::{self, RR_RLIM_INFINITY, RR_UNIT_MICROSECONDS};
use crate::errno::{Errno, Result};
use crate::sys::Rlimit;
use core::ffi::c_int;
use proptest::prelude::*;
use std::string::String;

const PRESENT: Rlimit = Rlimit { rlim_cur: 3, rlim_max: 5 };

fn id(name: &core::ffi::CStr) -> c_int {
    catalog::by_name(name).expect("a resource of this system").id
}

fn written(resource: c_int, limits: Rlimit) -> String {
    let text = format(resource, limits).expect("soft is not above hard");
    let bytes = text.with_nul().expect("it fits").strip_suffix(b"\0").expect("NUL ends it");
    String::from_utf8(bytes.to_vec()).expect("ASCII")
}

fn both(resource: c_int, text: &str) -> Result<u64> {
    parse(resource, text.as_bytes(), PRESENT).map(|limits| limits.rlim_max)
}

fn resources() -> impl Strategy<Value = c_int> {
    0..catalog::RESOURCE_COUNT as c_int
}

/// As many small numbers as large ones, and those around each power of two, of 1024 and of a minute.
fn values() -> impl Strategy<Value = u64> {
    let near =
        (any::<u64>(), 0_u32..64).prop_map(|(offset, bits)| (1_u64 << bits).wrapping_add(offset % 5).wrapping_sub(2));
    let of_any_size = (any::<u64>(), 0_u32..64).prop_map(|(value, bits)| value >> bits);
    let round = (any::<u64>(), 0_u32..64, prop::sample::select(std::vec![1024, 60, 1000, 1 << 20, 86_400]))
        .prop_map(|(value, bits, step)| (value >> bits).wrapping_mul(step));
    let values = prop_oneof![near, of_any_size, round, Just(RR_RLIM_INFINITY), Just(RR_RLIM_INFINITY - 1)];
    values.prop_map(counted)
}

fn limits() -> impl Strategy<Value = Rlimit> {
    (values(), values()).prop_map(|(one, other)| Rlimit { rlim_cur: one.min(other), rlim_max: one.max(other) })
}

/// Pieces of valid texts in any order: many more of these are almost valid than of random bytes.
fn nearly_right() -> impl Strategy<Value = String> {
    let pieces = [
        "0",
        "1",
        "5",
        "9",
        "60",
        "1024",
        "18446744073709551615",
        "18446744073709551616",
        ".",
        ":",
        "-",
        "+",
        "-1",
        "K",
        "m",
        "M",
        "GiB",
        "E",
        "B",
        "us",
        "ms",
        "s",
        "min",
        "h",
        "d",
        "unlimited",
        "Infinity",
        "hard",
        " ",
        "\u{fc}",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..8).prop_map(|pieces| pieces.concat())
}

fn reads_well(resource: c_int, text: &[u8]) {
    match parse(resource, text, PRESENT) {
        Ok(limits) => {
            assert!(limits.rlim_cur <= limits.rlim_max);
            assert_eq!(parse(resource, written(resource, limits).as_bytes(), PRESENT), Ok(limits));
        }
        Err(error) => assert!(matches!(error, Errno::EINVAL | Errno::ERANGE)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(resource in resources(), limits in limits()) {
        let text = written(resource, limits);
        prop_assert!(text.len() < RR_RLIMIT_TEXT_SIZE);
        prop_assert_eq!(parse(resource, text.as_bytes(), PRESENT), Ok(limits), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(resource in resources(), text in nearly_right()) {
        reads_well(resource, text.as_bytes());
    }

    #[test]
    fn any_bytes_are_read_or_refused(resource in resources(), text in prop::collection::vec(any::<u8>(), 0..40)) {
        reads_well(resource, &text);
    }

    /// Compared with the same sum in 128 bits, for fractions of up to twelve digits.
    #[test]
    fn a_duration_is_the_sum_of_its_numbers_rounded_up(
        terms in prop::collection::vec((0_u64..30_000_000_000, 0_u64..1_000_000_000_000, 0_usize..7), 1..4),
    ) {
        const UNITS: [(&str, u128); 7] = [
            ("ns", 1),
            ("us", 1_000),
            ("ms", 1_000_000),
            ("s", 1_000_000_000),
            ("min", 60_000_000_000),
            ("h", 3_600_000_000_000),
            ("d", 86_400_000_000_000),
        ];
        let (mut text, mut expected) = (String::new(), 0_u128);
        for (whole, fraction, unit) in terms {
            let (name, unit) = UNITS.get(unit).copied().expect("one of seven");
            text += &std::format!("{whole}.{fraction:012}{name}");
            expected += (u128::from(whole) * unit) + (u128::from(fraction) * unit).div_ceil(1_000_000_000_000);
        }
        let expected = u64::try_from(expected).map_err(|_| Errno::ERANGE);
        prop_assert_eq!(nanoseconds(text.as_bytes()), expected, "{}", text);
    }

    /// Compared with the same product in 128 bits.
    #[test]
    fn a_fraction_of_bytes_is_exact_or_refused(
        whole in 0_u64..20_000,
        digits in prop_oneof![0_u64..1000, 0_u64..1_000_000_000, (0_u64..1 << 10).prop_map(|part| part * 9_765_625)],
        places in 1_u32..12,
        (power, suffix) in prop::sample::select(std::vec![(0, ""), (1, "K"), (2, "M"), (3, "G"), (4, "T"), (5, "P"), (6, "E")]),
    ) {
        let digits = digits % 10_u64.pow(places);
        let text = std::format!("{whole}.{digits:0width$}{suffix}", width = places as usize);
        let scale = 10_u128.pow(places);
        let product = (u128::from(whole) * scale + u128::from(digits)) << (10 * power);
        let expected = match u64::try_from(product / scale) {
            _ if product % scale != 0 => Err(Errno::EINVAL),
            Ok(number) if number < RR_RLIM_INFINITY => Ok(number),
            _ => Err(Errno::ERANGE),
        };
        prop_assert_eq!(both(id(c"FSIZE"), &text), expected, "{}", text);
    }

    /// Seconds rounded up from the sum of the parts.
    #[test]
    fn durations_add_up(days in 0_u64..1000, minutes in 0_u64..1000, seconds in 0_u64..1000, milliseconds in 0_u64..10_000) {
        let text = std::format!("{days}d{seconds}s{minutes}min{milliseconds}ms");
        let expected = days * 86_400 + minutes * 60 + seconds + milliseconds.div_ceil(1000);
        prop_assert_eq!(both(id(c"CPU"), &text), Ok(expected), "{}", text);
    }
}

#[test]
fn the_size_is_the_smallest_that_suffices() {
    const DAY: u64 = 86_400_000_000;
    // The most digits in each part: no larger number of days has room for 23h59min59s999ms999us.
    let longest = u64::MAX / DAY * DAY - 1;
    let times = (0..catalog::RESOURCE_COUNT as c_int)
        .find(|resource| catalog::by_id(*resource).is_ok_and(|resource| resource.unit == RR_UNIT_MICROSECONDS));
    if let Some(resource) = times {
        let text = written(resource, Rlimit { rlim_cur: longest - DAY, rlim_max: longest });
        assert_eq!(text, "213503980d23h59min59s999ms999us:213503981d23h59min59s999ms999us");
        assert_eq!(text.len() + 1, RR_RLIMIT_TEXT_SIZE);
    }
    // The longest half. Bytes and plain numbers: 20 digits. Seconds: 15 digits of days and 23h59min59s. Microseconds:
    // nine digits of days, for there are no more in 64 bits.
    let half = RR_RLIMIT_TEXT_SIZE / 2 - 1;
    assert_eq!(std::format!("{}d23h59min59s999ms999us", u64::MAX / DAY).len(), half);
    assert!(std::format!("{}d23h59min59s", u64::MAX / 86_400).len() <= half);
    assert!(std::format!("{}", u64::MAX).len() <= half && "unlimited".len() <= half);
}
