//! The limits of the control groups that a process is in, the nearest first: `Documentation/admin-guide/`,
//! `cgroup-v2.rst` and `cgroup-v1/`.

use super::super::descriptor::Descriptor;
use super::cache::{self, keep};
use super::each_line;
use super::group::Group;
use super::parse::{self as parse, Version};
use crate::abi::bound::{
    RR_BOUND_CGROUP_V1, RR_BOUND_CPU, RR_BOUND_MEMORY, RR_BOUND_MEMORY_AND_SWAP, RR_BOUND_SHARED, RR_BOUND_SWAP,
    RR_BOUND_TASKS, RR_SOURCE_CGROUP, RR_SOURCE_CGROUP_HIGH,
};
use crate::errno::{Errno, Result};
use crate::strings::{first, joined};
use crate::sys::portable::bounds::{Listing, if_available};
use core::ffi::{CStr, c_int};

const NONE: u64 = u64::MAX;

/// The kernel's error for a file of a group that was removed: the process is in another group of the same name.
const NOT_THERE: Errno = Errno::ENODEV;

/// The files of a controller; an empty name for a file that it does not have.
struct Files {
    kind: c_int,
    version: Version,
    flags: u32,
    limit: Text<28>,
    used: Text<28>,
    /// The period of a quota of time.
    period: Text<18>,
    high: Text<12>,
    /// The prefix of the lines of `memory.stat` that count reclaimable memory: "total_" includes the groups below.
    cache: Option<Text<7>>,
    /// The line of `memory.stat` with the smallest limit of all ancestors, hidden ones included.
    hidden: Text<26>,
}

/// A string of less than `SIZE` bytes, ended by NUL, for tables with several strings in a row.
#[derive(Clone, Copy)]
struct Text<const SIZE: usize>([u8; SIZE]);

/// A string that is too long does not compile, because the tables are constants.
const fn text<const SIZE: usize>(string: &str) -> Text<SIZE> {
    assert!(string.len() < SIZE, "the string and its NUL do not fit");
    Text(joined(&[string]))
}

impl<const SIZE: usize> Text<SIZE> {
    fn as_c_str(&self) -> &CStr {
        first(&self.0).map_or(c"", |(string, _)| string)
    }

    fn as_bytes(&self) -> &[u8] {
        self.as_c_str().to_bytes()
    }
}

const fn of(kind: c_int, version: Version, limit: &str, used: &str) -> Files {
    let is_first = matches!(version, Version::One);
    let flags = RR_BOUND_SHARED | if is_first { RR_BOUND_CGROUP_V1 } else { 0 };
    let (limit, used) = (text(limit), text(used));
    Files { kind, version, flags, limit, used, period: text(""), high: text(""), cache: None, hidden: text("") }
}

static FILES: [Files; 8] = [
    Files {
        cache: Some(text("total_")),
        hidden: text("hierarchical_memory_limit"),
        ..of(RR_BOUND_MEMORY, Version::One, "memory.limit_in_bytes", "memory.usage_in_bytes")
    },
    Files {
        cache: Some(text("")),
        high: text("memory.high"),
        ..of(RR_BOUND_MEMORY, Version::Two, "memory.max", "memory.current")
    },
    Files {
        flags: RR_BOUND_SHARED | RR_BOUND_CGROUP_V1 | RR_BOUND_MEMORY_AND_SWAP,
        cache: Some(text("total_")),
        hidden: text("hierarchical_memsw_limit"),
        ..of(RR_BOUND_SWAP, Version::One, "memory.memsw.limit_in_bytes", "memory.memsw.usage_in_bytes")
    },
    of(RR_BOUND_SWAP, Version::Two, "memory.swap.max", "memory.swap.current"),
    Files { period: text("cpu.cfs_period_us"), ..of(RR_BOUND_CPU, Version::One, "cpu.cfs_quota_us", "") },
    of(RR_BOUND_CPU, Version::Two, "cpu.max", ""),
    of(RR_BOUND_TASKS, Version::One, "pids.max", "pids.current"),
    of(RR_BOUND_TASKS, Version::Two, "pids.max", "pids.current"),
];

