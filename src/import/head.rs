//! What stands above a plan: its title, who issued it, when and under which number; the place, the task force and its office.

use std::ops::Range;

use chrono::NaiveDate;

use super::outline::vocabulary::{
    BODIES, CHIEF_IS, CHIEF_TAILS, DAYS, DEPUTY, FOUNDED, ISSUED, MONTH, NO_PLACES, NOTICE,
    NUMBER_END, OFFICE_AT, OPENINGS, PARTY, PLACES, PLAN_KINDS, PLANS, TASK_FORCES,
};
use super::text::{Gap, Text};
use super::vocabulary::{
    BRACKETS, COLON, COMMA, ENDS, QUOTES, YEAR, is_han, numeral, written_year,
};
use super::{ends_with, find_word, longest, starts_with};

/// Longest and shortest title, in signs.
const MOST_TITLE: usize = 80;
const LEAST_TITLE: usize = 8;
/// Longest name of a wider place before a place, in signs.
const MOST_WIDER: usize = 8;
/// Longest name of a body or of a task force, in signs; a plan file takes no longer one.
const MOST_NAME: usize = 36;
/// How far behind the words about the office's head a name is looked for, in signs.
const MOST_CHIEF: usize = 60;

/// Longest and shortest date, in signs: 二〇二四年十二月三十一日, 2024年1月1日.
const MOST_DATE: usize = 12;
const LEAST_DATE: usize = 9;
/// How far before the end of a part its date of issue may stand, in signs.
const MOST_SIGNED: usize = 30;

/// The head of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// Title of the plan.
    pub title: String,
    /// Who issued it.
    pub body: String,
    /// When.
    pub date: Option<NaiveDate>,
    /// Number of the document.
    pub number: String,
    /// The place it is for, as in 乳山市.
    pub place: String,
    /// Sender and date below the plan, which are none of its text.
    pub signature: Option<Range<usize>>,
}

/// Reads the head from what stands before the plan's parts, below the last one (`general`, its text that belongs to no
/// measure), or behind them.
pub(super) fn head(
    text: &Text,
    preface: Range<usize>,
    general: &[Range<usize>],
    rest: &[Range<usize>],
) -> Head {
    let title = title(text, preface.clone());
    let signed = general
        .iter()
        .rev()
        .find_map(|range| signature(text, range));
    let dated = date(text, preface.clone())
        .or(signed)
        .or_else(|| rest.iter().find_map(|range| date(text, range.clone())));
    let signature = signed.map(|(at, _)| {
        let body = body_before(text, at).map_or(0, |body| body.chars().count());
        at - body..text.chars.len().min(at + MOST_DATE)
    });
    let body = dated
        .as_ref()
        .and_then(|(at, _)| body_before(text, *at))
        .or_else(|| body_of_notice(text, preface.clone()))
        .unwrap_or_default();
    let number = number(text, preface).unwrap_or_default();
    let place = place(&title.chars().collect::<Vec<_>>())
        .or_else(|| place(&body.chars().collect::<Vec<_>>()));
    Head {
        title,
        body,
        date: dated.map(|(_, date)| date),
        number,
        place: place.unwrap_or_default(),
        signature,
    }
}

/// The date at the very end of a part, with nothing behind it but a note in brackets: where a plan is signed.
fn signature(text: &Text, range: &Range<usize>) -> Option<(usize, NaiveDate)> {
    let least = range.start.max(range.end.saturating_sub(MOST_SIGNED));
    (least..range.end).rev().find_map(|at| {
        let starts = text.gaps[at] >= Gap::Line || body_before(text, at).is_some();
        let date = full_date(&text.chars[at..range.end]).filter(|_| starts)?;
        let behind = &text.chars[range.end.min(at + LEAST_DATE)..range.end];
        let ended = !behind
            .iter()
            .any(|c| ENDS.contains(c) || *c == COMMA || *c == COLON);
        ended.then_some((at, date))
    })
}

