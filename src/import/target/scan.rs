//! What stands in a piece of a sentence: deadlines, base years, numbers, and numbers that are none.

use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::WhyPassed;
use super::deadline::{Deadline, deadline as deadline_at};
use super::items::comparator;
use super::name::bare;
use super::number::vocabulary::{DOUBLE, FRACTION, PERCENT, QUALITIES, RATES, THINGS, TWO, YEARS};
use super::number::{Number, Numeric, in_words, numeric};
use super::vocabulary::{AGAINST, AGAINST_TAILS, FROM, ITEM_IS, ORDINALS, VERBS, YEAR_BEFORE};
use crate::import::outline::{begins_part, is_strong};
use crate::import::text::Text;
use crate::import::vocabulary::{
    BRACKETS, CIRCLED, COLON, COMMA, LIST, QUOTES, YEAR, is_han, is_numeral, numeral,
};
use crate::import::{ends_with, longest, starts_with};
use crate::plan::Comparator;

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

/// The pieces of half a sentence: parted by commas, colons and the numbers of a list inside it, which belong to no piece.
pub(super) fn pieces(text: &Text, range: Range<usize>) -> Vec<Range<usize>> {
    let (mut parts, mut from, mut at) = (Vec::new(), range.start, range.start);
    while at < range.end {
        let run = &text.chars[at..range.end];
        if let Some(length) = list_number(text, at, range.start) {
            parts.push(from..at);
            from = (at + length).min(range.end);
            at = from;
        } else if let Some(close) = closing(run) {
            at += close + 1;
        } else {
            if run[0] == COMMA || run[0] == COLON {
                parts.push(from..at);
                from = at + 1;
            }
            at += 1;
        }
    }
    parts.push(from..range.end);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The signs of a number of a list: （1）, 1）, ①, 一是, 1. below a heading.
fn list_number(text: &Text, at: usize, start: usize) -> Option<usize> {
    let run = &text.chars[at..];
    if (CIRCLED.0..=CIRCLED.1).contains(&run[0]) {
        return Some(1);
    }
    let before = at.checked_sub(1).map(|at| text.chars[at]);
    let strong = at == start || is_strong(text, at) || before == Some(COMMA);
    if !strong {
        return None;
    }
    let digits = |run: &[char]| {
        let digits = run.iter().take_while(|c| c.is_ascii_digit()).count();
        (1..=2).contains(&digits).then_some(digits)
    };
    let opened = usize::from(run[0] == BRACKETS[0].0);
    if let Some(digits) = digits(&run[opened..])
        && run.get(opened + digits) == Some(&BRACKETS[0].1)
    {
        return Some(opened + digits + 1);
    }
    if let Some((_, length)) = numeral(run)
        && run.get(length) == Some(&ITEM_IS)
    {
        return Some(length + 1);
    }
    let heading = begins_part(text, at)
        .then(|| {
            run.iter()
                .take(MOST_NUMBER)
                .position(|c| *c == '.' || *c == LIST)
        })
        .flatten();
    heading.map(|sign| sign + 1)
}

/// Longest number of a heading, in signs.
const MOST_NUMBER: usize = 5;
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
    /// When something was where it starts from: 由2024年的20%.
    Start,
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
        // Words that a comparator or a verb may be, and what is before a piece's first sign.
        let near = &text.chars[piece.start.max(at.saturating_sub(MOST_NEAR))..at];
        let before = at.checked_sub(1).map(|at| text.chars[at]);
        let (token, length) = token(run, near, before, issued);
        tokens.extend(token.map(|token| (token, at..at + length)));
        at += length.max(1);
    }
    without_qualities(text, piece, tokens)
}

/// How far before a number the words that say how it is meant may stand, in signs.
const MOST_NEAR: usize = 40;

/// 500万元以上企业达到20家: the first number says which ones, the second how many.
fn without_qualities(
    text: &Text,
    piece: &Range<usize>,
    tokens: Vec<(Token, Range<usize>)>,
) -> Vec<(Token, Range<usize>)> {
    let mut next: Option<usize> = None;
    let mut kept: Vec<(Token, Range<usize>)> = Vec::with_capacity(tokens.len());
    for (token, range) in tokens.into_iter().rev() {
        if let Token::Number(number) = &token {
            let said = comparator(
                &text.chars[piece.start.max(range.start.saturating_sub(MOST_NEAR))..range.start],
            );
            let quality = number.behind.is_some_and(|it| it != Comparator::About)
                && number.unit.ends_with(QUALITIES)
                && said.is_none()
                && text.chars.get(range.end).is_some_and(|c| is_han(*c))
                && next.is_some_and(|next| !text.chars[range.end..next].contains(&LIST));
            if quality {
                continue;
            }
            next = Some(range.start);
        }
        kept.push((token, range));
    }
    kept.reverse();
    kept
}