fn controller(kind: c_int) -> &'static str {
    match kind {
        RR_BOUND_MEMORY | RR_BOUND_SWAP => "memory",
        RR_BOUND_CPU => "cpu",
        _ => "pids",
    }
}

pub fn list(pid: i32, kind: c_int, mut kept: Option<&mut cache::Files>, listing: &mut Listing) -> Result<()> {
    let mut group = Group::new();
    let mut listed = list_groups(&mut group, pid, kind, kept.as_deref_mut(), listing);
    if listed == Err(NOT_THERE) {
        if let Some(kept) = kept {
            kept.place = None;
        }
        listed = list_groups(&mut group, pid, kind, None, listing);
    }
    listing.is_partial |= group.is_partial;
    listed
}

fn list_groups(
    group: &mut Group,
    pid: i32,
    kind: c_int,
    mut kept: Option<&mut cache::Files>,
    listing: &mut Listing,
) -> Result<()> {
    if !group.find(pid, controller(kind), kept.as_deref_mut())? {
        return Ok(());
    }
    let limits = kept.and_then(|kept| kept.place.as_mut()).map(|place| place.limits.as_mut_slice());
    let version = group.version;
    match FILES.iter().find(|files| files.kind == kind && files.version == version) {
        Some(files) => list_levels(group, files, limits, listing),
        None => Ok(()),
    }
}

fn list_levels(
    group: &mut Group,
    files: &Files,
    mut kept: Option<&mut [Option<Descriptor>]>,
    listing: &mut Listing,
) -> Result<()> {
    let mut least = NONE;
    for steps in 0..=group.above {
        let kept = kept.as_mut().and_then(|kept| kept.get_mut(steps));
        let limit = limit_at(group, steps, files, kept)?;
        // Before Linux 5.11 a group of version 1 need not count what the groups below it use.
        let may_be_apart = steps > 0 && limit != NONE && group.version == Version::One;
        if may_be_apart && number_at(group, steps, c"memory.use_hierarchy")? == Some(0) {
            break;
        }
        least = least.min(limit);
        let high =
            if listing.lists_high { known(number_at(group, steps, files.high.as_c_str())?, group) } else { NONE };
        if limit != NONE || high != NONE {
            let used = number_at(group, steps, files.used.as_c_str())?.filter(|used| *used != NONE);
            let statistics = Statistics::read(group, steps, files)?;
            let used = used.zip(statistics.map(|statistics| statistics.reclaimable));
            for (source, limit) in [(RR_SOURCE_CGROUP, limit), (RR_SOURCE_CGROUP_HIGH, high)] {
                listing.add(source, group.level(steps), files.flags, limit, used);
            }
        }
    }
    if group.is_partial && !files.hidden.as_bytes().is_empty() {
        let statistics = Statistics::read(group, 0, files)?;
        if let Some(hidden) = statistics.map(|statistics| statistics.hidden).filter(|hidden| *hidden < least) {
            listing.add(RR_SOURCE_CGROUP, -1, files.flags, hidden, None);
        }
    }
    Ok(())
}

fn limit_at(group: &mut Group, steps: usize, files: &Files, kept: Option<&mut Option<Descriptor>>) -> Result<u64> {
    let mut buffer = [0; 64];
    let text = text_at(group, steps, files.limit.as_c_str(), &mut buffer, kept)?;
    let limit = match files.period.as_bytes().is_empty() {
        _ if (files.kind, files.version) == (RR_BOUND_CPU, Version::Two) => text.and_then(parse::cpu_max),
        true => text.and_then(parse::limit),
        false => match text.and_then(parse::limit) {
            Some(quota) if quota != NONE => {
                number_at(group, steps, files.period.as_c_str())?.and_then(|period| parse::share(quota, period))
            }
            none => none,
        },
    };
    Ok(known(limit, group))
}

