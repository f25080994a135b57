//! Targets in the terms of the plan: ids, shared answers, and what their words leave open.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{About, Anchor, DraftDoubt, DraftIndicator, Remark, RemarkKind, Why};
use crate::import::target::{Odd, Target};
use crate::plan::{Comparator, IndicatorKind, PaceCurve, RATIO, Recurrence, Rhythm};

/// Two names with at least this share of the shorter one's signs in common, in order, may mean one thing.
const LIKENESS: (usize, usize) = (3, 4);
/// Targets of one value compared by name, so that a long list of them stays quick.
const MOST_COMPARED: usize = 50;

/// A value with its unit and deadline.
type Value = (Decimal, String, Option<NaiveDate>);

/// The targets of a draft as they come, and what is said about them.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub indicators: Vec<DraftIndicator>,
    pub doubts: Vec<DraftDoubt>,
    pub remarks: Vec<Remark>,
    /// Targets so far by measure.
    numbers: HashMap<String, usize>,
    /// The shared fact by target.
    facts: HashMap<String, String>,
    same_name: HashMap<(Option<String>, String, String, Option<i32>), String>,
    same_value: HashMap<Value, Vec<(usize, Signs)>>,
}

impl Gathered {
    /// Adds the targets of a measure, or general ones. `leads` are the measure's leading units by name and id.
    pub(super) fn add(
        &mut self,
        measure: Option<&str>,
        found: Vec<(Target, Anchor)>,
        leads: &[(String, String)],
    ) {
        let stem = measure.unwrap_or("g");
        for (target, anchor) in found {
            let number = self.numbers.entry(stem.to_owned()).or_default();
            *number += 1;
            let id = format!("{stem}-{number}");
            self.one(id, measure, target, anchor, leads);
        }
    }

    fn one(
        &mut self,
        id: String,
        measure: Option<&str>,
        target: Target,
        anchor: Anchor,
        leads: &[(String, String)],
    ) {
        if target.name_cut {
            self.remark(RemarkKind::NameCut { id: id.clone() }, &anchor);
        }
        if target.kind == IndicatorKind::Milestone {
            self.remark(RemarkKind::Milestone { id: id.clone() }, &anchor);
        }
        let twice = self.twice(&target);
        let shared = self.shared(&id, measure, &target);
        let deadline = target.deadline.clone();
        if let Some(value) = target.value {
            let key = (
                value,
                target.unit.clone(),
                deadline.as_ref().map(|it| it.due),
            );
            self.same_value
                .entry(key)
                .or_default()
                .push((self.indicators.len(), Signs::of(&target.name)));
        }
        self.open_points(
            &id,
            &target,
            &anchor,
            twice.as_deref(),
            measure.map(|_| leads),
        );
        let fact = twice
            .map(|other| self.fact_of(&other))
            .or(shared)
            .filter(|fact| *fact != id);
        if let Some(fact) = &fact {
            self.facts.insert(id.clone(), fact.clone());
        }
        self.indicators.push(DraftIndicator {
            measure: measure.map(str::to_owned),
            name: target.name,
            kind: target.kind,
            comparator: target.comparator,
            target: target.value,
            unit: target.unit,
            base_year: target.base_year,
            baseline: target.baseline,
            due_as_written: deadline.as_ref().map(|it| it.written.clone()),
            due: deadline.as_ref().map(|it| it.due),
            recurrence: deadline.map_or(Recurrence::Once, |it| it.recurrence),
            pace: PaceCurve::Linear,
            filing_lead: None,
            fact,
            rhythm: Rhythm::Monthly,
            anchor,
            id,
        });
    }

    /// Another target of the same name: one answer serves both, as for 2025 and 2027.
    fn shared(&mut self, id: &str, measure: Option<&str>, target: &Target) -> Option<String> {
        if target.kind == IndicatorKind::Milestone {
            return None;
        }
        let unit = format!("{} {:?}", target.unit, target.kind);
        let key = (
            measure.map(str::to_owned),
            target.name.clone(),
            unit,
            target.base_year,
        );
        let first = self
            .same_name
            .entry(key)
            .or_insert_with(|| id.to_owned())
            .clone();
        (first != id).then(|| self.fact_of(&first))
    }

    /// A target elsewhere that has the same value, unit and deadline and nearly the same name.
    fn twice(&self, target: &Target) -> Option<String> {
        let key = (
            target.value?,
            target.unit.clone(),
            target.deadline.as_ref().map(|it| it.due),
        );
        let same = self.same_value.get(&key)?.iter().take(MOST_COMPARED);
        let own = Signs::of(&target.name);
        let mut alike = same.filter(|(at, signs)| {
            let it = &self.indicators[*at];
            it.kind == target.kind
                && it.base_year == target.base_year
                && it.comparator == target.comparator
                && own.alike(signs)
        });
        alike.next().map(|(at, _)| self.indicators[*at].id.clone())
    }

