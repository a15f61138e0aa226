//! Public text and comments keep to the words of POSIX and the manual pages.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{read, root, run};

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

/// Of comments only: in other text these words may be right.
const IN_COMMENTS: [(&str, &str); 16] = [
    ("told", "reported"),
    ("answers", "returns"),
    ("answered", "returned"),
    ("heard", "received"),
    ("nobody", "no process, no thread"),
    ("everybody", "any process"),
    ("anybody", "any process"),
    ("whoever", "the process that"),
    ("wholly", "completely"),
    ("foretold", "predicted"),
    ("of its own", "separate, its own"),
    ("of their own", "separate, their own"),
    ("of one's own", "separate"),
    ("all the same", "nevertheless"),
    ("stands still", "is suspended"),
    ("goes by", "uses"),
];

/// The folders whose comments are checked.
const COMMENTED: [&str; 9] =
    ["src", "cli", "tests", "tools", "c_tests", "cxx_tests", "bench", "examples", "fuzz/fuzz_targets"];

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

/// The text in one line, without comment markers.
fn flat(text: &str) -> String {
    let words =
        text.split_whitespace().filter(|word| !["*", "/*", "/**", "*/", "//", "///", "//!", "#"].contains(word));
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

fn found(text: &str, glossary: &[(&str, &str)]) -> Vec<String> {
    let text = flat(text);
    let is_letter = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let hits = glossary.iter().flat_map(|(words, better)| {
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
        wrong.extend(found(&read(root().join(&path)), &GLOSSARY).into_iter().map(|hit| format!("{path}: {hit}")));
    }
    for path in texts {
        let text = literals(&read(root().join(&path)));
        assert!(!text.is_empty(), "{path} has texts");
        wrong.extend(found(&text, &GLOSSARY).into_iter().map(|hit| format!("{path}: {hit}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The comments of a source, each line without its marker: from `//` or `#`, and between `/*` and `*/`.
fn comments(path: &Path, source: &str) -> String {
    let extension = path.extension().unwrap_or_default();
    let is_script = !["rs", "c", "h", "cpp", "hpp", "go"].iter().any(|known| extension == *known);
    let marker = if is_script { "# " } else { "//" };
    let mut is_inside = false;
    let mut text = String::new();
    for line in source.lines() {
        let begin = line.find("/*").filter(|_| !is_script && !is_inside);
        let comment = match (begin, line.find(marker)) {
            _ if is_inside => line,
            (Some(at), _) => &line[at..],
            (None, Some(at)) if at == 0 || line[..at].ends_with(char::is_whitespace) => &line[at..],
            _ => "",
        };
        is_inside = !is_script && (is_inside || begin.is_some()) && !comment.contains("*/");
        text += comment;
        text.push('\n');
    }
    text
}

/// The project's files in these folders that can have comments; whole documents are public text.
fn sources() -> Vec<PathBuf> {
    let files = run(Command::new("sh").arg(root().join("tools/files.sh")).arg(root()));
    let names = files.split('\0').map(|name| name.trim_start_matches("./")).filter(|name| !name.is_empty());
    let commented = names.filter(|name| COMMENTED.iter().any(|folder| name.starts_with(&format!("{folder}/"))));
    commented.filter(|name| !name.ends_with(".lock") && !name.ends_with(".md")).map(PathBuf::from).collect()
}

#[test]
fn comments_are_plain() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for path in sources() {
        let text = comments(&path, &read(root().join(&path)));
        checked += usize::from(!text.trim().is_empty());
        let name = path.display();
        wrong.extend(found(&text, &GLOSSARY).into_iter().map(|hit| format!("{name}: {hit}")));
        wrong.extend(found(&text, &IN_COMMENTS).into_iter().map(|hit| format!("{name}: {hit}")));
    }
    let protocol = read(root().join("src/launcher/PROTOCOL.md"));
    wrong.extend(found(&protocol, &GLOSSARY).into_iter().map(|hit| format!("PROTOCOL.md: {hit}")));
    assert!(checked > 150, "{checked} files have comments");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_kind_of_comment_is_read() {
    let rust = "//! one\nlet x = \"code\"; // two\n/// three\nlet url = \"http://code\";\n";
    assert_eq!(flat(&comments(Path::new("a.rs"), rust)), "one two three");
    let c = "/* one\n * two */\nint code; /* three */\n// four\n";
    assert_eq!(flat(&comments(Path::new("a.c"), c)), "one two three four");
    assert_eq!(flat(&comments(Path::new("a.sh"), "# one\nsay code # two\n${code#x}\n")), "one two");
}

#[test]
fn every_word_of_the_glossary_is_found() {
    for (words, _) in GLOSSARY.into_iter().chain(IN_COMMENTS) {
        let text = format!("/**\n * It {}\n */", words.replace(' ', "\n * "));
        let hits = [found(&text, &GLOSSARY), found(&text, &IN_COMMENTS)].concat();
        assert_eq!(hits.iter().filter(|hit| hit.starts_with(&format!("\"{words}\" "))).count(), 1, "{words}");
    }
    assert!(found("It besides essays; a store for gets.", &GLOSSARY).is_empty());
}
