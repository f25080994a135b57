//! Rules for all measures: who takes part in each without being named again, and whether the first of a list leads.

use super::closing::LEADS;
use super::names::names;
use super::vocabulary::{
    AROUND_EVERYWHERE, EVERYWHERE_FIRST, FIRST_OF_LIST, FROM_HERE, NO_MORE, NOT_AGAIN, VERBS,
};
use super::{Clause, LEAD_VERBS, MOST_NAME, contains};
use crate::import::text::Text;
use crate::import::vocabulary::{COMMA, STOP};
use crate::import::{find, find_word, longest, starts_with};

/// Longest sentence of a rule before its last words, in signs.
const MOST_BEFORE: usize = 240;

/// The words 不再一一列出 in their many forms, at the start of a run.
fn not_again(run: &[char]) -> Option<usize> {
    let rest = run.get(NO_MORE.0.chars().count()..)?;
    if !starts_with(run, NO_MORE.0) {
        return None;
    }
    let one_by_one = longest(rest, &NO_MORE.1).unwrap_or(0);
    let listed = longest(&rest[one_by_one..], &NO_MORE.2)?;
    Some(NO_MORE.0.chars().count() + one_by_one + listed)
}

/// Whether a sentence says that somebody is not named again.
pub(super) fn says_not_again(sentence: &[char]) -> bool {
    (0..sentence.len()).any(|at| not_again(&sentence[at..]).is_some())
}

/// Whether a part says that the first of a list leads: 排第一位的为牵头单位.
pub(super) fn first_leads(part: &[char]) -> bool {
    contains(part, LEAD_VERBS[LEADS]) && FIRST_OF_LIST.iter().any(|word| contains(part, word))
}

/// Where the rule begins inside its sentence.
fn first_word(sentence: &[char]) -> usize {
    let words = EVERYWHERE_FIRST.iter();
    words
        .filter_map(|word| find_word(sentence, word))
        .min()
        .unwrap_or(0)
}

/// 以下任务均需各镇街落实，不再一一列出.
pub(super) fn everywhere(sentence: &[char], clause: &mut Clause) {
    let sentence = &sentence[first_word(sentence)..];
    let end = (0..sentence.len())
        .find(|at| not_again(&sentence[*at..]).is_some())
        .unwrap_or(sentence.len());
    let mut said: String = sentence[..end].iter().collect();
    clause.from_here = said.contains(FROM_HERE);
    for words in NOT_AGAIN.iter().chain(&AROUND_EVERYWHERE).chain(&VERBS) {
        said = said.replace(words, "\u{0}");
    }
    for part in said.split(['\u{0}', COMMA]) {
        let found = names(&part.chars().collect::<Vec<_>>());
        for unit in found.leads.into_iter().chain(found.units) {
            if !clause.everywhere.contains(&unit) {
                clause.everywhere.push(unit);
            }
        }
        let odd = found.odd.into_iter().filter(|odd| odd.chars().count() > 1);
        clause.everywhere_odd.extend(odd);
    }
}

/// Rules that stand in the text by themselves, with where they stand.
pub(in crate::import) fn rules(text: &Text, clauses: &[Clause]) -> Vec<Clause> {
    let mut found = Vec::new();
    let mut at = 0;
    let first: Vec<char> = NO_MORE.0.chars().collect();
    while let Some(next) = find(&text.chars[at..], &first) {
        at += next;
        let clause = clauses.partition_point(|clause| clause.range.end <= at);
        let known = clauses
            .get(clause)
            .is_some_and(|clause| clause.range.contains(&at));
        if known || not_again(&text.chars[at..]).is_none() {
            at += first.len();
            continue;
        }
        let least = at.saturating_sub(MOST_BEFORE);
        let most = text.chars.len().min(at + MOST_NAME);
        let from = (least..at)
            .rev()
            .find(|at| text.chars[*at] == STOP)
            .map_or(least, |at| at + 1);
        let to = (at..most)
            .find(|at| text.chars[*at] == STOP)
            .unwrap_or(most);
        let from = from + first_word(&text.chars[from..to]);
        let mut rule = Clause {
            range: from..to,
            ..Clause::default()
        };
        everywhere(&text.chars[from..to], &mut rule);
        if !rule.everywhere.is_empty() || !rule.everywhere_odd.is_empty() {
            found.push(rule);
        }
        at = to;
    }
    found
}

/// Where the text says that the first of a list leads, outside its clauses.
pub(in crate::import) fn first_leads_at(text: &Text) -> Option<std::ops::Range<usize>> {
    FIRST_OF_LIST.iter().find_map(|word| {
        let mut from = 0;
        while let Some(found) = find_word(&text.chars[from..], word) {
            let at = from + found;
            from = at + word.chars().count();
            let most = text.chars.len().min(from + MOST_NAME);
            let to = (from..most)
                .find(|at| text.chars[*at] == STOP || text.chars[*at] == COMMA)
                .unwrap_or(most);
            if first_leads(&text.chars[at..to]) {
                return Some(at..to);
            }
        }
        None
    })
}
