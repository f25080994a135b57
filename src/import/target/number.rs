//! Numbers with their unit of measure: 1.5万辆, 百分之十五, 0.8:1, 2—3家.

pub(super) mod vocabulary;
pub(super) mod words;

use rust_decimal::Decimal;

use crate::import::starts_with;
use crate::import::vocabulary::DASH;
use crate::plan::Comparator;
use vocabulary::{
    BEHIND, DOUBLE, DURATIONS, MORE, NAME_LETTERS, PER, PERCENT, PERCENT_SIGN, RATES, SCALES,
    THROUGH, TIMES, UNITS, WITHIN,
};
use words::{Words, words};

/// Largest value of a target, in its shown unit; a plan file takes no larger one.
const MOST_VALUE: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);
/// Most digits of a number.
const MOST_DIGITS: usize = 18;
/// Most times that something doubles.
const MOST_DOUBLED: Decimal = Decimal::TEN;

/// A number in the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// Whether it only says about how many: 数十家.
    pub rough: bool,
    /// Signs, with unit and words behind.
    pub length: usize,
}

/// What begins with a digit, with so many signs where it is no number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Numeric {
    /// A number with or without a unit.
    Number(Number),
    /// A month or a day.
    Date(usize),
    /// Within so many days.
    Span(usize),
    /// A name: 5G.
    Name(usize),
    /// Letters behind it that are no unit of measure.
    Glued(usize),
    /// More than a plan file takes.
    TooLarge(usize),
}

/// Reads what begins with a digit, or with 百分之. `from` says that something starts there, so that a second number is where
/// it goes and no end of a range: 由3家到5家.
pub(super) fn numeric(run: &[char], from: bool) -> Numeric {
    if starts_with(run, PERCENT) {
        return percent(run);
    }
    let (value, length) = decimal(run);
    let Some(value) = value else {
        return Numeric::TooLarge(length);
    };
    let letters = run[length..].iter().take_while(|c| c.is_ascii_alphabetic());
    let letters = letters.count();
    if letters > 0 && unit(&run[length..]).is_none() {
        let said: String = run[length..length + letters].iter().collect();
        let name = NAME_LETTERS.contains(&said.as_str());
        let length = length + letters;
        return if name {
            Numeric::Name(length)
        } else {
            Numeric::Glued(length)
        };
    }
    if let Some(ratio) = ratio(run, value, length) {
        return ratio;
    }
    let (length, lower) = upper_end(run, length, from);
    let number = Number {
        value,
        lower,
        length,
        ..Number::default()
    };
    let Some(number) = with_unit(run, &number) else {
        return match run.get(length) {
            Some(c) if *c == DURATIONS[1] => {
                let within = WITHIN.iter().find(|word| starts_with(&run[length..], word));
                match within.filter(|word| **word != WITHIN[3]) {
                    Some(word) => Numeric::Span(length + word.chars().count()),
                    None => Numeric::Date(length + 1),
                }
            }
            Some(c) if *c == DURATIONS[0] => Numeric::Date(length + 1),
            Some(_) | None => Numeric::Number(number),
        };
    };
    with_behind(run, with_upper_end(run, number, from))
}

/// A number written in words with its unit: 三十家, 两座. `None` where it is none, or names something: 三级医院.
pub(super) fn in_words(run: &[char], from: bool) -> Option<Number> {
    let Words {
        value,
        rough,
        length,
    } = words(run)?;
    let (length, lower) = match upper_words(run, length).filter(|_| !from) {
        Some(length) => (length, true),
        None => (length, false),
    };
    let number = Number {
        value,
        rough,
        lower,
        length,
        ..Number::default()
    };
    let number = with_unit(run, &number)?;
    let scale_alone = number.unit.chars().all(|c| SCALES.contains(&c));
    match with_behind(run, number) {
        Numeric::Number(number) if !scale_alone => Some(number),
        Numeric::Number(_)
        | Numeric::Date(_)
        | Numeric::Span(_)
        | Numeric::Name(_)
        | Numeric::Glued(_)
        | Numeric::TooLarge(_) => None,
    }
}

/// So many times more: 翻一番 is once more, 翻两番 three times.
pub(super) fn doubled(run: &[char]) -> Option<Number> {
    let (before, behind) = DOUBLE;
    let rest = run.strip_prefix(&[before])?;
    let (times, length) = match words(rest) {
        Some(it) if !it.rough && it.value <= MOST_DOUBLED && it.value.is_integer() => {
            (it.value, it.length)
        }
        Some(_) => return None,
        None => (Decimal::ONE, 0),
    };
    if rest.get(length) != Some(&behind) {
        return None;
    }
    let mut value = Decimal::ONE;
    let mut left = times;
    while left > Decimal::ZERO {
        value *= Decimal::TWO;
        left -= Decimal::ONE;
    }
    let number = Number {
        value: value - Decimal::ONE,
        unit: RATES[3].to_owned(),
        length: length + 2,
        ..Number::default()
    };
    match with_behind(run, number) {
        Numeric::Number(number) => Some(number),
        Numeric::Date(_)
        | Numeric::Span(_)
        | Numeric::Name(_)
        | Numeric::Glued(_)
        | Numeric::TooLarge(_) => None,
    }
}

