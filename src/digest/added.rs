//! What came after the plan, as a digest tells it: assigned items one by one, projects by stage.

use rust_decimal::Decimal;

use super::weekly::Line;
use crate::ledger::{Frame, ProjectStage, Standing};

/// Projects in one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageTotal {
    /// The stage.
    pub stage: ProjectStage,
    /// How many.
    pub count: usize,
    /// Total investment in yuan.
    pub investment: Decimal,
    /// Funding asked for in yuan.
    pub funding: Decimal,
}

/// The lines that came after the plan, taken out of those of a digest.
pub(super) fn taken_out(frame: &Frame, lines: &mut Vec<Line>) -> Vec<Line> {
    let (added, planned) = std::mem::take(lines)
        .into_iter()
        .partition(|line| line.item.is_added);
    *lines = planned;
    let added: Vec<Line> = added;
    let assigned = added
        .into_iter()
        .filter(|line| line.item.is_assigned(frame));
    assigned.collect()
}

/// Projects on the list by stage, in order; stages without any left out.
pub fn stages(standing: &Standing) -> Vec<StageTotal> {
    let on_list = |stage: ProjectStage| {
        let projects = standing.amendments.projects.iter();
        projects.filter(move |project| !project.dropped && project.stage == stage)
    };
    let total = |stage| StageTotal {
        stage,
        count: on_list(stage).count(),
        investment: on_list(stage).map(|one| one.entry.investment).sum(),
        funding: on_list(stage).map(|one| one.entry.funding).sum(),
    };
    let totals = ProjectStage::ALL.into_iter().map(total);
    totals.filter(|total| total.count > 0).collect()
}
