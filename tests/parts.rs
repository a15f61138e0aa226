//! The closing lines of `make test`: a part that did not run is a failure.

mod support;

use std::fs;
use std::process::Command;
use support::{attempt, root, scratch};

/// The closing lines for two parts, each of which left these counts, or nothing.
fn closing_lines(name: &str, counts: [Option<&str>; 2], ci: bool) -> (bool, String) {
    let folder = scratch(&format!("parts-{name}"));
    for (part, counts) in ["one", "two"].iter().zip(counts) {
        if let Some(counts) = counts {
            fs::write(folder.join(part), format!("{counts}\n")).expect("the scratch folder can be written");
        }
    }
    let mut command = Command::new("sh");
    command.arg(root().join("tools/parts.sh")).arg(folder).args(["one", "two"]).env_remove("CI");
    attempt(if ci { command.env("CI", "true") } else { &mut command })
}

#[test]
fn count_each_part() {
    let (success, text) = closing_lines("whole", [Some("3 0"), Some("4 2")], true);
    assert!(success && text.ends_with("\n7 passed, 0 failed, 2 skipped\n"), "{text}");
}

#[test]
fn fail_where_a_part_did_not_come_to_its_end() {
    let (success, text) = closing_lines("ended", [Some("3 0"), None], false);
    assert!(!success && text.contains("two          did not come to its end"), "{text}");
    assert!(text.ends_with("\n3 passed, 1 failed, 0 skipped\n"), "{text}");
}

#[test]
fn fail_in_ci_where_all_of_a_part_was_skipped() {
    let counts = [Some("0 1"), Some("4 0")];
    assert!(closing_lines("here", counts, false).0);
    let (success, text) = closing_lines("ci", counts, true);
    assert!(!success && text.contains("one was skipped"), "{text}");
}
