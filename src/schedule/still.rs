//! Whether a queued notice is still true and allowed just before it leaves.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::course::is_askable;
use super::receipts;
use super::{Notice, NoticeItem, NoticeKind, NoticeTo, Why, may_send};
use super::{matters, meetings, requests, slips};
use crate::calendar;
use crate::ledger::{Frame, Initial, Phase, Standing, TaskView};
use crate::plan::PersonId;

/// Whether a queued notice is still true and allowed at `now`: itself, a smaller one, or nothing.
pub fn still_due(
    frame: &Frame,
    standing: &Standing,
    notice: &Notice,
    now: DateTime<Utc>,
) -> Option<Notice> {
    if !may_leave(frame, standing, notice, now) {
        return None;
    }
    match &notice.kind {
        NoticeKind::Matters(seqs) => matters::still_open(frame, standing, notice, seqs, now),
        NoticeKind::CoSign(asked) => matters::still_to_sign(frame, standing, notice, asked, now),
        NoticeKind::SlipDrafts(seqs) => slips::still_drafts(standing, notice, seqs),
        NoticeKind::Slip(seq) => {
            slips::still_waited_for(frame, standing, &[*seq], now).then(|| notice.clone())
        }
        NoticeKind::SlipsUnanswered(seqs) => {
            slips::still_waited_for(frame, standing, seqs, now).then(|| notice.clone())
        }
        NoticeKind::RequestsWait { .. } => requests::still(standing, notice),
        NoticeKind::MeetingsHeld(seqs) => meetings::still_held(standing, notice, seqs),
        NoticeKind::Digest { .. }
        | NoticeKind::WasDown { .. }
        | NoticeKind::SlipTold(_)
        | NoticeKind::OfficeReport { .. }
        | NoticeKind::FinishOffer { .. } => Some(notice.clone()),
        NoticeKind::Card
        | NoticeKind::GroupPost
        | NoticeKind::BaselineMissing
        | NoticeKind::Unaskable
        | NoticeKind::Unreceived => smaller(frame, standing, notice, now),
    }
}

/// Whether a queued notice is allowed to leave at `now`, true or not: sending goes on, in working hours, before its latest moment.
pub fn may_leave(frame: &Frame, standing: &Standing, notice: &Notice, now: DateTime<Utc>) -> bool {
    let in_time = frame.calendar.in_working_hours(now) && now <= notice.not_after;
    may_send(standing, now) && in_time
}

fn smaller(
    frame: &Frame,
    standing: &Standing,
    notice: &Notice,
    now: DateTime<Utc>,
) -> Option<Notice> {
    let today = calendar::date_of(now);
    let stays = |item: &NoticeItem| {
        let view = frame.task_view(standing, &item.task, today);
        view.is_some_and(|view| is_true(frame, standing, notice, item, &view, now))
    };
    let (mut kept, mut gone): (Vec<_>, Vec<_>) = notice.items.iter().cloned().partition(stays);
    let (words, gone_words) = meetings::still_ahead(frame, standing, notice, now);
    let urgent = |item: &NoticeItem| item.why.is_deadline_day();
    let waits = match &notice.to {
        NoticeTo::Person(person) => is_put_off(standing, person, now) && !kept.iter().any(urgent),
        NoticeTo::Group | NoticeTo::Office => false,
    };
    if waits {
        gone.append(&mut kept);
    }
    if kept.is_empty() && words.is_empty() {
        return None;
    }
    let gone: HashSet<&str> = gone.iter().map(|item| item.task.as_str()).collect();
    let mut smaller = notice.clone();
    smaller
        .keys
        .retain(|key| !key.task().is_some_and(|task| gone.contains(task)));
    smaller.keys.retain(|key| !gone_words.contains(key));
    if words.is_empty() && !kept.iter().any(|item| item.why.sounds()) {
        smaller.silent = true;
        smaller.pings.clear();
    }
    smaller.items = kept;
    smaller.meetings = words;
    Some(smaller)
}

fn is_true(
    frame: &Frame,
    standing: &Standing,
    notice: &Notice,
    item: &NoticeItem,
    view: &TaskView<'_>,
    now: DateTime<Utc>,
) -> bool {
    if item.why == Why::Unreceived {
        let assigned = standing.amendments.item(&item.task);
        return assigned.is_some_and(|assigned| receipts::waits(frame, assigned, view));
    }
    if !is_askable(view) || view.answered_after(notice.at) {
        return false;
    }
    let filer = view.filer(frame);
    let mine = match &notice.to {
        NoticeTo::Person(person) => match item.why {
            Why::Unfinished => !is_away(standing, person, now),
            _ => filer == Some(person),
        },
        NoticeTo::Group => filer.is_some_and(|filer| !is_put_off(standing, filer, now)),
        NoticeTo::Office => true,
    };
    let same = match &item.why {
        Why::Rung { due, .. } | Why::Overdue { due, .. } => {
            view.due == Some(*due) && !view.is_quiet()
        }
        Why::Baseline(_) => view.phase == Phase::Baseline(Initial::Unknown),
        Why::Opens(_) | Why::Ping(_) | Why::LastPing(_) | Why::NextStep(_) | Why::Snoozed => {
            !view.is_quiet()
        }
        Why::FollowUp(_) | Why::Unfinished | Why::Unreceived => true,
    };
    mine && same
}

fn is_put_off(standing: &Standing, person: &PersonId, now: DateTime<Utc>) -> bool {
    standing
        .snoozed
        .get(person)
        .is_some_and(|until_at| now < *until_at)
}

fn is_away(standing: &Standing, person: &PersonId, now: DateTime<Utc>) -> bool {
    let today = calendar::date_of(now);
    standing.people.away_on(person, today).is_some()
}
