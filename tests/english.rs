//! Public text keeps to the words of POSIX and the manual pages.

mod support;

use std::fs;
use support::{read, root};

/// Words that a C programmer has to read twice, and what to write.
const GLOSSARY: [(&str, &str); 33] = [
    ("tells", "returns, reports"),
    ("says", "returns, reports"),
    ("gives back", "returns"),
    ("is told", "is reported"),
    ("is seen", "is reported"),
    ("told by", "read from"),
    ("asked by", "queried through"),
    ("can be told", "is representable"),
    ("becomes that one", "is clamped to it"),
    ("under a number of its own", "as a separate descriptor"),
    ("wholly safe", "always safe"),
    ("which exec closes", "opened with close-on-exec"),
    ("the present use", "current usage"),
    ("the former limits", "the previous limits"),
    ("goes over from its parent", "is inherited from the parent"),
    ("only they are paid for", "other groups cost nothing"),
    ("known apart", "excluding `known`"),
    ("a text that is no limit", "malformed limit"),
    ("right, but not on this system", "valid, but not supported on this system"),
    ("takes it off", "reaps it"),
    ("of which a process does not die", "which make calls fail but do not kill the process"),
    ("a thread that leads no process", "a thread that is not a thread-group leader"),
    ("somebody else has waited for it", "it was already reaped"),
    ("beside", "in addition to"),
    ("but for", "except"),
    ("likewise", "also"),
    ("as it stands", "unchanged"),
    ("takes apart", "decodes"),
    ("forgets", "resets"),
    ("foretells", "predicts"),
    ("as ever", "as usual"),
    ("notwithstanding", "even if"),
    ("somebody", "another process"),
];

/// The texts in a source that reach a user.
fn literals(source: &str) -> String {
    source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The files of a folder of the project with that extension, or all.
fn files(folder: &str, extension: &str) -> Vec<String> {
    let paths = fs::read_dir(root().join(folder)).expect("the folder is there");
    let paths = paths.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned());
    let files: Vec<String> =
        paths.filter(|name| name.ends_with(&format!(".{extension}")) || extension.is_empty()).collect();
    assert!(!files.is_empty(), "{folder} has files");
    files.iter().map(|name| format!("{folder}/{name}")).collect()
}

/// In one line, without the marks of comments.
fn flat(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !["*", "/**", "*/", "//", "///", "//!", "#"].contains(word));
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

fn found(text: &str) -> Vec<String> {
    let text = flat(text);
    let is_letter = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let hits = GLOSSARY.iter().flat_map(|(words, better)| {
        let text = &text;
        let whole = text.match_indices(words).filter(move |(at, _)| {
            !is_letter(text[..*at].chars().next_back()) && !is_letter(text[at + words.len()..].chars().next())
        });
        whole.map(move |(at, _)| {
            let around: String = text[at..].chars().take(60).collect();
            format!("\"{words}\" for \"{better}\": {around}...")
        })
    });
    hits.collect()
}

#[test]
fn public_text_is_plain() {
    let mut whole: Vec<String> = [
        "include/rresource.h",
        "include/rresource.ffi.h",
        "README.md",
        "CHANGELOG.md",
        "man/rresource.7.in",
        "man/rresource.1",
    ]
    .map(str::to_owned)
    .to_vec();
    whole.extend(files("docs", "md"));
    whole.extend(files("docs/cookbook", ""));
    let mut texts: Vec<String> =
        ["src/errno.rs", "src/limits/verdict.rs", "src/command/steps.rs", "src/usage/fields.rs", "src/usage/record.rs"]
            .map(str::to_owned)
            .to_vec();
    texts.extend(files("cli", "c"));
    let mut wrong = Vec::new();
    for path in whole {
        wrong.extend(found(&read(root().join(&path))).into_iter().map(|hit| format!("{path}: {hit}")));
    }
    for path in texts {
        let text = literals(&read(root().join(&path)));
        assert!(!text.is_empty(), "{path} has texts");
        wrong.extend(found(&text).into_iter().map(|hit| format!("{path}: {hit}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_word_of_the_glossary_is_found() {
    for (words, _) in GLOSSARY {
        let text = format!("/**\n * It {}\n */", words.replace(' ', "\n * "));
        assert_eq!(found(&text).iter().filter(|hit| hit.starts_with(&format!("\"{words}\" "))).count(), 1, "{words}");
    }
    assert!(found("It besides essays; a store for gets.").is_empty());
}
