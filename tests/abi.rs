//! The ABI stays compatible with the committed description of it, abi/rresource.abi, and every constant has its number
//! of abi/rresource.constants.

mod support;

use std::env::consts::ARCH;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{attempt, listed, make, part, read, root, run, say, scratch, stage};

const BASELINE: &str = "abi/rresource.abi";
const CONSTANTS: &str = "abi/rresource.constants";

/// In this order, as one part. A description is for one architecture; the committed one is for this:
#[test]
fn is_compatible_with_the_baseline() {
    if ARCH != "x86_64" {
        say("skip abi: abi/rresource.abi describes x86-64");
        part("abi", 0, 1);
        return;
    }
    let current = described(root());
    let kept = [compatible(&current), compatible(&stage().shared()), constants_kept(&current)];
    let mut passed = kept.len();
    kept.into_iter().for_each(|kept| kept.unwrap_or_else(|problem| panic!("{problem}")));
    passed += what_breaks_a_program_is_refused();
    passed += what_breaks_none_is_accepted();
    part("abi", passed, 0);
    list_what_is_new();
}

/// Written by `make abi` from the header and the map of a copy of the project.
fn described(project: &Path) -> PathBuf {
    let file = scratch("abi-description").join("rresource.abi");
    run(make(project, &scratch("abi-target")).arg("abi").arg(format!("ABI={}", file.display())));
    file
}

fn compatible(current: &Path) -> Result<(), String> {
    let (same, report) =
        attempt(Command::new("abidiff").arg("--no-added-syms").arg(root().join(BASELINE)).arg(current));
    if same { Ok(()) } else { Err(advice(&report, BASELINE)) }
}

/// New ones may be added: those of the version and of all groups change then.
fn constants_kept(description: &Path) -> Result<(), String> {
    const MAY_CHANGE: [&str; 4] = ["RR_VERSION_MAJOR", "RR_VERSION_MINOR", "RR_VERSION_PATCH", "RR_USAGE_ALL"];
    let current = read(description.with_extension("constants"));
    let (baseline, current) = (read(root().join(CONSTANTS)), current.lines().collect::<Vec<_>>());
    let may_change = |line: &&str| MAY_CHANGE.iter().any(|name| line.starts_with(&format!("#define {name} ")));
    let gone: Vec<&str> =
        baseline.lines().filter(|line| !current.contains(line)).filter(|line| !may_change(line)).collect();
    if gone.is_empty() { Ok(()) } else { Err(advice(&gone.join("\n"), CONSTANTS)) }
}

fn advice(report: &str, baseline: &str) -> String {
    format!(
        "{report}\nThe ABI is not that of {baseline} any more: programs that are linked with the last release would \
         break. Leave what is there as it is, and add something to it. Where the change is meant (a reserved \
         field was given a meaning, no release has what changes, or `abi` in the Makefile has a new number), run \
         `make abi`, look at the difference, commit it."
    )
}

struct Change {
    what: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    /// How abidiff names it.
    named: &'static str,
}

fn what_breaks_a_program_is_refused() -> usize {
    const HEADER: &str = "include/rresource.h";
    let changes = [
        Change {
            what: "a field of another size",
            file: HEADER,
            from: "    uint64_t rlim_max; /* Hard",
            to: "    uint32_t rlim_max; /* Hard",
            named: "rlim_max",
        },
        Change {
            what: "a field in front of the others",
            file: HEADER,
            from: "typedef struct rr_verdict {",
            to: "typedef struct rr_verdict {\n    uint64_t planted;",
            named: "planted",
        },
        Change {
            what: "another parameter",
            file: HEADER,
            from: "int rr_getrlimit(int resource,",
            to: "int rr_getrlimit(long resource,",
            named: "rr_getrlimit",
        },
        Change {
            what: "another result",
            file: HEADER,
            from: "\nuint32_t rr_version(",
            to: "\nuint64_t rr_version(",
            named: "rr_version",
        },
        Change {
            what: "a function that is gone",
            file: "rresource.map",
            from: "    rr_wait4;\n",
            to: "",
            named: "rr_wait4",
        },
        Change {
            what: "a constant with another number",
            file: HEADER,
            from: "#define RR_USAGE_RSS           0x8ull ",
            to: "#define RR_USAGE_RSS           0x1000ull ",
            named: "RR_USAGE_RSS 0x8ull",
        },
        Change {
            what: "a constant that is gone",
            file: HEADER,
            from: "#define RR_REASON_NOT_YOUR_PROCESS     4 ",
            to: "",
            named: "RR_REASON_NOT_YOUR_PROCESS",
        },
        Change {
            what: "a version of its symbols that is gone",
            file: "rresource.map",
            from: "RRESOURCE_0.1 {",
            to: "RRESOURCE_0.2 {",
            named: "RRESOURCE_0.1",
        },
    ];
    for change in &changes {
        let copy = copy_of_what_describes();
        replace(&copy, change.file, change.from, change.to);
        let current = described(&copy);
        let problem = compatible(&current).and_then(|()| constants_kept(&current)).expect_err(change.what);
        assert!(problem.contains(change.named) && problem.contains("run `make abi`"), "{}: {problem}", change.what);
    }
    changes.len()
}

fn what_breaks_none_is_accepted() -> usize {
    let copy = copy_of_what_describes();
    let declaration = "size_t rr_getpagesize(void);";
    replace(&copy, "include/rresource.h", declaration, &format!("{declaration}\nint rr_planted(void);"));
    let constant = "#define RR_USAGE_CPU           0x1ull ";
    replace(&copy, "include/rresource.h", constant, &format!("#define RR_USAGE_PLANTED 0x1000ull\n{constant}"));
    let end = "RRESOURCE_0.1 {\n  global:";
    replace(&copy, "rresource.map", end, &format!("RRESOURCE_0.2 {{ global: rr_planted; }};\n{end}"));
    let added = described(&copy);
    assert!(read(&added).contains("rr_planted@@RRESOURCE_0.2"), "the planted function is described");
    let kept = compatible(&added).and_then(|()| constants_kept(&added));
    kept.unwrap_or_else(|problem| panic!("a function and a constant that are added: {problem}"));

    let described_again = read(described(&copy));
    assert_eq!(described_again, read(described(&copy)), "the description is the same each time");
    assert!(!read(root().join(BASELINE)).contains("='/"), "{BASELINE} names no path of a machine");
    3
}

/// Functions that are not in the description are not compared, which is no error before a release.
fn list_what_is_new() {
    let baseline = read(root().join(BASELINE));
    let functions = listed(&read(root().join("rresource.map")));
    let new: Vec<&String> = functions.iter().filter(|name| !baseline.contains(&format!("'{name}'"))).collect();
    if !new.is_empty() {
        say(&format!("abi       not in {BASELINE} yet, where `make abi` puts them: {new:?}"));
    }
}

fn copy_of_what_describes() -> PathBuf {
    let copy = scratch("abi-copy");
    for name in ["Cargo.toml", "Makefile", "rresource.map", "rresource.pc.in", "include", "tools"] {
        run(Command::new("cp").arg("-R").arg(root().join(name)).arg(&copy));
    }
    copy
}

fn replace(copy: &Path, file: &str, from: &str, to: &str) {
    let text = read(copy.join(file));
    assert_eq!(text.matches(from).count(), 1, "{file} has \"{from}\" once");
    fs::write(copy.join(file), text.replace(from, to)).expect("the copy can be written");
}
