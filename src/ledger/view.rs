//! Views: one task as it stands, joined from the plan of the day and the fold.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::frame::Frame;
use super::initial::initial;
use super::progress::{Judgement, MilestoneStage, SupportNeed, Value};
use super::reports;
use super::roster::Absence;
use super::standing::{Filed, Standing, TaskState};
use crate::calendar;
use crate::plan::{
    Doubt, DoubtSubject, FactId, Indicator, IndicatorKind, PersonId, Recurrence, Task, TaskId,
    TaskKind, UnitId, holds,
};

/// In what phase of its life a task is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// A narrative that rests because targets of its measure are still open.
    Resting,
    /// Asked by rhythm and ladder.
    Open,
    /// Past at go-live (初始台账): asked as a baseline, no ladder until the office sets a date.
    Baseline(Initial),
    /// Closed by the office (办结); of a yearly target, the running year is.
    Closed,
    /// 挂账: rests until a date by the office's word.
    Frozen,
    /// Its id vanished and the office ended it.
    Ended,
}

/// What is known of a target that was past at go-live (初始情况).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initial {
    /// Nothing was answered.
    Unknown,
    /// It was reached, on that day if it was said; waits for the office.
    Reached {
        /// Day it was reached.
        on: Option<NaiveDate>,
    },
    /// It was not reached.
    NotReached {
        /// New date wanted, if one was said.
        wanted: Option<NaiveDate>,
    },
}

/// One task as it stands on a day.
#[derive(Debug, Clone)]
pub struct TaskView<'a> {
    /// The task.
    pub task: &'a Task,
    /// Its target; none for a narrative.
    pub indicator: Option<&'a Indicator>,
    /// Unit that files, settlements applied. None: the office is asked.
    pub filing_unit: Option<UnitId>,
    /// Deadline of the plan (settlements applied), for a yearly target that of the running year.
    pub first_due: Option<NaiveDate>,
    /// Deadline now in force.
    pub due: Option<NaiveDate>,
    /// Doubts about it that are not settled.
    pub open_doubts: Vec<&'a Doubt>,
    /// Reports that count now, oldest first: on it and on targets that share its fact, corrections in place, for a yearly
    /// or flow target those of its running year.
    pub reports: Vec<Arc<Filed>>,
    /// Reports of other years, where the count starts anew with the year.
    pub other_years: Vec<Arc<Filed>>,
    /// Start of the way: (date, value) of the text's baseline or the first accepted answer; a flow starts the year at 0.
    pub start: Option<(NaiveDate, Decimal)>,
    /// Phase.
    pub phase: Phase,
    /// Whoever would be asked for it is away that day.
    pub away: Option<Absence>,
    /// Since when it is asked as it is now: go-live, the office's date for a past target, or the day its narrative woke; for
    /// what nobody ever answered at the earliest the adoption in force, with which it may have come.
    pub asked_since: Option<DateTime<Utc>>,
    /// A request on it waits: nothing is asked meanwhile.
    pub requested: bool,
    /// Seq of its last return or reopening.
    pub returned: Option<u64>,
}

