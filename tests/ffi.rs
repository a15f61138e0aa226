//! `rresource.ffi.h` loads as it is where languages parse declarations themselves, and a call returns what the C
//! library returns.

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{attempt, declared, part, read, root, run, say, scratch, stage};

/// Debian's.
const JNA: &str = "/usr/share/java/jna.jar";

/// Each reads the declarations from the first argument, loads the library from the second, and prints the
/// version, an error's name and whether the soft limit on open files is the one in the third.
const LUAJIT: &str = r#"
local ffi = require("ffi")
ffi.cdef(io.open(arg[1]):read("*a"))
local rr = ffi.load(arg[2])
local number, limits = ffi.new("int64_t[1]"), ffi.new("rr_rlimit")
assert(rr.rr_constant("RLIMIT_NOFILE", number) == 0)
assert(rr.rr_getrlimit(tonumber(number[0]), limits) == 0)
assert(rr.rr_constant("SIZEOF_OUTCOME", number) == 0 and tonumber(number[0]) == ffi.sizeof("rr_outcome"))
assert(rr.rr_constant("OFFSETOF_OUTCOME_OOM", number) == 0 and tonumber(number[0]) == ffi.offsetof("rr_outcome", "oom"))
print(ffi.string(rr.rr_version_string()), ffi.string(rr.rr_strerrorname(1)), tonumber(limits.rlim_cur) == tonumber(arg[3]))
"#;

const PHP: &str = r#"<?php
$rr = FFI::cdef(file_get_contents($argv[1]), $argv[2]);
[$number, $limits] = [$rr->new("int64_t"), $rr->new("rr_rlimit")];
if ($rr->rr_constant("RLIMIT_NOFILE", FFI::addr($number)) !== 0) exit(1);
if ($rr->rr_getrlimit($number->cdata, FFI::addr($limits)) !== 0) exit(1);
if ($rr->rr_constant("SIZEOF_OUTCOME", FFI::addr($number)) !== 0 || $number->cdata !== FFI::sizeof($rr->type("rr_outcome"))) exit(1);
echo $rr->rr_version_string(), "\t", $rr->rr_strerrorname(1), "\t", json_encode($limits->rlim_cur == $argv[3]), "\n";
"#;

const CFFI: &str = r#"
import sys
from cffi import FFI
ffi = FFI()
ffi.cdef(open(sys.argv[1]).read())
rr = ffi.dlopen(sys.argv[2])
number, limits = ffi.new("int64_t *"), ffi.new("rr_rlimit *")
assert rr.rr_constant(b"RLIMIT_NOFILE", number) == 0
assert rr.rr_getrlimit(number[0], limits) == 0
assert rr.rr_constant(b"SIZEOF_OUTCOME", number) == 0 and number[0] == ffi.sizeof("rr_outcome")
assert rr.rr_constant(b"OFFSETOF_OUTCOME_OOM", number) == 0 and number[0] == ffi.offsetof("rr_outcome", "oom")
print(ffi.string(rr.rr_version_string()).decode(), ffi.string(rr.rr_strerrorname(1)).decode(),
      str(limits.rlim_cur == int(sys.argv[3])).lower(), sep="\t")
"#;

fn loads(command: &mut Command, name: &str, program: &str) {
    let script = scratch(&format!("ffi-{name}")).join(name);
    std::fs::write(&script, program).expect("the scratch folder can be written");
    let soft = run(Command::new("sh").args(["-c", "ulimit -Sn"]));
    let header = root().join("include/rresource.ffi.h");
    let (success, shown) = attempt(command.arg(&script).arg(header).arg(stage().shared()).arg(soft.trim()));
    let version = env!("CARGO_PKG_VERSION");
    assert!(success && shown == format!("{version}\tEPERM\ttrue\n"), "{name}: {shown}");
}

#[test]
fn luajit() {
    loads(&mut Command::new("luajit"), "luajit", LUAJIT);
}

#[test]
fn php() {
    loads(Command::new("php").args(["-d", "ffi.enable=true"]), "php", PHP);
}

/// Only the system's Python has modules that apt installs.
#[test]
fn python_cffi() {
    let python = run(Command::new("sh").arg(root().join("tools/deps.sh")).args(["python", "cffi"]));
    loads(&mut Command::new(python.trim()), "cffi", CFFI);
}

