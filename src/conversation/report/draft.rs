//! The state of report talks: everything a talk knows, stored after every step.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::conversation::Conversation;
use crate::conversation::number::Unsure;
use crate::ledger::{Judgement, MilestoneStage};
use crate::plan::{Hash, PersonId, TaskId, UnitId};

/// Form of a stored sitting; one of another form is dropped and the person told.
pub const SITTING_VERSION: u16 = 1;

/// One person's talk: items one after the other, in one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sitting {
    /// Form of the state.
    pub version: u16,
    /// Where it is held.
    pub home: Home,
    /// Number of the last question; buttons carry it.
    pub stamp: u32,
    /// The message that the next question takes the place of.
    pub card: Option<i32>,
    /// In the group: the number of the question with which the card was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_as: Option<u32>,
    /// Which item of the sitting this is, from 1.
    pub number: u16,
    /// Items still ahead.
    pub ahead: Vec<TaskId>,
    /// Seqs of the reports of this sitting.
    pub filed: Vec<u64>,
    /// Sends and edits in the group for the running item.
    pub sends: u8,
    /// What it is about now.
    pub doing: Doing,
}

/// Where a talk is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Home {
    /// In the person's private chat.
    Private,
    /// In the task force's group, on one card.
    Group,
}

/// What a sitting is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// An item is being answered.
    Item(Box<Draft>),
    /// The last item is done and the next one offered.
    Between,
    /// 晚些提醒: the date is asked.
    OwnDate,
    /// The group's messages for this item are used up: it goes on in private.
    Spent(Box<Draft>),
}

/// An item being answered, or put aside half finished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The task.
    pub task: TaskId,
    /// What becomes of the answers.
    pub purpose: Purpose,
    /// What is asked.
    pub flow: Flow,
    /// Period at its start.
    pub period: String,
    /// Adoption at its start.
    pub adoption: Hash,
    /// Last seq at its start.
    pub last_seq: u64,
    /// What the plan promised at its start, in base units.
    pub promised: Promised,
    /// The question that is open.
    pub step: Step,
    /// Where to go after it, when it was asked out of turn.
    pub return_to: Option<Step>,
    /// An odd number that waits for its confirmation.
    pub odd: Option<Odd>,
    /// A report by somebody else, or from elsewhere, that the preview has shown.
    pub shown: Option<u64>,
    /// Answers so far.
    pub answers: Answers,
    /// The person's own messages and what they answered, for edits.
    pub typed: Vec<(i32, Step)>,
    /// Units offered as buttons by the question on support, in order.
    pub offered: Vec<UnitId>,
    /// When it was last answered; drafts of older programs do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_at: Option<DateTime<Utc>>,
    /// The person in whose place it is filed (代报, 代填).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
}

/// What becomes of the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A report.
    Report,
    /// A correction of the report with this seq (更正).
    Correction(u64),
    /// A hint to those who may file (转交).
    Hint,
}

/// What the plan promised when a talk began, for noticing a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// Target in base units.
    pub target: Option<Decimal>,
    /// Unit of measure as shown; empty where there is none.
    pub unit: String,
    /// Its base unit, in which values are kept.
    pub base: String,
    /// Deadline.
    pub due: Option<NaiveDate>,
}

/// What is asked of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// A target with a number.
    Number,
    /// A target with stages.
    Milestone,
    /// A measure's narrative.
    Narrative,
    /// A numeric target that was past at go-live (初始台账).
    BaselineNumber,
    /// A milestone that was past at go-live.
    BaselineMilestone,
}

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Baseline: reached or not.
    Reached,
    /// Baseline, reached: on which day.
    ReachedOn,
    /// The current value.
    Value,
    /// A milestone's stage.
    Stage,
    /// Baseline, not reached: why.
    Reason,
    /// Baseline, not reached: the new date wanted.
    Wanted,
    /// The unit's own judgement.
    Judgement,
    /// What was done.
    Done,
    /// Problems.
    Issues,
    /// Next step.
    Next,
    /// Whose help is needed.
    Support,
    /// What that unit shall do.
    SupportWhat,
    /// Photos and files.
    Evidence,
    /// 请核对.
    Preview,
    /// 改文字: which line.
    Lines,
}

/// A typed number that is asked back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Odd {
    /// As typed.
    pub typed: String,
    /// What it may mean, in base units, likeliest first; never empty.
    pub readings: Vec<Decimal>,
    /// What is odd about it.
    pub why: Oddity,
}

impl Odd {
    /// Whether the same value once more answers the question. Where it may mean two things, picking one does not say that
    /// it is not odd besides.
    pub(super) fn is_confirmed_by(&self, value: Decimal) -> bool {
        !matches!(self.why, Oddity::Unsure(_)) && self.readings.contains(&value)
    }
}

/// What is odd about a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// It may mean two things, or was not meant exactly.
    Unsure(Unsure),
    /// A stock fell from this value.
    Fell(Decimal),
    /// Ten times the last value or more, or a tenth or less.
    Tenfold(Decimal),
    /// Typed, and the same as last time.
    Same,
    /// Past the target by so much.
    PastTarget(Decimal),
}

