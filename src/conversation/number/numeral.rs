//! The numeral at the beginning of a text: digits with groups and a point, words, or both (`1.2万`, `一百零五`, `3千`).

use rust_decimal::Decimal;

use super::Refusal;
use super::vocabulary::{DIGITS, FULL_STOP, HALF, POINT, POINTS, SCALES};

/// A numeral as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral {
    /// Its value as spelled out.
    pub value: Decimal,
    /// Whether 万 or 亿 was spelled out, so that it counts base units.
    pub spelled: bool,
}

enum Token {
    /// A number in digits.
    Number(Decimal),
    /// A digit as a word.
    Digit(i64),
    /// A multiplier.
    Scale(i64),
    /// The decimal point as a word.
    Point,
}

/// From here on a multiplier counts base units (万, 亿).
const SPELLED_FROM: i64 = 10_000;

/// The numeral at the beginning of `text` and what follows it; none when there is none. `is_unit` tells whether a rest
/// that begins with a multiplier is the unit of measure itself (千米).
pub(super) fn take<'t>(
    text: &'t str,
    is_unit: &dyn Fn(&str) -> bool,
) -> Result<Option<(Numeral, &'t str)>, Refusal> {
    if let Some(rest) = text.strip_prefix(HALF) {
        let value = Decimal::new(5, 1);
        return Ok(Some((
            Numeral {
                value,
                spelled: false,
            },
            rest,
        )));
    }
    let (tokens, rest) = tokens(text, is_unit)?;
    let Some(value) = sum(&tokens)? else {
        return Ok(None);
    };
    let spelled = tokens
        .iter()
        .any(|token| matches!(token, Token::Scale(scale) if *scale >= SPELLED_FROM));
    Ok(Some((Numeral { value, spelled }, rest)))
}

fn tokens<'t>(
    text: &'t str,
    is_unit: &dyn Fn(&str) -> bool,
) -> Result<(Vec<Token>, &'t str), Refusal> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        if first.is_ascii_digit()
            || (first == '.' && after.starts_with(|c: char| c.is_ascii_digit()))
        {
            let (number, after) = digits(rest)?;
            tokens.push(Token::Number(number));
            rest = after;
            continue;
        }
        let token = if let Some(digit) = value_of(&DIGITS, first) {
            Token::Digit(digit)
        } else if rest.starts_with(POINTS) || is_unit(rest) {
            break;
        } else if let Some(scale) = value_of(&SCALES, first) {
            Token::Scale(scale)
        } else if first == POINT && !tokens.is_empty() {
            Token::Point
        } else {
            break;
        };
        tokens.push(token);
        rest = after;
    }
    Ok((tokens, rest))
}

/// Digits with an optional point, grouped by commas or spaces in threes or not at all.
fn digits(text: &str) -> Result<(Decimal, &str), Refusal> {
    let mut written = String::new();
    let mut groups = vec![0_usize];
    let mut point = false;
    let mut end = text.len();
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let digit_follows = characters
            .peek()
            .is_some_and(|(_, next)| next.is_ascii_digit());
        match c {
            '0'..='9' => {
                written.push(c);
                if let (false, Some(group)) = (point, groups.last_mut()) {
                    *group += 1;
                }
            }
            ',' | ' ' if digit_follows && !point => groups.push(0),
            '.' | FULL_STOP if digit_follows && !point => {
                point = true;
                written.push('.');
            }
            '.' | ',' if digit_follows => return Err(Refusal::Grouping),
            _ => {
                end = at;
                break;
            }
        }
    }
    let well_grouped =
        groups.len() == 1 || (groups[0] <= 3 && groups[1..].iter().all(|group| *group == 3));
    if !well_grouped {
        return Err(Refusal::Grouping);
    }
    if written.starts_with('.') {
        written.insert(0, '0');
    }
    let number = Decimal::from_str_exact(&written).map_err(|_| Refusal::TooLarge)?;
    Ok((number, &text[end..]))
}

/// The value of a row of tokens; none for no tokens or a row that is no number.
fn sum(tokens: &[Token]) -> Result<Option<Decimal>, Refusal> {
    if tokens.is_empty() {
        return Ok(None);
    }
    let too_large = || Refusal::TooLarge;
    if let Some(at) = tokens
        .iter()
        .position(|token| matches!(token, Token::Point))
    {
        return with_point(&tokens[..at], &tokens[at + 1..]);
    }
    if tokens.len() > 1 && tokens.iter().all(|token| matches!(token, Token::Digit(_))) {
        return positional(tokens).map(Some).ok_or_else(too_large);
    }
    let Some(parts) = Parts::of(tokens)? else {
        return Ok(None);
    };
    parts.total().map(Some).ok_or_else(too_large)
}

