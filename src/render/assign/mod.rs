//! Messages on assigned items (交办): the talk's questions, the card with its receipt, what became of it.

mod card;
mod question;

use super::{Button, Html, Message, Scene, naming};
use crate::calendar;
use crate::conversation::assign::{AssignSay, MOST_TEXT, Press, Talk};
use crate::conversation::payload::Payload;
use crate::ledger::Assignee;
use crate::plan::Rhythm;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &AssignSay) -> Message {
    let today = calendar::date_of(scene.now);
    match say {
        AssignSay::Ask(talk) => match &**talk {
            Talk::Item(draft) => question::item(scene, draft),
            Talk::Revoke { task, reason } => card::revoke(scene, task, reason.as_deref()),
        },
        AssignSay::InPrivate => Message::text("已记下，请到私聊里继续。"),
        AssignSay::TooLong(length) => plain(format!(
            "这段文字有{length}字，最多{MOST_TEXT}字，请缩短后重发。"
        )),
        AssignSay::UnknownName(name) => plain(format!(
            "名单里没有“{}”。请发单位简称、别名或人员姓名，几个之间用顿号。",
            super::item::clip(name, 40)
        )),
        AssignSay::CannotLead(person) => plain(format!(
            "{}不代表填报单位，不能牵头。请改发单位或其他人员。",
            naming::person_with_unit(scene.frame, person)
        )),
        AssignSay::DateUnclear => Message::text("没有看懂日期。请发例如：12月10日、月底、下周五。"),
        AssignSay::DatePast(day) => plain(format!(
            "{}已经过去，请发今天或以后的日期。",
            naming::day(*day, today)
        )),
        AssignSay::DateAhead(day) => plain(format!(
            "{}还没有到，请发会议当天的日期。",
            naming::day(*day, today)
        )),
        AssignSay::RhythmUnclear => Message::text("请点按钮，或发：每周、每两周、每月、每季度。"),
        AssignSay::ButtonsAlone => Message::text("这一步请点上面的按钮。"),
        AssignSay::StepOver => Message::text("这个按钮已经失效。重新开始用 /assign"),
        AssignSay::Assigned(task) => card::assigned(scene, task),
        AssignSay::Card { task, person } => card::card(scene, task, person),
        AssignSay::NotYours => Message::text("本项没有交办给您，无需签收。"),
        AssignSay::Revoked(task) => card::revoked(scene, task, true),
        AssignSay::ToldRevoked(task) => card::revoked(scene, task, false),
        AssignSay::List(page) => card::list(scene, *page),
        AssignSay::Left => Message::text("已退出，没有记录。"),
    }
}

/// A unit's short name, or a person with their unit.
pub(super) fn assignee(scene: &Scene<'_>, assignee: &Assignee) -> String {
    match assignee {
        Assignee::Unit(unit) => naming::unit(scene.frame, unit),
        Assignee::Person(person) => naming::person_with_unit(scene.frame, person),
    }
}

fn assignees<'a>(scene: &Scene<'_>, all: impl IntoIterator<Item = &'a Assignee>) -> String {
    let names: Vec<String> = all.into_iter().map(|one| assignee(scene, one)).collect();
    names.join("、")
}

/// How often something is asked.
fn rhythm(rhythm: Rhythm) -> &'static str {
    match rhythm {
        Rhythm::Weekly => "每周",
        Rhythm::TwoWeekly => "每两周",
        Rhythm::Monthly => "每月",
        Rhythm::Quarterly => "每季度",
    }
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}

fn press(label: impl Into<String>, press: Press) -> Button {
    Button::press(label, Payload::Assign(press).encode())
}
