//! 会签: 同意, 补充 or 异议 of another lead to the filing lead's newest answer.

use super::{MatterSay, ToSign, Waits, wait};
use crate::calendar;
use crate::conversation::{Context, Effect, Event, Manner, Turn, Whom, people};
use crate::ledger::{Act, Actor, CoSignature, CoSigned, Phase, Signature, Text};
use crate::plan::{PersonId, TaskId};

/// The newest answer to a task that the event's person may sign.
pub fn signing(context: &Context<'_>, task: &TaskId) -> Option<u64> {
    let today = calendar::date_of(context.now);
    let view = context.frame.task_view(context.standing, task, today)?;
    let filed = view.to_cosign()?;
    to_sign(context, task, filed.seq)
        .ok()
        .map(|what| what.report)
}

/// What the event's person signs, or why they cannot.
pub(super) fn to_sign(
    context: &Context<'_>,
    task: &TaskId,
    report: u64,
) -> Result<ToSign, MatterSay> {
    let refused = || MatterSay::NotToSign(task.clone());
    let today = calendar::date_of(context.now);
    let view = context.frame.task_view(context.standing, task, today);
    let view = view.ok_or_else(refused)?;
    match view.phase {
        Phase::Open | Phase::Baseline(_) => {}
        Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => return Err(refused()),
    }
    let person = context.person.ok_or_else(refused)?;
    let unit = view.signing_unit(context.frame, person);
    let unit = unit.ok_or_else(refused)?.clone();
    if view.to_cosign().map(|filed| filed.seq) != Some(report) {
        return Err(MatterSay::NewerAnswer(task.clone()));
    }
    Ok(ToSign {
        task: task.clone(),
        report,
        unit,
    })
}

/// Everything the event's person has still to sign.
fn open_of(context: &Context<'_>) -> Vec<ToSign> {
    let today = calendar::date_of(context.now);
    let views = context.frame.asked_views(context.standing, today);
    let mut open = Vec::new();
    for view in &views {
        let Some(seq) = view.to_cosign().map(|filed| filed.seq) else {
            continue;
        };
        let Ok(what) = to_sign(context, &view.task.id, seq) else {
            continue;
        };
        let signatures = context.frame.signatures(context.standing, view, today);
        let given = signatures
            .iter()
            .any(|(unit, signed)| *unit == what.unit && matches!(signed, Signature::Given(_)));
        if !given {
            open.push(what);
        }
    }
    open
}

/// One answer with its three buttons, below what was pressed.
pub(super) fn show(turn: &mut Turn<'_, '_>, task: &TaskId, report: u64) {
    match to_sign(turn.context, task, report) {
        Ok(what) => turn.tell_here(MatterSay::Signing(what).into()),
        Err(refusal) => turn.push(Effect::alert(refusal.into())),
    }
}

/// 同意.
pub(super) fn agree(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId, report: u64) {
    match to_sign(turn.context, task, report) {
        Ok(what) => sign(turn, event, what, CoSignature::Agreed),
        Err(refusal) => turn.push(Effect::alert(refusal.into())),
    }
}

/// 补充 or 异议: asks for the words.
pub(super) fn want_words(turn: &mut Turn<'_, '_>, task: &TaskId, report: u64, objects: bool) {
    match to_sign(turn.context, task, report) {
        Ok(what) => {
            let task = task.clone();
            wait(
                turn,
                Waits::Signature {
                    task,
                    report,
                    objects,
                },
            );
            turn.tell_here(MatterSay::SignatureWanted { what, objects }.into());
        }
        Err(refusal) => turn.push(Effect::alert(refusal.into())),
    }
}

/// The words of a 补充 or 异议.
pub(super) fn on_text(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    task: &TaskId,
    report: u64,
    objects: bool,
    text: &str,
) {
    turn.state.waiting = None;
    match to_sign(turn.context, task, report) {
        Ok(what) => {
            let words = Text::new(text.to_owned(), turn.salts.salt());
            let how = match objects {
                true => CoSignature::Objected(words),
                false => CoSignature::Supplemented(words),
            };
            sign(turn, event, what, how);
        }
        Err(refusal) => turn.tell_here(refusal.into()),
    }
}

/// On record.
fn sign(turn: &mut Turn<'_, '_>, event: &Event, what: ToSign, how: CoSignature) {
    let context = turn.context;
    let mut signed = context
        .standing
        .task_state(&what.task)
        .cosigned
        .iter()
        .rev();
    let before = signed.find(|one| one.report == what.report && one.unit == what.unit);
    let objects = |how: &CoSignature| matches!(how, CoSignature::Objected(_));
    let heard = objects(&how) || before.is_some_and(|one| objects(&one.how));
    turn.push(Effect::Append(Act::CoSigned(CoSigned {
        task: what.task.clone(),
        report: what.report,
        unit: what.unit.clone(),
        how,
    })));
    let mut open = open_of(context);
    open.retain(|other| *other != what);
    let done = Some(what.clone());
    turn.show(event, MatterSay::Sheet { done, open }.into());
    if heard {
        tell_of_objection(turn, &what);
    }
}

/// An objection, or that it is none any more, to the office and to whoever gave the answer.
fn tell_of_objection(turn: &mut Turn<'_, '_>, what: &ToSign) {
    let context = turn.context;
    let Some(by) = context.person.cloned() else {
        return;
    };
    let reports = &context.standing.task_state(&what.task).reports;
    let author = reports.iter().find(|filed| filed.seq == what.report);
    let author = author.and_then(|filed| match &filed.by {
        Actor::Person(person) => Some(person.clone()),
        Actor::Bot | Actor::Host | Actor::Stranger(_) => None,
    });
    let mut told: Vec<PersonId> = people::office(context);
    told.extend(author);
    told.sort();
    told.dedup();
    told.retain(|person| *person != by && context.standing.bindings.contains_key(person));
    for person in told {
        let say = MatterSay::Objected {
            what: what.clone(),
            by: by.clone(),
        };
        turn.push(Effect::Tell {
            to: Whom::Person(person),
            say: say.into(),
            manner: Manner::unasked(),
        });
    }
}
