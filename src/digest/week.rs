//! The week behind, as the report to the office tells it.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};

use crate::calendar;
use crate::ledger::{Frame, OwnDecision, Standing};
use crate::plan::{PersonId, UnitId};

/// From this month on a missing holiday table of the next year is told: it is published in November.
const NEXT_YEAR_FROM: u32 = 11;

/// Why a message did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// The person has blocked the bot or never opened the chat.
    PersonGone,
    /// The bot is not in the group.
    GroupGone,
    /// Telegram refused it.
    Refused,
}

/// What became of the week's messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sent {
    /// Cards and group posts that left.
    pub reminders: usize,
    /// Digests that left.
    pub digests: usize,
    /// Supervision slips (督办单) that left.
    pub slips: usize,
    /// What did not arrive, and why.
    pub failed: Vec<(Failure, usize)>,
    /// What nobody knows of; waits for the office.
    pub unknown: usize,
}

/// A week as the office is told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    /// Its Monday.
    pub from: NaiveDate,
    /// Its Sunday.
    pub to: NaiveDate,
    /// Reports, corrections left out.
    pub answers: usize,
    /// Corrections.
    pub corrections: usize,
    /// Units that reported.
    pub units: usize,
    /// Pauses that touched it or this week: from, and to when unless they last.
    pub pauses: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    /// Bound, and not to be reached in private.
    pub unreachable: Vec<PersonId>,
    /// On the roster and bound to no account.
    pub unbound: Vec<PersonId>,
    /// 自办自批 in it.
    pub own: Vec<OwnDecision>,
    /// Seqs of the meetings called for the week ahead, by their day.
    pub meetings: Vec<u64>,
    /// A year without a holiday table.
    pub provisional: Option<i32>,
}

/// The week before the one that begins with `monday`. `own` are all such decisions so far.
pub fn week(frame: &Frame, standing: &Standing, own: Vec<OwnDecision>, monday: NaiveDate) -> Week {
    let from = monday - Days::new(7);
    let within = |at: DateTime<Utc>| (from..monday).contains(&calendar::date_of(at));
    let states = standing.tasks.values();
    let filed: Vec<_> = states
        .flat_map(|state| &state.reports)
        .filter(|filed| within(filed.at))
        .collect();
    let unit = |task| -> Option<UnitId> {
        let view = frame.task_view(standing, task, monday)?;
        view.filing_unit
    };
    let units: BTreeSet<_> = filed.iter().map(|filed| unit(&filed.report.task)).collect();
    let corrections = filed.iter().filter(|filed| filed.report.corrects.is_some());
    let corrections = corrections.count();
    let members = || frame.plan.members.iter().map(|member| &member.id);
    let bound = |person: &&PersonId| standing.bindings.contains_key(*person);
    let unreachable = members().filter(bound);
    Week {
        from,
        to: monday - Days::new(1),
        answers: filed.len() - corrections,
        corrections,
        units: units.len(),
        pauses: pauses(standing, from),
        unreachable: unreachable
            .filter(|person| !standing.reachable(person))
            .cloned()
            .collect(),
        unbound: members()
            .filter(|person| !standing.bindings.contains_key(*person))
            .cloned()
            .collect(),
        own: own.into_iter().filter(|own| within(own.at)).collect(),
        meetings: meetings(standing, monday),
        provisional: provisional(frame, monday),
    }
}

/// Meetings that are to be held in the week that begins with `monday`.
fn meetings(standing: &Standing, monday: NaiveDate) -> Vec<u64> {
    let week = monday..monday + Days::new(7);
    let open = standing.meetings.iter().filter(|one| one.ended.is_none());
    let mut ahead: Vec<_> = open.filter(|one| week.contains(&one.meeting.on)).collect();
    ahead.sort_by_key(|one| (one.meeting.on, one.meeting.at, one.seq));
    ahead.into_iter().map(|one| one.seq).collect()
}

fn pauses(standing: &Standing, from: NaiveDate) -> Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let from = calendar::instant(from, NaiveTime::MIN);
    let over = standing.pauses.iter().filter(|(_, to)| *to > from);
    let over = over.map(|(since, to)| (*since, Some(*to)));
    let lasting = standing.pause.iter().map(|pause| (pause.since_at, None));
    over.chain(lasting).collect()
}

fn provisional(frame: &Frame, monday: NaiveDate) -> Option<i32> {
    let year = monday.year();
    if frame.calendar.is_provisional(year) {
        return Some(year);
    }
    let next = year + 1;
    let soon = monday.month() >= NEXT_YEAR_FROM && frame.plan.task_force.ends.year() >= next;
    (soon && frame.calendar.is_provisional(next)).then_some(next)
}
