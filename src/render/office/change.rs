//! Messages on the terms of one target and their changes.

use rust_decimal::Decimal;

use super::terms::based_on;
use super::{plain, press};
use crate::calendar;
use crate::conversation::office::{Change, ChangeSay, Press, change_stamp};
use crate::ledger::{Settled, Settlement, Source, Terms};
use crate::plan::{
    Comparator, Doubt, Fact, Indicator, PaceCurve, Recurrence, Sets, TaskId, UnitId,
};
use crate::render::item::{self, clip};
use crate::render::people::shown;
use crate::render::{Button, Html, Message, Scene, naming};

/// Characters of a basis in a list.
const MOST_BASIS: usize = 60;

/// Every message on changes of terms.
pub(super) fn say(scene: &Scene<'_>, say: &ChangeSay) -> Message {
    match say {
        ChangeSay::NotFound(typed) => plain(format!(
            "没有找到“{}”。请写指标号，例如 /terms 6-1",
            shown(typed)
        )),
        ChangeSay::Choose { typed, tasks, more } => choose(scene, typed, tasks, *more),
        ChangeSay::NoTarget(task) => plain(format!(
            "{} 不是指标，没有可改的口径。",
            naming::task(scene.frame, task)
        )),
        ChangeSay::Card(task) => card(scene, task),
        ChangeSay::Over(task) => plain(format!(
            "{} 已办结或已不在方案中，口径不再调整。办结的可先用 /reopen 恢复办理。",
            naming::task(scene.frame, task)
        )),
        ChangeSay::ValueWanted {
            change,
            original,
            units,
        } => value_wanted(scene, change, original, units),
        ChangeSay::Refused {
            change,
            typed,
            readings,
        } => refused(scene, change, typed, readings),
        ChangeSay::Same(change) => plain(format!(
            "与现行{}相同，请另写，或点[退出]。",
            naming::fact(change.fact)
        )),
        ChangeSay::Preview { change, basis } => preview(scene, change, basis.as_deref()),
        ChangeSay::ChangedBefore(task, fact) => changed_before(scene, task, *fact),
        ChangeSay::Changed { change, basis, by } => {
            let html = Html::new()
                .text(format!(
                    "已调整口径 · {}",
                    naming::task(scene.frame, &change.task)
                ))
                .line()
                .text(moved(scene, change))
                .line()
                .text(based_on(basis.as_deref()))
                .line()
                .text(format!(
                    "由{}决定，原值在台账中保留。",
                    naming::person(scene.frame, by)
                ));
            Message::text(html)
        }
    }
}

fn choose(scene: &Scene<'_>, typed: &str, tasks: &[TaskId], more: usize) -> Message {
    let rest = match more {
        0 => String::new(),
        more => format!("另有{more}项未列出，可写得更全一些。"),
    };
    let mut message = plain(format!("“{}”可能指以下几项，请选择。{rest}", shown(typed)));
    for task in tasks {
        let label = naming::task(scene.frame, task);
        message = message.row(vec![press(label, Press::Terms(task.clone()))]);
    }
    message
}

/// What holds, where each comes from, and what can be changed.
fn card(scene: &Scene<'_>, task: &TaskId) -> Message {
    let today = calendar::date_of(scene.now);
    let plan = &scene.frame.plan;
    let (Some(indicator), Some(terms)) = (
        plan.indicator(task),
        scene.frame.terms(scene.standing, task, today),
    ) else {
        return gone();
    };
    let mut html = Html::new()
        .bold("口径")
        .text(format!(" · {}", naming::task(scene.frame, task)));
    for fact in Fact::ALL {
        for line in fact_lines(scene, task, &terms, fact) {
            html = html.line().text(line);
        }
    }
    for line in fixed(indicator) {
        html = html.line().text(line);
    }
    let sharing: Vec<String> = plan
        .sharing(&indicator.fact)
        .filter(|other| other.id != *task)
        .map(|other| naming::task(scene.frame, &other.id))
        .collect();
    if !sharing.is_empty() {
        html = html.line().text(format!(
            "与{}共用一个填报数，口径各自确定。",
            sharing.join("、")
        ));
    }
    let open = scene.frame.open_doubts(scene.standing, task);
    for doubt in &open {
        html = html.line().text(format!("待定：{}", doubt.question));
    }
    buttons(Message::text(html), task, &terms, &open)
}

fn buttons(message: Message, task: &TaskId, terms: &Terms<'_>, open: &[&Doubt]) -> Message {
    let change = |label: &str, fact| press(label, Press::Change(fact, task.clone()));
    let target = terms.now.has(Fact::Target);
    let target = target.then(|| change("改目标值", Fact::Target));
    let first: Vec<Button> = target
        .into_iter()
        .chain([change("改完成时限", Fact::Due)])
        .collect();
    let second = vec![
        change("改基数", Fact::Baseline),
        change("改填报单位", Fact::FilingLead),
    ];
    let mut message = message.row(first).row(second);
    for doubt in open {
        let label = format!("写明待定：{}", clip(&doubt.question, MOST_BASIS / 4));
        message = message.row(vec![press(label, Press::Write(doubt.id.clone()))]);
    }
    message.row(vec![press("退出", Press::Leave)])
}

