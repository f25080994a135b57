//! Axes of a plot: where days and values lie, and which of them are named. Decimals and whole days alone, so that the same values
//! always lie on the same pixel.

use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// Most names below a plot.
const MOST_DAYS: usize = 5;
/// Steps between two values that are named, at most.
const STEPS: u32 = 3;

/// Days from left to right.
#[derive(Debug, Clone, Copy)]
pub struct DayAxis {
    /// First day and last day.
    pub days: (NaiveDate, NaiveDate),
    /// Where they lie.
    pub pixels: (i32, i32),
}

/// Values from below to above.
#[derive(Debug, Clone, Copy)]
pub struct ValueAxis {
    /// Least value and greatest.
    values: (Decimal, Decimal),
    /// Where they lie: the lower end and the upper end.
    pixels: (i32, i32),
    /// Between two values that are named.
    step: Decimal,
}

impl DayAxis {
    /// Where a day lies.
    pub fn at(&self, day: NaiveDate) -> i32 {
        let (first, last) = self.days;
        let (left, right) = self.pixels;
        let whole = (last - first).num_days().max(1);
        let gone = (day - first).num_days().clamp(0, whole);
        let pixels = i64::from(right - left) * gone / whole;
        left + i32::try_from(pixels).unwrap_or(0)
    }

    /// The days to name: first days of months in steps of 1, 2, 3, 6, 12 months or more; in a short span, days apart by weeks.
    pub fn named(&self) -> Vec<NaiveDate> {
        let (first, last) = self.days;
        let months = months_of(last) - months_of(first);
        if months < 2 {
            let weeks = (last - first).num_days() / 7;
            let step = u64::try_from(weeks)
                .unwrap_or(0)
                .div_ceil(MOST_DAYS as u64)
                .max(1);
            let days = (0..MOST_DAYS as u64).filter_map(|at| {
                let back = Days::new(at * step * 7);
                last.checked_sub_days(back).filter(|day| *day >= first)
            });
            let mut days: Vec<NaiveDate> = days.collect();
            days.reverse();
            return days;
        }
        let fits = |step: &u32| months / *step < MOST_DAYS as u32;
        let step = [1, 2, 3, 6].into_iter().find(fits);
        let years = (1..).map(|years| years * 12).find(fits);
        let step = step.or(years).unwrap_or(12);
        let mut day = first.with_day(1).unwrap_or(first);
        while day < first || !months_of(day).is_multiple_of(step) {
            let Some(next) = day.checked_add_months(Months::new(1)) else {
                return Vec::new();
            };
            day = next;
        }
        let mut days = Vec::new();
        while day <= last {
            days.push(day);
            let Some(next) = day.checked_add_months(Months::new(step)) else {
                break;
            };
            day = next;
        }
        days
    }

    /// Whether they are named by their months alone.
    pub fn names_months(&self) -> bool {
        months_of(self.days.1) - months_of(self.days.0) >= 2
    }
}

/// Months since the year 0.
fn months_of(day: NaiveDate) -> u32 {
    u32::try_from(day.year()).unwrap_or(0) * 12 + day.month0()
}

impl ValueAxis {
    /// An axis that holds these values between its ends, zero too where it is `whole`; none where there is no value, or one past
    /// what can be reckoned with.
    pub fn holding(
        values: impl IntoIterator<Item = Decimal>,
        whole: bool,
        pixels: (i32, i32),
    ) -> Option<Self> {
        let values: Vec<Decimal> = values.into_iter().collect();
        let (least, most) = (*values.iter().min()?, *values.iter().max()?);
        let span = most.checked_sub(least)?;
        // Zero belongs to a count, not to a level that moves far from it.
        let far = most.checked_div(Decimal::TWO)?;
        let from_zero = least >= Decimal::ZERO && (whole || least <= far || span.is_zero());
        let low = if from_zero { Decimal::ZERO } else { least };
        let span = match span.is_zero() && !from_zero {
            true => least.abs().max(Decimal::ONE),
            false => most.checked_sub(low)?.max(span),
        };
        let span = if span.is_zero() { Decimal::ONE } else { span };
        let step = nice(span.checked_div(Decimal::from(STEPS))?)?;
        let low = low.checked_div(step)?.floor().checked_mul(step)?;
        // What lies on the lower end would hide in it.
        let low = match !from_zero && low == least {
            true => low.checked_sub(step)?,
            false => low,
        };
        // Room above for what is written there.
        let high = most.checked_add(step.checked_div(Decimal::TWO)?)?;
        let high = high.max(low.checked_add(step)?);
        Some(Self {
            values: (low, high),
            pixels,
            step,
        })
    }

