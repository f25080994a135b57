//! Decisions: granted, declined, closed, returned, withdrawn; 恢复办理 and 挂账.

use chrono::NaiveDate;

use super::press::show_list;
use super::{Origin, RequestSay, Step, ask, deciders, tell, view};
use crate::conversation::assign::AssignSay;
use crate::conversation::group::GroupSay;
use crate::conversation::office::impartial::{Bar, barred};
use crate::conversation::{Effect, Event, Turn, group, people};
use crate::ledger::{Act, Actor, Decision, Phase, Request, Wish};
use crate::plan::{Access, PersonId, TaskId};

/// The request, if it waits and the event's person may decide on it; otherwise they are told why not.
fn open(turn: &mut Turn<'_, '_>, event: Option<&Event>, seq: u64) -> Option<(TaskId, Request)> {
    let context = turn.context;
    let Some((task, request)) = context.standing.request(seq) else {
        group::on_unknown_press(turn);
        return None;
    };
    let say = |turn: &mut Turn<'_, '_>, say: RequestSay| match event {
        Some(event) => turn.refuse(event, say.into()),
        None => turn.tell_here(say.into()),
    };
    if let Access::Refused(why) = ask::may_decide(
        context,
        request.is_with_deputy(context.frame, context.standing),
    ) {
        turn.state.waiting = None;
        match event {
            Some(event) => group::refuse(turn, event, why),
            None => turn.tell_here(GroupSay::Refused(why).into()),
        }
        return None;
    }
    if request.outcome.is_some() {
        turn.state.waiting = None;
        say(turn, RequestSay::DecidedBefore(seq));
        return None;
    }
    if barred(context, &request.by) == Bar::Barred || filed_last(turn, task, request) {
        turn.state.waiting = None;
        say(turn, RequestSay::OwnMatter);
        return None;
    }
    Some((task.clone(), request.clone()))
}

/// Whether a closure would be confirmed by whoever filed what it rests on, while somebody else can.
fn filed_last(turn: &Turn<'_, '_>, task: &TaskId, request: &Request) -> bool {
    let view = view(turn.context, task);
    let last = view.as_ref().and_then(|view| view.last_report());
    !request.is_extension()
        && last.is_some_and(|filed| barred(turn.context, &filed.by) == Bar::Barred)
}

/// 同意 with the date wanted, or 确认办结.
pub(super) fn agree(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, origin: Origin) {
    let Some((task, request)) = open(turn, Some(event), seq) else {
        return refresh(turn, event, seq, origin);
    };
    let act = match &request.wish {
        Wish::Extension { wanted, .. } => {
            let due = view(turn.context, &task).and_then(|view| view.due);
            let (from, to) = ask::range(turn.context, due);
            if !(from..=to).contains(wanted) {
                // The date wanted may be past by the time it is decided.
                return ask::ask(turn, Step::OtherDate { request: seq });
            }
            Act::ExtensionGranted {
                request: seq,
                task: task.clone(),
                due: *wanted,
            }
        }
        Wish::Closure { .. } => Act::Closed { task: task.clone() },
    };
    decided(turn, &request, act);
    match origin {
        Origin::Card => turn.show(event, outcome(seq, true).into()),
        Origin::List(page) => show_list(turn, event, page),
    }
    if !request.is_extension() {
        lead_to_next_stage(turn, task);
    }
}

/// A project's stage is closed: its card, from which it goes on to the next.
fn lead_to_next_stage(turn: &mut Turn<'_, '_>, task: TaskId) {
    let project = turn.context.standing.amendments.project(&task);
    if project.is_some_and(|project| project.stage.next().is_some()) {
        turn.tell_here(AssignSay::Project(task).into());
    }
}

/// What was pressed too late shows what stands now.
fn refresh(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, origin: Origin) {
    let request = turn.context.standing.request(seq);
    if request.is_some_and(|(_, request)| request.outcome.is_some()) {
        match origin {
            Origin::Card => turn.show(event, outcome(seq, false).into()),
            Origin::List(page) => show_list(turn, event, page),
        }
    }
}

