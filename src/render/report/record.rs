//! What is on record: ✅, the group's line, and hints.

use super::words;
use crate::conversation::payload::Payload;
use crate::conversation::report::{HintClosed, NotCorrectable, Press, Recorded, RecordedAs};
use crate::conversation::request::{self, Kind};
use crate::ledger::{BaselineAnswer, Filed, Hint, Judgement, TaskView, Value, light_of};
use crate::plan::{IndicatorKind, PersonId, TaskId};
use crate::render::{Button, Html, Message, Scene, naming};

/// Items named in the group's line; more are counted.
const MOST_IN_LINE: usize = 6;

/// ✅.
pub(super) fn recorded(scene: &Scene<'_>, recorded: &Recorded) -> Message {
    let seq = recorded.seq;
    let first = match recorded.what {
        RecordedAs::Report { late: false } => {
            format!("✅ 已记录（第 {seq} 号）。下次周报前可点[更正]。")
        }
        RecordedAs::Report { late: true } => {
            format!("✅ 已记录（第 {seq} 号，迟报），计入下一期周报。有误可点[更正]。")
        }
        RecordedAs::Correction { marked: false } => {
            format!("✅ 已更正（第 {seq} 号）。下次周报前还可再改。")
        }
        RecordedAs::Correction { marked: true } => {
            format!("✅ 已更正（第 {seq} 号）。原数已进过周报，下期周报将注明更正。")
        }
        RecordedAs::Hint => format!(
            "✅ 已转交（第 {seq} 号）。{}采用后才计入，结果会告知您。",
            deciders(scene, &recorded.task)
        ),
    };
    let mut html = Html::new().text(first);
    let mut row = Vec::new();
    match recorded.what {
        RecordedAs::Report { .. } | RecordedAs::Correction { .. } => {
            row.push(own(&recorded.person, "更正", Press::Correct(seq)));
        }
        RecordedAs::Hint => {}
    }
    if let Some(kind) = recorded.offer {
        let label = match kind {
            Kind::Close => "申请办结",
            Kind::Extend => "申请延期",
            Kind::Reopen | Kind::Freeze => "办理",
        };
        let start = request::Press::Start(kind, recorded.task.clone());
        row.push(Button::press(label, Payload::Request(start).encode()));
    }
    if let Some(next) = recorded.ahead.first() {
        html = html.line().text(format!(
            "还有{}项：{}",
            recorded.ahead.len(),
            naming::task(scene.frame, next)
        ));
        row.push(own(&recorded.person, "继续填", Press::Item(next.clone())));
    }
    Message::text(html).row(row)
}

fn deciders(scene: &Scene<'_>, task: &TaskId) -> String {
    let filer = words::view(scene, task).and_then(|view| view.filer(scene.frame).cloned());
    match filer {
        Some(filer) => format!("{}或专班办公室", naming::person(scene.frame, &filer)),
        None => "专班办公室".to_owned(),
    }
}

/// A button of this slice.
pub(super) fn press(label: impl Into<String>, press: Press) -> Button {
    Button::press(label, Payload::Report(press).encode())
}

/// A button that only this person may press.
pub(super) fn own(person: &PersonId, label: impl Into<String>, inner: Press) -> Button {
    press(label, Press::Own(person.clone(), Box::new(inner)))
}

