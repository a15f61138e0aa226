//! The programs of the cookbook, each in the languages that it is written in, with what they have to print.

mod support;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::{env, fs};
use support::{read, root, run, scratch, stage};

const JOBS: [&str; 10] =
    ["raise", "died", "deadline", "capture", "watch", "preexec", "pool", "judge", "config", "emfile"];

/// A program of the cookbook, ready to run with arguments.
struct Recipe {
    job: &'static str,
    language: &'static str,
    words: Vec<PathBuf>,
}

fn folder() -> PathBuf {
    root().join("docs/cookbook")
}

fn source(job: &str, extension: &str) -> PathBuf {
    folder().join(job).with_extension(extension)
}

fn compiled(job: &str, compiler: &str, standard: &str, extension: &str) -> PathBuf {
    let program = scratch(&format!("cookbook-{job}-{extension}")).join(job);
    run(Command::new(compiler)
        .args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
        .arg(source(job, extension))
        .args(stage().pkg_config(&["--cflags", "--libs"]))
        .arg("-o")
        .arg(&program));
    program
}

/// One at a time, in the package's module. cgo's options cannot have a space in a path, so they go through a link.
fn built_by_go(job: &str) -> PathBuf {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let program = scratch(&format!("cookbook-{job}-go")).join(job);
    // Go's cache keeps the output of pkg-config: the link has the same name in each run, and the cache no other user.
    let mut hasher = DefaultHasher::new();
    stage().folder.hash(&mut hasher);
    let link = env::temp_dir().join(format!("rresource-cookbook-{:x}", hasher.finish()));
    let _ = fs::remove_file(&link);
    symlink(stage().folder, &link).expect("the temporary folder can be written");
    let (success, text) = support::attempt(
        stage()
            .with_pkg_config("go", &link)
            .current_dir(root().join("bindings/go"))
            .args(["build", "-o"])
            .args([&program, &source(job, "go")])
            .env("GOCACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache-cookbook"))
            .envs([
                ("GOPROXY", "off"),
                ("GOTOOLCHAIN", "local"),
                ("GOFLAGS", ""),
                ("GOWORK", "off"),
                ("CGO_ENABLED", "1"),
            ]),
    );
    fs::remove_file(link).expect("it is the test's own");
    assert!(success, "{job}.go: {text}");
    assert_eq!(run(Command::new("gofmt").arg("-l").arg(source(job, "go"))), "", "gofmt");
    program
}

/// The Python package as pip would install it.
fn python_site() -> &'static Path {
    static SITE: OnceLock<PathBuf> = OnceLock::new();
    SITE.get_or_init(|| {
        run(support::make(root(), &support::target()).arg("wheel"));
        support::target().join("ship/python/site")
    })
}

/// In each of the six languages.
fn recipes(job: &'static str) -> [Recipe; 6] {
    let ruby = ["ruby", "-W:no-deprecated"].map(PathBuf::from).into_iter();
    let library = PathBuf::from(format!("-I{}", root().join("bindings/ruby/lib").display()));
    [
        ("C", vec![compiled(job, "cc", "-std=c99", "c")]),
        ("C++", vec![compiled(job, "c++", "-std=c++17", "cpp")]),
        ("shell", vec!["sh".into(), source(job, "sh")]),
        ("Python", vec!["python3".into(), source(job, "py")]),
        ("Ruby", ruby.chain([library, source(job, "rb")]).collect()),
        ("Go", vec![built_by_go(job)]),
    ]
    .map(|(language, words)| Recipe { job, language, words })
}