/// Answers so far; what is none was not asked yet or left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// Baseline: whether it was reached.
    pub reached: Option<bool>,
    /// Baseline, reached: the day.
    pub reached_on: Option<NaiveDate>,
    /// Current value in base units.
    pub value: Option<Decimal>,
    /// Stage.
    pub stage: Option<MilestoneStage>,
    /// Baseline, not reached: why.
    pub reason: Option<Words>,
    /// Baseline, not reached: the new date wanted.
    pub wanted: Option<NaiveDate>,
    /// Judgement.
    pub judgement: Option<Judgement>,
    /// What was done.
    pub done: Option<Words>,
    /// Problems.
    pub issues: Option<Words>,
    /// Next step.
    pub next: Option<Words>,
    /// Its date.
    pub next_date: Option<NaiveDate>,
    /// Unit whose help is needed.
    pub support_unit: Option<UnitId>,
    /// What it shall do.
    pub support: Option<Words>,
    /// Photos and files.
    pub evidence: Vec<File>,
    /// The album the last of them belong to.
    pub album: Option<String>,
    /// Files of that album did not fit, and the person was told.
    #[serde(default)]
    pub turned_away: bool,
}

/// Words of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// As typed.
    pub text: String,
    /// Seq of the report they are kept from.
    pub kept_from: Option<u64>,
}

/// A photo or file by Telegram's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Telegram's id of the file.
    pub file_id: String,
    /// Id that stays the same across bots.
    pub file_unique_id: String,
    /// Name; photos have none.
    pub name: Option<String>,
    /// MIME type.
    pub mime: String,
    /// Bytes.
    pub size: Option<u64>,
}

impl Sitting {
    /// The item being answered.
    pub fn draft(&self) -> Option<&Draft> {
        match &self.doing {
            Doing::Item(draft) | Doing::Spent(draft) => Some(draft),
            Doing::Between | Doing::OwnDate => None,
        }
    }

    /// Items of the sitting: those before, this one and those ahead.
    pub fn of(&self) -> u16 {
        let ahead = u16::try_from(self.ahead.len()).unwrap_or(u16::MAX);
        self.number.saturating_add(ahead)
    }
}

impl Draft {
    /// Whether the person has answered anything yet.
    pub fn begun(&self) -> bool {
        self.answers != Answers::default() || self.odd.is_some()
    }

    /// Remembers which answer a message of the person gave.
    pub fn note_message(&mut self, message_id: i32, step: Step) {
        /// Messages of one item that can still be edited into other answers.
        const MOST_REMEMBERED: usize = 40;
        self.typed.retain(|(known, _)| *known != message_id);
        self.typed.push((message_id, step));
        if self.typed.len() > MOST_REMEMBERED {
            self.typed.remove(0);
        }
    }
}

/// Whether a question has an answer.
pub(super) fn has_answer(answers: &Answers, step: Step) -> bool {
    match step {
        Step::Reached => answers.reached.is_some(),
        Step::ReachedOn => answers.reached_on.is_some(),
        Step::Value => answers.value.is_some(),
        Step::Stage => answers.stage.is_some(),
        Step::Reason => answers.reason.is_some(),
        Step::Wanted => answers.wanted.is_some(),
        Step::Judgement => answers.judgement.is_some(),
        Step::Done => answers.done.is_some(),
        Step::Issues => answers.issues.is_some(),
        Step::Next => answers.next.is_some(),
        Step::Support | Step::SupportWhat => answers.support.is_some(),
        Step::Evidence => !answers.evidence.is_empty(),
        Step::Preview | Step::Lines => false,
    }
}

impl Conversation {
    /// Talks that are half finished: the open one and those put aside.
    pub fn unfinished(&self) -> impl Iterator<Item = &Draft> {
        let open = self.sitting.as_ref().and_then(Sitting::draft);
        let begun = open.filter(|draft| draft.begun());
        let drafts = begun.into_iter().chain(&self.drafts);
        drafts.filter(|draft| draft.purpose == Purpose::Report)
    }

    /// The tasks of those talks.
    pub fn unfinished_tasks(&self) -> Vec<TaskId> {
        self.unfinished().map(|draft| draft.task.clone()).collect()
    }

    /// Puts away whatever was begun on a task; whether there was anything.
    pub fn put_away(&mut self, task: &TaskId) -> bool {
        let before = self.drafts.len();
        self.drafts.retain(|draft| draft.task != *task);
        let open = self.sitting.as_ref().and_then(Sitting::draft);
        let is_open = open.is_some_and(|draft| draft.task == *task);
        if is_open {
            self.sitting = None;
        }
        is_open || self.drafts.len() < before
    }

    /// Where a talk is open now; none between talks.
    pub fn talk_home(&self) -> Option<Home> {
        let sitting = self.sitting.as_ref()?;
        match sitting.doing {
            Doing::Item(_) | Doing::OwnDate => Some(sitting.home),
            Doing::Between | Doing::Spent(_) => None,
        }
    }
}
