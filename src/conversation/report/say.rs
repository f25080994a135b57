//! What this slice says: facts only; `render::report` has one named function for each.

use chrono::{DateTime, NaiveDate, Utc};

use super::draft::{Draft, Home, Step};
use crate::conversation::Media;
use crate::conversation::number::Refusal;
use crate::conversation::request::Kind;
use crate::ledger::{Account, ReportingPeriod};
use crate::plan::{PersonId, TaskId};

/// A message of this slice.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportSay {
    /// A question of a talk.
    Ask(Box<Asking>),
    /// A reply field for a typed question, in the group.
    ReplyField(ReplyField),
    /// ✅: the report, correction or hint is on record.
    Recorded(Recorded),
    /// The group's line about a sitting: seqs of its reports.
    Line(Vec<u64>),
    /// A talk was left; whether what was begun is kept.
    Left {
        /// Whose talk.
        person: PersonId,
        /// The task.
        task: TaskId,
        /// Whether a draft is kept.
        kept: bool,
    },
    /// `/cancel` and nothing is open.
    NothingOpen,
    /// A dialogue of the office or of binding was left.
    DialogueLeft,
    /// A half-finished talk: go on or start over.
    OfferResume(PersonId, Box<Draft>),
    /// A half-finished talk was dropped.
    Dropped(TaskId),
    /// A list to choose from.
    Choose(Choices),
    /// Nothing waits and nothing can be filed.
    NothingToFile,
    /// No task is meant by these words.
    NotFound(String),
    /// The task cannot be filed any more.
    Gone(TaskId, Gone),
    /// To the office: another unit files it; a button begins in its place.
    OfferOnBehalf {
        /// For whom.
        person: PersonId,
        /// Which item.
        task: TaskId,
    },
    /// Somebody else files it.
    MayNotFile {
        /// Who may not.
        person: PersonId,
        /// The task.
        task: TaskId,
        /// Whether a hint is possible.
        hint: bool,
    },
    /// In the group: the talk goes on in private.
    MovedToPrivate,
    /// In the group: please file in private, by this link's payload.
    GoPrivate(Option<TaskId>),
    /// In the group: two talks are open there.
    GroupFull,
    /// In the group: the item's messages are used up.
    Spent(TaskId),
    /// A reply to a list of several items names none of them.
    WhichItem(Vec<TaskId>),
    /// 都无变化, to be confirmed.
    ConfirmUnchanged(Unchanged),
    /// Done.
    KeptUnchanged {
        /// Seqs of the reports.
        seqs: Vec<u64>,
        /// Items without a last answer.
        missing: Vec<TaskId>,
    },
    /// Nothing has a last answer, or nothing waits.
    NothingToKeep {
        /// Items without a last answer.
        missing: Vec<TaskId>,
    },
    /// 晚些提醒: for how long.
    LaterChoices,
    /// 晚些提醒: which date.
    AskOwnDate(PersonId, OwnDate),
    /// The cards wait until then.
    Snoozed(DateTime<Utc>),
    /// They cannot wait so long.
    NotSoLate {
        /// The first deadline.
        due: NaiveDate,
        /// Of this task.
        task: TaskId,
    },
    /// 只看我的.
    Mine(Vec<TaskId>),
    /// A hint waits for the filer or the office.
    HintProposal {
        /// The task.
        task: TaskId,
        /// Seq of the hint.
        hint: u64,
    },
    /// A hint was decided; the reader sees by whom.
    HintDecided {
        /// The task.
        task: TaskId,
        /// Seq of the hint.
        hint: u64,
        /// Whether it was taken.
        taken: bool,
        /// Who decided.
        by: PersonId,
    },
    /// The hint cannot be decided (any more) by this person.
    HintClosed(HintClosed),
    /// The report cannot be corrected.
    NotCorrectable(NotCorrectable),
    /// The button belongs to somebody else's talk.
    NotYours(PersonId),
    /// The button is of an earlier question.
    Stale,
    /// The talk is over.
    Over,
    /// The talk is held elsewhere.
    Elsewhere,
}

/// A question with all that its words and buttons need.
#[derive(Debug, Clone, PartialEq)]
pub struct Asking {
    /// Whose talk.
    pub person: PersonId,
    /// Number of the question.
    pub stamp: u32,
    /// The item.
    pub draft: Draft,
    /// Which item of the sitting, from 1.
    pub number: u16,
    /// Of how many.
    pub of: u16,
    /// Where.
    pub home: Home,
    /// In the group: how words are given.
    pub field: Field,
    /// Whether there is a question before this one.
    pub back: bool,
    /// The period question, at the preview.
    pub counts: Option<(ReportingPeriod, ReportingPeriod)>,
    /// First line.
    pub note: Note,
    /// Whether the notice on secrets is shown.
    pub secrecy: bool,
}

/// How words are given to a typed question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Written into the private chat, or the question needs no words.
    Plain,
    /// A button asks for the reply field.
    ByButton,
    /// A message with the reply field follows.
    Follows,
    /// By replying to this very message.
    ReplyHere,
}

