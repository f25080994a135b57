//! Questions: status, what is overdue, who has not answered, the history of an item, digests, help; and 催办 beside an item.
//!
//! A [`QuerySay`] names the question, not the answer: `render` looks it up in the standing after the event, so paging and
//! repeating a question need no state.

pub(super) mod digest;
pub(super) mod find;
mod press;
pub(super) mod supplement;
#[cfg(test)]
mod tests;
mod urge;

use super::command::{self, Command};
use super::{ChatKind, Effect, Event, Happening, Manner, Say, Turn, Whom};
use crate::calendar;
use crate::ledger::{Decided, Light, TaskView};
use crate::plan::{Access, MeasureId, PersonId, Right, TaskId, UnitId};

pub use digest::digest;
pub use find::{Found, tasks_named};
pub use press::Press;
pub use supplement::SupplementSay;
pub use urge::CannotUrge;

/// Choices offered for an ambiguous name; the rest is counted.
pub const MOST_CHOICES: usize = 8;

/// A question about where things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// 总体进度.
    Overview,
    /// Every item with this light.
    WithLight(Light),
    /// Every measure with its worst light.
    Measures,
    /// Every unit with its lights.
    Units,
    /// The items of a measure.
    Measure(MeasureId),
    /// One item in full.
    Task(TaskId),
    /// The items a unit files.
    Unit(UnitId),
    /// The items a person files.
    Person(PersonId),
    /// 逾期.
    Overdue,
    /// 未反馈.
    Missing,
    /// What became of an item.
    History(TaskId),
    /// The measures a person's units take part in without filing all of them.
    TakesPart(PersonId),
}

/// What one asks for by a name that may be ambiguous.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// `/status`.
    Status,
    /// `/history`.
    History,
}

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum QuerySay {
    /// The answer to a question.
    Answer {
        /// What was asked.
        question: Question,
        /// Page from 0; a page past the end shows the last.
        page: usize,
        /// Whether the reader may urge (催办), so that items have the button.
        urges: bool,
        /// Items among those asked for by number to which the reader may add a supplement (补充).
        supplements: Vec<TaskId>,
        /// Seq of the answer to the one item asked for that the reader may co-sign (会签).
        signs: Option<u64>,
    },
    /// Several things are called so.
    Choose {
        /// As typed.
        typed: String,
        /// What may be meant, likeliest first, at most [`MOST_CHOICES`].
        choices: Vec<Question>,
        /// How many more.
        more: usize,
    },
    /// Nothing is called so.
    NotFound {
        /// As typed, cut to a readable length.
        typed: String,
        /// What was asked for.
        wanted: Wanted,
    },
    /// `/history` needs an item.
    WhichHistory,
    /// The argument of `/digest` is neither a number nor a month nor `fix`.
    WhichDigest(String),
    /// `/digest` alone makes one for the asker: in private.
    DigestInPrivate,
    /// `/digest fix` needs a reason.
    FixNeedsReason,
    /// The presser's own open items (只看我的): an alert, or in private where `full`.
    Mine {
        /// Whose.
        person: PersonId,
        /// The whole list; otherwise what an alert holds, and that the rest follows in private.
        full: bool,
    },
    /// The alert: urged.
    Urged(TaskId),
    /// The alert: urged today already.
    UrgedAlready(TaskId, Decided),
    /// The alert: cannot be urged.
    CannotUrge(TaskId, CannotUrge),
    /// 补充.
    Supplement(SupplementSay),
    /// `/help`: the commands this person may use here.
    Help {
        /// In the order of the table.
        commands: Vec<Command>,
        /// In private, where plain words work too.
        private: bool,
    },
    /// `/switch`, and there is nothing to switch to.
    OneTaskForce,
    /// An unknown command.
    UnknownCommand(String),
    /// Words in private that mean nothing to the program.
    UnknownWords,
}

impl From<QuerySay> for Say {
    fn from(say: QuerySay) -> Self {
        Self::Query(say)
    }
}

/// `/status`, with what it is about.
pub fn status(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    if argument.is_empty() {
        return answer(turn, event, Question::Overview);
    }
    let found = find::find(turn.context.frame, argument);
    say_found(turn, event, argument, found, Wanted::Status);
}

/// `/overdue`.
pub fn overdue(turn: &mut Turn<'_, '_>, event: &Event) {
    answer(turn, event, Question::Overdue);
}

/// `/missing`.
pub fn missing(turn: &mut Turn<'_, '_>, event: &Event) {
    answer(turn, event, Question::Missing);
}

/// `/history`, with the item.
pub fn history(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    if argument.is_empty() {
        return turn.reply(QuerySay::WhichHistory.into());
    }
    let found = find::find_task(turn.context.frame, argument);
    say_found(turn, event, argument, found, Wanted::History);
}

/// `/switch` of an account that belongs to one task force alone; of the others the choice is asked before it comes here.
pub fn switch(turn: &mut Turn<'_, '_>) {
    turn.reply(QuerySay::OneTaskForce.into());
}

/// `/help`.
pub fn help(turn: &mut Turn<'_, '_>, event: &Event) {
    let context = turn.context;
    let all = command::menu_for(
        context.frame,
        context.standing,
        context.person,
        context.in_several,
    );
    let kind = event.place.kind;
    let commands = all.into_iter().filter(|command| command.works_in(kind));
    let say = QuerySay::Help {
        commands: commands.collect(),
        private: kind == ChatKind::Private,
    };
    turn.reply(say.into());
}

/// A command nobody knows.
pub fn unknown_command(turn: &mut Turn<'_, '_>, event: &Event) {
    let typed = match &event.happening {
        Happening::Text { text, .. } => text.split_whitespace().next().unwrap_or_default(),
        _ => "",
    };
    turn.reply(QuerySay::UnknownCommand(find::cut(typed)).into());
}