/// 三点五: digits after the point, perhaps a multiplier at the end (三点五万).
fn with_point(before: &[Token], after: &[Token]) -> Result<Option<Decimal>, Refusal> {
    let fraction_ends = after
        .iter()
        .position(|token| matches!(token, Token::Scale(_)));
    let (fraction, scales) = after.split_at(fraction_ends.unwrap_or(after.len()));
    let Some(whole) = sum(before)? else {
        return Ok(None);
    };
    let mut value = whole;
    let mut place = Decimal::ONE;
    for token in fraction {
        let Token::Digit(digit) = token else {
            return Ok(None);
        };
        place = place.checked_div(Decimal::TEN).ok_or(Refusal::TooLarge)?;
        value = Decimal::from(*digit)
            .checked_mul(place)
            .and_then(|digit| value.checked_add(digit))
            .ok_or(Refusal::TooLarge)?;
    }
    if fraction.is_empty() {
        return Ok(None);
    }
    for token in scales {
        let Token::Scale(scale) = token else {
            return Ok(None);
        };
        value = value
            .checked_mul(Decimal::from(*scale))
            .ok_or(Refusal::TooLarge)?;
    }
    Ok(Some(value))
}

/// 二〇二六: digits one after the other.
fn positional(tokens: &[Token]) -> Option<Decimal> {
    tokens.iter().try_fold(Decimal::ZERO, |value, token| {
        let Token::Digit(digit) = token else {
            return None;
        };
        value
            .checked_mul(Decimal::TEN)?
            .checked_add(Decimal::from(*digit))
    })
}

/// Numbers and multipliers in descending order, as spoken.
#[derive(Default)]
struct Parts {
    /// Everything before the last 万 or 亿, multiplied out.
    above: Decimal,
    /// Since then, multiplied out.
    section: Decimal,
    /// A number that waits for its multiplier.
    waiting: Option<Decimal>,
    /// The last multiplier, and the last below 万; each next one must be smaller.
    last_scale: Option<i64>,
    last_small: i64,
    last_big: i64,
}

impl Parts {
    fn of(tokens: &[Token]) -> Result<Option<Self>, Refusal> {
        let mut parts = Self {
            last_small: SPELLED_FROM,
            last_big: i64::MAX,
            ..Self::default()
        };
        let mut zero = false;
        for (at, token) in tokens.iter().enumerate() {
            let ends = at + 1 == tokens.len();
            let fits = match token {
                Token::Digit(0) if !ends && at > 0 => {
                    zero = true;
                    parts.waiting.is_none()
                }
                Token::Digit(digit) => {
                    let colloquial =
                        ends && !zero && parts.last_scale.is_some_and(|scale| scale >= 100);
                    let scale = match parts.last_scale {
                        Some(scale) if colloquial => scale / 10,
                        Some(_) | None => 1,
                    };
                    parts.number(Decimal::from(*digit * scale))
                }
                Token::Number(number) => parts.number(*number),
                Token::Scale(scale) => {
                    zero = false;
                    parts.scale(*scale).ok_or(Refusal::TooLarge)?
                }
                Token::Point => false,
            };
            if !fits {
                return Ok(None);
            }
        }
        Ok(Some(parts))
    }

    fn number(&mut self, number: Decimal) -> bool {
        let free = self.waiting.is_none();
        self.waiting = Some(number);
        free
    }

    /// None when the value no longer fits a decimal; false when the multiplier stands in the wrong place.
    fn scale(&mut self, scale: i64) -> Option<bool> {
        let factor = Decimal::from(scale);
        self.last_scale = Some(scale);
        if scale < SPELLED_FROM {
            if scale >= self.last_small || (self.waiting.is_none() && scale != 10) {
                return Some(false);
            }
            self.last_small = scale;
            let number = self.waiting.take().unwrap_or(Decimal::ONE);
            self.section = number.checked_mul(factor)?.checked_add(self.section)?;
            return Some(true);
        }
        let waiting = self.waiting.take().unwrap_or(Decimal::ZERO);
        let number = self.section.checked_add(waiting)?;
        if scale == self.last_big || (number.is_zero() && scale < self.last_big) {
            return Some(false);
        }
        self.above = if scale > self.last_big {
            self.above.checked_add(number)?.checked_mul(factor)?
        } else {
            number.checked_mul(factor)?.checked_add(self.above)?
        };
        self.last_big = scale;
        self.last_small = SPELLED_FROM;
        self.section = Decimal::ZERO;
        Some(true)
    }

    fn total(self) -> Option<Decimal> {
        self.above
            .checked_add(self.section)?
            .checked_add(self.waiting.unwrap_or(Decimal::ZERO))
    }
}

fn value_of(table: &[(char, i64)], wanted: char) -> Option<i64> {
    let found = table.iter().find(|(c, _)| *c == wanted);
    found.map(|(_, value)| *value)
}
