//! Targets and the numbers that are none, part by part: of the preface, the general text, titles and measures.

use std::ops::Range;

use super::{Builder, Found, MOST_MEASURES};
use crate::import::draft::{Anchor, Unread, WhyUnread};
use crate::import::target::{Passed, Target, WhyPassed, targets};

/// What a measure's title says in numbers.
struct Titled {
    measure: usize,
    targets: Vec<(Target, Anchor)>,
    passed: Vec<Passed>,
}

impl Builder<'_> {
    /// The parts of the text that may hold targets, with the measure they belong to: general ones first.
    pub(super) fn parts(&self) -> Vec<(Option<usize>, Range<usize>)> {
        let outline = &self.parsed.outline;
        let general = outline.general.iter().map(|range| (None, range.clone()));
        let bodies = outline
            .measures
            .iter()
            .take(MOST_MEASURES)
            .enumerate()
            .flat_map(|(at, measure)| {
                let end = measure
                    .body
                    .start
                    .clamp(measure.range.start, measure.range.end);
                [measure.range.start..end, measure.body.clone()].map(|range| (Some(at), range))
            });
        let apart = &self.parsed.apart;
        let mut next = 0;
        let mut parts = Vec::new();
        let mut all: Vec<_> = general.chain(bodies).collect();
        all.sort_by_key(|(_, range)| range.start);
        for (measure, range) in all {
            while apart.get(next).is_some_and(|hole| hole.end <= range.start) {
                next += 1;
            }
            let mut from = range.start;
            for hole in apart[next..]
                .iter()
                .take_while(|hole| hole.start < range.end)
            {
                parts.push((measure, from..hole.start.max(from)));
                from = hole.end.min(range.end).max(from);
            }
            parts.push((measure, from..range.end));
        }
        parts.retain(|(_, range)| !range.is_empty());
        // General targets come first, each group in the order of the text.
        parts.sort_by_key(|(measure, range)| (measure.map_or(0, |at| at + 1), range.start));
        parts
    }

    pub(super) fn indicators(&mut self) {
        let mut found: Vec<Found> = Vec::new();
        let mut titles = Vec::new();
        self.preface(&mut found);
        self.section_titles(&mut found);
        for (measure, range) in self.parts() {
            let (targets, passed) =
                targets(&self.parsed.text, range.clone(), self.issued, self.starts());
            let targets = self.anchored(measure, targets);
            if let Some(measure) = measure.filter(|at| self.is_title(*at, &range)) {
                titles.push(Titled {
                    measure,
                    targets,
                    passed,
                });
                continue;
            }
            self.pass(measure, passed);
            match found.last_mut() {
                Some((last, list)) if *last == measure => list.extend(targets),
                Some(_) | None => found.push((measure, targets)),
            }
        }
        self.titles(titles, &mut found);
        self.targets = self.with_dues(found);
        for measure in self.parsed.outline.measures.iter().skip(MOST_MEASURES) {
            self.unread.push(Unread {
                why: WhyUnread::Measure,
                anchor: self.anchor(None, measure.range.clone()),
            });
        }
    }

    fn anchored(&self, measure: Option<usize>, targets: Vec<Target>) -> Vec<(Target, Anchor)> {
        let anchored = targets.into_iter().map(|target| {
            let anchor = self.anchor(measure, target.range.clone());
            (self.named(measure, target), anchor)
        });
        anchored.collect()
    }

    /// Lists numbers that are no targets.
    fn pass(&mut self, measure: Option<usize>, passed: Vec<Passed>) {
        for Passed { range, why } in passed {
            let anchor = self.anchor(measure, range);
            self.unread.push(Unread {
                why: WhyUnread::Number(why),
                anchor,
            });
        }
    }

    /// What stands before the first part: its numbers are general targets. Dates, names and numbers of documents there say
    /// where the plan comes from.
    fn preface(&mut self, found: &mut Vec<Found>) {
        let range = self.parsed.outline.preface.clone();
        let (all, mut passed) = targets(&self.parsed.text, range, self.issued, self.starts());
        let (measured, milestones): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|it| it.value.is_some());
        passed.retain(|it| match it.why {
            WhyPassed::State | WhyPassed::Standard | WhyPassed::Rank => true,
            WhyPassed::InWords => {
                let said = &self.parsed.text.chars[it.range.clone()];
                !said.iter().any(char::is_ascii_digit)
            }
            WhyPassed::NoUnit
            | WhyPassed::TooLarge
            | WhyPassed::Past
            | WhyPassed::InBrackets
            | WhyPassed::DueOnly
            | WhyPassed::Span
            | WhyPassed::Glued => false,
        });
        let open = milestones
            .into_iter()
            .filter(|it| it.deadline.as_ref().is_some_and(|due| due.until));
        passed.extend(open.map(|it| Passed {
            range: it.range,
            why: WhyPassed::DueOnly,
        }));
        self.pass(None, passed);
        let anchored = self.anchored(None, measured);
        if !anchored.is_empty() {
            found.push((None, anchored));
        }
    }

    /// Titles of sections say little in numbers; what they do say counts for all.
    fn section_titles(&mut self, found: &mut Vec<Found>) {
        for range in &self.parsed.outline.titles {
            let (targets, passed) =
                targets(&self.parsed.text, range.clone(), self.issued, self.starts());
            self.pass(None, passed);
            let anchored = self.anchored(None, targets);
            if !anchored.is_empty() {
                found.push((None, anchored));
            }
        }
    }

    fn is_title(&self, at: usize, range: &Range<usize>) -> bool {
        let measure = &self.parsed.outline.measures[at];
        range.start == measure.range.start && range.end <= measure.body.start
    }

    /// A target in a title counts unless the text below says it again.
    fn titles(&mut self, titles: Vec<Titled>, found: &mut Vec<Found>) {
        // Both stand in the order of the measures.
        let mut at = 0;
        for title in titles {
            let Titled {
                measure,
                mut targets,
                mut passed,
            } = title;
            while found
                .get(at)
                .is_some_and(|(it, _)| it.is_none_or(|it| it < measure))
            {
                at += 1;
            }
            let below = found
                .get_mut(at)
                .filter(|(it, _)| *it == Some(measure))
                .map(|(_, list)| list);
            let said = below.as_deref().map_or(&[][..], Vec::as_slice);
            let bracketed = self.has_titled_due(measure);
            let again = |it: &Target| match it.value {
                Some(_) => said
                    .iter()
                    .any(|(other, _)| other.value == it.value && other.unit == it.unit),
                None => bracketed,
            };
            let known = |it: &Target| {
                let due = it.deadline.as_ref().map(|it| it.due);
                let mut dues = said.iter().filter_map(|(it, _)| it.deadline.as_ref());
                dues.any(|it| Some(it.due) == due)
            };
            // Something to be finished whose steps are told below is no target of its own.
            let steps = |it: &Target| it.value.is_none() && !said.is_empty();
            targets.retain(|(it, _)| !again(it));
            let idle = targets.extract_if(.., |(it, _)| steps(it));
            let idle = idle.filter(|(it, _)| !known(it)).map(|(it, _)| Passed {
                range: it.range,
                why: WhyPassed::DueOnly,
            });
            passed.extend(idle.collect::<Vec<_>>());
            passed.retain(|it| {
                let date = matches!(
                    it.why,
                    WhyPassed::DueOnly | WhyPassed::InBrackets | WhyPassed::Past
                );
                !(bracketed && date)
            });
            match below {
                Some(list) => drop(list.splice(0..0, targets)),
                None if targets.is_empty() => {}
                None => found.push((Some(measure), targets)),
            }
            self.pass(Some(measure), passed);
        }
    }
}
