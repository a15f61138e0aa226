//! Prepares what the tests need: the launcher, which the library embeds, the header as cbindgen writes it
//! now and, behind the feature `harness`, the C tests as objects.

#[path = "../src/launcher/build.rs"]
mod launcher;

/// The project, from where cargo runs this.
const PROJECT: &str = "..";

fn main() {
    launcher::prepare(PROJECT);
    header::prepare();
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

    /// Objects only, in the order of the sources: `tests/c_programs.rs` links each to what ships. Cargo builds in no
    /// folder with a colon in its path, so that may stand between them.
    /// Without `cargo_metadata(false)` they would land inside the library itself.
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

mod header {
    use super::PROJECT;
    use std::path::{Path, PathBuf};
    use std::sync::Mutex;
    use std::{env, fs};

    pub fn prepare() {
        let file = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("rresource.h");
        fs::write(&file, header_text()).expect("OUT_DIR can be written");
        println!("cargo:rustc-env=GENERATED_HEADER={}", file.display());
        println!("cargo:rerun-if-changed={PROJECT}/src");
        println!("cargo:rerun-if-changed={PROJECT}/cbindgen.toml");
    }

    /// cbindgen only warns of a `cfg` that cbindgen.toml does not map, and of a constant or function
    /// of the contract that it cannot read: the header would be wrong.
    struct Warnings(Mutex<Vec<String>>);

    impl log::Log for Warnings {
        fn enabled(&self, metadata: &log::Metadata) -> bool {
            metadata.level() <= log::Level::Warn
        }
        fn log(&self, record: &log::Record) {
            let message = record.args().to_string();
            if ["[defines]", "RR_", "rr_"].iter().any(|matter| message.contains(matter)) {
                self.0.lock().expect("one thread").push(message);
            }
        }
        fn flush(&self) {}
    }

    fn header_text() -> String {
        static WARNINGS: Warnings = Warnings(Mutex::new(Vec::new()));
        log::set_logger(&WARNINGS).expect("no other logger");
        log::set_max_level(log::LevelFilter::Warn);

        let root = Path::new(PROJECT);
        let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml can be read");
        let bindings = cbindgen::generate_with_config(root, config).expect("cbindgen reads the source");
        let warnings = WARNINGS.0.lock().expect("one thread");
        assert!(warnings.is_empty(), "cbindgen warns: {warnings:#?}");

        let mut text = Vec::new();
        bindings.write(&mut text);
        tidy(&String::from_utf8(text).expect("cbindgen writes UTF-8"))
    }

    /// What cbindgen has no setting for: the items of one `#if` together, where it repeats the `#if`
    /// around each; parentheses around negative numbers; one blank line where it leaves several.
    fn tidy(text: &str) -> String {
        let mut tidied = String::new();
        let mut conditional: Vec<(&str, String)> = Vec::new();
        for paragraph in paragraphs(text) {
            match paragraph.strip_suffix("\n#endif").and_then(|rest| rest.split_once('\n')) {
                Some((condition, item)) if condition.starts_with("#if (") || condition.starts_with("#if defined(") => {
                    let item = format!("{item}\n");
                    match conditional.iter_mut().find(|(known, _)| *known == condition) {
                        Some((_, items)) => *items += &format!("\n{item}"),
                        None => conditional.push((condition, item)),
                    }
                }
                _ => {
                    for (condition, items) in conditional.drain(..) {
                        tidied += &format!("{condition}\n{items}#endif\n\n");
                    }
                    tidied += &format!("{paragraph}\n\n");
                }
            }
        }
        tidied.lines().map(|line| parenthesised(line) + "\n").collect::<String>().trim_end().to_owned() + "\n"
    }

    fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
        text.split("\n\n").map(|paragraph| paragraph.trim_matches('\n')).filter(|paragraph| !paragraph.is_empty())
    }

    fn parenthesised(line: &str) -> String {
        match line.rsplit_once(' ') {
            Some((define, number)) if line.starts_with("#define ") && number.starts_with('-') => {
                format!("{define} ({number})")
            }
            _ => line.to_owned(),
        }
    }
}