    /// Where a value lies.
    pub fn at(&self, value: Decimal) -> Option<i32> {
        let (low, high) = self.values;
        let (base, top) = self.pixels;
        let whole = high.checked_sub(low)?;
        let gone = value.checked_sub(low)?.clamp(Decimal::ZERO, whole);
        let share = gone.checked_div(whole)?;
        let pixels = share.checked_mul(Decimal::from(base - top))?.round();
        Some(base - pixels.to_i32()?)
    }

    /// The values to name, from below.
    pub fn named(&self) -> Vec<Decimal> {
        let (low, high) = self.values;
        let steps = std::iter::successors(Some(low), |value| value.checked_add(self.step));
        steps.take_while(|value| *value <= high).take(16).collect()
    }
}

/// The least of 1, 2, 5, 10, 20, … and of their tenths that is not less.
fn nice(least: Decimal) -> Option<Decimal> {
    let mut unit = Decimal::ONE;
    while unit < least {
        unit = unit.checked_mul(Decimal::TEN)?;
    }
    // The smallest step a decimal holds ends this.
    while let Some(tenth) = unit
        .checked_div(Decimal::TEN)
        .filter(|tenth| *tenth >= least && !tenth.is_zero())
    {
        unit = tenth;
    }
    let parts = [2, 5].map(|part| unit.checked_mul(Decimal::new(part, 1)));
    parts
        .into_iter()
        .flatten()
        .find(|part| *part >= least)
        .or(Some(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn named(values: &[&str]) -> String {
        let axis = ValueAxis::holding(values.iter().map(|it| number(it)), false, (100, 0)).unwrap();
        let named = axis
            .named()
            .into_iter()
            .map(|it| it.normalize().to_string());
        named.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn values_are_named_in_round_steps_from_zero_or_near_the_least() {
        assert_eq!(named(&["0", "10"]), "0 5 10");
        assert_eq!(named(&["3", "22"]), "0 10 20");
        assert_eq!(named(&["7.5", "8.2"]), "7 7.5 8");
        assert_eq!(named(&["0.0003"]), "0 0.0001 0.0002 0.0003");
        assert_eq!(named(&["0"]), "0 0.5");
        assert_eq!(named(&["-3", "5"]), "-5 0 5");
        assert_eq!(named(&["97.5", "97.5"]), "0 50 100");
        assert_eq!(named(&["-2"]), "-3 -2");
    }

    #[test]
    fn every_value_lies_within_and_what_no_decimal_holds_has_no_axis() {
        let values = ["0", "0.1", "7", "9000000000000", "-4"].map(number);
        let axis = ValueAxis::holding(values, false, (480, 200)).unwrap();
        for value in values {
            assert!((200..=480).contains(&axis.at(value).unwrap()), "{value}");
        }
        assert!(axis.named().len() <= 16);
        assert!(ValueAxis::holding([], true, (100, 0)).is_none());
        assert!(ValueAxis::holding([Decimal::MIN, Decimal::MAX], false, (100, 0)).is_none());
        let tiny = Decimal::new(1, 28);
        let tiny = ValueAxis::holding([tiny, Decimal::MAX], false, (100, 0));
        assert!(tiny.is_none_or(|axis| axis.named().len() <= 16));
    }

    #[test]
    fn days_are_named_by_months_and_in_a_short_span_by_weeks() {
        let named = |from, to| {
            let axis = DayAxis {
                days: (day(from), day(to)),
                pixels: (0, 100),
            };
            let days = axis.named();
            assert!(days.len() <= 6, "{days:?}");
            let shown = days.iter().map(ToString::to_string);
            shown.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(named("2026-09-04", "2026-11-27"), "2026-10-01 2026-11-01");
        assert_eq!(
            named("2024-08-05", "2027-12-31"),
            "2025-01-01 2026-01-01 2027-01-01"
        );
        assert_eq!(
            named("2026-01-01", "2026-12-31"),
            "2026-01-01 2026-04-01 2026-07-01 2026-10-01"
        );
        assert_eq!(
            named("2026-10-30", "2026-11-27"),
            "2026-10-30 2026-11-06 2026-11-13 2026-11-20 2026-11-27"
        );
        assert_eq!(named("2026-11-27", "2026-11-28"), "2026-11-28");
        assert!(!named("0000-01-01", "9999-12-31").is_empty());
    }

    #[test]
    fn days_lie_between_their_pixels() {
        let axis = DayAxis {
            days: (day("2026-11-01"), day("2026-11-11")),
            pixels: (100, 200),
        };
        let at = ["2026-10-01", "2026-11-01", "2026-11-06", "2026-12-01"];
        assert_eq!(at.map(|it| axis.at(day(it))), [100, 100, 150, 200]);
    }
}
