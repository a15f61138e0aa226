//! What several systems share, over the traits that a system implements: nothing here calls a system by name.
//!
//! `path`, `pipe2` and `sysctl` call what only some systems have: these declare them as modules of their own.

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