/// The programs of examples/ffi/, each in a language that needs no more than the library, or the header for FFIs too.
#[test]
fn examples() {
    let folder = root().join("examples/ffi");
    let header = root().join("include/rresource.ffi.h");
    let modules = run(Command::new("sh").args(["-c", "npm root --global 2>/dev/null || true"]));
    let mut perl = Command::new("perl");
    let mut luajit = Command::new("luajit");
    let mut php = Command::new("php");
    let mut node = Command::new("node");
    let mut java = Command::new("java");
    let programs = [
        (luajit.arg("job.lua").arg(&header), "luajit -v"),
        (
            php.args(["-d", "ffi.enable=true", "job.php"]).arg(&header),
            "php -d ffi.enable=true -r 'exit(!class_exists(\"FFI\"));'",
        ),
        (perl.arg("job.pl"), "perl -MFFI::Platypus -e 1"),
        (
            node.arg("job.mjs").env("NODE_PATH", modules.trim()),
            "NODE_PATH=$(npm root --global) node -e 'require(\"koffi\")'",
        ),
        (
            java.args(["-cp", JNA, "Job.java"]),
            "test -e /usr/share/java/jna.jar && java --list-modules | grep -q jdk.compiler",
        ),
    ];
    let (mut had, count) = (0, programs.len());
    for (program, is_here) in programs {
        let name = program.get_program().to_string_lossy().into_owned();
        if !attempt(Command::new("sh").args(["-c", is_here])).0 {
            say(&format!("ffi       skip {name}: it fails here: {is_here}"));
            continue;
        }
        let shown = run(program.arg(stage().shared()).current_dir(&folder));
        let figures = shown.trim_end().split_once(" files here; exit code 0: ").expect("a line").1;
        let numbers: Vec<u64> = figures.split(' ').filter_map(|word| word.parse().ok()).collect();
        // Nanoseconds of processor time and bytes of memory of a program that sorts a small file.
        let [cpu, peak] = numbers[..] else { panic!("{name}: {shown}") };
        assert!((1..1_000_000_000).contains(&cpu) && (1 << 18..1 << 26).contains(&peak), "{name}: {shown}");
        say(&format!("ffi       {name:12} {}", shown.trim_end()));
        had += 1;
    }
    let files = std::fs::read_dir(&folder).expect("examples/ffi is there").count();
    assert_eq!(files, count, "each file of examples/ffi is run");
    part("ffi", had, count - had);
}

/// docs/languages.md has each function of the library in its table, and no name that a language does not have.
#[test]
fn each_operation_is_named_in_every_language() {
    let page = read(root().join("docs/languages.md"));
    let (_, table) = page.split_once("| operation | C | C++ | Go | Python | Ruby |\n").expect("a table");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let sources = [
        &["include/rresource.h"][..],
        &["include/rresource.hpp"],
        &["bindings/go/rresource"],
        &["bindings/python/src/rresource"],
        &["bindings/ruby/lib"],
    ];
    let words = sources.map(|folders| {
        let all = run(Command::new("cat").args(folders.iter().flat_map(|folder| files(&root().join(folder)))));
        all.split(|letter: char| !letter.is_alphanumeric() && letter != '_').map(str::to_owned).collect::<BTreeSet<_>>()
    });
    let (mut named, mut unknown) = (BTreeSet::new(), Vec::new());
    for cells in rows.map(|row| row.split('|').skip(2).collect::<Vec<_>>()) {
        for (cell, words) in cells.iter().zip(&words) {
            for name in cell.split('`').skip(1).step_by(2) {
                let last = name.rsplit('.').next().unwrap_or_default().trim_end_matches('?');
                if !words.contains(last) {
                    unknown.push(name.to_owned());
                }
                named.insert(name.to_owned());
            }
        }
    }
    assert!(unknown.is_empty(), "not in the sources: {unknown:?}");
    let functions = declared(&read(root().join("include/rresource.h")));
    let missing: Vec<&String> = functions.difference(&named).collect();
    assert!(missing.is_empty(), "not in the table of docs/languages.md: {missing:?}");
}

fn files(path: &Path) -> Vec<PathBuf> {
    let found = run(Command::new("find").arg(path).args(["-type", "f"]));
    found.lines().map(PathBuf::from).collect()
}

/// It has no preprocessor line, and the same functions and structs as the header.
#[test]
fn has_the_headers_declarations_alone() {
    let (ffi, header) = (read(root().join("include/rresource.ffi.h")), read(root().join("include/rresource.h")));
    assert!(!ffi.contains('#'));
    assert_eq!(declared(&ffi), declared(&header));
    let types = |text: &str| {
        text.lines().filter(|line| line.starts_with("typedef struct ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(types(&ffi), types(&header));
    let both = scratch("ffi-both").join("both.c");
    let program = format!("#include <stddef.h>\n#include <stdint.h>\n{ffi}\n");
    std::fs::write(&both, program).expect("the scratch folder can be written");
    run(Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"])
        .arg(Path::new(&both)));
}
