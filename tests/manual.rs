//! The manual pages: whole, as mandoc wants them, found by `man`, and their examples work.

mod support;

#[path = "../tools/manual.rs"]
mod tool;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use support::{attempt, declared, groups, part, read, root, run, scratch, stage};

fn header() -> String {
    read(root().join("include/rresource.h"))
}

fn template() -> String {
    read(root().join("man/rresource.7.in"))
}

/// What the tool reports as wrong in this header.
fn problem_with(header: &str) -> String {
    let read = |path: &str| read(root().join(path));
    tool::pages(header, &template(), &read).expect_err("a problem")
}

fn pages() -> Vec<PathBuf> {
    let mandir = stage().mandir;
    let parts = groups(&header()).into_iter().map(|part| mandir.join(format!("man3/rresource_{part}.3")));
    let functions = declared(&header()).into_iter().map(|function| mandir.join(format!("man3/{function}.3")));
    parts.chain(functions).chain(["man7/rresource.7", "man1/rresource.1"].map(|page| mandir.join(page))).collect()
}

/// One test for all, because they are one part: each page, and each function's name.
#[test]
fn every_page_is_clean_and_every_function_is_found() {
    let pages = pages();
    pages.iter().for_each(is_clean);
    let functions = declared(&header());
    functions.iter().for_each(|function| is_found(function));
    part("manual", pages.len() + functions.len(), 0);
}

/// References to pages of the system may be missing here; references to our own pages may not.
fn is_clean(page: &PathBuf) {
    let mandir = stage().mandir;
    let (_, text) = attempt(Command::new("mandoc").arg("-Tlint").arg(page));
    let about_the_page = text.lines().filter(|line| line.contains(page.to_str().expect("a path in UTF-8")));
    let problems: Vec<&str> = about_the_page.filter(|line| !line.contains("referenced manual not found")).collect();
    assert!(problems.is_empty(), "{}: {problems:#?}", page.display());
    let references = read(page);
    let references = references.lines().filter_map(|line| line.split_once("Xr rr")?.1.split_once(' '));
    for (name, section) in references {
        let section = section.split(' ').next().unwrap_or_default();
        let file = mandir.join(format!("man{section}/rr{name}.{section}"));
        assert!(file.exists(), "{} names {}", page.display(), file.display());
    }
}

/// `man rr_getrlimit`: the page has the function in its synopsis and explains it.
fn is_found(function: &str) {
    let mut man = Command::new("man");
    let text = run(man.arg("-M").arg(stage().mandir).arg(function).env("MANWIDTH", "100").env("LC_ALL", "C.UTF-8"));
    let sections = ["NAME", "LIBRARY", "SYNOPSIS", "DESCRIPTION", "SEE ALSO"].map(|name| format!("\n{name}\n"));
    let parts = [format!("     {function}("), format!("     {function} \u{2014} "), "rresource(7)".to_owned()];
    for part in sections.iter().chain(&parts) {
        assert!(text.contains(part), "man {function} shows no {part:?}:\n{text}");
    }
    let sections = ["\nRETURN VALUES\n", "\nERRORS\n"].map(|section| text.contains(section));
    let is_void = text.contains("     void\n");
    assert!(sections[0] != is_void && (!sections[1] || sections[0]), "man {function}: {sections:?}\n{text}");
}

#[test]
fn the_examples_compile_without_a_warning_and_run() {
    let (stage, folder) = (stage(), scratch("manual"));
    let page = run(Command::new("mandoc").args(["-Tutf8", "-Owidth=200"]).arg(stage.mandir.join("man7/rresource.7")));
    let plain = page.chars().fold(String::new(), |mut text, letter| {
        // An overstruck letter: itself, a backspace, itself again.
        if letter == '\u{8}' {
            text.pop()
        } else {
            text.push(letter);
            None
        };
        text
    });
    let (_, examples) = plain.split_once("\nEXAMPLES\n").expect("EXAMPLES");
    let programs = examples.split("\n     }\n").filter(|part| part.contains("#include"));
    let mut languages = Vec::new();
    for program in programs {
        let code = format!("{}\n}}\n", &program[program.find("     /").expect("a comment in front")..]);
        let is_cxx = code.contains(".hpp");
        let source = folder.join(if is_cxx { "example.cpp" } else { "example.c" });
        fs::write(&source, code).expect("the scratch folder can be written");
        run(Command::new(if is_cxx { "c++" } else { "cc" })
            .arg(if is_cxx { "-std=c++17" } else { "-std=c99" })
            .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror"])
            .arg(&source)
            .args(stage.pkg_config(&["--cflags", "--libs"]))
            .arg("-o")
            .arg(folder.join("example")));
        let shown = run(&mut stage.command(folder.join("example")));
        assert!(shown.starts_with("open file descriptors: "), "{shown}");
        languages.push(is_cxx);
    }
    assert_eq!(languages, [false, true], "an example in C, and one in C++");
}

/// A header without the form causes an error message, not incomplete pages.
#[test]
fn what_has_no_form_is_refused() {
    let header = header();
    let read = |path: &str| read(root().join(path));
    let pages = tool::pages(&header, &template(), &read).expect("pages");
    assert_eq!(pages.len(), 1 + groups(&header).len() + declared(&header).len());
    let renamed = header.replacen(" * limits: One limit", " * limits", 1);
    assert!(problem_with(&renamed).contains("no \"name: title\" in \"limits\""));
    let answerless = header.replacen("Errors:\n *   ERANGE  index is past the end", "", 1);
    assert!(problem_with(&answerless).contains("rr_resource_at has neither Returns: nor Errors:"));
}
