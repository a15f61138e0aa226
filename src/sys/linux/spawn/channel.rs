//! How the launcher reports, and a direct child that does not share memory: packets over a pair of sockets, which can
//! carry descriptors and are never read in part, unix(7).
//!
//! No call blocks: children that other threads fork may hold both ends open for long. A message without the start's
//! nonce is ignored: a thread that writes to a closed standard descriptor may reach a socket that has just got that
//! number.

use super::owned;
use super::protocol::{CLONED, Control, FAILED, Header, Message, NOT_RUN, PIPE, PROGRAM, Part};
use crate::errno::{Errno, Result};
use crate::sys::Host;
use crate::sys::host::descriptor::Descriptor;
use crate::sys::host::kernel::{self, address};
use crate::sys::host::pause;
use crate::sys::portable::plan::Failed;
use crate::sys::portable::unix::clock;
use core::ffi::c_int;

pub struct Channel {
    ours: Descriptor,
    childs: Option<Descriptor>,
    nonce: u64,
}

/// The messages of a start that have been received.
#[derive(Default)]
pub struct Received {
    /// Set after the pipe was announced; the descriptor is missing if the caller had none free for it.
    pipe: Option<Option<Descriptor>>,
    /// The PID of the process that the launcher has cloned.
    pub cloned: Option<i32>,
    /// The PID and the pidfd of that process, which was about to execute the program.
    pub program: Option<(i32, Option<Descriptor>)>,
    pub has_not_run: bool,
    failed: Option<Failed>,
    /// No other process holds the other end any more.
    is_over: bool,
}

impl Channel {
    pub fn open() -> Result<Channel> {
        let mut pair: [c_int; 2] = [-1; 2];
        let kind = libc::SOCK_SEQPACKET | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
        let arguments = [libc::AF_UNIX as usize, kind as usize, 0, address(&mut pair), 0];
        // SAFETY: the kernel writes two ints.
        unsafe { kernel::call(libc::SYS_socketpair, arguments) }?;
        let [Some(ours), Some(childs)] = pair.map(owned) else { return Err(Errno::EIO) };
        let (ours, childs) = (ours.above_standard()?, childs.above_standard()?);
        // Unique to this start: the time, and the address of the caller's stack.
        let nonce = clock::<Host>().rotate_left(20) ^ address(&mut pair) as u64;
        let channel = Channel { ours, childs: Some(childs), nonce };
        if channel.can_be_heard() { Ok(channel) } else { Err(Errno::EIO) }
    }

    /// Whether messages can be received. If a sandbox refused that, the launcher's result would be unknown. These two
    /// calls fail with different errors, which a refusal cannot imitate.
    fn can_be_heard(&self) -> bool {
        let into_nowhere = [self.ours.number() as usize, 0, libc::MSG_DONTWAIT as usize, 0, 0];
        // SAFETY: there is no header, and the kernel returns EFAULT.
        let refused = unsafe { kernel::call(libc::SYS_recvmsg, into_nowhere) };
        refused == Err(Errno::EFAULT) && matches!(receive(&self.ours), Err(Errno::EAGAIN) | Ok(Some(_)))
    }

    pub fn childs_end(&self) -> c_int {
        self.childs.as_ref().map_or(-1, Descriptor::number)
    }

    pub fn nonce(&self) -> u64 {
        self.nonce
    }

    /// Closes the parent's copy of the child's end, after the child began.
    pub fn close_childs_end(&mut self) {
        self.childs = None;
    }

