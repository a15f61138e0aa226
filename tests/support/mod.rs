//! What the tests share: running commands, and the staged install that they test.
#![allow(dead_code, reason = "each test program uses a part of it")]

pub mod empty_root;

use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output};

/// The project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in it")
}

/// An empty folder for the test.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target directory can be written");
    folder
}

/// Copies what a build needs, and the parts that are named, to a folder, which is created if necessary.
pub fn copy_source(folder: &Path, parts: &[&str]) {
    const BUILD: [&str; 9] = [
        "Cargo.toml",
        "Cargo.lock",
        "build.rs",
        "Makefile",
        "rresource.map",
        "rresource.pc.in",
        "src",
        "include",
        "tools",
    ];
    fs::create_dir_all(folder).expect("the scratch folder can be written");
    let parts = BUILD.iter().chain(parts).map(|part| root().join(part));
    run(Command::new("cp").arg("-R").args(parts).arg(folder));
}

/// What `make stage` installed, in the folder that `make test` passes.
pub struct Stage {
    pub folder: PathBuf,
    pub libdir: PathBuf,
    pub mandir: PathBuf,
    pub bindir: PathBuf,
    pkgconfigdir: PathBuf,
}

pub fn stage() -> Stage {
    let variable = |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `make test`"));
    let folder = PathBuf::from(variable("STAGE"));
    let within = |path: String| PathBuf::from(format!("{}{path}", folder.display()));
    Stage {
        libdir: within(variable("STAGE_LIBDIR")),
        mandir: within(variable("STAGE_MANDIR")),
        bindir: within(variable("STAGE_BINDIR")),
        pkgconfigdir: within(variable("STAGE_PKGCONFIGDIR")),
        folder,
    }
}

impl Stage {
    pub fn shared(&self) -> PathBuf {
        self.libdir.join(format!("librresource.so.{}", env!("CARGO_PKG_VERSION")))
    }

    pub fn archive(&self) -> PathBuf {
        self.libdir.join("librresource.a")
    }

    pub fn pkg_config(&self, options: &[&str]) -> Vec<OsString> {
        pkg_config(options, &self.pkgconfigdir, &self.folder)
    }

    /// A command that calls pkg-config itself, and finds the staged shared object when it starts programs. The stage
    /// is found through `link`.
    pub fn with_pkg_config(&self, program: impl AsRef<OsStr>, link: &Path) -> Command {
        let mut command = self.command(program);
        let pkgconfigdir = self.pkgconfigdir.strip_prefix(&self.folder).expect("it is in the stage");
        command.env("PKG_CONFIG_PATH", link.join(pkgconfigdir)).env("PKG_CONFIG_SYSROOT_DIR", link);
        command
    }

    /// A command that finds the staged shared object when it starts.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("LD_LIBRARY_PATH", &self.libdir);
        command
    }
}

/// The words of pkg-config's output for the library, which is quoted for a shell.
pub fn pkg_config(options: &[&str], pkgconfigdir: &Path, sysroot: &Path) -> Vec<OsString> {
    let mut command = Command::new("pkg-config");
    command.args(options).arg("rresource").env("PKG_CONFIG_PATH", pkgconfigdir).env("PKG_CONFIG_SYSROOT_DIR", sysroot);
    let Output { status, stdout, stderr } = command.output().expect("pkg-config can be started");
    assert!(status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&stderr));
    let (mut words, mut word, mut bytes) = (Vec::new(), Vec::new(), stdout.into_iter());
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => word.extend(bytes.next()),
            b' ' | b'\n' if !word.is_empty() => words.push(OsString::from_vec(std::mem::take(&mut word))),
            b' ' | b'\n' => (),
            _ => word.push(byte),
        }
    }
    words
}

/// What a part of `make test` counted, for its closing lines. Called after all of it has succeeded.
pub fn part(name: &str, passed: usize, skipped: usize) {
    assert!(passed + skipped > 0, "{name} tested nothing");
    let folder = env::var("PARTS").expect("PARTS is set by `make test`");
    fs::write(Path::new(&folder).join(name), format!("{passed} {skipped}\n"))
        .expect("the parts' folder can be written");
}

