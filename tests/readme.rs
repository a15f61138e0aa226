//! The README and the pages of docs/ are exact: their commands run, their code is the examples', their links and the
//! functions that they name exist, and so it is in the site that `make html` writes.

mod support;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use support::{copy_source, declared, fresh, read, root, run, scratch};

/// The README first, whose installation the others use.
fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).expect("docs is there");
    let mut pages: Vec<PathBuf> = docs.map(|entry| entry.expect("readable").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages.insert(0, root().join("README.md"));
    pages
}

fn all_text() -> String {
    pages().iter().map(read).collect()
}

/// The fenced blocks of one language.
fn blocks(language: &str) -> Vec<String> {
    let text = all_text();
    let parts = text.split("```").skip(1).step_by(2);
    parts.filter_map(|part| part.strip_prefix(&format!("{language}\n"))).map(str::to_owned).collect()
}

/// Runs all of them in one shell, in a copy of the project with a separate home. The command that runs this test, and
/// those that need another Debian, are run by `.ci/run`, which has to contain them.
#[test]
fn every_command_runs() {
    const LEFT_TO_CI: [&str; 3] = ["make deps test", "make check-targets", "make deb"];
    let folder = scratch("readme");
    let copy = folder.join("rresource");
    // The commands require a home whose path is one word of the shell; the project may be anywhere.
    let home = env::temp_dir().join(format!("rresource-home-{}", process::id()));
    std::fs::create_dir(&home).expect("the temporary folder can be written");
    copy_source(&copy, &["README.md", "cmake", "cli", "docs", "examples", "man", "bench", "cbindgen.toml"]);

    let commands: Vec<String> = blocks("sh").iter().flat_map(|block| block.lines()).map(str::to_owned).collect();
    for left in LEFT_TO_CI {
        assert!(commands.iter().any(|command| command == left), "a page has {left}");
        assert!(read(root().join(".ci/run")).lines().any(|line| line == left), ".ci/run has {left}");
    }
    let others: Vec<&str> =
        commands.iter().map(String::as_str).filter(|command| !LEFT_TO_CI.contains(command)).collect();
    let script = format!("set -eu\n{}\n", others.join("\n"));
    let shown = run(fresh("sh")
        .args(["-c", &script])
        .current_dir(&copy)
        .env("HOME", &home)
        .env("CARGO_HOME", cargo_home())
        .env("RUSTUP_HOME", rustup_home())
        .env("CARGO_TARGET_DIR", "../target"));
    std::fs::remove_dir_all(&home).expect("it is the test's own");
    assert_eq!(shown.matches("open file descriptors: ").count(), 2, "raise, shared and static:\n{shown}");
    assert_eq!(shown.matches("exit status 0, peak ").count(), 2, "short, shared and static:\n{shown}");
    assert!(shown.contains("NOFILE") && shown.contains("which limit     not reported "), "the demo:\n{shown}");
    assert!(shown.contains("exit status 152") && shown.contains("and what would be accepted"), "the command:\n{shown}");
}

/// The test's separate home must not hide the toolchain.
fn cargo_home() -> String {
    env::var("CARGO_HOME").unwrap_or_else(|_| format!("{}/.cargo", env::var("HOME").unwrap_or_default()))
}

fn rustup_home() -> String {
    env::var("RUSTUP_HOME").unwrap_or_else(|_| format!("{}/.rustup", env::var("HOME").unwrap_or_default()))
}

/// The tests of each language compile or run them.
#[test]
fn the_programs_are_the_examples() {
    let examples = [
        ("c", ["short.c", "raise.c", "job.c", "bounds.c"].as_slice()),
        ("cpp", &["job.cpp"]),
        ("go", &["job.go"]),
        ("ruby", &["job.rb"]),
        ("python", &["job.py"]),
    ];
    for (language, files) in examples {
        let programs: Vec<String> = files.iter().map(|file| read(root().join("examples").join(file))).collect();
        assert_eq!(BTreeSet::from_iter(blocks(language)), BTreeSet::from_iter(programs), "{language}");
    }
}

#[test]
fn the_functions_that_they_name_exist() {
    let header = read(root().join("include/rresource.h"));
    let functions = declared(&header);
    let types: Vec<&str> =
        header.lines().filter_map(|line| line.strip_prefix("typedef struct ")?.split(' ').next()).collect();
    let text = all_text();
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let unknown: Vec<&str> = words
        .filter(|word| word.starts_with("rr_") && word.len() > 3)
        .filter(|word| !functions.contains(*word) && !types.contains(word))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_readme_is_short() {
    let lines = read(root().join("README.md")).lines().count();
    assert!(lines <= 250, "{lines} lines: what is reference belongs into docs/");
}

/// The targets of the links in a page: Markdown's, or those of HTML.
fn links(text: &str, before: &str, after: char) -> Vec<String> {
    let parts = text.split(before).skip(1).filter_map(|part| part.split_once(after));
    parts.map(|(target, _)| target.to_owned()).filter(|target| !target.contains("://")).collect()
}

#[test]
fn the_links_lead_to_files() {
    let mut count = 0;
    for page in pages() {
        for link in links(&read(&page), "](", ')') {
            let path = link.split('#').next().unwrap_or_default();
            let there = path.is_empty() || page.parent().expect("a folder").join(path).exists();
            assert!(there, "{}: {link}", page.display());
            count += 1;
        }
    }
    assert!(count > 30, "{count} links");
}

/// What is wrong with the links of a page of the site.
fn broken(page: &Path) -> Vec<String> {
    let html = read(page);
    let all = [links(&html, "href=\"", '"'), links(&html, "src=\"", '"')].concat();
    let is_broken = |link: &String| {
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let target = if path.is_empty() { page.to_owned() } else { page.parent().expect("a folder").join(path) };
        !target.is_file() || (!anchor.is_empty() && !read(&target).contains(&format!("id=\"{anchor}\"")))
    };
    assert!(all.len() > 8, "{}", page.display());
    all.into_iter().filter(is_broken).map(|link| format!("{}: {link}", page.display())).collect()
}

#[test]
fn the_site_has_no_broken_link() {
    let target = support::target();
    run(support::make(root(), &target).arg("html"));
    let site = target.join("ship/html");
    let files = run(process::Command::new("find").arg(&site).args(["-name", "*.html"]));
    let functions = declared(&read(root().join("include/rresource.h"))).len();
    assert!(files.lines().count() > functions + pages().len(), "{files}");
    let wrong: Vec<String> = files.lines().flat_map(|page| broken(Path::new(page))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let cookbook = read(site.join("cookbook.html"));
    assert!(cookbook.contains("rr_rlimit_raise(RR_RLIMIT_NOFILE, 4096, &amp;now)"), "its programs stand in the page");
}
