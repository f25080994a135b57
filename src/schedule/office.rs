//! Lists to the office: tasks nobody can be asked for, baselines still missing, outages.

use chrono::{DateTime, TimeDelta, Utc};

use super::ask;
use super::course;
use super::key::Recipient;
use super::moment::{LOOK_BACK, LOST_AFTER, Moment};
use super::receipts;
use super::{Notice, NoticeItem, NoticeKey, NoticeKind, NoticeTo, Why};
use crate::calendar;
use crate::ledger::{BASELINE_PERIODS, Initial, Phase, ReportingPeriod, TaskView};

/// Keys of this time are known for certain: what was listed within it is not listed again.
const KEYS_KNOWN: TimeDelta = TimeDelta::days(60);

/// A task for a list, with the moment it was due and its keys.
struct Line {
    at: DateTime<Utc>,
    item: NoticeItem,
    keys: Vec<NoticeKey>,
}

/// Every list due now.
pub(super) fn lists(moment: &Moment<'_>, views: &[TaskView<'_>]) -> Vec<Notice> {
    let unaskable = views.iter().filter_map(|view| match view.away {
        None => unaskable(moment, view),
        Some(_) => nobody_stands_in(moment, view),
    });
    let missing = views
        .iter()
        .filter_map(|view| baseline_missing(moment, view));
    let mut notices = Vec::new();
    let unreceived = views.iter().filter_map(|view| {
        let (at, item, key) = receipts::unreceived(moment, view)?;
        Some(Line {
            at,
            item,
            keys: vec![key],
        })
    });
    notices.extend(list(moment, NoticeKind::Unreceived, unreceived.collect()));
    notices.extend(list(moment, NoticeKind::Unaskable, unaskable.collect()));
    notices.extend(list(moment, NoticeKind::BaselineMissing, missing.collect()));
    notices.extend(outages(moment));
    notices
}

/// A task without a person to ask, once a period, when the period would ask it first.
fn unaskable(moment: &Moment<'_>, view: &TaskView<'_>) -> Option<Line> {
    if course::filer(moment, view).is_some() {
        return None;
    }
    let asks = ask::asks(moment, view, Recipient::Office);
    let timetable = moment.timetable(view.task.rhythm, moment.today);
    let period = &timetable.period;
    let key = NoticeKey::of_task(Recipient::Office, &view.task.id, &period.id);
    let of_period = |ask: &&ask::Ask| {
        period.holds(ask.day()) && ask.at <= moment.now && ask.is_due() && !moment.is_given(&key)
    };
    let at = asks.iter().find(of_period)?.at;
    let why = match view.phase {
        Phase::Baseline(_) => Why::Baseline(period.id.clone()),
        Phase::Open | Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => {
            Why::Opens(period.id.clone())
        }
    };
    Some(line(view, why, at, key))
}

/// A task whose filer is away and nobody stands in: every ask goes to the office, so that no rung is lost.
fn nobody_stands_in(moment: &Moment<'_>, view: &TaskView<'_>) -> Option<Line> {
    if course::filer(moment, view).is_some() {
        return None;
    }
    let away = view.away.as_ref()?;
    let asks = ask::asks(moment, view, Recipient::Office);
    let mut missed = course::pending(moment, &asks, Recipient::Office, &view.task.id);
    missed.retain(|ask| away.from <= ask.day());
    let at = missed.iter().map(|ask| ask.at).max()?;
    let reasons = missed.iter().flat_map(|ask| ask.live_reasons());
    let why = reasons.min_by_key(|why| why.rank())?.clone();
    let parts = missed.iter().flat_map(|ask| &ask.parts);
    let key = |occasion: &str| NoticeKey::of_task(Recipient::Office, &view.task.id, occasion);
    let keys = parts.map(|part| key(&part.occasion)).collect();
    let item = NoticeItem {
        task: view.task.id.clone(),
        unit: view.filing_unit.clone(),
        why,
    };
    Some(Line { at, item, keys })
}

