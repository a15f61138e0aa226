//! `rresource.ffi.h` loads as it is where languages parse declarations themselves, and a call returns what the C
//! library returns.

mod support;

use std::path::Path;
use std::process::Command;
use support::{attempt, declared, read, root, run, scratch, stage};

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
