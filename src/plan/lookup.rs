//! Finding things in a plan: by id through an index, by name as people type it.

use std::collections::HashMap;

use super::vocabulary::{folded, readings};
use super::{
    Doubt, DoubtSubject, FactId, Indicator, Measure, MeasureId, Member, PersonId, Plan, Section,
    SectionId, Task, TaskId, TaskKind, Unit, UnitId,
};

/// Positions in the plan's lists. It follows from the lists, so two plans that are equal have equal ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Index {
    units: HashMap<UnitId, usize>,
    members: HashMap<PersonId, usize>,
    measures: HashMap<MeasureId, usize>,
    tasks: HashMap<TaskId, usize>,
    names: HashMap<String, usize>,
    people: HashMap<UnitId, Vec<usize>>,
    of_measure: HashMap<MeasureId, Vec<usize>>,
    sections: HashMap<SectionId, usize>,
    doubts: HashMap<TaskId, Vec<usize>>,
    facts: HashMap<FactId, Vec<usize>>,
}

impl Plan {
    /// Builds the index; every reader that makes a plan calls it last.
    pub(super) fn indexed(mut self) -> Self {
        self.index = Index {
            units: positions(self.units.iter().map(|unit| &unit.id)),
            members: positions(self.members.iter().map(|member| &member.id)),
            measures: positions(self.measures.iter().map(|measure| &measure.id)),
            tasks: positions(self.tasks.iter().map(|task| &task.id)),
            names: unit_names(&self.units),
            people: groups(self.members.iter().map(|member| member.units.as_slice())),
            of_measure: groups(self.tasks.iter().map(|task| task.measure.as_slice())),
            sections: positions(self.sections.iter().map(|section| &section.id)),
            doubts: groups(
                self.doubts
                    .iter()
                    .map(|doubt| doubted(&doubt.about))
                    .collect::<Vec<_>>()
                    .iter()
                    .map(Option::as_slice),
            ),
            facts: groups(
                self.indicators
                    .iter()
                    .map(|indicator| std::slice::from_ref(&indicator.fact)),
            ),
        };
        self
    }

    /// The task with this id.
    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        self.index.tasks.get(id).map(|&at| &self.tasks[at])
    }

    /// The target with this id; none for narratives.
    pub fn indicator(&self, id: &TaskId) -> Option<&Indicator> {
        match self.task(id)?.kind {
            TaskKind::Indicator(at) => Some(&self.indicators[at]),
            TaskKind::Narrative(_) | TaskKind::Assigned(_) | TaskKind::Stage(_) => None,
        }
    }

    /// The measure with this id.
    pub fn measure(&self, id: &MeasureId) -> Option<&Measure> {
        self.index.measures.get(id).map(|&at| &self.measures[at])
    }

    /// The unit with this id.
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.index.units.get(id).map(|&at| &self.units[at])
    }

    /// The person with this id.
    pub fn member(&self, id: &PersonId) -> Option<&Member> {
        self.index.members.get(id).map(|&at| &self.members[at])
    }

    /// The unit that people call so: its name, short name or an alias, with or without the leading 市, spaces and
    /// full-width letters as typed. A name that two units share finds neither.
    pub fn find_unit(&self, typed: &str) -> Option<&Unit> {
        let at = readings(&folded(typed))
            .iter()
            .find_map(|name| self.index.names.get(name).copied())?;
        self.units.get(at)
    }

    /// The person of this name, spaces ignored. None when two people share it.
    pub fn find_member(&self, typed: &str) -> Option<&Member> {
        let typed = folded(typed);
        let mut found = self
            .members
            .iter()
            .filter(|member| folded(&member.name) == typed);
        match (found.next(), found.next()) {
            (Some(member), None) => Some(member),
            (None | Some(_), _) => None,
        }
    }

    /// Who files for a unit, or for what it is now: the one who is asked, and the others who may, in roster order.
    pub fn filers(&self, unit: &UnitId) -> (Option<&Member>, Vec<&Member>) {
        let unit = self.current_unit(unit);
        let asked = self.unit(unit).and_then(|unit| unit.filer.as_ref());
        let people = self
            .index
            .people
            .get(unit)
            .into_iter()
            .flatten()
            .map(|&at| &self.members[at]);
        let others = people.filter(|member| Some(&member.id) != asked).collect();
        (asked.and_then(|id| self.member(id)), others)
    }

    /// Whether a person belongs to the office (专班办公室): chief, staff or `granted` beyond the plan.
    pub fn is_office(&self, person: &PersonId, granted: &[PersonId]) -> bool {
        self.task_force.office_chief == *person
            || self.task_force.office_staff.contains(person)
            || granted.contains(person)
    }

    /// Tasks of a measure: its targets in order, its narrative last.
    pub fn tasks_of_measure<'a>(&'a self, measure: &MeasureId) -> impl Iterator<Item = &'a Task> {
        self.index
            .of_measure
            .get(measure)
            .into_iter()
            .flatten()
            .map(|&at| &self.tasks[at])
    }

    /// Doubts about a target, or, for a narrative, about its measure.
    pub fn doubts_about<'a>(&'a self, task: &TaskId) -> impl Iterator<Item = &'a Doubt> {
        self.index
            .doubts
            .get(task)
            .into_iter()
            .flatten()
            .map(|&at| &self.doubts[at])
    }

    /// Targets that share this fact, in plan order.
    pub fn sharing<'a>(&'a self, fact: &FactId) -> impl Iterator<Item = &'a Indicator> {
        self.index
            .facts
            .get(fact)
            .into_iter()
            .flatten()
            .map(|&at| &self.indicators[at])
    }

    /// The section a measure stands in.
    pub fn section_of(&self, measure: &MeasureId) -> Option<&Section> {
        let section = &self.measure(measure)?.section;
        let at = *self.index.sections.get(section)?;
        self.sections.get(at)
    }
}

/// The id of a measure's narrative task: `m` and the measure's id.
pub fn narrative_of(measure: &MeasureId) -> TaskId {
    TaskId::new(format!("m{measure}"))
}

fn doubted(about: &DoubtSubject) -> Option<TaskId> {
    match about {
        DoubtSubject::Indicator(task) => Some(task.clone()),
        DoubtSubject::Measure(measure) => Some(narrative_of(measure)),
        DoubtSubject::Unit(_) | DoubtSubject::TaskForce => None,
    }
}

fn positions<'a, K: Clone + Eq + std::hash::Hash + 'a>(
    ids: impl Iterator<Item = &'a K>,
) -> HashMap<K, usize> {
    ids.enumerate().map(|(at, id)| (id.clone(), at)).collect()
}

fn groups<'a, K: Clone + Eq + std::hash::Hash + 'a>(
    lists: impl Iterator<Item = &'a [K]>,
) -> HashMap<K, Vec<usize>> {
    let mut groups: HashMap<K, Vec<usize>> = HashMap::new();
    for (at, keys) in lists.enumerate() {
        for key in keys {
            groups.entry(key.clone()).or_default().push(at);
        }
    }
    groups
}

/// Every folded name of every unit; a name of two units maps past the end, to nobody.
fn unit_names(units: &[Unit]) -> HashMap<String, usize> {
    let mut names = HashMap::new();
    for (at, unit) in units.iter().enumerate() {
        for name in [&unit.name, &unit.short_name]
            .into_iter()
            .chain(&unit.aliases)
        {
            let known = names.entry(folded(name)).or_insert(at);
            if *known != at {
                *known = usize::MAX;
            }
        }
    }
    names
}
