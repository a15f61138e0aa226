//! The header: current, complete, commented, and clean for every compiler and standard.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use support::{attempt, declared, groups, read, root, scratch};

fn header() -> String {
    read(root().join("include/rresource.h"))
}

/// Both of them.
#[test]
fn is_what_the_source_says_now() {
    for name in ["rresource.h", "rresource.ffi.h"] {
        let generated = read(Path::new(env!("GENERATED_HEADER")).with_file_name(name));
        let committed = read(root().join("include").join(name));
        assert!(committed == generated, "include/{name} is stale: run `make header`, look at the change, commit it");
    }
}

const STRICT: [&str; 12] = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Werror",
    "-Wshadow",
    "-Wconversion",
    "-Wsign-conversion",
    "-Wcast-qual",
    "-Wundef",
    "-Wredundant-decls",
    "-Wmissing-declarations",
    "-Wformat=2",
];
/// All warnings of clang except those about the layout of structs and about features that older standards lacked.
const EVERYTHING: [&str; 6] = [
    "-Weverything",
    "-Wno-padded",
    "-Wno-c++98-compat",
    "-Wno-c++98-compat-pedantic",
    "-Wno-declaration-after-statement",
    "-Wno-unknown-warning-option",
];

#[test]
fn is_clean_for_every_compiler_and_standard() {
    let source = scratch("header").join("twice.c");
    let program = "#include <rresource.h>\n#include <rresource.h>\nint main(void) { return rr_version() == 0; }\n";
    fs::write(&source, program).expect("the scratch folder can be written");
    let include = root().join("include");
    for (language, compiler, standard) in compilers_and_standards() {
        let (clean, text) = attempt(&mut strictly(language, compiler, standard, &include, &source));
        assert!(clean, "{compiler} -std={standard}: {text}");
    }
}

/// The same options find errors in a faulty header, so that no output is significant.
#[test]
fn a_header_that_is_not_clean_is_seen() {
    let folder = scratch("header-unclean");
    let source = folder.join("once.c");
    fs::write(&source, "#include <rresource.h>\n").expect("the scratch folder can be written");
    let faults = ["int rr_planted();", "static inline int rr_planted(long n) { return n; }", "#if RR_PLANTED\n#endif"];
    for (fault, language) in faults.iter().zip(["c", "c++", "c"]) {
        let planted = header().replace("uint32_t rr_version(void);", &format!("uint32_t rr_version(void);\n{fault}"));
        fs::write(folder.join("rresource.h"), planted).expect("the scratch folder can be written");
        for (_, compiler, standard) in compilers_and_standards().into_iter().filter(|(kind, ..)| *kind == language) {
            let allowed = fault.ends_with("();") && standard == "c2x";
            let (clean, _) = attempt(&mut strictly(language, compiler, standard, &folder, &source));
            assert!(!clean || allowed, "{compiler} -std={standard} accepts {fault}");
        }
    }
}

fn compilers_and_standards() -> Vec<(&'static str, &'static str, &'static str)> {
    let languages = [
        ("c", ["gcc", "clang"], ["c99", "c11", "c17", "c2x"]),
        ("c++", ["g++", "clang++"], ["c++11", "c++14", "c++17", "c++20"]),
    ];
    let every = languages.into_iter().flat_map(|(language, compilers, standards)| {
        compilers.into_iter().flat_map(move |compiler| standards.map(|standard| (language, compiler, standard)))
    });
    every.collect()
}

fn strictly(language: &str, compiler: &str, standard: &str, include: &Path, source: &Path) -> Command {
    let mut command = Command::new(compiler);
    command.args(["-x", language, &format!("-std={standard}"), "-fsyntax-only"]).args(STRICT);
    if compiler.starts_with("clang") {
        command.args(EVERYTHING);
    }
    if language == "c" {
        command.args(["-Wstrict-prototypes", "-Wc++-compat"]);
    }
    command.arg("-I").arg(include).arg(source);
    command
}

#[test]
fn is_no_longer_than_it_has_to_be() {
    let (header, lines) = (header(), header().lines().count());
    assert!(lines <= 1900, "{lines} lines");
    let long: Vec<&str> = header.lines().filter(|line| line.len() > 120 && !line.starts_with("#if ")).collect();
    assert!(long.is_empty(), "{long:#?}");
}

/// The comment of a constant or field follows it, or precedes it if long. A resource may be in the table of all
/// systems instead, and a constant that equals another one on its system needs none.
#[test]
fn comments_everything() {
    let text = header();
    let (_, resources) = text.split_once(" * Resource  Unit ").expect("the table of all systems");
    let table = resources.split_once(" */").map_or("", |(table, _)| table);
    let lines: Vec<&str> = text.lines().collect();
    let mut bare = Vec::new();
    for pair in lines.windows(2) {
        let (above, line) = (pair[0].trim(), pair[1]);
        let is_struct = line.starts_with("typedef struct");
        let is_field = line.starts_with("    ")
            && line.contains(';')
            && line[4..].starts_with(|first: char| first.is_ascii_lowercase());
        let constant = line.strip_prefix("#define RR_").and_then(|rest| rest.split(' ').next());
        let is_in_table = constant.is_some_and(|name| {
            let name = name.strip_prefix("RLIMIT_").unwrap_or(name);
            table
                .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .any(|word| word.trim_start_matches("RR_") == name)
        });
        let is_function = declared(&format!("{line}\n")).iter().any(|name| name.starts_with("rr_"));
        // The end of a comment after the previous line belongs to that line.
        let is_commented = line.contains("/* ") || above == "*/" || above.starts_with("/* ");
        if (is_struct || is_field || is_function || constant.is_some()) && !is_commented && !is_in_table {
            bare.push(line);
        }
    }
    assert!(bare.is_empty(), "without a comment: {bare:#?}");
}

