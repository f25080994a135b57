//! The plan file as written (TOML) → a checked plan, or all its mistakes at once.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::document::{At, Findings, parse};
use super::fields::Fields;
use super::lookup::Index;
use super::resolve::resolve;
use super::vocabulary::label;
use super::written::{
    WrittenDoubt, WrittenIndicator, WrittenMeasure, WrittenMember, WrittenPlan, WrittenSection,
    WrittenSets, WrittenTaskForce, WrittenUnit,
};
use super::{
    Comparator, Doubt, DoubtSubject, FactId, Former, Indicator, Measure, MeasureId, Member,
    Mistake, PaceCurve, PersonId, Plan, Recurrence, Role, Section, Sets, Task, TaskForce, TaskId,
    TaskKind, Unit, UnitId, UnitOfMeasure, narrative_of,
};

/// Reads a plan file. `file_name` is how mistakes name it.
///
/// # Errors
///
/// All mistakes of the file, in the order of its lines, never none.
pub fn read(source: &str, file_name: &str) -> Result<Plan, Vec<Mistake>> {
    let mut findings = Findings::new(source, file_name);
    let Some(document) = parse(source, &mut findings) else {
        return Err(findings.into_mistakes());
    };
    let mut fields = Fields::new(&mut findings, &document, 0, None);
    let written = WrittenPlan::of(&mut fields);
    fields.done();
    resolve(&written, &mut findings);
    if findings.is_empty() {
        Ok(assemble(written))
    } else {
        Err(findings.into_mistakes())
    }
}

/// Makes the plan of a file without mistakes.
fn assemble(written: WrittenPlan) -> Plan {
    let members: Vec<Member> = written.members.into_iter().map(member).collect();
    let filers = default_filers(&members);
    let units = written
        .units
        .into_iter()
        .map(|it| unit(it, &filers))
        .collect();
    let measures: Vec<Measure> = written.measures.into_iter().map(measure).collect();
    let leads = measures
        .iter()
        .map(|measure| (&measure.id, &measure.lead_units))
        .collect();
    let indicators: Vec<_> = written
        .indicators
        .into_iter()
        .map(|it| indicator(it, &leads))
        .collect();
    let units_of_measure = indicators
        .iter()
        .map(|it| (&it.id, &it.unit_of_measure))
        .collect();
    let doubts = written
        .doubts
        .into_iter()
        .map(|it| doubt(it, &units_of_measure))
        .collect();
    Plan {
        task_force: task_force(written.task_force),
        units,
        members,
        sections: written.sections.into_iter().map(section).collect(),
        tasks: tasks(&indicators, &measures),
        measures,
        doubts,
        indicators,
        former: Former::default(),
        index: Index::default(),
    }
    .indexed()
}

fn task_force(written: WrittenTaskForce) -> TaskForce {
    let name = written.name.value;
    TaskForce {
        id: written.id.value.into(),
        short_name: written
            .short_name
            .map_or_else(|| name.clone(), |short| short.value),
        name,
        starts: written.starts.value,
        ends: written.ends.value,
        office_chief: written.office_chief.value.into(),
        office_staff: written
            .office_staff
            .into_iter()
            .map(|person| person.value.into())
            .collect(),
        office_chief_inferred: written.office_chief_inferred.map(|reason| reason.value),
    }
}

fn unit(written: WrittenUnit, filers: &HashMap<UnitId, PersonId>) -> Unit {
    let id = UnitId::new(written.id.value);
    let name = written.name.value;
    let named = written.filer.map(|filer| PersonId::new(filer.value));
    Unit {
        short_name: written
            .short_name
            .map_or_else(|| name.clone(), |short| short.value),
        aliases: written
            .aliases
            .into_iter()
            .map(|alias| alias.value)
            .collect(),
        collective: written.collective,
        filer: named.or_else(|| filers.get(&id).cloned()),
        name,
        id,
    }
}

fn member(written: WrittenMember) -> Member {
    Member {
        id: written.id.value.into(),
        name: written.name.value.split_whitespace().collect(),
        post: written.post.value,
        units: ids(written.units),
        role: written.role,
    }
}

/// Who is asked for a unit that names no filer: its first member, else its first liaison.
fn default_filers(members: &[Member]) -> HashMap<UnitId, PersonId> {
    let mut filers = HashMap::new();
    for role in [Role::Member, Role::Liaison] {
        for member in members.iter().filter(|member| member.role == role) {
            for unit in &member.units {
                filers
                    .entry(unit.clone())
                    .or_insert_with(|| member.id.clone());
            }
        }
    }
    filers
}

fn section(written: WrittenSection) -> Section {
    Section {
        id: written.id.value.into(),
        number: written.number.value,
        title: written.title.value,
    }
}

