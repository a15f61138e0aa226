//! Measures and limits what a program uses: the same C calls on every Unix.
//!
//! C programs see `include/rresource.h`, which cbindgen writes from this crate and which is the
//! reference manual. Inside there are four floors, and an import only ever goes down:
//!
//! | floor | modules | what it knows |
//! | --- | --- | --- |
//! | F3 | [`capi`] | the C callers: checks their pointers, calls F2, writes the results out |
//! | F2 | [`bounds`], [`command`], [`limits`], [`usage`], [`process`] | what the calls mean, the same on every system |
//! | F1 | [`sys`] | how each system is called: the only place that does |
//! | F0 | [`abi`], [`catalog`], [`decimal`], [`errno`], [`strings`] | what C sees; numbers and names: resources, constants, errors |
//!
//! Unsafe code is in two modules only: `sys` (system calls) and `capi` (callers' pointers).
#![cfg_attr(panic = "abort", no_std)]
#![deny(unsafe_op_in_unsafe_fn)]
#![warn(clippy::undocumented_unsafe_blocks, clippy::indexing_slicing)]

// From the top floor down; cbindgen writes the header in this order.
mod capi;
#[forbid(unsafe_code)]
mod bounds;
#[forbid(unsafe_code)]
mod command;
#[forbid(unsafe_code)]
mod limits;
#[forbid(unsafe_code)]
mod usage;
#[forbid(unsafe_code)]
mod process;
mod sys;
#[forbid(unsafe_code)]
mod abi;
#[forbid(unsafe_code)]
mod catalog;
#[forbid(unsafe_code)]
mod decimal;
#[forbid(unsafe_code)]
mod errno;
#[forbid(unsafe_code)]
mod strings;

// What ships has no panic path, which `tests/shipped.rs` proves by the symbols. The language requires a handler
// nevertheless; tests unwind and use the standard library's.
#[cfg(panic = "abort")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    sys::abort()
}
