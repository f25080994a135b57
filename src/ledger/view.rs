//! Views: one task as it stands, joined from the plan of the day and the fold.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::entry::{BaselineAnswer, Judgement, Settlement, Value};
use super::frame::Frame;
use super::standing::{Filed, Standing};
use crate::calendar;
use crate::plan::{
    Doubt, DoubtSubject, Indicator, PersonId, Recurrence, Sets, Task, TaskId, TaskKind, UnitId,
};

/// In what phase of its life a task is.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// A narrative that rests because targets of its measure are still open.
    Resting,
    /// Asked by rhythm and ladder.
    Open,
    /// Past at go-live (初始台账): asked as a baseline, no ladder until the office sets a date.
    Baseline(Option<BaselineAnswer>),
    /// Closed by the office (办结).
    Closed,
    /// Its id vanished and the office ended it.
    Ended,
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
    /// Reports on it and on targets that share its fact, by seq, oldest first. For a yearly or flow target only the running year's.
    pub reports: Vec<Arc<Filed>>,
    /// Start of the way: (date, value) of the text's baseline or the first accepted answer; a flow starts the year at 0.
    pub start: Option<(NaiveDate, Decimal)>,
    /// Phase.
    pub phase: Phase,
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
        let views = self
            .plan
            .tasks
            .iter()
            .map(|task| self.view(standing, task, today));
        views.filter(|view| view.phase != Phase::Ended).collect()
    }

    /// The tasks that are asked one by one: of several open targets with one fact only the one due first.
    pub fn asked_views<'a>(&'a self, standing: &Standing, today: NaiveDate) -> Vec<TaskView<'a>> {
        let mut asked: Vec<TaskView<'a>> = Vec::new();
        for view in self.task_views(standing, today) {
            if !matches!(view.phase, Phase::Open | Phase::Baseline(_)) {
                continue;
            }
            let same = |other: &TaskView<'_>| match (view.indicator, other.indicator) {
                (Some(mine), Some(theirs)) => mine.fact == theirs.fact,
                _ => false,
            };
            match asked.iter_mut().find(|other| same(other)) {
                None => asked.push(view),
                Some(other) if rank(&view) < rank(other) => *other = view,
                Some(_) => {}
            }
        }
        asked
    }

    fn view<'a>(&'a self, standing: &Standing, task: &'a Task, today: NaiveDate) -> TaskView<'a> {
        let state = standing.task_state(&task.id);
        let indicator = match task.kind {
            TaskKind::Indicator(index) => Some(&self.plan.indicators[index]),
            TaskKind::Narrative(_) => None,
        };
        let sets = self.settled_facts(standing, &task.id);
        let filing_unit = sets.filing_lead.or_else(|| task.filing_lead.clone());
        let first_due = sets
            .due
            .or(task.due)
            .map(|due| occurrence(due, task.recurrence, today, self.plan.task_force.ends));
        let due = state.dues.last().map(|(_, _, due)| *due).or(first_due);
        let reports = self.shared_reports(standing, task, indicator, today);
        let start = start_of(
            indicator,
            sets.baseline,
            &reports,
            self.plan.task_force.starts,
            today,
        );
        let phase = self.phase(standing, task, first_due, &reports, today);
        TaskView {
            task,
            indicator,
            filing_unit,
            first_due,
            due,
            open_doubts: self.open_doubts(standing, &task.id),
            reports,
            start,
            phase,
        }
    }

    /// Doubts about a target that the office has not settled.
    pub fn open_doubts<'a>(&'a self, standing: &Standing, task: &TaskId) -> Vec<&'a Doubt> {
        let about =
            |doubt: &&Doubt| matches!(&doubt.about, DoubtSubject::Indicator(id) if id == task);
        self.plan
            .doubts
            .iter()
            .filter(about)
            .filter(|doubt| !standing.settled.contains_key(&doubt.id))
            .collect()
    }

    fn settled_facts(&self, standing: &Standing, task: &TaskId) -> Sets {
        let mut all = Sets::default();
        let mut settlements: Vec<_> = standing
            .settled
            .values()
            .filter(|(_, _, _, about, _)| about.as_ref() == Some(task))
            .collect();
        settlements.sort_by_key(|(seq, ..)| *seq);
        for (.., how) in settlements {
            let (Settlement::AsProposed(sets) | Settlement::InWords { sets, .. }) = how;
            all.filing_lead = sets.filing_lead.clone().or(all.filing_lead);
            all.due = sets.due.or(all.due);
            all.baseline = sets.baseline.or(all.baseline);
        }
        all
    }

    fn shared_reports(
        &self,
        standing: &Standing,
        task: &Task,
        indicator: Option<&Indicator>,
        today: NaiveDate,
    ) -> Vec<Arc<Filed>> {
        let mut reports: Vec<Arc<Filed>> = match indicator {
            None => standing.task_state(&task.id).reports.clone(),
            Some(mine) => {
                let same = self
                    .plan
                    .indicators
                    .iter()
                    .filter(|other| other.fact == mine.fact);
                same.flat_map(|other| standing.task_state(&other.id).reports.iter().cloned())
                    .collect()
            }
        };
        if task.recurrence == Recurrence::Yearly {
            reports.retain(|filed| calendar::date_of(filed.at).year() == today.year());
        }
        reports.sort_by_key(|filed| filed.seq);
        reports
    }

    fn phase(
        &self,
        standing: &Standing,
        task: &Task,
        first_due: Option<NaiveDate>,
        reports: &[Arc<Filed>],
        today: NaiveDate,
    ) -> Phase {
        let state = standing.task_state(&task.id);
        if state.ended.is_some() {
            return Phase::Ended;
        }
        if state.closed.is_some() {
            return Phase::Closed;
        }
        if let TaskKind::Narrative(index) = task.kind {
            let measure = &self.plan.measures[index];
            let mut targets = self
                .plan
                .indicators
                .iter()
                .filter(|indicator| indicator.measure.as_ref() == Some(&measure.id));
            let open = |indicator: &Indicator| {
                let state = standing.task_state(&indicator.id);
                state.closed.is_none() && state.ended.is_none()
            };
            return if targets.any(open) {
                Phase::Resting
            } else {
                Phase::Open
            };
        }
        let live_on = standing.live_since.map_or(today, calendar::date_of);
        if state.dues.is_empty() && first_due.is_some_and(|due| due < live_on) {
            let answer = reports
                .iter()
                .rev()
                .find_map(|filed| filed.report.baseline.clone());
            return Phase::Baseline(answer);
        }
        Phase::Open
    }
}

