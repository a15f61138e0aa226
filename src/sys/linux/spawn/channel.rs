//! How the launcher answers, and a direct child that shares no memory: packets over a pair of sockets,
//! which take descriptors along and are never read in part, unix(7). And how a program answers that could not
//! be executed: over a pipe, whose end says that it was.

use super::owned;
use super::protocol::{ANNOUNCED, CLONED, Control, FAILED, Header, Message, NOT_CLONED, PIPE, Part};
use crate::errno::{Errno, Result};
use crate::sys::linux::descriptor::Descriptor;
use crate::sys::linux::kernel::{self, address};
use core::ffi::c_int;

pub struct Channel {
    ours: Descriptor,
    childs: Descriptor,
}

/// What the launcher has said until it ended.
pub enum Report {
    /// It has not cloned and will not: it did not get far enough to say so.
    Silence,
    NotCloned,
    /// It was ended while it cloned: nobody knows whether the program runs.
    Announced,
    Cloned {
        pid: i32,
        pidfd: Option<Descriptor>,
    },
}

impl Channel {
    pub fn open() -> Result<Channel> {
        let mut pair: [c_int; 2] = [-1; 2];
        let kind = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
        let arguments = [libc::AF_UNIX as usize, kind as usize, 0, address(&mut pair), 0];
        // SAFETY: the kernel writes two ints.
        unsafe { kernel::call(libc::SYS_socketpair, arguments) }?;
        let [Some(ours), Some(childs)] = pair.map(owned) else { return Err(Errno::EIO) };
        match receive(&ours, libc::MSG_DONTWAIT) {
            Err(Errno::EAGAIN) => Ok(Channel { ours, childs }),
            // What the launcher will say could not be heard.
            Err(error) => Err(error),
            Ok(_) => Err(Errno::EIO),
        }
    }

    pub fn childs_end(&self) -> c_int {
        self.childs.number()
    }

    /// Until the program has been executed, or cannot be any more: why it could not; else 0. Without room for
    /// the pipe's descriptor it is 0 at once.
    pub fn await_start(&self) -> c_int {
        let mut error = [0; size_of::<c_int>()];
        let Ok(Some((Message { kind: PIPE, .. }, Some(pipe)))) = receive(&self.ours, libc::MSG_DONTWAIT) else {
            return 0;
        };
        loop {
            match pipe.read(&mut error) {
                Err(Errno::EINTR) => {}
                Ok(length) if length == error.len() => return c_int::from_ne_bytes(error),
                _ => return 0,
            }
        }
    }

    /// All that a launcher has sent which has ended. It does not wait: a child that another thread forked
    /// meanwhile may hold the other end open for long.
    pub fn read(&mut self) -> Report {
        let mut report = Report::Silence;
        loop {
            let (message, descriptor) = match receive(&self.ours, libc::MSG_DONTWAIT) {
                Ok(Some(heard)) => heard,
                Ok(None) | Err(Errno::EAGAIN) => return report,
                // Nobody knows what it has said.
                Err(_) => return Report::Announced,
            };
            report = match message.kind {
                ANNOUNCED => Report::Announced,
                NOT_CLONED => Report::NotCloned,
                CLONED => Report::Cloned { pid: message.pid, pidfd: descriptor },
                _ => report,
            };
        }
    }

    /// 0 once the child has executed, or the error that it met.
    pub fn wait_for_error(self) -> c_int {
        let Channel { ours, childs } = self;
        drop(childs);
        loop {
            match receive(&ours, 0) {
                Ok(Some((Message { kind: FAILED, error, .. }, _))) => return error,
                Err(Errno::EINTR) | Ok(Some(_)) => {}
                Ok(None) | Err(_) => return 0,
            }
        }
    }
}

/// `None` at the end.
fn receive(socket: &Descriptor, flags: c_int) -> Result<Option<(Message, Option<Descriptor>)>> {
    let mut message = Message { kind: 0, pid: 0, error: 0 };
    let mut part = Part { base: address(&mut message), length: size_of::<Message>() };
    let mut control = Control { length: 0, level: 0, kind: 0, descriptor: -1 };
    let mut header = Header {
        name: 0,
        name_length: 0,
        parts: address(&mut part),
        part_count: 1,
        control: address(&mut control),
        control_length: size_of::<Control>(),
        flags: 0,
    };
    let flags = flags | libc::MSG_CMSG_CLOEXEC;
    let arguments = [socket.number() as usize, address(&mut header), flags as usize, 0, 0];
    // SAFETY: the kernel writes to the message and the control block, as much as the header says.
    let length = unsafe { kernel::call(libc::SYS_recvmsg, arguments) }?;
    // SAFETY: the kernel may have written it.
    let control = unsafe { (&raw const control).read_volatile() };
    let has_descriptor = control.length == Control::LENGTH && control.kind == libc::SCM_RIGHTS;
    let descriptor = if has_descriptor { owned(control.descriptor) } else { None };
    // SAFETY: as above.
    let message = unsafe { (&raw const message).read_volatile() };
    Ok((length == size_of::<Message>()).then_some((message, descriptor)))
}

/// From a direct child, before it ends. A caller that shares its memory looks there.
pub fn say_failed(socket: c_int, error: Errno) {
    let _ = send(socket, Message { kind: FAILED, pid: 0, error: error.0 }, None);
}

/// From a child on its way to the launcher, which gets the end that is answered. The pipe was never the
/// caller's: no child that another thread forks meanwhile can hold that end open.
pub fn open_pipe(socket: c_int) -> Result<Descriptor> {
    let mut ends: [c_int; 2] = [-1; 2];
    // SAFETY: the kernel writes two ints.
    unsafe { kernel::call(libc::SYS_pipe2, [address(&mut ends), libc::O_CLOEXEC as usize, 0, 0, 0]) }?;
    let [Some(callers), Some(programs)] = ends.map(owned) else { return Err(Errno::EIO) };
    send(socket, Message { kind: PIPE, pid: 0, error: 0 }, Some(&callers))?;
    Ok(programs)
}

fn send(socket: c_int, mut message: Message, descriptor: Option<&Descriptor>) -> Result<()> {
    let mut part = Part { base: address(&mut message), length: size_of::<Message>() };
    let number = descriptor.map_or(-1, Descriptor::number);
    let mut control =
        Control { length: Control::LENGTH, level: libc::SOL_SOCKET, kind: libc::SCM_RIGHTS, descriptor: number };
    let (control, control_length) = if number < 0 { (0, 0) } else { (address(&mut control), size_of::<Control>()) };
    let mut header =
        Header { name: 0, name_length: 0, parts: address(&mut part), part_count: 1, control, control_length, flags: 0 };
    let arguments = [socket as usize, address(&mut header), libc::MSG_NOSIGNAL as usize, 0, 0];
    // SAFETY: the kernel reads the header, the message and the control block.
    unsafe { kernel::call(libc::SYS_sendmsg, arguments) }.map(drop)
}
