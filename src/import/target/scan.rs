//! What stands in a piece of a sentence: deadlines, base years, numbers, and numbers that are none.

use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::WhyPassed;
use super::deadline::{Deadline, deadline as deadline_at};
use super::items::comparator;
use super::name::bare;
use super::number::vocabulary::{
    ABSTRACT, ANY, FRACTION, LINES, LONE, NO_RANK, PERCENT, QUALITIES, QUARTER, RANK, RATES,
    SCALES, SPAN_NAMES, TENTHS, THINGS,
};
use super::number::words::{Words, belongs, words};
use super::number::{Number, Numeric, doubled, in_words, numeric};
use super::vocabulary::{
    AGAINST, AGAINST_TAILS, CHANGES, FIRST, FROM, ITEM_IS, NUMBER_SIGN, SECOND, VERBS, YEAR_BEFORE,
};
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
        let before = near.last().copied();
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
        let counts = bracket && counts(&run[1..close]);
        return (
            counts.then_some(Token::Passed(WhyPassed::InBrackets)),
            close + 1,
        );
    }
    if let Some(number) = doubled(run) {
        let length = number.length;
        return (Some(Token::Number(number)), length);
    }
    if let Some(found) = rank(run, before) {
        return found;
    }
    if run[0].is_ascii_digit() || starts_with(run, PERCENT) {
        let listed = before == Some('+')
            || (before == Some('/') && near.iter().rev().nth(1).is_none_or(|c| !is_han(*c)));
        return digits(run, near, in_number || listed);
    }
    let inside = before.is_some_and(belongs)
        || (before == Some(LIST) && near.iter().rev().nth(1).is_some_and(|c| is_numeral(*c)));
    if !belongs(run[0]) || inside {
        return (None, 1);
    }
    word_number(run, near)
}

/// Whether words in brackets count something; the year in the number of a document does not.
fn counts(inner: &[char]) -> bool {
    if inner.len() == 4 && inner.iter().all(char::is_ascii_digit) {
        return false;
    }
    let said = |at: usize| {
        let number = in_words(&inner[at..], false);
        number.is_some_and(|it| it.value > Decimal::ONE || it.unit == RATES[3])
    };
    (0..inner.len()).any(|at| inner[at].is_ascii_digit() || (belongs(inner[at]) && said(at)))
}

/// 前3名, 第5位, 前十; and 第3批, which only names what it stands before.
fn rank(run: &[char], before: Option<char>) -> Option<(Option<Token>, usize)> {
    let (signs, behind) = RANK;
    let first = signs.iter().find(|sign| **sign == run[0])?;
    if *first == signs[0] && before.is_some_and(|c| NO_RANK.contains(&c)) {
        return None;
    }
    let digits = run[1..].iter().take_while(|c| c.is_ascii_digit()).count();
    let length = match digits {
        0 => words(&run[1..])?.length,
        digits => digits,
    };
    let rest = &run[1 + length..];
    let said = behind.iter().find(|word| starts_with(rest, word));
    let ends = *first == signs[0] && rest.first().is_none_or(|c| !is_han(*c));
    let first_of_all = digits == 0 && length == 1 && run[1] == FIRST;
    let ranked = (said.is_some() || ends || (*first == signs[0] && digits > 0)) && !first_of_all;
    let token = ranked.then_some(Token::Passed(WhyPassed::Rank));
    let word = said.map_or(0, |word| word.chars().count());
    Some((token, 1 + length + word))
}

