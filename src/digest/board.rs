//! The board: every measure with its worst light and that light's age, the worst first.

use super::course::{Course, Since};
use super::item::Counts;
use super::{Pack, TargetRow, WorkRow};
use crate::ledger::Light;
use crate::plan::Measure;

/// A measure, or the general targets, as the board shows them.
#[derive(Debug, Clone)]
pub struct BoardRow<'a> {
    /// The measure; none for the general targets.
    pub measure: Option<&'a Measure>,
    /// Its worst light.
    pub light: Light,
    /// Since when it has it.
    pub since: Option<Since>,
    /// Its targets, in the plan's order.
    pub targets: Vec<TargetRow<'a>>,
    /// What it is told in words, where no target is open.
    pub narrative: Option<WorkRow<'a>>,
}

/// The board.
#[derive(Debug, Clone)]
pub struct Board<'a> {
    /// Its rows, the worst first, then the longest so, then in the plan's order.
    pub rows: Vec<BoardRow<'a>>,
    /// Measures by their worst light.
    pub measures: Counts,
    /// Targets by light.
    pub targets: Counts,
}

/// The board of a moment.
pub fn board<'a>(pack: &Pack<'a>, course: &Course) -> Board<'a> {
    let mut targets = pack.targets();
    let mut works = pack.works();
    let general = std::iter::once(None);
    let measures = pack.frame.plan.measures.iter().map(Some);
    let mut rows: Vec<BoardRow<'a>> = Vec::new();
    for measure in general.chain(measures) {
        let id = measure.map(|measure| &measure.id);
        let own = targets.extract_if(.., |row| row.work.task.measure.as_ref() == id);
        let own: Vec<TargetRow<'a>> = own.collect();
        let told = |work: &mut WorkRow<'_>| !work.item.is_added && work.item.measure.as_ref() == id;
        let narrative = works.extract_if(.., told).next();
        let lights = own.iter().map(|row| &row.work).chain(&narrative);
        let Some(light) = lights.map(|work| work.item.light).min() else {
            continue;
        };
        rows.push(BoardRow {
            measure,
            light,
            since: course.since(id),
            targets: own,
            narrative,
        });
    }
    let of_measures = rows.iter().filter(|row| row.measure.is_some());
    let measures = Counts::of(of_measures.map(|row| row.light));
    let of_targets = rows.iter().flat_map(|row| &row.targets);
    let targets = Counts::of(of_targets.map(|row| row.work.item.light));
    rows.sort_by_key(|row| (row.light, row.since.map(|since| since.day)));
    Board {
        rows,
        measures,
        targets,
    }
}
