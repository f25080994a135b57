//! Targets: numbers with their comparator, unit, base year and deadline, and things to be finished by a day.

mod deadline;
mod items;
mod name;
mod number;
mod scan;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::collections::HashSet;
use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub(super) use deadline::Deadline;
use number::vocabulary::RATES;
use scan::{Token, pieces, split, tokens};
use vocabulary::{DONE, FLOWS, PER_UNIT, STANDARD, STATE, STRIVEN, TOWARDS};

use super::find_word;
use super::text::Text;
use super::vocabulary::{DASH, ENDS, LIST, SEMICOLON};
use crate::plan::{Comparator, IndicatorKind, Recurrence};

/// Numbers of a sentence that were no targets, among which a deadline's piece is looked for.
const MOST_PASSED: usize = 50;

/// A target in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// At most 16 signs.
    pub name: String,
    /// The name without a change at its end: 产业规模 of 产业规模增长.
    pub subject: String,
    /// Whether the name had to be cut, or taken from elsewhere.
    pub name_cut: bool,
    /// Kind.
    pub kind: IndicatorKind,
    /// Comparator.
    pub comparator: Comparator,
    /// In the shown unit; none for a milestone.
    pub value: Option<Decimal>,
    /// As a plan file writes it.
    pub unit: String,
    /// Where it starts from, in the shown unit: 由70%提高到90%.
    pub baseline: Option<Decimal>,
    /// Year a change is counted from.
    pub base_year: Option<i32>,
    /// Deadline.
    pub deadline: Option<Deadline>,
    /// What is not said outright.
    pub odd: Vec<Odd>,
    /// Where it stands in the text.
    pub range: Range<usize>,
}

/// What a target's words leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Odd {
    /// 力争.
    Striven,
    /// 低于 is read as at most.
    Below,
    /// The lower end of a range was taken.
    LowerEnd,
    /// A name that looks as if it began anew every year.
    FlowOrStock,
    /// Compared with the year before, which is counted back.
    BaseInferred,
}

/// A number that was not taken for a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passed {
    /// The words around it.
    pub range: Range<usize>,
    /// Why.
    pub why: WhyPassed,
}

/// Why a number is no target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyPassed {
    /// It says how things are.
    State,
    /// It is a sum, a fee or a standard.
    Standard,
    /// No unit of measure stands behind it.
    NoUnit,
    /// Its time was over when the plan was published.
    Past,
    /// It stands in brackets.
    InBrackets,
    /// It is too large or has too many digits.
    TooLarge,
    /// It is written in words or as a fraction, and may be part of a name.
    InWords,
    /// A deadline stands here and nothing that is measured or finished by it.
    DueOnly,
    /// It is a length of time.
    Span,
    /// It is a rank among others.
    Rank,
    /// Letters stand before or behind it.
    Glued,
}

/// The targets in a part of the text, and the numbers that are none. Deadlines without a year are counted from `issued`;
/// those before `since` are over.
pub(super) fn targets(
    text: &Text,
    range: Range<usize>,
    issued: NaiveDate,
    since: NaiveDate,
) -> (Vec<Target>, Vec<Passed>) {
    let mut reader = Reader {
        text,
        issued,
        since,
        scope: None,
        scopes: Vec::new(),
        sentence: 0,
        open: 0,
        before: Vec::new(),
        dues: Vec::new(),
        targets: Vec::new(),
        passed: Vec::new(),
    };
    for sentence in split(text, range, |c| ENDS.contains(&c) && c != SEMICOLON) {
        reader.scope = None;
        reader.scopes.clear();
        reader.sentence = reader.targets.len();
        reader.open = reader.sentence;
        reader.before.clear();
        for half in split(text, sentence, |c| c == SEMICOLON) {
            reader.scope = reader.scope.take().filter(|scope| scope.until);
            if reader.scope.is_none() {
                reader.scopes.clear();
            }
            for piece in pieces(text, half) {
                reader.piece(piece);
            }
        }
        reader.idle_dues();
    }
    (reader.targets, reader.passed)
}

struct Reader<'t> {
    text: &'t Text,
    issued: NaiveDate,
    since: NaiveDate,
    scope: Option<Deadline>,
    /// Several deadlines side by side, the last of which is the scope: 到2025年、2027年.
    scopes: Vec<Deadline>,
    /// Targets of the sentence begin here.
    sentence: usize,
    /// No target of the sentence before this one waits for a deadline.
    open: usize,
    /// The words of the piece before, in the same sentence.
    before: Vec<char>,
    /// Deadlines of the sentence, all of them, with the pieces they stand in and their own place.
    dues: Vec<(Range<usize>, Range<usize>, Deadline)>,
    targets: Vec<Target>,
    passed: Vec<Passed>,
}

