//! The numbers of a piece of a sentence, each with its name, comparator, deadline and base year; lists that share them (分别,
//! 各); and what a number starts from (由…提高到).

use std::ops::Range;

use chrono::Datelike;
use rust_decimal::Decimal;

use super::deadline::Deadline;
use super::number::Number;
use super::number::vocabulary::RATES;
use super::scan::Token;
use super::vocabulary::{
    BEFORE, CHANGES, EACH, FROM, GROWTH, NO_ABOUT, RESPECTIVELY, STRICTLY_BELOW, STRIVEN, THEN,
    TOWARDS, VERBS,
};
use super::{Odd, Passed, Reader, Target, WhyPassed, first_deadline, kind, name};
use crate::import::vocabulary::LIST;
use crate::import::{ends_with, find_word, starts_with};
use crate::plan::{Comparator, IndicatorKind, Recurrence};

/// The words around a number.
pub(super) struct Item<'v> {
    pub(super) before: Vec<char>,
    pub(super) behind: Vec<char>,
    pub(super) verb: Option<&'v str>,
    /// What the sentence last counted.
    pub(super) previous: Option<String>,
}

/// What is said about a number beside its words.
struct Around {
    deadline: Option<Deadline>,
    base: Option<Option<i32>>,
    baseline: Option<Decimal>,
    range: Range<usize>,
}

type Tokens<'t> = &'t [(Token, Range<usize>)];

