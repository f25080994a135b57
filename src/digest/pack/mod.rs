//! One moment of the ledger, as every document of a pack is made from it: rows of values in the plan's order or the ledger's.
//!
//! What stands in a document follows from frame, standing, stamp and scope alone, so that it can be made again byte for byte.

mod chart;
mod files;
mod matters;
mod targets;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::Digest;
use crate::calendar;
use crate::ledger::{Filed, Frame, Project, Request, Standing};
use crate::plan::{Indicator, MeasureId, TaskId, UnitId};

pub use chart::{Chart, Strip, Track};
pub use files::{FileRow, FileWith};
pub use matters::{MatterRow, MatterState, SlipRow, SlipState};
pub use targets::{TargetRow, WorkRow};

/// What stands in every footer: by it documents of one moment are known to belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Number of the digest it goes with; between two digests that of the next.
    pub number: u32,
    /// Whether that digest was posted.
    pub posted: bool,
    /// Cut-off.
    pub cut_off_at: DateTime<Utc>,
    /// Last entry it saw.
    pub seq: u64,
    /// First 12 hex digits of the chain's hash after that entry, which covers the adopted plan and every entry before: the
    /// input hash.
    pub head: String,
    /// Seqs of the entries that have removed words from what it saw since: made before them it read otherwise.
    pub removed_by: Vec<u64>,
}

/// What part of the ledger is taken out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// One measure alone.
    pub measure: Option<MeasureId>,
    /// First day of what was filed, asked and sent.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

impl Scope {
    /// Whether something done at that moment belongs to it.
    pub fn holds_moment(&self, at: DateTime<Utc>) -> bool {
        let day = calendar::date_of(at);
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether what belongs to that measure, or to none, belongs to it.
    pub fn holds_measure(&self, measure: Option<&MeasureId>) -> bool {
        self.measure.is_none() || self.measure.as_ref() == measure
    }
}

/// The moment itself.
#[derive(Debug, Clone, Copy)]
pub struct Pack<'a> {
    /// Plan, settings and calendar of that moment.
    pub frame: &'a Frame,
    /// The fold up to [`Stamp::seq`].
    pub standing: &'a Standing,
    /// What stands in the footers.
    pub stamp: &'a Stamp,
    /// The digest of that moment.
    pub digest: &'a Digest,
    /// What is taken out.
    pub scope: &'a Scope,
}

/// One answer, corrections among them.
#[derive(Debug, Clone)]
pub struct AnswerRow<'a> {
    /// The answer.
    pub filed: &'a Filed,
    /// Its target; none for a narrative and what came later.
    pub indicator: Option<&'a Indicator>,
    /// The unit that files the task.
    pub unit: Option<UnitId>,
    /// Seq of the answer that corrects it.
    pub corrected_by: Option<u64>,
}

/// A request of a unit, with its task.
#[derive(Debug, Clone, Copy)]
pub struct RequestRow<'a> {
    /// On which task.
    pub task: &'a TaskId,
    /// The request.
    pub request: &'a Request,
}

impl<'a> Pack<'a> {
    /// The day of the cut-off.
    pub fn today(&self) -> NaiveDate {
        calendar::date_of(self.stamp.cut_off_at)
    }

    /// How many answers there are.
    pub fn answer_count(&self) -> usize {
        self.filed().count()
    }

    /// All answers, the oldest first; each row is made when it is asked for.
    pub fn answers(&self) -> impl Iterator<Item = AnswerRow<'a>> + use<'a> {
        let mut filed: Vec<&'a Arc<Filed>> = self.filed().collect();
        filed.sort_by_key(|filed| filed.seq);
        let corrections = filed.iter().filter_map(|filed| {
            let corrects = filed.report.corrects?;
            Some((corrects, filed.seq))
        });
        let corrected: BTreeMap<u64, u64> = corrections.collect();
        let units = self.filing_units();
        let frame = self.frame;
        filed.into_iter().map(move |filed| AnswerRow {
            filed,
            indicator: frame.plan.indicator(&filed.report.task),
            unit: units.get(&filed.report.task).cloned(),
            corrected_by: corrected.get(&filed.seq).copied(),
        })
    }

    /// All requests, the oldest first.
    pub fn requests(&self) -> Vec<RequestRow<'a>> {
        let tasks = self.standing.tasks.iter();
        let tasks = tasks.filter(|(task, _)| self.holds_task(task));
        let requests = tasks.flat_map(|(task, state)| {
            let requests = state.requests.iter();
            requests.map(move |request| RequestRow { task, request })
        });
        let within = |row: &RequestRow<'_>| self.scope.holds_moment(row.request.at);
        let mut rows: Vec<RequestRow<'a>> = requests.filter(within).collect();
        rows.sort_by_key(|row| row.request.seq);
        rows
    }

    /// Projects (项目库) still on the list, in the order they came.
    pub fn projects(&self) -> Vec<&'a Project> {
        let projects = self.standing.amendments.projects.iter();
        let wanted = |project: &&Project| {
            !project.dropped && self.scope.holds_measure(project.entry.measure.as_ref())
        };
        projects.filter(wanted).collect()
    }

    fn filed(&self) -> impl Iterator<Item = &'a Arc<Filed>> {
        let (pack, standing) = (*self, self.standing);
        let tasks = standing.tasks.iter();
        let tasks = tasks.filter(move |(task, _)| pack.holds_task(task));
        let filed = tasks.flat_map(|(_, state)| &state.reports);
        filed.filter(move |filed| pack.scope.holds_moment(filed.at))
    }

    fn holds_task(&self, task: &TaskId) -> bool {
        let task = self.frame.plan.task(task);
        let measure = task.and_then(|task| task.measure.as_ref());
        self.scope.holds_measure(measure)
    }

    fn filing_units(&self) -> BTreeMap<TaskId, UnitId> {
        let views = self.frame.task_views(self.standing, self.today());
        let units = views.into_iter().filter_map(|view| {
            let unit = view.filing_unit?;
            Some((view.task.id.clone(), unit))
        });
        units.collect()
    }
}
