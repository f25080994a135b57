//! Messages on meetings (会议): the talk's questions, one meeting with what became of it, the list, words to those called.

mod question;

use super::item::{clip, some};
use super::{Button, Html, Message, Scene, naming};
use crate::calendar;
use crate::conversation::meeting::{MOST_PLACE, MOST_TOPIC, MeetingSay, Press, listed};
use crate::conversation::payload::Payload;
use crate::ledger::{CalledMeeting, MeetingTime, Text, guests, people_called};
use crate::plan::PersonId;
use crate::schedule::MeetingWord;

/// Meetings with a button of their own on the list.
const MOST_LISTED: usize = 10;
/// Characters of a topic in a line, and of names.
const MOST_WORDS: usize = 40;
/// Stands where a text was removed.
const REMOVED: &str = crate::render::REDACTED;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &MeetingSay) -> Message {
    match say {
        MeetingSay::Ask(draft) => question::question(scene, draft),
        MeetingSay::TooLong(length) => plain(format!(
            "会议主题有{length}字，最多{MOST_TOPIC}字，请缩短后重发。"
        )),
        MeetingSay::PlaceTooLong(length) => plain(format!(
            "地点有{length}字，最多{MOST_PLACE}字，请缩短后重发。"
        )),
        MeetingSay::DateUnclear => Message::text(
            "没有看懂时间。请先写日期，再写时间、地点，例如：12月3日下午2点半 三楼会议室",
        ),
        MeetingSay::TimePast(time) => {
            plain(format!("{}已经过去，请发以后的时间。", at(scene, *time)))
        }
        MeetingSay::UnknownName(name) => plain(format!(
            "名单里没有“{}”。请发单位简称、别名或人员姓名，几个之间用顿号。",
            clip(name, MOST_WORDS)
        )),
        MeetingSay::NobodyCalled => Message::text("请先选参会的单位或人员，全部参会点“全体”。"),
        MeetingSay::ButtonsAlone => Message::text("这一步请点上面的按钮。"),
        MeetingSay::StepOver => Message::text("这个按钮已经失效。重新开始用 /meeting"),
        MeetingSay::List => list(scene),
        MeetingSay::Show(seq) => show(scene, *seq),
        MeetingSay::Told(seq) => told(scene, *seq),
        MeetingSay::OffSure(seq) => off_sure(scene, *seq),
        MeetingSay::AlreadyEnded(seq) => plain(ended(scene, *seq)),
        MeetingSay::NotBegun(seq) => plain(format!(
            "{}还没有开，开会以后再交办议定事项。",
            named(scene, *seq)
        )),
        MeetingSay::Off(seq) => plain(format!("{}已取消，不再召开。", named(scene, *seq))),
        MeetingSay::Moved { from, to } => moved(scene, *from, *to),
        MeetingSay::Left => Message::text("已退出，没有记录。"),
    }
}

/// 12月3日 周四 14:30.
pub(super) fn at(scene: &Scene<'_>, time: MeetingTime) -> String {
    let today = calendar::date_of(scene.now);
    let day = naming::day(time.on, today);
    let weekday = naming::weekday(time.on);
    match time.at {
        Some(at) => format!("{day} {weekday} {}", at.format("%H:%M")),
        None => format!("{day} {weekday}"),
    }
}

fn body(text: &Text) -> &str {
    text.body().unwrap_or(REMOVED)
}

/// 12月3日 周四 14:30 三楼会议室.
fn when_and_where(scene: &Scene<'_>, meeting: &CalledMeeting) -> String {
    let time = at(scene, meeting.meeting.time());
    match &meeting.meeting.place {
        Some(place) => format!("{time} {}", body(place)),
        None => time,
    }
}

fn topic(meeting: &CalledMeeting) -> String {
    clip(body(&meeting.meeting.topic), MOST_WORDS)
}

/// 12月3日 周四 14:30“调度推进会”.
pub(super) fn name(scene: &Scene<'_>, meeting: &CalledMeeting) -> String {
    let time = at(scene, meeting.meeting.time());
    format!("{time}“{}”", topic(meeting))
}

fn named(scene: &Scene<'_>, seq: u64) -> String {
    let meeting = scene.standing.meeting(seq);
    meeting.map_or_else(|| "会议".to_owned(), |meeting| name(scene, meeting))
}

/// 全体（25人） or 市住建局、孙婧（3人）.
pub(super) fn called(scene: &Scene<'_>, called: &[crate::ledger::Assignee]) -> String {
    let people = people_called(&scene.frame.plan, called).len();
    if called.is_empty() {
        return format!("全体（{people}人）");
    }
    let names: Vec<String> = called
        .iter()
        .map(|one| super::assign::assignee(scene, one))
        .collect();
    format!("{}（{people}人）", names.join("、"))
}

