//! A short name for a target out of the words around its number.

use super::items::Item;
use super::vocabulary::{
    AND_SO_ON, DONE, HEADS, IN_PLACE, NO_HEADS, NOUN_ENDS, PARTED, PARTERS, SHORTER, TAILS, VERBS,
};
use crate::import::clause::without_brackets;
use crate::import::vocabulary::{COLON, COMMA, DASH, LIST};
use crate::import::{ends_with, find_word, starts_with};

/// Longest name; a plan file takes no longer one.
const MOST_NAME: usize = 16;
/// Fewer signs name nothing.
const LEAST_NAME: usize = 2;

/// The name of a number's target, and whether it had to be cut. `suffix` is a change: 增长.
pub(super) fn of(item: &Item, suffix: &str) -> (String, bool) {
    let mut words = without_tails(trimmed(&item.before));
    let counted_first =
        words.len() < LEAST_NAME || VERBS.iter().any(|verb| ends_with(&words, verb));
    if counted_first {
        words.extend(noun(&item.behind));
    }
    let named = bare(&words).len();
    if let Some(verb) = item
        .verb
        .filter(|verb| !starts_with(bare(&words), verb) && named >= LEAST_NAME && suffix.is_empty())
    {
        words = verb.chars().chain(bare(&words).iter().copied()).collect();
    }
    // 2025年处置1500亩 behind 2024年处置闲置土地1000亩 counts the same thing.
    let verb_alone = VERBS
        .iter()
        .find(|verb| bare(&words).iter().copied().eq(verb.chars()));
    let mut borrowed = named == 0;
    if let Some(previous) = &item.previous {
        if named == 0 {
            words = previous.chars().collect();
        } else if verb_alone.is_some_and(|verb| previous.starts_with(verb)) {
            words = previous.chars().collect();
            borrowed = false;
        }
    }
    let (name, cut) = short(&words, suffix.chars().count());
    (name + suffix, cut || borrowed)
}

/// Words without signs at their ends.
fn trimmed(words: &[char]) -> &[char] {
    let sign = |c: &char| [LIST, COMMA, COLON, DASH].contains(c) || PARTED.contains(c);
    let from = words.iter().position(|c| !sign(c)).unwrap_or(words.len());
    let to = words
        .iter()
        .rposition(|c| !sign(c))
        .map_or(from, |at| at + 1);
    &words[from..to]
}

/// The name of a milestone.
pub(super) fn of_milestone(words: &[char]) -> (String, bool) {
    let mut said: String = words.iter().collect();
    if bare(words).len() > MOST_NAME {
        for (long, shorter) in SHORTER {
            said = said.replace(long, shorter);
        }
    }
    short(&said.chars().collect::<Vec<_>>(), 0)
}

/// Whether words say that something is finished, and nothing else.
pub(super) fn is_done(words: &[char]) -> bool {
    let said: String = bare(words).iter().filter(|c| **c != COMMA).collect();
    DONE.contains(&said.as_str()) || said == IN_PLACE
}

/// Words without those that say nothing about what is counted.
pub(super) fn bare(words: &[char]) -> &[char] {
    let mut words = words;
    while let Some(head) = HEADS.iter().find(|head| starts_with(words, head)) {
        let rest = &words[head.chars().count()..];
        if rest.len() < LEAST_NAME || NO_HEADS.iter().any(|name| starts_with(words, name)) {
            break;
        }
        words = rest;
    }
    words
}

fn without_tails(words: &[char]) -> Vec<char> {
    let mut words = words;
    while let Some(tail) = TAILS
        .iter()
        .filter(|tail| ends_with(words, tail))
        .max_by_key(|tail| tail.len())
    {
        words = &words[..words.len() - tail.chars().count()];
    }
    words.to_vec()
}

/// What is counted, where it stands behind the number.
fn noun(behind: &[char]) -> Vec<char> {
    let end = NOUN_ENDS
        .iter()
        .filter_map(|word| find_word(behind, word))
        .min();
    let end = end.unwrap_or(behind.len()).min(
        behind
            .iter()
            .position(|c| *c == LIST || *c == COMMA)
            .unwrap_or(behind.len()),
    );
    behind[..end].to_vec()
}

/// At most [`MOST_NAME`] signs together with so many more, and whether any had to go.
fn short(words: &[char], more: usize) -> (String, bool) {
    let words = without_brackets(words);
    let mut words = bare(&words);
    if words.contains(&LIST)
        && let Some((at, length)) = AND_SO_ON
            .iter()
            .find_map(|word| Some((find_word(words, word)?, word.chars().count())))
        && words.len() - at - length > LEAST_NAME
    {
        words = &words[at + length..];
    }
    let most = MOST_NAME.saturating_sub(more);
    let cut = words.len() > most;
    if cut {
        let least = words.len() - most;
        let parted = (least..words.len() - LEAST_NAME).find(|at| PARTERS.contains(&words[at - 1]));
        words = &words[parted
            .filter(|at| words.len() - at >= most / 2)
            .unwrap_or(least)..];
    }
    (trimmed(words).iter().collect(), cut)
}
