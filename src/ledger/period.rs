//! Reporting periods (填报周期): calendar weeks, fortnights, months and quarters with a cut-off on their last working day.

use chrono::{
    DateTime, Datelike, Days, IsoWeek, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday,
};

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
        let closes = calendar.on_or_before(last);
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

    /// When the period is opened to its people: the rhythm's line, in a fortnight of its second week, on a day off moved
    /// forward. None when the line does not fire in it.
    pub fn opens_at(
        &self,
        rhythm: Rhythm,
        settings: &Settings,
        calendar: &Calendar,
    ) -> Option<DateTime<Utc>> {
        self.fires(&settings.dates(rhythm).opens, rhythm, calendar)
    }

    /// When the ping in between is due, by the same rules.
    pub fn ping_at(
        &self,
        rhythm: Rhythm,
        settings: &Settings,
        calendar: &Calendar,
    ) -> Option<DateTime<Utc>> {
        self.fires(&settings.dates(rhythm).ping, rhythm, calendar)
    }

    fn fires(
        &self,
        line: &cron::Schedule,
        rhythm: Rhythm,
        calendar: &Calendar,
    ) -> Option<DateTime<Utc>> {
        let from = match rhythm {
            Rhythm::TwoWeekly => later(self.first, 7),
            Rhythm::Weekly | Rhythm::Monthly | Rhythm::Quarterly => self.first,
        };
        let before = calendar::instant(from, NaiveTime::MIN) - TimeDelta::seconds(1);
        let fired = line.after(&calendar::local(before)).next()?;
        let day = fired.date_naive();
        self.holds(day)
            .then(|| calendar::instant(calendar.on_or_after(day), fired.time()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, HolidayTable};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+08:00"))
            .unwrap()
            .with_timezone(&Utc)
    }

    fn period(rhythm: Rhythm, on: &str) -> ReportingPeriod {
        ReportingPeriod::of(rhythm, day(on), &Settings::default(), &calendar_2026())
    }

    fn shown(period: &ReportingPeriod) -> String {
        let cut_off = calendar::local(period.cut_off_at).format("%m-%d %H:%M");
        format!(
            "{} {}..{} cut-off {cut_off}",
            period.id, period.first, period.last
        )
    }

    #[test]
    fn a_month_closes_at_noon_of_its_last_working_day() {
        insta::assert_snapshot!(shown(&period(Rhythm::Monthly, "2026-11-23")), @"2026-11 2026-11-01..2026-11-30 cut-off 11-30 12:00");
        insta::assert_snapshot!(shown(&period(Rhythm::Monthly, "2026-10-31")), @"2026-10 2026-10-01..2026-10-31 cut-off 10-30 12:00");
        insta::assert_snapshot!(shown(&period(Rhythm::Monthly, "2027-02-01")), @"2027-02 2027-02-01..2027-02-28 cut-off 02-26 12:00");
    }

    #[test]
    fn weeks_run_from_monday_to_sunday_across_the_year() {
        insta::assert_snapshot!(shown(&period(Rhythm::Weekly, "2026-11-29")), @"2026-W48 2026-11-23..2026-11-29 cut-off 11-27 12:00");
        insta::assert_snapshot!(shown(&period(Rhythm::Weekly, "2027-01-02")), @"2026-W53 2026-12-28..2027-01-03 cut-off 12-31 12:00");
    }

    #[test]
    fn fortnights_begin_in_odd_weeks_and_a_long_year_ends_with_three() {
        insta::assert_snapshot!(shown(&period(Rhythm::TwoWeekly, "2026-11-23")), @"2026-W47-48 2026-11-16..2026-11-29 cut-off 11-27 12:00");
        insta::assert_snapshot!(shown(&period(Rhythm::TwoWeekly, "2026-12-30")), @"2026-W51-53 2026-12-14..2027-01-03 cut-off 12-31 12:00");
        insta::assert_snapshot!(shown(&period(Rhythm::TwoWeekly, "2027-01-04")), @"2027-W01-02 2027-01-04..2027-01-17 cut-off 01-15 12:00");
    }

    #[test]
    fn quarters_are_those_of_the_calendar() {
        insta::assert_snapshot!(shown(&period(Rhythm::Quarterly, "2026-11-23")), @"2026-Q4 2026-10-01..2026-12-31 cut-off 12-31 12:00");
    }

    #[test]
    fn periods_of_every_rhythm_follow_each_other_without_gap() {
        let (settings, calendar) = (Settings::default(), calendar_2026());
        for rhythm in [
            Rhythm::Weekly,
            Rhythm::TwoWeekly,
            Rhythm::Monthly,
            Rhythm::Quarterly,
        ] {
            let mut period = period(rhythm, "2024-08-05");
            while period.first < day("2030-01-01") {
                let next = period.next(rhythm, &settings, &calendar);
                assert_eq!(period.last.succ_opt(), Some(next.first), "{rhythm:?}");
                assert_eq!(next.previous(rhythm, &settings, &calendar), period);
                assert_ne!(next.id, period.id);
                period = next;
            }
        }
    }

    #[test]
    fn a_period_opens_by_its_line_and_moves_forward_off_holidays() {
        let opens = |rhythm, on| {
            let period = period(rhythm, on);
            let at = period.opens_at(rhythm, &Settings::default(), &calendar_2026());
            calendar::local(at.unwrap()).format("%F %H:%M").to_string()
        };
        // 2026-11-15 is a Sunday; 2026-10-01 to 10-03 are statutory days off.
        assert_eq!(opens(Rhythm::Monthly, "2026-11-23"), "2026-11-16 09:00");
        assert_eq!(opens(Rhythm::Weekly, "2026-09-28"), "2026-09-28 09:00");
        assert_eq!(opens(Rhythm::TwoWeekly, "2026-11-16"), "2026-11-23 09:00");
        assert_eq!(opens(Rhythm::Quarterly, "2026-11-23"), "2026-12-15 09:00");
        let november = period(Rhythm::Monthly, "2026-11-23");
        let ping = november.ping_at(Rhythm::Monthly, &Settings::default(), &calendar_2026());
        assert_eq!(ping, Some(at("2026-11-23T09:00")));
    }

    #[test]
    fn an_answer_after_the_cut_off_is_late() {
        let november = period(Rhythm::Monthly, "2026-11-23");
        assert!(!november.is_late(at("2026-11-30T12:00")));
        assert!(november.is_late(at("2026-11-30T12:01")));
    }

    #[test]
    fn a_week_without_a_working_day_makes_nobody_late() {
        let table = HolidayTable {
            year: 2026,
            off: (16..=22)
                .filter_map(|d| NaiveDate::from_ymd_opt(2026, 2, d))
                .collect(),
            make_up: Vec::new(),
        };
        let calendar = Calendar::new([(2026, table)].into(), Settings::default().hours);
        let week = ReportingPeriod::of(
            Rhythm::Weekly,
            day("2026-02-18"),
            &Settings::default(),
            &calendar,
        );
        assert!(!week.is_late(at("2026-02-21T10:00")));
        assert!(week.is_late(at("2026-02-23T08:00")));
    }

    #[test]
    fn in_the_first_twenty_days_a_late_answer_may_count_for_the_last_period() {
        let calendar = calendar_2026();
        let last = |on| {
            let this = period(Rhythm::Monthly, on);
            let last = this.previous(Rhythm::Monthly, &Settings::default(), &calendar);
            (this, last)
        };
        let (this, october) = last("2026-11-20");
        let asked = this
            .clone()
            .counts(Some(october.clone()), at("2026-11-20T23:00"));
        assert_eq!(
            asked,
            CountsFor::Ask {
                last: october.clone(),
                this: this.clone()
            }
        );
        let later = this.clone().counts(Some(october), at("2026-11-21T00:10"));
        assert_eq!(
            later,
            CountsFor::This {
                this: this.clone(),
                late: false
            }
        );
        let answered = this.clone().counts(None, at("2026-11-02T09:00"));
        assert_eq!(answered, CountsFor::This { this, late: false });
    }

    fn calendar_2026() -> Calendar {
        Calendar::new(std::collections::BTreeMap::new(), Settings::default().hours)
    }
}
