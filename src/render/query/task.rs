//! One item in full, and what became of it.

use chrono::NaiveDate;

use super::{Beside, ask, lists, supplement, urge};
use crate::calendar;
use crate::conversation::query::{Press, Question};
use crate::conversation::{self, payload::Payload};
use crate::digest::{Event, Happened, Item, history as events_of};
use crate::ledger::{
    BaselineAnswer, CoSignature, Filed, Judgement, Phase, ProgressReport, Settlement, TaskEnd,
    TaskView, Text, Value, pace_of,
};
use crate::plan::{Fact, TaskId};
use crate::render::digest::turns;
use crate::render::item::{self, clip};
use crate::render::{Button, Html, Message, REDACTED, Scene, matter, naming, slip};

/// Events on a page.
const EVENTS: usize = 6;
/// Characters of a person's words in full.
const MOST_WORDS: usize = 300;
/// Characters of a person's words in a list.
const MOST_LISTED: usize = 60;

/// One item in full.
pub(super) fn task(scene: &Scene<'_>, id: &TaskId, beside: Beside<'_>) -> Message {
    let today = calendar::date_of(scene.now);
    let Some(view) = scene.frame.task_view(scene.standing, id, today) else {
        return lists::gone();
    };
    let item = Item::of(scene.frame, scene.standing, &view, scene.now);
    let mut html = Html::new().bold(naming::task(scene.frame, id));
    for line in facts(scene, &view, &item, today) {
        html = html.line().text(line);
    }
    if let Some(filed) = view.last_report() {
        for line in words(scene, filed, today) {
            html = html.line().text(line);
        }
    }
    for line in supplement::lines(scene, id) {
        html = html.line().text(line);
    }
    let beneath = [
        matter::lines(scene, id),
        matter::cosign_state(scene, id),
        slip::lines(scene, id),
    ];
    for line in beneath.into_iter().flatten() {
        html = html.line().text(line);
    }
    for doubt in &view.open_doubts {
        html = html
            .line()
            .text(format!("口径待定：{}", clip(&doubt.question, MOST_WORDS)));
    }
    let mut buttons = vec![ask("填报记录", Question::History(id.clone()))];
    if beside.urges && item.open {
        buttons.push(urge("催办", id));
    }
    if beside.supplements.contains(id) {
        buttons.push(supplement::button("补充", id));
    }
    if let Some(report) = beside.signs {
        let signing = conversation::matter::Press::Signing(id.clone(), report);
        buttons.push(Button::press("会签", Payload::Matter(signing).encode()));
    }
    let mut back = vec![ask("‹ 总体进度", Question::Overview)];
    if let Some(measure) = &view.task.measure {
        back.insert(0, ask("‹ 本项举措", Question::Measure(measure.clone())));
    }
    Message::text(html).row(buttons).row(back)
}

/// Light, number, deadline, who files and when it was urged.
fn facts(scene: &Scene<'_>, view: &TaskView<'_>, item: &Item, today: NaiveDate) -> Vec<String> {
    let mut lines = vec![light(view, item, today)];
    lines.extend(number(scene, view, item));
    lines.extend(changed(scene, view, Fact::Target, today));
    lines.extend(due(view, item, today));
    lines.extend(changed(scene, view, Fact::Due, today));
    lines.extend(changed(scene, view, Fact::Baseline, today));
    lines.extend(item.requested.map(|extension| match extension {
        true => "延期申请待批，批复前不提醒".to_owned(),
        false => "办结申请待批，批复前不提醒".to_owned(),
    }));
    let unit = item::unit(scene.frame, item);
    lines.push(match view.filer(scene.frame) {
        Some(filer) => format!("填报：{unit}（{}）", naming::person(scene.frame, filer)),
        None => format!("填报：{unit}"),
    });
    let promises = item::promises(item.promises);
    if !promises.is_empty() {
        lines.push(promises);
    }
    let urged = scene.standing.task_state(&view.task.id).follow_ups.last();
    lines.extend(urged.map(|(_, at, by)| {
        let when = naming::moment(*at, scene.now);
        format!("最近催办：{when} {}", naming::actor(scene.frame, by))
    }));
    lines
}

