//! Dates as people write them (`12月10日`, `下周五`, `2026-12-10`, `月底`), alone or inside a sentence.

mod vocabulary;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::number::small;
use vocabulary::Named;

/// In which direction a date without a year lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// What will be done: the nearest such day, mostly ahead.
    Future,
    /// What has happened: the last such day up to today.
    Past,
}

/// Characters a text that is nothing but a date may have.
const MOST_ALONE: usize = 24;

/// Half a year: a date without a year is the nearest one within it.
const HALF_YEAR: Days = Days::new(183);

/// The date a text names and nothing else, apart from words like 前. A month alone is its last day.
pub fn read(text: &str, today: NaiveDate, toward: Toward) -> Option<NaiveDate> {
    if text.chars().count() > MOST_ALONE {
        return None;
    }
    let folded = vocabulary::folded(text);
    let alone = without_words_around(&folded);
    let whole = |(date, rest): (NaiveDate, &str)| rest.is_empty().then_some(date);
    at(alone, today, toward)
        .and_then(whole)
        .or_else(|| figures(alone, today, toward).and_then(whole))
        .or_else(|| month_alone(alone, today, toward))
}

/// The first date from `today` on that a sentence names.
pub fn find_ahead(sentence: &str, today: NaiveDate) -> Option<NaiveDate> {
    let folded = vocabulary::folded(sentence);
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        match at(rest, today, Toward::Future) {
            Some((date, _)) if date >= today => return Some(date),
            Some((_, behind)) => rest = behind,
            None if first.is_ascii_digit() => {
                rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            }
            None => rest = &rest[first.len_utf8()..],
        }
    }
    None
}

/// The date at the beginning of a text, and what follows it.
pub fn leading(text: &str, today: NaiveDate, toward: Toward) -> Option<(NaiveDate, &str)> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let ends: Vec<usize> = ends.take(MOST_ALONE).collect();
    ends.into_iter().rev().find_map(|end| {
        let (date, rest) = text.split_at(end);
        let goes_on = |c: char| c.is_ascii_digit() || c == vocabulary::MONTH;
        let cuts_a_number =
            date.ends_with(goes_on) && rest.starts_with(|c: char| c.is_ascii_digit());
        if cuts_a_number || joins_numbers(date) {
            return None;
        }
        Some((read(date, today, toward)?, rest))
    })
}

/// Whether two numbers stand in it with nothing but white space between: they are not one.
fn joins_numbers(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let digit = |c: char| c.is_ascii_digit();
    words
        .windows(2)
        .any(|two| two[0].ends_with(digit) && two[1].starts_with(digit))
}

fn without_words_around(mut text: &str) -> &str {
    loop {
        let shorter = vocabulary::AROUND
            .iter()
            .find_map(|word| text.strip_prefix(word).or_else(|| text.strip_suffix(word)));
        match shorter {
            Some(shorter) => text = shorter,
            None => return text,
        }
    }
}

/// The date at the beginning of a text, and what follows it.
fn at(text: &str, today: NaiveDate, toward: Toward) -> Option<(NaiveDate, &str)> {
    named(text, today)
        .or_else(|| weekday(text, today, toward))
        .or_else(|| with_year(text, today))
        .or_else(|| without_year(text, today, toward))
        .or_else(|| span(text, today))
}

fn named(text: &str, today: NaiveDate) -> Option<(NaiveDate, &str)> {
    let (named, rest) = vocabulary::NAMED
        .iter()
        .find_map(|(word, named)| Some((*named, text.strip_prefix(word)?)))?;
    let date = match named {
        Named::Days(days) => today.checked_add_signed(chrono::TimeDelta::days(days))?,
        Named::MonthEnd(months) => month_end(shifted(today, months)?)?,
        Named::QuarterEnd => {
            let last = today.month0() / 3 * 3 + 3;
            month_end(today.with_day(1)?.with_month(last)?)?
        }
        Named::YearEnd(years) => NaiveDate::from_ymd_opt(today.year() + years, 12, 31)?,
    };
    Some((date, rest))
}

