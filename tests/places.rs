//! The folder of the project, and the user who builds it: any folder whose name the tools can handle works, and no
//! other folder is changed.

mod support;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{attempt, copy_source, fresh, make, read, root, run, scratch, target};

/// A folder name with characters that are special to the shell, make, compiler options or pkg-config.
const NAME: &str = "a b 'c' (d) #e ,f $g ;h &i é [j] {k} *l ?m |n <o> =p @q !r ~s `t` \\u \"v\"";

/// A copy of what is needed to build and install, in a folder of that name.
fn copy_in(folder: &Path) -> PathBuf {
    copy_source(folder, &["cmake", "cli", "examples", "man"]);
    folder.to_owned()
}

fn files(folder: &Path) -> String {
    run(Command::new("find").arg(folder).args(["-printf", "%P %s\n"]))
}

/// The project is built, installed in a folder with such a name, found there by pkg-config, and cleaned. Files whose
/// names are single words of that name are unchanged.
#[test]
fn any_name_will_do_for_the_folder() {
    let outer = scratch("places");
    let name = format!("{NAME}{}", "x".repeat(250 - NAME.len()));
    let project = copy_in(&outer.join(&name));
    for sibling in ["a", "target", "ship"] {
        fs::create_dir_all(outer.join(sibling).join("ship")).expect("the scratch folder can be written");
        fs::write(outer.join(sibling).join("ship/precious"), "precious").expect("the scratch folder can be written");
    }
    let siblings = || ["a", "target", "ship"].map(|sibling| files(&outer.join(sibling)));
    let before = siblings();
    run(fresh("make").arg("--silent").current_dir(&project));
    let prefix = "/opt/a b 'c' (d) #e ,f ;h &i é [j] %k |n";
    let arguments = ["DESTDIR=../in stalled".to_owned(), format!("prefix={prefix}")];
    run(fresh("make").args(["--silent", "install"]).args(&arguments).current_dir(&project));
    let installed = PathBuf::from(format!("{}{prefix}", outer.join("in stalled").display()));
    let program = installed.join("raise");
    run(Command::new("cc")
        .arg(root().join("examples/raise.c"))
        .args(support::pkg_config(&["--cflags", "--libs"], &installed.join("lib/pkgconfig"), &outer.join("in stalled")))
        .arg("-o")
        .arg(&program));
    let text = read(installed.join("lib/cmake/rresource/rresource-config.cmake"));
    assert!(text.contains(&format!("[==[{prefix}/lib]==]")), "{text}");
    run(fresh("make").args(["--silent", "uninstall"]).args(&arguments).current_dir(&project));
    assert_eq!(run(Command::new("find").arg(&installed).args(["-type", "f", "!", "-name", "raise"])), "");
    run(fresh("make").args(["--silent", "clean"]).current_dir(&project));
    assert!(!project.join("target/ship").exists());
    assert_eq!(siblings(), before);
}

/// Refused in one line, and nothing is done.
#[test]
fn what_the_tools_cannot_read_is_refused() {
    let outer = scratch("places-refused");
    for (name, reason) in
        [("a:b", "Rust cannot build in"), ("a%b", "Rust's linker cannot build in"), ("a\nb", "line break")]
    {
        let project = copy_in(&outer.join(name));
        let before = files(&outer);
        for goal in ["all", "install", "test", "clean"] {
            let (success, text) = attempt(fresh("make").arg(goal).current_dir(&project));
            assert!(!success && text.contains(reason) && text.trim_end().lines().count() == 1, "{name}: {text}");
            assert_eq!(files(&outer), before);
        }
    }
    let project = copy_in(&outer.join("plain"));
    let before = files(&outer);
    let variables = [
        "CARGO_TARGET_DIR=/tmp/a b",
        "CARGO_TARGET_DIR=-x",
        "CARGO_TARGET_DIR=x:y",
        "TARGET=../..",
        "TARGET=a b",
        "prefix=usr",
        "prefix=~/local",
        "libdir=lib",
        "prefix=/a\"b",
        "DESTDIR=/a\nb",
    ];
    for variable in variables {
        let (success, text) = attempt(fresh("make").args(["--silent", "install", variable]).current_dir(&project));
        let name = variable.split('=').next().expect("a name");
        assert!(!success && text.contains(name), "{variable}: {text}");
        assert_eq!(files(&outer), before, "{variable}");
    }
}

/// `make clean` removes what a build has made, and `make` does not build in another user's folder.
#[test]
fn a_folder_that_is_no_build_stays() {
    let outer = scratch("places-foreign");
    let project = copy_in(&outer.join("project"));
    let foreign = outer.join("elsewhere/ship");
    fs::create_dir_all(&foreign).expect("the scratch folder can be written");
    fs::write(foreign.join("precious"), "precious").expect("the scratch folder can be written");
    for goal in ["clean", "all"] {
        let (success, text) = attempt(make(&project, &outer.join("elsewhere")).arg(goal));
        assert!(!success && text.contains("../elsewhere/ship"), "{goal}: {text}");
        assert_eq!(read(foreign.join("precious")), "precious");
    }
    run(fresh("make").args(["--silent", "clean", "CARGO_TARGET_DIR="]).current_dir(&project));
}

