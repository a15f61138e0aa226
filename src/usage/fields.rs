//! The fields of `rr_rusage` as a table, for callers that print or collect them all.

use crate::errno::{Errno, Result};
use crate::sys::{Rusage, Timeval};
use core::ffi::CStr;

struct Field {
    name: &'static CStr,
    summary: &'static CStr,
    value: fn(&Rusage) -> f64,
}

const FIELDS: [Field; 16] = [
    field(c"ru_utime", c"time in user mode", |usage| seconds(usage.ru_utime)),
    field(c"ru_stime", c"time in the kernel", |usage| seconds(usage.ru_stime)),
    field(c"ru_maxrss", c"peak resident set", |usage| usage.ru_maxrss as f64),
    field(c"ru_ixrss", c"shared memory over time", |usage| usage.ru_ixrss as f64),
    field(c"ru_idrss", c"unshared data over time", |usage| usage.ru_idrss as f64),
    field(c"ru_isrss", c"unshared stack over time", |usage| usage.ru_isrss as f64),
    field(c"ru_minflt", c"page faults without I/O", |usage| usage.ru_minflt as f64),
    field(c"ru_majflt", c"page faults with I/O", |usage| usage.ru_majflt as f64),
    field(c"ru_nswap", c"times swapped out", |usage| usage.ru_nswap as f64),
    field(c"ru_inblock", c"blocks read", |usage| usage.ru_inblock as f64),
    field(c"ru_oublock", c"blocks written", |usage| usage.ru_oublock as f64),
    field(c"ru_msgsnd", c"messages sent", |usage| usage.ru_msgsnd as f64),
    field(c"ru_msgrcv", c"messages received", |usage| usage.ru_msgrcv as f64),
    field(c"ru_nsignals", c"signals received", |usage| usage.ru_nsignals as f64),
    field(c"ru_nvcsw", c"voluntary context switches", |usage| usage.ru_nvcsw as f64),
    field(c"ru_nivcsw", c"involuntary context switches", |usage| usage.ru_nivcsw as f64),
];

pub const FIELD_COUNT: usize = FIELDS.len();

pub fn field_name(index: usize) -> Option<&'static CStr> {
    FIELDS.get(index).map(|field| field.name)
}

pub fn field_summary(index: usize) -> Option<&'static CStr> {
    FIELDS.get(index).map(|field| field.summary)
}

pub fn field_value(usage: &Rusage, index: usize) -> Result<f64> {
    FIELDS.get(index).map(|field| (field.value)(usage)).ok_or(Errno::ERANGE)
}

const fn field(name: &'static CStr, summary: &'static CStr, value: fn(&Rusage) -> f64) -> Field {
    Field { name, summary, value }
}

fn seconds(time: Timeval) -> f64 {
    time.tv_sec as f64 + time.tv_usec as f64 / 1e6
}
