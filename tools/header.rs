//! Writes the header, part by part, and `rresource.ffi.h`, which has only its declarations. cbindgen reads the source
//! and writes each item. It does not support parts, so they are arranged here: the items of a part are those that its
//! files define, in their order.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

/// A part's page in the manual, and its files below `src`. The comment at the top of its first file of `capi` becomes
/// the part's introduction. A new part is a line here.
const PARTS: [(&str, &[&str]); 12] = [
    ("version", &["abi/version.rs", "capi/version.rs"]),
    ("errors", &["capi/errors.rs"]),
    ("resources", &["abi/resource.rs", SYSTEMS, "capi/resources.rs", "capi/constants.rs"]),
    ("limits", &["abi/rlimit.rs", "capi/limits.rs"]),
    ("text", &["abi/limits_text.rs", "capi/limits_text.rs"]),
    ("processes", &["process.rs", "capi/process.rs"]),
    ("many", &["abi/limits_many.rs", "capi/limits_many.rs"]),
    ("rusage", &["abi/rusage.rs", "capi/rusage.rs"]),
    ("usage", &["abi/usage.rs", "capi/usage.rs"]),
    ("bounds", &["abi/bound.rs", "capi/bounds.rs"]),
    ("commands", &["command/builder.rs", "command/child.rs", "abi/command.rs", "capi/command.rs", "capi/child.rs"]),
    ("trees", &["abi/tree.rs", "capi/tree.rs"]),
];

/// Stands for the files of all systems: a table for each.
const SYSTEMS: &str = "catalog";

const WIDTH: usize = 110;

pub struct Headers {
    /// `rresource.h`.
    pub c: String,
    /// `rresource.ffi.h`.
    pub ffi: String,
}

/// From the source below `root`. An item without a part and a part without its file stop the build.
pub fn generate(root: &Path) -> Headers {
    let written = written_by_cbindgen(root);
    let (preface, mut items) = items(&written);
    let renamed = renamed(&read(&root.join("cbindgen.toml")));
    let (mut contents, mut sections, mut ffi) = (String::new(), String::new(), FFI_PREFACE.to_owned());
    for (name, files) in PARTS {
        let mut functions = Vec::new();
        sections += &introduction(name, &root.join("src"), files);
        for file in files {
            if *file == SYSTEMS {
                sections += &systems(&mut items);
                continue;
            }
            let source = read(&root.join("src").join(file));
            for group in groups(&source, &renamed) {
                let mut taken: Vec<Item> = group.iter().filter_map(|name| take(&mut items, name)).collect();
                taken.iter_mut().for_each(|item| item.keep_hexadecimal(&source));
                ffi.extend(taken.iter().filter(|item| !item.is_constant()).map(Item::bare));
                functions.extend(taken.iter().filter(|item| item.is_function()).map(|item| item.name.clone()));
                sections += &written_out(&taken);
            }
        }
        contents += &contents_of(name, &functions);
    }
    let homeless: Vec<&String> = items.iter().map(|item| &item.name).collect();
    assert!(homeless.is_empty(), "no file of a part in tools/header.rs defines {homeless:?}");
    let preface = preface.replace(" * @contents@\n", &contents);
    // A comment begins on its first line.
    let sections = sections.replace("/**\n * ", "/** ");
    Headers { c: format!("{preface}{OPENING}{sections}{CLOSING}"), ffi }
}

const FFI_PREFACE: &str = "\
/*
 * The declarations of rresource.h without preprocessor lines, for LuaJIT's ffi.cdef, PHP's FFI::cdef, Python's
 * cffi and the like. See rresource.h for what they mean. rr_constant gets the constants.
 */

";

const OPENING: &str = "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
const CLOSING: &str = "#ifdef __cplusplus\n}\n#endif\n\n#endif /* RRESOURCE_H */\n";

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

// ---- What cbindgen writes ------------------------------------------------------------------------

/// cbindgen only warns of a `cfg` that cbindgen.toml does not map, and of a constant or function of the contract
/// that it cannot read: the header would be wrong.
struct Warnings(Mutex<Vec<String>>);

impl log::Log for Warnings {
    fn enabled(&self, metadata: &log::Metadata) -> bool {
        metadata.level() <= log::Level::Warn
    }
    fn log(&self, record: &log::Record) {
        let message = record.args().to_string();
        if ["[defines]", "RR_", "rr_"].iter().any(|matter| message.contains(matter)) {
            self.0.lock().expect("one thread").push(message);
        }
    }
    fn flush(&self) {}
}

fn written_by_cbindgen(root: &Path) -> String {
    static WARNINGS: Warnings = Warnings(Mutex::new(Vec::new()));
    log::set_logger(&WARNINGS).expect("no other logger");
    log::set_max_level(log::LevelFilter::Warn);

    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml can be read");
    let bindings = cbindgen::generate_with_config(root, config).expect("cbindgen reads the source");
    let warnings = WARNINGS.0.lock().expect("one thread");
    assert!(warnings.is_empty(), "cbindgen warns: {warnings:#?}");
    let mut text = Vec::new();
    bindings.write(&mut text);
    String::from_utf8(text).expect("cbindgen writes UTF-8")
}

