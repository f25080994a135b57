//! The parts of a plan: which headings are sections, which are measures, what is general and what stands around it.

use std::ops::Range;

use super::vocabulary::{ANNEX, DUTIES, GENERAL, ORGANISATION};
use super::{Form, Mark, is_strong};
use crate::import::clause::Clause;
use crate::import::text::{Gap, Text};
use crate::import::vocabulary::{COMMA, ENDS, STOP};
use crate::import::{ends_with, find, find_word, starts_with};

/// Longest title, in characters; a plan file takes no longer one.
const MOST_TITLE: usize = 60;
/// Longest title that is known by the full stop behind it.
const MOST_STOPPED: usize = 40;

/// A section (部分).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) struct SectionText {
    /// As printed, as in 二.
    pub number: String,
    /// Its value.
    pub value: u32,
    /// Title.
    pub title: String,
}

/// A measure (举措) in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) struct MeasureText {
    /// As printed.
    pub printed: u32,
    /// Numbers of the row that are missing before it.
    pub skipped: u32,
    /// Section it stands in.
    pub section: Option<usize>,
    /// Title.
    pub title: String,
    /// Whether the title had to be cut out of a sentence.
    pub title_cut: bool,
    /// From the title to its end; ranges of anchors are counted from its start.
    pub range: Range<usize>,
    /// What follows the title.
    pub body: Range<usize>,
}

/// The parts of a plan.
#[derive(Debug, Default)]
pub(in crate::import) struct Outline {
    /// In order.
    pub sections: Vec<SectionText>,
    /// In order.
    pub measures: Vec<MeasureText>,
    /// Text of the plan that belongs to no measure.
    pub general: Vec<Range<usize>>,
    /// Of the general text, what says the duties of the task force and its office; in order.
    pub duties: Vec<Range<usize>>,
    /// What stands before the first part.
    pub preface: Range<usize>,
    /// Annexes and whatever else stands behind the last part.
    pub rest: Vec<Range<usize>>,
    /// Whether numbers begin again in every section.
    pub restarts: bool,
}

/// The parts of a text with these headings and responsibility clauses.
pub(in crate::import) fn outline(text: &Text, marks: &[Mark], clauses: &[Clause]) -> Outline {
    let all = text.chars.len();
    let Some((marks, range)) = main_run(marks, clauses, all) else {
        return Outline {
            preface: 0..all,
            ..Outline::default()
        };
    };
    let end = annex(text, marks, clauses, &range);
    let level = level(text, marks, clauses, end);
    let mut builder = Builder {
        text,
        marks,
        clauses,
        level,
        end,
        on_duties: false,
        outline: Outline::default(),
    };
    builder.build();
    let mut outline = builder.outline;
    outline.preface = 0..range.start;
    outline.rest.push(end..all);
    outline.rest.retain(|range| !range.is_empty());
    outline.restarts = outline
        .measures
        .windows(2)
        .any(|pair| pair[1].printed <= pair[0].printed);
    outline
}

/// A document may number anew from 一 in a notice, a plan and its annexes: the one with most clauses is the plan.
fn main_run<'m>(
    marks: &'m [Mark],
    clauses: &[Clause],
    all: usize,
) -> Option<(&'m [Mark], Range<usize>)> {
    let begins = |mark: &Mark| mark.form == Form::Comma && mark.number == 1;
    let mut starts: Vec<usize> = marks
        .iter()
        .enumerate()
        .filter(|(_, mark)| begins(mark))
        .map(|(at, _)| at)
        .collect();
    if starts.first() != Some(&0) && !marks.is_empty() {
        starts.insert(0, 0);
    }
    starts.push(marks.len());
    let mut best: Option<(usize, &[Mark], Range<usize>)> = None;
    for pair in starts.windows(2) {
        let run = &marks[pair[0]..pair[1]];
        let Some(first) = run.first() else { continue };
        let range = first.at..marks.get(pair[1]).map_or(all, |next| next.at);
        let weight = within(clauses, &range).len() * 1_000 + run.len().min(999);
        if best.as_ref().is_none_or(|(most, _, _)| weight > *most) {
            best = Some((weight, run, range));
        }
    }
    best.map(|(_, run, range)| (run, range))
}

/// Clauses that stand in a range.
fn within<'c>(clauses: &'c [Clause], range: &Range<usize>) -> &'c [Clause] {
    let from = clauses.partition_point(|clause| clause.range.start < range.start);
    let to = clauses.partition_point(|clause| clause.range.start < range.end);
    &clauses[from..to.max(from)]
}