fn light(view: &TaskView<'_>, item: &Item, today: NaiveDate) -> String {
    if view.phase == Phase::Resting {
        return "随本项指标一并反映，指标办结后再单独填报".to_owned();
    }
    let mut line = format!("{} {}", item::glyph(item.light), item::light(item.light));
    let reason = item::reason(item, today);
    if !reason.is_empty() {
        line = format!("{line}：{reason}");
    }
    match item.judgement {
        Some(judgement) => format!("{line} · 自评{}", item::judgement(judgement)),
        None => line,
    }
}

/// 目标≥10座，现9座（上次8座），完成50%，序时98%（应9.8座）.
fn number(scene: &Scene<'_>, view: &TaskView<'_>, item: &Item) -> Option<String> {
    let indicator = view.indicator?;
    let Some(target) = item::target(indicator) else {
        return Some(format!("节点：{}", item.stage.map_or("未填", item::stage)));
    };
    let Some(actual) = item.actual else {
        return Some(format!("目标{target}，尚未填报"));
    };
    let before = view.actual_before().map_or(String::new(), |before| {
        format!("（上次{}）", item::amount(indicator, before))
    });
    let pace = pace_of(scene.frame, view, scene.now).map_or(String::new(), |pace| {
        let expected = pace.expected.map_or(String::new(), |expected| {
            format!("，序时应{}%", expected.round())
        });
        format!("，完成{}%{expected}", pace.completion.round())
    });
    Some(format!(
        "目标{target}，现{}{before}{pace}",
        item::amount(indicator, actual)
    ))
}

/// 原目标值≥10座（栾频 11月24日调整，依据 …）; none where nobody changed it.
fn changed(scene: &Scene<'_>, view: &TaskView<'_>, fact: Fact, today: NaiveDate) -> Option<String> {
    let task = &view.task.id;
    let terms = scene.frame.terms(scene.standing, task, today)?;
    let mut newest = scene.standing.terms_in_force(task).rev();
    let changed = newest.find(|settled| settled.how.sets().has(fact))?;
    let Settlement::Changed { .. } = changed.how else {
        return None;
    };
    let before = naming::value_of(scene.frame, task, &terms.changed_from(fact)?, fact, today)?;
    let by = naming::actor(scene.frame, &changed.by);
    let when = naming::day(calendar::date_of(changed.at), today);
    let basis = naming::basis(changed.basis.as_ref());
    let basis = basis.map_or_else(String::new, |basis| {
        format!("，依据 {}", clip(&basis, MOST_LISTED))
    });
    let name = match fact {
        Fact::Target => "原目标",
        Fact::Due => "原时限",
        Fact::Baseline => "原基数",
        Fact::FilingLead => "原填报单位",
    };
    Some(format!("{name}：{before}（{by} {when}调整{basis}）"))
}

fn due(view: &TaskView<'_>, item: &Item, today: NaiveDate) -> Option<String> {
    let due = view.due?;
    let shown = naming::day(due, today);
    match view.first_due {
        Some(first) if first != due => {
            let times = match item.extensions {
                0 => String::new(),
                times => format!("，延期{times}次"),
            };
            Some(format!(
                "完成时限：{shown}（原定{}{times}）",
                naming::day(first, today)
            ))
        }
        Some(_) | None => Some(format!("完成时限：{shown}")),
    }
}

/// What the newest report says, whole.
fn words(scene: &Scene<'_>, filed: &Filed, today: NaiveDate) -> Vec<String> {
    let report = &filed.report;
    let when = naming::moment(filed.at, scene.now);
    let who = naming::filed_by(scene.frame, filed);
    let mut lines = vec![format!(
        "最近填报：{when} {who}（第{}号{}）",
        filed.seq,
        marks(report)
    )];
    let said = |what: &str, text: Option<&Text>| {
        text.map(|text| format!("{what}：{}", body(text, MOST_WORDS)))
    };
    lines.extend(said("进展", report.done.as_ref()));
    lines.extend(said("问题", report.issues.as_ref()));
    lines.extend(next_step(report, today));
    lines.extend(report.support_needed.as_ref().map(|need| {
        let unit = need.unit.as_ref().map_or(String::new(), |unit| {
            format!("{} · ", naming::unit(scene.frame, unit))
        });
        format!("需协调：{unit}{}", body(&need.what, MOST_WORDS))
    }));
    lines.extend(
        report
            .baseline
            .as_ref()
            .and_then(|answer| baseline(answer, today)),
    );
    if !report.evidence.is_empty() {
        lines.push(format!("佐证材料：{}件", report.evidence.len()));
    }
    lines
}

