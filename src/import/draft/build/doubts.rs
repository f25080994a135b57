//! What the office must settle about measures, units, general targets and the task force, and what only needs a look.

use std::collections::{HashMap, HashSet};

use super::Builder;
use crate::import::draft::vocabulary::{UNKNOWN_UNIT, VAGUE};
use crate::import::draft::{About, Anchor, ChiefBasis, DraftDoubt, Remark, RemarkKind, Why};

/// Units whose names are compared each with each.
const MOST_COMPARED: usize = 300;

impl Builder<'_> {
    /// The id itself, or with a number behind it.
    pub(super) fn doubt_id(&mut self, id: String) -> String {
        let same = self.doubt_ids.entry(id.clone()).or_default();
        *same += 1;
        if *same == 1 {
            id
        } else {
            format!("{id}{same}")
        }
    }

    pub(super) fn doubt_measure(
        &mut self,
        at: usize,
        suffix: &str,
        why: Why,
        anchor: Option<Anchor>,
    ) {
        let number = self.number(at);
        let id = self.doubt_id(format!("{number}-{suffix}"));
        self.doubts.push(DraftDoubt::new(
            id,
            About::Measure(number.to_string()),
            why,
            anchor,
        ));
    }

    pub(super) fn doubt_force(&mut self, id: &str, why: Why) {
        self.doubts
            .push(DraftDoubt::new(id.to_owned(), About::TaskForce, why, None));
    }

    /// General targets name no unit: the unit of the same target under a measure is proposed, else the office's.
    pub(super) fn general_leads(&mut self) {
        let office = self
            .office
            .or_else(|| self.led.first().and_then(|led| led.leads.first().copied()));
        let Some(office) = office else { return };
        let mut proposed = Vec::new();
        let places: HashMap<String, usize> = (0..self.led.len())
            .map(|at| (self.number(at).to_string(), at))
            .collect();
        let all = &self.gathered.indicators;
        let twins: HashMap<&String, &String> = all
            .iter()
            .rev()
            .filter_map(|it| Some((it.fact.as_ref()?, it.measure.as_ref()?)))
            .collect();
        for general in all.iter().filter(|it| it.measure.is_none()) {
            let at = twins
                .get(&general.id)
                .and_then(|measure| places.get(*measure).copied());
            let unit = at
                .and_then(|at| self.led[at].leads.first().copied())
                .unwrap_or(office);
            proposed.push((general.id.clone(), general.anchor.clone(), unit));
        }
        for (id, anchor, unit) in proposed {
            let why = Why::GeneralLead {
                unit: self.units.all[unit].name.clone(),
            };
            let doubt = DraftDoubt::new(
                format!("{id}-lead"),
                About::Indicator(id),
                why,
                Some(anchor),
            );
            self.gathered.doubts.push(DraftDoubt {
                filing_lead: Some(self.unit_ids[unit].clone()),
                ..doubt
            });
        }
    }

    pub(super) fn frame_doubts(
        &mut self,
        name_inferred: bool,
        chief: &str,
        basis: Option<&ChiefBasis>,
    ) {
        if !self.dated {
            self.doubt_force("date", Why::NoDate);
        }
        if name_inferred {
            self.doubt_force("name", Why::ForceNamed);
        }
        if let Some(basis) = basis {
            self.doubt_force(
                "chief",
                Why::ChiefUnnamed {
                    proposed: chief.to_owned(),
                    basis: basis.clone(),
                },
            );
        }
    }

    pub(super) fn unit_doubts(&mut self) {
        let mut found: Vec<(usize, &str, Why)> = Vec::new();
        for (unit, why) in std::mem::take(&mut self.people.doubts) {
            found.push((unit, "name", why));
        }
        if let Some((unit, people)) = self.people.unplaced.take() {
            found.push((unit, "people", Why::UnitUnknown { people }));
        }
        let manned: HashSet<usize> = self
            .people
            .all
            .iter()
            .flat_map(|person| person.units.iter().copied())
            .collect();
        let leading: HashSet<usize> = self
            .led
            .iter()
            .flat_map(|led| led.leads.iter().copied())
            .collect();
        let taking_part: HashSet<usize> = self
            .led
            .iter()
            .flat_map(|led| led.responsible.iter().copied())
            .collect();
        for (at, unit) in self.units.all.iter().enumerate() {
            let (manned, leads) = (manned.contains(&at), leading.contains(&at));
            let takes_part = leads || taking_part.contains(&at);
            if unit.collective && takes_part && !VAGUE.iter().any(|word| unit.name.contains(word)) {
                found.push((at, "members", Why::CollectiveUnit));
            } else if leads && !manned && !unit.collective {
                found.push((at, "member", Why::NobodyOfUnit));
            } else if manned && !takes_part && unit.name != UNKNOWN_UNIT {
                found.push((at, "tasks", Why::IdleUnit));
            }
        }
        for (unit, suffix, why) in found {
            let id = self.unit_ids[unit].clone();
            let about = About::Unit(id.clone());
            let short: String = id.chars().take(14).collect();
            let doubt_id = self.doubt_id(format!("{short}-{suffix}"));
            self.doubts
                .push(DraftDoubt::new(doubt_id, about, why, None));
        }
    }

    /// Two names that may be one unit's, where no table says so.
    pub(super) fn like_units(&mut self) {
        let many = self.units.all.len().min(MOST_COMPARED);
        let mut found = Vec::new();
        let single = (0..many).filter(|unit| !self.units.all[*unit].collective);
        let single = self.units.candidates(single);
        for (at, candidate) in single.iter().enumerate() {
            let name = &self.units.all[candidate.unit].name;
            if let Some(other) = self.units.spelled(name, &single[..at]) {
                found.push((candidate.unit, self.units.all[other].name.clone()));
            }
        }
        for (unit, other) in found {
            let id = self.unit_ids[unit].clone();
            let short: String = id.chars().take(14).collect();
            let doubt_id = self.doubt_id(format!("{short}-like"));
            let why = Why::MaybeSame { other };
            self.doubts
                .push(DraftDoubt::new(doubt_id, About::Unit(id), why, None));
        }
    }

    pub(super) fn document_remarks(&mut self) {
        if self.parsed.text.traditional {
            self.remarks.push(Remark {
                what: RemarkKind::Traditional,
                anchor: None,
            });
        }
        if let Some(first) = self.parsed.text.running.first() {
            self.remarks.push(Remark {
                what: RemarkKind::Running {
                    lines: self.parsed.text.running.len(),
                },
                anchor: Some(Anchor {
                    measure: None,
                    from: 0,
                    to: 0,
                    words: first.clone(),
                }),
            });
        }
        if self.parsed.outline.restarts {
            self.remarks.push(Remark {
                what: RemarkKind::Renumbered,
                anchor: None,
            });
        }
        for unit in &self.units.all {
            let short = self.units.short(&unit.name);
            for alias in unit
                .aliases
                .iter()
                .filter(|alias| short.as_ref() != Some(alias))
            {
                let what = RemarkKind::Alias {
                    unit: unit.name.clone(),
                    alias: alias.clone(),
                };
                self.remarks.push(Remark { what, anchor: None });
            }
        }
    }
}