fn measure(written: WrittenMeasure) -> Measure {
    Measure {
        id: written.id.value.into(),
        number: written.number.value,
        section: written.section.value.into(),
        title: written.title.value,
        summary: written.summary.value,
        lead_units: ids(written.leads),
        responsible_units: ids(written.responsible),
        rhythm: written.rhythm,
    }
}

fn indicator(written: WrittenIndicator, leads: &HashMap<&MeasureId, &Vec<UnitId>>) -> Indicator {
    let id = TaskId::new(written.id.value);
    let measure = written.measure.map(|measure| MeasureId::new(measure.value));
    let unit_of_measure =
        UnitOfMeasure::parse(written.unit.as_ref().map_or("", |unit| &unit.value));
    let first_lead = measure
        .as_ref()
        .and_then(|measure| leads.get(measure)?.first().cloned());
    let points = written.pace.map(|pace| {
        pace.value
            .into_iter()
            .map(|point| (point.date.value, point.share))
            .collect()
    });
    let in_base = |shown: At<Decimal>| base_value(&unit_of_measure, shown.value);
    Indicator {
        name: written.name.value,
        kind: written.kind,
        comparator: written
            .comparator
            .map_or(Comparator::AtLeast, |comparator| comparator.value),
        target: written.target.map(in_base),
        base_year: written.base_year.map(|year| year.value.into()),
        baseline: written.baseline.map(in_base),
        due_as_written: written.due_as_written.map(|words| words.value),
        due: written.due.map(|due| due.value),
        recurrence: written.recurrence,
        pace: points.map_or(PaceCurve::Linear, PaceCurve::Points),
        filing_lead: written
            .filing_lead
            .map(|unit| unit.value.into())
            .or(first_lead),
        fact: FactId::new(
            written
                .fact
                .map_or_else(|| id.to_string(), |fact| fact.value),
        ),
        rhythm: written.rhythm,
        unit_of_measure,
        measure,
        id,
    }
}

fn doubt(written: WrittenDoubt, units_of_measure: &HashMap<&TaskId, &UnitOfMeasure>) -> Doubt {
    let indicator = written.indicator.map(|id| TaskId::new(id.value));
    let unit_of_measure = indicator
        .as_ref()
        .and_then(|id| units_of_measure.get(id).copied());
    let about = indicator
        .clone()
        .map(DoubtSubject::Indicator)
        .or_else(|| {
            written
                .measure
                .map(|id| DoubtSubject::Measure(id.value.into()))
        })
        .or_else(|| written.unit.map(|id| DoubtSubject::Unit(id.value.into())));
    Doubt {
        id: written.id.value.into(),
        about: about.unwrap_or(DoubtSubject::TaskForce),
        question: written.question.value,
        proposal: written.proposal.value,
        sets: written
            .sets
            .map(|it| sets(it, unit_of_measure))
            .unwrap_or_default(),
    }
}

fn sets(written: WrittenSets, unit_of_measure: Option<&UnitOfMeasure>) -> Sets {
    let in_base = |shown: Decimal| unit_of_measure.map_or(shown, |unit| base_value(unit, shown));
    Sets {
        filing_lead: written.filing_lead.map(|unit| unit.value.into()),
        due: written.due.map(|due| due.value),
        baseline: written.baseline.map(|baseline| in_base(baseline.value)),
        target: None,
    }
}

/// Targets in order, then one narrative a measure.
fn tasks(indicators: &[Indicator], measures: &[Measure]) -> Vec<Task> {
    let targets = indicators.iter().enumerate().map(|(at, it)| Task {
        id: it.id.clone(),
        kind: TaskKind::Indicator(at),
        measure: it.measure.clone(),
        label: label(it.id.as_str()),
        name: it.name.clone(),
        filing_lead: it.filing_lead.clone(),
        filer: None,
        supporting: Vec::new(),
        due: it.due,
        recurrence: it.recurrence,
        rhythm: it.rhythm,
    });
    let narratives = measures.iter().enumerate().map(|(at, it)| Task {
        id: narrative_of(&it.id),
        kind: TaskKind::Narrative(at),
        measure: Some(it.id.clone()),
        label: it.number.to_string(),
        name: it.title.clone(),
        filing_lead: it.lead_units.first().cloned(),
        filer: None,
        supporting: Vec::new(),
        due: None,
        recurrence: Recurrence::Once,
        rhythm: it.rhythm,
    });
    targets.chain(narratives).collect()
}

fn ids(written: Vec<At<String>>) -> Vec<UnitId> {
    written
        .into_iter()
        .map(|id| UnitId::new(id.value))
        .collect()
}

/// A value of the file, in its shown unit, as kept.
fn base_value(unit: &UnitOfMeasure, shown: Decimal) -> Decimal {
    unit.to_base(shown)
        .expect("a trillion times the largest prefix is far below what a decimal holds")
        .normalize()
}