/// Where the plan ends and its annexes begin.
fn annex(text: &Text, marks: &[Mark], clauses: &[Clause], range: &Range<usize>) -> usize {
    let last_mark = marks.last().map_or(range.start, Mark::title_at);
    let from = within(clauses, range)
        .last()
        .map_or(last_mark, |clause| clause.range.end.max(last_mark));
    let word: Vec<char> = ANNEX.chars().collect();
    let mut at = from;
    while let Some(found) = find(&text.chars[at..range.end], &word) {
        at += found;
        if is_strong(text, at) || at == from {
            return at;
        }
        at += word.len();
    }
    range.end
}

/// Where the text of a heading ends: at the next heading of its form or of an outer one.
fn ends(marks: &[Mark], end: usize) -> Vec<usize> {
    let mut ends = vec![end; marks.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        while let Some(&last) = open.last()
            && marks[last].form >= mark.form
        {
            ends[last] = mark.at;
            open.pop();
        }
        open.push(at);
    }
    ends
}

/// The form of the measures: the one whose headings hold one responsibility clause each; of two such forms the inner one.
fn level(text: &Text, marks: &[Mark], clauses: &[Clause], end: usize) -> Form {
    let ends = ends(marks, end);
    let here = marks.first().map_or(0, |mark| mark.at)..end;
    if within(clauses, &here).is_empty() {
        let many = |form| marks.iter().filter(|mark| mark.form == form).count() > 0;
        let usual = [Form::Paren, Form::Article, Form::Dot, Form::Comma];
        return usual
            .into_iter()
            .find(|form| many(*form))
            .unwrap_or(Form::Comma);
    }
    let worth = |form: Form| {
        let headings = marks
            .iter()
            .zip(&ends)
            .filter(|(mark, _)| mark.form == form);
        let worth = headings.map(
            |(mark, end)| match within(clauses, &(mark.at..*end)).len() {
                0 if general_title(&text.chars[mark.title_at()..*end]) => 0,
                0 => -1,
                1 => 2,
                _ => -2,
            },
        );
        worth.sum::<i32>()
    };
    Form::ALL
        .into_iter()
        .max_by_key(|form| worth(*form))
        .unwrap_or(Form::Dot)
}

/// Whether a title says that what follows is for the whole plan.
pub(in crate::import) fn general_title(title: &[char]) -> bool {
    GENERAL.iter().any(|word| starts_with(title, word))
}

struct Builder<'t> {
    text: &'t Text,
    marks: &'t [Mark],
    clauses: &'t [Clause],
    level: Form,
    end: usize,
    /// Inside a section whose title says that it is about duties.
    on_duties: bool,
    outline: Outline,
}

