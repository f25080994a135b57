//! 需协调: the help of a unit that a report asked for, followed from the first report that names it until it is over.

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::decided::Decided;
use super::entry::{Actor, LedgerEntry};
use super::frame::Frame;
use super::progress::ProgressReport;
use super::standing::{Standing, TaskState};
use super::text::Text;
use super::view::Phase;
use crate::calendar;
use crate::plan::{TaskId, UnitId};

/// A matter open for more working days than these is old: it stands on top of the digest.
pub const MATTER_OLD: i64 = 10;

/// The act of the unit asked: 已协助, or 需上级协调.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterAnswered {
    /// Which matter.
    pub matter: u64,
    /// 已协助; otherwise it takes somebody above the unit.
    pub helped: bool,
    /// A sentence.
    pub words: Option<Text>,
}

/// The act of the unit that asks, or of the office: 已解决, or 仍未解决.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterSettled {
    /// Which matter.
    pub matter: u64,
    /// 已解决; otherwise it is open again and the answer no longer stands.
    pub settled: bool,
}

/// An answer of the unit asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Seq of the entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// 已协助; otherwise 需上级协调.
    pub helped: bool,
    /// A sentence.
    pub words: Option<Text>,
}

/// What somebody did about a matter: seq, when, by whom, what.
pub type MatterStep = (u64, DateTime<Utc>, Actor, MatterAct);

/// What can be done about a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatterAct {
    /// The unit asked answered: 已协助 (true) or 需上级协调, with a sentence.
    Answered(bool, Option<Text>),
    /// 已解决 (true) or 仍未解决.
    Settled(bool),
}

/// How a matter ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatterEnd {
    /// This report of the unit that asked names it no more.
    Reported(u64),
    /// 已解决.
    Settled,
}

/// A matter of coordination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Its id: seq of the report in which the need began.
    pub seq: u64,
    /// The task it hampers.
    pub task: TaskId,
    /// The unit asked.
    pub unit: UnitId,
    /// What is needed, in the newest words.
    pub what: Text,
    /// Since when.
    pub since_at: DateTime<Utc>,
    /// Who filed the report in which it began.
    pub by: Actor,
    /// Seq of the newest report that names it.
    pub named: u64,
    /// The answer that stands.
    pub answer: Option<Answer>,
    /// Everything done about it, oldest first.
    pub steps: Vec<MatterStep>,
    /// When and by whom it was said to be unsolved still, after an answer or an end.
    pub unsolved: Option<Decided>,
    /// When, by whom and how it ended.
    pub over: Option<(DateTime<Utc>, Actor, MatterEnd)>,
}

impl Matter {
    /// Whole working days it has been open.
    pub fn working_days(&self, frame: &Frame, today: NaiveDate) -> i64 {
        let since = calendar::date_of(self.since_at);
        frame.calendar.working_days_between(since, today)
    }
}

impl Frame {
    /// Whether a matter is still open: nobody ended it, its task takes answers, and no newer report on the same fact speaks for it.
    pub fn is_open(&self, standing: &Standing, matter: &Matter, today: NaiveDate) -> bool {
        if matter.over.is_some() {
            return false;
        }
        let Some(view) = self.task_view(standing, &matter.task, today) else {
            return false;
        };
        let asked = match view.phase {
            Phase::Open | Phase::Baseline(_) => true,
            Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => false,
        };
        let sharing = view.indicator.map(|own| self.plan.sharing(&own.fact));
        let others = sharing.into_iter().flatten();
        let newer = others
            .filter(|other| other.id != matter.task)
            .flat_map(|other| &standing.task_state(&other.id).reports)
            .any(|filed| filed.seq > matter.named && filed.report.corrects.is_none());
        asked && !newer
    }

    /// The open matters, the oldest first.
    pub fn open_matters<'s>(&self, standing: &'s Standing, today: NaiveDate) -> Vec<&'s Matter> {
        let all = standing.matters.values();
        let open = all.filter(|matter| self.is_open(standing, matter, today));
        let mut open: Vec<&Matter> = open.collect();
        open.sort_by_key(|matter| matter.since_at);
        open
    }
}

