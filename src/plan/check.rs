//! What a checked plan leaves open: gaps between the units it names and the people on its roster.

use std::collections::HashSet;

use serde::Serialize;

use super::{DoubtId, PersonId, Plan, Role, Task, TaskId, TaskKind, UnitId};

/// Gaps of a plan; none of them is a mistake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GapReport {
    /// Units that lead a measure or file a target and have no member.
    pub leads_without_member: Vec<UnitId>,
    /// People whose units stand under no measure; leader and deputy leader aside.
    pub members_without_measure: Vec<PersonId>,
    /// Other units that nobody represents.
    pub unrepresented: Vec<UnitId>,
    /// Units that by nature have no member (各镇区街道): nobody is asked for them.
    pub collective: Vec<UnitId>,
    /// Open terms (口径).
    pub open_terms: Vec<DoubtId>,
    /// Whether the office chief is an inference.
    pub office_chief_inferred: bool,
    /// Who files what, in the order of the tasks.
    pub filing: Vec<FilingLine>,
}

/// Who files one task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilingLine {
    /// The task.
    pub task: TaskId,
    /// Its filing unit; none: the office is asked.
    pub unit: Option<UnitId>,
    /// The person who is asked; none: the office is asked.
    pub person: Option<PersonId>,
    /// Why this unit.
    pub basis: FilingBasis,
    /// The unit that an open doubt proposes, if that is another one.
    pub proposed: Option<UnitId>,
}

/// Why a unit files a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FilingBasis {
    /// It leads the measure, alone or first of several.
    FirstLead,
    /// The plan file names it.
    Field,
    /// The plan file names it and a doubt about it is open.
    Inferred,
    /// No unit is named.
    Office,
}

/// The gaps of a plan.
pub fn gaps(plan: &Plan) -> GapReport {
    let leads = leading_units(plan);
    let named = (plan.measures.iter()).flat_map(|measure| &measure.responsible_units);
    let concerned: HashSet<_> = named.chain(leads.iter().copied()).collect();
    let mut report = GapReport {
        members_without_measure: idle_members(plan, &concerned),
        open_terms: plan.doubts.iter().map(|doubt| doubt.id.clone()).collect(),
        office_chief_inferred: plan.task_force.office_chief_inferred.is_some(),
        filing: plan.tasks.iter().map(|task| filing(plan, task)).collect(),
        ..GapReport::default()
    };
    for unit in plan.units.iter().filter(|unit| unit.filer.is_none()) {
        let list = if leads.contains(&unit.id) {
            &mut report.leads_without_member
        } else if unit.collective {
            &mut report.collective
        } else {
            &mut report.unrepresented
        };
        list.push(unit.id.clone());
    }
    report
}

fn leading_units(plan: &Plan) -> HashSet<&UnitId> {
    let leads = plan.measures.iter().flat_map(|measure| &measure.lead_units);
    leads
        .chain(
            plan.indicators
                .iter()
                .filter_map(|it| it.filing_lead.as_ref()),
        )
        .collect()
}

fn idle_members(plan: &Plan, concerned: &HashSet<&UnitId>) -> Vec<PersonId> {
    let files = |role| match role {
        Role::Member | Role::Liaison => true,
        Role::Leader | Role::DeputyLeader => false,
    };
    let members = plan.members.iter().filter(|member| files(member.role));
    let idle = members.filter(|member| !member.units.iter().any(|unit| concerned.contains(unit)));
    idle.map(|member| member.id.clone()).collect()
}

fn filing(plan: &Plan, task: &Task) -> FilingLine {
    let unit = task.filing_lead.clone();
    let proposed = plan
        .doubts_about(&task.id)
        .find_map(|doubt| doubt.sets.filing_lead.clone());
    let first_lead = match task.kind {
        TaskKind::Indicator(_) => task
            .measure
            .as_ref()
            .and_then(|id| plan.measure(id)?.lead_units.first()),
        TaskKind::Narrative(_) => unit.as_ref(),
    };
    let basis = match &unit {
        None => FilingBasis::Office,
        Some(_) if proposed.is_some() => FilingBasis::Inferred,
        Some(unit) if Some(unit) == first_lead => FilingBasis::FirstLead,
        Some(_) => FilingBasis::Field,
    };
    FilingLine {
        task: task.id.clone(),
        person: unit
            .as_ref()
            .and_then(|unit| plan.unit(unit)?.filer.clone()),
        proposed: proposed.filter(|proposed| Some(proposed) != unit.as_ref()),
        basis,
        unit,
    }
}
