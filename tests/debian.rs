//! What debian/ repeats from the project: the symbols and the version. `make deb` builds and tests the packages.

mod support;

use std::collections::BTreeSet;
use support::{listed, read, root};

#[test]
fn the_symbols_file_lists_the_map() {
    let symbols = read(root().join("debian/librresource0.symbols"));
    let lines = symbols.lines().filter_map(|line| line.strip_prefix(" rr_"));
    let with_version: BTreeSet<String> = lines.map(|line| format!("rr_{line}")).collect();
    let expected: BTreeSet<String> = listed(&read(root().join("rresource.map")))
        .into_iter()
        .map(|function| format!("{function}@RRESOURCE_0.1 0.1.0"))
        .collect();
    let missing: Vec<_> = expected.difference(&with_version).collect();
    let unknown: Vec<_> = with_version.difference(&expected).collect();
    assert!(missing.is_empty(), "debian/librresource0.symbols lacks the lines {missing:#?}");
    assert!(unknown.is_empty(), "debian/librresource0.symbols has what is not in rresource.map: {unknown:#?}");
}

#[test]
fn the_changelog_has_the_version() {
    let changelog = read(root().join("debian/changelog"));
    assert!(changelog.starts_with(&format!("rresource ({}-", env!("CARGO_PKG_VERSION"))), "{changelog}");
}
