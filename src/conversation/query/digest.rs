//! `/digest`: one for the asker, an old one by number, those of a month, or a correction.

use chrono::Datelike;

use super::{QuerySay, find};
use crate::calendar;
use crate::conversation::vocabulary::{FIX, MONTH, NUMBER_LEADS, NUMBER_TAILS, YEAR, half_width};
use crate::conversation::{ChatKind, Effect, Event, Turn, group};
use crate::plan::{Access, Right};

/// Longest reason of a correction, in characters.
pub const MOST_REASON: usize = 200;

/// What the argument asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wish {
    Now,
    Number(u32),
    Month { year: Option<i32>, month: u32 },
    Fix { number: Option<u32>, reason: String },
    Unclear,
}

/// `/digest` with its argument.
pub fn digest(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    match read(argument) {
        Wish::Now if event.place.kind != ChatKind::Private => {
            turn.reply(QuerySay::DigestInPrivate.into());
        }
        Wish::Now => show(turn, 0),
        Wish::Number(number) => show(turn, number),
        Wish::Month { year, month } => {
            let this_year = calendar::date_of(turn.context.now).year();
            let year = year.unwrap_or(this_year);
            turn.push(Effect::ShowDigestsOf { year, month });
        }
        Wish::Fix { number, reason } => fix(turn, event, number, reason),
        Wish::Unclear => turn.reply(QuerySay::WhichDigest(find::cut(argument)).into()),
    }
}

fn show(turn: &mut Turn<'_, '_>, number: u32) {
    turn.push(Effect::ShowDigest {
        number,
        page: 0,
        message_id: None,
    });
}

fn fix(turn: &mut Turn<'_, '_>, event: &Event, number: Option<u32>, reason: String) {
    if let Access::Refused(why) = turn.context.may(&Right::FixDigest) {
        return group::refuse(turn, event, why);
    }
    if reason.is_empty() {
        return turn.reply(QuerySay::FixNeedsReason.into());
    }
    let reason = reason.chars().take(MOST_REASON).collect();
    turn.push(Effect::CorrectDigest { number, reason });
}

fn read(argument: &str) -> Wish {
    let text: String = argument.chars().map(half_width).collect();
    let text = text.trim();
    if text.is_empty() {
        return Wish::Now;
    }
    if let Some(rest) = FIX.iter().find_map(|word| strip_word(text, word)) {
        let (first, after) = rest.split_once(' ').unwrap_or((rest, ""));
        return match numbered(first) {
            Some(number) => Wish::Fix {
                number: Some(number),
                reason: after.trim().to_owned(),
            },
            None => Wish::Fix {
                number: None,
                reason: rest.to_owned(),
            },
        };
    }
    let close: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    month(&close)
        .or_else(|| numbered(&close).map(Wish::Number))
        .unwrap_or(Wish::Unclear)
}

/// What follows a word at the beginning, in any case.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.get(..word.len())?;
    let rest = text.get(word.len()..)?;
    let ends = !word.is_ascii() || !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    (head.eq_ignore_ascii_case(word) && ends).then(|| rest.trim())
}

/// A digest's number as people write it after a command: 16, 第 16 期.
pub fn number(argument: &str) -> Option<u32> {
    let text = argument.chars().map(half_width);
    let text: String = text.filter(|c| !c.is_whitespace()).collect();
    numbered(&text)
}

/// 16, 第16期.
fn numbered(text: &str) -> Option<u32> {
    let lead = NUMBER_LEADS
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
        .unwrap_or(text);
    let bare = NUMBER_TAILS
        .iter()
        .find_map(|tail| lead.strip_suffix(tail))
        .unwrap_or(lead);
    bare.parse().ok().filter(|number| *number > 0)
}

/// 2026-10, 2026/10, 2026年10月, 10月.
fn month(text: &str) -> Option<Wish> {
    if let Some(bare) = text.strip_suffix(MONTH)
        && let Ok(month) = bare.parse()
    {
        return valid(None, month);
    }
    let text = text.strip_suffix(MONTH).unwrap_or(text);
    let (year, month) = text.split_once(['-', '/', '.', YEAR])?;
    let year = year
        .parse()
        .ok()
        .filter(|year| (2000..=2100).contains(year))?;
    valid(Some(year), month.parse().ok()?)
}

fn valid(year: Option<i32>, month: u32) -> Option<Wish> {
    (1..=12)
        .contains(&month)
        .then_some(Wish::Month { year, month })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_as_people_write_them() {
        let month = |year, month| Wish::Month { year, month };
        let fix = |number, reason: &str| Wish::Fix {
            number,
            reason: reason.to_owned(),
        };
        for (typed, wish) in [
            ("", Wish::Now),
            ("16", Wish::Number(16)),
            ("第 １６ 期", Wish::Number(16)),
            ("No.3", Wish::Number(3)),
            ("2026-10", month(Some(2026), 10)),
            ("2026年10月", month(Some(2026), 10)),
            ("2026/9", month(Some(2026), 9)),
            ("10月", month(None, 10)),
            ("fix 换热站数字有误", fix(None, "换热站数字有误")),
            ("FIX 16 换热站数字有误", fix(Some(16), "换热站数字有误")),
            ("更正 第16期 多计1座", fix(Some(16), "多计1座")),
            ("更正3处数字", fix(None, "3处数字")),
            ("fix", fix(None, "")),
            ("fix 16", fix(Some(16), "")),
            ("2026-13", Wish::Unclear),
            ("0", Wish::Unclear),
            ("fixed", Wish::Unclear),
            ("上周", Wish::Unclear),
            ("99999999999", Wish::Unclear),
        ] {
            assert_eq!(read(typed), wish, "{typed}");
        }
    }
}
