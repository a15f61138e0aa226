//! Missing commands and libraries are reported, one line for each.

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
        let recent = match *command {
            "go" => "go1.21.0",
            "cargo" | "rustc" => "tool 1.85.0 (a1b2c3d4e 2025-01-01)",
            _ => "",
        };
        let (name, version) = command.split_once(' ').unwrap_or((command, recent));
        if !version.is_empty() {
            write_executable(&folder.join(name), &format!("#!/bin/sh\necho '{version}'\n"));
        } else {
            symlink("/bin/true", folder.join(name)).expect("the scratch folder can be written");
        }
    }
    attempt(
        Command::new("/bin/sh")
            .arg(root().join("tools/deps.sh"))
            .args(["check", purpose])
            .env("PATH", &folder)
            .env_remove("CARGO")
            .env_remove("RUSTC"),
    )
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
    let (success, text) = check("test", &["cc", "cargo", "rustc", "objcopy", "pkg-config", "c++"]);
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
    assert!(check("build", &["cc", "cargo", "rustc", "objcopy"]).0);
    assert!(!check("build", &["cc", "rustc", "objcopy"]).0);
    assert!(check("demo", &["cc", "cargo", "rustc", "objcopy", "pkg-config"]).0);
    assert!(!check("demo", &["cc", "cargo", "rustc", "objcopy"]).0);
    assert!(check("debian", &["cc", "cargo", "rustc", "objcopy", "mmdebstrap", "unshare"]).0);
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

#[test]
fn a_rust_that_is_too_old_is_missing() {
    fn rust(cargo: &str, rustc: &str) -> (bool, String) {
        check("build", &["cc", "objcopy", cargo, rustc])
    }
    let (old, new, newest) = ("1.63.0", "1.85.0 (d73d2caf9 2024-12-31)", "1.100.0-nightly (1 2027-01-01)");
    for (cargo, rustc, is_enough) in [(old, old, false), (new, old, false), (old, new, false), (new, newest, true)] {
        let (success, text) = rust(&format!("cargo cargo {cargo}"), &format!("rustc rustc {rustc}"));
        assert_eq!(success, is_enough, "{cargo}, {rustc}: {text}");
        assert_eq!(text.contains("Rust has to be 1.85 or later"), !is_enough, "{cargo}, {rustc}: {text}");
    }
    let (success, text) = rust("cargo", "rustc error: no toolchain");
    assert!(!success && text.contains("https://rustup.rs"), "{text}");
}

/// A package that is too old is not installed: it would be of no use.
#[test]
fn a_rust_that_is_too_old_is_not_installed() {
    for (version, is_taken) in [("1.63.0+dfsg1-2", false), ("1.85.0+dfsg3-1", true)] {
        let folder = scratch("deps-install");
        for command in ["sed", "dirname"] {
            symlink(Path::new("/usr/bin").join(command), folder.join(command)).expect("the scratch folder is there");
        }
        let tools =
            needs().into_iter().filter(|need| !need.contains(':') && !["cargo", "rustc", "go"].contains(&&**need));
        tools.for_each(|tool| symlink("/bin/true", folder.join(tool)).expect("the scratch folder can be written"));
        write_executable(&folder.join("go"), "#!/bin/sh\necho go1.21.0\n");
        write_executable(&folder.join("apt-cache"), &format!("#!/bin/sh\necho 'Version: {version}'\n"));
        write_executable(&folder.join("apt-get"), "#!/bin/sh\necho apt-get \"$@\" >&2\n");
        write_executable(&folder.join("id"), "#!/bin/sh\necho 0\n");
        let (_, text) = attempt(
            Command::new("/bin/sh")
                .arg(root().join("tools/deps.sh"))
                .arg("install")
                .env("PATH", &folder)
                .env_remove("CARGO")
                .env_remove("RUSTC"),
        );
        let installs = text.lines().any(|line| line.starts_with("apt-get ") && line.contains(" cargo rustc"));
        assert_eq!(installs, is_taken, "{version}: {text}");
        assert!(is_taken || text.contains("Rust has to be 1.85 or later"), "{version}: {text}");
    }
}

/// What the script repeats from the manifest.
#[test]
fn the_rust_is_the_manifests() {
    let manifest = read(root().join("Cargo.toml"));
    let (_, minor) = manifest.split_once("\nrust-version = \"1.").expect("it has one");
    let script = read(root().join("tools/deps.sh"));
    assert!(script.contains(&format!("\nRUST_MINOR={}\n", minor.split('"').next().expect("a number"))));
}
