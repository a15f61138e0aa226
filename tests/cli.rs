//! The command `rresource`: its figures are those of independent sources, its exit statuses those of timeout(1), and its
//! messages say what to do. In a pipe, on terminals of two widths, and as JSON.

mod support;

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::ptr;
use std::thread;
use std::time::{Duration, Instant};
use support::{read, root, run, say, scratch, stage};

const SUBCOMMANDS: [&str; 8] = ["run", "bench", "limits", "set", "check", "bounds", "usage", "top"];

fn program() -> PathBuf {
    stage().bindir.join("rresource")
}

fn rresource<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).env_remove("NO_COLOR").env("TERM", "xterm");
    command
}

struct Answer {
    status: i32,
    out: String,
    err: String,
}

fn answer(command: &mut Command) -> Answer {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().expect("it was built");
    Answer {
        status: status.code().unwrap_or_else(|| -status.signal().unwrap_or_default()),
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

fn ask<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Answer {
    answer(&mut rresource(arguments))
}

/// The output of a call that has to succeed.
fn shown<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> String {
    let answer = ask(arguments);
    assert_eq!(answer.status, 0, "{}{}", answer.out, answer.err);
    answer.out
}

/// A Python expression over the document `d`, which Python's own parser has read.
fn query(json: &str, expression: &str) -> String {
    let mut python = Command::new("python3");
    python.args(["-c", "import json,sys; d=json.load(sys.stdin); print(eval(sys.argv[1]))", expression]);
    let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3 is there");
    child.stdin.take().expect("a pipe").write_all(json.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it was started");
    assert!(output.status.success(), "{expression} of {json}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn number(json: &str, expression: &str) -> f64 {
    let text = query(json, expression);
    text.parse().unwrap_or_else(|_| panic!("{expression} is {text}"))
}

/// A process of the test's own, ended when it goes out of scope.
struct Own(Child);

impl Own {
    fn new(command: &mut Command) -> Self {
        let own = Self(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("it can be started"));
        own.settle();
        own
    }

    fn sleeping() -> Self {
        Self::new(Command::new("sleep").arg("1000"))
    }

    fn pid(&self) -> String {
        self.0.id().to_string()
    }

    /// Until it sleeps, so that its figures stay as they are.
    fn settle(&self) {
        let path = format!("/proc/{}/stat", self.0.id());
        let start = Instant::now();
        while !(read(&path).contains(") S ") && read(format!("/proc/{}/wchan", self.0.id())).contains("sleep")) {
            thread::sleep(Duration::from_millis(5));
            if start.elapsed() > Duration::from_secs(2) {
                return;
            }
        }
    }

    fn status(&self, field: &str) -> u64 {
        let status = read(format!("/proc/{}/status", self.0.id()));
        let line = status.lines().find_map(|line| line.strip_prefix(&format!("{field}:")));
        let word = line.and_then(|line| line.split_whitespace().next()).unwrap_or_else(|| panic!("{field}"));
        word.parse().expect("a number")
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

// ---- Terminals -----------------------------------------------------------------------------------

fn pseudo_terminal(columns: u16) -> (fs::File, OwnedFd) {
    let (mut ours, mut theirs) = (0, 0);
    let size = libc::winsize { ws_row: 50, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the pointers are to locals, and the other two may be null: openpty(3).
    let status =
        unsafe { libc::openpty(&mut ours, &mut theirs, ptr::null_mut(), ptr::null_mut(), &raw const size as *mut _) };
    assert_eq!(status, 0, "there is a pseudo-terminal");
    // SAFETY: both were just opened and are not owned elsewhere.
    unsafe { (fs::File::from_raw_fd(ours), OwnedFd::from_raw_fd(theirs)) }
}

/// As a shell on this terminal would start it: as leader of a session that has the terminal.
fn on_terminal(command: &mut Command, columns: u16) -> (Child, fs::File) {
    let (ours, theirs) = pseudo_terminal(columns);
    let copy = || Stdio::from(theirs.try_clone().expect("a descriptor is free"));
    command.stdin(copy()).stdout(copy()).stderr(copy());
    // SAFETY: setsid and ioctl are async-signal-safe.
    unsafe {
        command.pre_exec(|| {
            libc::setsid();
            libc::ioctl(0, libc::TIOCSCTTY, 0);
            Ok(())
        });
    }
    let child = command.spawn().expect("it was built");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    (child, ours)
}

/// What it writes to a terminal, and its exit status.
fn seen(command: &mut Command, columns: u16) -> (i32, String) {
    let (mut child, mut ours) = on_terminal(command, columns);
    let mut bytes = Vec::new();
    // The last closer of the other side makes it fail with EIO.
    let _ = ours.read_to_end(&mut bytes);
    let status = child.wait().expect("it was started");
    (status.code().unwrap_or(-1), String::from_utf8_lossy(&bytes).into_owned())
}

/// Without the escape sequences that choose a style.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        all + part.split_once(|letter: char| letter.is_alphabetic()).map_or("", |(_, rest)| rest)
    })
}

#[test]
fn on_a_terminal_lines_fit_and_have_colour() {
    let own = Own::new(Command::new("sh").args(["-c", "ulimit -n 12; exec sleep 1000 3</dev/null 4</dev/null"]));
    let pid = own.pid();
    let views: [&[&str]; 6] = [
        &["limits", &pid],
        &["bounds", &pid],
        &["bounds", "--all", &pid],
        &["usage", &pid],
        &["top", "--over", "1"],
        &["bench", "-n", "2", "--", "true", "--vs", "true"],
    ];
    for view in views {
        let lines = [80, 200].map(|columns| {
            let (status, text) = seen(&mut rresource(view), columns);
            assert_eq!(status, 0, "{view:?}: {text}");
            let text: String =
                plain(&text).lines().filter(|line| !line.starts_with("rresource top: ")).collect::<Vec<_>>().join("\n");
            let too_long: Vec<&str> = text.lines().filter(|line| line.chars().count() > columns.into()).collect();
            assert!(too_long.is_empty(), "{view:?} at {columns}: {too_long:#?}");
            text
        });
        assert!(lines[0].lines().count() > 2 && lines[1].lines().count() > 2, "{view:?}: {lines:?}");
    }
    let (_, at_80) = seen(&mut rresource(["limits", &pid]), 80);
    let (_, at_200) = seen(&mut rresource(["limits", &pid]), 200);
    assert!(at_80.contains("\u{1b}[") && at_80.contains("[#"), "colour and bars: {at_80}");
    assert!(!at_80.contains("open file descriptors") && at_200.contains("open file descriptors"), "{at_200}");

    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let (_, text) = seen(rresource(["limits", &pid]).env(name, value), 80);
        assert!(!text.contains('\u{1b}') && text.contains("[#"), "{name}={value}: {text}");
    }
    let piped = shown(["limits", &pid]);
    assert!(!piped.contains('\u{1b}') && !piped.contains("[#") && piped.contains("open file descriptors"), "{piped}");
}

/// A process may choose a name that would change the terminal.
#[test]
fn control_characters_of_names_do_not_reach_the_terminal() {
    let folder = scratch("cli-names");
    let path = folder.join("a\u{1b}[2Jb");
    fs::copy("/bin/sleep", &path).expect("sleep is there");
    let own = Own::new(Command::new("sh").args(["-c", "ulimit -n 4; exec \"$0\" 1000"]).arg(&path));
    let text = shown(["top", "--over", "70"]);
    let line = text.lines().find(|line| line.trim_start().starts_with(&format!("{} ", own.pid())));
    assert!(line.is_some_and(|line| line.contains("a?[2Jb")), "{text}");
    let json = shown(["top", "--over", "70", "--json"]);
    let name = query(&json, &format!("[repr(e['process']) for e in d['near_limit'] if e['pid'] == {}][0]", own.pid()));
    assert_eq!(name, r"'a\x1b[2Jb'");
}

// ---- Help and completions ------------------------------------------------------------------------

/// The options in the help of a subcommand: letters and long names.
fn options(subcommand: &str) -> Vec<(Option<String>, String)> {
    let help = shown([subcommand, "--help"]);
    assert_eq!(help, shown([subcommand, "-h"]));
    assert_eq!(help, shown(["help", subcommand]));
    assert!(help.starts_with(&format!("Usage: rresource {subcommand}")) && help.contains("Exit status"), "{help}");
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    let lines = help.lines().filter(|line| line.starts_with("  -") || line.starts_with("      --"));
    let options = lines.map(|line| {
        let words: Vec<&str> = line.split([' ', ',']).filter(|word| word.starts_with('-')).collect();
        let long = words.iter().find_map(|word| word.strip_prefix("--")).expect("a long name");
        let letter = words[0].strip_prefix('-').filter(|letter| letter.len() == 1);
        (letter.map(str::to_owned), long.to_owned())
    });
    options.collect()
}

#[test]
fn every_option_is_in_the_manual_and_in_the_completions() {
    let page = read(root().join("man/rresource.1"));
    let [bash, zsh, fish] =
        ["bash", "zsh", "fish"].map(|shell| read(root().join(format!("cli/completion/rresource.{shell}"))));
    for subcommand in SUBCOMMANDS {
        let options = options(subcommand);
        assert!(options.iter().any(|(_, long)| long == "json") && options.iter().any(|(_, long)| long == "help"));
        assert!(
            page.contains(&format!("\n.Ss {subcommand}\n")) && page.contains(&format!("\n.Cm {subcommand}\n")),
            "{subcommand}"
        );
        for (letter, long) in options {
            let forms = match &letter {
                Some(letter) => format!("Fl {letter} , Fl -{long}"),
                None => format!("Fl -{long}"),
            };
            let in_page = page.contains(&forms) || (long == "help" && page.contains(".Fl h ,\n.Fl -help ."));
            assert!(in_page, "man: {subcommand} {forms}");
            assert!(bash.contains(&format!("--{long}")) && zsh.contains(&format!("--{long}")), "{subcommand} --{long}");
            assert!(fish.contains(&format!(" -l {long} ")), "fish: {subcommand} --{long}");
            if let Some(letter) = letter {
                assert!(fish.contains(&format!(" -s {letter} -l {long} ")), "fish: {subcommand} -{letter}");
            }
        }
    }
    let overview = shown(["--help"]);
    assert!(SUBCOMMANDS.iter().all(|name| overview.contains(&format!("\n  {name} "))), "{overview}");
    assert_eq!(shown(["--version"]), format!("rresource {}\n", env!("CARGO_PKG_VERSION")));
}

/// What bash offers after a line.
fn bash_offers(line: &str) -> Vec<String> {
    let script = format!(
        "source {}; COMP_WORDS=({line} ''); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); PATH={}:$PATH; _rresource; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        root().join("cli/completion/rresource.bash").display(),
        stage().bindir.display()
    );
    run(Command::new("bash").args(["-c", &script])).lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes() {
    assert!(SUBCOMMANDS.iter().all(|name| bash_offers("rresource").iter().any(|offer| offer == name)));
    assert!(bash_offers("rresource run -l").contains(&"nofile=".to_owned()));
    assert!(bash_offers("rresource run -l nofile = 64 --").contains(&"true".to_owned()), "programs");
    assert!(bash_offers("rresource set 1").contains(&"cpu=".to_owned()));
    assert!(bash_offers("rresource limits").contains(&std::process::id().to_string()));
    for (shell, file) in [("zsh", "rresource.zsh"), ("fish", "rresource.fish")] {
        let there = Command::new(shell).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
        if there {
            run(Command::new(shell).arg("-n").arg(root().join("cli/completion").join(file)));
        } else {
            say(&format!("skip   the syntax of {file}: {shell} is not installed"));
        }
    }
}

// ---- Wrong arguments -----------------------------------------------------------------------------

#[test]
fn each_wrong_argument_has_a_message_that_helps() {
    let own = Own::sleeping();
    let pid = own.pid();
    // What is typed, the exit status, what the message has to contain.
    let cases: &[(&[&str], i32, &str)] = &[
        (&["frobnicate"], 2, "there is no subcommand \"frobnicate\""),
        (&["--json", "limits"], 2, "options follow the subcommand"),
        (&["run"], 125, "expected a program, such as: rresource run"),
        (&["run", "-l"], 125, "--limit needs a value: --limit NAME=VALUE"),
        (&["run", "-l", "nofile", "true"], 125, "expected NAME=VALUE, such as nofile=64"),
        (&["run", "-l", "files=3", "true"], 125, "there is no limit \"files\": the limits of this system are CPU"),
        (&["run", "-l", "nofile=many", "true"], 125, "malformed limit: expected a number such as 64"),
        (&["run", "-l", "as=1.5", "true"], 125, "malformed limit: expected a size such as 512M"),
        (&["run", "-l", "cpu=2m", "true"], 125, "malformed limit: expected a time such as 90s"),
        (&["run", "-l", "nofile=5:4", "true"], 125, "soft not above hard"),
        (&["run", "-l", "nofile=:4", "true"], 125, "the soft limit would be greater than the hard limit"),
        (&["run", "-l", "nofile=99999999999999999999", "true"], 125, "the number is too large"),
        (&["run", "-t", "soon", "true"], 125, "expected a duration such as 10s"),
        (&["run", "-t", "999999999999999d", "true"], 125, "too long"),
        (&["run", "--json=yes", "true"], 125, "--json takes no value"),
        (&["run", "-x", "true"], 125, "there is no option -x"),
        (&["run", "--tre", "true"], 125, "there is no option --tre"),
        (&["run", "--memory", "much", "true"], 125, "expected a size such as 512M"),
        (&["run", "--cpu-time", "soon", "true"], 125, "expected a duration such as 10s"),
        (&["bench"], 125, "expected a program"),
        (&["bench", "-n", "0", "true"], 125, "expected a number from 1 to 100000"),
        (&["bench", "-n", "-3", "true"], 125, "expected a number from 1 to 100000"),
        (&["bench", "true", "--vs"], 125, "expected a program on each side of --vs"),
        (&["limits", "init"], 2, "expected a number from 1 to"),
        (&["limits", "1", "2"], 2, "\"2\" is one operand too many"),
        (&["bounds", "1", "2"], 2, "\"2\" is one operand too many"),
        (&["set"], 2, "expected a process ID and limits, such as: rresource set"),
        (&["set", &pid], 2, "expected a process ID and limits"),
        (&["set", &pid, "nofile"], 2, "expected NAME=VALUE"),
        (&["check", &pid], 2, "expected a process ID and limits, such as: rresource check"),
        (&["usage"], 2, "expected a process ID, such as: rresource usage"),
        (&["usage", &pid, "--watch", "0"], 2, "the least is 1ms"),
        (&["top", "1"], 2, "top takes no operands"),
        (&["top", "--over", "much"], 2, "expected a percentage such as 80%"),
    ];
    for (arguments, status, message) in cases {
        let Answer { status: is, out, err } = ask(*arguments);
        assert_eq!(is, *status, "{arguments:?}: {err}");
        assert!(err.contains(message) && out.is_empty(), "{arguments:?}: {out}{err}");
        let help = err.lines().last().and_then(|line| line.strip_prefix("Try `rresource ")?.strip_suffix("`."));
        let help = help.unwrap_or_else(|| panic!("{arguments:?} names the help: {err}"));
        assert_eq!(ask(help.split(' ')).status, 0, "{help}");
    }
    let none = ask([""; 0]);
    assert!(none.status == 2 && none.err.contains("Usage: rresource SUBCOMMAND"), "{}", none.err);

    let mut gone = Command::new("true").spawn().expect("true is there");
    gone.wait().expect("it was started");
    for subcommand in ["limits", "bounds", "usage"] {
        let answer = ask([subcommand, &gone.id().to_string()]);
        assert!(answer.status == 1 && answer.err.contains("no such process"), "{}", answer.err);
    }
    for arguments in [["limits", "--json"], ["bounds", "--json"], ["top", "--json"], ["run", "--help"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("it is there");
        let output = rresource(arguments).stdout(full).output().expect("it was built");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && text.contains("cannot be written"), "{arguments:?}: {text}");
    }
}

// ---- limits, set, check, bounds, usage, top ------------------------------------------------------

#[test]
fn limits_are_those_of_prlimit_and_proc() {
    let own = Own::new(Command::new("sh").args(["-c", "ulimit -S -n 64; ulimit -S -c 0; exec sleep 1000"]));
    let json = shown(["limits", &own.pid(), "--json"]);
    let prlimit =
        run(Command::new("prlimit").args(["--raw", "--noheadings", "-o", "RESOURCE,SOFT,HARD", "-p", &own.pid()]));
    let theirs: Vec<Vec<&str>> = prlimit.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(theirs.len().to_string(), query(&json, "len(d['limits'])"), "{prlimit}");
    for row in theirs {
        for (name, value) in [("soft", row[1]), ("hard", row[2])] {
            let ours = query(&json, &format!("[l['{name}'] for l in d['limits'] if l['name'] == '{}'][0]", row[0]));
            assert_eq!(ours.replace("None", "unlimited"), value, "{row:?}");
        }
    }
    let used = |name: &str| number(&json, &format!("[l['used'] for l in d['limits'] if l['name'] == '{name}'][0]"));
    let open = fs::read_dir(format!("/proc/{}/fd", own.pid())).expect("readable").count();
    assert_eq!(used("NOFILE"), open as f64);
    assert_eq!(used("AS"), (own.status("VmSize") * 1024) as f64);
    let percent = number(&json, "[l['percent'] for l in d['limits'] if l['name'] == 'NOFILE'][0]");
    assert!((percent - 100.0 * open as f64 / 64.0).abs() < 0.01, "{percent}");
    assert_eq!(query(&json, "[l['enforced'] for l in d['limits'] if l['name'] == 'RSS'][0]"), "False");

    let text = shown(["limits", &own.pid()]);
    let line = text.lines().find(|line| line.starts_with("NOFILE ")).expect("a line");
    assert!(line.split_whitespace().nth(1) == Some("64") && line.contains("open file descriptors"), "{text}");
    // Without a process: what a program started here gets.
    let inherited = run(Command::new("sh").arg("-c").arg(format!("ulimit -S -n 77; {} limits", program().display())));
    assert!(inherited.lines().any(|line| line.starts_with("NOFILE ") && line.contains(" 77 ")), "{inherited}");
}

fn prlimit_of(pid: &str, resource: &str) -> String {
    let text = run(Command::new("prlimit").args(["--raw", "--noheadings", "-o", "SOFT,HARD", "-p", pid, resource]));
    text.split_whitespace().collect::<Vec<_>>().join(":")
}

#[test]
fn set_changes_all_or_none() {
    let own = Own::new(Command::new("sh").args(["-c", "ulimit -n 1000; exec sleep 1000"]));
    let pid = own.pid();
    let text = shown(["set", &pid, "nofile=512:", "cpu=1h", "core=0"]);
    assert!(text.contains("NOFILE: 512:1000, before 1000\n") && text.contains("CPU: 1h, before "), "{text}");
    assert_eq!((prlimit_of(&pid, "--nofile"), prlimit_of(&pid, "--cpu")), ("512:1000".into(), "3600:3600".into()));

    let refused = ask(["set", &pid, "cpu=30min", "fsize=1G", "nofile=1000000000"]);
    assert_eq!(refused.status, 1);
    assert!(refused.err.contains("NOFILE=1000000000 was refused, and no limit was changed"), "{}", refused.err);
    assert!(refused.err.contains("the highest hard limit that would be accepted: NOFILE="), "{}", refused.err);
    assert_eq!((prlimit_of(&pid, "--nofile"), prlimit_of(&pid, "--cpu")), ("512:1000".into(), "3600:3600".into()));
    assert_eq!(prlimit_of(&pid, "--fsize"), "unlimited:unlimited");

    let json = shown(["set", &pid, "--json", "nofile=hard:"]);
    assert_eq!(
        query(&json, "[(c['name'], c['old_soft'], c['soft'], c['hard']) for c in d['changed']]"),
        "[('NOFILE', 512, 1000, 1000)]"
    );
    assert_eq!(prlimit_of(&pid, "--nofile"), "1000:1000");
}

/// A prediction is what prlimit(1) then returns.
#[test]
fn check_predicts_and_changes_nothing() {
    let own = Own::new(Command::new("sh").args(["-c", "ulimit -n 1000; exec sleep 1000"]));
    let pid = own.pid();
    let answer = ask(["check", &pid, "nofile=1000000000", "cpu=1h"]);
    assert_eq!(answer.status, 1);
    assert!(answer.out.contains("NOFILE=1000000000: refused (EPERM). "), "{}", answer.out);
    assert!(answer.out.contains(" Highest hard limit that would be accepted: "), "{}", answer.out);
    assert!(answer.out.contains("\nCPU=1h: accepted\n"), "{}", answer.out);
    assert_eq!(
        (prlimit_of(&pid, "--nofile"), prlimit_of(&pid, "--cpu")),
        ("1000:1000".into(), "unlimited:unlimited".into())
    );

    let json = answer_json(&["check", &pid, "--json", "nofile=1000000000"], 1);
    assert_eq!(query(&json, "[(c['accepted'], c['error']) for c in d['checked']]"), "[(False, 'EPERM')]");
    let ceiling = query(&json, "d['checked'][0]['ceiling']");
    let (above, _) = support::attempt(Command::new("prlimit").args(["-p", &pid, "--nofile=1000000000"]));
    assert!(!above, "the system refuses it too");
    run(Command::new("prlimit").args(["-p", &pid, &format!("--nofile={ceiling}")]));
    assert_eq!(ask(["check", &pid, "nofile=10"]).status, 0);
}

fn answer_json(arguments: &[&str], status: i32) -> String {
    let answer = ask(arguments);
    assert_eq!(answer.status, status, "{}", answer.err);
    answer.out
}

#[test]
fn bounds_are_those_of_the_machine_and_of_the_process() {
    let own = Own::new(Command::new("sh").args(["-c", "ulimit -n 321; exec sleep 1000"]));
    let json = shown(["bounds", "--json", &own.pid()]);
    assert_eq!(query(&json, "(d['files'][0]['limit'], d['files'][0]['source'])"), "(321, 'RLIMIT_NOFILE')");
    let all = shown(["bounds", "--all", "--json", &own.pid()]);
    let total =
        read("/proc/meminfo").lines().next().and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    let machine = query(&all, "[b['limit'] for b in d['memory'] if b['source'] == 'machine'][0]");
    assert_eq!(machine.parse(), Ok(total.expect("MemTotal") * 1024));
    assert!(number(&all, "len(d['files'])") > 1.0 && query(&all, "d['files'][0]['limit']") == "321", "{all}");
    // nproc(1) counts whole processors of the affinity mask.
    let one = run(Command::new("taskset").args(["-c", "0"]).arg(program()).args(["bounds", "--json"]));
    assert!(number(&one, "d['processors'][0]['limit']") <= 1e9, "{one}");
    let text = shown(["bounds", &own.pid()]);
    let files = text.lines().find(|line| line.starts_with("files ")).expect("a line");
    assert_eq!(files.split_whitespace().nth(1), Some("321"), "{text}");
}

#[test]
fn usage_is_that_of_proc() {
    let own = Own::sleeping();
    let pid = own.pid();
    let json = shown(["usage", &pid, "--json"]);
    assert_eq!(number(&json, "d['rss_bytes']"), (own.status("VmRSS") * 1024) as f64);
    assert_eq!(number(&json, "d['peak_rss_bytes']"), (own.status("VmHWM") * 1024) as f64);
    assert_eq!(number(&json, "d['virtual_bytes']"), (own.status("VmSize") * 1024) as f64);
    assert_eq!(number(&json, "d['threads']"), own.status("Threads") as f64);
    assert_eq!(query(&json, "d['voluntary_switches']"), "None", "not known is not zero");
    let text = shown(["usage", &pid]);
    assert!(text.contains(&format!("process {pid} (sleep)")) && text.contains("\nvoluntary_switches "), "{text}");
}

#[test]
fn usage_is_watched_until_the_end() {
    let mut child = Command::new("sleep").arg("1.2").spawn().expect("sleep is there");
    let pid = child.id().to_string();
    let lines = rresource(["usage", &pid, "--watch", "200ms"]).stdout(Stdio::piped()).spawn().expect("it was built");
    let objects =
        rresource(["usage", "-w", "200ms", "--json", &pid]).stdout(Stdio::piped()).spawn().expect("it was built");
    let (_, redrawn) = seen(&mut rresource(["usage", &pid, "--watch", "200ms"]), 80);
    let lines = lines.wait_with_output().expect("it was started");
    let objects = objects.wait_with_output().expect("it was started");
    child.wait().expect("it was started");
    assert!(lines.status.success() && objects.status.success());
    let lines = String::from_utf8_lossy(&lines.stdout).into_owned();
    assert!((3..9).contains(&lines.lines().count()), "one line each: {lines}");
    assert!(lines.lines().all(|line| line.split_whitespace().count() >= 7), "{lines}");
    let objects = String::from_utf8_lossy(&objects.stdout).into_owned();
    assert!(objects.lines().count() >= 2, "{objects}");
    for line in objects.lines() {
        assert_eq!(query(line, "d['pid']"), pid);
    }
    assert!(redrawn.contains("\u{1b}[J") && redrawn.matches("cpu_ns").count() >= 2, "{redrawn}");
}

#[test]
fn top_finds_who_is_near_a_limit() {
    let near = Own::new(Command::new("sh").args(["-c", "ulimit -n 5; exec sleep 1000 3</dev/null"]));
    let far = Own::new(Command::new("sh").args(["-c", "ulimit -n 500; exec sleep 1000"]));
    let json = shown(["top", "--json"]);
    let of = |own: &Own| {
        query(
            &json,
            &format!(
                "[(e['name'], e['used'], e['soft'], e['percent']) for e in d['near_limit'] if e['pid'] == {}]",
                own.pid()
            ),
        )
    };
    let open = fs::read_dir(format!("/proc/{}/fd", near.pid())).expect("readable").count();
    let percent = open * 20;
    let expected = format!("[('NOFILE', {open}, 5, {percent})]");
    assert_eq!((of(&near), of(&far)), (expected, "[]".to_owned()), "{json}");
    assert_eq!(
        query(
            &json,
            "[e['percent'] for e in d['near_limit']] == sorted([e['percent'] for e in d['near_limit']], reverse=True)"
        ),
        "True"
    );
    let processes = fs::read_dir("/proc")
        .expect("mounted")
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().as_bytes().iter().all(u8::is_ascii_digit))
        .count();
    let counted = number(&json, "d['processes']");
    assert!((counted - processes as f64).abs() < 30.0, "{counted} of {processes}");
    let text = shown(["top", "--over", &format!("{percent}%")]);
    let line = text.lines().find(|line| line.trim_start().starts_with(&format!("{} ", near.pid())));
    assert!(
        line.is_some_and(|line| line.contains("sleep")
            && line.contains("NOFILE")
            && line.contains(&format!(" {percent}%"))),
        "{text}"
    );
    assert!(
        !shown(["top", "--over", &(percent + 1).to_string()])
            .lines()
            .any(|line| line.trim_start().starts_with(&format!("{} ", near.pid())))
    );
}

// ---- run -----------------------------------------------------------------------------------------

/// The report as JSON, and the exit status.
fn report(arguments: &[&str]) -> (i32, String) {
    let file = scratch(&format!("cli-report-{:?}", thread::current().id()).replace(['(', ')'], "")).join("report.json");
    let answer = answer(rresource(["run", "--json", "-o"]).arg(&file).args(arguments));
    assert!(answer.err.is_empty() || answer.status >= 125, "{}", answer.err);
    (answer.status, read(file))
}

#[test]
fn exit_statuses_are_those_of_timeout() {
    let cases: &[&[&str]] = &[
        &["true"],
        &["false"],
        &["sh", "-c", "exit 3"],
        &["sh", "-c", "exit 125"],
        &["sh", "-c", "kill -TERM $$"],
        &["sh", "-c", "kill -SEGV $$"],
        &["/no/such/program"],
        &["no-such-program"],
        &["/etc/passwd"],
        &["/"],
    ];
    for case in cases {
        // It ends by the program's signal itself, of which a shell makes 128 + N.
        let theirs = answer(Command::new("timeout").arg("50").args(*case)).status;
        let theirs = if theirs < 0 { 128 - theirs } else { theirs };
        assert_eq!(ask(["run", "--"].iter().chain(*case)).status, theirs, "{case:?}");
        assert_eq!(ask(["run", "-t", "50s", "--"].iter().chain(*case)).status, theirs, "{case:?} with a timeout");
    }
    let theirs = answer(Command::new("timeout").args(["0.3", "sleep", "50"])).status;
    assert_eq!((ask(["run", "-t", "300ms", "sleep", "50"]).status, theirs), (124, 124));
    // A limit that the kernel refuses to the program is trouble of the command's.
    let refused = ask(["run", "-l", "nofile=1000000000", "true"]);
    assert!(refused.status == 125 && refused.err.contains("the limit NOFILE cannot be set"), "{}", refused.err);
    let unwritable = ask(["run", "-o", "/no/such/folder/report", "--", "sh", "-c", "echo ran"]);
    assert!(
        unwritable.status == 125 && unwritable.out.is_empty() && unwritable.err.contains("cannot be written to"),
        "{}",
        unwritable.err
    );
    let (status, json) = report(&["--", "no-such-program"]);
    assert_eq!((status, query(&json, "(d['started'], d['status'])").as_str()), (127, "(False, 127)"));
}

#[test]
fn run_passes_everything_through_and_reports_apart() {
    let mut child = rresource(["run", "--", "sh", "-c", "cat; echo to-error >&2; exit 7"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it was built");
    child.stdin.take().expect("a pipe").write_all(b"through\n").expect("it reads");
    let output = child.wait_with_output().expect("it was started");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(7), b"through\n".as_slice()));
    assert!(
        err.starts_with("to-error\n") && err.contains("ended by       exit status 7\n") && err.contains("peak memory "),
        "{err}"
    );

    // The program's options are its own, and it inherits nothing of the report.
    let (status, json) = report(&["echo", "-l", "--json", "--help"]);
    assert_eq!((status, query(&json, "d['program']").as_str()), (0, "['echo', '-l', '--json', '--help']"));
    let (_, json) = report(&["sh", "-c", "exit $(ls /proc/self/fd | wc -l)"]);
    let direct = Command::new("sh")
        .args(["-c", "exit $(ls /proc/self/fd | wc -l)"])
        .stdin(Stdio::null())
        .output()
        .expect("sh is there");
    assert_eq!(query(&json, "d['status']"), direct.status.code().expect("an exit status").to_string());
    let out = shown(["run", "--json", "-o", "-", "--", "true"]);
    assert_eq!(query(&out, "d['exit_code']"), "0");

    // An argument may be any bytes; the report is UTF-8 nevertheless.
    let file = scratch("cli-bytes").join("report.json");
    run(rresource(["run", "--json", "-o"])
        .arg(&file)
        .args(["true", "é\"\\\n"])
        .arg(OsStr::from_bytes(b"\xff\xed\xa0\x80z")));
    assert_eq!(query(&read(file), "ascii(d['program'])"), r#"['true', '\xe9"\\\n', '\ufffd\ufffd\ufffd\ufffdz']"#);
}

#[test]
fn limits_reach_the_program_and_what_ended_it_is_named() {
    let out = shown([
        "run",
        "-l",
        "nofile=64",
        "-l",
        "NOFILE=32:",
        "-l",
        "as=1G",
        "-o",
        "/dev/null",
        "--",
        "sh",
        "-c",
        "ulimit -n; ulimit -Hn; ulimit -v",
    ]);
    assert_eq!(out, "32\n64\n1048576\n");

    let busy = ["-l", "cpu=1:2", "--", "sh", "-c", "while :; do :; done"];
    let (status, json) = report(&busy);
    assert_eq!((status, query(&json, "(d['limit_name'], d['signal'])").as_str()), (128 + libc::SIGXCPU, "('CPU', 24)"));
    let text = ask(["run"].iter().chain(&busy)).err;
    assert!(text.contains("limit          CPU=1s:2s (processor time)"), "{text}");

    let file = scratch("cli-fsize").join("file");
    let (status, json) = report(&[
        "-l",
        "fsize=4K",
        "-l",
        "core=0",
        "--",
        "dd",
        "if=/dev/zero",
        &format!("of={}", file.display()),
        "bs=1M",
        "count=1",
    ]);
    assert_eq!((status, query(&json, "d['limit_name']").as_str()), (128 + libc::SIGXFSZ, "FSIZE"));

    // A signal that no limit caused is not reported as a limit.
    let (status, json) = report(&["-l", "cpu=100", "--", "sh", "-c", "kill -XCPU $$"]);
    assert_eq!((status, query(&json, "d['limit_name']").as_str()), (128 + libc::SIGXCPU, "None"));
}

#[test]
fn figures_are_those_of_gnu_time() {
    if Command::new("/usr/bin/time").arg("true").stderr(Stdio::null()).status().is_err() {
        say("skip   figures beside GNU time: /usr/bin/time is not installed (Debian's package time)");
        return;
    }
    let work = [
        "python3",
        "-S",
        "-c",
        "b = bytearray(100 << 20)\nfor i in range(0, len(b), 4096): b[i] = 1\nsum(range(10**7))",
    ];
    let (_, json) = report(&work);
    let theirs = answer(Command::new("/usr/bin/time").args(["-f", "%M %U %S"]).args(work)).err;
    let theirs: Vec<f64> = theirs.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    let ours = number(&json, "d['usage']['peak_rss_bytes']") / 1024.0;
    assert!((ours - theirs[0]).abs() < 4096.0, "peak {ours} KiB, GNU time {} KiB", theirs[0]);
    let cpu = number(&json, "d['usage']['cpu_ns']") / 1e9;
    assert!((0.4..2.5).contains(&(cpu / (theirs[1] + theirs[2]))), "{cpu} s, GNU time {theirs:?}");
}

fn is_running(pid: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn ends_soon(pid: &str) -> bool {
    (0..200).any(|_| {
        thread::sleep(Duration::from_millis(10));
        !is_running(pid)
    })
}

#[test]
fn the_timeout_ends_the_whole_group() {
    let start = Instant::now();
    let answer = ask(["run", "-t", "500ms", "--", "sh", "-c", "sleep 1000 & echo $!; sleep 1001"]);
    let wall = start.elapsed();
    assert_eq!(answer.status, 124);
    assert!(answer.err.contains("--timeout 500.00 ms") && answer.err.contains("signal 9 "), "{}", answer.err);
    assert!((Duration::from_millis(500)..Duration::from_secs(10)).contains(&wall), "{wall:?}");
    assert!(ends_soon(answer.out.trim()), "the grandchild {} is left", answer.out);

    // SIGTERM comes first, the program may clean up, and who ignores it is killed.
    let script = "trap 'echo cleaned; exit 5' TERM; (trap '' TERM; sleep 1000) & echo $!; while :; do sleep 0.05; done";
    let answer = ask(["run", "-t", "500ms", "-k", "20s", "--", "sh", "-c", script]);
    assert_eq!(answer.status, 124);
    assert!(answer.out.ends_with("cleaned\n") && answer.err.contains("exit status 5"), "{}{}", answer.out, answer.err);
    assert!(ends_soon(answer.out.lines().next().expect("a process ID")), "who ignores SIGTERM is left");
    let answer =
        ask(["run", "-t", "200ms", "-k", "200ms", "--", "sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"]);
    assert!(answer.status == 124 && answer.err.contains("signal 9 "), "{}", answer.err);
}

#[test]
fn signals_are_passed_on() {
    for options in [[].as_slice(), &["-t", "100s"], &["--tree"]] {
        let mut child = rresource(["run"])
            .args(options)
            .args([
                "-o",
                "/dev/null",
                "--",
                "sh",
                "-c",
                "trap 'echo got; exit 9' TERM; echo ready; while :; do sleep 0.05; done",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it was built");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        assert_eq!(lines.next().as_deref(), Some("ready"));
        // SAFETY: it is our child, which was not waited for.
        unsafe { libc::kill(child.id() as i32, libc::SIGTERM) };
        assert_eq!(lines.next().as_deref(), Some("got"));
        assert_eq!(child.wait().expect("it was started").code(), Some(9));
    }
}

/// The main program alone uses little. What it starts leaves its session and its group, and is ended with it.
#[test]
fn a_tree_is_measured_and_ended_as_one() {
    let work = "i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done";
    let script = format!("setsid sh -c '{work}' & wait; setsid sleep 1000 >/dev/null & echo $!");
    let file = scratch("cli-tree").join("report.json");
    let answer = answer(rresource(["run", "--json", "--tree", "-o"]).arg(&file).args(["--", "sh", "-c", &script]));
    assert_eq!(answer.status, 0, "{}", answer.err);
    assert!(!is_running(answer.out.trim()), "{} is left", answer.out);
    let json = read(file);
    assert!(number(&json, "d['tree']['killed']") >= 1.0 && query(&json, "d['tree']['limit']") == "None", "{json}");
    let alone = processor_time(&["sh", "-c", work]);
    let cpu = number(&json, "d['tree']['usage']['cpu_ns']") / 1e9;
    assert!((0.3..3.0).contains(&(cpu / alone)), "{cpu} s, {alone} s by itself");

    let busy = "for n in 1 2; do setsid sh -c 'while :; do :; done' & done; wait";
    let (status, json) = report(&["--cpu-time", "400ms", "--", "sh", "-c", busy]);
    assert_eq!((status, query(&json, "d['tree']['limit']").as_str()), (137, "cpu_time"));
    let cpu = number(&json, "d['tree']['usage']['cpu_ns']") / 1e9;
    assert!((0.4..0.6).contains(&cpu), "{cpu} s");

    let start = Instant::now();
    let script = "setsid sleep 1000 >/dev/null & echo $!; wait";
    let answer = ask(["run", "--tree", "-t", "300ms", "-o", "/dev/null", "--", "sh", "-c", script]);
    assert!(answer.status == 124 && start.elapsed() < Duration::from_secs(20), "{}", answer.err);
    assert!(!is_running(answer.out.trim()), "{} is left", answer.out);

    // Where no control group can be made it is refused, with what to do instead.
    let limited = ask(["run", "--memory", "50M", "-o", "/dev/null", "true"]);
    let refused = limited.status == 125 && limited.err.contains("needs a control group");
    assert!(limited.status == 0 || refused, "{}", limited.err);
}

/// The processor time of a program in seconds, as bash measures it.
fn processor_time(words: &[&str]) -> f64 {
    let script = "TIMEFORMAT='%U %S'; time \"$@\"";
    let text = answer(Command::new("bash").args(["-c", script, "bash"]).args(words)).err;
    text.split_whitespace().map(|word| word.parse::<f64>().expect("a number")).sum()
}

/// Under a timeout the program has a separate group: it reads from the terminal nevertheless, and ^C reaches it.
#[test]
fn a_program_has_the_terminal() {
    for options in [[].as_slice(), &["-t", "100s"], &["--tree"], &["--tree", "-t", "100s"]] {
        let mut command = rresource(["run"]);
        command.args(options).args(["--", "sh", "-c", "echo ready; read line; echo \"<$line>\"; exec sleep 1000"]);
        let (mut child, mut terminal) = on_terminal(&mut command, 80);
        let mut seen = String::new();
        wait_for_text(&mut terminal, &mut seen, "ready");
        terminal.write_all(b"typed\n").expect("the terminal is open");
        wait_for_text(&mut terminal, &mut seen, "<typed>");
        terminal.write_all(b"\x03").expect("the terminal is open");
        wait_for_text(&mut terminal, &mut seen, "peak memory");
        assert_eq!(child.wait().expect("it was started").code(), Some(128 + libc::SIGINT), "{options:?}: {seen}");
    }
}

fn wait_for_text(terminal: &mut fs::File, seen: &mut String, text: &str) {
    let mut buffer = [0; 1024];
    while !seen.contains(text) {
        let length = terminal.read(&mut buffer).unwrap_or_else(|error| panic!("{error} before {text:?}: {seen}"));
        seen.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
}

// ---- bench ---------------------------------------------------------------------------------------

#[test]
fn bench_counts_runs_and_compares() {
    let folder = scratch("cli-bench");
    let script = format!("echo x >> {}/$0; exec sleep $1", folder.display());
    let arguments = [
        "bench", "-n", "4", "-w", "2", "--json", "--", "sh", "-c", &script, "a", "0.02", "--vs", "sh", "-c", &script,
        "b", "0.2",
    ];
    let json = shown(arguments);
    let runs = ["a", "b"].map(|name| read(folder.join(name)).lines().count());
    assert_eq!((runs, query(&json, "d['runs']").as_str()), ([6, 6], "4"), "two before, four measured");
    for (at, least, most) in [(0, 0.02e9, 0.2e9), (1, 0.2e9, 2e9)] {
        let wall =
            ["min", "median", "max"].map(|name| number(&json, &format!("d['programs'][{at}]['wall_ns']['{name}']")));
        assert!(wall[0] >= least && wall[0] <= wall[1] && wall[1] <= wall[2] && wall[0] < most, "{wall:?}");
    }
    let ratio = number(&json, "d['programs'][1]['wall_ns']['ratio']");
    let medians = [0, 1].map(|at| number(&json, &format!("d['programs'][{at}]['wall_ns']['median']")));
    assert!((ratio - medians[1] / medians[0]).abs() < 0.001 * ratio && ratio > 1.0, "{ratio} of {medians:?}");
    assert!(number(&json, "d['programs'][0]['peak_rss_bytes']['max']") < 8e6, "{json}");

    let answer = ask(["bench", "-n", "3", "-w", "0", "--", "sh", "-c", "echo shown; exit 4"]);
    assert!(answer.status == 0 && !answer.out.contains("shown\n"), "{}", answer.out);
    assert!(answer.err.contains("3 of 3 runs") && answer.err.contains("exit status 4"), "{}", answer.err);
    assert!(ask(["bench", "-n", "1", "-w", "0", "-s", "--", "echo", "shown"]).out.contains("shown\n"));
    assert_eq!(ask(["bench", "no-such-program"]).status, 127);
}
