//! What the calls take and give: one layout on every system, 32- or 64-bit, either byte order.

/// A limit: the soft one, which the kernel enforces, and the hard one, up to which the process may
/// raise the soft one by itself.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rlimit {
    /// The soft limit, in the resource's unit; RR_RLIM_INFINITY for none.
    pub rlim_cur: u64,
    /// The hard limit, in the resource's unit; RR_RLIM_INFINITY for none.
    pub rlim_max: u64,
}

/// A length of time.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeval {
    /// Whole seconds.
    pub tv_sec: i64,
    /// And microseconds, 0 to 999,999.
    pub tv_usec: i64,
}

/// What a process has used, as the system itself reports it. A field that the system does not keep
/// is zero: on Linux ru_ixrss, ru_idrss, ru_isrss, ru_nswap, ru_msgsnd, ru_msgrcv and ru_nsignals.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rusage {
    /// Processor time in user mode.
    pub ru_utime: Timeval,
    /// Processor time in the kernel.
    pub ru_stime: Timeval,
    /// Peak resident set: KiB on Linux and the BSDs, bytes on macOS, pages on Solaris. On Linux it
    /// is inherited through fork(2) and execve(2), so that it may be an ancestor's. For
    /// RR_RUSAGE_CHILDREN that of the largest descendant, not of all together.
    pub ru_maxrss: i64,
    /// Shared memory, integrated over time.
    pub ru_ixrss: i64,
    /// Unshared data, integrated over time.
    pub ru_idrss: i64,
    /// Unshared stack, integrated over time.
    pub ru_isrss: i64,
    /// Page faults served without input or output.
    pub ru_minflt: i64,
    /// Page faults that needed input or output.
    pub ru_majflt: i64,
    /// Times the process was swapped out.
    pub ru_nswap: i64,
    /// Blocks that were read from a device; of 512 bytes on Linux.
    pub ru_inblock: i64,
    /// Blocks that were written to a device; of 512 bytes on Linux.
    pub ru_oublock: i64,
    /// Messages sent.
    pub ru_msgsnd: i64,
    /// Messages received.
    pub ru_msgrcv: i64,
    /// Signals received.
    pub ru_nsignals: i64,
    /// Voluntary context switches: the process waited for something.
    pub ru_nvcsw: i64,
    /// Involuntary context switches: its time slice ended or a more urgent task came.
    pub ru_nivcsw: i64,
}

impl Timeval {
    /// From a system's own fields, whose widths vary.
    pub fn widened(seconds: impl Into<i64>, microseconds: impl Into<i64>) -> Timeval {
        Timeval { tv_sec: seconds.into(), tv_usec: microseconds.into() }
    }
}

impl Rusage {
    /// From a system's own fields; `counts` are those from `ru_maxrss` on, in this struct's order.
    pub fn widened<Long: Into<i64>>(utime: Timeval, stime: Timeval, counts: [Long; 14]) -> Rusage {
        let [
            maxrss,
            ixrss,
            idrss,
            isrss,
            minflt,
            majflt,
            nswap,
            inblock,
            oublock,
            msgsnd,
            msgrcv,
            nsignals,
            nvcsw,
            nivcsw,
        ] = counts;
        Rusage {
            ru_utime: utime,
            ru_stime: stime,
            ru_maxrss: maxrss.into(),
            ru_ixrss: ixrss.into(),
            ru_idrss: idrss.into(),
            ru_isrss: isrss.into(),
            ru_minflt: minflt.into(),
            ru_majflt: majflt.into(),
            ru_nswap: nswap.into(),
            ru_inblock: inblock.into(),
            ru_oublock: oublock.into(),
            ru_msgsnd: msgsnd.into(),
            ru_msgrcv: msgrcv.into(),
            ru_nsignals: nsignals.into(),
            ru_nvcsw: nvcsw.into(),
            ru_nivcsw: nivcsw.into(),
        }
    }

    /// The fields that are no times, from `ru_maxrss` on.
    pub fn counts(&self) -> [i64; 14] {
        [
            self.ru_maxrss,
            self.ru_ixrss,
            self.ru_idrss,
            self.ru_isrss,
            self.ru_minflt,
            self.ru_majflt,
            self.ru_nswap,
            self.ru_inblock,
            self.ru_oublock,
            self.ru_msgsnd,
            self.ru_msgrcv,
            self.ru_nsignals,
            self.ru_nvcsw,
            self.ru_nivcsw,
        ]
    }
}

/// What a wait found: the child (0 when none had changed), its status, its usage.
pub struct Waited {
    pub pid: i32,
    pub status: i32,
    pub rusage: Rusage,
}
