//! What is held: one function a rule, each taking sources and giving what breaks it as `path:line: what`.

use super::lexer::{Kind, Token, tokens};
use super::tree::{File, Sources, attribute_end, walk};

/// Which top module may use which, beside itself (design: the house). `cli` may use everything.
const MAY_USE: [(&str, &[&str]); 16] = [
    ("plan", &[]),
    ("calendar", &[]),
    ("clock", &[]),
    ("config", &[]),
    ("ledger", &["plan", "calendar"]),
    ("schedule", &["plan", "calendar", "ledger"]),
    ("conversation", &["plan", "calendar", "ledger"]),
    ("digest", &["plan", "calendar", "ledger"]),
    ("import", &["plan", "calendar"]),
    (
        "render",
        &[
            "plan",
            "calendar",
            "ledger",
            "schedule",
            "conversation",
            "digest",
            "import",
        ],
    ),
    ("store", &["plan", "ledger"]),
    (
        "service",
        &[
            "plan",
            "calendar",
            "ledger",
            "schedule",
            "conversation",
            "digest",
            "render",
            "store",
            "clock",
        ],
    ),
    (
        "telegram",
        &[
            "plan",
            "service",
            "store",
            "clock",
            "config",
            "conversation",
            "ledger",
            "render",
        ],
    ),
    ("rehearsal", &["clock"]),
    (
        "simulation",
        &[
            "plan",
            "calendar",
            "clock",
            "ledger",
            "schedule",
            "conversation",
            "store",
            "service",
            "telegram",
            "rehearsal",
        ],
    ),
    (
        "cli",
        &[
            "plan",
            "calendar",
            "clock",
            "config",
            "ledger",
            "schedule",
            "conversation",
            "digest",
            "import",
            "render",
            "store",
            "service",
            "telegram",
            "rehearsal",
            "simulation",
        ],
    ),
];

/// Modules that are pure: their results follow from their arguments.
const PURE: [&str; 8] = [
    "plan",
    "calendar",
    "ledger",
    "schedule",
    "conversation",
    "digest",
    "import",
    "render",
];

/// What a pure module may not touch: the async runtime, the network, the database, the machine.
const IMPURE: [&str; 16] = [
    "tokio",
    "rusqlite",
    "sqlx",
    "teloxide",
    "axum",
    "reqwest",
    "governor",
    "getrandom",
    "tracing",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "std::io",
];

/// Of that, what only names places in memory.
const IN_MEMORY: [&str; 1] = ["std::io::Cursor"];

/// Of these, no floating point either: their numbers are decimals.
const EXACT: [&str; 7] = [
    "plan",
    "calendar",
    "ledger",
    "schedule",
    "conversation",
    "digest",
    "import",
];

/// Most lines of a file, tests not counted: what one reads in a sitting.
const MOST_LINES: usize = 500;

/// Who reads the time or draws randomness elsewhere than in `clock.rs`.
const CLOCKS: [&str; 4] = ["Utc", "Local", "SystemTime", "Instant"];

/// Imports that go upwards or sideways, and modules the table does not know.
pub fn upward_paths(sources: &Sources) -> Vec<String> {
    let mut found = Vec::new();
    for file in walk(sources, "src/lib.rs") {
        let Some(own) = file.module.first() else {
            continue;
        };
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| name == own) else {
            found.push(format!(
                "{}:1: module {own} has no place in the table",
                file.path
            ));
            continue;
        };
        for path in paths(&file) {
            let Some(used) = path.top() else { continue };
            if used != own && !allowed.contains(&used) {
                found.push(format!(
                    "{}:{}: {own} may not use {used}",
                    file.path, path.line
                ));
            }
        }
    }
    for file in walk(sources, "src/main.rs") {
        for path in paths(&file) {
            let names: Vec<&str> = path.names.iter().map(String::as_str).collect();
            if matches!(names.as_slice(), ["duban", rest @ ..] if rest.first() != Some(&"cli")) {
                found.push(format!(
                    "{}:{}: the entry point may only use cli",
                    file.path, path.line
                ));
            }
        }
    }
    found
}

