//! Messages on extensions, closures, 挂账 and 恢复办理, and the office's list of what waits.

mod card;
mod todo;

use super::{Button, Html, Message, Scene, naming, people};
use crate::calendar;
use crate::conversation::payload::Payload;
use crate::conversation::request::{Cannot, Kind, MOST_FILES, MOST_WORDS, Press, RequestSay, Step};
use crate::digest::Item;
use crate::ledger::Verdict;
use crate::plan::TaskId;
use crate::render::item;

pub use todo::overdue_requests;

/// Buttons of items in a row.
const ROW: usize = 3;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &RequestSay) -> Message {
    match say {
        RequestSay::Which(kind) => which(*kind),
        RequestSay::Choose(kind, tasks) => choose(scene, *kind, tasks),
        RequestSay::NotFound(typed) => plain(format!(
            "没有找到“{typed}”。请写项目编号，例如 6-1；编号见 /status"
        )),
        RequestSay::Cannot(task, why) => cannot(scene, task, *why),
        RequestSay::Ask(step) => ask(scene, step),
        RequestSay::DateRefused { typed, from, to } => {
            let today = calendar::date_of(scene.now);
            let (from, to) = (naming::day(*from, today), naming::day(*to, today));
            let typed = people::shown(typed);
            plain(format!(
                "“{typed}”不能作为日期。请回复{from}至{to}之间的日期，例如：{to}"
            ))
            .row(vec![leave()])
        }
        RequestSay::DateOver { wanted, from, to } => {
            let today = calendar::date_of(scene.now);
            let day = |day| naming::day(day, today);
            plain(format!(
                "{}现在已不能选。请回复{}至{}之间的日期，其他内容都保留。",
                day(*wanted),
                day(*from),
                day(*to)
            ))
            .row(vec![leave()])
        }
        RequestSay::TooLong(length) => plain(format!(
            "这段文字有{length}字，最多{MOST_WORDS}字，请缩短后重发。"
        )),
        RequestSay::WordsExpected => Message::text("这一步要文字，请直接发文字。"),
        RequestSay::FilesFull => plain(format!("佐证材料最多{MOST_FILES}份，这一份没有收。")),
        RequestSay::Left => Message::text("已退出，没有记录。"),
        RequestSay::Sent { task, deputy } => card::sent(scene, task, *deputy),
        RequestSay::Card(task) => card::card(scene, task),
        RequestSay::Decided { request, reason } => card::decided(scene, *request, *reason),
        RequestSay::DecidedBefore(request) => card::decided_before(scene, *request),
        RequestSay::OwnMatter => {
            Message::text("这一项是您本人填报或申请的，请由办公室其他人员或副组长决定。")
        }
        RequestSay::NotAsker => Message::text("撤回由申请单位办理。"),
        RequestSay::Frozen { task, decides } => card::frozen(scene, task, *decides),
        RequestSay::Unfrozen(task, decided) => card::unfrozen(scene, task, decided.as_ref()),
        RequestSay::Reopened(task, by) => card::reopened(scene, task, by),
        RequestSay::Todo { person, page } => todo::list(scene, person, *page),
        RequestSay::InPrivate => Message::text("请在与我的私聊里办理，例如发 /extend 或 /close"),
    }
}

fn which(kind: Kind) -> Message {
    Message::text(match kind {
        Kind::Extend => "您没有可以申请延期的项目。",
        Kind::Close => "您没有可以申请办结的项目。",
        Kind::Reopen => "没有已办结的项目。",
        Kind::Freeze => "现在没有挂账的项目。要挂账请写明哪一项，例如 /freeze 6-1",
    })
}

fn choose(scene: &Scene<'_>, kind: Kind, tasks: &[TaskId]) -> Message {
    let question = match kind {
        Kind::Extend => "哪一项申请延期？",
        Kind::Close => "哪一项申请办结？",
        Kind::Reopen => "哪一项恢复办理？",
        Kind::Freeze => "看哪一项？",
    };
    let mut html = Html::new().text(question);
    let mut buttons = Vec::new();
    for task in tasks {
        html = html.line().text(naming::task(scene.frame, task));
        let label = scene.frame.plan.task(task).map(|task| task.label.clone());
        let label = label.unwrap_or_else(|| task.to_string());
        buttons.push(press(label, Press::Start(kind, task.clone())));
    }
    let rows = buttons.chunks(ROW);
    rows.fold(Message::text(html), |message, row| {
        message.row(row.to_vec())
    })
}

fn cannot(scene: &Scene<'_>, task: &TaskId, why: Cannot) -> Message {
    let state = scene.standing.task_state(task);
    let why = match why {
        Cannot::Closed => "已办结或已撤项，不用再办理。".to_owned(),
        Cannot::NotClosed => "没有办结，不用恢复。".to_owned(),
        Cannot::Resting => match state.frozen_on(calendar::date_of(scene.now)) {
            Some(_) => "正在挂账，解除后再办理。".to_owned(),
            None => "随本项指标一并办理。".to_owned(),
        },
        Cannot::NoDeadline => "没有完成时限，不用申请延期。".to_owned(),
        Cannot::NoLaterDay => {
            "时限已是方案终期，不能再往后延。有困难请在填报时写明需协调事项。".to_owned()
        }
        Cannot::Requested => {
            let open = state.open_request();
            let seq = open.map_or(0, |request| request.seq);
            return plain(format!(
                "{}已有申请待批（第{seq}号），批复前不用再报。",
                naming::task(scene.frame, task)
            ))
            .row(vec![press("撤回申请", Press::Withdraw(seq))]);
        }
        Cannot::NotYours => "由其他单位填报，由该单位申请。".to_owned(),
    };
    plain(format!("{}：{why}", naming::task(scene.frame, task)))
}