impl Frame {
    /// The task with this id as it stands on `today`.
    pub fn task_view<'a>(
        &'a self,
        standing: &Standing,
        id: &TaskId,
        today: NaiveDate,
    ) -> Option<TaskView<'a>> {
        let task = self.plan.task(id)?;
        Some(self.view(standing, task, today))
    }

    /// All tasks as they stand on `today`, in plan order, ended ones left out.
    pub fn task_views<'a>(&'a self, standing: &Standing, today: NaiveDate) -> Vec<TaskView<'a>> {
        let tasks = self.plan.tasks.iter();
        let views = tasks.map(|task| self.view(standing, task, today));
        views.filter(|view| view.phase != Phase::Ended).collect()
    }

    /// The tasks that are asked one by one, in plan order: of several targets with one fact only the open one due first, else the past
    /// one; of two alike the one somebody files.
    pub fn asked_views<'a>(&'a self, standing: &Standing, today: NaiveDate) -> Vec<TaskView<'a>> {
        let mut asked: Vec<(usize, TaskView<'a>)> = Vec::new();
        let mut of_fact: HashMap<&'a FactId, usize> = HashMap::new();
        for (place, view) in self.task_views(standing, today).into_iter().enumerate() {
            match view.phase {
                Phase::Open | Phase::Baseline(_) => {}
                Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => continue,
            }
            let fact = view.indicator.map(|indicator| &indicator.fact);
            match fact.and_then(|fact| of_fact.get(fact)) {
                Some(&at) if rank(&view) < rank(&asked[at].1) => asked[at] = (place, view),
                Some(_) => {}
                None => {
                    of_fact.extend(fact.map(|fact| (fact, asked.len())));
                    asked.push((place, view));
                }
            }
        }
        asked.sort_by_key(|(place, _)| *place);
        asked.into_iter().map(|(_, view)| view).collect()
    }

    /// Doubts about a target that the office has not settled.
    pub fn open_doubts<'a>(&'a self, standing: &Standing, task: &TaskId) -> Vec<&'a Doubt> {
        let doubts = self.plan.doubts_about(task);
        doubts
            .filter(|doubt| matches!(doubt.about, DoubtSubject::Indicator(_)))
            .filter(|doubt| !standing.settled.contains_key(&doubt.id))
            .collect()
    }

    fn view<'a>(&'a self, standing: &Standing, task: &'a Task, today: NaiveDate) -> TaskView<'a> {
        let state = standing.task_state(&task.id);
        let indicator = match task.kind {
            TaskKind::Indicator(index) => Some(&self.plan.indicators[index]),
            TaskKind::Narrative(_) | TaskKind::Assigned(_) | TaskKind::Stage(_) => None,
        };
        let since = standing.amendments.since(&task.kind);
        let sets = standing.settled_facts(&task.id);
        let first_due = sets
            .due
            .or(task.due)
            .map(|due| self.occurrence(due, task.recurrence, today));
        let changed = standing.due_changed(&task.id);
        let since = since.max(changed).map(|(seq, _)| seq);
        let moved = moved_due(state, task.recurrence, first_due, since);
        let due = moved.map(|(_, due)| due).or(first_due);
        let past = is_past_at_start(standing, first_due, today) && moved.is_none();
        let year = counting_year(indicator, task.recurrence, due, past, today);
        let (reports, other_years) =
            reports::counting(self, standing, task, indicator, first_due, year);
        let start = self.start_of(indicator, sets.baseline, &reports, year, today);
        let fresh = !past && reports.is_empty() && other_years.is_empty();
        let phase = if state.ended.is_some() {
            Phase::Ended
        } else if self.is_closed(state, task.recurrence, first_due) {
            Phase::Closed
        } else if state.frozen_on(today).is_some() {
            Phase::Frozen
        } else {
            match indicator {
                None if is_narrative(task) && self.targets_open(standing, task, today) => {
                    Phase::Resting
                }
                Some(indicator) if past => Phase::Baseline(initial(indicator, &reports)),
                None | Some(_) => Phase::Open,
            }
        };
        let filing_unit = standing.split_off(&task.id).or(sets.filing_lead);
        let filing_unit = filing_unit.or_else(|| task.filing_lead.clone());
        let filing_unit = filing_unit.map(|unit| self.plan.current_unit(&unit).clone());
        let usual = usual_filer(self, task, filing_unit.as_ref());
        let away = usual.and_then(|person| standing.people.away_on(person, today));
        TaskView {
            task,
            indicator,
            away: away.cloned(),
            filing_unit,
            first_due,
            due,
            open_doubts: self.open_doubts(standing, &task.id),
            asked_since: self.asked_since(
                standing,
                task,
                moved
                    .map(|(at, _)| at)
                    .max(changed.map(|(_, at)| at))
                    .max(state.reopening.as_ref().map(|(at, _)| *at)),
                fresh,
            ),
            requested: state.open_request().is_some(),
            returned: state.returned,
            reports,
            other_years,
            start,
            phase,
        }
    }

    /// Whether targets of a narrative's measure are still open.
    fn targets_open(&self, standing: &Standing, narrative: &Task, today: NaiveDate) -> bool {
        let measure = narrative.measure.iter();
        let tasks = measure.flat_map(|measure| self.plan.tasks_of_measure(measure));
        let open = |task: &Task| {
            let state = standing.task_state(&task.id);
            let due = task
                .due
                .map(|due| self.occurrence(due, task.recurrence, today));
            state.ended.is_none() && !self.is_closed(state, task.recurrence, due)
        };
        tasks.filter(|task| task.id != narrative.id).any(open)
    }

    /// `fresh`: nothing was ever answered and it was not past at the start, so it may be new with the adoption in force.
    fn asked_since(
        &self,
        standing: &Standing,
        task: &Task,
        due_set_at: Option<DateTime<Utc>>,
        fresh: bool,
    ) -> Option<DateTime<Utc>> {
        let live = standing.live_since?;
        let woke_at = match task.kind {
            TaskKind::Indicator(_) => due_set_at,
            TaskKind::Assigned(_) | TaskKind::Stage(_) => {
                let begun = standing.amendments.since(&task.kind);
                due_set_at.max(begun.map(|(_, at)| at))
            }
            TaskKind::Narrative(_) => {
                let tasks = task.measure.iter();
                let targets = tasks.flat_map(|measure| self.plan.tasks_of_measure(measure));
                targets
                    .filter_map(|target| standing.task_state(&target.id).closed.as_ref())
                    .map(|(_, at, _)| *at)
                    .max()
            }
        };
        let adopted_at = standing.adopted_at.filter(|_| fresh);
        Some(
            live.max(woke_at.unwrap_or(live))
                .max(adopted_at.unwrap_or(live)),
        )
    }

    fn start_of(
        &self,
        indicator: Option<&Indicator>,
        settled: Option<Decimal>,
        reports: &[Arc<Filed>],
        year: Option<i32>,
        today: NaiveDate,
    ) -> Option<(NaiveDate, Decimal)> {
        let indicator = indicator?;
        let starts = self.plan.task_force.starts;
        match indicator.kind {
            IndicatorKind::Level | IndicatorKind::Milestone => None,
            IndicatorKind::Flow => {
                let new_year = NaiveDate::from_ymd_opt(year.unwrap_or(today.year()), 1, 1)?;
                Some((new_year.max(starts), Decimal::ZERO))
            }
            IndicatorKind::Stock => {
                let written = settled.or(indicator.baseline);
                let first = reports.iter().find_map(|filed| {
                    number(filed).map(|value| (calendar::date_of(filed.at), value))
                });
                written.map(|value| (starts, value)).or(first)
            }
        }
    }
}

