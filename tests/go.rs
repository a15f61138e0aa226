//! The Go package, with Go's own tools, on what `make install` installs: formatted, vetted, its tests and runnable
//! examples with the race detector and without, the example program.

mod support;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};
use support::{attempt, part, read, root, run, say, scratch, stage};

/// `go` in the package's folder. It needs no network and writes nothing outside of the build directory: pkg-config's
/// output is not part of the key of Go's cache, so that a cache from another stage would link to that stage.
fn go(arguments: &[&str]) -> Command {
    let mut command = stage().with_pkg_config("go", &link());
    command
        .current_dir(root().join("bindings/go"))
        .args(arguments)
        .env("GOCACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache"))
        .envs([("GOPROXY", "off"), ("GOTOOLCHAIN", "local"), ("GOFLAGS", ""), ("GOWORK", "off"), ("CGO_ENABLED", "1")]);
    command
}

/// Leads to the stage: Go refuses what pkg-config writes of a path with parentheses. It has the same name in every run,
/// because the cache keeps the linker's options.
fn link() -> PathBuf {
    let mut hasher = DefaultHasher::new();
    stage().folder.hash(&mut hasher);
    env::temp_dir().join(format!("rresource-go-{:016x}", hasher.finish()))
}

struct RemovedLink;

impl Drop for RemovedLink {
    fn drop(&mut self) {
        let _ = fs::remove_file(link());
    }
}

#[test]
fn formatted_vetted_tested() {
    let _removed_at_the_end = RemovedLink;
    let _ = fs::remove_file(link()); // of a run that was ended
    symlink(stage().folder, link()).expect("the temporary folder can be written");
    let programs = ["../../examples/job.go", "../../bench/core.go"];
    assert_eq!(run(Command::new("gofmt").current_dir(root().join("bindings/go")).args(["-l", "."]).args(programs)), "");
    run(&mut go(&["vet", "./..."]));
    for program in programs {
        run(&mut go(&["vet", program]));
    }
    let documented = run(&mut go(&["doc", "-all", "./rresource"]));
    assert!(documented.contains("func Getrlimit("), "{documented}");

    let shown = run(&mut go(&["run", "../../examples/job.go"]));
    assert!(shown.contains("exit status 0"), "{shown}");
    say(&format!("{:9} {:12} {}", "go", "job", shown.trim_end()));

    links_statically();
    says_what_it_needs_without_cgo();
    let plain = counts("plain", &[]);
    let raced = if has_race_detector() {
        counts("race", &["-race"])
    } else {
        say(&format!("{:23}skip race: this Go comes without its race detector", ""));
        (0, 1)
    };
    part("go", plain.0 + raced.0 + 1, plain.1 + raced.1);
}

/// As the package's documentation has it: the program needs no shared object, neither ours nor another.
fn links_statically() {
    let program = scratch("go-static").join("job");
    let options = ["build", "-ldflags", "-linkmode external -extldflags -static", "-o"];
    let documented = format!("go {} '{}'", options[..2].join(" "), options[2]);
    assert!(read(root().join("bindings/go/rresource/doc.go")).contains(&documented), "{documented}");
    run(go(&options).arg(&program).arg("../../examples/job.go"));
    assert!(!run(Command::new("readelf").arg("-d").arg(&program)).contains("NEEDED"));
    let shown = run(Command::new(&program).env_remove("LD_LIBRARY_PATH"));
    assert!(shown.contains("exit status 0"), "{shown}");
}

fn says_what_it_needs_without_cgo() {
    let (success, text) = attempt(go(&["build", "./..."]).env("CGO_ENABLED", "0"));
    let first = text.lines().find(|line| line.contains(".go:")).unwrap_or_default();
    assert!(!success && first.contains("this_package_needs_cgo__set_CGO_ENABLED_to_1"), "{text}");
}

/// Some distributions leave out its parts, which are not built from source.
fn has_race_detector() -> bool {
    let (success, text) = attempt(&mut go(&["test", "-race", "-run=^$", "./..."]));
    assert!(success || text.contains("race"), "{text}");
    success
}

/// How many tests and examples passed and were skipped; none may fail.
fn counts(mode: &str, options: &[&str]) -> (usize, usize) {
    let (success, text) = attempt(go(&["test", "-v", "-count=1"]).args(options).arg("./..."));
    let count = |verdict: &str| text.lines().filter(|line| line.starts_with(verdict)).count();
    let (passed, failed, skipped) = (count("--- PASS: "), count("--- FAIL: "), count("--- SKIP: "));
    say(&format!("{:9} {mode:12} {passed} passed, {failed} failed, {skipped} skipped", "go"));
    for (line, reason) in text.lines().zip(text.lines().skip(1)).filter(|(line, _)| line.starts_with("--- SKIP: ")) {
        let name = line.split(' ').nth(2).unwrap_or_default();
        say(&format!("{:23}skip {name}: {}", "", reason.trim_start()));
    }
    assert!(success && failed == 0 && passed > 0, "{text}");
    (passed, skipped)
}
