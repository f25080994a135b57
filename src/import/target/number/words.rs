//! Numbers in Chinese numerals: 三十, 一千二百, 三点五; and words that only say about how many: 十几, 数百, 三五.

use rust_decimal::Decimal;

use super::vocabulary::{LARGE, POINT, ROUGH, SMALL, TWO};
use crate::import::vocabulary::digit;

/// Longest number in words, in signs.
const MOST_SIGNS: usize = 12;
/// Most signs behind the point.
const MOST_FRACTION: usize = 4;

/// A number in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import::target) struct Words {
    pub value: Decimal,
    /// Whether it only says about how many.
    pub rough: bool,
    /// Signs.
    pub length: usize,
}

/// The number in words that a run begins with. What scales a unit of measure is left to it: 三十 of 三十万吨.
pub(in crate::import::target) fn words(run: &[char]) -> Option<Words> {
    let signs = run.iter().take(MOST_SIGNS).take_while(|c| belongs(**c));
    let mut length = signs.count();
    let large = |c: &char| LARGE.iter().any(|(sign, _)| sign == c);
    if run.first().is_none_or(large) {
        return None;
    }
    while length > 1 && large(&run[length - 1]) && !ROUGH.contains(&run[length - 2]) {
        length -= 1;
    }
    let (value, rough) = whole(&run[..length])?;
    let value = Decimal::from(value);
    let fraction = fraction(&run[length..]).filter(|_| !rough);
    let (part, more) = fraction.unwrap_or_default();
    Some(Words {
        value: value + part,
        rough,
        length: length + more,
    })
}

/// Whether a sign belongs to a number in words.
pub(in crate::import::target) fn belongs(c: char) -> bool {
    let scale = SMALL.iter().chain(&LARGE).any(|(sign, _)| *sign == c);
    scale || value(c).is_some() || ROUGH.contains(&c)
}

fn value(c: char) -> Option<u64> {
    if c == TWO {
        return Some(2);
    }
    digit(c).map(u64::from)
}

/// The value, and whether it is rough; none for zero and for a word that counts nothing.
fn whole(run: &[char]) -> Option<(u64, bool)> {
    let (mut total, mut section, mut last) = (0_u64, 0_u64, None);
    let mut rough = false;
    for c in run {
        if ROUGH.contains(c) {
            rough = true;
            last = Some(1);
        } else if let Some(value) = value(*c) {
            // 三五家 is three or five.
            rough |= last.is_some_and(|last| last > 0);
            last = last.filter(|last| *last > 0).or(Some(value));
        } else if let Some((_, scale)) = SMALL.iter().find(|(sign, _)| sign == c) {
            rough |= last.is_none() && *scale > SMALL[0].1;
            section += last.take().unwrap_or(1) * scale;
        } else if let Some((_, scale)) = LARGE.iter().find(|(sign, _)| sign == c) {
            let all = total + section + last.take().unwrap_or(0);
            (total, section) = (all.checked_mul(*scale)?, 0);
        }
    }
    let value = total.checked_add(section)?.checked_add(last.unwrap_or(0))?;
    let alone = run.len() == 1 && ROUGH.contains(&run[0]);
    (value > 0 && !alone).then_some((value, rough))
}

/// 点五, as a part of one, and its signs.
fn fraction(run: &[char]) -> Option<(Decimal, usize)> {
    let rest = run.strip_prefix(&[POINT])?;
    let digits = rest.iter().take(MOST_FRACTION).map_while(|c| digit(*c));
    let (mut value, mut count) = (0_i64, 0_u32);
    for digit in digits {
        value = value * 10 + i64::from(digit);
        count += 1;
    }
    (count > 0).then(|| (Decimal::new(value, count), 1 + count as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> String {
        let run: Vec<char> = source.chars().collect();
        words(&run).map_or("-".to_owned(), |it| {
            let rough = if it.rough { " rough" } else { "" };
            format!("{}{rough} +{}", it.value, run.len() - it.length)
        })
    }

    #[test]
    fn numbers_in_words_are_read_whatever_their_length() {
        assert_eq!(read("三十家"), "30 +1");
        assert_eq!(read("两座"), "2 +1");
        assert_eq!(read("一千二百家"), "1200 +1");
        assert_eq!(read("三千零五家"), "3005 +1");
        assert_eq!(read("一百二十万户"), "120 +2");
        assert_eq!(read("一万二千户"), "12000 +1");
        assert_eq!(read("十亿元"), "10 +2");
        assert_eq!(read("三点五"), "3.5 +0");
        assert_eq!(read("百分之"), "100 rough +2");
    }

    #[test]
    fn words_that_say_about_how_many_are_rough() {
        assert_eq!(read("十几家"), "11 rough +1");
        assert_eq!(read("数十家"), "10 rough +1");
        assert_eq!(read("数万家"), "10000 rough +1");
        assert_eq!(read("三五家"), "3 rough +1");
        assert_eq!(read("百余家"), "100 rough +2");
        for none in ["数量", "几家", "万家", "亿元", "零", "家"] {
            assert_eq!(read(none), "-", "{none}");
        }
    }
}
