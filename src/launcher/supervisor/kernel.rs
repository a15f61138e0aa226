//! The way into the kernel, and the form of its results.

use crate::message::{KernelRusage, RUSAGE_WORDS};
use crate::number;
use core::ffi::c_int;

unsafe extern "C" {
    /// A system call of up to five arguments: 0 or more, or a negated errno value.
    fn kernel_call(number: usize, first: usize, second: usize, third: usize, fourth: usize, fifth: usize) -> isize;
}

/// # Safety
/// As the call itself asks.
pub unsafe fn call<const COUNT: usize>(number: usize, arguments: [usize; COUNT]) -> isize {
    let argument = |index| arguments.get(index).copied().unwrap_or(0);
    // SAFETY: passed on.
    unsafe { kernel_call(number, argument(0), argument(1), argument(2), argument(3), argument(4)) }
}

/// Where the kernel is to read or write. What stands there afterwards is read as any other value: the address was
/// exposed, and the call may have written to it.
pub fn address<T>(object: &mut T) -> usize {
    (&raw mut *object).expose_provenance()
}

pub const CLOCK_MONOTONIC: usize = 1;

/// In nanoseconds; `None` where the clock is no process's.
pub fn clock(number: usize) -> Option<u64> {
    let mut time = [0_isize; 2];
    // SAFETY: the kernel writes two longs.
    let answer = unsafe { call(number::CLOCK_GETTIME, [number, address(&mut time)]) };
    let [seconds, nanoseconds] = time;
    (answer >= 0).then_some(seconds as u64 * 1_000_000_000 + nanoseconds as u64)
}

/// The clock of a process's time: 0 as the limit on it counts, 2 as the scheduler does. clock_getcpuclockid(3).
pub fn process_time(pid: u32, kind: isize) -> Option<u64> {
    clock(((!(pid as isize) << 3) | kind) as usize)
}

pub fn own_pid() -> u32 {
    // SAFETY: getpid takes nothing.
    unsafe { call(number::GETPID, []) as u32 }
}

pub fn exit() -> ! {
    loop {
        // SAFETY: exit_group takes a number and does not return.
        unsafe { call(number::EXIT_GROUP, [0]) };
    }
}

/// A child that has ended: waitid(2).
pub struct Ended {
    pub pid: u32,
    pub code: c_int,
    pub status: c_int,
    pub usage: KernelRusage,
}

/// `P_ALL` and `P_PID`.
pub const ANY: usize = 0;
pub const ONE: usize = 1;
const WNOHANG: usize = 1;
const WEXITED: usize = 4;
pub const LEAVE_IT: usize = 0x0100_0000; // WNOWAIT
const ALL_KINDS: usize = 0x4000_0000; // __WALL

/// `Ok(None)` where none has ended, an error where there is no child.
pub fn wait(kind: usize, pid: u32, options: usize) -> Result<Option<Ended>, isize> {
    let mut info = [0_i32; 32];
    let mut usage: KernelRusage = [0; RUSAGE_WORDS];
    let options = options | WEXITED | WNOHANG | ALL_KINDS;
    let arguments = [kind, pid as usize, address(&mut info), options, address(&mut usage)];
    // SAFETY: the kernel writes one siginfo_t and one struct rusage.
    let answer = unsafe { call(number::WAITID, arguments) };
    if answer < 0 {
        return Err(answer);
    }
    // What is in common ends at a multiple of a pointer's size.
    #[cfg(target_pointer_width = "64")]
    let [_, _, code, _, pid, _, status, ..] = info;
    #[cfg(not(target_pointer_width = "64"))]
    let [_, _, code, pid, _, status, ..] = info;
    Ok((pid != 0).then_some(Ended { pid: pid as u32, code, status, usage }))
}

/// Of all children that were waited for, and of theirs.
pub fn usage_of_children() -> KernelRusage {
    const CHILDREN: usize = -1_isize as usize;
    let mut usage: KernelRusage = [0; RUSAGE_WORDS];
    // SAFETY: the kernel writes one struct rusage.
    unsafe { call(number::GETRUSAGE, [CHILDREN, address(&mut usage)]) };
    usage
}

/// In nanoseconds.
pub fn time_in(usage: &KernelRusage) -> u64 {
    let [user, user_rest, system, system_rest, ..] = *usage;
    (user + system) as u64 * 1_000_000_000 + (user_rest + system_rest) as u64 * 1000
}

pub fn limits(pid: u32, resource: usize) -> Option<[u64; 2]> {
    let mut limits = [0_u64; 2];
    // SAFETY: the kernel writes one struct rlimit64.
    let answer = unsafe { call(number::PRLIMIT64, [pid as usize, resource, 0, address(&mut limits)]) };
    (answer >= 0).then_some(limits)
}

/// As those of `memory`: the compiler calls it to compare.
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(one: *const u8, other: *const u8, count: usize) -> c_int {
    for offset in 0..count {
        // SAFETY: within what the compiler knows is there.
        if unsafe { one.add(offset).read_volatile() != other.add(offset).read_volatile() } {
            return 1;
        }
    }
    0
}