fn token(
    run: &[char],
    near: &[char],
    before: Option<char>,
    issued: NaiveDate,
) -> (Option<Token>, usize) {
    if let Some((found, length)) = base(run) {
        return (Some(Token::Base(found)), length);
    }
    let in_number = before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
    if !in_number && let Some((found, length)) = deadline_at(run, issued) {
        let starts =
            before.is_some_and(|c| FROM.0.contains(&c)) && run.get(length) == Some(&FROM.1);
        let token = if starts {
            Token::Start
        } else {
            Token::Deadline(found)
        };
        return (Some(token), length);
    }
    if let Some(close) = closing(run) {
        let bracket = BRACKETS.iter().any(|(open, _)| *open == run[0]);
        let counts = bracket && run[..close].iter().any(char::is_ascii_digit);
        return (
            counts.then_some(Token::Passed(WhyPassed::InBrackets)),
            close + 1,
        );
    }
    if let Some((word, times)) = DOUBLE.iter().find(|(word, _)| starts_with(run, word)) {
        let length = word.chars().count();
        let number = Number {
            value: Decimal::from(*times),
            unit: RATES[3].to_owned(),
            behind: None,
            lower: false,
            time: false,
            length,
        };
        return (Some(Token::Number(number)), length);
    }
    if run[0].is_ascii_digit() || starts_with(run, PERCENT) {
        let listed = before.is_some_and(|c| ORDINALS[..2].contains(&c) || c == '+')
            || (before == Some('/') && near.iter().rev().nth(1).is_none_or(|c| !is_han(*c)));
        return digits(run, near, in_number || listed);
    }
    let numbers = is_numeral(run[0]) || run[0] == TWO;
    let inside = before.is_some_and(|c| is_numeral(c) || ORDINALS[..2].contains(&c) || c == LIST);
    if !numbers || inside {
        return (None, 1);
    }
    word_number(run, near)
}

/// A number in digits.
fn digits(run: &[char], near: &[char], attached: bool) -> (Option<Token>, usize) {
    match numeric(run) {
        Numeric::Other(length) => {
            let digits = run.iter().take_while(|c| c.is_ascii_digit()).count();
            (
                too_long(digits).then_some(Token::Passed(WhyPassed::TooLarge)),
                length,
            )
        }
        Numeric::Number(number) if attached => (None, number.length),
        Numeric::Number(number) if number.time && comparator(near).is_none() => {
            let rule = number.unit != YEARS;
            (
                rule.then_some(Token::Passed(WhyPassed::Standard)),
                number.length,
            )
        }
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

/// A number in words: a target where words around it say that it is promised, else told, unless it is but a word: 三个方面.
fn word_number(run: &[char], near: &[char]) -> (Option<Token>, usize) {
    let numerals = run.iter().take_while(|c| is_numeral(**c)).count();
    if numerals > 0 && starts_with(&run[numerals..], FRACTION) {
        let length = numerals + FRACTION.chars().count();
        let length = length + run[length..].iter().take_while(|c| is_numeral(**c)).count();
        return (Some(Token::Passed(WhyPassed::InWords)), length);
    }
    let Some(number) = in_words(run) else {
        return (None, numerals.max(1));
    };
    let length = number.length;
    let said = comparator(near).is_some() || number.behind.is_some();
    let verb = VERBS.iter().any(|verb| ends_with(near, verb));
    let opens = VERBS.iter().any(|verb| starts_with(bare(near), verb));
    let things = THINGS.iter().any(|unit| number.unit.ends_with(unit));
    let many = number.value >= Decimal::TEN;
    if said || (number.value > Decimal::ONE && (verb || opens) && (things || many)) {
        (Some(Token::Number(number)), length)
    } else if number.value > Decimal::ONE && (things || verb) {
        (Some(Token::Passed(WhyPassed::InWords)), length)
    } else {
        (None, length)
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
