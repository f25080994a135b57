//! What the task force takes on after its plan: assigned items (交办) with their receipt (签收), projects (项目库).
//!
//! Every talk is held in private and kept as a [`Talk`] in the conversation, so that it goes on after a restart.

mod item;
mod press;
mod project;
mod receipt;
#[cfg(test)]
mod tests;
mod vocabulary;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::office::Waiting;
use super::{Event, Say, Turn, report};
use crate::calendar;
use crate::ledger::ProjectStage;
use crate::plan::{PersonId, TaskId};

pub use item::{ItemDraft, ItemStep, OriginDraft, Tap, assign};
pub(super) use item::{find, take_decision};
pub use press::{Press, on_press};
pub use project::{MOST_PROJECT, ProjectDraft, ProjectStep, ProjectTap, project};
pub(super) use vocabulary::{is_back, names};

/// Characters of any text given here.
pub const MOST_TEXT: usize = 1_000;

/// A talk with its answers so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Talk {
    /// An item is being assigned.
    Item(ItemDraft),
    /// A project is being entered.
    Project(ProjectDraft),
    /// A project goes to a stage, or stays in it with another date.
    Move {
        /// Which.
        task: TaskId,
        /// Where to.
        to: ProjectStage,
    },
    /// An assigned item is being taken back: why, then once more.
    Revoke {
        /// Which.
        task: TaskId,
        /// Why, once it was said.
        reason: Option<String>,
    },
}

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum AssignSay {
    /// The question of a talk's step.
    Ask(Box<Talk>),
    /// The talk goes on in private.
    InPrivate,
    /// Longer than [`MOST_TEXT`]: so many characters.
    TooLong(usize),
    /// Nobody and no unit is called so.
    UnknownName(String),
    /// A person nobody can ask for a unit.
    CannotLead(PersonId),
    /// No date can be read.
    DateUnclear,
    /// A date that is past where one ahead is wanted.
    DatePast(NaiveDate),
    /// A date ahead where one up to today is wanted.
    DateAhead(NaiveDate),
    /// No rhythm can be read.
    RhythmUnclear,
    /// This step has buttons alone.
    ButtonsAlone,
    /// The button belongs to a step that is over.
    StepOver,
    /// The item is on record, to whoever assigned it.
    Assigned(TaskId),
    /// The card of somebody it was assigned to.
    Card {
        /// Which.
        task: TaskId,
        /// Whose.
        person: PersonId,
    },
    /// The item was not assigned to the presser.
    NotYours,
    /// The item is taken back, to whoever did it.
    Revoked(TaskId),
    /// The same to those it was assigned to.
    ToldRevoked(TaskId),
    /// Open assigned items with their receipts, from this page on.
    List(usize),
    /// A project's name is longer than it may be.
    NameTooLong(usize),
    /// No measure has this number.
    NoMeasure(String),
    /// No amount of money can be read.
    MoneyUnclear(String),
    /// Projects, from this page on.
    Projects(usize),
    /// One project with what the office can do.
    Project(TaskId),
    /// The same, to those it concerns, with who changed it.
    ToldProject(TaskId, PersonId),
    /// Once more before a project is taken off.
    DropSure(TaskId),
    /// The talk was left.
    Left,
    /// The same while decisions of the meeting with this seq were taken.
    LeftMeeting(u64),
    /// The meeting an item was to come from was called off.
    MeetingOff(u64),
}

impl AssignSay {
    /// The tasks it is about.
    pub fn about(&self) -> Vec<TaskId> {
        match self {
            Self::Card { task, .. } => vec![task.clone()],
            Self::Ask(_)
            | Self::InPrivate
            | Self::TooLong(_)
            | Self::UnknownName(_)
            | Self::CannotLead(_)
            | Self::DateUnclear
            | Self::DatePast(_)
            | Self::DateAhead(_)
            | Self::RhythmUnclear
            | Self::ButtonsAlone
            | Self::StepOver
            | Self::Assigned(_)
            | Self::NotYours
            | Self::Revoked(_)
            | Self::ToldRevoked(_)
            | Self::List(_)
            | Self::NameTooLong(_)
            | Self::NoMeasure(_)
            | Self::MoneyUnclear(_)
            | Self::Projects(_)
            | Self::Project(_)
            | Self::ToldProject(..)
            | Self::DropSure(_)
            | Self::Left
            | Self::LeftMeeting(_)
            | Self::MeetingOff(_) => Vec::new(),
        }
    }
}

impl From<AssignSay> for Say {
    fn from(say: AssignSay) -> Self {
        Self::Assign(say)
    }
}

/// Words for the open talk.
pub fn on_text(turn: &mut Turn<'_, '_>, talk: Talk, text: &str) {
    if report::is_quit(text) {
        let say = left(turn);
        return turn.tell_here(say.into());
    }
    let length = text.chars().count();
    if length > MOST_TEXT {
        return turn.tell_here(AssignSay::TooLong(length).into());
    }
    match talk {
        Talk::Item(draft) => item::on_text(turn, draft, text),
        Talk::Project(draft) => project::on_text(turn, draft, text),
        Talk::Move { task, to } => project::on_date(turn, task, to, text),
        Talk::Revoke { task, .. } => receipt::on_reason(turn, task, text),
    }
}

/// Keeps the talk and asks its question, in place of the one pressed on.
fn go_on(turn: &mut Turn<'_, '_>, event: Option<&Event>, talk: Talk) {
    let talk = Box::new(talk);
    turn.state.waiting = Some(Waiting::Assign { talk: talk.clone() });
    let say = AssignSay::Ask(talk).into();
    match event {
        Some(event) => turn.show(event, say),
        None => turn.tell_here(say),
    }
}

/// The talk that is open, if one of this slice is.
fn open_talk(turn: &Turn<'_, '_>) -> Option<Talk> {
    match &turn.state.waiting {
        Some(Waiting::Assign { talk }) => Some((**talk).clone()),
        Some(_) | None => None,
    }
}

/// The meeting whose decisions are being taken in the open talk.
pub(super) fn takes_decisions_of(turn: &Turn<'_, '_>) -> Option<u64> {
    match open_talk(turn)? {
        Talk::Item(draft) => draft.meeting(),
        Talk::Project(_) | Talk::Move { .. } | Talk::Revoke { .. } => None,
    }
}

/// Leaves the open talk: what there is to say of it.
fn left(turn: &mut Turn<'_, '_>) -> AssignSay {
    let say = takes_decisions_of(turn).map_or(AssignSay::Left, AssignSay::LeftMeeting);
    if open_talk(turn).is_some() {
        turn.state.waiting = None;
    }
    say
}

fn today(turn: &Turn<'_, '_>) -> NaiveDate {
    calendar::date_of(turn.context.now)
}
