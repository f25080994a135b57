//! What a changed plan changes, for the office to adopt or not.

use serde::Serialize;

use super::{Plan, TaskId};

/// The difference of two plans of one task force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PlanDiff {
    /// Fields of the task force itself.
    pub task_force: Vec<FieldChange>,
    /// Units.
    pub units: Vec<Change>,
    /// People.
    pub members: Vec<Change>,
    /// Sections.
    pub sections: Vec<Change>,
    /// Measures.
    pub measures: Vec<Change>,
    /// Targets.
    pub indicators: Vec<Change>,
    /// Doubts.
    pub doubts: Vec<Change>,
    /// Tasks of the old plan that the new one no longer has; the office ends each (并入 / 取消).
    pub vanished: Vec<TaskId>,
}

/// One thing added, removed or changed; named by id and by what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// New in the new plan.
    Added {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// Gone in the new plan.
    Removed {
        /// Its id.
        id: String,
        /// Its name in the old plan.
        name: String,
    },
    /// In both, with other values.
    Changed {
        /// Its id.
        id: String,
        /// Its name in the old plan.
        name: String,
        /// What differs.
        fields: Vec<FieldChange>,
    },
}

/// One field with its old and its new value as the plan file writes them; empty where there was none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field's key in the plan file.
    pub field: &'static str,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}

/// What adopting `new` in place of `old` would change.
pub fn diff(old: &Plan, new: &Plan) -> PlanDiff {
    let _ = (old, new);
    PlanDiff::default()
}
