//! Parsing: one value for both limits, or `soft:hard`, of which one may be missing.

use super::{Form, PREFIXES, soft_is_above_hard};
use crate::catalog::RR_RLIM_INFINITY;
use crate::decimal;
use crate::errno::{Errno, Result};
use crate::strings::{Strings, is_in_any_case as is};
use crate::sys::{Rlimit, SECOND as NANOSECONDS};
use core::ffi::c_int;

/// `None` is a number that is too large: that is ERANGE, if the rest of the text is valid.
type Number = Option<u64>;

/// The limits that `text` specifies. `present`: the current limits, which a text may leave unchanged.
pub fn parse(resource: c_int, text: &[u8], present: Rlimit) -> Result<Rlimit> {
    let form = Form::of(resource)?;
    let value = |text| value(form, text, present.rlim_max);
    let (soft, hard) = match split_once(text, b':') {
        None => {
            let both = value(text)?;
            (both, both)
        }
        Some((b"", b"")) => return Err(Errno::EINVAL),
        Some((soft, b"")) => (value(soft)?, Some(present.rlim_max)),
        Some((b"", hard)) => (Some(present.rlim_cur), value(hard)?),
        Some((soft, hard)) => (value(soft)?, value(hard)?),
    };
    let limits = Rlimit { rlim_cur: soft.ok_or(Errno::ERANGE)?, rlim_max: hard.ok_or(Errno::ERANGE)? };
    if soft_is_above_hard(limits) { Err(Errno::EINVAL) } else { Ok(limits) }
}

fn value(form: Form, text: &[u8], hard: u64) -> Result<Number> {
    if is(text, b"unlimited") || is(text, b"infinity") {
        return Ok(Some(RR_RLIM_INFINITY));
    }
    if is(text, b"hard") {
        return Ok(Some(hard));
    }
    // Some programs print infinity as a number; -1 is a nice level too.
    if !matches!(form, Form::Nice) && (text == b"-1" || decimal::number(text) == Some(RR_RLIM_INFINITY)) {
        return Ok(Some(RR_RLIM_INFINITY));
    }
    let number = match form {
        Form::Seconds => duration(text, NANOSECONDS)?.and_then(Span::seconds_rounded_up),
        Form::Microseconds => duration(text, 1_000)?.and_then(Span::in_microseconds),
        Form::Nice => nice(text)?,
        Form::Bytes | Form::Count | Form::Priority => multiple(form, text)?,
    };
    // A finite number never becomes infinity.
    Ok(number.filter(|number| *number < RR_RLIM_INFINITY))
}

/// A number with a power of 1024, if the form has them.
fn multiple(form: Form, text: &[u8]) -> Result<Number> {
    let (decimal, suffix) = Decimal::first(text)?;
    match decimal.times(power(form, suffix)?) {
        (number, true) => Ok(number),
        (_, false) => Err(Errno::EINVAL),
    }
}

fn power(form: Form, suffix: &[u8]) -> Result<u64> {
    let is_plain = suffix.is_empty() || matches!(form, Form::Bytes) && is(suffix, b"B");
    if is_plain {
        return Ok(1);
    }
    let (letter, rest) = suffix.split_first().ok_or(Errno::EINVAL)?;
    let place = PREFIXES.iter().position(|prefix| prefix.eq_ignore_ascii_case(letter)).ok_or(Errno::EINVAL)?;
    let is_right = match form {
        Form::Bytes => [b"".as_slice(), b"B", b"iB"].iter().any(|end| is(rest, end)),
        Form::Count => rest.is_empty() && place < 3,
        _ => false,
    };
    if is_right { Ok(1 << (10 * (place + 1))) } else { Err(Errno::EINVAL) }
}

/// With a sign it is a nice level, from -20 to 19; without one it is the limit itself, as in systemd.
fn nice(text: &[u8]) -> Result<Number> {
    match text.split_first() {
        Some((b'+', level)) => Ok(multiple(Form::Nice, level)?.filter(|level| *level <= 19).map(|level| 20 - level)),
        Some((b'-', level)) => Ok(multiple(Form::Nice, level)?.filter(|level| *level <= 20).map(|level| 20 + level)),
        _ => multiple(Form::Nice, text),
    }
}

/// In microseconds.
const SECOND: u64 = 1_000_000;

/// A unit in nanoseconds; `None` for another word. `m` is refused, because it means minutes in some programs and
/// months in others.
fn time_of(word: &[u8]) -> Option<u64> {
    let place = { UNITS }.position(|unit| is(word, unit.to_bytes()))?;
    TIMES.get(place).copied()
}

const UNITS: Strings = Strings::of(b"ns\0us\0ms\0s\0min\0h\0d\0");
static TIMES: [u64; 7] =
    [1, 1_000, 1_000_000, NANOSECONDS, 60 * NANOSECONDS, 3_600 * NANOSECONDS, 86_400 * NANOSECONDS];

/// Each number of a duration with its unit in nanoseconds: one number without a unit, or any with units.
struct Terms<'a> {
    rest: &'a [u8],
    is_begun: bool,
}

