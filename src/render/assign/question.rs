//! The questions of `/assign`, one a step, and the preview.

use super::{assignee, assignees, press, rhythm};
use crate::calendar;
use crate::conversation::assign::{ItemDraft, ItemStep, OriginDraft, Press, Tap};
use crate::conversation::meeting as meetings;
use crate::conversation::payload::Payload;
use crate::ledger::Assignee;
use crate::plan::Rhythm;
use crate::render::item::clip;
use crate::render::{Button, Html, Message, Scene, meeting, naming};

/// Units offered at a time.
const PAGE: usize = 12;
/// Units in a row.
const ROW: usize = 3;
/// Characters of the item's text shown above a question.
const MOST_HEAD: usize = 60;

/// The question of the step.
pub(super) fn item(scene: &Scene<'_>, draft: &ItemDraft) -> Message {
    match draft.step {
        ItemStep::What => match draft.meeting() {
            Some(seq) => decision(scene, draft, seq),
            None => what(draft),
        },
        ItemStep::Lead => who(
            scene,
            draft,
            "由谁牵头？点单位，或发单位、姓名；几个用顿号分开，第一个牵头，其余配合。",
        ),
        ItemStep::Supporting => supporting(scene, draft),
        ItemStep::Due => step(
            draft,
            "什么时候完成？发日期，例如：12月10日、月底、下周五。",
        )
        .row(vec![press("长期", Press::Tap(Tap::OpenEnded))])
        .row(ways_out()),
        ItemStep::Rhythm => how_often(draft),
        ItemStep::Origin => step(draft, "从哪里来？点按钮，或写一句，例如：市政府常务会议。")
            .row(vec![
                press("专班会议", Press::Tap(Tap::Meeting)),
                press("领导批示", Press::Tap(Tap::Instruction)),
            ])
            .row(ways_out()),
        ItemStep::MeetingDay => step(draft, "哪天的会议？发日期，例如：11月20日。")
            .row(vec![press("今天", Press::Tap(Tap::Today))])
            .row(ways_out()),
        ItemStep::Preview => preview(scene, draft),
    }
}

fn ways_out() -> Vec<Button> {
    vec![press("上一步", Press::Back), press("退出", Press::Leave)]
}

/// The next decision of a meeting, until there are no more.
fn decision(scene: &Scene<'_>, draft: &ItemDraft, seq: u64) -> Message {
    let meeting = scene.standing.meeting(seq);
    let count = meeting.map_or(0, |meeting| meeting.items(scene.standing).len());
    let name = meeting.map_or_else(String::new, |one| meeting::name(scene, one));
    let mut html = Html::new().bold("会议议定事项").text(format!(" · {name}"));
    if !draft.what.is_empty() {
        let now = format!("现在是：{}", clip(&draft.what, MOST_HEAD));
        html = html.line().text(now);
    }
    let question = format!(
        "第{}项是什么？写清要做的事，最多1000字。没有了点“完”。",
        count + 1
    );
    let end = Payload::Meeting(meetings::Press::End(seq)).encode();
    Message::text(html.line().text(question))
        .row(vec![Button::press("完", end), press("退出", Press::Leave)])
}

fn what(draft: &ItemDraft) -> Message {
    let mut html = Html::new().bold("交办事项").line();
    if !draft.what.is_empty() {
        html = html
            .text(format!("现在是：{}", clip(&draft.what, MOST_HEAD)))
            .line();
    }
    let html = html.text(
        "交办什么？写清要做的事，最多1000字。也可以用 /assign 回复一条消息，那条消息就是事项。",
    );
    Message::text(html).row(vec![
        press("已交办的事项", Press::List(0)),
        press("退出", Press::Leave),
    ])
}

fn step(draft: &ItemDraft, question: &str) -> Message {
    let html = Html::new()
        .bold("交办")
        .text(format!(" · {}", clip(&draft.what, MOST_HEAD)))
        .line()
        .line()
        .text(question);
    Message::text(html)
}

