//! The header: current, complete, commented, and clean for every compiler and standard.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use support::{read, root, run, scratch};

fn header() -> String {
    read(root().join("include/rresource.h"))
}

#[test]
fn is_what_cbindgen_writes_now() {
    let generated = read(env!("GENERATED_HEADER"));
    assert!(header() == generated, "include/rresource.h is stale: run `make header`, look at the change, commit it");
}

#[test]
fn is_clean_for_every_compiler_and_standard() {
    let folder = scratch("header");
    let source = folder.join("twice.c");
    fs::write(
        &source,
        "#include <rresource.h>\n#include <rresource.h>\nint main(void) { return (int)rr_version(); }\n",
    )
    .unwrap();
    let languages = [
        ("c", ["gcc", "clang"], ["c99", "c11", "c17"].as_slice()),
        ("c++", ["g++", "clang++"], ["c++11", "c++17", "c++20"].as_slice()),
    ];
    for (language, compilers, standards) in languages {
        for compiler in compilers {
            for standard in standards {
                run(Command::new(compiler)
                    .args(["-x", language, &format!("-std={standard}")])
                    .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I"])
                    .arg(root().join("include"))
                    .arg(&source));
            }
        }
    }
}

/// cbindgen turns each `///` into a comment just above: what has none has no comment in the header.
#[test]
fn comments_everything() {
    let text = header();
    let lines: Vec<&str> = text.lines().collect();
    let mut bare = Vec::new();
    for pair in lines.windows(2) {
        let (above, line) = (pair[0].trim(), pair[1]);
        let is_constant = line.starts_with("#define RR_") && !line.contains("RRESOURCE_H");
        let is_struct = line.starts_with("typedef struct");
        let is_field = line.starts_with("    ") && line.ends_with(';') && !line.contains(['(', ')']);
        let is_function = line.contains(" rr_") || line.contains(" *rr_");
        let is_function = is_function && line.contains('(') && !line.starts_with([' ', '/', '*', '#']);
        if (is_constant || is_struct || is_field || is_function) && above != "*/" {
            bare.push(line);
        }
    }
    assert!(bare.is_empty(), "without a comment: {bare:#?}");
}

/// What a C reader looks for in the comment of a function.
#[test]
fn comments_of_functions_are_complete() {
    let text = header();
    for function in support::declared(&text) {
        let place = ["\n", " ", "*"].iter().find_map(|before| {
            let declaration = format!("{before}{function}(");
            text.find(&declaration)
        });
        let (before, _) = text.split_at(place.expect("declared"));
        let comment = &before[before.rfind("/**").expect("a comment")..];
        for part in ["Returns ", "Any thread", "sync-signal-safe", "Since 0."] {
            assert!(comment.contains(part), "the comment of {function} lacks \"{part}\":\n{comment}");
        }
    }
}

#[test]
fn lists_every_function_in_its_contents() {
    let text = header();
    let contents = text.split("Conventions").next().unwrap();
    let named: BTreeSet<String> =
        contents.split_whitespace().filter(|word| word.starts_with("rr_")).map(str::to_owned).collect();
    assert_eq!(named, support::declared(&text));
}

/// What cbindgen finds public in the source it takes for the header's.
#[test]
fn has_no_name_of_the_inside() {
    let text = header();
    let names = text.lines().filter_map(|line| line.strip_prefix("#define "));
    let foreign: Vec<&str> = names.filter(|name| !name.starts_with("RR_") && *name != "RRESOURCE_H").collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    let types = text.lines().filter_map(|line| line.strip_prefix("typedef struct "));
    let foreign: Vec<&str> = types.filter(|name| !name.starts_with("rr_")).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[test]
fn every_constant_is_tested_by_name() {
    let text = header();
    let tested = read(root().join("c_tests/constants.c"));
    let constants =
        text.lines().filter_map(|line| line.strip_prefix("#define RR_")?.split_once(' ')).map(|(name, _)| name);
    let missing: Vec<&str> = constants.filter(|name| !tested.contains(&format!("CONSTANT({name})"))).collect();
    assert!(missing.is_empty(), "c_tests/constants.c lacks {missing:?}");
}

#[test]
fn refuses_a_system_that_is_not_in_the_catalog() {
    let (success, text) = support::attempt(
        Command::new("gcc").args(["-x", "c", "-U__linux__", "-fsyntax-only"]).arg(root().join("include/rresource.h")),
    );
    assert!(!success && text.contains("not in the catalog"), "{text}");
}
