//! `/terms 6-1`: the terms of one target as they stand, and how the office changes them: fact, new value, basis, preview. The old value stays on record.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::basis::{self, Pending};
use super::press::stamp_of;
use super::terms::TermsSay;
use super::{Event, OfficeSay, Turn, Waiting, own, tell_others};
use crate::calendar;
use crate::conversation::date::{self, Toward};
use crate::conversation::number::{self, Expected, Reading};
use crate::conversation::query::{MOST_CHOICES, find};
use crate::conversation::{Effect, Manner, Whom, group};
use crate::ledger::{Act, Phase, Settlement, Terms};
use crate::plan::{Fact, Hash, Indicator, PersonId, Sets, TaskId, UnitId};

/// A change of terms, as far as it has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Of which target.
    pub task: TaskId,
    /// Which fact.
    pub fact: Fact,
    /// What held when it was begun.
    pub before: Sets,
    /// Seq of the entry that came from; 0: it was published.
    pub since: u64,
    /// What shall hold; nothing before it was said.
    pub sets: Sets,
}

/// What is said of changes of terms.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangeSay {
    /// Nothing is called so.
    NotFound(String),
    /// Several are called so: which?
    Choose {
        /// As typed.
        typed: String,
        /// What may be meant.
        tasks: Vec<TaskId>,
        /// How many more.
        more: usize,
    },
    /// Only targets have terms of their own.
    NoTarget(TaskId),
    /// The terms of a target, with what can be changed.
    Card(TaskId),
    /// The alert: it is closed, ended, or no longer in the plan.
    Over(TaskId),
    /// The new value is asked for.
    ValueWanted {
        /// Of what.
        change: Change,
        /// What was published or settled first, to go back to.
        original: Sets,
        /// Units offered, of the target's measure.
        units: Vec<UnitId>,
    },
    /// What was typed cannot be it.
    Refused {
        /// Of what.
        change: Change,
        /// As typed.
        typed: String,
        /// What it may mean, where it means several things.
        readings: Vec<Decimal>,
    },
    /// It is what holds already.
    Same(Change),
    /// Old and new with the basis, to be confirmed.
    Preview {
        /// What.
        change: Change,
        /// On what basis, if any.
        basis: Option<String>,
    },
    /// Somebody changed it meanwhile; nothing was written.
    ChangedBefore(TaskId, Fact),
    /// It is changed, by whom.
    Changed {
        /// What.
        change: Change,
        /// On what basis, if any.
        basis: Option<String>,
        /// By whom.
        by: PersonId,
    },
}

/// Characters of what was typed that are repeated.
const MOST_REPEATED: usize = 20;

/// `/terms` with the item.
pub(super) fn start(turn: &mut Turn<'_, '_>, argument: &str) {
    let mut tasks = find::tasks_named(turn.context.frame, argument);
    let typed = find::cut(argument);
    let say = match tasks.len() {
        0 => ChangeSay::NotFound(typed),
        1 => card_of(turn, tasks.remove(0)),
        found => {
            tasks.truncate(MOST_CHOICES);
            let more = found - tasks.len();
            ChangeSay::Choose { typed, tasks, more }
        }
    };
    turn.tell_here(say.into());
}

fn card_of(turn: &Turn<'_, '_>, task: TaskId) -> ChangeSay {
    match turn.context.frame.plan.indicator(&task) {
        Some(_) => ChangeSay::Card(task),
        None => ChangeSay::NoTarget(task),
    }
}

/// The terms of a target in place of the pressed message.
pub(super) fn show(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId) {
    let say = card_of(turn, task);
    turn.show(event, say.into());
}

/// 改目标值 and its like.
pub(super) fn begin(turn: &mut Turn<'_, '_>, event: &Event, fact: Fact, task: TaskId) {
    let Some(terms) = open_terms(turn, &task) else {
        return turn.push(Effect::alert(ChangeSay::Over(task).into()));
    };
    let change = Change {
        before: terms.now.only(fact),
        since: terms.source(fact).seq(),
        sets: Sets::default(),
        task,
        fact,
    };
    if fact == Fact::Target && change.before.is_empty() {
        return group::on_unknown_press(turn);
    }
    ask_value(turn, Some(event), change);
}

/// The terms of a target that can still be changed.
fn open_terms<'a>(turn: &Turn<'a, '_>, task: &TaskId) -> Option<Terms<'a>> {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let today = calendar::date_of(turn.context.now);
    frame.plan.indicator(task)?;
    let view = frame.task_view(standing, task, today)?;
    match view.phase {
        Phase::Closed | Phase::Ended => None,
        Phase::Open | Phase::Baseline(_) | Phase::Frozen | Phase::Resting => {
            frame.terms(standing, task, today)
        }
    }
}

