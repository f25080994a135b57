//! What is asked of a task and when: periods in which an answer was awaited, which of them an answer counts for, silence.

use chrono::{DateTime, NaiveDate, Utc};

use super::frame::Frame;
use super::period::{CountsFor, ReportingPeriod};
use super::standing::Standing;
use super::view::{Initial, Phase, TaskView};
use crate::calendar;

/// A target that was past at go-live is asked in so many periods; then it is listed to the office (未提供初始情况).
pub const BASELINE_PERIODS: usize = 2;

impl Frame {
    /// The reporting period of a task that holds `day`.
    pub fn period(&self, view: &TaskView<'_>, day: NaiveDate) -> ReportingPeriod {
        ReportingPeriod::of(view.task.rhythm, day, &self.settings, &self.calendar)
    }

    /// The period before that one.
    pub fn period_before(&self, view: &TaskView<'_>, period: &ReportingPeriod) -> ReportingPeriod {
        period.previous(view.task.rhythm, &self.settings, &self.calendar)
    }

    /// The day of the last ping before a period's cut-off.
    pub fn last_ping_at(&self, period: &ReportingPeriod) -> DateTime<Utc> {
        let closes = calendar::date_of(period.cut_off_at);
        let before = i64::from(self.settings.last_ping_before);
        let day = self.calendar.add_working_days(closes, -before);
        calendar::instant(day.max(period.first), self.settings.slot)
    }

    /// Whether a task was (or, in a running period, is) asked in a period: there was a moment to ask it at which sending
    /// was allowed.
    pub fn was_asked(
        &self,
        standing: &Standing,
        view: &TaskView<'_>,
        period: &ReportingPeriod,
        at: DateTime<Utc>,
    ) -> bool {
        let rhythm = view.task.rhythm;
        let opens_at = period.opens_at(rhythm, &self.settings, &self.calendar);
        let ping_at = period.ping_at(rhythm, &self.settings, &self.calendar);
        let closes_at = period.cut_off_at.min(at);
        let last = self.last_ping_at(period);
        let moments = opens_at.into_iter().chain(ping_at).chain([last]);
        moments
            .filter(|moment| *moment <= closes_at)
            .chain((at <= period.cut_off_at).then_some(at))
            .any(|moment| {
                view.asked_since.is_some_and(|since| since <= moment) && standing.could_ask(moment)
            })
    }

    /// The period whose answer is awaited of a task at that moment (本期): the running one from its opening, before that
    /// the last one. None when nothing is: not asked yet, resting, closed, said to be done in an earlier period, or a past
    /// target that was asked twice.
    pub fn awaited(
        &self,
        standing: &Standing,
        view: &TaskView<'_>,
        at: DateTime<Utc>,
    ) -> Option<ReportingPeriod> {
        let running = self.period(view, calendar::date_of(at));
        let opens_at = running.opens_at(view.task.rhythm, &self.settings, &self.calendar);
        let period = if opens_at.is_none_or(|opens_at| opens_at <= at) {
            running
        } else {
            self.period_before(view, &running)
        };
        let asks = match view.phase {
            Phase::Open => !view.is_quiet(),
            Phase::Baseline(Initial::Unknown) => {
                self.periods_asked(standing, view, &period, at) <= BASELINE_PERIODS
            }
            Phase::Baseline(Initial::Reached { .. } | Initial::NotReached { .. }) => false,
            Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => return None,
        };
        let answered = self.is_answered(view, &period);
        let awaited = (asks || answered) && self.was_asked(standing, view, &period, at);
        awaited.then_some(period)
    }

    /// Whether the answer of a period was given: one that counts for it, any since it was opened, or any in it that does
    /// not count for the last one.
    pub fn is_answered(&self, view: &TaskView<'_>, period: &ReportingPeriod) -> bool {
        let rhythm = view.task.rhythm;
        let opens_at = period.opens_at(rhythm, &self.settings, &self.calendar);
        let last = self.period_before(view, period).id;
        view.reports.iter().chain(&view.other_years).any(|filed| {
            let counts_for = &filed.report.period;
            let within = period.holds(calendar::date_of(filed.at));
            let opened = opens_at.is_some_and(|opens_at| opens_at <= filed.at);
            *counts_for == period.id || (within && (opened || *counts_for != last))
        })
    }

    /// In how many periods up to and including that one a task was asked, at most one more than a baseline is.
    pub fn periods_asked(
        &self,
        standing: &Standing,
        view: &TaskView<'_>,
        period: &ReportingPeriod,
        at: DateTime<Utc>,
    ) -> usize {
        let Some(since) = view.asked_since else {
            return 0;
        };
        let before = |period: &ReportingPeriod| {
            let earlier = self.period_before(view, period);
            (earlier.last >= calendar::date_of(since)).then_some(earlier)
        };
        std::iter::successors(Some(period.clone()), before)
            .filter(|period| self.was_asked(standing, view, period, at))
            .take(BASELINE_PERIODS + 1)
            .count()
    }

    /// Which period an answer given at that moment counts for: late, in the first days of a period, it may be meant for
    /// the last one.
    pub fn counts_for(
        &self,
        standing: &Standing,
        view: &TaskView<'_>,
        at: DateTime<Utc>,
    ) -> CountsFor {
        let this = self.period(view, calendar::date_of(at));
        let last = self.period_before(view, &this);
        let open = view.phase == Phase::Open
            && view.answered_in(&last.id).is_none()
            && self.was_asked(standing, view, &last, at);
        this.counts(open.then_some(last), at)
    }

    /// Whether nothing was heard of a task for two whole periods in which it was asked. What was said to be done is not
    /// asked, and not silent.
    pub(super) fn silent_two_periods(
        &self,
        standing: &Standing,
        view: &TaskView<'_>,
        at: DateTime<Utc>,
    ) -> bool {
        if view.is_quiet() {
            return false;
        }
        let running = self.period(view, calendar::date_of(at));
        let last = if running.is_late(at) {
            running
        } else {
            self.period_before(view, &running)
        };
        let before = self.period_before(view, &last);
        let from = calendar::instant(before.first, chrono::NaiveTime::MIN);
        view.heard_at().is_none_or(|heard_at| heard_at < from)
            && self.was_asked(standing, view, &before, at)
            && self.was_asked(standing, view, &last, at)
    }
}