struct Documented {
    name: String,
    result: String,
    parameters: Vec<String>,
    comment: Vec<String>,
}

fn without_star(line: &str) -> String {
    line.strip_prefix(" * ").or(line.strip_prefix(" *")).unwrap_or(line).to_owned()
}

fn functions() -> Vec<Documented> {
    let text = header();
    let items = text.split("\n/** ").filter_map(|item| item.split_once("\n */\n"));
    let functions = items.filter_map(|(comment, rest)| {
        let function = Some(rest).filter(|rest| !rest.starts_with("typedef"))?;
        let declaration = function.split_once(';')?.0.split_whitespace().collect::<Vec<_>>().join(" ");
        let (before, parameters) = declaration.strip_suffix(')')?.split_once('(')?;
        let at = before.rfind("rr_")?;
        let name = |parameter: &str| parameter.rsplit([' ', '*']).next().unwrap_or_default().to_owned();
        Some(Documented {
            name: before[at..].to_owned(),
            result: before[..at].trim().to_owned(),
            parameters: parameters.split(", ").filter(|parameter| *parameter != "void").map(name).collect(),
            comment: comment.lines().map(without_star).collect(),
        })
    });
    functions.collect()
}

/// The form that the manual is generated from: what the function does, each parameter in order, "Returns:" or
/// "Errors:".
#[test]
fn comments_of_functions_have_the_fixed_form() {
    let functions = functions();
    assert_eq!(functions.len(), declared(&header()).len());
    for Documented { name, result, parameters, comment } in &functions {
        let paragraphs: Vec<&[String]> = comment.split(String::is_empty).collect();
        let about = |paragraph: &&[String]| {
            paragraph.iter().any(|line| parameters.iter().any(|parameter| line.starts_with(&format!("{parameter}: "))))
        };
        let documented: Vec<&str> = paragraphs
            .iter()
            .filter(|paragraph| about(paragraph))
            .flat_map(|paragraph| paragraph.iter())
            .filter(|line| !line.starts_with(' '))
            .filter_map(|line| line.split_once(": "))
            .map(|(parameter, _)| parameter)
            .collect();
        assert_eq!(documented, *parameters, "{name}: its parameters");
        let first = comment.first().expect("a comment");
        let verb = first.split(' ').next().unwrap_or_default();
        assert!(verb.ends_with('s') && verb.starts_with(|letter: char| letter.is_ascii_uppercase()), "{name}: {first}");
        let errors = paragraphs.iter().find(|paragraph| paragraph[0] == "Errors:");
        let returns = paragraphs.iter().any(|paragraph| paragraph[0].starts_with("Returns: "));
        let form = (result == "int" && !returns, result == "void", errors.is_some(), returns);
        assert!(
            matches!(form, (true, false, true, false) | (false, true, false, false) | (false, false, false, true)),
            "{name}: Errors: or Returns: {form:?}"
        );
        let names: Vec<&str> = errors
            .iter()
            .flat_map(|lines| &lines[1..])
            .filter(|line| line.starts_with("  E"))
            .map(|line| line.trim_start().split(' ').next().unwrap_or_default())
            .collect();
        assert!(names.len() == names.iter().collect::<BTreeSet<_>>().len(), "{name}: {names:?}");
        assert!(!names.contains(&"EFAULT") || names.len() == 1, "{name}: EFAULT is a convention");
    }
}

/// Conventions are stated once, at the top.
#[test]
fn comments_of_functions_repeat_no_convention() {
    let repeated =
        ["Any thread", "ny thread;", "sync-signal-safe", "thread-safe", "ince 0.1", "written on success", "errno is"];
    for function in functions() {
        let comment = function.comment.join(" ");
        let found: Vec<&&str> = repeated.iter().filter(|words| comment.contains(**words)).collect();
        assert!(found.is_empty(), "{}: {found:?}", function.name);
    }
}

/// A part is one section, and the contents name the functions in the order in which they come.
#[test]
fn has_the_parts_of_its_contents_in_their_order() {
    let text = header();
    let (contents, rest) = text.split_once(" * Conventions").expect("Conventions");
    let listed: Vec<&str> = contents.split_whitespace().filter(|word| word.starts_with("rr_")).collect();
    let functions = functions();
    assert_eq!(listed, functions.iter().map(|function| function.name.as_str()).collect::<Vec<_>>());
    let sections = rest
        .split("\n/* ====")
        .skip(1)
        .filter_map(|section| section.lines().nth(1)?.strip_prefix(" * ")?.split_once(": "));
    assert_eq!(sections.map(|(name, _)| name.to_owned()).collect::<Vec<_>>(), groups(&text));
}

/// cbindgen writes everything public that it finds in the source.
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
    let (success, text) = attempt(
        Command::new("gcc").args(["-x", "c", "-U__linux__", "-fsyntax-only"]).arg(root().join("include/rresource.h")),
    );
    assert!(!success && text.contains("not in the catalog"), "{text}");
}
