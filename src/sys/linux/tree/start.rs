//! What runs in the child, in its caller's memory, up to exec of the supervisor. It allocates nothing and calls the
//! kernel alone.

use super::channel::{self, Channel};
use super::message::{FAILED, IS_NEW_USER, LEADS_GROUP, LEADS_SESSION, Report, SETS_USER, VERSION, WAITS_FOR_ALL};
use super::{Result, Supervisor};
use crate::abi::command::{RR_STEP_DIRECTORY, RR_STEP_START, RR_STEP_TREE};
use crate::catalog::{RR_RLIMIT_NOFILE, RR_RLIMIT_STACK};
use crate::errno::{self, Errno};
use crate::sys::Host;
use crate::sys::host::descriptor::Descriptor;
use crate::sys::host::spawn::child::{Own, exit};
use crate::sys::host::spawn::protocol::Found;
use crate::sys::host::spawn::record::{Rights, find, is_in_proc};
use crate::sys::host::spawn::stack::Stack;
use crate::sys::host::spawn::{raise_soft_limit, representable, settings};

use crate::sys::host::{kernel, signals};
use crate::sys::portable::memory::{Pointers, Vector};
use crate::sys::portable::placing;
use crate::sys::portable::plan::{Failed, Limit, Plan, Redirection, TreePlan};
use crate::sys::portable::unix::checked;
use core::ffi::{CStr, c_int, c_void};

const NAME: &CStr = c"rresource-tree";

/// What caller and child share of a start.
pub struct Start<'a> {
    plan: &'a Plan<'a>,
    tree: &'a TreePlan,
    stack: Stack,
    socket: c_int,
    image: c_int,
    /// The caller's pidfd, or -1.
    callers: c_int,
    /// The folder of the tree's control group, or -1.
    group: c_int,
    nonce: u64,
    /// The caller's user and group, where the child begins in a separate user namespace.
    ids: Option<[u32; 2]>,
    /// The plan's descriptors, each source where it stands now.
    moved: Vector<Redirection>,
    /// What the program is to have: the plan's limits, and those that were raised for the start.
    limits: Vector<Limit>,
    found: Vector<Found>,
    job: Vector<u8>,
    arguments: Pointers<'a>,
    path_count: usize,
    /// Written by the kernel before the child begins.
    pidfd: c_int,
}

