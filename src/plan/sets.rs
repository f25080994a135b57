//! Facts of a target that the office can settle or change (口径), and what the plan says of them.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Plan, TaskId, UnitId};

/// Facts of a target that a settlement can set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sets {
    /// Filing lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing_lead: Option<UnitId>,
    /// Deadline; of a yearly target the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// Baseline in the base unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Decimal>,
    /// Target value in the base unit. From entries of version 3 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Decimal>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 目标值.
    Target,
    /// 完成时限.
    Due,
    /// 基数.
    Baseline,
    /// 填报单位.
    FilingLead,
}

impl Fact {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Target, Self::Due, Self::Baseline, Self::FilingLead];
}

impl Sets {
    /// Whether it sets nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it sets this fact.
    pub fn has(&self, fact: Fact) -> bool {
        !self.only(fact).is_empty()
    }

    /// This fact alone.
    #[must_use]
    pub fn only(&self, fact: Fact) -> Self {
        let mut only = Self::default();
        match fact {
            Fact::Target => only.target = self.target,
            Fact::Due => only.due = self.due,
            Fact::Baseline => only.baseline = self.baseline,
            Fact::FilingLead => only.filing_lead.clone_from(&self.filing_lead),
        }
        only
    }

    /// The facts that `other` sets too.
    #[must_use]
    pub fn where_set_by(&self, other: &Self) -> Self {
        let both = Fact::ALL.into_iter().filter(|fact| other.has(*fact));
        both.fold(Self::default(), |sets, fact| self.only(fact).over(sets))
    }

    /// These facts, and those of `before` where they set none.
    #[must_use]
    pub fn over(self, before: Self) -> Self {
        Self {
            filing_lead: self.filing_lead.or(before.filing_lead),
            due: self.due.or(before.due),
            baseline: self.baseline.or(before.baseline),
            target: self.target.or(before.target),
        }
    }
}

impl Plan {
    /// What the plan says of a target, whatever the office changed since; nothing for other tasks.
    pub fn published(&self, task: &TaskId) -> Sets {
        let Some(indicator) = self.indicator(task) else {
            return Sets::default();
        };
        Sets {
            filing_lead: indicator.filing_lead.clone(),
            due: indicator.due,
            baseline: indicator.baseline,
            target: self.published_target(task),
        }
    }

    /// The value of a target as published, in the base unit.
    pub fn published_target(&self, task: &TaskId) -> Option<Decimal> {
        let changed = self.former.targets.get(task).copied();
        changed.or_else(|| self.indicator(task)?.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_facts_lie_over_earlier_ones() {
        let sets = |target: i64, due: Option<&str>| Sets {
            target: Some(target.into()),
            due: due.map(|due| due.parse().unwrap()),
            ..Sets::default()
        };
        let both = sets(12, None).over(sets(10, Some("2027-01-01")));
        assert_eq!(both, sets(12, Some("2027-01-01")));
        assert_eq!(both.where_set_by(&sets(1, None)), sets(12, None));
        assert!(both.has(Fact::Due) && !both.has(Fact::Baseline));
        assert_eq!(
            serde_json::to_string(&both).unwrap(),
            r#"{"due":"2027-01-01","target":"12"}"#
        );
    }
}
