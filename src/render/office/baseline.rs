//! Messages on the initial baseline (初始台账) and new deadlines.

use chrono::NaiveDate;

use super::{by, plain, press};
use crate::calendar;
use crate::conversation::office::{BaselineSay, BaselineTask, Press};
use crate::ledger::{BaselineAnswer, Initial, TaskView};
use crate::plan::{Amount, TaskId};
use crate::render::people::shown;
use crate::render::{Button, Html, Message, Scene, naming};

/// Items with buttons in one list; the next ones move up as these are decided.
const MOST_ITEMS: usize = 10;

/// Every message on the baseline.
pub(super) fn say(scene: &Scene<'_>, say: &BaselineSay) -> Message {
    let today = calendar::date_of(scene.now);
    match say {
        BaselineSay::NothingToDecide => Message::text("没有待采用的方案，也没有待处理的初始台账。"),
        BaselineSay::List(tasks) => list(scene, tasks),
        BaselineSay::DecidedBefore(Some(decided)) => plain(format!(
            "本条已{}决定，现在无需处理。",
            by(scene, Some(decided))
        )),
        BaselineSay::DecidedBefore(None) => Message::text("本条已不在初始台账中，无需处理。"),
        BaselineSay::OwnFiling => {
            Message::text("这一项是您本人填报的，请由办公室其他人员或副组长决定。")
        }
        BaselineSay::DueWanted(task) => plain(format!(
            "请回复“{}”的新完成时限，例如：2027年6月30日",
            naming::task(scene.frame, task)
        ))
        .row(vec![press("退出", Press::Leave)]),
        BaselineSay::DueRefused { typed, from, to } => plain(format!(
            "“{}”不能作为时限。请回复{}至{}之间的日期，例如：{}",
            shown(typed),
            naming::day(*from, today),
            naming::day(*to, today),
            naming::day(*to, today)
        ))
        .row(vec![press("退出", Press::Leave)]),
        BaselineSay::DueSet { task, due, by, own } => plain(format!(
            "{}的完成时限定为{}，由{}决定{}。",
            naming::task(scene.frame, task),
            naming::day(*due, today),
            naming::person(scene.frame, by),
            if *own { "（自办自批）" } else { "" }
        )),
    }
}

fn list(scene: &Scene<'_>, tasks: &[BaselineTask]) -> Message {
    if tasks.is_empty() {
        return Message::text("初始台账已全部处理。");
    }
    let title = Html::new()
        .bold("初始台账")
        .text(format!(" · 待处理{}项", tasks.len()));
    let mut blocks = vec![String::from(title)];
    let mut keyboard = Vec::new();
    let today = calendar::date_of(scene.now);
    for (index, item) in tasks.iter().take(MOST_ITEMS).enumerate() {
        let Some(view) = scene.frame.task_view(scene.standing, &item.task, today) else {
            continue;
        };
        let line = format!("{}. {}", index + 1, item_line(&view, item, today));
        blocks.push(Html::new().text(line).into());
        keyboard.push(buttons(&item.task, &view.task.label, item, today));
    }
    if tasks.len() > MOST_ITEMS {
        blocks.push(format!(
            "其余{}项随处理依次列出。",
            tasks.len() - MOST_ITEMS
        ));
    }
    Message {
        blocks,
        keyboard,
        ..Message::default()
    }
}

/// 6-1 改造换热站：已完成（2024年12月20日），10座，目标10座.
fn item_line(view: &TaskView<'_>, item: &BaselineTask, today: NaiveDate) -> String {
    let name = format!("{} {}", view.task.label, view.task.name);
    let value = value_and_target(view);
    match item.answer {
        Initial::Reached { on } => {
            let on = on.map_or_else(String::new, |day| {
                format!("（{}）", naming::day(day, today))
            });
            format!("{name}：已完成{on}{value}")
        }
        Initial::NotReached { wanted } => {
            let reason = reason_of(view).map_or_else(String::new, |why| format!("，原因：{why}"));
            let wanted = wanted.map_or_else(String::new, |day| {
                format!("，申请 {} 完成", naming::day(day, today))
            });
            format!("{name}：未完成{value}{reason}{wanted}")
        }
        Initial::Unknown => name,
    }
}

fn value_and_target(view: &TaskView<'_>) -> String {
    let Some(indicator) = view.indicator else {
        return String::new();
    };
    let unit = &indicator.unit_of_measure;
    let amount = |value| Amount { value, unit };
    match (view.actual(), indicator.target) {
        (Some(actual), Some(target)) => {
            format!("，现{}，目标{}", amount(actual), amount(target))
        }
        (Some(actual), None) => format!("，现{}", amount(actual)),
        (None, _) => String::new(),
    }
}

fn reason_of<'a>(view: &'a TaskView<'_>) -> Option<&'a str> {
    match view.last_report()?.report.baseline.as_ref()? {
        BaselineAnswer::NotReached { reason, .. } => {
            Some(reason.body().unwrap_or(crate::render::REDACTED))
        }
        BaselineAnswer::Reached { .. } => None,
    }
}

fn buttons(task: &TaskId, label: &str, item: &BaselineTask, today: NaiveDate) -> Vec<Button> {
    match item.answer {
        Initial::Reached { .. } => vec![press(
            format!("✅ 办结 {label}"),
            Press::Close(task.clone()),
        )],
        Initial::NotReached { wanted } => {
            let wanted = wanted.filter(|day| *day > today).map(|day| {
                press(
                    format!("{label} 定为{}", naming::day(day, today)),
                    Press::Due(task.clone(), day),
                )
            });
            let other = press(format!("{label} 另定时限"), Press::OtherDue(task.clone()));
            wanted.into_iter().chain([other]).collect()
        }
        Initial::Unknown => Vec::new(),
    }
}
