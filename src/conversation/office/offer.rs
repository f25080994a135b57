//! An offered plan held against the one in force: what differs, and what of it the office settled otherwise.

use chrono::NaiveDate;

use super::terms::facts_of;
use crate::conversation::MovedSend;
use crate::ledger::{Frame, Standing, TaskEnd};
use crate::plan::{
    DoubtId, Hash, Plan, PlanDiff, Sets, SettingChange, TaskId, diff, settings_diff,
};

/// An offered adoption held against the one in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its hash.
    pub adoption: Hash,
    /// Difference of the plans.
    pub diff: PlanDiff,
    /// Difference of the settings.
    pub settings: Vec<SettingChange>,
    /// Days that become working days (true) or days off (false).
    pub days: Vec<(NaiveDate, bool)>,
    /// Sends that move with those days, soonest first.
    pub moved: Vec<MovedSend>,
    /// What it touches that the office settled.
    pub touched: Vec<Touched>,
    /// What becomes of vanished tasks: number and name, how, and into what; those decided so far.
    pub ends: Vec<(String, TaskEnd, String)>,
}

/// A value the office settled that the offered plan has otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Touched {
    /// The doubt it was settled under; none for a deadline the office set.
    pub doubt: Option<DoubtId>,
    /// The task.
    pub task: TaskId,
    /// As the office settled it.
    pub settled: Sets,
    /// As the offered plan has it.
    pub planned: Sets,
}

/// The difference of an offered adoption, with nothing decided yet.
pub fn offer_of(old: &Frame, new: &Frame, standing: &Standing) -> Offer {
    Offer {
        adoption: new.adoption,
        diff: diff(&old.plan, &new.plan),
        settings: settings_diff(&old.settings, &new.settings),
        days: changed_days(old, new),
        moved: Vec::new(),
        touched: touched(&old.plan, &new.plan, standing),
        ends: Vec::new(),
    }
}

/// Days of the plan's years on which one works now and did not before, or the other way round.
fn changed_days(old: &Frame, new: &Frame) -> Vec<(NaiveDate, bool)> {
    if old.calendar == new.calendar {
        return Vec::new();
    }
    let (from, to) = (new.plan.task_force.starts, new.plan.task_force.ends);
    let days = from.iter_days().take_while(|day| *day <= to);
    let changed = days.filter_map(|day| {
        let works = new.calendar.is_working_day(day);
        (works != old.calendar.is_working_day(day)).then_some((day, works))
    });
    changed.collect()
}

fn touched(old: &Plan, new: &Plan, standing: &Standing) -> Vec<Touched> {
    let settled = standing.settled.iter();
    let terms = settled.filter_map(|(doubt, (_, _, _, task, how))| {
        let task = task.clone()?;
        let (settled, planned) = touched_facts(old, new, &task, facts_of(how))?;
        Some(Touched {
            doubt: Some(doubt.clone()),
            task,
            settled,
            planned,
        })
    });
    let dues = standing.tasks.iter().filter_map(|(task, state)| {
        let (_, _, due) = state.dues.last()?;
        let set = Sets {
            due: Some(*due),
            ..Sets::default()
        };
        let (settled, planned) = touched_facts(old, new, task, &set)?;
        Some(Touched {
            doubt: None,
            task: task.clone(),
            settled,
            planned,
        })
    });
    terms.chain(dues).collect()
}

/// Facts that were set, that the plans differ in, and that the new plan has otherwise than they were set.
fn touched_facts(old: &Plan, new: &Plan, task: &TaskId, set: &Sets) -> Option<(Sets, Sets)> {
    let (old, new) = (old.indicator(task)?, new.indicator(task)?);
    let (mut settled, mut planned) = (Sets::default(), Sets::default());
    let lead = new.filing_lead.as_ref();
    if set.filing_lead.is_some()
        && old.filing_lead.as_ref() != lead
        && set.filing_lead.as_ref() != lead
    {
        settled.filing_lead = set.filing_lead.clone();
        planned.filing_lead = lead.cloned();
    }
    if set.due.is_some() && old.due != new.due && set.due != new.due {
        (settled.due, planned.due) = (set.due, new.due);
    }
    if set.baseline.is_some() && old.baseline != new.baseline && set.baseline != new.baseline {
        (settled.baseline, planned.baseline) = (set.baseline, new.baseline);
    }
    (planned != Sets::default()).then_some((settled, planned))
}
