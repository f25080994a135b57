//! Targets: numbers with their comparator, unit, base year and deadline, and things to be finished by a day.

mod deadline;
mod name;
mod number;
mod scan;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

pub(super) use deadline::Deadline;
use number::Number;
use scan::{Token, split, tokens};
use vocabulary::{
    BEFORE, CHANGES, DONE, FLOWS, GROWTH, RATES, STANDARD, STATE, STRICTLY_BELOW, STRIVEN, VERBS,
};

use super::text::Text;
use super::vocabulary::{COMMA, ENDS, LIST, SEMICOLON};
use super::{ends_with, find_word, starts_with};
use crate::plan::{Comparator, IndicatorKind, Recurrence};

/// A target in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// At most 16 signs.
    pub name: String,
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
        sentence: 0,
        open: 0,
        before: Vec::new(),
        targets: Vec::new(),
        passed: Vec::new(),
    };
    for sentence in split(text, range, |c| ENDS.contains(&c) && c != SEMICOLON) {
        reader.scope = None;
        reader.sentence = reader.targets.len();
        reader.open = reader.sentence;
        reader.before.clear();
        for half in split(text, sentence, |c| c == SEMICOLON) {
            reader.scope = reader.scope.take().filter(|scope| scope.until);
            for piece in split(text, half, |c| c == COMMA) {
                reader.piece(piece);
            }
        }
    }
    (reader.targets, reader.passed)
}

struct Reader<'t> {
    text: &'t Text,
    issued: NaiveDate,
    since: NaiveDate,
    scope: Option<Deadline>,
    /// Targets of the sentence begin here.
    sentence: usize,
    /// No target of the sentence before this one waits for a deadline.
    open: usize,
    /// The words of the piece before, in the same sentence.
    before: Vec<char>,
    targets: Vec<Target>,
    passed: Vec<Passed>,
}

