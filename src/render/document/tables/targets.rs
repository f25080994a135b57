//! The targets (台账), and the measures and items that have no number.

use super::{name, need, units, words};
use crate::calendar;
use crate::digest::{Pack, TargetRow, WorkRow};
use crate::ledger::{Filed, Frame, Judgement, Light, MilestoneStage};
use crate::plan::{Comparator, Indicator};
use crate::render::document::table::{Cell, Column, Table, column};
use crate::render::{item, naming};

const TARGETS: [Column; 21] = [
    column("no", "序号", 5),
    column("label", "编号", 6),
    column("measure", "举措", 15),
    column("target_name", "目标", 15),
    column("comparator", "要求", 7),
    column("target", "目标值", 8),
    column("unit_of_measure", "单位", 6),
    column("lead_units", "牵头单位", 12),
    column("responsible_units", "责任单位", 15),
    column("due", "时限", 11),
    column("first_due", "原时限", 11),
    column("actual", "当前值", 8),
    column("completion", "完成率", 8),
    column("pace", "序时进度", 8),
    column("light", "灯", 6),
    column("reason", "灯的原因", 13),
    column("judgement", "自评", 7),
    column("updated_by", "更新人", 8),
    column("updated_on", "更新日期", 11),
    column("issues", "问题", 17),
    column("support_needed", "需协调", 16),
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
            ]
        },
    )
}

const WORKS: [Column; 14] = [
    column("no", "序号", 5),
    column("label", "编号", 7),
    column("task_name", "事项", 24),
    column("lead_units", "牵头单位", 14),
    column("responsible_units", "责任单位", 20),
    column("due", "时限", 11),
    column("light", "灯", 6),
    column("reason", "灯的原因", 14),
    column("judgement", "自评", 7),
    column("done", "进展", 26),
    column("issues", "问题", 20),
    column("next_steps", "下一步", 20),
    column("updated_by", "更新人", 9),
    column("updated_on", "更新日期", 11),
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
