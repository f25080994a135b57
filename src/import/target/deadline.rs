//! Deadlines: 到2025年, 2025年6月底前, 年内, 每年, 2024—2027年.

mod vocabulary;

use chrono::{Datelike, Months, NaiveDate};

use super::vocabulary::CHANGES;
use crate::import::outline::vocabulary::{DAYS, MONTH};
use crate::import::vocabulary::{DASH, YEAR, written_year};
use crate::import::{longest, starts_with};
use crate::plan::Recurrence;
use vocabulary::{
    DATE_SIGNS, EARLIER, EVERY_YEAR, FIRST_PARTS, FIVE_YEARS, MONTH_ENDS, MONTH_TAIL, NEXT_YEAR,
    OPEN_YEAR, PART_ENDS, PART_OF_MONTH, PARTS_OF_YEAR, THIS_YEAR, UNTIL, YEAR_ENDS, YEARLY_MEAN,
};

/// Years a deadline may name.
const YEARS: std::ops::Range<u32> = 1990..2100;

/// A deadline as written and as computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) struct Deadline {
    /// In the words of the text.
    pub written: String,
    /// The day; a yearly one's first.
    pub due: NaiveDate,
    /// 每年 or once.
    pub recurrence: Recurrence,
    /// Whether the year is not written: 年内, 6月底前.
    pub year_inferred: bool,
    /// Whether it opens a sentence and counts for all of it: 到2025年，…
    pub until: bool,
}

/// The deadline that a run begins with, and its length.
pub(super) fn deadline(run: &[char], starts: NaiveDate) -> Option<(Deadline, usize)> {
    let until = longest(run, &UNTIL).unwrap_or(0);
    let found = in_digits(&run[until..])
        .or_else(|| year(&run[until..], starts))
        .or_else(|| five_years(&run[until..]))
        .or_else(|| (until == 0).then(|| every_year(run, starts))?)
        .or_else(|| this_year(&run[until..], starts))
        .or_else(|| part_of_year(&run[until..], starts));
    let (due, length, year_inferred, recurrence) = found?;
    let length = until + length;
    let written = run[..length].iter().collect();
    Some((
        Deadline {
            written,
            due,
            recurrence,
            year_inferred,
            until: until > 0,
        },
        length,
    ))
}

type Found = (NaiveDate, usize, bool, Recurrence);

/// The digits of a number at the start of a run.
fn digits(run: &[char], most: usize) -> Option<(u32, usize)> {
    let length = run
        .iter()
        .take(most + 1)
        .take_while(|c| c.is_ascii_digit())
        .count();
    let value = run[..length]
        .iter()
        .try_fold(0_u32, |value, c| Some(value * 10 + c.to_digit(10)?))?;
    (1..=most).contains(&length).then_some((value, length))
}

fn year(run: &[char], starts: NaiveDate) -> Option<Found> {
    let (mut year, mut at) = digits(run, 4).or_else(|| written_year(run))?;
    if !YEARS.contains(&year) {
        return month_alone(run, starts);
    }
    at += usize::from(run.get(at) == Some(&YEAR));
    let named = run.get(at.checked_sub(1)?) == Some(&YEAR);
    // 2024—2027年 and 2024年至2027年: the last year counts.
    let through = [DASH, UNTIL[0].chars().next()?, UNTIL[1].chars().next()?];
    if run.get(at).is_some_and(|c| through.contains(c))
        && let Some((last, length)) =
            digits(&run[at + 1..], 4).filter(|(last, _)| YEARS.contains(last) && *last >= year)
        && run.get(at + 1 + length) == Some(&YEAR)
    {
        (year, at) = (last, at + length + 2);
    } else if !named {
        return None;
    }
    let year = i32::try_from(year).ok()?;
    let (mut due, length) = within_year(&run[at..], year)?;
    at += length;
    if let Some((last, length)) = through_month(&run[at..], year).filter(|(last, _)| *last >= due) {
        (due, at) = (last, at + length);
    }
    Some((due, at, false, Recurrence::Once))
}

