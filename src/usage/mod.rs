//! F2: usage, as the system reports it (`rr_rusage`), and in the same form for all processes (`rr_usage`).

mod fields;
mod from_rusage;
mod read;
mod record;
mod rusage;
mod wait;

pub use crate::sys::{Rusage, Usage, page_size};
pub use fields::{field_count, field_name, field_number, field_summary, field_unit, field_value};
pub use from_rusage::from_rusage;
pub use read::{read, reset_peak};
pub use record::{
    field_count as usage_field_count, field_group as usage_field_group, field_name as usage_field_name,
    field_summary as usage_field_summary, field_unit as usage_field_unit, field_value as usage_field_value, since,
};
pub use rusage::getrusage;
pub use wait::{decode, wait4};
