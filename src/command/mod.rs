//! F2: programs started under limits, and their exact usage.

mod builder;
mod child;
mod fields;
mod gate;
mod outcome;
mod steps;
mod strings;
mod trees;

pub use builder::Command;
pub use child::Child;
pub use fields::{field_count, field_name, field_unit, field_value};
pub use outcome::Outcome;
pub use steps::step_text;
