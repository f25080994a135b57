//! Names of units in a list: where one ends and the next begins, and what is no name.

use super::vocabulary::{
    GLUED_ENDS, HALF_NAME, HALF_OF, JOINS, LEAD_MARKS, LEVEL_NAMES, NO_GLUED, NO_NAMES,
    NOT_IN_NAMES, UNIT_ENDS,
};
use super::{MOST_NAME, contains, split_outside};
use crate::import::unit::begins_known;
use crate::import::vocabulary::{BRACKETS, COLON, COMMA, LIST, SEMICOLON, STOP};
use crate::import::{ends_with, longest, starts_with};

/// The names of a list.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Names of units.
    pub units: Vec<String>,
    /// Of these, the ones that lead by a mark behind them: 县住建局（牵头）.
    pub leads: Vec<String>,
    /// What is none.
    pub odd: Vec<String>,
}

/// The names of a list.
pub(super) fn names(run: &[char]) -> Names {
    let mut names = Names::default();
    for part in split_outside(run, |c| c == LIST || c == COMMA)
        .into_iter()
        .flat_map(split_at_joins)
        .flat_map(split_glued)
    {
        let (part, marked) = unmarked(part);
        let name: String = part.iter().collect();
        if name.is_empty() {
            continue;
        }
        let half = name == HALF_NAME
            && names
                .units
                .last()
                .is_some_and(|last| HALF_OF.iter().any(|end| last.ends_with(end)));
        if let (true, Some(last)) = (half, names.units.last_mut()) {
            last.push(LIST);
            last.push_str(&name);
        } else if !is_unit(part) {
            names.odd.push(name);
        } else if marked {
            names.leads.push(name);
        } else {
            names.units.push(name);
        }
    }
    names
}

/// A name without the mark of who leads, and whether it has one.
fn unmarked(part: &[char]) -> (&[char], bool) {
    let inner = part
        .iter()
        .rposition(|c| *c == BRACKETS[0].0)
        .filter(|open| *open > 0 && part.last() == Some(&BRACKETS[0].1))
        .map(|open| {
            (
                open,
                part[open + 1..part.len() - 1].iter().collect::<String>(),
            )
        });
    match inner {
        Some((open, inner)) if LEAD_MARKS.contains(&inner.as_str()) => (&part[..open], true),
        Some(_) | None => (part, false),
    }
}

/// Splits 市教育局和市财政局 and not 市教育和体育局: a join counts only behind the end of a name.
fn split_at_joins(run: &[char]) -> Vec<&[char]> {
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 1);
    while at < run.len() {
        let join = longest(&run[at..], &JOINS).filter(|length| {
            let (before, after) = (&run[from..at], &run[at + length..]);
            before.len() > 2 && is_unit(before) && is_unit(after)
        });
        match join {
            Some(length) => {
                parts.push(&run[from..at]);
                from = at + length;
                at = from + 1;
            }
            None => at += 1,
        }
    }
    parts.push(&run[from..]);
    parts
}

/// Splits names that only a space parted, as in 市水务局市统计局: behind 局 nobody's name goes on with a level or another bureau.
fn split_glued(run: &[char]) -> Vec<&[char]> {
    let (mut parts, mut from) = (Vec::new(), 0);
    for at in 3..run.len().saturating_sub(2) {
        let (before, after) = (&run[from..at.max(from)], &run[at..]);
        let ended = before.len() > 2
            && GLUED_ENDS.iter().any(|end| ends_with(before, end))
            && !NO_GLUED.iter().any(|end| ends_with(before, end));
        if ended && begins_name(after) && is_unit(after) && is_unit(before) {
            parts.push(before);
            from = at;
        }
    }
    parts.push(&run[from..]);
    parts
}

/// Whether a name of a county's own begins here.
pub(super) fn begins_name(run: &[char]) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| starts_with(run, word));
    begins_known(run) || (begins(&LEVEL_NAMES) && !begins(&NO_NAMES))
}

/// Whether a run can be the name of a unit.
pub(in crate::import) fn is_unit(run: &[char]) -> bool {
    let bare = without_brackets(run);
    let named = UNIT_ENDS.iter().any(|end| ends_with(&bare, end));
    named
        && bare.len() > 1
        && run.len() <= MOST_NAME
        && !NOT_IN_NAMES.iter().any(|word| contains(run, word))
        && !run.iter().any(|c| [STOP, COLON, SEMICOLON].contains(c))
}

/// A name without what stands in brackets behind it: 各镇（街道） is 各镇.
pub(in crate::import) fn without_brackets(run: &[char]) -> Vec<char> {
    let mut depth = 0_usize;
    let mut bare = Vec::with_capacity(run.len());
    for c in run {
        if BRACKETS.iter().any(|(open, _)| open == c) {
            depth += 1;
        } else if BRACKETS.iter().any(|(_, close)| close == c) {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            bare.push(*c);
        }
    }
    bare
}