impl Recipe {
    fn command(&self, arguments: &[&str]) -> Command {
        let stage = stage();
        let mut command = stage.command(&self.words[0]);
        let path = env::var("PATH").unwrap_or_default();
        command
            .args(&self.words[1..])
            .args(arguments)
            .stdin(Stdio::null())
            .env("PATH", format!("{}:{path}", stage.bindir.display()))
            .env("PYTHONPATH", python_site())
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    fn prints(&self, arguments: &[&str]) -> String {
        let Output { stdout, stderr, .. } = self.command(arguments).output().expect("it can be started");
        let text = String::from_utf8_lossy(&stdout).trim_end().to_owned();
        assert!(!text.is_empty(), "{} {}: {}", self.job, self.language, String::from_utf8_lossy(&stderr));
        text
    }

    fn has_to_print(&self, arguments: &[&str], expected: impl AsRef<str>) {
        let text = self.prints(arguments);
        assert!(text.starts_with(expected.as_ref()), "{} {} {arguments:?}: {text}", self.job, self.language);
    }
}

const LOOP: [&str; 3] = ["sh", "-c", "while :; do :; done"];

#[test]
fn the_overview_names_each_program_that_is_there() {
    let text = read(root().join("docs/cookbook.md"));
    let there: BTreeSet<String> = fs::read_dir(folder())
        .expect("the cookbook is there")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    let named: BTreeSet<String> = text
        .split("](cookbook/")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(named, there);
    for job in JOBS {
        assert!(
            ["c", "cpp", "sh", "py", "rb", "go"].iter().all(|extension| there.contains(&format!("{job}.{extension}"))),
            "{job}"
        );
    }
}

#[test]
fn raise() {
    let hard = run(Command::new("sh").args(["-c", "ulimit -Hn"]));
    for recipe in recipes("raise") {
        let files: u64 = recipe.prints(&[]).split(' ').next().and_then(|word| word.parse().ok()).expect("a number");
        assert!(files >= 4096 || Ok(files) == hard.trim().parse(), "{}: {files}", recipe.language);
    }
}

#[test]
fn died() {
    for recipe in recipes("died") {
        recipe.has_to_print(&["sh", "-c", "exit 3"], "exit status 3");
        recipe.has_to_print(&["sh", "-c", "kill -9 $$"], "signal 9");
        recipe.has_to_print(&LOOP, "limit CPU: processor time");
    }
}

fn is_running(pid: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn deadline() {
    for recipe in recipes("deadline") {
        let note = scratch("cookbook-deadline-note").join("pid");
        // Those with trees reach a process that has left the session, the others one of the group.
        let leave = if ["C", "C++", "shell"].contains(&recipe.language) { "setsid" } else { "" };
        let script = format!("{leave} sleep 1000 & echo $! > {}; sleep 1001", note.display());
        recipe.has_to_print(&["sh", "-c", &script], "killed");
        let grandchild = read(&note);
        let gone = (0..200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            !is_running(grandchild.trim())
        });
        assert!(gone, "{}: {grandchild} is left", recipe.language);
        recipe.has_to_print(&["true"], "ended");
    }
}

#[test]
fn capture() {
    for recipe in recipes("capture") {
        let text = recipe.prints(&["sh", "-c", "echo captured; exit 5"]);
        assert!(text.contains("captured") && text.contains("exit status 5"), "{}: {text}", recipe.language);
    }
}

/// A process that has more open files than 80% of its limit, for two seconds.
fn near_its_limit() -> Child {
    // Its loader needs the descriptor 9, which may have been inherited.
    let script = "for n in 3 4 5 6 7 8; do eval \"exec $n</dev/null\"; done; exec 9<&-; ulimit -n 10; exec sleep 2";
    Command::new("sh").args(["-c", script]).stdin(Stdio::null()).spawn().expect("sh is there")
}

#[test]
fn watch() {
    for recipe in recipes("watch") {
        let mut child = near_its_limit();
        let watcher = recipe.command(&[&child.id().to_string()]).stdout(Stdio::piped()).spawn().expect("it starts");
        child.wait().expect("it was started");
        let output = watcher.wait_with_output().expect("it was started");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{}: {text}", recipe.language);
        assert!(lines[0].starts_with("NOFILE: ") && lines[1] == "ended", "{}: {text}", recipe.language);
    }
}

#[test]
fn preexec() {
    for recipe in recipes("preexec") {
        assert_eq!(recipe.prints(&[]), "32 files, core 0, in /\nunchanged here", "{}", recipe.language);
    }
}

/// With one processor in the affinity mask, one thread is right.
#[test]
fn pool() {
    for recipe in recipes("pool") {
        let command = recipe.command(&[]);
        let mut limited = Command::new("taskset");
        limited.args(["-c", "0"]).arg(command.get_program()).args(command.get_args());
        limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let text = run(&mut limited);
        assert!(text.starts_with("1 threads, a cache of ") && text.ends_with(" MiB\n"), "{}: {text}", recipe.language);
    }
}

#[test]
fn judge() {
    let folder = scratch("cookbook-judge-files");
    let (input, expected) = (folder.join("input"), folder.join("expected"));
    fs::write(&input, "b\na\n").expect("writable");
    fs::write(&expected, "a\nb\n").expect("writable");
    let files = [input, expected].map(|path| path.to_str().expect("UTF-8").to_owned());
    let cases: [(&[&str], &str); 6] = [
        (&["sort"], "accepted ("),
        (&["cat"], "wrong answer ("),
        (&LOOP, "time limit exceeded ("),
        (&["sleep", "100"], "time limit exceeded ("),
        (&["yes"], "output limit exceeded ("),
        (&["false"], "runtime error ("),
    ];
    for recipe in recipes("judge") {
        for (program, verdict) in cases {
            let arguments: Vec<&str> = files.iter().map(String::as_str).chain(program.iter().copied()).collect();
            recipe.has_to_print(&arguments, verdict);
        }
    }
}

#[test]
fn config() {
    let file = scratch("cookbook-config-file").join("limits.conf");
    fs::write(&file, "# a comment\nnofile=512: # files\ncpu=1h\n\ncore=0\n").expect("writable");
    let path = file.to_str().expect("UTF-8");
    for recipe in recipes("config") {
        let text = recipe.prints(&[path]);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() == 3 && lines[0].starts_with("NOFILE=512"), "{}: {text}", recipe.language);
        assert_eq!(lines[1..], ["CPU=1h", "CORE=0"], "{}", recipe.language);
    }
    fs::write(&file, "cpu=1h\nnofile=plenty\n").expect("writable");
    for recipe in recipes("config") {
        let output = recipe.command(&[path]).output().expect("it can be started");
        assert!(!output.status.success() || output.stdout.is_empty(), "{}", recipe.language);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let names_it = ["malformed", "plenty", "NOFILE"].iter().any(|word| text.contains(word));
        assert!(names_it && !text.contains("CPU"), "{}: {text}", recipe.language);
    }
}

#[test]
fn emfile() {
    let careless = "for n in 3 4 5 6 7 8 9; do eval \"exec $n</dev/null\" || kill -9 $$; done";
    for recipe in recipes("emfile") {
        recipe.has_to_print(&["true"], "survives");
        let text = recipe.prints(&["bash", "-c", careless]);
        assert!(
            text.ends_with(" descriptors") && (text.contains("signal 9 ") || text.contains("status 137 ")),
            "{}: {text}",
            recipe.language
        );
    }
    assert!(Path::new("/bin/bash").exists(), "the careless program is for bash");
}
