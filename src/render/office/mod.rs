//! Messages of the office's acts: go-live and pauses, terms, adoption, the initial baseline, and what the office is told.

mod adoption;
mod baseline;
mod change;
mod live;
mod terms;
#[cfg(test)]
mod tests;

use super::{Button, Html, Message, Scene, group, naming, people};
use crate::conversation::group::GroupSay;
use crate::conversation::office::{MOST_WORDS, OfficeSay, Press};
use crate::conversation::payload::Payload;
use crate::ledger::{Act, Decided};

pub use adoption::offered;
pub use live::{planned_among_many, planned_line, planned_what};

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &OfficeSay) -> Message {
    match say {
        OfficeSay::Live(say) => live::say(scene, say),
        OfficeSay::Terms(say) => terms::say(scene, say),
        OfficeSay::Adoption(say) => adoption::say(scene, say),
        OfficeSay::Baseline(say) => baseline::say(scene, say),
        OfficeSay::WordsExpected => Message::text("这一步要文字，请直接发文字。"),
        OfficeSay::TooLong(length) => plain(format!(
            "这段文字有{length}字，最多{MOST_WORDS}字，请缩短后重发。"
        )),
        OfficeSay::UnknownDecided { seen, by, at } => {
            let by = naming::person(scene.frame, by);
            let at = naming::moment(*at, scene.now);
            let what = if *seen {
                "记为已发出"
            } else {
                "重新发送"
            };
            plain(format!("已{what}，由{by}于 {at} 决定。"))
        }
        OfficeSay::UnknownDecidedBefore => {
            Message::text("这条消息的发送结果已有人处理，现在无需处理。")
        }
        OfficeSay::Left => Message::text("已退出。"),
        OfficeSay::Told(told) => Message {
            keyboard: Vec::new(),
            ..self::say(scene, told)
        },
    }
}

/// A message whose outcome is unknown waits for the office: was it seen, or is it to be sent again?
pub fn unknown_outcome(scene: &Scene<'_>, row: i64, chat: i64, slot: Option<&str>) -> Message {
    if let Some(slip) = slot.and_then(|slot| slot.strip_prefix("slip-")) {
        return unknown_slip(scene, row, slip);
    }
    let number = slot.and_then(|slot| slot.strip_prefix("digest-"));
    let receiver = scene.standing.person_of(chat);
    let (what, look) = match (number, receiver) {
        (Some(number), _) => (format!("第{number}期周报"), "到群里看一下"),
        (None, Some(person)) => {
            let name = naming::person(scene.frame, person);
            (format!("发给{name}的一份文件"), "问一下本人")
        }
        (None, None) => ("发到群里的一份文件".to_owned(), "到群里看一下"),
    };
    let html = Html::new()
        .bold("发送结果不明")
        .line()
        .text(format!("{what}可能已经发出，也可能没有。请{look}再选择。"));
    Message::text(html).row(vec![
        press("已见到", Press::Unknown(row, true)),
        press("重发", Press::Unknown(row, false)),
    ])
}

/// The same of a supervision slip: only its receiver can tell.
fn unknown_slip(scene: &Scene<'_>, row: i64, seq: &str) -> Message {
    let slip = seq.parse().ok();
    let slip = slip.and_then(|seq: u64| scene.standing.slips.get(&seq));
    let sent = slip.and_then(|slip| slip.sent.as_ref());
    let (number, to) = sent.map_or_else(
        || (String::new(), "收件人".to_owned()),
        |sent| {
            let to = naming::person_with_unit(scene.frame, &sent.to);
            (format!("第{}号", sent.number), to)
        },
    );
    let html = Html::new().bold("发送结果不明").line().text(format!(
        "督办单{number}可能已经发到{to}，也可能没有。请问一下本人再选择。"
    ));
    Message::text(html).row(vec![
        press("已见到", Press::Unknown(row, true)),
        press("重发", Press::Unknown(row, false)),
    ])
}

/// The bot may not write in the group; what it has to say is kept.
pub fn no_rights(_scene: &Scene<'_>, _row: i64) -> Message {
    Message::text("我在工作群里没有发言权限，消息已留存，稍后重试。请检查群权限设置。")
}

/// Telegram refused a message for good.
pub fn refused(_scene: &Scene<'_>, row: i64) -> Message {
    plain(format!(
        "有一条消息（编号{row}）被 Telegram 拒收，没有发出。请把编号告诉维护人员。"
    ))
}

/// What happened to the group, as the shell found out when sending.
pub fn group_trouble(scene: &Scene<'_>, act: &Act) -> Message {
    match act {
        Act::TopicLost { .. } => group::say(scene, &GroupSay::TopicLost),
        Act::GroupMigrated { .. } => {
            Message::text("工作群已升级为超级群，绑定已自动更新，无需处理。")
        }
        _ => group::say(scene, &GroupSay::Lost),
    }
}

/// 由张新龙于 09:12, or nothing where it is not known.
fn by(scene: &Scene<'_>, decided: Option<&Decided>) -> String {
    decided.map_or_else(String::new, |decided| {
        format!("由{}", people::by_and_when(scene, decided))
    })
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}

fn press(label: impl Into<String>, press: Press) -> Button {
    Button::press(label, Payload::Office(press).encode())
}
