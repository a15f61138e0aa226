//! A command: which program to start, and how.

use super::Child;
use super::child::own_peak;
use super::strings::{Strings, parts_of};
use super::trees::Trees;
use crate::abi::command::RR_STEP_TREE;
use crate::catalog::{self, RR_RLIM_INFINITY};
use crate::errno::{Errno, Result};
use crate::strings::has;
use crate::sys::{self, Credentials, Failed, Host, Limit, Plan, Pointers, Redirection, Rlimit, System, Vector};
use core::ffi::{CStr, c_int};

/// A program and how to start it, from rr_command_new. Free it with rr_command_free.
pub struct Command {
    program: Strings,
    /// Argument 0, if it is not the program.
    name: Strings,
    arguments: Strings,
    directory: Strings,
    has_callers_environment: bool,
    /// "NAME=VALUE", or "NAME" for a variable to remove. Each name once.
    variables: Strings,
    /// Each target once.
    descriptors: Vector<Redirection>,
    /// Each resource once.
    limits: Vector<Limit>,
    leads_group: bool,
    leads_session: bool,
    is_direct: bool,
    close_from: Option<c_int>,
    umask: Option<u32>,
    /// Of the user and of the group.
    ids: Option<[u32; 2]>,
    groups: Vector<u32>,
    cgroup: Option<c_int>,
    tree: Trees,
    image: <Host as System>::Image,
}

/// Where execvp(3) searches without PATH.
const DEFAULT_PATH: &[u8] = b"/bin:/usr/bin";

impl Command {
    pub fn new(program: &CStr) -> Result<Command> {
        Ok(Command {
            program: Strings::of(program)?,
            name: Strings::new(),
            arguments: Strings::new(),
            directory: Strings::new(),
            has_callers_environment: true,
            variables: Strings::new(),
            descriptors: Vector::new(),
            limits: Vector::new(),
            leads_group: false,
            leads_session: false,
            is_direct: false,
            close_from: None,
            umask: None,
            ids: None,
            groups: Vector::new(),
            cgroup: None,
            tree: Trees::none(),
            image: Host::image(),
        })
    }

    pub fn add_argument(&mut self, argument: &CStr) -> Result<()> {
        self.arguments.push(&[argument.to_bytes()])
    }

    pub fn set_argument_zero(&mut self, name: &CStr) -> Result<()> {
        self.name = Strings::of(name)?;
        Ok(())
    }

    /// No value removes the variable.
    pub fn set_variable(&mut self, name: &CStr, value: Option<&CStr>) -> Result<()> {
        let name = name.to_bytes();
        if name.is_empty() || has(name, b'=') {
            return Err(Errno::EINVAL);
        }
        let former = self.variable(name);
        match value {
            Some(value) => self.variables.push(&[name, b"=", value.to_bytes()])?,
            None => self.variables.push(&[name])?,
        }
        if let Some(former) = former {
            self.variables.remove(former);
        }
        Ok(())
    }

    pub fn clear_environment(&mut self) -> Result<()> {
        self.has_callers_environment = false;
        self.variables.clear();
        Ok(())
    }

    pub fn set_directory(&mut self, path: &CStr) -> Result<()> {
        self.directory = Strings::of(path)?;
        Ok(())
    }

    pub fn set_descriptor(&mut self, target: c_int, source: c_int) -> Result<()> {
        if target < 0 || source < 0 {
            return Err(Errno::EBADF);
        }
        set(&mut self.descriptors, Redirection { target, source }, |redirection| redirection.target == target)
    }

    pub fn set_limit(&mut self, resource: c_int, limits: Rlimit) -> Result<()> {
        // A value above infinity means infinity.
        let is_crossed = limits.rlim_cur > limits.rlim_max && limits.rlim_max < RR_RLIM_INFINITY;
        if !catalog::is_known(resource) || is_crossed {
            return Err(Errno::EINVAL);
        }
        if !Host::is_representable(limits) {
            return Err(Errno::ERANGE);
        }
        set(&mut self.limits, Limit { resource, limits }, |limit| limit.resource == resource)
    }

    pub fn lead_group(&mut self) -> Result<()> {
        self.leads_group = true;
        Ok(())
    }

    pub fn lead_session(&mut self) -> Result<()> {
        self.leads_session = true;
        Ok(())
    }

    pub fn go_direct(&mut self) -> Result<()> {
        self.is_direct = true;
        Ok(())
    }

    pub fn close_from(&mut self, first: c_int) -> Result<()> {
        self.close_from = Some(usize::try_from(first).map(|_| first).map_err(|_| Errno::EBADF)?);
        Ok(())
    }

    pub fn set_umask(&mut self, mask: u32) -> Result<()> {
        if mask & !0o777 != 0 {
            return Err(Errno::EINVAL);
        }
        self.umask = Some(mask);
        Ok(())
    }

