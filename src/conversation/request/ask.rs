//! The dialogues: one question at a time, a preview where something is sent, every step stored.

use chrono::NaiveDate;

use super::{Cannot, Kind, MOST_FILES, RequestSay, Step, deciders, file_of, may_file, tell, view};
use crate::calendar;
use crate::conversation::date::{self, Toward};
use crate::conversation::office::Waiting;
use crate::conversation::report::attachment;
use crate::conversation::{Context, Effect, Media, Turn};
use crate::ledger::{Act, Phase, TaskView, Text};
use crate::plan::{Access, Right, TaskId};

/// Begins on an item, or says why it cannot.
pub(super) fn begin(turn: &mut Turn<'_, '_>, kind: Kind, task: TaskId) {
    turn.state.waiting = None;
    let Some(view) = view(turn.context, &task) else {
        return turn.tell_here(RequestSay::Cannot(task, Cannot::Closed).into());
    };
    if kind == Kind::Freeze && view.phase == Phase::Frozen {
        return turn.tell_here(
            RequestSay::Frozen {
                task,
                decides: true,
            }
            .into(),
        );
    }
    if let Some(why) = obstacle(turn.context, kind, &view) {
        return turn.tell_here(RequestSay::Cannot(task, why).into());
    }
    let step = match kind {
        Kind::Extend => Step::Extend {
            task,
            wanted: None,
            reason: None,
            progress: None,
        },
        Kind::Close => Step::Close {
            task,
            words: None,
            files: Vec::new(),
        },
        Kind::Reopen => Step::Reopen { task },
        Kind::Freeze => Step::Freeze { task, until: None },
    };
    ask(turn, step);
}

/// Why it cannot be begun on this item, if something stands against it.
pub(super) fn obstacle(context: &Context<'_>, kind: Kind, view: &TaskView<'_>) -> Option<Cannot> {
    match (kind, &view.phase) {
        (Kind::Reopen, Phase::Closed) => return None,
        (Kind::Reopen, _) => return Some(Cannot::NotClosed),
        (_, Phase::Closed | Phase::Ended) => return Some(Cannot::Closed),
        (_, Phase::Resting | Phase::Frozen) => return Some(Cannot::Resting),
        (_, Phase::Open | Phase::Baseline(_)) => {}
    }
    if kind == Kind::Freeze {
        return None;
    }
    if !may_file(context, view) {
        return Some(Cannot::NotYours);
    }
    if view.requested {
        return Some(Cannot::Requested);
    }
    if kind == Kind::Close {
        return None;
    }
    let Some(due) = view.due else {
        return Some(Cannot::NoDeadline);
    };
    let (from, to) = range(context, Some(due));
    (to < from).then_some(Cannot::NoLaterDay)
}

/// The days a new deadline can be: after today and the present one, up to the plan's end, where asking stops.
pub fn range(context: &Context<'_>, due: Option<NaiveDate>) -> (NaiveDate, NaiveDate) {
    let today = calendar::date_of(context.now);
    let after = due.map_or(today, |due| due.max(today));
    let ends = context.frame.plan.task_force.ends;
    (after.succ_opt().unwrap_or(after), ends)
}

/// Waits for the next answer and asks for it.
pub fn ask(turn: &mut Turn<'_, '_>, step: Step) {
    turn.state.waiting = Some(Waiting::Request { step: step.clone() });
    turn.tell_here(RequestSay::Ask(step).into());
}

