//! The card of an assigned item, its receipt, its end, and the office's list of them.

use super::{assignee, assignees, plain, press, rhythm};
use crate::calendar;
use crate::conversation::assign::Press;
use crate::conversation::payload::Payload;
use crate::conversation::report;
use crate::ledger::{AssignedItem, Origin};
use crate::plan::{PersonId, TaskId};
use crate::render::item::clip;
use crate::render::{Button, Html, Message, Scene, naming};

/// Items on a page of the office's list.
const PAGE: usize = 8;
/// Characters of an item in the list.
const MOST_LISTED: usize = 40;
/// Stands where a text was removed.
const REMOVED: &str = crate::render::REDACTED;

fn gone() -> Message {
    Message::text("没有这个交办事项。")
}

fn what(item: &AssignedItem) -> &str {
    item.assignment.what.body().unwrap_or(REMOVED)
}

/// 交-1.
fn label<'a>(scene: &Scene<'a>, task: &TaskId) -> &'a str {
    let task = scene.frame.plan.task(task);
    task.map_or("", |task| task.label.as_str())
}

/// What, who, by when, where from.
fn facts(scene: &Scene<'_>, item: &AssignedItem, mut html: Html) -> Html {
    let today = calendar::date_of(scene.now);
    let assignment = &item.assignment;
    html = html.line().text(what(item)).line();
    html = html
        .line()
        .text(format!("牵头：{}", assignee(scene, &assignment.lead)));
    if !assignment.supporting.is_empty() {
        html = html.line().text(format!(
            "配合：{}",
            assignees(scene, &assignment.supporting)
        ));
    }
    let due = assignment
        .due
        .map_or_else(|| "长期".to_owned(), |due| naming::day(due, today));
    html = html
        .line()
        .text(format!("时限：{due}；{}问一次", rhythm(assignment.rhythm)));
    let origin = match &assignment.origin {
        Origin::Meeting { on, .. } => format!("{}专班会议", naming::day(*on, today)),
        Origin::Instruction => "领导批示".to_owned(),
        Origin::Other(words) => words.body().unwrap_or(REMOVED).to_owned(),
    };
    html.line().text(format!("来源：{origin}"))
}

/// To whoever assigned it.
pub(super) fn assigned(scene: &Scene<'_>, task: &TaskId) -> Message {
    let Some(item) = scene.standing.amendments.item(task) else {
        return gone();
    };
    let people = item.people(&scene.frame.plan);
    let html = Html::new()
        .text("✅ 已交办（第 ")
        .text(item.seq)
        .text(" 号）：");
    let html = html.bold(label(scene, task));
    let html = facts(scene, item, html)
        .line()
        .line()
        .text(match people.len() {
            0 => "这些单位没有人员，没有发出卡片，请办公室另行通知。".to_owned(),
            count => format!("已私下发给{count}人签收，两个工作日未签收的会告诉您。"),
        });
    let revoke = press("撤销", Press::Revoke(task.clone()));
    // The next decision of a meeting is asked for by itself.
    Message::text(html).row(match item.assignment.origin {
        Origin::Meeting {
            meeting: Some(_), ..
        } => vec![revoke],
        Origin::Meeting { meeting: None, .. } | Origin::Instruction | Origin::Other(_) => {
            vec![press("再交办一项", Press::Again), revoke]
        }
    })
}

/// Left while a meeting's decisions were taken: what was submitted stands.
pub(super) fn left_meeting(scene: &Scene<'_>, seq: u64) -> Message {
    let meeting = scene.standing.meeting(seq);
    let count = meeting.map_or(0, |meeting| meeting.items(scene.standing).len());
    plain(format!(
        "已退出。本次会议已交办{count}项；其余可用 /todo 接着交办。"
    ))
}

/// To somebody it was assigned to: with 签收 until they have, then with 填报 for the lead's people.
pub(super) fn card(scene: &Scene<'_>, task: &TaskId, person: &PersonId) -> Message {
    let Some(item) = scene.standing.amendments.item(task) else {
        return gone();
    };
    if item.revoked.is_some() {
        return revoked(scene, task, false);
    }
    let head = match item.received.iter().find(|(known, _)| known == person) {
        None => format!(
            "{}同志，专班办公室交办一项，请签收。",
            naming::person(scene.frame, person)
        ),
        Some((_, at)) => format!("✅ 您已于 {} 签收。", naming::moment(*at, scene.now)),
    };
    let html = Html::new()
        .text(head)
        .line()
        .line()
        .bold(label(scene, task));
    let html = facts(scene, item, html);
    if !item.has_received(person) {
        return Message::text(html).row(vec![press("签收", Press::Receive(task.clone()))]);
    }
    let filing = scene
        .frame
        .plan
        .task(task)
        .and_then(|task| task.filing_lead.as_ref());
    let member = scene.frame.plan.member(person);
    let files = member.is_some_and(|member| filing.is_some_and(|unit| member.units.contains(unit)));
    let fill = Payload::Report(report::Press::Item(task.clone())).encode();
    let buttons = if files {
        vec![Button::press("填进展", fill)]
    } else {
        Vec::new()
    };
    Message::text(html).row(buttons)
}

