//! Starting talks: `/report`, buttons, links and replies to reminders; going on with what was begun; where a talk is held.

use super::draft::{Doing, Draft, Home, Purpose, Sitting, Step};
use super::say::{Choices, Gone, Note, ReportSay};
use super::value::Taken;
use super::{answer, ask, behalf, flow, items, leave, seat, talk, value, vocabulary};
use crate::conversation::{ChatKind, Effect, Event, Happening, Manner, Say, Turn, Whom};
use crate::ledger::{Phase, TaskView};
use crate::plan::{Access, Right, TaskId};

/// Items on one page of a list; a phone's screen.
pub const ITEMS_A_PAGE: usize = 8;

/// `/report`, with or without an item, and the link of the common button.
pub(super) fn start(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    if !argument.trim().is_empty() {
        return start_named(turn, event, argument);
    }
    let open = turn
        .state
        .sitting
        .as_ref()
        .and_then(Sitting::draft)
        .cloned();
    if let Some(draft) = open {
        return match draft.begun() {
            true => offer_resume(turn, event, draft),
            false => resume(turn, event, &draft.task),
        };
    }
    let context = turn.context;
    let mut drafts = turn.state.drafts.iter().rev();
    let fits = |draft: &&Draft| talk::still_asked(context, draft).is_ok();
    if let Some(draft) = drafts.find(fits).cloned() {
        return offer_resume(turn, event, draft);
    }
    match items::pending(context).first() {
        Some(view) => begin_report(turn, event, view, None),
        None => choose(turn, event, 0),
    }
}

fn start_named(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let context = turn.context;
    let found = items::named(context.frame, context.standing, argument, context.now);
    let own: Vec<TaskId> = found
        .iter()
        .filter(|id| items::view(context, id).is_some_and(|view| items::may_file(context, &view)))
        .cloned()
        .collect();
    match (found.as_slice(), own.as_slice()) {
        ([], _) => {
            let typed = argument.trim().chars().take(40).collect();
            seat::say(turn, event, ReportSay::NotFound(typed));
        }
        (_, [task]) => start_item(turn, event, task),
        ([first, ..], []) => start_item(turn, event, first),
        (_, own) => {
            let Some(person) = context.person.cloned() else {
                return;
            };
            let choices = Choices {
                person,
                tasks: own.to_vec(),
                page: 0,
                waiting: true,
                drafts: drafts_among(turn, own),
            };
            seat::say(turn, event, ReportSay::Choose(choices));
        }
    }
}

/// A talk on one task: a button, a link, or a name.
pub(super) fn start_item(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    let Some(view) = startable(turn, event, task) else {
        return;
    };
    let open = turn.state.sitting.as_ref().and_then(Sitting::draft);
    if let Some(draft) = open.filter(|draft| draft.task == *task).cloned() {
        let moves = !talk::at_home(turn, event);
        return match draft.begun() && !moves {
            true => offer_resume(turn, event, draft),
            false => resume(turn, event, task),
        };
    }
    let aside = turn.state.drafts.iter().find(|draft| draft.task == *task);
    match aside.cloned() {
        Some(draft) => offer_resume(turn, event, draft),
        None => begin_report(turn, event, &view, None),
    }
}

/// The task, if the event's person may report on it now; otherwise they are told why not.
fn startable<'a>(turn: &mut Turn<'a, '_>, event: &Event, task: &TaskId) -> Option<TaskView<'a>> {
    let context = turn.context;
    let gone = match items::view(context, task) {
        None => Gone::Ended,
        Some(view) => match view.phase {
            Phase::Ended => Gone::Ended,
            Phase::Closed => Gone::Closed,
            Phase::Open | Phase::Baseline(_) | Phase::Resting | Phase::Frozen => {
                if items::may_file(context, &view) {
                    return Some(view);
                }
                if behalf::may(context, &view) {
                    behalf::offer(turn, event, &view);
                    return None;
                }
                let hint = context.may(&Right::Hint) == Access::Allowed;
                if let Some(person) = context.person.cloned() {
                    let task = task.clone();
                    seat::say(turn, event, ReportSay::MayNotFile { person, task, hint });
                }
                return None;
            }
        },
    };
    seat::say(turn, event, ReportSay::Gone(task.clone(), gone));
    None
}

/// Whether a task can be answered.
pub(super) fn is_open(view: &TaskView<'_>) -> bool {
    match view.phase {
        Phase::Open | Phase::Baseline(_) | Phase::Resting | Phase::Frozen => true,
        Phase::Closed | Phase::Ended => false,
    }
}

/// A talk on this task from its first question; `words` are its first answer.
pub(super) fn begin_report(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    view: &TaskView<'_>,
    words: Option<(i32, &str)>,
) {
    let draft = seat::new_draft(turn.context, view, Purpose::Report);
    begin(turn, event, draft, words);
}

