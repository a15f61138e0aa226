//! What is missing is named, in one line for each thing.

mod support;

use std::os::unix::fs::symlink;
use std::process::Command;
use support::{attempt, root, scratch};

fn check(purpose: &str, present: &[&str]) -> (bool, String) {
    let folder = scratch(&format!("deps-{purpose}-{}", present.len()));
    for command in present {
        symlink("/bin/true", folder.join(command)).expect("the scratch folder can be written");
    }
    attempt(Command::new("/bin/sh").arg(root().join("tools/deps.sh")).args(["check", purpose]).env("PATH", &folder))
}

#[test]
fn each_missing_command_is_a_line() {
    let (success, text) = check("test", &["cc", "cargo", "objcopy", "pkg-config", "c++"]);
    assert!(!success);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].contains("clang") && lines[1].contains("valgrind") && text.contains("make deps"), "{text}");
}

#[test]
fn a_purpose_asks_for_no_more_than_it_needs() {
    assert!(check("build", &["cc", "cargo", "objcopy"]).0);
    assert!(!check("build", &["cc", "objcopy"]).0);
    assert!(check("demo", &["cc", "cargo", "objcopy", "pkg-config"]).0);
    assert!(!check("demo", &["cc", "cargo", "objcopy"]).0);
    assert!(check("test", &["cc", "cargo", "objcopy", "pkg-config", "c++", "clang", "valgrind"]).0);
}
