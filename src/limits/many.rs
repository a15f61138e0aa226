//! Many limits at once: a snapshot, and a set that is applied completely or not at all.

use super::read;
use crate::abi::limits_many::Entry;
use crate::catalog::{self, RESOURCE_COUNT, RR_RLIMIT_NOFILE, RR_UNIT_MICROSECONDS, RR_UNIT_SECONDS};
use crate::errno::{Errno, Result};
use crate::process::{self, Process};
use crate::sys::{Host, Rlimit, System};
use core::ffi::c_int;

/// The limits of every resource, by number; `None` for a resource that this version of the system lacks.
pub type Snapshot = [Option<Rlimit>; RESOURCE_COUNT];

pub fn getrlimits(process: Option<&Process>) -> Result<Snapshot> {
    process::read(process, |pid| {
        let mut snapshot = [None; RESOURCE_COUNT];
        for (limits, resource) in snapshot.iter_mut().zip(0..) {
            *limits = match read(pid, resource) {
                Ok(limits) => Some(limits),
                // The catalog has the resources of the newest version of the system.
                Err(Errno::EINVAL) => None,
                // Another user's process, or a sandbox: the system may show the limits in another place.
                Err(error) => Some(
                    Host::limits_shown(pid, resource).map_err(|shown| if shown.is_lack() { shown } else { error })?,
                ),
            };
        }
        Ok(snapshot)
    })
}

/// The entries of a snapshot, in the order of the resources' numbers.
pub fn entries(snapshot: &Snapshot) -> impl Iterator<Item = Entry> {
    let numbered = snapshot.iter().zip(0..);
    numbered.filter_map(|(limits, resource)| Some(Entry { resource, reserved: 0, limits: (*limits)? }))
}

/// The entry that was refused, if there is one, and why nothing was set.
pub struct Refused {
    pub index: Option<usize>,
    pub error: Errno,
}

impl From<Errno> for Refused {
    fn from(error: Errno) -> Refused {
        Refused { index: None, error }
    }
}

/// Applies every entry, or leaves all limits unchanged. Nothing is predicted: the system decides on each change, and
/// changes that it may refuse come before those that cannot be undone.
pub fn setrlimits(
    process: Option<&Process>,
    entries: impl Iterator<Item = Entry>,
) -> core::result::Result<(), Refused> {
    let plan = Plan::of(entries)?;
    if let Some(process) = process {
        process.alive()?;
    }
    if let Some(wanted) = plan.wanted().find(|wanted| !Host::is_representable(wanted.limits)) {
        return Err(Refused { index: Some(wanted.index), error: Errno::ERANGE });
    }
    let mut journal = Journal::new(process, getrlimits(process)?);
    plan.apply(&mut journal).map_err(|refused| match journal.restore() {
        Err(error) if error != Errno::ESRCH => Refused { error: Errno::ENOTRECOVERABLE, ..refused },
        _ => refused,
    })
}

#[derive(Clone, Copy)]
struct Wanted {
    index: usize,
    resource: c_int,
    limits: Rlimit,
}

/// The entries in the caller's order: known resources, each once, no soft limit above the hard one.
struct Plan([Option<Wanted>; RESOURCE_COUNT]);

/// Hard limits may have to rise before soft limits can, and lowering a hard limit cannot be undone without privilege,
/// so those changes come last. Errors about the process itself and of a security module occur at the first change
/// already: `do_prlimit` in Linux' `kernel/sys.c` makes the same checks for each.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// No change: set nevertheless, so that the system checks whether the caller may.
    Same,
    HardRaise,
    SoftRaise,
    SoftCut,
    HardCut,
}

impl Plan {
    fn of(entries: impl Iterator<Item = Entry>) -> core::result::Result<Plan, Refused> {
        let mut plan = Plan([None; RESOURCE_COUNT]);
        for (index, Entry { resource, reserved, limits }) in entries.enumerate() {
            let twice = plan.wanted().any(|wanted| wanted.resource == resource);
            let is_right = reserved == 0 && !twice && limits.rlim_cur <= limits.rlim_max && catalog::is_known(resource);
            let free = plan.0.get_mut(index).filter(|_| is_right);
            *free.ok_or(Refused { index: Some(index), error: Errno::EINVAL })? =
                Some(Wanted { index, resource, limits });
        }
        Ok(plan)
    }

