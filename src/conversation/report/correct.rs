//! 更正: a submitted report opened again at its preview; every version stays in the ledger.

use super::draft::{File, Purpose, Step};
use super::say::{Gone, NotCorrectable, ReportSay};
use super::{begin, behalf, flow, items, seat, submit};
use crate::conversation::{ChatKind, Effect, Event, Say, Turn};
use crate::ledger::{Attachment, Filed, Phase};

/// The [更正] under a record.
pub(super) fn start(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    let context = turn.context;
    let Some(filed) = submit::find(context.standing, seq) else {
        return refuse(turn, event, NotCorrectable::Unknown);
    };
    let Some(view) = items::view(context, &filed.report.task) else {
        let task = filed.report.task.clone();
        return seat::say(turn, event, ReportSay::Gone(task, Gone::Ended));
    };
    if !behalf::may_file(context, &view) {
        return refuse(turn, event, NotCorrectable::NotYours);
    }
    match view.phase {
        Phase::Closed => {
            let task = filed.report.task.clone();
            return seat::say(turn, event, ReportSay::Gone(task, Gone::Closed));
        }
        Phase::Open | Phase::Baseline(_) | Phase::Resting | Phase::Frozen | Phase::Ended => {}
    }
    let newest = view.reports.iter().map(|other| other.seq).max();
    if let Some(by) = newest.filter(|newest| *newest > seq) {
        return refuse(turn, event, NotCorrectable::Superseded { by });
    }
    let mut draft = seat::new_draft(context, &view, Purpose::Correction(seq));
    draft.answers = flow::answers_of(filed);
    draft.answers.evidence = evidence_of(filed);
    draft.period.clone_from(&filed.report.period);
    draft.step = Step::Preview;
    begin::begin(turn, event, draft, None);
}

fn refuse(turn: &mut Turn<'_, '_>, event: &Event, why: NotCorrectable) {
    let say = Say::Report(ReportSay::NotCorrectable(why.clone()));
    let leads_on = matches!(why, NotCorrectable::Superseded { .. });
    match event.place.kind {
        ChatKind::Private if leads_on => turn.tell_here(say),
        ChatKind::Private | ChatKind::Group | ChatKind::Channel => turn.push(Effect::alert(say)),
    }
}

/// A correction takes the place of the report, its files included, but for those that were redacted.
fn evidence_of(filed: &Filed) -> Vec<File> {
    let file = |attachment: &Attachment| {
        let name = attachment.name.as_ref().and_then(|name| name.body());
        Some(File {
            file_id: attachment.file_id.id()?.to_owned(),
            file_unique_id: attachment.file_unique_id.id()?.to_owned(),
            name: name.map(str::to_owned),
            mime: attachment.mime.clone(),
            size: attachment.size,
        })
    };
    filed.report.evidence.iter().filter_map(file).collect()
}
