//! Bugs planted on purpose, each of which a test has to catch by name: whether the tests can fail.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{attempt, declared, listed, make, read, root, run, scratch};

struct Bug {
    what: &'static str,
    file: &'static str,
    right: &'static str,
    wrong: &'static str,
    /// A program of c_tests/ and the test in it.
    caught_by: (&'static str, &'static str),
}

const BUGS: [Bug; 29] = [
    Bug {
        what: "EINVAL and EPERM swapped",
        file: "src/capi/mod.rs",
        right: "Err(error) => error.0,",
        wrong: "Err(Errno::EINVAL) => Errno::EPERM.0,\n        Err(Errno::EPERM) => Errno::EINVAL.0,\n        Err(error) => error.0,",
        caught_by: ("limits", "soft_above_hard_is_einval"),
    },
    Bug {
        what: "EPERM told as EINVAL",
        file: "src/capi/mod.rs",
        right: "Err(error) => error.0,",
        wrong: "Err(Errno::EPERM) => Errno::EINVAL.0,\n        Err(error) => error.0,",
        caught_by: ("own_process", "an_ordinary_user_may_not_raise_a_hard_limit"),
    },
    Bug {
        what: "every error turned into EIO",
        file: "src/capi/mod.rs",
        right: "Err(error) => error.0,",
        wrong: "Err(_) => 5,",
        caught_by: ("limits", "an_unknown_resource_is_einval"),
    },
    Bug {
        what: "rr_prlimit giving back the new limits",
        file: "src/limits/mod.rs",
        right: "sys::prlimit(pid, resource, new_limits)",
        wrong: "sys::prlimit(pid, resource, new_limits).map(|former| new_limits.unwrap_or(former))",
        caught_by: ("own_process", "prlimit_sets_and_gives_back_the_former_limits_of_another_process"),
    },
    Bug {
        what: "CHILDREN answered with SELF",
        file: "src/usage/rusage.rs",
        right: "    sys::getrusage(who)\n",
        wrong: "    sys::getrusage(if who == RR_RUSAGE_CHILDREN { RR_RUSAGE_SELF } else { who })\n",
        caught_by: ("rusage", "children_agrees_with_the_system"),
    },
    Bug {
        what: "a usage of all zeros",
        file: "src/usage/rusage.rs",
        right: "    sys::getrusage(who)\n",
        wrong: "    sys::getrusage(who).map(|_| Rusage::default())\n",
        caught_by: ("rusage", "self_agrees_with_the_system"),
    },
    Bug {
        what: "limits cut to 32 bits",
        file: "src/capi/limits.rs",
        right: ".and_then(|limits| limits::setrlimit(resource, limits))",
        wrong: ".and_then(|limits| limits::setrlimit(resource, Rlimit { rlim_cur: limits.rlim_cur as u32 as u64, rlim_max: limits.rlim_max as u32 as u64 }))",
        caught_by: ("own_process", "edges_below_the_hard_limit_come_back_exactly"),
    },
    Bug {
        what: "rr_setrlimit doing nothing",
        file: "src/capi/limits.rs",
        right: ".and_then(|limits| limits::setrlimit(resource, limits))",
        wrong: ".map(drop)",
        caught_by: ("own_process", "a_limit_that_was_set_bites"),
    },
    Bug {
        what: "outputs written before the call is known to succeed",
        file: "src/capi/mod.rs",
        right: "    code(produce()",
        wrong: "    // SAFETY: planted.\n    unsafe { ptr::write_bytes(out, 0, 1) };\n    code(produce()",
        caught_by: ("limits", "an_unknown_resource_is_einval"),
    },
    Bug {
        what: "a missing half set to the other one",
        file: "src/limits/text/parse.rs",
        right: "(value(soft)?, Some(present.rlim_max))",
        wrong: "(value(soft)?, value(soft)?)",
        caught_by: ("text", "one_value_or_two_halves"),
    },
    Bug {
        what: "durations cut to whole seconds",
        file: "src/limits/text/parse.rs",
        right: "u64::from(self.microseconds > 0)",
        wrong: "0",
        caught_by: ("text", "processor_time_is_rounded_up"),
    },
    Bug {
        what: "the closing NUL written past a buffer that is one too small",
        file: "src/capi/limits_text.rs",
        right: "bytes.len() <= size)",
        wrong: "bytes.len() <= size.saturating_add(1))",
        caught_by: ("text", "every_size_of_buffer"),
    },
    Bug {
        what: "a refused set that is not put back",
        file: "src/limits/many.rs",
        right: "match journal.restore() {",
        wrong: "match Ok::<(), Errno>(()) {",
        caught_by: ("many", "a_write_refused_after_the_check_puts_back_the_others"),
    },
    Bug {
        what: "a handle that goes by the number alone",
        file: "src/process.rs",
        right: "    let answer = act(process.pid);\n            process.identity.holds(process.pid)?;\n            answer\n        }\n        None => act(0),\n    }\n}\n\n/// Writes",
        wrong: "    act(process.pid)\n        }\n        None => act(0),\n    }\n}\n\n/// Writes",
        caught_by: ("process", "a_newcomer_with_the_number_is_not_the_process"),
    },
    Bug {
        what: "a capability in a user namespace taken for one in the first",
        file: "src/sys/linux/privilege.rs",
        right: "has_capability() && in_first_user_namespace()",
        wrong: "has_capability() || in_first_user_namespace()",
        caught_by: ("verdict", "foretells_in_a_thread_without_capabilities"),
    },
    Bug {
        what: "the calling descriptor's own folder read for one whose first thread has ended",
        file: "src/sys/linux/proc/mod.rs",
        right: "path.add(b\"thread-self\");",
        wrong: "path.add(b\"self\");",
        caught_by: ("used", "the_caller_whose_first_thread_has_ended"),
    },
    Bug {
        what: "the inherited peak told as the program's own",
        file: "src/sys/linux/usage.rs",
        right: "(RR_USAGE_PEAK_RSS, &mut usage.peak_rss_bytes)",
        wrong: "(0, &mut usage.peak_rss_bytes)",
        caught_by: ("usage", "the_peak_is_the_programs_own"),
    },
    Bug {
        what: "a counter that went backwards told as a huge difference",
        file: "src/usage/record.rs",
        right: "value.checked_sub(before).ok_or(Errno::ERANGE)?",
        wrong: "value.wrapping_sub(before)",
        caught_by: ("usage", "a_counter_that_went_backwards_is_erange"),
    },
    Bug {
        what: "a process that is gone told as one that gives nothing",
        file: "src/sys/linux/usage.rs",
        right: "if !other.is_proven.get() {",
        wrong: "if other.is_proven.get() {",
        caught_by: ("usage", "a_child_that_works"),
    },
    Bug {
        what: "a kept file read on instead of again",
        file: "src/sys/linux/descriptor.rs",
        right: "libc::SYS_pread64",
        wrong: "libc::SYS_read",
        caught_by: ("usage", "a_child_that_works"),
    },
    Bug {
        what: "the memory of a first thread that has ended",
        file: "src/sys/linux/usage.rs",
        right: "if statm.is_none() {",
        wrong: "if false {",
        caught_by: ("usage", "a_child_whose_first_thread_has_ended"),
    },
    Bug {
        what: "the last limit of a command forgotten by the launcher",
        file: "src/launcher/main.rs",
        right: "for _ in 0..job.limit_count {",
        wrong: "for _ in 1..job.limit_count {",
        caught_by: ("command_limits", "all_sixteen_are_exact launcher"),
    },
    Bug {
        what: "limits that were raised for the start and not put back",
        file: "src/sys/linux/spawn/scene.rs",
        right: "keep(limits, Limit { resource, limits: former });",
        wrong: "let _ = (&limits, former, keep as fn(&mut Vector<Limit>, Limit));",
        caught_by: ("command_limits", "inherited_ones_come_back launcher"),
    },
    Bug {
        what: "another process's memory from the /proc of another pid namespace",
        file: "src/sys/linux/usage.rs",
        right: "        proc::has_our_numbers(self.pid)?;\n        let thread",
        wrong: "        let thread",
        caught_by: ("usage", "the_proc_of_other_numbers_tells_nothing"),
    },
    Bug {
        what: "a program started with the signals blocked that were blocked for the start",
        file: "src/sys/linux/spawn/child.rs",
        right: "        signals::block_none();\n",
        wrong: "",
        caught_by: ("command", "signals_are_default_and_none_blocked direct"),
    },
    Bug {
        what: "a program that could not be started left as a zombie",
        file: "src/sys/linux/spawn/mod.rs",
        right: "        self.wait();\n        Err(Errno(error))",
        wrong: "        Err(Errno(error))",
        caught_by: ("command", "failures_leave_nothing launcher"),
    },
    Bug {
        what: "descriptors given one after the other, not all at once",
        file: "src/sys/plan.rs",
        right: "self.source != self.target && all",
        wrong: "self.source > 1_000_000 && all",
        caught_by: ("command", "descriptors_are_swapped launcher"),
    },
    Bug {
        what: "any SIGKILL under a limit on processor time taken for the limit's",
        file: "src/sys/linux/ended.rs",
        right: "self.has_used(hard).then_some(RR_RLIMIT_CPU)",
        wrong: "(hard != RR_RLIM_INFINITY).then_some(RR_RLIMIT_CPU)",
        caught_by: ("command_limits", "the_same_signal_by_hand_is_no_limit launcher"),
    },
    Bug {
        what: "the caller's peak told as the program's own",
        file: "src/command/child.rs",
        right: "rusage.ru_maxrss > self.inherited_peak",
        wrong: "rusage.ru_maxrss >= self.inherited_peak.min(0)",
        caught_by: ("child", "exit_codes_and_signals direct"),
    },
];

/// One after the other: the builds share a target directory.
#[test]
fn every_planted_bug_is_caught_by_name() {
    let clean = copy_of_the_source();
    for program in [
        "child",
        "command",
        "command_limits",
        "limits",
        "many",
        "own_process",
        "process",
        "rusage",
        "text",
        "usage",
        "used",
        "verdict",
    ] {
        run(&mut Command::new(compiled(&clean, program)));
    }
    let missed: Vec<String> =
        BUGS.iter().filter_map(|bug| escape(bug).map(|how| format!("{}: {how}", bug.what))).collect();
    assert!(missed.is_empty(), "not caught: {missed:#?}");
}

/// How the bug got away, if it did.
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
    assert_ne!(committed.replace("Since 0.1. See getrlimit(2).", "Since 0.1."), generated);
}

fn copy_of_the_source() -> PathBuf {
    let copy = scratch("planted");
    for part in [
        "Cargo.toml",
        "Cargo.lock",
        "build.rs",
        "Makefile",
        "rresource.map",
        "rresource.pc.in",
        "src",
        "include",
        "tools",
    ] {
        run(Command::new("cp").arg("-R").arg(root().join(part)).arg(&copy));
    }
    copy
}

/// Built by `make`, as it ships, and one C test linked to it.
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