impl TaskView<'_> {
    /// The newest report, corrections in place of what they correct.
    pub fn last_report(&self) -> Option<&Arc<Filed>> {
        self.reports.last()
    }

    /// The newest number, in base units.
    pub fn actual(&self) -> Option<Decimal> {
        self.reports.iter().rev().find_map(number)
    }

    /// The number before the newest report's, in base units: what a change is counted from.
    pub fn actual_before(&self) -> Option<Decimal> {
        let (_, earlier) = self.reports.split_last()?;
        earlier.iter().rev().find_map(number)
    }

    /// Days and numbers of the reports that hold one, the newest first.
    pub(super) fn numbers_newest_first(&self) -> impl Iterator<Item = (NaiveDate, Decimal)> {
        let newest = self.reports.iter().rev();
        newest.filter_map(|filed| Some((calendar::date_of(filed.at), number(filed)?)))
    }

    /// The newest stage of a milestone.
    pub fn stage(&self) -> Option<MilestoneStage> {
        self.reports
            .iter()
            .rev()
            .find_map(|filed| match filed.report.value {
                Value::Stage(stage) => Some(stage),
                Value::Number(_) | Value::None => None,
            })
    }

    /// The unit's own newest judgement.
    pub fn judgement(&self) -> Option<Judgement> {
        self.last_report().map(|filed| filed.report.judgement)
    }

    /// Whether the unit has said that it is done and nobody has returned it: no ladder, no pings.
    pub fn said_done(&self) -> bool {
        self.last_report().is_some_and(|filed| {
            filed.report.judgement == Judgement::Done
                && self.returned.is_none_or(|returned| returned < filed.seq)
        })
    }

    /// Whether the unit has had its say and the office is next: said to be done, or a request waits.
    pub fn is_quiet(&self) -> bool {
        self.requested || self.said_done()
    }

    /// Whether the target is met by what was answered: by its number, a milestone and a narrative by the unit's word.
    pub fn is_met(&self) -> bool {
        match self.indicator {
            None => self.said_done(),
            Some(indicator) => match (indicator.target, self.actual()) {
                (Some(target), Some(actual)) => holds(indicator.comparator, actual, target),
                (Some(_), None) => false,
                (None, _) => self.stage() == Some(MilestoneStage::Completed) || self.said_done(),
            },
        }
    }

    /// The newest report that counts for this period, of whatever year.
    pub fn answered_in(&self, period: &str) -> Option<&Arc<Filed>> {
        let newest_first = self.reports.iter().rev();
        newest_first
            .chain(self.other_years.iter().rev())
            .find(|filed| filed.report.period == period)
    }

    /// When anything was last answered or corrected, for whatever year.
    pub fn heard_at(&self) -> Option<DateTime<Utc>> {
        let all = self.reports.iter().chain(&self.other_years);
        all.map(|filed| filed.at).max()
    }

    /// Whether anything was answered or corrected after that moment.
    pub fn answered_after(&self, at: DateTime<Utc>) -> bool {
        self.heard_at().is_some_and(|heard_at| heard_at > at)
    }

    /// Since when value and judgement are what the newest report says; none without a report.
    pub fn unchanged_since(&self) -> Option<DateTime<Utc>> {
        let last = &self.last_report()?.report;
        let same = |filed: &&Arc<Filed>| {
            filed.report.value == last.value && filed.report.judgement == last.judgement
        };
        let run = self.reports.iter().rev().take_while(same);
        run.last().map(|filed| filed.at)
    }

    /// Since when the unit judges as it does now; none without a report.
    pub fn judged_since(&self) -> Option<DateTime<Utc>> {
        let now = self.judgement()?;
        let same = |filed: &&Arc<Filed>| filed.report.judgement == now;
        let run = self.reports.iter().rev().take_while(same);
        run.last().map(|filed| filed.at)
    }

    /// The help the newest report asks for, and since when that unit has been asked for it without a break.
    pub fn support_needed(&self) -> Option<(&SupportNeed, DateTime<Utc>)> {
        let need = self.last_report()?.report.support_needed.as_ref()?;
        let same = |filed: &&Arc<Filed>| {
            let asked = filed.report.support_needed.as_ref();
            asked.is_some_and(|asked| asked.unit == need.unit)
        };
        let since = self.reports.iter().rev().take_while(same).last()?;
        Some((need, since.at))
    }

    /// The person who is asked for it, if its unit has one; while they are away whoever stands in, if anybody does.
    pub fn filer<'a>(&self, frame: &'a Frame) -> Option<&'a PersonId> {
        let Some(away) = &self.away else {
            return usual_filer(frame, self.task, self.filing_unit.as_ref());
        };
        let stand_in = frame.plan.current_person(away.stand_in.as_ref()?);
        let stand_in = frame.plan.member(stand_in)?;
        let unit = self.filing_unit.as_ref()?;
        stand_in.units.contains(unit).then_some(&stand_in.id)
    }
}

