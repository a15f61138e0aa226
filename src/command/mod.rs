//! F2: a program started under limits, and what it truly used.

mod builder;
mod child;
mod gate;
mod outcome;
mod steps;
mod strings;

pub use builder::Command;
pub use child::Child;
pub use outcome::Outcome;
pub use steps::step_text;
