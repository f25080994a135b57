//! 签收 by those an item was assigned to, and 撤销 by the office: with a reason, once more, and told to all of them.

use super::item::tell_silently;
use super::{AssignSay, Talk, go_on};
use crate::conversation::{Effect, Event, Turn};
use crate::ledger::{Act, AssignedItem, Text};
use crate::plan::TaskId;

/// The item, if it still stands; else the presser sees what became of it.
fn standing<'a>(turn: &mut Turn<'a, '_>, event: &Event, task: &TaskId) -> Option<&'a AssignedItem> {
    let Some(item) = turn.context.standing.amendments.item(task) else {
        turn.push(Effect::alert(AssignSay::StepOver.into()));
        return None;
    };
    if item.revoked.is_some() {
        turn.push(Effect::alert(AssignSay::ToldRevoked(task.clone()).into()));
        turn.show(event, AssignSay::ToldRevoked(task.clone()).into());
        return None;
    }
    Some(item)
}

/// 签收: once for each person.
pub(super) fn receive(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId) {
    let Some(person) = turn.context.person.cloned() else {
        return;
    };
    let Some(item) = standing(turn, event, &task) else {
        return;
    };
    if !item.people(&turn.context.frame.plan).contains(&person) {
        return turn.push(Effect::alert(AssignSay::NotYours.into()));
    }
    if !item.has_received(&person) {
        turn.push(Effect::Append(Act::Acknowledged { task: task.clone() }));
    }
    turn.show(event, AssignSay::Card { task, person }.into());
}

/// 撤销: asks why.
pub(super) fn revoke(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId) {
    if standing(turn, event, &task).is_some() {
        go_on(turn, None, Talk::Revoke { task, reason: None });
    }
}

/// The reason: shown once more before anything happens.
pub(super) fn on_reason(turn: &mut Turn<'_, '_>, task: TaskId, text: &str) {
    let reason = (!text.is_empty()).then(|| text.to_owned());
    go_on(turn, None, Talk::Revoke { task, reason });
}

/// The second tap.
pub(super) fn revoke_sure(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId, reason: String) {
    turn.state.waiting = None;
    let Some(item) = standing(turn, event, &task) else {
        return;
    };
    let people = item.people(&turn.context.frame.plan);
    let reason = Text::new(reason, turn.salts.salt());
    turn.push(Effect::Append(Act::AssignmentRevoked {
        task: task.clone(),
        reason,
    }));
    turn.show(event, AssignSay::Revoked(task.clone()).into());
    for person in people {
        tell_silently(turn, person, AssignSay::ToldRevoked(task.clone()));
    }
}