impl TaskView<'_> {
    /// The newest report, corrections in place of what they correct.
    pub fn last_report(&self) -> Option<&Arc<Filed>> {
        self.reports.last()
    }

    /// The newest number, in base units.
    pub fn actual(&self) -> Option<Decimal> {
        self.reports
            .iter()
            .rev()
            .find_map(|filed| match filed.report.value {
                Value::Number(value) => Some(value),
                Value::Stage(_) | Value::None => None,
            })
    }

    /// Whether the unit has said that it is done and nobody has returned it: no ladder, no pings.
    pub fn said_done(&self) -> bool {
        self.last_report()
            .is_some_and(|filed| filed.report.judgement == Judgement::Done)
    }

    /// The person who is asked for it, if its unit has one.
    pub fn filer<'a>(&self, frame: &'a Frame) -> Option<&'a PersonId> {
        let unit = frame.plan.unit(self.filing_unit.as_ref()?)?;
        unit.filer.as_ref()
    }
}

/// Among targets with one fact: first what is open and due first, then what is past.
fn rank(view: &TaskView<'_>) -> (bool, NaiveDate) {
    (
        view.phase != Phase::Open,
        view.due.unwrap_or(NaiveDate::MAX),
    )
}

fn occurrence(
    due: NaiveDate,
    recurrence: Recurrence,
    today: NaiveDate,
    ends: NaiveDate,
) -> NaiveDate {
    match recurrence {
        Recurrence::Once => due,
        Recurrence::Yearly => {
            let year = today.year().clamp(due.year(), ends.year().max(due.year()));
            due.with_year(year).unwrap_or(due)
        }
    }
}

fn start_of(
    indicator: Option<&Indicator>,
    settled: Option<Decimal>,
    reports: &[Arc<Filed>],
    starts: NaiveDate,
    today: NaiveDate,
) -> Option<(NaiveDate, Decimal)> {
    use crate::plan::IndicatorKind;
    let indicator = indicator?;
    match indicator.kind {
        IndicatorKind::Level | IndicatorKind::Milestone => None,
        IndicatorKind::Flow => Some((
            NaiveDate::from_ymd_opt(today.year(), 1, 1)?.max(starts),
            Decimal::ZERO,
        )),
        IndicatorKind::Stock => settled
            .or(indicator.baseline)
            .map(|value| (starts, value))
            .or_else(|| {
                reports.iter().find_map(|filed| match filed.report.value {
                    Value::Number(value) => Some((calendar::date_of(filed.at), value)),
                    Value::Stage(_) | Value::None => None,
                })
            }),
    }
}
