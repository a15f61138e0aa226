//! The C tests, compiled by build.rs, linked to what ships: shared, static, once more as C++, and under valgrind. A
//! line for each program shows its counts; skips have their reasons.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use support::{Stage, attempt, part, root, run, said, scratch, stage};

struct Program {
    name: &'static str,
    object: &'static str,
}

fn programs(objects: &'static str) -> Vec<Program> {
    let names = env!("C_TESTS").split(':');
    names.zip(objects.split(':')).map(|(name, object)| Program { name, object }).collect()
}

#[test]
fn shared() {
    run_all("shared", env!("C_OBJECTS"), "cc", &["--libs"], &[]);
}

#[test]
fn linked_statically() {
    run_all("static", env!("C_OBJECTS"), "cc", &["--static", "--libs"], &[]);
}

#[test]
fn as_cxx() {
    run_all("c++", env!("CXX_OBJECTS"), "c++", &["--libs"], &[]);
}

#[test]
fn under_valgrind() {
    let valgrind = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--track-fds=no"];
    run_all("valgrind", env!("C_OBJECTS"), "cc", &["--libs"], &valgrind);
}

/// The programs of commands once more, whose child shares the caller's memory: compiled with gcc's checks of addresses
/// and undefined behaviour, which find wrong accesses of the library to memory of its callers.
#[test]
fn under_asan() {
    let stage = stage();
    let folder = scratch("c_programs-asan");
    let (mut passed, mut skipped) = (0, 0);
    for name in ["child", "command", "command_hosts", "command_limits"] {
        let file = folder.join(name);
        run(Command::new("cc")
            .args(["-std=c99", "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-pthread"])
            .arg(root().join("c_tests").join(name).with_extension("c"))
            .args(stage.pkg_config(&["--cflags", "--libs"]))
            .arg("-o")
            .arg(&file));
        let counted = counts(&stage, "asan", name, &file, &["env"]);
        let counted = counted.unwrap_or_else(|| panic!("asan: {name} failed"));
        (passed, skipped) = (passed + counted.0, skipped + counted.1);
    }
    part("asan", passed, skipped);
}

fn run_all(mode: &str, objects: &'static str, linker: &str, libraries: &[&str], emulator: &[&str]) {
    let stage = stage();
    let folder = scratch(&format!("c_programs-{mode}"));
    let programs = programs(objects);
    assert!(programs.len() >= 10, "build.rs compiled the C tests");
    let mut failed = Vec::new();
    let (mut passed, mut skipped) = (0, 0);
    for program in &programs {
        let file = link(&stage, &folder, program, linker, libraries);
        match counts(&stage, mode, program.name, &file, emulator) {
            Some(counts) => (passed, skipped) = (passed + counts.0, skipped + counts.1),
            None => failed.push(program.name),
        }
    }
    assert!(failed.is_empty(), "{mode}: failed: {failed:?}");
    part(mode, passed, skipped);
}

fn link(stage: &Stage, folder: &Path, program: &Program, linker: &str, libraries: &[&str]) -> PathBuf {
    let file = folder.join(program.name);
    let is_static = libraries.contains(&"--static");
    let mut command = Command::new(linker);
    command.args(is_static.then_some("-static")).arg("-o").arg(&file).arg(program.object);
    run(command.args(stage.pkg_config(libraries)).arg("-pthread"));
    let needed = run(Command::new("readelf").arg("--dynamic").arg(&file));
    assert_eq!(needed.contains("librresource.so.0"), !is_static, "{} is linked the right way", program.name);
    file
}

/// How many tests of a program passed and were skipped, if it ran some and none failed.
fn counts(stage: &Stage, mode: &str, name: &str, file: &Path, emulator: &[&str]) -> Option<(usize, usize)> {
    let words: Vec<&str> = emulator.iter().copied().chain([file.to_str().expect("a path in UTF-8")]).collect();
    let mut command = stage.command(words[0]);
    if !emulator.is_empty() {
        command.env("RR_TEST_EMULATOR", if mode == "asan" { mode } else { emulator[0] });
    }
    let (success, text) = attempt(command.args(&words[1..]));
    said(&format!("{mode:9} {name:12}"), success, &text)
}