/// 撤销: why, then once more.
pub(super) fn revoke(scene: &Scene<'_>, task: &TaskId, reason: Option<&str>) -> Message {
    let name = naming::task(scene.frame, task);
    let Some(reason) = reason else {
        return plain(format!(
            "撤销 {name}\n为什么撤销？写一句，会告诉被交办的人，最多1000字。"
        ))
        .row(vec![press("退出", Press::Leave)]);
    };
    plain(format!(
        "撤销 {name}\n原因：{reason}\n撤销后不再提醒和填报，并告诉被交办的人。"
    ))
    .row(vec![
        press("确认撤销", Press::RevokeSure(task.clone())),
        press("退出", Press::Leave),
    ])
}

/// It was taken back; `by_reader`: to whoever did it.
pub(super) fn revoked(scene: &Scene<'_>, task: &TaskId, by_reader: bool) -> Message {
    let item = scene.standing.amendments.item(task);
    let Some((at, by, reason)) = item.and_then(|item| item.revoked.as_ref()) else {
        return gone();
    };
    let reason = reason.body().unwrap_or(REMOVED);
    let name = naming::task(scene.frame, task);
    let when = naming::moment(*at, scene.now);
    let by = naming::actor(scene.frame, by);
    plain(match by_reader {
        true => format!("已撤销 {name}，并告诉被交办的人。\n原因：{reason}"),
        false => format!("{name} 已由{by}于 {when} 撤销，无需再办。\n原因：{reason}"),
    })
}

/// Assigned items that are open, with who has not received them.
pub(super) fn list(scene: &Scene<'_>, page: usize) -> Message {
    let today = calendar::date_of(scene.now);
    let open = |item: &&AssignedItem| {
        let view = scene.frame.task_view(scene.standing, &item.task(), today);
        view.is_some_and(|view| view.phase == crate::ledger::Phase::Open)
    };
    let items: Vec<&AssignedItem> = scene
        .standing
        .amendments
        .assigned
        .iter()
        .filter(open)
        .collect();
    if items.is_empty() {
        return Message::text("现在没有在办的交办事项。").row(vec![press("退出", Press::Leave)]);
    }
    let pages = items.len().div_ceil(PAGE);
    let page = page.min(pages - 1);
    let mut html = Html::new().bold(format!("在办的交办事项 · {}项", items.len()));
    let mut buttons = Vec::new();
    for item in items.iter().skip(page * PAGE).take(PAGE) {
        html = html.line().text(line(scene, item));
        let name = format!("撤销 {}", label(scene, &item.task()));
        buttons.push(press(name, Press::Revoke(item.task())));
    }
    let mut message = Message::text(html);
    for row in buttons.chunks(3) {
        message = message.row(row.to_vec());
    }
    let mut turn = Vec::new();
    if page > 0 {
        turn.push(press("‹ 上一页", Press::List(page - 1)));
    }
    if page + 1 < pages {
        turn.push(press("下一页 ›", Press::List(page + 1)));
    }
    message.row(turn).row(vec![press("退出", Press::Leave)])
}

/// 交-1 报送清单 · 市住建局 · 12月10日 · 未签收：市财政局.
pub(super) fn line(scene: &Scene<'_>, item: &AssignedItem) -> String {
    let today = calendar::date_of(scene.now);
    let due = scene
        .frame
        .task_view(scene.standing, &item.task(), today)
        .and_then(|view| view.due);
    let due = due.map_or_else(|| "长期".to_owned(), |due| naming::day(due, today));
    let mut line = format!(
        "{} {} · {} · {due}",
        label(scene, &item.task()),
        clip(what(item), MOST_LISTED),
        assignee(scene, &item.assignment.lead),
    );
    let waiting = item.unreceived(&scene.frame.plan);
    if !waiting.is_empty() {
        line += &format!(" · 未签收：{}", assignees(scene, waiting));
    }
    line
}

/// Items on one list; a longer one is counted.
const MOST_UNRECEIVED: usize = 20;

/// The office's list of what was not received.
pub(super) fn unreceived(scene: &Scene<'_>, notice: &crate::schedule::Notice) -> Message {
    let count = notice.items.len();
    let mut html = Html::new()
        .bold("交办未签收")
        .text(format!(" · {count}项"))
        .line()
        .text("交办已满两个工作日，请办公室联系：");
    for listed in notice.items.iter().take(MOST_UNRECEIVED) {
        if let Some(item) = scene.standing.amendments.item(&listed.task) {
            html = html.line().text(line(scene, item));
        }
    }
    if count > MOST_UNRECEIVED {
        html = html.line().text(format!("……共{count}项"));
    }
    Message::text(html)
}
