//! Submitting: what somebody else answered meanwhile, which period it counts for, and the report itself.

use super::draft::{Answers, Doing, Draft, File, Flow, Purpose, Words};
use super::press::Submission;
use super::say::{Note, Recorded, RecordedAs, ReportSay};
use super::{ask, flow, hint, items};
use crate::conversation::request::{self, Kind};
use crate::conversation::{ChatKind, Context, Effect, Event, Say, Turn};
use crate::ledger::{
    Act, Attachment, BaselineAnswer, CountsFor, FileId, Filed, Judgement, Phase, ProgressReport,
    ReportingPeriod, Salts, Standing, SupportNeed, TaskView, Text, Value,
};

/// The newest report on the item that came after the talk began, if there is one.
pub(super) fn answered_meanwhile(draft: &Draft, view: &TaskView<'_>) -> Option<u64> {
    let newest = view.reports.iter().map(|filed| filed.seq).max();
    newest.filter(|seq| *seq > draft.last_seq)
}

/// The periods between which the person chooses: the last one and the running one.
pub(super) fn periods_to_choose(
    context: &Context<'_>,
    draft: &Draft,
    view: &TaskView<'_>,
) -> Option<(ReportingPeriod, ReportingPeriod)> {
    if draft.purpose != Purpose::Report || draft.shown.is_some() {
        return None;
    }
    match context
        .frame
        .counts_for(context.standing, view, context.now)
    {
        CountsFor::Ask { last, this } => Some((last, this)),
        CountsFor::This { .. } => None,
    }
}

/// A tap on one of the submitting buttons.
pub(super) fn submit(turn: &mut Turn<'_, '_>, event: &Event, submission: Submission) {
    let context = turn.context;
    let Some(sitting) = turn.state.sitting.as_mut() else {
        return;
    };
    let Doing::Item(draft) = &mut sitting.doing else {
        return;
    };
    let draft = Draft::clone(draft);
    let Some(view) = items::view(context, &draft.task) else {
        return;
    };
    if let Some(note) = hindrance(context, &draft, &view, submission) {
        return ask::ask(turn, event, note);
    }
    match draft.purpose {
        Purpose::Hint => hint::send(turn, event, &draft),
        Purpose::Report | Purpose::Correction(_) => file(turn, event, &draft, &view, submission),
    }
}

/// Why the preview is shown again instead of submitting.
fn hindrance(
    context: &Context<'_>,
    draft: &Draft,
    view: &TaskView<'_>,
    submission: Submission,
) -> Option<Note> {
    if draft.purpose == Purpose::Hint {
        return None;
    }
    if draft.answers.judgement.is_none() {
        return Some(Note::JudgementMissing);
    }
    let meanwhile = answered_meanwhile(draft, view);
    let settles_it = match submission {
        Submission::Over | Submission::AsCorrection => draft.shown.is_some(),
        Submission::Plain | Submission::ForLastPeriod => false,
    };
    if meanwhile != draft.shown || (meanwhile.is_some() && !settles_it) {
        return Some(Note::LookAgain);
    }
    let choice = periods_to_choose(context, draft, view).is_some();
    let fits = submission != Submission::ForLastPeriod || choice;
    (!fits).then_some(Note::LookAgain)
}

/// The report goes on record.
fn file(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    draft: &Draft,
    view: &TaskView<'_>,
    submission: Submission,
) {
    let context = turn.context;
    let seq = turn.next_seq();
    let corrects = match (draft.purpose, submission) {
        (_, Submission::AsCorrection) => draft.shown,
        (Purpose::Correction(of), _) => Some(of),
        (Purpose::Report | Purpose::Hint, _) => None,
    };
    let (period, late) = counts_for(context, view, corrects, submission);
    let report = ProgressReport {
        period,
        late,
        corrects,
        ..report_of(turn.salts, context.standing, draft, view)
    };
    turn.push(Effect::Append(Act::Answered(report.into())));
    let what = match corrects {
        Some(of) => RecordedAs::Correction {
            marked: is_in_a_digest(context.standing, of),
        },
        None => RecordedAs::Report { late },
    };
    let offer = draft.answers.judgement;
    let offer = offer.and_then(|judgement| offer_after(context, event, view, judgement));
    finish(turn, event, seq, &draft.task, what, offer);
    turn.push(Effect::RefreshStatus);
}

