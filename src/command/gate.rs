//! Guards a child's PID. Without a pidfd signals are sent by PID, which must not happen after the child was reaped,
//! because the PID may be reused.

use crate::errno::{Errno, Result};
use crate::sys::{self, Host, System};
use core::sync::atomic::{AtomicU32, Ordering};

/// A thread that uses the PID is inside; the thread that reaps closes the gate first, and waits until no thread is
/// inside.
pub struct Gate {
    /// The number of threads inside, and CLOSED.
    state: AtomicU32,
    /// The process of the threads inside: in a forked copy of it they do not exist, and never leave.
    process: i32,
}

const CLOSED: u32 = 1 << 31;

/// With signals blocked: a handler that waits for the child would wait for the thread that it interrupts.
pub struct Inside<'a> {
    gate: &'a Gate,
    _blocked: <Host as System>::SignalsBlocked,
}

impl Gate {
    pub fn open() -> Gate {
        Gate { state: AtomicU32::new(0), process: Host::own_pid() }
    }

    pub fn is_closed(&self) -> bool {
        self.state.load(Ordering::Acquire) & CLOSED != 0
    }

    /// ESRCH after it is closed.
    pub fn enter(&self) -> Result<Inside<'_>> {
        let blocked = Host::block_signals()?;
        let count_in = |state| (state & CLOSED == 0).then_some(state + 1);
        match self.state.fetch_update(Ordering::Acquire, Ordering::Relaxed, count_in) {
            Ok(_) => Ok(Inside { gate: self, _blocked: blocked }),
            Err(_) => Err(Errno::ESRCH),
        }
    }

    /// Closes it and waits until all threads inside have left, which takes a few system calls. On ETIMEDOUT it is open
    /// again.
    pub fn close(&self, deadline: Option<u64>) -> Result<()> {
        let mut state = self.state.fetch_or(CLOSED, Ordering::Acquire) | CLOSED;
        while state != CLOSED && self.process == Host::own_pid() {
            if deadline.is_some_and(|deadline| sys::clock::<Host>() >= deadline) {
                self.reopen();
                return Err(Errno(libc::ETIMEDOUT));
            }
            Host::wait_while(&self.state, state, deadline);
            state = self.state.load(Ordering::Acquire);
        }
        Ok(())
    }

    /// Opens it again, if the child was not reaped.
    pub fn reopen(&self) {
        self.state.fetch_and(!CLOSED, Ordering::Release);
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        if self.gate.state.fetch_sub(1, Ordering::Release) == CLOSED | 1 {
            Host::wake(&self.gate.state);
        }
    }
}