    /// Receives the messages that are there, until there are enough.
    fn hear(&self, received: &mut Received, is_enough: impl Fn(&Received) -> bool) -> Result<()> {
        /// A sandbox may cause a single error, because of which no queued message may be missed. EAGAIN, which the
        /// sandbox may cause too, is counted apart: after the last of several any other error may be the first.
        const MOST_ERRORS: u32 = 4;
        let (mut errors, mut nothing) = (0, 0);
        while !is_enough(received) {
            match receive(&self.ours) {
                Ok(Some((message, descriptor))) if message.nonce == self.nonce => received.note(message, descriptor),
                Ok(Some(_)) => {}
                Ok(None) => {
                    received.is_over = true;
                    return Ok(());
                }
                Err(Errno::EAGAIN) if nothing < MOST_ERRORS => nothing += 1,
                Err(Errno::EAGAIN) => return Ok(()),
                Err(_) if errors < MOST_ERRORS => errors += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Receives the announcement of the pipe only.
    pub fn receive_pipe(&self, received: &mut Received) -> Result<()> {
        self.hear(received, |received| received.pipe.is_some())
    }

    pub fn receive_all(&self, received: &mut Received) -> Result<()> {
        self.hear(received, |_| false)
    }

    /// Waits until a child that does not share memory has executed, failed or ended; returns the failure. Only
    /// emulators have such children, and the cost of polling is small compared with theirs.
    pub fn wait_for_failure(&self, has_ended: impl Fn() -> bool) -> Option<Failed> {
        let mut received = Received::default();
        let answer = pause::until(None, || {
            let was_ended = has_ended();
            self.receive_all(&mut received)?;
            Ok((received.failed.is_some() || received.is_over || was_ended).then_some(received.failed))
        });
        answer.ok().flatten()
    }

    /// Without the pipe: waits until no process holds the other end. The wait is short, because unrelated processes
    /// may hold it.
    pub fn wait_until_over(&self, received: &mut Received) {
        const LONGEST: u64 = 1_000_000_000;
        let _ = pause::until(Some(clock::<Host>().saturating_add(LONGEST)), || {
            self.receive_all(received)?;
            Ok(received.is_over.then_some(()))
        });
    }
}

impl Received {
    fn note(&mut self, message: Message, descriptor: Option<Descriptor>) {
        match message.kind {
            PIPE => self.pipe = Some(descriptor),
            CLONED => self.cloned = Some(message.pid),
            PROGRAM => self.program = Some((message.pid, descriptor)),
            NOT_RUN => self.has_not_run = true,
            FAILED => {
                let [step, detail, error, _] = message.failure;
                self.failed = Some(Failed { step, detail, error: Errno(error) });
            }
            _ => {}
        }
    }

    /// Waits until both the launcher and the program's process have executed or ended. `None` without a pipe.
    pub fn wait_for_pipe(&mut self) -> Option<bool> {
        let Some(pipe) = self.pipe.take()? else { return Some(false) };
        let mut byte = [0];
        loop {
            match pipe.read(&mut byte) {
                Err(Errno::EINTR) => {}
                Ok(1) => self.has_not_run = true,
                Ok(_) => return Some(true),
                Err(_) => return Some(false),
            }
        }
    }
}

/// `None` at the end.
fn receive(socket: &Descriptor) -> Result<Option<(Message, Option<Descriptor>)>> {
    let mut message = Message { nonce: 0, kind: 0, pid: 0, failure: [0; 4] };
    let part = Part { base: address(&mut message), length: size_of::<Message>() };
    let mut control = Control { length: 0, level: 0, kind: 0, descriptor: -1 };
    let mut header = Header::new(&part, Some(&mut control));
    let flags = libc::MSG_DONTWAIT | libc::MSG_CMSG_CLOEXEC;
    let arguments = [socket.number() as usize, address(&mut header), flags as usize, 0, 0];
    // SAFETY: the kernel writes to the message and the control block, as much as the header specifies.
    let length = unsafe { kernel::call(libc::SYS_recvmsg, arguments) }?;
    let has_descriptor = control.length == Control::LENGTH && control.kind == libc::SCM_RIGHTS;
    let descriptor = if has_descriptor { owned(control.descriptor) } else { None };
    // A foreign message of another length has no nonce.
    let message = if length == size_of::<Message>() { message } else { Message { nonce: 0, ..message } };
    Ok((length > 0).then_some((message, descriptor)))
}

/// Sent by a direct child before it ends. A caller that shares its memory reads the failure there.
pub fn report_failure(socket: c_int, nonce: u64, failed: Failed) {
    let failure = [failed.step, failed.detail, failed.error.0, 0];
    let _ = send(socket, Message { nonce, kind: FAILED, pid: 0, failure }, None);
}

/// Called in the child that is about to execute the launcher, which inherits the writing end. The pipe is not created
/// in the caller, so that no child that another thread forks meanwhile can hold that end open.
pub fn open_pipe(socket: c_int, nonce: u64) -> Result<Descriptor> {
    let mut ends: [c_int; 2] = [-1; 2];
    // SAFETY: the kernel writes two ints.
    unsafe { kernel::call(libc::SYS_pipe2, [address(&mut ends), libc::O_CLOEXEC as usize, 0, 0, 0]) }?;
    let [Some(callers), Some(programs)] = ends.map(owned) else { return Err(Errno::EIO) };
    send(socket, Message { nonce, kind: PIPE, pid: 0, failure: [0; 4] }, Some(&callers))?;
    Ok(programs)
}

fn send(socket: c_int, mut message: Message, descriptor: Option<&Descriptor>) -> Result<()> {
    let part = Part { base: address(&mut message), length: size_of::<Message>() };
    let number = descriptor.map_or(-1, Descriptor::number);
    let mut control =
        Control { length: Control::LENGTH, level: libc::SOL_SOCKET, kind: libc::SCM_RIGHTS, descriptor: number };
    let mut header = Header::new(&part, (number >= 0).then_some(&mut control));
    let flags = libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT;
    let arguments = [socket as usize, address(&mut header), flags as usize, 0, 0];
    // SAFETY: the kernel reads the header, the message and the control block.
    unsafe { kernel::call(libc::SYS_sendmsg, arguments) }.map(drop)
}
