//! What the calls take and give: one layout on every system, 32- or 64-bit, either byte order.

pub use crate::abi::rlimit::Rlimit;
pub use crate::abi::rusage::{Rusage, Timeval};
pub use crate::abi::usage::*;

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

impl Usage {
    /// The fields in the struct's order; those of groups that are not known have to be zero.
    pub fn of(known: u64, values: [u64; 16]) -> Usage {
        let [
            cpu_ns,
            user_ns,
            system_ns,
            wall_ns,
            rss_bytes,
            peak_rss_bytes,
            virtual_bytes,
            swap_bytes,
            minor_faults,
            major_faults,
            read_bytes,
            written_bytes,
            voluntary_switches,
            involuntary_switches,
            threads,
            open_files,
        ] = values;
        Usage {
            known,
            cpu_ns,
            user_ns,
            system_ns,
            wall_ns,
            rss_bytes,
            peak_rss_bytes,
            virtual_bytes,
            swap_bytes,
            minor_faults,
            major_faults,
            read_bytes,
            written_bytes,
            voluntary_switches,
            involuntary_switches,
            threads,
            open_files,
            reserved: [0; 15],
        }
    }

    /// The fields in the struct's order, `known` apart.
    pub fn values(&self) -> [u64; 16] {
        [
            self.cpu_ns,
            self.user_ns,
            self.system_ns,
            self.wall_ns,
            self.rss_bytes,
            self.peak_rss_bytes,
            self.virtual_bytes,
            self.swap_bytes,
            self.minor_faults,
            self.major_faults,
            self.read_bytes,
            self.written_bytes,
            self.voluntary_switches,
            self.involuntary_switches,
            self.threads,
            self.open_files,
        ]
    }
}

/// What a wait found: the child (0 when none had changed), its status, its usage.
pub struct Waited {
    pub pid: i32,
    pub status: i32,
    pub rusage: Rusage,
}
