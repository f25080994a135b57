//! Holds a plan file against itself: every id resolves, every date is in range, every target makes sense.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::document::{At, Findings};
use super::mistake::{MistakeKind, ReferenceMistake, TargetMistake, Thing};
use super::vocabulary::{folded, nearest};
use super::written::{
    Spot, WrittenMeasure, WrittenMember, WrittenPlan, WrittenTaskForce, WrittenUnit,
};
use super::{IndicatorKind, Role};

/// Suggestions are looked for among at most this many ids, so that a large file full of mistakes stays quick.
const MOST_CANDIDATES: usize = 200;

/// Notes every mistake of a plan whose fields could be read.
pub(super) fn resolve(plan: &WrittenPlan, findings: &mut Findings<'_>) {
    let mut ids = Ids::default();
    ids.collect(plan, findings);
    let mut check = Check {
        plan,
        ids,
        stand: stand(plan),
        milestones: milestones(plan),
        findings,
    };
    check.task_force(&plan.task_force);
    check.unit_names();
    plan.units.iter().for_each(|unit| check.unit(unit));
    plan.members.iter().for_each(|member| check.member(member));
    plan.measures
        .iter()
        .for_each(|measure| check.measure(measure));
    plan.indicators
        .iter()
        .for_each(|indicator| check.indicator(indicator));
    check.facts();
    plan.doubts.iter().for_each(|doubt| check.doubt(doubt));
}

/// Every id of the file and where it stands first.
#[derive(Default)]
struct Ids<'p> {
    of: HashMap<Thing, HashMap<&'p str, usize>>,
}

impl<'p> Ids<'p> {
    fn collect(&mut self, plan: &'p WrittenPlan, findings: &mut Findings<'_>) {
        self.add(
            Thing::Unit,
            plan.units.iter().map(|unit| (&unit.id, &unit.spot)),
            findings,
        );
        self.add(
            Thing::Person,
            plan.members.iter().map(|member| (&member.id, &member.spot)),
            findings,
        );
        self.add(
            Thing::Section,
            plan.sections
                .iter()
                .map(|section| (&section.id, &section.spot)),
            findings,
        );
        self.add(
            Thing::Measure,
            plan.measures
                .iter()
                .map(|measure| (&measure.id, &measure.spot)),
            findings,
        );
        self.add(
            Thing::Indicator,
            plan.indicators
                .iter()
                .map(|indicator| (&indicator.id, &indicator.spot)),
            findings,
        );
        self.add(
            Thing::Doubt,
            plan.doubts.iter().map(|doubt| (&doubt.id, &doubt.spot)),
            findings,
        );
        numbers(plan, findings);
    }

    fn add(
        &mut self,
        thing: Thing,
        ids: impl Iterator<Item = (&'p At<String>, &'p Spot)>,
        findings: &mut Findings<'_>,
    ) {
        let known = self.of.entry(thing).or_default();
        for (id, spot) in ids.filter(|(id, _)| !id.value.is_empty()) {
            let first = *known.entry(&id.value).or_insert(id.at);
            if first != id.at {
                let first_line = findings.line(first);
                let what = ReferenceMistake::Duplicate {
                    thing,
                    field: "id",
                    text: id.value.clone(),
                    first_line,
                };
                findings.note(id.at, spot.place.as_ref(), what);
            }
        }
    }

    fn has(&self, thing: Thing, id: &str) -> bool {
        self.of.get(&thing).is_some_and(|ids| ids.contains_key(id))
    }

    fn nearest(&self, thing: Thing, text: &str) -> Option<String> {
        let ids = self
            .of
            .get(&thing)
            .filter(|ids| ids.len() <= MOST_CANDIDATES)?;
        let mut ids: Vec<_> = ids.keys().copied().collect();
        ids.sort_unstable();
        nearest(text, ids.into_iter())
    }
}

/// Notes numbers of sections and measures that stand twice.
fn numbers(plan: &WrittenPlan, findings: &mut Findings<'_>) {
    let sections = plan.sections.iter().map(|it| {
        (
            Thing::Section,
            it.number.value.clone(),
            it.number.at,
            &it.spot,
        )
    });
    let measures = plan.measures.iter().filter(|it| it.number.value > 0);
    let measures = measures.map(|it| {
        (
            Thing::Measure,
            it.number.value.to_string(),
            it.number.at,
            &it.spot,
        )
    });
    let mut known = HashMap::new();
    for (thing, text, at, spot) in sections
        .chain(measures)
        .filter(|(_, text, _, _)| !text.is_empty())
    {
        let first = *known.entry((thing, text.clone())).or_insert(at);
        if first != at {
            let first_line = findings.line(first);
            findings.note(
                at,
                spot.place.as_ref(),
                ReferenceMistake::Duplicate {
                    thing,
                    field: "number",
                    text,
                    first_line,
                },
            );
        }
    }
}

pub(super) struct Check<'p, 'f, 's> {
    pub(super) plan: &'p WrittenPlan,
    ids: Ids<'p>,
    /// People with the units that they stand for.
    stand: HashSet<(&'p str, &'p str)>,
    /// Targets without a number.
    pub(super) milestones: HashSet<&'p str>,
    findings: &'f mut Findings<'s>,
}

impl<'p> Check<'p, '_, '_> {
    fn task_force(&mut self, task_force: &WrittenTaskForce) {
        let (starts, ends) = (&task_force.starts, &task_force.ends);
        if read(ends) && ends.value < starts.value {
            let what = TargetMistake::BeforeStart {
                field: "ends",
                date: ends.value,
                starts: starts.value,
            };
            self.note(ends.at, &task_force.spot, what);
        }
        self.known(
            Thing::Person,
            "office_chief",
            &task_force.office_chief,
            &task_force.spot,
        );
        self.all_known(
            Thing::Person,
            "office_staff",
            &task_force.office_staff,
            &task_force.spot,
        );
    }

