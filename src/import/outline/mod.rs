//! Headings: which signs number a part of the text, in which form, and which of them are true.
//!
//! A number is taken for a heading's when it follows in its row, and where it stands: at the start of a line, after the end
//! of a sentence, or right behind the title of the part above. Breaks alone prove nothing, since they may be anywhere.

mod level;
mod parts;
mod title;
pub(super) mod vocabulary;

pub(super) use parts::{MeasureText, Outline, outline};

use super::clause::Clause;
use super::ends_with;
use super::text::{Gap, Text};
use super::vocabulary::{BRACKETS, COLON, COMMA, ENDS, LIST, YEAR, is_numeral, numeral};
use vocabulary::{ARTICLE, DAYS, MONTH, ORDINAL, PART_TAIL, PARTS, PLANS};

/// Longest title behind which a heading needs no sign, in characters.
const MOST_TITLE: usize = 40;
/// Numbers that may be missing in a row before it is no row.
const MOST_SKIPPED: u32 = 2;
/// Largest number of a heading that its row proves.
const MOST_NUMBER: u32 = 99_999;
/// Largest number that is taken for a heading's without its row: larger ones may be years.
const MOST_ALONE: u32 = 999;
/// Longest month and day behind a year, from the month's sign: 月三十一日.
const MOST_DAY: usize = 5;
/// Most digits of a heading's number.
const MOST_DIGITS: usize = 5;

/// How a heading is numbered, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Form {
    /// 第一章, 第一部分.
    Part,
    /// 一、
    Comma,
    /// 第一条
    Article,
    /// （一）
    Paren,
    /// 1. or 1、
    Dot,
}

impl Form {
    pub(super) const ALL: [Self; 5] = [
        Self::Part,
        Self::Comma,
        Self::Article,
        Self::Paren,
        Self::Dot,
    ];
}

/// A heading's number in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Where it stands.
    pub at: usize,
    /// Signs of the number with its form.
    pub length: usize,
    /// Its form.
    pub form: Form,
    /// Its value.
    pub number: u32,
    /// Numbers of the row that are missing before it.
    pub skipped: u32,
}

impl Mark {
    /// Where the title begins.
    pub(super) fn title_at(&self) -> usize {
        self.at + self.length
    }
}

/// The headings of a text, in order; none inside `apart` (rosters), which is ascending.
pub(super) fn marks(
    text: &Text,
    clauses: &[Clause],
    apart: &[std::ops::Range<usize>],
) -> Vec<Mark> {
    let mut row = Row::default();
    let mut taken: Vec<Mark> = Vec::new();
    let mut skips = clauses
        .iter()
        .map(|clause| clause.range.clone())
        .chain(apart.iter().cloned())
        .collect::<Vec<_>>();
    skips.sort_by_key(|range| range.start);
    let mut skips = skips.into_iter().peekable();
    let mut at = 0;
    // Since the last heading no sign has ended a title.
    let mut in_title = false;
    let mut behind = None;
    while at < text.chars.len() {
        if let Some(skip) = skips.next_if(|skip| skip.start <= at) {
            at = at.max(skip.end);
            behind = Some(at);
            in_title = false;
            continue;
        }
        let near = behind == Some(at)
            || in_title
                && taken
                    .last()
                    .is_some_and(|last| at - last.title_at() <= MOST_TITLE);
        match candidate(text, at).and_then(|mark| row.accepts(text, mark, near)) {
            Some(mark) => {
                row.take(mark);
                taken.push(mark);
                in_title = true;
                at = mark.title_at();
            }
            None => {
                in_title &= !is_end(text.chars[at]) && text.chars[at] != COMMA;
                at += 1;
            }
        }
    }
    taken
}

/// The last number of each form.
#[derive(Default)]
struct Row {
    last: [u32; 5],
}