/// The rest of 2024年9月—12月, or of 2024年9月至2025年3月: the last month counts.
fn through_month(run: &[char], year: i32) -> Option<(NaiveDate, usize)> {
    let joins = [DASH, UNTIL[0].chars().next()?, UNTIL[1].chars().next()?];
    let rest = run.strip_prefix(&[*run.first().filter(|c| joins.contains(c))?])?;
    let (year, at) = match digits(rest, 4).filter(|(year, _)| YEARS.contains(year)) {
        Some((year, length)) if rest.get(length) == Some(&YEAR) => {
            (i32::try_from(year).ok()?, length + 1)
        }
        Some(_) | None => (year, 0),
    };
    let (due, length) = month(&rest[at..], year)?;
    Some((due, 1 + at + length))
}

/// What stands behind a year: a month, a day, a half, a quarter, its end or nothing.
fn within_year(run: &[char], year: i32) -> Option<(NaiveDate, usize)> {
    if let Some(found) = month(run, year) {
        return Some(found);
    }
    let end = YEAR_ENDS
        .iter()
        .filter(|(word, _)| starts_with(run, word))
        .max_by_key(|(word, _)| word.len());
    let (month, mut length) = end.map_or((12, 0), |(word, month)| (*month, word.chars().count()));
    length += longest(&run[length..], &EARLIER).unwrap_or(0);
    Some((last_of(year, month)?, length))
}

fn month(run: &[char], year: i32) -> Option<(NaiveDate, usize)> {
    let (mut month, mut at) = digits(run, 2)?;
    // 9—12月: the last month counts.
    if run.get(at) == Some(&DASH)
        && let Some((last, length)) = digits(&run[at + 1..], 2)
    {
        (month, at) = (last, at + 1 + length);
    }
    if run.get(at) != Some(&MONTH) || !(1..=12).contains(&month) {
        return None;
    }
    at += 1;
    let mut due = last_of(year, month)?;
    if run.get(at) == Some(&MONTH_TAIL) {
        at += 1;
    } else if let Some((word, day)) = PART_OF_MONTH
        .iter()
        .find(|(word, _)| starts_with(&run[at..], word))
    {
        due = NaiveDate::from_ymd_opt(year, month, *day).unwrap_or(due);
        at += word.chars().count();
    }
    if let Some((day, length)) = digits(&run[at..], 2)
        && run.get(at + length).is_some_and(|c| DAYS.contains(c))
    {
        due = NaiveDate::from_ymd_opt(year, month, day)?;
        at += length + 1;
    }
    at += longest(&run[at..], &MONTH_ENDS).unwrap_or(0);
    Some((due, at))
}

/// 2025.6.30, 2025-06-30, 2025/6/30前; also without a day where nothing else follows or 前: 2025.12.
fn in_digits(run: &[char]) -> Option<Found> {
    let (year, at) = digits(run, 4).filter(|(year, _)| YEARS.contains(year))?;
    let sign = *run.get(at).filter(|c| DATE_SIGNS.contains(c))?;
    let (month, length) =
        digits(&run[at + 1..], 2).filter(|(month, _)| (1..=12).contains(month))?;
    let at = at + 1 + length;
    let year = i32::try_from(year).ok()?;
    let day = run[at..]
        .strip_prefix(&[sign])
        .and_then(|rest| digits(rest, 2));
    let (due, mut end) = match day {
        Some((day, length)) => (NaiveDate::from_ymd_opt(year, month, day)?, at + 1 + length),
        None => (last_of(year, month)?, at),
    };
    let tail = longest(&run[end..], &MONTH_ENDS);
    if day.is_none() && tail.is_none() && end < run.len() {
        return None;
    }
    end += tail.unwrap_or(0);
    Some((due, end, false, Recurrence::Once))
}

