//! `make install` and `make uninstall`: the usual variables, the right files, nothing left.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{attempt, declared, fresh, groups, read, root, run, scratch};

fn make(arguments: &[String]) {
    let target = stage_target();
    run(fresh("make").current_dir(root()).env("CARGO_TARGET_DIR", target).arg("--silent").args(arguments));
}

/// The build that `make test` made, so that installing compiles nothing.
fn stage_target() -> PathBuf {
    let stage = support::stage().folder;
    stage.ancestors().nth(2).expect("stage lies two below the target directory").to_owned()
}

fn files(folder: &Path) -> BTreeSet<String> {
    let listing = run(Command::new("find").arg(folder).args(["!", "-type", "d", "-printf", "%P\n"]));
    listing.lines().map(str::to_owned).collect()
}

fn installed_in(libdir: &str, includedir: &str, mandir: &str) -> BTreeSet<String> {
    let version = env!("CARGO_PKG_VERSION");
    let libraries = ["librresource.so", "librresource.so.0", &format!("librresource.so.{version}"), "librresource.a"];
    let mut expected: BTreeSet<String> = libraries.iter().map(|name| format!("{libdir}/{name}")).collect();
    expected.insert(format!("{libdir}/pkgconfig/rresource.pc"));
    expected.extend(["", "-version"].map(|part| format!("{libdir}/cmake/rresource/rresource-config{part}.cmake")));
    expected.extend(["h", "hpp"].map(|kind| format!("{includedir}/rresource.{kind}")));
    let header = read(root().join("include/rresource.h"));
    expected.extend(declared(&header).iter().map(|function| format!("{mandir}/man3/{function}.3")));
    expected.extend(groups(&header).iter().map(|group| format!("{mandir}/man3/rresource_{group}.3")));
    expected.insert(format!("{mandir}/man7/rresource.7"));
    expected
}

#[test]
fn the_usual_variables() {
    let folder = scratch("install");
    let cases: [(&[&str], &str, &str, &str); 4] = [
        (&[], "usr/local/lib", "usr/local/include", "usr/local/share/man"),
        (&["prefix=/usr"], "usr/lib", "usr/include", "usr/share/man"),
        (&["prefix=/opt/rresource"], "opt/rresource/lib", "opt/rresource/include", "opt/rresource/share/man"),
        (
            &["prefix=/usr", "libdir=/usr/lib/x86_64-linux-gnu", "includedir=/usr/include/rr", "mandir=/usr/man"],
            "usr/lib/x86_64-linux-gnu",
            "usr/include/rr",
            "usr/man",
        ),
    ];
    for (number, (variables, libdir, includedir, mandir)) in cases.iter().enumerate() {
        let destination = folder.join(number.to_string());
        let mut arguments = vec![format!("DESTDIR={}", destination.display())];
        arguments.extend(variables.iter().map(|variable| (*variable).to_owned()));
        let with = |goal: &str| [vec![goal.to_owned()], arguments.clone()].concat();

        make(&with("install"));
        assert_eq!(files(&destination), installed_in(libdir, includedir, mandir), "{variables:?}");
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
    let pkg_config = |options: &[&str]| {
        run(Command::new("pkg-config").env("PKG_CONFIG_PATH", &pkgconfig).args(options).arg("rresource"))
    };
    assert_eq!(pkg_config(&["--modversion"]).trim(), env!("CARGO_PKG_VERSION"));
    let program = prefix.join("limits");
    let example = root().join("examples/limits.c");
    for (options, is_static) in
        [(["--cflags", "--libs"].as_slice(), false), (&["--cflags", "--libs", "--static"], true)]
    {
        run(Command::new("cc")
            .args(is_static.then_some("-static"))
            .arg(&example)
            .args(pkg_config(options).split_whitespace())
            .arg("-o")
            .arg(&program));
        let shown = run(Command::new(&program).env("LD_LIBRARY_PATH", prefix.join("lib")));
        assert!(shown.contains("NOFILE") && shown.contains("ru_nivcsw"), "{shown}");
    }
    let (starts, text) = attempt(Command::new(&program).env_remove("LD_LIBRARY_PATH"));
    assert!(starts, "the static program needs no library: {text}");
}
