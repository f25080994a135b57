//! The targets (台账), and the measures and items that have no number.

use super::{name, need, unit, units, words};
use crate::calendar;
use crate::digest::{Pack, TargetRow, WorkRow};
use crate::ledger::{Filed, Frame, Judgement, Light, MilestoneStage};
use crate::plan::{Comparator, Indicator};
use crate::render::document::table::{Cell, Column, Table, column};
use crate::render::{item, naming};

const TARGETS: [Column; 22] = [
    column("no", "序号", 6),
    column("label", "编号", 7),
    column("measure", "举措", 26),
    column("target_name", "目标", 22),
    column("comparator", "要求", 8),
    column("target", "目标值", 11),
    column("unit_of_measure", "单位", 8),
    column("lead_units", "牵头单位", 18),
    column("responsible_units", "责任单位", 26),
    column("due", "时限", 12),
    column("first_due", "原时限", 12),
    column("actual", "当前值", 10),
    column("completion", "完成率", 9),
    column("pace", "序时进度", 9),
    column("light", "灯", 7),
    column("reason", "灯的原因", 18),
    column("judgement", "自评", 8),
    column("updated_by", "更新人", 10),
    column("updated_on", "更新日期", 12),
    column("issues", "问题", 30),
    column("support_needed", "需协调", 26),
    column("filing_unit", "填报单位", 14),
];

/// One row a target.
pub(super) fn targets<'a>(pack: &Pack<'a>) -> Table<'a> {
    let (frame, today) = (pack.frame, pack.today());
    let rows: Vec<(u64, TargetRow<'a>)> = (1..).zip(pack.targets()).collect();
    Table::of(
        "targets",
        "目标台账",
        &TARGETS,
        rows,
        move |(no, row)| {
            let work = &row.work;
            let measure = work
                .measure
                .map(|it| format!("{}．{}", it.number, it.title));
            let moved = work.item.first_due != work.item.due;
            vec![
                Cell::Whole(*no),
                Cell::Text(work.task.label.clone()),
                Cell::or_empty(measure, Cell::Text),
                Cell::Text(row.indicator.name.clone()),
                comparator(row.indicator),
                Cell::or_empty(row.indicator.target, |target| {
                    Cell::Number(row.indicator.unit_of_measure.to_shown(target))
                }),
                Cell::text(row.indicator.unit_of_measure.shown.clone()),
                units(frame, &work.leads),
                units(frame, &work.responsible),
                Cell::or_empty(work.item.due, Cell::Date),
                Cell::or_empty(work.item.first_due.filter(|_| moved), Cell::Date),
                actual(row),
                Cell::or_empty(row.pace, |pace| Cell::Percent(pace.completion)),
                Cell::or_empty(row.pace.and_then(|pace| pace.expected), Cell::Percent),
                light(work.item.light),
                Cell::text(item::reason(&work.item, today)),
                Cell::or_empty(work.item.judgement, judgement),
                filed_by(frame, work.last.as_deref()),
                filed_on(work.last.as_deref()),
                words(
                    work.last
                        .as_ref()
                        .and_then(|filed| filed.report.issues.as_ref()),
                ),
                need(
                    frame,
                    work.last
                        .as_ref()
                        .and_then(|filed| filed.report.support_needed.as_ref()),
                ),
                unit(frame, work.item.unit.as_ref()),
            ]
        },
    )
}

const WORKS: [Column; 14] = [
    column("no", "序号", 6),
    column("label", "编号", 9),
    column("task_name", "事项", 34),
    column("lead_units", "牵头单位", 18),
    column("responsible_units", "责任单位", 26),
    column("due", "时限", 12),
    column("light", "灯", 7),
    column("reason", "灯的原因", 18),
    column("judgement", "自评", 8),
    column("done", "进展", 36),
    column("issues", "问题", 30),
    column("next_steps", "下一步", 30),
    column("updated_by", "更新人", 10),
    column("updated_on", "更新日期", 12),
];

/// Measures without open targets, and what came later.
pub(super) fn works<'a>(pack: &Pack<'a>) -> Table<'a> {
    let (frame, today) = (pack.frame, pack.today());
    let rows: Vec<(u64, WorkRow<'a>)> = (1..).zip(pack.works()).collect();
    Table::of(
        "works",
        "举措和交办",
        &WORKS,
        rows,
        move |(no, row)| {
            let said = row.last.as_deref().map(|filed| &filed.report);
            vec![
                Cell::Whole(*no),
                Cell::Text(row.task.label.clone()),
                name(frame, &row.task.id),
                units(frame, &row.leads),
                units(frame, &row.responsible),
                Cell::or_empty(row.item.due, Cell::Date),
                light(row.item.light),
                Cell::text(item::reason(&row.item, today)),
                Cell::or_empty(row.item.judgement, judgement),
                words(said.and_then(|report| report.done.as_ref())),
                words(said.and_then(|report| report.issues.as_ref())),
                words(said.and_then(|report| report.next_steps.as_ref())),
                filed_by(frame, row.last.as_deref()),
                filed_on(row.last.as_deref()),
            ]
        },
    )
}

/// How the number is to be compared; a milestone has none.
fn comparator(indicator: &Indicator) -> Cell {
    if indicator.target.is_none() {
        return Cell::Code("milestone", "节点");
    }
    let (code, words) = match indicator.comparator {
        Comparator::Above => ("above", "大于"),
        Comparator::AtLeast => ("at_least", "不低于"),
        Comparator::AtMost => ("at_most", "不高于"),
        Comparator::Exactly => ("exactly", "等于"),
        Comparator::About => ("about", "约"),
    };
    Cell::Code(code, words)
}

fn actual(row: &TargetRow<'_>) -> Cell {
    let unit = &row.indicator.unit_of_measure;
    match (row.work.item.actual, row.work.item.stage) {
        (Some(actual), _) => Cell::Number(unit.to_shown(actual)),
        (None, Some(stage)) => self::stage(stage),
        (None, None) => Cell::Empty,
    }
}

pub(super) fn stage(stage: MilestoneStage) -> Cell {
    let code = match stage {
        MilestoneStage::NotStarted => "not_started",
        MilestoneStage::Underway => "underway",
        MilestoneStage::Completed => "completed",
    };
    Cell::Code(code, item::stage(stage))
}

pub(super) fn judgement(judgement: Judgement) -> Cell {
    let code = match judgement {
        Judgement::Normal => "normal",
        Judgement::Difficult => "difficult",
        Judgement::Blocked => "blocked",
        Judgement::Done => "done",
    };
    Cell::Code(code, item::judgement(judgement))
}

fn light(light: Light) -> Cell {
    let code = match light {
        Light::Red => "red",
        Light::Yellow => "yellow",
        Light::Green => "green",
        Light::Grey => "grey",
        Light::Done => "done",
        Light::Frozen => "frozen",
    };
    Cell::Code(code, item::light(light))
}

fn filed_by(frame: &Frame, filed: Option<&Filed>) -> Cell {
    Cell::or_empty(filed, |filed| Cell::Text(naming::filed_by(frame, filed)))
}

fn filed_on(filed: Option<&Filed>) -> Cell {
    Cell::or_empty(filed, |filed| Cell::Date(calendar::date_of(filed.at)))
}
