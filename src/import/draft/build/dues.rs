//! Deadlines that stand for a whole measure: behind 完成时限, or in its title; and the year of a document without a date.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::{BEFORE_ALL, Builder, Found};
use crate::import::draft::{Anchor, Unread, WhyUnread};
use crate::import::outline::MeasureText;
use crate::import::target::{Deadline, Target, WhyPassed, by_title, due, targets};
use crate::import::vocabulary::{BRACKETS, YEAR};

/// Years that a plan's title may name.
const YEARS: std::ops::Range<i32> = 1990..2100;

impl Builder<'_> {
    /// The targets, those without a deadline of their own with their measure's; a measure that has a deadline and no target
    /// is itself to be finished by it.
    pub(super) fn with_dues(&mut self, found: Vec<Found>) -> Vec<Found> {
        let mut found = found;
        let mut places: HashMap<usize, usize> = HashMap::new();
        for (place, (measure, _)) in found.iter().enumerate() {
            places.extend(measure.map(|at| (at, place)));
        }
        for at in 0..self.led.len() {
            let Some((deadline, anchor)) = self.measure_due(at) else {
                continue;
            };
            let place = *places.entry(at).or_insert_with(|| {
                found.push((Some(at), Vec::new()));
                found.len() - 1
            });
            let targets = &mut found[place].1;
            let mut used = false;
            for (target, _) in targets.iter_mut() {
                let own = target.deadline.get_or_insert_with(|| deadline.clone());
                used |= own.due == deadline.due;
            }
            if !targets.is_empty() {
                if !used {
                    self.unread.push(Unread {
                        why: WhyUnread::Number(WhyPassed::DueOnly),
                        anchor,
                    });
                }
                continue;
            }
            if deadline.due < self.starts() {
                self.unread.push(Unread {
                    why: WhyUnread::Number(WhyPassed::Past),
                    anchor,
                });
            } else {
                let measure = &self.parsed.outline.measures[at];
                let target = by_title(&measure.title, deadline, measure.range.clone());
                let target: Target = self.named(Some(at), target);
                found[place].1.push((target, anchor));
            }
        }
        found
    }

    /// Whether a deadline stands in the brackets of a measure's title.
    pub(super) fn has_titled_due(&self, at: usize) -> bool {
        let words = in_brackets(&self.parsed.outline.measures[at]);
        due(&words, self.issued).is_some()
    }

    /// The deadline behind a measure's labels or in its title, with its place.
    fn measure_due(&mut self, at: usize) -> Option<(Deadline, Anchor)> {
        let measure = &self.parsed.outline.measures[at];
        let mut found = None;
        for clause in self
            .clauses(measure)
            .iter()
            .filter(|it| !it.dues.is_empty())
        {
            let anchor = self.anchor(Some(at), clause.range.clone());
            for words in &clause.dues {
                match due(words, self.issued) {
                    Some(deadline) => found = Some((deadline, anchor.clone())),
                    None => self.unread.push(Unread {
                        why: WhyUnread::Due,
                        anchor: Anchor {
                            words: words.clone(),
                            ..anchor.clone()
                        },
                    }),
                }
            }
        }
        let row = self.row_used.get(&at).map(|row| &self.parsed.rows[*row]);
        if let Some(row) = row.filter(|row| found.is_none() && !row.due.is_empty()) {
            let anchor = Anchor {
                measure: Some(self.number(at)),
                from: 0,
                to: 0,
                words: row.due.clone(),
            };
            match due(&row.due, self.issued) {
                Some(deadline) => found = Some((deadline, anchor)),
                None => self.unread.push(Unread {
                    why: WhyUnread::Due,
                    anchor,
                }),
            }
        }
        found.or_else(|| {
            let deadline = due(&in_brackets(measure), self.issued)?;
            let start = measure.range.start;
            let end = measure.body.start.clamp(start, measure.range.end);
            Some((deadline, self.anchor(Some(at), start..end)))
        })
    }

    /// Without a date of issue: the first day of the year that the title names, else of the first deadline's.
    pub(super) fn first_year(&self, today: NaiveDate) -> NaiveDate {
        let text = &self.parsed.text;
        let dues = self.parts().into_iter().flat_map(|(_, range)| {
            let found = targets(text, range, BEFORE_ALL, BEFORE_ALL).0;
            found.into_iter().filter_map(|target| target.deadline)
        });
        let measures = &self.parsed.outline.measures;
        let titles = measures
            .iter()
            .filter_map(|it| due(&in_brackets(it), BEFORE_ALL));
        let labels = self.parsed.clauses.iter().flat_map(|clause| &clause.dues);
        let labels = labels.filter_map(|words| due(words, BEFORE_ALL));
        let first = dues
            .chain(titles)
            .chain(labels)
            .filter(|it| !it.year_inferred)
            .map(|it| it.due.year())
            .filter(|year| YEARS.contains(year))
            .min();
        year_of(&self.parsed.head.title)
            .or(first)
            .and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1))
            .unwrap_or(today)
    }
}

/// The words in the brackets of a measure's title: 组织发动（2024年9月）.
fn in_brackets(measure: &MeasureText) -> String {
    let (open, close) = BRACKETS[0];
    let inner = measure.title.split_once(open);
    inner
        .and_then(|(_, rest)| rest.split_once(close))
        .map_or_else(String::new, |(inner, _)| inner.to_owned())
}

/// The first year in a title.
fn year_of(title: &str) -> Option<i32> {
    let chars: Vec<char> = title.chars().collect();
    chars.windows(5).find_map(|window| {
        let digits: String = window[..4].iter().collect();
        let year = digits.parse().ok().filter(|year| YEARS.contains(year))?;
        let named = window[4] == YEAR || window[4] == crate::import::vocabulary::DASH;
        named.then_some(year)
    })
}
