//! Lights (红黄绿灯): computed, never stored. The unit's own judgement is another mark beside them.

use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::frame::Frame;
use super::pace::{pace_of, pace_with};
use super::progress::Judgement;
use super::standing::Standing;
use super::view::{Initial, Phase, TaskView};
use crate::calendar;
use crate::plan::{Indicator, IndicatorKind};

/// A light; the worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Light {
    /// 🔴 滞后.
    Red,
    /// 🟡 预警.
    Yellow,
    /// 🟢 正常.
    Green,
    /// ⚪ 待定.
    Grey,
    /// ✅ 办结.
    Done,
    /// ⏸ 挂账.
    Frozen,
}

/// Why a light is what it is: the strongest reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LightReason {
    /// A narrative that rests while targets of its measure are open.
    Resting,
    /// Open terms.
    TermsOpen,
    /// No value to begin with, so no completion.
    NoStart,
    /// No answer yet.
    Unanswered,
    /// Past at go-live and not answered.
    BaselineUnanswered,
    /// Past at go-live and not reached (建账前到期).
    BaselineNotReached,
    /// Past at go-live and reached, waits for the office.
    BaselineReached,
    /// Behind the pace by so many points of percent.
    BehindPace(Decimal),
    /// Overdue by so many calendar days.
    Overdue(i64),
    /// The unit says 有困难.
    Difficult,
    /// The unit says 受阻.
    Blocked,
    /// Nothing answered for two periods.
    SilentTwoPeriods,
    /// A level, or a limit, that does not hold yet.
    NotMet,
    /// Target met.
    Met,
    /// On pace.
    OnPace,
    /// Closed.
    Closed,
    /// 挂账.
    Frozen,
}

/// The light of a task at an instant, by the rules of section 5.
pub fn light_of(
    frame: &Frame,
    standing: &Standing,
    view: &TaskView<'_>,
    at: DateTime<Utc>,
) -> (Light, LightReason) {
    match view.phase {
        Phase::Closed | Phase::Ended => (Light::Done, LightReason::Closed),
        Phase::Frozen => (Light::Frozen, LightReason::Frozen),
        Phase::Resting => (Light::Grey, LightReason::Resting),
        Phase::Open | Phase::Baseline(_) if !view.open_doubts.is_empty() => {
            (Light::Grey, LightReason::TermsOpen)
        }
        Phase::Baseline(Initial::Unknown) => (Light::Grey, LightReason::BaselineUnanswered),
        Phase::Baseline(Initial::Reached { .. }) => (Light::Green, LightReason::BaselineReached),
        Phase::Baseline(Initial::NotReached { .. }) => {
            (Light::Red, LightReason::BaselineNotReached)
        }
        Phase::Open => of_open(frame, standing, view, at),
    }
}

fn of_open(
    frame: &Frame,
    standing: &Standing,
    view: &TaskView<'_>,
    at: DateTime<Utc>,
) -> (Light, LightReason) {
    let silent = frame.silent_two_periods(standing, view, at);
    if view.is_met() {
        return if silent && keeps_being_asked(view.indicator) {
            (Light::Red, LightReason::SilentTwoPeriods)
        } else {
            (Light::Green, LightReason::Met)
        };
    }
    let today = calendar::date_of(at);
    let days_over = view.due.map_or(0, |due| (today - due).num_days());
    let behind = pace_of(frame, view, at).and_then(|pace| pace.behind());
    let judgement = view.judgement();
    let thresholds = &frame.settings.thresholds;
    if days_over > 0 {
        return (Light::Red, LightReason::Overdue(days_over));
    }
    if judgement == Some(Judgement::Blocked) {
        return (Light::Red, LightReason::Blocked);
    }
    if let Some(points) = behind.filter(|points| *points > thresholds.red) {
        return (Light::Red, LightReason::BehindPace(points));
    }
    if silent {
        return (Light::Red, LightReason::SilentTwoPeriods);
    }
    let Some(judgement) = judgement else {
        return (Light::Grey, LightReason::Unanswered);
    };
    if let Some(points) = behind.filter(|points| *points > thresholds.yellow) {
        return (Light::Yellow, LightReason::BehindPace(points));
    }
    if judgement == Judgement::Difficult {
        return (Light::Yellow, LightReason::Difficult);
    }
    without_pace(frame, view, at)
}