/// An unknown limit may bind.
fn known(limit: Option<u64>, group: &mut Group) -> u64 {
    group.is_partial |= limit.is_none();
    limit.unwrap_or(NONE)
}

/// Reads a limit; u64::MAX for none.
fn number_at(group: &mut Group, steps: usize, file: &CStr) -> Result<Option<u64>> {
    Ok(text_at(group, steps, file, &mut [0; 64], None)?.and_then(parse::limit))
}

/// A group that has no such file has no such limit.
fn text_at<'b>(
    group: &mut Group,
    steps: usize,
    file: &CStr,
    buffer: &'b mut [u8; 64],
    mut kept: Option<&mut Option<Descriptor>>,
) -> Result<Option<&'b [u8]>> {
    if file.is_empty() {
        return Ok(Some(b"max"));
    }
    let length = match &kept {
        Some(Some(file)) => Ok(file.read_at(0, buffer)?),
        _ => group.open(steps, file).and_then(|file| {
            let length = file.read(buffer)?;
            keep(&mut kept, file);
            Ok(length)
        }),
    };
    match length {
        Err(Errno::ENOENT) if steps == 0 && group.is_wrong_without_file() => Err(NOT_THERE),
        Err(Errno::ENOENT) => Ok(Some(b"max")),
        length => Ok(if_available(length)?.and_then(|length| buffer.get(..length))),
    }
}

/// From `memory.stat`.
struct Statistics {
    /// Page cache, active pages included, and slabs: the kernel reclaims all of them before it kills.
    reclaimable: u64,
    hidden: u64,
}

impl Statistics {
    fn read(group: &mut Group, steps: usize, files: &Files) -> Result<Option<Statistics>> {
        let mut statistics = Statistics { reclaimable: 0, hidden: NONE };
        let Some(prefix) = &files.cache else { return Ok(Some(statistics)) };
        let Some(file) = if_available(group.open(steps, c"memory.stat"))? else { return Ok(None) };
        let mut visit = |line: &mut [u8]| {
            if let Some((name, value)) = parse::statistic(line) {
                if name == files.hidden.as_bytes() {
                    statistics.hidden = value;
                } else if let Some(b"active_file" | b"inactive_file" | b"slab_reclaimable") =
                    name.strip_prefix(prefix.as_bytes())
                {
                    statistics.reclaimable = statistics.reclaimable.saturating_add(value);
                }
            }
            true
        };
        Ok(if_available(each_line(&file, &mut group.buffer, &mut visit))?.map(|_| statistics))
    }
}

/// The processors that a cpuset allows, and the group that sets it.
pub struct Cpuset {
    pub processors: u64,
    pub level: i32,
    pub flags: u32,
}

pub fn cpuset(pid: i32, listing: &mut Listing) -> Result<Option<Cpuset>> {
    let mut group = Group::new();
    let mut found = cpuset_of(&mut group, pid)?;
    if found.is_none() && group.is_wrong_without_file() {
        found = cpuset_of(&mut group, pid)?;
    }
    listing.is_partial |= group.is_partial;
    Ok(found)
}

/// A group that has no such file has its parent's.
fn cpuset_of(group: &mut Group, pid: i32) -> Result<Option<Cpuset>> {
    if !group.find(pid, "cpuset", None)? {
        return Ok(None);
    }
    let (file, flags) = match group.version {
        Version::One => (c"cpuset.effective_cpus", RR_BOUND_SHARED | RR_BOUND_CGROUP_V1),
        Version::Two => (c"cpuset.cpus.effective", RR_BOUND_SHARED),
    };
    for steps in 0..=group.above {
        let file = group.open(steps, file).and_then(|file| file.read(&mut group.buffer));
        let text = if_available(file)?.and_then(|length| group.buffer.get(..length)).unwrap_or_default();
        if let Some(processors) = parse::list_count(text) {
            return Ok(Some(Cpuset { processors, level: group.level(steps), flags }));
        }
    }
    Ok(None)
}
