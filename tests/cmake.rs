//! `find_package(rresource)`, by a project that uses only that, from the staged install.

mod support;

use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::{env, fs};
use support::{attempt, fresh, make, part, root, run, stage, target};

/// In this order, as one part, which counts programs that ran and requests that were refused.
#[test]
fn finds_links_and_refuses() {
    let _removed_at_the_end = Removed(elsewhere());
    for folder in ["tests/cmake", "examples"] {
        run(Command::new("cp").arg("-R").arg(root().join(folder)).arg(scratch(folder).parent().expect("a folder")));
    }
    let prefix = copy_of(&stage().folder.join("usr/local"), "staged prefix");
    let mut passed = programs_of("cmake-staged", &prefix);
    passed += programs_of("cmake-moved", &moved(&prefix));
    passed += programs_of("cmake-multiarch", &installed(&["prefix=/usr", "libdir=/usr/lib/x86_64-linux-gnu"]));
    passed += programs_of("cmake-apart", &installed(&["prefix=/usr", "cmakedir=/usr/share/rresource/cmake"]));
    passed += linked_lib_directory();
    passed += versions(&prefix);
    passed += an_installation_that_is_not_whole(&prefix);
    part("cmake", passed, 0);
}

/// A folder for everything that CMake uses: it cannot build in every folder that the project may be in.
fn elsewhere() -> PathBuf {
    env::temp_dir().join(format!("rresource-cmake-{}", process::id()))
}

fn scratch(name: &str) -> PathBuf {
    let folder = elsewhere().join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the temporary folder can be written");
    folder
}

struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Configured with what CMake needs to find the package below this prefix.
fn configure(folder: &Path, prefix: &Path, version: &str) -> (bool, String) {
    let define = |name: &str, value: &Path| format!("-D{name}={}", value.display());
    attempt(
        fresh("cmake")
            .arg("-S")
            .arg(elsewhere().join("tests/cmake"))
            .arg("-B")
            .arg(folder)
            .arg(define("CMAKE_PREFIX_PATH", prefix))
            .arg(define("SOURCES", &elsewhere().join("examples")))
            .arg(define("VERSION", Path::new(version)))
            .arg("-DCMAKE_LIBRARY_ARCHITECTURE=x86_64-linux-gnu"),
    )
}

/// Builds and runs the four programs, C and C++, shared and static.
fn programs_of(name: &str, prefix: &Path) -> usize {
    let folder = scratch(name);
    let (success, text) = configure(&folder, prefix, "0.1");
    assert!(success, "{}:\n{text}", prefix.display());
    run(fresh("cmake").arg("--build").arg(&folder));
    for language in ["c", "cpp"] {
        for (kind, is_static) in [("shared", false), ("static", true)] {
            let program = folder.join(format!("{language}-{kind}"));
            let dynamic = run(Command::new("readelf").arg("--dynamic").arg(&program));
            assert_eq!(dynamic.contains("[librresource.so.0]"), !is_static, "{}:\n{dynamic}", program.display());
            let shown = run(&mut Command::new(&program));
            assert!(shown.starts_with("open file descriptors: "), "{shown}");
        }
    }
    4
}

fn moved(prefix: &Path) -> PathBuf {
    copy_of(prefix, "some where")
}

fn copy_of(prefix: &Path, name: &str) -> PathBuf {
    let copy = scratch(&format!("copies of {name}")).join(name);
    run(Command::new("cp").arg("-R").arg(prefix).arg(&copy));
    copy
}

/// Installed below a DESTDIR with these variables; the prefix there.
fn installed(variables: &[&str]) -> PathBuf {
    let destination = scratch(&format!("cmake-{}", variables.concat().replace(['/', '='], "-")));
    let destdir = format!("DESTDIR={}", destination.display());
    run(make(root(), &target()).args(["install", &destdir]).args(variables));
    destination.join("usr")
}

/// /lib is a link to /usr/lib on most systems, and CMake may look there first.
fn linked_lib_directory() -> usize {
    let usr = installed(&["prefix=/usr"]);
    let system = usr.parent().expect("below DESTDIR");
    std::os::unix::fs::symlink("usr/lib", system.join("lib")).expect("the scratch folder can be written");
    programs_of("cmake-linked", system)
}

fn versions(prefix: &Path) -> usize {
    let version = env!("CARGO_PKG_VERSION");
    let accepted = [version, "0.1", "0.1.0", "0", "0.1...0.9", "0.0.1...1"];
    let refused = ["0.0.9", "0.2", "0.1.99", "1", "0.0.1...<0.1", "0.2...1"];
    let folder = scratch("cmake-version");
    for (requests, expected) in [(accepted, true), (refused, false)] {
        for request in requests {
            let (success, text) = configure(&folder, prefix, request);
            assert_eq!(success, expected, "find_package(rresource {request}) of {version}:\n{text}");
            assert!(success || in_one_line(&text).contains("but not accepted"), "{text}");
        }
    }
    accepted.len() + refused.len()
}

fn an_installation_that_is_not_whole(prefix: &Path) -> usize {
    let broken = moved(prefix);
    fs::remove_file(broken.join("include/rresource.h")).expect("installed");
    let (success, text) = configure(&scratch("cmake-broken"), &broken, "0.1");
    assert!(!success && in_one_line(&text).contains("the installation of rresource is not whole"), "{text}");
    1
}

/// CMake wraps its messages, at places that depend on the paths in them.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
