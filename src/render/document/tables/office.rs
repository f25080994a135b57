//! What the office decides on: requests, supervision slips, matters of coordination, projects.

use super::{label, name, unit, words};
use crate::digest::{MatterRow, MatterState, Pack, RequestRow, SlipRow, SlipState};
use crate::ledger::{Frame, MatterEnd, Outcome, Project, ProjectStage, SlipColour, Verdict, Wish};
use crate::render::document::table::{Cell, Column, Table, column};
use crate::render::{assign, naming, slip};

const REQUESTS: [Column; 12] = [
    column("seq", "记录号", 7),
    column("asked_at", "申请时间", 16),
    column("kind", "类别", 6),
    column("label", "编号", 7),
    column("task_name", "事项", 20),
    column("asked_by", "申请人", 9),
    column("wanted", "申请延至", 11),
    column("words", "理由或说明", 28),
    column("verdict", "结果", 9),
    column("decided_at", "办理时间", 16),
    column("decided_by", "办理人", 9),
    column("answer", "意见", 24),
];

/// Extensions (延期) and closures (办结).
pub(super) fn requests<'a>(pack: &Pack<'a>) -> Table<'a> {
    let frame = pack.frame;
    Table::of(
        "requests",
        "申请",
        &REQUESTS,
        pack.requests(),
        move |row| request(frame, row),
    )
}

fn request(frame: &Frame, row: &RequestRow<'_>) -> Vec<Cell> {
    let request = row.request;
    let (kind, wanted, said) = match &request.wish {
        Wish::Extension { wanted, reason, .. } => {
            (Cell::Code("extension", "延期"), Some(*wanted), Some(reason))
        }
        Wish::Closure { words, .. } => (Cell::Code("closure", "办结"), None, words.as_ref()),
    };
    let outcome = request.outcome.as_ref();
    vec![
        Cell::Whole(request.seq),
        Cell::Moment(request.at),
        kind,
        label(frame, row.task),
        name(frame, row.task),
        Cell::Text(naming::actor(frame, &request.by)),
        Cell::or_empty(wanted, Cell::Date),
        words(said),
        verdict(outcome),
        Cell::or_empty(outcome, |outcome| Cell::Moment(outcome.at)),
        Cell::or_empty(outcome, |outcome| {
            Cell::Text(naming::actor(frame, &outcome.by))
        }),
        answer(outcome),
    ]
}

fn verdict(outcome: Option<&Outcome>) -> Cell {
    let (code, words) = match outcome.map(|outcome| &outcome.verdict) {
        None => ("open", "待办理"),
        Some(Verdict::Granted(_)) => ("granted", "同意"),
        Some(Verdict::Closed) => ("closed", "确认办结"),
        Some(Verdict::Refused(_)) => ("refused", "不同意"),
        Some(Verdict::Withdrawn) => ("withdrawn", "已撤回"),
        Some(Verdict::Overtaken) => ("overtaken", "另行决定"),
    };
    Cell::Code(code, words)
}

fn answer(outcome: Option<&Outcome>) -> Cell {
    match outcome.map(|outcome| &outcome.verdict) {
        Some(Verdict::Granted(due)) => Cell::Text(format!("延至{}", due.format("%Y-%m-%d"))),
        Some(Verdict::Refused(why)) => words(Some(why)),
        Some(Verdict::Closed | Verdict::Withdrawn | Verdict::Overtaken) | None => Cell::Empty,
    }
}

const SLIPS: [Column; 10] = [
    column("number", "单号", 6),
    column("colour", "颜色", 6),
    column("label", "编号", 7),
    column("task_name", "事项", 26),
    column("due", "时限", 11),
    column("drafted_at", "起草时间", 16),
    column("sent_at", "发出时间", 16),
    column("unit", "主办单位", 14),
    column("sent_to", "接收人", 9),
    column("state", "状态", 9),
];

/// Supervision slips (督办单).
pub(super) fn slips<'a>(pack: &Pack<'a>) -> Table<'a> {
    let frame = pack.frame;
    Table::of("slips", "督办单", &SLIPS, pack.slips(), move |row| {
        slip_cells(frame, row)
    })
}

