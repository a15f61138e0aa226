//! getrusage(2), and RUSAGE_BOTH, which kernels do not offer to programs.

use crate::catalog::{RR_RUSAGE_BOTH, RR_RUSAGE_CHILDREN, RR_RUSAGE_SELF};
use crate::errno::Result;
use crate::sys::{Host, Rusage, System, Timeval};
use core::ffi::c_int;
use core::mem::MaybeUninit;

/// Writes directly to the caller's struct, because a copy costs a tenth of the call.
pub fn getrusage(who: c_int, usage: &mut MaybeUninit<Rusage>) -> Result<()> {
    if who == RR_RUSAGE_BOTH { both(usage) } else { Host::getrusage_into(who, usage).map(drop) }
}

#[inline(never)] // for size: the others have no use for it
fn both(usage: &mut MaybeUninit<Rusage>) -> Result<()> {
    let mut own = MaybeUninit::uninit();
    let own = Host::getrusage_into(RR_RUSAGE_SELF, &mut own)?;
    Host::getrusage_into(RR_RUSAGE_CHILDREN, usage).map(|both| add(both, own))
}

/// As `getrusage` in Linux' `kernel/sys.c` does: adds everything except the peak.
fn add(both: &mut Rusage, own: &Rusage) {
    let peak = both.ru_maxrss.max(own.ru_maxrss);
    both.ru_utime = sum(own.ru_utime, both.ru_utime);
    both.ru_stime = sum(own.ru_stime, both.ru_stime);
    let counts = both.counts_mut().iter_mut().zip(own.counts());
    counts.for_each(|(count, more)| *count = count.saturating_add(*more));
    both.ru_maxrss = peak;
}

fn sum(a: Timeval, b: Timeval) -> Timeval {
    const SECOND: i64 = 1_000_000;
    let microseconds = a.tv_usec.saturating_add(b.tv_usec);
    let carry = microseconds >= SECOND;
    Timeval {
        tv_sec: a.tv_sec.saturating_add(b.tv_sec).saturating_add(i64::from(carry)),
        tv_usec: if carry { microseconds.saturating_sub(SECOND) } else { microseconds },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microseconds_carry_into_seconds() {
        let time = |tv_sec, tv_usec| Timeval { tv_sec, tv_usec };
        assert_eq!(sum(time(1, 600_000), time(2, 399_999)), time(3, 999_999));
        assert_eq!(sum(time(1, 600_000), time(2, 400_000)), time(4, 0));
        assert_eq!(sum(time(0, 999_999), time(0, 999_999)), time(1, 999_998));
    }

    #[test]
    fn both_adds_counts_and_takes_the_larger_peak() {
        let own = Rusage { ru_maxrss: 10, ru_minflt: 1, ru_nivcsw: i64::MAX, ..Rusage::default() };
        let children = Rusage { ru_maxrss: 7, ru_minflt: 2, ru_nivcsw: 1, ..Rusage::default() };
        let together = |mut both, own| {
            add(&mut both, &own);
            both
        };
        let both = together(children, own);
        assert_eq!((both.ru_maxrss, both.ru_minflt, both.ru_nivcsw), (10, 3, i64::MAX));
        assert_eq!(together(own, children).ru_maxrss, 10);
    }
}