/// A talk on a draft, in the place the event asks for.
pub(super) fn begin(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    mut draft: Draft,
    words: Option<(i32, &str)>,
) {
    let Some(home) = seat::home_for(turn, event, &draft.task) else {
        return;
    };
    leave::put_aside(turn);
    leave::forget(turn, &draft.task);
    if draft.step != Step::Preview {
        draft.step = flow::first(&draft, home);
    }
    seat::seat(turn, event, home, draft);
    match words {
        Some((message_id, words)) => first_words(turn, event, message_id, words),
        None => ask::ask(turn, event, Note::None),
    }
}

/// Words that came with the start: a number answers the first question, anything else says what was done.
fn first_words(turn: &mut Turn<'_, '_>, event: &Event, message_id: i32, words: &str) {
    let context = turn.context;
    let open = turn
        .state
        .sitting
        .as_mut()
        .map(|sitting| &mut sitting.doing);
    let Some(Doing::Item(draft)) = open else {
        return;
    };
    let Some(view) = items::view(context, &draft.task) else {
        return;
    };
    draft.since_at = Some(context.now);
    let mut trial = Draft::clone(draft);
    let is_number = !matches!(value::take(&mut trial, &view, words), Taken::Refused(_));
    let looks_like_one = words.chars().any(|c| c.is_ascii_digit()) && words.chars().count() <= 12;
    match draft.step {
        Step::Value if is_number || looks_like_one => {
            return talk::item_words(turn, event, message_id, words);
        }
        Step::Reached if is_number && trial.odd.is_none() => {
            draft.answers.value = trial.answers.value;
            draft.note_message(message_id, Step::Value);
            return ask::ask(turn, event, Note::Changed(Step::Value));
        }
        _ if vocabulary::control(words).is_none()
            && words.chars().count() <= answer::MOST_WORDS =>
        {
            draft.answers.done = Some(answer::new_words(words));
            draft.note_message(message_id, Step::Done);
        }
        _ => return talk::item_words(turn, event, message_id, words),
    }
    ask::ask(turn, event, Note::WordsKept);
}

/// 接着填: goes on with what was begun, here.
pub(super) fn resume(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    let Some(home) = seat::home_for(turn, event, task) else {
        return;
    };
    let open = turn.state.sitting.as_ref().and_then(Sitting::draft);
    let is_open = open.is_some_and(|draft| draft.task == *task);
    if !is_open {
        let at = turn
            .state
            .drafts
            .iter()
            .position(|draft| draft.task == *task);
        let Some(at) = at else {
            return start_item(turn, event, task);
        };
        let draft = turn.state.drafts.remove(at);
        leave::put_aside(turn);
        seat::seat(turn, event, home, draft);
        return take_up(turn, event);
    }
    let spent_here = turn.state.sitting.as_ref().is_some_and(|sitting| {
        matches!(sitting.doing, Doing::Spent(_)) && sitting.home == home && home == Home::Group
    });
    if spent_here {
        return match event.happening {
            Happening::Pressed { .. } => seat::open_link(turn, Some(task)),
            _ => seat::say(turn, event, ReportSay::GoPrivate(Some(task.clone()))),
        };
    }
    if let Some(sitting) = turn.state.sitting.as_mut() {
        let doing = std::mem::replace(&mut sitting.doing, Doing::Between);
        sitting.doing = match doing {
            Doing::Spent(draft) => Doing::Item(draft),
            other => other,
        };
        if sitting.home != home {
            sitting.home = home;
            sitting.sends = 0;
        }
        sitting.card = None;
    }
    take_up(turn, event);
}

/// Asks the open question of a draft that was taken up again, if it still fits the plan.
fn take_up(turn: &mut Turn<'_, '_>, event: &Event) {
    let open = turn.state.sitting.as_ref().and_then(Sitting::draft);
    let Some(draft) = open else {
        return;
    };
    let note = if draft.begun() {
        Note::TakenUp
    } else {
        Note::None
    };
    match talk::still_asked(turn.context, draft) {
        Ok(_) => ask::ask(turn, event, note),
        Err(why) => gone(turn, event, why),
    }
}

/// 重新开始.
pub(super) fn afresh(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    drop_open(turn, task);
    start_item(turn, event, task);
}

/// 不要了.
pub(super) fn discard(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    drop_open(turn, task);
    turn.show(event, Say::Report(ReportSay::Dropped(task.clone())));
}

fn drop_open(turn: &mut Turn<'_, '_>, task: &TaskId) {
    let open = turn.state.sitting.as_ref().and_then(Sitting::draft);
    if open.is_some_and(|draft| draft.task == *task) {
        turn.state.sitting = None;
    }
    leave::forget(turn, task);
}

