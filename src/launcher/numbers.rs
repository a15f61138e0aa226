//! The numbers that the library passes to the launcher and to the supervisor.

use core::ffi::c_char;

/// The numbers of a job, up to the NUL; after it they are 0.
#[repr(transparent)]
pub struct Numbers(pub *const c_char);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        let mut value: u64 = 0;
        loop {
            // SAFETY: the text is ended by NUL, which is not passed.
            let letter = unsafe { *self.0 } as u8;
            if letter == 0 {
                return value;
            }
            // SAFETY: at most the NUL is behind a letter that is none.
            self.0 = unsafe { self.0.add(1) };
            let digit = match letter {
                b'0'..=b'9' => letter - b'0',
                b'a'..=b'f' => letter - b'a' + 10,
                _ => return value,
            };
            value = value << 4 | u64::from(digit);
        }
    }
}
