//! Writes the documentation as a site: `make html`.
//!
//!     html PROJECT MANUAL FOLDER     writes FOLDER/*.html and FOLDER/man/*.html; needs mandoc
//!
//! README.md is the first page, each page of docs/ one more, and the programs of the cookbook stand in its page. The Markdown
//! is what these files use: headings, paragraphs, lists, tables, blocks of code, links, images.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, io};

const REPOSITORY: &str = "https://github.com/rresource/rresource/blob/main/";

const STYLE: &str = "body{margin:0 auto;max-width:54rem;padding:1rem;font:16px/1.5 sans-serif;color:#222;background:#fff}\
nav{display:flex;flex-wrap:wrap;gap:.3rem 1rem;border-bottom:1px solid #ccc;padding-bottom:.6rem}\
a{color:#1a5fa8}pre{overflow-x:auto;background:#f5f5f5;padding:.7rem}code{font-size:.9em;overflow-wrap:anywhere}\
pre code{overflow-wrap:normal}.table{overflow-x:auto}table{border-collapse:collapse}\
th,td{border:1px solid #ccc;padding:.25rem .6rem;text-align:left;vertical-align:top}img{max-width:100%}\
summary{cursor:pointer}.head,.foot{width:100%}.manual-text table,.manual-text td,.manual-text th{border:0}";

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [project, manual, folder] = &arguments[..] else {
        eprintln!("usage: html PROJECT MANUAL FOLDER");
        return ExitCode::from(2);
    };
    match site(project, manual, folder) {
        Ok(pages) => println!("{pages} pages in {}", folder.display()),
        Err(error) => {
            eprintln!("html: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn site(project: &Path, manual: &Path, folder: &Path) -> io::Result<usize> {
    fs::create_dir_all(folder.join("man"))?;
    let docs = project.join("docs");
    let mut pages = vec![("index".to_owned(), project.join("README.md"))];
    for entry in sorted(&docs)? {
        let name = entry.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match entry.extension().and_then(|extension| extension.to_str()) {
            Some("md") => pages.push((name, entry)),
            Some("svg") => drop(fs::copy(&entry, folder.join(entry.file_name().unwrap_or_default()))?),
            _ => (),
        }
    }
    for (name, source) in &pages {
        let text = read(source)?;
        let title = text.lines().next().unwrap_or_default().trim_start_matches("# ").replace('`', "");
        let within = if name == "index" { "" } else { "docs/" };
        let html = page(&title, "", &Markdown { docs: &docs, within }.blocks(&text)?);
        fs::write(folder.join(format!("{name}.html")), html)?;
    }
    Ok(pages.len() + manual_pages(manual, &folder.join("man"))?)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn page(title: &str, up: &str, body: &str) -> String {
    let links = [
        ("index.html", "rresource"),
        ("command.html", "Command"),
        ("cookbook.html", "Cookbook"),
        ("reference.html", "Reference"),
        ("languages.html", "Languages"),
        ("install.html", "Installation"),
        ("systems.html", "Systems"),
        ("cost.html", "Cost"),
        ("man/rresource.1.html", "rresource(1)"),
        ("man/rresource.7.html", "rresource(7)"),
    ];
    let links: String = links.iter().map(|(file, name)| format!("<a href=\"{up}{file}\">{name}</a>\n")).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<nav>\n{links}</nav>\n{body}</body>\n</html>\n",
        escaped(title)
    )
}

// ---- The manual ----------------------------------------------------------------------------------

/// A reference to one of our pages is a link to it, any other one to the system's pages on the web: mandoc chooses
/// the first if that file is there.
fn manual_pages(manual: &Path, folder: &Path) -> io::Result<usize> {
    let manual = manual.canonicalize()?;
    let mut sources = Vec::new();
    for section in sorted(&manual)? {
        sources.extend(sorted(&section)?);
    }
    let name_of = |source: &PathBuf| source.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for source in &sources {
        fs::write(folder.join(format!("{}.html", name_of(source))), "")?;
    }
    for source in &sources {
        let name = name_of(source);
        let output = Command::new("mandoc")
            .args(["-T", "html", "-O", "fragment,man=%N.%S.html;https://man7.org/linux/man-pages/man%S/%N.%S.html"])
            .arg(source)
            .current_dir(folder)
            .output()
            .map_err(|error| io::Error::new(error.kind(), format!("mandoc cannot be started: {error}")))?;
        if output.stdout.is_empty() {
            return Err(io::Error::other(format!("mandoc: {name}: {}", String::from_utf8_lossy(&output.stderr))));
        }
        fs::write(folder.join(format!("{name}.html")), page(&name, "../", &String::from_utf8_lossy(&output.stdout)))?;
    }
    Ok(sources.len())
}

// ---- Markdown ------------------------------------------------------------------------------------

struct Markdown<'a> {
    docs: &'a Path,
    /// The folder of the page in the project, with a slash
    within: &'a str,
}

impl Markdown<'_> {
    fn blocks(&self, text: &str) -> io::Result<String> {
        let mut html = String::new();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if let Some(language) = line.strip_prefix("```") {
                let code: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                html += &format!("<pre><code class=\"{language}\">{}\n</code></pre>\n", escaped(&code.join("\n")));
            } else if line.starts_with('#') {
                let level = line.bytes().take_while(|byte| *byte == b'#').count();
                let title = line[level..].trim();
                html += &format!("<h{level} id=\"{}\">{}</h{level}>\n", anchor(title), self.spans(title));
            } else if line.starts_with('|') {
                let mut rows = vec![line];
                while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                    rows.push(row);
                }
                html += &self.table(&rows);
            } else if is_item(line) {
                let mut items = vec![line.to_owned()];
                while let Some(next) = lines.next_if(|line| !line.is_empty()) {
                    match items.last_mut() {
                        Some(item) if !is_item(next) => *item += &format!("\n{}", next.trim_start()),
                        _ => items.push(next.to_owned()),
                    }
                }
                html += &self.list(&items);
            } else if !line.is_empty() {
                let mut paragraph = line.to_owned();
                while let Some(next) = lines.next_if(|line| !line.is_empty() && !line.starts_with("```")) {
                    paragraph += &format!("\n{next}");
                }
                html += &format!("<p>{}</p>\n", self.spans(&paragraph));
                html += &self.programs(&paragraph)?;
            }
        }
        Ok(html)
    }

    fn table(&self, rows: &[&str]) -> String {
        let mut html = String::from("<div class=\"table\"><table>\n");
        for (number, row) in rows.iter().enumerate().filter(|(number, _)| *number != 1) {
            let kind = if number == 0 { "th" } else { "td" };
            let cells = row.trim_matches('|').split(" | ").map(|cell| self.spans(cell.trim()));
            let cells: String = cells.map(|cell| format!("<{kind}>{cell}</{kind}>")).collect();
            html += &format!("<tr>{cells}</tr>\n");
        }
        html + "</table></div>\n"
    }

    fn list(&self, items: &[String]) -> String {
        let kind = if items[0].starts_with('-') { "ul" } else { "ol" };
        let text = |item: &String| item.split_once(' ').map(|(_, text)| self.spans(text)).unwrap_or_default();
        let items: String = items.iter().map(|item| format!("<li>{}</li>\n", text(item))).collect();
        format!("<{kind}>\n{items}</{kind}>\n")
    }

    /// The programs of the cookbook that a paragraph names.
    fn programs(&self, paragraph: &str) -> io::Result<String> {
        let mut html = String::new();
        for part in paragraph.split("](cookbook/").skip(1) {
            let name = part.split(')').next().unwrap_or_default();
            let code = escaped(&read(&self.docs.join("cookbook").join(name))?);
            html += &format!(
                "<details id=\"{name}\"><summary>{name}</summary>\n<pre><code>{code}</code></pre></details>\n"
            );
        }
        Ok(html)
    }

    /// Code, strong text, links and images.
    fn spans(&self, text: &str) -> String {
        let mut html = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['`', '*', '[', '!']) {
            html += &escaped(&rest[..at]);
            rest = &rest[at..];
            let span = self.code(rest).or_else(|| self.strong(rest)).or_else(|| self.link(rest));
            let (span, length) = span.unwrap_or_else(|| (escaped(&rest[..1]), 1));
            html += &span;
            rest = &rest[length..];
        }
        html + &escaped(rest)
    }

    fn code(&self, text: &str) -> Option<(String, usize)> {
        let (code, _) = text.strip_prefix('`')?.split_once('`')?;
        Some((format!("<code>{}</code>", escaped(code)), code.len() + 2))
    }

    fn strong(&self, text: &str) -> Option<(String, usize)> {
        let (strong, _) = text.strip_prefix("**")?.split_once("**")?;
        Some((format!("<strong>{}</strong>", self.spans(strong)), strong.len() + 4))
    }

    fn link(&self, text: &str) -> Option<(String, usize)> {
        let is_image = text.starts_with('!');
        let (label, rest) = text.strip_prefix('!').unwrap_or(text).strip_prefix('[')?.split_once("](")?;
        let (target, _) = rest.split_once(')')?;
        let length = usize::from(is_image) + label.len() + target.len() + 4;
        let target = self.target(target);
        let label = if is_image { escaped(label) } else { self.spans(label) };
        let html = if is_image {
            format!("<img src=\"{target}\" alt=\"{label}\">")
        } else {
            format!("<a href=\"{target}\">{label}</a>")
        };
        Some((html, length))
    }

    /// A page of the site, a program in it, or a file of the project.
    fn target(&self, link: &str) -> String {
        if link.contains("://") || link.starts_with('#') {
            return link.to_owned();
        }
        let (path, anchor) = link.split_once('#').map_or((link, ""), |(path, _)| (path, &link[path.len()..]));
        let path = path.strip_prefix("../").map_or_else(|| format!("{}{path}", self.within), str::to_owned);
        if path == "README.md" {
            return format!("index.html{anchor}");
        }
        match path.strip_prefix("docs/") {
            Some(program) if program.starts_with("cookbook/") => format!("#{}", &program["cookbook/".len()..]),
            Some(page) if page.ends_with(".md") => format!("{}html{anchor}", &page[..page.len() - 2]),
            Some(picture) => picture.to_owned(),
            None => format!("{REPOSITORY}{path}"),
        }
    }
}

fn is_item(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    line.starts_with("- ") || (digits > 0 && line[digits..].starts_with(". "))
}

/// As GitHub makes it.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|letter| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() }).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
