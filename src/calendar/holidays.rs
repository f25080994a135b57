//! Holiday tables as files, one a year: `config/holidays/2026.toml`, written after the State Council's yearly notice.
//!
//! ```toml
//! year = 2026
//! [[holiday]]
//! name = "元旦"
//! from = 2026-01-01
//! to = 2026-01-03
//! make_up = [2026-01-04]
//! ```

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::value::Datetime;

use super::is_weekend;

/// More days off in one stretch are a slip of the pen; the longest so far had 9.
const LONGEST_STRETCH: i64 = 15;

/// Days off and make-up working days of one year, as the State Council publishes them (国务院办公厅放假安排).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HolidayTable {
    /// The year it is for.
    pub year: i32,
    /// Days off that may fall on weekdays, ascending.
    pub off: Vec<NaiveDate>,
    /// Weekend days that are worked (调休上班), ascending.
    pub make_up: Vec<NaiveDate>,
}

/// One mistake in a holiday table, as facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HolidayMistake {
    /// The file as the caller named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    #[serde(flatten)]
    pub what: HolidayMistakeKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "mistake", content = "value", rename_all = "snake_case")]
pub enum HolidayMistakeKind {
    /// Not TOML, an unknown or missing key, or a value of another type; in the parser's English.
    Unreadable(String),
    /// Not a plain date, as in 2026-01-01.
    NotADate(String),
    /// A date outside the table's year (and the December before it).
    OtherYear(NaiveDate),
    /// A stretch that ends before it begins.
    EndsBeforeItBegins(NaiveDate),
    /// A stretch longer than any holiday, in days.
    TooLong(i64),
    /// A make-up day that is a working day anyhow.
    MakeUpOnWeekday(NaiveDate),
    /// A day that is off and worked at once.
    OffAndMakeUp(NaiveDate),
    /// A day that stands twice.
    Twice(NaiveDate),
    /// A table without a single holiday.
    NoHoliday,
}

/// For logs and `anyhow`; people read `render`'s words.
impl fmt::Display for HolidayMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {:?}", self.file, self.line, self.what)
    }
}

impl std::error::Error for HolidayMistake {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    year: Spanned<i32>,
    #[serde(default)]
    holiday: Vec<WrittenHoliday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenHoliday {
    #[serde(rename = "name")]
    _name: String,
    from: Spanned<Datetime>,
    to: Spanned<Datetime>,
    #[serde(default)]
    make_up: Vec<Spanned<Datetime>>,
}

impl HolidayTable {
    /// Reads a table. `file_name` is how mistakes name it.
    ///
    /// # Errors
    ///
    /// All mistakes of the file, in the order of its lines, never none.
    pub fn parse(source: &str, file_name: &str) -> Result<Self, Vec<HolidayMistake>> {
        let mut reading = Reading {
            source,
            file_name,
            table: Self::default(),
            mistakes: Vec::new(),
        };
        match toml::from_str::<Written>(source) {
            Ok(written) => reading.take(&written),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                reading.mistake(
                    at,
                    HolidayMistakeKind::Unreadable(error.message().to_owned()),
                );
            }
        }
        reading.finish()
    }
}

struct Reading<'a> {
    source: &'a str,
    file_name: &'a str,
    table: HolidayTable,
    mistakes: Vec<HolidayMistake>,
}

impl Reading<'_> {
    fn take(&mut self, written: &Written) {
        self.table.year = *written.year.get_ref();
        if written.holiday.is_empty() {
            self.mistake(written.year.span().start, HolidayMistakeKind::NoHoliday);
        }
        for holiday in &written.holiday {
            self.take_stretch(holiday);
        }
        for make_up in written.holiday.iter().flat_map(|holiday| &holiday.make_up) {
            self.take_make_up(make_up);
        }
    }

    fn take_stretch(&mut self, holiday: &WrittenHoliday) {
        let (Some(from), Some(to)) = (self.date(&holiday.from), self.date(&holiday.to)) else {
            return;
        };
        let at = holiday.to.span().start;
        let days = (to - from).num_days() + 1;
        if days < 1 {
            return self.mistake(at, HolidayMistakeKind::EndsBeforeItBegins(to));
        }
        if days > LONGEST_STRETCH {
            return self.mistake(at, HolidayMistakeKind::TooLong(days));
        }
        for day in from.iter_days().take_while(|day| *day <= to) {
            if self.table.off.contains(&day) {
                self.mistake(holiday.from.span().start, HolidayMistakeKind::Twice(day));
            } else {
                self.table.off.push(day);
            }
        }
    }

    fn take_make_up(&mut self, written: &Spanned<Datetime>) {
        let Some(day) = self.date(written) else {
            return;
        };
        let at = written.span().start;
        if self.table.off.contains(&day) {
            self.mistake(at, HolidayMistakeKind::OffAndMakeUp(day));
        } else if self.table.make_up.contains(&day) {
            self.mistake(at, HolidayMistakeKind::Twice(day));
        } else if is_weekend(day) {
            self.table.make_up.push(day);
        } else {
            self.mistake(at, HolidayMistakeKind::MakeUpOnWeekday(day));
        }
    }

    fn date(&mut self, written: &Spanned<Datetime>) -> Option<NaiveDate> {
        let at = written.span().start;
        let Some(day) = plain_date(written.get_ref()) else {
            self.mistake(
                at,
                HolidayMistakeKind::NotADate(written.get_ref().to_string()),
            );
            return None;
        };
        let year = self.table.year;
        if day.year() == year || (day.year() == year - 1 && day.month() == 12) {
            return Some(day);
        }
        self.mistake(at, HolidayMistakeKind::OtherYear(day));
        None
    }

    fn mistake(&mut self, at: usize, what: HolidayMistakeKind) {
        let before = &self.source.as_bytes()[..at.min(self.source.len())];
        self.mistakes.push(HolidayMistake {
            file: self.file_name.to_owned(),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            what,
        });
    }

    fn finish(mut self) -> Result<HolidayTable, Vec<HolidayMistake>> {
        if self.mistakes.is_empty() {
            self.table.off.sort_unstable();
            self.table.make_up.sort_unstable();
            return Ok(self.table);
        }
        self.mistakes.sort_by_key(|mistake| mistake.line);
        Err(self.mistakes)
    }
}

fn plain_date(written: &Datetime) -> Option<NaiveDate> {
    if written.time.is_some() || written.offset.is_some() {
        return None;
    }
    let date = written.date?;
    NaiveDate::from_ymd_opt(
        i32::from(date.year),
        u32::from(date.month),
        u32::from(date.day),
    )
}
