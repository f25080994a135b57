//! Reporting periods (填报周期): calendar weeks, fortnights, months and quarters with a cut-off on their last working day.

use chrono::{DateTime, Datelike, Days, IsoWeek, Months, NaiveDate, Utc, Weekday};

use crate::calendar::{self, Calendar};
use crate::plan::{Rhythm, Settings};

/// In the first days of a period, this many, an answer may still be meant for the last one.
const LAST_PERIOD_DAYS: i64 = 20;

/// The ISO week a long year has beyond the even fifty-two; it lengthens the year's last fortnight.
const LONG_YEARS_WEEK: u32 = 53;

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

/// Which period an answer given now counts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CountsFor {
    /// The running one.
    This {
        /// The running period.
        this: ReportingPeriod,
        /// Whether it is past its cut-off (迟报).
        late: bool,
    },
    /// The last one was not answered and this one is young: the person is asked (计入上期 / 本期).
    Ask {
        /// The last period; counting for it, the answer is late.
        last: ReportingPeriod,
        /// The running period.
        this: ReportingPeriod,
    },
}

impl ReportingPeriod {
    /// The period of this rhythm that holds `day`. Fortnights begin in odd ISO weeks; the last one of a year with 53
    /// weeks is three weeks long (`2026-W51-53`).
    pub fn of(rhythm: Rhythm, day: NaiveDate, settings: &Settings, calendar: &Calendar) -> Self {
        let (id, first, last) = match rhythm {
            Rhythm::Weekly => week(day),
            Rhythm::TwoWeekly => fortnight(day),
            Rhythm::Monthly => month(day),
            Rhythm::Quarterly => quarter(day),
        };
        let _ = calendar; // Weekends only until the calendar lands.
        let mut closes = last;
        while closes.weekday().number_from_monday() > 5 {
            closes = closes.pred_opt().unwrap_or(closes);
        }
        Self {
            id,
            first,
            last,
            cut_off_at: calendar::instant(closes, settings.cut_off),
        }
    }

    /// The period before this one.
    pub fn previous(&self, rhythm: Rhythm, settings: &Settings, calendar: &Calendar) -> Self {
        let day = self.first.pred_opt().unwrap_or(self.first);
        Self::of(rhythm, day, settings, calendar)
    }

    /// The period after this one.
    pub fn next(&self, rhythm: Rhythm, settings: &Settings, calendar: &Calendar) -> Self {
        let day = self.last.succ_opt().unwrap_or(self.last);
        Self::of(rhythm, day, settings, calendar)
    }

    /// Whether the day lies in it.
    pub fn holds(&self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// Whether an answer of that moment is late for it (迟报). A period without a working day has no cut-off of its own
    /// and closes with its last day.
    pub fn is_late(&self, answered_at: DateTime<Utc>) -> bool {
        if calendar::date_of(self.cut_off_at) < self.first {
            return calendar::date_of(answered_at) > self.last;
        }
        answered_at > self.cut_off_at
    }

    /// What an answer of that moment, in this period, counts for. `last` is the period before if it was asked for and not
    /// answered.
    pub fn counts(self, last: Option<Self>, answered_at: DateTime<Utc>) -> CountsFor {
        let day = (calendar::date_of(answered_at) - self.first).num_days();
        match last {
            Some(last) if day < LAST_PERIOD_DAYS => CountsFor::Ask { last, this: self },
            Some(_) | None => {
                let late = self.is_late(answered_at);
                CountsFor::This { this: self, late }
            }
        }
    }
}

type Frame = (String, NaiveDate, NaiveDate);

fn week(day: NaiveDate) -> Frame {
    let week = day.iso_week();
    let first = monday(week, week.week());
    let id = format!("{}-W{:02}", week.year(), week.week());
    (id, first, later(first, 6))
}

fn fortnight(day: NaiveDate) -> Frame {
    let week = day.iso_week();
    let number = week.week();
    let from = match number {
        LONG_YEARS_WEEK => LONG_YEARS_WEEK - 2,
        even if even % 2 == 0 => even - 1,
        odd => odd,
    };
    let long = NaiveDate::from_isoywd_opt(week.year(), LONG_YEARS_WEEK, Weekday::Mon).is_some();
    let to = if long && from == LONG_YEARS_WEEK - 2 {
        LONG_YEARS_WEEK
    } else {
        from + 1
    };
    let id = format!("{}-W{from:02}-{to:02}", week.year());
    (id, monday(week, from), later(monday(week, to), 6))
}

fn month(day: NaiveDate) -> Frame {
    let first = day.with_day(1).unwrap_or(day);
    (day.format("%Y-%m").to_string(), first, end_of(first, 1))
}

fn quarter(day: NaiveDate) -> Frame {
    let index = day.month0() / 3;
    let first = NaiveDate::from_ymd_opt(day.year(), index * 3 + 1, 1).unwrap_or(day);
    let id = format!("{}-Q{}", day.year(), index + 1);
    (id, first, end_of(first, 3))
}

fn monday(week: IsoWeek, number: u32) -> NaiveDate {
    NaiveDate::from_isoywd_opt(week.year(), number, Weekday::Mon).unwrap_or(NaiveDate::MIN)
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// The last day of so many months from the first.
fn end_of(first: NaiveDate, months: u32) -> NaiveDate {
    first
        .checked_add_months(Months::new(months))
        .and_then(|next| next.pred_opt())
        .unwrap_or(first)
}
