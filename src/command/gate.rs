//! Who may use a child's number: where there is no pidfd signals go by number, and must not once the child
//! was waited for and the number is free.

use crate::errno::{Errno, Result};
use crate::sys::{self, Host, System};
use core::sync::atomic::{AtomicU32, Ordering};

/// Whoever uses the number is inside; whoever frees it closes the gate first, and waits until all are out.
pub struct Gate {
    /// How many are inside, and CLOSED.
    state: AtomicU32,
    /// In a process that was forked with the gate nobody of those inside is there to leave.
    process: i32,
}

const CLOSED: u32 = 1 << 31;

/// Without signals: a handler that waits for the child would wait for the one that it interrupts.
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

    /// ESRCH once it is closed.
    pub fn enter(&self) -> Result<Inside<'_>> {
        let blocked = Host::block_signals()?;
        let count_in = |state| (state & CLOSED == 0).then_some(state + 1);
        match self.state.fetch_update(Ordering::Acquire, Ordering::Relaxed, count_in) {
            Ok(_) => Ok(Inside { gate: self, _blocked: blocked }),
            Err(_) => Err(Errno::ESRCH),
        }
    }

    /// Until all who are inside have left, who make a few system calls. ETIMEDOUT when they have not, and it
    /// is as it was.
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

    /// The number was not freed after all.
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