/// A message that forces a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyField {
    /// Whose talk.
    pub person: PersonId,
    /// Number of the question it belongs to.
    pub stamp: u32,
    /// To whom.
    pub account: Account,
    /// The task.
    pub task: TaskId,
    /// The question.
    pub step: Step,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Who filed.
    pub person: PersonId,
    /// Seq of the entry.
    pub seq: u64,
    /// The task.
    pub task: TaskId,
    /// What it was.
    pub what: RecordedAs,
    /// Items of the sitting still ahead.
    pub ahead: Vec<TaskId>,
    /// What may be asked of the office next, in a private chat.
    pub offer: Option<Kind>,
}

/// What kind of record it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordedAs {
    /// A report.
    Report {
        /// 迟报.
        late: bool,
    },
    /// A correction; whether a digest with the old report is out.
    Correction {
        /// The next digest marks it.
        marked: bool,
    },
    /// A hint.
    Hint,
}

/// A list of items to choose from.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// For whom.
    pub person: PersonId,
    /// Items.
    pub tasks: Vec<TaskId>,
    /// Page from 0.
    pub page: usize,
    /// Whether they wait for an answer; otherwise all is answered and they can be amended.
    pub waiting: bool,
    /// Half-finished ones.
    pub drafts: Vec<TaskId>,
}

/// Why an item cannot be filed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// 办结.
    Closed,
    /// Ended with the plan's change, or no longer in the plan.
    Ended,
    /// Another unit files it now.
    NoLongerYours,
    /// The plan changed what is asked; it starts over.
    Changed,
}

/// What 都无变化 would keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Unchanged {
    /// Items whose last answers are kept.
    pub tasks: Vec<TaskId>,
    /// Items without a last answer.
    pub missing: Vec<TaskId>,
    /// Stamp of what is shown.
    pub stamp: u32,
}

/// What was wrong with an own date, if anything.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnDate {
    /// First asking.
    First,
    /// No date.
    NotADate,
    /// Not ahead.
    NotAhead,
    /// Too far.
    TooFar,
    /// Past this deadline.
    PastDue(NaiveDate, TaskId),
}

/// Why a hint cannot be decided.
#[derive(Debug, Clone, PartialEq)]
pub enum HintClosed {
    /// It was decided already.
    Decided {
        /// Whether it was taken.
        taken: bool,
    },
    /// There is none such.
    Unknown,
    /// Not by this person.
    NotYours,
    /// Nobody decides on what they sent.
    Own,
}

/// Why a report cannot be corrected.
#[derive(Debug, Clone, PartialEq)]
pub enum NotCorrectable {
    /// There is none such.
    Unknown,
    /// A newer one exists.
    Superseded {
        /// The newer one's seq.
        by: u64,
    },
    /// It is not this person's to correct.
    NotYours,
}

/// The first line of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// None.
    None,
    /// The number was refused.
    Refused(Refusal),
    /// So many characters are too many.
    TooLong(usize),
    /// This kind of media does not answer the question.
    WrongMedia(Media),
    /// A file is expected and words came.
    WantsFile,
    /// Not a date.
    NotADate,
    /// The date lies ahead.
    DateAhead(NaiveDate),
    /// The date lies behind.
    DateBehind(NaiveDate),
    /// A button is to be tapped.
    UseButtons,
    /// An answer cannot be empty.
    Empty,
    /// The edit of an earlier message changed that answer.
    Changed(Step),
    /// The edit of an earlier message was not understood; the answer stays.
    ChangeRefused(Step),
    /// A file was taken.
    FileTaken,
    /// The first file of an album was taken; the others follow without a word.
    AlbumTaken,
    /// No more than ten files.
    TooManyFiles,
    /// Goes on where it was left.
    TakenUp,
    /// The words that came with the start are kept as what was done.
    WordsKept,
    /// Somebody answered meanwhile: look again before submitting.
    LookAgain,
    /// A judgement is missing.
    JudgementMissing,
}

impl ReportSay {
    /// The tasks a message is about, in its order: what a reply to it means.
    pub fn about(&self) -> Vec<TaskId> {
        match self {
            Self::Ask(asking) => vec![asking.draft.task.clone()],
            Self::ReplyField(field) => vec![field.task.clone()],
            Self::OfferResume(_, draft) => vec![draft.task.clone()],
            Self::Choose(choices) => choices.tasks.clone(),
            Self::WhichItem(tasks) | Self::Mine(tasks) => tasks.clone(),
            Self::ConfirmUnchanged(unchanged) => unchanged
                .tasks
                .iter()
                .chain(&unchanged.missing)
                .cloned()
                .collect(),
            Self::Recorded(_)
            | Self::Line(_)
            | Self::Left { .. }
            | Self::NothingOpen
            | Self::DialogueLeft
            | Self::Dropped(_)
            | Self::NothingToFile
            | Self::NotFound(_)
            | Self::Gone(..)
            | Self::OfferOnBehalf { .. }
            | Self::MayNotFile { .. }
            | Self::MovedToPrivate
            | Self::GoPrivate(_)
            | Self::GroupFull
            | Self::Spent(_)
            | Self::KeptUnchanged { .. }
            | Self::NothingToKeep { .. }
            | Self::LaterChoices
            | Self::AskOwnDate(..)
            | Self::Snoozed(_)
            | Self::NotSoLate { .. }
            | Self::HintProposal { .. }
            | Self::HintDecided { .. }
            | Self::HintClosed(_)
            | Self::NotCorrectable(_)
            | Self::NotYours(_)
            | Self::Stale
            | Self::Over
            | Self::Elsewhere => Vec::new(),
        }
    }
}
