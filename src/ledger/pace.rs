//! Pace (序时进度): how far a stock or flow target should be by a day, against how far it is. Decimals only; what would
//! not fit a decimal has no pace.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::frame::Frame;
use super::view::{Phase, TaskView};
use crate::calendar;
use crate::plan::{Indicator, IndicatorKind, PaceCurve, Recurrence};

/// A date on a curve, and the share of the way expected by then.
type Point = (NaiveDate, Decimal);

/// Completion against pace, both in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// (actual − start) ÷ (target − start), in percent.
    pub completion: Decimal,
    /// Expected by the curve today, in percent; none when the task has no deadline, or its year has not begun.
    pub expected: Option<Decimal>,
    /// Expected value in base units.
    pub expected_value: Option<Decimal>,
}

impl Pace {
    /// Points of percent it lies behind; negative when ahead.
    pub fn behind(&self) -> Option<Decimal> {
        self.expected?.checked_sub(self.completion)
    }
}

/// Completion and pace of a stock or flow target with a start and a value; none otherwise, and none where the way has no
/// direction: a start that meets the target already, or a limit (≤) that the count may only use up. What was past at
/// go-live has none either: nobody knows where it started.
pub fn pace_of(frame: &Frame, view: &TaskView<'_>, at: DateTime<Utc>) -> Option<Pace> {
    if let Phase::Baseline(_) = view.phase {
        return None;
    }
    pace_with(frame, view, view.actual()?, calendar::date_of(at))
}

/// The values expected on these days (序时进度), in base units; days without one are left out.
pub fn pace_curve(
    frame: &Frame,
    view: &TaskView<'_>,
    days: impl IntoIterator<Item = NaiveDate>,
) -> Vec<(NaiveDate, Decimal)> {
    let start = match view.phase {
        Phase::Baseline(_) => None,
        Phase::Resting | Phase::Open | Phase::Closed | Phase::Frozen | Phase::Ended => view.start,
    };
    let Some((_, start)) = start else {
        return Vec::new();
    };
    let expected = |day| Some((day, pace_with(frame, view, start, day)?.expected_value?));
    days.into_iter().filter_map(expected).collect()
}

/// The pace a value would have on a day.
pub(super) fn pace_with(
    frame: &Frame,
    view: &TaskView<'_>,
    actual: Decimal,
    day: NaiveDate,
) -> Option<Pace> {
    let indicator = view.indicator?;
    match indicator.kind {
        IndicatorKind::Stock | IndicatorKind::Flow => {}
        IndicatorKind::Level | IndicatorKind::Milestone => return None,
    }
    let (from, start) = view.start?;
    let target = indicator.target?;
    if crate::plan::holds(indicator.comparator, start, target) {
        return None;
    }
    let way = target.checked_sub(start)?;
    let gone = actual.checked_sub(start)?;
    let completion = percent(gone.checked_div(way)?)?;
    let share = share(frame, view, indicator, from, day);
    let expected_value = share.and_then(|share| start.checked_add(way.checked_mul(share)?));
    Some(Pace {
        completion,
        expected: share.and_then(percent),
        expected_value,
    })
}

fn percent(share: Decimal) -> Option<Decimal> {
    share.checked_mul(Decimal::ONE_HUNDRED)
}

/// The share of the way from the start that is expected by that day. A flow that is due in a later year has none yet.
fn share(
    frame: &Frame,
    view: &TaskView<'_>,
    indicator: &Indicator,
    from: NaiveDate,
    day: NaiveDate,
) -> Option<Decimal> {
    let due = view.due?;
    if day >= due {
        return Some(Decimal::ONE);
    }
    if indicator.kind == IndicatorKind::Flow && day.year() < due.year() {
        return None;
    }
    let moved = view.due != view.first_due;
    let points = match &indicator.pace {
        PaceCurve::Points(points) if !moved => of_year(points, indicator, due),
        // A moved deadline makes the rest of the way even.
        PaceCurve::Points(_) | PaceCurve::Linear => Vec::new(),
    };
    if points.is_empty() {
        return Some(between(
            frame,
            (from, Decimal::ZERO),
            (due, Decimal::ONE),
            day,
        ));
    }
    let origin = match indicator.kind {
        IndicatorKind::Flow => from,
        IndicatorKind::Stock | IndicatorKind::Level | IndicatorKind::Milestone => {
            frame.plan.task_force.starts
        }
    };
    let curve = curve(origin, points, due);
    // The curve is of the whole way; who starts later has the rest of it before them.
    let done = on_curve(frame, &curve, from);
    let rest = Decimal::ONE.checked_sub(done)?;
    if rest.is_zero() {
        return Some(Decimal::ONE);
    }
    let ahead = on_curve(frame, &curve, day).checked_sub(done)?;
    ahead.checked_div(rest)
}

/// The points of a curve, for a yearly target moved into the year of its deadline.
fn of_year(points: &[Point], indicator: &Indicator, due: NaiveDate) -> Vec<Point> {
    match indicator.recurrence {
        Recurrence::Once => points.to_vec(),
        Recurrence::Yearly => {
            let moved = points.iter().map(|(date, share)| {
                let date = date.with_year(due.year()).unwrap_or(*date);
                (date, *share)
            });
            moved.collect()
        }
    }
}

/// The whole curve: nothing at the origin, everything on the due date, the points in between.
fn curve(origin: NaiveDate, points: Vec<Point>, due: NaiveDate) -> Vec<Point> {
    let mut curve = vec![(origin, Decimal::ZERO)];
    let within = |(date, _): &Point| origin < *date && *date < due;
    curve.extend(points.into_iter().filter(within));
    curve.push((due, Decimal::ONE));
    curve
}

fn on_curve(frame: &Frame, curve: &[Point], day: NaiveDate) -> Decimal {
    let after = curve.partition_point(|(date, _)| *date <= day);
    match (after.checked_sub(1).map(|at| curve[at]), curve.get(after)) {
        (None, _) => Decimal::ZERO,
        (Some((_, share)), None) => share,
        (Some(before), Some(next)) => between(frame, before, *next, day),
    }
}

/// Linear in working days between two points; without any between them the way is gone at once.
fn between(frame: &Frame, from: Point, to: Point, day: NaiveDate) -> Decimal {
    let calendar = &frame.calendar;
    let all = calendar.working_days_between(from.0, to.0);
    let gone = calendar
        .working_days_between(from.0, day)
        .clamp(0, all.max(0));
    if all <= 0 {
        return to.1;
    }
    from.1 + (to.1 - from.1) * Decimal::from(gone) / Decimal::from(all)
}
