//! What a changed plan and changed settings change, for the office to adopt or not.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::written::{COMPARATORS, KINDS, RECURRENCES, RHYTHMS, ROLES};
use super::{
    Amount, Doubt, DoubtSubject, Indicator, Measure, Member, PaceCurve, PersonId, Plan, Section,
    Settings, TaskId, Unit, UnitId,
};

/// The difference of two plans of one task force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PlanDiff {
    /// Fields of the task force itself.
    pub task_force: Vec<FieldChange>,
    /// Units.
    pub units: Vec<Change>,
    /// People.
    pub members: Vec<Change>,
    /// Sections.
    pub sections: Vec<Change>,
    /// Measures.
    pub measures: Vec<Change>,
    /// Targets.
    pub indicators: Vec<Change>,
    /// Doubts.
    pub doubts: Vec<Change>,
    /// Tasks of the old plan that the new one no longer has; the office ends each (并入 / 取消).
    pub vanished: Vec<TaskId>,
}

/// One thing added, removed or changed; named by id and by what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// New in the new plan.
    Added {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// Gone in the new plan.
    Removed {
        /// Its id.
        id: String,
        /// Its name in the old plan.
        name: String,
    },
    /// In both, with other values.
    Changed {
        /// Its id.
        id: String,
        /// Its name in the old plan.
        name: String,
        /// What differs.
        fields: Vec<FieldChange>,
    },
}

/// One field with its old and its new values: numbers in their shown unit, units and people by name, fixed words as the
/// file writes them. Empty where there was none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field's key in the plan file.
    pub field: &'static str,
    /// Before.
    pub old: Vec<String>,
    /// After.
    pub new: Vec<String>,
}

/// One setting with its old and its new value, as [`Settings::written`] writes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingChange {
    /// Key with its table, as in `ladder.days_before`.
    pub key: String,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}

impl PlanDiff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What changes in a target that both plans have; an adoption that touches a settled value names it.
    pub fn changes_of(&self, task: &TaskId) -> &[FieldChange] {
        let fields = self.indicators.iter().find_map(|change| match change {
            Change::Changed { id, fields, .. } if id == task.as_str() => Some(fields.as_slice()),
            Change::Changed { .. } | Change::Added { .. } | Change::Removed { .. } => None,
        });
        fields.unwrap_or_default()
    }
}

/// What adopting `new` in place of `old` would change.
pub fn diff(old: &Plan, new: &Plan) -> PlanDiff {
    let sides = (old, new);
    PlanDiff {
        task_force: fields_changed(&task_force(old), &task_force(new)),
        units: changes(sides, |plan| &plan.units, unit),
        members: changes(sides, |plan| &plan.members, member),
        sections: changes(sides, |plan| &plan.sections, section),
        measures: changes(sides, |plan| &plan.measures, measure),
        indicators: changes(sides, |plan| &plan.indicators, indicator),
        doubts: changes(sides, |plan| &plan.doubts, doubt),
        vanished: old
            .tasks
            .iter()
            .filter(|task| new.task(&task.id).is_none())
            .map(|task| task.id.clone())
            .collect(),
    }
}

/// What the settings would change.
pub fn settings_diff(old: &Settings, new: &Settings) -> Vec<SettingChange> {
    let (old, mut new) = (keys(&old.written()), keys(&new.written()));
    let pairs = old
        .into_iter()
        .filter_map(|(key, old)| new.remove(&key).map(|new| SettingChange { key, old, new }));
    pairs.filter(|change| change.old != change.new).collect()
}

/// The keys of a written settings file with their values; every file has the same, one only where it is not the default.
fn keys(written: &str) -> BTreeMap<String, String> {
    let mut table = String::new();
    let mut keys = BTreeMap::from([("digest_board".to_owned(), "true".to_owned())]);
    for line in written.lines() {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            table = format!("{name}.");
        } else if let Some((key, value)) = line.split_once(" = ") {
            keys.insert(format!("{table}{key}"), value.to_owned());
        }
    }
    keys
}

/// A thing as a list of fields to compare.
struct Described {
    id: String,
    name: String,
    fields: Fields,
}

