//! A typed number: taken, refused, or questioned once because it is odd.

use rust_decimal::Decimal;

use super::draft::{Draft, Odd, Oddity, Purpose};
use super::flow;
use super::say::Note;
use crate::conversation::number::{self, Expected, Reading};
use crate::ledger::TaskView;
use crate::plan::{Comparator, Indicator, IndicatorKind};

/// From this factor on a change is questioned.
const TENFOLD: Decimal = Decimal::TEN;

/// What came of a typed number.
pub(super) enum Taken {
    /// It stands in the draft.
    Value,
    /// It waits in the draft for its confirmation.
    Questioned,
    /// Refused.
    Refused(Note),
}

/// Reads a typed number into the draft.
pub(super) fn take(draft: &mut Draft, view: &TaskView<'_>, typed: &str) -> Taken {
    let Some(indicator) = view.indicator else {
        return Taken::Refused(Note::UseButtons);
    };
    let last = last_value(draft, view);
    let expected = Expected {
        unit: &indicator.unit_of_measure,
        target: indicator.target,
        last,
        negative: indicator.base_year.is_some(),
    };
    match number::read(typed, &expected) {
        Reading::Accepted(value) => accepted(draft, indicator, last, typed, value),
        Reading::Ambiguous(ambiguity) => {
            draft.odd = Some(Odd {
                typed: ambiguity.typed,
                readings: ambiguity.readings,
                why: Oddity::Unsure(ambiguity.why),
            });
            Taken::Questioned
        }
        Reading::Refused(refusal) => Taken::Refused(Note::Refused(refusal)),
    }
}

/// One of the readings offered was picked: what may have meant two things is now held against the last value and the target.
pub(super) fn pick(draft: &mut Draft, view: &TaskView<'_>, index: usize) -> Option<Taken> {
    let odd = draft.odd.clone()?;
    let value = *odd.readings.get(index)?;
    let Some(indicator) = view.indicator else {
        settle(draft, value);
        return Some(Taken::Value);
    };
    let last = last_value(draft, view);
    Some(accepted(draft, indicator, last, &odd.typed, value))
}

fn accepted(
    draft: &mut Draft,
    indicator: &Indicator,
    last: Option<Decimal>,
    typed: &str,
    value: Decimal,
) -> Taken {
    let asked_already = draft
        .odd
        .as_ref()
        .is_some_and(|odd| odd.is_confirmed_by(value));
    match oddity(draft, indicator, last, value).filter(|_| !asked_already) {
        Some(why) => {
            draft.odd = Some(Odd {
                typed: typed.trim().to_owned(),
                readings: vec![value],
                why,
            });
            Taken::Questioned
        }
        None => {
            settle(draft, value);
            Taken::Value
        }
    }
}

/// Puts a value into the draft; whatever was questioned is settled.
fn settle(draft: &mut Draft, value: Decimal) {
    draft.odd = None;
    draft.answers.value = Some(value.normalize());
}

/// The value a new one is held against: the newest, or for a correction the one before the corrected.
fn last_value(draft: &Draft, view: &TaskView<'_>) -> Option<Decimal> {
    let Purpose::Correction(of) = draft.purpose else {
        return view.actual();
    };
    let mut newest_first = view.reports.iter().rev();
    newest_first.by_ref().find(|filed| filed.seq == of)?;
    newest_first.find_map(|filed| flow::answers_of(filed).value)
}

fn oddity(
    draft: &Draft,
    indicator: &Indicator,
    last: Option<Decimal>,
    value: Decimal,
) -> Option<Oddity> {
    let jumped = last.filter(|last| tenfold(*last, value));
    let fell = last.filter(|last| indicator.kind == IndicatorKind::Stock && value < *last);
    let same = last.filter(|last| *last == value && draft.purpose == Purpose::Report);
    jumped
        .map(Oddity::Tenfold)
        .or_else(|| fell.map(Oddity::Fell))
        .or_else(|| past_target(indicator, last, value).map(Oddity::PastTarget))
        .or_else(|| same.map(|_| Oddity::Same))
}

fn tenfold(last: Decimal, value: Decimal) -> bool {
    let (last, value) = (last.abs(), value.abs());
    if last.is_zero() || value.is_zero() {
        return false;
    }
    let times = |small: Decimal, large: Decimal| {
        small
            .checked_mul(TENFOLD)
            .is_some_and(|limit| large >= limit)
    };
    times(last, value) || times(value, last)
}

/// By how much a value has passed the target since the last one.
fn past_target(indicator: &Indicator, last: Option<Decimal>, value: Decimal) -> Option<Decimal> {
    match indicator.comparator {
        Comparator::AtMost => return None,
        Comparator::Above | Comparator::AtLeast | Comparator::Exactly | Comparator::About => {}
    }
    let target = indicator.target?;
    let was_past = last.is_some_and(|last| last > target);
    (value > target && !was_past).then(|| value - target)
}
