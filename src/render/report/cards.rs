//! Lists and short lines around talks: what can be filed, 都无变化, 晚些提醒, leaving and resuming.

use chrono::NaiveDate;

use super::record::{own, press};
use super::words;
use crate::conversation::report::{
    Choices, Delay, Draft, Gone, ITEMS_A_PAGE, OwnDate, Press, Purpose, Step, Tap, Unchanged,
    start_link,
};
use crate::plan::{PersonId, TaskId};
use crate::render::{Button, Html, Message, Scene, naming};

/// Items a short list names; more are counted.
const MOST_NAMED: usize = 10;

/// Items to choose from.
pub(super) fn choose(scene: &Scene<'_>, choices: &Choices) -> Message {
    let first = match choices.waiting {
        true => format!("您有{}项待反馈，点一项开始：", choices.tasks.len()),
        false => "本期都已反馈。要补充，请点一项：".to_owned(),
    };
    let from = choices.page * ITEMS_A_PAGE;
    let page: Vec<&TaskId> = choices.tasks.iter().skip(from).take(ITEMS_A_PAGE).collect();
    let mut html = Html::new().text(first).line();
    for (at, task) in page.iter().enumerate() {
        let half = match choices.drafts.contains(task) {
            true => "（填了一半）",
            false => "",
        };
        let line = item_line(scene, task);
        html = html.line().text(format!("{}. {line}{half}", from + at + 1));
    }
    let mut message = Message::text(html);
    for row in page.chunks(3) {
        let buttons = row.iter().map(|task| {
            let press = Press::Item((*task).clone());
            own(&choices.person, fill_label(scene, task), press)
        });
        message = message.row(buttons.collect());
    }
    message.row(paging(choices, from + page.len()))
}

fn paging(choices: &Choices, shown: usize) -> Vec<Button> {
    let page = u16::try_from(choices.page).unwrap_or(u16::MAX);
    let mut row = Vec::new();
    if page > 0 {
        row.push(own(&choices.person, "上一页", Press::Page(page - 1)));
    }
    if shown < choices.tasks.len() {
        let next = Press::Page(page.saturating_add(1));
        row.push(own(&choices.person, "下一页", next));
    }
    row
}

fn fill(scene: &Scene<'_>, task: &TaskId) -> Button {
    press(fill_label(scene, task), Press::Item(task.clone()))
}

fn fill_label(scene: &Scene<'_>, task: &TaskId) -> String {
    let label = scene.frame.plan.task(task).map(|task| task.label.clone());
    format!("填 {}", label.unwrap_or_else(|| task.to_string()))
}

/// 6-1 改造换热站：目标 ≥10 座，上次 8 座（10月25日）.
fn item_line(scene: &Scene<'_>, task: &TaskId) -> String {
    let name = naming::task(scene.frame, task);
    let Some(view) = words::view(scene, task) else {
        return name;
    };
    let target = view.indicator.and_then(words::target);
    let target = target
        .map(|target| format!("目标 {target}，"))
        .unwrap_or_default();
    let last = words::last(scene, &view);
    format!(
        "{name}：{target}{}",
        last.unwrap_or_else(|| "尚未填报".to_owned())
    )
}

/// Names of tasks in one line, the rest counted.
fn names(scene: &Scene<'_>, tasks: &[TaskId]) -> String {
    let named = tasks.iter().take(MOST_NAMED);
    let named: Vec<String> = named.map(|task| naming::task(scene.frame, task)).collect();
    match tasks.len() > MOST_NAMED {
        true => format!("{}等{}项", named.join("、"), tasks.len()),
        false => named.join("、"),
    }
}

/// A reply to a list of several items names none of them.
pub(super) fn which_item(scene: &Scene<'_>, tasks: &[TaskId]) -> Message {
    let label = tasks.first().and_then(|task| scene.frame.plan.task(task));
    let example = label.map(|task| task.label.clone()).unwrap_or_default();
    let html = Html::new().text(format!(
        "那条消息有您的{}项，请点要填的一项，或写明编号再回复，例如：{example} 9",
        tasks.len()
    ));
    let mut message = Message::text(html);
    for row in tasks.chunks(3).take(10) {
        message = message.row(row.iter().map(|task| fill(scene, task)).collect());
    }
    message
}