type Fields = Vec<(&'static str, Vec<Value>)>;

/// A value as it is compared and as it is shown: a unit is still the same under another name.
struct Value {
    compared: String,
    shown: String,
}

impl<T: ToString> From<T> for Value {
    fn from(value: T) -> Self {
        let shown = value.to_string();
        Self {
            compared: shown.clone(),
            shown,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.compared == other.compared
    }
}

fn changes<T>(
    (old, new): (&Plan, &Plan),
    list: impl Fn(&Plan) -> &Vec<T>,
    describe: impl Fn(&Plan, &T) -> Described,
) -> Vec<Change> {
    let before: Vec<_> = list(old).iter().map(|thing| describe(old, thing)).collect();
    let after: Vec<_> = list(new).iter().map(|thing| describe(new, thing)).collect();
    let by_id: HashMap<_, _> = after.iter().map(|thing| (&thing.id, thing)).collect();
    let known: HashSet<_> = before.iter().map(|thing| thing.id.clone()).collect();
    let mut changes = Vec::new();
    for Described { id, name, fields } in before {
        match by_id
            .get(&id)
            .map(|after| fields_changed(&fields, &after.fields))
        {
            None => changes.push(Change::Removed { id, name }),
            Some(fields) if fields.is_empty() => {}
            Some(fields) => changes.push(Change::Changed { id, name, fields }),
        }
    }
    let added = after.into_iter().filter(|thing| !known.contains(&thing.id));
    changes.extend(added.map(|Described { id, name, .. }| Change::Added { id, name }));
    changes
}

/// Fields whose values differ; both sides have the same fields in the same order.
fn fields_changed(old: &Fields, new: &Fields) -> Vec<FieldChange> {
    let shown = |values: &[Value]| values.iter().map(|value| value.shown.clone()).collect();
    let differing = old.iter().zip(new).filter(|(old, new)| old != new);
    let changes = differing.map(|((field, old), (_, new))| FieldChange {
        field,
        old: shown(old),
        new: shown(new),
    });
    changes.collect()
}

fn task_force(plan: &Plan) -> Fields {
    let task_force = &plan.task_force;
    vec![
        ("name", one(&task_force.name)),
        ("short_name", one(&task_force.short_name)),
        ("starts", one(task_force.starts)),
        ("ends", one(task_force.ends)),
        (
            "office_chief",
            people(plan, std::slice::from_ref(&task_force.office_chief)),
        ),
        ("office_staff", people(plan, &task_force.office_staff)),
        (
            "office_chief_inferred",
            some(task_force.office_chief_inferred.as_ref()),
        ),
    ]
}

fn unit(plan: &Plan, unit: &Unit) -> Described {
    let fields = vec![
        ("name", one(&unit.name)),
        ("short_name", one(&unit.short_name)),
        ("aliases", unit.aliases.iter().map(Value::from).collect()),
        ("collective", one(unit.collective)),
        ("filer", people(plan, unit.filer.as_slice())),
    ];
    Described {
        id: unit.id.to_string(),
        name: unit.short_name.clone(),
        fields,
    }
}

fn member(plan: &Plan, member: &Member) -> Described {
    let fields = vec![
        ("name", one(&member.name)),
        ("post", one(&member.post)),
        ("units", units(plan, &member.units)),
        ("role", one(word(&ROLES, member.role))),
    ];
    Described {
        id: member.id.to_string(),
        name: member.name.clone(),
        fields,
    }
}

fn section(_: &Plan, section: &Section) -> Described {
    let fields = vec![
        ("number", one(&section.number)),
        ("title", one(&section.title)),
    ];
    Described {
        id: section.id.to_string(),
        name: section.title.clone(),
        fields,
    }
}

fn measure(plan: &Plan, measure: &Measure) -> Described {
    let section = plan.section_of(&measure.id).map(|section| &section.number);
    let fields = vec![
        ("number", one(measure.number)),
        ("section", some(section)),
        ("title", one(&measure.title)),
        ("summary", one(&measure.summary)),
        ("leads", units(plan, &measure.lead_units)),
        ("responsible", units(plan, &measure.responsible_units)),
        ("rhythm", one(word(&RHYTHMS, measure.rhythm))),
    ];
    Described {
        id: measure.id.to_string(),
        name: measure.title.clone(),
        fields,
    }
}

fn indicator(plan: &Plan, indicator: &Indicator) -> Described {
    let amount = |value| Amount {
        value,
        unit: &indicator.unit_of_measure,
    };
    let fields = vec![
        ("measure", some(indicator.measure.as_ref())),
        ("name", one(&indicator.name)),
        ("kind", one(word(&KINDS, indicator.kind))),
        ("comparator", one(word(&COMPARATORS, indicator.comparator))),
        // What the office changed since is no difference of the texts.
        (
            "target",
            some(plan.published_target(&indicator.id).map(amount)),
        ),
        ("base_year", some(indicator.base_year)),
        ("baseline", some(indicator.baseline.map(amount))),
        ("due_as_written", some(indicator.due_as_written.as_ref())),
        ("due", some(indicator.due)),
        ("recurrence", one(word(&RECURRENCES, indicator.recurrence))),
        ("pace", pace(&indicator.pace)),
        ("filing_lead", units(plan, indicator.filing_lead.as_slice())),
        ("fact", one(&indicator.fact)),
        ("rhythm", one(word(&RHYTHMS, indicator.rhythm))),
    ];
    Described {
        id: indicator.id.to_string(),
        name: indicator.name.clone(),
        fields,
    }
}

fn doubt(plan: &Plan, doubt: &Doubt) -> Described {
    let about = match &doubt.about {
        DoubtSubject::Indicator(task) => task.to_string(),
        DoubtSubject::Measure(measure) => measure.to_string(),
        DoubtSubject::Unit(unit) => unit.to_string(),
        DoubtSubject::TaskForce => plan.task_force.id.to_string(),
    };
    let fields = vec![
        ("about", one(about)),
        ("question", one(&doubt.question)),
        ("proposal", one(&doubt.proposal)),
        (
            "filing_lead",
            units(plan, doubt.sets.filing_lead.as_slice()),
        ),
        ("due", some(doubt.sets.due)),
        ("baseline", some(doubt.sets.baseline)),
    ];
    Described {
        id: doubt.id.to_string(),
        name: doubt.question.clone(),
        fields,
    }
}

fn pace(pace: &PaceCurve) -> Vec<Value> {
    match pace {
        PaceCurve::Linear => Vec::new(),
        PaceCurve::Points(points) => {
            let points = points
                .iter()
                .map(|(date, share)| format!("{date} {}", share.normalize()));
            points.map(Value::from).collect()
        }
    }
}

fn units(plan: &Plan, ids: &[UnitId]) -> Vec<Value> {
    let named = |id: &UnitId| Some((id.to_string(), plan.unit(id)?.short_name.clone()));
    ids.iter()
        .filter_map(named)
        .map(|(compared, shown)| Value { compared, shown })
        .collect()
}

fn people(plan: &Plan, ids: &[PersonId]) -> Vec<Value> {
    let named = |id: &PersonId| Some((id.to_string(), plan.member(id)?.name.clone()));
    ids.iter()
        .filter_map(named)
        .map(|(compared, shown)| Value { compared, shown })
        .collect()
}

fn word<T: PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    words
        .iter()
        .find(|(_, known)| *known == value)
        .map_or("", |(word, _)| word)
}

fn one(value: impl ToString) -> Vec<Value> {
    vec![value.into()]
}

fn some(value: Option<impl ToString>) -> Vec<Value> {
    value.map(Value::from).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::read;

    const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");

    fn changed(changes: &[(&str, &str)]) -> PlanDiff {
        let apply = |source: String, (from, to): &(&str, &str)| {
            assert!(source.contains(from), "{from} is not in the plan");
            source.replacen(from, to, 1)
        };
        let new = changes.iter().fold(RUSHAN.to_owned(), apply);
        diff(&read(RUSHAN, "old").unwrap(), &read(&new, "new").unwrap())
    }

    fn strings(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn the_same_plan_differs_in_nothing() {
        assert!(changed(&[]).is_empty());
        assert!(changed(&[("# 乳山市", "# 另一句注释")]).is_empty());
    }

    #[test]
    fn changed_fields_carry_their_old_and_new_values() {
        let diff = changed(&[
            ("target = 0.4", "target = 0.45"),
            ("leads = [\"gxj\", \"fgj\"]", "leads = [\"fgj\"]"),
        ]);
        let target = FieldChange {
            field: "target",
            old: strings(&["0.4万辆"]),
            new: strings(&["0.45万辆"]),
        };
        assert_eq!(diff.changes_of(&"g-1".into()), [target]);
        let leads = FieldChange {
            field: "leads",
            old: strings(&["市工信局", "市发改局"]),
            new: strings(&["市发改局"]),
        };
        let (id, name) = ("3".to_owned(), "推动企业绿色化转型".to_owned());
        assert_eq!(
            diff.measures,
            [Change::Changed {
                id,
                name,
                fields: vec![leads]
            }]
        );
        assert_eq!(diff.changes_of(&"g-2".into()), []);
    }

    #[test]
    fn a_first_lead_that_changes_moves_the_targets_it_files() {
        let diff = changed(&[("leads = [\"gxj\", \"fgj\"]", "leads = [\"fgj\", \"gxj\"]")]);
        let filing = FieldChange {
            field: "filing_lead",
            old: strings(&["市工信局"]),
            new: strings(&["市发改局"]),
        };
        for target in ["3-1", "3-2"] {
            assert_eq!(
                diff.changes_of(&target.into()),
                std::slice::from_ref(&filing)
            );
        }
    }

    #[test]
    fn a_new_id_is_an_addition_and_the_old_one_vanishes() {
        let diff = changed(&[("id = \"7-1\"", "id = \"7-2\"")]);
        let name = || "室外智慧健身路径".to_owned();
        let removed = Change::Removed {
            id: "7-1".to_owned(),
            name: name(),
        };
        let added = Change::Added {
            id: "7-2".to_owned(),
            name: name(),
        };
        assert_eq!(diff.indicators, [removed, added]);
        assert_eq!(diff.vanished, ["7-1".into()]);
    }

    #[test]
    fn people_units_doubts_and_the_task_force_are_compared_too() {
        let diff = changed(&[
            ("office_chief = \"luan-pin\"", "office_chief = \"gao-wei\""),
            ("name = \"孙婧\"", "name = \"孙静\""),
            ("short_name = \"市教体局\"", "short_name = \"市教育局\""),
            ("sets = { due = 2027-12-31 }", "sets = { due = 2026-12-31 }"),
        ]);
        let counts = (
            diff.task_force.len(),
            diff.members.len(),
            diff.units.len(),
            diff.doubts.len(),
        );
        assert_eq!(counts, (1, 1, 1, 1));
        assert_eq!(diff.task_force[0].new, ["高伟"]);
    }
}
