//! One row a target, and one a measure without targets or an item that came later.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Pack;
use crate::digest::Item;
use crate::ledger::{Filed, Pace, Phase, TaskView, pace_of};
use crate::plan::{Indicator, Measure, Task, UnitId};

/// A target as the ledger's table (台账) holds it.
#[derive(Debug, Clone)]
pub struct TargetRow<'a> {
    /// The target.
    pub indicator: &'a Indicator,
    /// Everything else.
    pub work: WorkRow<'a>,
    /// Completion against pace, in percent, where it has both.
    pub pace: Option<Pace>,
}

/// A task as it stands at the cut-off.
#[derive(Debug, Clone)]
pub struct WorkRow<'a> {
    /// The task.
    pub task: &'a Task,
    /// Its measure; none for general targets and what came later.
    pub measure: Option<&'a Measure>,
    /// Light, deadlines, value and word.
    pub item: Item,
    /// Leading units: those of its measure, else the one that files it.
    pub leads: Vec<UnitId>,
    /// Responsible units.
    pub responsible: Vec<UnitId>,
    /// The newest answer.
    pub last: Option<Arc<Filed>>,
}

impl<'a> Pack<'a> {
    /// Every target in the plan's order.
    pub fn targets(&self) -> Vec<TargetRow<'a>> {
        let views = self.views();
        views.iter().filter_map(|view| self.target(view)).collect()
    }

    /// Measures without open targets, assigned items and projects' stages; those that rest are left out.
    pub fn works(&self) -> Vec<WorkRow<'a>> {
        let views = self.views();
        let shown = |view: &&TaskView<'_>| view.indicator.is_none() && view.phase != Phase::Resting;
        let rows = views.iter().filter(shown);
        rows.map(|view| self.work(view, self.stamp.cut_off_at))
            .collect()
    }

    pub(super) fn target(&self, view: &TaskView<'a>) -> Option<TargetRow<'a>> {
        let at = self.stamp.cut_off_at;
        Some(TargetRow {
            indicator: view.indicator?,
            work: self.work(view, at),
            pace: pace_of(self.frame, view, at),
        })
    }

    pub(super) fn views(&self) -> Vec<TaskView<'a>> {
        let views = self
            .frame
            .task_views(self.standing, self.today())
            .into_iter();
        views
            .filter(|view| self.scope.holds_measure(view.task.measure.as_ref()))
            .collect()
    }

    pub(super) fn work(&self, view: &TaskView<'a>, at: DateTime<Utc>) -> WorkRow<'a> {
        let measure = view.task.measure.as_ref();
        let measure = measure.and_then(|measure| self.frame.plan.measure(measure));
        let leads = measure.map(|measure| measure.lead_units.clone());
        WorkRow {
            task: view.task,
            measure,
            item: Item::of(self.frame, self.standing, view, at),
            leads: leads.unwrap_or_else(|| view.filing_unit.iter().cloned().collect()),
            responsible: measure.map_or_else(Vec::new, |it| it.responsible_units.clone()),
            last: view.last_report().cloned(),
        }
    }
}