/// Whether a digest has counted the report.
fn is_in_a_digest(standing: &Standing, seq: u64) -> bool {
    standing.digests.iter().any(|posted| posted.last_seq >= seq)
}

/// The period a report counts for, and whether it is late for it. A correction counts for that of what it corrects.
fn counts_for(
    context: &Context<'_>,
    view: &TaskView<'_>,
    corrects: Option<u64>,
    submission: Submission,
) -> (String, bool) {
    let corrected = corrects.and_then(|seq| find(context.standing, seq));
    if let Some(filed) = corrected {
        return (filed.report.period.clone(), filed.report.late);
    }
    match context
        .frame
        .counts_for(context.standing, view, context.now)
    {
        CountsFor::Ask { last, .. } if submission == Submission::ForLastPeriod => (last.id, true),
        CountsFor::Ask { this, .. } => {
            let late = this.is_late(context.now);
            (this.id, late)
        }
        CountsFor::This { this, late } => (this.id, late),
    }
}

/// The report with this seq, on whatever task.
pub(super) fn find(standing: &Standing, seq: u64) -> Option<&Filed> {
    let reports = standing.tasks.values().flat_map(|state| &state.reports);
    reports.map(AsRef::as_ref).find(|filed| filed.seq == seq)
}

/// What a report of that judgement lets its unit ask next: 办结 of what is done, 延期 of what is not on course. What the
/// initial ledger tells reaches the office by its own list.
fn offer_after(
    context: &Context<'_>,
    event: &Event,
    view: &TaskView<'_>,
    judgement: Judgement,
) -> Option<Kind> {
    let kind = match judgement {
        Judgement::Done => Kind::Close,
        Judgement::Difficult | Judgement::Blocked => Kind::Extend,
        Judgement::Normal => return None,
    };
    let fits = event.place.kind == ChatKind::Private
        && view.phase == Phase::Open
        && request::fits(context, kind, view);
    fits.then_some(kind)
}

/// ✅, the group's line, and what comes next.
pub(super) fn finish(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    seq: u64,
    task: &crate::plan::TaskId,
    what: RecordedAs,
    offer: Option<Kind>,
) {
    let context = turn.context;
    let (Some(sitting), Some(person)) = (turn.state.sitting.as_mut(), context.person) else {
        return;
    };
    sitting.ahead.retain(|id| {
        let view = items::view(context, id);
        view.is_some_and(|view| {
            items::waits(context.frame, context.standing, &view, context.now)
                && !items::same_fact(context, id, task)
        })
    });
    let recorded = Recorded {
        person: person.clone(),
        seq,
        task: task.clone(),
        what,
        ahead: sitting.ahead.clone(),
        offer,
    };
    let over = sitting.ahead.is_empty();
    sitting.doing = Doing::Between;
    let line = line_of(&mut sitting.filed, seq, what);
    ask::put(turn, event, ReportSay::Recorded(recorded));
    if let Some(seqs) = line {
        group_line(turn, seqs);
    }
    if over {
        turn.state.sitting = None;
    }
    super::leave::forget(turn, task);
}

/// The reports of a sitting that its line names, after this record; a correction has none.
fn line_of(filed: &mut Vec<u64>, seq: u64, what: RecordedAs) -> Option<Vec<u64>> {
    match what {
        RecordedAs::Report { .. } => filed.push(seq),
        RecordedAs::Correction { .. } | RecordedAs::Hint => return None,
    }
    Some(filed.clone())
}

/// One line in the group about a sitting, unless it is switched off or nothing may be sent unasked.
pub(super) fn group_line(turn: &mut Turn<'_, '_>, seqs: Vec<u64>) {
    let context = turn.context;
    let wanted = context.frame.settings.group_line && context.standing.may_send_unasked();
    if let (Some(sitting), true) = (seqs.first().copied(), wanted) {
        turn.push(Effect::GroupLine {
            sitting,
            say: Say::Report(ReportSay::Line(seqs)),
        });
    }
}