/// A half-finished talk.
pub(super) fn offer_resume(scene: &Scene<'_>, person: &PersonId, draft: &Draft) -> Message {
    let name = naming::task(scene.frame, &draft.task);
    let step = step_name(draft.step);
    let what = match draft.purpose {
        Purpose::Report => "",
        Purpose::Correction(_) => "（更正）",
        Purpose::Hint => "（转交）",
    };
    let html = Html::new()
        .bold(format!("{name}{what}"))
        .text(format!(" 填到“{step}”一步。"));
    let task = draft.task.clone();
    Message::text(html)
        .row(vec![
            own(person, "接着填", Press::Resume(task.clone())),
            own(person, "重新开始", Press::Afresh(task)),
        ])
        .row(vec![own(person, "换一项", Press::Page(0))])
}

fn step_name(step: Step) -> &'static str {
    match step {
        Step::Reached => "是否完成",
        Step::ReachedOn => "完成日期",
        Step::Value => "数字",
        Step::Stage => "阶段",
        Step::Reason => "原因",
        Step::Wanted => "希望时限",
        Step::Judgement => "判断",
        Step::Done => "进展",
        Step::Issues => "问题",
        Step::Next => "下一步",
        Step::Support | Step::SupportWhat => "需协调",
        Step::Evidence => "佐证材料",
        Step::Preview | Step::Lines => "核对",
    }
}

/// A talk was left.
pub(super) fn left(scene: &Scene<'_>, task: &TaskId, kept: bool) -> Message {
    let name = naming::task(scene.frame, task);
    match kept {
        false => Message::text(Html::new().text(format!("已退出 {name}，没有记录。"))),
        true => {
            Message::text(Html::new().text(format!("已退出 {name}。填了的部分已保留，尚未提交。")))
                .row(vec![
                    press("接着填", Press::Resume(task.clone())),
                    press("不要了", Press::Drop(task.clone())),
                ])
        }
    }
}

/// An item can no longer be answered.
pub(super) fn gone(scene: &Scene<'_>, task: &TaskId, why: Gone) -> Message {
    let name = naming::task(scene.frame, task);
    Message::text(Html::new().text(match why {
        Gone::Closed => format!("{name} 已办结，不再填报。"),
        Gone::Ended => format!("{name} 已不在方案中，不再填报。"),
        Gone::NoLongerYours => format!("{name} 已改由别的单位填报，您这份没有提交。"),
        Gone::Changed => format!("{name} 的填报要求已调整，请重新填写。"),
    }))
}

/// Somebody else files it.
pub(super) fn may_not_file(
    scene: &Scene<'_>,
    person: &PersonId,
    task: &TaskId,
    hint: bool,
) -> Message {
    let name = naming::task(scene.frame, task);
    let view = words::view(scene, task);
    let unit = view.as_ref().and_then(|view| view.filing_unit.clone());
    let unit = unit.map_or("专班办公室".to_owned(), |unit| {
        naming::unit(scene.frame, &unit)
    });
    let filer = view.and_then(|view| view.filer(scene.frame).cloned());
    let filer = filer.map(|person| format!("（{}）", naming::person(scene.frame, &person)));
    let text = format!("{name} 由{unit}{}填报。", filer.unwrap_or_default());
    if !hint {
        return Message::text(Html::new().text(text));
    }
    Message::text(Html::new().text(format!("{text}您掌握的情况可以转交，经其采用后计入。")))
        .row(vec![own(person, "转交", Press::Hint(task.clone()))])
}

/// A link to the private chat.
pub(super) fn go_private(scene: &Scene<'_>, text: &str, task: Option<&TaskId>) -> Message {
    let url = start_link(&scene.bot.username, task);
    let link = Button::Link {
        text: "到私聊填报".to_owned(),
        url,
    };
    Message::text(Html::new().text(text)).row(vec![link])
}

/// 都无变化, to be confirmed.
pub(super) fn confirm_unchanged(scene: &Scene<'_>, unchanged: &Unchanged) -> Message {
    let mut html = Html::new()
        .text(format!(
            "以下{}项按上次记录，确认都无变化？",
            unchanged.tasks.len()
        ))
        .line();
    for task in unchanged.tasks.iter().take(MOST_NAMED) {
        html = html.line().text(item_line(scene, task));
    }
    if unchanged.tasks.len() > MOST_NAMED {
        html = html.line().text(format!("……等{}项", unchanged.tasks.len()));
    }
    if !unchanged.missing.is_empty() {
        html = html.line().line().text(format!(
            "另有{}项没有上次记录，需要单独填：{}",
            unchanged.missing.len(),
            names(scene, &unchanged.missing)
        ));
    }
    Message::text(html).row(vec![
        press("确认，都无变化", Press::KeepAll(unchanged.stamp)),
        press("逐项填", Press::Page(0)),
    ])
}

