//! The Ruby gem, with Ruby's own tools, on what `make install` installs: every file without a warning, its tests, the
//! gem as it is built and required, the example program.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use support::empty_root::EmptyRoot;
use support::{attempt, make, part, root, run, say, scratch, stage, target};

fn gem() -> PathBuf {
    root().join("bindings/ruby")
}

fn ruby(arguments: &[&str]) -> Command {
    let mut command = stage().command("ruby");
    command.current_dir(gem()).args(["-w", "-Ilib", "-Itest"]).args(arguments);
    command
}

#[test]
fn tested() {
    let (success, text) = attempt(&mut ruby(&["test/all.rb", "--verbose"]));
    let closing = text.lines().rfind(|line| line.contains(" runs, ")).unwrap_or("no closing line");
    let numbers: Vec<usize> = closing.split(' ').filter_map(|word| word.parse().ok()).collect();
    // From minitest: runs, assertions, failures, errors, skips.
    let &[runs, assertions, 0, 0, skipped] = numbers.as_slice() else { panic!("{text}") };
    say(&format!("{:9} {:12} {} passed, 0 failed, {skipped} skipped", "ruby", "minitest", runs - skipped));
    text.lines().filter(|line| line.starts_with("skip ")).for_each(|line| say(&format!("{:23}{line}", "")));
    assert!(success && assertions > runs, "{text}");
    assert!(!text.contains("warning:"), "{text}");

    let shown = run(&mut ruby(&["../../examples/job.rb"]));
    assert!(shown.contains("exit 0"), "{shown}");
    say(&format!("{:9} {:12} {}", "ruby", "job", shown.trim_end()));
    part("ruby", runs - skipped + 1, skipped);
}

/// What a gem holds is what it needs; that of the platform needs no library.
#[test]
fn built_as_gems() {
    run(make(root(), &target()).arg("gem"));
    let version = env!("CARGO_PKG_VERSION");
    let platform = run(Command::new("ruby").args(["-e", "print Gem::Platform.local"]));
    let file = |name: &str| target().join("ship/ruby").join(format!("rresource-{version}{name}.gem"));
    let [plain, whole] = [file(""), file(&format!("-{platform}"))];
    let script =
        "require 'rresource'; puts RResource.getrlimit(:NOFILE).size, RResource::VERSION, RResource.library_version";
    let ruby = |folder: &Path| {
        let paths = run(Command::new("gem").args(["env", "path"]));
        let mut command = Command::new("ruby");
        command.args(["-w", "-e", script]).current_dir(folder).env_remove("LD_LIBRARY_PATH");
        command.env("GEM_PATH", format!("{}:{}", folder.join("gems").display(), paths.trim_end()));
        command
    };
    for (name, gem) in [("gem-plain", &plain), ("gem-platform", &whole)] {
        let folder = scratch(name);
        let options = ["install", "--local", "--ignore-dependencies", "--no-document", "--install-dir"];
        run(Command::new("gem").args(options).arg(folder.join("gems")).arg(gem));
        let mut command = ruby(&folder);
        if name == "gem-plain" {
            let (success, text) = attempt(command.env("RRESOURCE_LIBRARY", "/nowhere/librresource.so.0"));
            assert!(!success && text.contains("install the gem for this platform"), "{text}");
            assert!(text.contains("/nowhere/librresource.so.0") && text.contains("RRESOURCE_LIBRARY"), "{text}");
            command.env("RRESOURCE_LIBRARY", stage().shared());
        }
        assert_eq!(run(&mut command), format!("2\n{version}\n{version}\n"), "{name}");
    }
    installs_where_only_ruby_is(&whole);
}

/// With nothing but the language and the gem ffi: no compiler, no library, no network.
fn installs_where_only_ruby_is(gem: &Path) {
    let code = "ffi = Gem::Specification.find_by_name('ffi')
        puts [RbConfig.ruby, *$LOAD_PATH, ffi.spec_file, ffi.full_gem_path, ffi.extension_dir].select { |path| File.exist?(path) }.map { |path| File.realpath(path) }.uniq";
    let mut parts: Vec<PathBuf> = run(Command::new("ruby").args(["-e", code])).lines().map(PathBuf::from).collect();
    let ruby = parts[0].clone();
    parts.push("/usr/bin/sort".into()); // what the example starts
    let empty = EmptyRoot::with("empty-ruby", &parts);
    if let Some(reason) = empty.refusal(&ruby) {
        say(&format!("gem       skip a root with Ruby only: {reason}"));
        return part("gem", 2, 1);
    }
    std::fs::copy(gem, empty.folder.join("tmp/rresource.gem")).expect("the root can be written");
    std::fs::copy(root().join("examples/job.rb"), empty.folder.join("tmp/job.rb")).expect("the root can be written");
    let install = ["-e", "require 'rubygems/gem_runner'; Gem::GemRunner.new.run(ARGV)", "--"];
    run(empty.command(&ruby).args(install).args(["install", "--local", "--no-document", "/tmp/rresource.gem"]));
    let shown = run(empty.command(&ruby).arg("/tmp/job.rb"));
    assert!(shown.contains(" files here; exit 0: "), "{shown}");
    say(&format!("gem       {:12} {}", "job", shown.trim_end()));
    part("gem", 3, 0);
}