impl Reader<'_> {
    fn piece(&mut self, piece: Range<usize>) {
        let tokens = tokens(self.text, &piece, self.issued);
        if let Some(parts) = self.parts(&piece, &tokens) {
            parts.into_iter().for_each(|part| self.piece(part));
            return;
        }
        let run = &self.text.chars[piece.clone()];
        let says = |words: &[&str]| words.iter().any(|word| find_word(run, word).is_some());
        let has_number = tokens
            .iter()
            .any(|(token, _)| matches!(token, Token::Number(_)));
        let side_by_side = self.side_by_side(&tokens);
        let own = side_by_side
            .last()
            .cloned()
            .or_else(|| first_deadline(&tokens));
        for (token, range) in &tokens {
            if let Token::Passed(why) = token {
                self.passed.push(Passed {
                    range: range.clone(),
                    why: *why,
                });
            }
        }
        for (token, range) in &tokens {
            if let Token::Deadline(due) = token {
                self.dues.push((piece.clone(), range.clone(), due.clone()));
            }
        }
        if let Some(own) = own {
            self.scope = Some(own);
            self.scopes = side_by_side;
        }
        let refused = if says(&STATE) {
            Some(WhyPassed::State)
        } else if says(&STANDARD) || says(&PER_UNIT) {
            Some(WhyPassed::Standard)
        } else {
            self.scope
                .as_ref()
                .filter(|scope| scope.due < self.since)
                .map(|_| WhyPassed::Past)
        };
        let (targets, passed) = (self.targets.len(), self.passed.len());
        match refused {
            Some(why) if has_number => self.passed.push(Passed {
                range: piece.clone(),
                why,
            }),
            Some(_) => {}
            None if has_number => self.items(piece.clone(), &tokens),
            None => self.milestone(piece.clone(), &tokens),
        }
        self.idle_years(&tokens, targets, passed);
        self.before = self.words(piece, &tokens);
    }

    /// Years that something is compared with or starts from, where nothing is; what the piece gave begins at these places.
    fn idle_years(&mut self, tokens: &[(Token, Range<usize>)], targets: usize, passed: usize) {
        for (token, place) in tokens {
            let holds = |range: &Range<usize>| range.start <= place.start && range.end >= place.end;
            let found = &self.targets[targets..];
            let before = found.partition_point(|it| it.range.start <= place.start);
            let near = found[..before].iter().rev().take(MOST_PASSED);
            let mut here = near.filter(|it| holds(&it.range));
            let used = match token {
                Token::Base(_) => here.any(|it| it.base_year.is_some()),
                Token::Start => here.any(|it| it.baseline.is_some()),
                Token::Deadline(_) | Token::Number(_) | Token::Passed(_) => continue,
            };
            let mut told = self.passed[passed..].iter().rev().take(MOST_PASSED);
            let told = told.any(|it| holds(&it.range));
            if !used && !told {
                self.passed.push(Passed {
                    range: place.clone(),
                    why: WhyPassed::DueOnly,
                });
            }
        }
    }

    /// Several things in one piece, each to be finished by a day of its own: 6月启动、年底前完成.
    fn parts(
        &self,
        piece: &Range<usize>,
        tokens: &[(Token, Range<usize>)],
    ) -> Option<Vec<Range<usize>>> {
        let mut dues = Vec::new();
        for (token, range) in tokens {
            match token {
                Token::Number(_) => return None,
                Token::Deadline(_) => dues.push(range),
                Token::Start | Token::Base(_) | Token::Passed(_) => {}
            }
        }
        let (mut parts, mut from) = (Vec::new(), piece.start);
        for pair in dues.windows(2) {
            let chars = &self.text.chars;
            let cut = (pair[0].end..pair[1].start).find(|at| chars[*at] == LIST)?;
            let said = &chars[pair[0].end..cut];
            DONE.iter().find(|word| find_word(said, word).is_some())?;
            parts.push(from..cut);
            from = cut + 1;
        }
        parts.push(from..piece.end);
        (parts.len() > 1).then_some(parts)
    }

    /// Deadlines to which nothing of their sentence belongs are told.
    fn idle_dues(&mut self) {
        let found = &self.targets[self.sentence..];
        let dated = || {
            let dues = found
                .iter()
                .filter_map(|it| Some((it, it.deadline.as_ref()?)));
            dues.map(|(it, due)| (it.range.end, due.written.clone(), due.recurrence))
        };
        let said: HashSet<String> = dated().map(|(_, words, _)| words).collect();
        let yearly = dated().filter(|(_, _, it)| *it == Recurrence::Yearly);
        let yearly = yearly.map(|(end, _, _)| end).max();
        for (piece, place, due) in std::mem::take(&mut self.dues) {
            // 2024—2027年，每年…: the years are those of what comes every year.
            let span = due.until || due.written.contains([DASH, TOWARDS]);
            let every = span && yearly.is_some_and(|end| place.start < end);
            let over = due.due < self.since;
            let used = said.contains(&due.written) || (every && !over);
            let told = self
                .passed
                .iter()
                .rev()
                .take(MOST_PASSED)
                .any(|it| it.range.start <= place.start && it.range.end >= place.end);
            if !used && !told {
                self.passed.push(Passed {
                    range: piece,
                    why: if over {
                        WhyPassed::Past
                    } else {
                        WhyPassed::DueOnly
                    },
                });
            }
        }
    }

    /// Something to be finished by a day, without a number.
    fn milestone(&mut self, piece: Range<usize>, tokens: &[(Token, Range<usize>)]) {
        let Some(deadline) = self.scope.clone() else {
            return;
        };
        let mut words = self.words(piece.clone(), tokens);
        let own = tokens
            .iter()
            .any(|(token, _)| matches!(token, Token::Deadline(_)));
        if own && name::is_done(&words) {
            // 更新泵站4座，2025年5月底前完成: the day is the one of what stands before.
            let open = self.targets[self.open..]
                .iter_mut()
                .filter(|target| target.deadline.is_none());
            let mut settled = false;
            for target in open {
                target.deadline = Some(deadline.clone());
                settled = true;
            }
            self.open = self.targets.len();
            if settled {
                return;
            }
            if !name::is_done(&self.before) {
                words = self.before.iter().chain(&words).copied().collect();
            }
        }
        if !DONE.iter().any(|word| find_word(&words, word).is_some()) {
            return;
        }
        let odd = if STRIVEN.iter().any(|word| find_word(&words, word).is_some()) {
            vec![Odd::Striven]
        } else {
            Vec::new()
        };
        let milestone = milestone(&words, deadline, piece);
        if !milestone.name.is_empty() {
            self.targets.push(Target { odd, ..milestone });
        }
    }
}

