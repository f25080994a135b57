//! Reporting periods (填报周期): calendar weeks, fortnights, months and quarters with a cut-off on their last working day.

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::Calendar;
use crate::plan::{Rhythm, Settings};

/// One reporting period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportingPeriod {
    /// As in `2026-W48`, `2026-W47-48`, `2026-11`, `2026-Q4`.
    pub id: String,
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// Answers after this are late. Last working day of the period (or the last before it), at the cut-off time.
    pub cut_off_at: DateTime<Utc>,
}

impl ReportingPeriod {
    /// The period of this rhythm that holds `day`.
    pub fn of(rhythm: Rhythm, day: NaiveDate, settings: &Settings, calendar: &Calendar) -> Self {
        let _ = (rhythm, day, settings, calendar);
        unimplemented!()
    }

    /// The period before this one.
    pub fn previous(&self, rhythm: Rhythm, settings: &Settings, calendar: &Calendar) -> Self {
        Self::of(
            rhythm,
            self.first.pred_opt().unwrap_or(self.first),
            settings,
            calendar,
        )
    }
}
