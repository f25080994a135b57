//! The private card: everything a person has to answer in this slot, a button each.

use chrono::{DateTime, Utc};

use super::words;
use super::{MOST_BUTTONS, item_buttons, press};
use crate::conversation::payload::Payload;
use crate::conversation::query::Press;
use crate::conversation::report;
use crate::plan::PersonId;
use crate::render::{Button, Html, Message, Scene, item, meeting, naming, query};
use crate::schedule::{Notice, NoticeItem, NoticeTo, Why};

/// Half a minute an item is told for so many; of more it would only frighten.
const MOST_TIMED: usize = 20;

/// Characters for the numbers of measures a person's units take part in.
const MOST_NUMBERS: usize = 12;

/// The card of one person.
pub(super) fn card(scene: &Scene<'_>, notice: &Notice) -> Message {
    let NoticeTo::Person(person) = &notice.to else {
        return Message::default();
    };
    let items = &notice.items;
    if items.is_empty() {
        return meetings_alone(scene, notice, person);
    }
    let mut html = Html::new().text(greeting(scene, person, items));
    for line in meeting_lines(scene, notice) {
        html = html.line().text(line);
    }
    if let Some((from, to)) = outage(scene, notice) {
        html = html.line().text(catch_up(scene, from, to));
    }
    html = html.line();
    for (at, item) in items.iter().take(MOST_BUTTONS).enumerate() {
        html = html
            .line()
            .text(format!("{}. {}", at + 1, item_line(scene, item)));
        if let Some(promise) = words::promise(scene, item) {
            html = html.line().text(format!("   {promise}"));
        }
    }
    if items.len() > MOST_BUTTONS {
        let text = format!("……共{}项，点[更多]看全部", items.len());
        html = html.line().text(text);
    }
    if let Some(part) = takes_part(scene, person) {
        html = html.line().line().text(part);
    }
    if !scene.standing.secrecy_shown.contains(person) {
        html = html.line().line().text(FIRST_CARD);
    }
    let message = with_buttons(scene, Message::text(html), items);
    if query::takes_part(scene, person).is_empty() {
        return message;
    }
    let button = Button::press("参与的举措", Payload::Query(Press::TakesPart).encode());
    message.row(vec![button])
}

/// A card of which nothing but meetings is left.
fn meetings_alone(scene: &Scene<'_>, notice: &Notice, person: &PersonId) -> Message {
    let name = naming::person(scene.frame, person);
    let mut html = Html::new().text(format!("{name}同志："));
    for line in meeting_lines(scene, notice) {
        html = html.line().text(line);
    }
    if !scene.standing.secrecy_shown.contains(person) {
        html = html.line().line().text(FIRST_CARD);
    }
    Message::text(html)
}

fn meeting_lines<'a>(
    scene: &'a Scene<'_>,
    notice: &'a Notice,
) -> impl Iterator<Item = String> + 'a {
    let words = notice.meetings.iter();
    words.filter_map(|word| meeting::card_line(scene, word))
}

fn with_buttons(scene: &Scene<'_>, message: Message, items: &[NoticeItem]) -> Message {
    let unfinished = |item: &NoticeItem| item.why == Why::Unfinished;
    let buttons: Vec<_> = items
        .iter()
        .map(|item| (&item.task, unfinished(item)))
        .collect();
    let message = item_buttons(scene, message, &buttons);
    if items.iter().all(unfinished) {
        return message;
    }
    let mut row = Vec::new();
    let answered = |item: &NoticeItem| {
        words::view(scene, &item.task).is_some_and(|view| view.last_report().is_some())
    };
    if items.iter().any(answered) {
        row.push(press("都无变化", report::Press::AllUnchanged));
    }
    row.push(press("晚些提醒", report::Press::Later));
    message.row(row)
}

/// The first line: who, how much, how long, until when.
fn greeting(scene: &Scene<'_>, person: &PersonId, items: &[NoticeItem]) -> String {
    let name = naming::person(scene.frame, person);
    let today = words::today(scene);
    let count = items.len();
    let all = |wanted: fn(&Why) -> bool| items.iter().all(|item| wanted(&item.why));
    let any = |wanted: fn(&Why) -> bool| items.iter().any(|item| wanted(&item.why));
    if all(|why| *why == Why::Unfinished) {
        return format!("{name}同志，您有{count}项填了一半，点按钮接着填。");
    }
    let time = if count <= MOST_TIMED {
        format!("，约{}分钟", count.div_ceil(2))
    } else {
        String::new()
    };
    let due_today = items.iter().filter(|item| {
        let view = words::view(scene, &item.task);
        view.is_some_and(|view| view.due == Some(today))
    });
    let due_today = due_today.count();
    let what = if due_today == count {
        format!("您有{count}项今天到期")
    } else if due_today > 0 {
        format!("您有{count}项待反馈，其中{due_today}项今天到期")
    } else if all(|why| matches!(why, Why::FollowUp(_))) {
        format!("专班办公室催办，您有{count}项待反馈")
    } else if all(|why| *why == Why::Snoozed) {
        format!("按您选的时间再提醒：您有{count}项待反馈")
    } else if all(|why| matches!(why, Why::Opens(_) | Why::Baseline(_))) {
        let period = words::period_of(items).map_or("", words::period);
        format!("{period}填报开始，您有{count}项")
    } else {
        format!("您有{count}项待反馈")
    };
    let until = words::cut_off(scene, items).map_or_else(String::new, |at| {
        let at = words::date_and_time(at, today);
        if any(|why| matches!(why, Why::LastPing(_))) {
            format!("本期最后一次提醒，{at}截止。")
        } else {
            format!("{at}前反馈即可。")
        }
    });
    format!("{name}同志，{what}{time}。{until}")
}

/// 6-1 改造换热站：还有7天，目标≥10座，上次8座（10月25日）.
fn item_line(scene: &Scene<'_>, notice_item: &NoticeItem) -> String {
    let name = naming::task(scene.frame, &notice_item.task);
    let parts = [
        words::urgency(scene, notice_item),
        words::target_and_last(scene, &notice_item.task),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{name}：{}", parts.join("，"))
}

/// The outage this card is the first to speak of.
fn outage(scene: &Scene<'_>, notice: &Notice) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let seqs: Vec<u64> = notice
        .keys
        .iter()
        .filter_map(|key| key.outage_seq())
        .collect();
    let downtimes = scene.standing.downtimes.iter();
    let spoken: Vec<_> = downtimes.filter(|(seq, ..)| seqs.contains(seq)).collect();
    let from = spoken.iter().map(|(_, from, _)| *from).min()?;
    let to = spoken.iter().map(|(.., to)| *to).max()?;
    Some((from, to))
}

fn catch_up(scene: &Scene<'_>, from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let span = super::lists::span(scene, from, to);
    format!("{span}系统停运，这段时间发来的内容可能没有收到。请看下面“上次”是否是您最后报的。")
}

/// Measures in which the person's units take part and that others file.
fn takes_part(scene: &Scene<'_>, person: &PersonId) -> Option<String> {
    let measures = query::takes_part(scene, person);
    let numbers: Vec<String> = measures
        .iter()
        .map(|measure| measure.number.to_string())
        .collect();
    let shown = item::some(&numbers, "、", MOST_NUMBERS, "项");
    (!numbers.is_empty())
        .then(|| format!("另参与举措{shown}，由其他单位填报；可点[参与的举措]查看、补充。"))
}

/// What everybody is told once, with the first card.
pub const FIRST_CARD: &str =
    "不得填报涉密、工作秘密和个人敏感信息。在群里请点按钮或回复我的消息，直接发言我收不到。";
