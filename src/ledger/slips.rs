//! 督办单: drafted by the bot where the ladder says so, sent by the office's tap, answered by a report.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::decided::Decided;
use super::entry::{Actor, LedgerEntry};
use super::frame::Frame;
use super::standing::Standing;
use super::text::Text;
use super::view::Phase;
use crate::calendar;
use crate::plan::{PersonId, TaskId, UnitId};

/// A red slip unanswered for so many working days is offered to be told to the deputy leader.
pub const SLIP_OFFER_AFTER: i64 = 5;

/// Colour of a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipColour {
    /// 蓝: near due, the last rung before the day unanswered.
    Blue,
    /// 黄: behind the pace, or in difficulties, for long.
    Yellow,
    /// 红: overdue.
    Red,
}

/// The bot's act: a slip is drafted. Its id is the seq of the entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipDrafted {
    /// On which task.
    pub task: TaskId,
    /// Colour.
    pub colour: SlipColour,
    /// Deadline then in force.
    pub due: Option<NaiveDate>,
    /// The occasion: a task has one slip of a colour for one.
    pub occasion: NaiveDate,
}

/// The office's act: a slip is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipSent {
    /// Which.
    pub slip: u64,
    /// From 1 without gaps.
    pub number: u32,
    /// To which unit.
    pub unit: UnitId,
    /// To whom.
    pub to: PersonId,
    /// The office's own words in place of the draft's.
    pub words: Option<Text>,
}

/// 暂缓 of a draft, 暂不告知 of one sent; or a draft withdrawn by the bot since it is no longer true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipHeld {
    /// Which.
    pub slip: u64,
    /// Withdrawn for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

/// The deputy leader is told of an unanswered red slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipTold {
    /// Which.
    pub slip: u64,
}

/// How a slip was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// Seq of the entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// Its number.
    pub number: u32,
    /// To which unit.
    pub unit: UnitId,
    /// To whom.
    pub to: PersonId,
    /// The office's own words.
    pub words: Option<Text>,
}

/// A supervision slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Seq of the draft.
    pub seq: u64,
    /// When it was drafted.
    pub at: DateTime<Utc>,
    /// On which task.
    pub task: TaskId,
    /// Colour.
    pub colour: SlipColour,
    /// Deadline then in force.
    pub due: Option<NaiveDate>,
    /// Occasion.
    pub occasion: NaiveDate,
    /// How it was sent.
    pub sent: Option<Sending>,
    /// 暂缓 while it is a draft, 暂不告知 once it is sent.
    pub held: Option<Decided>,
    /// When the bot withdrew the draft.
    pub withdrawn: Option<DateTime<Utc>>,
    /// When and by whom the deputy leader was told.
    pub told: Option<Decided>,
}

/// Why a slip can or need not be answered any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlipOver {
    /// Its task was answered since.
    Answered,
    /// Its task takes no answers any more.
    Closed,
    /// Its deadline was moved since.
    Moved,
    /// A draft whose day has passed: a red one takes its place.
    Passed,
    /// A draft the bot withdrew before.
    Withdrawn,
}

impl Slip {
    /// Whether the office has still to decide on it: neither sent, nor held, nor withdrawn.
    pub fn is_undecided(&self) -> bool {
        self.sent.is_none() && self.held.is_none() && self.withdrawn.is_none()
    }
}

impl Frame {
    /// Whether a slip is over: a draft since it was made, a sent one since it was sent.
    pub fn slip_over(
        &self,
        standing: &Standing,
        slip: &Slip,
        today: NaiveDate,
    ) -> Option<SlipOver> {
        if slip.withdrawn.is_some() {
            return Some(SlipOver::Withdrawn);
        }
        let Some(view) = self.task_view(standing, &slip.task, today) else {
            return Some(SlipOver::Closed);
        };
        let since = slip.sent.as_ref().map_or(slip.at, |sent| sent.at);
        if view.answered_after(since) {
            return Some(SlipOver::Answered);
        }
        match view.phase {
            Phase::Open | Phase::Baseline(_) => {}
            Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => {
                return Some(SlipOver::Closed);
            }
        }
        if view.due != slip.due {
            return Some(SlipOver::Moved);
        }
        let passed = slip.due.is_some_and(|due| due < today) && slip.colour != SlipColour::Red;
        (passed && slip.sent.is_none()).then_some(SlipOver::Passed)
    }

    /// Slips sent and not answered, the oldest first.
    pub fn unanswered_slips<'s>(&self, standing: &'s Standing, today: NaiveDate) -> Vec<&'s Slip> {
        let sent = standing.slips.values().filter(|slip| slip.sent.is_some());
        sent.filter(|slip| self.slip_over(standing, slip, today).is_none())
            .collect()
    }

    /// Working days since a slip was sent.
    pub fn days_since_sent(&self, slip: &Slip, today: NaiveDate) -> Option<i64> {
        let sent = calendar::date_of(slip.sent.as_ref()?.at);
        Some(self.calendar.working_days_between(sent, today))
    }
}

impl Standing {
    /// The number the next slip sent will have.
    pub fn next_slip_number(&self) -> u32 {
        let sent = self.slips.values().filter_map(|slip| slip.sent.as_ref());
        sent.map(|sent| sent.number).max().unwrap_or(0) + 1
    }

    pub(super) fn draft_slip(&mut self, entry: &LedgerEntry, drafted: &SlipDrafted) {
        let slip = Slip {
            seq: entry.seq,
            at: entry.at,
            task: drafted.task.clone(),
            colour: drafted.colour,
            due: drafted.due,
            occasion: drafted.occasion,
            sent: None,
            held: None,
            withdrawn: None,
            told: None,
        };
        self.slips.insert(entry.seq, slip);
        self.task_mut(&drafted.task).slips.push(entry.seq);
    }

    pub(super) fn send_slip(&mut self, entry: &LedgerEntry, sent: &SlipSent) {
        if let Some(slip) = self.slips.get_mut(&sent.slip) {
            slip.held = None;
            slip.sent = Some(Sending {
                seq: entry.seq,
                at: entry.at,
                by: entry.by.clone(),
                number: sent.number,
                unit: sent.unit.clone(),
                to: sent.to.clone(),
                words: sent.words.clone(),
            });
        }
    }

    pub(super) fn hold_slip(&mut self, entry: &LedgerEntry, held: &SlipHeld) {
        if let Some(slip) = self.slips.get_mut(&held.slip) {
            match held.withdrawn {
                true => slip.withdrawn = Some(entry.at),
                false => slip.held = Some((entry.at, entry.by.clone())),
            }
        }
    }

    pub(super) fn tell_slip(&mut self, entry: &LedgerEntry, told: &SlipTold) {
        if let Some(slip) = self.slips.get_mut(&told.slip) {
            slip.told = Some((entry.at, entry.by.clone()));
        }
    }
}
