//! Whose help is needed (需协调): a unit of the plan picked or named, and what it shall do.

use super::answer::{self, Outcome};
use super::draft::{Draft, Step};
use super::vocabulary::AFTER_UNIT;
use crate::ledger::{Frame, TaskView};
use crate::plan::{Unit, UnitId};

/// Units offered as buttons; three rows of a phone.
const MOST_OFFERED: usize = 6;

/// A unit's name inside a sentence has at least so many characters.
const LEAST_NAME: usize = 3;

/// The units that stand under the task's measure, without the one that files it; the one named last time first.
pub(super) fn offered(frame: &Frame, view: &TaskView<'_>) -> Vec<UnitId> {
    let last = view
        .last_report()
        .and_then(|filed| filed.report.support_needed.as_ref())
        .and_then(|need| need.unit.clone());
    let measure = view.task.measure.as_ref();
    let measure = measure.and_then(|id| frame.plan.measure(id));
    let under = measure
        .map(|measure| measure.lead_units.iter().chain(&measure.responsible_units))
        .into_iter()
        .flatten()
        .cloned();
    let mut offered: Vec<UnitId> = Vec::new();
    for unit in last.into_iter().chain(under) {
        if Some(&unit) != view.filing_unit.as_ref() && !offered.contains(&unit) {
            offered.push(unit);
        }
    }
    offered.truncate(MOST_OFFERED);
    offered
}

/// A unit was picked: what it shall do is asked next.
pub(super) fn pick(draft: &mut Draft, index: u8) -> Outcome {
    let Some(unit) = draft.offered.get(usize::from(index)) else {
        return Outcome::Stale;
    };
    draft.answers.support_unit = Some(unit.clone());
    draft.answers.support = None;
    Outcome::To(Step::SupportWhat)
}

/// Words that may name a unit, and what it shall do.
pub(super) fn take(draft: &mut Draft, frame: &Frame, text: &str) -> Outcome {
    if let Some(unit) = frame.plan.find_unit(text) {
        draft.answers.support_unit = Some(unit.id.clone());
        draft.answers.support = None;
        return Outcome::To(Step::SupportWhat);
    }
    let (unit, what) = match leading_unit(frame, text) {
        Some((unit, what)) => (Some(unit), what),
        None => (named_inside(frame, text), text),
    };
    draft.answers.support_unit = unit.map(|unit| unit.id.clone());
    draft.answers.support = Some(answer::new_words(what));
    Outcome::Advance
}

/// 市供电公司：接电.
fn leading_unit<'f, 't>(frame: &'f Frame, text: &'t str) -> Option<(&'f Unit, &'t str)> {
    let (name, what) = text.split_once(AFTER_UNIT)?;
    let what = what.trim_start_matches(AFTER_UNIT);
    let unit = frame.plan.find_unit(name)?;
    (!what.is_empty()).then_some((unit, what))
}

/// The unit with the longest name that stands somewhere in the text.
fn named_inside<'f>(frame: &'f Frame, text: &str) -> Option<&'f Unit> {
    let names = |unit: &'f Unit| {
        let all = [&unit.name, &unit.short_name]
            .into_iter()
            .chain(&unit.aliases);
        all.filter(|name| name.chars().count() >= LEAST_NAME)
            .filter(|name| text.contains(name.as_str()))
            .map(|name| name.chars().count())
            .max()
    };
    let found = frame
        .plan
        .units
        .iter()
        .filter_map(|unit| Some((names(unit)?, unit)));
    found
        .max_by_key(|(length, _)| *length)
        .map(|(_, unit)| unit)
}