impl<'a> Start<'a> {
    /// Everything the child needs: it must not allocate.
    pub fn new(
        plan: &'a Plan<'a>,
        tree: &'a TreePlan,
        image: c_int,
        channel: &Channel,
        [callers, group]: [c_int; 2],
    ) -> errno::Result<Start<'a>> {
        /// Sixteen digits and a space.
        const NUMBER: usize = 17;
        /// Those that are always there, and user and group.
        const HEAD: usize = 16;
        const MOST_RAISED: usize = 2;
        let path_count = plan.paths.as_slice().len().saturating_sub(1);
        let (mut moved, mut limits, mut found) = (Vector::new(), Vector::new(), Vector::new());
        let mut job = Vector::<u8>::new();
        moved.reserve(plan.descriptors.len())?;
        moved.extend(plan.descriptors)?;
        limits.reserve(plan.limits.len() + MOST_RAISED)?;
        plan.limits.iter().try_for_each(|limit| limits.push(representable(*limit)))?;
        found.reserve(path_count + 1)?;
        let numbers = HEAD + size_of::<Rights>() / 4 + size_of::<Found>() / 8 * path_count;
        job.reserve(NUMBER * (numbers + 3 * (plan.limits.len() + MOST_RAISED)) + 1)?;
        let first = [NAME.as_ptr(), job.as_slice().as_ptr().cast()];
        let paths = plan.paths.as_slice().iter().copied().take(path_count);
        let arguments = plan.arguments.as_slice().iter().copied();
        let arguments = Pointers::of(first.into_iter().chain(paths).chain(arguments))?;
        let (socket, nonce) = (channel.childs_end(), channel.nonce());
        let (stack, ids, pidfd) = (Stack::new()?, None, -1);
        Ok(Start {
            plan,
            tree,
            stack,
            socket,
            image,
            callers,
            group,
            nonce,
            ids,
            moved,
            limits,
            found,
            job,
            arguments,
            path_count,
            pidfd,
        })
    }

    /// pid_namespaces(7). Without the privilege for it a user namespace gives that, in which no other user exists.
    pub fn clone_into_namespace(&mut self, may_change_user: bool) -> Result<Supervisor> {
        match self.clone(libc::CLONE_NEWPID) {
            Err(failed) if failed.step == RR_STEP_TREE && may_change_user => {
                // SAFETY: these take nothing and cannot fail.
                self.ids = Some(unsafe { [libc::geteuid(), libc::getegid()] });
                self.clone(libc::CLONE_NEWPID | libc::CLONE_NEWUSER)
            }
            answer => answer,
        }
    }

    /// libc's function rather than the call itself: it knows on each architecture how a child begins on a separate
    /// stack.
    pub fn clone(&mut self, namespaces: c_int) -> Result<Supervisor> {
        let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::CLONE_PIDFD | libc::SIGCHLD | namespaces;
        let top = self.stack.top();
        let place: *mut Start = self;
        let pid = checked::<Host, _>(|| {
            // SAFETY: the child runs on a separate stack with the state, which outlives it, for this thread
            // is suspended until the child has executed or ended; the kernel writes one int to its pidfd.
            unsafe { libc::clone(enter, top, flags, place.cast(), &raw mut (*place).pidfd) }
        });
        let pid = pid.map_err(|error| match error {
            Errno::EAGAIN if namespaces == 0 => error.into(),
            error if error.is_lack() => error.into(),
            // Without pidfds there are no trees.
            _ => Failed::at(RR_STEP_TREE, 0)(Errno::ENOTSUP),
        })?;
        // SAFETY: a field of ours, which the kernel has written.
        let pidfd = unsafe { core::ptr::read_volatile(&self.pidfd) };
        match usize::try_from(pidfd) {
            Ok(pidfd) => Ok(Supervisor { pid, pidfd: Descriptor::owned(pidfd) }),
            // An emulator that gives the child separate memory: it ends without a pidfd.
            Err(_) => {
                let _ = crate::sys::host::ended::wait_for(pid, None, libc::WEXITED);
                Err(Failed::at(RR_STEP_TREE, 0)(Errno::ENOTSUP))
            }
        }
    }

    fn run(&mut self) -> Failed {
        let unsupported = Failed::at(RR_STEP_TREE, 0)(Errno::ENOTSUP);
        if let Err(failed) = self.prepare() {
            return failed;
        }
        let Some(rights) = Rights::of_caller() else { return unsupported };
        if self.plan.directory.is_some() && is_in_proc() {
            return unsupported;
        }
        // Where none may be executed the program's process finds out why.
        let _ = find(self.plan.paths.as_slice(), &mut self.found);
        self.write_job(&rights);
        for fd in [self.socket, self.callers, self.group] {
            if fd >= 0 && keep_through_exec(fd).is_err() {
                return unsupported;
            }
        }
        let arguments = self.arguments.as_ptr().expose_provenance();
        let environment = self.plan.environment.as_ptr().expose_provenance();
        let path = c"".as_ptr().expose_provenance();
        let arguments = [self.image as usize, path, arguments, environment, libc::AT_EMPTY_PATH as usize];
        // SAFETY: strings ended by NUL, and two arrays of such ended by NULL.
        match unsafe { kernel::call(libc::SYS_execveat, arguments) } {
            Err(error @ (Errno::EAGAIN | Errno::ENOMEM | Errno(libc::E2BIG))) => error.into(),
            _ => unsupported,
        }
    }

    /// As a program that is started without a supervisor has it, so far as that outlives exec.
    fn prepare(&mut self) -> Result<()> {
        signals::block_in_child().map_err(Failed::at(RR_STEP_START, 0))?;
        self.become_own_user()?;
        // A separate group is below the given one, in which then no process may be: cgroups(7), "no internal processes".
        if self.group < 0 {
            settings::join_cgroup(self.plan)?;
        }
        raise_soft_limit(RR_RLIMIT_NOFILE, &mut self.limits);
        // The supervisor has no memory but its stack.
        raise_soft_limit(RR_RLIMIT_STACK, &mut self.limits);
        let targets = self.plan.descriptors;
        for fd in [&mut self.socket, &mut self.image, &mut self.callers, &mut self.group] {
            let is_there = *fd >= 0;
            *fd = placing::out_of_the_way::<Own>(*fd, targets);
            if is_there && *fd < 0 {
                return Err(Errno::EMFILE.into());
            }
        }
        placing::place::<Own>(self.moved.as_mut_slice())
            .map_err(|(target, error)| Failed::at(crate::abi::command::RR_STEP_DESCRIPTOR, target)(error))?;
        settings::close_descriptors(self.plan)?;
        if let Some(directory) = self.plan.directory {
            let path = directory.as_ptr().expose_provenance();
            // SAFETY: the path ends in NUL.
            unsafe { kernel::call(libc::SYS_chdir, [path]) }.map_err(Failed::at(RR_STEP_DIRECTORY, 0))?;
        }
        settings::set_mask_and_groups(self.plan)
    }

    /// user_namespaces(7): one user and one group, who are there what they are here.
    fn become_own_user(&self) -> Result<()> {
        let Some([user, group]) = self.ids else { return Ok(()) };
        let write = |path, text: &[u8]| {
            let written = Descriptor::open(path, libc::O_WRONLY).and_then(|file| file.write(text));
            written.map(drop).map_err(|_| Failed::at(RR_STEP_TREE, 0)(Errno::ENOTSUP))
        };
        write(c"/proc/self/setgroups", b"deny")?;
        let mut line = [0; 32];
        write(c"/proc/self/uid_map", map_of(user, &mut line))?;
        write(c"/proc/self/gid_map", map_of(group, &mut line))
    }

    /// There is room: it does not allocate.
    fn write_job(&mut self, rights: &Rights) {
        let plan = self.plan;
        let flag = |is_set, flag| if is_set { flag } else { 0 };
        let flags = flag(plan.leads_group, LEADS_GROUP)
            | flag(plan.leads_session, LEADS_SESSION)
            | flag(plan.credentials.is_some(), SETS_USER)
            | flag(self.tree.waits_for_all, WAITS_FOR_ALL)
            | flag(self.ids.is_some(), IS_NEW_USER);
        let [callers, group] = [self.callers, self.group].map(|fd| (fd + 1) as u64);
        let head = [VERSION, self.nonce, self.socket as u64, callers, group, flags];
        let counts = [self.path_count, self.found.as_slice().len(), self.limits.as_slice().len()];
        let limits = [self.tree.cpu_ns, self.tree.wall_ns].map(|limit| limit.unwrap_or(0));
        let job = &mut self.job;
        job.clear();
        let numbers = head.into_iter().chain(counts.map(|count| count as u64)).chain(limits);
        numbers.for_each(|number| write_number(job, number));
        rights.capabilities.into_iter().chain(rights.ids).for_each(|number| write_number(job, number.into()));
        self.found.as_slice().iter().flatten().for_each(|number| write_number(job, *number));
        for limit in self.limits.as_slice() {
            let numbers = [limit.resource as u64, limit.limits.rlim_cur, limit.limits.rlim_max];
            numbers.into_iter().for_each(|number| write_number(job, number));
        }
        if let Some(credentials) = plan.credentials {
            write_number(job, credentials.gid.into());
            write_number(job, credentials.uid.into());
        }
        let _ = job.push(0);
    }
}

