//! 初始台账: what the answers say of a target that was past at go-live.

use std::sync::Arc;

use super::progress::{BaselineAnswer, MilestoneStage, Value};
use super::standing::Filed;
use super::view::Initial;
use crate::plan::{Indicator, holds};

/// What the answers so far say of a target that was past at go-live. The newest number or stage decides, whichever target
/// with the same fact it was given for; its own baseline answer adds the dates, and decides where there is neither.
pub(super) fn initial(indicator: &Indicator, reports: &[Arc<Filed>]) -> Initial {
    let own = reports.iter().rev().find_map(|filed| {
        let answer = filed.report.baseline.as_ref();
        answer.filter(|_| filed.report.task == indicator.id)
    });
    let (on, wanted) = match own {
        Some(BaselineAnswer::Reached { on }) => (*on, None),
        Some(BaselineAnswer::NotReached { wanted, .. }) => (None, *wanted),
        None => (None, None),
    };
    let newest = reports.iter().rev();
    let reached = newest
        .map(|filed| reached(indicator, &filed.report.value))
        .find(Option::is_some)
        .flatten();
    match (reached, own) {
        (Some(true), _) | (None, Some(BaselineAnswer::Reached { .. })) => Initial::Reached { on },
        (Some(false), _) | (None, Some(BaselineAnswer::NotReached { .. })) => {
            Initial::NotReached { wanted }
        }
        (None, None) => Initial::Unknown,
    }
}

/// Whether a value reaches the target; none when it says nothing of it.
fn reached(indicator: &Indicator, value: &Value) -> Option<bool> {
    match (value, indicator.target) {
        (Value::Number(actual), Some(target)) => Some(holds(indicator.comparator, *actual, target)),
        (Value::Stage(stage), None) => Some(*stage == MilestoneStage::Completed),
        (Value::Number(_), None) | (Value::Stage(_), Some(_)) | (Value::None, _) => None,
    }
}