impl<'a> Terms<'a> {
    fn of(text: &'a [u8]) -> Terms<'a> {
        Terms { rest: text, is_begun: false }
    }

    /// `bare`: the unit of a number without one. `None` after the last term.
    #[inline(never)] // for size: it has two callers
    fn next(&mut self, bare: u64) -> Result<Option<(Decimal<'a>, u64)>> {
        if self.is_begun && self.rest.is_empty() {
            return Ok(None);
        }
        let (decimal, rest) = Decimal::first(self.rest)?;
        let (name, rest) = split_where(rest, |byte| !byte.is_ascii_alphabetic());
        let is_bare = !self.is_begun && name.is_empty() && rest.is_empty();
        let unit = if is_bare { bare } else { time_of(name).ok_or(Errno::EINVAL)? };
        *self = Terms { rest, is_begun: true };
        Ok(Some((decimal, unit)))
    }
}

/// The duration of a limit in the unit `bare`, in whole microseconds, so that nanoseconds are refused.
fn duration(text: &[u8], bare: u64) -> Result<Option<Span>> {
    let mut total = Some(Span { seconds: 0, microseconds: 0 });
    let mut terms = Terms::of(text);
    while let Some((decimal, unit)) = terms.next(bare)? {
        let microseconds = unit.checked_div(1_000).filter(|time| *time > 0).ok_or(Errno::EINVAL)?;
        let span = decimal.span(microseconds);
        total = total.and_then(|total| total.plus(span?));
    }
    Ok(total)
}

/// The nanoseconds of a duration; a number without a unit is in seconds. Each number is rounded up.
pub fn nanoseconds(text: &[u8]) -> Result<u64> {
    let mut total = Some(0_u64);
    let mut terms = Terms::of(text);
    while let Some((decimal, unit)) = terms.next(NANOSECONDS)? {
        let (floor, is_exact) = decimal.times(unit);
        let amount = floor.and_then(|floor| floor.checked_add(u64::from(!is_exact)));
        total = total.and_then(|total| total.checked_add(amount?));
    }
    total.ok_or(Errno::ERANGE)
}

/// In two parts: 64 bits are enough for all seconds, or for all microseconds, but not for all seconds in microseconds.
#[derive(Clone, Copy)]
struct Span {
    seconds: u64,
    /// Below a second.
    microseconds: u64,
}

impl Span {
    fn plus(self, other: Span) -> Option<Span> {
        let microseconds = self.microseconds + other.microseconds;
        let seconds = self.seconds.checked_add(other.seconds)?.checked_add(microseconds / SECOND)?;
        Some(Span { seconds, microseconds: microseconds % SECOND })
    }

    fn seconds_rounded_up(self) -> Number {
        self.seconds.checked_add(u64::from(self.microseconds > 0))
    }

    fn in_microseconds(self) -> Number {
        self.seconds.checked_mul(SECOND)?.checked_add(self.microseconds)
    }
}

/// A decimal number: digits, and a point only between digits.
struct Decimal<'a> {
    whole: Number,
    fraction: &'a [u8],
}

impl Decimal<'_> {
    /// The number at the beginning of a text, and the rest of the text.
    #[inline(never)] // for size: it has three callers
    fn first(text: &[u8]) -> Result<(Decimal<'_>, &[u8])> {
        let (digits, rest) = split_where(text, |byte| !byte.is_ascii_digit());
        if digits.is_empty() {
            return Err(Errno::EINVAL);
        }
        let whole = decimal::number(digits);
        let Some(rest) = rest.strip_prefix(b".") else {
            return Ok((Decimal { whole, fraction: b"" }, rest));
        };
        let (fraction, rest) = split_where(rest, |byte| !byte.is_ascii_digit());
        if fraction.is_empty() { Err(Errno::EINVAL) } else { Ok((Decimal { whole, fraction }, rest)) }
    }

    /// The product with a unit, rounded down, and whether it is exact.
    fn times(&self, unit: u64) -> (Number, bool) {
        let (part, is_exact) = self.part_of(unit);
        (self.whole.and_then(|whole| whole.checked_mul(unit)?.checked_add(part)), is_exact)
    }

    /// The product with a time in microseconds, rounded up to the microsecond.
    fn span(&self, time: u64) -> Option<Span> {
        let whole = self.whole?;
        let (part, is_exact) = self.part_of(time);
        // A million times `time` is `time` seconds. The rest is below 10^17.
        let below = whole % SECOND * time + part + u64::from(!is_exact);
        let above = Span { seconds: (whole / SECOND).checked_mul(time)?, microseconds: 0 };
        above.plus(Span { seconds: below / SECOND, microseconds: below % SECOND })
    }

    /// The fraction of a unit of at most 2^60, from the last digit to the first: each sum is below ten units, and if
    /// the whole is exact, so is each step.
    fn part_of(&self, unit: u64) -> (u64, bool) {
        self.fraction.iter().rev().fold((0, true), |(part, is_exact), byte| {
            let sum = digit(*byte) * unit + part;
            (sum / 10, is_exact && sum % 10 == 0)
        })
    }
}

fn digit(byte: u8) -> u64 {
    u64::from(byte.wrapping_sub(b'0'))
}

/// Splits a text at the first byte for which `ends` holds.
fn split_where(text: &[u8], ends: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    let length = text.iter().position(ends).unwrap_or(text.len());
    text.split_at_checked(length).unwrap_or((text, b""))
}

fn split_once(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let place = text.iter().position(|byte| *byte == separator)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}
