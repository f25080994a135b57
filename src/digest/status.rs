//! Where things stand now: the overview, and the lists behind `/status`, `/overdue` and `/missing`.

use chrono::{DateTime, NaiveDate, Utc};

use super::item::{Counts, Item, items};
use super::participation::{Participation, participation};
use crate::ledger::{Frame, LightReason, Standing};
use crate::plan::{MeasureId, Member, SectionId, TaskId, UnitId};

/// The overview.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Targets by light.
    pub targets: Counts,
    /// Measures without an open target, which are told in words, by light.
    pub measures: Counts,
    /// Assigned items (交办事项) by light.
    pub assigned: Counts,
    /// Both by section, in plan order; the general targets (none) first.
    pub sections: Vec<(Option<SectionId>, Counts)>,
    /// Who was to answer in this period and who did.
    pub participation: Participation,
    /// Everything, in plan order.
    pub items: Vec<Item>,
}

/// The overview at a moment.
pub fn status(frame: &Frame, standing: &Standing, now: DateTime<Utc>) -> Status {
    let items = items(frame, standing, now);
    let lights = |targets: bool| {
        let of_plan = items.iter().filter(|item| !item.is_added);
        let of_kind = of_plan.filter(move |item| item.is_target == targets);
        Counts::of(of_kind.map(|item| item.light))
    };
    Status {
        targets: lights(true),
        measures: lights(false),
        assigned: Counts::of(
            items
                .iter()
                .filter(|item| item.is_assigned(frame))
                .map(|item| item.light),
        ),
        sections: by_section(frame, &items),
        participation: participation(frame, standing, now),
        items,
    }
}

fn by_section(frame: &Frame, items: &[Item]) -> Vec<(Option<SectionId>, Counts)> {
    let section_of = |item: &Item| {
        let section = frame.plan.section_of(item.measure.as_ref()?)?;
        Some(section.id.clone())
    };
    let placed: Vec<_> = items
        .iter()
        .filter(|item| !item.is_added)
        .map(|item| (section_of(item), item.light))
        .collect();
    let sections = frame
        .plan
        .sections
        .iter()
        .map(|section| Some(section.id.clone()));
    [None]
        .into_iter()
        .chain(sections)
        .map(|section| {
            let within = placed.iter().filter(|(place, _)| *place == section);
            let counts = Counts::of(within.map(|(_, light)| *light));
            (section, counts)
        })
        .filter(|(_, counts)| counts.total() > 0)
        .collect()
}

/// Items of one measure, targets first.
pub fn of_measure(
    frame: &Frame,
    standing: &Standing,
    now: DateTime<Utc>,
    measure: &MeasureId,
) -> Vec<Item> {
    let all = items(frame, standing, now).into_iter();
    all.filter(|item| item.measure.as_ref() == Some(measure))
        .collect()
}

/// Items a unit files.
pub fn of_unit(frame: &Frame, standing: &Standing, now: DateTime<Utc>, unit: &UnitId) -> Vec<Item> {
    let all = items(frame, standing, now).into_iter();
    all.filter(|item| item.unit.as_ref() == Some(unit))
        .collect()
}

/// Items a person files for their units; an office person's also those nobody files.
pub fn of_person(
    frame: &Frame,
    standing: &Standing,
    now: DateTime<Utc>,
    person: &Member,
) -> Vec<Item> {
    let granted: Vec<_> = standing.office_granted.iter().cloned().collect();
    let office = frame.plan.is_office(&person.id, &granted);
    let theirs = |item: &Item| match &item.unit {
        Some(unit) => person.units.contains(unit),
        None => office,
    };
    items(frame, standing, now)
        .into_iter()
        .filter(theirs)
        .collect()
}

/// Open items past their deadline, longest first; then those past at the start and not reached, oldest first.
pub fn overdue(frame: &Frame, standing: &Standing, now: DateTime<Utc>) -> Vec<Item> {
    let place = |item: &Item| match item.reason {
        LightReason::Overdue(_) => item.due.map(|due| (0, due)),
        LightReason::BaselineNotReached => item.first_due.map(|due| (1, due)),
        LightReason::Resting
        | LightReason::TermsOpen
        | LightReason::NoStart
        | LightReason::Unanswered
        | LightReason::BaselineUnanswered
        | LightReason::BaselineReached
        | LightReason::BehindPace(_)
        | LightReason::Difficult
        | LightReason::Blocked
        | LightReason::SilentTwoPeriods
        | LightReason::NotMet
        | LightReason::Met
        | LightReason::OnPace
        | LightReason::Closed
        | LightReason::Frozen => None,
    };
    let mut placed: Vec<((u8, NaiveDate), Item)> = items(frame, standing, now)
        .into_iter()
        .filter_map(|item| Some((place(&item)?, item)))
        .collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, item)| item).collect()
}

/// Targets past at the start whose first state was asked for in two periods and not given (未提供初始情况).
pub fn baseline_missing(frame: &Frame, standing: &Standing, now: DateTime<Utc>) -> Vec<TaskId> {
    let today = crate::calendar::date_of(now);
    let views = frame.asked_views(standing, today);
    let silent = |view: &&crate::ledger::TaskView<'_>| {
        use crate::ledger::{Initial, Phase};
        view.phase == Phase::Baseline(Initial::Unknown)
            && standing.live_since.is_some()
            && frame.awaited(standing, view, now).is_none()
            && frame.periods_asked(standing, view, &frame.period(view, today), now)
                >= crate::ledger::BASELINE_PERIODS
    };
    views
        .iter()
        .filter(silent)
        .map(|view| view.task.id.clone())
        .collect()
}

/// A person's own items whose answer is awaited now.
pub fn awaited_of(
    frame: &Frame,
    standing: &Standing,
    now: DateTime<Utc>,
    person: &Member,
) -> Vec<Item> {
    let missing: std::collections::BTreeSet<TaskId> = participation(frame, standing, now)
        .units
        .into_iter()
        .flat_map(|unit| unit.missing)
        .collect();
    let own = of_person(frame, standing, now, person).into_iter();
    own.filter(|item| missing.contains(&item.task)).collect()
}
