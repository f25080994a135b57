//! Which reports count for a task now: those of all targets with its fact, corrections in place, the running year alone
//! where the count starts anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::frame::Frame;
use super::standing::{Filed, Standing};
use crate::calendar;
use crate::plan::{Indicator, Recurrence, Task};

/// Reports on a task and on targets that share its fact, by seq, oldest first; a correction stands in the place of what it
/// corrects. Those that count now, and those of other years than `year` where the count starts anew.
pub(super) fn counting(
    frame: &Frame,
    standing: &Standing,
    task: &Task,
    indicator: Option<&Indicator>,
    first_due: Option<NaiveDate>,
    year: Option<i32>,
) -> (Vec<Arc<Filed>>, Vec<Arc<Filed>>) {
    let mut reports = match indicator {
        None => standing.task_state(&task.id).reports.clone(),
        Some(mine) => shared(frame, standing, mine),
    };
    if reports.iter().any(|filed| filed.report.corrects.is_some()) {
        reports = corrected(reports);
    }
    if let Some((since, _)) = standing.amendments.since(&task.kind) {
        // A new stage of a project begins with no answer of its own.
        return reports.into_iter().partition(|filed| filed.seq > since);
    }
    match year {
        None => (reports, Vec::new()),
        Some(year) => reports
            .into_iter()
            .partition(|filed| year_of(frame, task, first_due, filed) == year),
    }
}

fn shared(frame: &Frame, standing: &Standing, mine: &Indicator) -> Vec<Arc<Filed>> {
    let states = frame.plan.sharing(&mine.fact);
    let mut reports: Vec<Arc<Filed>> = states
        .flat_map(|other| standing.task_state(&other.id).reports.iter().cloned())
        .collect();
    reports.sort_by_key(|filed| filed.seq);
    reports
}

/// Each correction in the place of the report it corrects, or of an earlier correction of it.
fn corrected(reports: Vec<Arc<Filed>>) -> Vec<Arc<Filed>> {
    let mut places: BTreeMap<u64, usize> = BTreeMap::new();
    let mut kept: Vec<Arc<Filed>> = Vec::with_capacity(reports.len());
    for filed in reports {
        let corrects = filed.report.corrects;
        let place = corrects.and_then(|seq| places.get(&seq).copied());
        places.insert(filed.seq, place.unwrap_or(kept.len()));
        match place {
            Some(place) => kept[place] = filed,
            None => kept.push(filed),
        }
    }
    kept
}

/// The year a report counts for: that of its period, so that December's number given in January is December's.
/// What is given for a yearly deadline early in January is for that one, whether it came before the turn of the year or after.
fn year_of(frame: &Frame, task: &Task, first_due: Option<NaiveDate>, filed: &Filed) -> i32 {
    let day = calendar::date_of(filed.at);
    if let (Recurrence::Yearly, Some(due)) = (task.recurrence, first_due)
        && frame.asked_last_year(due)
    {
        return frame.year_in_force(due, day);
    }
    let written = filed.report.period.split('-').next();
    written
        .and_then(|year| year.parse().ok())
        .unwrap_or_else(|| day.year())
}
