//! A newer document held against an older plan: what is the same keeps its id and what people have decided about it.

use std::collections::{HashMap, HashSet};

use super::matching::{alike, differs, free, in_old_order, next, renumbered, weight};
use super::{
    About, ChiefBasis, Draft, DraftDoubt, DraftIndicator, DraftMeasure, DraftMember, DraftSection,
    DraftUnit, Why,
};
use crate::plan::{
    Doubt, DoubtSubject, FactId, Indicator, Measure, Plan, Recurrence, Section, TaskId,
};

/// Least weight of what two targets have in common to be one.
const LEAST_WEIGHT: usize = 5;

/// The draft in the older plan's ids, with its short names, summaries, paces, filing units and settled doubts wherever the
/// document says nothing else.
pub fn update(draft: Draft, old: &Plan) -> Draft {
    let mut update = Update {
        old,
        draft,
        units: HashMap::new(),
        people: HashMap::new(),
        kept: HashSet::new(),
        changed: HashSet::new(),
    };
    update.units();
    update.people();
    update.sections();
    update.measures();
    update.indicators();
    update.doubts();
    update.frame();
    update.draft
}

struct Update<'p> {
    old: &'p Plan,
    draft: Draft,
    /// New id → id in the result.
    units: HashMap<String, String>,
    people: HashMap<String, String>,
    /// Things that both have, as doubts name them.
    kept: HashSet<String>,
    /// Targets that both have and whose facts differ.
    changed: HashSet<String>,
}

