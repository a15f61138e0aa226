//! The fields of `rr_rusage` and `rr_usage` as arrays, for code that handles all of them in the same way.

use crate::abi::rusage::{Rusage, Timeval};
use crate::abi::usage::Usage;
use core::mem::offset_of;

/// The fields after the times, from `ru_maxrss` on.
type Counts = [i64; 14];
const _: () = assert!(offset_of!(Rusage, ru_maxrss) + size_of::<Counts>() == size_of::<Rusage>());
const _: () = assert!(offset_of!(Rusage, ru_nivcsw) + size_of::<i64>() == size_of::<Rusage>());

/// The fields between `known` and `reserved`.
type Values = [u64; 16];
const _: () = assert!(offset_of!(Usage, cpu_ns) + size_of::<Values>() == offset_of!(Usage, reserved));

impl Timeval {
    /// From a system's own fields, whose widths vary.
    pub fn widened(seconds: impl Into<i64>, microseconds: impl Into<i64>) -> Timeval {
        Timeval { tv_sec: seconds.into(), tv_usec: microseconds.into() }
    }
}

impl Rusage {
    /// From a system's own fields; `counts` are those from `ru_maxrss` on, in this struct's order.
    pub fn widened<Long: Into<i64>>(utime: Timeval, stime: Timeval, counts: [Long; 14]) -> Rusage {
        let mut rusage = Rusage { ru_utime: utime, ru_stime: stime, ..Rusage::default() };
        rusage.counts_mut().iter_mut().zip(counts).for_each(|(field, count)| *field = count.into());
        rusage
    }

    pub fn counts(&self) -> &Counts {
        // SAFETY: #[repr(C)] with that many fields of this type from there to its end, which the assertions above
        // compute, and borrowed as long as the whole.
        unsafe { &*(&raw const *self).byte_add(offset_of!(Rusage, ru_maxrss)).cast() }
    }

    pub fn counts_mut(&mut self) -> &mut Counts {
        // SAFETY: as above, and not borrowed elsewhere.
        unsafe { &mut *(&raw mut *self).byte_add(offset_of!(Rusage, ru_maxrss)).cast() }
    }
}

impl Usage {
    pub fn values(&self) -> &Values {
        // SAFETY: #[repr(C)] with that many fields of this type between the two, which the assertion above computes,
        // and borrowed as long as the whole.
        unsafe { &*(&raw const *self).byte_add(offset_of!(Usage, cpu_ns)).cast() }
    }

    pub fn values_mut(&mut self) -> &mut Values {
        // SAFETY: as above, and not borrowed elsewhere.
        unsafe { &mut *(&raw mut *self).byte_add(offset_of!(Usage, cpu_ns)).cast() }
    }
}