struct Item {
    name: String,
    /// The condition of the `#if` around it.
    condition: Option<String>,
    comment: Vec<String>,
    declaration: String,
}

impl Item {
    fn is_constant(&self) -> bool {
        self.declaration.starts_with("#define ")
    }

    fn is_function(&self) -> bool {
        !self.is_constant() && !self.declaration.starts_with("typedef ")
    }

    /// Keeps a mask as the source has it; cbindgen writes a decimal number without a suffix.
    fn keep_hexadecimal(&mut self, source: &str) {
        for (kind, suffix) in [("u32", "u"), ("u64", "ull")] {
            let definition = source.split_once(&format!("pub const {}: {kind} = 0x", self.name));
            if let Some((digits, _)) = definition.and_then(|(_, rest)| rest.split_once(';')) {
                self.declaration = format!("#define {} 0x{}{suffix}", self.name, digits.replace('_', ""));
            }
        }
    }

    /// Without comments.
    fn bare(&self) -> String {
        let (fields, _) = rows_and_comments(&self.declaration);
        fields.into_iter().map(|line| line + "\n").collect::<String>() + "\n"
    }
}

/// The text before the first item, and the items: each is a paragraph.
fn items(written: &str) -> (String, Vec<Item>) {
    let (mut preface, mut items) = (String::new(), Vec::new());
    let paragraphs = written.split("\n\n").map(|paragraph| paragraph.trim_matches('\n'));
    for paragraph in paragraphs.filter(|paragraph| !paragraph.is_empty()) {
        match item(paragraph) {
            Some(item) => items.push(item),
            None if items.is_empty() => preface += &format!("{paragraph}\n\n"),
            // Around the functions; the whole header has it here.
            None => assert!(paragraph.contains("__cplusplus") || paragraph.contains("RRESOURCE_H"), "{paragraph}"),
        }
    }
    (preface, items)
}

fn item(paragraph: &str) -> Option<Item> {
    let unconditional = paragraph.strip_suffix("\n#endif").and_then(|rest| rest.split_once('\n'));
    let (condition, body) = match unconditional.filter(|(condition, _)| condition.starts_with("#if ")) {
        Some((condition, body)) => (Some(condition.to_owned()), body),
        None => (None, paragraph),
    };
    let (comment, declaration) = match body.strip_prefix("/**\n") {
        Some(rest) => rest.split_once("\n */\n")?,
        None => ("", body),
    };
    let first = declaration.lines().next()?;
    let name = match first.strip_prefix("#define ").filter(|rest| rest.starts_with("RR_")) {
        Some(rest) => rest.split(' ').next()?,
        None => {
            let before = first.strip_prefix("typedef struct ").or_else(|| Some(first.split_once('(')?.0))?;
            before.split([' ', '*', ';']).find(|word| word.starts_with("rr_"))?
        }
    };
    let strip = |line: &str| line.trim_start().trim_start_matches('*').strip_prefix(' ').unwrap_or("").to_owned();
    let comment = comment.lines().filter(|_| !comment.is_empty()).map(strip).collect();
    Some(Item { name: name.to_owned(), condition, comment, declaration: in_one_line(declaration) })
}

/// Joins the lines of a function whose parameters fit on one.
fn in_one_line(declaration: &str) -> String {
    let line = declaration.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.ends_with(");") && line.len() <= WIDTH { line } else { declaration.to_owned() }
}

// ---- The source ------------------------------------------------------------------------

/// Rust's name of a struct, and C's.
fn renamed(config: &str) -> BTreeMap<String, String> {
    let (_, renames) = config.split_once("[export.rename]\n").expect("cbindgen.toml renames");
    let lines = renames.lines().take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_once(" = ")).map(|(from, to)| (from.to_owned(), to.replace('"', ""))).collect()
}

/// The names that a file defines for C, in groups separated by blank lines.
fn groups(source: &str, renamed: &BTreeMap<String, String>) -> Vec<Vec<String>> {
    let name = |line: &str| {
        let word = |rest: &str| rest.split([':', ' ', '(', '<', ';']).next().unwrap_or_default().to_owned();
        if let Some(rest) = line.strip_prefix("pub const RR_") {
            return Some(format!("RR_{}", word(rest)));
        }
        match line.strip_prefix("pub struct ") {
            Some(rest) => renamed.get(&word(rest)).cloned(),
            None => line.split_once("extern \"C\" fn rr_").map(|(_, rest)| format!("rr_{}", word(rest))),
        }
    };
    source.split("\n\n").map(|paragraph| paragraph.lines().filter_map(name).collect()).collect()
}

fn take(items: &mut Vec<Item>, name: &str) -> Option<Item> {
    let place = items.iter().position(|item| item.name == name && item.condition.is_none())?;
    Some(items.remove(place))
}

// ---- The text of the header ------------------------------------------------------------------------

