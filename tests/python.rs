//! The Python package, as a wheel built by its users' tools, with the staged library: its own tests, those of the
//! interpreter for `resource` with rresource.compat in its place, and its types.

mod support;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{attempt, part, read, root, run, said, say, scratch, stage};

/// Everything that Python reads is in this folder: the installed package and the tests, without the sources, so that
/// these are not imported.
struct Installed {
    folder: PathBuf,
    site: PathBuf,
}

/// The versions of CPython that the package is for.
const MINOR_VERSIONS: std::ops::RangeInclusive<u32> = 9..=14;

#[test]
fn python() {
    let installed = install();
    let here = Interpreter::found("python3".into()).expect("python3 is CPython with its own tests");
    let mut parts = vec![
        installed.count(&here, "own tests", &[]),
        installed.count(&here, "the interpreter's tests", &["--stand-in"]),
    ];
    let others: Vec<Interpreter> = interpreters().into_iter().filter(|other| other.minor != here.minor).collect();
    for other in &others {
        parts.push(installed.count(other, "own tests, except leaks", &["--except=test_leaks"]));
        parts.push(installed.count(other, "the interpreter's tests", &["--stand-in"]));
    }
    assert!(parts.iter().all(Option::is_some), "a part failed: see above");
    let had = |minor: &u32| here.minor == *minor || others.iter().any(|other| other.minor == *minor);
    let missing: Vec<u32> = MINOR_VERSIONS.filter(|minor| !had(minor)).collect();
    for minor in &missing {
        say(&format!("{:23}skip Python 3.{minor}: it is not here, or not with its own tests", ""));
    }
    let (passed, skipped) = parts.iter().flatten().fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1));
    part("python", passed, skipped + missing.len());
}

struct Interpreter {
    program: PathBuf,
    minor: u32,
}

impl Interpreter {
    /// `None` unless it is a working CPython 3 with its own tests, which some systems omit.
    fn found(program: PathBuf) -> Option<Self> {
        let code =
            "import sys, test.test_resource; assert sys.implementation.name == 'cpython'; print(sys.version_info[1])";
        let output = Command::new(&program).args(["-c", code]).output().ok()?;
        let minor = String::from_utf8_lossy(&output.stdout).trim().parse().ok()?;
        output.status.success().then_some(Self { program, minor })
    }
}

/// One of each version: those in PATH, those of pyenv, and those that RRESOURCE_PYTHONS names, separated as in PATH.
fn interpreters() -> Vec<Interpreter> {
    let pyenv = env::var_os("PYENV_ROOT").or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".pyenv").into()));
    let versions =
        pyenv.and_then(|folder| fs::read_dir(Path::new(&folder).join("versions")).ok()).into_iter().flatten();
    let named = env::var_os("RRESOURCE_PYTHONS").unwrap_or_default();
    let candidates = env::split_paths(&named)
        .chain(MINOR_VERSIONS.map(|minor| format!("python3.{minor}").into()))
        .chain(versions.flatten().map(|version| version.path().join("bin/python3")));
    let mut found: Vec<Interpreter> = candidates.filter_map(Interpreter::found).collect();
    found.retain(|interpreter| MINOR_VERSIONS.contains(&interpreter.minor));
    found.sort_by_key(|interpreter| interpreter.minor);
    found.dedup_by_key(|interpreter| interpreter.minor);
    found
}

#[test]
fn types_are_whole() {
    let folder = copy("python-types");
    let check = |file: &Path| {
        attempt(Command::new("mypy").args(["--cache-dir", "cache", "src/rresource"]).arg(file).current_dir(&folder))
    };
    let (success, text) = check(&example());
    assert!(success, "{text}");
    // An ordinary dict, of strings or of numbers, is accepted as limits.
    let dicts = folder.join("dicts.py");
    let calls = |dict: &str| {
        format!("rresource.setrlimits({dict})\nrresource.run('true', limits={dict})\nrresource.limits({dict})\n")
    };
    let declared = "from typing import Dict\nimport rresource\na: Dict[str, int] = {}\nb: Dict[int, int] = {}\n";
    fs::write(&dicts, [declared, &calls("a"), &calls("b")].concat()).expect("the copy can be written");
    let (success, text) = check(&dicts);
    assert!(success, "{text}");
    let wrong = folder.join("wrong.py");
    let lines = ["limits={'NOFILE': 1.5}", "cwdd='/'", "process_group='no'"]
        .map(|how| format!("rresource.run(['true'], {how})\n"));
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

/// A copy of the package's folder, because the build tool writes into it.
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
    // Offline: the installed build backend is used.
    run(Command::new("pyproject-build").args(["--wheel", "--no-isolation", "--outdir", "wheel"]).current_dir(&folder));
    let version = env!("CARGO_PKG_VERSION");
    let wheel = folder.join(format!("wheel/rresource-{version}-py3-none-any.whl"));
    run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&site));
    for part in ["src", "build"] {
        fs::remove_dir_all(folder.join(part)).expect("the build left it");
    }
    assert!(site.join("rresource/py.typed").exists(), "the wheel declares that it is typed");
    let metadata = read(site.join(format!("rresource-{version}.dist-info/METADATA")));
    assert!(metadata.contains(&format!("\nVersion: {version}\n")), "{metadata}");
    let shown = run(stage()
        .command("python3")
        .args(["-c", "import rresource; print(rresource.__version__)"])
        .env("PYTHONPATH", &site)
        .env("PYTHONDONTWRITEBYTECODE", "1"));
    assert_eq!(shown.trim_end(), version);
    Installed { folder, site }
}

impl Installed {
    fn count(&self, interpreter: &Interpreter, name: &str, arguments: &[&str]) -> Option<(usize, usize)> {
        // Some of the interpreter's tests write to their own folder.
        let path = [self.site.as_path(), &self.folder].map(Path::display).map(|path| path.to_string()).join(":");
        let (success, text) = attempt(
            stage()
                .command(&interpreter.program)
                .args(["-m", "tests.run"])
                .args(arguments)
                .env("PYTHONPATH", path)
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .env_remove("RRESOURCE_LIBRARY")
                .current_dir(&self.folder),
        );
        said(&format!("python    3.{} {name}", interpreter.minor), success, &text)
    }
}
