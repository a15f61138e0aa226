//! What several systems share, written in terms of the traits that a system implements: nothing here depends on a
//! particular system.
//!
//! `path`, `pipe2` and `sysctl` call what only some systems have: these systems declare them as their own modules.

pub mod bounds;
pub mod exit;
mod fields;
pub mod forked;
pub mod memory;
pub mod pause;
pub mod placing;
pub mod plan;
pub mod posix;
pub mod posix_bounds;
pub mod started;
pub mod unix;
