//! What a step of a change of units becomes by a tap.

use chrono::NaiveDate;

use super::{Kind, UnitStep};
use crate::ledger::UnitChange;
use crate::plan::{PersonId, Plan, TaskId, UnitId};

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
pub(super) fn tapped(
    (plan, seen): (&Plan, u64),
    today: NaiveDate,
    step: UnitStep,
    tap: &UnitTap,
) -> Option<UnitStep> {
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
                UnitTap::Person(id) if is_of(plan, &unit, id) => toggle(&mut people, id),
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
        (UnitStep::Basis(change, from), UnitTap::NoBasis) => UnitStep::Sure {
            change,
            from,
            basis: None,
            seen,
        },
        (UnitStep::Basis(change, _), UnitTap::Back) => UnitStep::From(change),
        (UnitStep::Sure { change, from, .. }, UnitTap::Back) => UnitStep::Basis(change, from),
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

fn is_of(plan: &Plan, unit: &UnitId, person: &PersonId) -> bool {
    let member = plan.member(person);
    member.is_some_and(|member| member.units.contains(unit))
}

fn toggle<T: PartialEq + Clone>(list: &mut Vec<T>, one: &T) {
    match list.iter().position(|known| known == one) {
        Some(at) => {
            list.remove(at);
        }
        None => list.push(one.clone()),
    }
}