/// The title: what the notice says it issues, else the first run of signs that ends as titles do.
fn title(text: &Text, range: Range<usize>) -> String {
    let run = &text.chars[range.clone()];
    let (open, close) = QUOTES[1];
    for words in ISSUED {
        let Some(at) = find_word(run, words) else {
            continue;
        };
        let from = at + words.chars().count();
        let to = run[from..]
            .iter()
            .take(MOST_TITLE)
            .position(|c| *c == close);
        if let Some(to) = to.filter(|to| {
            PLANS
                .iter()
                .any(|word| ends_with(&run[from..from + to], word))
        }) {
            return run[from..from + to]
                .iter()
                .filter(|c| **c != open)
                .collect();
        }
    }
    let bounds = |at: usize| {
        let c = run[at];
        ENDS.contains(&c)
            || c == COMMA
            || c == COLON
            || BRACKETS.iter().any(|(o, s)| *o == c || *s == c)
            || DAYS.contains(&c)
    };
    let mut from = 0;
    for at in 0..run.len() {
        // A date in digits and the like, of a page's own heading: the title begins behind it.
        let behind_digits = at > 0
            && run[at - 1].is_ascii_digit()
            && is_han(run[at])
            && text.gaps[range.start + at] >= Gap::Cell
            && run[at] != YEAR;
        if bounds(at) {
            from = at + 1;
        } else if behind_digits {
            from = at;
        } else if let Some(word) = PLANS.iter().find(|word| starts_with(&run[at..], word)) {
            let end = at + word.chars().count();
            let ended = end == run.len()
                || bounds(end)
                || text.gaps[range.start + end] >= Gap::Line
                || longest(&run[end..], &OPENINGS).is_some();
            if ended && end - from > 4 && end - from <= MOST_TITLE {
                return without_body(&run[from..end]).iter().collect();
            }
        }
    }
    String::new()
}

/// A title without what stands on the lines above it: the body that issues it, the words of a notice, another title.
fn without_body(title: &[char]) -> &[char] {
    let notice = find_word(title, NOTICE).map(|at| at + NOTICE.chars().count());
    if let Some(at) = notice.filter(|at| place(&title[*at..]).is_some()) {
        return without_body(&title[at..]);
    }
    let ends = BODIES
        .iter()
        .filter_map(|body| Some(find_word(title, body)? + body.chars().count()))
        .filter(|end| end + 6 < title.len());
    let title = match ends.max() {
        Some(end) if place(&title[end..]).is_some() => &title[end..],
        Some(_) | None => title,
    };
    // The place begins a title; where it comes again, another one has begun.
    let place: Vec<char> = place(title).unwrap_or_default().chars().collect();
    let again = (LEAST_TITLE..title.len().saturating_sub(LEAST_TITLE))
        .rev()
        .find(|at| place.len() > 1 && title[*at..].starts_with(&place));
    again.map_or(title, |at| &title[at..])
}

/// The first full date of a range, and where it stands.
fn date(text: &Text, range: Range<usize>) -> Option<(usize, NaiveDate)> {
    range.clone().find_map(|at| {
        let before = at.checked_sub(1).map(|at| text.chars[at]);
        if before.is_some_and(|c| c.is_ascii_digit()) {
            return None;
        }
        Some((at, full_date(&text.chars[at..range.end])?))
    })
}

