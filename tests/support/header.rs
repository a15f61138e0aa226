//! Writes the current headers, which build.rs has generated, to the folder of the argument.

use std::path::Path;
use std::{env, fs, process};

fn main() {
    let Some(folder) = env::args_os().nth(1) else {
        eprintln!("usage: header FOLDER");
        process::exit(2);
    };
    let generated = Path::new(env!("GENERATED_HEADER"));
    for name in ["rresource.h", "rresource.ffi.h"] {
        fs::copy(generated.with_file_name(name), Path::new(&folder).join(name)).expect("the folder can be written");
    }
}
