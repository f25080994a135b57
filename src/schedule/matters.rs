//! What one unit's answer brings to others: needs (需协调) to the unit asked, answers to the other leads (会签). No sounds.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::moment::{LOOK_BACK, Moment};
use super::{Notice, NoticeItem, NoticeKey, NoticeKind, NoticeTo};
use crate::calendar;
use crate::ledger::{Frame, Matter, Phase, Signature, Standing, TaskView};
use crate::plan::{PersonId, TaskId, UnitId};

/// Every such notice due now.
pub(super) fn notices(moment: &Moment<'_>, views: &[TaskView<'_>]) -> Vec<Notice> {
    let mut notices = needs(moment);
    notices.extend(to_cosign(moment, views));
    notices
}

/// A new need: once, to the filer of the unit asked, or to the office where nobody is bound for it.
fn needs(moment: &Moment<'_>) -> Vec<Notice> {
    let mut by_recipient: BTreeMap<NoticeTo, Vec<&Matter>> = BTreeMap::new();
    for matter in moment.standing.matters.values() {
        let old = matter.since_at < moment.now - LOOK_BACK;
        if old || moment.is_given(&key_of(matter)) {
            continue;
        }
        let at = moment.frame.calendar.next_working_instant(matter.since_at);
        let open = moment.frame.is_open(moment.standing, matter, moment.today);
        if is_time(moment, at) && open && matter.answer.is_none() && !asks_itself(moment, matter) {
            let to = asked_of(moment, &matter.unit).map_or(NoticeTo::Office, NoticeTo::Person);
            by_recipient.entry(to).or_default().push(matter);
        }
    }
    let notices = by_recipient.into_iter().map(|(to, matters)| {
        let keys = matters.iter().map(|matter| key_of(matter)).collect();
        let seqs = matters.iter().map(|matter| matter.seq).collect();
        silent(moment, NoticeKind::Matters(seqs), to, keys)
    });
    notices.collect()
}

/// New answers to the other leads: in the next slot, all of them in one message a person.
fn to_cosign(moment: &Moment<'_>, views: &[TaskView<'_>]) -> Vec<Notice> {
    let mut by_person: BTreeMap<PersonId, Vec<(TaskId, u64)>> = BTreeMap::new();
    for view in views {
        let Some(filed) = view.to_cosign() else {
            continue;
        };
        let slot = next_slot(moment, filed.at);
        if filed.at < moment.now - LOOK_BACK || !is_time(moment, slot) {
            continue;
        }
        for person in signers(moment, view) {
            let asked = by_person.entry(person.clone()).or_default();
            if !moment.is_given(&cosign_key(&person, filed.seq)) {
                asked.push((view.task.id.clone(), filed.seq));
            }
        }
    }
    by_person.retain(|_, asked| !asked.is_empty());
    let notices = by_person.into_iter().map(|(person, asked)| {
        let keys = asked.iter().map(|(_, seq)| cosign_key(&person, *seq));
        let keys = keys.collect();
        silent(
            moment,
            NoticeKind::CoSign(asked),
            NoticeTo::Person(person),
            keys,
        )
    });
    notices.collect()
}

/// Who is asked to sign for a lead that has not signed.
fn signers(moment: &Moment<'_>, view: &TaskView<'_>) -> Vec<PersonId> {
    let (frame, standing) = (moment.frame, moment.standing);
    let signatures = frame.signatures(standing, view, moment.today);
    let open = signatures
        .iter()
        .filter(|(_, signature)| !matches!(signature, Signature::Given(_)));
    let people = open.filter_map(|(unit, _)| asked_of(moment, unit));
    let signs = |person: &PersonId| view.signing_unit(frame, person).is_some();
    people.filter(signs).collect()
}

/// Whether the unit asked is the one that files the task: it knows.
fn asks_itself(moment: &Moment<'_>, matter: &Matter) -> bool {
    let view = moment
        .frame
        .task_view(moment.standing, &matter.task, moment.today);
    let asked = moment.frame.plan.current_unit(&matter.unit);
    view.is_some_and(|view| view.filing_unit.as_ref() == Some(asked))
}

