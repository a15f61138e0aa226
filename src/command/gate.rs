//! Who may use a child's number: signals go by number where there is no pidfd, and must not once the child
//! was waited for and the number is free.

use crate::errno::{Errno, Result};
use crate::sys;
use core::sync::atomic::{AtomicU32, Ordering};

/// Whoever uses the number is inside; whoever frees it closes the gate first, and waits until all are out.
pub struct Gate(AtomicU32);

const CLOSED: u32 = 1 << 31;

pub struct Inside<'a>(&'a Gate);

impl Gate {
    pub const fn open() -> Gate {
        Gate(AtomicU32::new(0))
    }

    /// ESRCH once it is closed.
    pub fn enter(&self) -> Result<Inside<'_>> {
        let count_in = |state| (state & CLOSED == 0).then_some(state + 1);
        match self.0.fetch_update(Ordering::Acquire, Ordering::Relaxed, count_in) {
            Ok(_) => Ok(Inside(self)),
            Err(_) => Err(Errno::ESRCH),
        }
    }

    /// For good. Those inside are about to leave: they make one system call.
    pub fn close(&self) {
        self.0.fetch_or(CLOSED, Ordering::Acquire);
        while self.0.load(Ordering::Acquire) != CLOSED {
            sys::yield_processor();
        }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Release);
    }
}
