//! What printing puts around the text of a page: page numbers, running heads and feet.
//!
//! A page ends at a form feed or at a line with a page number. A line beside such a place that comes back on most pages,
//! whatever its digits, is a running head or foot.

use std::collections::HashMap;

use super::vocabulary::{CELL_SIGNS, PAGE, PAGE_MARKS, PAGE_OF};
use super::{is_invisible, is_space};
use crate::import::outline::vocabulary::PLANS;
use crate::import::vocabulary::{COLON, LIST, SEMICOLON, STOP, is_han};

/// Longest running head, in signs.
const MOST_HEAD: usize = 40;
/// Fewest Chinese signs of a running head.
const LEAST_HEAD: usize = 3;
/// Most digits of a page number.
const MOST_DIGITS: usize = 3;
/// Fewest numbers that count on.
const LEAST_COUNTED: usize = 3;
const FORM_FEED: char = '\u{c}';

/// Lines of a document that belong to its pages and not to its text.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// By line, whether it is none of the text.
    pub aside: Vec<bool>,
    /// Running heads and feet as printed, in order.
    pub running: Vec<String>,
}

pub(super) fn pages(source: &str) -> Pages {
    let lines: Vec<&str> = source.lines().collect();
    let mut aside = numbers(&lines);
    // The first line of every page, past the last page's number.
    let mut starts = vec![0];
    for (at, line) in lines.iter().enumerate() {
        if at > 0 && line.contains(FORM_FEED) || aside[at] {
            starts.push(at);
        }
    }
    starts.push(lines.len());
    let mut edges: Vec<(usize, String)> = Vec::new();
    let mut pages = 0_usize;
    for pair in starts.windows(2) {
        let text = |at: &usize| !aside[*at] && !signs(lines[*at]).is_empty();
        let first = (pair[0]..pair[1]).find(text);
        let last = (pair[0]..pair[1]).rev().find(text);
        pages += usize::from(first.is_some());
        edges.extend(first.map(|at| (at, key(lines[at]))));
        edges.extend(
            last.filter(|_| last != first)
                .map(|at| (at, key(lines[at]))),
        );
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (_, key) in &edges {
        *counts.entry(key).or_default() += 1;
    }
    let mut running = Vec::new();
    let mut titles: Vec<&str> = Vec::new();
    for (at, key) in &edges {
        let count = counts[key.as_str()];
        let length = key.chars().filter(|c| is_han(*c)).count();
        let sentence = key.contains([STOP, SEMICOLON, COLON, ':', ';']);
        let table = lines[*at].trim().contains(CELL_SIGNS) || lines[*at].trim().contains('\t');
        let short = !(LEAST_HEAD..=MOST_HEAD).contains(&length);
        if count < 2 || count * 2 < pages || short || sentence || table {
            continue;
        }
        // A plan's own title as running head still stands above the plan.
        if PLANS.iter().any(|word| key.ends_with(word)) && !titles.contains(&key.as_str()) {
            titles.push(key);
            continue;
        }
        aside[*at] = true;
        running.push(signs(lines[*at]));
    }
    Pages { aside, running }
}

/// Lines that hold a page number and nothing else.
fn numbers(lines: &[&str]) -> Vec<bool> {
    let mut aside: Vec<bool> = lines.iter().map(|line| is_page_number(line)).collect();
    let bare: Vec<(usize, u32)> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| {
            let signs = signs(line);
            let number = signs.parse().ok().filter(|_| signs.len() <= MOST_DIGITS)?;
            // The number of a heading whose sign a break has parted from it.
            let next = lines.get(at + 1).map_or("", |line| line.trim_start());
            (!next.starts_with(['.', LIST])).then_some((at, number))
        })
        .collect();
    // Bare numbers are pages' where all of them count on by one.
    let counted =
        bare.len() >= LEAST_COUNTED && bare.windows(2).all(|pair| pair[1].1 == pair[0].1 + 1);
    for (at, _) in bare {
        let feeds = |at: usize| lines.get(at).is_some_and(|line| line.contains(FORM_FEED));
        aside[at] |= counted || feeds(at + 1);
    }
    aside
}

/// `— 3 —`, `第3页`, `第3页共12页`, `3/12`.
fn is_page_number(line: &str) -> bool {
    let signs: Vec<char> = signs(line).chars().collect();
    let (Some(first), Some(last)) = (signs.first(), signs.last()) else {
        return false;
    };
    let digits = |signs: &[char]| !signs.is_empty() && signs.iter().all(char::is_ascii_digit);
    let framed = signs.len() > 2 && digits(&signs[1..signs.len() - 1]);
    let marked = PAGE_MARKS
        .iter()
        .any(|(opens, closes)| opens.contains(first) && closes.contains(last) && framed);
    let mut halves = signs.split(|c| PAGE_OF.contains(c));
    let of = halves.clone().count() == 2
        && signs.len() <= 2 * MOST_DIGITS + PAGE.len() + 1
        && halves.all(|half| {
            let half: Vec<char> = half.iter().copied().filter(|c| !PAGE.contains(c)).collect();
            digits(&half)
        });
    marked || of
}

/// A line without white space.
fn signs(line: &str) -> String {
    line.chars()
        .filter(|c| !is_space(*c) && !is_invisible(*c))
        .collect()
}

/// A line without white space and digits.
fn key(line: &str) -> String {
    line.chars()
        .filter(|c| !is_space(*c) && !is_invisible(*c) && !c.is_numeric())
        .collect()
}
