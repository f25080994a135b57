//! Numbers with their unit of measure: 1.5万辆, 百分之十五, 0.8:1, 2—3家.

pub(super) mod vocabulary;

use rust_decimal::Decimal;

use crate::import::starts_with;
use crate::import::vocabulary::{DASH, numeral};
use crate::plan::Comparator;
use vocabulary::{
    BEHIND, DURATIONS, MORE, PER, PERCENT, PERCENT_SIGN, RATES, SCALES, TIMES, TWO, UNITS,
};

/// Largest value of a target, in its shown unit; a plan file takes no larger one.
const MOST_VALUE: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);
/// Most digits of a number.
const MOST_DIGITS: usize = 18;

/// A number in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// In the shown unit.
    pub value: Decimal,
    /// As a plan file writes it; empty where the text gives none.
    pub unit: String,
    /// What the words behind it say.
    pub behind: Option<Comparator>,
    /// Whether it is the lower end of a range.
    pub lower: bool,
    /// Whether it is a length of time, which is a target only where words say how long at most or at least.
    pub time: bool,
    /// Signs, with unit and words behind.
    pub length: usize,
}

/// What begins with a digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Numeric {
    /// A number with or without a unit.
    Number(Number),
    /// Years, months, letters behind it: no number of a target; so many signs.
    Other(usize),
}

/// Reads what begins with a digit, or with 百分之.
pub(super) fn numeric(run: &[char]) -> Numeric {
    if starts_with(run, PERCENT) {
        return percent(run);
    }
    let (value, length) = decimal(run);
    let Some(value) = value else {
        return Numeric::Other(length);
    };
    if run.get(length).is_some_and(char::is_ascii_alphabetic) && unit(&run[length..]).is_none() {
        return Numeric::Other(length);
    }
    if let Some(ratio) = ratio(run, value, length) {
        return ratio;
    }
    let (length, lower) = upper_end(run, length);
    if run.get(length).is_some_and(|c| MORE.contains(c))
        && let Some((unit, signs)) = unit(&run[length + 1..])
    {
        return Numeric::Number(Number {
            value,
            unit,
            behind: Some(Comparator::AtLeast),
            lower,
            time: false,
            length: length + 1 + signs,
        });
    }
    if let Some((word, written)) = TIMES
        .iter()
        .find(|(word, _)| starts_with(&run[length..], word))
    {
        let number = Number {
            value,
            unit: (*written).to_owned(),
            behind: None,
            lower,
            time: true,
            length: length + word.chars().count(),
        };
        return with_behind(run, number);
    }
    let Some((unit, signs)) = unit(&run[length..]) else {
        let duration = run.get(length).is_some_and(|c| DURATIONS.contains(c));
        let number = Number {
            value,
            unit: String::new(),
            behind: None,
            lower,
            time: false,
            length,
        };
        return if duration {
            Numeric::Other(length + 1)
        } else {
            Numeric::Number(number)
        };
    };
    with_behind(
        run,
        Number {
            value,
            unit,
            behind: None,
            lower,
            time: false,
            length: length + signs,
        },
    )
}

/// A number written in words with its unit: 三十家, 两座. `None` where it is none, or names something: 三级医院.
pub(super) fn in_words(run: &[char]) -> Option<Number> {
    let (value, digits) = if run.first() == Some(&TWO) {
        (2, 1)
    } else {
        numeral(run)?
    };
    let more = run.get(digits).is_some_and(|c| MORE.contains(c));
    let digits = digits + usize::from(more);
    let rest = &run[digits..];
    let time = TIMES.iter().any(|(word, _)| starts_with(rest, word));
    let (unit, signs) = unit(rest).filter(|_| !time)?;
    let scale_alone = unit.chars().all(|c| SCALES.contains(&c));
    let number = Number {
        value: Decimal::from(value),
        unit,
        behind: more.then_some(Comparator::AtLeast),
        lower: false,
        time: false,
        length: digits + signs,
    };
    match with_behind(run, number) {
        Numeric::Number(number) if !scale_alone => Some(number),
        Numeric::Number(_) | Numeric::Other(_) => None,
    }
}

fn with_behind(run: &[char], number: Number) -> Numeric {
    if number.value.abs() > MOST_VALUE {
        return Numeric::Other(number.length);
    }
    let rest = &run[number.length..];
    let found = BEHIND.iter().find(|(word, _)| starts_with(rest, word));
    let (behind, signs) = found.map_or((None, 0), |(word, comparator)| {
        (Some(*comparator), word.chars().count())
    });
    Numeric::Number(Number {
        behind: behind.or(number.behind),
        length: number.length + signs,
        ..number
    })
}

fn percent(run: &[char]) -> Numeric {
    let at = PERCENT.chars().count();
    let (value, length) = match decimal(&run[at..]) {
        (Some(value), length) => (value, length),
        (None, _) => match numeral(&run[at..]) {
            Some((value, length)) => (Decimal::from(value), length),
            None => return Numeric::Other(at),
        },
    };
    with_behind(
        run,
        Number {
            value,
            unit: PERCENT_SIGN.to_owned(),
            behind: None,
            lower: false,
            time: false,
            length: at + length,
        },
    )
}

