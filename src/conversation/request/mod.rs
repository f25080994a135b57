//! What units ask of the office and how it decides: 延期, 办结, 退回, 恢复, 挂账, and the list of all that waits (待办).
//!
//! All of it is private. `ask` asks the unit or the office step by step, `decide` decides, `todo` lists.

mod ask;
mod decide;
mod press;
#[cfg(test)]
mod tests;
mod todo;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::report::File;
use super::{ChatKind, Context, Effect, Event, Happening, Manner, Media, Say, Turn, Whom, query};
use crate::calendar;
use crate::ledger::{Decided, Phase, TaskView};
use crate::plan::{Access, PersonId, Right, Role, TaskId};

pub use ask::{ask, range};
pub use press::{Origin, Press, on_press};
pub use todo::{ON_PAGE, Waits, waiting_for};

/// Characters of a reason, a progress or a closure's sentence.
pub const MOST_WORDS: usize = 1000;

/// Files of a closure request.
pub const MOST_FILES: usize = 10;

/// What a dialogue is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 申请延期.
    Extend,
    /// 申请办结.
    Close,
    /// 恢复办理.
    Reopen,
    /// 挂账.
    Freeze,
}

/// A dialogue, as far as it has come; what is missing is asked next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// 延期申请: date, reason, progress, then the preview.
    Extend {
        /// Of which task.
        task: TaskId,
        /// New date wanted.
        wanted: Option<NaiveDate>,
        /// Why.
        reason: Option<String>,
        /// How far it is; empty: as last reported.
        progress: Option<String>,
    },
    /// 办结申请: a sentence or files, then the preview.
    Close {
        /// Of which task.
        task: TaskId,
        /// The sentence.
        words: Option<String>,
        /// Evidence.
        files: Vec<File>,
    },
    /// 改日期: the office's own date for a request.
    OtherDate {
        /// Seq of the request.
        request: u64,
    },
    /// 不同意, 退回: the reason.
    Refuse {
        /// Seq of the request.
        request: u64,
    },
    /// 恢复办理: the reason.
    Reopen {
        /// Which task.
        task: TaskId,
    },
    /// 挂账: the last day, then the reason.
    Freeze {
        /// Which task.
        task: TaskId,
        /// Last day.
        until: Option<NaiveDate>,
    },
}

impl Step {
    /// The step before, without its answer; none at the first.
    fn before(mut self) -> Option<Self> {
        match &mut self {
            Self::Extend {
                wanted,
                reason,
                progress,
                ..
            } => {
                let taken = progress.take().is_some() || reason.take().is_some();
                (taken || wanted.take().is_some()).then_some(self)
            }
            Self::Close { words, files, .. } => {
                let given = words.take().is_some() || !files.is_empty();
                files.clear();
                given.then_some(self)
            }
            Self::Freeze { until, .. } => until.take().is_some().then_some(self),
            Self::OtherDate { .. } | Self::Refuse { .. } | Self::Reopen { .. } => None,
        }
    }
}

