//! Messages on go-live and pauses.

use super::{by, plain, press};
use crate::calendar;
use crate::conversation::office::{LiveSay, Press};
use crate::conversation::{PlannedKind, PlannedSend};
use crate::plan::PersonId;
use crate::render::{Html, Message, REDACTED, Scene, naming};

/// Names shown in a row before the rest is counted.
const MOST_NAMES: usize = 10;

/// Every message on go-live and pauses.
pub(super) fn say(scene: &Scene<'_>, say: &LiveSay) -> Message {
    let name = |person| naming::person(scene.frame, person);
    let today = calendar::date_of(scene.now);
    match say {
        LiveSay::GoliveOverview {
            unbound,
            doubts,
            sends,
        } => golive_overview(scene, unbound, *doubts, sends),
        LiveSay::GoliveSure => {
            Message::text("再点一次即正式启用，此后按计划发送提醒和周报。").row(vec![
                press("确认启用", Press::GoliveSure),
                press("退出", Press::Leave),
            ])
        }
        LiveSay::WentLive(by) => plain(format!(
            "已由{}正式启用，此后按计划发送。暂停用 /pause",
            name(by)
        )),
        LiveSay::AlreadyLive(decided) => plain(format!(
            "已{}正式启用，无需再启用。",
            by(scene, decided.as_ref())
        )),
        LiveSay::NoGroup => {
            Message::text("还没有可用的工作群。请把我加入工作群，并在群里（或话题里）发送 /here")
        }
        LiveSay::NotLive => Message::text("尚未正式启用，没有主动发送，无需暂停。"),
        LiveSay::ReasonWanted { waits: true } => {
            Message::text("请写明暂停原因，可加截止日期，例如：系统升级 至12月10日")
                .row(vec![press("退出", Press::Leave)])
        }
        LiveSay::ReasonWanted { waits: false } => {
            Message::text("请连同原因发送，例如：/pause 系统升级 至12月10日")
        }
        LiveSay::DayPast(day) => plain(format!("{}已经过去。", naming::day(*day, today))),
        LiveSay::Paused { by, reason, until } => {
            let until = until.map_or_else(String::new, |day| {
                format!("，至{}", naming::day(day, today))
            });
            plain(format!(
                "主动发送已由{}暂停{until}。原因：{reason}。填报和查询照常，恢复用 /resume",
                name(by)
            ))
        }
        LiveSay::AlreadyPaused(decided) => {
            let pause = scene.standing.pause.as_ref();
            let reason = pause.map_or("", |pause| pause.reason.body().unwrap_or(REDACTED));
            plain(format!(
                "已{}暂停，原因：{reason}。恢复用 /resume",
                by(scene, decided.as_ref())
            ))
        }
        LiveSay::Resumed(by) => plain(format!(
            "主动发送已由{}恢复，暂停期间的内容并入下一次发送。",
            name(by)
        )),
        LiveSay::NotPaused(Some(decided)) => plain(format!(
            "现在没有暂停，已{}恢复。",
            by(scene, Some(decided))
        )),
        LiveSay::NotPaused(None) => Message::text("现在没有暂停，无需恢复。"),
    }
}

fn golive_overview(
    scene: &Scene<'_>,
    unbound: &[PersonId],
    doubts: usize,
    sends: &[PlannedSend],
) -> Message {
    let mut html = Html::new().bold("正式启用前请核对").line();
    html = if unbound.is_empty() {
        html.text("名单人员均已登记。")
    } else {
        let names: Vec<String> = unbound
            .iter()
            .take(MOST_NAMES)
            .map(|person| naming::person_with_unit(scene.frame, person))
            .collect();
        let rest = if unbound.len() > MOST_NAMES {
            "等"
        } else {
            ""
        };
        html.text(format!(
            "未登记{}人：{}{rest}（/invite）",
            unbound.len(),
            names.join("、")
        ))
    };
    html = html.line().text(match doubts {
        0 => "口径均已确定。".to_owned(),
        _ => format!("未定口径{doubts}条，确定前只填报、不亮灯（/terms）"),
    });
    let mut planned = Html::new().bold("启用后最先发送");
    for send in sends {
        planned = planned.line().text(planned_line(scene, send));
    }
    if sends.is_empty() {
        planned = planned.line().text("近期没有要发送的内容。");
    }
    Message {
        blocks: vec![
            html.into(),
            String::new(),
            planned.into(),
            String::new(),
            "每周一 08:30 另给专班办公室发报告（私聊，不响铃）。".to_owned(),
            "启用要点两次，点之前什么也不发。".to_owned(),
        ],
        ..Message::default()
    }
    .row(vec![
        press("正式启用", Press::Golive),
        press("退出", Press::Leave),
    ])
}

/// 11月24日 周二 09:00 提醒：17人，52项.
pub fn planned_line(scene: &Scene<'_>, send: &PlannedSend) -> String {
    let date = calendar::date_of(send.at);
    let when = format!(
        "{} {} {}",
        naming::day(date, calendar::date_of(scene.now)),
        naming::weekday(date),
        calendar::local(send.at).format("%H:%M")
    );
    format!("{when} {}", planned_what(send))
}

/// 进展提醒：17人，52项.
pub fn planned_what(send: &PlannedSend) -> String {
    match send.what {
        PlannedKind::Digest => "工作周报（群内）".to_owned(),
        PlannedKind::Reminder => format!("进展提醒：{}人，{}项", send.people.len(), send.tasks),
        PlannedKind::Meeting => format!("会议提醒：{}人", send.people.len()),
        PlannedKind::Other => "专班办公室事项".to_owned(),
    }
}

/// The same where several task forces are listed together: 以旧换新 · 进展提醒：17人，52项.
pub fn planned_among_many(short_name: &str, send: &PlannedSend) -> String {
    format!("{short_name} · {}", planned_what(send))
}
