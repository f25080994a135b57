//! A newer document held against an older plan: what is the same keeps its id and what people have decided about it.

use std::collections::{HashMap, HashSet};

use super::matching::{Likely, Pool, Taken, alike, differs, in_old_order, renumbered, same_people};
use super::{
    About, ChiefBasis, Draft, DraftDoubt, DraftIndicator, DraftMeasure, DraftMember, DraftUnit, Why,
};
use crate::plan::{Doubt, DoubtSubject, FactId, Indicator, Plan, Recurrence, TaskId, UnitId};

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
        let mut taken = Taken::of(self.old.units.iter().map(|unit| unit.id.to_string()));
        let mut units: Vec<DraftUnit> = Vec::new();
        let mut places: HashMap<&UnitId, usize> = HashMap::new();
        for unit in std::mem::take(&mut self.draft.units) {
            let names = || {
                std::iter::once(&unit.name)
                    .chain(&unit.short_name)
                    .chain(&unit.aliases)
            };
            let Some(old) = names().find_map(|name| self.old.find_unit(name)) else {
                let id = taken.free(&unit.id);
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
            match places.get(&old.id) {
                Some(at) => units[*at].aliases.extend(new_names),
                None => {
                    places.insert(&old.id, units.len());
                    units.push(DraftUnit {
                        id: old.id.to_string(),
                        name: old.name.clone(),
                        short_name: (old.short_name != old.name).then(|| old.short_name.clone()),
                        aliases: old.aliases.iter().cloned().chain(new_names).collect(),
                        collective: old.collective,
                        filer: old.filer.as_ref().map(ToString::to_string),
                    });
                }
            }
        }
        self.draft.units = in_old_order(
            units,
            self.old.units.iter().map(|unit| unit.id.to_string()),
            |unit| &unit.id,
        );
    }

    fn people(&mut self) {
        let all = &self.old.members;
        let mut taken = Taken::of(all.iter().map(|member| member.id.to_string()));
        let found = same_people(&self.draft.members, all);
        let mut members: Vec<DraftMember> = Vec::new();
        for (member, found) in std::mem::take(&mut self.draft.members)
            .into_iter()
            .zip(found)
        {
            let old = found.map(|at| &all[at]);
            let units = match old.filter(|old| old.post == member.post) {
                Some(old) => old.units.iter().map(ToString::to_string).collect(),
                None => self.unit_ids(&member.units),
            };
            let id = old.map_or_else(|| taken.free(&member.id), |old| old.id.to_string());
            self.people.insert(member.id.clone(), id.clone());
            members.push(DraftMember {
                id,
                units,
                ..member
            });
        }
        let present: HashSet<&str> = members.iter().map(|member| member.id.as_str()).collect();
        // The first member is asked anyway.
        let mut first: HashMap<&str, &str> = HashMap::new();
        for member in &members {
            for unit in &member.units {
                first.entry(unit).or_insert(&member.id);
            }
        }
        for unit in &mut self.draft.units {
            unit.filer = unit.filer.take().filter(|filer| {
                present.contains(filer.as_str())
                    && first.get(unit.id.as_str()).copied() != Some(filer.as_str())
            });
        }
        self.draft.members = members;
    }

    fn unit_ids(&self, ids: &[String]) -> Vec<String> {
        let mut known = HashSet::new();
        ids.iter()
            .map(|id| self.units.get(id).unwrap_or(id))
            .filter(|id| known.insert(*id))
            .cloned()
            .collect()
    }

    fn sections(&mut self) {
        let all = &self.old.sections;
        let mut taken = Taken::of(all.iter().map(|section| section.id.to_string()));
        let mut by_title = Pool::of(all.iter().map(|section| section.title.as_str()));
        let mut by_number = Pool::of(all.iter().map(|section| section.number.as_str()));
        let mut used = vec![false; all.len()];
        let mut renamed: HashMap<String, String> = HashMap::new();
        for section in &mut self.draft.sections {
            let titled = by_title.free(&section.title.as_str(), &used).next();
            let old = titled.or_else(|| {
                let mut numbered = by_number.free(&section.number.as_str(), &used);
                numbered.find(|at| alike(&all[*at].title, &section.title))
            });
            let id = match old {
                Some(at) => {
                    used[at] = true;
                    all[at].id.to_string()
                }
                None => taken.free(&section.id),
            };
            renamed.insert(std::mem::replace(&mut section.id, id.clone()), id);
        }
        for measure in &mut self.draft.measures {
            measure.section = renamed.get(&measure.section).cloned().unwrap_or_default();
        }
    }

    fn measures(&mut self) {
        let all = &self.old.measures;
        let mut taken = Taken::of(all.iter().map(|measure| measure.id.to_string()));
        let mut by_title = Pool::of(all.iter().map(|measure| measure.title.as_str()));
        let mut by_number = Pool::of(all.iter().map(|measure| measure.number));
        let mut used = vec![false; all.len()];
        let mut matched: Vec<Option<usize>> = Vec::new();
        for measure in &self.draft.measures {
            let old = by_title.free(&measure.title.as_str(), &used).next();
            if let Some(at) = old {
                used[at] = true;
            }
            matched.push(old);
        }
        for (measure, found) in self.draft.measures.iter().zip(&mut matched) {
            if found.is_none() {
                *found = by_number
                    .free(&measure.number, &used)
                    .find(|at| alike(&all[*at].title, &measure.title));
                if let Some(at) = *found {
                    used[at] = true;
                }
            }
        }
        let mut renamed = HashMap::new();
        let mut measures = Vec::new();
        for (measure, old) in std::mem::take(&mut self.draft.measures)
            .into_iter()
            .zip(matched)
        {
            let old = old.map(|at| &all[at]);
            let id = old.map_or_else(|| taken.free(&measure.id), |old| old.id.to_string());
            if old.is_some() {
                self.kept.insert(format!("measure {id}"));
            }
            renamed.insert(measure.id.clone(), id.clone());
            let leads = self.unit_ids(&measure.leads);
            let mut responsible = self.unit_ids(&measure.responsible);
            let leading: HashSet<&String> = leads.iter().collect();
            responsible.retain(|unit| !leading.contains(unit));
            measures.push(DraftMeasure {
                responsible,
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
        let all = &self.old.indicators;
        let mut taken = Taken::of(all.iter().map(|it| it.id.to_string()));
        let mut likely = Likely::of(all);
        let decided = Decided::of(&self.draft.measures, &self.draft.units);
        let mut renamed: HashMap<String, String> = HashMap::new();
        let mut indicators = Vec::new();
        for it in std::mem::take(&mut self.draft.indicators) {
            let old = likely.take(&it).map(|at| &all[at]);
            let stem = it.measure.as_deref().unwrap_or("g");
            let id = old.map_or_else(|| taken.next(stem), |old| old.id.to_string());
            renamed.insert(it.id.clone(), id.clone());
            match old {
                Some(old) => {
                    self.kept.insert(format!("indicator {id}"));
                    if differs(&it, old) {
                        self.changed.insert(id);
                    }
                    indicators.push(decided.indicator(it, old));
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

    /// Doubts about what both have are the older plan's; new ones come for what is new and for targets that changed.
    fn doubts(&mut self) {
        let mut doubts: Vec<DraftDoubt> = Vec::new();
        let units: HashSet<&str> = self
            .draft
            .units
            .iter()
            .map(|unit| unit.id.as_str())
            .collect();
        for doubt in &self.old.doubts {
            let about = match &doubt.about {
                DoubtSubject::Indicator(id) => About::Indicator(id.to_string()),
                DoubtSubject::Measure(id) => About::Measure(id.to_string()),
                DoubtSubject::Unit(id) => About::Unit(id.to_string()),
                DoubtSubject::TaskForce => About::TaskForce,
            };
            if self.is_kept(&about) {
                doubts.push(self.older(doubt, about, &units));
            }
        }
        let mut known: HashSet<String> = doubts.iter().map(|doubt| doubt.id.clone()).collect();
        for mut doubt in std::mem::take(&mut self.draft.doubts) {
            if let About::Unit(id) = &mut doubt.about {
                *id = self.units.get(id).unwrap_or(id).clone();
            }
            doubt.filing_lead = doubt
                .filing_lead
                .map(|id| self.units.get(&id).cloned().unwrap_or(id));
            let changed = matches!(&doubt.about, About::Indicator(id) if self.changed.contains(id));
            let open = changed || !self.is_kept(&doubt.about);
            if open && known.insert(doubt.id.clone()) {
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

    fn older(&self, doubt: &Doubt, about: About, units: &HashSet<&str>) -> DraftDoubt {
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
            filing_lead: lead.filter(|lead| units.contains(lead.as_str())),
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
        let present: HashSet<&str> = draft
            .members
            .iter()
            .map(|member| member.id.as_str())
            .collect();
        let mut known = HashSet::new();
        let staff = old_staff.chain(mapped);
        draft.office_staff = staff
            .filter(|id| present.contains(id.as_str()) && known.insert(id.clone()))
            .collect();
        if draft.office_chief_inferred.is_some() && present.contains(old.office_chief.as_str()) {
            draft.office_chief = old.office_chief.to_string();
            draft.office_chief_inferred = old.office_chief_inferred.clone().map(ChiefBasis::Older);
        }
    }
}

/// What decides which of the older plan's settlements of a target still stand.
struct Decided<'d> {
    /// The first leading unit by measure.
    leads: HashMap<&'d str, &'d str>,
    units: HashSet<&'d str>,
}

impl<'d> Decided<'d> {
    fn of(measures: &'d [DraftMeasure], units: &'d [DraftUnit]) -> Self {
        let lead = |it: &'d DraftMeasure| Some((it.id.as_str(), it.leads.first()?.as_str()));
        Self {
            leads: measures.iter().filter_map(lead).collect(),
            units: units.iter().map(|unit| unit.id.as_str()).collect(),
        }
    }

    /// The facts are the document's; what people decided about them stays.
    fn indicator(&self, it: DraftIndicator, old: &Indicator) -> DraftIndicator {
        let measure = old.measure.as_ref().map(|id| id.as_str());
        let first_lead = measure.and_then(|id| self.leads.get(id).copied());
        let lead = old.filing_lead.as_ref().map(|lead| lead.as_str());
        let lead = lead.filter(|lead| self.units.contains(lead) && Some(*lead) != first_lead);
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
            filing_lead: lead.map(str::to_owned),
            fact: (old.fact != own).then(|| old.fact.to_string()).or(it.fact),
            rhythm: old.rhythm,
            ..it
        }
    }
}
