//! Whether a queued notice is still true and allowed just before it leaves.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::course::is_askable;
use super::receipts;
use super::{Notice, NoticeItem, NoticeKind, NoticeTo, Why, may_send};
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
    let allowed = may_send(standing, now) && frame.calendar.in_working_hours(now);
    if !allowed || notice.not_after < now {
        return None;
    }
    match &notice.kind {
        NoticeKind::Digest { .. } | NoticeKind::WasDown { .. } => Some(notice.clone()),
        NoticeKind::Card
        | NoticeKind::GroupPost
        | NoticeKind::BaselineMissing
        | NoticeKind::Unaskable
        | NoticeKind::Unreceived => smaller(frame, standing, notice, now),
    }
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
    let (kept, gone): (Vec<_>, Vec<_>) = notice.items.iter().cloned().partition(stays);
    let urgent = |item: &NoticeItem| item.why.is_deadline_day();
    let waits = match &notice.to {
        NoticeTo::Person(person) => is_put_off(standing, person, now) && !kept.iter().any(urgent),
        NoticeTo::Group | NoticeTo::Office => false,
    };
    if kept.is_empty() || waits {
        return None;
    }
    let gone: HashSet<&str> = gone.iter().map(|item| item.task.as_str()).collect();
    let mut smaller = notice.clone();
    smaller
        .keys
        .retain(|key| !key.task().is_some_and(|task| gone.contains(task)));
    if !kept.iter().any(|item| item.why.sounds()) {
        smaller.silent = true;
        smaller.pings.clear();
    }
    smaller.items = kept;
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
        NoticeTo::Person(person) => item.why == Why::Unfinished || filer == Some(person),
        NoticeTo::Group => filer.is_some_and(|filer| !is_put_off(standing, filer, now)),
        NoticeTo::Office => true,
    };
    let same = match &item.why {
        Why::Rung { due, .. } | Why::Overdue { due, .. } => {
            view.due == Some(*due) && !view.said_done()
        }
        Why::Baseline(_) => view.phase == Phase::Baseline(Initial::Unknown),
        Why::Opens(_) | Why::Ping(_) | Why::LastPing(_) | Why::NextStep(_) | Why::Snoozed => {
            !view.said_done()
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
