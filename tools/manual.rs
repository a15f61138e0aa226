//! Writes the manual pages from the comments of the header, so that the two cannot drift: a page of
//! section 3 for each group of the header's contents, a link to it for each function, and rresource(7)
//! from its template.
//!
//!     manual HEADER TEMPLATE FOLDER     writes FOLDER/man3/*.3 and FOLDER/man7/rresource.7
//!
//! The comments keep a form, which tests/header.rs holds them to: what it does; the parameters, each as
//! "name: text"; "Returns ..."; threads, signals and "Since", with "See" at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs, process};

#[allow(dead_code, reason = "a test program takes this file for a module")]
fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [header, template, folder] = arguments.as_slice() else {
        stop("usage: manual HEADER TEMPLATE FOLDER");
    };
    let read = |path: &str| fs::read_to_string(path).unwrap_or_else(|error| stop(&format!("{path}: {error}")));
    let pages = pages(&read(header), &read(template), &read).unwrap_or_else(|problem| stop(&problem));
    for (name, text) in pages {
        let path = Path::new(folder).join(name);
        let written = fs::create_dir_all(path.parent().unwrap_or(&path)).and_then(|()| fs::write(&path, text));
        written.unwrap_or_else(|error| stop(&format!("{}: {error}", path.display())));
    }
}

fn stop(problem: &str) -> ! {
    eprintln!("manual: {problem}");
    process::exit(1)
}

/// What the header cannot say of its groups: their lines under NAME, and which constants are theirs.
const GROUPS: [(&str, &str, &[&str]); 11] = [
    ("version", "version of the library", &["RR_VERSION_"]),
    ("errors", "errors in words", &[]),
    ("resources", "what can be limited on this system", &["RR_UNIT_", "RR_SCOPE_", "RR_RESOURCE_", "RR_RLIMIT_"]),
    ("constants", "constants by name", &[]),
    ("limits", "limits of a process", &["RR_RLIM_"]),
    ("text", "limits as text", &["RR_RLIMIT_TEXT_SIZE"]),
    ("processes", "processes by handle", &[]),
    ("many", "many limits at once, refusals explained, use against limit", &["RR_REASON_"]),
    ("rusage", "what the caller or its children have used, as the system reports it", &["RR_RUSAGE_"]),
    ("usage", "what any process has used, in nanoseconds and bytes", &["RR_USAGE_"]),
    ("commands", "programs started under limits, and what they used", &["RR_STEP_"]),
];

/// The path of each page below the manual's folder, and its text.
pub fn pages(header: &str, template: &str, read: &dyn Fn(&str) -> String) -> Result<Vec<(String, String)>, String> {
    let header = Header::parse(header)?;
    let mut pages = Vec::new();
    for group in &header.groups {
        pages.push((format!("man3/{}.3", page_of(&group.name)), header.page(group, date(template)?)));
        for function in &group.functions {
            let link = format!(".so man3/{}.3\n", page_of(&group.name));
            pages.push((format!("man3/{function}.3"), link));
        }
    }
    pages.push(("man7/rresource.7".to_owned(), header.overview(template, read)));
    Ok(pages)
}

fn page_of(group: &str) -> String {
    format!("rresource_{group}")
}

fn date(template: &str) -> Result<&str, String> {
    template.lines().find(|line| line.starts_with(".Dd ")).ok_or_else(|| "the template has no .Dd".to_owned())
}

// ---- The header ----------------------------------------------------------------------------------

struct Group {
    name: String,
    summary: &'static str,
    functions: Vec<String>,
}

struct Constant {
    name: String,
    value: String,
    comment: Vec<String>,
    systems: Vec<&'static str>,
}

struct Struct {
    name: String,
    comment: Vec<String>,
    /// Declaration and comment of each.
    fields: Vec<(String, Vec<String>)>,
}

struct Function {
    name: String,
    result: String,
    parameters: Vec<String>,
    comment: Vec<String>,
}

