//! 补充: the step that asks for it, and how it stands under an item.

use super::{ask, lists};
use crate::calendar;
use crate::conversation::office::MOST_WORDS;
use crate::conversation::payload::Payload;
use crate::conversation::query::{Press, Question, SupplementSay};
use crate::ledger::Supplement;
use crate::plan::{Measure, PersonId, TaskId, UnitId};
use crate::render::item::clip;
use crate::render::{Button, Html, Message, Scene, naming};

/// Characters of a supplement under its item.
const MOST_SHOWN: usize = 300;

/// 补充 of one item.
pub(super) fn button(label: impl Into<String>, task: &TaskId) -> Button {
    let press = Press::Supplement(task.clone());
    Button::press(label, Payload::Query(press).encode())
}

pub(super) fn say(scene: &Scene<'_>, say: &SupplementSay) -> Message {
    match say {
        SupplementSay::Wanted { task, unit } => wanted(scene, task, unit),
        SupplementSay::Added {
            task,
            seq,
            replaces,
        } => {
            let instead = if *replaces {
                "，代替本期上一条"
            } else {
                ""
            };
            let text = format!(
                "✅ 已记录补充（第 {seq} 号{instead}）：{}。\n随本项显示，不改变进度和灯色。",
                naming::task(scene.frame, task)
            );
            Message::text(Html::new().text(text)).row(vec![
                button("改写", task),
                ask("‹ 本项详情", Question::Task(task.clone())),
            ])
        }
        SupplementSay::NotYours(task) => Message::text(Html::new().text(format!(
            "{}：补充由本项举措的其他牵头单位和责任单位填写，本项办结后不再补充。",
            naming::task(scene.frame, task)
        ))),
        SupplementSay::Left(task) => Message::text("已退出，没有记录。")
            .row(vec![ask("‹ 本项详情", Question::Task(task.clone()))]),
    }
}

fn wanted(scene: &Scene<'_>, task: &TaskId, unit: &UnitId) -> Message {
    let today = calendar::date_of(scene.now);
    let mut html = Html::new()
        .text("补充 ")
        .bold(naming::task(scene.frame, task))
        .line()
        .text(format!(
            "请以{}名义写一段，最多{MOST_WORDS}字，每期一条。",
            naming::unit(scene.frame, unit)
        ));
    let period = scene
        .frame
        .task_view(scene.standing, task, today)
        .map(|view| scene.frame.period(&view, today).id);
    let state = scene.standing.task_state(task);
    let before = period.and_then(|period| state.supplement_of(unit, &period));
    if let Some(before) = before {
        html = html
            .line()
            .text(format!("本期已有：{}", words(before)))
            .line()
            .text("新发的一段会代替它。");
    }
    let leave = Press::LeaveSupplement(task.clone());
    Message::text(html).row(vec![
        ask("‹ 本项详情", Question::Task(task.clone())),
        Button::press("退出", Payload::Query(leave).encode()),
    ])
}

fn words(supplement: &Supplement) -> String {
    let body = supplement.words.body();
    body.map_or_else(
        || crate::render::REDACTED.to_owned(),
        |body| clip(body, MOST_SHOWN),
    )
}

/// 补充（市财政局，11月23日）：…
pub(super) fn lines(scene: &Scene<'_>, task: &TaskId) -> Vec<String> {
    let today = calendar::date_of(scene.now);
    let newest = scene.standing.task_state(task).newest_supplements();
    let line = |one: &Supplement| {
        format!(
            "补充（{}，{}）：{}",
            naming::unit(scene.frame, &one.unit),
            naming::day(calendar::date_of(one.at), today),
            words(one)
        )
    };
    newest.into_iter().map(line).collect()
}

/// The measures with an open item that others file and the person's units take part in.
pub(in crate::render) fn measures<'a>(scene: &Scene<'a>, person: &PersonId) -> Vec<&'a Measure> {
    let today = calendar::date_of(scene.now);
    let views = scene.frame.task_views(scene.standing, today);
    let part = |measure: &&Measure| {
        let mut own = views
            .iter()
            .filter(|view| view.task.measure.as_ref() == Some(&measure.id));
        own.any(|view| view.supplementing_unit(scene.frame, person).is_some())
    };
    scene.frame.plan.measures.iter().filter(part).collect()
}

/// The list of them.
pub(super) fn takes_part(scene: &Scene<'_>, person: &PersonId, page: usize) -> Message {
    let measures = measures(scene, person);
    if measures.is_empty() {
        return lists::gone();
    }
    let question = Question::TakesPart(person.clone());
    super::overview::measures_of(scene, "参与的举措", &measures, &question, page)
}