impl Standing {
    /// Follows the need that a report names or no longer names; to be called before the report is put beside the others.
    pub(super) fn follow_need(&mut self, entry: &LedgerEntry, report: &ProgressReport) {
        let state = self.task_state(&report.task);
        if corrects_older(state, report) {
            return;
        }
        let need = report.support_needed.as_ref();
        let need = need.and_then(|need| Some((need.unit.as_ref()?, &need.what)));
        let last = state.matters.last().copied();
        let before = last.and_then(|seq| self.matters.get(&seq));
        // A unit that became part of another is asked for in that one's name from then on.
        let became = |unit| self.people.became(unit);
        let same = need
            .filter(|(unit, _)| before.is_some_and(|before| became(*unit) == became(&before.unit)));
        let same = same.map(|(_, what)| what);
        if let Some(matter) = last.and_then(|seq| self.matters.get_mut(&seq))
            && matter.follow(entry, report.unchanged, same)
        {
            return;
        }
        if let Some((unit, what)) = need {
            let matter = Matter {
                seq: entry.seq,
                task: report.task.clone(),
                unit: unit.clone(),
                what: what.clone(),
                since_at: entry.at,
                by: entry.by.clone(),
                named: entry.seq,
                answer: None,
                steps: Vec::new(),
                unsolved: None,
                over: None,
            };
            self.matters.insert(entry.seq, matter);
            self.task_mut(&report.task).matters.push(entry.seq);
        }
    }

    pub(super) fn answer_matter(&mut self, entry: &LedgerEntry, answered: &MatterAnswered) {
        if let Some(matter) = self.matters.get_mut(&answered.matter) {
            let act = MatterAct::Answered(answered.helped, answered.words.clone());
            matter.step(entry, act);
            matter.unsolved = None;
            matter.answer = Some(Answer {
                seq: entry.seq,
                at: entry.at,
                by: entry.by.clone(),
                helped: answered.helped,
                words: answered.words.clone(),
            });
        }
    }

    pub(super) fn settle_matter(&mut self, entry: &LedgerEntry, settled: &MatterSettled) {
        let Some(matter) = self.matters.get_mut(&settled.matter) else {
            return;
        };
        matter.step(entry, MatterAct::Settled(settled.settled));
        if settled.settled {
            matter.over = Some((entry.at, entry.by.clone(), MatterEnd::Settled));
        } else {
            matter.over = None;
            matter.answer = None;
            matter.unsolved = Some((entry.at, entry.by.clone()));
        }
    }
}

impl Matter {
    fn step(&mut self, entry: &LedgerEntry, act: MatterAct) {
        self.steps
            .push((entry.seq, entry.at, entry.by.clone(), act));
    }

    /// Takes in the next report, with its words where it asks for the `same`; false when it asks for another, or for nothing.
    fn follow(&mut self, entry: &LedgerEntry, unchanged: bool, same: Option<&Text>) -> bool {
        match (same, &self.over) {
            // Settled by somebody's tap; the same words kept in a later report ask for nothing new.
            (Some(what), Some((_, _, MatterEnd::Settled))) => *what == self.what,
            (_, Some(_)) => false,
            (Some(what), None) => {
                self.named = entry.seq;
                self.what = what.clone();
                if !unchanged {
                    // Named again in a report that says something new: the help did not do.
                    self.answer = None;
                }
                true
            }
            (None, None) => {
                let end = MatterEnd::Reported(entry.seq);
                self.over = Some((entry.at, entry.by.clone(), end));
                false
            }
        }
    }
}

/// Whether a report corrects one that is not the newest any more: it says nothing of what is needed now.
fn corrects_older(state: &TaskState, report: &ProgressReport) -> bool {
    let Some(corrects) = report.corrects else {
        return false;
    };
    let newest = state
        .reports
        .iter()
        .rposition(|filed| filed.report.corrects.is_none());
    let mut chain = Vec::new();
    for filed in &state.reports[newest.unwrap_or(0)..] {
        let of = filed.report.corrects;
        if of.is_none_or(|of| chain.contains(&of)) {
            chain.push(filed.seq);
        }
    }
    !chain.contains(&corrects)
}
