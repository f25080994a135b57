//! Messages on the end of the work.

use super::{button, plain};
use crate::calendar;
use crate::conversation::trail::{FinishSay, Press};
use crate::ledger::{Phase, TaskView};
use crate::render::{Html, Message, Scene, naming, people};

/// Items named before the rest is counted.
const MOST_ITEMS: usize = 10;

/// What the confirmation brings.
const AFTER: &str = "确认后：群里发最后一期周报，专班办公室和确认人收到全套材料（台账、简报、看板、数据、佐证目录），提醒和周报全部停止，机器人退出工作群；台账保留可查。";

pub(super) fn say(scene: &Scene<'_>, say: &FinishSay) -> Message {
    let name = |person| naming::person_with_unit(scene.frame, person);
    match say {
        FinishSay::Overview(confirmers) => {
            let who: Vec<String> = confirmers.iter().map(name).collect();
            let html = open_items(scene, Html::new().bold("申请结束专班工作"))
                .line()
                .line()
                .text(format!("由{}确认。{AFTER}", who.join("、")));
            Message::text(html).row(vec![
                button("申请结束", Press::FinishAsk),
                button("退出", Press::Leave),
            ])
        }
        FinishSay::NoDeputy => {
            Message::text("结束要由副组长确认。副组长还没有登记，请先用 /invite 发加入链接。")
        }
        FinishSay::Asked { by, seq } => {
            plain(format!("{}已申请结束专班工作，等待确认。", name(by)))
                .row(vec![button("撤回申请", Press::FinishDecline(*seq))])
        }
        FinishSay::Confirm { by, seq } => {
            let title = Html::new()
                .bold("请确认结束专班工作")
                .line()
                .text(format!("{}申请。", name(by)));
            let html = open_items(scene, title).line().text(AFTER);
            Message::text(html).row(vec![
                button("确认结束", Press::Finish(*seq, false)),
                button("不结束", Press::FinishDecline(*seq)),
            ])
        }
        FinishSay::Sure(seq) => Message::text("再点一次即结束，不能恢复。").row(vec![
            button("确认，结束", Press::Finish(*seq, true)),
            button("不结束", Press::FinishDecline(*seq)),
        ]),
        FinishSay::NotYours => Message::text("结束由副组长确认；申请人可以撤回。"),
        FinishSay::Declined { by, withdrawn } => plain(match withdrawn {
            true => format!("结束申请已由{}撤回，工作照常。", name(by)),
            false => format!("{}不同意结束，工作照常。", name(by)),
        }),
        FinishSay::DecidedBefore(decided) => people::decided_before(scene, decided.as_ref()),
        FinishSay::Finished(by) => plain(format!(
            "已由{}确认结束。最后一期周报和告别消息将在工作时间发到群里，随后机器人退出工作群；全套材料同时私聊发给专班办公室和确认人。",
            name(by)
        )),
        FinishSay::Over => plain(over(scene)),
    }
}

/// The last line in the group.
pub fn farewell(scene: &Scene<'_>) -> Message {
    plain(format!(
        "{}工作结束，本群提醒和周报到此为止。感谢各单位配合。台账由专班办公室保存。",
        scene.frame.plan.task_force.name
    ))
}

fn over(scene: &Scene<'_>) -> String {
    let when = scene
        .standing
        .finished
        .as_ref()
        .map(|(at, _)| naming::day(calendar::date_of(*at), calendar::date_of(scene.now)));
    format!(
        "{}的工作已于{}结束，不再填报和查询。查台账请联系专班办公室。",
        scene.frame.plan.task_force.name,
        when.unwrap_or_default()
    )
}

/// What is not closed, the first of it by name.
fn open_items(scene: &Scene<'_>, mut html: Html) -> Html {
    let today = calendar::date_of(scene.now);
    let views = scene.frame.task_views(scene.standing, today);
    let open = |view: &&TaskView<'_>| matches!(view.phase, Phase::Open | Phase::Baseline(_));
    let open: Vec<_> = views.iter().filter(open).collect();
    html = html.line().text(match open.len() {
        0 => "所有事项均已办结。".to_owned(),
        count => format!("还有{count}项没有办结："),
    });
    for view in open.iter().take(MOST_ITEMS) {
        html = html
            .line()
            .text(format!(" {}", naming::task(scene.frame, &view.task.id)));
    }
    if open.len() > MOST_ITEMS {
        let rest = format!(" 另有{}项", open.len() - MOST_ITEMS);
        html = html.line().text(rest);
    }
    html
}
