//! The rhythm: when a reporting period is opened, pinged and pinged for the last time.

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar;
use crate::ledger::{Frame, ReportingPeriod, TaskView};
use crate::plan::Rhythm;

use super::Why;
use super::ask::{Ask, Part};

/// A period and the moments at which its tasks are asked.
#[derive(Debug)]
pub(super) struct Timetable {
    pub period: ReportingPeriod,
    pub opens_at: Option<DateTime<Utc>>,
    previous: String,
    ping_at: Option<DateTime<Utc>>,
    last_at: DateTime<Utc>,
}

impl Timetable {
    pub fn of(frame: &Frame, rhythm: Rhythm, day: NaiveDate) -> Self {
        let (settings, calendar) = (&frame.settings, &frame.calendar);
        let period = ReportingPeriod::of(rhythm, day, settings, calendar);
        let last = calendar.on_or_after(calendar::date_of(frame.last_ping_at(&period)));
        Self {
            previous: period.previous(rhythm, settings, calendar).id,
            opens_at: period.opens_at(rhythm, settings, calendar),
            ping_at: period.ping_at(rhythm, settings, calendar),
            last_at: calendar::instant(last, settings.slot),
            period,
        }
    }

    /// Whether the period's answer was given: one that counts for it, any since it was opened, or any in it that does not
    /// count for the last one.
    pub fn is_answered(&self, view: &TaskView<'_>) -> bool {
        let period = &self.period;
        let since_opening = self
            .opens_at
            .zip(view.heard_at())
            .is_some_and(|(opens_at, heard_at)| opens_at <= heard_at);
        since_opening
            || view.reports.iter().chain(&view.other_years).any(|filed| {
                let counts_for = &filed.report.period;
                *counts_for == period.id
                    || (period.first <= calendar::date_of(filed.at) && *counts_for != self.previous)
            })
    }

    /// The asks of the period, ascending. Moments that meet or pass each other are one ask, the last of them.
    pub fn asks(&self, view: &TaskView<'_>, ends: NaiveDate) -> Vec<Ask> {
        let id = &self.period.id;
        let moments = [
            (self.opens_at, Why::Opens(id.clone()), "opens"),
            (self.ping_at, Why::Ping(id.clone()), "ping"),
            (Some(self.last_at), Why::LastPing(id.clone()), "last"),
        ];
        let silenced = self.is_answered(view);
        let mut asks: Vec<Ask> = Vec::new();
        for (at, why, name) in moments.into_iter().rev() {
            let Some(at) = at else { continue };
            let occasion = format!("{id}/{name}");
            let part = Part::new(why, occasion, silenced);
            match asks.last_mut() {
                Some(later) if calendar::date_of(later.at) <= calendar::date_of(at) => {
                    later.parts.push(part);
                }
                Some(_) | None => asks.push(Ask::new(at, part)),
            }
        }
        asks.reverse();
        let closes_at = self.period.cut_off_at;
        asks.retain(|ask| ask.at <= closes_at && calendar::date_of(ask.at) <= ends);
        asks
    }

    /// The moments after `now`, for the next wakeup; with the cut-off the office's lists become due.
    pub fn moments_after(&self, now: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        let ends = [Some(self.last_at), Some(self.period.cut_off_at)];
        [self.opens_at, self.ping_at]
            .into_iter()
            .chain(ends)
            .flatten()
            .filter(move |moment| *moment > now)
    }
}
