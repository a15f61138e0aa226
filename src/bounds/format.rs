//! A bound as one line for a log.

use crate::abi::bound::{
    Bound, RR_BOUND_ADDRESS_SPACE, RR_BOUND_CGROUP_V1, RR_BOUND_CPU, RR_BOUND_FILES, RR_BOUND_MEMORY,
    RR_BOUND_MEMORY_AND_SWAP, RR_BOUND_PARTIAL, RR_BOUND_SWAP, RR_BOUND_TASKS, RR_BOUND_TEXT_SIZE, RR_BOUND_USED_KNOWN,
    RR_SOURCE_AFFINITY, RR_SOURCE_CGROUP, RR_SOURCE_CGROUP_HIGH, RR_SOURCE_CPUSET, RR_SOURCE_MACHINE, RR_SOURCE_RLIMIT,
    RR_SOURCE_SYSCTL, RR_SYSCTL_COMMIT, RR_SYSCTL_FILE_MAX, RR_SYSCTL_MAXFILES, RR_SYSCTL_MAXFILESPERPROC,
    RR_SYSCTL_MAXPROC, RR_SYSCTL_NR_OPEN, RR_SYSCTL_PID_MAX, RR_SYSCTL_THREADS_MAX,
};
use crate::catalog::{self, RR_RLIM_INFINITY};
use crate::decimal::digits;
use crate::errno::{Errno, Result};
use core::ffi::c_int;

/// Text that ends in NUL: the bytes past its end are zero from the start.
pub struct Text {
    bytes: [u8; RR_BOUND_TEXT_SIZE],
    length: usize,
}

/// `memory: 100 MiB (memory.max, control group 2 levels up), 39 MiB left`.
pub fn format(bound: &Bound, kind: c_int) -> Result<Text> {
    if bound.reserved0 != 0 || bound.reserved != [0; 4] {
        return Err(Errno::EINVAL);
    }
    let mut text = Text { bytes: [0; RR_BOUND_TEXT_SIZE], length: 0 };
    text.push(name_of(kind)?);
    text.push(b": ");
    text.amount(bound.limit, kind);
    text.push(b" (");
    text.source(bound, kind)?;
    if bound.flags & RR_BOUND_ADDRESS_SPACE != 0 {
        text.push(b", address space");
    }
    if bound.flags & RR_BOUND_MEMORY_AND_SWAP != 0 {
        text.push(b", memory and swap");
    }
    text.push(b")");
    if bound.flags & RR_BOUND_USED_KNOWN != 0 {
        text.push(b", ");
        text.amount(bound.room, kind);
        text.push(b" left");
    }
    if bound.flags & RR_BOUND_PARTIAL != 0 {
        text.push(b"; other control groups are hidden");
    }
    Ok(text)
}

fn name_of(kind: c_int) -> Result<&'static [u8]> {
    Ok(match kind {
        RR_BOUND_MEMORY => b"memory",
        RR_BOUND_SWAP => b"swap",
        RR_BOUND_CPU => b"processors",
        RR_BOUND_TASKS => b"tasks",
        RR_BOUND_FILES => b"open files",
        _ => return Err(Errno::EINVAL),
    })
}

fn file_of_group(kind: c_int, is_v1: bool) -> &'static [u8] {
    match (kind, is_v1) {
        (RR_BOUND_MEMORY, false) => b"memory.max",
        (RR_BOUND_MEMORY, true) => b"memory.limit_in_bytes",
        (RR_BOUND_SWAP, false) => b"memory.swap.max",
        (RR_BOUND_SWAP, true) => b"memory.memsw.limit_in_bytes",
        (RR_BOUND_CPU, false) => b"cpu.max",
        (RR_BOUND_CPU, true) => b"cpu.cfs_quota_us",
        _ => b"pids.max",
    }
}