fn asked_of(moment: &Moment<'_>, unit: &UnitId) -> Option<PersonId> {
    let filer = moment.frame.plan.filers(unit).0?.id.clone();
    moment
        .standing
        .bindings
        .contains_key(&filer)
        .then_some(filer)
}

/// The first daily slot after that moment.
fn next_slot(moment: &Moment<'_>, at: DateTime<Utc>) -> DateTime<Utc> {
    let day = calendar::date_of(at);
    let todays = moment.slot_on(day);
    if moment.frame.calendar.is_working_day(day) && at < todays {
        return todays;
    }
    moment.slot_on(moment.frame.calendar.add_working_days(day, 1))
}

/// Whether what was meant for that moment may go out: on its day, or in a later morning.
pub(super) fn is_time(moment: &Moment<'_>, at: DateTime<Utc>) -> bool {
    at <= moment.now && (calendar::date_of(at) == moment.today || moment.is_catch_up_time())
}

/// A notice without a sound and without tasks to answer.
pub(super) fn silent(
    moment: &Moment<'_>,
    kind: NoticeKind,
    to: NoticeTo,
    keys: Vec<NoticeKey>,
) -> Notice {
    Notice {
        kind,
        to,
        at: moment.now,
        not_after: moment.frame.calendar.end_of_work(moment.today),
        keys,
        items: Vec::<NoticeItem>::new(),
        meetings: Vec::new(),
        pings: Vec::new(),
        silent: true,
    }
}

fn key_of(matter: &Matter) -> NoticeKey {
    NoticeKey(format!("matter:{}", matter.seq))
}

fn cosign_key(person: &PersonId, report: u64) -> NoticeKey {
    NoticeKey(format!("cosign:{person}:{report}"))
}

/// What is left of a notice about matters.
pub(super) fn still_open(
    frame: &Frame,
    standing: &Standing,
    notice: &Notice,
    seqs: &[u64],
    now: DateTime<Utc>,
) -> Option<Notice> {
    let today = calendar::date_of(now);
    let open = |seq: &&u64| {
        let matter = standing.matters.get(seq);
        matter
            .is_some_and(|matter| matter.answer.is_none() && frame.is_open(standing, matter, today))
    };
    let kept: Vec<u64> = seqs.iter().filter(open).copied().collect();
    (!kept.is_empty()).then(|| Notice {
        keys: kept
            .iter()
            .map(|seq| NoticeKey(format!("matter:{seq}")))
            .collect(),
        kind: NoticeKind::Matters(kept),
        ..notice.clone()
    })
}

/// What is left of a notice about answers to sign: those that are still the newest and not signed.
pub(super) fn still_to_sign(
    frame: &Frame,
    standing: &Standing,
    notice: &Notice,
    asked: &[(TaskId, u64)],
    now: DateTime<Utc>,
) -> Option<Notice> {
    let today = calendar::date_of(now);
    let NoticeTo::Person(person) = &notice.to else {
        return None;
    };
    let open = |(task, seq): &&(TaskId, u64)| {
        let Some(view) = frame.task_view(standing, task, today) else {
            return false;
        };
        let newest = view.to_cosign().is_some_and(|filed| filed.seq == *seq);
        let takes = matches!(view.phase, Phase::Open | Phase::Baseline(_));
        let unit = view.signing_unit(frame, person);
        let signatures = frame.signatures(standing, &view, today);
        let mut mine = signatures.iter().filter(|(of, _)| Some(of) == unit);
        newest && takes && mine.any(|(_, signed)| !matches!(signed, Signature::Given(_)))
    };
    let kept: Vec<(TaskId, u64)> = asked.iter().filter(open).cloned().collect();
    (!kept.is_empty()).then(|| Notice {
        keys: kept
            .iter()
            .map(|(_, seq)| cosign_key(person, *seq))
            .collect(),
        kind: NoticeKind::CoSign(kept),
        ..notice.clone()
    })
}
