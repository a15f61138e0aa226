//! What the tests share: running commands, and the staged install that they test.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of the test's own, empty.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target directory can be written");
    folder
}

/// What `make stage` installed, where `make test` says it is.
pub struct Stage {
    pub folder: PathBuf,
    pub libdir: PathBuf,
    pub mandir: PathBuf,
    pkgconfigdir: PathBuf,
}

pub fn stage() -> Stage {
    let variable = |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `make test`"));
    let folder = PathBuf::from(variable("STAGE"));
    let within = |path: String| PathBuf::from(format!("{}{path}", folder.display()));
    Stage {
        libdir: within(variable("STAGE_LIBDIR")),
        mandir: within(variable("STAGE_MANDIR")),
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

    pub fn pkg_config(&self, options: &[&str]) -> Vec<String> {
        let output = run(Command::new("pkg-config")
            .args(options)
            .arg("rresource")
            .env("PKG_CONFIG_PATH", &self.pkgconfigdir)
            .env("PKG_CONFIG_SYSROOT_DIR", &self.folder));
        output.split_whitespace().map(str::to_owned).collect()
    }

    /// A command that asks pkg-config itself, and finds the staged shared object when it starts programs.
    pub fn with_pkg_config(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.command(program);
        command.env("PKG_CONFIG_PATH", &self.pkgconfigdir).env("PKG_CONFIG_SYSROOT_DIR", &self.folder);
        command
    }

    /// A command that finds the staged shared object when it starts.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("LD_LIBRARY_PATH", &self.libdir);
        command
    }
}

/// What a part of `make test` counted, for its closing lines. Called once all of it has succeeded.
pub fn part(name: &str, passed: usize, skipped: usize) {
    assert!(passed + skipped > 0, "{name} tested nothing");
    let folder = env::var("PARTS").expect("PARTS is set by `make test`");
    fs::write(Path::new(&folder).join(name), format!("{passed} {skipped}\n"))
        .expect("the parts' folder can be written");
}

/// A line past the test runner, which swallows what passing tests print.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// What a test program said in its closing line, "N passed, 0 failed, N skipped", if it has some tests
/// and none failed: under an emulator all of a program may be skipped. The line is shown, the skips with it, and all that was printed where it failed.
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

/// `make`, or `cargo`, from inside a test that make and cargo started: without what those two left in
/// the environment for their own children.
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
            "pkgconfigdir",
            "cmakedir",
            "mandir",
        ];
        if theirs.iter().any(|prefix| text.starts_with(prefix)) || variables.contains(&text.as_ref()) {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command that has to succeed and answers what it printed.
pub fn run(command: &mut Command) -> String {
    let (success, text) = attempt(command);
    assert!(success, "{command:?} failed:\n{text}");
    text
}

/// Runs a command and answers whether it succeeded, and what it printed, errors last.
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