/// 目标值：≥12座; where it comes from; what it was.
fn fact_lines(scene: &Scene<'_>, task: &TaskId, terms: &Terms<'_>, fact: Fact) -> Vec<String> {
    let now = naming::value_of(
        scene.frame,
        task,
        &terms.now,
        fact,
        calendar::date_of(scene.now),
    );
    if now.is_none() && fact == Fact::Target {
        return vec!["节点指标，不设目标值".to_owned()];
    }
    let from = source(scene, terms.source(fact));
    let Some(value) = now else {
        return vec![format!("{}：未定", naming::fact(fact))];
    };
    let mut lines = vec![format!("{}：{value}（{from}）", naming::fact(fact))];
    if let Some(before) = terms.changed_from(fact) {
        let today = calendar::date_of(scene.now);
        let before = naming::value_of(scene.frame, task, &before, fact, today);
        lines.push(format!("  原为{}", before.unwrap_or_default()));
    }
    lines
}

/// 方案, 栾频 11月24日改，依据 乳发改〔2026〕12号，第41号.
fn source(scene: &Scene<'_>, source: &Source<'_>) -> String {
    let when = |at| naming::moment(at, scene.now);
    match source {
        Source::Published => "方案".to_owned(),
        Source::Settled(settled) => settled_by(scene, settled),
        Source::Extended { seq, at, by } => {
            let by = by.map_or_else(String::new, |by| naming::actor(scene.frame, by));
            format!("{by} {} 同意延期，第{seq}号", when(*at))
        }
        Source::DueSet { seq, at } => format!("办公室 {} 定，第{seq}号", when(*at)),
    }
}

fn settled_by(scene: &Scene<'_>, settled: &Settled) -> String {
    let who = naming::actor(scene.frame, &settled.by);
    let when = naming::moment(settled.at, scene.now);
    let how = match settled.how {
        Settlement::AsProposed(_) | Settlement::InWords { .. } => "定",
        Settlement::Changed { .. } => "改",
    };
    let basis = naming::basis(settled.basis.as_ref());
    let basis = basis.map_or_else(String::new, |basis| {
        format!("，依据 {}", clip(&basis, MOST_BASIS))
    });
    format!("{who} {when} {how}{basis}，第{}号", settled.seq)
}

/// What the plan alone says.
fn fixed(indicator: &Indicator) -> Vec<String> {
    let comparator = match indicator.comparator {
        Comparator::Above => "大于",
        Comparator::AtLeast => "不低于",
        Comparator::AtMost => "不高于",
        Comparator::Exactly => "等于",
        Comparator::About => "约（上下5%）",
    };
    let unit = indicator.unit_of_measure.shown.as_str();
    let mut lines = Vec::new();
    if indicator.target.is_some() {
        lines.push(format!("比较方式：{comparator}；计量单位：{unit}（方案）"));
    }
    let yearly = match indicator.recurrence {
        Recurrence::Once => "",
        Recurrence::Yearly => "，每年一次",
    };
    let pace = match &indicator.pace {
        PaceCurve::Linear => "按工作日均匀".to_owned(),
        PaceCurve::Points(points) => format!("按方案分{}个节点", points.len()),
    };
    lines.push(format!("序时进度：{pace}{yearly}（方案）"));
    if let Some(words) = &indicator.due_as_written {
        lines.push(format!("时限原文：{words}"));
    }
    lines
}

fn value_wanted(scene: &Scene<'_>, change: &Change, original: &Sets, units: &[UnitId]) -> Message {
    let today = calendar::date_of(scene.now);
    let name = naming::fact(change.fact);
    let value = |sets: &Sets| {
        naming::value_of(scene.frame, &change.task, sets, change.fact, today)
            .unwrap_or_else(|| "未定".to_owned())
    };
    let html = Html::new()
        .bold(format!("改{name}"))
        .text(format!(" · {}", naming::task(scene.frame, &change.task)))
        .line()
        .text(format!("现为{}", value(&change.before)))
        .line()
        .line()
        .text(question(scene, change));
    let mut message = Message::text(html);
    for unit in units.chunks(2) {
        let row = unit.iter().map(|unit| {
            let label = naming::unit(scene.frame, unit);
            press(label, Press::Lead(unit.clone()))
        });
        message = message.row(row.collect());
    }
    if !original.is_empty() {
        let label = format!("改回{}", value(original));
        message = message.row(vec![press(label, Press::Original)]);
    }
    message.row(vec![
        press("返回", Press::Terms(change.task.clone())),
        press("退出", Press::Leave),
    ])
}

