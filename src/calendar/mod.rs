//! Working days, holidays and make-up days (调休), working hours, weeks; local date ↔ instant. Asia/Shanghai always.

mod holidays;
mod statutory;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};

pub use holidays::{HolidayMistake, HolidayMistakeKind, HolidayTable};
pub use statutory::statutory_days;

/// Asia/Shanghai has been UTC+8 without summer time since 1991.
pub const SHANGHAI: FixedOffset =
    FixedOffset::east_opt(8 * 3600).expect("8 hours is a valid offset");

/// The instant of a local date and time.
pub fn instant(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    SHANGHAI
        .from_local_datetime(&date.and_time(time))
        .single()
        .expect("a fixed offset has no gaps")
        .with_timezone(&Utc)
}

/// The local date and time of an instant.
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&SHANGHAI)
}

/// The local date of an instant.
pub fn date_of(at: DateTime<Utc>) -> NaiveDate {
    local(at).date_naive()
}

/// The Monday of the week that holds `day`.
pub fn monday_of(day: NaiveDate) -> NaiveDate {
    back(day, u64::from(day.weekday().num_days_from_monday()))
}

/// The working calendar: tables by year; a year without one takes weekends and the 13 statutory days (暂定).
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    tables: BTreeMap<i32, HolidayTable>,
    days: BTreeMap<i32, Exceptions>,
    hours: Vec<(NaiveTime, NaiveTime)>,
}

/// Where a year differs from plain weekends; both lists ascend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Exceptions {
    weekdays_off: Vec<NaiveDate>,
    weekends_worked: Vec<NaiveDate>,
}

impl Calendar {
    /// A calendar of these tables by year and these working hours (from, to), ascending, the end not included.
    pub fn new(tables: BTreeMap<i32, HolidayTable>, hours: Vec<(NaiveTime, NaiveTime)>) -> Self {
        let days = exceptions(&tables);
        Self {
            tables,
            days,
            hours,
        }
    }

    /// The table of a year, if there is one.
    pub fn table(&self, year: i32) -> Option<&HolidayTable> {
        self.tables.get(&year)
    }

    /// Whether the year has no table, so that its days off are 暂定: weekends and the statutory days alone.
    pub fn is_provisional(&self, year: i32) -> bool {
        !self.tables.contains_key(&year)
    }