fn next_step(report: &ProgressReport, today: NaiveDate) -> Option<String> {
    let date = report.next_date.map(|date| naming::day(date, today));
    match (&report.next_steps, date) {
        (Some(text), Some(date)) => Some(format!("下一步：{}（{date}）", body(text, MOST_WORDS))),
        (Some(text), None) => Some(format!("下一步：{}", body(text, MOST_WORDS))),
        (None, Some(date)) => Some(format!("下一步：{date}")),
        (None, None) => None,
    }
}

fn baseline(answer: &BaselineAnswer, today: NaiveDate) -> Option<String> {
    match answer {
        BaselineAnswer::Reached { on } => {
            on.map(|on| format!("初始情况：{}已达到", naming::day(on, today)))
        }
        BaselineAnswer::NotReached { reason, wanted } => {
            let wanted = wanted.map_or(String::new(), |day| {
                format!("，建议改期至{}", naming::day(day, today))
            });
            Some(format!(
                "初始情况：未达到，{}{wanted}",
                body(reason, MOST_WORDS)
            ))
        }
    }
}

fn body(text: &Text, most: usize) -> String {
    text.body()
        .map_or_else(|| REDACTED.to_owned(), |body| clip(body, most))
}

/// 迟报, 更正, 转交.
fn marks(report: &ProgressReport) -> String {
    let mut marks = String::new();
    if report.late {
        marks.push_str("，迟报");
    }
    if let Some(seq) = report.corrects {
        marks.push_str(&format!("，更正第{seq}号"));
    }
    if report.hinted_by.is_some() {
        marks.push_str("，转交");
    }
    marks
}

/// What became of an item, the newest first.
pub(super) fn history(scene: &Scene<'_>, id: &TaskId, page: usize) -> Message {
    let today = calendar::date_of(scene.now);
    if scene.frame.plan.task(id).is_none() {
        return lists::gone();
    }
    let events = events_of(scene.frame, scene.standing, id);
    let (page, count) = lists::clamp(page, events.len(), EVENTS);
    let html = Html::new().bold(naming::task(scene.frame, id));
    let mut html = match events.len() {
        0 => html.line().text("还没有任何记录。"),
        count => html.text(format!(" · 记录{count}条")),
    };
    let view = scene.frame.task_view(scene.standing, id, today);
    let promises = view.map(|view| item::promises(scene.frame.promises(&view)));
    if let Some(promises) = promises.filter(|words| !words.is_empty()) {
        html = html.line().text(promises);
    }
    for event in events.iter().skip(page * EVENTS).take(EVENTS) {
        html = html.line().text(event_line(scene, id, event, today));
    }
    if count > 1 {
        html = html.line().text(format!("第{}/{count}页", page + 1));
    }
    let press = |page| Press::Show {
        question: Question::History(id.clone()),
        page,
    };
    Message::text(html)
        .row(turns(page, count, press))
        .row(vec![detail(id)])
}

fn detail(id: &TaskId) -> Button {
    let press = Press::Show {
        question: Question::Task(id.clone()),
        page: 0,
    };
    Button::press("‹ 本项详情", Payload::Query(press).encode())
}

