//! Finds the control group of a process in the file system, cgroups(7), cgroup_namespaces(7).

use super::super::descriptor::{Descriptor, exists, read_link};
use super::super::proc::{Path, absence, has_our_numbers};
use super::cache::{Files, with_file};
use super::each_line;
use super::parse::{self, Mount, Place, Version, components};
use crate::errno::{Errno, Result};
use crate::strings::first;
use crate::sys::portable::bounds::if_available;
use core::ffi::{CStr, c_int};

/// Longer paths, and longer lines with control groups, are not supported.
const SIZE: usize = 2048;

/// The groups of a process in one hierarchy that the caller can see. It is large: only one is on the stack.
pub struct Group {
    pub version: Version,
    /// Groups that may have limits too are hidden.
    pub is_partial: bool,
    /// How many are visible above the lowest visible one, excluding the root of the hierarchy, which has no limits.
    pub above: usize,
    /// Levels from the process's own group up to the lowest visible one.
    depth: usize,
    /// The lowest visible one, followed by a slash; empty if it is `base`.
    path: LongPath,
    /// An open folder, or `AT_FDCWD`.
    base: c_int,
    /// Whether the path is a guess from the usual mount points, and whether the guess was wrong.
    is_guessed: bool,
    was_wrong: bool,
    /// The process's own group, relative to the caller's cgroup namespace.
    name: LongPath,
    pub buffer: [u8; SIZE],
}

impl Group {
    pub fn new() -> Group {
        Group {
            version: Version::Two,
            is_partial: false,
            above: 0,
            depth: 0,
            path: LongPath::new(),
            base: libc::AT_FDCWD,
            is_guessed: false,
            was_wrong: false,
            name: LongPath::new(),
            buffer: [0; SIZE],
        }
    }

