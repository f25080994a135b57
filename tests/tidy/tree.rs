//! A crate's files in the order its `mod` lines name them, each with its module path and its code split into program and tests.

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::{Kind, Token, tokens};

/// Source files by path, as `src/plan/mod.rs`.
pub type Sources = BTreeMap<String, String>;

/// One file that a `mod` line or the crate itself names.
#[derive(Debug)]
pub struct File {
    /// As `src/plan/mod.rs`.
    pub path: String,
    /// Modules from the crate's root to this file; empty for the root.
    pub module: Vec<String>,
    /// Compiled for tests alone.
    pub for_tests: bool,
    /// Tokens without comments and without items for tests; empty for a file that is for tests alone.
    pub code: Vec<Token>,
    /// Lines without those of items for tests; 0 for a file that is for tests alone.
    pub lines: usize,
}

/// The files reached from `root`, each once, the root first.
pub fn walk(sources: &Sources, root: &str) -> Vec<File> {
    let mut found = Vec::new();
    visit(sources, root, Vec::new(), false, &mut found);
    found
}

fn visit(
    sources: &Sources,
    path: &str,
    module: Vec<String>,
    for_tests: bool,
    found: &mut Vec<File>,
) {
    let Some(source) = sources.get(path) else {
        return;
    };
    let split = split(source);
    let children: Vec<_> = split
        .modules
        .iter()
        .map(|child| (child.find(sources, path), child))
        .collect();
    found.push(File {
        path: path.to_owned(),
        module: module.clone(),
        for_tests,
        code: if for_tests { Vec::new() } else { split.code },
        lines: if for_tests { 0 } else { split.lines },
    });
    for (file, child) in children {
        let Some(file) = file else { continue };
        let module = [module.clone(), child.names.clone()].concat();
        visit(sources, &file, module, for_tests || child.for_tests, found);
    }
}

/// A `mod name;` line.
#[derive(Debug)]
struct Child {
    /// Modules written out in this file around it, then its own name.
    names: Vec<String>,
    for_tests: bool,
}

impl Child {
    /// Where its file is, for a `mod` line in the file at `parent`.
    fn find(&self, sources: &Sources, parent: &str) -> Option<String> {
        let (folder, name) = parent.rsplit_once('/').unwrap_or(("", parent));
        let base = match name {
            "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
            _ => parent.trim_end_matches(".rs").to_owned(),
        };
        let stem = format!("{base}/{}", self.names.join("/"));
        [format!("{stem}.rs"), format!("{stem}/mod.rs")]
            .into_iter()
            .find(|path| sources.contains_key(path))
    }
}

struct Split {
    code: Vec<Token>,
    lines: usize,
    modules: Vec<Child>,
}

