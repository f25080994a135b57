//! The asks of one task: rhythm and ladder merged, and what an answer stops.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::Why;
use super::key::Recipient;
use super::ladder;
use super::moment::{LOOK_BACK, Moment};
use super::{NoticeKey, rhythm::Timetable};
use crate::calendar;
use crate::ledger::{BASELINE_PERIODS, Initial, Phase, TaskView};
use crate::plan::TaskId;

/// A rung this many working days or fewer from a rhythm ask is the same notice.
const SAME_NOTICE: i64 = 5;

/// Calendar days ahead in which rungs are looked for: more than [`SAME_NOTICE`] working days over any holiday.
const LOOK_AHEAD: TimeDelta = TimeDelta::days(21);

/// An overdue task answered with a dated next step is asked again at the latest after so many working days.
const NEXT_STEP_LIMIT: i64 = 10;

/// One reason to ask, on its day.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub why: Why,
    /// The occasion in its key.
    pub occasion: String,
    /// Whether an answer stopped it.
    pub silenced: bool,
}

/// A day on which a task is asked, with every reason that meets there.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub at: DateTime<Utc>,
    pub parts: Vec<Part>,
}

impl Part {
    pub fn new(why: Why, occasion: String, silenced: bool) -> Self {
        Self {
            why,
            occasion,
            silenced,
        }
    }
}

impl Ask {
    pub fn new(at: DateTime<Utc>, part: Part) -> Self {
        Self {
            at,
            parts: vec![part],
        }
    }

    pub fn day(&self) -> NaiveDate {
        calendar::date_of(self.at)
    }

    pub fn is_due(&self) -> bool {
        self.parts.iter().any(|part| !part.silenced)
    }

    pub fn sounds(&self) -> bool {
        self.live_reasons().any(Why::sounds)
    }

    pub fn is_deadline_day(&self) -> bool {
        self.live_reasons().any(Why::is_deadline_day)
    }

    /// The reasons no answer stopped.
    pub fn live_reasons(&self) -> impl Iterator<Item = &Why> {
        let live = self.parts.iter().filter(|part| !part.silenced);
        live.map(|part| &part.why)
    }

    /// Whether it was given: any of its occasions, but a deadline's day only for itself.
    pub fn is_given(&self, moment: &Moment<'_>, to: Recipient<'_>, task: &TaskId) -> bool {
        let given = |part: &Part| moment.is_given(&NoticeKey::of_task(to, task, &part.occasion));
        match self.parts.iter().find(|part| part.why.is_deadline_day()) {
            Some(day_itself) => given(day_itself),
            None => self.parts.iter().any(given),
        }
    }
}

impl Why {
    /// Whether it makes a sound of its own: the opening of a period, a baseline and an unfinished talk do not.
    pub(super) fn sounds(&self) -> bool {
        match self {
            Self::Rung { .. }
            | Self::Overdue { .. }
            | Self::Ping(_)
            | Self::LastPing(_)
            | Self::FollowUp(_)
            | Self::NextStep(_)
            | Self::Snoozed => true,
            Self::Opens(_) | Self::Baseline(_) | Self::Unfinished | Self::Unreceived => false,
        }
    }

    pub(super) fn is_deadline_day(&self) -> bool {
        matches!(self, Self::Rung { days: 0, .. })
    }

    /// Strongest first; among rungs the nearest.
    pub(super) fn rank(&self) -> (u8, u16) {
        match self {
            Self::Rung { days: 0, .. } => (0, 0),
            Self::Overdue { times, .. } => (1, u16::MAX - times),
            Self::FollowUp(_) => (2, 0),
            Self::NextStep(_) => (3, 0),
            Self::Rung { days, .. } => (4, *days),
            Self::LastPing(_) => (5, 0),
            Self::Ping(_) => (6, 0),
            Self::Baseline(_) => (7, 0),
            Self::Opens(_) => (8, 0),
            Self::Snoozed => (9, 0),
            Self::Unfinished => (10, 0),
            Self::Unreceived => (11, 0),
        }
    }
}

