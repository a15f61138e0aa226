//! Writes the manual from the header: a page of section 3 for each function and for each part, and rresource(7)
//! from its template.
//!
//!     manual HEADER TEMPLATE FOLDER     writes FOLDER/man3/*.3 and FOLDER/man7/rresource.7
//!
//! The comment of a function has a fixed form, which tests/header.rs enforces: paragraphs and tables; "parameter: what
//! it is"; "Returns: ..."; and "Errors:" with a line for each. Continuation lines are indented.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs, process};

#[allow(dead_code, reason = "a test program takes this file for a module")]
fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [header, template, folder] = arguments.as_slice() else {
        stop("usage: manual HEADER TEMPLATE FOLDER");
    };
    let read = |path: &str| fs::read_to_string(path).unwrap_or_else(|error| stop(&format!("{path}: {error}")));
    for (name, text) in pages(&read(header), &read(template), &read).unwrap_or_else(|problem| stop(&problem)) {
        let path = Path::new(folder).join(name);
        let written = fs::create_dir_all(path.parent().unwrap_or(&path)).and_then(|()| fs::write(&path, text));
        written.unwrap_or_else(|error| stop(&format!("{}: {error}", path.display())));
    }
}

fn stop(problem: &str) -> ! {
    eprintln!("manual: {problem}");
    process::exit(1)
}

/// Complete programs: a page has the first one that calls its function.
const EXAMPLES: [&str; 2] = ["examples/raise.c", "examples/job.c"];

/// The path of each page below the manual's folder, and its text.
pub fn pages(header: &str, template: &str, read: &dyn Fn(&str) -> String) -> Result<Vec<(String, String)>, String> {
    let date = template.lines().find(|line| line.starts_with(".Dd ")).ok_or("the template has no .Dd")?;
    let parts = parts(header)?;
    let functions = parts.iter().flat_map(|part| &part.functions).map(|function| function.name.clone()).collect();
    let every = Every { date, examples: EXAMPLES.map(read), functions };
    let mut pages = vec![("man7/rresource.7".to_owned(), overview(header, template, &parts, read))];
    for part in &parts {
        pages.push((format!("man3/{}.3", part.page()), part.text(&every)));
        for function in &part.functions {
            pages.push((format!("man3/{}.3", function.name), function.text(part, &every)?));
        }
    }
    Ok(pages)
}

// ---- The header ----------------------------------------------------------------------------------

struct Part {
    name: String,
    title: String,
    /// What the part is for.
    purpose: Vec<String>,
    /// Its constants and structs, as in the header.
    types: String,
    functions: Vec<Function>,
}

struct Function {
    name: String,
    /// `int`, and `int resource`, `rr_rlimit *limits`.
    result: String,
    parameters: Vec<String>,
    comment: Vec<String>,
}

/// A part begins with a comment whose first line is a rule, and its functions come last.
fn parts(header: &str) -> Result<Vec<Part>, String> {
    let (_, end) = ("", "\n#ifdef __cplusplus\n}");
    let body = header.split_once(end).ok_or("the header does not end in extern \"C\"")?.0;
    body.split("\n/* ====").skip(1).map(part).collect()
}

fn part(text: &str) -> Result<Part, String> {
    let (introduction, items) = text.split_once("\n */\n").ok_or("a part without an end of its comment")?;
    let mut lines = introduction.lines().skip(1).map(uncommented);
    let heading = lines.next().unwrap_or_default();
    let (name, title) = heading.split_once(": ").ok_or(format!("no \"name: title\" in \"{heading}\""))?;
    let (mut types, mut functions) = (String::new(), Vec::new());
    for item in items.split("\n\n").map(|item| item.trim_matches('\n')).filter(|item| !item.is_empty()) {
        match function(item) {
            Some(function) => functions.push(function),
            None => types += &format!("{item}\n\n"),
        }
    }
    Ok(Part { name: name.to_owned(), title: title.to_owned(), purpose: lines.collect(), types, functions })
}