#[derive(Default)]
struct Header {
    groups: Vec<Group>,
    conventions: Vec<String>,
    constants: Vec<Constant>,
    structs: Vec<Struct>,
    functions: BTreeMap<String, Function>,
}

impl Header {
    fn parse(text: &str) -> Result<Header, String> {
        let mut header = Header::default();
        let (top, rest) = text.split_once("*/").ok_or("the header does not begin with a comment")?;
        header.parse_top(top)?;
        header.parse_items(rest);
        for group in &header.groups {
            for function in &group.functions {
                header.functions.get(function).ok_or(format!("the contents name {function}, which is not declared"))?;
            }
        }
        for constant in &header.constants {
            group_of_constant(&constant.name).ok_or(format!("no group of tools/manual.rs has {}", constant.name))?;
        }
        Ok(header)
    }

    fn parse_top(&mut self, top: &str) -> Result<(), String> {
        let lines: Vec<&str> = top.lines().map(|line| line.trim_start_matches([' ', '/', '*'])).collect();
        let mut part = "";
        for (line, whole) in lines.iter().zip(top.lines()) {
            match *line {
                "Contents" | "Conventions" => part = line,
                _ if part == "Contents" => self.parse_contents(line)?,
                _ if part == "Conventions" => {
                    self.conventions.push(whole.strip_prefix(" *   ").unwrap_or("").to_owned());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// "limits      rr_getrlimit  rr_setrlimit", and lines of further functions.
    fn parse_contents(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.split_whitespace().peekable();
        if let Some(name) = words.next_if(|word| !word.starts_with("rr_")) {
            let known = GROUPS.iter().find(|(group, ..)| *group == name);
            let (_, summary, _) = known.ok_or(format!("tools/manual.rs does not know the group {name}"))?;
            self.groups.push(Group { name: name.to_owned(), summary, functions: Vec::new() });
        }
        if let Some(group) = self.groups.last_mut() {
            group.functions.extend(words.map(str::to_owned));
        }
        Ok(())
    }

    fn parse_items(&mut self, text: &str) {
        let mut systems = Vec::new();
        let mut lines = text.lines();
        let mut comment = Vec::new();
        while let Some(line) = lines.next() {
            if line.trim() == "/**" {
                comment = rest_of_comment(&mut lines);
            } else if line.starts_with("#if ") {
                systems = systems_of(line);
            } else if line.starts_with("#endif") {
                systems.clear();
            } else if let Some(define) = line.strip_prefix("#define RR_").filter(|_| !comment.is_empty()) {
                let (name, value) = define.split_once(' ').unwrap_or((define, ""));
                let (name, value, comment) = (format!("RR_{name}"), value.to_owned(), std::mem::take(&mut comment));
                self.add_constant(Constant { name, value, comment, systems: systems.clone() });
            } else if let Some(start) = line.strip_prefix("typedef struct ") {
                let name = start.split([' ', ';']).next().unwrap_or_default().to_owned();
                let fields = if start.ends_with('{') { fields(&mut lines) } else { Vec::new() };
                self.structs.push(Struct { name, comment: std::mem::take(&mut comment), fields });
            } else if line.contains("rr_") && line.contains('(') && !comment.is_empty() {
                let mut declaration = line.to_owned();
                while !declaration.ends_with(';') {
                    declaration += &format!(" {}", lines.next().unwrap_or(";").trim());
                }
                let function = function(&declaration, std::mem::take(&mut comment));
                self.functions.insert(function.name.clone(), function);
            }
        }
    }

    /// The same constant stands in the header once for each system that has it: Linux's words are kept.
    fn add_constant(&mut self, mut constant: Constant) {
        match self.constants.iter_mut().find(|known| known.name == constant.name) {
            Some(known) => {
                if constant.systems.contains(&"Linux") && !known.systems.contains(&"Linux") {
                    std::mem::swap(&mut known.comment, &mut constant.comment);
                }
                known.systems.extend(constant.systems);
            }
            None => self.constants.push(constant),
        }
    }
}

fn rest_of_comment<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Vec<String> {
    let body = lines.map(str::trim).take_while(|line| *line != "*/");
    body.map(|line| line.trim_start_matches('*').strip_prefix(' ').unwrap_or("").to_owned()).collect()
}

fn fields<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Vec<(String, Vec<String>)> {
    let (mut fields, mut comment) = (Vec::new(), Vec::new());
    while let Some(line) = lines.next().filter(|line| !line.starts_with('}')) {
        if line.trim() == "/**" {
            comment = rest_of_comment(lines);
        } else {
            fields.push((line.trim().trim_end_matches(';').to_owned(), std::mem::take(&mut comment)));
        }
    }
    fields
}

fn function(declaration: &str, comment: Vec<String>) -> Function {
    let (before, after) = declaration.split_once('(').unwrap_or((declaration, ""));
    let at = before.rfind([' ', '*']).map_or(0, |at| at + 1);
    let (result, name) = before.split_at(at);
    let parameters = after.trim_end_matches([')', ';']).split(", ").map(str::to_owned);
    Function { name: name.to_owned(), result: result.trim().to_owned(), parameters: parameters.collect(), comment }
}

fn systems_of(condition: &str) -> Vec<&'static str> {
    const SYSTEMS: [(&str, &str); 8] = [
        ("__linux__", "Linux"),
        ("__FreeBSD__", "FreeBSD"),
        ("__NetBSD__", "NetBSD"),
        ("__OpenBSD__", "OpenBSD"),
        ("__DragonFly__", "DragonFly"),
        ("__APPLE__", "macOS"),
        ("__sun", "Solaris"),
        ("__illumos__", "illumos"),
    ];
    SYSTEMS.iter().filter(|(symbol, _)| condition.contains(symbol)).map(|(_, name)| *name).collect()
}

/// The longest prefix decides.
fn group_of_constant(name: &str) -> Option<&'static str> {
    let prefixes = GROUPS.iter().flat_map(|(group, _, prefixes)| prefixes.iter().map(move |prefix| (*group, *prefix)));
    let fitting = prefixes.filter(|(_, prefix)| name.starts_with(prefix));
    fitting.max_by_key(|(_, prefix)| prefix.len()).map(|(group, _)| group)
}

// ---- The pages -----------------------------------------------------------------------------------

impl Header {
    fn version(&self) -> String {
        let parts = ["RR_VERSION_MAJOR", "RR_VERSION_MINOR", "RR_VERSION_PATCH"];
        let value = |name| self.constants.iter().find(|constant| constant.name == name).map(|it| it.value.as_str());
        parts.map(|name| value(name).unwrap_or("?")).join(".")
    }

    fn page(&self, group: &Group, date: &str) -> String {
        let functions: Vec<&Function> = group.functions.iter().filter_map(|name| self.functions.get(name)).collect();
        let title = page_of(&group.name).to_uppercase();
        let mut page = format!("{date}\n.Dt {title} 3\n.Os\n.Sh NAME\n");
        let names: Vec<String> = group.functions.iter().map(|name| format!(".Nm {name}")).collect();
        page += &format!("{}\n.Nd {}\n", names.join(" ,\n"), group.summary);
        page += LIBRARY;
        page += ".Sh SYNOPSIS\n.In rresource.h\n";
        functions.iter().for_each(|function| page += &synopsis(function));
        page += ".Sh DESCRIPTION\n";
        functions.iter().for_each(|function| page += &self.description(function, group));
        page += &self.types(group);
        page += &self.constants(group);
        page += &see_also(&functions);
        page
    }

    fn description(&self, function: &Function, group: &Group) -> String {
        let parameters = function.parameters.iter().map(|parameter| name_of(parameter)).collect();
        let context = self.context(&group.functions, &parameters);
        let mut text = format!(".Ss {}\n", function.name);
        let paragraphs = paragraphs(&function.comment);
        for (number, paragraph) in paragraphs.iter().enumerate() {
            let first = paragraph.first().map_or("", String::as_str);
            if number > 0 && !first.starts_with("- ") && !is_parameter(first, &parameters) {
                text += ".Pp\n";
            }
            text += &match () {
                () if first.starts_with("- ") => bullets(paragraph, &context),
                () if is_parameter(first, &parameters) => parameter_list(paragraph, &context),
                () if first.starts_with("Returns ") => returns(&paragraph.join(" "), &context),
                () => inline(&paragraph.join(" "), &context),
            };
        }
        text
    }

    /// The structs that the group's functions take, and no earlier group's, with what these contain.
    fn types(&self, group: &Group) -> String {
        let mut text = String::new();
        for kind in self.structs.iter().filter(|kind| self.group_of_struct(kind) == Some(&group.name)) {
            let context = self.context(&group.functions, NO_PARAMETERS);
            text += &format!(".Ss struct {}\n", kind.name);
            text += &inline(&kind.comment.join(" "), &context);
            if kind.fields.is_empty() {
                continue;
            }
            let fields: String = kind.fields.iter().map(|(field, _)| format!("    {field};\n")).collect();
            text += &format!(".Bd -literal -offset indent\nstruct {} {{\n{fields}}};\n.Ed\n", kind.name);
            text += ".Bl -tag -width Ds\n";
            for (field, comment) in &kind.fields {
                text += &format!(".It Fa {}\n{}", name_of(field), inline(&comment.join(" "), &context));
            }
            text += ".El\n";
        }
        if text.is_empty() { text } else { format!(".Sh TYPES\n{text}") }
    }

    fn group_of_struct(&self, kind: &Struct) -> Option<&str> {
        let mentions = |text: &str| text.contains(&format!("struct {} ", kind.name));
        let uses = |name: &String| {
            self.functions.get(name).is_some_and(|function| function.parameters.iter().any(|text| mentions(text)))
        };
        let user = self.groups.iter().find(|group| group.functions.iter().any(uses)).map(|group| group.name.as_str());
        let container = self.structs.iter().find(|other| other.fields.iter().any(|(field, _)| mentions(field)));
        user.or_else(|| self.group_of_struct(container?))
    }

    /// Those of Linux first, in whose words they are told; then what only other systems have.
    fn constants(&self, group: &Group) -> String {
        let context = self.context(&group.functions, NO_PARAMETERS);
        let own = |constant: &&Constant| group_of_constant(&constant.name) == Some(&group.name);
        let is_foreign = |constant: &&Constant| !constant.systems.is_empty() && !constant.systems.contains(&"Linux");
        let (foreign, common): (Vec<_>, Vec<_>) = self.constants.iter().filter(own).partition(is_foreign);
        let mut text = String::new();
        if !common.is_empty() {
            text += ".Sh CONSTANTS\n";
            if common.iter().any(|constant| !constant.systems.is_empty()) {
                text += "What follows holds for Linux.\nThe header says where another system differs.\n";
            }
            text += &constant_list(&common, &context, |_| String::new());
        }
        if !foreign.is_empty() {
            text += ".Pp\nOther systems have also:\n";
            text += &constant_list(&foreign, &context, |constant| {
                let systems: BTreeSet<&str> = constant.systems.iter().copied().collect();
                format!("{}: ", systems.into_iter().collect::<Vec<_>>().join(", "))
            });
        }
        text
    }

    /// The template, with what the header says put in where a line asks for it.
    fn overview(&self, template: &str, read: &dyn Fn(&str) -> String) -> String {
        let mut page = String::new();
        for line in template.lines() {
            match line.split_once(' ').unwrap_or((line, "")) {
                ("@groups@", _) => page += &self.group_list(),
                ("@conventions@", _) => page += &self.convention_list(),
                ("@example", path) => page += &literal(&read(path)),
                _ => page += &format!("{}\n", line.replace("@version@", &self.version())),
            }
        }
        page
    }

    fn group_list(&self) -> String {
        let mut text = String::from(".Bl -tag -width Ds\n");
        for group in &self.groups {
            let functions: Vec<String> = group.functions.iter().map(|name| format!(".Fn {name}")).collect();
            text += &format!(".It Xr {} 3\n{}:\n{}\n", page_of(&group.name), group.summary, functions.join(" ,\n"));
        }
        text + ".El\n"
    }

    fn convention_list(&self) -> String {
        bullets(&self.conventions, &self.context(&[], NO_PARAMETERS))
    }

    fn context<'a>(&'a self, own: &'a [String], parameters: &'a BTreeSet<String>) -> Context<'a> {
        Context { functions: &self.functions, own, parameters }
    }
}