impl Update<'_> {
    fn units(&mut self) {
        let mut taken: HashSet<String> = self
            .old
            .units
            .iter()
            .map(|unit| unit.id.to_string())
            .collect();
        let mut units: Vec<DraftUnit> = Vec::new();
        for unit in std::mem::take(&mut self.draft.units) {
            let names = || {
                std::iter::once(&unit.name)
                    .chain(&unit.short_name)
                    .chain(&unit.aliases)
            };
            let Some(old) = names().find_map(|name| self.old.find_unit(name)) else {
                let id = free(&unit.id, &mut taken);
                self.units.insert(unit.id.clone(), id.clone());
                units.push(DraftUnit { id, ..unit });
                continue;
            };
            self.units.insert(unit.id.clone(), old.id.to_string());
            self.kept.insert(format!("unit {}", old.id));
            let new_names: Vec<String> = names()
                .filter(|name| self.old.find_unit(name).is_none())
                .cloned()
                .collect();
            match units.iter_mut().find(|known| known.id == old.id.as_str()) {
                Some(known) => known.aliases.extend(new_names),
                None => units.push(DraftUnit {
                    id: old.id.to_string(),
                    name: old.name.clone(),
                    short_name: (old.short_name != old.name).then(|| old.short_name.clone()),
                    aliases: old.aliases.iter().cloned().chain(new_names).collect(),
                    collective: old.collective,
                    filer: old.filer.as_ref().map(ToString::to_string),
                }),
            }
        }
        self.draft.units = in_old_order(
            units,
            self.old.units.iter().map(|unit| unit.id.to_string()),
            |unit| &unit.id,
        );
    }

    fn people(&mut self) {
        let mut taken: HashSet<String> = self
            .old
            .members
            .iter()
            .map(|member| member.id.to_string())
            .collect();
        let mut members: Vec<DraftMember> = Vec::new();
        for member in std::mem::take(&mut self.draft.members) {
            let units = self.unit_ids(&member.units);
            let member = match self.old.find_member(&member.name) {
                Some(old) => {
                    self.people.insert(member.id.clone(), old.id.to_string());
                    let units = if old.post == member.post {
                        old.units.iter().map(ToString::to_string).collect()
                    } else {
                        units
                    };
                    DraftMember {
                        id: old.id.to_string(),
                        units,
                        ..member
                    }
                }
                None => {
                    let id = free(&member.id, &mut taken);
                    self.people.insert(member.id.clone(), id.clone());
                    DraftMember {
                        id,
                        units,
                        ..member
                    }
                }
            };
            members.push(member);
        }
        let present = |id: &str| members.iter().any(|member| member.id == id);
        for unit in &mut self.draft.units {
            // The first member is asked anyway.
            let first = members
                .iter()
                .find(|member| member.units.contains(&unit.id))
                .map(|member| &member.id);
            unit.filer = unit
                .filer
                .take()
                .filter(|filer| present(filer) && Some(filer) != first);
        }
        self.draft.members = members;
    }

    fn unit_ids(&self, ids: &[String]) -> Vec<String> {
        let mut mapped: Vec<String> = Vec::new();
        for id in ids {
            let id = self.units.get(id).unwrap_or(id);
            if !mapped.contains(id) {
                mapped.push(id.clone());
            }
        }
        mapped
    }

    fn sections(&mut self) {
        let mut taken: HashSet<String> = self
            .old
            .sections
            .iter()
            .map(|section| section.id.to_string())
            .collect();
        let mut renamed: HashMap<String, String> = HashMap::new();
        let mut used: HashSet<String> = HashSet::new();
        for section in &mut self.draft.sections {
            let by_title = |old: &&Section| old.title == section.title;
            let by_number =
                |old: &&Section| old.number == section.number && alike(&old.title, &section.title);
            let free_ones = || {
                self.old
                    .sections
                    .iter()
                    .filter(|old| !used.contains(old.id.as_str()))
            };
            let old = free_ones()
                .find(by_title)
                .or_else(|| free_ones().find(by_number));
            let id = old.map_or_else(|| free(&section.id, &mut taken), |old| old.id.to_string());
            used.insert(id.clone());
            renamed.insert(section.id.clone(), id.clone());
            *section = DraftSection {
                id,
                ..section.clone()
            };
        }
        for measure in &mut self.draft.measures {
            measure.section = renamed.get(&measure.section).cloned().unwrap_or_default();
        }
    }

    fn measures(&mut self) {
        let mut used: HashSet<String> = HashSet::new();
        let mut matched: Vec<Option<&Measure>> = Vec::new();
        for measure in &self.draft.measures {
            let old = self
                .old
                .measures
                .iter()
                .find(|old| old.title == measure.title && !used.contains(old.id.as_str()));
            used.extend(old.map(|old| old.id.to_string()));
            matched.push(old);
        }
        for (measure, found) in self
            .draft
            .measures
            .iter()
            .zip(&mut matched)
            .filter(|(_, found)| found.is_none())
        {
            let alike = |old: &&Measure| {
                old.number == measure.number
                    && !used.contains(old.id.as_str())
                    && alike(&old.title, &measure.title)
            };
            *found = self.old.measures.iter().find(alike);
            used.extend(found.map(|old| old.id.to_string()));
        }
        let mut taken: HashSet<String> = self
            .old
            .measures
            .iter()
            .map(|measure| measure.id.to_string())
            .collect();
        let mut renamed = HashMap::new();
        let mut measures = Vec::new();
        for (measure, old) in std::mem::take(&mut self.draft.measures)
            .into_iter()
            .zip(matched)
        {
            let id = old.map_or_else(|| free(&measure.id, &mut taken), |old| old.id.to_string());
            if old.is_some() {
                self.kept.insert(format!("measure {id}"));
            }
            renamed.insert(measure.id.clone(), id.clone());
            let leads = self.unit_ids(&measure.leads);
            let responsible = self
                .unit_ids(&measure.responsible)
                .into_iter()
                .filter(|unit| !leads.contains(unit));
            measures.push(DraftMeasure {
                responsible: responsible.collect(),
                leads,
                summary: old.map_or(measure.summary, |old| old.summary.clone()),
                rhythm: old.map_or(measure.rhythm, |old| old.rhythm),
                id,
                ..measure
            });
        }
        self.draft.measures = measures;
        for indicator in &mut self.draft.indicators {
            indicator.measure = indicator.measure.take().map(|id| renamed[&id].clone());
        }
        for doubt in &mut self.draft.doubts {
            if let About::Measure(id) = &mut doubt.about {
                doubt.id = renumbered(&doubt.id, id, &renamed[&*id]);
                id.clone_from(&renamed[&*id]);
            }
        }
    }

    fn indicators(&mut self) {
        let mut taken: HashSet<String> = self
            .old
            .indicators
            .iter()
            .map(|it| it.id.to_string())
            .collect();
        let mut used: HashSet<TaskId> = HashSet::new();
        let mut renamed: HashMap<String, String> = HashMap::new();
        let mut indicators = Vec::new();
        for it in std::mem::take(&mut self.draft.indicators) {
            let candidates = self.old.indicators.iter().filter(|old| {
                !used.contains(&old.id)
                    && old.measure.as_ref().map(|id| id.as_str()) == it.measure.as_deref()
            });
            let best = candidates
                .map(|old| (weight(&it, old), old))
                .rev()
                .max_by_key(|(weight, _)| *weight);
            let old = best
                .filter(|(weight, _)| *weight >= LEAST_WEIGHT)
                .map(|(_, old)| old);
            let stem = it.measure.clone().unwrap_or_else(|| "g".to_owned());
            let id = old.map_or_else(|| next(&stem, &mut taken), |old| old.id.to_string());
            renamed.insert(it.id.clone(), id.clone());
            match old {
                Some(old) => {
                    used.insert(old.id.clone());
                    self.kept.insert(format!("indicator {id}"));
                    if differs(&it, old) {
                        self.changed.insert(id);
                    }
                    indicators.push(self.kept_indicator(it, old));
                }
                None => indicators.push(DraftIndicator { id, ..it }),
            }
        }
        let present: HashSet<String> = indicators.iter().map(|it| it.id.clone()).collect();
        for it in &mut indicators {
            let fact = it
                .fact
                .take()
                .map(|fact| renamed.get(&fact).cloned().unwrap_or(fact));
            it.fact = fact.filter(|fact| present.contains(fact) && *fact != it.id);
        }
        self.draft.indicators = indicators;
        for doubt in &mut self.draft.doubts {
            if let About::Indicator(id) = &mut doubt.about {
                doubt.id = renumbered(&doubt.id, id, &renamed[&*id]);
                id.clone_from(&renamed[&*id]);
            }
        }
    }

    /// The facts are the document's; what people decided about them stays.
    fn kept_indicator(&self, it: DraftIndicator, old: &Indicator) -> DraftIndicator {
        let measure = old.measure.as_ref().and_then(|id| {
            self.draft
                .measures
                .iter()
                .find(|measure| measure.id == id.as_str())
        });
        let first_lead = measure.and_then(|measure| measure.leads.first());
        let lead = old
            .filing_lead
            .as_ref()
            .map(ToString::to_string)
            .filter(|lead| self.draft.units.iter().any(|unit| unit.id == *lead));
        let own = FactId::new(old.id.as_str());
        let yearly = old.recurrence == Recurrence::Yearly && it.recurrence == Recurrence::Yearly;
        DraftIndicator {
            id: old.id.to_string(),
            name: old.name.clone(),
            kind: if it.target.is_some() == old.target.is_some() {
                old.kind
            } else {
                it.kind
            },
            baseline: it.baseline.or(old
                .baseline
                .map(|value| old.unit_of_measure.to_shown(value))),
            due: if yearly { old.due } else { it.due },
            pace: old.pace.clone(),
            filing_lead: lead.filter(|lead| Some(lead) != first_lead),
            fact: (old.fact != own).then(|| old.fact.to_string()).or(it.fact),
            rhythm: old.rhythm,
            ..it
        }
    }

    /// Doubts about what both have are the older plan's; new ones come for what is new and for targets that changed.
    fn doubts(&mut self) {
        let mut doubts: Vec<DraftDoubt> = Vec::new();
        for doubt in &self.old.doubts {
            let about = match &doubt.about {
                DoubtSubject::Indicator(id) => About::Indicator(id.to_string()),
                DoubtSubject::Measure(id) => About::Measure(id.to_string()),
                DoubtSubject::Unit(id) => About::Unit(id.to_string()),
                DoubtSubject::TaskForce => About::TaskForce,
            };
            if self.is_kept(&about) {
                doubts.push(self.older(doubt, about));
            }
        }
        for mut doubt in std::mem::take(&mut self.draft.doubts) {
            if let About::Unit(id) = &mut doubt.about {
                *id = self.units.get(id).unwrap_or(id).clone();
            }
            doubt.filing_lead = doubt
                .filing_lead
                .map(|id| self.units.get(&id).cloned().unwrap_or(id));
            let changed = matches!(&doubt.about, About::Indicator(id) if self.changed.contains(id));
            let known = doubts.iter().any(|known| known.id == doubt.id);
            if !known && (changed || !self.is_kept(&doubt.about)) {
                doubts.push(doubt);
            }
        }
        self.draft.doubts = doubts;
    }

    fn is_kept(&self, about: &About) -> bool {
        match about {
            About::Indicator(id) => self.kept.contains(&format!("indicator {id}")),
            About::Measure(id) => self.kept.contains(&format!("measure {id}")),
            About::Unit(id) => self.kept.contains(&format!("unit {id}")),
            About::TaskForce => true,
        }
    }

    fn older(&self, doubt: &Doubt, about: About) -> DraftDoubt {
        let unit = |about: &About| match about {
            About::Indicator(id) => self
                .old
                .indicator(&TaskId::new(id.as_str()))
                .map(|it| it.unit_of_measure.clone()),
            About::Measure(_) | About::Unit(_) | About::TaskForce => None,
        };
        let baseline = doubt
            .sets
            .baseline
            .zip(unit(&about))
            .map(|(value, unit)| unit.to_shown(value));
        let lead = doubt.sets.filing_lead.as_ref().map(ToString::to_string);
        DraftDoubt {
            id: doubt.id.to_string(),
            why: Why::Older {
                question: doubt.question.clone(),
                proposal: doubt.proposal.clone(),
            },
            anchor: None,
            filing_lead: lead.filter(|lead| self.draft.units.iter().any(|unit| unit.id == *lead)),
            due: doubt
                .sets
                .due
                .filter(|due| (self.draft.starts..=self.draft.ends).contains(due)),
            baseline,
            about,
        }
    }

    fn frame(&mut self) {
        let old = &self.old.task_force;
        let draft = &mut self.draft;
        draft.id = old.id.to_string();
        draft.name.clone_from(&old.name);
        draft.short_name.clone_from(&old.short_name);
        draft.office_chief = self
            .people
            .get(&draft.office_chief)
            .unwrap_or(&draft.office_chief)
            .clone();
        let mapped = draft
            .office_staff
            .iter()
            .map(|id| self.people.get(id).unwrap_or(id).clone());
        let old_staff = old.office_staff.iter().map(ToString::to_string);
        let present = |id: &str| draft.members.iter().any(|member| member.id == id);
        let mut staff: Vec<String> = Vec::new();
        for id in old_staff.chain(mapped) {
            if present(&id) && !staff.contains(&id) {
                staff.push(id);
            }
        }
        draft.office_staff = staff;
        if draft.office_chief_inferred.is_some() && present(old.office_chief.as_str()) {
            draft.office_chief = old.office_chief.to_string();
            draft.office_chief_inferred = old.office_chief_inferred.clone().map(ChiefBasis::Older);
        }
    }
}