/// The report a draft becomes; period, lateness and correction are the caller's.
pub(super) fn report_of(
    salts: &mut Salts,
    standing: &Standing,
    draft: &Draft,
    view: &TaskView<'_>,
) -> ProgressReport {
    let last = flow::last_answers(draft, view).map(|(_, last)| last);
    let answers = &draft.answers;
    let unchanged = draft.purpose == Purpose::Report
        && last.as_ref().is_some_and(|last| all_kept(answers, last));
    let mut text = |words: &Option<Words>| {
        let words = words.as_ref()?;
        Some(text_of(salts, standing, words))
    };
    let (done, issues, next_steps) = (
        text(&answers.done),
        text(&answers.issues),
        text(&answers.next),
    );
    let support = text(&answers.support);
    let reason = text(&answers.reason);
    let evidence = answers.evidence.iter().map(|file| attachment(salts, file));
    ProgressReport {
        task: draft.task.clone(),
        period: draft.period.clone(),
        value: value_of(draft.flow, answers),
        judgement: answers.judgement.unwrap_or(Judgement::Normal),
        done,
        issues,
        next_steps,
        next_date: answers.next_date,
        support_needed: support.map(|what| SupportNeed {
            unit: answers.support_unit.clone(),
            what,
        }),
        evidence: evidence.collect(),
        baseline: baseline_of(answers, reason),
        unchanged,
        late: false,
        corrects: None,
        hinted_by: None,
        on_behalf_of: draft.on_behalf_of.clone(),
    }
}

pub(super) fn value_of(flow: Flow, answers: &Answers) -> Value {
    match flow {
        Flow::Number | Flow::BaselineNumber => answers.value.map_or(Value::None, Value::Number),
        Flow::Milestone | Flow::BaselineMilestone => {
            answers.stage.map_or(Value::None, Value::Stage)
        }
        Flow::Narrative => Value::None,
    }
}

fn baseline_of(answers: &Answers, reason: Option<Text>) -> Option<BaselineAnswer> {
    match (answers.reached?, reason) {
        (true, _) => Some(BaselineAnswer::Reached {
            on: answers.reached_on,
        }),
        (false, Some(reason)) => Some(BaselineAnswer::NotReached {
            reason,
            wanted: answers.wanted,
        }),
        (false, None) => None,
    }
}

/// Whether the answers are the last ones, nothing added.
fn all_kept(answers: &Answers, last: &Answers) -> bool {
    let same_words = |one: &Option<Words>, other: &Option<Words>| {
        one.as_ref().map(|words| &words.text) == other.as_ref().map(|words| &words.text)
    };
    answers.value == last.value
        && answers.stage == last.stage
        && answers.judgement == last.judgement
        && same_words(&answers.done, &last.done)
        && same_words(&answers.issues, &last.issues)
        && same_words(&answers.next, &last.next)
        && same_words(&answers.support, &last.support)
        && same_words(&answers.reason, &last.reason)
        && answers.next_date == last.next_date
        && answers.wanted == last.wanted
        && answers.reached == last.reached
        && answers.evidence.is_empty()
}

/// Words as a text: kept ones are the very text of the earlier report, so that blanking one blanks both.
pub(super) fn text_of(salts: &mut Salts, standing: &Standing, words: &Words) -> Text {
    let kept = words.kept_from.and_then(|seq| find(standing, seq));
    let same = kept.and_then(|filed| {
        let report = &filed.report;
        let texts = [&report.done, &report.issues, &report.next_steps];
        let need = report.support_needed.as_ref().map(|need| &need.what);
        let reason = report.baseline.as_ref().and_then(|answer| match answer {
            BaselineAnswer::NotReached { reason, .. } => Some(reason),
            BaselineAnswer::Reached { .. } => None,
        });
        let mut texts = texts.into_iter().flatten().chain(need).chain(reason);
        texts.find(|text| text.body() == Some(words.text.as_str()))
    });
    match same {
        Some(text) => text.clone(),
        None => Text::new(words.text.clone(), salts.salt()),
    }
}

/// A file as an act holds it.
pub fn attachment(salts: &mut Salts, file: &File) -> Attachment {
    let name = file.name.as_ref();
    Attachment {
        file_id: FileId::new(&*file.file_id, salts.salt()),
        file_unique_id: FileId::new(&*file.file_unique_id, salts.salt()),
        name: name.map(|name| Text::new(name.clone(), salts.salt())),
        mime: file.mime.clone(),
        size: file.size,
    }
}