impl Row {
    /// The mark with what it skips, if it continues a row or begins one where one may begin.
    fn accepts(&self, text: &Text, mark: Mark, near: bool) -> Option<Mark> {
        let last = self.last[mark.form as usize];
        let strong = is_strong(text, mark.at);
        let next = mark.number == last + 1;
        let begins = mark.number == 1;
        let placed = match mark.form {
            Form::Comma => {
                strong
                    || (begins && (behind_title(text, mark.at) || behind_date(text, mark.at)))
                    || ((near || (next && last > 0)) && stands_alone(text, &mark))
            }
            Form::Part | Form::Paren | Form::Dot | Form::Article => strong || near,
        };
        if placed && (next || begins) {
            return Some(mark);
        }
        let skipped = mark.number.checked_sub(last + 1)?;
        (strong && last > 0 && skipped <= MOST_SKIPPED).then_some(Mark { skipped, ..mark })
    }

    /// A row inside another one may begin again after it.
    fn take(&mut self, mark: Mark) {
        self.last[mark.form as usize] = mark.number;
        if mark.form == Form::Comma && mark.number == 1 {
            self.last[Form::Paren as usize] = 0;
            self.last[Form::Dot as usize] = 0;
        }
    }
}

/// The number as a section carries it: 二, 第一章, 3.
fn printed(text: &Text, mark: &Mark) -> String {
    match mark.form {
        Form::Comma | Form::Dot => text.slice(mark.at..mark.title_at() - 1),
        Form::Part | Form::Article => text.slice(mark.at..mark.title_at()),
        Form::Paren => text.slice(mark.at + 1..mark.title_at() - 1),
    }
}

/// Whether a new part seems to begin here, as far as that can be told without its row.
pub(super) fn begins_part(text: &Text, at: usize) -> bool {
    let mark = candidate(text, at).filter(|mark| mark.number <= MOST_ALONE);
    mark.is_some_and(|mark| match mark.form {
        Form::Comma => stands_alone(text, &mark),
        Form::Part | Form::Article | Form::Paren | Form::Dot => is_strong(text, at),
    })
}

/// Whether a heading may begin here whatever stands before.
pub(super) fn is_strong(text: &Text, at: usize) -> bool {
    text.gaps[at] >= Gap::Cell
        || at == 0
        || is_end(text.chars[at - 1])
        || text.chars[at - 1] == COLON
        || BRACKETS
            .iter()
            .any(|(_, close)| *close == text.chars[at - 1])
}

fn is_end(c: char) -> bool {
    ENDS.contains(&c)
}

/// Right behind the last word of a plan's title.
fn behind_title(text: &Text, at: usize) -> bool {
    PLANS.iter().any(|word| ends_with(&text.chars[..at], word))
}

/// Right behind the date of issue.
fn behind_date(text: &Text, at: usize) -> bool {
    let before = &text.chars[at.saturating_sub(MOST_DAY)..at];
    before.last() == Some(&DAYS[0]) && before.contains(&MONTH)
}

/// Not one of a list of numerals, as in 第一、二产业.
fn stands_alone(text: &Text, mark: &Mark) -> bool {
    let before = mark.at.checked_sub(1).map(|at| text.chars[at]);
    let after = text.chars.get(mark.title_at());
    !before.is_some_and(|c| c == LIST || c == ORDINAL || is_numeral(c))
        && !after.is_some_and(|c| is_numeral(*c))
}

/// A heading's number that the text may hold here.
fn candidate(text: &Text, at: usize) -> Option<Mark> {
    let run = &text.chars[at..];
    let (form, number, length) = match run[0] {
        c if c.is_ascii_digit() => dotted(text, at)?,
        ORDINAL => ordinal(run)?,
        c if BRACKETS[0].0 == c => {
            let (number, digits) = numeral(&run[1..])?;
            (run.get(1 + digits) == Some(&BRACKETS[0].1)).then_some((
                Form::Paren,
                number,
                digits + 2,
            ))?
        }
        _ => {
            let (number, digits) = numeral(run)?;
            (run.get(digits) == Some(&LIST)).then_some((Form::Comma, number, digits + 1))?
        }
    };
    let filled = text.chars.len() > at + length;
    (filled && number <= MOST_NUMBER).then_some(Mark {
        at,
        length,
        form,
        number,
        skipped: 0,
    })
}

