//! Messages on assigned items (交办): the talk's questions, the card with its receipt, what became of it.

mod card;
mod project;
mod question;

use rust_decimal::Decimal;

use super::{Button, Html, Message, Scene, naming};
use crate::calendar;
use crate::conversation::assign::{AssignSay, MOST_PROJECT, MOST_TEXT, Press, Talk};
use crate::conversation::payload::Payload;
use crate::ledger::{Assignee, ProjectStage};
use crate::plan::Rhythm;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &AssignSay) -> Message {
    let today = calendar::date_of(scene.now);
    match say {
        AssignSay::Ask(talk) => match &**talk {
            Talk::Item(draft) => question::item(scene, draft),
            Talk::Project(draft) => project::question(scene, draft),
            Talk::Move { task, to } => project::date(scene, task, *to),
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
        AssignSay::NameTooLong(length) => plain(format!(
            "项目名称有{length}字，最多{MOST_PROJECT}字，请缩短后重发。"
        )),
        AssignSay::NoMeasure(typed) => plain(format!(
            "没有“{}”这项举措。请发举措号，例如：6；不属于哪一项的点按钮。",
            super::item::clip(typed, 20)
        )),
        AssignSay::MoneyUnclear(typed) => plain(format!(
            "“{}”读不出金额。请发例如：38000、9000万元、3.8亿元",
            super::item::clip(typed, 20)
        )),
        AssignSay::Projects(page) => project::list(scene, *page),
        AssignSay::Project(task) => project::one(scene, task, None),
        AssignSay::ToldProject(task, by) => project::one(scene, task, Some(by)),
        AssignSay::DropSure(task) => project::drop_sure(scene, task),
        AssignSay::Left => Message::text("已退出，没有记录。"),
        AssignSay::LeftMeeting(seq) => card::left_meeting(scene, *seq),
        AssignSay::MeetingOff(seq) => {
            Message::text(Html::new().text(format!("第{seq}号会议已取消，请另选来源，或点退出。")))
        }
    }
}

/// A line a stage of the projects: 立项：3个，总投资3.8亿元，申请资金9000万元.
pub fn stages(totals: &[crate::digest::StageTotal]) -> Vec<String> {
    let line = |total: &crate::digest::StageTotal| {
        format!(
            "{}：{}个，总投资{}，申请资金{}",
            stage(total.stage),
            total.count,
            money(total.investment),
            money(total.funding)
        )
    };
    totals.iter().map(line).collect()
}

/// A stage of a project.
pub fn stage(stage: ProjectStage) -> &'static str {
    match stage {
        ProjectStage::Planned => "谋划",
        ProjectStage::Approved => "立项",
        ProjectStage::Begun => "开工",
        ProjectStage::Building => "在建",
        ProjectStage::Finished => "竣工",
    }
}

/// An amount of yuan in 亿元 or 万元.
pub fn money(yuan: Decimal) -> String {
    let (one, unit) = match yuan.abs() {
        whole if whole >= Decimal::from(100_000_000) => (100_000_000, "亿元"),
        whole if whole >= Decimal::from(10_000) => (10_000, "万元"),
        _ => (1, "元"),
    };
    format!("{}{unit}", (yuan / Decimal::from(one)).normalize())
}

/// To the office: what somebody has not received after two working days.
pub fn unreceived(scene: &Scene<'_>, notice: &crate::schedule::Notice) -> Message {
    card::unreceived(scene, notice)
}

/// A unit's short name, or a person with their unit.
pub fn assignee(scene: &Scene<'_>, assignee: &Assignee) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_shown_in_the_unit_people_use() {
        let shown = |yuan: &str| money(yuan.parse().unwrap());
        assert_eq!(shown("380000000"), "3.8亿元");
        assert_eq!(shown("90000000.00"), "9000万元");
        assert_eq!(shown("5000"), "5000元");
        assert_eq!(shown("0"), "0元");
    }
}
