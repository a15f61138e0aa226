//! What is missing is named, in one line for each thing.

mod support;

use std::os::unix::fs::symlink;
use std::process::Command;
use support::{attempt, read, root, scratch};

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
    for missing in ["clang", "valgrind", "mandoc"] {
        let named = lines.iter().filter(|line| line.contains(&format!(" needs {missing} ")));
        assert_eq!(named.count(), 1, "{missing}:\n{text}");
    }
    assert!(lines.iter().all(|line| line.contains("make deps")) && !text.contains("pkg-config"), "{text}");
}

#[test]
fn a_purpose_asks_for_no_more_than_it_needs() {
    assert!(check("build", &["cc", "cargo", "objcopy"]).0);
    assert!(!check("build", &["cc", "objcopy"]).0);
    assert!(check("demo", &["cc", "cargo", "objcopy", "pkg-config"]).0);
    assert!(!check("demo", &["cc", "cargo", "objcopy"]).0);
    let needs = read(root().join("tools/deps.sh"));
    let (list, _) = needs.split_once("NEEDS='").and_then(|(_, rest)| rest.split_once('\'')).expect("a list");
    let all: Vec<&str> = list.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    assert!(all.contains(&"valgrind") && check("test", &all).0);
}
