//! 每年: which year's deadline of a task is in force. It is the running year's, until the first rung of the next one's ladder:
//! a deadline early in January is asked ahead of the turn of the year.

use chrono::{Datelike, Days, NaiveDate};

use super::frame::Frame;
use super::standing::TaskState;
use crate::calendar;
use crate::plan::Recurrence;

impl Frame {
    /// The deadline in force on a day, of a yearly task within the plan's years; otherwise as it is.
    pub(super) fn occurrence(
        &self,
        due: NaiveDate,
        recurrence: Recurrence,
        day: NaiveDate,
    ) -> NaiveDate {
        match recurrence {
            Recurrence::Once => due,
            Recurrence::Yearly => {
                let last = self.plan.task_force.ends.year().max(due.year());
                let year = self.year_in_force(due, day).clamp(due.year(), last);
                in_year(due, year)
            }
        }
    }

    /// The year whose deadline is in force on a day.
    pub(super) fn year_in_force(&self, due: NaiveDate, day: NaiveDate) -> i32 {
        let year = day.year();
        let next = in_year(due, year.saturating_add(1));
        let ladder = &self.settings.ladder.days_before;
        let lead = ladder.iter().copied().max().unwrap_or(0);
        let opens = next.checked_sub_days(Days::new(u64::from(lead)));
        // Rungs move back to working days, and what they ask about is in force by then.
        let opens = opens.map(|day| self.calendar.on_or_before(day));
        match opens {
            Some(opens) if opens <= day => year.saturating_add(1),
            Some(_) | None => year,
        }
    }

    /// Whether the ladder of a yearly deadline begins in the year before.
    pub(super) fn asked_last_year(&self, due: NaiveDate) -> bool {
        let last_day = NaiveDate::from_ymd_opt(due.year() - 1, 12, 31);
        last_day.is_some_and(|day| self.year_in_force(due, day) == due.year())
    }

    /// Whether the task was closed; a yearly one opens again with its next deadline.
    pub(super) fn is_closed(
        &self,
        state: &TaskState,
        recurrence: Recurrence,
        first_due: Option<NaiveDate>,
    ) -> bool {
        let Some((_, at, _)) = &state.closed else {
            return false;
        };
        match recurrence {
            Recurrence::Once => true,
            Recurrence::Yearly => first_due.is_none_or(|due| {
                let closed_for = self.year_in_force(due, calendar::date_of(*at));
                due.year() <= closed_for
            }),
        }
    }
}

/// Only 29 February lacks a day in other years.
fn in_year(due: NaiveDate, year: i32) -> NaiveDate {
    due.with_year(year)
        .or_else(|| due.pred_opt()?.with_year(year))
        .unwrap_or(due)
}