/// Who is away that day, who has no account: the office tells them otherwise.
fn absent(
    scene: &Scene<'_>,
    on: chrono::NaiveDate,
    called: &[crate::ledger::Assignee],
) -> Vec<String> {
    let plan = &scene.frame.plan;
    let people = people_called(plan, called);
    let guests = guests(plan, &scene.standing.people, on, called);
    let person = |id: &PersonId| naming::person(scene.frame, id);
    let stand_in = |of: &PersonId| {
        let mut guests = guests.iter();
        guests.find(|guest| guest.instead_of.as_ref() == Some(of))
    };
    let away = people.iter().filter_map(|id| {
        let absence = scene.standing.people.away_on(id, on)?;
        let kind = super::roster::kind(absence.kind);
        Some(match stand_in(id) {
            Some(guest) => format!("{}（{kind}，由{}代）", person(id), person(&guest.person)),
            None => format!("{}（{kind}，没有指定代填人）", person(id)),
        })
    });
    let unbound = guests
        .iter()
        .filter(|guest| !scene.standing.bindings.contains_key(&guest.person))
        .map(|guest| person(&guest.person));
    let line = |what: &str, names: Vec<String>| {
        let shown = some(&names, "、", MOST_WORDS, "人");
        (!names.is_empty()).then(|| format!("{what}：{shown}"))
    };
    let lines = [
        line("外出", away.collect()),
        line("未登记，请另行通知", unbound.collect()),
    ];
    lines.into_iter().flatten().collect()
}

/// 提醒：12月2日 周三 09:00 私下发给本人.
fn reminder(
    scene: &Scene<'_>,
    time: MeetingTime,
    called_at: chrono::DateTime<chrono::Utc>,
) -> String {
    let Some(told_at) = time.reminded_at(scene.frame, called_at) else {
        return "开会前已没有工作时间，来不及提醒，请另行通知。".to_owned();
    };
    if told_at <= scene.now {
        return "提醒：马上私下发给参会人。".to_owned();
    }
    let day = calendar::date_of(told_at);
    let today = calendar::date_of(scene.now);
    format!(
        "提醒：{} {} {} 私下发给参会人。",
        naming::day(day, today),
        naming::weekday(day),
        calendar::local(told_at).format("%H:%M")
    )
}

fn facts(scene: &Scene<'_>, meeting: &CalledMeeting, html: Html) -> Html {
    let held = &meeting.meeting;
    html.line()
        .text(when_and_where(scene, meeting))
        .line()
        .text(format!("主题：{}", body(&held.topic)))
        .line()
        .text(format!("参会：{}", called(scene, &held.called)))
}

/// One meeting as it stands, with what the office can do.
fn show(scene: &Scene<'_>, seq: u64) -> Message {
    let Some(meeting) = scene.standing.meeting(seq) else {
        return Message::text("没有这次会议。");
    };
    let held = &meeting.meeting;
    let html = Html::new().bold("会议").text(format!("（第 {seq} 号）"));
    let mut html = facts(scene, meeting, html);
    if meeting.is_ahead(&scene.frame.calendar, scene.now) {
        for line in absent(scene, held.on, &held.called) {
            html = html.line().text(line);
        }
        let told = meeting.was_told(scene.frame, scene.now) && meeting.at < scene.now;
        html = html.line().text(match told {
            true => "已私下提醒参会人。".to_owned(),
            false => reminder(scene, held.time(), meeting.at),
        });
        return Message::text(html)
            .row(vec![
                press("改期", Press::Move(seq)),
                press("取消会议", Press::Off(seq, false)),
            ])
            .row(vec![press("全部会议", Press::List)]);
    }
    html = html.line().text(ended(scene, seq));
    let items = meeting.items(scene.standing);
    if !items.is_empty() {
        html = html.line().text(format!("议定事项{}项：", items.len()));
        for task in items {
            html = html.line().text(naming::task(scene.frame, &task));
        }
    }
    Message::text(html)
        .row(after(meeting))
        .row(vec![press("全部会议", Press::List)])
}

/// What can be done with a meeting that has begun or ended.
fn after(meeting: &CalledMeeting) -> Vec<Button> {
    let seq = meeting.seq;
    match &meeting.ended {
        None => vec![
            press("逐项交办", Press::Take(seq)),
            press("完，没有更多", Press::End(seq)),
            press("没有开", Press::Off(seq, false)),
        ],
        Some(end) if end.called_off => vec![press("重新召集", Press::Again(seq))],
        Some(_) => vec![press("补充议定事项", Press::Take(seq))],
    }
}

/// How it ended and by whom; of one that has not, that its decisions wait.
fn ended(scene: &Scene<'_>, seq: u64) -> String {
    let Some(meeting) = scene.standing.meeting(seq) else {
        return "没有这次会议。".to_owned();
    };
    let Some(end) = &meeting.ended else {
        return "会议已开，议定事项待交办。".to_owned();
    };
    let by = naming::actor(scene.frame, &end.by);
    let when = naming::moment(end.at, scene.now);
    match end.called_off {
        true => format!("已由{by}于 {when} 取消。"),
        false => format!("议定事项已由{by}于 {when} 交办完毕。"),
    }
}