fn slip_cells(frame: &Frame, row: &SlipRow<'_>) -> Vec<Cell> {
    let of = row.slip;
    let sent = of.sent.as_ref();
    let colour = match of.colour {
        SlipColour::Blue => "blue",
        SlipColour::Yellow => "yellow",
        SlipColour::Red => "red",
    };
    let (code, state) = match row.state {
        SlipState::Draft => ("draft", "待发出"),
        SlipState::Held => ("held", "暂缓"),
        SlipState::Withdrawn => ("withdrawn", "已撤销"),
        SlipState::Waiting => ("waiting", "待反馈"),
        SlipState::Answered => ("answered", "已反馈"),
        SlipState::Over => ("over", "已了结"),
    };
    vec![
        Cell::or_empty(sent, |sent| Cell::Whole(sent.number.into())),
        Cell::Code(colour, slip::colour(of.colour)),
        label(frame, &of.task),
        name(frame, &of.task),
        Cell::or_empty(of.due, Cell::Date),
        Cell::Moment(of.at),
        Cell::or_empty(sent, |sent| Cell::Moment(sent.at)),
        unit(frame, sent.map(|sent| &sent.unit)),
        Cell::or_empty(sent, |sent| Cell::Text(naming::person(frame, &sent.to))),
        Cell::Code(code, state),
    ]
}

const MATTERS: [Column; 11] = [
    column("seq", "记录号", 7),
    column("since", "提出日期", 11),
    column("label", "编号", 7),
    column("task_name", "事项", 20),
    column("asked_by", "提出人", 9),
    column("unit", "需协调单位", 14),
    column("what", "事由", 30),
    column("state", "状态", 14),
    column("working_days", "已历工作日", 8),
    column("answer", "答复", 26),
    column("over_at", "了结时间", 16),
];

/// Matters of coordination (需协调).
pub(super) fn matters<'a>(pack: &Pack<'a>) -> Table<'a> {
    let frame = pack.frame;
    Table::of(
        "matters",
        "协调事项",
        &MATTERS,
        pack.matters(),
        move |row| matter_cells(frame, row),
    )
}

fn matter_cells(frame: &Frame, row: &MatterRow<'_>) -> Vec<Cell> {
    let matter = row.matter;
    let ended = matter.over.as_ref().map(|(.., end)| end);
    let (code, state) = match (row.state, ended) {
        (MatterState::Open, _) => ("open", "待答复"),
        (MatterState::Helped, _) => ("helped", "已协助，待确认"),
        (MatterState::Higher, _) => ("higher", "需上级协调"),
        (MatterState::Over, Some(MatterEnd::Settled)) => ("settled", "已解决"),
        (MatterState::Over, Some(MatterEnd::Reported(_)) | None) => ("over", "已了结"),
    };
    let days = row.days.and_then(|days| u64::try_from(days).ok());
    let said = matter
        .answer
        .as_ref()
        .and_then(|answer| answer.words.as_ref());
    vec![
        Cell::Whole(matter.seq),
        Cell::Date(crate::calendar::date_of(matter.since_at)),
        label(frame, &matter.task),
        name(frame, &matter.task),
        Cell::Text(naming::actor(frame, &matter.by)),
        unit(frame, Some(&matter.unit)),
        words(Some(&matter.what)),
        Cell::Code(code, state),
        Cell::or_empty(days, Cell::Whole),
        words(said),
        Cell::or_empty(matter.over.as_ref(), |(at, ..)| Cell::Moment(*at)),
    ]
}

const PROJECTS: [Column; 9] = [
    column("label", "编号", 8),
    column("project_name", "项目", 32),
    column("unit", "填报单位", 14),
    column("measure", "举措", 22),
    column("investment_yuan", "总投资（元）", 16),
    column("funding_yuan", "申请资金（元）", 16),
    column("stage", "阶段", 7),
    column("stage_since", "进入阶段日期", 12),
    column("next_stage_on", "下一阶段日期", 12),
];

/// Projects (项目库).
pub(super) fn projects<'a>(pack: &Pack<'a>) -> Table<'a> {
    let frame = pack.frame;
    Table::of(
        "projects",
        "项目库",
        &PROJECTS,
        pack.projects(),
        move |project| project_cells(frame, project),
    )
}

fn project_cells(frame: &Frame, project: &Project) -> Vec<Cell> {
    let entry = &project.entry;
    let measure = entry.measure.as_ref();
    let measure = measure.and_then(|measure| frame.plan.measure(measure));
    let code = match project.stage {
        ProjectStage::Planned => "planned",
        ProjectStage::Approved => "approved",
        ProjectStage::Begun => "begun",
        ProjectStage::Building => "building",
        ProjectStage::Finished => "finished",
    };
    vec![
        label(frame, &project.task()),
        words(Some(&entry.name)),
        unit(frame, Some(&entry.unit)),
        Cell::or_empty(measure, |it| {
            Cell::Text(format!("{}．{}", it.number, it.title))
        }),
        Cell::Number(entry.investment),
        Cell::Number(entry.funding),
        Cell::Code(code, assign::stage(project.stage)),
        Cell::Date(crate::calendar::date_of(project.since.1)),
        Cell::or_empty(project.next, Cell::Date),
    ]
}
