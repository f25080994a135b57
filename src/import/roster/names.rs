//! Names of people and where their posts begin and end.

use std::ops::Range;

use super::Reader;
use super::vocabulary::{DOUBLE_SURNAMES, NAME_DOT, NO_PERSON, POST_STARTS, SURNAMES, TITLES};
use crate::import::outline::vocabulary::{DEPUTY, PLACES};
use crate::import::text::Gap;
use crate::import::unit::begins_known;
use crate::import::vocabulary::{BRACKETS, COMMA, LIST, SEMICOLON, STOP, is_han};
use crate::import::{ends_with, starts_with};

/// Longest first part of a name of another people, in signs.
const MOST_DOTTED: usize = 6;

impl Reader<'_> {
    /// The length of a name that is followed by the next post, a separator or the end.
    pub(super) fn closed_name(&self, at: usize, to: usize) -> Option<usize> {
        let closed = |length: &usize| {
            let end = at + length;
            end <= to
                && self.is_name(at..end)
                && (end == to || self.is_separator(end) || self.begins_post(end, to))
        };
        name_lengths(&self.text.chars[at..to])
            .iter()
            .copied()
            .find(closed)
    }

    /// Whether a post may end here: behind a title, or a bracket behind one.
    pub(super) fn ends_title(&self, from: usize, at: usize) -> bool {
        let run = &self.text.chars[from..at];
        if run.last().is_some_and(|last| BRACKETS[0].1 == *last) {
            return run
                .iter()
                .rposition(|c| *c == BRACKETS[0].0)
                .is_some_and(|open| open > 0 && self.ends_title(from, from + open));
        }
        TITLES.iter().any(|title| ends_with(run, title))
    }

    pub(super) fn begins_person(&self, at: usize, to: usize) -> bool {
        let run = &self.text.chars[at..to];
        let dotted = || run.iter().take(MOST_DOTTED).position(|c| *c == NAME_DOT);
        let called = is_surname(run)
            || dotted().is_some_and(|dot| dot >= 2 && run[..dot].iter().all(|c| is_han(*c)));
        at < to && called && self.name_at(at, to).is_some()
    }

    /// The length of a name that a post follows, in brackets or bare.
    pub(super) fn name_at(&self, at: usize, to: usize) -> Option<usize> {
        let followed = |length: &usize| {
            let end = at + length;
            end < to
                && self.is_name(at..end)
                && (self.text.chars[end] == BRACKETS[0].0 || self.begins_post(end, to))
        };
        if !is_surname(&self.text.chars[at..to]) {
            return self.dotted_name(at, to);
        }
        name_lengths(&self.text.chars[at..to])
            .iter()
            .copied()
            .find(followed)
            .or_else(|| self.dotted_name(at, to))
    }

    /// A name of another people, with a dot inside.
    pub(super) fn dotted_name(&self, at: usize, to: usize) -> Option<usize> {
        let run = &self.text.chars[at..to.min(at + 14)];
        let dot = run.iter().position(|c| *c == NAME_DOT)?;
        (dot + 2..run.len()).find(|length| {
            self.begins_own_post(at + length, to) || self.text.chars[at + length] == BRACKETS[0].0
        })
    }

    /// A rare surname: where a space parts two to four signs from what can only be a post.
    pub(super) fn spaced_name(&self, at: usize, to: usize) -> Option<usize> {
        (2..=4).find(|length| {
            let end = at + length;
            end < to
                && self.is_name(at..end)
                && self.text.gaps[end] >= Gap::Space
                && self.begins_post(end, to)
        })
    }

    pub(super) fn begins_post(&self, at: usize, to: usize) -> bool {
        self.begins_own_post(at, to) || begins_elsewhere(&self.text.chars[at..to])
    }

    pub(super) fn begins_own_post(&self, at: usize, to: usize) -> bool {
        let run = &self.text.chars[at..to];
        let town = self
            .place
            .strip_suffix(|c: char| PLACES.contains(&c))
            .unwrap_or(self.place);
        let placed = town.chars().count() > 1 && starts_with(run, town);
        placed || POST_STARTS.iter().any(|word| starts_with(run, word)) || begins_known(run)
    }

    pub(super) fn is_name(&self, range: Range<usize>) -> bool {
        let called = |c: &char| is_han(*c) && *c != DEPUTY;
        let run = &self.text.chars[range];
        (2..=4).contains(&run.len())
            && run.iter().all(called)
            && !NO_PERSON.iter().any(|word| starts_with(run, word))
    }

    pub(super) fn is_separator(&self, at: usize) -> bool {
        [LIST, COMMA, SEMICOLON, STOP].contains(&self.text.chars[at])
    }
}

/// A unit of another place, which nearly always has two signs before its last: 威海市生态环境局乳山分局.
fn begins_elsewhere(run: &[char]) -> bool {
    let placed = run.get(2).is_some_and(|c| PLACES.contains(c));
    placed && run[..2].iter().all(|c| is_han(*c)) && begins_known(&run[3..])
}

pub(super) fn is_surname(run: &[char]) -> bool {
    run.first().is_some_and(|c| SURNAMES.contains(*c))
        || DOUBLE_SURNAMES.iter().any(|name| starts_with(run, name))
}

/// Lengths a name may have, likeliest first.
pub(super) fn name_lengths(run: &[char]) -> &'static [usize] {
    if DOUBLE_SURNAMES.iter().any(|name| starts_with(run, name)) {
        &[3, 4, 2]
    } else {
        &[2, 3]
    }
}
