//! The README is exact: its commands run, its C code is the examples', its table is whole.

mod support;

use std::env;
use std::process;
use support::{copy_source, declared, fresh, read, root, run, scratch};

fn readme() -> String {
    read(root().join("README.md"))
}

/// The fenced blocks of one language.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
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
    copy_source(&copy, &["cmake", "cli", "examples", "man", "bench", "cbindgen.toml"]);

    let commands: Vec<String> = blocks("sh").iter().flat_map(|block| block.lines()).map(str::to_owned).collect();
    for left in LEFT_TO_CI {
        assert!(commands.iter().any(|command| command == left), "the README has {left}");
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
    assert!(shown.contains("NOFILE") && shown.contains("which limit     not reported "), "the demo:\n{shown}");
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
fn its_programs_are_the_examples() {
    let examples = [
        ("c", ["raise.c", "job.c", "bounds.c"].as_slice()),
        ("cpp", &["job.cpp"]),
        ("go", &["job.go"]),
        ("ruby", &["job.rb"]),
        ("python", &["job.py"]),
    ];
    for (language, files) in examples {
        let programs: Vec<String> = files.iter().map(|file| read(root().join("examples").join(file))).collect();
        assert_eq!(blocks(language), programs, "{language}");
    }
}

#[test]
fn its_table_names_functions_that_exist() {
    let header = read(root().join("include/rresource.h"));
    let functions = declared(&header);
    let types: Vec<&str> =
        header.lines().filter_map(|line| line.strip_prefix("typedef struct ")?.split(' ').next()).collect();
    let text = readme();
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let unknown: Vec<&str> = words
        .filter(|word| word.starts_with("rr_") && word.len() > 3)
        .filter(|word| !functions.contains(*word) && !types.contains(word))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
