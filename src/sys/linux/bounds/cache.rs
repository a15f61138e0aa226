//! What a handle keeps between two reads of memory bounds: open files of the process and the machine, and where its
//! control group was. If the group is still the same, it need not be searched again.

use super::super::descriptor::Descriptor;
use super::super::files::may_stay;
use super::group::Group;
use super::parse::Version;
use crate::errno::Result;
use core::cell::UnsafeCell;
use core::ffi::CStr;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicBool, Ordering};

/// The number of levels whose limit files are kept open.
const LEVELS: usize = 4;
const LONGEST_NAME: usize = 256;

#[derive(Default)]
pub struct BoundCache {
    is_taken: AtomicBool,
    files: UnsafeCell<Files>,
}

#[derive(Default)]
pub struct Files {
    /// `/proc/PID/cgroup`.
    pub name: Option<Descriptor>,
    pub memory: Option<Descriptor>,
    pub overcommit: Option<Descriptor>,
    pub place: Option<Place>,
}

/// Where the visible groups of a process are, as long as its group has this name.
pub struct Place {
    version: Version,
    name: [u8; LONGEST_NAME],
    length: usize,
    folder: Descriptor,
    depth: usize,
    above: usize,
    is_partial: bool,
    pub limits: [Option<Descriptor>; LEVELS],
}

impl BoundCache {
    /// `None` in a signal handler that interrupted another read: it works without the cache.
    pub fn take(&self) -> Option<Taken<'_>> {
        (!self.is_taken.swap(true, Ordering::Acquire)).then_some(Taken(self))
    }
}

pub struct Taken<'k>(&'k BoundCache);

impl Deref for Taken<'_> {
    type Target = Files;

    fn deref(&self) -> &Files {
        // SAFETY: the flag was set when this object was made, so that there is only one at a time.
        unsafe { &*self.0.files.get() }
    }
}

impl DerefMut for Taken<'_> {
    fn deref_mut(&mut self) -> &mut Files {
        // SAFETY: as above.
        unsafe { &mut *self.0.files.get() }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.is_taken.store(false, Ordering::Release);
    }
}

/// Reads a file that is kept open, or opens it and keeps it if there is a place for it.
pub fn with_file(
    mut place: Option<&mut Option<Descriptor>>,
    path: &CStr,
    read: &mut dyn FnMut(&Descriptor) -> Result<()>,
) -> Result<()> {
    if let Some(Some(file)) = &place {
        let result = read(file);
        // The thread that the file belonged to may have ended before its process.
        if result.is_ok() {
            return result;
        }
    }
    let file = Descriptor::open(path, 0)?;
    read(&file)?;
    keep(&mut place, file);
    Ok(())
}

pub fn keep(place: &mut Option<&mut Option<Descriptor>>, file: Descriptor) {
    if let Some(place) = place.as_mut().filter(|_| may_stay(&file)) {
        **place = Some(file);
    }
}

impl Files {
    /// Whether the group is still where it was.
    pub fn find(&self, group: &mut Group) -> bool {
        let name = group.name();
        let same = |place: &&Place| place.version == group.version && place.name.get(..place.length) == Some(name);
        let Some(place) = self.place.as_ref().filter(same) else { return false };
        group.go_to(&place.folder, place.depth, place.above, place.is_partial);
        true
    }

    pub fn remember(&mut self, group: &mut Group) {
        self.place = group.folder().ok().filter(may_stay).and_then(|folder| {
            let mut name = [0; LONGEST_NAME];
            let length = group.name().len();
            name.get_mut(..length)?.iter_mut().zip(group.name()).for_each(|(place, byte)| *place = *byte);
            let (version, is_partial) = (group.version, group.is_partial);
            let (depth, above) = (group.depth(), group.above);
            Some(Place { version, name, length, folder, depth, above, is_partial, limits: Default::default() })
        });
    }
}
