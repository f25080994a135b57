//! What stands in a piece of a sentence: deadlines, base years, numbers, and numbers that are none.

use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::WhyPassed;
use super::deadline::{Deadline, deadline as deadline_at};
use super::number::{Number, Numeric, numeric};
use super::vocabulary::{AGAINST, AGAINST_TAILS, DOUBLE, ORDINALS, PERCENT, RATES, YEAR_BEFORE};
use crate::import::text::Text;
use crate::import::vocabulary::{BRACKETS, QUOTES, YEAR};
use crate::import::{longest, starts_with};

/// Splits a range at signs outside quotations and brackets; a bracket nobody closes holds nothing together.
pub(super) fn split(
    text: &Text,
    range: Range<usize>,
    at_sign: impl Fn(char) -> bool,
) -> Vec<Range<usize>> {
    let (mut parts, mut from, mut at) = (Vec::new(), range.start, range.start);
    while at < range.end {
        if let Some(close) = closing(&text.chars[at..range.end]) {
            at += close;
        } else if at_sign(text.chars[at]) {
            parts.push(from..at);
            from = at + 1;
        }
        at += 1;
    }
    parts.push(from..range.end);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Longest quotation or bracket read as one, in signs.
const MOST_ENCLOSED: usize = 60;

/// Where what a run opens with is closed, if it opens with a quotation sign or a bracket.
fn closing(run: &[char]) -> Option<usize> {
    let (_, close) = QUOTES
        .iter()
        .chain(&BRACKETS)
        .find(|(open, _)| Some(open) == run.first())?;
    run.iter().take(MOST_ENCLOSED).position(|c| c == close)
}

/// What the scanner finds in a piece.
#[derive(Debug)]
pub(super) enum Token {
    Deadline(Deadline),
    /// The year a change is counted from; none: the year before.
    Base(Option<i32>),
    Number(Number),
    Passed(WhyPassed),
}

/// Deadlines, base years and numbers of a piece, in order.
pub(super) fn tokens(
    text: &Text,
    piece: &Range<usize>,
    issued: NaiveDate,
) -> Vec<(Token, Range<usize>)> {
    let mut tokens = Vec::new();
    let mut at = piece.start;
    while at < piece.end {
        let run = &text.chars[at..piece.end];
        let (token, length) = token(run, at.checked_sub(1).map(|at| text.chars[at]), issued);
        tokens.extend(token.map(|token| (token, at..at + length)));
        at += length.max(1);
    }
    tokens
}

fn token(run: &[char], before: Option<char>, issued: NaiveDate) -> (Option<Token>, usize) {
    if let Some((found, length)) = base(run) {
        return (Some(Token::Base(found)), length);
    }
    let in_number = before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
    if !in_number && let Some((found, length)) = deadline_at(run, issued) {
        return (Some(Token::Deadline(found)), length);
    }
    if let Some(close) = closing(run) {
        let bracket = BRACKETS.iter().any(|(open, _)| *open == run[0]);
        let counts = bracket && run[..close].iter().any(char::is_ascii_digit);
        return (
            counts.then_some(Token::Passed(WhyPassed::InBrackets)),
            close + 1,
        );
    }
    if starts_with(run, DOUBLE) {
        let number = Number {
            value: Decimal::ONE,
            unit: RATES[3].to_owned(),
            behind: None,
            lower: false,
            length: 3,
        };
        return (Some(Token::Number(number)), 3);
    }
    if !run[0].is_ascii_digit() && !starts_with(run, PERCENT) {
        return (None, 1);
    }
    let attached =
        in_number || before.is_some_and(|c| ORDINALS[..2].contains(&c) || c == '+' || c == '/');
    match numeric(run) {
        Numeric::Other(length) => {
            let digits = run.iter().take_while(|c| c.is_ascii_digit()).count();
            (
                too_long(digits).then_some(Token::Passed(WhyPassed::TooLarge)),
                length,
            )
        }
        Numeric::Number(number) if attached => (None, number.length),
        Numeric::Number(number) if number.unit.is_empty() => {
            let numbered = run
                .get(number.length)
                .is_some_and(|c| *c == ORDINALS[2] || *c == '+' || c.is_ascii_alphabetic());
            (
                (!numbered).then_some(Token::Passed(WhyPassed::NoUnit)),
                number.length,
            )
        }
        Numeric::Number(number) => {
            let length = number.length;
            (Some(Token::Number(number)), length)
        }
    }
}

/// A number that a value can hold is shorter.
fn too_long(digits: usize) -> bool {
    digits > 12
}

/// 较2023年, 比上年, 在2023年基础上; the year, none for the year before, and the length.
fn base(run: &[char]) -> Option<(Option<i32>, usize)> {
    let length = longest(run, &AGAINST)?;
    let rest = &run[length..];
    let needs_tail = AGAINST[2..].iter().any(|word| starts_with(run, word));
    let (year, year_length) = match longest(rest, &YEAR_BEFORE) {
        Some(length) => (None, length),
        None => {
            let digits: String = rest.get(..4)?.iter().collect();
            let year = digits
                .parse::<u16>()
                .ok()
                .filter(|year| (1949..2101).contains(year))?;
            (rest.get(4) == Some(&YEAR)).then_some((Some(i32::from(year)), 5))?
        }
    };
    let tail = longest(&rest[year_length..], &AGAINST_TAILS);
    (tail.is_some() || !needs_tail).then_some((year, length + year_length + tail.unwrap_or(0)))
}
