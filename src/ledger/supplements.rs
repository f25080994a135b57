//! 补充: what other leads and responsible units add to an item that another unit files. It changes no state and no light.

use chrono::{DateTime, Utc};

use super::entry::{Actor, LedgerEntry};
use super::frame::Frame;
use super::standing::{Standing, TaskState};
use super::text::Text;
use super::view::{Phase, TaskView};
use crate::plan::{PersonId, TaskId, UnitId};

/// A supplement with where it stands in the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Supplement {
    /// Seq of the entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who wrote it.
    pub by: Actor,
    /// For which unit.
    pub unit: UnitId,
    /// Reporting period in which it was given.
    pub period: String,
    /// The words.
    pub words: Text,
}

impl TaskView<'_> {
    /// The unit for which this person may add a supplement: another lead or a responsible unit of the open item's measure, not
    /// the one that files the item.
    pub fn supplementing_unit<'f>(
        &self,
        frame: &'f Frame,
        person: &PersonId,
    ) -> Option<&'f UnitId> {
        match self.phase {
            Phase::Open | Phase::Baseline(_) => {}
            Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => return None,
        }
        let member = frame.plan.member(person)?;
        let measure = frame.plan.measure(self.task.measure.as_ref()?)?;
        let files = |unit: &UnitId| self.filing_unit.as_ref() == Some(unit);
        if member.units.iter().any(files) {
            return None;
        }
        let mut units = measure.lead_units.iter().chain(&measure.responsible_units);
        units.find(|unit| member.units.contains(unit))
    }
}

impl TaskState {
    /// Each unit's newest supplement, the oldest first.
    pub fn newest_supplements(&self) -> Vec<&Supplement> {
        let all = self.supplements.iter().enumerate();
        let newest = all.filter(|(at, one)| {
            let later = &self.supplements[at + 1..];
            !later.iter().any(|other| other.unit == one.unit)
        });
        newest.map(|(_, one)| one).collect()
    }

    /// The supplement that this unit has given in a period.
    pub fn supplement_of(&self, unit: &UnitId, period: &str) -> Option<&Supplement> {
        let mut newest = self.supplements.iter().rev();
        newest.find(|one| one.unit == *unit && one.period == period)
    }
}

impl Standing {
    /// A second supplement of a unit in a period takes the first one's place; both stay on record.
    pub(super) fn supplement(
        &mut self,
        entry: &LedgerEntry,
        (task, unit): (&TaskId, &UnitId),
        period: &str,
        words: &Text,
    ) {
        self.task_mut(task).supplements.push(Supplement {
            seq: entry.seq,
            at: entry.at,
            by: entry.by.clone(),
            unit: unit.clone(),
            period: period.to_owned(),
            words: words.clone(),
        });
    }
}
