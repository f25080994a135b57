//! An offered plan held against the one in force: what differs, and what of it the office settled otherwise.

use chrono::NaiveDate;

use crate::conversation::MovedSend;
use crate::ledger::{Frame, Standing, TaskEnd};
use crate::plan::{Fact, Hash, Plan, PlanDiff, Sets, SettingChange, TaskId, diff, settings_diff};

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
    /// Seq of the settlement or change it comes from; none for a deadline the office set.
    pub settled_by: Option<u64>,
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
    let tasks = standing.terms.keys();
    let terms = tasks.flat_map(|task| touched_terms(old, new, standing, task));
    let dues = standing.tasks.iter().filter_map(|(task, state)| {
        let (seq, _, due) = state.dues.last()?;
        // A later change of the deadline itself is named above.
        let mut changes = standing.terms_in_force(task).rev();
        let changed = changes.find(|settled| {
            settled.doubt.is_none() && settled.how.sets().due.is_some() && settled.seq > *seq
        });
        if changed.is_some() {
            return None;
        }
        let set = Sets {
            due: Some(*due),
            ..Sets::default()
        };
        let (settled, planned) = touched_facts(old, new, task, &set)?;
        Some(Touched {
            settled_by: None,
            task: task.clone(),
            settled,
            planned,
        })
    });
    terms.chain(dues).collect()
}

/// What the office settled or changed about a task, each fact where it was said last.
fn touched_terms(old: &Plan, new: &Plan, standing: &Standing, task: &TaskId) -> Vec<Touched> {
    let mut later = Sets::default();
    let mut found = Vec::new();
    for said in standing.terms_in_force(task).rev() {
        let sets = said.how.sets();
        let last = Fact::ALL.into_iter().filter(|fact| !later.has(*fact));
        let own = last.fold(Sets::default(), |own, fact| sets.only(fact).over(own));
        later = later.over(sets.clone());
        found.extend(
            touched_facts(old, new, task, &own).map(|(settled, planned)| Touched {
                settled_by: Some(said.seq),
                task: task.clone(),
                settled,
                planned,
            }),
        );
    }
    found.reverse();
    found
}

/// Facts that were set, that the plans differ in, and that the new plan has otherwise than they were set.
fn touched_facts(old: &Plan, new: &Plan, task: &TaskId, set: &Sets) -> Option<(Sets, Sets)> {
    old.indicator(task)?;
    new.indicator(task)?;
    let (old, new) = (old.published(task), new.published(task));
    let touched = Fact::ALL.into_iter().filter(|fact| {
        let (old, new, set) = (old.only(*fact), new.only(*fact), set.only(*fact));
        !set.is_empty() && old != new && set != new
    });
    let (mut settled, mut planned) = (Sets::default(), Sets::default());
    for fact in touched {
        settled = set.only(fact).over(settled);
        planned = new.only(fact).over(planned);
    }
    (!planned.is_empty()).then_some((settled, planned))
}
