//! What came after the plan was published, and the plan with it.

use rust_decimal::Decimal;

use super::{Member, Plan, Task, TaskId, Unit};

/// What is laid over a published plan: more tasks, and units and people as they are now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Additions {
    /// Tasks behind those of the plan.
    pub tasks: Vec<Task>,
    /// Units in the place of those with the same id, new ones behind.
    pub units: Vec<Unit>,
    /// People in the place of those with the same id, new ones behind.
    pub members: Vec<Member>,
    /// Values of targets in base units, in the place of those published.
    pub targets: Vec<(TaskId, Decimal)>,
}

impl Plan {
    /// The plan with what came later.
    pub fn with(&self, additions: Additions) -> Self {
        let mut plan = self.clone();
        plan.tasks.extend(additions.tasks);
        lay_over(&mut plan.units, additions.units, |unit| unit.id.clone());
        lay_over(&mut plan.members, additions.members, |member| {
            member.id.clone()
        });
        for (task, target) in additions.targets {
            plan.set_target(&task, target);
        }
        plan.indexed()
    }

    /// A target's value as the office changed it; what was published stays known.
    fn set_target(&mut self, task: &TaskId, target: Decimal) {
        let mut indicators = self.indicators.iter_mut();
        let Some(indicator) = indicators.find(|indicator| indicator.id == *task) else {
            return;
        };
        if let Some(published) = indicator.target.filter(|published| *published != target) {
            indicator.target = Some(target);
            self.former.targets.insert(task.clone(), published);
        }
    }
}

fn lay_over<T, K: PartialEq>(there: &mut Vec<T>, new: Vec<T>, id: impl Fn(&T) -> K) {
    for one in new {
        match there.iter().position(|old| id(old) == id(&one)) {
            Some(at) => there[at] = one,
            None => there.push(one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Recurrence, Rhythm, Role, TaskKind, read};

    const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");

    #[test]
    fn what_is_added_is_found_as_if_it_had_been_published() {
        let published = read(RUSHAN, "rushan.toml").unwrap();
        let task = Task {
            id: "a-9".into(),
            kind: TaskKind::Assigned(0),
            measure: None,
            label: "交-1".to_owned(),
            name: "报送清单".to_owned(),
            filing_lead: Some("zjj".into()),
            filer: None,
            supporting: Vec::new(),
            due: None,
            recurrence: Recurrence::Once,
            rhythm: Rhythm::Monthly,
        };
        let mut unit = published.unit(&"zjj".into()).unwrap().clone();
        unit.aliases.push("建设局".to_owned());
        let newcomer = Member {
            id: "new".into(),
            name: "新人".to_owned(),
            post: "科长".to_owned(),
            units: vec!["zjj".into()],
            role: Role::Liaison,
        };
        let plan = published.with(Additions {
            tasks: vec![task.clone()],
            units: vec![unit],
            members: vec![newcomer],
            targets: vec![
                ("6-1".into(), 12.into()),
                ("6-2".into(), Decimal::new(28, 1)),
            ],
        });
        assert_eq!(plan.task(&"a-9".into()), Some(&task));
        assert_eq!(plan.find_unit("建设局").unwrap().id.as_str(), "zjj");
        let (_, others) = plan.filers(&"zjj".into());
        assert_eq!(others.last().unwrap().name, "新人");
        assert_eq!(
            plan.indicator(&"6-1".into()).unwrap().target,
            Some(12.into())
        );
        assert_eq!(plan.published_target(&"6-1".into()), Some(10.into()));
        assert_eq!(
            plan.former.targets.len(),
            1,
            "the same value changes nothing"
        );
        assert_eq!(plan.units.len(), published.units.len());
        assert_eq!(plan.with(Additions::default()), plan);
    }
}