impl Reader<'_> {
    /// Deadlines that stand side by side, if there are several: 2025年、2026年.
    pub(super) fn side_by_side(&self, tokens: Tokens<'_>) -> Vec<Deadline> {
        let mut found: Vec<(&Deadline, &Range<usize>)> = Vec::new();
        for (token, range) in tokens {
            let Token::Deadline(deadline) = token else {
                continue;
            };
            let joined = found.last().is_none_or(|(_, last)| {
                let between = &self.text.chars[last.end..range.start];
                between.len() == 1 && (between[0] == LIST || THEN.contains(&between[0]))
            });
            if joined && deadline.recurrence == Recurrence::Once {
                found.push((deadline, range));
            } else if found.len() < 2 && deadline.recurrence == Recurrence::Once {
                found = vec![(deadline, range)];
            }
        }
        if found.len() < 2 {
            return Vec::new();
        }
        found.into_iter().map(|(found, _)| found.clone()).collect()
    }

    /// The numbers of a piece, each with the words around it.
    pub(super) fn items(&mut self, piece: Range<usize>, tokens: Tokens<'_>) {
        let numbers = numbers(tokens);
        if self.shared(&piece, tokens, &numbers) {
            return;
        }
        let mut from = piece.start;
        let mut verb: Option<&str> = None;
        let mut rest = tokens;
        let mut at = 0;
        while at < numbers.len() {
            let (start, goal) = (numbers[at], self.goal(from, tokens, &numbers, at));
            let (number, range) = goal.unwrap_or(start);
            at += if goal.is_some() { 2 } else { 1 };
            let to = match numbers.get(at) {
                Some((_, next)) => self.parting(range.end, next.start),
                None => piece.end,
            };
            let here = rest.partition_point(|(_, range)| range.start < to);
            let (tokens, others) = rest.split_at(here);
            rest = others;
            let mut before = self.words(from..start.1.start, tokens);
            if goal.is_some() {
                before.truncate(without_from(&before).len());
                let rise = self.words(start.1.end..range.start, tokens);
                before.extend(raised(&rise));
            }
            let behind = self.words(range.end..to, tokens);
            let first = from == piece.start;
            verb = VERBS
                .into_iter()
                .find(|verb| starts_with(name::bare(&before), verb))
                .or(verb.filter(|_| !first));
            let item = Item {
                before,
                behind,
                verb,
                previous: self.previous(),
            };
            // 从2023年的60%提高到2025年的80%: the year of the goal counts.
            let own = if goal.is_some() {
                start.1.end..to
            } else {
                from..to
            };
            let base = base_of(from..to, tokens);
            if goal.is_some_and(|(goal, _)| goal.unit != start.0.unit) {
                self.passed.push(Passed {
                    range: start.1.clone(),
                    why: WhyPassed::State,
                });
            }
            let around = Around {
                deadline: self.deadline_of(own, tokens),
                base,
                baseline: goal
                    .filter(|(goal, _)| goal.unit == start.0.unit)
                    .map(|_| start.0.value.normalize()),
                range: from..to,
            };
            self.target(number, item, around);
            from = to + usize::from(to < piece.end && self.text.chars[to] == LIST);
        }
    }

    /// Numbers that share a name or deadlines: 2024年、2025年分别达到30%、50%; A率、B率分别达到90%、95%; 2026年、2027年各更新100公里.
    fn shared(
        &mut self,
        piece: &Range<usize>,
        tokens: Tokens<'_>,
        numbers: &[(&Number, &Range<usize>)],
    ) -> bool {
        let Some((first, first_range)) = numbers.first() else {
            return false;
        };
        let before = self.words(piece.start..first_range.start, tokens);
        let mut dates = self.side_by_side(tokens);
        let yearly = tokens.iter().any(|(token, _)| is_yearly(token));
        let scoped = first_deadline(tokens).is_none() && self.scope.is_some();
        if scoped {
            dates.clone_from(&self.scopes);
        }
        let respectively = RESPECTIVELY
            .iter()
            .any(|word| find_word(&before, word).is_some());
        let each = numbers.len() == 1 && dates.len() > 1 && (yearly || gives_each(&before));
        let dated = numbers.len() > 1
            && dates.len() == numbers.len()
            && !gives_each(&before)
            && (!scoped || respectively);
        let mut before = without(&before, &RESPECTIVELY);
        if self.joined(tokens) && before.first().is_some_and(|c| THEN.contains(c)) {
            before.remove(0);
        }
        let names = names_of(&before, numbers.len());
        let named = respectively && numbers.len() > 1 && !names.is_empty() && !dated;
        if !each && !dated && !named {
            return false;
        }
        let word = comparator(&before).map_or(&[][..], |word| {
            &before[before.len() - word.chars().count()..]
        });
        let last = numbers.last().map_or(piece.end, |(_, range)| range.end);
        let count = if each { dates.len() } else { numbers.len() };
        for at in 0..count {
            let (number, range) = if each {
                (*first, *first_range)
            } else {
                numbers[at]
            };
            let before = if named {
                names[at].iter().chain(word).copied().collect()
            } else if each {
                without(&before, &EACH.0)
            } else {
                before.clone()
            };
            let around = Around {
                deadline: if named {
                    self.scope.clone()
                } else {
                    dates.get(at).cloned()
                },
                base: None,
                baseline: None,
                range: if at == 0 || each {
                    piece.start..range.end
                } else {
                    let to = self.parting(numbers[at - 1].1.end, range.start);
                    to + usize::from(self.text.chars[to] == LIST)..range.end
                },
            };
            let item = Item {
                before,
                behind: self.words(last..piece.end, tokens),
                verb: None,
                previous: self.previous(),
            };
            self.target(number, item, around);
        }
        true
    }

    /// Whether a word joins two deadlines: 2025年和2026年.
    fn joined(&self, tokens: Tokens<'_>) -> bool {
        tokens.windows(2).any(|pair| {
            let [(Token::Deadline(_), one), (Token::Deadline(_), next)] = pair else {
                return false;
            };
            one.end + 1 == next.start && THEN.contains(&self.text.chars[one.end])
        })
    }

    /// The number that another one rises or falls to: 由70%提高到90%.
    fn goal<'n>(
        &self,
        from: usize,
        tokens: Tokens<'_>,
        numbers: &[(&'n Number, &'n Range<usize>)],
        at: usize,
    ) -> Option<(&'n Number, &'n Range<usize>)> {
        let (_, range) = numbers[at];
        let (goal, goal_range) = *numbers.get(at + 1)?;
        let before = self.words(from..range.start, tokens);
        let started = without_from(&before).len() < before.len();
        let between = self.words(range.end..goal_range.start, tokens);
        (started && !raised(&between).is_empty()).then_some((goal, goal_range))
    }

    fn previous(&self) -> Option<String> {
        let last = self.targets[self.sentence..].last()?;
        Some(last.subject.clone())
    }

    /// Where one number's words end and the next one's begin: at the list sign between them, else right behind the number.
    fn parting(&self, from: usize, to: usize) -> usize {
        (from..to)
            .find(|at| self.text.chars[*at] == LIST)
            .unwrap_or(from)
    }

    /// The words of a range without its deadlines, base years and numbers; the tokens stand in order.
    pub(super) fn words(&self, range: Range<usize>, tokens: Tokens<'_>) -> Vec<char> {
        let mut words = Vec::new();
        if range.is_empty() {
            return words;
        }
        let first = tokens.partition_point(|(_, hole)| hole.end <= range.start);
        let aside = tokens[first..]
            .iter()
            .take_while(|(_, hole)| hole.start < range.end)
            .filter(|(token, _)| !matches!(token, Token::Passed(_)))
            .map(|(_, hole)| hole);
        let mut from = range.start;
        for hole in aside {
            words.extend(&self.text.chars[from..hole.start.clamp(from, range.end)]);
            from = hole.end.clamp(from, range.end);
        }
        words.extend(&self.text.chars[from..range.end]);
        words
    }

    fn deadline_of(&self, range: Range<usize>, tokens: Tokens<'_>) -> Option<Deadline> {
        let own = tokens.iter().find_map(|(token, at)| match token {
            Token::Deadline(found) if range.contains(&at.start) => Some(found.clone()),
            Token::Deadline(_)
            | Token::Start
            | Token::Base(_)
            | Token::Number(_)
            | Token::Passed(_) => None,
        });
        own.or_else(|| self.scope.clone())
    }

    fn target(&mut self, number: &Number, item: Item, around: Around) {
        let Around {
            deadline,
            base,
            baseline,
            range,
        } = around;
        let over = deadline.as_ref().is_some_and(|it| it.due < self.since);
        if over {
            self.passed.push(Passed {
                range,
                why: WhyPassed::Past,
            });
            return;
        }
        let mut odd = Vec::new();
        let mut before = item.before;
        if STRIVEN
            .iter()
            .any(|word| find_word(&before, word).is_some())
        {
            odd.push(Odd::Striven);
        }
        let comparator = said(number, &mut before, &mut odd);
        if number.lower {
            odd.push(Odd::LowerEnd);
        }
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
        let subject = name.strip_suffix(suffix).unwrap_or(&name).to_owned();
        self.targets.push(Target {
            subject,
            name,
            name_cut,
            kind,
            comparator,
            value: Some(number.value.normalize()),
            unit: number.unit.clone(),
            baseline,
            base_year,
            deadline,
            odd,
            range,
        });
    }
}

