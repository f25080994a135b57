//! Responsibility clauses with neither label nor bracket, at the end of a paragraph or on a line of their own:
//! 由A牵头，B、C配合。
//!
//! Prose speaks of units too, so a whole sentence must be a clause and nothing else, whoever leads must be named as a unit
//! of some level or by a name that every county knows, and the paragraph must end there.

use std::ops::Range;

use super::names::begins_name;
use super::vocabulary::{ANYBODY, MAINLY, OPENINGS, SURE_ENDS};
use super::{Clause, LEAD_VERBS, contains, is_unit, read, tail_of_clause};
use crate::import::outline::begins_part;
use crate::import::text::{Gap, Text};
use crate::import::vocabulary::{BRACKETS, COLON, COMMA, ENDS, STOP};
use crate::import::{ends_with, find_word, longest, starts_with};

/// The plain word among those that make a unit the leading one.
pub(super) const LEADS: usize = 6;
/// Longest clause of this kind, in signs.
const MOST_CLOSING: usize = 240;

/// A clause that begins here.
pub(super) fn closing(text: &Text, at: usize, pairs: &[Option<usize>]) -> Option<Clause> {
    let before = at.checked_sub(1).map(|at| text.chars[at]);
    let opened = longest(&text.chars[at..], &OPENINGS).is_some();
    let own = text.gaps[at] >= Gap::Line || before.is_none_or(|c| ENDS.contains(&c));
    let told = opened && before == Some(COMMA);
    if !own && !told {
        return None;
    }
    let end = end(text, at, pairs)?;
    let run = &text.chars[at..end];
    if !tail_of_clause(run) || run.contains(&COLON) {
        return None;
    }
    let mainly = mainly(run);
    let run = mainly.as_deref().unwrap_or(run);
    let mut clause = read(run);
    let named = |names: &[String]| {
        names
            .iter()
            .all(|name| is_certain(&name.chars().collect::<Vec<_>>()))
    };
    let sure = if clause.leads.is_empty() {
        // 由A负责 behind a comma is said of something in the sentence: 所需经费，由A负责.
        own && named(&clause.responsible)
    } else {
        named(&clause.leads)
    };
    let whole = clause.odd.is_empty() && clause.everywhere.is_empty() && !clause.is_empty();
    if !whole || !sure || repeated_verb(run) {
        return None;
    }
    let after = end + usize::from(text.chars.get(end) == Some(&STOP));
    clause.range = at..after;
    clause.bare = true;
    Some(clause)
}

/// The unit that a part at the end of a paragraph says is in charge, in a measure that has no clause: …，由A负责。
/// It may be in charge of that part alone, so this is but a proposal.
pub(in crate::import) fn in_charge(text: &Text, range: &Range<usize>) -> Option<Clause> {
    let starts = range.clone().rev().take(MOST_CLOSING);
    let mut starts = starts.filter(|at| {
        *at > range.start
            && text.chars[at - 1] == COMMA
            && longest(&text.chars[*at..range.end], &OPENINGS).is_some()
    });
    let at = starts.next()?;
    let mut end = range.end;
    while end > at && text.chars[end - 1] == STOP {
        end -= 1;
    }
    let run = &text.chars[at..end];
    if !tail_of_clause(run) || run.contains(&COLON) || run.contains(&STOP) {
        return None;
    }
    let mut clause = read(run);
    let whole = clause.odd.is_empty() && clause.leads.is_empty() && !clause.is_empty();
    clause.range = at..range.end;
    whole.then_some(clause)
}

/// Where the sentence ends, if its paragraph ends there too.
fn end(text: &Text, at: usize, pairs: &[Option<usize>]) -> Option<usize> {
    let to = text.chars.len().min(at + MOST_CLOSING);
    let mut end = at;
    while end < to {
        if end > at {
            let full = text.gaps[end] >= Gap::Line && tail_of_clause(&text.chars[at..end]);
            if full || begins_part(text, end) {
                return Some(end);
            }
        }
        let c = text.chars[end];
        if c == STOP {
            let after = end + 1;
            let paragraph = after == text.chars.len()
                || text.gaps[after] >= Gap::Line
                || begins_part(text, after);
            return paragraph.then_some(end);
        }
        let closes = BRACKETS.iter().any(|(_, close)| *close == c);
        if closes || (ENDS[1..3].contains(&c)) {
            return None;
        }
        end = pairs[end].filter(|close| *close < to).unwrap_or(end) + 1;
    }
    (end == text.chars.len()).then_some(end)
}

/// 以A为主，B参与 in the words of 由A牵头，B参与. Who does most is told by the others behind; alone it may be said of anything.
fn mainly(run: &[char]) -> Option<Vec<char>> {
    let rest = run.strip_prefix(&[MAINLY.0])?;
    let at = find_word(rest, MAINLY.1)?;
    let behind = &rest[at + MAINLY.1.chars().count()..];
    (behind.first() == Some(&COMMA)).then(|| {
        let verb = LEAD_VERBS[LEADS].chars();
        rest[..at]
            .iter()
            .copied()
            .chain(verb)
            .chain(behind.iter().copied())
            .collect()
    })
}

/// Whether a name is one that nobody but a unit has: 县财政局, 各镇（街道）, and not 龙头企业 or 县级医院.
pub(super) fn is_certain(name: &[char]) -> bool {
    is_unit(name)
        && !ANYBODY.iter().any(|word| contains(name, word))
        && (begins_name(name) || SURE_ENDS.iter().any(|end| ends_with(name, end)))
}

/// Two that lead are two matters: prose that tells who does what.
fn repeated_verb(run: &[char]) -> bool {
    let verb = LEAD_VERBS[LEADS];
    let count = (0..run.len())
        .filter(|at| starts_with(&run[*at..], verb))
        .count();
    count > 1
}
