//! 机构变动: a unit is renamed, merged into another, split, or gets another name; from a day, with its basis (文号).

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Dialogue, Event, Turn};
use crate::calendar;
use crate::conversation::date::{self, Toward};
use crate::conversation::office::Waiting;
use crate::conversation::{Effect, Manner, Whom, group, people};
use crate::ledger::{Act, Text, UnitChange, UnitsChanged};
use crate::plan::{Access, PersonId, Plan, Right, TaskId, UnitId};

/// Characters of a unit's name.
pub const MOST_NAME: usize = 36;
/// Characters of a basis.
pub const MOST_BASIS: usize = 100;

/// What is to become of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 更名.
    Rename,
    /// 并入.
    Merge,
    /// 分设.
    Split,
    /// 加别名.
    Alias,
}

/// The question that is open, with the answers so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitStep {
    /// Which unit?
    Which,
    /// What becomes of it?
    Kind(UnitId),
    /// Its new name, the new unit's, another name, or the unit it goes into.
    Name(UnitId, Kind),
    /// Which items and people the new unit takes over.
    Parts {
        /// From which unit.
        unit: UnitId,
        /// Name of the new one.
        name: String,
        /// Items chosen.
        tasks: Vec<TaskId>,
        /// People chosen.
        people: Vec<PersonId>,
    },
    /// From which day?
    From(UnitChange),
    /// On what basis?
    Basis(UnitChange, NaiveDate),
    /// All of it once more.
    Sure(UnitChange, NaiveDate, Option<String>),
}

/// What is said of units.
#[derive(Debug, Clone, PartialEq)]
pub enum UnitSay {
    /// The question of a step.
    Ask(UnitStep),
    /// No unit is called so.
    NotFound(String),
    /// The name is taken by this unit.
    Taken(String, UnitId),
    /// Longer than so many characters: typed, most.
    TooLong(usize, usize),
    /// The same unit.
    Same(UnitId),
    /// Nothing, or everything, would go to the new unit.
    PartsRefused,
    /// Not a date up to today.
    DateRefused(String),
    /// On record: seq, by whom, whether the reader may take it back.
    Done {
        /// What.
        change: Arc<UnitsChanged>,
        /// Seq of the entry.
        seq: u64,
        /// By whom.
        by: PersonId,
        /// Whether the reader may take it back.
        decides: bool,
    },
    /// It was taken back, by whom.
    Undone(u64, PersonId),
    /// The unit or the step is gone.
    Stale,
}

/// `/unit`.
pub fn unit(turn: &mut Turn<'_, '_>, _event: &Event, argument: &str) {
    match argument {
        "" => go_on(turn, None, UnitStep::Which),
        name => on_which(turn, name),
    }
}

/// Keeps the step and asks its question, in place of the one pressed on.
fn go_on(turn: &mut Turn<'_, '_>, event: Option<&Event>, step: UnitStep) {
    turn.state.waiting = Some(Waiting::Roster(Dialogue::Unit(step.clone())));
    let say = UnitSay::Ask(step).into();
    match event {
        Some(event) => turn.show(event, say),
        None => turn.tell_here(say),
    }
}

/// Words for the open step.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, step: UnitStep, text: &str) {
    match step {
        UnitStep::Which => on_which(turn, text),
        UnitStep::Name(unit, Kind::Merge) => on_into(turn, unit, text),
        UnitStep::Name(unit, kind) => on_name(turn, unit, kind, text),
        UnitStep::From(change) => on_from(turn, change, text),
        UnitStep::Basis(change, from) => on_basis(turn, change, from, text),
        UnitStep::Kind(_) | UnitStep::Parts { .. } | UnitStep::Sure(..) => {
            turn.tell_here(UnitSay::Ask(step).into());
        }
    }
}

fn on_which(turn: &mut Turn<'_, '_>, text: &str) {
    match turn.context.frame.plan.find_unit(text) {
        Some(unit) => go_on(turn, None, UnitStep::Kind(unit.id.clone())),
        None => turn.tell_here(UnitSay::NotFound(text.to_owned()).into()),
    }
}

fn on_into(turn: &mut Turn<'_, '_>, unit: UnitId, text: &str) {
    match turn
        .context
        .frame
        .plan
        .find_unit(text)
        .map(|into| into.id.clone())
    {
        Some(into) if into == unit => turn.tell_here(UnitSay::Same(into).into()),
        Some(into) => go_on(
            turn,
            None,
            UnitStep::From(UnitChange::Merged { unit, into }),
        ),
        None => turn.tell_here(UnitSay::NotFound(text.to_owned()).into()),
    }
}

