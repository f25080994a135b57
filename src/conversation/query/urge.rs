//! 催办 beside an item: once a day an item, traced; the reminder itself goes out by the schedule.

use super::QuerySay;
use crate::calendar;
use crate::conversation::{Effect, Event, Turn, group};
use crate::ledger::{Act, Phase, TaskView};
use crate::plan::{Access, PersonId, Right, TaskId};

/// Why an item cannot be urged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotUrge {
    /// It is closed, ended, rests, or is no longer in the plan.
    NotOpen,
    /// The unit has said that it is done; that waits for the office.
    SaidDone,
    /// Nobody on the roster files it.
    Nobody,
    /// The person who files it is bound to no account.
    Unbound(PersonId),
    /// Sending has not begun.
    NotLive,
    /// Sending is paused.
    Paused,
}

/// Urges one item.
pub fn urge(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    if let Access::Refused(why) = turn.context.may(&Right::FollowUp) {
        return group::refuse(turn, event, why);
    }
    let context = turn.context;
    let today = calendar::date_of(context.now);
    let view = context.frame.task_view(context.standing, task, today);
    if let Some(why) = obstacle(turn, view.as_ref()) {
        return turn.push(Effect::alert(
            QuerySay::CannotUrge(task.clone(), why).into(),
        ));
    }
    let last = context.standing.task_state(task).follow_ups.last();
    if let Some((_, at, by)) = last.filter(|(_, at, _)| calendar::date_of(*at) == today) {
        let decided = (*at, by.clone());
        return turn.push(Effect::alert(
            QuerySay::UrgedAlready(task.clone(), decided).into(),
        ));
    }
    turn.push(Effect::Append(Act::FollowUp { task: task.clone() }));
    turn.push(Effect::alert(QuerySay::Urged(task.clone()).into()));
}

fn obstacle(turn: &Turn<'_, '_>, view: Option<&TaskView<'_>>) -> Option<CannotUrge> {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let Some(view) = view else {
        return Some(CannotUrge::NotOpen);
    };
    match view.phase {
        Phase::Open | Phase::Baseline(_) => {}
        Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => {
            return Some(CannotUrge::NotOpen);
        }
    }
    if view.said_done() {
        return Some(CannotUrge::SaidDone);
    }
    let Some(filer) = view.filer(frame) else {
        return Some(CannotUrge::Nobody);
    };
    if !standing.bindings.contains_key(filer) {
        return Some(CannotUrge::Unbound(filer.clone()));
    }
    if standing.live_since.is_none() {
        return Some(CannotUrge::NotLive);
    }
    standing.pause.is_some().then_some(CannotUrge::Paused)
}