fn uncommented(line: &str) -> String {
    let line = if line.starts_with(" *") { line.trim_start().trim_start_matches('*') } else { line };
    line.strip_prefix(' ').unwrap_or("").to_owned()
}

fn function(item: &str) -> Option<Function> {
    let (comment, declaration) = item.strip_prefix("/**")?.split_once("\n */\n")?;
    let declaration = declaration.split_whitespace().collect::<Vec<_>>().join(" ");
    let (before, after) = declaration.strip_suffix(");")?.split_once('(')?;
    let at = before.find("rr_")?;
    let (result, name) = before.split_at(before.rfind("rr_").unwrap_or(at));
    Some(Function {
        name: name.to_owned(),
        result: result.trim().to_owned(),
        parameters: after.replace("struct ", "").split(", ").map(str::to_owned).collect(),
        comment: comment.lines().map(uncommented).collect(),
    })
}

/// What each page needs.
struct Every<'a> {
    date: &'a str,
    examples: [String; EXAMPLES.len()],
    functions: BTreeSet<String>,
}

// ---- The pages -----------------------------------------------------------------------------------

impl Part {
    fn page(&self) -> String {
        format!("rresource_{}", self.name)
    }

    fn text(&self, every: &Every) -> String {
        let synopsis: String = self.functions.iter().map(Function::synopsis).collect();
        let mut page = top(every.date, &self.page(), &small(&self.title));
        page += &format!("{LIBRARY}.Sh SYNOPSIS\n.In rresource.h\n{synopsis}.Sh DESCRIPTION\n");
        for (number, paragraph) in paragraphs(&self.purpose).iter().enumerate() {
            page += &flowing(paragraph, number == 0);
        }
        page += ".Pp\nThe functions are:\n.Bl -tag -width Ds\n";
        for function in &self.functions {
            page += &format!(".It Xr {} 3\n{}", function.name, sentences(&function.summary()));
        }
        page += ".El\n";
        if !self.types.is_empty() {
            page += &format!(".Ss Constants and types\n{}", literal(self.types.trim_end()));
        }
        page += &example(&every.examples, |example| self.functions.iter().any(|function| function.is_in(example)));
        let mentioned = references(&self.purpose.join(" "), every);
        page + &see_also(mentioned.into_iter().chain([("rresource".to_owned(), '7')]))
    }
}

impl Function {
    fn summary(&self) -> String {
        let text = paragraphs(&self.comment).first().map(|lines| lines.join(" ")).unwrap_or_default();
        text.split_inclusive(". ").next().unwrap_or_default().trim_end().to_owned()
    }

    fn is_in(&self, program: &str) -> bool {
        program.contains(&format!("{}(", self.name))
    }

    fn synopsis(&self) -> String {
        let arguments: String = self.parameters.iter().map(|parameter| format!(".Fa \"{parameter}\"\n")).collect();
        format!(".Ft {}\n.Fo {}\n{arguments}.Fc\n", self.result, self.name)
    }