/// Waits for the new value and asks for it.
pub(super) fn ask_value(turn: &mut Turn<'_, '_>, event: Option<&Event>, change: Change) {
    let change = Change {
        sets: Sets::default(),
        ..change
    };
    let Some(terms) = open_terms(turn, &change.task) else {
        turn.state.waiting = None;
        return turn.tell_here(ChangeSay::Over(change.task).into());
    };
    let original = terms.changed_from(change.fact).unwrap_or_default();
    let units = match change.fact {
        Fact::FilingLead => units_near(turn, &change),
        Fact::Target | Fact::Due | Fact::Baseline => Vec::new(),
    };
    turn.state.waiting = Some(Waiting::TermsValue {
        change: change.clone(),
    });
    let say = ChangeSay::ValueWanted {
        change,
        original,
        units,
    };
    match event {
        Some(event) => turn.show(event, say.into()),
        None => turn.tell_here(say.into()),
    }
}

/// The leads and responsible units of the target's measure that have a filer, but the present one.
fn units_near(turn: &Turn<'_, '_>, change: &Change) -> Vec<UnitId> {
    let plan = &turn.context.frame.plan;
    let measure = plan
        .indicator(&change.task)
        .and_then(|it| it.measure.as_ref());
    let Some(measure) = measure.and_then(|measure| plan.measure(measure)) else {
        return Vec::new();
    };
    let mut near: Vec<UnitId> = Vec::new();
    for unit in measure.lead_units.iter().chain(&measure.responsible_units) {
        let asked = plan.unit(unit).is_some_and(|unit| unit.filer.is_some());
        if asked && change.before.filing_lead.as_ref() != Some(unit) && !near.contains(unit) {
            near.push(unit.clone());
        }
    }
    near.truncate(MOST_CHOICES);
    near
}

/// The new value in words.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, change: Change, text: &str) {
    let plan = &turn.context.frame.plan;
    let Some(indicator) = plan.indicator(&change.task) else {
        turn.state.waiting = None;
        return turn.tell_here(ChangeSay::Over(change.task).into());
    };
    let read = match change.fact {
        Fact::Target | Fact::Baseline => number_in(&change, indicator, text),
        Fact::Due => date_in(turn, text).map_err(|()| Vec::new()),
        Fact::FilingLead => plan.find_unit(text).map_or(Err(Vec::new()), |unit| {
            Ok(Sets {
                filing_lead: Some(unit.id.clone()),
                ..Sets::default()
            })
        }),
    };
    match read {
        Ok(sets) => said(turn, None, change, sets),
        Err(readings) => {
            let typed: String = text.chars().take(MOST_REPEATED).collect();
            let say = ChangeSay::Refused {
                change,
                typed,
                readings,
            };
            turn.tell_here(say.into());
        }
    }
}

fn number_in(change: &Change, indicator: &Indicator, text: &str) -> Result<Sets, Vec<Decimal>> {
    let last = change.before.target.or(change.before.baseline);
    let expected = Expected {
        unit: &indicator.unit_of_measure,
        target: None,
        last: last.or(indicator.target),
        negative: false,
    };
    let value = match number::read(text, &expected) {
        Reading::Accepted(value) => value,
        Reading::Ambiguous(ambiguity) => return Err(ambiguity.readings),
        Reading::Refused(_) => return Err(Vec::new()),
    };
    Ok(match change.fact {
        Fact::Baseline => Sets {
            baseline: Some(value),
            ..Sets::default()
        },
        Fact::Target | Fact::Due | Fact::FilingLead => Sets {
            target: Some(value),
            ..Sets::default()
        },
    })
}

/// A day of the plan's time: no date of it lies outside.
fn date_in(turn: &Turn<'_, '_>, text: &str) -> Result<Sets, ()> {
    let task_force = &turn.context.frame.plan.task_force;
    let today = calendar::date_of(turn.context.now);
    let day = date::read(text, today, Toward::Future);
    let fits = day.filter(|day| (task_force.starts..=task_force.ends).contains(day));
    let due = Some(fits.ok_or(())?);
    Ok(Sets {
        due,
        ..Sets::default()
    })
}

/// A unit by its button.
pub(super) fn lead(turn: &mut Turn<'_, '_>, event: &Event, unit: UnitId) {
    let known = turn.context.frame.plan.unit(&unit).is_some();
    match open_change(turn) {
        Some(change) if change.fact == Fact::FilingLead && known => {
            let sets = Sets {
                filing_lead: Some(unit),
                ..Sets::default()
            };
            said(turn, Some(event), change, sets);
        }
        Some(_) | None => group::on_unknown_press(turn),
    }
}

