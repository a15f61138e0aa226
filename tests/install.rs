//! `make install` and `make uninstall`: the usual variables, the right files, nothing left.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use support::{attempt, declared, groups, pkg_config, read, root, run, scratch, target};

/// One at a time: what is installed for another prefix than the last is built anew, in one folder.
fn make(arguments: &[String]) {
    static BUILD: Mutex<()> = Mutex::new(());
    let _one = BUILD.lock().unwrap_or_else(PoisonError::into_inner);
    run(support::make(root(), &target()).args(arguments));
}

fn files(folder: &Path) -> BTreeSet<String> {
    let listing = run(Command::new("find").arg(folder).args(["!", "-type", "d", "-printf", "%P\n"]));
    listing.lines().map(str::to_owned).collect()
}

fn installed_in([libdir, includedir, mandir, libexecdir]: [&str; 4]) -> BTreeSet<String> {
    let version = env!("CARGO_PKG_VERSION");
    let libraries = ["librresource.so", "librresource.so.0", &format!("librresource.so.{version}"), "librresource.a"];
    let mut expected: BTreeSet<String> = libraries.iter().map(|name| format!("{libdir}/{name}")).collect();
    expected.insert(format!("{libdir}/pkgconfig/rresource.pc"));
    expected.extend(["", "-version"].map(|part| format!("{libdir}/cmake/rresource/rresource-config{part}.cmake")));
    expected.extend(["h", "hpp", "ffi.h"].map(|kind| format!("{includedir}/rresource.{kind}")));
    let header = read(root().join("include/rresource.h"));
    expected.extend(declared(&header).iter().map(|function| format!("{mandir}/man3/{function}.3")));
    expected.extend(groups(&header).iter().map(|group| format!("{mandir}/man3/rresource_{group}.3")));
    expected.insert(format!("{mandir}/man7/rresource.7"));
    expected.insert(format!("{libexecdir}/rresource/launcher"));
    expected
}

#[test]
fn the_usual_variables() {
    let folder = scratch("install");
    // Libraries, headers, manual pages, the launcher.
    let cases: [(&[&str], [&str; 4]); 4] = [
        (&[], ["usr/local/lib", "usr/local/include", "usr/local/share/man", "usr/local/libexec"]),
        (&["prefix=/usr"], ["usr/lib", "usr/include", "usr/share/man", "usr/libexec"]),
        (
            &["prefix=/opt/rresource"],
            ["opt/rresource/lib", "opt/rresource/include", "opt/rresource/share/man", "opt/rresource/libexec"],
        ),
        (
            &[
                "prefix=/usr",
                "libdir=/usr/lib/x86_64-linux-gnu",
                "includedir=/usr/include/rr",
                "mandir=/usr/man",
                "libexecdir=/usr/lib/rr",
            ],
            ["usr/lib/x86_64-linux-gnu", "usr/include/rr", "usr/man", "usr/lib/rr"],
        ),
    ];
    for (number, (variables, folders)) in cases.iter().enumerate() {
        let [libdir, includedir, ..] = folders;
        let destination = folder.join(number.to_string());
        let mut arguments = vec![format!("DESTDIR={}", destination.display())];
        arguments.extend(variables.iter().map(|variable| (*variable).to_owned()));
        let with = |goal: &str| [vec![goal.to_owned()], arguments.clone()].concat();

        make(&with("install"));
        assert_eq!(files(&destination), installed_in(*folders), "{variables:?}");
        let pc = read(destination.join(libdir).join("pkgconfig/rresource.pc"));
        assert!(
            pc.contains(&format!("libdir=/{libdir}\n")) && pc.contains(&format!("includedir=/{includedir}\n")),
            "{pc}"
        );
        assert!(!pc.contains(destination.to_str().unwrap()), "DESTDIR is not for the .pc file:\n{pc}");
        let link = fs::read_link(destination.join(libdir).join("librresource.so")).expect("a link");
        assert_eq!(link, Path::new("librresource.so.0"));

        make(&with("uninstall"));
        assert_eq!(files(&destination), BTreeSet::new(), "uninstall with {variables:?}");
    }
}

/// Without DESTDIR, as a user at home installs it, and a program that pkg-config alone compiles.
#[test]
fn a_prefix_of_ones_own() {
    let prefix = scratch("own-prefix");
    make(&["install".to_owned(), format!("prefix={}", prefix.display())]);
    let pkgconfig = prefix.join("lib/pkgconfig");
    let asked = |options: &[&str]| pkg_config(options, &pkgconfig, Path::new(""));
    assert_eq!(asked(&["--modversion"]), [env!("CARGO_PKG_VERSION")]);
    let program = prefix.join("limits");
    let example = root().join("examples/limits.c");
    for (options, is_static) in
        [(["--cflags", "--libs"].as_slice(), false), (&["--cflags", "--libs", "--static"], true)]
    {
        run(Command::new("cc")
            .args(is_static.then_some("-static"))
            .arg(&example)
            .args(asked(options))
            .arg("-o")
            .arg(&program));
        let shown = run(Command::new(&program).env("LD_LIBRARY_PATH", prefix.join("lib")));
        assert!(shown.contains("NOFILE") && shown.contains("ru_nivcsw"), "{shown}");
    }
    let (starts, text) = attempt(Command::new(&program).env_remove("LD_LIBRARY_PATH"));
    assert!(starts, "the static program needs no library: {text}");
}

/// The file that was installed is executed before the image inside the library; one that is not of this
/// version says nothing, and then the image is.
#[test]
fn the_installed_launcher_comes_first() {
    let prefix = scratch("launcher-prefix");
    make(&["install".to_owned(), format!("prefix={}", prefix.display())]);
    let program = prefix.join("run");
    run(Command::new("cc")
        .arg(root().join("examples/run.c"))
        .arg("-I")
        .arg(prefix.join("include"))
        .arg(prefix.join("lib/librresource.a"))
        .arg("-o")
        .arg(&program));
    let (launcher, moved) = (prefix.join("libexec/rresource/launcher"), prefix.join("moved"));
    let mark = prefix.join("mark");
    fs::rename(&launcher, &moved).expect("installed");
    let runs = |what: &str| {
        let (success, text) = attempt(Command::new(&program).args(["--", "true"]));
        assert!(success && text.contains("exit code   0"), "{what}: {text}");
        fs::remove_file(&mark).is_ok()
    };
    assert!(!runs("no launcher"));
    for (what, then) in [("the launcher", format!("exec {} \"$@\"", quoted(&moved))), ("another one", "exit 0".into())]
    {
        fs::write(&launcher, format!("#!/bin/sh\n: >{}\n{then}\n", quoted(&mark))).expect("writable");
        run(Command::new("chmod").arg("755").arg(&launcher));
        assert!(runs(what), "{what} was not executed");
    }
    run(Command::new("chmod").arg("644").arg(&launcher));
    assert!(!runs("a launcher that may not be executed"));
}

/// One word of the shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}