fn question(scene: &Scene<'_>, change: &Change) -> String {
    let plan = &scene.frame.plan;
    let unit = plan
        .indicator(&change.task)
        .map_or("", |indicator| indicator.unit_of_measure.shown.as_str());
    match change.fact {
        Fact::Target => format!("新的目标值是多少？请回复数字（单位：{unit}）。"),
        Fact::Baseline => format!("基数是多少？请回复数字（单位：{unit}）。"),
        Fact::Due => {
            let today = calendar::date_of(scene.now);
            let task_force = &plan.task_force;
            format!(
                "新的完成时限是哪一天？请回复{}至{}之间的日期，例如：2027年6月30日",
                naming::day(task_force.starts, today),
                naming::day(task_force.ends, today)
            )
        }
        Fact::FilingLead => "由哪个单位填报？请回复单位名称。".to_owned(),
    }
}

fn refused(scene: &Scene<'_>, change: &Change, typed: &str, readings: &[Decimal]) -> Message {
    let typed = shown(typed);
    let indicator = scene.frame.plan.indicator(&change.task);
    let amounts: Vec<String> = readings
        .iter()
        .filter_map(|value| Some(item::amount(indicator?, *value)))
        .collect();
    let why = match amounts.as_slice() {
        [exact] => format!("“{typed}”不是准确数，请写明，例如 {exact}"),
        [_, ..] => format!("“{typed}”可能是{}，请带单位写清。", amounts.join("，或 ")),
        [] => format!(
            "“{typed}”不能作为{}。{}",
            naming::fact(change.fact),
            question(scene, change)
        ),
    };
    plain(why).row(vec![
        press("返回", Press::Terms(change.task.clone())),
        press("退出", Press::Leave),
    ])
}

/// 6-1 改造换热站: 目标值 ≥10座 → ≥12座, above the question for its basis.
pub(super) fn heading(scene: &Scene<'_>, change: &Change) -> Html {
    Html::new()
        .bold("调整口径")
        .text(format!(" · {}", naming::task(scene.frame, &change.task)))
        .line()
        .text(moved(scene, change))
}

fn moved(scene: &Scene<'_>, change: &Change) -> String {
    let today = calendar::date_of(scene.now);
    let (before, sets) = (&change.before, &change.sets);
    naming::moved(scene.frame, &change.task, before, sets, today).join("，")
}

fn preview(scene: &Scene<'_>, change: &Change, basis: Option<&str>) -> Message {
    let mut html = Html::new()
        .bold("请核对")
        .text(format!(" · {}", naming::task(scene.frame, &change.task)))
        .line()
        .text(moved(scene, change))
        .line()
        .text(based_on(basis));
    for line in consequences(scene, change) {
        html = html.line().text(line);
    }
    let stamp = change_stamp(change, basis);
    Message::text(html)
        .row(vec![press("确认调整", Press::ChangeSure(stamp))])
        .row(vec![
            press("上一步", Press::ChangeBack),
            press("退出", Press::Leave),
        ])
}

/// What follows from a change that one may not think of.
fn consequences(scene: &Scene<'_>, change: &Change) -> Vec<String> {
    let today = calendar::date_of(scene.now);
    let mut lines = Vec::new();
    if change.sets.due.is_some_and(|due| due < today) {
        lines.push("这一天已过，确认后按逾期计。".to_owned());
    }
    let unit = change.sets.filing_lead.as_ref();
    let unit = unit.and_then(|unit| scene.frame.plan.unit(unit));
    if let Some(unit) = unit.filter(|unit| unit.filer.is_none()) {
        lines.push(format!(
            "{}没有填报人，确认后由专班办公室填报。",
            unit.short_name
        ));
    }
    lines.push("确认后即时生效，告知填报单位；原值在台账中保留，以后可以改回。".to_owned());
    lines
}

fn gone() -> Message {
    Message::text("现行方案里已没有这一项。")
}

fn changed_before(scene: &Scene<'_>, task: &TaskId, fact: Fact) -> Message {
    let today = calendar::date_of(scene.now);
    let name = naming::fact(fact);
    let Some(terms) = scene.frame.terms(scene.standing, task, today) else {
        return gone();
    };
    let now = naming::value_of(scene.frame, task, &terms.now, fact, today);
    let now = now.unwrap_or_else(|| "未定".to_owned());
    plain(format!(
        "{} 的{name}刚才已有变动，现为{now}（{}）。您的改动没有写入。",
        naming::task(scene.frame, task),
        source(scene, terms.source(fact))
    ))
    .row(vec![
        press("看现行口径", Press::Terms(task.clone())),
        press("退出", Press::Leave),
    ])
}