/// Why something cannot be begun on an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cannot {
    /// Closed or ended.
    Closed,
    /// Not closed, so it cannot be opened again.
    NotClosed,
    /// It rests (a narrative with open targets, or 挂账).
    Resting,
    /// It has no deadline.
    NoDeadline,
    /// No later day lies before the plan's end.
    NoLaterDay,
    /// A request waits already.
    Requested,
    /// Another unit files it.
    NotYours,
}

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum RequestSay {
    /// The command needs an item, and the asker has none it fits.
    Which(Kind),
    /// Which of these?
    Choose(Kind, Vec<TaskId>),
    /// No item is called so.
    NotFound(String),
    /// It cannot be begun.
    Cannot(TaskId, Cannot),
    /// The next question, or the preview.
    Ask(Step),
    /// Not a date, or none that can be.
    DateRefused {
        /// As typed.
        typed: String,
        /// First day it can be.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
    /// The date of the preview can no longer be; another is wanted.
    DateOver {
        /// That date.
        wanted: NaiveDate,
        /// First day it can be.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
    /// Longer than [`MOST_WORDS`].
    TooLong(usize),
    /// Words (or a file) expected, something else came.
    WordsExpected,
    /// No more files.
    FilesFull,
    /// The dialogue was left.
    Left,
    /// To the asker: the request of this task is with those who decide.
    Sent {
        /// Which task.
        task: TaskId,
        /// It is with the deputy leader.
        deputy: bool,
    },
    /// To those who decide: the request that waits on this task.
    Card(TaskId),
    /// What became of a request; `reason` for the asker alone.
    Decided {
        /// Seq of the request.
        request: u64,
        /// Whether the reason is told.
        reason: bool,
    },
    /// The alert: decided, withdrawn or overtaken before.
    DecidedBefore(u64),
    /// The alert: nobody decides on their own matter.
    OwnMatter,
    /// The alert: withdrawing is the asker's alone.
    NotAsker,
    /// Frozen: what stands, with the way out for whoever decides.
    Frozen {
        /// Which.
        task: TaskId,
        /// Whether the reader decides.
        decides: bool,
    },
    /// 解除挂账, by whom when (none: it was not frozen).
    Unfrozen(TaskId, Option<Decided>),
    /// Open again, by whom.
    Reopened(TaskId, PersonId),
    /// What waits for this person.
    Todo {
        /// For whom.
        person: PersonId,
        /// Page from 0.
        page: usize,
    },
    /// In a group: this goes on in private.
    InPrivate,
}

impl From<RequestSay> for Say {
    fn from(say: RequestSay) -> Self {
        Self::Request(say)
    }
}

/// A command of this slice, with the item.
pub(super) fn start(turn: &mut Turn<'_, '_>, kind: Kind, argument: &str) {
    if argument.is_empty() {
        let fitting = fitting(turn.context, kind);
        return turn.reply(match fitting.is_empty() {
            true => RequestSay::Which(kind).into(),
            false => RequestSay::Choose(kind, fitting).into(),
        });
    }
    match query::tasks_named(turn.context.frame, argument).as_slice() {
        [] => turn.reply(RequestSay::NotFound(argument.chars().take(20).collect()).into()),
        [task] => ask::begin(turn, kind, task.clone()),
        many => turn.reply(RequestSay::Choose(kind, many.to_vec()).into()),
    }
}

/// `/todo`.
pub(super) fn todo(turn: &mut Turn<'_, '_>) {
    if let Some(person) = turn.context.person.cloned() {
        turn.tell_here(RequestSay::Todo { person, page: 0 }.into());
    }
}

/// The items a command without one may mean.
fn fitting(context: &Context<'_>, kind: Kind) -> Vec<TaskId> {
    let today = calendar::date_of(context.now);
    let views = context.frame.task_views(context.standing, today);
    let fit = |view: &TaskView<'_>| match kind {
        Kind::Extend | Kind::Close => self::fits(context, kind, view),
        Kind::Reopen => view.phase == Phase::Closed,
        Kind::Freeze => view.phase == Phase::Frozen,
    };
    let fitting = views.iter().filter(|view| fit(view));
    fitting.map(|view| view.task.id.clone()).take(20).collect()
}

/// Whether something can be begun on an item by the event's person.
pub(super) fn fits(context: &Context<'_>, kind: Kind, view: &TaskView<'_>) -> bool {
    ask::obstacle(context, kind, view).is_none()
}

/// Words or a file for the open dialogue.
pub(super) fn on_words(turn: &mut Turn<'_, '_>, event: &Event, step: Step) -> bool {
    match &event.happening {
        Happening::Text { text, .. } if super::report::is_quit(text.trim()) => {
            turn.state.waiting = None;
            turn.tell_here(RequestSay::Left.into());
        }
        Happening::Text { text, .. } => match text.trim().chars().count() {
            0 => ask(turn, step),
            length if length > MOST_WORDS => turn.tell_here(RequestSay::TooLong(length).into()),
            _ => ask::on_text(turn, step, text.trim()),
        },
        Happening::Media { media, caption, .. } => {
            ask::on_media(turn, step, media, caption.as_deref());
        }
        _ => return false,
    }
    true
}

fn deputies(context: &Context<'_>) -> Vec<PersonId> {
    let members = context.frame.plan.members.iter();
    let bound = |id: &PersonId| context.standing.bindings.contains_key(id);
    let deputies = members.filter(|member| member.role == Role::DeputyLeader && bound(&member.id));
    deputies.map(|member| member.id.clone()).collect()
}

/// Who decides on a request.
fn deciders(context: &Context<'_>, deputy: bool) -> Vec<PersonId> {
    if deputy {
        deputies(context)
    } else {
        super::people::office(context)
    }
}

fn tell(turn: &mut Turn<'_, '_>, person: PersonId, say: RequestSay) {
    turn.push(Effect::Tell {
        to: Whom::Person(person),
        say: say.into(),
        manner: Manner::unasked(),
    });
}

fn view<'a>(context: &Context<'a>, task: &TaskId) -> Option<TaskView<'a>> {
    let today = calendar::date_of(context.now);
    context.frame.task_view(context.standing, task, today)
}

fn may_file(context: &Context<'_>, view: &TaskView<'_>) -> bool {
    context.may(&Right::File(view.filing_unit.clone())) == Access::Allowed
}

fn is_private(event: &Event) -> bool {
    event.place.kind == ChatKind::Private
}

fn file_of(media: &Media) -> Option<File> {
    match media {
        Media::File {
            file_id,
            file_unique_id,
            name,
            mime,
            size,
        } => Some(File {
            file_id: file_id.clone(),
            file_unique_id: file_unique_id.clone(),
            name: name.clone(),
            mime: mime.clone(),
            size: *size,
        }),
        Media::Sticker
        | Media::Voice
        | Media::Video
        | Media::Location
        | Media::Contact
        | Media::Other => None,
    }
}
