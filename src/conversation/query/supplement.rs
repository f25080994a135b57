//! 补充: one short step in private, in which another lead or a responsible unit adds words to an item that it does not file.

use super::QuerySay;
use crate::calendar;
use crate::conversation::office::Waiting;
use crate::conversation::{ChatKind, Context, Effect, Event, Turn, group, report};
use crate::ledger::{Act, TaskView, Text};
use crate::plan::{Access, Right, TaskId, UnitId};

/// What is said on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SupplementSay {
    /// The words are asked for.
    Wanted {
        /// On which item.
        task: TaskId,
        /// For which unit.
        unit: UnitId,
    },
    /// On record.
    Added {
        /// On which item.
        task: TaskId,
        /// Seq of the entry.
        seq: u64,
        /// Whether it takes the place of one given in the same period.
        replaces: bool,
    },
    /// The item takes none from this person (any more).
    NotYours(TaskId),
    /// The step was left.
    Left(TaskId),
}

impl From<SupplementSay> for crate::conversation::Say {
    fn from(say: SupplementSay) -> Self {
        Self::Query(QuerySay::Supplement(say))
    }
}

/// The item and the unit for which the event's person may add to it.
fn open<'a>(context: &Context<'a>, task: &TaskId) -> Option<(TaskView<'a>, UnitId)> {
    let today = calendar::date_of(context.now);
    let view = context.frame.task_view(context.standing, task, today)?;
    let measure = view.task.measure.clone()?;
    if context.may(&Right::Supplement(measure)) != Access::Allowed {
        return None;
    }
    let unit = view.supplementing_unit(context.frame, context.person?)?;
    let unit = unit.clone();
    Some((view, unit))
}

/// Whether the event's person may add to the item.
pub(super) fn may(context: &Context<'_>, task: &TaskId) -> bool {
    open(context, task).is_some()
}

/// The button: asks for the words.
pub(super) fn start(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    if event.place.kind != ChatKind::Private {
        return group::on_unknown_press(turn);
    }
    if !may(turn.context, task) {
        return turn.push(Effect::alert(SupplementSay::NotYours(task.clone()).into()));
    }
    turn.state.waiting = Some(Waiting::Supplement { task: task.clone() });
    ask(turn, task);
}

/// Asks for the words.
pub fn ask(turn: &mut Turn<'_, '_>, task: &TaskId) {
    let say = match open(turn.context, task) {
        Some((_, unit)) => SupplementSay::Wanted {
            task: task.clone(),
            unit,
        },
        None => {
            turn.state.waiting = None;
            SupplementSay::NotYours(task.clone())
        }
    };
    turn.tell_here(say.into());
}

/// The words: on record, seen by whoever asks, sent to nobody.
pub fn on_text(turn: &mut Turn<'_, '_>, task: TaskId, text: &str) {
    let context = turn.context;
    let Some((view, unit)) = open(context, &task) else {
        turn.state.waiting = None;
        return turn.tell_here(SupplementSay::NotYours(task).into());
    };
    if report::is_quit(text) {
        turn.state.waiting = None;
        return turn.tell_here(SupplementSay::Left(task).into());
    }
    if text.is_empty() {
        return ask(turn, &task);
    }
    let period = context
        .frame
        .period(&view, calendar::date_of(context.now))
        .id;
    let state = context.standing.task_state(&task);
    let replaces = state.supplement_of(&unit, &period).is_some();
    turn.state.waiting = None;
    let words = Text::new(text.to_owned(), turn.salts.salt());
    turn.push(Effect::Append(Act::Supplemented {
        task: task.clone(),
        unit,
        period,
        words,
    }));
    let seq = context.standing.seq + 1;
    let added = SupplementSay::Added {
        task,
        seq,
        replaces,
    };
    turn.tell_here(added.into());
}

/// 退出 of the step, in place of its question.
pub(super) fn leave(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId) {
    forget(turn);
    turn.show(event, SupplementSay::Left(task).into());
}

/// The step waits for words no more.
pub(super) fn forget(turn: &mut Turn<'_, '_>) {
    if matches!(turn.state.waiting, Some(Waiting::Supplement { .. })) {
        turn.state.waiting = None;
    }
}