fn full_date(run: &[char]) -> Option<NaiveDate> {
    let (year, at) = count(run, 4).or_else(|| written_year(run))?;
    let rest = run.get(at..)?.strip_prefix(&[YEAR])?;
    let (month, at) = count(rest, 2).or_else(|| numeral(rest))?;
    let rest = rest.get(at..)?.strip_prefix(&[MONTH])?;
    let (day, at) = count(rest, 2).or_else(|| numeral(rest))?;
    DAYS.contains(rest.get(at)?).then_some(())?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

fn count(run: &[char], most: usize) -> Option<(u32, usize)> {
    let digits = run
        .iter()
        .take(most + 1)
        .take_while(|c| c.is_ascii_digit())
        .count();
    let value = run[..digits.min(most)]
        .iter()
        .fold(0, |value, c| value * 10 + c.to_digit(10).unwrap_or(0));
    (1..=most).contains(&digits).then_some((value, digits))
}

/// Whether a run is a sender with a date, as it stands below a document.
pub(super) fn is_signature(run: &[char]) -> bool {
    (0..run.len()).any(|at| full_date(&run[at..]).is_some())
}

/// The body whose name ends right before a date.
fn body_before(text: &Text, at: usize) -> Option<String> {
    let least = at.saturating_sub(MOST_NAME);
    let run = &text.chars[least..at];
    BODIES.iter().find(|body| ends_with(run, body))?;
    let sign = |c: &char| {
        ENDS.contains(c)
            || *c == COMMA
            || *c == COLON
            || BRACKETS
                .iter()
                .chain(&QUOTES)
                .any(|(o, s)| o == c || s == c)
    };
    let from = run.iter().rposition(sign).map_or(0, |at| at + 1);
    // A body of the Party begins with its name, whatever unit stands on the line above.
    let party = find_word(&run[from..], PARTY).unwrap_or(0);
    Some(run[from + party..].iter().collect())
}

/// The body in the title of a notice: 青禾县人民政府关于印发….
fn body_of_notice(text: &Text, range: Range<usize>) -> Option<String> {
    let run = &text.chars[range];
    let at = find_word(run, NOTICE)?;
    let body = &run[at.saturating_sub(MOST_NAME)..at];
    BODIES.iter().find(|word| ends_with(body, word))?;
    let from = (0..body.len().saturating_sub(2)).find(|from| {
        let before = from.checked_sub(1).map(|at| body[at]);
        before.is_none_or(|c| !c.is_alphabetic() || c == NUMBER_END)
            && place(&body[*from..]).is_some()
    })?;
    Some(body[from..].iter().collect())
}

/// 乳政发〔2024〕5号.
fn number(text: &Text, range: Range<usize>) -> Option<String> {
    let run = &text.chars[range.clone()];
    let (open, close) = BRACKETS[1];
    let at = (0..run.len()).find(|at| {
        run[*at] == open
            && run.len() > at + 6
            && run[at + 1..at + 5].iter().all(char::is_ascii_digit)
            && run[at + 5] == close
    })?;
    let digits = run[at + 6..]
        .iter()
        .take_while(|c| c.is_ascii_digit())
        .count();
    (digits > 0 && run.get(at + 6 + digits) == Some(&NUMBER_END)).then_some(())?;
    let sign = |at: usize| !run[at].is_alphabetic() || text.gaps[range.start + at + 1] >= Gap::Line;
    let from = (at.saturating_sub(10)..at)
        .rev()
        .find(|at| sign(*at))
        .map_or(at.saturating_sub(10), |at| at + 1);
    Some(run[from..=at + 6 + digits].iter().collect())
}

/// The place that a name begins with: 东州市青禾县.
fn place(run: &[char]) -> Option<String> {
    let mut end = run
        .iter()
        .take(5)
        .position(|c| PLACES.contains(c))
        .filter(|at| *at >= 1)?
        + 1;
    // 东州市: a sign that ends names stands inside one.
    end +=
        usize::from(run.get(end).is_some_and(|c| PLACES.contains(c)) && run[end - 1] == PLACES[4]);
    while let Some(next) = run[end..]
        .iter()
        .take(4)
        .position(|c| PLACES.contains(c))
        .filter(|at| *at >= 2)
    {
        if NO_PLACES
            .iter()
            .any(|word| ends_with(&run[..end + next + 1], word))
        {
            break;
        }
        end += next + 1;
    }
    let last = run[..end - 1]
        .iter()
        .rposition(|c| PLACES.contains(c))
        .filter(|at| end - at > 2);
    Some(run[last.map_or(0, |at| at + 1)..end].iter().collect())
}

/// What a plan is about: its title without the place and the words for its kind.
pub(super) fn subject(title: &str, place: &str) -> String {
    // 东州市青禾区: the wider place goes with the narrower one.
    let placed = title
        .split_once(place)
        .filter(|(wider, _)| !place.is_empty() && wider.chars().count() <= MOST_WIDER);
    let title = placed.map_or(title, |(_, rest)| rest);
    let mut rest = PLANS
        .iter()
        .find_map(|word| title.strip_suffix(word))
        .unwrap_or(title);
    while let Some(shorter) = PLAN_KINDS
        .iter()
        .find_map(|word| rest.strip_suffix(word))
        .filter(|rest| rest.chars().count() > 3)
    {
        rest = shorter;
    }
    rest.to_owned()
}

/// The name of the task force, where the text says that it is founded, without the place.
pub(super) fn task_force(text: &Text, place: &str) -> Option<String> {
    for founded in FOUNDED {
        let word: Vec<char> = founded.chars().collect();
        let mut at = 0;
        while let Some(found) = super::find(&text.chars[at..], &word) {
            at += found + word.len();
            let run = &text.chars[at..text.chars.len().min(at + MOST_NAME)];
            let sign = run
                .iter()
                .position(|c| ENDS.contains(c) || *c == COMMA)
                .unwrap_or(run.len());
            let run = &run[..sign];
            let end = TASK_FORCES
                .iter()
                .filter_map(|force| Some(find_word(run, force)? + force.chars().count()))
                .min();
            if let Some(end) = end {
                let name: String = run[..end].iter().collect();
                let name = name.strip_prefix(place).unwrap_or(&name).to_owned();
                if name.chars().count() > 4 {
                    return Some(name);
                }
            }
        }
    }
    None
}

/// A task force's name without the words every such name ends with.
pub(super) fn short_force(name: &str) -> String {
    let rest = TASK_FORCES
        .iter()
        .find_map(|word| name.strip_suffix(word))
        .filter(|rest| rest.chars().count() > 1);
    rest.unwrap_or(name).to_owned()
}

/// The unit where the office sits, as written, and where that stands.
pub(super) fn office_at(text: &Text) -> Option<(String, Range<usize>)> {
    let (at, length) = OFFICE_AT
        .iter()
        .find_map(|word| Some((find_word(&text.chars, word)?, word.chars().count())))?;
    let from = at + length;
    let run = &text.chars[from..text.chars.len().min(from + MOST_NAME)];
    let sign = run
        .iter()
        .position(|c| ENDS.contains(c) || *c == COMMA || BRACKETS.iter().any(|(o, _)| o == c))
        .unwrap_or(run.len());
    Some((run[..sign].iter().collect(), at..from + sign))
}

/// The words behind 办公室主任由, in which a name may stand.
pub(super) fn chief_words(text: &Text) -> Option<String> {
    let (at, length) = CHIEF_IS.iter().find_map(|word| {
        let mut from = 0;
        loop {
            let at = from + find_word(&text.chars[from..], word)?;
            from = at + word.chars().count();
            // 副主任由 is not about the head.
            if at == 0 || text.chars[at - 1] != DEPUTY {
                return Some((at, word.chars().count()));
            }
        }
    })?;
    let from = at + length;
    let run = &text.chars[from..text.chars.len().min(from + MOST_CHIEF)];
    let end = CHIEF_TAILS
        .iter()
        .filter_map(|tail| find_word(run, tail))
        .min()
        .unwrap_or(run.len());
    Some(run[..end].iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> String {
        let text = Text::read(source, |_| false);
        let head = head(&text, 0..text.chars.len(), &[], &[]);
        let date = head.date.map_or(String::new(), |date| date.to_string());
        format!(
            "{} | {} | {date} | {} | {}",
            head.title, head.body, head.number, head.place
        )
    }

    #[test]
    fn a_notice_and_a_bare_plan_tell_their_head() {
        assert_eq!(
            read(
                "青政发〔2025〕3号\n青禾县人民政府\n关于印发《青禾县充电设施\n建设三年行动方案》的通知\n各镇人民政府：\n现将《青禾县充电设施建设三年行动方案》印发给你们。\n青禾县人民政府\n2025年3月8日\n（此件公开发布）"
            ),
            "青禾县充电设施建设三年行动方案 | 青禾县人民政府 | 2025-03-08 | 青政发〔2025〕3号 | 青禾县"
        );
        assert_eq!(
            read("东州市青禾区消防安全工作方案\n为贯彻落实上级要求，"),
            "东州市青禾区消防安全工作方案 |  |  |  | 青禾区"
        );
        assert_eq!(
            read("青禾县商务局\n青禾县夜间经济实施意见\n二〇二五年三月十日"),
            "青禾县夜间经济实施意见 |  | 2025-03-10 |  | 青禾县"
        );
        assert_eq!(read("没有题目的一段话。"), " |  |  |  | ");
    }

    #[test]
    fn the_task_force_and_its_office_are_found() {
        let text = Text::read(
            "经研究，成立青禾县充电设施建设工作专班。办公室设在县发展和改革局，办公室主任由高远同志兼任。",
            |_| false,
        );
        assert_eq!(task_force(&text, "青禾县").unwrap(), "充电设施建设工作专班");
        assert_eq!(short_force("充电设施建设工作专班"), "充电设施建设");
        assert_eq!(office_at(&text).unwrap().0, "县发展和改革局");
        assert_eq!(chief_words(&text).unwrap(), "高远");
    }

    #[test]
    fn a_subject_is_left_of_a_title() {
        assert_eq!(
            subject("青禾县充电设施建设三年行动方案", "青禾县"),
            "充电设施建设"
        );
        assert_eq!(subject("关于加快发展的若干措施", ""), "关于加快发展");
    }
}
