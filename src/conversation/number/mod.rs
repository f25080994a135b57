//! Numbers as people type them → decimals in base units, or a question back, or the reason why not.

mod numeral;
mod vocabulary;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::plan::{RATIO, UnitOfMeasure};
use numeral::Numeral;

/// Characters a typed number may have; longer texts are sentences.
pub const MOST_TYPED: usize = 40;

/// Values lie within a trillion base units of the shown unit, far from where decimals end.
const MOST_VALUE: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);

/// What is known of the number asked for.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Unit of measure of the target.
    pub unit: &'a UnitOfMeasure,
    /// Target, in base units.
    pub target: Option<Decimal>,
    /// Last value, in base units.
    pub last: Option<Decimal>,
    /// Whether it can be below zero (a growth rate).
    pub negative: bool,
}

/// What a typed number means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// One value, in base units.
    Accepted(Decimal),
    /// Something to be asked back.
    Ambiguous(Ambiguity),
    /// Not a number that can be taken.
    Refused(Refusal),
}

/// A number with more than one meaning, or one that was not meant exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ambiguity {
    /// As typed.
    pub typed: String,
    /// What it may mean, in base units, likeliest first; never empty.
    pub readings: Vec<Decimal>,
    /// Why it is asked.
    pub why: Unsure,
}

/// Why a number is asked back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsure {
    /// Read in the base unit it is nearer to the last value: 0.4 or 4000 万辆.
    ScaleForgotten,
    /// 8/10 where the target is not 10.
    Fraction,
    /// 约8座.
    Rough,
}

/// Why a text is not taken as the number asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// So many characters are a sentence.
    TooLong(usize),
    /// There is no number in it.
    NotANumber,
    /// A number and more: the words come later.
    MoreThanANumber,
    /// 8到10.
    Range,
    /// 8+2.
    Sum,
    /// Below zero where that cannot be.
    Negative,
    /// Another unit of measure, as typed.
    OtherUnit(String),
    /// Commas or points that group no thousands.
    Grouping,
    /// Larger than anything counted here.
    TooLarge,
}

/// Reads a number. Takes time linear in the length of `typed` and never fails on any text.
pub fn read(typed: &str, expected: &Expected<'_>) -> Reading {
    let length = typed.trim().chars().count();
    if length > MOST_TYPED {
        return Reading::Refused(Refusal::TooLong(length));
    }
    let folded = vocabulary::folded(typed);
    match meaning(&folded, expected) {
        Ok(meaning) => reading(typed, meaning, expected),
        Err(refusal) => Reading::Refused(refusal),
    }
}

/// The small whole number at the beginning of a text, in digits or words, and what follows; for dates and counts.
pub(super) fn small(text: &str) -> Option<(u32, &str)> {
    let (numeral, rest) = numeral::take(text, &|_| false).ok()??;
    let whole = numeral.value.is_integer().then_some(numeral.value)?;
    Some((u32::try_from(whole).ok()?, rest))
}

/// A number with everything around it taken into account, in base units.
struct Meaning {
    value: Decimal,
    /// The value when the number is read in the base unit; none when its unit was spelled out.
    bare: Option<Decimal>,
    /// The number on the other side of a slash.
    out_of: Option<Decimal>,
    rough: bool,
}

struct Quantity {
    value: Decimal,
    bare: Option<Decimal>,
    rough: bool,
}

fn reading(typed: &str, meaning: Meaning, expected: &Expected<'_>) -> Reading {
    let values = [Some(meaning.value), meaning.bare, meaning.out_of];
    for value in values.into_iter().flatten() {
        if value < Decimal::ZERO && !expected.negative {
            return Reading::Refused(Refusal::Negative);
        }
        if value.abs() > MOST_VALUE.saturating_mul(expected.unit.scale.max(Decimal::ONE)) {
            return Reading::Refused(Refusal::TooLarge);
        }
    }
    let ask = |readings, why| {
        Reading::Ambiguous(Ambiguity {
            typed: typed.trim().to_owned(),
            readings,
            why,
        })
    };
    if let Some(out_of) = meaning
        .out_of
        .filter(|out_of| Some(*out_of) != expected.target)
    {
        return ask(
            fraction_readings(meaning.value, out_of, expected),
            Unsure::Fraction,
        );
    }
    let bare = meaning.bare.filter(|bare| *bare != meaning.value);
    match bare {
        Some(bare) if is_nearer(bare, meaning.value, expected) => {
            ask(vec![bare, meaning.value], Unsure::ScaleForgotten)
        }
        Some(_) | None if meaning.rough => ask(vec![meaning.value], Unsure::Rough),
        Some(_) | None => Reading::Accepted(meaning.value),
    }
}

