//! Which headings hold measures.

use super::parts::{Builder, within};
use super::vocabulary::GENERAL;
use super::{Form, Mark};
use crate::import::clause::Clause;
use crate::import::starts_with;
use crate::import::text::Text;

/// Where the text of a heading ends: at the next heading of its form or of an outer one.
pub(super) fn ends(marks: &[Mark], end: usize) -> Vec<usize> {
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
pub(super) fn level(text: &Text, marks: &[Mark], clauses: &[Clause], end: usize) -> Form {
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

impl Builder<'_> {
    /// Whether no heading of a form stands between another one and its end.
    pub(super) fn alone(&self, at: usize, end: usize, level: Form) -> bool {
        self.marks[at + 1..]
            .iter()
            .take_while(|later| later.at < end)
            .all(|later| later.form != level)
    }

    /// The form of the measures at each heading: a part without any of the usual form may have its measures in its own parts.
    pub(super) fn levels(&self, ends: &[usize]) -> Vec<Form> {
        let mut levels = vec![self.level; self.marks.len()];
        let mut at = 0;
        while at < self.marks.len() {
            let to = self.marks.partition_point(|mark| mark.at < ends[at]);
            match self.own_level(at, to, ends[at]) {
                Some(form) => {
                    levels[at + 1..to].fill(form);
                    at = to;
                }
                None => at += 1,
            }
        }
        levels
    }

    fn own_level(&self, at: usize, to: usize, end: usize) -> Option<Form> {
        let mark = &self.marks[at];
        let inner = self.marks.get(at + 1).filter(|_| at + 1 < to)?;
        let told = within(self.clauses, &(mark.at..end)).len();
        // Below a measure's usual form one clause at the end is that of all items together.
        let least = if inner.form < self.level { 1 } else { 2 };
        let own = mark.form < self.level && told >= least && self.alone(at, end, self.level);
        own.then_some(inner.form)
    }
}