    /// The largest number stands for "unchanged" in the system's calls.
    pub fn set_credentials(&mut self, uid: u32, gid: u32, groups: &[u32]) -> Result<()> {
        const UNCHANGED: u32 = u32::MAX;
        if uid == UNCHANGED || gid == UNCHANGED || groups.contains(&UNCHANGED) {
            return Err(Errno::EINVAL);
        }
        let mut copy = Vector::new();
        copy.extend(groups)?;
        (self.ids, self.groups) = (Some([uid, gid]), copy);
        Ok(())
    }

    pub fn set_cgroup(&mut self, folder: c_int) -> Result<()> {
        self.cgroup = Some(usize::try_from(folder).map(|_| folder).map_err(|_| Errno::EBADF)?);
        Ok(())
    }

    pub fn set_tree(&mut self, flags: u32) -> Result<()> {
        self.tree.allow(flags)
    }

    pub fn set_tree_limit(&mut self, what: c_int, value: u64) -> Result<()> {
        self.tree.limit(what, value)
    }

    pub fn spawn(&self) -> core::result::Result<Child, Failed> {
        let (begun, peak_before) = (sys::clock::<Host>(), own_peak());
        let paths = self.paths()?;
        let name = self.name.first().or(self.program.first());
        let tree = self.tree.plan().map_err(Failed::at(RR_STEP_TREE, 0))?;
        let plan = Plan {
            paths: Pointers::to(paths.iter())?,
            arguments: Pointers::to(name.into_iter().chain(self.arguments.iter()))?,
            environment: Pointers::to(self.environment())?,
            directory: self.directory.first(),
            descriptors: self.descriptors.as_slice(),
            limits: self.limits.as_slice(),
            leads_group: self.leads_group,
            leads_session: self.leads_session,
            close_from: self.close_from,
            umask: self.umask,
            credentials: self.ids.map(|[uid, gid]| Credentials { uid, gid, groups: self.groups.as_slice() }),
            cgroup: self.cgroup,
            tree: tree.as_ref(),
        };
        let handle = Host::spawn(&plan, &self.image, self.is_direct)?;
        let leads_group = self.leads_group || self.leads_session;
        Ok(Child::new(handle, begun, peak_before, leads_group, self.processor_time()))
    }

    fn variable(&self, name: &[u8]) -> Option<usize> {
        self.variables.position(|variable| {
            variable.strip_prefix(name).is_some_and(|behind| behind.first().is_none_or(|byte| *byte == b'='))
        })
    }

    fn environment(&self) -> impl Iterator<Item = &CStr> {
        let callers = self.has_callers_environment.then(sys::environment::<Host>).into_iter().flatten();
        let callers = callers.map(|variable| -> &CStr { variable });
        let kept = callers.filter(|variable| self.variable(name_of(variable)).is_none());
        kept.chain(self.variables.iter().filter(|variable| has(variable.to_bytes(), b'=')))
    }

    /// The paths where the program may be. POSIX, "Environment Variables": PATH.
    fn paths(&self) -> Result<Strings> {
        let program = self.program.first().unwrap_or_default();
        if program.is_empty() || has(program.to_bytes(), b'/') {
            return Strings::of(program);
        }
        let variable = self.environment().find_map(|variable| variable.to_bytes().strip_prefix(b"PATH="));
        let mut paths = Strings::new();
        // As execvp does: no valid path begins with a longer part.
        let is_usable = |part: &&[u8]| part.len() < Host::PATH_MAX;
        for part in parts_of(variable.unwrap_or(DEFAULT_PATH)).filter(is_usable) {
            let slash: &[u8] = if part.is_empty() { b"./" } else { b"/" };
            paths.push(&[part, slash, program.to_bytes()])?;
        }
        Ok(paths)
    }

    /// The program's soft limit on processor time, in seconds.
    fn processor_time(&self) -> u64 {
        let named = self.limits.as_slice().iter().find(|limit| limit.resource == catalog::RR_RLIMIT_CPU);
        let limits = named.map(|limit| limit.limits).or_else(|| Host::getrlimit(catalog::RR_RLIMIT_CPU).ok());
        limits.map_or(RR_RLIM_INFINITY, |limits| limits.rlim_cur)
    }
}

/// The part before '='; the whole text if there is none.
fn name_of(variable: &CStr) -> &[u8] {
    variable.to_bytes().split(|byte| *byte == b'=').next().unwrap_or_default()
}

/// Replaces the entry that is the same, or appends.
fn set<T: Copy>(entries: &mut Vector<T>, entry: T, is_same: impl Fn(&T) -> bool) -> Result<()> {
    match entries.as_mut_slice().iter_mut().find(|known| is_same(known)) {
        Some(known) => *known = entry,
        None => entries.push(entry)?,
    }
    Ok(())
}