impl Builder<'_> {
    fn build(&mut self) {
        let ends = ends(self.marks, self.end);
        let outermost = self
            .marks
            .iter()
            .map(|mark| mark.form)
            .min()
            .unwrap_or(self.level);
        let stopped = self.stopped();
        let mut covered = self.marks[0].at;
        for (at, mark) in self.marks.iter().enumerate() {
            let next = self
                .marks
                .get(at + 1)
                .map_or(self.end, |next| next.at.min(self.end));
            if mark.at < covered {
                continue;
            }
            if mark.form == self.level {
                self.measure(mark, ends[at], next, stopped);
                covered = ends[at];
            } else if mark.form < self.level {
                let alone = self.marks[at + 1..]
                    .iter()
                    .take_while(|later| later.at < ends[at])
                    .all(|later| later.form != self.level);
                self.heading(mark, mark.form == outermost, next);
                if alone && !within(self.clauses, &(mark.at..ends[at])).is_empty() {
                    self.measure(mark, ends[at], next, stopped);
                    covered = ends[at];
                }
            } else {
                self.general(mark.at..next);
                if self.on_duties {
                    self.outline.duties.push(mark.at..next);
                }
            }
        }
    }

    /// Whether titles are told by the full stop behind them; else by the end of the line.
    fn stopped(&self) -> bool {
        let measures = self.marks.iter().filter(|mark| mark.form == self.level);
        let (mut all, mut stopped, mut lined) = (0, 0, 0);
        for mark in measures {
            all += 1;
            stopped += usize::from(self.full_stop(mark.title_at()).is_some());
            lined += usize::from(self.text.gaps[mark.at] >= Gap::Line && self.has_line(mark));
        }
        stopped * 2 >= all && (all < 2 || lined * 2 <= all)
    }

    /// Whether a line ends inside what would be a title by its sign.
    fn has_line(&self, mark: &Mark) -> bool {
        let from = mark.title_at();
        let to = self.end.min(from + MOST_STOPPED);
        (from + 1..to)
            .take_while(|at| {
                let c = self.text.chars[*at];
                !ENDS.contains(&c) && c != COMMA
            })
            .any(|at| self.text.gaps[at] >= Gap::Line)
    }

    /// The full stop that ends a title, if the title has no other sign.
    fn full_stop(&self, from: usize) -> Option<usize> {
        let to = self.end.min(from + MOST_STOPPED + 1);
        let sign = (from..to)
            .find(|at| ENDS.contains(&self.text.chars[*at]) || self.text.chars[*at] == COMMA)?;
        (self.text.chars[sign] == STOP && sign > from).then_some(sign)
    }

    /// A heading above the measures: a section if it is the outermost one. Its own text is general.
    fn heading(&mut self, mark: &Mark, is_section: bool, next: usize) {
        let from = mark.title_at();
        let title = self.section_title(from, next);
        let about_duties = ends_with(&self.text.chars[title.clone()], DUTIES);
        self.on_duties = about_duties || (self.on_duties && !is_section);
        if self.on_duties {
            // The section's own title says nothing more; the ones below it say whose duties they are.
            let from = if is_section { title.end } else { title.start };
            self.outline.duties.push(from..next);
        }
        if is_section {
            self.outline.sections.push(SectionText {
                number: super::printed(self.text, mark),
                value: mark.number,
                title: self.text.slice(title.clone()),
            });
        }
        self.general(title.start..next);
    }

    fn section_title(&self, from: usize, next: usize) -> Range<usize> {
        let to = next.min(from + MOST_TITLE);
        let sign = (from..to)
            .find(|at| ENDS.contains(&self.text.chars[*at]) || self.text.chars[*at] == COMMA);
        if sign.is_none() && next <= from + MOST_TITLE {
            return from..next;
        }
        let line = (from + 1..to).find(|at| self.text.gaps[*at] >= Gap::Line);
        let sign = sign.filter(|at| {
            line.is_none_or(|line| {
                *at < line || self.text.chars[*at] == STOP && *at - from <= MOST_STOPPED
            })
        });
        let stop = sign.filter(|at| self.text.chars[*at] == STOP);
        from..stop.or(line).or(sign).unwrap_or(to)
    }

    fn general(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        match self.outline.general.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            Some(_) | None => self.outline.general.push(range),
        }
    }

    fn measure(&mut self, mark: &Mark, end: usize, next: usize, stopped: bool) {
        let from = mark.title_at();
        let clauses = within(self.clauses, &(from..end));
        let about = &self.text.chars[from..end];
        if clauses.is_empty()
            && (self.on_duties
                || general_title(about)
                || ORGANISATION.iter().any(|word| starts_with(about, word)))
        {
            self.general(mark.at..end);
            let title = &about[..about.len().min(MOST_STOPPED)];
            let title = title.split(|c| ENDS.contains(c) || *c == COMMA).next();
            if self.on_duties || title.is_some_and(|title| find_word(title, DUTIES).is_some()) {
                self.outline.duties.push(mark.title_at()..end);
            }
            return;
        }
        let end = if end == self.end {
            self.trimmed(from, end)
        } else {
            end
        };
        let first_clause = clauses.first().map_or(end, |clause| clause.range.start);
        let limit = first_clause.min(next).min(end);
        let (title, cut) = self.title(from, limit, stopped);
        let body = (title.end..end)
            .find(|at| self.text.chars[*at] != STOP)
            .unwrap_or(end)..end;
        let strip = self
            .text
            .slice(title)
            .trim_end_matches(|c| ENDS.contains(&c) || c == super::COLON)
            .to_owned();
        self.outline.measures.push(MeasureText {
            printed: mark.number,
            skipped: mark.skipped,
            section: self.outline.sections.len().checked_sub(1),
            title: strip,
            title_cut: cut,
            range: from..end,
            body,
        });
    }

    /// The last measure ends with its clause; what follows is no part of it.
    fn trimmed(&mut self, from: usize, end: usize) -> usize {
        let Some(last) = within(self.clauses, &(from..end)).last() else {
            return end;
        };
        let rest = (last.range.end..end)
            .find(|at| self.text.chars[*at] != STOP)
            .unwrap_or(end);
        if rest < end {
            self.outline.rest.push(rest..end);
        }
        rest
    }

    /// The title, and whether it had to be cut out of a sentence.
    fn title(&self, from: usize, limit: usize, stopped: bool) -> (Range<usize>, bool) {
        let stop = self.full_stop(from).filter(|stop| *stop < limit);
        let line = (from + 1..limit)
            .find(|at| self.text.gaps[*at] >= Gap::Line)
            .filter(|line| line - from <= MOST_TITLE);
        let sign = (from..limit)
            .find(|at| ENDS.contains(&self.text.chars[*at]) || self.text.chars[*at] == COMMA);
        let whole = (limit - from <= MOST_TITLE && sign.is_none_or(|sign| sign + 1 == limit))
            .then_some(limit);
        let known = if stopped {
            stop.or(whole).or(line)
        } else {
            stop.filter(|stop| line.is_none_or(|line| *stop < line))
                .or(line)
                .or(whole)
        };
        match known {
            Some(end) => (from..end, false),
            None => (from..sign.unwrap_or(limit).min(from + MOST_TITLE), true),
        }
    }
}