/// Prints a line that the test runner does not suppress, as it does with the output of passing tests.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// The counts of a test program's closing line, "N passed, 0 failed, N skipped", if it has some tests and none failed:
/// under an emulator all of a program may be skipped. Prints the line and the skips, or all output if a test failed.
pub fn said(label: &str, success: bool, text: &str) -> Option<(usize, usize)> {
    let closing = text.lines().rfind(|line| line.contains(" passed, ")).unwrap_or("no closing line");
    say(&format!("{label} {closing}"));
    text.lines().filter(|line| line.starts_with("skip ")).for_each(|line| say(&format!("{:23}{line}", "")));
    if !success {
        say(text);
    }
    let numbers = closing.split(' ').filter_map(|word| word.parse().ok()).collect::<Vec<usize>>();
    match numbers[..] {
        [passed, 0, skipped] if success && passed + skipped > 0 => Some((passed, skipped)),
        _ => None,
    }
}

/// `make`, or `cargo`, from inside a test that make and cargo started: without the variables that those two set for
/// their own children.
pub fn fresh(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let theirs = ["MAKE", "MFLAGS", "CARGO_PKG_", "CARGO_MANIFEST", "RUST_TEST", "STAGE", "PARTS"];
        let variables = [
            "CARGO_TARGET_DIR",
            "DESTDIR",
            "prefix",
            "exec_prefix",
            "libdir",
            "includedir",
            "libexecdir",
            "pkgconfigdir",
            "cmakedir",
            "mandir",
            "bindir",
            "bashcompletiondir",
            "zshcompletiondir",
            "fishcompletiondir",
        ];
        if theirs.iter().any(|prefix| text.starts_with(prefix)) || variables.contains(&text.as_ref()) {
            command.env_remove(&name);
        }
    }
    command
}

/// `make` in that copy of the project, building in that folder. Make takes any path for the project, and relative
/// ones for the build.
pub fn make(project: &Path, target: &Path) -> Command {
    let mut command = fresh("make");
    command.current_dir(project).env("CARGO_TARGET_DIR", relative(project, target)).arg("--silent");
    command
}

fn relative(from: &Path, to: &Path) -> PathBuf {
    let common = from.components().zip(to.components()).take_while(|(from, to)| from == to).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    up.chain(to.components().skip(common)).collect()
}

/// The folder that `make test` builds in, so that make has nothing to compile there.
pub fn target() -> PathBuf {
    stage().folder.ancestors().nth(2).expect("stage lies two below the target directory").to_owned()
}

/// Runs a command that has to succeed and returns its output.
pub fn run(command: &mut Command) -> String {
    let (success, text) = attempt(command);
    assert!(success, "{command:?} failed:\n{text}");
    text
}

/// Runs a command and returns whether it succeeded, and its output, errors last.
pub fn attempt(command: &mut Command) -> (bool, String) {
    let Output { status, stdout, stderr } =
        command.output().unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    let text = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    (status.success(), text)
}

pub fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The functions that a header declares.
pub fn declared(header: &str) -> BTreeSet<String> {
    let starts = header.lines().filter(|line| !line.starts_with([' ', '#', '/', '}']));
    starts.filter_map(|line| line.split_once('(')).map(|(before, _)| last_word(before)).collect()
}

/// The groups in a header's contents.
pub fn groups(header: &str) -> Vec<String> {
    let contents = header.split("Conventions").next().unwrap_or_default();
    let lines = contents.lines().filter_map(|line| line.strip_prefix(" *   ")?.split_once(' '));
    let lines = lines.filter(|(group, functions)| !group.is_empty() && functions.trim().starts_with("rr_"));
    lines.map(|(group, _)| group.to_owned()).collect()
}

/// The functions that a version script lists.
pub fn listed(map: &str) -> BTreeSet<String> {
    let lines = map.lines().map(str::trim);
    lines.filter(|line| line.starts_with("rr_")).map(|line| line.trim_end_matches(';').to_owned()).collect()
}

/// The symbols that nm shows of a file, each with its type letter.
pub fn symbols(file: &Path, options: &[&str]) -> Vec<(char, String)> {
    let output = run(Command::new("nm").args(options).arg(file));
    let fields = output.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields
        .filter_map(|fields| match fields.as_slice() {
            [.., kind, name] if kind.len() == 1 => Some((kind.chars().next()?, (*name).to_owned())),
            _ => None,
        })
        .collect()
}

fn last_word(text: &str) -> String {
    text.rsplit([' ', '*']).next().unwrap_or_default().to_owned()
}
