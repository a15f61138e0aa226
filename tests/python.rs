//! The Python package, as the wheel that `make wheel` builds, with the library inside: its own tests, those of the
//! interpreter for `resource` with rresource.compat in its place, its types, and the wheel and the source distribution
//! where their users install them.

mod support;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use support::empty_root::EmptyRoot;
use support::{attempt, copy_source, fresh, make, part, read, root, run, said, say, scratch, target};

/// Everything that Python reads is in this folder: the package as pip would install it and the tests, without the
/// sources, so that these are not imported.
struct Installed {
    folder: PathBuf,
    site: PathBuf,
    wheel: PathBuf,
}

/// The versions of CPython that the package is for.
const MINOR_VERSIONS: std::ops::RangeInclusive<u32> = 9..=14;

#[test]
fn python() {
    let installed = installed();
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
fn an_extension_that_is_not_built_is_named() {
    let (success, text) = attempt(
        Command::new("python3")
            .args(["-c", "import rresource"])
            .env("PYTHONPATH", root().join("bindings/python/src"))
            .env("PYTHONDONTWRITEBYTECODE", "1"),
    );
    assert!(!success && text.contains("ImportError: the extension of rresource cannot be loaded"), "{text}");
    assert!(text.contains("pip install rresource"), "{text}");
}

/// With nothing but the language: no compiler, no library, no cargo, no network.
#[test]
fn the_wheel_installs_where_only_python_is() {
    let wheel = &installed().wheel;
    let code = "import os, sys, sysconfig; paths = sysconfig.get_paths()\n\
        parts = [os.path.realpath(sys.executable), paths['stdlib'], paths['platstdlib'], '/usr/share/python-wheels']\n\
        print(*filter(os.path.exists, parts), sep='\\n')";
    let parts = run(Command::new("python3").args(["-c", code]));
    let mut parts: Vec<PathBuf> = parts.lines().map(PathBuf::from).collect();
    let python = parts[0].clone();
    parts.push("/usr/bin/sort".into()); // what the example starts
    let empty = EmptyRoot::with("empty-python", &parts);
    let is_manylinux = wheel.to_string_lossy().contains("manylinux");
    if !is_manylinux {
        say("wheel     skip manylinux: auditwheel, or a patchelf that is new enough for it, is not here");
    }
    if let Some(reason) = empty.refusal(&python) {
        say(&format!("wheel     skip a root with Python only: {reason}"));
        return part("wheel", is_manylinux.into(), 1 + usize::from(!is_manylinux));
    }
    let name = wheel.file_name().expect("a file");
    fs::copy(wheel, empty.folder.join("tmp").join(name)).expect("the root can be written");
    fs::copy(example(), empty.folder.join("tmp/job.py")).expect("the root can be written");
    run(empty.command(&python).args(["-m", "venv", "/tmp/venv"]));
    let installed = Path::new("/tmp/venv/bin/python3");
    let pip = ["-m", "pip", "install", "--no-index", "--disable-pip-version-check", "--quiet"];
    run(empty.command(installed).args(pip).arg(Path::new("/tmp").join(name)));
    let shown = run(empty.command(installed).arg("/tmp/job.py"));
    assert!(shown.contains(" files here; exit code 0: ") && !shown.contains("None"), "{shown}");
    say(&format!("wheel     {:12} {}", "job", shown.trim_end()));
    part("wheel", 1 + usize::from(is_manylinux), usize::from(!is_manylinux));
}

/// A build needs cargo, and the message names it if it is missing. It needs no clone and no network.
#[test]
fn the_source_distribution_builds() {
    let folder = scratch("python-source");
    let project = folder.join("project");
    copy_source(&project, &["LICENSE"]);
    fs::create_dir(project.join("bindings")).expect("it is a copy");
    run(Command::new("cp").arg("-R").arg(root().join("bindings/python")).arg(project.join("bindings")));
    let build = PathBuf::from(run(Command::new("sh").args(["-c", "command -v pyproject-build"])).trim());
    run(fresh("sh")
        .args(["-c", "exec \"$@\"", "sh"])
        .arg(&build)
        .args(["--sdist", "--no-isolation", "--outdir"])
        .arg(&folder)
        .current_dir(project.join("bindings/python")));
    let name = format!("rresource-{}", env!("CARGO_PKG_VERSION"));
    run(Command::new("tar").arg("-xzf").arg(folder.join(format!("{name}.tar.gz"))).arg("-C").arg(&folder));
    fs::remove_dir_all(&project).expect("it is the test's own");

    let source = folder.join(&name);
    let wheel = |path: Option<&Path>| {
        let mut command = fresh(build.to_str().expect("a path in UTF-8"));
        command.args(["--wheel", "--no-isolation", "--outdir"]).arg(&folder).current_dir(&source);
        path.map(|path| command.env("PATH", path));
        attempt(command.env("CARGO_NET_OFFLINE", "true"))
    };
    let (success, text) = wheel(Some(&folder));
    assert!(!success && text.contains("needs cargo and make: install Rust 1.85 or later"), "{text}");
    let (success, text) = wheel(None);
    assert!(success, "{text}");
    let site = folder.join("site");
    let built = folder.join(format!("{name}-cp39-abi3-linux_{}.whl", env::consts::ARCH));
    run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(built).arg(&site));
    let shown = run(Command::new("python3").arg(example()).env("PYTHONPATH", &site));
    assert!(shown.contains("exit code 0: "), "{shown}");
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

fn installed() -> &'static Installed {
    static INSTALLED: OnceLock<Installed> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let folder = copy("python");
        fs::remove_dir_all(folder.join("src")).expect("it is a copy");
        run(make(root(), &target()).arg("wheel"));
        let built = target().join("ship/python");
        let site = folder.join("site");
        run(Command::new("cp").arg("-R").arg(built.join("site")).arg(&site));
        assert!(site.join("rresource/py.typed").exists(), "the wheel says that it is typed");
        let version = env!("CARGO_PKG_VERSION");
        let metadata = read(site.join(format!("rresource-{version}.dist-info/METADATA")));
        assert!(metadata.contains(&format!("\nVersion: {version}\n")), "{metadata}");
        // The library inside: nothing but the C library is loaded with it.
        let needed = run(Command::new("objdump").arg("-p").arg(site.join("rresource/_native.abi3.so")));
        let needed: Vec<&str> = needed.lines().filter_map(|line| line.trim().strip_prefix("NEEDED")).collect();
        assert!(
            needed.iter().all(|name| ["libc.so", "ld-linux"].iter().any(|known| name.trim().starts_with(known))),
            "{needed:?}"
        );
        let mut wheels = fs::read_dir(built.join("dist")).expect("`make wheel` made it");
        let wheel = wheels.next().expect("a wheel").expect("it can be read").path();
        Installed { folder, site, wheel }
    })
}

impl Installed {
    fn count(&self, interpreter: &Interpreter, name: &str, arguments: &[&str]) -> Option<(usize, usize)> {
        // Some of the interpreter's tests write to their own folder.
        let path = [self.site.as_path(), &self.folder].map(Path::display).map(|path| path.to_string()).join(":");
        let (success, text) = attempt(
            Command::new(&interpreter.program)
                .args(["-m", "tests.run"])
                .args(arguments)
                .env("PYTHONPATH", path)
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .env_remove("LD_LIBRARY_PATH")
                .current_dir(&self.folder),
        );
        said(&format!("python    3.{} {name}", interpreter.minor), success, &text)
    }
}