const LIBRARY: &str = "\
.Sh LIBRARY
rresource
.Pq Pa librresource , Fl lrresource
";

fn synopsis(function: &Function) -> String {
    let parameters: Vec<String> = function.parameters.iter().map(|parameter| format!(" \"{parameter}\"")).collect();
    format!(".Ft \"{}\"\n.Fn {}{}\n", function.result, function.name, parameters.concat())
}

fn constant_list(constants: &[&Constant], context: &Context, before: impl Fn(&Constant) -> String) -> String {
    let items = constants.iter().map(|constant| {
        let text = before(constant) + &constant.comment.join(" ");
        format!(".It Dv {}\n{}", constant.name, inline(&text, context))
    });
    format!(".Bl -tag -width Ds\n{}.El\n", items.collect::<String>())
}

/// What the comments say after "See", once each.
fn see_also(functions: &[&Function]) -> String {
    let mut pages = BTreeSet::new();
    for function in functions {
        let comment = function.comment.join(" ");
        let words = comment.split([' ', ',', ';', '.', '"']).filter_map(cross_reference);
        pages.extend(words.map(|(name, section)| (section.to_owned(), name.to_owned())));
    }
    pages.insert(("7".to_owned(), "rresource".to_owned()));
    let lines: Vec<String> = pages.iter().map(|(section, name)| format!(".Xr {name} {section}")).collect();
    format!(".Sh SEE ALSO\n{}\n", lines.join(" ,\n"))
}