fn event_line(scene: &Scene<'_>, id: &TaskId, event: &Event, today: NaiveDate) -> String {
    let when = event
        .at
        .map_or(String::new(), |at| naming::moment(at, scene.now));
    let who = event
        .by
        .as_ref()
        .map_or(String::new(), |by| naming::actor(scene.frame, by));
    let who = match &event.happened {
        Happened::Reported(filed) => naming::filed_by(scene.frame, filed),
        _ => who,
    };
    let head = format!("第{}号 {when} {who}", event.seq);
    let head = head.trim_end();
    match &event.happened {
        Happened::Reported(filed) => format!("{head}：{}", reported(scene, id, filed)),
        Happened::Urged => format!("{head}：催办"),
        Happened::Supplemented(unit, words) => format!(
            "{head}：{}补充。{}",
            naming::unit(scene.frame, unit),
            body(words, MOST_LISTED)
        ),
        Happened::CoSigned(unit, report, how) => {
            let unit = naming::unit(scene.frame, unit);
            match how {
                CoSignature::Agreed => format!("{head}：{unit}会签第{report}号，同意"),
                CoSignature::Supplemented(words) => format!(
                    "{head}：{unit}会签第{report}号，补充。{}",
                    body(words, MOST_LISTED)
                ),
                // The reason goes to those concerned alone.
                CoSignature::Objected(_) => format!("{head}：{unit}会签第{report}号，异议"),
            }
        }
        Happened::Matter(seq, unit, act) => {
            format!("{head}：{}", matter::step(scene, *seq, unit, act))
        }
        Happened::SlipSent(number) => format!("{head}：发出督办单第{number}号"),
        Happened::DueSet(due) => format!("{head}：完成时限改为{}", naming::day(*due, today)),
        Happened::Terms(how, basis) => {
            let what = terms(scene, id, how, basis.as_ref(), today);
            format!("{head}：{what}")
        }
        Happened::Closed => format!("{head}：确认办结"),
        Happened::Ended(TaskEnd::Cancelled) => "已取消".to_owned(),
        Happened::Ended(TaskEnd::MergedInto(other)) => {
            format!("已并入 {}", naming::task(scene.frame, other))
        }
    }
}

/// 目标值 ≥10座 → ≥12座（依据 …）, 确定口径：由市住建局填报.
fn terms(
    scene: &Scene<'_>,
    id: &TaskId,
    how: &Settlement,
    basis: Option<&Text>,
    today: NaiveDate,
) -> String {
    let facts = |sets| naming::sets(scene.frame, Some(id), sets, today).join("，");
    let what = match how {
        Settlement::AsProposed(sets) if sets.is_empty() => "确定口径：采纳建议".to_owned(),
        Settlement::AsProposed(sets) => format!("确定口径：{}", facts(sets)),
        Settlement::InWords { words, .. } => format!("确定口径：{}", body(words, MOST_LISTED)),
        Settlement::Changed { before, sets } => {
            naming::moved(scene.frame, id, before, sets, today).join("，")
        }
    };
    let basis = naming::basis(basis).map(|basis| clip(&basis, MOST_LISTED));
    match basis {
        Some(basis) => format!("{what}（依据 {basis}）"),
        None => what,
    }
}

/// 9座，有困难，迟报。进展 …
pub(in crate::render) fn reported(scene: &Scene<'_>, id: &TaskId, filed: &Filed) -> String {
    let report = &filed.report;
    let value = value(scene, report);
    let judgement: Judgement = report.judgement;
    let mut line = match value.is_empty() {
        true => item::judgement(judgement).to_owned(),
        false => format!("{value}，{}", item::judgement(judgement)),
    };
    line.push_str(&marks(report));
    if report.task != *id {
        let label = scene
            .frame
            .plan
            .task(&report.task)
            .map_or("", |task| task.label.as_str());
        line.push_str(&format!("（随{label}填报）"));
    }
    if report.unchanged {
        line.push_str("，无变化");
    }
    if let Some(done) = &report.done {
        line.push_str(&format!("。{}", body(done, MOST_LISTED)));
    }
    line
}

fn value(scene: &Scene<'_>, report: &ProgressReport) -> String {
    match report.value {
        Value::None => String::new(),
        Value::Stage(stage) => item::stage(stage).to_owned(),
        Value::Number(value) => scene.frame.plan.indicator(&report.task).map_or_else(
            || value.normalize().to_string(),
            |indicator| item::amount(indicator, value),
        ),
    }
}
