//! The header as cbindgen writes it now, which build.rs has made.

fn main() {
    print!("{}", include_str!(env!("GENERATED_HEADER")));
}