/// 改回原来的.
pub(super) fn original(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(change) = open_change(turn) else {
        return group::on_unknown_press(turn);
    };
    let terms = open_terms(turn, &change.task);
    match terms.and_then(|terms| terms.changed_from(change.fact)) {
        Some(original) => said(turn, Some(event), change, original),
        None => group::on_unknown_press(turn),
    }
}

fn open_change(turn: &Turn<'_, '_>) -> Option<Change> {
    match turn.state.waiting.clone() {
        Some(Waiting::TermsValue { change }) => Some(change),
        Some(_) | None => None,
    }
}

/// The new value was said: the basis comes next.
fn said(turn: &mut Turn<'_, '_>, event: Option<&Event>, change: Change, sets: Sets) {
    if sets == change.before {
        return turn.tell_here(ChangeSay::Same(change).into());
    }
    let change = Change { sets, ..change };
    basis::ask(turn, event, Pending::Change(change));
}

/// Everything is said: old and new are shown.
pub(super) fn check(turn: &mut Turn<'_, '_>, event: &Event, change: Change, basis: Option<String>) {
    turn.state.waiting = Some(Waiting::TermsChange {
        change: change.clone(),
        basis: basis.clone(),
    });
    turn.show(event, ChangeSay::Preview { change, basis }.into());
}

/// 上一步 of the preview: the basis once more.
pub(super) fn back(turn: &mut Turn<'_, '_>, event: &Event) {
    match turn.state.waiting.clone() {
        Some(Waiting::TermsChange { change, .. }) => {
            basis::ask(turn, Some(event), Pending::Change(change));
        }
        Some(_) | None => group::on_unknown_press(turn),
    }
}

/// 确认 of what the preview showed, told by its stamp.
pub(super) fn confirm(turn: &mut Turn<'_, '_>, event: &Event, stamp: u32) {
    let Some(Waiting::TermsChange { change, basis }) = turn.state.waiting.clone() else {
        return group::on_unknown_press(turn);
    };
    if stamp != change_stamp(&change, basis.as_deref()) {
        return group::on_unknown_press(turn);
    }
    turn.state.waiting = None;
    let Some(terms) = open_terms(turn, &change.task) else {
        return turn.show(event, ChangeSay::Over(change.task).into());
    };
    let since = terms.source(change.fact).seq();
    if (terms.now.only(change.fact), since) != (change.before.clone(), change.since) {
        let say = ChangeSay::ChangedBefore(change.task, change.fact);
        turn.push(Effect::alert(say.clone().into()));
        return turn.show(event, say.into());
    }
    write(turn, event, change, basis);
}

fn write(turn: &mut Turn<'_, '_>, event: &Event, change: Change, basis: Option<String>) {
    let Some(own) = own(turn) else { return };
    let told = filers(turn, &change, &own);
    let words = basis::text(turn, basis.clone());
    turn.push(Effect::Append(Act::TermsSettled {
        doubt: None,
        task: Some(change.task.clone()),
        how: Settlement::Changed {
            before: change.before.clone(),
            sets: change.sets.clone(),
        },
        basis: words,
    }));
    let say = ChangeSay::Changed {
        change,
        basis,
        by: own.clone(),
    };
    turn.show(event, say.clone().into());
    for person in told {
        turn.push(Effect::Tell {
            to: Whom::Person(person),
            say: say.clone().into(),
            manner: Manner::unasked(),
        });
    }
    turn.push(Effect::RefreshStatus);
    tell_others(turn, &own, OfficeSay::Terms(TermsSay::Change(say)));
}

/// Who files the target now and from then on, outside the office.
fn filers(turn: &Turn<'_, '_>, change: &Change, own: &PersonId) -> Vec<PersonId> {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let today = calendar::date_of(turn.context.now);
    let view = frame.task_view(standing, &change.task, today);
    let now = view.as_ref().and_then(|view| view.filer(frame));
    let then = change.sets.filing_lead.as_ref();
    let then = then.and_then(|unit| frame.plan.unit(unit)?.filer.as_ref());
    let office = crate::conversation::people::office(turn.context);
    let mut told: Vec<PersonId> = Vec::new();
    for person in now.into_iter().chain(then) {
        let bound = standing.bindings.contains_key(person);
        let known = person == own || office.contains(person) || told.contains(person);
        if bound && !known {
            told.push(person.clone());
        }
    }
    told
}

/// Tells one preview from another in button data.
pub fn change_stamp(change: &Change, basis: Option<&str>) -> u32 {
    let shown = format!("{change:?} {basis:?}");
    stamp_of(Hash::of(shown.as_bytes()))
}

impl From<ChangeSay> for crate::conversation::Say {
    fn from(say: ChangeSay) -> Self {
        TermsSay::Change(say).into()
    }
}

#[cfg(test)]
mod tests;