    fn text(&self, part: &Part, every: &Every) -> Result<String, String> {
        let (mut description, mut returns, mut errors) = (String::new(), String::new(), Vec::new());
        for paragraph in paragraphs(&self.comment) {
            let first = paragraph.first().map_or("", String::as_str);
            if first == "Errors:" {
                errors = entries(paragraph.get(1..).unwrap_or_default(), "  ");
            } else if let Some(rest) = first.strip_prefix("Returns: ") {
                let lines = [&[rest.to_owned()], paragraph.get(1..).unwrap_or_default()].concat();
                returns = format!("Returns {}.", lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "));
            } else if self.is_about_a_parameter(first) {
                description += &self.list_of_parameters(&paragraph);
            } else {
                description += &flowing(&paragraph, description.is_empty());
            }
        }
        if self.result == "int" && returns.is_empty() {
            if errors.is_empty() {
                return Err(format!("{} has neither Returns: nor Errors:", self.name));
            }
            returns = "Returns 0 on success, otherwise a positive error number; errno is unchanged.".to_owned();
        }
        let mut page = top(every.date, &self.name, &small(self.summary().trim_end_matches('.')));
        page += &format!("{LIBRARY}.Sh SYNOPSIS\n.In rresource.h\n{}.Sh DESCRIPTION\n{description}", self.synopsis());
        if !returns.is_empty() {
            page += &format!(".Sh RETURN VALUES\n{}", sentences(&returns));
        }
        // Before the errors: mandoc's order.
        page += &example(&every.examples, |example| self.is_in(example));
        if !errors.is_empty() {
            page += ".Sh ERRORS\n.Bl -tag -width Er\n";
            for (name, text) in &errors {
                page += &format!(".It Bq Er {name}\n{}", sentences(&capital(text)));
            }
            if self.parameters.iter().any(|parameter| parameter.contains('*')) && !page.contains("Er EFAULT") {
                page += ".It Bq Er EFAULT\nA required pointer is NULL.\n";
            }
            page += ".El\n";
        }
        let mentioned = references(&self.comment.join(" "), every);
        let others = [(part.page(), '3'), ("rresource".to_owned(), '7')];
        page += &see_also(mentioned.into_iter().chain(others).filter(|(name, _)| *name != self.name));
        Ok(page)
    }

    fn is_about_a_parameter(&self, line: &str) -> bool {
        let ends =
            |parameter: &str, name: &str| parameter.strip_suffix(name).is_some_and(|rest| rest.ends_with([' ', '*']));
        line.split_once(": ").is_some_and(|(name, _)| self.parameters.iter().any(|parameter| ends(parameter, name)))
    }

    fn list_of_parameters(&self, paragraph: &[String]) -> String {
        let mut list = ".Bl -tag -width Ds\n".to_owned();
        for (name, text) in entries(paragraph, "") {
            list += &format!(".It Fa {}\n{}", name.trim_end_matches(':'), sentences(&capital(&text)));
        }
        list + ".El\n"
    }
}

/// "NAME  text", and continuation lines with a deeper indentation.
fn entries(lines: &[String], indentation: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in lines {
        let bare = line.strip_prefix(indentation).unwrap_or(line);
        match (bare.starts_with(' '), entries.last_mut()) {
            (true, Some((_, text))) => *text += &format!(" {}", bare.trim()),
            _ => {
                let (name, text) = bare.split_once(' ').unwrap_or((bare, ""));
                entries.push((name.to_owned(), text.trim().to_owned()));
            }
        }
    }
    entries
}

const LIBRARY: &str = ".Sh LIBRARY\nrresource (librresource, \\-lrresource)\n";

fn top(date: &str, name: &str, summary: &str) -> String {
    format!("{date}\n.Dt {} 3\n.Os\n.Sh NAME\n.Nm {name}\n.Nd {}\n", name.to_uppercase(), escaped(summary))
}

fn overview(header: &str, template: &str, parts: &[Part], read: &dyn Fn(&str) -> String) -> String {
    let mut text = String::new();
    for line in template.lines() {
        text += &match line.strip_prefix("@example ") {
            Some(path) => literal(&read(path)),
            None if line == "@parts@" => list_of_parts(parts),
            None if line == "@conventions@" => conventions(header),
            None => line.replace("@version@", &version(header)) + "\n",
        };
    }
    text
}

fn list_of_parts(parts: &[Part]) -> String {
    let items = parts.iter().map(|part| format!(".It Xr {} 3\n{}\n", part.page(), escaped(&part.title)));
    format!(".Bl -tag -width Ds\n{}.El\n", items.collect::<String>())
}

fn version(header: &str) -> String {
    let value = |name: &str| header.split(&format!("#define RR_VERSION_{name} ")).nth(1)?.split_whitespace().next();
    ["MAJOR", "MINOR", "PATCH"].map(|name| value(name).unwrap_or("?")).join(".")
}

/// The bullets of the header's comment at the top.
fn conventions(header: &str) -> String {
    let top = header.split_once(" */").map_or("", |(top, _)| top);
    let bullets = top.split(" * Conventions").nth(1).unwrap_or_default().split(" *   - ").skip(1);
    let mut list = ".Bl -bullet\n".to_owned();
    for bullet in bullets {
        let lines: Vec<&str> = bullet.lines().map(|line| line.trim_start_matches([' ', '*'])).collect();
        list += &format!(".It\n{}", sentences(lines.join(" ").trim()));
    }
    list + ".El\n"
}

fn example(examples: &[String], fits: impl Fn(&str) -> bool) -> String {
    let example = examples.iter().find(|example| fits(example));
    example.map_or_else(String::new, |example| format!(".Sh EXAMPLES\n{}", literal(example.trim_end())))
}

/// By section, then by name, as mandoc requires.
fn see_also(pages: impl Iterator<Item = (String, char)>) -> String {
    let ordered: BTreeSet<(char, String)> = pages.map(|(name, section)| (section, name)).collect();
    let lines: Vec<String> = ordered.iter().map(|(section, name)| format!(".Xr {name} {section}")).collect();
    format!(".Sh SEE ALSO\n{}\n", lines.join(" ,\n"))
}

/// Pages like `prlimit(2)`, and this library's functions.
fn references(text: &str, every: &Every) -> Vec<(String, char)> {
    let is_part_of_a_word = |letter: char| letter.is_ascii_alphanumeric() || "_()".contains(letter);
    let page = |word: &str| {
        let (name, section) = word.split_once('(').unwrap_or((word, ""));
        match section.strip_suffix(')').map(|section| section.chars().next()) {
            Some(Some(section @ '1'..='8')) if !name.is_empty() => Some((name.to_owned(), section)),
            _ => every.functions.contains(name).then(|| (name.to_owned(), '3')),
        }
    };
    text.split(|letter| !is_part_of_a_word(letter)).filter_map(|word| page(word.trim_start_matches('('))).collect()
}

// ---- Text ----------------------------------------------------------------------------------------

fn paragraphs(lines: &[String]) -> Vec<Vec<String>> {
    lines.split(String::is_empty).filter(|lines| !lines.is_empty()).map(<[String]>::to_vec).collect()
}

/// A paragraph, or a table: its columns are more than one space apart.
fn flowing(paragraph: &[String], is_first: bool) -> String {
    if paragraph.iter().any(|line| line.trim_start().contains("  ")) {
        return literal(&paragraph.join("\n"));
    }
    let parted = if is_first { "" } else { ".Pp\n" };
    format!("{parted}{}", sentences(&paragraph.join(" ")))
}

fn literal(text: &str) -> String {
    let lines: String = text.lines().map(|line| escaped(line) + "\n").collect();
    format!(".Bd -literal\n{lines}.Ed\n")
}

/// Each on a separate line, and none longer than 80 bytes: mandoc's style.
fn sentences(text: &str) -> String {
    let mut lines = String::new();
    for sentence in text.split_inclusive(". ") {
        let mut line = String::new();
        for word in sentence.split_whitespace() {
            if !line.is_empty() && line.len() + 1 + word.len() > 76 {
                lines += &format!("{}\n", escaped(&line));
                line.clear();
            }
            line += if line.is_empty() { "" } else { " " };
            line += word;
        }
        lines += &format!("{}\n", escaped(&line));
    }
    lines
}

fn escaped(line: &str) -> String {
    // The names of systems and functions stay plain text, which mandoc's style has macros for.
    let line = line
        .replace('\\', "\\e")
        .replace('-', "\\-")
        .replace("BSD", "\\&BSD")
        .replace("DragonFly", "Dragon\\&Fly")
        .replace("()", "\\&()");
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let sentence: String =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    if sentence.ends_with('.') { sentence } else { sentence + "." }
}

fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