impl Reader<'_> {
    fn piece(&mut self, piece: Range<usize>) {
        let tokens = tokens(self.text, &piece, self.issued);
        let run = &self.text.chars[piece.clone()];
        let says = |words: &[&str]| words.iter().any(|word| find_word(run, word).is_some());
        let has_number = tokens
            .iter()
            .any(|(token, _)| matches!(token, Token::Number(_)));
        let own = tokens.iter().find_map(|(token, _)| match token {
            Token::Deadline(found) => Some(found.clone()),
            Token::Base(_) | Token::Number(_) | Token::Passed(_) => None,
        });
        for (token, range) in &tokens {
            if let Token::Passed(why) = token {
                self.passed.push(Passed {
                    range: range.clone(),
                    why: *why,
                });
            }
        }
        if own.is_some() {
            self.scope = own;
        }
        let refused = if says(&STATE) {
            Some(WhyPassed::State)
        } else if says(&STANDARD) {
            Some(WhyPassed::Standard)
        } else {
            self.scope
                .as_ref()
                .filter(|scope| scope.due < self.since)
                .map(|_| WhyPassed::Past)
        };
        match refused {
            Some(why) if has_number => self.passed.push(Passed {
                range: piece.clone(),
                why,
            }),
            Some(_) => {}
            None if has_number => self.items(piece.clone(), &tokens),
            None => self.milestone(piece.clone(), &tokens),
        }
        self.before = self.words(piece, &tokens);
    }

    /// The numbers of a piece, each with the words around it.
    fn items(&mut self, piece: Range<usize>, tokens: &[(Token, Range<usize>)]) {
        let numbers: Vec<_> = tokens
            .iter()
            .filter_map(|(token, range)| match token {
                Token::Number(number) => Some((number, range)),
                Token::Deadline(_) | Token::Base(_) | Token::Passed(_) => None,
            })
            .collect();
        let mut from = piece.start;
        let mut verb: Option<&str> = None;
        let mut rest = tokens;
        for (at, (number, range)) in numbers.iter().enumerate() {
            let to = match numbers.get(at + 1) {
                Some((_, next)) => self.parting(range.end, next.start),
                None => piece.end,
            };
            let here = rest.partition_point(|(_, range)| range.start < to);
            let (tokens, others) = rest.split_at(here);
            rest = others;
            let before = self.words(from..range.start, tokens);
            let behind = self.words(range.end..to, tokens);
            verb = VERBS
                .into_iter()
                .find(|verb| starts_with(name::bare(&before), verb))
                .or(verb.filter(|_| at > 0));
            let title = (at == 0)
                .then(|| self.targets[self.sentence..].last())
                .flatten()
                .map(|target| target.name.clone());
            let item = Item {
                before,
                behind,
                verb,
                title,
            };
            let deadline = self.deadline_of(from..to, tokens);
            let base = tokens.iter().find_map(|(token, range)| match token {
                Token::Base(year) if (from..to).contains(&range.start) => Some(*year),
                Token::Base(_) | Token::Deadline(_) | Token::Number(_) | Token::Passed(_) => None,
            });
            self.target(number, item, deadline, base, from..to);
            from = to + usize::from(to < piece.end && self.text.chars[to] == LIST);
        }
    }

    /// Where one number's words end and the next one's begin: at the list sign between them, else right behind the number.
    fn parting(&self, from: usize, to: usize) -> usize {
        (from..to)
            .find(|at| self.text.chars[*at] == LIST)
            .unwrap_or(from)
    }

    /// The words of a range without its deadlines, base years and numbers; the tokens stand in order.
    fn words(&self, range: Range<usize>, tokens: &[(Token, Range<usize>)]) -> Vec<char> {
        let aside = tokens
            .iter()
            .filter(|(token, _)| !matches!(token, Token::Passed(_)))
            .map(|(_, range)| range);
        let mut words = Vec::new();
        if range.is_empty() {
            return words;
        }
        let mut from = range.start;
        for hole in aside {
            words.extend(&self.text.chars[from..hole.start.clamp(from, range.end)]);
            from = hole.end.clamp(from, range.end);
        }
        words.extend(&self.text.chars[from..range.end]);
        words
    }

    fn deadline_of(
        &self,
        range: Range<usize>,
        tokens: &[(Token, Range<usize>)],
    ) -> Option<Deadline> {
        let own = tokens.iter().find_map(|(token, at)| match token {
            Token::Deadline(found) if range.contains(&at.start) => Some(found.clone()),
            Token::Deadline(_) | Token::Base(_) | Token::Number(_) | Token::Passed(_) => None,
        });
        own.or_else(|| self.scope.clone())
    }

    fn target(
        &mut self,
        number: &Number,
        item: Item,
        deadline: Option<Deadline>,
        base: Option<Option<i32>>,
        range: Range<usize>,
    ) {
        let mut odd = Vec::new();
        let mut before = item.before;
        if STRIVEN
            .iter()
            .any(|word| find_word(&before, word).is_some())
        {
            odd.push(Odd::Striven);
        }
        let said = BEFORE.iter().find(|(word, _)| ends_with(&before, word));
        if let Some((word, _)) = said {
            before.truncate(before.len() - word.chars().count());
            if STRICTLY_BELOW.contains(word) {
                odd.push(Odd::Below);
            }
        }
        if number.lower {
            odd.push(Odd::LowerEnd);
        }
        let comparator = match (said.map(|(_, comparator)| *comparator), number.behind) {
            (Some(Comparator::AtLeast) | None, Some(behind)) => behind,
            (Some(said), _) => said,
            (None, None) => Comparator::AtLeast,
        };
        let change = CHANGES.iter().find(|(word, _)| ends_with(&before, word));
        if let Some((word, _)) = change {
            before.truncate(before.len() - word.chars().count());
        }
        let times = if number.unit == RATES[3] { GROWTH } else { "" };
        let suffix = change.map_or(times, |(_, suffix)| suffix);
        let (name, name_cut) = name::of(&Item { before, ..item }, suffix);
        let base_year = base.map(|year| {
            year.unwrap_or_else(|| {
                odd.push(Odd::BaseInferred);
                deadline
                    .as_ref()
                    .map_or(self.issued.year(), |deadline| deadline.due.year())
                    - 1
            })
        });
        let kind = kind(&number.unit, &name, base_year.is_some(), deadline.as_ref());
        if kind == IndicatorKind::Flow
            && deadline
                .as_ref()
                .is_none_or(|it| it.recurrence == Recurrence::Once)
        {
            odd.push(Odd::FlowOrStock);
        }
        self.targets.push(Target {
            name,
            name_cut,
            kind,
            comparator,
            value: Some(number.value.normalize()),
            unit: number.unit.clone(),
            base_year,
            deadline,
            odd,
            range,
        });
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
            words = self.before.iter().chain(&words).copied().collect();
        }
        if !DONE.iter().any(|word| find_word(&words, word).is_some()) {
            return;
        }
        let (name, name_cut) = name::of_milestone(&words);
        let odd = if STRIVEN.iter().any(|word| find_word(&words, word).is_some()) {
            vec![Odd::Striven]
        } else {
            Vec::new()
        };
        if name.is_empty() {
            return;
        }
        self.targets.push(Target {
            name,
            name_cut,
            kind: IndicatorKind::Milestone,
            comparator: Comparator::AtLeast,
            value: None,
            unit: String::new(),
            base_year: None,
            deadline: Some(deadline),
            odd,
            range: piece,
        });
    }
}

/// The words around a number.
pub(super) struct Item<'v> {
    before: Vec<char>,
    behind: Vec<char>,
    verb: Option<&'v str>,
    title: Option<String>,
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
