//! 会签: what the other leads of a measure say to the filing lead's answer. It changes no state and stops nothing.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::entry::{Actor, LedgerEntry};
use super::frame::Frame;
use super::standing::{Filed, Standing};
use super::text::Text;
use super::view::{Phase, TaskView};
use crate::calendar;
use crate::plan::{PersonId, TaskId, UnitId};

/// Working days after the answer in which a lead can still be waited for; then it prints as 未会签.
const COSIGN_DAYS: i64 = 3;

/// What a lead says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoSignature {
    /// 同意.
    Agreed,
    /// 补充.
    Supplemented(Text),
    /// 异议, with its reason.
    Objected(Text),
}

/// The act of another lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoSigned {
    /// On which task.
    pub task: TaskId,
    /// Seq of the report.
    pub report: u64,
    /// For which unit.
    pub unit: UnitId,
    /// What it says.
    pub how: CoSignature,
}

/// A co-signature with where it stands in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoSign {
    /// Seq of the entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// Seq of the report.
    pub report: u64,
    /// For which unit.
    pub unit: UnitId,
    /// What it says.
    pub how: CoSignature,
}

/// Where a lead's signature stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature<'s> {
    /// Given; the newest counts.
    Given(&'s CoSign),
    /// 待会签.
    Waiting,
    /// 未会签: silence for three working days, which is no consent.
    Silent,
}

impl<'v> TaskView<'v> {
    /// The answer that the other leads co-sign: the newest on this very task that says something new.
    pub fn to_cosign(&self) -> Option<&Arc<Filed>> {
        let own = |filed: &&Arc<Filed>| filed.report.task == self.task.id;
        let mut newest = self.reports.iter().rev().filter(own);
        newest.find(|filed| !filed.report.unchanged)
    }

    /// The leads of its measure, or the units that support an assigned item, beside the unit that files it.
    pub fn cosigners(&self, frame: &'v Frame) -> Vec<&'v UnitId> {
        match self.phase {
            Phase::Open | Phase::Baseline(_) | Phase::Closed | Phase::Frozen => {}
            Phase::Resting | Phase::Ended => return Vec::new(),
        }
        let measure = self.task.measure.as_ref();
        let units = match measure.and_then(|measure| frame.plan.measure(measure)) {
            Some(measure) => &measure.lead_units,
            None => &self.task.supporting,
        };
        let other = |unit: &&UnitId| self.filing_unit.as_ref() != Some(unit);
        units.iter().filter(other).collect()
    }

    /// The lead for which this person signs: a unit of theirs, unless they gave the answer themselves.
    pub fn signing_unit(&self, frame: &'v Frame, person: &PersonId) -> Option<&'v UnitId> {
        let filed = self.to_cosign()?;
        if filed.by == Actor::Person(person.clone()) {
            return None;
        }
        let own = |unit: &&UnitId| {
            let (filer, others) = frame.plan.filers(unit);
            let mut people = filer.into_iter().chain(others);
            people.any(|member| member.id == *person)
        };
        self.cosigners(frame).into_iter().find(own)
    }
}

impl Frame {
    /// What every other lead said to the newest answer; empty where there is no other lead or no answer.
    pub fn signatures<'s>(
        &self,
        standing: &'s Standing,
        view: &TaskView<'_>,
        today: NaiveDate,
    ) -> Vec<(UnitId, Signature<'s>)> {
        let Some(filed) = view.to_cosign() else {
            return Vec::new();
        };
        let answered = calendar::date_of(filed.at);
        let late = self.calendar.working_days_between(answered, today) > COSIGN_DAYS;
        let state = standing.task_state(&view.task.id);
        let of = |unit: &UnitId| {
            let mut newest = state.cosigned.iter().rev();
            let own = |one: &&CoSign| self.plan.current_unit(&one.unit) == unit;
            match newest.find(|one| one.report == filed.seq && own(one)) {
                Some(given) => Signature::Given(given),
                None if late => Signature::Silent,
                None => Signature::Waiting,
            }
        };
        let units = view.cosigners(self).into_iter();
        units.map(|unit| (unit.clone(), of(unit))).collect()
    }
}

impl Standing {
    pub(super) fn cosign(&mut self, entry: &LedgerEntry, signed: &CoSigned) {
        self.task_mut(&signed.task).cosigned.push(CoSign {
            seq: entry.seq,
            at: entry.at,
            by: entry.by.clone(),
            report: signed.report,
            unit: signed.unit.clone(),
            how: signed.how.clone(),
        });
    }
}