extern "C" fn enter(start: *mut c_void) -> c_int {
    // SAFETY: of `clone`; the caller is suspended.
    let start = unsafe { &mut *start.cast::<Start>() };
    let Failed { step, detail, error: Errno(error) } = start.run();
    channel::report(start.socket, Report { step, detail, error, ..Report::new(start.nonce, FAILED) });
    exit()
}

fn keep_through_exec(fd: c_int) -> errno::Result<()> {
    // SAFETY: fcntl with F_SETFD takes numbers only.
    unsafe { kernel::call(libc::SYS_fcntl, [fd as usize, libc::F_SETFD as usize, 0]) }.map(drop)
}

fn write_number(text: &mut Vector<u8>, number: u64) {
    let digits = (u64::BITS - number.leading_zeros()).div_ceil(4).max(1);
    for place in (0..digits).rev() {
        let digit = (number >> (4 * place) & 15) as u8;
        let _ = text.push(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
    }
    let _ = text.push(b' ');
}

/// "ID ID 1".
fn map_of(id: u32, line: &mut [u8; 32]) -> &[u8] {
    let mut length = 0;
    let mut put = |byte| {
        if let Some(place) = line.get_mut(length) {
            *place = byte;
            length += 1;
        }
    };
    for _ in 0..2 {
        let mut unit = 1_000_000_000;
        while unit > 1 && id / unit == 0 {
            unit /= 10;
        }
        while unit > 0 {
            put(b'0' + (id / unit % 10) as u8);
            unit /= 10;
        }
        put(b' ');
    }
    put(b'1');
    line.get(..length).unwrap_or_default()
}
