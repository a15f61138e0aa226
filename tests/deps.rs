//! What is missing is named, in one line for each thing.

mod support;

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::{attempt, read, root, scratch};

fn check(purpose: &str, present: &[&str]) -> (bool, String) {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let folder = scratch(&format!("deps-{}", NUMBER.fetch_add(1, Ordering::Relaxed)));
    for command in present {
        let (name, version) = command.split_once(' ').unwrap_or((command, "go1.21.0"));
        if name == "go" {
            write_executable(&folder.join(name), &format!("#!/bin/sh\necho {version}\n"));
        } else {
            symlink("/bin/true", folder.join(name)).expect("the scratch folder can be written");
        }
    }
    attempt(Command::new("/bin/sh").arg(root().join("tools/deps.sh")).args(["check", purpose]).env("PATH", &folder))
}

fn write_executable(path: &Path, text: &str) {
    std::fs::write(path, text).expect("the scratch folder can be written");
    std::fs::set_permissions(path, Permissions::from_mode(0o755)).expect("the file is there");
}

/// The list in the script: each command that some purpose needs.
fn needs() -> Vec<String> {
    let script = read(root().join("tools/deps.sh"));
    let (list, _) = script.split_once("NEEDS='").and_then(|(_, rest)| rest.split_once('\'')).expect("a list");
    list.lines().filter_map(|line| line.split(' ').nth(1)).map(str::to_owned).collect()
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
    let all = needs();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert!(all.contains(&"valgrind") && check("test", &all).0);
}

#[test]
fn a_go_that_is_too_old_is_missing() {
    let others: Vec<String> = needs().into_iter().filter(|command| command != "go").collect();
    for (go, is_enough) in [("go go1.19.8", false), ("go go1.20", false), ("go go1.24.4", true)] {
        let present: Vec<&str> = others.iter().map(String::as_str).chain([go]).collect();
        let (success, text) = check("test", &present);
        assert_eq!(success, is_enough, "{go}: {text}");
        assert_eq!(text.contains("has to be 1.21 or later"), !is_enough, "{go}: {text}");
    }
}