/// 不同意, 退回, 改日期: asks for what is missing.
pub(super) fn want(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, step: Step) {
    let Some((_, request)) = open(turn, Some(event), seq) else {
        return;
    };
    if matches!(step, Step::OtherDate { .. }) && !request.is_extension() {
        return group::on_unknown_press(turn);
    }
    ask::ask(turn, step);
}

/// The office's own date.
pub(super) fn on_date(turn: &mut Turn<'_, '_>, seq: u64, text: &str) {
    let Some((task, request)) = open(turn, None, seq) else {
        return;
    };
    let due = view(turn.context, &task).and_then(|view| view.due);
    let Some(due) = ask::read_day(turn, text, due) else {
        return;
    };
    let act = Act::ExtensionGranted {
        request: seq,
        task: task.clone(),
        due,
    };
    turn.state.waiting = None;
    decided(turn, &request, act);
    turn.tell_here(outcome(seq, true).into());
}

/// The reason of a refusal: to the asker alone.
pub(super) fn refuse(turn: &mut Turn<'_, '_>, seq: u64, text: &str) {
    let Some((task, request)) = open(turn, None, seq) else {
        return;
    };
    let reason = ask::text(turn, text);
    let act = match request.wish {
        Wish::Extension { .. } => Act::ExtensionDeclined {
            request: seq,
            task: task.clone(),
            reason,
        },
        Wish::Closure { .. } => Act::Returned {
            request: seq,
            task: task.clone(),
            reason,
        },
    };
    turn.state.waiting = None;
    decided(turn, &request, act);
    turn.tell_here(outcome(seq, true).into());
}

/// The act, the asker's word with the reason, and a silent line to the others who decide, without it.
fn decided(turn: &mut Turn<'_, '_>, request: &Request, act: Act) {
    let deputy = request.is_with_deputy(turn.context.frame, turn.context.standing);
    turn.push(Effect::Append(act));
    let own = turn.context.person.cloned();
    let mut told: Vec<PersonId> = own.into_iter().collect();
    if let Actor::Person(asker) = &request.by {
        let asker = turn.context.frame.plan.current_person(asker);
        if !told.contains(asker) {
            told.push(asker.clone());
            tell(turn, asker.clone(), outcome(request.seq, true));
        }
    }
    // What the deputy leader decides the office hears of all the same.
    let mut others = deciders(turn.context, deputy);
    others.extend(people::office(turn.context));
    for person in others {
        if !told.contains(&person) {
            told.push(person.clone());
            tell(turn, person, outcome(request.seq, false));
        }
    }
    turn.push(Effect::RefreshStatus);
}

fn outcome(request: u64, reason: bool) -> RequestSay {
    RequestSay::Decided { request, reason }
}

/// 撤回 by the asker, or by whoever files the item now.
pub(super) fn withdraw(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    let context = turn.context;
    let Some((task, request)) = context.standing.request(seq) else {
        return group::on_unknown_press(turn);
    };
    if request.outcome.is_some() {
        turn.push(Effect::alert(RequestSay::DecidedBefore(seq).into()));
        return turn.show(event, outcome(seq, false).into());
    }
    let own = context.person;
    let asked = own.is_some_and(|own| context.frame.is_of(&request.by, own));
    let files = view(context, task).is_some_and(|view| super::may_file(context, &view));
    if !asked && !files {
        return turn.push(Effect::alert(RequestSay::NotAsker.into()));
    }
    turn.push(Effect::Append(Act::RequestWithdrawn {
        request: seq,
        task: task.clone(),
    }));
    turn.show(event, outcome(seq, true).into());
    for person in deciders(
        context,
        request.is_with_deputy(context.frame, context.standing),
    ) {
        if Some(&person) != context.person {
            tell(turn, person, outcome(seq, false));
        }
    }
    turn.push(Effect::RefreshStatus);
}

