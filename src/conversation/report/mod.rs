//! Report talks (进展填报): one question at a time, the last answer one tap away, every step stored; and the buttons of cards.
//!
//! A [`Sitting`] is what a person is in the middle of, in private or in the group. `begin` starts it, `talk` lets words,
//! files and taps in, `answer` changes the [`Draft`], `flow` knows the order of questions, `ask` puts the next one where it
//! belongs, `submit` writes the report.

mod answer;
mod ask;
mod begin;
mod behalf;
mod card;
mod correct;
mod draft;
mod flow;
mod hint;
mod items;
mod later;
mod leave;
mod press;
mod say;
mod seat;
mod submit;
mod support;
mod talk;
#[cfg(test)]
mod tests;
mod unchanged;
mod value;
mod vocabulary;

use super::{Context, Event, Turn};
use crate::plan::TaskId;

pub use answer::{MOST_FILES, MOST_WORDS, can_keep_rest};
pub use ask::MOST_GROUP_SENDS;
pub use begin::ITEMS_A_PAGE;
pub use card::TalkMessage;
pub use draft::{
    Answers, Doing, Draft, File, Flow, Home, Odd, Oddity, Promised, Purpose, SITTING_VERSION,
    Sitting, Step, Words,
};
pub use flow::last_answers;
pub use items::waits;
pub use press::{Delay, Line, Press, Submission, Tap};
pub use say::{
    Asking, Choices, Field, Gone, HintClosed, NotCorrectable, Note, OwnDate, Recorded, RecordedAs,
    ReplyField, ReportSay, Unchanged,
};
pub use seat::start_link;
pub(super) use submit::attachment;

/// A press on one of this slice's buttons.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    talk::forget_other_versions(turn);
    match press {
        Press::Start => begin::common(turn, event),
        Press::Mine => unchanged::mine(turn, event),
        Press::Item(task) => begin::start_item(turn, event, &task),
        Press::Resume(task) => begin::resume(turn, event, &task),
        Press::Afresh(task) => begin::afresh(turn, event, &task),
        Press::Drop(task) => begin::discard(turn, event, &task),
        Press::Page(page) => begin::choose(turn, event, page),
        Press::AllUnchanged => unchanged::confirm(turn, event),
        Press::KeepAll(stamp) => unchanged::keep_all(turn, event, stamp),
        Press::Later => later::choices(turn, event),
        Press::LaterFor(delay) => later::choose(turn, event, delay),
        Press::Correct(seq) => correct::start(turn, event, seq),
        Press::OnBehalf(task) => behalf::start(turn, event, &task),
        Press::Hint(task) => hint::start(turn, event, &task),
        Press::TakeHint(seq, judgement) => hint::decide(turn, event, seq, Some(judgement)),
        Press::DropHint(seq) => hint::decide(turn, event, seq, None),
        Press::Own(person, press) => match turn.context.person == Some(&person) {
            true => on_press(turn, event, *press),
            false => talk::alert(turn, ReportSay::NotYours(person)),
        },
        Press::Talk { person, stamp, tap } => talk::on_tap(turn, event, &person, stamp, tap),
    }
}

/// Words, files and edits of a person: for an open talk, or as a reply to a reminder. False when they are neither.
pub fn on_words(turn: &mut Turn<'_, '_>, event: &Event) -> bool {
    talk::forget_other_versions(turn);
    talk::on_words(turn, event)
}

/// `/report [6|6-1|name]`, and `/start report`.
pub fn start(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    talk::forget_other_versions(turn);
    begin::start(turn, event, argument);
}

/// `/start report_<task>`.
pub fn start_item(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    talk::forget_other_versions(turn);
    begin::start_item(turn, event, task);
}

/// Whether words alone say 退出.
pub(crate) fn is_quit(text: &str) -> bool {
    vocabulary::control(text) == Some(Tap::Quit)
}

/// The open question once more, with what it expects: after a command nobody knows.
pub fn ask_again(turn: &mut Turn<'_, '_>, event: &Event) {
    talk::forget_other_versions(turn);
    talk::ask_again(turn, event);
}

/// `/cancel`: leaves whatever dialogue is open; a half-finished item is kept.
pub fn cancel(turn: &mut Turn<'_, '_>, event: &Event) {
    talk::forget_other_versions(turn);
    leave::cancel(turn, event);
}
