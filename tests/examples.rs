//! The examples, each compiled by pkg-config alone and run.

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;
use support::{attempt, root, run, scratch, stage};

fn compiled(name: &str) -> PathBuf {
    let program = scratch(&format!("example-{name}")).join(name);
    run(Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
        .arg(root().join("examples").join(name).with_extension("c"))
        .args(stage().pkg_config(&["--cflags", "--libs"]))
        .arg("-o")
        .arg(&program));
    program
}

#[test]
fn the_limit_on_open_files_raised() {
    assert!(run(&mut stage().command(compiled("raise"))).starts_with("open file descriptors: "));
}

#[test]
fn limits_and_usage_of_itself() {
    let shown = run(&mut stage().command(compiled("limits")));
    assert!(shown.contains("NOFILE") && shown.contains("ru_nivcsw"), "{shown}");
}

/// The caller holds 100 MiB: that is in the record that wait4 reads, and not in ours.
#[test]
fn what_wait4_and_the_library_report() {
    let program = compiled("compare");
    let shown = run(stage().command(&program).args(["100", "sh", "-c", "while :; do :; done"]));
    let row = |name: &str| {
        let line = shown.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}: {shown}"));
        let parts = line.split("  ").map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("ended by"), ["signal 9 (Killed)", "signal 9 (Killed)"], "{shown}");
    assert_eq!(row("which limit"), ["not reported", "processor time"], "{shown}");
    let peaks: Vec<f64> = row("peak MiB").iter().map(|text| text.parse().expect("a number")).collect();
    assert!(peaks[0] > 100.0 && peaks[1] < 20.0, "{shown}");
}

/// Every system has a bound on memory: what the machine has.
#[test]
fn bounds_of_its_memory() {
    let shown = run(&mut stage().command(compiled("bounds")));
    assert!(!shown.is_empty() && shown.lines().all(|line| line.starts_with("memory: ")), "{shown}");
}

#[test]
fn the_job_of_every_language() {
    let shown = run(&mut stage().command(compiled("job")));
    assert!(shown.contains(" files here; exit code 0: "), "{shown}");
}

#[test]
fn usage_of_a_process_until_it_ends() {
    let program = compiled("usage");
    // It ends with its input.
    let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().expect("cat is there");
    let pid = child.id().to_string();

    let once = run(stage().command(&program).arg(&pid));
    for field in ["cpu_ns", "peak_rss_bytes", "open_files", "NOFILE"] {
        assert!(once.contains(field), "{once}");
    }
    assert!(once.lines().any(|line| line.starts_with("threads ") && line.trim_end().ends_with(" 1")), "{once}");
    assert!(once.lines().any(|line| line.starts_with("voluntary_switches ") && line.ends_with(" -")), "{once}");

    // It is not waited for while it is watched: it becomes a zombie.
    let mut watcher =
        stage().command(&program).args(["-w", &pid]).stdout(Stdio::piped()).spawn().expect("it was compiled");
    let mut lines = BufReader::new(watcher.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains(" cpu ")), "a line for each second");
    drop(child.stdin.take());
    lines.for_each(drop);
    assert!(watcher.wait().expect("it was started").success());
    child.wait().expect("it was started");

    let (success, text) = attempt(stage().command(&program).arg(&pid));
    assert!(!success && text.contains("no such process"), "{text}");
    let (success, text) = attempt(stage().command(&program).arg("self"));
    assert!(!success && text.contains("usage [-w] PID"), "{text}");
}

#[test]
fn a_program_run_under_limits() {
    let program = compiled("run");
    let (success, text) =
        attempt(stage().command(&program).args(["-n", "64", "-m", "512M", "-t", "1min", "--", "true"]));
    assert!(
        success && text.contains("exit code   0") && text.contains("peak  ") && !text.contains("at most"),
        "{text}"
    );

    let busy = ["-c", "1", "--", "sh", "-c", "while :; do :; done"];
    let (success, text) = attempt(stage().command(&program).args(busy));
    assert!(!success && text.contains("limit       CPU"), "{text}");

    let slow = ["-t", "1s", "--", "sh", "-c", "sleep 50 | cat"];
    let (success, text) = attempt(stage().command(&program).args(slow));
    assert!(!success && text.contains("limit       the time by the clock"), "{text}");

    let start = Instant::now();
    let brief = ["-t", "200ms", "--", "sleep", "50"];
    let (success, text) = attempt(stage().command(&program).args(brief));
    assert!(!success && text.contains("limit       the time by the clock"), "{text}");
    let wall = text.lines().find_map(|line| line.strip_prefix("wall ")?.trim().strip_suffix(" s")?.parse::<f64>().ok());
    assert!(wall.is_some_and(|wall| (0.2..0.9).contains(&wall)), "{text} after {:?}", start.elapsed());

    // If the wait fails with another error than ETIMEDOUT, the time of the program is not over.
    let (success, text) = attempt(
        stage().command(&program).env("LD_PRELOAD", first_wait_fails()).args(["-t", "50s", "--", "sh", "-c", "exit 3"]),
    );
    assert!(!success && text.contains("run: waiting: ") && !text.contains("the time by the clock"), "{text}");

    let (success, text) = attempt(stage().command(&program).arg("no-such-program"));
    assert!(!success && text.contains("run: no-such-program: no such file, directory or name"), "{text}");
    let (success, text) = attempt(stage().command(&program).args(["-t", "soon", "true"]));
    assert!(!success && text.contains("run: soon: invalid argument"), "{text}");
}

/// A library to preload, whose wait fails once with ECHILD and then calls the real one.
fn first_wait_fails() -> PathBuf {
    let folder = scratch("example-wait");
    let (source, library) = (folder.join("wait.c"), folder.join("wait.so"));
    let code = "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <errno.h>\n#include <rresource.h>\n\
        int rr_child_wait(rr_child *child, int64_t timeout_ns, rr_outcome *outcome) {\n\
            static int calls;\n\
            int (*wait)(rr_child *, int64_t, rr_outcome *) = dlsym(RTLD_NEXT, \"rr_child_wait\");\n\
            return calls++ ? wait(child, timeout_ns, outcome) : ECHILD;\n\
        }\n";
    fs::write(&source, code).expect("writable");
    run(Command::new("cc")
        .args(["-shared", "-fPIC"])
        .arg(&source)
        .args(stage().pkg_config(&["--cflags"]))
        .arg("-o")
        .arg(&library));
    library
}
