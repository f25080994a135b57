//! 都无变化: keeps every last answer of what waits, after one confirmation; and 只看我的.

use sha2::{Digest, Sha256};

use super::draft::{Draft, Purpose};
use super::say::{ReportSay, Unchanged};
use super::{answer, begin, flow, items, leave, seat, submit, talk};
use crate::conversation::{ChatKind, Context, Effect, Event, Say, Turn};
use crate::ledger::{Act, CountsFor, Phase, ProgressReport, TaskView};
use crate::plan::TaskId;

/// What waits, and for each item whether its last answers can be kept.
struct Waiting<'a> {
    kept: Vec<(TaskView<'a>, Draft)>,
    missing: Vec<TaskId>,
}

fn waiting<'a>(context: &Context<'a>) -> Waiting<'a> {
    let mut waiting = Waiting {
        kept: Vec::new(),
        missing: Vec::new(),
    };
    for view in items::pending(context) {
        match keepable(context, &view) {
            Some(draft) => waiting.kept.push((view, draft)),
            None => waiting.missing.push(view.task.id.clone()),
        }
    }
    waiting
}

/// A draft with every last answer kept; none where there is no last answer, or a past target's first one is wanted.
fn keepable(context: &Context<'_>, view: &TaskView<'_>) -> Option<Draft> {
    if matches!(view.phase, Phase::Baseline(_)) {
        return None;
    }
    let mut draft = seat::new_draft(context, view, Purpose::Report);
    let (_, last) = flow::last_answers(&draft, view)?;
    draft.answers = last;
    let needed = flow::first(&draft, super::Home::Private);
    let known = answer::has_answer(&draft.answers, needed) || needed == super::Step::Judgement;
    known.then_some(draft)
}

/// Changes when what would be kept changes.
fn stamp(kept: &[(TaskView<'_>, Draft)]) -> u32 {
    let mut hash = Sha256::new();
    for (view, _) in kept {
        hash.update(view.task.id.as_str());
        hash.update(
            view.last_report()
                .map_or(0, |filed| filed.seq)
                .to_be_bytes(),
        );
    }
    let hash = hash.finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

/// 都无变化: shows what would be kept.
pub(super) fn confirm(turn: &mut Turn<'_, '_>, event: &Event) {
    let waiting = waiting(turn.context);
    let say = match waiting.kept.is_empty() {
        true => ReportSay::NothingToKeep {
            missing: waiting.missing,
        },
        false => ReportSay::ConfirmUnchanged(Unchanged {
            stamp: stamp(&waiting.kept),
            tasks: waiting
                .kept
                .iter()
                .map(|(view, _)| view.task.id.clone())
                .collect(),
            missing: waiting.missing,
        }),
    };
    if event.place.kind != ChatKind::Private {
        return begin::common(turn, event);
    }
    turn.tell_here(Say::Report(say));
}

/// The confirmation.
pub(super) fn keep_all(turn: &mut Turn<'_, '_>, event: &Event, confirmed: u32) {
    let context = turn.context;
    let waiting = waiting(context);
    if waiting.kept.is_empty() {
        return talk::alert(turn, ReportSay::Stale);
    }
    if stamp(&waiting.kept) != confirmed {
        return confirm(turn, event);
    }
    let mut seqs = Vec::with_capacity(waiting.kept.len());
    for (view, draft) in &waiting.kept {
        seqs.push(turn.next_seq());
        let report = kept_report(turn, view, draft);
        turn.push(Effect::Append(Act::Answered(report.into())));
        leave::forget(turn, &draft.task);
    }
    close_open_talk(turn, &waiting);
    let kept = ReportSay::KeptUnchanged {
        seqs: seqs.clone(),
        missing: waiting.missing,
    };
    turn.show(event, Say::Report(kept));
    submit::group_line(turn, seqs);
    turn.push(Effect::RefreshStatus);
}

/// An open talk on an item that is answered now is over.
fn close_open_talk(turn: &mut Turn<'_, '_>, waiting: &Waiting<'_>) {
    let open = turn
        .state
        .sitting
        .as_ref()
        .and_then(|sitting| sitting.draft());
    let answered = |task: &TaskId| waiting.kept.iter().any(|(_, draft)| draft.task == *task);
    if open.is_some_and(|draft| answered(&draft.task)) {
        turn.state.sitting = None;
    }
}

fn kept_report(turn: &mut Turn<'_, '_>, view: &TaskView<'_>, draft: &Draft) -> ProgressReport {
    let context = turn.context;
    let (period, late) = match context
        .frame
        .counts_for(context.standing, view, context.now)
    {
        CountsFor::This { this, late } => (this.id, late),
        // What is kept says nothing of the past: it counts for the running period.
        CountsFor::Ask { this, .. } => {
            let late = this.is_late(context.now);
            (this.id, late)
        }
    };
    ProgressReport {
        period,
        late,
        unchanged: true,
        ..submit::report_of(turn.salts, context.standing, draft, view)
    }
}

/// 只看我的: the person's own items that wait, in an alert.
pub(super) fn mine(turn: &mut Turn<'_, '_>, event: &Event) {
    let pending = items::pending(turn.context);
    let tasks = pending.iter().map(|view| view.task.id.clone()).collect();
    let _ = event;
    turn.push(Effect::alert(Say::Report(ReportSay::Mine(tasks))));
}