/// The next item of the sitting, with what was begun on it.
pub(super) fn go_on(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    let Some(view) = startable(turn, event, task) else {
        return;
    };
    let Some(home) = turn.state.sitting.as_ref().map(|sitting| sitting.home) else {
        return start_item(turn, event, task);
    };
    let card = turn.state.sitting.as_ref().and_then(|sitting| sitting.card);
    let aside = turn
        .state
        .drafts
        .iter()
        .position(|draft| draft.task == *task);
    let draft = match aside {
        Some(at) => turn.state.drafts.remove(at),
        None => seat::new_draft(turn.context, &view, Purpose::Report),
    };
    seat::seat(turn, event, home, draft);
    if let Some(sitting) = turn.state.sitting.as_mut() {
        sitting.card = card;
    }
    take_up(turn, event);
}

/// A half-finished talk: go on or start over.
fn offer_resume(turn: &mut Turn<'_, '_>, event: &Event, draft: Draft) {
    let Some(home) = seat::home_for(turn, event, &draft.task) else {
        return;
    };
    let Some(person) = turn.context.person.cloned() else {
        return;
    };
    let offer = ReportSay::OfferResume(person.clone(), Box::new(draft));
    if home == Home::Private && turn.context.in_group {
        // What somebody has begun is nobody else's business.
        return turn.push(Effect::Tell {
            to: Whom::Person(person),
            say: Say::Report(offer),
            manner: Manner::default(),
        });
    }
    seat::say(turn, event, offer);
}

/// A page of the items to choose from.
pub(super) fn choose(turn: &mut Turn<'_, '_>, event: &Event, page: u16) {
    let context = turn.context;
    let pending = items::pending(context);
    let waiting = !pending.is_empty();
    let list = if waiting {
        pending
    } else {
        items::mine(context)
    };
    let tasks: Vec<TaskId> = list.iter().map(|view| view.task.id.clone()).collect();
    if tasks.is_empty() {
        return seat::say(turn, event, ReportSay::NothingToFile);
    }
    let last_page = (tasks.len() - 1) / ITEMS_A_PAGE;
    let Some(person) = context.person.cloned() else {
        return;
    };
    let choices = Choices {
        person,
        page: usize::from(page).min(last_page),
        waiting,
        drafts: drafts_among(turn, &tasks),
        tasks,
    };
    seat::say(turn, event, ReportSay::Choose(choices));
}

fn drafts_among(turn: &Turn<'_, '_>, tasks: &[TaskId]) -> Vec<TaskId> {
    let unfinished = turn.state.unfinished_tasks();
    unfinished
        .into_iter()
        .filter(|task| tasks.contains(task))
        .collect()
}

/// A reply to a message about these tasks. False when it is for nobody here.
pub(super) fn reply(turn: &mut Turn<'_, '_>, event: &Event, text: &str, about: &[TaskId]) -> bool {
    let context = turn.context;
    let private = event.place.kind == ChatKind::Private;
    let Happening::Text { message_id, .. } = event.happening else {
        return false;
    };
    let own: Vec<TaskId> = about
        .iter()
        .filter(|id| items::view(context, id).is_some_and(|view| items::may_file(context, &view)))
        .cloned()
        .collect();
    if vocabulary::is_only_read(text) && !private {
        return true;
    }
    if let Some((task, words)) = items::leading(context.frame, &own, text) {
        start_with(turn, event, &task, (message_id, words));
        return true;
    }
    match own.as_slice() {
        [task] if vocabulary::is_only_read(text) => start_item(turn, event, task),
        [task] => start_with(turn, event, task, (message_id, text)),
        [] if about.len() == 1 => start_item(turn, event, &about[0]),
        [] => return !private,
        own => seat::say(turn, event, ReportSay::WhichItem(own.to_vec())),
    }
    true
}

/// A talk whose first answer came with its start; what was half finished on the task gives way.
fn start_with(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId, words: (i32, &str)) {
    if let Some(view) = startable(turn, event, task) {
        begin_report(turn, event, &view, Some(words));
    }
}

/// The open item can no longer be answered: the person is told, and asked anew if only the question has changed.
pub(super) fn gone(turn: &mut Turn<'_, '_>, event: &Event, why: Gone) {
    let open = turn.state.sitting.as_ref().and_then(Sitting::draft);
    let Some(draft) = open.cloned() else {
        return;
    };
    leave::forget(turn, &draft.task);
    ask::put(turn, event, ReportSay::Gone(draft.task.clone(), why));
    let view = items::view(turn.context, &draft.task);
    match (why, view) {
        (Gone::Changed, Some(view)) if draft.purpose == Purpose::Report => {
            if let Some(sitting) = turn.state.sitting.as_mut() {
                let anew = seat::new_draft(turn.context, &view, Purpose::Report);
                sitting.card = None;
                sitting.doing = Doing::Item(Box::new(anew));
            }
            ask::ask(turn, event, Note::None);
        }
        _ => turn.state.sitting = None,
    }
}

/// 我要填报: in private by a link, for those who have opened a private chat; in the group for the others.
pub(super) fn common(turn: &mut Turn<'_, '_>, event: &Event) {
    let context = turn.context;
    let reachable = context
        .person
        .is_some_and(|person| context.standing.reachable(person));
    if context.in_group && reachable {
        return seat::open_link(turn, None);
    }
    start(turn, event, "");
}