/// The group's line about a sitting.
pub(super) fn line(scene: &Scene<'_>, seqs: &[u64]) -> Message {
    let mut items: Vec<(TaskView<'_>, &Filed)> = Vec::new();
    for filed in seqs.iter().filter_map(|seq| find(scene, *seq)) {
        let Some(view) = words::view(scene, &filed.report.task) else {
            continue;
        };
        // An item answered twice in a sitting is named once, as it stands.
        items.retain(|(_, other)| other.report.task != filed.report.task);
        items.push((view, filed));
    }
    let Some((first, filed)) = items.first() else {
        return Message::text("已收到反馈。");
    };
    let unit = first.filing_unit.as_ref();
    let unit = unit.map_or("专班办公室".to_owned(), |unit| {
        naming::unit(scene.frame, unit)
    });
    if let [(view, _)] = items.as_slice() {
        let name = naming::task(scene.frame, &view.task.id);
        let said = said(view, filed);
        return Message::text(Html::new().text(format!(
            "{} {unit}{} 反馈 {name}：{said}",
            mark(scene, view),
            in_place(scene, filed)
        )));
    }
    let each = items.iter().take(MOST_IN_LINE).map(|(view, filed)| {
        let (label, said) = (&view.task.label, said(view, filed));
        format!("{} {label} {said}", mark(scene, view))
    });
    let mut line = format!(
        "{unit}{} 反馈{}项：{}",
        in_place(scene, filed),
        items.len(),
        each.collect::<Vec<_>>().join("；")
    );
    if items.len() > MOST_IN_LINE {
        line.push_str("；等");
    }
    Message::text(Html::new().text(line))
}

/// （王芳代报）, where somebody filed in another's place.
fn in_place(scene: &Scene<'_>, filed: &Filed) -> String {
    match naming::in_place(scene.frame, filed) {
        nobody if nobody.is_empty() => nobody,
        by => format!("（{by}）"),
    }
}

fn find<'a>(scene: &Scene<'a>, seq: u64) -> Option<&'a Filed> {
    let reports = scene
        .standing
        .tasks
        .values()
        .flat_map(|state| &state.reports);
    reports.map(AsRef::as_ref).find(|filed| filed.seq == seq)
}

fn mark(scene: &Scene<'_>, view: &TaskView<'_>) -> &'static str {
    let (light, _) = light_of(scene.frame, scene.standing, view, scene.now);
    words::light(light)
}

/// What a report said in a few words: 9/10 座（+1）, 进行中, 无变化.
fn said(view: &TaskView<'_>, filed: &Filed) -> String {
    let report = &filed.report;
    let value = match (report.value, view.indicator) {
        (Value::Number(value), Some(indicator)) => {
            let unit = &indicator.unit_of_measure;
            let of = indicator.target.map(|target| words::spaced(target, unit));
            match of {
                // A level is held against its target, not a part of it.
                Some(_) if indicator.kind == IndicatorKind::Level => {
                    let target = words::target(indicator).unwrap_or_default();
                    format!("{}，目标 {target}", words::spaced(value, unit))
                }
                Some(of) => format!("{}/{of}", words::number(value, unit)),
                None => words::spaced(value, unit),
            }
        }
        (Value::Stage(stage), _) => words::stage(stage).to_owned(),
        (Value::Number(_) | Value::None, _) => "进展已更新".to_owned(),
    };
    let value = match report.baseline {
        Some(BaselineAnswer::Reached { .. }) => format!("{value}，已完成"),
        Some(BaselineAnswer::NotReached { .. }) | None => value,
    };
    if report.unchanged && report.value == Value::None {
        return "无变化".to_owned();
    }
    let beside = match change(view, filed) {
        Some(change) => Some(change),
        None if report.unchanged => Some("无变化".to_owned()),
        None => None,
    };
    match beside {
        Some(beside) => format!("{value}（{beside}）"),
        None => value,
    }
}

/// The change of the number since the report before: +1.
fn change(view: &TaskView<'_>, filed: &Filed) -> Option<String> {
    let indicator = view.indicator?;
    let Value::Number(value) = filed.report.value else {
        return None;
    };
    let at = view
        .reports
        .iter()
        .position(|other| other.seq == filed.seq)?;
    let earlier = view.reports[..at].iter().rev();
    let before = earlier
        .filter_map(|other| match other.report.value {
            Value::Number(before) => Some(before),
            Value::Stage(_) | Value::None => None,
        })
        .next()?;
    let change = value.checked_sub(before)?;
    if change.is_zero() {
        return None;
    }
    let shown = indicator.unit_of_measure.to_shown(change);
    let sign = if change.is_sign_positive() { "+" } else { "" };
    Some(format!("{sign}{shown}"))
}

