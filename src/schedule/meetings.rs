//! Meetings (会议): those called are reminded on the working day before, in their card of that slot; the office is asked for
//! the decisions afterwards.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::matters::{is_time, silent};
use super::moment::{LOOK_BACK, Moment};
use super::{MeetingWord, Notice, NoticeKey, NoticeKind, NoticeTo};
use crate::ledger::{CalledMeeting, Frame, Guest, Standing, guests};
use crate::plan::PersonId;

/// A word on a meeting for a person's card.
pub(super) struct Reminder {
    pub word: MeetingWord,
    /// When it was meant to be given.
    pub at: DateTime<Utc>,
    pub key: NoticeKey,
}

/// Every reminder due now, by who gets it. Late ones are given too, as long as the meeting has not begun.
pub(super) fn reminders<'a>(moment: &Moment<'a>) -> BTreeMap<&'a PersonId, Vec<Reminder>> {
    let mut reminders: BTreeMap<&PersonId, Vec<Reminder>> = BTreeMap::new();
    for meeting in &moment.standing.meetings {
        if !meeting.is_ahead(&moment.frame.calendar, moment.now) {
            continue;
        }
        let at = meeting
            .meeting
            .time()
            .reminded_at(moment.frame, meeting.at)
            .filter(|at| *at <= moment.now);
        let Some(at) = at else {
            continue;
        };
        for guest in guests_of(moment.frame, moment.standing, meeting) {
            let bound = moment.standing.bindings.get_key_value(&guest.person);
            let key = key(meeting.seq, &guest);
            if let Some((person, _)) = bound.filter(|_| !moment.is_given(&key)) {
                let word = MeetingWord {
                    meeting: meeting.seq,
                    instead_of: guest.instead_of,
                };
                let own = reminders.entry(person).or_default();
                own.push(Reminder { word, at, key });
            }
        }
    }
    reminders
}

/// Meetings that are over and whose decisions are not taken: to the office, each once.
pub(super) fn held(moment: &Moment<'_>) -> Option<Notice> {
    let calendar = &moment.frame.calendar;
    let meetings = moment.standing.meetings.iter();
    let due = meetings.filter(|meeting| {
        let at = meeting.meeting.time().decisions_at(calendar);
        let waits = meeting.waits_for_decisions(calendar, moment.now);
        let new = !moment.is_given(&held_key(meeting.seq)) && moment.now - at < LOOK_BACK;
        waits && new && is_time(moment, at)
    });
    let seqs: Vec<u64> = due.map(|meeting| meeting.seq).collect();
    let keys = seqs.iter().map(|seq| held_key(*seq)).collect();
    (!seqs.is_empty()).then(|| {
        let kind = NoticeKind::MeetingsHeld(seqs);
        silent(moment, kind, NoticeTo::Office, keys)
    })
}

/// Moments ahead at which something is due of a meeting.
pub(super) fn moments<'a>(
    frame: &'a Frame,
    standing: &'a Standing,
    now: DateTime<Utc>,
) -> impl Iterator<Item = DateTime<Utc>> + 'a {
    let open = standing
        .meetings
        .iter()
        .filter(|meeting| meeting.ended.is_none());
    open.flat_map(move |meeting| {
        let time = meeting.meeting.time();
        let told_at = time.reminded_at(frame, meeting.at);
        told_at
            .into_iter()
            .chain([time.decisions_at(&frame.calendar)])
    })
    .filter(move |at| *at > now)
}

/// What of a card's words on meetings is still true, and the keys of the rest.
pub(super) fn still_ahead(
    frame: &Frame,
    standing: &Standing,
    notice: &Notice,
    now: DateTime<Utc>,
) -> (Vec<MeetingWord>, Vec<NoticeKey>) {
    let NoticeTo::Person(person) = &notice.to else {
        return (Vec::new(), Vec::new());
    };
    let as_guest = |word: &MeetingWord| Guest {
        person: person.clone(),
        instead_of: word.instead_of.clone(),
    };
    let stands = |word: &&MeetingWord| {
        let meeting = standing.meeting(word.meeting);
        meeting.is_some_and(|meeting| {
            meeting.is_ahead(&frame.calendar, now)
                && guests_of(frame, standing, meeting).contains(&as_guest(word))
        })
    };
    let (kept, gone): (Vec<_>, Vec<_>) = notice.meetings.iter().partition(stands);
    let gone = gone.into_iter();
    let keys = gone.map(|word| key(word.meeting, &as_guest(word)));
    (kept.into_iter().cloned().collect(), keys.collect())
}

/// What of a list of meetings still waits for its decisions.
pub(super) fn still_held(standing: &Standing, notice: &Notice, seqs: &[u64]) -> Option<Notice> {
    let waits = |seq: &u64| {
        let meeting = standing.meeting(*seq);
        meeting.is_some_and(|meeting| meeting.ended.is_none())
    };
    let kept: Vec<u64> = seqs.iter().copied().filter(waits).collect();
    (!kept.is_empty()).then(|| Notice {
        keys: kept.iter().map(|seq| held_key(*seq)).collect(),
        kind: NoticeKind::MeetingsHeld(kept),
        ..notice.clone()
    })
}

fn guests_of(frame: &Frame, standing: &Standing, meeting: &CalledMeeting) -> Vec<Guest> {
    let (on, called) = (meeting.meeting.on, &meeting.meeting.called);
    guests(&frame.plan, &standing.people, on, called)
}

fn key(meeting: u64, guest: &Guest) -> NoticeKey {
    let called = guest.instead_of.as_ref().unwrap_or(&guest.person);
    NoticeKey::meeting(meeting, called, &guest.person)
}

fn held_key(meeting: u64) -> NoticeKey {
    NoticeKey(format!("meeting-held:{meeting}"))
}
