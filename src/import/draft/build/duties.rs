//! Duties (职责) of the task force and its office: a plan file has no place for them, so the draft keeps them in full beside it.

use std::ops::Range;

use super::Builder;
use crate::import::outline::vocabulary::{FORCES, OFFICE, OFFICE_DOES, TASK_FORCES};
use crate::import::sheet::{self, PieceKind};
use crate::import::vocabulary::STOP;
use crate::import::{find_word, starts_with};

/// How far behind the name of the task force its duty begins, in signs.
const MOST_BEFORE: usize = 16;

impl Builder<'_> {
    /// Parts about duties sentence by sentence, and sentences about them elsewhere.
    pub(super) fn duties(&mut self) {
        let parsed = self.parsed;
        let mut found: Vec<(Option<usize>, Range<usize>)> = Vec::new();
        let outline = &parsed.outline;
        let mut whole: Vec<Range<usize>> = outline.duties.clone();
        for range in &outline.rest {
            let pieces = sheet::rest(parsed, range);
            for (range, kind) in pieces {
                match kind {
                    PieceKind::Duties => whole.push(range),
                    PieceKind::Courtesy => {
                        let told = self.sentences(range).filter(|it| self.is_duty(it));
                        found.extend(told.map(|sentence| (None, sentence)));
                    }
                    PieceKind::Preface
                    | PieceKind::General
                    | PieceKind::Measure(_)
                    | PieceKind::Roster
                    | PieceKind::Table
                    | PieceKind::Running
                    | PieceKind::Behind => {}
                }
            }
        }
        whole.sort_by_key(|range| range.start);
        for range in &whole {
            found.extend(
                self.sentences(range.clone())
                    .map(|sentence| (None, sentence)),
            );
        }
        for (measure, range) in self.parts() {
            let at = whole.partition_point(|duty| duty.end <= range.start);
            if whole.get(at).is_some_and(|duty| duty.start < range.end) {
                continue;
            }
            let told = self.sentences(range).filter(|it| self.is_duty(it));
            found.extend(told.map(|sentence| (measure, sentence)));
        }
        found.sort_by_key(|(_, range)| range.start);
        found.dedup();
        for (measure, range) in found {
            let mut anchor = self.anchor(measure, range.clone());
            anchor.words = parsed.text.slice(range);
            self.duties.push(anchor);
        }
    }

    fn sentences(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let chars = &self.parsed.text.chars;
        let mut from = range.start;
        std::iter::from_fn(move || {
            while from < range.end && chars[from] == STOP {
                from += 1;
            }
            let end = (from..range.end)
                .find(|at| chars[*at] == STOP)
                .unwrap_or(range.end);
            let sentence = from..end;
            from = end;
            (!sentence.is_empty()).then_some(sentence)
        })
    }

    /// 工作专班负责…, 专班办公室承担…, 办公室设在…，负责….
    fn is_duty(&self, sentence: &Range<usize>) -> bool {
        let run = &self.parsed.text.chars[sentence.clone()];
        let force = TASK_FORCES
            .iter()
            .chain(&FORCES)
            .filter_map(|word| find_word(run, word))
            .min();
        let subject = force.or_else(|| starts_with(run, OFFICE).then_some(0));
        let Some(subject) = subject else { return false };
        let near = &run[subject..];
        OFFICE_DOES
            .iter()
            .filter_map(|word| find_word(near, word))
            .min()
            .is_some_and(|at| at <= MOST_BEFORE || starts_with(near, OFFICE))
    }
}