/// A hint, proposed to whoever may take it.
pub(super) fn proposal(scene: &Scene<'_>, task: &TaskId, seq: u64) -> Message {
    let name = naming::task(scene.frame, task);
    let mut html = Html::new().bold("转交").text(format!(" · {name}"));
    let Some(hint) = hint(scene, task, seq) else {
        return Message::text(html);
    };
    html = html.line().text(hint_line(scene, task, hint));
    if let Some(text) = hint.words.as_ref().and_then(|text| text.body()) {
        html = html
            .line()
            .text(format!("“{}”", words::cut(text, words::MOST_SHOWN)));
    }
    if let Some(view) = words::view(scene, task) {
        let target = view.indicator.and_then(words::target);
        let last = words::last(scene, &view);
        let facts = [target.map(|target| format!("目标 {target}")), last];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        if !facts.is_empty() {
            html = html.line().text(facts.join(" · "));
        }
    }
    html = html.line().text("点一个判断即采用并计入；不点不计入。");
    let take = |judgement| {
        let label = format!("采用：{}", words::judgement(judgement));
        press(label, Press::TakeHint(seq, judgement))
    };
    Message::text(html)
        .row(vec![take(Judgement::Normal), take(Judgement::Difficult)])
        .row(vec![take(Judgement::Blocked), take(Judgement::Done)])
        .row(vec![press("不采用", Press::DropHint(seq))])
}

fn hint<'a>(scene: &Scene<'a>, task: &TaskId, seq: u64) -> Option<&'a Hint> {
    let mut hints = scene.standing.task_state(task).hints.iter();
    hints.find(|hint| hint.seq == seq)
}

fn hint_line(scene: &Scene<'_>, task: &TaskId, hint: &Hint) -> String {
    let from = match &hint.by {
        crate::ledger::Actor::Person(person) => naming::person_with_unit(scene.frame, person),
        other => naming::actor(scene.frame, other),
    };
    let indicator = scene.frame.plan.indicator(task);
    match (hint.value, indicator) {
        (Value::Number(value), Some(indicator)) => {
            format!(
                "{from}转来：{}",
                words::spaced(value, &indicator.unit_of_measure)
            )
        }
        (Value::Stage(stage), _) => format!("{from}转来：{}", words::stage(stage)),
        (Value::Number(_) | Value::None, _) => format!("{from}转来一句话"),
    }
}

/// A hint was decided.
pub(super) fn hint_decided(
    scene: &Scene<'_>,
    task: &TaskId,
    seq: u64,
    taken: bool,
    by: &PersonId,
) -> Message {
    let name = naming::task(scene.frame, task);
    let by = naming::person(scene.frame, by);
    let word = if taken {
        "已采用并计入"
    } else {
        "未采用"
    };
    Message::text(Html::new().text(format!("转交（第 {seq} 号，{name}）：{by}{word}。")))
}

/// A hint that cannot be decided (any more).
pub(super) fn hint_closed(why: &HintClosed) -> Message {
    Message::text(match why {
        HintClosed::Decided { taken: true } => "这条转交已经采用，现在无需处理。",
        HintClosed::Decided { taken: false } => "这条转交已定为不采用，现在无需处理。",
        HintClosed::Unknown => "没有这条转交。",
        HintClosed::NotYours => "这条转交由填报单位或专班办公室处理。",
        HintClosed::Own => "自己转交的由别人处理。",
    })
}

/// A report that cannot be corrected.
pub(super) fn not_correctable(why: &NotCorrectable) -> Message {
    match why {
        NotCorrectable::Unknown => Message::text("没有这条记录。"),
        NotCorrectable::Superseded { by } => {
            Message::text(format!("这条之后已有第 {by} 号记录，请更正最新的那一条。"))
                .row(vec![press(format!("更正第 {by} 号"), Press::Correct(*by))])
        }
        NotCorrectable::NotYours => Message::text("这条记录由填报单位更正。"),
    }
}