/// 6月底前, 10月份, 3月15日, 4月至5月: the next one after the plan was published.
fn month_alone(run: &[char], starts: NaiveDate) -> Option<Found> {
    let (mut due, mut length) = month(run, starts.year())?;
    let bare = run.get(length - 1) == Some(&MONTH);
    let through = bare
        .then(|| through_month(&run[length..], starts.year()))
        .flatten();
    let range = run[..length].contains(&DASH);
    match through {
        Some((last, more)) if last >= due => (due, length) = (last, length + more),
        Some(_) | None if bare && !range => return None,
        Some(_) | None => {}
    }
    Some((upcoming(due, starts)?, length, true, Recurrence::Once))
}

/// A day without a year, in the year that begins with the plan.
fn upcoming(due: NaiveDate, starts: NaiveDate) -> Option<NaiveDate> {
    if due < starts {
        due.checked_add_months(Months::new(12))
    } else {
        Some(due)
    }
}

/// 上半年, 三季度末, 前三季度.
fn part_of_year(run: &[char], starts: NaiveDate) -> Option<Found> {
    let first = usize::from(run.first() == Some(&FIRST_PARTS));
    let (word, month) = YEAR_ENDS
        .iter()
        .filter(|(word, _)| PARTS_OF_YEAR.iter().any(|part| word.ends_with(part)))
        .filter(|(word, _)| starts_with(&run[first..], word))
        .max_by_key(|(word, _)| word.len())?;
    let length = first + word.chars().count();
    let tail = longest(&run[length..], &PART_ENDS);
    let half = word.ends_with(PARTS_OF_YEAR[0]);
    if tail.is_none() && first == 0 && !half {
        return None;
    }
    let due = upcoming(last_of(starts.year(), *month)?, starts)?;
    Some((due, length + tail.unwrap_or(0), true, Recurrence::Once))
}

fn five_years(run: &[char]) -> Option<Found> {
    let (word, year) = FIVE_YEARS.iter().find(|(word, _)| starts_with(run, word))?;
    let at = word.chars().count();
    let (due, length) = within_year(&run[at..], *year)?;
    (length > 0).then_some((due, at + length, false, Recurrence::Once))
}

fn every_year(run: &[char], starts: NaiveDate) -> Option<Found> {
    // 年均新增5家 is so many a year; 年均增长5% is a rate.
    let mean = starts_with(run, YEARLY_MEAN)
        .then(|| YEARLY_MEAN.chars().count())
        .filter(|at| {
            !CHANGES
                .iter()
                .any(|(word, _)| starts_with(&run[*at..], word))
        });
    let length = longest(run, &EVERY_YEAR).or(mean)?;
    Some((
        last_of(starts.year(), 12)?,
        length,
        false,
        Recurrence::Yearly,
    ))
}

fn this_year(run: &[char], starts: NaiveDate) -> Option<Found> {
    let next = NEXT_YEAR
        .iter()
        .find(|word| starts_with(run, word))
        .map(|word| word.chars().count());
    let length = next.or_else(|| longest(run, &THIS_YEAR))?;
    let year = starts.year() + i32::from(next.is_some());
    let named = next.is_some()
        || OPEN_YEAR
            .iter()
            .any(|word| run[..length].iter().copied().eq(word.chars()));
    // 今年6月底前, 明年上半年: the part counts, not the year's end.
    let (due, more) = within_year(&run[length..], year)
        .filter(|_| named)
        .unwrap_or((last_of(year, 12)?, 0));
    Some((due, length + more, true, Recurrence::Once))
}