/// "getrlimit(2)" in its two parts.
fn cross_reference(word: &str) -> Option<(&str, &str)> {
    let (name, rest) = word.split_once('(')?;
    let section = rest.strip_suffix(')')?;
    let is_section = section.len() == 1 && section.chars().all(|letter| letter.is_ascii_digit());
    (is_section && !name.is_empty()).then_some((name, section))
}

// ---- Comments as mdoc ----------------------------------------------------------------------------

/// What decides how a word is set: all functions, those of its own page, and the parameters of its own.
struct Context<'a> {
    functions: &'a BTreeMap<String, Function>,
    own: &'a [String],
    parameters: &'a BTreeSet<String>,
}

static NO_PARAMETERS: &BTreeSet<String> = &BTreeSet::new();

fn paragraphs(comment: &[String]) -> Vec<Vec<String>> {
    let parts = comment.split(|line| line.is_empty());
    parts.filter(|lines| !lines.is_empty()).map(<[String]>::to_vec).collect()
}

/// The last word of a declaration.
fn name_of(declaration: &str) -> String {
    let name = declaration.rsplit([' ', '*']).next().unwrap_or_default();
    name.split('[').next().unwrap_or_default().to_owned()
}

fn is_parameter(line: &str, parameters: &BTreeSet<String>) -> bool {
    line.split_once(": ").is_some_and(|(name, _)| parameters.contains(name))
}

