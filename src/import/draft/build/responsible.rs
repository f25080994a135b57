//! Who leads each measure and who takes part: by clauses, by tables, by rules for all measures.

use std::collections::HashSet;
use std::ops::Range;

use super::{
    Builder, Led, MOST_EVERYWHERE, MOST_MEASURES, MOST_NAME, MOST_ROWS, MOST_WORDS, push_all,
};
use crate::import::clause::in_charge;
use crate::import::draft::vocabulary::{UNKNOWN_UNIT, VAGUE};
use crate::import::draft::{About, Anchor, DraftDoubt, Remark, RemarkKind, Unread, Why, WhyUnread};
use crate::import::{alike, head};

impl Builder<'_> {
    /// Who leads each measure and who takes part.
    pub(super) fn measures(&mut self) {
        self.office = head::office_at(&self.parsed.text).map(|(name, _)| {
            self.units
                .named(&name.chars().take(MOST_NAME).collect::<String>())
        });
        let first_named = self
            .parsed
            .outline
            .measures
            .iter()
            .flat_map(|it| self.clauses(it))
            .flat_map(|it| it.leads.iter().chain(&it.responsible))
            .next();
        let spare = first_named.cloned();
        for at in 0..self.parsed.outline.measures.len().min(MOST_MEASURES) {
            let mut led = self.by_clauses(at);
            self.by_table(at, &mut led);
            self.with_a_lead(at, &mut led, spare.as_deref());
            self.led.push(led);
        }
        self.everywhere();
        self.idle_rows();
        for led in &mut self.led {
            let leads: HashSet<usize> = led.leads.iter().copied().collect();
            led.responsible.retain(|unit| !leads.contains(unit));
        }
    }

    pub(super) fn by_clauses(&mut self, at: usize) -> Led {
        let measure = &self.parsed.outline.measures[at];
        let (mut led, mut others) = (
            Led {
                leads: Vec::new(),
                responsible: Vec::new(),
            },
            false,
        );
        let clauses = self.clauses(measure);
        let (mut leading, mut taking_part) = (HashSet::new(), HashSet::new());
        for clause in clauses {
            let leads = clause.leads.iter().map(|name| self.units.named(name));
            led.leads.extend(leads.filter(|unit| leading.insert(*unit)));
            let partners = clause.responsible.iter().map(|name| self.units.named(name));
            led.responsible
                .extend(partners.filter(|unit| taking_part.insert(*unit)));
            others |= clause.and_others;
            if clause.bare {
                let measure = self.number(at);
                self.remarks.push(Remark {
                    what: RemarkKind::Unlabelled { measure },
                    anchor: Some(self.anchor(Some(at), clause.range.clone())),
                });
            }
            for words in &clause.people {
                let anchor = self.anchor(Some(at), clause.range.clone());
                self.unread.push(Unread {
                    why: WhyUnread::Leaders,
                    anchor: Anchor {
                        words: words.clone(),
                        ..anchor
                    },
                });
            }
            for name in &clause.odd {
                let anchor = self.anchor(Some(at), clause.range.clone());
                self.unread.push(Unread {
                    why: WhyUnread::Unit,
                    anchor: anchor.clone(),
                });
                self.doubt_measure(
                    at,
                    "odd",
                    Why::OddUnit {
                        name: name.chars().take(MOST_NAME).collect(),
                    },
                    Some(anchor),
                );
            }
        }
        let anchor = clauses
            .first()
            .map(|clause| self.anchor(Some(at), clause.range.clone()));
        if others {
            self.doubt_measure(at, "others", Why::AndOthers, anchor.clone());
        }
        let vague = clauses
            .iter()
            .flat_map(|clause| &clause.responsible)
            .find(|name| VAGUE.iter().any(|word| name.contains(word)));
        if let Some(name) = vague {
            self.doubt_measure(at, "units", Why::Vague { name: name.clone() }, anchor);
        }
        led
    }

    pub(super) fn by_table(&mut self, at: usize, led: &mut Led) {
        let parsed = self.parsed;
        let measure = &parsed.outline.measures[at];
        let number = self.number(at);
        let rows = &parsed.rows;
        let numbered = self
            .row_of
            .get(&u32::from(number))
            .copied()
            .filter(|row| alike(&rows[*row].task, &measure.title));
        let row = numbered.or_else(|| {
            rows.iter()
                .take(MOST_ROWS)
                .position(|row| alike(&row.task, &measure.title))
        });
        let Some(row) = row else { return };
        self.row_used.insert(at, row);
        let units = rows[row].units();
        for name in &units.odd {
            self.unread_words(WhyUnread::Unit, name.clone());
            let name = name.chars().take(MOST_NAME).collect();
            self.doubt_measure(at, "odd", Why::OddUnit { name }, None);
        }
        if units.leads.is_empty() && units.responsible.is_empty() {
            return;
        }
        for (list, names) in [
            (&mut led.leads, units.leads),
            (&mut led.responsible, units.responsible),
        ] {
            let found = names.iter().map(|name| self.units.named(name)).collect();
            push_all(list, found);
        }
        self.remarks.push(Remark {
            what: RemarkKind::FromTable { measure: number },
            anchor: None,
        });
    }

    /// Rows that are no measure's, and what rows say beside the units and the deadline.
    fn idle_rows(&mut self) {
        let parsed = self.parsed;
        let used: HashSet<usize> = self.row_used.values().copied().collect();
        for (at, row) in parsed.rows.iter().enumerate() {
            if !used.contains(&at) {
                self.unread_words(WhyUnread::TableRow, row.said());
            } else {
                for said in &row.contents {
                    self.unread_words(WhyUnread::TableCell, said.clone());
                }
            }
        }
    }

    /// A measure needs somebody who leads it.
    pub(super) fn with_a_lead(&mut self, at: usize, led: &mut Led, spare: Option<&str>) {
        if !led.leads.is_empty() {
            return;
        }
        let body = self.parsed.outline.measures[at].body.clone();
        let told = led
            .responsible
            .is_empty()
            .then(|| in_charge(&self.parsed.text, &body))
            .flatten();
        if let Some(clause) = &told {
            let units = clause.responsible.iter();
            led.responsible = units.map(|name| self.units.named(name)).collect();
        }
        let own = led.responsible.iter().copied();
        if let Some(unit) = own
            .clone()
            .find(|unit| !self.units.all[*unit].collective)
            .or_else(|| own.clone().next())
        {
            led.leads.push(unit);
            let clauses = self.clauses(&self.parsed.outline.measures[at]);
            let told_first = clauses.iter().any(|clause| clause.first_leads);
            if told_first || (self.parsed.first_leads.is_some() && !clauses.is_empty()) {
                let clause = clauses.iter().find(|clause| clause.first_leads);
                self.first_leads(at, clause.map(|clause| clause.range.clone()));
                return;
            }
            let clause = clauses.first();
            let anchor = clause
                .or(told.as_ref())
                .map(|clause| self.anchor(Some(at), clause.range.clone()));
            self.doubt_measure(
                at,
                "lead",
                Why::LeadInferred {
                    unit: self.units.all[unit].name.clone(),
                },
                anchor,
            );
            return;
        }
        let unit = self
            .office
            .unwrap_or_else(|| self.units.named(spare.unwrap_or(UNKNOWN_UNIT)));
        led.leads.push(unit);
        let range = self.parsed.outline.measures[at].range.clone();
        let anchor = self.anchor(
            Some(at),
            range.start..range.end.min(range.start + MOST_WORDS),
        );
        self.doubt_measure(
            at,
            "lead",
            Why::NoClause {
                unit: self.units.all[unit].name.clone(),
            },
            Some(anchor),
        );
    }

    /// Says once that the first of a list leads by the text's own rule.
    fn first_leads(&mut self, at: usize, clause: Option<Range<usize>>) {
        let said = |it: &Remark| it.what == RemarkKind::FirstLeads;
        if self.remarks.iter().any(said) {
            return;
        }
        let anchor = clause
            .map(|range| self.anchor(Some(at), range))
            .or_else(|| Some(self.anchor(None, self.parsed.first_leads.clone()?)));
        self.remarks.push(Remark {
            what: RemarkKind::FirstLeads,
            anchor,
        });
    }

    /// What stands in a rule for all measures where a unit should.
    fn odd_everywhere(&mut self, name: &str, range: Range<usize>) {
        let anchor = self.anchor(None, range);
        let id = self.doubt_id("everywhere".to_owned());
        let name = name.chars().take(MOST_NAME).collect();
        self.doubts.push(DraftDoubt::new(
            id,
            About::TaskForce,
            Why::OddEverywhere { name },
            Some(anchor.clone()),
        ));
        self.unread.push(Unread {
            why: WhyUnread::Unit,
            anchor,
        });
    }

    /// Units that take part in every measure, or in every one from where the text says so.
    pub(super) fn everywhere(&mut self) {
        let mut from: Vec<(usize, usize)> = Vec::new();
        let parsed = self.parsed;
        for rule in parsed
            .rules
            .iter()
            .chain(&parsed.clauses)
            .filter(|rule| !rule.everywhere.is_empty() || !rule.everywhere_odd.is_empty())
        {
            for name in &rule.everywhere_odd {
                self.odd_everywhere(name, rule.range.clone());
            }
            for name in &rule.everywhere {
                let unit = self.units.named(name);
                let start = if rule.from_here { rule.range.start } else { 0 };
                match from.iter().position(|(known, _)| *known == unit) {
                    Some(at) => from[at].1 = start.min(from[at].1),
                    None if from.len() < MOST_EVERYWHERE => {
                        from.push((unit, start));
                        let what = RemarkKind::Everywhere { unit: name.clone() };
                        self.remarks.push(Remark {
                            what,
                            anchor: Some(self.anchor(None, rule.range.clone())),
                        });
                    }
                    None => self.odd_everywhere(name, rule.range.clone()),
                }
            }
        }
        for (unit, start) in from {
            for (led, measure) in self.led.iter_mut().zip(&parsed.outline.measures) {
                if measure.range.end >= start
                    && !led.leads.contains(&unit)
                    && !led.responsible.contains(&unit)
                {
                    led.responsible.push(unit);
                }
            }
        }
    }
}