/// "   limits      rr_getrlimit  rr_setrlimit  rr_prlimit", on as many lines as it takes.
fn contents_of(name: &str, functions: &[String]) -> String {
    let (mut text, mut line) = (String::new(), format!(" *   {name:10}"));
    for function in functions {
        if line.len() + 2 + function.len() > WIDTH {
            text += &format!("{line}\n");
            line = format!(" *   {:10}", "");
        }
        line += &format!("  {function}");
    }
    text + &line + "\n"
}

fn introduction(name: &str, src: &Path, files: &[&str]) -> String {
    let file = files.iter().find(|file| file.starts_with("capi/")).expect("a file of capi in each part");
    let source = read(&src.join(file));
    let comment = source.lines().map_while(|line| line.strip_prefix("//!"));
    let mut text = format!("/* {:=<1$} *\n", "", WIDTH - 6);
    for (number, line) in comment.enumerate() {
        text += &match number {
            0 => format!(" * {name}:{line}\n"),
            _ => format!(" *{line}\n"),
        };
    }
    text + " */\n\n"
}

fn written_out(items: &[Item]) -> String {
    let (constants, others): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| item.is_constant());
    let mut text = String::new();
    if !constants.is_empty() {
        text += &format!("{}\n", table_of_constants(&constants));
    }
    for item in others {
        let comment: String =
            item.comment.iter().map(|line| format!(" * {line}").trim_end().to_owned() + "\n").collect();
        let (rows, comments) = rows_and_comments(&item.declaration);
        text += &format!("/**\n{comment} */\n{}\n", table(&rows, &comments));
    }
    text
}

/// A table for each system, in the order of the conditions.
fn systems(items: &mut Vec<Item>) -> String {
    let mut conditions: Vec<String> = Vec::new();
    for condition in items.iter().filter_map(|item| item.condition.clone()) {
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    // Linux first, with the numbers that differ by architecture.
    conditions.sort_by_key(|condition| !condition.contains("__linux__"));
    let mut text = String::new();
    for condition in conditions {
        let (mut taken, rest): (Vec<Item>, Vec<Item>) =
            std::mem::take(items).into_iter().partition(|item| item.condition.as_ref() == Some(&condition));
        *items = rest;
        // By number, then other names, then constants that are not resources.
        let number = |item: &Item| item.declaration.rsplit(' ').next().and_then(|value| value.parse::<u32>().ok());
        taken.sort_by_key(|item| (!item.name.starts_with("RR_RLIMIT_"), number(item).unwrap_or(u32::MAX)));
        text += &format!("{condition}\n{}#endif\n\n", table_of_constants(&taken.iter().collect::<Vec<_>>()));
    }
    text
}

fn table_of_constants(constants: &[&Item]) -> String {
    let parts = constants.iter().filter_map(|item| item.declaration.strip_prefix("#define ")?.split_once(' '));
    let width = parts.clone().map(|(name, _)| name.len()).max().unwrap_or_default();
    let rows: Vec<String> =
        parts.map(|(name, value)| format!("#define {name:width$} {}", parenthesised(value))).collect();
    let comments: Vec<String> = constants.iter().map(|item| item.comment.join(" ")).collect();
    table(&rows, &comments)
}

fn parenthesised(value: &str) -> String {
    if value.starts_with('-') { format!("({value})") } else { value.to_owned() }
}

/// The lines of a declaration, and the comment of each field.
fn rows_and_comments(declaration: &str) -> (Vec<String>, Vec<String>) {
    let (mut rows, mut comments, mut comment) = (Vec::new(), Vec::new(), Vec::new());
    for line in declaration.lines() {
        match line.trim() {
            "/**" | "*/" => {}
            text if text.starts_with('*') && line.starts_with("     *") => {
                comment.push(text.trim_start_matches(['*', ' ']))
            }
            _ => {
                rows.push(line.to_owned());
                comments.push(comment.join(" "));
                comment.clear();
            }
        }
    }
    (rows, comments)
}

/// Each row followed by its comment, on as many lines as needed; the comment precedes a row that is too long.
fn table(rows: &[String], comments: &[String]) -> String {
    let commented = rows.iter().zip(comments).filter(|(_, comment)| !comment.is_empty());
    let width = commented.map(|(row, _)| row.len()).filter(|length| *length < WIDTH / 2).max().unwrap_or_default();
    let mut text = String::new();
    for (row, comment) in rows.iter().zip(comments) {
        if comment.is_empty() {
            text += &format!("{row}\n");
            continue;
        }
        if row.len() > width {
            text += &format!("/* {comment} */\n{row}\n");
            continue;
        }
        let lines = wrapped(comment, WIDTH.saturating_sub(width + 7).max(40));
        for (number, line) in lines.iter().enumerate() {
            let row = if number == 0 { row } else { "" };
            let open = if number == 0 { "/*" } else { "  " };
            let close = if number + 1 == lines.len() { " */" } else { "" };
            text += &format!("{row:width$} {open} {line}{close}\n");
        }
    }
    text
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("one at least");
        if last.is_empty() {
            last.push_str(word);
        } else if last.len() + 1 + word.len() <= width {
            last.push_str(&format!(" {word}"));
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
