//! Everything that was filed (填报记录), corrections among it.

use super::targets::{judgement, stage};
use super::{label, name, need, unit, words};
use crate::digest::{AnswerRow, Pack};
use crate::ledger::{FileRef, Filed, Value};
use crate::render::document::evidence::{State, called};
use crate::render::document::table::{Cell, Column, Table, column};
use crate::render::naming;

const ANSWERS: [Column; 19] = [
    column("seq", "记录号", 7),
    column("filed_at", "填报时间", 16),
    column("label", "编号", 7),
    column("task_name", "事项", 17),
    column("unit", "填报单位", 12),
    column("filed_by", "填报人", 9),
    column("period", "填报周期", 9),
    column("value", "数值", 8),
    column("unit_of_measure", "单位", 6),
    column("judgement", "自评", 7),
    column("done", "进展", 26),
    column("issues", "问题", 20),
    column("next_steps", "下一步", 20),
    column("next_date", "下一步日期", 11),
    column("support_needed", "需协调", 17),
    column("late", "迟报", 5),
    column("corrects", "更正记录号", 7),
    column("corrected_by", "被更正为", 7),
    column("evidence", "佐证材料", 17),
];

/// One row an answer, the oldest first.
pub(super) fn answers<'a>(pack: &Pack<'a>) -> Table<'a> {
    let pack = *pack;
    Table {
        key: "answers",
        title: "填报记录",
        columns: &ANSWERS,
        count: pack.answer_count(),
        rows: Box::new(pack.answers().map(move |row| cells(&pack, &row))),
    }
}

fn cells(pack: &Pack<'_>, row: &AnswerRow<'_>) -> Vec<Cell> {
    let (frame, filed) = (pack.frame, row.filed);
    let report = &filed.report;
    let measured = row.indicator.map(|it| it.unit_of_measure.shown.clone());
    vec![
        Cell::Whole(filed.seq),
        Cell::Moment(filed.at),
        label(frame, &report.task),
        name(frame, &report.task),
        unit(frame, row.unit.as_ref()),
        Cell::Text(naming::filed_by(frame, filed)),
        Cell::text(report.period.clone()),
        value(row),
        Cell::or_empty(measured, Cell::text),
        judgement(report.judgement),
        words(report.done.as_ref()),
        words(report.issues.as_ref()),
        words(report.next_steps.as_ref()),
        Cell::or_empty(report.next_date, Cell::Date),
        need(frame, report.support_needed.as_ref()),
        Cell::Flag(report.late),
        Cell::or_empty(report.corrects, Cell::Whole),
        Cell::or_empty(row.corrected_by, Cell::Whole),
        evidence(pack, filed),
    ]
}

fn value(row: &AnswerRow<'_>) -> Cell {
    match row.filed.report.value {
        Value::None => Cell::Empty,
        Value::Stage(of) => stage(of),
        Value::Number(number) => Cell::Number(row.indicator.map_or(number, |indicator| {
            indicator.unit_of_measure.to_shown(number)
        })),
    }
}

/// 2件：通知.pdf（已留存）、照片（待下载）
fn evidence(pack: &Pack<'_>, filed: &Filed) -> Cell {
    let files = &filed.report.evidence;
    if files.is_empty() {
        return Cell::Empty;
    }
    let shown = files.iter().enumerate().map(|(index, file)| {
        let of = FileRef {
            seq: filed.seq,
            index,
        };
        let fetched = pack.standing.evidence.of(of).map(|(_, fetched)| *fetched);
        let state = State::told(file.file_id.id().is_none(), fetched);
        format!("{}（{}）", called(file), state.words())
    });
    let shown: Vec<String> = shown.collect();
    Cell::Text(format!("{}件：{}", files.len(), shown.join("、")))
}
