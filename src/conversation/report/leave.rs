//! Leaving a talk: quit, on to the next item, or an item given up to somebody else's answer. What was begun is kept.

use super::draft::{Doing, Draft, Purpose, Sitting};
use super::say::ReportSay;
use super::{ask, begin};
use crate::conversation::{Event, Say, Turn};
use crate::plan::TaskId;

/// Half-finished items a person can have; the oldest goes first.
const MOST_DRAFTS: usize = 20;

/// Puts the open item aside if anything was answered; whether it is kept.
pub(super) fn put_aside(turn: &mut Turn<'_, '_>) -> bool {
    let Some(sitting) = turn.state.sitting.as_mut() else {
        return false;
    };
    let doing = std::mem::replace(&mut sitting.doing, Doing::Between);
    let (Doing::Item(draft) | Doing::Spent(draft)) = doing else {
        return false;
    };
    if !draft.begun() || draft.purpose != Purpose::Report {
        return false;
    }
    keep(&mut turn.state.drafts, *draft);
    true
}

fn keep(drafts: &mut Vec<Draft>, draft: Draft) {
    drafts.retain(|other| other.task != draft.task);
    drafts.push(draft);
    if drafts.len() > MOST_DRAFTS {
        drafts.remove(0);
    }
}

/// 退出 and `/cancel`.
pub(super) fn quit(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(person) = turn.context.person.cloned() else {
        return;
    };
    let open = turn.state.sitting.as_ref().and_then(Sitting::draft);
    let task = open.map(|draft| draft.task.clone());
    let kept = put_aside(turn);
    let say = match task {
        Some(task) => ReportSay::Left { person, task, kept },
        None => ReportSay::DialogueLeft,
    };
    ask::put(turn, event, say);
    turn.state.sitting = None;
}

/// `/cancel`: leaves whatever is open, a dialogue of the office within a report and the report.
pub(super) fn cancel(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(person) = turn.context.person.cloned() else {
        return;
    };
    let waiting = turn.state.waiting.take().is_some();
    let open = turn.state.sitting.take();
    let open = open.filter(|sitting| !matches!(sitting.doing, Doing::Between));
    let Some(sitting) = open else {
        let say = match waiting {
            true => ReportSay::DialogueLeft,
            false => ReportSay::NothingOpen,
        };
        return ask::tell(turn, event, Say::Report(say));
    };
    turn.state.sitting = Some(sitting);
    let open = turn.state.sitting.as_ref().and_then(Sitting::draft);
    let task = open.map(|draft| draft.task.clone());
    let kept = put_aside(turn);
    turn.state.sitting = None;
    let say = match task {
        Some(task) => ReportSay::Left { person, task, kept },
        None => ReportSay::DialogueLeft,
    };
    ask::tell(turn, event, Say::Report(say));
}

/// 下一项: the next of the sitting, this one put aside.
pub(super) fn next(turn: &mut Turn<'_, '_>, event: &Event) {
    let ahead = turn
        .state
        .sitting
        .as_ref()
        .map(|sitting| sitting.ahead.clone());
    let next = ahead.unwrap_or_default().into_iter().next();
    match next {
        Some(task) => {
            put_aside(turn);
            begin::go_on(turn, event, &task);
        }
        None => quit(turn, event),
    }
}

/// 放弃: somebody else answered, and that stands.
pub(super) fn abandon(turn: &mut Turn<'_, '_>, event: &Event) {
    let open = turn.state.sitting.as_ref().and_then(Sitting::draft);
    let Some(task) = open.map(|draft| draft.task.clone()) else {
        return;
    };
    forget(turn, &task);
    ask::put(turn, event, ReportSay::Dropped(task));
    turn.state.sitting = None;
}

/// Forgets what was half finished on a task.
pub(super) fn forget(turn: &mut Turn<'_, '_>, task: &TaskId) {
    turn.state.drafts.retain(|draft| draft.task != *task);
}
