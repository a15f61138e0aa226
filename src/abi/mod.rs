//! F0: the structs and constants that C sees.

pub mod command;
