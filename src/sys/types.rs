//! What the calls take and give: one layout on every system, 32- or 64-bit, either byte order.

use crate::catalog::{Constant, constants};

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

/// The group cpu_ns of rr_usage.
pub const RR_USAGE_CPU: u64 = 0x1;
/// The group user_ns and system_ns of rr_usage.
pub const RR_USAGE_TIMES: u64 = 0x2;
/// The group wall_ns of rr_usage.
pub const RR_USAGE_WALL: u64 = 0x4;
/// The group rss_bytes of rr_usage.
pub const RR_USAGE_RSS: u64 = 0x8;
/// The group peak_rss_bytes of rr_usage.
pub const RR_USAGE_PEAK_RSS: u64 = 0x10;
/// The group virtual_bytes of rr_usage.
pub const RR_USAGE_VIRTUAL: u64 = 0x20;
/// The group swap_bytes of rr_usage.
pub const RR_USAGE_SWAP: u64 = 0x40;
/// The group minor_faults and major_faults of rr_usage.
pub const RR_USAGE_FAULTS: u64 = 0x80;
/// The group read_bytes and written_bytes of rr_usage.
pub const RR_USAGE_IO: u64 = 0x100;
/// The group voluntary_switches and involuntary_switches of rr_usage.
pub const RR_USAGE_SWITCHES: u64 = 0x200;
/// The group threads of rr_usage.
pub const RR_USAGE_THREADS: u64 = 0x400;
/// The group open_files of rr_usage.
pub const RR_USAGE_OPEN_FILES: u64 = 0x800;
/// Every group of rr_usage that there is in this version.
pub const RR_USAGE_ALL: u64 = 0xFFF;
/// Beside RR_USAGE_PEAK_RSS in rr_usage.known: peak_rss_bytes is an upper bound, for the record may
/// be that of the program that the process was before execve(2), or of an ancestor. No group.
pub const RR_USAGE_PEAK_IS_BOUND: u64 = 0x1_0000_0000;

pub const USAGE_CONSTANTS: &[Constant] = constants![
    RR_USAGE_CPU,
    RR_USAGE_TIMES,
    RR_USAGE_WALL,
    RR_USAGE_RSS,
    RR_USAGE_PEAK_RSS,
    RR_USAGE_VIRTUAL,
    RR_USAGE_SWAP,
    RR_USAGE_FAULTS,
    RR_USAGE_IO,
    RR_USAGE_SWITCHES,
    RR_USAGE_THREADS,
    RR_USAGE_OPEN_FILES,
    RR_USAGE_ALL,
    RR_USAGE_PEAK_IS_BOUND,
];

/// What a process has used: nanoseconds, bytes and counts, the same for the caller, another process
/// and a child that has ended. A group of fields whose bit is missing in `known` is not known, and
/// zero.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// RR_USAGE_... of the groups that are known. Ignore bits that you do not know.
    pub known: u64,
    /// Processor time of all its threads, ended ones too, in user mode and in the kernel.
    pub cpu_ns: u64,
    /// Processor time in user mode; of another process on Linux in steps of 10 ms.
    pub user_ns: u64,
    /// Processor time in the kernel; of another process on Linux in steps of 10 ms.
    pub system_ns: u64,
    /// Time since the process started, in steps of 10 ms on Linux; on NetBSD, DragonFly and macOS by the
    /// time of day, so that a clock which was set meanwhile shows in it.
    pub wall_ns: u64,
    /// Resident set: its memory in RAM now, shared pages too.
    pub rss_bytes: u64,
    /// The largest resident set so far.
    pub peak_rss_bytes: u64,
    /// Address space.
    pub virtual_bytes: u64,
    /// Memory swapped out.
    pub swap_bytes: u64,
    /// Page faults served without input or output.
    pub minor_faults: u64,
    /// Page faults that needed input or output.
    pub major_faults: u64,
    /// Bytes that had to be read from storage; what a cache had does not count.
    pub read_bytes: u64,
    /// Bytes that were sent on their way to storage.
    pub written_bytes: u64,
    /// Voluntary context switches: a thread waited for something.
    pub voluntary_switches: u64,
    /// Involuntary context switches: a time slice ended or a more urgent task came.
    pub involuntary_switches: u64,
    /// Threads now.
    pub threads: u64,
    /// Open file descriptors now.
    pub open_files: u64,
    /// Zero.
    pub reserved: [u64; 15],
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
