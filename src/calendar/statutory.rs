//! The 13 statutory days (法定节假日) of a year, by the State Council's rules of 2024 (国令第795号), computed once a year.

use std::sync::OnceLock;

use chrono::{Days, NaiveDate};
use tyme4rs::tyme::lunar::LunarDay;
use tyme4rs::tyme::solar::{SolarDay, SolarTerm};

use super::{Exceptions, is_weekend};

/// Years whose lunar dates are computed; others have plain weekends.
const FIRST_YEAR: i32 = 2000;
const YEARS: usize = 200;

/// Index of 清明 among the 24 solar terms from 冬至.
const QINGMING: isize = 7;

type Days13 = [NaiveDate; 13];

static CACHE: [OnceLock<Option<(Days13, Exceptions)>>; YEARS] = [const { OnceLock::new() }; YEARS];

/// The statutory days of a year from 2000 to 2199, ascending; none of another.
pub fn statutory_days(year: i32) -> Option<&'static [NaiveDate]> {
    of_year(year).map(|(days, _)| days.as_slice())
}

pub(super) fn exceptions(year: i32) -> Option<&'static Exceptions> {
    of_year(year).map(|(_, exceptions)| exceptions)
}

fn of_year(year: i32) -> Option<&'static (Days13, Exceptions)> {
    let index = usize::try_from(year.checked_sub(FIRST_YEAR)?).ok()?;
    let compute = || {
        let days = compute(year)?;
        let exceptions = Exceptions {
            weekdays_off: days
                .iter()
                .copied()
                .filter(|day| !is_weekend(*day))
                .collect(),
            weekends_worked: Vec::new(),
        };
        Some((days, exceptions))
    };
    CACHE.get(index)?.get_or_init(compute).as_ref()
}

fn compute(year: i32) -> Option<Days13> {
    let date = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let lunar = |month, day| {
        of_solar(
            LunarDay::new(year as isize, month, day)
                .ok()?
                .get_solar_day(),
        )
    };
    let spring = lunar(1, 1)?;
    let mut days = [
        date(1, 1)?,
        spring.checked_sub_days(Days::new(1))?,
        spring,
        spring.checked_add_days(Days::new(1))?,
        spring.checked_add_days(Days::new(2))?,
        of_solar(SolarTerm::from_index(year as isize, QINGMING).get_solar_day())?,
        date(5, 1)?,
        date(5, 2)?,
        lunar(5, 5)?,
        lunar(8, 15)?,
        date(10, 1)?,
        date(10, 2)?,
        date(10, 3)?,
    ];
    days.sort_unstable();
    Some(days)
}

fn of_solar(day: SolarDay) -> Option<NaiveDate> {
    let year = i32::try_from(day.get_year()).ok()?;
    let month = u32::try_from(day.get_month()).ok()?;
    NaiveDate::from_ymd_opt(year, month, u32::try_from(day.get_day()).ok()?)
}