    /// Finds the group of a process, 0 for the calling thread. Returns whether a visible group can have limits.
    pub fn find(&mut self, pid: i32, controller: &str, mut kept: Option<&mut Files>) -> Result<bool> {
        (self.is_partial, self.depth, self.base) = (false, 0, libc::AT_FDCWD);
        self.path.cut(0);
        match self.read_name(pid, controller.as_bytes(), kept.as_mut().map(|kept| &mut kept.name)) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            // A kernel without control groups has no such file.
            Err(Errno::ENOENT) if is_without_groups() => return Ok(false),
            Err(error) => return self.hidden_by(Err(absence(pid, error))),
        }
        let Some(kept) = kept else { return self.search(controller) };
        if kept.find(self) {
            return Ok(true);
        }
        let is_there = self.search(controller)?;
        kept.place = None;
        if is_there {
            kept.remember(self);
        }
        Ok(is_there)
    }

    fn search(&mut self, controller: &str) -> Result<bool> {
        if is_in_first_namespace(c"/proc/thread-self/ns/cgroup", b"cgroup:[4026531835]") {
            if self.name.as_bytes() == b"/" {
                return Ok(false);
            }
            self.is_guessed = !self.was_wrong && self.is_in_usual_place(controller.as_bytes());
            if self.is_guessed {
                return Ok(true);
            }
        }
        match self.find_mount(controller.as_bytes()) {
            Ok(Some(Place::Shown(start))) => Ok(self.descend(start)),
            Ok(Some(Place::Above(depth))) => {
                (self.is_partial, self.depth) = (true, depth);
                Ok(!self.is_root())
            }
            Ok(None) => self.hidden_by(Ok(false)),
            Err(error) => self.hidden_by(Err(error)),
        }
    }

    /// Opens a file of the visible group this many levels up.
    pub fn open(&mut self, steps: usize, file: &CStr) -> Result<Descriptor> {
        let length = self.path.length;
        (0..steps).for_each(|_| self.path.add(b"../"));
        self.path.add(file.to_bytes());
        let file = Descriptor::open_at(self.base, self.path.as_c_str(), 0);
        self.path.cut(length);
        file
    }

    /// The lowest visible group.
    pub fn folder(&self) -> Result<Descriptor> {
        Descriptor::open(self.path.as_c_str(), libc::O_PATH | libc::O_DIRECTORY)
    }

    /// Sets the place where it was found before.
    pub fn go_to(&mut self, folder: &Descriptor, depth: usize, above: usize, is_partial: bool) {
        (self.base, self.depth, self.above, self.is_partial) = (folder.number(), depth, above, is_partial);
    }

    pub fn name(&self) -> &[u8] {
        self.name.as_bytes()
    }

    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn level(&self, steps: usize) -> i32 {
        i32::try_from(self.depth + steps).unwrap_or(i32::MAX)
    }

    fn hidden_by(&mut self, result: Result<bool>) -> Result<bool> {
        self.is_partial = true;
        if_available(result).map(|_| false)
    }

    fn read_name(&mut self, pid: i32, controller: &[u8], kept: Option<&mut Option<Descriptor>>) -> Result<bool> {
        has_our_numbers(pid)?;
        let (mut found, mut left_out) = (None, false);
        with_file(kept, Path::of_process(pid, "cgroup").as_c_str(), &mut |file| {
            left_out = each_line(file, &mut self.buffer, &mut |line| {
                if let Some((version, name)) = parse::group(line, controller) {
                    found = Some(version);
                    self.name.cut(0);
                    self.name.add(name);
                }
                found != Some(Version::One)
            })?;
            Ok(())
        })?;
        self.version = found.unwrap_or(Version::Two);
        // The line that was too long may be the one that is searched for.
        if left_out && found != Some(Version::One) { Err(Errno::ERANGE) } else { Ok(found.is_some()) }
    }

    /// Tries the places where systemd and container runtimes mount a complete hierarchy: finding it through mountinfo
    /// costs as much as everything else.
    fn is_in_usual_place(&mut self, controller: &[u8]) -> bool {
        self.path.cut(0);
        self.path.add(b"/sys/fs/cgroup/");
        if self.version == Version::One {
            self.path.add(controller);
            self.path.add(b"/");
        }
        let is_root = self.is_root();
        let name = self.name.as_bytes();
        self.above = components(name).saturating_sub(1);
        self.path.add(name.get(1..).unwrap_or_default());
        self.path.add(b"/");
        is_root && (self.version == Version::One || self.has(c"cgroup.type"))
    }

    /// Another hierarchy may be mounted at the usual place; then no group there has the file, or the group does not
    /// exist there, and it has to be found through mountinfo.
    pub fn is_wrong_without_file(&mut self) -> bool {
        self.was_wrong |= self.is_guessed && self.version == Version::One;
        core::mem::take(&mut self.is_guessed) && self.was_wrong
    }

    /// Only the root of the hierarchy has a release agent in version 1, or no type in version 2.
    fn is_root(&mut self) -> bool {
        match self.version {
            Version::One => self.has(c"release_agent"),
            Version::Two => self.has(c"cgroup.controllers") && !self.has(c"cgroup.type"),
        }
    }

    fn has(&mut self, file: &CStr) -> bool {
        let length = self.path.length;
        self.path.add(file.to_bytes());
        let is_there = exists(self.path.as_c_str());
        self.path.cut(length);
        is_there
    }

    /// Of the mounts that show the group, finds the one that shows most of its ancestors.
    fn find_mount(&mut self, controller: &[u8]) -> Result<Option<Place>> {
        let file = Descriptor::open(c"/proc/thread-self/mountinfo", 0)?;
        let mut best = None;
        each_line(&file, &mut self.buffer, &mut |line| {
            let Some(mount) = parse::mount(line, controller) else { return true };
            let place = parse::place(mount.root, self.name.as_bytes());
            let is_better = match (&place, &best) {
                (Some(Place::Shown(new)), Some(Place::Shown(old))) => new < old,
                (Some(Place::Shown(_)), _) | (Some(_), None) => true,
                _ => false,
            };
            if mount.version == self.version && is_better && is_visible(&mount) {
                best = place;
                self.path.cut(0);
                self.path.add(mount.point.strip_suffix(b"\0").unwrap_or_default());
                self.path.add(b"/");
            }
            best != Some(Place::Shown(0))
        })?;
        Ok(best)
    }

    /// Descends from the mount's root to the group, whose remaining name begins at `start`. The name of a group that
    /// was removed while the process was in it ends in ` (deleted)`, and the caller may lack the right to open a
    /// group: in both cases its parent is used.
    fn descend(&mut self, start: usize) -> bool {
        let has_all = self.is_root();
        let root = self.path.length;
        let rest = self.name.as_bytes().get(start + 1..).unwrap_or_default();
        let levels = components(rest);
        self.path.add(rest);
        self.depth = 0;
        while self.path.length > root && !exists(self.path.as_c_str()) {
            let parent = self.path.as_bytes().iter().rposition(|byte| *byte == b'/').unwrap_or(0);
            self.path.cut(parent.max(root));
            self.depth += 1;
        }
        if self.path.length > root {
            self.path.add(b"/");
        }
        let visible = levels.saturating_sub(self.depth) + usize::from(!has_all);
        self.is_partial = self.depth > 0 || !has_all;
        self.above = visible.saturating_sub(1);
        visible > 0
    }
}

/// Another mount may cover it. statx(2) reports which one is visible, since Linux 5.8.
fn is_visible(mount: &Mount) -> bool {
    let point = first(mount.point).map_or(c"", |(point, _)| point);
    Descriptor::open(point, libc::O_PATH | libc::O_DIRECTORY)
        .is_ok_and(|folder| folder.mount().is_none_or(|id| id == mount.id))
}

fn is_without_groups() -> bool {
    !exists(c"/proc/thread-self/cgroup") && exists(c"/proc/thread-self/mountinfo")
}

/// Inode numbers of `include/linux/proc_ns.h`.
pub fn is_in_first_namespace(link: &CStr, name: &[u8]) -> bool {
    let mut buffer = [0; 32];
    read_link(link, &mut buffer).is_ok_and(|link| link == name)
}

/// A path that is too long becomes empty, and names no file.
struct LongPath {
    bytes: [u8; SIZE],
    length: usize,
}

impl LongPath {
    fn new() -> LongPath {
        LongPath { bytes: [0; SIZE], length: 0 }
    }

    fn as_c_str(&self) -> &CStr {
        self.bytes.get(..=self.length).and_then(first).map_or(c"", |(path, _)| path)
    }

    fn as_bytes(&self) -> &[u8] {
        self.as_c_str().to_bytes()
    }

    #[inline(never)] // for size: it has many callers
    fn add(&mut self, text: &[u8]) {
        let room = self.bytes.iter_mut().skip(self.length);
        room.zip(text.iter().chain([&0])).for_each(|(place, byte)| *place = *byte);
        self.length += text.len();
    }

    fn cut(&mut self, length: usize) {
        self.length = length;
        self.add(b"");
    }
}
