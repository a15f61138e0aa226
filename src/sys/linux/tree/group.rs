//! A control group for a tree, cgroups(7), `Documentation/admin-guide/cgroup-v2.rst`: made for it, and
//! removed where the supervisor cannot.

use super::message::{COUNTED, Counts, NONE};
use crate::decimal::number;
use crate::errno::{Errno, Result};
use crate::strings::first;
use crate::sys::Host;
use crate::sys::host::descriptor::{Descriptor, read_file};
use crate::sys::host::kernel;
use crate::sys::host::pause;
use crate::sys::portable::plan::TreePlan;
use crate::sys::portable::unix::{SECOND, clock};
use core::ffi::{CStr, c_int};

/// A group that is removed when this is dropped. What is in it is ended first.
pub struct Group {
    parent: Descriptor,
    folder: Descriptor,
    name: [u8; NAME_SIZE],
    maker: i32,
}

const NAME_SIZE: usize = 32;

impl Group {
    /// Below the given one, else below the caller's own. The nonce makes its name.
    pub fn make(below: Option<c_int>, nonce: u64, tree: &TreePlan) -> Result<Group> {
        let parent = match below {
            Some(folder) => Descriptor::copy_of(folder)?,
            None => own_group()?,
        }
        .above_standard()?;
        if !is_version_2(&parent) {
            return Err(Errno(libc::ENOTSUP));
        }
        let name = name_of(nonce);
        let path = name.as_ptr().expose_provenance();
        // SAFETY: the name ends in NUL.
        unsafe { kernel::call(libc::SYS_mkdirat, [parent.number() as usize, path, 0o755]) }?;
        let opened = Descriptor::open_at(parent.number(), text(&name), libc::O_DIRECTORY);
        let folder = match opened.and_then(Descriptor::above_standard) {
            Ok(folder) => folder,
            Err(error) => {
                remove(&parent, &name);
                return Err(error);
            }
        };
        // From here on it is removed when it cannot serve.
        let group = Group { parent, folder, name, maker: kernel::own_pid() };
        if let Some(bytes) = tree.memory {
            group.write(c"memory.max", bytes)?;
            // Else it is only slower. Without swap there are no such files.
            let _ = group.write(c"memory.swap.max", 0);
            let _ = group.write(c"memory.oom.group", 1);
        }
        if let Some(count) = tree.tasks {
            group.write(c"pids.max", count)?;
        }
        Ok(group)
    }

    pub fn number(&self) -> c_int {
        self.folder.number()
    }

    fn write(&self, file: &CStr, number: u64) -> Result<()> {
        let mut digits = [0; 20];
        let mut start = digits.len();
        let mut rest = number;
        loop {
            start -= 1;
            if let Some(place) = digits.get_mut(start) {
                *place = b'0' + (rest % 10) as u8;
            }
            rest /= 10;
            if rest == 0 || start == 0 {
                break;
            }
        }
        let file = Descriptor::open_at(self.folder.number(), file, libc::O_WRONLY)?;
        file.write(digits.get(start..).unwrap_or_default()).map(drop)
    }

    fn read<'a>(&self, file: &CStr, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
        let file = Descriptor::open_at(self.folder.number(), file, 0)?;
        let length = file.read(buffer)?;
        Ok(buffer.get(..length).unwrap_or_default())
    }

    fn count(&self, file: &CStr, name: &[u8]) -> Option<u64> {
        let mut buffer = [0; 2048];
        let text = self.read(file, &mut buffer).ok()?;
        let mut lines = text.split(|byte| *byte == b'\n');
        lines.find_map(|line| line.strip_prefix(name)).and_then(number)
    }

    pub fn counts(&self) -> Counts {
        COUNTED.map(|(file, line)| self.count(file, line).unwrap_or(NONE))
    }

    /// Whether no process is left in it, within a second: `cgroup.kill`, since Linux 5.14.
    pub fn end(&self) -> bool {
        let _ = self.write(c"cgroup.kill", 1);
        let latest = clock::<Host>().saturating_add(SECOND);
        let is_empty = || Ok((self.count(c"cgroup.events", b"populated ") == Some(0)).then_some(()));
        pause::until(Some(latest), is_empty).is_ok()
    }
}

impl Drop for Group {
    /// It stays busy for a moment after its last process was reaped.
    fn drop(&mut self) {
        if self.maker == kernel::own_pid() && !remove(&self.parent, &self.name) && self.end() {
            remove(&self.parent, &self.name);
        }
    }
}

/// Whether it is gone, by whomever.
fn remove(parent: &Descriptor, name: &[u8; NAME_SIZE]) -> bool {
    let path = name.as_ptr().expose_provenance();
    let arguments = [parent.number() as usize, path, libc::AT_REMOVEDIR as usize];
    // SAFETY: the name ends in NUL.
    let removed = unsafe { kernel::call(libc::SYS_unlinkat, arguments) };
    matches!(removed, Ok(_) | Err(Errno::ENOENT))
}

/// "rresource-" and the nonce.
fn name_of(nonce: u64) -> [u8; NAME_SIZE] {
    let mut name = [0; NAME_SIZE];
    let digits = (0..16).rev().map(|place| {
        let digit = (nonce >> (4 * place) & 15) as u8;
        if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }
    });
    name.iter_mut().zip(b"rresource-".iter().copied().chain(digits)).for_each(|(place, byte)| *place = byte);
    name
}

fn text(name: &[u8; NAME_SIZE]) -> &CStr {
    first(name).map_or(c"", |(name, _)| name)
}

/// Where systems mount version 2, alone or next to version 1: the caller's own group below it.
fn own_group() -> Result<Descriptor> {
    let mut buffer = [0; 2048];
    let groups = read_file(c"/proc/thread-self/cgroup", &mut buffer)?;
    let mut lines = groups.split(|byte| *byte == b'\n');
    let own = lines.find_map(|line| line.strip_prefix(b"0::/")).ok_or(Errno(libc::ENOTSUP))?;
    [b"/sys/fs/cgroup".as_slice(), b"/sys/fs/cgroup/unified"]
        .into_iter()
        .find_map(|mount| {
            let mut path = [0; 2100];
            let places = path.iter_mut().take(2099);
            places.zip(mount.iter().chain(b"/").chain(own)).for_each(|(place, byte)| *place = *byte);
            let folder = first(&path).and_then(|(path, _)| Descriptor::open(path, libc::O_DIRECTORY).ok());
            folder.filter(is_version_2)
        })
        .ok_or(Errno(libc::ENOTSUP))
}

/// Only version 2 has this file.
fn is_version_2(folder: &Descriptor) -> bool {
    Descriptor::open_at(folder.number(), c"cgroup.controllers", 0).is_ok()
}