/// Everything was kept.
pub(super) fn kept_unchanged(scene: &Scene<'_>, seqs: &[u64], missing: &[TaskId]) -> Message {
    let numbers = match (seqs.first(), seqs.last()) {
        (Some(first), Some(last)) if first != last => format!("第 {first} 至 {last} 号"),
        (Some(only), _) => format!("第 {only} 号"),
        (None, _) => String::new(),
    };
    let mut html = Html::new().text(format!(
        "✅ {}项已按上次记录（{numbers}）。下次周报前可更正。",
        seqs.len()
    ));
    let mut row = Vec::new();
    if let [only] = seqs {
        row.push(press("更正", Press::Correct(*only)));
    }
    if let Some(next) = missing.first() {
        html = html.line().text(format!(
            "还有{}项：{}",
            missing.len(),
            names(scene, missing)
        ));
        row.push(press("继续填", Press::Item(next.clone())));
    }
    Message::text(html).row(row)
}

/// Nothing can be kept.
pub(super) fn nothing_to_keep(scene: &Scene<'_>, missing: &[TaskId]) -> Message {
    let Some(next) = missing.first() else {
        return Message::text("您现在没有待反馈的事项。");
    };
    let html = Html::new().text(format!(
        "还没有上次记录可以沿用，请先填一次：{}",
        names(scene, missing)
    ));
    Message::text(html).row(vec![fill(scene, next)])
}

/// 晚些提醒: for how long.
pub(super) fn later_choices() -> Message {
    Message::text("什么时候再提醒您？").row(vec![
        press("两小时后", Press::LaterFor(Delay::TwoHours)),
        press("明天", Press::LaterFor(Delay::Tomorrow)),
        press("选日期", Press::LaterFor(Delay::OwnDate)),
    ])
}

/// Which date.
pub(super) fn ask_own_date(scene: &Scene<'_>, person: &PersonId, question: &OwnDate) -> Message {
    let today = words::today(scene);
    let asked = "请回复再提醒的日期，例如 下周一、12月1日。";
    let leave = Press::Talk {
        person: person.clone(),
        stamp: 0,
        tap: Tap::Quit,
    };
    let leave = vec![press("退出", leave)];
    let first = match question {
        OwnDate::First => return Message::text(asked).row(leave),
        OwnDate::NotADate => "日期看不明白。".to_owned(),
        OwnDate::NotAhead => "请填今天以后的日期。".to_owned(),
        OwnDate::TooFar => "最多推后一个月。".to_owned(),
        OwnDate::PastDue(due, task) => past_due(scene, *due, task, today),
    };
    Message::text(Html::new().text(first).line().text(asked)).row(leave)
}

fn past_due(scene: &Scene<'_>, due: NaiveDate, task: &TaskId, today: NaiveDate) -> String {
    let name = naming::task(scene.frame, task);
    format!("不能晚于完成时限：{name}，{}。", naming::day(due, today))
}

/// The cards cannot wait so long.
pub(super) fn not_so_late(scene: &Scene<'_>, due: NaiveDate, task: &TaskId) -> Message {
    let text = past_due(scene, due, task, words::today(scene));
    Message::text(Html::new().text(text)).row(vec![fill(scene, task)])
}

/// 只看我的.
pub(super) fn mine(scene: &Scene<'_>, tasks: &[TaskId]) -> Message {
    Message::text(Html::new().text(match tasks {
        [] => "您现在没有待反馈的事项。".to_owned(),
        tasks => format!(
            "您有{}项待反馈：{}。点[我要填报]开始。",
            tasks.len(),
            names(scene, tasks)
        ),
    }))
}

/// The button belongs to somebody else's talk.
pub(super) fn not_yours(scene: &Scene<'_>, person: &PersonId) -> Message {
    let name = naming::person(scene.frame, person);
    Message::text(Html::new().text(format!(
        "这个按钮是发给{name}的，您可以用 /report 填自己的。"
    )))
}