fn decimal(run: &[char]) -> (Option<Decimal>, usize) {
    let whole = run.iter().take_while(|c| c.is_ascii_digit()).count();
    let point = run.get(whole) == Some(&'.');
    let fraction = if point {
        run[whole + 1..]
            .iter()
            .take_while(|c| c.is_ascii_digit())
            .count()
    } else {
        0
    };
    let length = if fraction > 0 {
        whole + 1 + fraction
    } else {
        whole
    };
    if whole == 0 || whole + fraction > MOST_DIGITS {
        return (None, length.max(1));
    }
    let text: String = run[..length].iter().collect();
    (Decimal::from_str_exact(&text).ok(), length)
}

/// 0.8:1, as so many to one.
fn ratio(run: &[char], value: Decimal, length: usize) -> Option<Numeric> {
    if run.get(length) != Some(&':') {
        return None;
    }
    let (second, signs) = decimal(&run[length + 1..]);
    let value = value.checked_div(second?)?.round_dp(4).normalize();
    Some(with_behind(
        run,
        Number {
            value,
            unit: RATES[4].to_owned(),
            behind: None,
            lower: false,
            time: false,
            length: length + 1 + signs,
        },
    ))
}

/// 2—3家: the upper end is passed over.
fn upper_end(run: &[char], length: usize) -> (usize, bool) {
    if run.get(length) != Some(&DASH) {
        return (length, false);
    }
    match decimal(&run[length + 1..]) {
        (Some(_), signs) => (length + 1 + signs, true),
        (None, _) => (length, false),
    }
}

/// A unit of measure with its scale, as a plan file writes it, and its signs in the text.
fn unit(run: &[char]) -> Option<(String, usize)> {
    let scale = run
        .iter()
        .take(2)
        .take_while(|c| SCALES.contains(c))
        .count();
    // 万千瓦 is 万 before 千瓦, and 百 begins 百分点 too: the longest reading counts.
    let found = (0..=scale)
        .filter_map(|scale| {
            let (word, written) = UNITS
                .iter()
                .filter(|(word, _)| starts_with(&run[scale..], word))
                .max_by_key(|(word, _)| word.len())?;
            Some((scale, scale + word.chars().count(), *written))
        })
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    let Some((scale, signs, written)) = found else {
        let prefix: String = run[..scale].iter().collect();
        return (scale > 0).then_some((prefix, scale));
    };
    let prefix: String = run[..scale].iter().collect();
    // 万元/亩, 微克/立方米.
    let per = PER
        .iter()
        .filter(|word| starts_with(&run[signs..], word))
        .max_by_key(|word| word.len());
    let per_signs = per.map_or(0, |word| word.chars().count());
    Some((prefix + written + per.unwrap_or(&""), signs + per_signs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> String {
        let run: Vec<char> = source.chars().collect();
        match numeric(&run) {
            Numeric::Other(length) => format!("other {length}"),
            Numeric::Number(number) => {
                let behind = number.behind.map_or(String::new(), |it| format!(" {it:?}"));
                format!(
                    "{} {}{behind}{} +{}",
                    number.value,
                    number.unit,
                    if number.lower { " lower" } else { "" },
                    run.len() - number.length
                )
            }
        }
    }

    #[test]
    fn numbers_are_read_with_their_unit_and_the_words_behind() {
        assert_eq!(read("1.5万辆以上，"), "1.5 万辆 AtLeast +1");
        assert_eq!(read("15万平方米"), "15 万㎡ +0");
        assert_eq!(read("7.9%以内。"), "7.9 % AtMost +1");
        assert_eq!(read("3个百分点左右"), "3 个百分点 About +0");
        assert_eq!(read("0.8:1"), "0.8 :1 +0");
        assert_eq!(read("2—3家"), "2 家 lower +0");
        assert_eq!(read("百分之十五以上"), "15 % AtLeast +0");
        assert_eq!(read("500亿元"), "500 亿元 +0");
        assert_eq!(read("12km"), "12 公里 +0");
        assert_eq!(read("0.85，"), "0.85  +1");
        assert_eq!(read("50万千瓦以上"), "50 万千瓦 AtLeast +0");
        assert_eq!(read("15万元/亩，"), "15 万元/亩 +1");
        assert_eq!(read("35微克/立方米以内"), "35 微克/立方米 AtMost +0");
        assert_eq!(read("90分以上"), "90 分 AtLeast +0");
        assert_eq!(read("20万平米"), "20 万㎡ +0");
    }

    #[test]
    fn durations_and_names_are_no_numbers_of_targets() {
        assert_eq!(read("5G示范"), "other 1");
        assert_eq!(read("3个月内"), "3 个月 +1");
        assert_eq!(read("5年内"), "5 年 +1");
        assert_eq!(read("3月内"), "other 2");
        assert_eq!(read("1234567890123456789012家"), "other 22");
    }
}
