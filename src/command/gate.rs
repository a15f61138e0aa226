//! Who may use a child's number: signals go by number where there is no pidfd, and must not once the child
//! was waited for and the number is free.

use crate::errno::{Errno, Result};
use crate::sys::{self, Blocked};
use core::sync::atomic::{AtomicU32, Ordering};

/// Whoever uses the number is inside; whoever frees it closes the gate first, and waits until all are out.
pub struct Gate(AtomicU32);

const CLOSED: u32 = 1 << 31;

/// Without signals: a handler that waits for the child would wait for the one that it interrupts.
pub struct Inside<'a> {
    gate: &'a Gate,
    _blocked: Blocked,
}

impl Gate {
    pub const fn open() -> Gate {
        Gate(AtomicU32::new(0))
    }

    /// ESRCH once it is closed.
    pub fn enter(&self) -> Result<Inside<'_>> {
        let blocked = Blocked::all();
        let count_in = |state| (state & CLOSED == 0).then_some(state + 1);
        match self.0.fetch_update(Ordering::Acquire, Ordering::Relaxed, count_in) {
            Ok(_) => Ok(Inside { gate: self, _blocked: blocked }),
            Err(_) => Err(Errno::ESRCH),
        }
    }

    /// For good. Those inside are about to leave: they make a few system calls, none of which waits.
    pub fn close(&self) {
        self.0.fetch_or(CLOSED, Ordering::Acquire);
        while self.0.load(Ordering::Acquire) != CLOSED {
            sys::yield_processor();
        }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.gate.0.fetch_sub(1, Ordering::Release);
    }
}
