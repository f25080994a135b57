//! The parts of a plan: which headings are sections, which are measures, what is general and what stands around it.

use std::ops::Range;

use super::level::{ends, general_title, level};
use super::title::MOST_STOPPED;
use super::vocabulary::{ANNEX, DIVISION, DUTIES, FRAME, ORGANISATION};
use super::{Form, Mark, is_strong};
use crate::import::clause::Clause;
use crate::import::text::Text;
use crate::import::vocabulary::{COLON, COMMA, ENDS, STOP};
use crate::import::{ends_with, find, find_word, starts_with};

/// Largest number of a measure in a plan file; where a text prints larger ones, they are counted anew.
const MOST_PRINTED: u32 = 9_999;

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
    /// Titles of sections, which hold no targets.
    pub titles: Vec<Range<usize>>,
    /// Of the general text, what says the duties of the task force and its office; in order.
    pub duties: Vec<Range<usize>>,
    /// What stands before the first part.
    pub preface: Range<usize>,
    /// Annexes and whatever else stands behind the last part.
    pub rest: Vec<Range<usize>>,
    /// Whether numbers begin again in every section, or grow too large, so that measures are counted through.
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
        on_frame: false,
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
        .any(|pair| pair[1].printed <= pair[0].printed)
        || outline.measures.iter().any(|it| it.printed > MOST_PRINTED);
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
pub(super) fn within<'c>(clauses: &'c [Clause], range: &Range<usize>) -> &'c [Clause] {
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

pub(super) struct Builder<'t> {
    pub(super) text: &'t Text,
    pub(super) marks: &'t [Mark],
    pub(super) clauses: &'t [Clause],
    pub(super) level: Form,
    pub(super) end: usize,
    /// Inside a section whose title says that it is about duties.
    on_duties: bool,
    /// Inside a chapter of general or closing provisions (总则, 附则), or of aims.
    on_frame: bool,
    pub(super) outline: Outline,
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
        let levels = self.levels(&ends);
        let mut covered = self.marks[0].at;
        for (at, mark) in self.marks.iter().enumerate() {
            let next = self
                .marks
                .get(at + 1)
                .map_or(self.end, |next| next.at.min(self.end));
            if mark.at < covered {
                continue;
            }
            if mark.form == levels[at] {
                self.measure(mark, ends[at], next, stopped);
                covered = ends[at];
            } else if mark.form < levels[at] {
                self.heading(mark, mark.form == outermost, next);
                let alone = self.alone(at, ends[at], self.level);
                let parted = self
                    .marks
                    .get(at + 1)
                    .is_some_and(|later| later.at < ends[at])
                    && levels[at + 1] != self.level;
                if alone && !parted && !within(self.clauses, &(mark.at..ends[at])).is_empty() {
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

    /// A heading above the measures: a section if it is the outermost one. Its own text is general.
    fn heading(&mut self, mark: &Mark, is_section: bool, next: usize) {
        let from = mark.title_at();
        let title = self.section_title(from, next);
        let words = &self.text.chars[title.clone()];
        let about_duties =
            ends_with(words, DUTIES) || DIVISION.iter().any(|end| ends_with(words, end));
        self.on_duties = about_duties || (self.on_duties && !is_section);
        let frame = general_title(words) || FRAME.iter().any(|end| ends_with(words, end));
        self.on_frame = frame || (self.on_frame && !is_section);
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
        self.title_apart(mark, &title);
        self.general(title.start..next);
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
                || self.on_frame
                || general_title(about)
                || ORGANISATION.iter().any(|word| starts_with(about, word)))
        {
            let (title, cut) = self.title(from, end.min(next), stopped);
            if !cut {
                self.title_apart(mark, &title);
            }
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
        // What was cut out of a sentence may be half of what it says.
        let body_at = if cut { title.start } else { title.end };
        let body = (body_at..end)
            .find(|at| ![STOP, COLON].contains(&self.text.chars[*at]))
            .unwrap_or(end)..end;
        let strip = self
            .text
            .slice(title)
            .trim_end_matches(|c| ENDS.contains(&c) || c == COLON)
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
}
