//! The files that ship, as tools for binaries see them: symbols, versions, size, what they need.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use support::{declared, listed, read, root, run, scratch, stage, symbols};

fn header_functions() -> BTreeSet<String> {
    declared(&read(root().join("include/rresource.h")))
}

#[test]
fn the_map_lists_the_headers_functions() {
    assert_eq!(listed(&read(root().join("rresource.map"))), header_functions());
}

#[test]
fn the_shared_object_exports_the_headers_functions_with_versions() {
    let exported = symbols(&stage().shared(), &["--dynamic", "--defined-only", "--with-symbol-versions"]);
    let functions: BTreeSet<String> =
        exported.iter().filter(|(kind, _)| *kind == 'T').map(|(_, name)| name.clone()).collect();
    let expected: BTreeSet<String> = header_functions().iter().map(|name| format!("{name}@@RRESOURCE_0.1")).collect();
    assert_eq!(functions, expected);
    let others: Vec<_> = exported.iter().filter(|(kind, _)| *kind != 'T').collect();
    assert!(others.iter().all(|(kind, name)| *kind == 'A' && name.starts_with("RRESOURCE_")), "{others:?}");
}

#[test]
fn the_archive_defines_the_headers_functions_only() {
    let defined = symbols(&stage().archive(), &["--defined-only", "--extern-only"]);
    let names: BTreeSet<String> = defined.into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, header_functions());
}

#[test]
fn the_shared_object_needs_libc_alone() {
    let dynamic = run(Command::new("readelf").arg("--dynamic").arg(stage().shared()));
    let needed: Vec<&str> = dynamic.lines().filter(|line| line.contains("(NEEDED)")).collect();
    assert!(needed.len() == 1 && needed[0].contains("[libc.so."), "{needed:?}");
    assert!(dynamic.contains("Library soname: [librresource.so.0]"), "{dynamic}");
    assert!(dynamic.contains("BIND_NOW") && !dynamic.contains("TEXTREL"), "{dynamic}");
}

/// No locks, no printing, and no wrapper of a system call that a preloaded library could replace, except for what
/// system calls do not offer: a child on a separate stack on every architecture (clone), the time without a system
/// call (clock_gettime), the environment, and the pause of a wait that polls. Some compilers turn malloc and memset
/// into calloc.
#[test]
fn the_code_calls_nothing_else_of_libc() {
    let allowed = [
        "syscall",
        "sysconf",
        "__errno_location",
        "strlen",
        "memcpy",
        "memmove",
        "memset",
        "memcmp",
        "bcmp",
        "malloc",
        "calloc",
        "realloc",
        "free",
        "clone",
        "clock_gettime",
        "environ",
        "nanosleep",
        // The system calls are too narrow for the IDs on old 32-bit architectures.
        "getuid",
        "geteuid",
        "getgid",
        "getegid",
        "setfsuid",
        "setfsgid",
        "statfs",
        "fstatfs",
    ];
    let undefined = symbols(&stage().archive(), &["--undefined-only"]);
    let others: Vec<_> = undefined.iter().filter(|(_, name)| !allowed.contains(&name.as_str())).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn no_panic_path() {
    let all = symbols(&stage().archive(), &["--demangle"]);
    let panics: Vec<_> = all.iter().filter(|(_, name)| name.contains("panic") || name.contains("unwind")).collect();
    assert!(panics.is_empty(), "{panics:?}");
    let text = run(Command::new("nm").arg("--demangle").arg(stage().archive()));
    assert!(!text.contains("panicking") && !text.contains("rust_begin_unwind"), "{text}");
}

/// Python's `resource`, errors and the catalog: what most programs need.
const CORE: [&str; 22] = [
    "rr_constant",
    "rr_getpagesize",
    "rr_getrlimit",
    "rr_getrusage",
    "rr_prlimit",
    "rr_resource_at",
    "rr_resource_by_id",
    "rr_resource_by_name",
    "rr_resource_count",
    "rr_resource_name",
    "rr_resource_summary",
    "rr_rusage_field_count",
    "rr_rusage_field_name",
    "rr_rusage_field_summary",
    "rr_rusage_value",
    "rr_setrlimit",
    "rr_strerror",
    "rr_strerrorname",
    "rr_version",
    "rr_version_string",
    "rr_wait4",
    "rr_wait_status",
];

fn stripped_size(shared: &Path) -> u64 {
    let stripped = shared.with_extension("stripped");
    run(Command::new("strip").arg("-o").arg(&stripped).arg(shared));
    fs::metadata(&stripped).expect("stripped").len()
}

#[test]
fn the_shared_object_is_small() {
    const MOST: u64 = 134 * 1024;
    let copy = scratch("shipped").join("whole.so");
    fs::copy(stage().shared(), &copy).expect("staged");
    let bytes = stripped_size(&copy);
    assert!(bytes <= MOST, "{bytes} bytes stripped, more than {MOST}");
}

/// The same object, linked for the core's functions only: the rest is left out.
#[test]
fn the_core_alone_is_smaller() {
    const MOST: u64 = 18 * 1024;
    let folder = scratch("shipped-core");
    let (map, shared) = (folder.join("core.map"), folder.join("core.so"));
    fs::write(&map, format!("RRESOURCE_0.1 {{ global: {}; local: *; }};\n", CORE.join("; "))).expect("writable");
    run(Command::new("cc")
        .args(["-shared", "-nostartfiles", "-Wl,--gc-sections", "-Wl,--whole-archive"])
        .arg(stage().archive())
        .args(["-Wl,--no-whole-archive", "-Wl,-z,noseparate-code", "-o"])
        .arg(&shared)
        .args(["-Xlinker", "--version-script", "-Xlinker"])
        .arg(&map));
    let bytes = stripped_size(&shared);
    assert!(bytes <= MOST, "{bytes} bytes stripped, more than {MOST}");
}

#[test]
fn no_path_of_the_building_machine() {
    for file in [stage().shared(), stage().archive()] {
        let bytes = fs::read(&file).expect("staged");
        let home = root().to_str().expect("a path in UTF-8").as_bytes();
        assert!(!bytes.windows(home.len()).any(|window| window == home), "{} names {:?}", file.display(), root());
    }
}