/// To the others of the office.
fn told(scene: &Scene<'_>, seq: u64) -> Message {
    let Some(meeting) = scene.standing.meeting(seq) else {
        return Message::default();
    };
    let what = match &meeting.ended {
        None => {
            let by = naming::actor(scene.frame, &meeting.by);
            let when = naming::moment(meeting.at, scene.now);
            format!("已由{by}于 {when} 召集。")
        }
        Some(_) => ended(scene, seq),
    };
    let html = facts(scene, meeting, Html::new().bold("会议"));
    Message::text(html.line().text(what)).row(vec![press("查看", Press::Show(seq))])
}

fn off_sure(scene: &Scene<'_>, seq: u64) -> Message {
    let told = scene.standing.meeting(seq).is_some_and(|meeting| {
        meeting.is_ahead(&scene.frame.calendar, scene.now)
            && meeting.was_told(scene.frame, scene.now)
    });
    let word = match told {
        true => "已提醒过的参会人会收到取消通知。",
        false => "没有人收到过提醒，不另发通知。",
    };
    plain(format!("取消{}？{word}", named(scene, seq))).row(vec![
        press("确认取消", Press::Off(seq, true)),
        press("不取消", Press::Show(seq)),
    ])
}

fn moved(scene: &Scene<'_>, from: u64, to: u64) -> Message {
    let now = scene.standing.meeting(to);
    let now = now.map_or_else(String::new, |meeting| when_and_where(scene, meeting));
    plain(format!("会议改期：{}改到{now}。", named(scene, from)))
}

fn list(scene: &Scene<'_>) -> Message {
    let meetings = listed(scene.frame, scene.standing, scene.now);
    if meetings.is_empty() {
        return Message::text("还没有召集过会议。").row(vec![press("召集会议", Press::New)]);
    }
    let mut html = Html::new().bold("会议");
    let mut message = Message::default();
    for meeting in meetings.iter().take(MOST_LISTED) {
        let state = match &meeting.ended {
            Some(end) if end.called_off => "已取消",
            Some(_) => "已交办完毕",
            None if meeting.is_ahead(&scene.frame.calendar, scene.now) => "待开",
            None => "议定事项待交办",
        };
        html = html
            .line()
            .text(format!("{} · {state}", name(scene, meeting)));
        message = message.row(vec![press(name(scene, meeting), Press::Show(meeting.seq))]);
    }
    if meetings.len() > MOST_LISTED {
        let rest = meetings.len() - MOST_LISTED;
        html = html.line().text(format!("另有{rest}次未列出。"));
    }
    let mut listed = Message::text(html);
    listed.keyboard = message.keyboard;
    listed.row(vec![
        press("召集会议", Press::New),
        press("退出", Press::Leave),
    ])
}

/// In a card, to somebody called: 会议：明天（12月3日 周四）14:30 三楼会议室“调度推进会”.
pub(super) fn card_line(scene: &Scene<'_>, word: &MeetingWord) -> Option<String> {
    let meeting = scene.standing.meeting(word.meeting)?;
    let today = calendar::date_of(scene.now);
    let day = match (meeting.meeting.on - today).num_days() {
        0 => "今天 ",
        1 => "明天 ",
        _ => "",
    };
    let instead = word.instead_of.as_ref().map(|person| {
        let person = naming::person(scene.frame, person);
        format!("（请代{person}同志参会）")
    });
    Some(format!(
        "请参加会议：{day}{}，{}{}",
        when_and_where(scene, meeting),
        topic(meeting),
        instead.unwrap_or_default()
    ))
}

/// To the office: meetings that are over.
pub fn held(scene: &Scene<'_>, seqs: &[u64]) -> Message {
    let mut html = Html::new().bold("会议议定事项待交办");
    let mut message = Message::default();
    for seq in seqs {
        html = html.line().text(named(scene, *seq));
        message = message.row(waiting_buttons(*seq));
    }
    html = html.line().text("点“逐项交办”一项一项记下，没有了点“完”。");
    Message {
        keyboard: message.keyboard,
        ..Message::text(html)
    }
}

/// A meeting in the list of what waits, with its buttons.
pub(super) fn waiting(scene: &Scene<'_>, seq: u64) -> (String, Vec<Button>) {
    let text = format!("会议议定事项待交办：{}", named(scene, seq));
    (text, waiting_buttons(seq))
}

fn waiting_buttons(seq: u64) -> Vec<Button> {
    vec![
        press("逐项交办", Press::Take(seq)),
        press("完，没有更多", Press::End(seq)),
        press("没有开", Press::Off(seq, false)),
    ]
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}

fn press(label: impl Into<String>, press: Press) -> Button {
    Button::press(label, Payload::Meeting(press).encode())
}
