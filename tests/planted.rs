//! Bugs planted on purpose, each of which a test has to catch by name: whether the tests can fail.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{attempt, copy_source, declared, listed, make, read, root, run, scratch};

struct Bug {
    what: &'static str,
    file: &'static str,
    right: &'static str,
    wrong: &'static str,
    /// A program of c_tests/ and the test in it.
    caught_by: (&'static str, &'static str),
}

/// Kinds of bug that tools/mutants does not plant: a neighbouring field, another order, another clock.
const BUGS: [Bug; 17] = [
    Bug {
        what: "user and system time of another process swapped",
        file: "src/sys/linux/usage.rs",
        right: "clock::ticks(stat.user_ticks)",
        wrong: "clock::ticks(stat.system_ticks)",
        caught_by: ("proc_files", "each_value_of_another_process_is_its_own"),
    },
    Bug {
        what: "user and system time of a program swapped",
        file: "src/sys/linux/mod.rs",
        right: "Rusage::widened(self.utime.widen(), self.stime.widen(),",
        wrong: "Rusage::widened(self.stime.widen(), self.utime.widen(),",
        caught_by: ("independent", "times_of_a_program direct"),
    },
    Bug {
        what: "bytes that calls moved reported as those that the disk moved",
        file: "src/sys/linux/usage.rs",
        right: "count(b\"read_bytes\"), count(b\"write_bytes\")",
        wrong: "count(b\"rchar\"), count(b\"wchar\")",
        caught_by: ("proc_files", "each_value_of_another_process_is_its_own"),
    },
    Bug {
        what: "a kept file read on instead of again",
        file: "src/sys/linux/descriptor.rs",
        right: "libc::SYS_pread64",
        wrong: "libc::SYS_read",
        caught_by: ("usage", "a_child_that_works"),
    },
    Bug {
        what: "the first thread's files read for the calling thread's",
        file: "src/sys/linux/proc/mod.rs",
        right: "path.add(b\"thread-self\");",
        wrong: "path.add(b\"self\");",
        caught_by: ("used", "the_caller_whose_first_thread_has_ended"),
    },
    Bug {
        what: "the start time taken from a clock that stands still in sleep",
        file: "src/sys/linux/clock.rs",
        right: "libc::CLOCK_BOOTTIME",
        wrong: "libc::CLOCK_MONOTONIC",
        caught_by: ("independent", "wall_time_is_since_boot"),
    },
    Bug {
        what: "timeouts by the time of day",
        file: "src/sys/portable/unix.rs",
        right: "now::<S>(libc::CLOCK_MONOTONIC)",
        wrong: "now::<S>(libc::CLOCK_REALTIME)",
        caught_by: ("clocks", "a_set_clock_changes_no_time direct"),
    },
    Bug {
        what: "a timeout cut to milliseconds",
        file: "src/sys/linux/pause.rs",
        right: "(nanoseconds % SECOND) as KernelLong",
        wrong: "(nanoseconds % SECOND / 1_000_000 * 1_000_000) as KernelLong",
        caught_by: ("interrupted", "a_timeout_is_kept_to_the_nanosecond"),
    },
    Bug {
        what: "wall time from after the start",
        file: "src/command/builder.rs",
        right: "Ok(Child::new(handle, begun,",
        wrong: "Ok(Child::new(handle, sys::clock::<Host>().max(begun),",
        caught_by: ("independent", "the_start_counts_as_wall_time"),
    },
    Bug {
        what: "SIGKILL judged by the soft limit",
        file: "src/sys/linux/ended.rs",
        right: "let hard = limits(RR_RLIMIT_CPU).ok()?.rlim_max;",
        wrong: "let hard = limits(RR_RLIMIT_CPU).ok()?.rlim_cur;",
        caught_by: ("independent", "a_soft_limit_does_not_kill direct"),
    },
    Bug {
        what: "a core dump that is never reported",
        file: "src/sys/linux/ended.rs",
        right: "core_dumped: code == libc::CLD_DUMPED",
        wrong: "core_dumped: false",
        caught_by: ("independent", "a_core_dump_is_reported direct"),
    },
    Bug {
        what: "cuts before raises",
        file: "src/limits/many.rs",
        right: "[Class::Same, Class::HardRaise, Class::SoftRaise, Class::SoftCut, Class::HardCut]",
        wrong: "[Class::Same, Class::SoftCut, Class::HardCut, Class::HardRaise, Class::SoftRaise]",
        caught_by: ("sets", "raises_come_before_cuts"),
    },
    Bug {
        what: "a set undone in the order in which it was done",
        file: "src/limits/many.rs",
        right: "self.changes.iter().rev()",
        wrong: "self.changes.iter()",
        caught_by: ("sets", "what_was_done_is_undone_last_first"),
    },
    Bug {
        what: "a permitted capability taken for an effective one",
        file: "src/sys/linux/privilege.rs",
        right: "let [effective, ..] = sets;",
        wrong: "let [_, effective, ..] = sets;",
        caught_by: ("privilege", "only_the_effective_capability_counts"),
    },
    Bug {
        what: "what was read by number taken for the process's without a second look",
        file: "src/sys/linux/usage.rs",
        right: "    identity.holds(pid)?;",
        wrong: "",
        caught_by: ("usage", "a_child_that_works"),
    },
    Bug {
        what: "an interrupted wait for a start taken for its end",
        file: "src/sys/linux/spawn/channel.rs",
        right: "                Err(Errno::EINTR) => {}\n                Ok(1) =>",
        wrong: "                Ok(1) =>",
        caught_by: ("interrupted", "starts_and_waits_go_on_through_the_launcher"),
    },
    Bug {
        what: "the last byte of a buffer that is one too small",
        file: "src/capi/limits_text.rs",
        right: "bytes.len() <= size)",
        wrong: "bytes.len() <= size.saturating_add(1))",
        caught_by: ("text", "every_size_of_buffer"),
    },
];