fn shifted(day: NaiveDate, months: i32) -> Option<NaiveDate> {
    let by = Months::new(months.unsigned_abs());
    let first = day.with_day(1)?;
    match months < 0 {
        true => first.checked_sub_months(by),
        false => first.checked_add_months(by),
    }
}

fn month_end(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?
        .checked_add_months(Months::new(1))?
        .pred_opt()
}

/// 下周五, 本周三, 周五.
fn weekday(text: &str, today: NaiveDate, toward: Toward) -> Option<(NaiveDate, &str)> {
    let week = vocabulary::WEEKS
        .iter()
        .find_map(|(word, weeks)| Some((*weeks, text.strip_prefix(word)?)));
    let rest = week.map_or(text, |(_, rest)| rest);
    let rest = vocabulary::WEEK
        .iter()
        .find_map(|word| rest.strip_prefix(word))?;
    let first = rest.chars().next()?;
    let (_, day) = vocabulary::WEEKDAYS.iter().find(|(c, _)| *c == first)?;
    let monday = today.week(chrono::Weekday::Mon).checked_first_day()?;
    let this_week = monday.checked_add_signed(chrono::TimeDelta::days(*day))?;
    let weeks = match (week, toward) {
        (Some((weeks, _)), _) => weeks,
        (None, Toward::Future) if this_week < today => 1,
        (None, Toward::Past) if this_week > today => -1,
        (None, Toward::Future | Toward::Past) => 0,
    };
    let date = this_week.checked_add_signed(chrono::TimeDelta::weeks(weeks))?;
    Some((date, &rest[first.len_utf8()..]))
}

/// 2026年12月10日, 2026-12-10, 2026年底, 明年3月31日.
fn with_year(text: &str, today: NaiveDate) -> Option<(NaiveDate, &str)> {
    let relative = vocabulary::YEARS
        .iter()
        .find_map(|(word, years)| Some((today.year() + years, text.strip_prefix(word)?)));
    if let Some((year, rest)) = relative {
        return month_and_day(rest).and_then(|found| in_year(found, year));
    }
    let (year, rest) = number(text, 4)?;
    let year = i32::try_from(year)
        .ok()
        .filter(|year| (1949..2100).contains(year))?;
    if let Some(rest) = rest.strip_prefix(vocabulary::YEAR) {
        let part = |(word, _): &(&str, u32)| rest.strip_prefix(word);
        if let Some(rest) = vocabulary::PARTS[3..].iter().find_map(part) {
            return Some((NaiveDate::from_ymd_opt(year, 12, 31)?, rest));
        }
        return month_and_day(rest).and_then(|found| in_year(found, year));
    }
    let rest = rest.strip_prefix(vocabulary::BETWEEN)?;
    let (month, rest) = number(rest, 2)?;
    let rest = rest.strip_prefix(vocabulary::BETWEEN)?;
    let (day, rest) = number(rest, 2)?;
    Some((NaiveDate::from_ymd_opt(year, month, day)?, rest))
}

/// A month and a day of it; 31 stands for its last.
struct MonthDay<'t> {
    month: u32,
    day: u32,
    last: bool,
    rest: &'t str,
}

fn in_year<'t>(found: MonthDay<'t>, year: i32) -> Option<(NaiveDate, &'t str)> {
    let date = match found.last {
        true => month_end(NaiveDate::from_ymd_opt(year, found.month, 1)?)?,
        false => NaiveDate::from_ymd_opt(year, found.month, found.day)?,
    };
    Some((date, found.rest))
}

