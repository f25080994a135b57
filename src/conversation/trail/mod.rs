//! 台账: the trail of an item, entry by entry. A [`TrailSay`] says what went wrong on the way; the trail itself is read by the service.

mod finish;
mod press;
mod vocabulary;

use super::query::find;
use super::query::find::Found;
use super::query::{MOST_CHOICES, Question, pressed_message};
use super::{Effect, Event, Say, Turn, group};
use crate::calendar;
use crate::ledger::Subject;
use crate::plan::{Access, PersonId, Right, TaskId};

pub use finish::{FinishSay, after_the_end, finish};
pub use press::Press;

/// A page of a trail, to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Of what.
    pub subject: Subject,
    /// Page from 0; one past the end is the last.
    pub at: usize,
    /// The message to edit, when paging.
    pub message_id: Option<i32>,
}

/// What this slice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrailSay {
    /// `/ledger` needs an item.
    WhichItem,
    /// Nothing is called so.
    NotFound(String),
    /// The end.
    Finish(FinishSay),
    /// Several items are called so.
    Choose {
        /// As typed.
        typed: String,
        /// What may be meant, likeliest first.
        tasks: Vec<TaskId>,
        /// How many more.
        more: usize,
    },
}

impl From<TrailSay> for Say {
    fn from(say: TrailSay) -> Self {
        Self::Trail(say)
    }
}

/// The last page, whichever that is.
const LAST_PAGE: usize = usize::MAX;

/// `/ledger`, with the item.
pub fn ledger(turn: &mut Turn<'_, '_>, _event: &Event, argument: &str) {
    if argument.is_empty() {
        return turn.reply(TrailSay::WhichItem.into());
    }
    let beside = vocabulary::BESIDE_ITEMS
        .iter()
        .find(|(word, _)| *word == argument);
    if let Some((_, subject)) = beside {
        return turn.push(Effect::ShowTrail(Page {
            subject: subject.clone(),
            at: LAST_PAGE,
            message_id: None,
        }));
    }
    let typed = find::cut(argument);
    let mut tasks = find::tasks_named(turn.context.frame, argument);
    if tasks.is_empty() {
        tasks = filed_by(turn, argument);
    }
    match tasks.len() {
        0 => turn.reply(TrailSay::NotFound(typed).into()),
        1 => turn.push(Effect::ShowTrail(Page {
            subject: Subject::Item(tasks.remove(0)),
            at: LAST_PAGE,
            message_id: None,
        })),
        found => {
            tasks.truncate(MOST_CHOICES);
            let more = found - tasks.len();
            turn.reply(TrailSay::Choose { typed, tasks, more }.into());
        }
    }
}

/// The items of a unit, or of a person's units, that is called so; in plan order.
fn filed_by(turn: &Turn<'_, '_>, typed: &str) -> Vec<TaskId> {
    let context = turn.context;
    let (frame, standing) = (context.frame, context.standing);
    let of_person = |person: &PersonId| frame.plan.member(person).map(|it| it.units.clone());
    let units = match find::find(frame, typed) {
        Found::One(Question::Unit(unit)) => vec![unit],
        Found::One(Question::Person(person)) => of_person(&person).unwrap_or_default(),
        Found::One(_) | Found::Many(_) | Found::Nothing => return Vec::new(),
    };
    let views = frame.task_views(standing, calendar::date_of(context.now));
    let theirs = views.into_iter().filter(|view| {
        let unit = view.filing_unit.as_ref();
        unit.is_some_and(|unit| units.contains(unit))
    });
    theirs.map(|view| view.task.id.clone()).collect()
}

/// A button of this slice.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    if let Access::Refused(why) = turn.context.may(&press.right()) {
        return group::refuse(turn, event, why);
    }
    if event.place.kind != super::ChatKind::Private {
        return group::on_unknown_press(turn);
    }
    match press {
        Press::Show { subject, page } => turn.push(Effect::ShowTrail(Page {
            subject,
            at: page.unwrap_or(LAST_PAGE),
            message_id: pressed_message(event),
        })),
        Press::FinishAsk => finish::ask(turn, event),
        Press::FinishDecline(seq) => finish::decline(turn, event, seq),
        Press::Finish(seq, sure) => finish::confirm(turn, event, seq, sure),
        Press::Leave => turn.show(event, super::office::OfficeSay::Left.into()),
    }
}

impl Press {
    fn right(&self) -> Right {
        match self {
            Self::Show { .. } => Right::SeeStatus,
            Self::FinishAsk | Self::FinishDecline(_) | Self::Finish(..) | Self::Leave => {
                Right::Finish
            }
        }
    }
}

#[cfg(test)]
mod tests;
