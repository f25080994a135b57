//! Lists and lines to the office: what nobody can be asked for, what was never given, when the program was down.

use chrono::{DateTime, NaiveDate, Utc};

use super::{item_buttons, words};
use crate::render::{Html, Message, Scene, item, naming, roster};
use crate::schedule::{Notice, NoticeItem};

/// Lines of one list; a longer one is counted.
const MOST_LINES: usize = 30;

/// 未提供初始情况: baselines asked twice and never given.
pub(super) fn baseline_missing(scene: &Scene<'_>, notice: &Notice) -> Message {
    let count = notice.items.len();
    let html = Html::new()
        .bold("未提供初始情况")
        .text(format!(" · {count}项"))
        .line()
        .text("建账前到期，两个填报期都没有反馈，不再自动询问。请联系单位补报，或用 /plan 定新时限、办结：");
    Message::text(listed(scene, html, notice))
}

/// Tasks without a person to ask.
pub(super) fn unaskable(scene: &Scene<'_>, notice: &Notice) -> Message {
    let count = notice.items.len();
    let html = Html::new()
        .bold("没有填报人的事项")
        .text(format!(" · {count}项"))
        .line()
        .text("请办公室代填，或用 /terms 定填报单位：");
    let tasks: Vec<_> = notice
        .items
        .iter()
        .map(|item| (&item.task, false))
        .collect();
    item_buttons(scene, Message::text(listed(scene, html, notice)), &tasks)
}

/// One line on an outage.
pub(super) fn was_down(scene: &Scene<'_>, from_at: DateTime<Utc>, to_at: DateTime<Utc>) -> Message {
    let span = span(scene, from_at, to_at);
    Message::text(Html::new().text(format!(
        "{span}系统停运。期间发来的消息和点的按钮可能没有收到；漏发的提醒已并入下一个工作日上午，每人一条。"
    )))
}

/// The end may be asked for.
pub(super) fn finish_offer(scene: &Scene<'_>, last: NaiveDate) -> Message {
    let today = words::today(scene);
    let day = naming::day(last, today);
    let when = match (last - today).num_days() {
        left if left > 0 => format!("最后一个完成时限是{day}，还有{left}天。"),
        0 => format!("最后一个完成时限是今天（{day}）。"),
        _ => format!("最后一个完成时限{day}已过。"),
    };
    Message::text(Html::new().text(format!(
        "{when}工作全部完成后，可用 /finish 申请结束，由副组长确认；在此之前提醒和周报照常。"
    )))
}

/// 11月21日08:00至11月23日08:00.
pub(super) fn span(scene: &Scene<'_>, from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let today = words::today(scene);
    let moment = |at| words::date_and_time(at, today);
    format!("{}至{}", moment(from), moment(to))
}

fn listed(scene: &Scene<'_>, mut html: Html, notice: &Notice) -> Html {
    for item in notice.items.iter().take(MOST_LINES) {
        html = html.line().text(line(scene, item));
    }
    if notice.items.len() > MOST_LINES {
        html = html.line().text(format!("……共{}项", notice.items.len()));
    }
    html
}

/// 6-1 改造换热站 · 目标≥10座，尚未填报 · 市住建局.
fn line(scene: &Scene<'_>, notice_item: &NoticeItem) -> String {
    let unit = notice_item.unit.as_ref();
    let unit = unit.map(|unit| naming::unit(scene.frame, unit));
    let view = words::view(scene, &notice_item.task);
    let away = view.and_then(|view| view.away);
    let away = away.map(|it| roster::away_until(&it, words::today(scene)));
    item::join(
        naming::task(scene.frame, &notice_item.task),
        &[
            words::target_and_last(scene, &notice_item.task),
            unit.unwrap_or_default(),
            away.unwrap_or_default(),
        ],
    )
}
