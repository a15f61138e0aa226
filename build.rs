//! Builds the launcher, which the library embeds. What the tests need is prepared by tests/build.rs.

#[path = "src/launcher/build.rs"]
mod launcher;

fn main() {
    launcher::prepare(".");
    println!("cargo:rerun-if-changed=build.rs");
}