    /// A name that two units go by would find neither.
    fn unit_names(&mut self) {
        let mut known: HashMap<String, &WrittenUnit> = HashMap::new();
        for unit in &self.plan.units {
            for name in std::iter::once(&unit.name)
                .chain(&unit.short_name)
                .chain(&unit.aliases)
            {
                let other = *known.entry(folded(&name.value)).or_insert(unit);
                if other.id.at != unit.id.at && !name.value.is_empty() {
                    let what = ReferenceMistake::AmbiguousName {
                        text: name.value.clone(),
                        other: other.id.value.clone(),
                    };
                    self.note(name.at, &unit.spot, what);
                }
            }
        }
    }

    fn unit(&mut self, unit: &WrittenUnit) {
        let Some(filer) = &unit.filer else { return };
        if !self.known(Thing::Person, "filer", filer, &unit.spot) {
            return;
        }
        let filed = (filer.value.as_str(), unit.id.value.as_str());
        if !self.stand.contains(&filed) {
            self.note(
                filer.at,
                &unit.spot,
                ReferenceMistake::FilerOfOther {
                    person: filer.value.clone(),
                },
            );
        }
    }

    fn member(&mut self, member: &WrittenMember) {
        self.all_known(Thing::Unit, "units", &member.units, &member.spot);
        match member.role {
            Role::Leader | Role::DeputyLeader if !member.units.is_empty() => {
                self.note(member.spot.at, &member.spot, ReferenceMistake::LeaderFiles);
            }
            Role::Member | Role::Liaison if member.units.is_empty() => {
                self.note(
                    member.spot.at,
                    &member.spot,
                    ReferenceMistake::FilesForNobody,
                );
            }
            Role::Leader | Role::DeputyLeader | Role::Member | Role::Liaison => {}
        }
    }

    fn measure(&mut self, measure: &WrittenMeasure) {
        let spot = &measure.spot;
        self.known(Thing::Section, "section", &measure.section, spot);
        if measure.leads.is_empty() {
            self.note(spot.at, spot, ReferenceMistake::NoLead);
        }
        self.all_known(Thing::Unit, "leads", &measure.leads, spot);
        self.all_known(Thing::Unit, "responsible", &measure.responsible, spot);
        let leads: HashSet<&str> = measure.leads.iter().map(|it| it.value.as_str()).collect();
        let repeated = |unit: &&At<String>| leads.contains(unit.value.as_str());
        for unit in measure.responsible.iter().filter(repeated) {
            self.note(
                unit.at,
                spot,
                ReferenceMistake::Repeated {
                    field: "responsible",
                    text: unit.value.clone(),
                },
            );
        }
    }

    /// Notes an id that nothing has; an empty one was noted when it was read.
    pub(super) fn known(
        &mut self,
        thing: Thing,
        field: &'static str,
        id: &At<String>,
        spot: &Spot,
    ) -> bool {
        let known = id.value.is_empty() || self.ids.has(thing, &id.value);
        if !known {
            let nearest = self.ids.nearest(thing, &id.value);
            self.note(
                id.at,
                spot,
                ReferenceMistake::Unknown {
                    thing,
                    field,
                    text: id.value.clone(),
                    nearest,
                },
            );
        }
        known
    }

    fn all_known(&mut self, thing: Thing, field: &'static str, ids: &[At<String>], spot: &Spot) {
        let mut seen = HashSet::new();
        for id in ids {
            self.known(thing, field, id, spot);
            if !seen.insert(&id.value) && !id.value.is_empty() {
                self.note(
                    id.at,
                    spot,
                    ReferenceMistake::Repeated {
                        field,
                        text: id.value.clone(),
                    },
                );
            }
        }
    }

    pub(super) fn in_range(&mut self, field: &'static str, date: &At<NaiveDate>, spot: &Spot) {
        let (starts, ends) = (
            self.plan.task_force.starts.value,
            self.plan.task_force.ends.value,
        );
        if read(date) && date.value < starts {
            self.note(
                date.at,
                spot,
                TargetMistake::BeforeStart {
                    field,
                    date: date.value,
                    starts,
                },
            );
        } else if read(&self.plan.task_force.ends) && date.value > ends {
            self.note(
                date.at,
                spot,
                TargetMistake::AfterEnd {
                    field,
                    date: date.value,
                    ends,
                },
            );
        }
    }

    /// The line where a measure stands.
    pub(super) fn line_of_measure(&self, id: &str) -> Option<usize> {
        let at = self.ids.of.get(&Thing::Measure)?.get(id)?;
        Some(self.findings.line(*at))
    }

    pub(super) fn note(&mut self, at: usize, spot: &Spot, what: impl Into<MistakeKind>) {
        self.findings.note(at, spot.place.as_ref(), what);
    }
}

/// Whether a date could be read; one that could not is already noted.
fn read(date: &At<NaiveDate>) -> bool {
    date.value != NaiveDate::default()
}

fn stand(plan: &WrittenPlan) -> HashSet<(&str, &str)> {
    let mut stand = HashSet::new();
    for member in &plan.members {
        let units = member.units.iter().map(|unit| unit.value.as_str());
        stand.extend(units.map(|unit| (member.id.value.as_str(), unit)));
    }
    stand
}

fn milestones(plan: &WrittenPlan) -> HashSet<&str> {
    let all = plan.indicators.iter();
    let milestones = all.filter(|it| it.kind == IndicatorKind::Milestone);
    milestones.map(|it| it.id.value.as_str()).collect()
}