fn on_name(turn: &mut Turn<'_, '_>, unit: UnitId, kind: Kind, text: &str) {
    let name: String = text.split_whitespace().collect();
    let length = name.chars().count();
    if length > MOST_NAME {
        return turn.tell_here(UnitSay::TooLong(length, MOST_NAME).into());
    }
    if let Some(taken) = turn.context.frame.plan.find_unit(&name) {
        let taken = taken.id.clone();
        return turn.tell_here(UnitSay::Taken(name, taken).into());
    }
    let step = match kind {
        Kind::Rename => UnitStep::From(UnitChange::Renamed { unit, name }),
        Kind::Alias => UnitStep::From(UnitChange::Alias { unit, alias: name }),
        Kind::Split => UnitStep::Parts {
            unit,
            name,
            tasks: Vec::new(),
            people: Vec::new(),
        },
        Kind::Merge => UnitStep::Name(unit, kind),
    };
    go_on(turn, None, step);
}

fn on_from(turn: &mut Turn<'_, '_>, change: UnitChange, text: &str) {
    let today = calendar::date_of(turn.context.now);
    match date::read(text, today, Toward::Past).filter(|day| *day <= today) {
        Some(day) => go_on(turn, None, UnitStep::Basis(change, day)),
        None => turn.tell_here(UnitSay::DateRefused(text.to_owned()).into()),
    }
}

fn on_basis(turn: &mut Turn<'_, '_>, change: UnitChange, from: NaiveDate, text: &str) {
    let length = text.chars().count();
    if length > MOST_BASIS {
        return turn.tell_here(UnitSay::TooLong(length, MOST_BASIS).into());
    }
    let basis = Some(text.to_owned());
    go_on(turn, None, UnitStep::Sure(change, from, basis));
}

/// A tap on a button of the open step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitTap {
    /// What becomes of the unit.
    Kind(Kind),
    /// An item, in or out.
    Task(TaskId),
    /// A person, in or out.
    Person(PersonId),
    /// 下一步.
    Next,
    /// 今天起.
    Today,
    /// 没有文号.
    NoBasis,
    /// 上一步.
    Back,
    /// 确认.
    Sure,
}

/// What a step becomes by a tap; none where the tap belongs to another step.
fn tapped(plan: &Plan, today: NaiveDate, step: UnitStep, tap: &UnitTap) -> Option<UnitStep> {
    Some(match (step, tap) {
        (UnitStep::Kind(unit), UnitTap::Kind(kind)) => UnitStep::Name(unit, *kind),
        (UnitStep::Name(unit, _), UnitTap::Back) => UnitStep::Kind(unit),
        (UnitStep::Kind(_), UnitTap::Back) => UnitStep::Which,
        (UnitStep::Parts { unit, .. }, UnitTap::Back) => UnitStep::Name(unit, Kind::Split),
        (
            UnitStep::Parts {
                unit,
                name,
                mut tasks,
                mut people,
            },
            tap @ (UnitTap::Task(_) | UnitTap::Person(_)),
        ) => {
            match tap {
                UnitTap::Task(task) if plan.task(task).is_some() => toggle(&mut tasks, task),
                UnitTap::Person(id) if plan.member(id).is_some() => toggle(&mut people, id),
                _ => return None,
            }
            UnitStep::Parts {
                unit,
                name,
                tasks,
                people,
            }
        }
        (UnitStep::From(change), UnitTap::Today) => UnitStep::Basis(change, today),
        (UnitStep::From(change), UnitTap::Back) => before(change),
        (UnitStep::Basis(change, from), UnitTap::NoBasis) => UnitStep::Sure(change, from, None),
        (UnitStep::Basis(change, _), UnitTap::Back) => UnitStep::From(change),
        (UnitStep::Sure(change, from, _), UnitTap::Back) => UnitStep::Basis(change, from),
        _ => return None,
    })
}

/// The step that gave the change.
fn before(change: UnitChange) -> UnitStep {
    match change {
        UnitChange::Renamed { unit, .. } => UnitStep::Name(unit, Kind::Rename),
        UnitChange::Alias { unit, .. } => UnitStep::Name(unit, Kind::Alias),
        UnitChange::Merged { unit, .. } => UnitStep::Name(unit, Kind::Merge),
        UnitChange::Split {
            unit,
            name,
            tasks,
            people,
        } => UnitStep::Parts {
            unit,
            name,
            tasks,
            people,
        },
    }
}

