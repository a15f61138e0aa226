//! The errors that `rr_strerror` has a text for are those that the library returns: the source names some of them, and
//! the header lists those that the system returns.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use support::{read, root};

fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("src/ can be read").map(|entry| entry.expect("an entry").path());
    let texts = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![read(&path)] });
    texts.collect()
}

/// The names after `Errno::` and `libc::`, without comments.
fn named_in(source: &str) -> BTreeSet<String> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let words = code.flat_map(|line| ["Errno::E", "libc::E"].into_iter().flat_map(|before| line.split(before).skip(1)));
    let names = words.map(|rest| rest.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default());
    names
        .filter(|name| {
            name.len() > 2 && name.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
        })
        .map(|name| format!("E{name}"))
        .collect()
}

fn listed_in(header: &str) -> BTreeSet<String> {
    let lists = header.split(" * Errors:\n").skip(1).filter_map(|rest| rest.split(" */").next());
    let lines = lists.flat_map(str::lines).filter_map(|line| line.strip_prefix(" *   E")?.split(' ').next());
    lines.map(|name| format!("E{name}")).collect()
}

fn texts() -> Vec<(String, String)> {
    let source = read(root().join("src/errno.rs"));
    let (_, table) = source.split_once("const ERRORS: Table = errors! {\n").expect("the table");
    let lines = table.split_once("\n};").map_or("", |(table, _)| table).lines();
    let rows = lines.filter_map(|line| line.trim().split_once(' '));
    rows.map(|(name, text)| (name.to_owned(), text.trim_matches('"').to_owned())).collect()
}

#[test]
fn every_error_that_can_be_returned_has_a_text_and_no_other_has() {
    let header = read(root().join("include/rresource.h"));
    let mut returned = listed_in(&header);
    assert!(returned.contains("ETXTBSY") && returned.len() > 20, "the lists are found: {returned:?}");
    for source in sources(&root().join("src")) {
        returned.extend(named_in(&source));
    }
    assert!(returned.contains("ENOSYS"), "the source is read: {returned:?}");
    let named: BTreeSet<String> = texts().into_iter().map(|(name, _)| name).collect();
    assert_eq!(named, returned);
}

/// A text names what is wrong and what to do, for one line of a message.
#[test]
fn texts_are_clauses() {
    for (name, text) in texts() {
        assert!(!text.ends_with('.') && text.len() <= 160, "{name}: {text}");
        assert!(text.contains(": ") || text.contains("; "), "{name} has what to do or what is meant: {text}");
    }
}