/// The person named for a task, else its unit's filer.
fn usual_filer<'a>(frame: &'a Frame, task: &Task, unit: Option<&UnitId>) -> Option<&'a PersonId> {
    let unit = frame.plan.unit(unit?)?;
    let named = task.filer.as_ref();
    let named = named.and_then(|person| frame.plan.member(person));
    let named = named.filter(|member| member.units.contains(&unit.id));
    named.map(|member| &member.id).or(unit.filer.as_ref())
}

fn is_narrative(task: &Task) -> bool {
    match task.kind {
        TaskKind::Narrative(_) => true,
        TaskKind::Indicator(_) | TaskKind::Assigned(_) | TaskKind::Stage(_) => false,
    }
}

fn number(filed: &Arc<Filed>) -> Option<Decimal> {
    match filed.report.value {
        Value::Number(value) => Some(value),
        Value::Stage(_) | Value::None => None,
    }
}

/// When the office set the deadline in force, and the deadline; in a yearly task a set date holds for its own year, in a
/// project for the stage it is in, in a target until its terms change: `since` that seq.
fn moved_due(
    state: &TaskState,
    recurrence: Recurrence,
    first_due: Option<NaiveDate>,
    since: Option<u64>,
) -> Option<(DateTime<Utc>, NaiveDate)> {
    let (seq, at, due) = state.dues.last()?;
    if since.is_some_and(|since| *seq < since) {
        return None;
    }
    let holds = match recurrence {
        Recurrence::Once => true,
        Recurrence::Yearly => first_due.is_none_or(|first| first.year() == due.year()),
    };
    holds.then_some((*at, *due))
}

/// Whether the deadline lay behind us when asking began; before that, whether it does today.
fn is_past_at_start(standing: &Standing, first_due: Option<NaiveDate>, today: NaiveDate) -> bool {
    let live_on = standing.live_since.map_or(today, calendar::date_of);
    first_due.is_some_and(|due| due < live_on)
}

/// The year a count is for, where it starts anew each year: of a yearly task the running one, of a flow that of its
/// deadline at the latest. What a past flow reached before we were there counts as it was said.
fn counting_year(
    indicator: Option<&Indicator>,
    recurrence: Recurrence,
    due: Option<NaiveDate>,
    past: bool,
    today: NaiveDate,
) -> Option<i32> {
    let due_year = due.map(|due| due.year());
    match (recurrence, indicator.map(|indicator| indicator.kind)) {
        (Recurrence::Yearly, _) => due_year.or(Some(today.year())),
        (Recurrence::Once, Some(IndicatorKind::Flow)) if !past => {
            Some(due_year.map_or(today.year(), |year| year.min(today.year())))
        }
        (Recurrence::Once, _) => None,
    }
}

/// Among targets with one fact: first what is open and due first, then what is past, then what somebody files.
fn rank(view: &TaskView<'_>) -> (bool, NaiveDate, bool) {
    (
        view.phase != Phase::Open,
        view.due.unwrap_or(NaiveDate::MAX),
        view.filing_unit.is_none(),
    )
}