    /// Whether people work on that day.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        let days = self.exceptions(day.year());
        if is_weekend(day) {
            days.is_some_and(|days| days.weekends_worked.binary_search(&day).is_ok())
        } else {
            days.is_none_or(|days| days.weekdays_off.binary_search(&day).is_err())
        }
    }

    /// That day if it is worked, else the last working day before it.
    pub fn on_or_before(&self, day: NaiveDate) -> NaiveDate {
        self.nearest(day, NaiveDate::pred_opt)
    }

    /// That day if it is worked, else the first working day after it.
    pub fn on_or_after(&self, day: NaiveDate) -> NaiveDate {
        self.nearest(day, NaiveDate::succ_opt)
    }

    /// The working day `n` working days after that day (before it when negative); for 0 the day itself.
    pub fn add_working_days(&self, day: NaiveDate, n: i64) -> NaiveDate {
        let mut day = day;
        for _ in 0..n.unsigned_abs() {
            let next = if n < 0 {
                day.pred_opt().map(|before| self.on_or_before(before))
            } else {
                day.succ_opt().map(|after| self.on_or_after(after))
            };
            let Some(next) = next else { break };
            day = next;
        }
        day
    }

    /// Working days after `from` up to and including `to`; negative when `to` lies before `from`.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let mut days = weekdays_until(to) - weekdays_until(from);
        for year in from.year()..=to.year() {
            if let Some(except) = self.exceptions(year) {
                days += count_within(&except.weekends_worked, from, to);
                days -= count_within(&except.weekdays_off, from, to);
            }
        }
        days
    }

    /// Working hours (from, to) of a working day.
    pub fn hours(&self) -> &[(NaiveTime, NaiveTime)] {
        &self.hours
    }

    /// Whether unasked messages may leave at that instant.
    pub fn in_working_hours(&self, at: DateTime<Utc>) -> bool {
        self.rests_at(at).is_some()
    }

    /// When the working hours that hold this instant end; none outside of them.
    pub fn rests_at(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let now = local(at);
        let (today, time) = (now.date_naive(), now.time());
        if !self.is_working_day(today) {
            return None;
        }
        let mut hours = self.hours.iter();
        let held = hours.find(|(from, to)| *from <= time && time < *to);
        held.map(|(_, to)| instant(today, *to))
    }

    /// The instant itself inside working hours, else the next instant at which they begin.
    pub fn next_working_instant(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        if self.in_working_hours(at) {
            return at;
        }
        let now = local(at);
        let today = now.date_naive();
        if self.is_working_day(today) {
            let mut later = self.hours.iter().filter(|(from, _)| *from > now.time());
            if let Some((from, _)) = later.next() {
                return instant(today, *from);
            }
        }
        let opens = self.hours.first().map_or(NaiveTime::MIN, |(from, _)| *from);
        instant(self.add_working_days(today, 1), opens)
    }

    /// The instant at which working hours of that day end for good; midnight's last second without hours.
    pub fn end_of_work(&self, day: NaiveDate) -> DateTime<Utc> {
        let late = NaiveTime::from_hms_opt(23, 59, 59).expect("a time of day");
        instant(day, self.hours.last().map_or(late, |(_, to)| *to))
    }

    /// The last working day of the Monday–Sunday week that holds `day`; none in a week without one.
    pub fn last_working_day_of_week(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.digest_day(monday_of(day), Weekday::Sun)
    }

    /// The working day on which what is meant for `weekday` happens in the week that begins with `monday`: that day,
    /// else the last working day before it in the week. None in a week without one.
    pub fn digest_day(&self, monday: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
        let wanted =
            monday.checked_add_days(Days::new(u64::from(weekday.num_days_from_monday())))?;
        let day = self.on_or_before(wanted);
        (day >= monday).then_some(day)
    }

    fn exceptions(&self, year: i32) -> Option<&Exceptions> {
        self.days.get(&year).or_else(|| statutory::exceptions(year))
    }

    fn nearest(&self, day: NaiveDate, step: fn(&NaiveDate) -> Option<NaiveDate>) -> NaiveDate {
        let mut day = day;
        while !self.is_working_day(day) {
            let Some(next) = step(&day) else { break };
            day = next;
        }
        day
    }
}

/// The exceptions of every year a table speaks of; a table may reach into the December before it (元旦).
fn exceptions(tables: &BTreeMap<i32, HolidayTable>) -> BTreeMap<i32, Exceptions> {
    let mut days: BTreeMap<i32, Exceptions> = BTreeMap::new();
    for year in tables.keys() {
        days.insert(*year, Exceptions::default());
    }
    let of_year = |year: i32| statutory::exceptions(year).cloned().unwrap_or_default();
    for table in tables.values() {
        for day in table.off.iter().filter(|day| !is_weekend(**day)) {
            let year = days
                .entry(day.year())
                .or_insert_with(|| of_year(day.year()));
            year.weekdays_off.push(*day);
        }
        for day in table.make_up.iter().filter(|day| is_weekend(**day)) {
            let year = days
                .entry(day.year())
                .or_insert_with(|| of_year(day.year()));
            year.weekends_worked.push(*day);
        }
    }
    for year in days.values_mut() {
        for list in [&mut year.weekdays_off, &mut year.weekends_worked] {
            list.sort_unstable();
            list.dedup();
        }
    }
    days
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

/// Mondays to Fridays from the Monday 0001-01-01 up to and including `day`.
fn weekdays_until(day: NaiveDate) -> i64 {
    let days = i64::from(day.num_days_from_ce());
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

fn count_within(days: &[NaiveDate], after: NaiveDate, until: NaiveDate) -> i64 {
    let first = days.partition_point(|day| *day <= after);
    let last = days.partition_point(|day| *day <= until);
    i64::try_from(last - first).unwrap_or(0)
}
