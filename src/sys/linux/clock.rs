//! Clocks: clock_gettime(2).

use super::kernel::{self, KernelLong, address};
use crate::errno::{Errno, Result};
use crate::sys::portable::unix;
use core::ffi::c_int;

/// Time in user mode and in the kernel as `check_process_timers` in the kernel's
/// `kernel/time/posix-cpu-timers.c` adds it up for RLIMIT_CPU: `CPUCLOCK_PROF`.
pub(super) const USER_AND_SYSTEM: c_int = 0;
/// Time on a processor as the scheduler counts it, which is more exact: `CPUCLOCK_SCHED`.
pub(super) const SCHEDULED: c_int = 2;

/// The processor time of a process, including a zombie; 0 is the caller. clock_getcpuclockid(3) computes the clock's
/// ID in this way.
pub fn process_time(pid: i32, kind: c_int) -> Result<u64> {
    match nanoseconds((!pid << 3) | kind) {
        // There is no such process.
        Err(Errno::EINVAL) => Err(Errno::ESRCH),
        result => result,
    }
}

/// Time since the machine started, sleep included: the clock of a process's start time.
pub fn since_boot() -> Result<u64> {
    nanoseconds(libc::CLOCK_BOOTTIME)
}

fn nanoseconds(clock: c_int) -> Result<u64> {
    // The old struct timespec: its seconds last 68 years.
    let mut time: [KernelLong; 2] = [0; 2];
    // SAFETY: the kernel writes two of its longs.
    unsafe { kernel::call(libc::SYS_clock_gettime, [clock as usize, address(&mut time)]) }?;
    let [seconds, nanoseconds] = time;
    Ok(unix::nanoseconds(seconds as u64, nanoseconds as u64))
}

/// Converts clock ticks, the unit of times in /proc, to nanoseconds.
#[inline(never)] // for size: it has three callers
pub fn ticks(count: u64) -> u64 {
    // SAFETY: sysconf takes any number.
    let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
    unix::SECOND.checked_div(per_second as u64).unwrap_or(0).saturating_mul(count)
}