fn setting(detail: i32) -> Result<&'static [u8]> {
    Ok(match detail {
        RR_SYSCTL_PID_MAX => b"kernel.pid_max",
        RR_SYSCTL_THREADS_MAX => b"kernel.threads-max",
        RR_SYSCTL_FILE_MAX => b"fs.file-max",
        RR_SYSCTL_NR_OPEN => b"fs.nr_open",
        RR_SYSCTL_COMMIT => b"commit limit",
        RR_SYSCTL_MAXPROC => b"kern.maxproc",
        RR_SYSCTL_MAXFILES => b"kern.maxfiles",
        RR_SYSCTL_MAXFILESPERPROC => b"kern.maxfilesperproc",
        _ => return Err(Errno::EINVAL),
    })
}

impl Text {
    /// `None` if it is longer than RR_BOUND_TEXT_SIZE, which does not happen.
    pub fn with_nul(&self) -> Option<&[u8]> {
        self.bytes.get(..self.length + 1)
    }

    fn source(&mut self, bound: &Bound, kind: c_int) -> Result<()> {
        match bound.source {
            RR_SOURCE_RLIMIT => {
                self.push(b"RLIMIT_");
                self.push(catalog::name(bound.detail).ok_or(Errno::EINVAL)?.to_bytes());
            }
            RR_SOURCE_CGROUP => {
                self.push(file_of_group(kind, bound.flags & RR_BOUND_CGROUP_V1 != 0));
                self.level(bound.detail);
            }
            RR_SOURCE_CGROUP_HIGH => {
                self.push(b"memory.high");
                self.level(bound.detail);
            }
            RR_SOURCE_AFFINITY => self.push(b"affinity mask"),
            RR_SOURCE_CPUSET => {
                self.push(b"cpuset");
                self.level(bound.detail);
            }
            RR_SOURCE_MACHINE => self.push(b"machine"),
            RR_SOURCE_SYSCTL => self.push(setting(bound.detail)?),
            _ => return Err(Errno::EINVAL),
        }
        Ok(())
    }

    fn level(&mut self, level: i32) {
        match level {
            ..0 => self.push(b", hidden control group"),
            0 => self.push(b", own control group"),
            1 => self.push(b", control group 1 level up"),
            2.. => {
                self.push(b", control group ");
                self.number(level as u64);
                self.push(b" levels up");
            }
        }
    }

    fn amount(&mut self, value: u64, kind: c_int) {
        match kind {
            _ if value == RR_RLIM_INFINITY => self.push(b"unlimited"),
            RR_BOUND_MEMORY | RR_BOUND_SWAP => self.bytes(value),
            RR_BOUND_CPU => {
                self.number(value / 1_000_000_000);
                self.fraction((value % 1_000_000_000) as u32, 100_000_000);
            }
            _ => self.number(value),
        }
    }

    /// At least three digits, rounded down, so that no more is reported than there is.
    fn bytes(&mut self, value: u64) {
        const UNITS: &[u8] = b"KMGTPE";
        let unit = (value.checked_ilog2().unwrap_or(0) / 10) as usize;
        let (whole, rest) = (value >> (10 * unit), value & ((1 << (10 * unit)) - 1));
        self.number(whole);
        if whole < 100 {
            self.fraction(((rest >> (10 * unit).saturating_sub(10)) * 10 / 1024) as u32, 1);
        }
        self.push(b" ");
        self.push(unit.checked_sub(1).and_then(|unit| UNITS.get(unit..=unit)).unwrap_or_default());
        self.push(if unit > 0 { b"iB" } else { b"bytes" });
    }

    /// The digits after the point, without trailing zeros. `place`: the value of the first digit.
    fn fraction(&mut self, value: u32, place: u32) {
        let (mut rest, mut place) = (value, place);
        if rest > 0 {
            self.push(b".");
        }
        while rest > 0 {
            self.number(u64::from(rest.checked_div(place).unwrap_or(0)));
            rest = rest.checked_rem(place).unwrap_or(0);
            place /= 10;
        }
    }

    #[inline(never)] // for size, as `push`
    fn number(&mut self, number: u64) {
        self.push(digits(number, &mut [0; 20]));
    }

    #[inline(never)] // for size: it has many callers
    fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(place) = self.bytes.get_mut(self.length) {
                *place = *byte;
                self.length += 1;
            }
        }
    }
}