    fn fact_of(&self, id: &str) -> String {
        self.facts.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn open_points(
        &mut self,
        id: &str,
        target: &Target,
        anchor: &Anchor,
        twice: Option<&str>,
        leads: Option<&[(String, String)]>,
    ) {
        let mut doubt = |suffix: &str, why: Why, filing_lead: Option<String>| {
            let doubt = DraftDoubt::new(
                format!("{id}-{suffix}"),
                About::Indicator(id.to_owned()),
                why,
                Some(anchor.clone()),
            );
            self.doubts.push(DraftDoubt {
                filing_lead,
                ..doubt
            });
        };
        if let Some([(first, first_id), _, ..]) = leads {
            let count = leads.map_or(0, <[_]>::len);
            doubt(
                "lead",
                Why::SeveralLeads {
                    unit: first.clone(),
                    leads: count,
                },
                Some(first_id.clone()),
            );
        }
        if let Some(other) = twice {
            doubt(
                "twice",
                Why::Twice {
                    other: other.to_owned(),
                },
                None,
            );
        }
        match target.base_year {
            Some(year) if target.odd.contains(&Odd::BaseInferred) => {
                doubt("base", Why::BaseInferred { year }, None)
            }
            Some(year) => doubt("base", Why::BaseUnknown { year }, None),
            None => {}
        }
        if target.comparator == Comparator::About && target.kind != IndicatorKind::Milestone {
            doubt("about", Why::About, None);
        }
        if target.unit == RATIO {
            doubt("ratio", Why::Ratio, None);
        }
        for odd in &target.odd {
            match odd {
                Odd::Striven => doubt("strive", Why::Striven, None),
                Odd::Below => doubt("below", Why::Below, None),
                Odd::LowerEnd => doubt("range", Why::LowerEnd, None),
                Odd::FlowOrStock => doubt("flow", Why::FlowOrStock, None),
                Odd::BaseInferred => {}
            }
        }
        if target.deadline.as_ref().is_some_and(|it| it.year_inferred) {
            let due = target.deadline.as_ref().map(|it| it.due);
            let doubt = DraftDoubt::new(
                format!("{id}-due"),
                About::Indicator(id.to_owned()),
                Why::YearInferred,
                Some(anchor.clone()),
            );
            self.doubts.push(DraftDoubt { due, ..doubt });
        }
    }

    fn remark(&mut self, what: RemarkKind, anchor: &Anchor) {
        self.remarks.push(Remark {
            what,
            anchor: Some(anchor.clone()),
        });
    }

    /// Proposes the plan's end where no deadline is written.
    pub(super) fn close(&mut self, ends: NaiveDate) {
        for it in self.indicators.iter().filter(|it| it.due.is_none()) {
            let doubt = DraftDoubt::new(
                format!("{}-due", it.id),
                About::Indicator(it.id.clone()),
                Why::NoDue,
                Some(it.anchor.clone()),
            );
            self.doubts.push(DraftDoubt {
                due: Some(ends),
                ..doubt
            });
        }
    }
}

/// How many signs two names have in common, in order.
pub(super) fn in_common(a: &str, b: &str) -> usize {
    common(
        &a.chars().collect::<Vec<_>>(),
        &b.chars().collect::<Vec<_>>(),
    )
}

/// The signs of a name, with a mark for each, so that most of what is unlike is told without comparing sign by sign.
#[derive(Debug)]
struct Signs {
    signs: Vec<char>,
    marks: u64,
}

impl Signs {
    fn of(name: &str) -> Self {
        let signs: Vec<char> = name.chars().collect();
        let marks = signs.iter().fold(0, |marks, c| marks | mark(*c));
        Self { signs, marks }
    }

    /// Whether two names have most of their signs in common, in order.
    fn alike(&self, other: &Self) -> bool {
        let least = self.signs.len().min(other.signs.len()) * LIKENESS.0;
        let shared = |signs: &[char], marks: u64| {
            signs.iter().filter(|c| marks & mark(**c) != 0).count() * LIKENESS.1
        };
        shared(&self.signs, other.marks) >= least
            && shared(&other.signs, self.marks) >= least
            && common(&self.signs, &other.signs) * LIKENESS.1 >= least
    }
}

fn mark(c: char) -> u64 {
    1 << (u32::from(c) % u64::BITS)
}

/// Signs of the longest common subsequence; names have at most 16.
fn common(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y {
                diagonal + 1
            } else {
                above.max(row[at])
            };
            diagonal = above;
        }
    }
    row[b.len()]
}