fn last_of(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)?
        .checked_add_months(Months::new(1))?
        .pred_opt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> String {
        let run: Vec<char> = source.chars().collect();
        let starts = NaiveDate::from_ymd_opt(2024, 8, 5).unwrap();
        deadline(&run, starts).map_or("-".to_owned(), |(found, length)| {
            let (yearly, inferred) = (found.recurrence == Recurrence::Yearly, found.year_inferred);
            format!(
                "{} {}{}{} +{}",
                found.written,
                found.due,
                if yearly { " yearly" } else { "" },
                if inferred { " ?" } else { "" },
                run.len() - length
            )
        })
    }

    #[test]
    fn deadlines_are_read_in_all_their_forms() {
        assert_eq!(read("到2025年，"), "到2025年 2025-12-31 +1");
        assert_eq!(read("2025年底前完成"), "2025年底前 2025-12-31 +2");
        assert_eq!(read("到2025年年底，"), "到2025年年底 2025-12-31 +1");
        assert_eq!(read("2025年6月底"), "2025年6月底 2025-06-30 +0");
        assert_eq!(read("2025年6月15日前"), "2025年6月15日前 2025-06-15 +0");
        assert_eq!(read("2026年上半年"), "2026年上半年 2026-06-30 +0");
        assert_eq!(read("2026年第三季度"), "2026年第三季度 2026-09-30 +0");
        assert_eq!(read("2024—2027年，"), "2024—2027年 2027-12-31 +1");
        assert_eq!(read("2024年至2027年"), "2024年至2027年 2027-12-31 +0");
        assert_eq!(read("年内开工"), "年内 2024-12-31 ? +2");
        assert_eq!(read("6月底前"), "6月底前 2025-06-30 ? +0");
        assert_eq!(read("每年2场"), "每年 2024-12-31 yearly +2");
        assert_eq!(read("“十四五”末"), "“十四五”末 2025-12-31 +0");
        assert_eq!(read("2024年9月—12月）"), "2024年9月—12月 2024-12-31 +1");
        assert_eq!(
            read("2024年9月至2025年3月底"),
            "2024年9月至2025年3月底 2025-03-31 +0"
        );
        assert_eq!(read("2025年9—11月"), "2025年9—11月 2025-11-30 +0");
        assert_eq!(read("2025年6月中旬"), "2025年6月中旬 2025-06-20 +0");
        assert_eq!(read("年均不少于"), "年均 2024-12-31 yearly +3");
        assert_eq!(read("年均增长"), "-");
        assert_eq!(read("全年更新"), "全年 2024-12-31 ? +2");
        assert_eq!(read("今年6月底前"), "今年6月底前 2024-06-30 ? +0");
        assert_eq!(read("明年上半年"), "明年上半年 2025-06-30 ? +0");
        assert_eq!(read("10月份开展"), "10月份 2024-10-31 ? +2");
        assert_eq!(read("3月15日开展"), "3月15日 2025-03-15 ? +2");
        assert_eq!(read("4月至5月"), "4月至5月 2025-05-31 ? +0");
        assert_eq!(read("9—10月，"), "9—10月 2024-10-31 ? +1");
        assert_eq!(read("三季度末完成"), "三季度末 2024-09-30 ? +2");
        assert_eq!(read("第二季度前"), "第二季度前 2025-06-30 ? +0");
        assert_eq!(read("前三季度"), "前三季度 2024-09-30 ? +0");
        assert_eq!(read("下半年开展"), "下半年 2024-12-31 ? +2");
        assert_eq!(read("2025.6.30前"), "2025.6.30前 2025-06-30 +0");
        assert_eq!(read("2025—06—30"), "2025—06—30 2025-06-30 +0");
        assert_eq!(read("2025/12/31"), "2025/12/31 2025-12-31 +0");
        assert_eq!(read("2025.12"), "2025.12 2025-12-31 +0");
        assert_eq!(read("到二〇二七年"), "到二〇二七年 2027-12-31 +0");
    }

    #[test]
    fn what_is_no_deadline_is_none() {
        for source in ["2025家", "到位", "3月", "22个", "2025.6万元", "三季度", ""] {
            assert_eq!(read(source), "-", "{source}");
        }
    }
}
