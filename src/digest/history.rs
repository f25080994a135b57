//! What became of one task, entry by entry.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ledger::{
    Actor, CoSignature, Decision, Filed, Frame, MatterAct, Settlement, Standing, TaskEnd,
    TaskState, Text,
};
use crate::plan::{TaskId, UnitId};

use std::sync::Arc;

/// One event in the life of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Seq of its entry; 0 for an ending, whose entry the fold does not keep.
    pub seq: u64,
    /// When; none for an ending.
    pub at: Option<DateTime<Utc>>,
    /// By whom, where the fold keeps it.
    pub by: Option<Actor>,
    /// What.
    pub happened: Happened,
}

/// What happened to a task.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// A report, for this task or for one with the same fact.
    Reported(Arc<Filed>),
    /// 催办.
    Urged,
    /// 补充 of this unit, in these words.
    Supplemented(UnitId, Text),
    /// 会签 of this unit to the report with this seq.
    CoSigned(UnitId, u64, CoSignature),
    /// Something was done about the matter with this seq, which this unit is asked to help with.
    Matter(u64, UnitId, MatterAct),
    /// A supervision slip with this number was sent.
    SlipSent(u32),
    /// A deadline was set.
    DueSet(NaiveDate),
    /// Terms were settled or changed: how, and on what basis.
    Terms(Settlement, Option<Text>),
    /// 办结.
    Closed,
    /// Its id vanished and the office ended it.
    Ended(TaskEnd),
}

/// The life of a task, the newest event first.
pub fn history(frame: &Frame, standing: &Standing, task: &TaskId) -> Vec<Event> {
    let state = standing.task_state(task);
    let mut events: Vec<Event> = Vec::new();
    let shared: Vec<&TaskId> = match frame.plan.indicator(task) {
        Some(indicator) => frame
            .plan
            .sharing(&indicator.fact)
            .map(|other| &other.id)
            .collect(),
        None => vec![task],
    };
    for other in shared {
        let reports = standing.task_state(other).reports.iter();
        events.extend(reports.map(|filed| Event {
            seq: filed.seq,
            at: Some(filed.at),
            by: Some(filed.by.clone()),
            happened: Happened::Reported(filed.clone()),
        }));
    }
    let event = |(seq, at, by): &(u64, DateTime<Utc>, Actor), happened| Event {
        seq: *seq,
        at: Some(*at),
        by: Some(by.clone()),
        happened,
    };
    events.extend(
        state
            .follow_ups
            .iter()
            .map(|urged| event(urged, Happened::Urged)),
    );
    events.extend(
        state
            .closed
            .iter()
            .map(|closed| event(closed, Happened::Closed)),
    );
    events.extend(state.supplements.iter().map(|one| Event {
        seq: one.seq,
        at: Some(one.at),
        by: Some(one.by.clone()),
        happened: Happened::Supplemented(one.unit.clone(), one.words.clone()),
    }));
    events.extend(beside(standing, state));
    events.extend(settled(standing, task));
    let decided = standing.decided.get(&Decision::Due(task.clone()));
    events.extend(state.dues.iter().map(|(seq, at, due)| {
        Event {
            seq: *seq,
            at: Some(*at),
            // The fold keeps who decided last.
            by: decided
                .filter(|(last, _)| last == at)
                .map(|(_, by)| by.clone()),
            happened: Happened::DueSet(*due),
        }
    }));
    events.sort_by_key(|event| std::cmp::Reverse(event.seq));
    if let Some(how) = &state.ended {
        let ended = Event {
            seq: 0,
            at: None,
            by: None,
            happened: Happened::Ended(how.clone()),
        };
        events.insert(0, ended);
    }
    events
}

/// Settlements of the task's terms and changes of them.
fn settled<'s>(standing: &'s Standing, task: &TaskId) -> impl Iterator<Item = Event> + 's {
    let terms = standing.terms.get(task).into_iter().flatten();
    terms.map(|settled| Event {
        seq: settled.seq,
        at: Some(settled.at),
        by: Some(settled.by.clone()),
        happened: Happened::Terms(settled.how.clone(), settled.basis.clone()),
    })
}

/// What the office and the other leads did beside the reports: signatures and slips.
fn beside(standing: &Standing, state: &TaskState) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    events.extend(state.cosigned.iter().map(|one| Event {
        seq: one.seq,
        at: Some(one.at),
        by: Some(one.by.clone()),
        happened: Happened::CoSigned(one.unit.clone(), one.report, one.how.clone()),
    }));
    let matters = state.matters.iter();
    let matters = matters.filter_map(|seq| standing.matters.get(seq));
    events.extend(matters.flat_map(|matter| {
        matter.steps.iter().map(|(seq, at, by, act)| Event {
            seq: *seq,
            at: Some(*at),
            by: Some(by.clone()),
            happened: Happened::Matter(matter.seq, matter.unit.clone(), act.clone()),
        })
    }));
    let slips = state.slips.iter().filter_map(|seq| standing.slips.get(seq));
    let sent = slips.filter_map(|slip| slip.sent.as_ref());
    events.extend(sent.map(|sent| Event {
        seq: sent.seq,
        at: Some(sent.at),
        by: Some(sent.by.clone()),
        happened: Happened::SlipSent(sent.number),
    }));
    events
}