fn toggle<T: PartialEq + Clone>(list: &mut Vec<T>, one: &T) {
    match list.iter().position(|known| known == one) {
        Some(at) => {
            list.remove(at);
        }
        None => list.push(one.clone()),
    }
}

pub(super) fn on_tap(turn: &mut Turn<'_, '_>, event: &Event, tap: &UnitTap) {
    if let Access::Refused(why) = turn.context.may(&Right::ChangeUnits) {
        return group::refuse(turn, event, why);
    }
    let Some(Waiting::Roster(Dialogue::Unit(step))) = turn.state.waiting.clone() else {
        return turn.refuse(event, UnitSay::Stale.into());
    };
    match (step, tap) {
        (UnitStep::Sure(change, from, basis), UnitTap::Sure) => {
            record(turn, event, change, from, basis);
        }
        (
            UnitStep::Parts {
                unit,
                name,
                tasks,
                people,
            },
            UnitTap::Next,
        ) => {
            if tasks.is_empty() && people.is_empty() {
                return turn.push(Effect::alert(UnitSay::PartsRefused.into()));
            }
            let change = UnitChange::Split {
                unit,
                name,
                tasks,
                people,
            };
            go_on(turn, Some(event), UnitStep::From(change));
        }
        (step, tap) => {
            let today = calendar::date_of(turn.context.now);
            match tapped(&turn.context.frame.plan, today, step, tap) {
                Some(step) => go_on(turn, Some(event), step),
                None => turn.push(Effect::alert(UnitSay::Stale.into())),
            }
        }
    }
}

/// The unit a change is about.
pub fn about(change: &UnitChange) -> &UnitId {
    match change {
        UnitChange::Renamed { unit, .. }
        | UnitChange::Alias { unit, .. }
        | UnitChange::Merged { unit, .. }
        | UnitChange::Split { unit, .. } => unit,
    }
}

fn record(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    change: UnitChange,
    from: NaiveDate,
    basis: Option<String>,
) {
    let Some(by) = turn.context.person.cloned() else {
        return;
    };
    turn.state.waiting = None;
    let plan = &turn.context.frame.plan;
    let there = |unit: &UnitId| plan.unit(unit).is_some();
    let other = match &change {
        UnitChange::Merged { into, .. } => there(into),
        UnitChange::Renamed { name, .. } | UnitChange::Split { name, .. } => {
            plan.find_unit(name).is_none()
        }
        UnitChange::Alias { alias, .. } => plan.find_unit(alias).is_none(),
    };
    // Somebody else changed it meanwhile.
    if !there(about(&change)) || !other {
        return turn.refuse(event, UnitSay::Stale.into());
    }
    let concerned = concerned(plan, &change);
    let seq = turn.next_seq();
    let basis = Text::new(basis.unwrap_or_default(), turn.salts.salt());
    let change = Arc::new(UnitsChanged {
        change,
        from,
        basis,
    });
    turn.push(Effect::Append(Act::UnitChanged(change.clone())));
    let done = |decides| UnitSay::Done {
        change: change.clone(),
        seq,
        by: by.clone(),
        decides,
    };
    turn.show(event, done(true).into());
    let mut told = people::office(turn.context);
    let bound = |id: &PersonId| turn.context.standing.bindings.contains_key(id);
    told.extend(concerned.into_iter().filter(bound));
    told.sort();
    told.dedup();
    for person in told.into_iter().filter(|person| *person != by) {
        turn.push(Effect::Tell {
            to: Whom::Person(person),
            say: done(false).into(),
            manner: Manner::unasked(),
        });
    }
    turn.push(Effect::RefreshStatus);
}

/// The people of the units a change is about.
fn concerned(plan: &Plan, change: &UnitChange) -> Vec<PersonId> {
    let mut units = vec![about(change)];
    if let UnitChange::Merged { into, .. } = change {
        units.push(into);
    }
    let members = plan.members.iter();
    let of_them = members.filter(|member| units.iter().any(|unit| member.units.contains(unit)));
    of_them.map(|member| member.id.clone()).collect()
}

/// 撤销 of a change of units.
pub(super) fn undo(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    let Some(by) = turn.context.person.cloned() else {
        return;
    };
    turn.push(Effect::Append(Act::RosterUndone { change: seq }));
    let say = UnitSay::Undone(seq, by.clone());
    turn.show(event, say.clone().into());
    people::tell_office_but(turn, &by, say.into());
    turn.push(Effect::RefreshStatus);
}
