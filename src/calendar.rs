//! Working days, holidays and make-up days (调休), working hours, weeks; local date ↔ instant. Asia/Shanghai always.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};

/// Asia/Shanghai has been UTC+8 without summer time since 1991.
pub const SHANGHAI: FixedOffset = FixedOffset::east_opt(8 * 3600).expect("8 hours is a valid offset");

/// The instant of a local date and time.
pub fn instant(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    SHANGHAI.from_local_datetime(&date.and_time(time)).single().expect("a fixed offset has no gaps").with_timezone(&Utc)
}

/// The local date and time of an instant.
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&SHANGHAI)
}

/// The local date of an instant.
pub fn date_of(at: DateTime<Utc>) -> NaiveDate {
    local(at).date_naive()
}

/// Days off and make-up working days of one year, as the State Council publishes them (国务院办公厅放假安排).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HolidayTable {
    /// Days off that may fall on weekdays.
    pub off: Vec<NaiveDate>,
    /// Weekend days that are worked (调休上班).
    pub make_up: Vec<NaiveDate>,
}

/// The working calendar: tables by year; a year without one takes weekends and the 13 statutory days (暂定).
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    tables: BTreeMap<i32, HolidayTable>,
    hours: Vec<(NaiveTime, NaiveTime)>,
}