/// How a number is meant; the word that says so goes from its end.
fn said(number: &Number, before: &mut Vec<char>, odd: &mut Vec<Odd>) -> Comparator {
    let said = comparator(before).and_then(|said| BEFORE.iter().find(|(word, _)| *word == said));
    if let Some((word, _)) = said {
        before.truncate(before.len() - word.chars().count());
        if STRICTLY_BELOW.contains(word) {
            odd.push(Odd::Below);
        }
    }
    match (said.map(|(_, comparator)| *comparator), number.behind) {
        (Some(Comparator::AtLeast) | None, Some(behind)) => behind,
        (Some(said), _) => said,
        (None, None) => Comparator::AtLeast,
    }
}

fn is_yearly(token: &Token) -> bool {
    matches!(token, Token::Deadline(it) if it.recurrence == Recurrence::Yearly)
}

/// The numbers among the tokens.
fn numbers(tokens: Tokens<'_>) -> Vec<(&Number, &Range<usize>)> {
    let numbers = tokens.iter().filter_map(|(token, range)| match token {
        Token::Number(number) => Some((number, range)),
        Token::Deadline(_) | Token::Start | Token::Base(_) | Token::Passed(_) => None,
    });
    numbers.collect()
}

/// The base year in a range.
fn base_of(range: Range<usize>, tokens: Tokens<'_>) -> Option<Option<i32>> {
    tokens.iter().find_map(|(token, at)| match token {
        Token::Base(year) if range.contains(&at.start) => Some(*year),
        Token::Base(_)
        | Token::Deadline(_)
        | Token::Start
        | Token::Number(_)
        | Token::Passed(_) => None,
    })
}