/// 1. and 1、 but no decimal: 2.8 is none, 3.2024年 is one.
fn dotted(text: &Text, at: usize) -> Option<(Form, u32, usize)> {
    let before = at.checked_sub(1).map(|at| text.chars[at]);
    // 2026.11.30, and 2、 on the next line: what stands on a line of its own may follow a digit, if its row says so.
    let parted = text.gaps[at] >= Gap::Line && text.chars[at] != '1';
    if before.is_some_and(|c| {
        (c.is_ascii_alphanumeric() && !(parted && c.is_ascii_digit()))
            || c == '.'
            || c == ORDINAL
            || c == '/'
            || c == '+'
    }) {
        return None;
    }
    let run = &text.chars[at..];
    let digits = run
        .iter()
        .take(MOST_DIGITS + 1)
        .take_while(|c| c.is_ascii_digit())
        .count();
    let number = run[..digits]
        .iter()
        .fold(0, |number, c| number * 10 + c.to_digit(10).unwrap_or(0));
    let sign = *run.get(digits)?;
    if digits > MOST_DIGITS || (sign != '.' && sign != LIST) {
        return None;
    }
    let rest = &run[digits + 1..];
    let begins_with_digit = rest.first().is_some_and(char::is_ascii_digit);
    let begins_with_year =
        rest.len() > 4 && rest[..4].iter().all(char::is_ascii_digit) && rest[4] == YEAR;
    (!begins_with_digit || (begins_with_year && is_strong(text, at))).then_some((
        Form::Dot,
        number,
        digits + 1,
    ))
}

/// 第一条, 第3条, 第一章, 第一部分.
fn ordinal(run: &[char]) -> Option<(Form, u32, usize)> {
    let rest = &run[1..];
    let arabic = rest
        .iter()
        .take(4)
        .take_while(|c| c.is_ascii_digit())
        .count();
    let (number, digits) = match arabic {
        0 => numeral(rest)?,
        1..=3 => (
            rest[..arabic]
                .iter()
                .fold(0, |n, c| n * 10 + c.to_digit(10).unwrap_or(0)),
            arabic,
        ),
        _ => return None,
    };
    let sign = *rest.get(digits)?;
    if sign == ARTICLE {
        return Some((Form::Article, number, digits + 2));
    }
    let part = PARTS.contains(&sign);
    let tail = usize::from(rest.get(digits + 1) == Some(&PART_TAIL));
    part.then_some((Form::Part, number, digits + 2 + tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> String {
        let text = Text::read(source, |_| false);
        let marks = marks(&text, &[], &[]);
        let shown = marks
            .iter()
            .map(|mark| text.slice(mark.at..mark.title_at()));
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn headings_are_known_without_any_line_break() {
        let source = "通知如下：一、总体要求坚持第一、二产业并重。二、重点行动1.加快更新。推进2.8公里。2.开展赋能。做好（二）款。三、其他行动3.推动转型。";
        assert_eq!(read(source), "一、 二、 1. 2. 三、 3.");
    }

    #[test]
    fn every_form_of_number_is_known() {
        assert_eq!(
            read("第一章 总则\n第一条 甲。\n第2条 乙。"),
            "第一章 第一条 第2条"
        );
        assert_eq!(
            read("一、甲\n（一）乙\n1、丙\n２．丁\n（二）戊\n1、己"),
            "一、 （一） 1、 2. （二） 1、"
        );
    }

    #[test]
    fn numbers_out_of_row_are_no_headings_and_small_holes_are_told() {
        assert_eq!(read("1.甲。\n7.乙。\n2.丙。"), "1. 2.");
        assert_eq!(read("1.甲。\n2025、2026年。\n2.丙。"), "1. 2.");
        let many: String = (1..=1_002).map(|at| format!("{at}.甲。\n")).collect();
        assert!(read(&many).ends_with("999. 1000. 1001. 1002."));
        let text = Text::read("1.甲。\n3.乙。", |_| false);
        assert_eq!(marks(&text, &[], &[])[1].skipped, 1);
    }

    #[test]
    fn a_break_before_a_decimal_makes_no_heading() {
        assert_eq!(read("1.甲管网\n2.8公里。2.2024年更新。"), "1. 2.");
    }
}