/// 8/10 is 8, or for a percentage perhaps 80.
fn fraction_readings(value: Decimal, out_of: Decimal, expected: &Expected<'_>) -> Vec<Decimal> {
    let share = value.checked_div(out_of);
    let percent = (expected.unit.shown == vocabulary::PERCENT)
        .then(|| share.and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED)))
        .flatten();
    let percent = percent.map(|percent| percent.round_dp(2).normalize());
    percent.into_iter().chain([value]).collect()
}

/// Whether `bare` lies nearer than `shown` to the last value (or, without one, the target), in proportion.
fn is_nearer(bare: Decimal, shown: Decimal, expected: &Expected<'_>) -> bool {
    let positive = |value: &Decimal| *value > Decimal::ZERO;
    let last = expected.last.filter(positive);
    let Some(near) = last.or(expected.target).filter(positive) else {
        return false;
    };
    let distance = |value: Decimal| {
        let (small, large) = (value.min(near), value.max(near));
        small.checked_div(large).filter(positive)
    };
    match (distance(bare), distance(shown)) {
        (Some(bare), Some(shown)) => bare > shown,
        (Some(_), None) => positive(&bare) && positive(&shown),
        (None, _) => false,
    }
}

fn meaning(folded: &str, expected: &Expected<'_>) -> Result<Meaning, Refusal> {
    let (text, rough_before) = without_leads(folded);
    let text = without_tails(text);
    if expected.unit.shown == RATIO
        && let Some(ratio) = ratio(text)?
    {
        return Ok(Meaning {
            value: ratio,
            bare: None,
            out_of: None,
            rough: rough_before,
        });
    }
    let (quantity, rest) = quantity(text, expected)?;
    let rough = rough_before || quantity.rough;
    let Quantity { value, bare, .. } = quantity;
    let whole = |out_of| Meaning {
        value,
        bare,
        out_of,
        rough,
    };
    if rest.is_empty() {
        return Ok(whole(None));
    }
    if let Some(behind) = rest.strip_prefix('/') {
        let (other, rest) = quantity_behind(behind, expected)?;
        if rest.is_empty() {
            return Ok(whole(Some(other.value)));
        }
    }
    Err(joined(rest, expected))
}

/// Why a number with something behind it is not taken.
fn joined(rest: &str, expected: &Expected<'_>) -> Refusal {
    let number_behind = |signs: &[&str]| {
        let behind = signs.iter().find_map(|sign| rest.strip_prefix(sign));
        behind.is_some_and(|behind| quantity(behind.trim_start(), expected).is_ok())
    };
    if number_behind(&vocabulary::RANGE) {
        return Refusal::Range;
    }
    if number_behind(&vocabulary::SUM) {
        return Refusal::Sum;
    }
    Refusal::MoreThanANumber
}

fn quantity_behind<'t>(
    behind: &'t str,
    expected: &Expected<'_>,
) -> Result<(Quantity, &'t str), Refusal> {
    quantity(behind.trim_start(), expected)
}

/// A sign, a numeral and its unit of measure at the beginning of `text`, and what follows.
fn quantity<'t>(text: &'t str, expected: &Expected<'_>) -> Result<(Quantity, &'t str), Refusal> {
    let minus = vocabulary::MINUS
        .iter()
        .find_map(|minus| text.strip_prefix(minus));
    let plus = vocabulary::PLUS
        .iter()
        .filter(|_| expected.negative)
        .find_map(|plus| text.strip_prefix(plus));
    let unsigned = minus.or(plus).unwrap_or(text).trim_start();
    let percent = unsigned.strip_prefix(vocabulary::PER_HUNDRED);
    let is_unit = |rest: &str| vocabulary::same_unit(rest, &expected.unit.shown);
    let taken = numeral::take(percent.unwrap_or(unsigned), &is_unit)?;
    let (mut numeral, rest) = taken.ok_or(Refusal::NotANumber)?;
    if minus.is_some() {
        numeral.value = -numeral.value;
    }
    let rest = rest.trim_start();
    let rough = vocabulary::ROUGH_TAILS
        .iter()
        .find_map(|tail| rest.strip_prefix(tail));
    let rest = rough.unwrap_or(rest).trim_start();
    if percent.is_some() {
        return Ok((counted(numeral, vocabulary::PERCENT, expected)?, rest));
    }
    let (unit, behind) = split_unit(rest);
    let rough_behind = vocabulary::ROUGH_TAILS
        .iter()
        .find_map(|tail| unit.strip_suffix(tail));
    let mut quantity = match counted(numeral, rough_behind.unwrap_or(unit), expected) {
        Err(Refusal::OtherUnit(_)) if behind.starts_with(|c: char| c.is_ascii_digit()) => {
            return Err(Refusal::MoreThanANumber);
        }
        counted => counted?,
    };
    quantity.rough = rough.is_some() || rough_behind.is_some();
    Ok((quantity, behind))
}