fn how_often(draft: &ItemDraft) -> Message {
    let choice = |of: Rhythm| press(rhythm(of), Press::Tap(Tap::Rhythm(of)));
    step(draft, "多久问一次进展？一般每月。")
        .row(vec![choice(Rhythm::Monthly), choice(Rhythm::Weekly)])
        .row(vec![choice(Rhythm::TwoWeekly), choice(Rhythm::Quarterly)])
        .row(ways_out())
}

fn supporting(scene: &Scene<'_>, draft: &ItemDraft) -> Message {
    let lead = draft.lead.as_ref().map(|lead| assignee(scene, lead));
    let mut question = format!("牵头：{}\n", lead.unwrap_or_default());
    if !draft.supporting.is_empty() {
        question += &format!("配合：{}\n", assignees(scene, &draft.supporting));
    }
    question += "由谁配合？点单位，或发单位、姓名；再点一次取消。没有就点下一步。";
    let mut message = who(scene, draft, &question);
    message
        .keyboard
        .insert(0, vec![press("下一步", Press::Tap(Tap::Done))]);
    message
}

/// Units of the plan, page by page.
fn who(scene: &Scene<'_>, draft: &ItemDraft, question: &str) -> Message {
    let supporting = draft.step == ItemStep::Supporting;
    let is_lead = |unit: &crate::plan::Unit| draft.lead == Some(Assignee::Unit(unit.id.clone()));
    let units = scene.frame.plan.units.iter();
    let units: Vec<_> = units
        .filter(|unit| !(supporting && is_lead(unit)))
        .collect();
    let from = draft.page * PAGE;
    let button = |unit: &&crate::plan::Unit| {
        let one = Assignee::Unit(unit.id.clone());
        let mark = if draft.supporting.contains(&one) {
            "✓ "
        } else {
            ""
        };
        press(
            format!("{mark}{}", unit.short_name),
            Press::Tap(Tap::Who(one)),
        )
    };
    let shown: Vec<Button> = units.iter().skip(from).take(PAGE).map(button).collect();
    let mut message = step(draft, question);
    for row in shown.chunks(ROW) {
        message = message.row(row.to_vec());
    }
    let mut pages = Vec::new();
    if draft.page > 0 {
        pages.push(press("‹ 前面的单位", Press::Tap(Tap::Page(draft.page - 1))));
    }
    if from + PAGE < units.len() {
        pages.push(press("更多单位 ›", Press::Tap(Tap::Page(draft.page + 1))));
    }
    message.row(pages).row(ways_out())
}

fn preview(scene: &Scene<'_>, draft: &ItemDraft) -> Message {
    let today = calendar::date_of(scene.now);
    let mut html = Html::new()
        .bold("请核对")
        .text(" · 交办")
        .line()
        .text(&draft.what)
        .line();
    let lead = draft.lead.as_ref().map(|lead| assignee(scene, lead));
    html = html
        .line()
        .text(format!("牵头：{}", lead.unwrap_or_default()));
    if !draft.supporting.is_empty() {
        html = html
            .line()
            .text(format!("配合：{}", assignees(scene, &draft.supporting)));
    }
    let due = draft
        .due
        .map_or_else(|| "长期".to_owned(), |due| naming::day(due, today));
    let often = rhythm(draft.rhythm.unwrap_or(Rhythm::Monthly));
    html = html.line().text(format!("时限：{due}；{often}问一次"));
    let origin = match &draft.origin {
        Some(OriginDraft::Meeting { on, .. }) => format!("{}专班会议", naming::day(*on, today)),
        Some(OriginDraft::Instruction) => "领导批示".to_owned(),
        Some(OriginDraft::Other(words)) => words.clone(),
        None => String::new(),
    };
    html = html.line().text(format!("来源：{origin}"));
    Message::text(html)
        .row(vec![press("提交", Press::Submit)])
        .row(ways_out())
}