/// Words for the step.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, step: Step, text: &str) {
    let own = text.to_owned();
    let extend = |task, wanted, reason, progress| Step::Extend {
        task,
        wanted,
        reason,
        progress,
    };
    match step {
        Step::Extend {
            task,
            wanted: None,
            reason,
            progress,
        } => {
            let due = view(turn.context, &task).and_then(|view| view.due);
            if let Some(day) = read_day(turn, text, due) {
                ask(turn, extend(task, Some(day), reason, progress));
            }
        }
        Step::Extend {
            task,
            wanted,
            reason: None,
            ..
        } => {
            ask(turn, extend(task, wanted, Some(own), None));
        }
        Step::Extend {
            task,
            wanted,
            reason,
            ..
        } => {
            ask(turn, extend(task, wanted, reason, Some(own)));
        }
        Step::Close { task, files, .. } => {
            let words = Some(own);
            ask(turn, Step::Close { task, words, files });
        }
        Step::OtherDate { request } => super::decide::on_date(turn, request, text),
        Step::Refuse { request } => super::decide::refuse(turn, request, text),
        Step::Reopen { task } => super::decide::reopen(turn, task, text),
        Step::Freeze { task, until: None } => {
            if let Some(day) = read_day(turn, text, None) {
                let until = Some(day);
                ask(turn, Step::Freeze { task, until });
            }
        }
        Step::Freeze {
            task,
            until: Some(until),
        } => super::decide::freeze(turn, task, until, text),
    }
}

/// A day within the range, or the refusal with what it can be.
pub(super) fn read_day(
    turn: &mut Turn<'_, '_>,
    text: &str,
    due: Option<NaiveDate>,
) -> Option<NaiveDate> {
    let today = calendar::date_of(turn.context.now);
    let (from, to) = range(turn.context, due);
    let read = date::read(text, today, Toward::Future).filter(|day| (from..=to).contains(day));
    if read.is_none() {
        let typed = text.to_owned();
        turn.tell_here(RequestSay::DateRefused { typed, from, to }.into());
    }
    read
}

/// A photo or file: evidence of a closure, with its caption as the sentence.
pub(super) fn on_media(turn: &mut Turn<'_, '_>, step: Step, media: &Media, caption: Option<&str>) {
    let (Step::Close { task, words, files }, Some(file)) = (step, file_of(media)) else {
        return turn.tell_here(RequestSay::WordsExpected.into());
    };
    let known = |other: &super::File| other.file_unique_id == file.file_unique_id;
    let mut files = files;
    if files.iter().any(known) {
        return ask(turn, Step::Close { task, words, files });
    }
    if files.len() >= MOST_FILES {
        return turn.tell_here(RequestSay::FilesFull.into());
    }
    files.push(file);
    let caption = caption
        .map(str::trim)
        .filter(|caption| !caption.is_empty() && caption.chars().count() <= super::MOST_WORDS);
    let words = caption.map(str::to_owned).or(words);
    ask(turn, Step::Close { task, words, files });
}

/// 同上次: the progress is as last reported.
pub(super) fn keep_progress(turn: &mut Turn<'_, '_>) {
    if let Some(Waiting::Request {
        step:
            Step::Extend {
                task,
                wanted,
                reason: reason @ Some(_),
                progress: None,
            },
    }) = turn.state.waiting.clone()
    {
        let kept = view(turn.context, &task).and_then(|view| {
            let done = view.last_report()?.report.done.clone()?;
            done.body().map(str::to_owned)
        });
        let progress = Some(kept.unwrap_or_default());
        ask(
            turn,
            Step::Extend {
                task,
                wanted,
                reason,
                progress,
            },
        );
    } else {
        crate::conversation::group::on_unknown_press(turn);
    }
}

/// 上一步: the last answer is given anew, the ones before it stay.
pub(super) fn back(turn: &mut Turn<'_, '_>) {
    let before = match &turn.state.waiting {
        Some(Waiting::Request { step }) => step.clone().before(),
        Some(_) | None => None,
    };
    match before {
        Some(step) => ask(turn, step),
        None => crate::conversation::group::on_unknown_press(turn),
    }
}