/// Plain words in private that no talk waits for: a number, a unit or a name asks for its status.
pub fn on_words(turn: &mut Turn<'_, '_>, event: &Event) {
    let Happening::Text { text, .. } = &event.happening else {
        return turn.reply(QuerySay::UnknownWords.into());
    };
    match find::in_words(turn.context.frame, text) {
        Some(question) => answer(turn, event, question),
        None => turn.reply(QuerySay::UnknownWords.into()),
    }
}

/// A button of this slice.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    if let Access::Refused(why) = turn.context.may(&Right::SeeStatus) {
        return super::group::refuse(turn, event, why);
    }
    match press {
        Press::Show { question, page } => {
            supplement::forget(turn);
            let say = say_answer(turn, event, question, page);
            turn.show(event, say);
        }
        Press::Digest { number, page } => turn.push(Effect::ShowDigest {
            number,
            page,
            message_id: pressed_message(event),
        }),
        Press::Mine => mine(turn),
        Press::TakesPart => takes_part(turn, event),
        Press::Urge(task) => urge::urge(turn, event, &task),
        Press::Supplement(task) => supplement::start(turn, event, &task),
        Press::LeaveSupplement(task) => supplement::leave(turn, event, task),
    }
}

/// The measures of the presser, below the card.
fn takes_part(turn: &mut Turn<'_, '_>, event: &Event) {
    if let Some(person) = turn.context.person.cloned() {
        let say = say_answer(turn, event, Question::TakesPart(person), 0);
        turn.tell_here(say);
    }
}

/// 只看我的: what fits an alert, and the whole in private when there is more and the person can be reached there.
fn mine(turn: &mut Turn<'_, '_>) {
    let Some(person) = turn.context.person.cloned() else {
        return;
    };
    let say = |full| QuerySay::Mine {
        person: person.clone(),
        full,
    };
    turn.push(Effect::alert(say(false).into()));
    if turn.context.standing.reachable(&person) && awaited_of(turn, &person) > MOST_IN_ALERT {
        turn.push(Effect::Tell {
            to: Whom::Person(person.clone()),
            say: say(true).into(),
            manner: Manner::default(),
        });
    }
}

/// How many items of a person await an answer.
fn awaited_of(turn: &Turn<'_, '_>, person: &PersonId) -> usize {
    let (frame, standing, now) = (turn.context.frame, turn.context.standing, turn.context.now);
    let units = frame
        .plan
        .member(person)
        .map_or(&[][..], |member| &member.units);
    let office = turn.context.may(&Right::File(None)) == Access::Allowed;
    let theirs = |view: &TaskView<'_>| match &view.filing_unit {
        Some(unit) => units.contains(unit),
        None => office,
    };
    let views = frame.asked_views(standing, calendar::date_of(now));
    let open = |view: &&TaskView<'_>| {
        let awaited = frame.awaited(standing, view, now);
        theirs(view) && awaited.is_some_and(|period| !frame.is_answered(view, &period))
    };
    views.iter().filter(open).count()
}

/// Items an alert of 200 characters has room for.
pub const MOST_IN_ALERT: usize = 4;

fn answer(turn: &mut Turn<'_, '_>, event: &Event, question: Question) {
    let say = say_answer(turn, event, question, 0);
    turn.reply(say);
}

/// In a group everybody sees the message, so it has no buttons of the office.
fn say_answer(turn: &Turn<'_, '_>, event: &Event, question: Question, page: usize) -> Say {
    let may_urge = turn.context.may(&Right::FollowUp) == Access::Allowed;
    let private = event.place.kind == ChatKind::Private;
    let supplements = match private {
        true => supplements(turn, &question),
        false => Vec::new(),
    };
    let signs = match &question {
        Question::Task(task) if private => super::matter::signing(turn.context, task),
        _ => None,
    };
    QuerySay::Answer {
        question,
        page,
        urges: may_urge && private,
        supplements,
        signs,
    }
    .into()
}

/// The items of a question about one of them, or about one measure, to which the reader may add.
fn supplements(turn: &Turn<'_, '_>, question: &Question) -> Vec<TaskId> {
    let context = turn.context;
    let asked: Vec<TaskId> = match question {
        Question::Task(task) => vec![task.clone()],
        Question::Measure(measure) => {
            let tasks = context.frame.plan.tasks_of_measure(measure);
            tasks.map(|task| task.id.clone()).collect()
        }
        Question::Overview
        | Question::WithLight(_)
        | Question::Measures
        | Question::Units
        | Question::Unit(_)
        | Question::Person(_)
        | Question::Overdue
        | Question::Missing
        | Question::History(_)
        | Question::TakesPart(_) => Vec::new(),
    };
    let may = |task: &TaskId| supplement::may(context, task);
    asked.into_iter().filter(may).collect()
}

fn say_found(turn: &mut Turn<'_, '_>, event: &Event, typed: &str, found: Found, wanted: Wanted) {
    let typed = find::cut(typed);
    match found {
        Found::One(question) => answer(turn, event, question),
        Found::Many(mut choices) => {
            let more = choices.len().saturating_sub(MOST_CHOICES);
            choices.truncate(MOST_CHOICES);
            let say = QuerySay::Choose {
                typed,
                choices,
                more,
            };
            turn.reply(say.into());
        }
        Found::Nothing => turn.reply(QuerySay::NotFound { typed, wanted }.into()),
    }
}

/// The message whose button was pressed.
pub(super) fn pressed_message(event: &Event) -> Option<i32> {
    match event.happening {
        Happening::Pressed { message_id, .. } => message_id,
        _ => None,
    }
}
