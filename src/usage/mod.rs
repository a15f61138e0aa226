//! F2: what was used, as the system reports it.

mod fields;
mod rusage;
mod wait;

pub use crate::sys::{Rusage, page_size};
pub use fields::{FIELD_COUNT, field_name, field_summary, field_value};
pub use rusage::getrusage;
pub use wait::{decode, wait4};