/// Runtime, network, database, files, environment, other randomness or floating point in the pure modules.
pub fn impure_core(sources: &Sources) -> Vec<String> {
    let mut found = Vec::new();
    for file in walk(sources, "src/lib.rs") {
        let Some(own) = file
            .module
            .first()
            .filter(|own| PURE.contains(&own.as_str()))
        else {
            continue;
        };
        for path in paths(&file)
            .iter()
            .filter(|path| path.root == Root::Outside)
        {
            let name = path.names.join("::");
            let within = |whole: &str| name == whole || name.starts_with(&format!("{whole}::"));
            if IMPURE.iter().any(|impure| within(impure)) && !IN_MEMORY.iter().any(|it| within(it))
            {
                found.push(format!(
                    "{}:{}: {own} is pure and may not use {name}",
                    file.path, path.line
                ));
            }
        }
        if EXACT.contains(&own.as_str()) {
            let floats = file.code.iter().filter(|token| is_floating(&token.kind));
            found.extend(
                floats.map(|token| format!("{}:{}: floating point", file.path, token.line)),
            );
        }
    }
    found
}

fn is_floating(kind: &Kind) -> bool {
    match kind {
        Kind::Word(word) => word == "f32" || word == "f64",
        Kind::Number(number) => {
            number.contains('.') || number.ends_with("f32") || number.ends_with("f64")
        }
        _ => false,
    }
}

/// Time read, randomness drawn or the lint against both lifted outside `clock.rs`.
pub fn second_clocks(sources: &Sources) -> Vec<String> {
    let mut found = Vec::new();
    for file in program(sources) {
        if file.path == "src/clock.rs" {
            continue;
        }
        for path in paths(&file) {
            let reads = path
                .names
                .windows(2)
                .any(|pair| pair[1] == "now" && CLOCKS.contains(&pair[0].as_str()));
            if reads
                || path
                    .names
                    .iter()
                    .any(|name| name == "getrandom" || name == "disallowed_methods")
            {
                let name = path.names.join("::");
                found.push(format!(
                    "{}:{}: {name} belongs in clock.rs",
                    file.path, path.line
                ));
            }
        }
    }
    found
}

/// Files under `src/` that no `mod` line names.
pub fn lost_files(sources: &Sources) -> Vec<String> {
    let reached: Vec<String> = program(sources).into_iter().map(|file| file.path).collect();
    let lost = sources
        .keys()
        .filter(|path| path.ends_with(".rs") && !reached.contains(path));
    lost.map(|path| format!("{path}:1: no `mod` line names this file"))
        .collect()
}

/// Files that do not say in their first line what they are for.
pub fn unexplained_files(sources: &Sources) -> Vec<String> {
    let rust = sources.iter().filter(|(path, _)| path.ends_with(".rs"));
    rust.filter(|(_, source)| {
        let first = source.lines().next().unwrap_or_default();
        first
            .strip_prefix("//!")
            .is_none_or(|purpose| purpose.trim().is_empty())
    })
    .map(|(path, _)| format!("{path}:1: the first line is no `//!` line"))
    .collect()
}

/// Files of more than [`MOST_LINES`] lines, tests not counted.
pub fn long_files(sources: &Sources) -> Vec<String> {
    let long = program(sources)
        .into_iter()
        .filter(|file| file.lines > MOST_LINES);
    long.map(|file| {
        format!(
            "{}:1: {} lines, at most {MOST_LINES}",
            file.path, file.lines
        )
    })
    .collect()
}

/// Where the rehearsal page lives.
const PAGE: &str = "src/rehearsal/page/";

/// Ways to put text into a page as markup or to run it.
const AS_MARKUP: [&str; 7] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "createContextualFragment",
    "eval(",
    "new Function",
];

/// Whether the browser gets this file.
fn is_of_page(path: &str) -> bool {
    path.starts_with(PAGE) && !path.ends_with(".rs")
}