    fn wanted(&self) -> impl Iterator<Item = Wanted> {
        self.0.iter().flatten().copied()
    }

    fn apply(&self, journal: &mut Journal) -> core::result::Result<(), Refused> {
        for class in [Class::Same, Class::HardRaise, Class::SoftRaise, Class::SoftCut, Class::HardCut] {
            for rank in 0..=LAST_RANK {
                for wanted in self.wanted().filter(|wanted| rank_of(wanted.resource) == rank) {
                    let index = Some(wanted.index);
                    journal.advance(class, wanted).map_err(|error| Refused { index, error })?;
                }
            }
        }
        Ok(())
    }
}

/// The limits after one class of changes. Lowering a hard limit sets the soft limit in the same step: the current hard
/// limit may be above the system's maximum, so that no other change would be accepted.
fn step(class: Class, present: Rlimit, wanted: Rlimit) -> Rlimit {
    let cuts_hard = wanted.rlim_max < present.rlim_max;
    match class {
        Class::HardCut => wanted,
        Class::Same => present,
        _ if cuts_hard => present,
        Class::HardRaise => Rlimit { rlim_max: wanted.rlim_max, ..present },
        Class::SoftRaise => Rlimit { rlim_cur: wanted.rlim_cur.max(present.rlim_cur), ..present },
        Class::SoftCut => Rlimit { rlim_cur: wanted.rlim_cur, ..present },
    }
}

const LAST_RANK: u8 = 2;

/// The order within a class: NOFILE first, because only it may be refused due to a system maximum; limits on time
/// last, because a soft limit below current usage sends a signal at once.
fn rank_of(resource: c_int) -> u8 {
    match catalog::by_id(resource).map(|resource| resource.unit) {
        _ if resource == RR_RLIMIT_NOFILE => 0,
        Ok(RR_UNIT_SECONDS | RR_UNIT_MICROSECONDS) => LAST_RANK,
        _ => 1,
    }
}

/// The changes that were made, to be undone in reverse. A resource is set at most twice: its hard limit is raised,
/// then its soft limit is changed.
struct Journal<'a> {
    process: Option<&'a Process>,
    present: Snapshot,
    changes: [Option<(c_int, Rlimit)>; 2 * RESOURCE_COUNT],
    count: usize,
}

impl<'a> Journal<'a> {
    fn new(process: Option<&'a Process>, present: Snapshot) -> Journal<'a> {
        Journal { process, present, changes: [None; 2 * RESOURCE_COUNT], count: 0 }
    }

    fn advance(&mut self, class: Class, wanted: Wanted) -> Result<()> {
        let present = self.present.get_mut(wanted.resource as usize).and_then(Option::as_mut).ok_or(Errno::EINVAL)?;
        let previous = *present;
        let next = step(class, previous, wanted.limits);
        if next == previous && !(class == Class::Same && wanted.limits == previous) {
            return Ok(());
        }
        set(self.process, wanted.resource, next)?;
        *present = next;
        if let Some(change) = self.changes.get_mut(self.count) {
            *change = Some((wanted.resource, previous));
            self.count += 1;
        }
        Ok(())
    }

    fn restore(&self) -> Result<()> {
        let changes = self.changes.iter().rev().flatten();
        // If one change cannot be undone, the others still are.
        changes.map(|(resource, previous)| set(self.process, *resource, *previous)).fold(Ok(()), Result::and)
    }
}

fn set(process: Option<&Process>, resource: c_int, limits: Rlimit) -> Result<()> {
    process::write(process, |pid| {
        if pid == 0 { Host::setrlimit(resource, limits) } else { Host::prlimit(pid, resource, Some(limits)).map(drop) }
    })
}