/// The number with the unit of measure behind it, or with a length of time.
fn with_unit(run: &[char], number: &Number) -> Option<Number> {
    let rest = &run[number.length..];
    let more = usize::from(rest.first().is_some_and(|c| MORE.contains(c)));
    let time = TIMES
        .iter()
        .find(|(word, _)| starts_with(&rest[more..], word));
    let (unit, signs) = match time {
        Some((word, written)) => ((*written).to_owned(), word.chars().count()),
        None => unit(&rest[more..])?,
    };
    Some(Number {
        unit,
        time: time.is_some(),
        behind: (more > 0).then_some(Comparator::AtLeast),
        length: number.length + more + signs,
        ..number.clone()
    })
}

fn with_behind(run: &[char], number: Number) -> Numeric {
    if number.value.abs() > MOST_VALUE {
        return Numeric::TooLarge(number.length);
    }
    let rest = &run[number.length..];
    let inside = BEHIND.len() - 1;
    let found = BEHIND
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != inside || number.time)
        .find(|(_, (word, _))| starts_with(rest, word));
    let (behind, signs) = found.map_or((None, 0), |(_, (word, comparator))| {
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
    let (value, length, rough) = match decimal(&run[at..]) {
        (Some(value), length) => (value, length, false),
        (None, _) => match words(&run[at..]) {
            Some(it) => (it.value, it.length, it.rough),
            None => return Numeric::Glued(at),
        },
    };
    let number = Number {
        value,
        unit: PERCENT_SIGN.to_owned(),
        rough,
        length: at + length,
        ..Number::default()
    };
    with_behind(run, number)
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

/// 0.8:1, as so many to one; 8:00—11:30 is a time of the day.
fn ratio(run: &[char], value: Decimal, length: usize) -> Option<Numeric> {
    if run.get(length) != Some(&':') {
        return None;
    }
    let (second, signs) = decimal(&run[length + 1..]);
    let end = length + 1 + signs;
    let hours = run.get(end) == Some(&DASH) && run.get(end + 1).is_some_and(char::is_ascii_digit);
    if hours {
        let (_, more) = decimal(&run[end + 1..]);
        let minutes = usize::from(run.get(end + 1 + more) == Some(&':'));
        let (_, last) = decimal(&run[end + 1 + more + minutes..]);
        return Some(Numeric::Date(end + 1 + more + minutes * (1 + last)));
    }
    if signs > 1 && run[length + 1] == '0' {
        return Some(Numeric::Date(end));
    }
    let value = value.checked_div(second?)?.round_dp(4).normalize();
    let number = Number {
        value,
        unit: RATES[4].to_owned(),
        length: end,
        ..Number::default()
    };
    Some(with_behind(run, number))
}

/// 2—3家, 2至3家: the upper end is passed over.
fn upper_end(run: &[char], length: usize, from: bool) -> (usize, bool) {
    let joined = run
        .get(length)
        .is_some_and(|c| *c == DASH || (!from && THROUGH.contains(c)));
    if !joined {
        return (length, false);
    }
    match decimal(&run[length + 1..]) {
        // 3到2027年 goes on with a deadline.
        (Some(_), signs) if run[length] == DASH || unit(&run[length + 1 + signs..]).is_some() => {
            (length + 1 + signs, true)
        }
        (Some(_) | None, _) => (length, false),
    }
}

/// 三至五家: the signs up to the end of the upper one.
fn upper_words(run: &[char], length: usize) -> Option<usize> {
    let joined = run
        .get(length)
        .filter(|c| **c == DASH || THROUGH.contains(c));
    joined?;
    let upper = words(&run[length + 1..])?;
    let end = length + 1 + upper.length;
    unit(&run[end..]).map(|_| end)
}

/// 10%—15%: both ends of a range with their unit.
fn with_upper_end(run: &[char], number: Number, from: bool) -> Number {
    let at = number.length;
    let joined = run
        .get(at)
        .is_some_and(|c| *c == DASH || (!from && THROUGH.contains(c)));
    if !joined {
        return number;
    }
    let (value, signs) = decimal(&run[at + 1..]);
    let upper = Number {
        length: at + 1 + signs,
        ..Number::default()
    };
    match value.and_then(|_| with_unit(run, &upper)) {
        Some(upper) if upper.unit == number.unit => Number {
            lower: true,
            length: upper.length,
            ..number
        },
        Some(_) | None => number,
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
        match numeric(&run, false) {
            Numeric::Date(length) => format!("date {length}"),
            Numeric::Span(length) => format!("span {length}"),
            Numeric::Name(length) => format!("name {length}"),
            Numeric::Glued(length) => format!("glued {length}"),
            Numeric::TooLarge(length) => format!("too large {length}"),
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
        assert_eq!(read("2至3家"), "2 家 lower +0");
        assert_eq!(read("10%—15%，"), "10 % lower +1");
        assert_eq!(read("3家到5家左右"), "3 家 About lower +0");
        assert_eq!(read("百分之十五以上"), "15 % AtLeast +0");
        assert_eq!(read("百分之三点五"), "3.5 % +0");
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
        assert_eq!(read("5G示范"), "name 2");
        assert_eq!(read("10kV变电站"), "name 4");
        assert_eq!(read("20t锅炉"), "glued 3");
        assert_eq!(read("3个月内"), "3 个月 AtMost +0");
        assert_eq!(read("5年内"), "5 年 AtMost +0");
        assert_eq!(read("20多年"), "20 年 AtLeast +0");
        assert_eq!(read("3月内"), "date 2");
        assert_eq!(read("15日内"), "span 4");
        assert_eq!(read("8:30—17:30，"), "date 10");
        assert_eq!(read("9:00"), "date 4");
        assert_eq!(read("1234567890123456789012家"), "too large 22");
        assert_eq!(read("2000000000000家"), "too large 14");
    }
}