/// Files of the page that are too long, do not say what they are for, are not served, or take text for markup.
pub fn untidy_page(sources: &Sources) -> Vec<String> {
    let served = sources
        .get("src/rehearsal/page/mod.rs")
        .map_or("", String::as_str);
    let mut found = Vec::new();
    for (path, source) in sources.iter().filter(|(path, _)| is_of_page(path)) {
        let lines = source.lines().count();
        if lines > MOST_LINES {
            found.push(format!("{path}:1: {lines} lines, at most {MOST_LINES}"));
        }
        let name = &path[PAGE.len()..];
        if !served.contains(&format!("\"{name}\"")) {
            found.push(format!(
                "{path}:1: the page's list of files does not name it"
            ));
        }
        let opening = match name.rsplit('.').next() {
            Some("js") => "// ",
            Some("css") => "/* ",
            _ => "<",
        };
        if !source.starts_with(opening) {
            found.push(format!("{path}:1: the first line is no `{opening}` line"));
        }
        for (number, line) in (1..).zip(source.lines()) {
            if let Some(way) = AS_MARKUP.iter().find(|way| line.contains(**way)) {
                found.push(format!("{path}:{number}: {way}: text is not markup"));
            }
        }
    }
    found
}

/// Chinese text that is said or read outside the places for it.
pub fn stray_chinese(sources: &Sources) -> Vec<String> {
    let mut found = Vec::new();
    for file in program(sources)
        .iter()
        .filter(|file| !may_hold_chinese(&file.path))
    {
        for token in &file.code {
            if let Kind::Text(text) = &token.kind
                && text.contains(is_chinese)
            {
                found.push(format!(
                    "{}:{}: Chinese text {text:?}",
                    file.path, token.line
                ));
            }
        }
    }
    for (path, source) in sources {
        if !path.ends_with(".rs") && !may_hold_chinese(path) && source.contains(is_chinese) {
            found.push(format!("{path}:1: Chinese text"));
        }
    }
    found
}

fn may_hold_chinese(path: &str) -> bool {
    path.starts_with("src/render/")
        || path == "src/render.rs"
        || path == "src/cli/rehearsal.script"
        || path == "src/rehearsal/page/words.rs"
        || is_of_page(path)
        || path.ends_with("/vocabulary.rs")
        || is_sample(path)
}

/// What tests read, beside the tests of a module.
fn is_sample(path: &str) -> bool {
    path.contains("/tests/") && !path.ends_with(".rs")
}

/// Han characters, their punctuation and full-width forms.
fn is_chinese(found: char) -> bool {
    matches!(found,
        '\u{2E80}'..='\u{303F}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// Tests that do not run and code that is not there, in any file.
pub fn undone(sources: &Sources) -> Vec<String> {
    let mut found = Vec::new();
    for (path, source) in sources.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let (comments, code): (Vec<Token>, Vec<Token>) = tokens(source)
            .into_iter()
            .partition(|token| matches!(token.kind, Kind::Comment(_)));
        for token in &comments {
            if let Kind::Comment(text) = &token.kind
                && text.contains("```ignore")
            {
                found.push(format!(
                    "{path}:{}: an example that is not tried",
                    token.line
                ));
            }
        }
        for (at, token) in code.iter().enumerate() {
            let Kind::Word(word) = &token.kind else {
                let ignores = attribute_end(&code, at).is_some_and(|end| {
                    code[at..end]
                        .iter()
                        .any(|token| token.kind == Kind::Word("ignore".to_owned()))
                });
                if ignores {
                    found.push(format!("{path}:{}: #[ignore]", token.line));
                }
                continue;
            };
            let is_macro = code
                .get(at + 1)
                .is_some_and(|next| next.kind == Kind::Mark('!'));
            if is_macro && (word == "todo" || word == "unimplemented") {
                found.push(format!("{path}:{}: {word}!", token.line));
            }
        }
    }
    found
}

/// Every file of the library and of the binary.
fn program(sources: &Sources) -> Vec<File> {
    let mut files = walk(sources, "src/lib.rs");
    files.extend(walk(sources, "src/main.rs"));
    files
}

/// Where a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    /// At this crate's root: `crate::`, or `super::` as often as it takes.
    Crate,
    /// Inside the file's own top module.
    Own,
    /// At another crate, or at a name in scope.
    Outside,
}

/// A path as far as it says something: `use a::{b, c::d}` is two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct UsedPath {
    root: Root,
    /// Names after the root.
    names: Vec<String>,
    line: usize,
}

impl UsedPath {
    /// The top module it uses; `crate` where it takes the root itself or all of it.
    fn top(&self) -> Option<&str> {
        match self.root {
            Root::Crate => Some(self.names.first().map_or("crate", String::as_str)),
            Root::Own | Root::Outside => None,
        }
    }
}