/// Lines of which some begin a new item, and the others go on with the last.
fn items(lines: &[String], begins: impl Fn(&str) -> bool) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in lines {
        match items.last_mut() {
            Some(item) if !begins(line) => *item += &format!(" {}", line.trim()),
            _ => items.push(line.clone()),
        }
    }
    items
}

fn parameter_list(lines: &[String], context: &Context) -> String {
    let items = items(lines, |line| is_parameter(line, context.parameters));
    let items = items.iter().map(|item| {
        let (name, text) = item.split_once(": ").unwrap_or((item, ""));
        format!(".It Fa {name}\n{}", inline(&capitalised(text), context))
    });
    format!(".Bl -tag -width Ds\n{}.El\n", items.collect::<String>())
}

fn bullets(lines: &[String], context: &Context) -> String {
    let items = items(lines, |line| line.starts_with("- "));
    let items = items
        .iter()
        .filter(|item| !item.is_empty())
        .map(|item| format!(".It\n{}", inline(item.trim_start_matches("- "), context)));
    format!(".Bl -bullet\n{}.El\n", items.collect::<String>())
}

/// "Returns 0; EINVAL when ...; EPERM when ..." as a list of the errors.
fn returns(text: &str, context: &Context) -> String {
    let mut chunks: Vec<String> = Vec::new();
    for chunk in text.trim_end_matches('.').split("; ") {
        match chunks.last_mut() {
            Some(last) if errors_in_front(chunk).is_none() => *last += &format!("; {chunk}"),
            _ => chunks.push(chunk.to_owned()),
        }
    }
    let Some((first, errors)) = chunks.split_first().filter(|(_, errors)| !errors.is_empty()) else {
        return inline(text, context);
    };
    let mut list = inline(&format!("{first}, or an error:"), context) + ".Bl -tag -width Er\n";
    for (names, condition) in errors.iter().filter_map(|chunk| errors_in_front(chunk)) {
        let names: Vec<String> = names.iter().map(|name| format!("Er {name}")).collect();
        list += &format!(".It {}\n{}", names.join(" , "), inline(&format!("{}.", capitalised(condition)), context));
    }
    list + ".El\n"
}