/// A baseline not given after the second asking, once.
fn baseline_missing(moment: &Moment<'_>, view: &TaskView<'_>) -> Option<Line> {
    if view.phase != Phase::Baseline(Initial::Unknown) || !view.reports.is_empty() {
        return None;
    }
    let key = NoticeKey::of_task(Recipient::Office, &view.task.id, "baseline-missing");
    if moment.is_given(&key) {
        return None;
    }
    let period = asked_often_enough(moment, view)?;
    let why = Why::Baseline(period.id);
    Some(line(view, why, period.cut_off_at, key))
}

/// The closed period in which a baseline was asked for the last time. The program may have been down when it closed, even
/// until the next one closed too.
fn asked_often_enough(moment: &Moment<'_>, view: &TaskView<'_>) -> Option<ReportingPeriod> {
    let frame = moment.frame;
    let running = frame.period(view, moment.today);
    let before = |period: &ReportingPeriod| Some(frame.period_before(view, period));
    let closed = std::iter::successors(Some(running), before)
        .skip_while(|period| moment.now <= period.cut_off_at)
        .take_while(|period| moment.now - period.cut_off_at < KEYS_KNOWN);
    let asked =
        |period: &ReportingPeriod| frame.periods_asked(moment.standing, view, period, moment.now);
    let often = closed.take_while(|period| asked(period) >= BASELINE_PERIODS);
    often
        .last()
        .filter(|period| asked(period) == BASELINE_PERIODS)
}

fn line(view: &TaskView<'_>, why: Why, at: DateTime<Utc>, key: NoticeKey) -> Line {
    Line {
        at,
        item: NoticeItem {
            task: view.task.id.clone(),
            unit: view.filing_unit.clone(),
            why,
        },
        keys: vec![key],
    }
}

fn list(moment: &Moment<'_>, kind: NoticeKind, lines: Vec<Line>) -> Option<Notice> {
    let latest = lines.iter().map(|line| line.at).max()?;
    let at = moment.frame.calendar.next_working_instant(latest);
    if calendar::date_of(at) != moment.today && !moment.is_catch_up_time() {
        return None;
    }
    let keys = lines.iter().flat_map(|line| line.keys.clone()).collect();
    let items = lines.into_iter().map(|line| line.item).collect();
    Some(to_office(moment, kind, at, keys, items))
}

/// Outages that lost messages, one line each.
fn outages(moment: &Moment<'_>) -> Vec<Notice> {
    let downtimes = moment.standing.downtimes.iter();
    let lost = downtimes.filter(|(seq, from, to)| {
        // The office itself decided on the gap of a restored database.
        let decided = moment.standing.restorations.contains_key(seq);
        !decided && *to - *from > LOST_AFTER && *to <= moment.now && moment.now - *to < LOOK_BACK
    });
    lost.filter_map(|&(seq, from_at, to_at)| {
        let key = NoticeKey::outage_to_office(seq);
        let kind = NoticeKind::WasDown { from_at, to_at };
        let at = moment.frame.calendar.next_working_instant(to_at);
        let waits = calendar::date_of(at) != moment.today && !moment.is_catch_up_time();
        let new = !waits && at <= moment.now && !moment.is_given(&key);
        new.then(|| to_office(moment, kind, at, vec![key], Vec::new()))
    })
    .collect()
}

fn to_office(
    moment: &Moment<'_>,
    kind: NoticeKind,
    at: DateTime<Utc>,
    keys: Vec<NoticeKey>,
    items: Vec<NoticeItem>,
) -> Notice {
    Notice {
        kind,
        to: NoticeTo::Office,
        at,
        not_after: moment.frame.calendar.end_of_work(moment.today),
        keys,
        items,
        meetings: Vec::new(),
        pings: Vec::new(),
        silent: true,
    }
}
