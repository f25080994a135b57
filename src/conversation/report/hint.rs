//! 转交: somebody who may not file an item sends a value and a sentence; only the filer's or the office's tap enters them.

use super::draft::{Draft, Purpose, Words};
use super::say::{HintClosed, Note, RecordedAs, ReportSay};
use super::{ask, begin, flow, items, seat, submit};
use crate::conversation::{ChatKind, Effect, Event, Manner, Say, Turn, Whom, people};
use crate::ledger::{Act, Actor, CountsFor, Hint, Judgement, ProgressReport, TaskView, Value};
use crate::plan::{Access, PersonId, Right, TaskId};

/// 转交: starts the short talk.
pub(super) fn start(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    let context = turn.context;
    let Some(view) = items::view(context, task) else {
        return begin::start_item(turn, event, task);
    };
    if items::may_file(context, &view) {
        return begin::start_item(turn, event, task);
    }
    if context.may(&Right::Hint) != Access::Allowed {
        let (Some(person), task) = (context.person.cloned(), task.clone()) else {
            return;
        };
        let refusal = ReportSay::MayNotFile {
            person,
            task,
            hint: false,
        };
        return seat::say(turn, event, refusal);
    }
    let draft = seat::new_draft(context, &view, Purpose::Hint);
    begin::begin(turn, event, draft, None);
}

/// Sends a hint: on record, and as a proposal to the filer and the office.
pub(super) fn send(turn: &mut Turn<'_, '_>, event: &Event, draft: &Draft) {
    let context = turn.context;
    let value = submit::value_of(draft.flow, &draft.answers);
    let words = draft.answers.done.as_ref();
    if value == Value::None && words.is_none() {
        return ask::ask(turn, event, Note::Empty);
    }
    let words = words.map(|words| submit::text_of(turn.salts, context.standing, words));
    let hint = turn.next_seq();
    let task = draft.task.clone();
    turn.push(Effect::Append(Act::Hinted {
        task: task.clone(),
        value,
        words,
    }));
    submit::finish(turn, event, hint, &task, RecordedAs::Hint, None);
    for person in deciders(turn, &task) {
        let task = task.clone();
        tell(turn, person, ReportSay::HintProposal { task, hint });
    }
}

/// Who may decide on a hint: the unit's filer and the bound office, without the person who sent it.
fn deciders(turn: &Turn<'_, '_>, task: &TaskId) -> Vec<PersonId> {
    let context = turn.context;
    let view = items::view(context, task);
    let filer = view.and_then(|view| view.filer(context.frame).cloned());
    let bound = |person: &PersonId| context.standing.bindings.contains_key(person);
    let mut deciders: Vec<PersonId> = filer.into_iter().filter(bound).collect();
    for person in people::office(context) {
        if !deciders.contains(&person) {
            deciders.push(person);
        }
    }
    deciders.retain(|person| Some(person) != context.person);
    deciders
}

fn tell(turn: &mut Turn<'_, '_>, person: PersonId, say: ReportSay) {
    turn.push(Effect::Tell {
        to: Whom::Person(person),
        say: Say::Report(say),
        manner: Manner::unasked(),
    });
}

/// 采用, with the taker's judgement, or 不采用.
pub(super) fn decide(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    seq: u64,
    taken_with: Option<Judgement>,
) {
    let context = turn.context;
    let (task, hint) = match decidable(turn, seq) {
        Ok(found) => found,
        Err(why) => {
            return turn.push(Effect::alert(Say::Report(ReportSay::HintClosed(why))));
        }
    };
    let Some(by) = context.person.cloned() else {
        return;
    };
    let taken = taken_with.is_some();
    if let Some(judgement) = taken_with {
        let Some(view) = items::view(context, &task) else {
            return begin::start_item(turn, event, &task);
        };
        turn.push(Effect::Append(Act::HintDecided { hint: seq, taken }));
        let report_seq = turn.next_seq();
        let report = report_of(turn, &view, &hint, judgement);
        turn.push(Effect::Append(Act::Answered(report.into())));
        submit::group_line(turn, vec![report_seq]);
        turn.push(Effect::RefreshStatus);
    } else {
        turn.push(Effect::Append(Act::HintDecided { hint: seq, taken }));
    }
    let decided = ReportSay::HintDecided {
        task,
        hint: seq,
        taken,
        by,
    };
    match event.place.kind {
        ChatKind::Private => turn.show(event, Say::Report(decided.clone())),
        ChatKind::Group | ChatKind::Channel => {
            turn.push(Effect::alert(Say::Report(decided.clone())));
        }
    }
    if let Actor::Person(sender) = hint.by {
        tell(turn, sender, decided);
    }
}

/// The hint, if this person may decide on it.
fn decidable(turn: &Turn<'_, '_>, seq: u64) -> Result<(TaskId, Hint), HintClosed> {
    let context = turn.context;
    let mut all = context
        .standing
        .tasks
        .iter()
        .flat_map(|(task, state)| state.hints.iter().map(move |hint| (task, hint)));
    let (task, hint) = all
        .find(|(_, hint)| hint.seq == seq)
        .ok_or(HintClosed::Unknown)?;
    if let Some(taken) = hint.taken {
        return Err(HintClosed::Decided { taken });
    }
    if matches!(&hint.by, Actor::Person(person) if Some(person) == context.person) {
        return Err(HintClosed::Own);
    }
    let view = items::view(context, task);
    let files = view.is_some_and(|view| items::may_file(context, &view));
    let decides = context.may(&Right::FollowUp) == Access::Allowed;
    match files || decides {
        true => Ok((task.clone(), hint.clone())),
        false => Err(HintClosed::NotYours),
    }
}

/// The report a hint becomes: its value and sentence; problems, next step and support stay as they were last answered.
fn report_of(
    turn: &mut Turn<'_, '_>,
    view: &TaskView<'_>,
    hint: &Hint,
    judgement: Judgement,
) -> ProgressReport {
    let context = turn.context;
    let mut draft = seat::new_draft(context, view, Purpose::Report);
    if let Some((_, last)) = flow::last_answers(&draft, view) {
        draft.answers = last;
    }
    draft.answers.judgement = Some(judgement);
    draft.answers.done = hint
        .words
        .as_ref()
        .and_then(|text| text.body())
        .map(|text| Words {
            text: text.to_owned(),
            kept_from: None,
        });
    let (period, late) = match context
        .frame
        .counts_for(context.standing, view, context.now)
    {
        CountsFor::This { this, late } => (this.id, late),
        CountsFor::Ask { this, .. } => {
            let late = this.is_late(context.now);
            (this.id, late)
        }
    };
    let from = match &hint.by {
        Actor::Person(person) => Some(person.clone()),
        Actor::Bot | Actor::Host | Actor::Stranger(_) => None,
    };
    ProgressReport {
        period,
        late,
        value: hint.value,
        done: hint.words.clone(),
        unchanged: false,
        hinted_by: from,
        on_behalf_of: None,
        ..submit::report_of(turn.salts, context.standing, &draft, view)
    }
}