/// All paths of a file's program: what `use` brings in, and whatever holds a `::`.
fn paths(file: &File) -> Vec<UsedPath> {
    let code = &file.code;
    let mut found = Vec::new();
    let mut inline: Vec<(String, usize)> = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(token) = code.get(at) {
        at += 1;
        match &token.kind {
            Kind::Mark('{') => depth += 1,
            Kind::Mark('}') => {
                depth = depth.saturating_sub(1);
                inline.retain(|(_, opened_at)| *opened_at <= depth);
            }
            Kind::Word(word) => {
                if word == "mod"
                    && let (Some(Kind::Word(name)), Some(Kind::Mark('{'))) =
                        (kind(code, at), kind(code, at + 1))
                {
                    inline.push((name.clone(), depth + 1));
                }
                let names = inline.iter().map(|(name, _)| name.clone());
                let module = Start::Nothing(file.module.iter().cloned().chain(names).collect());
                if word == "use" {
                    let first = at + usize::from(kind(code, at) == Some(&Kind::PathSeparator));
                    at = match kind(code, first) {
                        Some(Kind::Mark('{')) => group(code, first + 1, &module, &mut found),
                        _ => branch(code, first, &module, &mut found),
                    };
                } else if kind(code, at) == Some(&Kind::PathSeparator) && begins_path(code, at - 1)
                {
                    at = branch(code, at - 1, &module, &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

fn kind(code: &[Token], at: usize) -> Option<&Kind> {
    code.get(at).map(|token| &token.kind)
}

/// Whether the word at `at` is a path's first: `a` in `a::b` and in `::a::b`, not in `T::a::b` nor in `<T>::a::b`.
fn begins_path(code: &[Token], at: usize) -> bool {
    let before = |by: usize| at.checked_sub(by).and_then(|at| kind(code, at));
    before(1) != Some(&Kind::PathSeparator)
        || !matches!(before(2), Some(Kind::Word(_) | Kind::Mark('>')))
}

/// How far a path has been read.
#[derive(Debug, Clone)]
enum Start {
    /// Not begun; the module it stands in.
    Nothing(Vec<String>),
    /// In this module, from the crate's root.
    Module(Vec<String>),
    /// After these names.
    Names(Root, Vec<String>),
}

impl Start {
    fn then(self, word: &str) -> Self {
        match (self, word) {
            (Self::Nothing(_), "crate") => Self::Module(Vec::new()),
            (Self::Nothing(module) | Self::Module(module), "self") => Self::Module(module),
            (Self::Nothing(mut module) | Self::Module(mut module), "super") => {
                module.pop();
                Self::Module(module)
            }
            (Self::Nothing(_), name) => Self::Names(Root::Outside, vec![name.to_owned()]),
            (Self::Module(module), name) => {
                let root = if module.is_empty() {
                    Root::Crate
                } else {
                    Root::Own
                };
                Self::Names(root, vec![name.to_owned()])
            }
            (Self::Names(root, names), "self") => Self::Names(root, names),
            (Self::Names(root, mut names), name) => {
                names.push(name.to_owned());
                Self::Names(root, names)
            }
        }
    }

    /// Nothing for a path that has not begun.
    fn finish(self, line: usize) -> Option<UsedPath> {
        let (root, names) = match self {
            Self::Nothing(_) => return None,
            Self::Module(module) if module.is_empty() => (Root::Crate, Vec::new()),
            Self::Module(_) => (Root::Own, Vec::new()),
            Self::Names(root, names) => (root, names),
        };
        Some(UsedPath { root, names, line })
    }
}

/// Reads the path that goes on at `at`, each branch of a group for itself, and returns where it ends.
fn branch(code: &[Token], mut at: usize, start: &Start, found: &mut Vec<UsedPath>) -> usize {
    let line = code.get(at).map_or(0, |token| token.line);
    let mut read = start.clone();
    while let Some(Kind::Word(word)) = kind(code, at) {
        read = read.then(word);
        at += 1;
        if kind(code, at) != Some(&Kind::PathSeparator) {
            break;
        }
        at += 1;
        if kind(code, at) == Some(&Kind::Mark('{')) {
            return group(code, at + 1, &read, found);
        }
    }
    // A star, generic arguments or a macro's fragment may follow: the names before it say enough.
    found.extend(read.finish(line));
    at
}

/// Reads `a, b::c, {d}}` and returns one past its closing brace.
fn group(code: &[Token], mut at: usize, start: &Start, found: &mut Vec<UsedPath>) -> usize {
    let mut expects = true;
    while let Some(token) = code.get(at) {
        match token.kind {
            Kind::Mark('}') => return at + 1,
            Kind::Mark(',') => {
                expects = true;
                at += 1;
            }
            Kind::Mark('{') => at = group(code, at + 1, start, found),
            _ if expects => {
                expects = false;
                at = branch(code, at, start, found).max(at + 1);
            }
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree with one file of each named module and `source` at `path`.
    fn tree(path: &str, source: &str) -> Sources {
        let modules = MAY_USE.map(|(name, _)| name);
        let mut root = String::from("//! House.\n");
        let mut sources = Sources::new();
        for module in modules {
            root.push_str(&format!("pub mod {module};\n"));
            sources.insert(format!("src/{module}.rs"), "//! Module.\n".to_owned());
        }
        sources.insert("src/lib.rs".to_owned(), root);
        sources.insert("src/main.rs".to_owned(), "//! Entry.\n".to_owned());
        sources.insert(path.to_owned(), source.to_owned());
        sources
    }

    #[track_caller]
    fn assert_found(found: &[String], expected: &[&str]) {
        assert_eq!(found, expected);
    }

    #[test]
    fn a_clean_tree_breaks_no_rule() {
        let sources = tree(
            "src/ledger.rs",
            "//! Ledger.\nuse crate::plan::{self, Plan};\nuse self::calendar_words::*;\npub(crate) fn a() {}\n",
        );
        for rule in [
            upward_paths,
            impure_core,
            second_clocks,
            lost_files,
            unexplained_files,
            long_files,
            untidy_page,
            stray_chinese,
            undone,
        ] {
            assert_found(&rule(&sources), &[]);
        }
    }

    #[test]
    fn a_file_of_the_page_is_short_served_explained_and_takes_no_text_for_markup() {
        let mut sources = tree("src/rehearsal/page/mod.rs", "assets! { \"main.js\" }");
        let mut page = |name: &str, source: String| {
            let path = format!("src/rehearsal/page/{name}");
            sources.insert(path.clone(), source);
            let found = untidy_page(&sources);
            sources.remove(&path);
            found
        };
        assert_found(&page("main.js", "// Starts.\nstart();".to_owned()), &[]);
        assert_found(
            &page("main.js", "// Starts.\na.innerHTML = b;".to_owned()),
            &["src/rehearsal/page/main.js:2: innerHTML: text is not markup"],
        );
        assert_found(
            &page("main.js", "start();".to_owned()),
            &["src/rehearsal/page/main.js:1: the first line is no `// ` line"],
        );
        assert_found(
            &page("lost.css", "/* Colours. */".to_owned()),
            &["src/rehearsal/page/lost.css:1: the page's list of files does not name it"],
        );
        assert_found(
            &page("main.js", "// a\n".repeat(501)),
            &["src/rehearsal/page/main.js:1: 501 lines, at most 500"],
        );
    }

    #[test]
    fn an_upward_import_is_found_however_it_is_written() {
        for (source, line) in [
            ("use crate::store::Store;", 1),
            ("use crate::{plan::{Plan, Unit}, store};", 1),
            ("use {crate::plan::Plan, crate::store::Store};", 1),
            ("use super::store;", 1),
            ("use self::super::store::Store;", 1),
            ("pub use ::std::fmt;\npub use crate::store as elsewhere;", 2),
            ("fn a() -> crate::store::Store { todo() }", 1),
            (
                "fn a() { let b = <crate::store::Store as Clone>::clone; }",
                1,
            ),
            ("fn a(b: Vec::<crate::store::Store>) {}", 1),
            ("mod inner {\n    use super::super::store::Store;\n}", 2),
            (
                "mod inner { mod deep {\n use super::super::super::{store}; } }",
                2,
            ),
            ("macro_rules! a { () => { $crate::store::open() } }", 1),
            ("#[derive(crate::store::Row)] struct A;", 1),
            ("/* a */ use // b\n crate /* c */ :: store ::{ Store };", 2),
        ] {
            let sources = tree("src/schedule.rs", source);
            let expected = format!("src/schedule.rs:{line}: schedule may not use store");
            assert_found(&upward_paths(&sources), &[&expected]);
        }
    }

    #[test]
    fn the_root_itself_is_not_imported() {
        for source in [
            "use crate::*;",
            "use crate as root;",
            "use crate::{self as root};",
            "use super::*;",
        ] {
            let sources = tree("src/schedule.rs", source);
            assert_found(
                &upward_paths(&sources),
                &["src/schedule.rs:1: schedule may not use crate"],
            );
        }
    }

    #[test]
    fn own_paths_tests_comments_and_text_are_no_imports() {
        for source in [
            "use crate::schedule::due;",
            "mod inner { use super::store; }",
            "// use crate::store::Store;\nconst A: &str = \"crate::store::Store\"; const B: &str = r#\"\" use crate::store; \"#;",
            "#[cfg(test)]\nmod tests { use crate::store::Store; }",
            "#[cfg(test)] use crate::store::Store;\nuse crate::plan::Plan;",
            "fn a() { store::open(); x.crate_store() }",
        ] {
            assert_found(&upward_paths(&tree("src/schedule.rs", source)), &[]);
        }
    }

    #[test]
    fn a_file_below_is_held_to_its_top_module() {
        let mut sources = tree(
            "src/schedule/rung.rs",
            "use super::super::render::x;\nuse super::store;",
        );
        sources.insert("src/schedule.rs".to_owned(), "mod rung;".to_owned());
        assert_found(
            &upward_paths(&sources),
            &["src/schedule/rung.rs:1: schedule may not use render"],
        );
    }

    #[test]
    fn a_module_without_a_place_is_found() {
        let mut sources = tree("src/helpers.rs", "");
        sources.insert("src/lib.rs".to_owned(), "mod helpers;".to_owned());
        assert_found(
            &upward_paths(&sources),
            &["src/helpers.rs:1: module helpers has no place in the table"],
        );
    }

    #[test]
    fn the_entry_point_hands_over_to_the_command_line() {
        assert_found(
            &upward_paths(&tree("src/main.rs", "fn main() { duban::cli::run() }")),
            &[],
        );
        let sources = tree("src/main.rs", "use duban::{cli, service::Service};");
        assert_found(
            &upward_paths(&sources),
            &["src/main.rs:1: the entry point may only use cli"],
        );
    }

    #[test]
    fn a_core_that_touches_the_world_is_found() {
        for (source, name) in [
            ("use tokio::sync::Mutex;", "tokio::sync::Mutex"),
            ("use tokio;", "tokio"),
            ("use std::{fmt, fs::File};", "std::fs::File"),
            ("fn a() { ::std::env::var(\"A\"); }", "std::env::var"),
            ("fn a() { b(sqlx::query(c)) }", "sqlx::query"),
        ] {
            let expected = format!("src/plan.rs:1: plan is pure and may not use {name}");
            assert_found(&impure_core(&tree("src/plan.rs", source)), &[&expected]);
            assert_found(&impure_core(&tree("src/store.rs", source)), &[]);
        }
        for source in [
            "fn a() -> f64 { b }",
            "const A: X = x(1.5);",
            "const A: X = x(1f32);",
        ] {
            assert_found(
                &impure_core(&tree("src/digest.rs", source)),
                &["src/digest.rs:1: floating point"],
            );
        }
        assert_found(
            &impure_core(&tree("src/digest.rs", "fn a() { b.0.1; 0..2; \"1.5\"; }")),
            &[],
        );
    }

    #[test]
    fn a_second_clock_is_found() {
        for (source, name) in [
            ("fn a() { chrono::Utc::now() }", "chrono::Utc::now"),
            ("fn a() { let b = Instant::now; }", "Instant::now"),
            ("fn a() { getrandom::fill(b) }", "getrandom::fill"),
            (
                "#![expect(clippy::disallowed_methods)]",
                "clippy::disallowed_methods",
            ),
        ] {
            let expected = format!("src/store.rs:1: {name} belongs in clock.rs");
            assert_found(&second_clocks(&tree("src/store.rs", source)), &[&expected]);
            assert_found(&second_clocks(&tree("src/clock.rs", source)), &[]);
        }
    }

    #[test]
    fn stray_chinese_is_found_and_comments_are_not() {
        let sources = tree(
            "src/service.rs",
            "//! 督办\nconst A: &str = \"周报\";\nconst B: char = '：';\n",
        );
        assert_found(
            &stray_chinese(&sources),
            &[
                "src/service.rs:2: Chinese text \"周报\"",
                "src/service.rs:3: Chinese text \"：\"",
            ],
        );
        for source in [
            "const A: &str = \"\\u{5468}\";",
            "const A: &str = r\"周\";",
            "fn a() { say!(\"a周\") }",
        ] {
            assert_eq!(
                stray_chinese(&tree("src/cli.rs", source)).len(),
                1,
                "{source}"
            );
        }
        assert_found(
            &stray_chinese(&tree("src/page.html", "周报")),
            &["src/page.html:1: Chinese text"],
        );
    }

    #[test]
    fn chinese_is_at_home_in_its_places() {
        let places = [
            "src/render.rs",
            "src/render/digest.rs",
            "src/plan/vocabulary.rs",
            "src/cli/rehearsal.script",
            "src/rehearsal/page/index.html",
            "src/rehearsal/page/words.rs",
            "src/plan/tests/sample.toml",
        ];
        for place in places {
            let mut sources = tree(place, "const A: &str = \"周报\";");
            sources.insert(
                "src/lib.rs".to_owned(),
                "mod render { mod digest; } mod plan { mod vocabulary; } mod rehearsal { mod page { mod words; } } mod render;".to_owned(),
            );
            assert_found(&stray_chinese(&sources), &[]);
        }
        let tests = "#[cfg(test)]\nmod tests { const A: &str = \"周报\"; }";
        assert_found(&stray_chinese(&tree("src/plan.rs", tests)), &[]);
    }

    #[test]
    fn a_long_file_is_found_and_its_tests_are_not_counted() {
        let long = "fn a() {}\n".repeat(MOST_LINES + 1);
        assert_found(
            &long_files(&tree("src/plan.rs", &long)),
            &["src/plan.rs:1: 501 lines, at most 500"],
        );
        let tested = format!(
            "{}#[cfg(test)]\nmod tests {{\n{long}}}\n",
            "fn a() {}\n".repeat(MOST_LINES)
        );
        assert_found(&long_files(&tree("src/plan.rs", &tested)), &[]);
    }

    #[test]
    fn a_file_without_its_purpose_is_found() {
        for source in ["use a;", "", "\n//! Late.", "//!", "// Plain."] {
            let sources = tree("src/plan.rs", source);
            assert_found(
                &unexplained_files(&sources),
                &["src/plan.rs:1: the first line is no `//!` line"],
            );
        }
    }

    #[test]
    fn a_lost_file_is_found() {
        let sources = tree("src/plan/lost.rs", "//! Lost.");
        assert_found(
            &lost_files(&sources),
            &["src/plan/lost.rs:1: no `mod` line names this file"],
        );
    }

    #[test]
    fn what_is_ignored_or_undone_is_found_in_tests_too() {
        for (source, what) in [
            ("#[test] #[ignore] fn a() {}", "#[ignore]"),
            (
                "#[cfg_attr(windows, ignore = \"slow\")] fn a() {}",
                "#[ignore]",
            ),
            ("fn a() { todo!() }", "todo!"),
            (
                "#[cfg(test)] mod tests { fn a() { unimplemented!(\"b\") } }",
                "unimplemented!",
            ),
            (
                "/// ```ignore\n/// a();\n/// ```\nfn a() {}",
                "an example that is not tried",
            ),
        ] {
            assert_found(
                &undone(&tree("tests/a.rs", source)),
                &[&format!("tests/a.rs:1: {what}")],
            );
        }
        let sources = tree(
            "tests/a.rs",
            "// todo!()\nfn a() { ignore(\"#[ignore]\"); todo(); [ignore] }",
        );
        assert_found(&undone(&sources), &[]);
    }
}