/// 12月10日, 十二月十号, 3月底, 6月上旬.
fn month_and_day(text: &str) -> Option<MonthDay<'_>> {
    let (month, rest) = small(text)?;
    let rest = rest.strip_prefix(vocabulary::MONTH)?;
    let part = vocabulary::PARTS
        .iter()
        .find_map(|(word, day)| Some((*day, rest.strip_prefix(word)?)));
    if let Some((day, rest)) = part {
        let last = day == 31;
        return Some(MonthDay {
            month,
            day,
            last,
            rest,
        });
    }
    let (day, rest) = small(rest)?;
    let rest = rest.strip_prefix(vocabulary::DAY).unwrap_or(rest);
    Some(MonthDay {
        month,
        day,
        last: false,
        rest,
    })
}

/// 12月10日 of the nearest year, 10号 of this month or the next.
fn without_year(text: &str, today: NaiveDate, toward: Toward) -> Option<(NaiveDate, &str)> {
    if let Some(found) = month_and_day(text) {
        let rest = found.rest;
        let (month, day, last) = (found.month, found.day, found.last);
        let of = |year| {
            let found = MonthDay {
                month,
                day,
                last,
                rest,
            };
            in_year(found, year).map(|(date, _)| date)
        };
        return Some((nearest(of, today, toward)?, rest));
    }
    let (day, rest) = small(text)?;
    let rest = rest.strip_prefix(vocabulary::DAY)?;
    if vocabulary::FROM_NOW
        .iter()
        .any(|word| rest.starts_with(word))
    {
        return None;
    }
    let months = match toward {
        Toward::Future => i32::from(day < today.day()),
        Toward::Past => -i32::from(day > today.day()),
    };
    let date = shifted(today, months)?.with_day(day)?;
    Some((date, rest))
}

fn nearest(
    of: impl Fn(i32) -> Option<NaiveDate>,
    today: NaiveDate,
    toward: Toward,
) -> Option<NaiveDate> {
    let years = [today.year() + 1, today.year(), today.year() - 1];
    let ends = match toward {
        Toward::Future => today.checked_add_days(HALF_YEAR)?,
        Toward::Past => today,
    };
    years.into_iter().filter_map(of).find(|date| *date <= ends)
}

/// 3天内, 两周后, 10个工作日内 (counted as days: the person sees the date before it is sent).
fn span(text: &str, today: NaiveDate) -> Option<(NaiveDate, &str)> {
    let (count, rest) = small(text)?;
    let (days, rest) = vocabulary::SPANS
        .iter()
        .find_map(|(word, days)| Some((*days, rest.strip_prefix(word)?)))?;
    let rest = vocabulary::FROM_NOW
        .iter()
        .find_map(|word| rest.strip_prefix(word))?;
    let days = i64::from(count).checked_mul(days)?;
    let date = today.checked_add_signed(chrono::TimeDelta::try_days(days)?)?;
    Some((date, rest))
}

/// 12-10, 12/10: only where nothing else can be meant.
fn figures(text: &str, today: NaiveDate, toward: Toward) -> Option<(NaiveDate, &str)> {
    let (month, rest) = number(text, 2)?;
    let rest = rest.strip_prefix(vocabulary::BETWEEN)?;
    let (day, rest) = number(rest, 2)?;
    let of = |year| NaiveDate::from_ymd_opt(year, month, day);
    Some((nearest(of, today, toward)?, rest))
}

/// 12月, 2025年6月: the last day of the month.
fn month_alone(text: &str, today: NaiveDate, toward: Toward) -> Option<NaiveDate> {
    let text = text
        .strip_suffix(vocabulary::MONTHLY)
        .or_else(|| text.strip_suffix(vocabulary::MONTH))?;
    let ending = vocabulary::PARTS[3].0;
    let spelled = format!("{text}{}{ending}", vocabulary::MONTH);
    at(&spelled, today, toward)
        .filter(|(_, rest)| rest.is_empty())
        .map(|(date, _)| date)
}

/// At most `most` digits at the beginning of a text.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    if end == 0 || end > most {
        return None;
    }
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests;
