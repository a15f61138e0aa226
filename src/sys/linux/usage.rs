//! Current usage of a process, each group from the cheapest source that has it.

use super::clock;
use super::descriptor::{self, Descriptor};
use super::files::{File, Files};
use super::identity::Identity;
use super::proc::parse::{self, Stat};
use super::proc::{self, Path, read_process_file};
use super::used::open_descriptors;
use crate::errno::{Errno, Result};
use crate::sys::Identity as _;
use crate::sys::portable::unix::page_size;
use crate::sys::{
    RR_USAGE_CPU, RR_USAGE_FAULTS, RR_USAGE_IO, RR_USAGE_OPEN_FILES, RR_USAGE_PEAK_RSS, RR_USAGE_RSS, RR_USAGE_SWAP,
    RR_USAGE_THREADS, RR_USAGE_TIMES, RR_USAGE_VIRTUAL, RR_USAGE_WALL, Usage,
};

/// How the files of a process are read: the caller's, whose PID is 0, by path; another process's also through the
/// files that its handle keeps open.
struct Source<'a> {
    pid: i32,
    kept: Option<&'a Files>,
}

impl Source<'_> {
    /// `stat` of the whole process is in `/proc/self` only, also after the first thread has ended. The other files are
    /// the same for all threads; they are read through the calling thread, because the first one may have ended.
    fn read<'a>(&self, file: File, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
        match (self.kept, file) {
            (Some(files), _) => files.read(file, self.pid, buffer),
            (None, File::Stat) => descriptor::read_file(c"/proc/self/stat", buffer),
            (None, _) => read_process_file(0, &Path::of_process(0, file.name()), buffer),
        }
    }

    /// Reads a file with memory sizes from a living thread: after the first thread has ended, its file has none.
    fn read_of_living_thread<'a>(&self, file: File, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
        if self.pid == 0 {
            return Err(Errno::ESRCH);
        }
        proc::has_our_numbers(self.pid)?;
        let thread = proc::living_thread(self.pid)?;
        read_process_file(self.pid, &Path::of_task(self.pid, thread, file.name()), buffer)
    }

    fn stat(&self) -> Result<Stat> {
        let mut buffer = [0; 1024];
        parse::stat(self.read(File::Stat, &mut buffer)?).ok_or(Errno::ENOTSUP)
    }
}

/// The caller's usage that getrusage(2) does not report, or reports less exactly.
pub fn own_usage(wanted: u64) -> Result<Usage> {
    let caller = Source { pid: 0, kept: None };
    let mut usage = Usage::default();
    world_readable(&caller, wanted, &mut usage)?;
    if wanted & (RR_USAGE_WALL | RR_USAGE_THREADS) != 0 {
        if let Some(stat) = if_available(caller.stat())? {
            lifetime(&stat, &mut usage);
        }
    }
    Ok(usage)
}

/// The usage of another process. Groups that the system does not report or the caller may not read stay unknown; ESRCH
/// if the process is gone.
pub fn usage_of(pid: i32, identity: &Identity, files: &Files, wanted: u64) -> Result<Usage> {
    let other = Source { pid, kept: Some(files) };
    let mut usage = Usage::default();
    world_readable(&other, wanted, &mut usage)?;
    let lacks_cpu = wanted & RR_USAGE_CPU & !usage.known != 0;
    if lacks_cpu || wanted & (RR_USAGE_TIMES | RR_USAGE_FAULTS | RR_USAGE_WALL | RR_USAGE_THREADS) != 0 {
        if let Some(stat) = if_available(other.stat())? {
            lifetime(&stat, &mut usage);
            times_and_faults(&stat, &mut usage);
            if lacks_cpu {
                // A sandbox refuses the process's clock: the time in ticks.
                usage.known |= RR_USAGE_CPU;
                usage.cpu_ns = usage.user_ns.saturating_add(usage.system_ns);
            }
        }
    }
    if wanted & RR_USAGE_IO != 0 {
        let mut buffer = [0; 512];
        if let Some(text) = if_available(other.read(File::Io, &mut buffer))? {
            input_and_output(text, &mut usage);
        }
    }
    identity.holds(pid)?;
    Ok(usage)
}

/// The groups that are read in the same way for the caller and for others.
#[inline(never)] // for size: it has two callers
fn world_readable(source: &Source, wanted: u64, usage: &mut Usage) -> Result<()> {
    if wanted & RR_USAGE_CPU != 0 {
        if let Some(time) = if_available(clock::process_time(source.pid, clock::SCHEDULED))? {
            usage.known |= RR_USAGE_CPU;
            usage.cpu_ns = time;
        }
    }
    if wanted & RR_USAGE_OPEN_FILES != 0 {
        if let Some(count) = if_available(open_descriptors(source.pid))? {
            usage.known |= RR_USAGE_OPEN_FILES;
            usage.open_files = count;
        }
    }
    if wanted & (RR_USAGE_PEAK_RSS | RR_USAGE_SWAP) != 0 {
        status_sizes(source, usage)
    } else if wanted & (RR_USAGE_RSS | RR_USAGE_VIRTUAL) != 0 {
        statm_sizes(source, usage)
    } else {
        Ok(())
    }
}

