//! How caller and supervisor talk: packets over a pair of sockets, unix(7). The supervisor ends its tree when no process
//! holds the caller's end any more.

use super::Supervisor;
use super::message::{Order, Report};
use crate::errno::{Errno, Result};
use crate::sys::Host;
use crate::sys::host::descriptor::Descriptor;
use crate::sys::host::kernel::{self, address};
use crate::sys::host::pause::time_of;
use crate::sys::host::spawn::protocol::{Control, Header, Part};
use crate::sys::portable::unix::clock;
use core::ffi::c_int;

pub struct Channel {
    ours: Descriptor,
    childs: Option<Descriptor>,
    nonce: u64,
}

/// What the socket holds.
#[allow(clippy::large_enum_variant, reason = "each lives for a moment, on the stack")]
pub enum Heard {
    Report(Report, Option<Descriptor>),
    Nothing,
    /// No process holds the other end.
    End,
}

impl Channel {
    pub fn open() -> Result<Channel> {
        let mut pair: [c_int; 2] = [-1; 2];
        let kind = libc::SOCK_SEQPACKET | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
        let arguments = [libc::AF_UNIX as usize, kind as usize, 0, address(&mut pair), 0];
        // SAFETY: the kernel writes two ints.
        unsafe { kernel::call(libc::SYS_socketpair, arguments) }?;
        let [ours, childs] = pair.map(|fd| Descriptor::owned(fd as usize));
        let (ours, childs) = (ours.above_standard()?, childs.above_standard()?);
        // Of this start and no other: when it began, and where the caller's stack was.
        let nonce = clock::<Host>().rotate_left(20) ^ address(&mut pair) as u64;
        Ok(Channel { ours, childs: Some(childs), nonce })
    }

    pub fn childs_end(&self) -> c_int {
        self.childs.as_ref().map_or(-1, Descriptor::number)
    }

    pub fn nonce(&self) -> u64 {
        self.nonce
    }

    pub fn close_childs_end(&mut self) {
        self.childs = None;
    }

    /// `None` where the supervisor ended without one.
    pub fn await_report(&self, supervisor: &Supervisor) -> Option<(Report, Option<Descriptor>)> {
        self.next_report(supervisor, None).ok()
    }

    /// ECHILD where none can come any more, ETIMEDOUT after the deadline.
    pub fn next_report(&self, supervisor: &Supervisor, deadline: Option<u64>) -> Result<(Report, Option<Descriptor>)> {
        let mut has_ended = false;
        loop {
            match self.hear() {
                Heard::Report(report, descriptor) => return Ok((report, descriptor)),
                Heard::Nothing if !has_ended => {}
                _ => return Err(Errno(libc::ECHILD)),
            }
            has_ended = wait_for_either(&self.ours, &supervisor.pidfd, deadline)?;
        }
    }

    fn hear(&self) -> Heard {
        /// Where the supervisor ended with an order unread the error comes once, before what it sent:
        /// `unix_release_sock` in `net/unix/af_unix.c`.
        const MOST_ERRORS: u32 = 4;
        let mut errors = 0;
        loop {
            match self.receive() {
                Ok((0, ..)) => return Heard::End,
                Ok((length, report, descriptor)) if length == size_of::<Report>() && report.nonce == self.nonce => {
                    return Heard::Report(report, descriptor);
                }
                // Another sender's, or cut short by a signal handler.
                Ok(_) | Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => return Heard::Nothing,
                Err(_) if errors < MOST_ERRORS => errors += 1,
                Err(_) => return Heard::End,
            }
        }
    }

    fn receive(&self) -> Result<(usize, Report, Option<Descriptor>)> {
        let mut report = Report::new(0, 0);
        let part = Part { base: address(&mut report), length: size_of::<Report>() };
        let mut control = Control { length: 0, level: 0, kind: 0, descriptor: -1 };
        let mut header = Header::new(&part, Some(&mut control));
        let flags = libc::MSG_DONTWAIT | libc::MSG_CMSG_CLOEXEC;
        let arguments = [self.ours.number() as usize, address(&mut header), flags as usize];
        // SAFETY: the kernel writes to the report and the control block, as much as the header allows.
        let length = unsafe { kernel::call(libc::SYS_recvmsg, arguments) }?;
        let has_descriptor = control.length == Control::LENGTH && control.kind == libc::SCM_RIGHTS;
        Ok((length, report, has_descriptor.then(|| Descriptor::owned(control.descriptor as usize))))
    }

    pub fn order(&self, signal: c_int) -> Result<()> {
        let mut order = Order { nonce: self.nonce, signal, reserved: 0 };
        send(self.ours.number(), Part { base: address(&mut order), length: size_of::<Order>() })
    }
}

/// To the caller, from the child before it executes the supervisor.
pub fn report(socket: c_int, mut report: Report) {
    let _ = send(socket, Part { base: address(&mut report), length: size_of::<Report>() });
}

/// `part` is an order or a report that lives until the call is over.
fn send(socket: c_int, part: Part) -> Result<()> {
    let mut header = Header::new(&part, None);
    let flags = (libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT) as usize;
    // SAFETY: the kernel reads the header and the part.
    unsafe { kernel::call(libc::SYS_sendmsg, [socket as usize, address(&mut header), flags]) }.map(drop)
}

/// Whether the process has ended. ETIMEDOUT after the deadline.
fn wait_for_either(socket: &Descriptor, pidfd: &Descriptor, deadline: Option<u64>) -> Result<bool> {
    let entry = |file: &Descriptor| libc::pollfd { fd: file.number(), events: libc::POLLIN, revents: 0 };
    let mut entries = [entry(socket), entry(pidfd)];
    let mut time = deadline.map(|deadline| time_of(deadline.saturating_sub(clock::<Host>())));
    let time = time.as_mut().map_or(0, address);
    // SAFETY: two struct pollfd are read and written, a time read and perhaps written; no signal mask.
    match unsafe { kernel::call(libc::SYS_ppoll, [address(&mut entries), 2, time, 0, 0]) } {
        Ok(0) => Err(Errno(libc::ETIMEDOUT)),
        Ok(_) => {
            let [_, pidfd] = entries;
            Ok(pidfd.revents != 0)
        }
        Err(Errno::EINTR) => Ok(false),
        Err(error) => Err(error),
    }
}
