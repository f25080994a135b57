//! 机构变动: a unit is renamed, merged into another, split, or gets another name; from a day, with its basis (文号).

mod tap;

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Dialogue, Event, Turn};
use crate::calendar;
use crate::conversation::date::{self, Toward};
use crate::conversation::office::Waiting;
use crate::conversation::people::{self, PeopleSay};
use crate::conversation::{Effect, Manner, Whom, group};
use crate::ledger::{Act, Text, UnitChange, UnitsChanged};
use crate::plan::{Access, PersonId, Plan, Right, TaskId, UnitId};

pub use tap::UnitTap;
use tap::tapped;

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
    Sure {
        /// What.
        change: UnitChange,
        /// From which day.
        from: NaiveDate,
        /// Basis.
        basis: Option<String>,
        /// Seq of the last change of the roster that it takes into account.
        seen: u64,
    },
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
    /// Once more before it is taken back.
    UndoSure(u64),
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
        UnitStep::Kind(_) | UnitStep::Parts { .. } | UnitStep::Sure { .. } => {
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
    if let Some(taken) = taken(&turn.context.frame.plan, &unit, kind, &name) {
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

/// The unit that is called so already; one may be renamed to another name of its own.
fn taken(plan: &Plan, unit: &UnitId, kind: Kind, name: &str) -> Option<UnitId> {
    let known = plan.find_unit(name)?;
    let own = kind == Kind::Rename && known.id == *unit && known.name != name;
    (!own).then(|| known.id.clone())
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
    let sure = UnitStep::Sure {
        change,
        from,
        basis: Some(text.to_owned()),
        seen: last_change(turn),
    };
    go_on(turn, None, sure);
}

/// Seq of the newest change of the roster.
fn last_change(turn: &Turn<'_, '_>) -> u64 {
    let mut changes = turn.context.standing.people.in_force();
    changes.next_back().map_or(0, |entry| entry.seq)
}

pub(super) fn on_tap(turn: &mut Turn<'_, '_>, event: &Event, tap: &UnitTap) {
    if let Access::Refused(why) = turn.context.may(&Right::ChangeUnits) {
        return group::refuse(turn, event, why);
    }
    let Some(Waiting::Roster(Dialogue::Unit(step))) = turn.state.waiting.clone() else {
        return turn.refuse(event, UnitSay::Stale.into());
    };
    match (step, tap) {
        (
            UnitStep::Sure {
                change,
                from,
                basis,
                seen,
            },
            UnitTap::Sure,
        ) if seen == last_change(turn) => record(turn, event, change, from, basis),
        (
            UnitStep::Sure {
                change,
                from,
                basis,
                ..
            },
            UnitTap::Sure,
        ) => look_again(turn, event, change, (from, basis)),
        (
            UnitStep::Parts {
                unit,
                name,
                tasks,
                people,
            },
            UnitTap::Next,
        ) => {
            let refused = tasks.is_empty() && people.is_empty();
            if refused || takes_all(turn, &unit, (&tasks, &people)) {
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
            let seen = last_change(turn);
            match tapped((&turn.context.frame.plan, seen), today, step, tap) {
                Some(step) => go_on(turn, Some(event), step),
                None => turn.push(Effect::alert(UnitSay::Stale.into())),
            }
        }
    }
}

/// Whether a split would leave the old unit without an item and without anybody.
fn takes_all(
    turn: &Turn<'_, '_>,
    unit: &UnitId,
    (tasks, people): (&[TaskId], &[PersonId]),
) -> bool {
    let context = turn.context;
    let today = calendar::date_of(context.now);
    let views = context.frame.task_views(context.standing, today);
    let mut own = views
        .iter()
        .filter(|view| view.filing_unit.as_ref() == Some(unit));
    let members = context.frame.plan.members.iter();
    let mut of_it = members.filter(|member| member.units.contains(unit));
    own.all(|view| tasks.contains(&view.task.id)) && of_it.all(|member| people.contains(&member.id))
}

/// The roster changed since the preview: whoever changed it is told, and the preview shown again as it would be now.
fn look_again(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    change: UnitChange,
    (from, basis): (NaiveDate, Option<String>),
) {
    let mut changes = turn.context.standing.people.in_force();
    let last = changes.next_back();
    let decided = last.map(|entry| (entry.at, entry.by.clone()));
    turn.push(Effect::alert(PeopleSay::DecidedBefore(decided).into()));
    let plan = &turn.context.frame.plan;
    let into = match &change {
        UnitChange::Merged { into, .. } => plan.unit(into).is_some(),
        UnitChange::Renamed { .. } | UnitChange::Split { .. } | UnitChange::Alias { .. } => true,
    };
    if plan.unit(about(&change)).is_none() || !into {
        turn.state.waiting = None;
        return turn.show(event, UnitSay::Stale.into());
    }
    let seen = last_change(turn);
    let sure = UnitStep::Sure {
        change,
        from,
        basis,
        seen,
    };
    go_on(turn, Some(event), sure);
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
        UnitChange::Renamed { unit, name } => taken(plan, unit, Kind::Rename, name).is_none(),
        UnitChange::Split { unit, name, .. } => taken(plan, unit, Kind::Split, name).is_none(),
        UnitChange::Alias { unit, alias } => taken(plan, unit, Kind::Alias, alias).is_none(),
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
    let units = match change {
        // Another name asks nothing of anybody.
        UnitChange::Alias { .. } => Vec::new(),
        UnitChange::Merged { unit, into } => vec![unit, into],
        UnitChange::Renamed { unit, .. } | UnitChange::Split { unit, .. } => vec![unit],
    };
    let members = plan.members.iter();
    let of_them = members.filter(|member| units.iter().any(|unit| member.units.contains(unit)));
    of_them.map(|member| member.id.clone()).collect()
}

/// 撤销 of a change of units.
pub(super) fn undo(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, sure: bool) {
    if !sure {
        return turn.show(event, UnitSay::UndoSure(seq).into());
    }
    let Some(by) = turn.context.person.cloned() else {
        return;
    };
    turn.push(Effect::Append(Act::RosterUndone { change: seq }));
    let say = UnitSay::Undone(seq, by.clone());
    turn.show(event, say.clone().into());
    people::tell_office_but(turn, &by, say.into());
    turn.push(Effect::RefreshStatus);
}
