//! Messages of the group: binding, moving, losing it, and who cannot use it.

use super::{Button, Html, Message, Scene, command, naming, people};
use crate::conversation::command::{Command, Where};
use crate::conversation::group::GroupSay;
use crate::conversation::office::{MoveAnswer, Press};
use crate::conversation::payload::Payload;
use crate::plan::Why;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &GroupSay) -> Message {
    match say {
        GroupSay::Bound { topic } => bound(scene, *topic),
        GroupSay::BoundAlready => Message::text("这里已经是工作群，无需再绑定。"),
        GroupSay::MoveAsked => Message::text("工作群现在是另一个群。要迁到这里吗？").row(vec![
            press("迁到这里", MoveAnswer::Yes),
            press("不迁", MoveAnswer::No),
        ]),
        GroupSay::MoveSure => {
            Message::text("再点一次即迁到这里，原群不再收到提醒和周报。").row(vec![
                press("确认迁移", MoveAnswer::Sure),
                press("不迁", MoveAnswer::No),
            ])
        }
        GroupSay::Stays => Message::text("工作群不变，仍是原来的群。"),
        GroupSay::DecidedBefore(decided) => people::decided_before(scene, decided.as_ref()),
        GroupSay::MovedBy(person) => plain(format!(
            "{}改了工作群（或话题），提醒和周报今后发到新的地方。",
            naming::person(scene.frame, person)
        )),
        GroupSay::Foreign => Message::text(
            "我只在指定的工作群里工作。若这里就是工作群，请专班办公室人员在群里发送 /here；24小时内无人确认，我会自行退出。",
        ),
        GroupSay::NotTheGroup { may_bind: true } => {
            Message::text("这里不是工作群。要改用这里，请发送 /here；也可以私聊我。")
        }
        GroupSay::NotTheGroup { may_bind: false } => {
            Message::text("这里不是工作群，请到工作群里使用，或私聊我。")
        }
        GroupSay::UseOwnAccount => {
            Message::text("请用本人账号操作。匿名管理员和频道身份不能使用。")
        }
        GroupSay::Lost => Message::text(
            "我已被移出工作群，或不能在群里发言。群内提醒和周报暂时发不出，私聊照常。请把我重新加入，或在新群里发送 /here",
        ),
        GroupSay::TopicLost => Message::text(
            "工作话题已关闭或删除，群内消息改发到群里。要换话题，请在新话题里发送 /here",
        ),
        GroupSay::OldButton => {
            Message::text("这个按钮已失效。填报请用 /report，查看进度请用 /status。")
        }
        GroupSay::Refused(why) => refused(scene, why),
        GroupSay::Elsewhere(command) => elsewhere(scene, *command),
    }
}

fn bound(scene: &Scene<'_>, topic: bool) -> Message {
    let here = if topic { "本话题" } else { "本群" };
    let next = if scene.standing.live_since.is_some() {
        "提醒和周报今后发到这里。"
    } else {
        "绑定不会开始发送；核对后请专班办公室用 /golive 正式启用。"
    };
    let html = Html::new()
        .text(format!(
            "已把{here}设为{}的工作群。",
            scene.frame.plan.task_force.name
        ))
        .line()
        .text(next)
        .line()
        .text("在群里请点按钮，或直接回复我的消息；其他发言我看不到。");
    Message::text(html)
}

/// Why somebody may not.
pub fn refused(scene: &Scene<'_>, why: &Why) -> Message {
    match why {
        Why::NotOnRoster => {
            Message::text("您不在现行名单上，不能使用。如有疑问，请联系专班办公室。")
        }
        Why::OfficeOnly => {
            Message::text("这一操作由专班办公室或副组长办理。您可用 /help 查看自己的命令。")
        }
        Why::DeputyOnly => Message::text("这一项由副组长决定。"),
        Why::OtherUnit(unit) => plain(format!(
            "这一项由{}填报。您可以转交，由其核定。",
            naming::unit(scene.frame, unit)
        )),
        Why::NotConcerned(measure) => {
            let number = scene.frame.plan.measure(measure);
            let number = number.map_or_else(|| measure.to_string(), |it| it.number.to_string());
            plain(format!(
                "贵单位不是第{number}项举措的牵头或责任单位，不能补充。"
            ))
        }
        Why::LeadersOnly => Message::text(
            "台账、简报和全部时限由组长、副组长和专班办公室导出。您可用 /status 查看进度。",
        ),
        Why::MembersOnly => {
            Message::text("联络员由单位成员本人指定。您可用 /help 查看自己的命令。")
        }
        Why::LeaderReads => Message::text("组长不需要填报。查看进度请用 /status"),
    }
}

fn elsewhere(scene: &Scene<'_>, command: Command) -> Message {
    let slash = command::slash(command);
    match command.entry().map(|entry| entry.place) {
        Some(Where::Group) => plain(format!("{slash} 请在工作群（或话题）里发送。")),
        Some(Where::Private | Where::Both) | None => {
            plain(format!("{slash} 请在与我的私聊里使用。")).row(vec![Button::Link {
                text: "打开私聊".to_owned(),
                url: format!("https://t.me/{}", scene.bot.username),
            }])
        }
    }
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}

fn press(label: &str, answer: MoveAnswer) -> Button {
    Button::press(label, Payload::Office(Press::Move(answer)).encode())
}