/// The word before a number that says how it is meant.
pub(super) fn comparator(before: &[char]) -> Option<&'static str> {
    let (word, _) = BEFORE
        .iter()
        .filter(|(word, _)| ends_with(before, word))
        .max_by_key(|(word, _)| word.len())?;
    // 签约10亿元 is about nothing.
    let part_of_word = NO_ABOUT.iter().any(|longer| ends_with(before, longer));
    (!part_of_word).then_some(*word)
}

/// Words without a 由 or 从 at their end, behind which a number is where something starts from.
fn without_from(words: &[char]) -> &[char] {
    let bare = words.strip_suffix(&[FROM.1]).unwrap_or(words);
    match bare.split_last() {
        Some((last, rest)) if FROM.0.contains(last) => rest,
        Some(_) | None => words,
    }
}

/// The comparator at the end of words between a start and a goal: 提高到, also where its last sign opens the goal's deadline
/// (提高到2027年的90%); empty where there is none.
fn raised(words: &[char]) -> Vec<char> {
    let words = words.strip_suffix(&[FROM.1]).unwrap_or(words);
    let until = [words, &[TOWARDS]].concat();
    let word = comparator(words).or_else(|| comparator(&until));
    word.map_or(Vec::new(), |word| word.chars().collect())
}

/// Whether words give one number to each: 各更新, 均达到, and not 平均.
fn gives_each(words: &[char]) -> bool {
    EACH.0
        .iter()
        .filter_map(|word| find_word(words, word))
        .any(|at| at == 0 || !EACH.1.contains(&words[at - 1]))
}

/// Words without some of them.
fn without(words: &[char], some: &[&str]) -> Vec<char> {
    let mut words = words.to_vec();
    for word in some {
        if let Some(at) = find_word(&words, word) {
            words.drain(at..at + word.chars().count());
        }
    }
    words
}

/// So many names of a list before its numbers: A率、B率, A率和B率; none where there are not so many.
fn names_of(before: &[char], count: usize) -> Vec<Vec<char>> {
    let end = before.len() - comparator(before).map_or(0, |word| word.chars().count());
    let mut names: Vec<&[char]> = before[..end].split(|c| *c == LIST).collect();
    // 普及率 has such a sign inside, so one is looked for only where a name is missing.
    if names.len() + 1 == count
        && let Some(last) = names.pop()
    {
        let both = |at: &usize| *at > 1 && at + 2 < last.len();
        let at = THEN.iter().find_map(|join| {
            let mut places = (0..last.len()).filter(|at| last[*at] == *join);
            places.find(both)
        });
        match at {
            Some(at) => names.extend([&last[..at], &last[at + 1..]]),
            None => names.push(last),
        }
    }
    let named = names.len() == count && names.iter().all(|name| name.len() > 1);
    if named {
        names.into_iter().map(<[char]>::to_vec).collect()
    } else {
        Vec::new()
    }
}
