//! Formatting: the shortest form that is exact.

use super::{Form, PREFIXES, RR_RLIMIT_TEXT_SIZE, counted, soft_is_above_hard};
use crate::catalog::RR_RLIM_INFINITY;
use crate::decimal::digits;
use crate::errno::{Errno, Result};
use crate::sys::Rlimit;
use core::ffi::c_int;

/// Text that ends in NUL: the bytes past its end are zero from the start.
pub struct Text {
    bytes: [u8; RR_RLIMIT_TEXT_SIZE],
    length: usize,
}

/// One value where both halves are the same, else `soft:hard`.
pub fn format(resource: c_int, limits: Rlimit) -> Result<Text> {
    let form = Form::of(resource)?;
    if soft_is_above_hard(limits) {
        return Err(Errno::EINVAL);
    }
    let mut text = Text { bytes: [0; RR_RLIMIT_TEXT_SIZE], length: 0 };
    let (soft, hard) = (counted(limits.rlim_cur), counted(limits.rlim_max));
    text.value(form, soft);
    if soft != hard {
        text.push(b":");
        text.value(form, hard);
    }
    Ok(text)
}

impl Text {
    /// `None` if it is longer than RR_RLIMIT_TEXT_SIZE, which does not happen.
    pub fn with_nul(&self) -> Option<&[u8]> {
        self.bytes.get(..self.length + 1)
    }

    fn value(&mut self, form: Form, value: u64) {
        match form {
            _ if value == RR_RLIM_INFINITY => self.push(b"unlimited"),
            _ if value == 0 => self.push(b"0"),
            Form::Bytes => self.bytes(value),
            Form::Seconds => self.duration(value, 0),
            Form::Microseconds => self.duration(value / 1_000_000, value % 1_000_000),
            Form::Count | Form::Priority | Form::Nice => self.number(value),
        }
    }

    /// With the largest power of 1024 that divides it.
    fn bytes(&mut self, value: u64) {
        let mut number = value;
        let mut suffix: &[u8] = b"";
        for prefix in PREFIXES.chunks(1) {
            if number % 1024 != 0 {
                break;
            }
            number /= 1024;
            suffix = prefix;
        }
        self.number(number);
        self.push(suffix);
    }

    /// Units with a count of zero are left out.
    fn duration(&mut self, seconds: u64, microseconds: u64) {
        let parts: [(u64, &[u8]); 6] = [
            (seconds / 86_400, b"d"),
            (seconds / 3_600 % 24, b"h"),
            (seconds / 60 % 60, b"min"),
            (seconds % 60, b"s"),
            (microseconds / 1_000, b"ms"),
            (microseconds % 1_000, b"us"),
        ];
        for (number, unit) in parts.into_iter().filter(|(number, _)| *number > 0) {
            self.number(number);
            self.push(unit);
        }
    }

    #[inline(never)] // for size, as `push`
    fn number(&mut self, number: u64) {
        self.push(digits(number, &mut [0; 20]));
    }

    #[inline(never)] // for size: it has six callers
    fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(place) = self.bytes.get_mut(self.length) {
                *place = *byte;
                self.length += 1;
            }
        }
    }
}
