//! `make install` and `make uninstall`: the usual variables, the right files, nothing left.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use support::{attempt, declared, groups, pkg_config, read, root, run, scratch, target};

/// One at a time: an installation for another prefix is built again, in the same folder.
fn make(arguments: &[String]) {
    static BUILD: Mutex<()> = Mutex::new(());
    let _one = BUILD.lock().unwrap_or_else(PoisonError::into_inner);
    run(support::make(root(), &target()).args(arguments));
}

fn files(folder: &Path) -> BTreeSet<String> {
    let listing = run(Command::new("find").arg(folder).args(["!", "-type", "d", "-printf", "%P\n"]));
    listing.lines().map(str::to_owned).collect()
}

fn installed_in([libdir, includedir, mandir, libexecdir, bindir, share]: [&str; 6]) -> BTreeSet<String> {
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
    expected.insert(format!("{mandir}/man1/rresource.1"));
    expected.insert(format!("{libexecdir}/rresource/launcher"));
    expected.insert(format!("{bindir}/rresource"));
    let completions = [
        "bash-completion/completions/rresource",
        "zsh/site-functions/_rresource",
        "fish/vendor_completions.d/rresource.fish",
    ];
    expected.extend(completions.map(|file| format!("{share}/{file}")));
    expected
}

#[test]
fn the_usual_variables() {
    let folder = scratch("install");
    // Libraries, headers, manual pages, the launcher, the command, its completions.
    let cases: [(&[&str], [&str; 6]); 4] = [
        (
            &[],
            [
                "usr/local/lib",
                "usr/local/include",
                "usr/local/share/man",
                "usr/local/libexec",
                "usr/local/bin",
                "usr/local/share",
            ],
        ),
        (&["prefix=/usr"], ["usr/lib", "usr/include", "usr/share/man", "usr/libexec", "usr/bin", "usr/share"]),
        (
            &["prefix=/opt/rresource"],
            [
                "opt/rresource/lib",
                "opt/rresource/include",
                "opt/rresource/share/man",
                "opt/rresource/libexec",
                "opt/rresource/bin",
                "opt/rresource/share",
            ],
        ),
        (
            &[
                "prefix=/usr",
                "libdir=/usr/lib/x86_64-linux-gnu",
                "includedir=/usr/include/rr",
                "mandir=/usr/man",
                "libexecdir=/usr/lib/rr",
                "bindir=/usr/bin/rr",
            ],
            ["usr/lib/x86_64-linux-gnu", "usr/include/rr", "usr/man", "usr/lib/rr", "usr/bin/rr", "usr/share"],
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
    let output_of = |options: &[&str]| pkg_config(options, &pkgconfig, Path::new(""));
    assert_eq!(output_of(&["--modversion"]), [env!("CARGO_PKG_VERSION")]);
    let program = prefix.join("limits");
    let example = root().join("examples/limits.c");
    for (options, is_static) in
        [(["--cflags", "--libs"].as_slice(), false), (&["--cflags", "--libs", "--static"], true)]
    {
        run(Command::new("cc")
            .args(is_static.then_some("-static"))
            .arg(&example)
            .args(output_of(options))
            .arg("-o")
            .arg(&program));
        let shown = run(Command::new(&program).env("LD_LIBRARY_PATH", prefix.join("lib")));
        assert!(shown.contains("NOFILE") && shown.contains("ru_nivcsw"), "{shown}");
    }
    let (starts, text) = attempt(Command::new(&program).env_remove("LD_LIBRARY_PATH"));
    assert!(starts, "the static program needs no library: {text}");
}

/// The installed file is preferred to the image inside the library. A file of another version sends nothing, and then
/// the image is used.
#[test]
fn the_installed_launcher_comes_first() {
    let prefix = scratch("launcher-prefix");
    make(&["install".to_owned(), format!("prefix={}", prefix.display())]);
    let (source, program) = (prefix.join("kept.c"), prefix.join("kept"));
    fs::write(&source, KEPT).expect("writable");
    run(Command::new("cc")
        .arg(&source)
        .arg("-I")
        .arg(prefix.join("include"))
        .arg(prefix.join("lib/librresource.a"))
        .arg("-o")
        .arg(&program));
    let launcher = prefix.join("libexec/rresource/launcher");
    let is_used = || {
        let (success, kept) = attempt(&mut Command::new(&program));
        assert!(success && kept.lines().count() == 1, "one descriptor is kept: {kept}");
        let path = kept.trim();
        assert!(path == launcher.to_str().expect("a path in UTF-8") || path.starts_with("/memfd:"), "{path}");
        !path.starts_with("/memfd:")
    };
    let set_mode = |mode: &str| run(Command::new("chmod").arg(mode).arg(&launcher));
    assert!(is_used(), "as installed");
    for (what, mode) in [("may not be executed", "644"), ("others may write", "757"), ("the group may write", "775")] {
        set_mode(mode);
        assert!(!is_used(), "{what}");
    }
    set_mode("755");
    assert!(is_used(), "as installed again");
    let mut content = fs::read(&launcher).expect("installed");
    let last = content.len() - 1;
    content[last] ^= 1;
    fs::write(&launcher, content).expect("writable");
    assert!(!is_used(), "a byte is another");
    fs::remove_file(&launcher).expect("removable");
    assert!(!is_used(), "nothing is there");
}

/// Starts a program and prints what the descriptor refers to that the command keeps: the launcher.
const KEPT: &str = r#"
#include <rresource.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(void) {
    rr_command *command;
    rr_child *child;
    rr_outcome outcome;
    int fd;
    if (rr_command_new("true", &command) || rr_command_spawn(command, &child, NULL) ||
        rr_child_wait(child, -1, &outcome) || outcome.exit_code != 0)
        return 1;
    rr_child_free(child);
    for (fd = 3; fd < 64; fd++) {
        char link[40], path[PATH_MAX];
        ssize_t length;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        length = readlink(link, path, sizeof path);
        if (length > 0 && (path[length < PATH_MAX ? length : PATH_MAX - 1] = 0, strstr(path, "launcher")))
            printf("%.*s\n", (int)length, path);
    }
    rr_command_free(command);
    return 0;
}
"#;
