//! What the office's own words hold: the day a pause ends, the facts a settlement sets.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::conversation::date::{self, Toward};
use crate::conversation::number::{self, Expected, Reading};
use crate::conversation::vocabulary::{LOOSE_SIGNS, UNTIL};
use crate::plan::{Doubt, DoubtSubject, Plan, Sets, UnitId};

/// Longest name of a unit that is looked for inside a sentence, in characters.
const MOST_UNIT_NAME: usize = 24;

/// A reason and the day behind it: 系统升级 至12月10日.
pub(super) fn reason_and_day(words: &str, today: NaiveDate) -> (String, Option<NaiveDate>) {
    let words = words.trim();
    let read = |text: &str| {
        let text = text.trim_matches(|c: char| c.is_whitespace() || LOOSE_SIGNS.contains(&c));
        date::read(text, today, Toward::Future)
    };
    let until = UNTIL
        .iter()
        .filter_map(|word| words.rfind(word).map(|at| (at, word.len())))
        .filter_map(|(at, length)| Some((at, read(&words[at + length..])?)))
        .min_by_key(|(at, _)| *at);
    let last_word = || {
        let at = words.rfind(char::is_whitespace)?;
        Some((at, read(&words[at..])?))
    };
    let alone = || Some((0, read(words)?));
    let (reason, day) = match until.or_else(last_word).or_else(alone) {
        Some((at, day)) => (&words[..at], Some(day)),
        None => (words, None),
    };
    let loose = |c: char| c.is_whitespace() || LOOSE_SIGNS.contains(&c);
    (reason.trim_matches(loose).to_owned(), day)
}

/// The facts that words on a doubt set: only of the kinds its proposal sets, and only what can be read without guessing.
pub(super) fn facts_in(plan: &Plan, doubt: &Doubt, words: &str, today: NaiveDate) -> Sets {
    let proposed = &doubt.sets;
    let filing_lead = proposed.filing_lead.as_ref().and(unit_in(plan, words));
    let due = proposed
        .due
        .and_then(|_| date_in(words, today, plan.task_force.starts));
    let baseline = proposed.baseline.and(baseline_in(plan, doubt, words));
    Sets {
        filing_lead,
        due,
        baseline,
        target: None,
    }
}

/// A day ahead, or any from the plan's start on.
fn date_in(words: &str, today: NaiveDate, starts: NaiveDate) -> Option<NaiveDate> {
    date::read(words, today, Toward::Future)
        .or_else(|| date::find_ahead(words, today))
        .or_else(|| date::find_ahead(words, starts))
}

fn baseline_in(plan: &Plan, doubt: &Doubt, words: &str) -> Option<Decimal> {
    let DoubtSubject::Indicator(task) = &doubt.about else {
        return None;
    };
    let indicator = plan.indicator(task)?;
    let expected = Expected {
        unit: &indicator.unit_of_measure,
        target: indicator.target,
        last: None,
        negative: false,
    };
    match number::read(words, &expected) {
        Reading::Accepted(value) => Some(value),
        Reading::Ambiguous(_) | Reading::Refused(_) => None,
    }
}

/// The one unit a sentence names; none when it names two.
fn unit_in(plan: &Plan, words: &str) -> Option<UnitId> {
    let starts: Vec<usize> = words.char_indices().map(|(at, _)| at).collect();
    let mut named: BTreeSet<UnitId> = BTreeSet::new();
    let mut from = 0;
    while from < starts.len() {
        match unit_at(plan, words, &starts, from) {
            Some((unit, until)) => {
                named.insert(unit);
                from = until;
            }
            None => from += 1,
        }
    }
    let mut named = named.into_iter();
    match (named.next(), named.next()) {
        (Some(unit), None) => Some(unit),
        (None | Some(_), _) => None,
    }
}

/// The unit with the longest name that begins at a character, and the character behind it.
fn unit_at(plan: &Plan, words: &str, starts: &[usize], from: usize) -> Option<(UnitId, usize)> {
    let most = (from + MOST_UNIT_NAME).min(starts.len());
    (from + 2..=most).rev().find_map(|until| {
        let end = starts.get(until).copied().unwrap_or(words.len());
        let unit = plan.find_unit(&words[starts[from]..end])?;
        Some((unit.id.clone(), until))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::testing;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_reason_is_told_from_the_day_behind_it() {
        let today = day(2026, 11, 23);
        let until = Some(day(2026, 12, 10));
        for typed in [
            "系统升级 至12月10日",
            "系统升级至12月10日",
            "系统升级，至2026-12-10。",
            "系统升级（至12月10号）",
            "系统升级 12月10日",
            "系统升级 截至12月10日",
        ] {
            let read = reason_and_day(typed, today);
            assert_eq!(read, ("系统升级".to_owned(), until), "{typed}");
        }
        let cases = [
            ("人员到位前暂不发送", "人员到位前暂不发送", None),
            ("至12月10日", "", until),
            ("", "", None),
            ("上级检查至11月1日", "上级检查", Some(day(2026, 11, 1))),
        ];
        for (typed, reason, day) in cases {
            assert_eq!(reason_and_day(typed, today), (reason.to_owned(), day));
        }
    }

    #[test]
    fn words_name_one_unit_or_none() {
        let plan = testing::frame().plan;
        let unit = |words| unit_in(&plan, words).map(|id| id.to_string());
        assert_eq!(unit("由市住建局汇总后填报"), Some("zjj".to_owned()));
        assert_eq!(unit("住建局"), Some("zjj".to_owned()));
        assert_eq!(unit("由市住建局和市商务局共同填报"), None);
        assert_eq!(unit("另行研究"), None);
    }

    #[test]
    fn words_set_only_what_the_proposal_would_set() {
        let plan = testing::frame().plan;
        let today = day(2026, 11, 23);
        let doubt = |id: &str| plan.doubts.iter().find(|it| it.id.as_str() == id).unwrap();
        let sets = facts_in(&plan, doubt("g-1-lead"), "由市住建局在12月底前填报", today);
        assert_eq!(sets.filing_lead, Some(UnitId::new("zjj")));
        assert_eq!(sets.due, None);
        let sets = facts_in(&plan, doubt("g-3-twice"), "由市住建局填报", today);
        assert_eq!(sets, Sets::default());
    }
}
