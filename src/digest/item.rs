//! One task as digests and answers show it, and how many of them have which light.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::calendar;
use crate::ledger::{
    Frame, Judgement, Light, LightReason, MilestoneStage, Phase, Promises, Request, Standing,
    TaskView, light_of, light_since,
};
use crate::plan::{MeasureId, TaskId, TaskKind, UnitId};

/// A task with its computed light and the unit's own word, two marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The task.
    pub task: TaskId,
    /// Its measure; none for general targets.
    pub measure: Option<MeasureId>,
    /// Whether it is a target; otherwise it is a measure's narrative, or came later.
    pub is_target: bool,
    /// Whether it came after the plan: an assigned item or a project's stage.
    pub is_added: bool,
    /// The unit that files it; none: the office.
    pub unit: Option<UnitId>,
    /// Light.
    pub light: Light,
    /// Its reason.
    pub reason: LightReason,
    /// Since when it has this reason, where that is known.
    pub since: Option<NaiveDate>,
    /// Deadline of the plan, for a yearly target that of the running year.
    pub first_due: Option<NaiveDate>,
    /// Deadline in force.
    pub due: Option<NaiveDate>,
    /// Year its count began, where it has a start; a flow begins anew each year.
    pub counts_from: Option<i32>,
    /// Newest number, in base units.
    pub actual: Option<Decimal>,
    /// Newest stage of a milestone.
    pub stage: Option<MilestoneStage>,
    /// The unit's own newest judgement.
    pub judgement: Option<Judgement>,
    /// When it was last answered, this year where the count starts anew.
    pub answered_at: Option<DateTime<Utc>>,
    /// Whether the computed light and the unit's word contradict each other.
    pub disagrees: bool,
    /// Since when value and judgement are the same.
    pub unchanged_since: Option<DateTime<Utc>>,
    /// 挂账: its last day and the reason, where it can be read.
    pub frozen: Option<(NaiveDate, Option<String>)>,
    /// How often its deadline was extended on request.
    pub extensions: usize,
    /// The request that waits: an extension (true) or a closure.
    pub requested: Option<bool>,
    /// What became of its dated next steps.
    pub promises: Promises,
    /// Whether it is open, past at the start included.
    pub open: bool,
}

/// How many have which light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// 🟢.
    pub green: usize,
    /// 🟡.
    pub yellow: usize,
    /// 🔴.
    pub red: usize,
    /// ⚪.
    pub grey: usize,
    /// ✅.
    pub done: usize,
    /// ⏸.
    pub frozen: usize,
}

impl Counts {
    /// Counts of these lights.
    pub fn of(lights: impl IntoIterator<Item = Light>) -> Self {
        let mut counts = Self::default();
        for light in lights {
            *counts.slot(light) += 1;
        }
        counts
    }

    /// How many have this light.
    pub fn with(mut self, light: Light) -> usize {
        *self.slot(light)
    }

    /// All together.
    pub fn total(&self) -> usize {
        self.green + self.yellow + self.red + self.grey + self.done + self.frozen
    }

    fn slot(&mut self, light: Light) -> &mut usize {
        match light {
            Light::Red => &mut self.red,
            Light::Yellow => &mut self.yellow,
            Light::Green => &mut self.green,
            Light::Grey => &mut self.grey,
            Light::Done => &mut self.done,
            Light::Frozen => &mut self.frozen,
        }
    }
}

/// All tasks at a moment in plan order; narratives that rest are left out, their targets speak for them.
pub fn items(frame: &Frame, standing: &Standing, at: DateTime<Utc>) -> Vec<Item> {
    let views = frame.task_views(standing, calendar::date_of(at));
    let shown = views.iter().filter(|view| view.phase != Phase::Resting);
    shown
        .map(|view| Item::of(frame, standing, view, at))
        .collect()
}

