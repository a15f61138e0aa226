//! The Ruby gem, with Ruby's own tools, on what `make install` installs: every file without a warning, its tests, the
//! gem as it is built and required, the example program.

mod support;

use std::path::PathBuf;
use std::process::Command;
use support::{attempt, part, root, run, say, scratch, stage};

fn gem() -> PathBuf {
    root().join("bindings/ruby")
}

fn ruby(arguments: &[&str]) -> Command {
    let mut command = stage().command("ruby");
    command.current_dir(gem()).args(["-w", "-Ilib", "-Itest"]).args(arguments);
    command
}

#[test]
fn tested() {
    let (success, text) = attempt(&mut ruby(&["test/all.rb", "--verbose"]));
    let closing = text.lines().rfind(|line| line.contains(" runs, ")).unwrap_or("no closing line");
    let numbers: Vec<usize> = closing.split(' ').filter_map(|word| word.parse().ok()).collect();
    // From minitest: runs, assertions, failures, errors, skips.
    let &[runs, assertions, 0, 0, skipped] = numbers.as_slice() else { panic!("{text}") };
    say(&format!("{:9} {:12} {} passed, 0 failed, {skipped} skipped", "ruby", "minitest", runs - skipped));
    text.lines().filter(|line| line.starts_with("skip ")).for_each(|line| say(&format!("{:23}{line}", "")));
    assert!(success && assertions > runs, "{text}");
    assert!(!text.contains("warning:"), "{text}");

    let shown = run(&mut ruby(&["../../examples/job.rb"]));
    assert!(shown.contains("exit 0"), "{shown}");
    say(&format!("{:9} {:12} {}", "ruby", "job", shown.trim_end()));
    part("ruby", runs - skipped + 1, skipped);
}

/// The gem contains exactly what it needs.
#[test]
fn built_as_a_gem() {
    let folder = scratch("gem");
    let file = folder.join("rresource.gem");
    let built =
        run(Command::new("gem").current_dir(gem()).args(["build", "--output"]).arg(&file).arg("rresource.gemspec"));
    assert!(!built.contains("WARNING"), "{built}");
    run(Command::new("gem")
        .args(["install", "--local", "--ignore-dependencies", "--no-document", "--install-dir"])
        .arg(folder.join("gems"))
        .arg(&file));
    let script =
        "require 'rresource'; puts RResource.getrlimit(:NOFILE).size, RResource::VERSION, RResource.library_version";
    let shown = run(stage().command("ruby").args(["-w", "-e", script]).current_dir(&folder).env(
        "GEM_PATH",
        format!("{}:{}", folder.join("gems").display(), run(Command::new("gem").args(["env", "path"])).trim_end()),
    ));
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(shown, format!("2\n{version}\n{version}\n"));
}
