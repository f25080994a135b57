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
        TaskKind::Narrative(_) | TaskKind::Assigned(_) | TaskKind::Stage(_) => unit.as_ref(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::read;

    const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");

    fn rushan(changes: &[(&str, &str)]) -> Plan {
        let source = changes
            .iter()
            .fold(RUSHAN.to_owned(), |source, (from, to)| {
                source.replacen(from, to, 1)
            });
        read(&source, "rushan.toml").unwrap()
    }

    fn ids<T: ToString>(ids: &[T]) -> String {
        ids.iter().map(T::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_rushan_plan_has_three_members_without_measure_and_two_collective_units() {
        let plan = rushan(&[]);
        let gaps = gaps(&plan);
        assert_eq!(
            ids(&gaps.members_without_measure),
            "du-chao lian-xiaohua hou-shijun"
        );
        assert_eq!(ids(&gaps.collective), "zqjd ygbm");
        assert_eq!(ids(&gaps.leads_without_member), "");
        assert_eq!(ids(&gaps.unrepresented), "");
        assert!(gaps.office_chief_inferred);
        assert_eq!(gaps.open_terms.len(), plan.doubts.len());
    }

    #[test]
    fn units_without_a_member_are_told_apart_by_whether_they_lead() {
        let nobody = rushan(&[
            ("units = [\"wjj\"]", "units = [\"dsj\"]"),
            ("units = [\"hyj\"]", "units = [\"dsj\"]"),
        ]);
        let gaps = gaps(&nobody);
        assert_eq!(ids(&gaps.leads_without_member), "wjj");
        assert_eq!(ids(&gaps.unrepresented), "hyj");
        let clinics = gaps
            .filing
            .iter()
            .find(|line| line.task.as_str() == "8-1")
            .unwrap();
        assert_eq!(
            (clinics.unit.as_ref().unwrap().as_str(), &clinics.person),
            ("wjj", &None)
        );
    }

    #[test]
    fn who_files_what_is_told_with_its_basis() {
        let gaps = gaps(&rushan(&[(
            "filing_lead = \"swj\"\nfact = \"g-3\"",
            "filing_lead = \"fgj\"\nfact = \"g-3\"",
        )]));
        let basis = |id: &str| {
            let line = gaps
                .filing
                .iter()
                .find(|line| line.task.as_str() == id)
                .unwrap();
            let text = |id: Option<&str>| id.unwrap_or("-").to_owned();
            format!(
                "{} {} {:?} {}",
                text(line.unit.as_ref().map(UnitId::as_str)),
                text(line.person.as_ref().map(PersonId::as_str)),
                line.basis,
                text(line.proposed.as_ref().map(UnitId::as_str))
            )
        };
        assert_eq!(gaps.filing.len(), 29 + 26);
        assert_eq!(basis("g-1"), "- - Office gaj");
        assert_eq!(basis("5-1"), "jtj zhao-chunhui Inferred -");
        assert_eq!(basis("6-1"), "zjj li-junqing FirstLead -");
        assert_eq!(basis("12-1"), "fgj luan-pin Inferred swj");
        assert_eq!(basis("m5"), "gaj liu-hao FirstLead -");
    }

    #[test]
    fn a_filing_lead_that_the_file_names_without_doubt_is_a_matter_of_field() {
        let gaps = gaps(&rushan(&[(
            "name = \"室外智慧健身路径\"",
            "name = \"室外智慧健身路径\"\nfiling_lead = \"wlj\"",
        )]));
        let line = gaps
            .filing
            .iter()
            .find(|line| line.task.as_str() == "7-1")
            .unwrap();
        assert_eq!(line.basis, FilingBasis::Field);
    }
}
