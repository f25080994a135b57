//! Titles: where one ends, by the sign behind it or by its line.

use std::ops::Range;

use super::Mark;
use super::parts::Builder;
use super::vocabulary::{FRAME, GENERAL};
use crate::import::find_word;
use crate::import::text::Gap;
use crate::import::vocabulary::{BRACKETS, CIRCLED, COLON, COMMA, ENDS, STOP};

/// Longest title, in characters; a plan file takes no longer one.
const MOST_TITLE: usize = 60;
/// Longest title of a part about the whole plan, in characters.
const MOST_FRAME: usize = 12;
/// Longest title that is known by the full stop behind it.
pub(super) const MOST_STOPPED: usize = 40;

/// Whether a run begins with the number of a list: （1）, ①.
fn opens_list(run: &[char]) -> bool {
    let circled = run
        .first()
        .is_some_and(|c| (CIRCLED.0..=CIRCLED.1).contains(c));
    let opened = run.strip_prefix(&[BRACKETS[0].0]);
    circled || opened.is_some_and(|rest| rest.first().is_some_and(char::is_ascii_digit))
}

impl Builder<'_> {
    /// Whether titles are told by the full stop behind them; else by the end of the line.
    pub(super) fn stopped(&self) -> bool {
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
    pub(super) fn full_stop(&self, from: usize) -> Option<usize> {
        let to = self.end.min(from + MOST_STOPPED + 1);
        let sign = (from..to)
            .find(|at| ENDS.contains(&self.text.chars[*at]) || self.text.chars[*at] == COMMA)?;
        (self.text.chars[sign] == STOP && sign > from).then_some(sign)
    }

    pub(super) fn section_title(&self, from: usize, next: usize) -> Range<usize> {
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

    /// Keeps the title of a part about the whole plan out of the names of its targets. Where a line ends proves little, so
    /// only words that end such titles do.
    pub(super) fn title_apart(&mut self, mark: &Mark, title: &Range<usize>) {
        let words = &self.text.chars[title.clone()];
        let stopped = self.text.chars.get(title.end) == Some(&STOP);
        let end = GENERAL
            .iter()
            .chain(&FRAME)
            .filter_map(|word| Some(find_word(words, word)? + word.chars().count()))
            .filter(|end| *end <= MOST_FRAME)
            .max();
        if let Some(end) = end.or(stopped.then_some(words.len())) {
            self.outline.titles.push(mark.at..title.start + end);
        }
    }

    /// The title, and whether it had to be cut out of a sentence.
    pub(super) fn title(&self, from: usize, limit: usize, stopped: bool) -> (Range<usize>, bool) {
        let stop = self.full_stop(from).filter(|stop| *stop < limit);
        // 更新公交车辆：（1）…: a colon before a list ends a title as a full stop does.
        let colon = (from + 1..limit.min(from + MOST_STOPPED))
            .take_while(|at| !ENDS.contains(&self.text.chars[*at]) && self.text.chars[*at] != COMMA)
            .find(|at| self.text.chars[*at] == COLON);
        let listed = colon.filter(|at| {
            at + 1 < limit
                && (self.text.gaps[at + 1] >= Gap::Line
                    || opens_list(&self.text.chars[at + 1..limit]))
        });
        if let Some(colon) = listed {
            return (from..colon, false);
        }
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
