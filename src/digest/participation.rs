//! Who was to answer in the running period and who did: by unit, only those who have not are ever named.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::calendar;
use crate::ledger::{Absence, Frame, Standing};
use crate::plan::{TaskId, UnitId};

/// What one unit was asked in the period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnitAnswers {
    /// The unit; none: the office, for what nobody files.
    pub unit: Option<UnitId>,
    /// Tasks asked, in plan order; targets that share a fact count once.
    pub asked: Vec<TaskId>,
    /// Of them those not answered.
    pub missing: Vec<TaskId>,
    /// Who is asked for the unit is away: what is not answered is not missed.
    pub away: Option<Absence>,
}

/// Units that were to answer, in plan order; the office last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Participation {
    /// One entry a unit.
    pub units: Vec<UnitAnswers>,
}

impl Participation {
    /// Units that were to answer.
    pub fn expected(&self) -> usize {
        self.units.len()
    }

    /// Units that have answered everything asked of them.
    pub fn answered(&self) -> usize {
        let done = |unit: &&UnitAnswers| unit.missing.is_empty();
        self.units.iter().filter(done).count()
    }

    /// Units that have not.
    pub fn missing(&self) -> impl Iterator<Item = &UnitAnswers> {
        let missed = |unit: &&UnitAnswers| !unit.missing.is_empty() && unit.away.is_none();
        self.units.iter().filter(missed)
    }

    /// Units that have not while who is asked for them is away.
    pub fn away(&self) -> impl Iterator<Item = (&UnitAnswers, &Absence)> {
        let open = self.units.iter().filter(|unit| !unit.missing.is_empty());
        open.filter_map(|unit| Some((unit, unit.away.as_ref()?)))
    }
}

/// Who was to answer in the period that runs (or, before it is opened, in the last one), and who did.
pub fn participation(frame: &Frame, standing: &Standing, at: DateTime<Utc>) -> Participation {
    let mut of_unit: BTreeMap<Option<&UnitId>, UnitAnswers> = BTreeMap::new();
    let views = frame.asked_views(standing, calendar::date_of(at));
    for view in &views {
        let Some(period) = frame.awaited(standing, view, at) else {
            continue;
        };
        let unit = view.filing_unit.as_ref();
        let answers = of_unit.entry(unit).or_insert_with(|| UnitAnswers {
            unit: unit.cloned(),
            ..UnitAnswers::default()
        });
        answers.asked.push(view.task.id.clone());
        if !frame.is_answered(view, &period) {
            answers.missing.push(view.task.id.clone());
            answers.away = view.away.clone();
        }
    }
    let order = frame.plan.units.iter().map(|unit| Some(&unit.id));
    let mut units = Vec::with_capacity(of_unit.len());
    for unit in order.chain([None]) {
        units.extend(of_unit.remove(&unit));
    }
    Participation { units }
}
