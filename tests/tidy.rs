//! Holds the source tree to the rules of the house: who may use whom, where Chinese text lives, how long a file may be.

#[path = "tidy/lexer.rs"]
mod lexer;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/tree.rs"]
mod tree;

use std::fs;
use std::path::Path;

use tree::{Sources, walk};

/// Everything under these folders, by path from the repository's root.
fn read(folders: &[&str]) -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Sources::new();
    for folder in folders {
        read_folder(root, &root.join(folder), &mut sources);
    }
    sources
}

fn read_folder(root: &Path, folder: &Path, sources: &mut Sources) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a folder that can be read").path();
        if path.is_dir() {
            read_folder(root, &path, sources);
        } else if let Ok(source) = fs::read_to_string(&path) {
            let name = path.strip_prefix(root).expect("it is below");
            sources.insert(name.display().to_string(), source);
        }
    }
}

#[track_caller]
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn imports_go_downwards_only() {
    assert_none(&rules::upward_paths(&read(&["src"])));
}

#[test]
fn the_core_is_pure_and_exact() {
    assert_none(&rules::impure_core(&read(&["src"])));
}

#[test]
fn one_file_reads_the_clock_and_draws_randomness() {
    assert_none(&rules::second_clocks(&read(&["src"])));
}

#[test]
fn chinese_text_lives_in_its_places() {
    assert_none(&rules::stray_chinese(&read(&["src"])));
}

#[test]
fn no_file_is_longer_than_a_sitting() {
    assert_none(&rules::long_files(&read(&["src"])));
}

#[test]
fn the_page_is_short_served_and_takes_no_text_for_markup() {
    assert_none(&rules::untidy_page(&read(&["src"])));
}

#[test]
fn every_file_says_what_it_is_for() {
    assert_none(&rules::unexplained_files(&read(&[
        "src", "tests", "benches",
    ])));
}

#[test]
fn every_file_is_part_of_the_program() {
    assert_none(&rules::lost_files(&read(&["src"])));
}

#[test]
fn nothing_is_ignored_or_left_undone() {
    assert_none(&rules::undone(&read(&["src", "tests", "benches"])));
}

#[test]
fn the_whole_tree_is_read() {
    let sources = read(&["src"]);
    let files = walk(&sources, "src/lib.rs");
    let (tests, program): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.for_tests);
    assert!(program.len() > 50 && tests.len() > 10, "{files:?}");
    let lines: usize = program.iter().map(|file| file.lines).sum();
    assert!(lines > 10_000, "{lines} lines of program seen");
}

/// A threat whose test is gone is not stopped by anything we know.
#[test]
fn every_test_named_among_the_threats_exists() {
    let tree = read(&["src", "tests"]);
    let threats = include_str!("../docs/threats.md");
    let rows = threats.lines().filter(|line| line.starts_with("| "));
    let shown_by = rows.filter_map(|row| row.rsplit(" | ").next());
    let named: Vec<&str> = shown_by
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    assert!(named.len() > 50, "{named:?}");
    let exists = |name: &str| match name.ends_with(".txt") {
        true => tree.contains_key(&format!("tests/transcripts/{name}")),
        false => tree
            .values()
            .any(|source| source.contains(&format!("fn {name}("))),
    };
    let missing = named.into_iter().filter(|name| !exists(name));
    let missing: Vec<String> = missing.map(str::to_owned).collect();
    assert_none(&missing);
}
