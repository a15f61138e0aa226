//! The Python package, as a wheel that its users' tools build, against the staged library: its own
//! tests, those of the interpreter for `resource` with rresource.compat in its place, and its types.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{attempt, part, read, root, run, said, scratch, stage};

/// Everything that Python reads is in this folder: the package as it was installed, beside the tests
/// and without the sources, so that nothing is taken from them.
struct Installed {
    folder: PathBuf,
    site: PathBuf,
}

#[test]
fn python() {
    let installed = install();
    let parts = [
        ("own tests", installed.count("own tests", &[])),
        ("the interpreter's tests", installed.count("the interpreter's tests", &["--stand-in"])),
    ];
    let failed: Vec<&str> = parts.iter().filter(|(_, counts)| counts.is_none()).map(|(name, _)| *name).collect();
    assert!(failed.is_empty(), "failed: {failed:?}");
    let counts = parts.iter().filter_map(|(_, counts)| *counts);
    let (passed, skipped) = counts.fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1));
    part("python", passed, skipped);
}

#[test]
fn types_are_whole() {
    let folder = copy("python-types");
    let check = |file: &Path| {
        attempt(Command::new("mypy").args(["--cache-dir", "cache", "src/rresource"]).arg(file).current_dir(&folder))
    };
    let (success, text) = check(&example());
    assert!(success, "{text}");
    let wrong = folder.join("wrong.py");
    let lines =
        ["limits={'NOFILE': 1.5}", "cwdd='/'", "group='no'"].map(|how| format!("rresource.run(['true'], {how})\n"));
    fs::write(&wrong, format!("import rresource\n{}", lines.concat())).expect("the copy can be written");
    let (success, text) = check(&wrong);
    let is_seen = (2..2 + lines.len()).all(|line| text.contains(&format!("wrong.py:{line}: error")));
    assert!(!success && is_seen, "wrong types and keywords are seen:\n{text}");
}

#[test]
fn the_example() {
    let shown = run(stage()
        .command("python3")
        .arg(example())
        .env("PYTHONPATH", root().join("bindings/python/src"))
        .env("PYTHONDONTWRITEBYTECODE", "1"));
    assert!(shown.contains(" files here; exit code 0: ") && !shown.contains("None"), "{shown}");
}

#[test]
fn a_library_that_is_not_there_is_named() {
    let (success, text) = attempt(
        Command::new("python3")
            .args(["-c", "import rresource"])
            .env("PYTHONPATH", root().join("bindings/python/src"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("RRESOURCE_LIBRARY", "/nowhere/librresource.so.0"),
    );
    assert!(!success && text.contains("ImportError: the library rresource cannot be loaded"), "{text}");
    assert!(text.contains("/nowhere/librresource.so.0") && text.contains("RRESOURCE_LIBRARY"), "{text}");
}

fn example() -> PathBuf {
    root().join("examples/job.py")
}

/// A copy of the package's folder: what builds it writes beside its sources.
fn copy(name: &str) -> PathBuf {
    let folder = scratch(name);
    for part in ["pyproject.toml", "README.md", "src", "tests"] {
        run(Command::new("cp").arg("-R").arg(root().join("bindings/python").join(part)).arg(&folder));
    }
    folder
}

fn install() -> Installed {
    let folder = copy("python");
    let site = folder.join("site");
    // Offline: the build backend is the one that is there.
    run(Command::new("pyproject-build").args(["--wheel", "--no-isolation", "--outdir", "wheel"]).current_dir(&folder));
    let version = env!("CARGO_PKG_VERSION");
    let wheel = folder.join(format!("wheel/rresource-{version}-py3-none-any.whl"));
    run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&site));
    for part in ["src", "build"] {
        fs::remove_dir_all(folder.join(part)).expect("the build left it");
    }
    assert!(site.join("rresource/py.typed").exists(), "the wheel says that it is typed");
    let metadata = read(site.join(format!("rresource-{version}.dist-info/METADATA")));
    assert!(metadata.contains(&format!("\nVersion: {version}\n")), "{metadata}");
    Installed { folder, site }
}

impl Installed {
    fn count(&self, name: &str, arguments: &[&str]) -> Option<(usize, usize)> {
        // Some of the interpreter's tests write where they are.
        let path = [self.site.as_path(), &self.folder].map(Path::display).map(|path| path.to_string()).join(":");
        let (success, text) = attempt(
            stage()
                .command("python3")
                .args(["-m", "tests.run"])
                .args(arguments)
                .env("PYTHONPATH", path)
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .env_remove("RRESOURCE_LIBRARY")
                .current_dir(&self.folder),
        );
        said(&format!("python    {name}"), success, &text)
    }
}