fn ask(scene: &Scene<'_>, step: &Step) -> Message {
    match step {
        Step::Extend {
            wanted: None, task, ..
        } => extend_date(scene, task),
        Step::Extend {
            reason: None, task, ..
        } => plain(format!(
            "{}：为什么要延期？一句话写明原因。",
            naming::task(scene.frame, task)
        ))
        .row(vec![back(), leave()]),
        Step::Extend {
            progress: None,
            task,
            ..
        } => progress(scene, task),
        Step::Extend {
            task,
            wanted: Some(wanted),
            reason: Some(reason),
            progress: Some(progress),
        } => card::extension_preview(scene, task, *wanted, reason, progress).row(vec![
            press("提交", Press::Submit),
            back(),
            leave(),
        ]),
        Step::Close { task, words, files } if words.is_none() && files.is_empty() => {
            let html = Html::new()
                .text("申请办结 ")
                .bold(naming::task(scene.frame, task))
                .line()
                .text(card::stands(scene, task))
                .line()
                .text("请用一句话说明已完成，或发佐证材料（照片、文件，可写说明）。");
            Message::text(html).row(vec![leave()])
        }
        Step::Close { task, words, files } => {
            card::closure_preview(scene, task, words.as_deref(), files.len()).row(vec![
                press("提交", Press::Submit),
                back(),
                leave(),
            ])
        }
        Step::OtherDate { request } => {
            let task = scene.standing.request(*request).map(|(task, _)| task);
            let name = task.map_or(String::new(), |task| naming::task(scene.frame, task));
            plain(format!("{name}：延到哪一天？直接回复日期。")).row(vec![leave()])
        }
        Step::Refuse { request } => refusal(scene, *request),
        Step::Reopen { task } => plain(format!(
            "{}：为什么恢复办理？写明原因后即恢复，填报人会收到通知。",
            naming::task(scene.frame, task)
        ))
        .row(vec![leave()]),
        Step::Freeze { task, until: None } => plain(format!(
            "{}：挂账到哪一天？挂账期间不提醒，周报列明。直接回复日期，例如：6月30日",
            naming::task(scene.frame, task)
        ))
        .row(vec![leave()]),
        Step::Freeze {
            task,
            until: Some(until),
        } => plain(format!(
            "{}：挂账至{}，原因是什么？回复后即生效，原因会写进周报。",
            naming::task(scene.frame, task),
            naming::day(*until, calendar::date_of(scene.now))
        ))
        .row(vec![back(), leave()]),
    }
}

fn extend_date(scene: &Scene<'_>, task: &TaskId) -> Message {
    let today = calendar::date_of(scene.now);
    let due = scene
        .frame
        .task_view(scene.standing, task, today)
        .and_then(|view| view.due);
    let due = due.map_or(String::new(), |due| {
        let expired = if due < today { "（已过期）" } else { "" };
        format!("现定{}{expired}。", naming::day(due, today))
    });
    let html = Html::new()
        .text("申请延期 ")
        .bold(naming::task(scene.frame, task))
        .line()
        .text(format!("{due}想延到哪一天？直接回复日期，例如：6月30日"));
    Message::text(html).row(vec![leave()])
}

fn progress(scene: &Scene<'_>, task: &TaskId) -> Message {
    let today = calendar::date_of(scene.now);
    let view = scene.frame.task_view(scene.standing, task, today);
    let last = view.as_ref().and_then(|view| view.last_report());
    let message = plain("现在做到哪一步？一句话写明。");
    let Some(last) = last else {
        return message.row(vec![back(), leave()]);
    };
    let done = last.report.done.as_ref().and_then(|done| done.body());
    let stands = card::stands(scene, task);
    let last = done.map_or(stands.clone(), |done| {
        format!("{stands}，{}", item::clip(done, 100))
    });
    Message::text(
        Html::new()
            .text("现在做到哪一步？一句话写明。")
            .line()
            .text(format!("上次填报：{last}")),
    )
    .row(vec![press("同上次", Press::KeepProgress), back(), leave()])
}

fn refusal(scene: &Scene<'_>, seq: u64) -> Message {
    let Some((task, request)) = scene.standing.request(seq) else {
        return Message::text("没有这条申请。");
    };
    let (what, whom) = match request.is_extension() {
        true => ("不同意延期", "申请人"),
        false => ("退回", "申请人"),
    };
    plain(format!(
        "{what} {}：请写明理由，只发给{whom}本人。",
        naming::task(scene.frame, task)
    ))
    .row(vec![leave()])
}

/// 11/15万㎡.
fn value(scene: &Scene<'_>, task: &TaskId) -> String {
    let today = calendar::date_of(scene.now);
    let view = scene.frame.task_view(scene.standing, task, today);
    view.map_or(String::new(), |view| {
        let item = Item::of(scene.frame, scene.standing, &view, scene.now);
        item::value(scene.frame, &item)
    })
}

fn verdict_word(verdict: &Verdict, extension: bool) -> &'static str {
    match (verdict, extension) {
        (Verdict::Granted(_), _) => "同意延期",
        (Verdict::Closed, _) => "确认办结",
        (Verdict::Refused(_), true) => "不同意延期",
        (Verdict::Refused(_), false) => "退回办结申请",
        (Verdict::Withdrawn, _) => "撤回申请",
        (Verdict::Overtaken, _) => "另行决定",
    }
}

fn plain(text: impl Into<String>) -> Message {
    Message::text(Html::new().text(text.into()))
}

fn back() -> Button {
    press("上一步", Press::Back)
}

fn leave() -> Button {
    press("退出", Press::Leave)
}

fn press(label: impl Into<String>, press: Press) -> Button {
    Button::press(label, Payload::Request(press).encode())
}
