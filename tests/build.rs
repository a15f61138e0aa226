//! Prepares what the tests need: the launcher, which the library embeds, the header as cbindgen writes it now and,
//! with the feature `harness`, the C tests as objects.

#[path = "../src/launcher/build.rs"]
mod launcher;

#[path = "../tools/header.rs"]
mod header;

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The project, relative to where cargo runs this.
const PROJECT: &str = "..";

fn main() {
    launcher::prepare(PROJECT);
    write_headers();
    #[cfg(feature = "harness")]
    c_tests::prepare();
    println!("cargo:rerun-if-changed=build.rs");
}

#[cfg(feature = "harness")]
mod c_tests {
    use super::PROJECT;
    use std::path::{Path, PathBuf};
    use std::{env, fs};

    pub fn prepare() {
        let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
        let sources = c_sources();
        println!("cargo:rustc-env=C_TESTS={}", names(&sources).join(":"));
        println!("cargo:rustc-env=C_OBJECTS={}", compile(&sources, cc::Build::new().std("c99"), &out.join("c")));
        let cxx = cc::Build::new().cpp(true).flag("-xc++").std("c++11").clone();
        println!("cargo:rustc-env=CXX_OBJECTS={}", compile(&sources, &cxx, &out.join("cxx")));
        println!("cargo:rerun-if-changed={PROJECT}/c_tests");
        println!("cargo:rerun-if-changed={PROJECT}/include");
    }

    fn c_sources() -> Vec<PathBuf> {
        let folder = fs::read_dir(Path::new(PROJECT).join("c_tests")).expect("c_tests/ is there");
        let mut sources: Vec<PathBuf> = folder.map(|entry| entry.expect("c_tests/ can be read").path()).collect();
        sources.retain(|path| path.extension().is_some_and(|extension| extension == "c"));
        sources.sort();
        sources
    }

    fn names(sources: &[PathBuf]) -> Vec<String> {
        sources.iter().filter_map(|path| path.file_stem()).map(|stem| stem.to_string_lossy().into_owned()).collect()
    }

    /// Objects only, in the order of the sources: `tests/c_programs.rs` links each to what ships. Cargo does not build
    /// in a folder with a colon in its path, so that a colon separates them. Without `cargo_metadata(false)` they
    /// would land inside the library itself.
    fn compile(sources: &[PathBuf], build: &cc::Build, folder: &Path) -> String {
        let objects = build
            .clone()
            .cargo_metadata(false)
            .files(sources)
            .include(Path::new(PROJECT).join("include"))
            .include(Path::new(PROJECT).join("c_tests"))
            .warnings(true)
            .extra_warnings(true)
            .flag("-Wpedantic")
            .warnings_into_errors(true)
            .opt_level(1)
            .debug(true)
            .out_dir(folder)
            .compile_intermediates();
        let objects: Vec<String> = objects.iter().map(|path| path.display().to_string()).collect();
        objects.join(":")
    }
}

/// Both, in one folder.
fn write_headers() {
    let headers = header::generate(Path::new(PROJECT));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    for (name, text) in [("rresource.h", headers.c), ("rresource.ffi.h", headers.ffi)] {
        fs::write(out.join(name), text).expect("OUT_DIR can be written");
    }
    println!("cargo:rustc-env=GENERATED_HEADER={}", out.join("rresource.h").display());
    for source in ["src", "cbindgen.toml", "tools/header.rs"] {
        println!("cargo:rerun-if-changed={PROJECT}/{source}");
    }
}