/// The word behind a number up to the next sign or digit.
fn split_unit(rest: &str) -> (&str, &str) {
    let ends = |c: char| !(c.is_alphabetic() || c == '%' || c == '㎡' || c == '²');
    let joins = vocabulary::RANGE.iter().chain(&vocabulary::SUM);
    let joined = joins.filter_map(|sign| rest.find(sign)).min();
    let end = rest.find(ends).unwrap_or(rest.len());
    let squared = rest[end..].starts_with('2') && rest[..end].ends_with('m');
    let end = if squared { end + 1 } else { end };
    rest.split_at(end.min(joined.unwrap_or(end)))
}

/// A numeral in the unit typed behind it.
fn counted(numeral: Numeral, unit: &str, expected: &Expected<'_>) -> Result<Quantity, Refusal> {
    let shown = expected
        .unit
        .to_base(numeral.value)
        .ok_or(Refusal::TooLarge)?;
    let quantity = |value, bare| {
        Ok(Quantity {
            value,
            bare,
            rough: false,
        })
    };
    if unit.is_empty() {
        return match numeral.spelled {
            true => quantity(numeral.value, None),
            false => quantity(shown, Some(numeral.value)),
        };
    }
    if vocabulary::same_unit(unit, &expected.unit.shown) {
        return quantity(shown, None);
    }
    if vocabulary::same_unit(unit, &expected.unit.base) {
        return quantity(numeral.value, None);
    }
    Err(other_unit(unit))
}

/// A short word is a unit of measure; a longer one is a sentence.
fn other_unit(unit: &str) -> Refusal {
    /// Characters of the longest unit of measure people type, as in 平方公里.
    const MOST_UNIT: usize = 4;
    match unit.chars().count() <= MOST_UNIT {
        true => Refusal::OtherUnit(unit.to_owned()),
        false => Refusal::MoreThanANumber,
    }
}

/// 0.8:1, 0.8比1, 4:5; none without a ratio's sign.
fn ratio(text: &str) -> Result<Option<Decimal>, Refusal> {
    let nothing = |_: &str| false;
    let Some((left, rest)) = numeral::take(text, &nothing)? else {
        return Ok(None);
    };
    let rest = rest.trim_start();
    let behind = vocabulary::RATIO_SIGNS
        .iter()
        .find_map(|sign| rest.strip_prefix(sign));
    let Some(behind) = behind else {
        return Ok(None);
    };
    match numeral::take(behind.trim_start(), &nothing)? {
        Some((right, "")) if right.value > Decimal::ZERO => {
            let ratio = left
                .value
                .checked_div(right.value)
                .ok_or(Refusal::TooLarge)?;
            Ok(Some(ratio.round_dp(4).normalize()))
        }
        Some(_) | None => Err(Refusal::NotANumber),
    }
}

/// Without the words before a number; whether one of them makes it rough.
fn without_leads(mut text: &str) -> (&str, bool) {
    let mut rough = false;
    loop {
        let plain = vocabulary::LEADS
            .iter()
            .find_map(|lead| text.strip_prefix(lead));
        let roughly = vocabulary::ROUGH_LEADS
            .iter()
            .find_map(|lead| text.strip_prefix(lead));
        rough |= roughly.is_some();
        let Some(rest) = roughly.or(plain) else {
            return (text, rough);
        };
        text = rest.trim_start_matches([' ', ':']);
    }
}

fn without_tails(mut text: &str) -> &str {
    while let Some(rest) = vocabulary::TAILS
        .iter()
        .find_map(|tail| text.strip_suffix(tail))
    {
        text = rest.trim_end();
    }
    text
}

#[cfg(test)]
mod tests;
