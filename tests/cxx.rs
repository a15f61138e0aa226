//! `rresource.hpp`: the programs of cxx_tests/, by each compiler and standard, with exceptions and
//! without, against the staged install.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{Stage, attempt, declared, part, read, root, run, said, say, scratch, stage};

const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

fn header() -> String {
    read(root().join("include/rresource.hpp"))
}

fn programs() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("cxx_tests")).expect("cxx_tests/ is there");
    let mut sources: Vec<PathBuf> = folder.map(|entry| entry.expect("cxx_tests/ can be read").path()).collect();
    sources.retain(|path| path.extension().is_some_and(|extension| extension == "cpp"));
    sources.sort();
    sources
}

#[test]
fn every_compiler_and_standard_with_exceptions_and_without() {
    let (stage, folder) = (stage(), scratch("cxx"));
    let (mut passed, mut skipped, mut failed) = (0, 0, Vec::new());
    for compiler in ["g++", "clang++"] {
        for standard in ["c++17", "c++2b"] {
            for exceptions in ["-fexceptions", "-fno-exceptions"] {
                for source in programs() {
                    let how = [compiler, standard, exceptions];
                    match counts(&stage, &folder, &source, how) {
                        Some(counts) => (passed, skipped) = (passed + counts.0, skipped + counts.1),
                        None => failed.push((source, how)),
                    }
                }
            }
        }
    }
    assert!(failed.is_empty(), "failed: {failed:?}");
    part("cxx", passed, skipped);
}

fn counts(
    stage: &Stage,
    folder: &Path,
    source: &Path,
    [compiler, standard, exceptions]: [&str; 3],
) -> Option<(usize, usize)> {
    let name = source.file_stem().expect("a file").to_string_lossy();
    let program = folder.join(name.as_ref());
    run(Command::new(compiler)
        .args([&format!("-std={standard}"), exceptions, "-O1"])
        .args(WARNINGS)
        .arg("-I")
        .arg(root().join("c_tests"))
        .arg(source)
        .args(stage.pkg_config(&["--cflags", "--libs"]))
        .args(["-pthread", "-o"])
        .arg(&program));
    let (success, text) = attempt(&mut stage.command(&program));
    said(&format!("cxx       {name:12} {compiler} {standard} {exceptions}:"), success, &text)
}

#[test]
fn the_examples_compile_without_a_warning_and_run() {
    let (stage, folder) = (stage(), scratch("cxx-examples"));
    for (example, shown) in [("raise", "open file descriptors: "), ("job", " files here; exit code 0: ")] {
        let program = folder.join(example);
        run(Command::new("c++")
            .arg("-std=c++17")
            .args(WARNINGS)
            .arg(root().join("examples").join(example).with_extension("cpp"))
            .args(stage.pkg_config(&["--cflags", "--libs"]))
            .arg("-o")
            .arg(&program));
        let text = run(&mut stage.command(&program));
        assert!(text.contains(shown), "{text}");
        say(&format!("cxx       {example:12} {}", text.trim_end()));
    }
}

/// Programs choose their own warnings, which apply to the header too.
#[test]
fn the_header_is_clean_under_stricter_warnings() {
    let (stage, source) = (stage(), scratch("cxx-header").join("twice.cpp"));
    fs::write(&source, "#include <rresource.hpp>\n#include <rresource.hpp>\n").expect("writable");
    let stricter = ["-Wshadow", "-Wconversion", "-Wsign-conversion", "-Wold-style-cast", "-Wnon-virtual-dtor"];
    for compiler in ["g++", "clang++"] {
        for standard in ["c++17", "c++20", "c++23"] {
            run(Command::new(compiler)
                .args([&format!("-std={}", standard.replace("c++23", "c++2b")), "-fsyntax-only"])
                .args(WARNINGS)
                .args(stricter)
                .args(stage.pkg_config(&["--cflags"]))
                .arg(&source));
        }
    }
    let (success, text) = attempt(
        Command::new("g++").args(["-std=c++14", "-fsyntax-only"]).args(stage.pkg_config(&["--cflags"])).arg(&source),
    );
    assert!(!success && text.contains("needs C++17"), "{text}");
}

#[test]
fn every_resource_has_its_constant() {
    const OTHERS: [&str; 3] = ["TEXT_SIZE", "OFILE", "VMEM"];
    let (c, cxx) = (read(root().join("include/rresource.h")), header());
    let names = c.lines().filter_map(|line| line.strip_prefix("#define RR_RLIMIT_")?.split(' ').next());
    let missing: BTreeSet<&str> = names
        .filter(|name| !OTHERS.contains(name))
        .filter(|name| !cxx.contains(&format!("constexpr resource {}{{RR_RLIMIT_{name}}};", name.to_lowercase())))
        .collect();
    assert!(missing.is_empty(), "include/rresource.hpp lacks {missing:?}");
}

/// A new function has to be wrapped, or listed as one that needs no wrapper.
#[test]
fn every_function_is_wrapped_or_has_no_need() {
    const AS_IN_C: [&str; 21] = [
        "rr_version",
        "rr_version_string",
        "rr_strerrorname",
        "rr_constant",
        "rr_getpagesize",
        "rr_wait_status",
        "rr_rusage_field_count",
        "rr_rusage_field_name",
        "rr_rusage_field_summary",
        "rr_rusage_field_unit",
        "rr_rusage_value",
        "rr_usage_field_count",
        "rr_usage_field_name",
        "rr_usage_field_summary",
        "rr_usage_field_group",
        "rr_usage_field_unit",
        "rr_usage_value",
        "rr_outcome_field_count",
        "rr_outcome_field_name",
        "rr_outcome_field_unit",
        "rr_outcome_value",
    ];
    let cxx = header();
    let is_wrapped =
        |function: &str| cxx.contains(&format!("::{function}(")) || cxx.contains(&format!("::{function}>"));
    let wrong: Vec<String> = declared(&read(root().join("include/rresource.h")))
        .into_iter()
        .filter(|function| is_wrapped(function) == AS_IN_C.contains(&function.as_str()))
        .collect();
    assert!(wrong.is_empty(), "wrapped and listed as not, or neither: {wrong:?}");
}