/// Every ask of a task in this period and from [`LOOK_BACK`] before now to [`LOOK_AHEAD`] after it, ascending; only those
/// since it is asked as it is.
pub(super) fn asks(moment: &Moment<'_>, view: &TaskView<'_>, to: Recipient<'_>) -> Vec<Ask> {
    let Some(since) = asked_since(moment, view) else {
        return Vec::new();
    };
    if view.is_quiet() {
        return Vec::new();
    }
    let timetable = moment.timetable(view.task.rhythm, moment.today);
    let ends = moment.frame.plan.task_force.ends;
    let mut rhythm = timetable.asks(view, ends);
    rhythm.retain(|ask| ask.at >= since && moment.now <= timetable.period.cut_off_at);
    match view.phase {
        Phase::Open => {
            let mut ladder = rungs(moment, view);
            ladder.retain(|ask| ask.at >= since);
            let given = |ask: &Ask| ask.is_given(moment, to, &view.task.id);
            let mut asks = merged(moment, rhythm, ladder, timetable.period.cut_off_at, given);
            asks.extend(next_step(moment, view).filter(|ask| ask.at >= since));
            joined_by_slot(asks)
        }
        Phase::Baseline(Initial::Unknown) => baseline(moment, view, rhythm, &timetable),
        Phase::Baseline(Initial::Reached { .. } | Initial::NotReached { .. })
        | Phase::Resting
        | Phase::Closed
        | Phase::Frozen
        | Phase::Ended => Vec::new(),
    }
}

/// A task that starts late gets only what is still ahead: of go-live, of a moved or settled date, of a new plan.
fn asked_since(moment: &Moment<'_>, view: &TaskView<'_>) -> Option<DateTime<Utc>> {
    let standing = moment.standing;
    if moment.is_anew {
        return view.asked_since;
    }
    let settled = standing.terms_in_force(&view.task.id);
    let settled_at = settled.map(|settled| settled.at).max();
    let since = view.asked_since?;
    Some(
        since
            .max(moment.adopted_at().unwrap_or(since))
            .max(settled_at.unwrap_or(since)),
    )
}

fn rungs(moment: &Moment<'_>, view: &TaskView<'_>) -> Vec<Ask> {
    let Some(due) = view.due else {
        return Vec::new();
    };
    let from = calendar::date_of(moment.now - LOOK_BACK);
    let to = calendar::date_of(moment.now + LOOK_AHEAD);
    let promised = next_step_day(moment, view);
    let rungs = ladder::rungs(moment, due, from, to).into_iter();
    rungs
        .map(|rung| {
            let day = calendar::date_of(rung.at);
            let after = rung.after.is_some_and(|after| view.answered_after(after));
            let silenced = match promised {
                Some(promised) if due < day => after || is_near_promise(moment, promised, day),
                Some(_) | None => {
                    after || moment.timetable(view.task.rhythm, day).is_answered(view)
                }
            };
            let parts = rung.occasions.into_iter();
            Ask {
                at: rung.at,
                parts: parts
                    .map(|occasion| Part::new(rung.why.clone(), occasion, silenced))
                    .collect(),
            }
        })
        .collect()
}

/// A dated next step stands in for the overdue rungs before it, and for those too soon after it.
fn is_near_promise(moment: &Moment<'_>, promised: NaiveDate, day: NaiveDate) -> bool {
    let every = i64::from(moment.frame.settings.ladder.overdue_every);
    let calendar = &moment.frame.calendar;
    day != promised && calendar.working_days_between(promised, day) < every
}

/// The day on which an overdue task answered with a dated next step is asked next.
fn next_step_day(moment: &Moment<'_>, view: &TaskView<'_>) -> Option<NaiveDate> {
    let report = view.last_report()?;
    let answered = calendar::date_of(report.at);
    if view.due? >= answered {
        return None;
    }
    let calendar = &moment.frame.calendar;
    let promised = calendar.on_or_after(report.report.next_date?.max(answered.succ_opt()?));
    Some(promised.min(calendar.add_working_days(answered, NEXT_STEP_LIMIT)))
}

fn next_step(moment: &Moment<'_>, view: &TaskView<'_>) -> Option<Ask> {
    let seq = view.last_report()?.seq;
    let day = next_step_day(moment, view)?;
    let part = Part::new(Why::NextStep(seq), format!("next/{seq}"), false);
    Some(Ask::new(moment.slot_on(day), part))
}