/// As `make` and then `sudo make install` do it: without cargo, and nothing is built again.
#[test]
fn what_was_built_is_installed_without_rust() {
    let outer = scratch("places-installed");
    let project = copy_in(&outer.join("project"));
    run(Command::new("cp").arg("-R").arg(target().join("ship")).arg(outer.join("ship")));
    let before = files(&outer.join("ship"));
    let built_for = read(outer.join("ship/built-for"));
    let libexecdir =
        built_for.trim_end().rsplit_once(' ').and_then(|(_, place)| place.strip_suffix("/rresource/launcher"));
    let libexecdir = format!("libexecdir={}", libexecdir.expect("a version and a place"));
    let install = |variables: &[&str]| {
        let destination = format!("DESTDIR={}", outer.join("destination").display());
        let broken = ["CARGO=false", "RUSTC=false", "CC=false", "AR=false", "OBJCOPY=false"];
        attempt(make(&project, &outer).args(broken).arg("install").arg(destination).args(variables))
    };
    let (success, text) = install(&[&libexecdir]);
    assert!(success && text.is_empty(), "{text}");
    assert!(outer.join("destination/usr/local/lib/librresource.so").exists());
    assert_eq!(files(&outer.join("ship")), before, "nothing is built");

    let (success, text) = install(&["prefix=/elsewhere"]);
    assert!(!success && text.contains("The build is for another place or version"), "{text}");
    assert!(!outer.join("destination/elsewhere").exists(), "nothing is installed");
}

/// From the archive that is released, with a cargo that has no crates and must not download any.
#[test]
fn the_source_archive_builds_without_network() {
    let outer = scratch("places-archive");
    let made = run(make(root(), &outer).arg("dist"));
    let archive = outer.join(format!("ship/rresource-{}.tar.xz", env!("CARGO_PKG_VERSION")));
    assert!(made.contains("rresource-"), "{made}");
    run(Command::new("tar").arg("--extract").arg("--file").arg(&archive).arg("--directory").arg(&outer));
    let project = outer.join(format!("rresource-{}", env!("CARGO_PKG_VERSION")));
    let home = env::var("HOME").expect("it is set");
    run(fresh("make")
        .arg("--silent")
        .current_dir(&project)
        .env("RUSTUP_HOME", env::var("RUSTUP_HOME").unwrap_or_else(|_| format!("{home}/.rustup")))
        .env("CARGO_HOME", outer.join("cargo-home"))
        .env("CARGO_NET_OFFLINE", "true"));
    assert!(project.join("target/ship/librresource.a").exists());
    assert!(fs::read_dir(project.join("vendor")).expect("it is there").count() == 1);
}

/// Cargo's own archive has another manifest, in which versions of dependencies begin a line too.
#[test]
fn the_version_is_the_packages() {
    let outer = scratch("places-package");
    let package = ["package", "--quiet", "--no-verify", "--allow-dirty", "--locked", "--offline", "--target-dir"];
    run(Command::new("cargo").current_dir(root()).args(package).arg(&outer));
    let name = format!("rresource-{}", env!("CARGO_PKG_VERSION"));
    let archive = outer.join(format!("package/{name}.crate"));
    run(Command::new("tar").arg("--extract").arg("--file").arg(&archive).arg("--directory").arg(&outer));
    let project = outer.join(name);
    assert!(read(project.join("Cargo.toml")).contains("\nversion = \"0.2\"\n"), "both lines are there");
    let commands = run(fresh("make").args(["--dry-run", "all"]).current_dir(&project));
    assert!(commands.contains(&format!("librresource.so.{}", env!("CARGO_PKG_VERSION"))), "{commands}");
}

#[test]
fn only_libc_is_needed_to_build() {
    let lock = read(root().join("Cargo.lock"));
    let names: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("name = ")).collect();
    assert_eq!(names, ["\"libc\"", "\"rresource\""]);
}

/// tests/ is a separate package, so its manifest repeats values of the library's; and a test that is not listed in it
/// does not run.
#[test]
fn the_tests_are_a_package_that_fits() {
    let (own, library) = (read(root().join("tests/Cargo.toml")), read(root().join("Cargo.toml")));
    for line in ["version = ", "edition = ", "rust-version = ", "libc = "] {
        let of = |manifest: &str| manifest.lines().find(|found| found.starts_with(line)).map(str::to_owned);
        assert_eq!(of(&own), of(&library));
    }
    for entry in fs::read_dir(root().join("tests")).expect("it is there") {
        let file = entry.expect("it can be read").file_name().to_string_lossy().into_owned();
        if let Some(name) = file.strip_suffix(".rs").filter(|name| *name != "build") {
            assert!(own.contains(&format!("[[test]]\nname = \"{name}\"\npath = \"{file}\"\n")), "{file}");
        }
    }
}
