//! How the other leads of a measure signed its tasks' newest answers (会签), for the lines of a digest.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::ledger::{CoSignature, Frame, Signature, Standing};
use crate::plan::{TaskId, UnitId};

/// Where a lead's signature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// 同意.
    Agreed,
    /// 补充.
    Supplemented,
    /// 异议.
    Objected,
    /// 待会签.
    Waiting,
    /// 未会签.
    Silent,
}

/// By task, every other lead; tasks without one or without an answer are left out.
pub(super) fn signed(
    frame: &Frame,
    standing: &Standing,
    today: NaiveDate,
) -> BTreeMap<TaskId, Vec<(UnitId, Signed)>> {
    let led_by_many = frame
        .plan
        .measures
        .iter()
        .filter(|measure| measure.lead_units.len() > 1);
    let tasks = led_by_many.flat_map(|measure| frame.plan.tasks_of_measure(&measure.id));
    let views = tasks.filter_map(|task| frame.task_view(standing, &task.id, today));
    let signed = views.map(|view| {
        let signatures = frame.signatures(standing, &view, today).into_iter();
        let signatures = signatures.map(|(unit, signature)| (unit, state(&signature)));
        (view.task.id.clone(), signatures.collect::<Vec<_>>())
    });
    signed.filter(|(_, signed)| !signed.is_empty()).collect()
}

fn state(signature: &Signature<'_>) -> Signed {
    match signature {
        Signature::Given(given) => match given.how {
            CoSignature::Agreed => Signed::Agreed,
            CoSignature::Supplemented(_) => Signed::Supplemented,
            CoSignature::Objected(_) => Signed::Objected,
        },
        Signature::Waiting => Signed::Waiting,
        Signature::Silent => Signed::Silent,
    }
}