/// A baseline rides silently on the asks of its first period and on the first ask of its second.
fn baseline(
    moment: &Moment<'_>,
    view: &TaskView<'_>,
    rhythm: Vec<Ask>,
    timetable: &Timetable,
) -> Vec<Ask> {
    let period = &timetable.period;
    let asked = moment
        .frame
        .periods_asked(moment.standing, view, period, moment.now);
    let most = match asked {
        0 | 1 => usize::MAX,
        BASELINE_PERIODS => 1,
        _ => 0,
    };
    let mut asks: Vec<Ask> = rhythm.into_iter().take(most).collect();
    for part in asks.iter_mut().flat_map(|ask| &mut ask.parts) {
        part.why = Why::Baseline(period.id.clone());
    }
    asks
}

/// Where a rhythm ask and a rung are the same notice.
enum Together {
    /// The rung's notice serves the ask too.
    AtRung(usize),
    /// The ask's notice serves the rung too, which would come after the cut-off.
    AtAsk(usize),
    Apart,
}

fn merged(
    moment: &Moment<'_>,
    rhythm: Vec<Ask>,
    rungs: Vec<Ask>,
    closes_at: DateTime<Utc>,
    given: impl Fn(&Ask) -> bool,
) -> Vec<Ask> {
    // What the rungs are on their own decides; parts that join them on the way do not.
    let mut rungs: Vec<(Ask, Ask)> = rungs.into_iter().map(|rung| (rung.clone(), rung)).collect();
    let mut apart = Vec::new();
    for mut ask in rhythm {
        let alone: Vec<&Ask> = rungs.iter().map(|(rung, _)| rung).collect();
        match together(moment, &ask, &alone, closes_at, &given) {
            Together::AtRung(at) => rungs[at].1.parts.append(&mut ask.parts),
            Together::AtAsk(at) => {
                ask.parts.append(&mut rungs.remove(at).1.parts);
                apart.push(ask);
            }
            Together::Apart => apart.push(ask),
        }
    }
    apart.extend(rungs.into_iter().map(|(_, rung)| rung));
    apart
}

fn together(
    moment: &Moment<'_>,
    ask: &Ask,
    rungs: &[&Ask],
    closes_at: DateTime<Utc>,
    given: impl Fn(&Ask) -> bool,
) -> Together {
    let calendar = &moment.frame.calendar;
    let away = |rung: &Ask| calendar.working_days_between(ask.day(), rung.day());
    let before =
        |rung: &&Ask| (-SAME_NOTICE..=0).contains(&away(rung)) && (rung.is_due() || given(rung));
    if let Some(at) = rungs.iter().rposition(before) {
        return Together::AtRung(at);
    }
    if !ask.sounds() || given(ask) {
        return Together::Apart;
    }
    let soon =
        |rung: &&Ask| (1..=SAME_NOTICE).contains(&away(rung)) && rung.is_due() && !given(rung);
    let in_time = |rung: &&Ask| soon(rung) && rung.at <= closes_at;
    if let Some(at) = rungs.iter().position(in_time) {
        return Together::AtRung(at);
    }
    let late = |rung: &&Ask| soon(rung) && !rung.is_deadline_day();
    match rungs.iter().position(late) {
        Some(at) => Together::AtAsk(at),
        None => Together::Apart,
    }
}

fn joined_by_slot(mut asks: Vec<Ask>) -> Vec<Ask> {
    asks.sort_by_key(|ask| ask.at);
    let mut joined: Vec<Ask> = Vec::with_capacity(asks.len());
    for mut ask in asks {
        match joined.last_mut() {
            Some(same) if same.at == ask.at => same.parts.append(&mut ask.parts),
            Some(_) | None => joined.push(ask),
        }
    }
    joined
}

/// The Sunday of the week that holds `day`.
pub(super) fn end_of_week(day: NaiveDate) -> NaiveDate {
    let monday = calendar::monday_of(day);
    monday
        .checked_add_days(chrono::Days::new(6))
        .unwrap_or(monday)
}