/// 恢复办理, with the reason; the filer hears of it.
pub(super) fn reopen(turn: &mut Turn<'_, '_>, task: TaskId, text: &str) {
    let view = view(turn.context, &task);
    turn.state.waiting = None;
    let (Some(view), Some(own)) = (view, turn.context.person.cloned()) else {
        return turn.tell_here(RequestSay::Cannot(task, super::Cannot::Closed).into());
    };
    if let Access::Refused(why) = ask::may_decide(turn.context, false) {
        return turn.tell_here(GroupSay::Refused(why).into());
    }
    if view.phase != Phase::Closed {
        return turn.tell_here(RequestSay::Cannot(task, super::Cannot::NotClosed).into());
    }
    let reason = ask::text(turn, text);
    turn.push(Effect::Append(Act::Reopened {
        task: task.clone(),
        reason,
    }));
    let say = RequestSay::Reopened(task, own);
    turn.tell_here(say.clone().into());
    tell_others(turn, view.filer(turn.context.frame), |_| say.clone());
}

/// 挂账, with its last day and the reason.
pub(super) fn freeze(turn: &mut Turn<'_, '_>, task: TaskId, until: NaiveDate, text: &str) {
    turn.state.waiting = None;
    let Some(view) = view(turn.context, &task) else {
        return turn.tell_here(RequestSay::Cannot(task, super::Cannot::Closed).into());
    };
    if let Some(why) = ask::obstacle(turn.context, super::Kind::Freeze, &view) {
        return turn.tell_here(RequestSay::Cannot(task, why).into());
    }
    if let Access::Refused(why) = ask::may_decide(turn.context, false) {
        return turn.tell_here(GroupSay::Refused(why).into());
    }
    let (from, to) = ask::range(turn.context, None);
    if !(from..=to).contains(&until) {
        return ask::ask(turn, Step::Freeze { task, until: None });
    }
    let open = turn.context.standing.task_state(&task).open_request();
    let overtaken = open.map(|request| (request.seq, request.by.clone()));
    let reason = ask::text(turn, text);
    turn.push(Effect::Append(Act::Frozen {
        task: task.clone(),
        until,
        reason,
    }));
    let say = |decides| RequestSay::Frozen {
        task: task.clone(),
        decides,
    };
    turn.tell_here(say(true).into());
    tell_others(turn, view.filer(turn.context.frame), say);
    // Who asked for something else on the item hears what became of that.
    if let Some((seq, Actor::Person(asker))) = overtaken {
        let asker = turn.context.frame.plan.current_person(&asker);
        if turn.context.person != Some(asker) {
            tell(turn, asker.clone(), outcome(seq, false));
        }
    }
}

/// 解除挂账.
pub(super) fn unfreeze(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId) {
    let frozen = view(turn.context, &task).filter(|view| view.phase == Phase::Frozen);
    let Some(view) = frozen else {
        let decided = turn
            .context
            .standing
            .decided
            .get(&Decision::Freeze(task.clone()));
        let say = RequestSay::Unfrozen(task, decided.cloned());
        return turn.show(event, say.into());
    };
    let Some(own) = turn.context.person.cloned() else {
        return;
    };
    turn.push(Effect::Append(Act::Unfrozen { task: task.clone() }));
    let by = (turn.context.now, Actor::Person(own));
    let say = RequestSay::Unfrozen(task, Some(by));
    turn.show(event, say.clone().into());
    tell_others(turn, view.filer(turn.context.frame), |_| say.clone());
}

/// The filer and the others who decide hear of it without a sound; `say` knows whether its reader decides.
fn tell_others(
    turn: &mut Turn<'_, '_>,
    filer: Option<&PersonId>,
    say: impl Fn(bool) -> RequestSay,
) {
    let deciders = deciders(turn.context, false);
    let bound = |person: &&PersonId| turn.context.standing.bindings.contains_key(*person);
    let mut people = deciders.clone();
    people.extend(filer.filter(bound).cloned());
    people.sort();
    people.dedup();
    for person in people {
        if Some(&person) != turn.context.person {
            let decides = deciders.contains(&person);
            tell(turn, person, say(decides));
        }
    }
    turn.push(Effect::RefreshStatus);
}