impl Item {
    /// The item of one task.
    pub fn of(frame: &Frame, standing: &Standing, view: &TaskView<'_>, at: DateTime<Utc>) -> Self {
        let (light, reason) = light_of(frame, standing, view, at);
        let state = standing.task_state(&view.task.id);
        let frozen = state.frozen_on(calendar::date_of(at));
        Self {
            frozen: frozen.map(|frozen| (frozen.until, frozen.reason.body().map(str::to_owned))),
            extensions: state.extensions(),
            requested: state.open_request().map(Request::is_extension),
            task: view.task.id.clone(),
            measure: view.task.measure.clone(),
            is_target: view.indicator.is_some(),
            is_added: match view.task.kind {
                TaskKind::Assigned(_) | TaskKind::Stage(_) => true,
                TaskKind::Indicator(_) | TaskKind::Narrative(_) => false,
            },
            unit: view.filing_unit.clone(),
            since: light_since(frame, standing, view, &reason, at),
            disagrees: disagrees(view, light, &reason),
            light,
            reason,
            first_due: view.first_due,
            due: view.due,
            counts_from: view.start.map(|(date, _)| date.year()),
            actual: view.actual(),
            stage: view.stage(),
            judgement: view.judgement(),
            answered_at: view.last_report().map(|filed| filed.at),
            unchanged_since: view.unchanged_since(),
            promises: frame.promises(view),
            open: match view.phase {
                Phase::Open | Phase::Baseline(_) => true,
                Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => false,
            },
        }
    }

    /// Whether it is an assigned item.
    pub fn is_assigned(&self, frame: &Frame) -> bool {
        let task = frame.plan.task(&self.task);
        task.is_some_and(|task| matches!(task.kind, TaskKind::Assigned(_)))
    }

    /// Order by which the worst come first: red before yellow, then the longest so, then plan order.
    pub fn worst(&self) -> impl Ord + use<> {
        (self.light, self.since.is_none(), self.since)
    }

    /// Whole days since the light has had its reason.
    pub fn days(&self, today: NaiveDate) -> Option<i64> {
        self.since.map(|since| (today - since).num_days())
    }
}

/// Whether the computed light says one thing and the unit another. A word given before the deadline passed, or two
/// periods ago, does not contradict what followed.
fn disagrees(view: &TaskView<'_>, light: Light, reason: &LightReason) -> bool {
    // A word about another target with the same fact says nothing of this one.
    let Some(filed) = view
        .last_report()
        .filter(|filed| filed.report.task == view.task.id)
    else {
        return false;
    };
    let judgement = filed.report.judgement;
    match light {
        Light::Red | Light::Yellow => {
            let stale = match reason {
                LightReason::Overdue(_) => view
                    .due
                    .is_some_and(|due| calendar::date_of(filed.at) <= due),
                LightReason::SilentTwoPeriods | LightReason::BaselineNotReached => true,
                LightReason::Resting
                | LightReason::TermsOpen
                | LightReason::NoStart
                | LightReason::Unanswered
                | LightReason::BaselineUnanswered
                | LightReason::BaselineReached
                | LightReason::BehindPace(_)
                | LightReason::Difficult
                | LightReason::Blocked
                | LightReason::NotMet
                | LightReason::Met
                | LightReason::OnPace
                | LightReason::Closed
                | LightReason::Frozen => false,
            };
            let content = match judgement {
                // A level that does not hold yet is yellow although nothing is amiss; only 已完成 contradicts that.
                Judgement::Normal => *reason != LightReason::NotMet,
                Judgement::Done => true,
                Judgement::Difficult | Judgement::Blocked => false,
            };
            content && (!stale || judgement == Judgement::Done)
        }
        Light::Green => match judgement {
            Judgement::Difficult | Judgement::Blocked => true,
            Judgement::Done => !view.is_met() && *reason != LightReason::BaselineReached,
            Judgement::Normal => false,
        },
        Light::Grey | Light::Done | Light::Frozen => false,
    }
}
