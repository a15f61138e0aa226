//! The launcher's job, in the form of `protocol`.

use super::protocol::{Found, LEADS_GROUP, LEADS_SESSION, SETS_USER, VERSION};
use super::record::Rights;
use crate::errno::Result;
use crate::sys::portable::memory::{Pointers, Vector};
use crate::sys::portable::plan::{Limit, Plan};
use core::ffi::{CStr, c_int};

pub(super) const NAME: &CStr = c"rresource-launcher";

/// The number of limits that are raised for the start and restored in the program: NOFILE, for the descriptors.
pub(super) const MOST_RAISED: usize = 1;

pub struct Job<'a> {
    text: Vector<u8>,
    pub arguments: Pointers<'a>,
    path_count: usize,
}

impl<'a> Job<'a> {
    pub fn new(plan: &'a Plan) -> Result<Job<'a>> {
        /// Sixteen digits and a space.
        const NUMBER: usize = 17;
        const HEAD: usize = 8;
        let mut text = Vector::<u8>::new();
        let path_count = plan.paths.as_slice().len().saturating_sub(1);
        let numbers = HEAD + size_of::<Rights>() / 4 + size_of::<Found>() / 8 * path_count;
        text.reserve(NUMBER * (numbers + 3 * (plan.limits.len() + MOST_RAISED) + 2) + 1)?;
        let first = [NAME.as_ptr(), text.as_slice().as_ptr().cast()];
        let paths = plan.paths.as_slice().iter().copied().take(path_count);
        let arguments = plan.arguments.as_slice().iter().copied();
        let arguments = Pointers::of(first.into_iter().chain(paths).chain(arguments))?;
        Ok(Job { text, arguments, path_count })
    }

    /// There is room: it does not allocate.
    pub fn write(
        &mut self,
        plan: &Plan,
        [socket, pipe]: [c_int; 2],
        nonce: u64,
        rights: &Rights,
        found: &[Found],
        limits: &[Limit],
    ) {
        let group = if plan.leads_group { LEADS_GROUP } else { 0 };
        let session = if plan.leads_session { LEADS_SESSION } else { 0 };
        self.text.clear();
        let user = if plan.credentials.is_some() { SETS_USER } else { 0 };
        let head = [VERSION, nonce, socket as u64, pipe as u64, group | session | user];
        let counts = [self.path_count, found.len(), limits.len()].map(|count| count as u64);
        head.into_iter().chain(counts).for_each(|number| self.write_number(number));
        rights.capabilities.into_iter().chain(rights.ids).for_each(|number| self.write_number(u64::from(number)));
        found.iter().flatten().for_each(|number| self.write_number(*number));
        for limit in limits {
            self.write_number(limit.resource as u64);
            self.write_number(limit.limits.rlim_cur);
            self.write_number(limit.limits.rlim_max);
        }
        if let Some(credentials) = plan.credentials {
            self.write_number(credentials.gid.into());
            self.write_number(credentials.uid.into());
        }
        let _ = self.text.push(0);
    }

    fn write_number(&mut self, number: u64) {
        let digits = (u64::BITS - number.leading_zeros()).div_ceil(4).max(1);
        for place in (0..digits).rev() {
            let digit = (number >> (4 * place) & 15) as u8;
            let _ = self.text.push(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
        }
        let _ = self.text.push(b' ');
    }
}