/// 提交 of what the preview shows.
pub(super) fn submit(turn: &mut Turn<'_, '_>) {
    let Some(Waiting::Request { step }) = turn.state.waiting.clone() else {
        return crate::conversation::group::on_unknown_press(turn);
    };
    let kind = match step {
        Step::Extend { .. } => Kind::Extend,
        Step::Close { .. } => Kind::Close,
        Step::OtherDate { .. }
        | Step::Refuse { .. }
        | Step::Reopen { .. }
        | Step::Freeze { .. } => return crate::conversation::group::on_unknown_press(turn),
    };
    let (Step::Extend { task, .. } | Step::Close { task, .. }) = &step else {
        return;
    };
    let task = task.clone();
    let view = view(turn.context, &task);
    let against = view.as_ref().map_or(Some(Cannot::Closed), |view| {
        obstacle(turn.context, kind, view)
    });
    if let Some(why) = against {
        turn.state.waiting = None;
        return turn.tell_here(RequestSay::Cannot(task, why).into());
    }
    let due = view.and_then(|view| view.due);
    if let Some(without) = without_date(turn, &step, due) {
        return turn.state.waiting = Some(Waiting::Request { step: without });
    }
    match act_of(turn, step.clone(), due) {
        Some(act) => send(turn, task, act),
        // What the preview showed lacks something: it is asked.
        None => ask(turn, step),
    }
}

/// The step without its date, where that can no longer be: said with what it can be, the rest is kept.
fn without_date(turn: &mut Turn<'_, '_>, step: &Step, due: Option<NaiveDate>) -> Option<Step> {
    let Step::Extend {
        task,
        wanted: Some(wanted),
        reason,
        progress,
    } = step
    else {
        return None;
    };
    let (from, to) = range(turn.context, due);
    if (from..=to).contains(wanted) {
        return None;
    }
    turn.tell_here(
        RequestSay::DateOver {
            wanted: *wanted,
            from,
            to,
        }
        .into(),
    );
    Some(Step::Extend {
        task: task.clone(),
        wanted: None,
        reason: reason.clone(),
        progress: progress.clone(),
    })
}

fn act_of(turn: &mut Turn<'_, '_>, step: Step, due: Option<NaiveDate>) -> Option<Act> {
    let today = calendar::date_of(turn.context.now);
    match step {
        Step::Extend {
            task,
            wanted,
            reason,
            progress,
        } => {
            let (wanted, reason, progress) = (wanted?, reason?, progress?);
            let reason = text(turn, &reason);
            let progress = (!progress.is_empty()).then(|| text(turn, &progress));
            Some(Act::ExtensionRequested {
                task,
                wanted,
                reason,
                progress,
                expired: due.is_some_and(|due| due < today),
            })
        }
        Step::Close { task, words, files } => {
            if words.is_none() && files.is_empty() {
                return None;
            }
            let words = words.map(|words| text(turn, &words));
            let salts = &mut *turn.salts;
            let evidence = files.iter().map(|file| attachment(salts, file)).collect();
            Some(Act::ClosureProposed {
                task,
                words,
                evidence,
            })
        }
        Step::OtherDate { .. }
        | Step::Refuse { .. }
        | Step::Reopen { .. }
        | Step::Freeze { .. } => None,
    }
}

pub(super) fn text(turn: &mut Turn<'_, '_>, words: &str) -> Text {
    Text::new(words.to_owned(), turn.salts.salt())
}

fn send(turn: &mut Turn<'_, '_>, task: TaskId, act: Act) {
    let asked_before = turn.context.standing.task_state(&task).extensions_asked();
    let second = matches!(act, Act::ExtensionRequested { .. }) && asked_before > 0;
    let own = turn.context.person.cloned();
    let others = super::deputies(turn.context);
    let deputy = second && others.iter().any(|deputy| Some(deputy) != own.as_ref());
    turn.state.waiting = None;
    turn.push(Effect::Append(act));
    let sent = RequestSay::Sent {
        task: task.clone(),
        deputy,
    };
    turn.tell_here(sent.into());
    for person in deciders(turn.context, deputy) {
        if Some(&person) != own.as_ref() {
            tell(turn, person, RequestSay::Card(task.clone()));
        }
    }
    turn.push(Effect::RefreshStatus);
}

/// Whether the event's person decides on requests at all.
pub(super) fn may_decide(context: &Context<'_>, deputy: bool) -> Access {
    context.may(if deputy {
        &Right::DecideAgain
    } else {
        &Right::Decide
    })
}
