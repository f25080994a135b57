//! The tables of the ledger: which columns they have, and what stands in them.

mod answers;
mod office;
mod targets;

use super::table::{Cell, Table};
use crate::digest::Pack;
use crate::ledger::{Frame, SupportNeed, Text};
use crate::plan::{TaskId, UnitId};
use crate::render::REDACTED;
use crate::render::naming;

/// All tables, in the order of the workbook's sheets.
pub fn tables<'a>(pack: &Pack<'a>) -> Vec<Table<'a>> {
    vec![
        targets::targets(pack),
        targets::works(pack),
        answers::answers(pack),
        office::requests(pack),
        office::slips(pack),
        office::matters(pack),
        office::projects(pack),
        super::evidence::table(pack),
    ]
}

/// Label of a task, as in 6-1; its id where the plan no longer has it.
pub(super) fn label(frame: &Frame, task: &TaskId) -> Cell {
    let found = frame.plan.task(task);
    Cell::Text(found.map_or_else(|| task.to_string(), |task| task.label.clone()))
}

/// Name of a task without its label.
pub(super) fn name(frame: &Frame, task: &TaskId) -> Cell {
    let found = frame.plan.task(task);
    Cell::or_empty(found, |task| Cell::text(task.name.clone()))
}

fn units(frame: &Frame, units: &[UnitId]) -> Cell {
    let names: Vec<String> = units.iter().map(|id| naming::unit(frame, id)).collect();
    Cell::text(names.join("、"))
}

fn unit(frame: &Frame, unit: Option<&UnitId>) -> Cell {
    Cell::or_empty(unit, |id| Cell::Text(naming::unit(frame, id)))
}

/// Words of a person; redacted ones say so.
fn words(text: Option<&Text>) -> Cell {
    Cell::or_empty(text, |text| Cell::text(text.body().unwrap_or(REDACTED)))
}

/// 市供电公司：接电
fn need(frame: &Frame, need: Option<&SupportNeed>) -> Cell {
    Cell::or_empty(need, |need| {
        let what = need.what.body().unwrap_or(REDACTED);
        Cell::Text(match &need.unit {
            Some(unit) => format!("{}：{what}", naming::unit(frame, unit)),
            None => what.to_owned(),
        })
    })
}