/// What is left when nothing is amiss by pace, date or word: a value that has none and does not hold is yellow.
fn without_pace(frame: &Frame, view: &TaskView<'_>, at: DateTime<Utc>) -> (Light, LightReason) {
    let has_number = view
        .indicator
        .is_some_and(|indicator| indicator.target.is_some());
    if !has_number || pace_of(frame, view, at).is_some() {
        return (Light::Green, LightReason::OnPace);
    }
    match view.actual() {
        Some(_) => (Light::Yellow, LightReason::NotMet),
        None => (Light::Grey, LightReason::NoStart),
    }
}

/// Whether a met target can slip back, so that silence about it counts: a level can, a count cannot.
fn keeps_being_asked(indicator: Option<&Indicator>) -> bool {
    indicator.is_some_and(|indicator| match indicator.kind {
        IndicatorKind::Level => true,
        IndicatorKind::Stock | IndicatorKind::Flow | IndicatorKind::Milestone => false,
    })
}

/// Since when the light has had its reason; none where the reason knows no date.
pub fn light_since(
    frame: &Frame,
    standing: &Standing,
    view: &TaskView<'_>,
    reason: &LightReason,
    at: DateTime<Utc>,
) -> Option<NaiveDate> {
    match reason {
        LightReason::Overdue(_) => view.due?.succ_opt(),
        LightReason::Blocked | LightReason::Difficult | LightReason::NotMet => {
            view.judged_since().map(calendar::date_of)
        }
        LightReason::BehindPace(points) => behind_since(frame, view, *points, at),
        LightReason::SilentTwoPeriods => {
            let heard_at = view.heard_at().or(standing.live_since);
            heard_at.map(calendar::date_of)
        }
        LightReason::Resting
        | LightReason::TermsOpen
        | LightReason::NoStart
        | LightReason::Unanswered
        | LightReason::BaselineUnanswered
        | LightReason::BaselineNotReached
        | LightReason::BaselineReached
        | LightReason::Met
        | LightReason::OnPace
        | LightReason::Closed
        | LightReason::Frozen => None,
    }
}

/// The first day of the unbroken run of days on which the value of the day lay behind by more than the threshold it is
/// over now. Between two answers the gap only grows, so a run that begins between them is found by halving.
fn behind_since(
    frame: &Frame,
    view: &TaskView<'_>,
    points: Decimal,
    at: DateTime<Utc>,
) -> Option<NaiveDate> {
    let thresholds = &frame.settings.thresholds;
    let over = if points > thresholds.red {
        thresholds.red
    } else {
        thresholds.yellow
    };
    let behind = |value: Decimal, day: NaiveDate| {
        let pace = pace_with(frame, view, value, day);
        pace.and_then(|pace| pace.behind())
            .is_some_and(|gap| gap > over)
    };
    let mut until = calendar::date_of(at);
    let mut since = None;
    for (from, value) in view.numbers_newest_first() {
        let from = from.min(until);
        if !behind(value, until) {
            break;
        }
        let first = first_day(from, until, |day| behind(value, day));
        since = Some(first);
        if first > from {
            break;
        }
        until = from;
    }
    since
}

/// The first day in `from..=until` for which `holds`, which holds on `until` and from some day on.
fn first_day(from: NaiveDate, until: NaiveDate, holds: impl Fn(NaiveDate) -> bool) -> NaiveDate {
    let (mut low, mut high) = (0, u64::try_from((until - from).num_days()).unwrap_or(0));
    let day = |offset| from.checked_add_days(Days::new(offset)).unwrap_or(until);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(day(middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    day(low)
}
