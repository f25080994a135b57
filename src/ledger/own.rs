//! 自办自批: decisions by whoever had filed the item last, which are let be only where nobody else could decide.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::entry::{Actor, LedgerEntry};
use super::frame::Frame;
use super::trail::{Touch, touch};
use crate::plan::TaskId;

/// A decision on what its decider had filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDecision {
    /// Seq of the decision.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// On which item.
    pub task: TaskId,
}

/// All of them, gathered from the entries in their order.
#[derive(Debug, Default)]
pub struct OwnDecisions {
    filed_by: BTreeMap<TaskId, Actor>,
    /// So far, oldest first.
    pub found: Vec<OwnDecision>,
}

impl OwnDecisions {
    /// Takes the next entry in.
    pub fn take(&mut self, frame: &Frame, entry: &LedgerEntry) {
        match touch(&entry.act) {
            Touch::Reports(task) => {
                self.filed_by.insert(task.clone(), entry.by.clone());
                if let Some(indicator) = frame.plan.indicator(task) {
                    let sharing = frame.plan.sharing(&indicator.fact);
                    let filed = sharing.map(|other| (other.id.clone(), entry.by.clone()));
                    self.filed_by.extend(filed);
                }
            }
            Touch::Decides(task) if self.filed_by.get(task) == Some(&entry.by) => {
                self.found.push(OwnDecision {
                    seq: entry.seq,
                    at: entry.at,
                    by: entry.by.clone(),
                    task: task.clone(),
                });
            }
            Touch::Decides(_)
            | Touch::Concerns(_)
            | Touch::Hints(_)
            | Touch::OnHint(_)
            | Touch::Follows(_)
            | Touch::Redacts(_)
            | Touch::Creates(_)
            | Touch::OfPeople
            | Touch::OfMeetings
            | Touch::Nothing => {}
        }
    }
}