/// Sequential: the builds share a target directory.
#[test]
fn every_planted_bug_is_caught_by_name() {
    let clean = copy_of_the_source();
    let programs: BTreeSet<&str> = BUGS.iter().map(|bug| bug.caught_by.0).collect();
    for program in programs {
        run(&mut Command::new(compiled(&clean, program)));
    }
    let missed: Vec<String> =
        BUGS.iter().filter_map(|bug| escape(bug).map(|how| format!("{}: {how}", bug.what))).collect();
    assert!(missed.is_empty(), "not caught: {missed:#?}");
}

/// Why the bug was not found, if it was not.
fn escape(bug: &Bug) -> Option<String> {
    let copy = copy_of_the_source();
    let source = copy.join(bug.file);
    let text = read(&source);
    assert_eq!(text.matches(bug.right).count(), 1, "{} has the place for \"{}\" once", bug.file, bug.what);
    fs::write(&source, text.replace(bug.right, bug.wrong)).expect("the copy can be written");

    let (program, test) = bug.caught_by;
    let (_, shown) = attempt(&mut Command::new(compiled(&copy, program)));
    (!shown.contains(&format!("FAILED {test}:"))).then(|| format!("{program} showed\n{shown}"))
}

#[test]
fn a_symbol_missing_from_the_map_is_seen() {
    let functions = declared(&read(root().join("include/rresource.h")));
    let map = read(root().join("rresource.map"));
    assert_eq!(listed(&map), functions);
    assert_ne!(listed(&map.replace("    rr_wait4;\n", "")), functions);
}

#[test]
fn a_stale_header_is_seen() {
    let generated = read(env!("GENERATED_HEADER"));
    let committed = read(root().join("include/rresource.h"));
    assert_eq!(committed, generated);
    assert_ne!(committed.replace("for one resource. See getrlimit(2).", "for one resource."), generated);
}

fn copy_of_the_source() -> PathBuf {
    let copy = scratch("planted");
    copy_source(&copy, &[]);
    copy
}

/// Builds the library with `make`, as it ships, and links one C test to it.
fn compiled(copy: &Path, program: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("planted-target");
    run(make(copy, &target).arg("../planted-target/ship/librresource.a"));
    let file = copy.join(program);
    run(Command::new("cc")
        .args(["-pthread", "-I"])
        .arg(copy.join("include"))
        .arg(root().join("c_tests").join(program).with_extension("c"))
        .arg(target.join("ship/librresource.a"))
        .arg("-o")
        .arg(&file));
    file
}