/// A number in digits.
fn digits(run: &[char], near: &[char], attached: bool) -> (Option<Token>, usize) {
    let from = near
        .last()
        .is_some_and(|c| FROM.0.contains(c) || *c == FROM.1);
    let passed = |why| Some(Token::Passed(why));
    if let Some(length) = fraction(run).filter(|_| !attached) {
        return (passed(WhyPassed::InWords), length);
    }
    match numeric(run, from) {
        Numeric::TooLarge(length) => (passed(WhyPassed::TooLarge), length),
        Numeric::Date(length) if !attached => (passed(WhyPassed::DueOnly), length),
        Numeric::Span(length) => (passed(WhyPassed::Span), length),
        Numeric::Glued(length) if !attached => (passed(WhyPassed::Glued), length),
        Numeric::Date(length) | Numeric::Name(length) | Numeric::Glued(length) => (None, length),
        Numeric::Number(number) if number.unit.is_empty() => {
            let rest = &run[number.length..];
            let numbered = rest.first().is_some_and(|c| *c == NUMBER_SIGN || *c == '+')
                || LINES.iter().any(|word| starts_with(rest, word));
            let why = (!numbered && !attached).then_some(Token::Passed(WhyPassed::NoUnit));
            (why, number.length)
        }
        Numeric::Number(number) if attached => (passed(WhyPassed::Glued), number.length),
        Numeric::Number(number) if number.time && comparator(near).is_none() => {
            (passed(WhyPassed::Span), number.length)
        }
        Numeric::Number(number) if number.rough => (passed(WhyPassed::InWords), number.length),
        Numeric::Number(number) => {
            let length = number.length;
            let scaled = number.unit.chars().all(|c| SCALES.contains(&c));
            let more = run[length..].iter().take_while(|c| c.is_ascii_digit());
            match more.count() {
                0 => (Some(Token::Number(number)), length),
                // 3万5千人 is one number.
                more if scaled => (passed(WhyPassed::InWords), length + more),
                _ => (Some(Token::Number(number)), length),
            }
        }
    }
}

/// 1/3, 2/3以上: the signs of a fraction.
fn fraction(run: &[char]) -> Option<usize> {
    let digits = |run: &[char]| run.iter().take_while(|c| c.is_ascii_digit()).count();
    let above = digits(run);
    let below = run
        .get(above)
        .filter(|c| **c == '/')
        .map(|_| &run[above + 1..]);
    let below = digits(below?);
    (above > 0 && below > 0).then_some(above + 1 + below)
}

/// A number in words: a target where words around it say that it is promised, else told, unless it is but a word: 三个方面.
fn word_number(run: &[char], near: &[char]) -> (Option<Token>, usize) {
    let passed = |why| Some(Token::Passed(why));
    let Some(Words {
        value: plain,
        length: signs,
        rough,
    }) = words(run)
    else {
        return (None, 1);
    };
    if starts_with(&run[signs..], FRACTION) {
        let length = signs + FRACTION.chars().count();
        let length = length + run[length..].iter().take_while(|c| is_numeral(**c)).count();
        return (passed(WhyPassed::InWords), length);
    }
    if starts_with(&run[signs..], QUARTER) {
        return (passed(WhyPassed::DueOnly), signs + QUARTER.chars().count());
    }
    let tenths = run.get(signs) == Some(&TENTHS.0)
        && run.get(signs + 1).is_none_or(|c| !TENTHS.1.contains(c));
    if tenths {
        return (passed(WhyPassed::InWords), signs + 1);
    }
    let from = near.last().is_some_and(|c| FROM.0.contains(c));
    // 二 alone counts nothing, 两 does: 二次供水.
    let ordinal = signs == 1 && run[0] == SECOND;
    let Some(number) = in_words(run, from).filter(|it| !ordinal || it.unit == RATES[3]) else {
        return (None, signs);
    };
    let (length, rest) = (number.length, &run[number.length..]);
    let said = comparator(near).is_some() || number.behind.is_some();
    let opens = |words: &[char]| VERBS.iter().any(|verb| starts_with(words, verb));
    let verb = VERBS.iter().any(|verb| ends_with(near, verb));
    let many = number.value > Decimal::ONE;
    if number.time {
        let named = SPAN_NAMES.iter().any(|word| starts_with(rest, word));
        let tell = !named && (many || number.behind.is_some());
        return match comparator(near).is_some() && !rough {
            true => (Some(Token::Number(number)), length),
            false => (tell.then_some(Token::Passed(WhyPassed::Span)), length),
        };
    }
    let thing = THINGS.iter().any(|unit| number.unit.ends_with(unit));
    let changed = CHANGES.iter().any(|(word, _)| ends_with(near, word));
    let promised = said
        || (changed && (thing || many))
        || (many && (verb || opens(near) || opens(bare(near))) && (thing || plain >= Decimal::TEN))
        || ((verb || opens(near)) && LONE.contains(&number.unit.as_str()));
    let idle = ABSTRACT.iter().any(|word| starts_with(rest, word));
    let any = ANY.contains(&number.unit.as_str());
    let tell = (many && (thing || verb || !idle)) || (verb && !any);
    if rough {
        (passed(WhyPassed::InWords).filter(|_| !idle), length)
    } else if promised {
        (Some(Token::Number(number)), length)
    } else {
        (tell.then_some(Token::Passed(WhyPassed::InWords)), length)
    }
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