fn statm_sizes(source: &Source, usage: &mut Usage) -> Result<()> {
    let mut buffer = [0; 256];
    // All zero for a process or first thread that has ended, and for a kernel thread.
    let with_memory = |text: &[u8]| parse::statm(text).filter(|statm| statm.size > 0);
    let mut statm = if_available(source.read(File::Statm, &mut buffer))?.and_then(with_memory);
    if statm.is_none() {
        statm = if_available(source.read_of_living_thread(File::Statm, &mut buffer))?.and_then(with_memory);
    }
    if let Some(statm) = statm {
        let page = page_size() as u64;
        usage.known |= RR_USAGE_RSS | RR_USAGE_VIRTUAL;
        usage.rss_bytes = statm.resident.saturating_mul(page);
        usage.virtual_bytes = statm.size.saturating_mul(page);
    }
    Ok(())
}

fn status_sizes(source: &Source, usage: &mut Usage) -> Result<()> {
    let mut buffer = [0; 4096];
    if let Some(text) = if_available(source.read(File::Status, &mut buffer))? {
        sizes(text, usage);
    }
    if usage.known & RR_USAGE_VIRTUAL == 0 {
        if let Some(text) = if_available(source.read_of_living_thread(File::Status, &mut buffer))? {
            sizes(text, usage);
        }
    }
    Ok(())
}

/// A process that has ended and a kernel thread have no such lines.
fn sizes(status: &[u8], usage: &mut Usage) {
    for (name, value) in parse::lines(status) {
        let (group, place) = match name {
            b"VmSize" => (RR_USAGE_VIRTUAL, &mut usage.virtual_bytes),
            b"VmHWM" => (RR_USAGE_PEAK_RSS, &mut usage.peak_rss_bytes),
            b"VmRSS" => (RR_USAGE_RSS, &mut usage.rss_bytes),
            b"VmSwap" => (RR_USAGE_SWAP, &mut usage.swap_bytes),
            _ => continue,
        };
        if let Some(bytes) = parse::bytes(value) {
            usage.known |= group;
            *place = bytes;
        }
        // The last of them in the file.
        if group == RR_USAGE_SWAP {
            return;
        }
    }
}

/// A process that has ended has no threads, and its wall time is unknown.
fn lifetime(stat: &Stat, usage: &mut Usage) {
    if stat.has_ended() {
        return;
    }
    usage.known |= RR_USAGE_THREADS;
    usage.threads = stat.threads;
    if let Ok(now) = clock::since_boot() {
        usage.known |= RR_USAGE_WALL;
        usage.wall_ns = now.saturating_sub(clock::ticks(stat.start_time));
    }
}

fn times_and_faults(stat: &Stat, usage: &mut Usage) {
    usage.known |= RR_USAGE_TIMES | RR_USAGE_FAULTS;
    usage.user_ns = clock::ticks(stat.user_ticks);
    usage.system_ns = clock::ticks(stat.system_ticks);
    usage.minor_faults = stat.minor_faults;
    usage.major_faults = stat.major_faults;
}

fn input_and_output(text: &[u8], usage: &mut Usage) {
    let count = |name| parse::value_of(text, name).and_then(parse::number);
    if let (Some(read), Some(written)) = (count(b"read_bytes"), count(b"write_bytes")) {
        usage.known |= RR_USAGE_IO;
        usage.read_bytes = read;
        usage.written_bytes = written;
    }
}

/// `None` for what cannot be read. A lack of descriptors or memory is an error, because it is temporary.
fn if_available<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_lack() => Err(error),
        Err(_) => Ok(None),
    }
}

/// proc_pid_clear_refs(5): 5 resets the peak. ENOTSUP on a kernel without that file.
pub fn reset_peak(pid: i32) -> Result<()> {
    proc::has_our_numbers(pid)?;
    let path = match pid {
        0 => Path::of_process(0, "clear_refs"),
        // The first thread has no memory left to write to.
        _ if proc::stat(pid)?.state == b'Z' => Path::of_task(pid, proc::living_thread(pid)?, "clear_refs"),
        _ => Path::of_process(pid, "clear_refs"),
    };
    match Descriptor::open(path.as_c_str(), libc::O_WRONLY) {
        Err(Errno::ENOENT) => Err(Errno::ENOTSUP),
        file => file?.write(b"5").map(drop),
    }
}
