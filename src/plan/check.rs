//! What a checked plan leaves open: gaps between the units it names and the people on its roster.

use serde::Serialize;

use super::{DoubtId, PersonId, Plan, TaskId, UnitId};

/// Gaps of a plan; none of them is a mistake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GapReport {
    /// Units that lead a measure or file a target and have no member.
    pub leads_without_member: Vec<UnitId>,
    /// People whose units stand under no measure; leader and deputy leader aside.
    pub members_without_measure: Vec<PersonId>,
    /// Other units named by a measure that nobody represents; collective ones included.
    pub unrepresented: Vec<UnitId>,
    /// Open terms (口径).
    pub open_terms: Vec<DoubtId>,
    /// Whether the office chief is an inference.
    pub office_chief_inferred: bool,
    /// Who files what, in the order of the tasks.
    pub filing: Vec<FilingLine>,
}

/// Who files one task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilingLine {
    /// The task.
    pub task: TaskId,
    /// Its filing unit; none: the office is asked.
    pub unit: Option<UnitId>,
    /// The person who is asked; none: the office is asked.
    pub person: Option<PersonId>,
    /// Why this unit.
    pub basis: FilingBasis,
}

/// Why a unit files a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FilingBasis {
    /// It leads the measure, alone or first of several.
    FirstLead,
    /// The plan file names it.
    Field,
    /// The plan file names it and a doubt about it is open.
    Inferred,
    /// No unit is named.
    Office,
}

/// The gaps of a plan.
pub fn gaps(plan: &Plan) -> GapReport {
    let _ = plan;
    GapReport::default()
}