/// Separates the program from items marked `#[cfg(test)]` or `#[test]`.
fn split(source: &str) -> Split {
    let mut all = tokens(source);
    all.retain(|token| !matches!(token.kind, Kind::Comment(_)));
    let mut result = Split {
        code: Vec::new(),
        lines: 0,
        modules: Vec::new(),
    };
    let mut lines: BTreeSet<usize> = (1..=source.lines().count()).collect();
    let mut inline: Vec<(String, usize)> = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < all.len() {
        if let Some(end) = attribute_end(&all, at)
            && marks_tests(&all[at..end])
        {
            let last = item_end(&all, end);
            lines.retain(|line| !(all[at].line..=all[last - 1].line).contains(line));
            if let Some(name) = module_line(&all[end..last]) {
                let names = inline.iter().map(|(name, _)| name.clone());
                result.modules.push(Child {
                    names: names.chain([name]).collect(),
                    for_tests: true,
                });
            }
            at = last;
            continue;
        }
        match &all[at].kind {
            Kind::Mark('{') => depth += 1,
            Kind::Mark('}') => {
                depth = depth.saturating_sub(1);
                inline.retain(|(_, opened_at)| *opened_at < depth + 1);
            }
            Kind::Word(word) if word == "mod" => {
                if let (Some(Kind::Word(name)), Some(after)) =
                    (kind(&all, at + 1), kind(&all, at + 2))
                {
                    match after {
                        Kind::Mark('{') => inline.push((name.clone(), depth + 1)),
                        Kind::Mark(';') => {
                            let names = inline.iter().map(|(name, _)| name.clone());
                            result.modules.push(Child {
                                names: names.chain([name.clone()]).collect(),
                                for_tests: false,
                            });
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        result.code.push(all[at].clone());
        at += 1;
    }
    // A line that holds both counts as the program's.
    lines.extend(result.code.iter().map(|token| token.line));
    result.lines = lines.len();
    result
}

fn kind(tokens: &[Token], at: usize) -> Option<&Kind> {
    tokens.get(at).map(|token| &token.kind)
}

/// One past the `]` of the outer attribute that begins at `at`.
pub fn attribute_end(tokens: &[Token], at: usize) -> Option<usize> {
    if kind(tokens, at) != Some(&Kind::Mark('#')) || kind(tokens, at + 1) != Some(&Kind::Mark('['))
    {
        return None;
    }
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(at + 1) {
        match token.kind {
            Kind::Mark('[') => depth += 1,
            Kind::Mark(']') if depth == 1 => return Some(index + 1),
            Kind::Mark(']') => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]` and `#[cfg(all(test, …))]`, but not `#[cfg(not(test))]`, `any` or `cfg_attr`.
fn marks_tests(attribute: &[Token]) -> bool {
    let words: Vec<&str> = attribute
        .iter()
        .filter_map(|token| match &token.kind {
            Kind::Word(word) => Some(word.as_str()),
            _ => None,
        })
        .collect();
    match words.as_slice() {
        ["cfg", "test"] | ["cfg", "all", "test", ..] => true,
        [.., "test"] => !words.contains(&"cfg") && !words.contains(&"cfg_attr"),
        _ => false,
    }
}

/// What ends an item, a field or a statement, outside all brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// `use a::{b};`
    Semicolon,
    /// `fn a() { … }` or `fn a();`
    BraceOrSemicolon,
    /// A field, an arm or an argument.
    Comma,
}

/// One past the last token of what begins at `at`, further attributes included.
fn item_end(tokens: &[Token], mut at: usize) -> usize {
    while let Some(end) = attribute_end(tokens, at) {
        at = end;
    }
    let ending = ending(&tokens[at..]);
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.kind {
            Kind::Mark('{' | '(' | '[') => depth += 1,
            Kind::Mark('}' | ')' | ']') if depth == 0 => return index.max(at),
            Kind::Mark(closing @ ('}' | ')' | ']')) => {
                depth -= 1;
                if closing == '}' && depth == 0 && ending == Ending::BraceOrSemicolon {
                    return index + 1;
                }
            }
            Kind::Mark(';') if depth == 0 => return index + 1,
            Kind::Mark(',') if depth == 0 && ending == Ending::Comma => return index + 1,
            _ => {}
        }
    }
    tokens.len()
}

fn ending(tokens: &[Token]) -> Ending {
    const BRACED: [&str; 11] = [
        "mod",
        "fn",
        "struct",
        "enum",
        "union",
        "impl",
        "trait",
        "unsafe",
        "async",
        "extern",
        "macro_rules",
    ];
    let mut words = tokens.iter().map_while(|token| match &token.kind {
        Kind::Word(word) => Some(word.as_str()),
        Kind::Mark('(' | ')') => Some("pub"),
        _ => None,
    });
    match words.find(|word| !matches!(*word, "pub" | "crate" | "super")) {
        Some("use" | "const" | "static" | "type" | "let") => Ending::Semicolon,
        Some(word) if BRACED.contains(&word) => Ending::BraceOrSemicolon,
        Some(_) => Ending::Comma,
        None => Ending::BraceOrSemicolon,
    }
}

/// The name of a `mod name;` line.
fn module_line(item: &[Token]) -> Option<String> {
    let at = item
        .iter()
        .position(|token| token.kind == Kind::Word("mod".to_owned()))?;
    match (kind(item, at + 1), kind(item, at + 2)) {
        (Some(Kind::Word(name)), Some(Kind::Mark(';'))) => Some(name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> Sources {
        files
            .iter()
            .map(|(path, source)| ((*path).to_owned(), (*source).to_owned()))
            .collect()
    }

    fn words(file: &File) -> String {
        let words: Vec<&str> = file
            .code
            .iter()
            .filter_map(|token| match &token.kind {
                Kind::Word(word) => Some(word.as_str()),
                _ => None,
            })
            .collect();
        words.join(" ")
    }

    #[test]
    fn every_form_of_a_module_line_is_followed() {
        let sources = sources(&[
            (
                "src/lib.rs",
                "pub mod a;\nmod b { pub(crate) mod c; }\nmod d;",
            ),
            ("src/a.rs", "mod inner;"),
            ("src/a/inner.rs", ""),
            ("src/b/c.rs", ""),
            ("src/d/mod.rs", "mod e;"),
            ("src/d/e.rs", ""),
            ("src/lost.rs", ""),
        ]);
        let files: Vec<_> = walk(&sources, "src/lib.rs")
            .into_iter()
            .map(|file| (file.path, file.module.join("::")))
            .collect();
        let expected = [
            ("src/lib.rs", ""),
            ("src/a.rs", "a"),
            ("src/a/inner.rs", "a::inner"),
            ("src/b/c.rs", "b::c"),
            ("src/d/mod.rs", "d"),
            ("src/d/e.rs", "d::e"),
        ];
        assert_eq!(
            files,
            expected.map(|(path, module)| (path.to_owned(), module.to_owned()))
        );
    }

    #[test]
    fn files_of_tests_and_what_they_name_are_for_tests() {
        let sources = sources(&[
            (
                "src/lib.rs",
                "#[cfg(test)]\npub(crate) mod testing;\n#[cfg(all(test, unix))]\n#[rustfmt::skip]\nmod tests;",
            ),
            ("src/testing.rs", "mod deep;"),
            ("src/testing/deep.rs", "fn a() {}"),
            ("src/tests.rs", ""),
        ]);
        let files = walk(&sources, "src/lib.rs");
        let for_tests: Vec<_> = files.iter().map(|file| file.for_tests).collect();
        assert_eq!(for_tests, [false, true, true, true]);
        assert!(files.iter().all(|file| file.code.is_empty()));
    }

    #[test]
    fn items_for_tests_are_cut_out_and_their_neighbours_stay() {
        let source = "\
struct Kept { #[cfg(test)] hidden: u8, shown: u8 }
#[cfg(test)]
use hidden::{a, b};
fn kept_too() { #[cfg(test)] { hidden(); } after(); }
#[tokio::test]
async fn hidden() -> [u8; 2] { let x = \"}\"; [1, 2] }
#[cfg(not(test))]
fn kept_three() {}
#[cfg(test)]
mod tests {
    fn hidden() { { } }
}
fn last() {}
";
        let files = walk(&sources(&[("src/lib.rs", source)]), "src/lib.rs");
        assert_eq!(
            words(&files[0]),
            "struct Kept shown u8 fn kept_too after cfg not test fn kept_three fn last"
        );
        assert_eq!(files[0].lines, 5, "lines of kept items");
    }
}