/// The deadline in the words behind 完成时限, or in a title; the last one where there are several.
pub(super) fn due(words: &str, issued: NaiveDate) -> Option<Deadline> {
    let run: Vec<char> = words.chars().collect();
    let (mut found, mut at) = (None, 0);
    while at < run.len() {
        let inside = at > 0 && run[at].is_ascii_digit() && run[at - 1].is_ascii_digit();
        match deadline::deadline(&run[at..], issued).filter(|_| !inside) {
            Some((deadline, length)) => {
                found = Some(deadline);
                at += length.max(1);
            }
            None => at += 1,
        }
    }
    found
}

/// Something to be finished by a day that only a label or a title names.
pub(super) fn by_title(title: &str, deadline: Deadline, range: Range<usize>) -> Target {
    let words: Vec<char> = title.chars().collect();
    milestone(&words, deadline, range)
}

fn milestone(words: &[char], deadline: Deadline, range: Range<usize>) -> Target {
    let (name, name_cut) = name::of_milestone(words);
    Target {
        subject: name.clone(),
        name,
        name_cut,
        kind: IndicatorKind::Milestone,
        comparator: Comparator::AtLeast,
        value: None,
        unit: String::new(),
        baseline: None,
        base_year: None,
        deadline: Some(deadline),
        odd: Vec::new(),
        range,
    }
}

fn first_deadline(tokens: &[(Token, Range<usize>)]) -> Option<Deadline> {
    tokens.iter().find_map(|(token, _)| match token {
        Token::Deadline(found) => Some(found.clone()),
        Token::Start | Token::Base(_) | Token::Number(_) | Token::Passed(_) => None,
    })
}

fn kind(unit: &str, name: &str, relative: bool, deadline: Option<&Deadline>) -> IndicatorKind {
    if RATES.contains(&unit) || relative {
        IndicatorKind::Level
    } else if deadline.is_some_and(|it| it.recurrence == Recurrence::Yearly)
        || FLOWS.iter().any(|end| name.ends_with(end))
    {
        IndicatorKind::Flow
    } else {
        IndicatorKind::Stock
    }
}