/// "EMFILE, ENFILE or ENOMEM when ..." in its two parts.
fn errors_in_front(chunk: &str) -> Option<(Vec<&str>, &str)> {
    let (mut names, mut rest) = (Vec::new(), chunk);
    loop {
        let (word, after) = rest.split_once(' ')?;
        if is_error(word.trim_end_matches(',')) {
            names.push(word.trim_end_matches(','));
        } else if names.is_empty() || !["or", "and"].contains(&word) || !after.starts_with('E') {
            break;
        }
        rest = after;
    }
    (!names.is_empty()).then_some((names, rest))
}

fn is_error(word: &str) -> bool {
    word.len() > 3 && word.starts_with('E') && word.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
}

/// A name at the beginning stays as it is.
fn capitalised(text: &str) -> String {
    if text.split(' ').next().is_some_and(|word| word.contains('_')) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

const WIDTH: usize = 76;

/// Running text: a line for each sentence and for each word that has a macro.
fn inline(text: &str, context: &Context) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (mut lines, mut line) = (Vec::new(), String::new());
    for (number, word) in words.iter().enumerate() {
        let neighbour = |offset: usize| words.get((number + offset).wrapping_sub(1)).copied().unwrap_or_default();
        let marked = mark(word, context).or_else(|| mark_parameter(neighbour(0), word, neighbour(2), context));
        if marked.is_some() || line.len() + word.len() > WIDTH {
            lines.extend(Some(std::mem::take(&mut line)).filter(|line| !line.is_empty()));
        }
        match marked {
            Some(macro_line) => lines.push(macro_line),
            None => {
                line += if line.is_empty() { "" } else { " " };
                line += &escaped(word);
                if word.trim_end_matches(')').ends_with(['.', '?', '!']) {
                    lines.push(std::mem::take(&mut line));
                }
            }
        }
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Systems that mdoc has a macro for.
const SYSTEMS: [(&str, &str); 4] = [("FreeBSD", "Fx"), ("NetBSD", "Nx"), ("OpenBSD", "Ox"), ("DragonFly", "Dx")];

/// The line for a word that means something wherever it stands.
fn mark(word: &str, context: &Context) -> Option<String> {
    let (opening, core, closing) = without_punctuation(word);
    let name = core.trim_end_matches("()");
    let marked = if let Some((page, section)) = cross_reference(core) {
        format!("Xr {page} {section}")
    } else if context.own.iter().any(|function| function == name) {
        format!("Fn {name}")
    } else if context.functions.contains_key(name) {
        format!("Xr {name} 3")
    } else if name.starts_with("rr_") {
        format!("Vt {name}")
    } else if name.starts_with("RR_") || name == "NULL" {
        format!("Dv {name}")
    } else if is_error(name) {
        format!("Er {name}")
    } else if let Some((_, system)) = SYSTEMS.iter().find(|(system, _)| *system == core) {
        (*system).to_owned()
    } else if let Some(emphasised) = core.strip_prefix('*').and_then(|rest| rest.strip_suffix('*')) {
        format!("Em {emphasised}")
    } else if core.starts_with("/proc/") {
        format!("Pa {core}")
    } else if let Some(file) = core.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        format!("In {file}")
    } else {
        return None;
    };
    Some(macro_line(opening, &marked, closing))
}

/// Most parameters are also words of the language: told apart by what is before and after.
fn mark_parameter(before: &str, word: &str, after: &str, context: &Context) -> Option<String> {
    let (opening, core, closing) = without_punctuation(word);
    let is_named = core.starts_with('*') || core.contains('_') || after == "is" && before == "when";
    let is_one = context.parameters.contains(core.trim_start_matches('*'));
    (is_one && is_named).then(|| macro_line(opening, &format!("Fa {core}"), closing))
}

fn macro_line(opening: &str, marked: &str, closing: &str) -> String {
    let (kind, rest) = marked.split_once(' ').unwrap_or((marked, ""));
    let spaced = |letters: &str| letters.chars().map(|letter| letter.to_string()).collect::<Vec<_>>();
    let word = Some(rest.to_owned()).filter(|rest| !rest.is_empty());
    let words = [vec![format!(".{kind}")], spaced(opening), word.into_iter().collect(), spaced(closing)].concat();
    words.join(" ")
}

/// Parentheses in front; the word; and closing punctuation, which the macros take as words of their own.
fn without_punctuation(word: &str) -> (&str, &str, &str) {
    let (opening, rest) = word.split_at(word.len() - word.trim_start_matches(['(', '[']).len());
    let mut core = rest;
    loop {
        let shorter = match core.strip_suffix([',', ';', ':', '.', ')']) {
            Some(shorter) if core.ends_with(')') && shorter.contains('(') => break,
            Some(_) if core.ends_with("_...") => break,
            Some(shorter) => shorter,
            None => break,
        };
        core = shorter;
    }
    (opening, core, rest.strip_prefix(core).unwrap_or_default())
}

/// What roff would take for its own: a backslash, a dot in front; and a minus, which it makes a hyphen.
fn escaped(word: &str) -> String {
    let word = word.replace('\\', "\\e");
    match word.strip_prefix('-') {
        Some(number) => format!("\\-{number}"),
        None if word.starts_with(['.', '\'']) => format!("\\&{word}"),
        None => word,
    }
}

/// A program, as it is.
fn literal(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.replace('\\', "\\e").replace('-', "\\-");
        if line.starts_with(['.', '\'']) { format!("\\&{line}\n") } else { format!("{line}\n") }
    });
    format!(".Bd -literal\n{}.Ed\n", lines.collect::<String>())
}
