//! A root with an interpreter in it and nothing else of the machine: no shell, no compiler, no library of ours.

use super::{attempt, run, scratch};
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct EmptyRoot {
    pub folder: PathBuf,
}

/// What interpreters bring that a program does not need to run.
const LEFT_OUT: [&str; 10] = [
    "__pycache__",
    "test",
    "idlelib",
    "tkinter",
    "turtledemo",
    "site-packages",
    "dist-packages",
    "config-*",
    "lib2to3",
    // Links to fonts that need not be there.
    "darkfish",
];

impl EmptyRoot {
    /// These files and folders, at their places, and the shared objects that they need.
    pub fn with(name: &str, parts: &[PathBuf]) -> Self {
        let root = Self { folder: scratch(name) };
        root.copy(parts);
        root.copy(&root.needed());
        run(Command::new("mkdir").args(["-p", "tmp", "dev", "etc"]).current_dir(&root.folder));
        run(Command::new("sh")
            .args(["-c", ": > dev/null; echo root:x:0:0::/:/none > etc/passwd"])
            .current_dir(&root.folder));
        root
    }

    /// Where links lead is copied under the names of the links too.
    fn copy(&self, parts: &[PathBuf]) {
        let excludes = LEFT_OUT.map(|name| format!("--exclude={name}"));
        let relative = parts.iter().map(|part| part.strip_prefix("/").expect("parts are absolute"));
        let archive = self.folder.with_extension("tar");
        run(Command::new("tar").args(["-C", "/", "-chf"]).arg(&archive).args(excludes).args(relative));
        run(Command::new("tar").arg("-C").arg(&self.folder).arg("-xf").arg(&archive));
    }

    /// What the loader finds for the programs and shared objects that are here.
    fn needed(&self) -> Vec<PathBuf> {
        let files = run(Command::new("find")
            .arg(&self.folder)
            .args(["-type", "f", "(", "-perm", "-100", "-o", "-name", "*.so*", ")"]));
        let files = files.lines().filter(|file| std::fs::read(file).is_ok_and(|bytes| bytes.starts_with(b"\x7fELF")));
        let shown = run(Command::new("ldd").args(files));
        let words = shown.split_whitespace().filter(|word| word.starts_with('/') && !word.ends_with(':'));
        let mut needed: Vec<PathBuf> =
            words.map(PathBuf::from).filter(|path| !path.starts_with(&self.folder)).collect();
        needed.sort();
        needed.dedup();
        needed
    }

    /// A program in it, with an empty environment. Whether a user may enter another root differs by system.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let (entering, options): (_, &[&str]) =
            if is_root() { ("chroot", &[]) } else { ("unshare", &["-r", "chroot"]) };
        let mut command = Command::new(entering);
        command.args(options).arg(&self.folder).arg(program.as_ref());
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("HOME", "/tmp");
        command
    }

    /// Why it cannot be entered, if it cannot.
    pub fn refusal(&self, program: &Path) -> Option<String> {
        let (success, text) = attempt(self.command(program).arg("--version"));
        (!success).then(|| text.trim().to_owned())
    }
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")).trim() == "0"
}
