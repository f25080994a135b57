//! The questions of `/meeting`, one a step, and the check.

use super::{absent, at, called, press, reminder};
use crate::conversation::meeting::{Draft, Press, Step, Tap};
use crate::ledger::Assignee;
use crate::render::item::clip;
use crate::render::{Button, Html, Message, Scene, assign};

/// Units offered at a time.
const PAGE: usize = 12;
/// Units in a row.
const ROW: usize = 3;
/// Characters of the topic shown above a question.
const MOST_HEAD: usize = 60;

/// The question of the step.
pub(super) fn question(scene: &Scene<'_>, draft: &Draft) -> Message {
    match draft.step {
        Step::When => head(scene, draft)
            .ask("什么时候开？先写日期，可接着写时间和地点，例如：12月3日下午2点半 三楼会议室")
            .row(match draft.checked {
                true => vec![unchanged(), press("退出", Press::Leave)],
                false => vec![press("退出", Press::Leave)],
            }),
        Step::Topic => head(scene, draft)
            .ask("会议主题是什么？写一句，最多1000字。")
            .row(match draft.checked {
                true => vec![unchanged()],
                false => Vec::new(),
            })
            .row(ways_out()),
        Step::Called => who(scene, draft),
        Step::Check => check(scene, draft),
    }
}

/// Back to the check with the answer as it is.
fn unchanged() -> Button {
    press("不改", Press::Tap(Tap::Change(Step::Check)))
}

fn ways_out() -> Vec<Button> {
    vec![press("上一步", Press::Back), press("退出", Press::Leave)]
}

struct Head(Html);

impl Head {
    fn ask(self, question: &str) -> Message {
        Message::text(self.0.line().line().text(question))
    }
}

/// What is known so far.
fn head(scene: &Scene<'_>, draft: &Draft) -> Head {
    let title = match draft.instead_of {
        Some(_) => "会议改期",
        None => "召集会议",
    };
    let mut html = Html::new().bold(title);
    if draft.on.is_some() {
        html = html.text(format!(" · {}", when_and_where(scene, draft)));
    }
    if !draft.topic.is_empty() {
        html = html.line().text(clip(&draft.topic, MOST_HEAD));
    }
    Head(html)
}

fn when_and_where(scene: &Scene<'_>, draft: &Draft) -> String {
    let time = draft.time().map(|time| at(scene, time));
    let parts = time.into_iter().chain(draft.place.clone());
    parts.collect::<Vec<_>>().join(" ")
}

/// Units of the plan, page by page; 全体 before them.
fn who(scene: &Scene<'_>, draft: &Draft) -> Message {
    let mut question = String::new();
    if !draft.called.is_empty() {
        question = format!("参会：{}\n", called(scene, &draft.called));
    }
    question += "谁参会？点单位，或发单位、姓名，几个用顿号分开；再点一次取消。选好后点下一步。";
    let units = &scene.frame.plan.units;
    let from = draft.page * PAGE;
    let button = |unit: &crate::plan::Unit| {
        let one = Assignee::Unit(unit.id.clone());
        let mark = if draft.called.contains(&one) {
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
    let mut message = head(scene, draft).ask(&question).row(vec![
        press("全体", Press::Tap(Tap::Everybody)),
        press("下一步", Press::Tap(Tap::Done)),
    ]);
    // People have no page of their own: those named are taken off by their button.
    let people: Vec<Button> = draft
        .called
        .iter()
        .filter_map(|one| named(scene, one))
        .collect();
    for row in people.chunks(ROW).chain(shown.chunks(ROW)) {
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

fn named(scene: &Scene<'_>, one: &Assignee) -> Option<Button> {
    match one {
        Assignee::Unit(_) => None,
        Assignee::Person(_) => Some(press(
            format!("✓ {}", assign::assignee(scene, one)),
            Press::Tap(Tap::Who(one.clone())),
        )),
    }
}

fn check(scene: &Scene<'_>, draft: &Draft) -> Message {
    let title = match draft.instead_of {
        Some(_) => " · 会议改期",
        None => " · 召集会议",
    };
    let mut html = Html::new()
        .bold("请核对")
        .text(title)
        .line()
        .text(when_and_where(scene, draft))
        .line()
        .text(format!("主题：{}", draft.topic))
        .line()
        .text(format!("参会：{}", called(scene, &draft.called)));
    if let Some(time) = draft.time() {
        for line in absent(scene, time.on, &draft.called) {
            html = html.line().text(line);
        }
        html = html.line().text(reminder(scene, time, scene.now));
    }
    Message::text(html)
        .row(vec![press("提交", Press::Submit)])
        .row(vec![
            press("改时间", Press::Tap(Tap::Change(Step::When))),
            press("改主题", Press::Tap(Tap::Change(Step::Topic))),
            press("改参会", Press::Tap(Tap::Change(Step::Called))),
        ])
        .row(ways_out())
}
