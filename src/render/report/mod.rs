//! Messages of report talks and cards: one named function for each.

mod cards;
mod field;
mod note;
mod preview;
mod question;
mod record;
#[cfg(test)]
mod tests;
mod words;

use super::{Html, Message, Scene, naming};
use crate::conversation::report::{Press, ReportSay};
use crate::plan::{PersonId, TaskId};

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &ReportSay) -> Message {
    match say {
        ReportSay::Ask(asking) => question::ask(scene, asking),
        ReportSay::ReplyField(field) => field::reply_field(scene, field),
        ReportSay::Recorded(recorded) => record::recorded(scene, recorded),
        ReportSay::Line(seqs) => record::line(scene, seqs),
        ReportSay::Left { task, kept, .. } => cards::left(scene, task, *kept),
        ReportSay::NothingOpen => Message::text("现在没有进行中的填报。"),
        ReportSay::DialogueLeft => Message::text("已退出。"),
        ReportSay::OfferResume(person, draft) => cards::offer_resume(scene, person, draft),
        ReportSay::Dropped(task) => plain(format!(
            "{} 这次填的没有提交，已放弃。",
            naming::task(scene.frame, task)
        )),
        ReportSay::Choose(choices) => cards::choose(scene, choices),
        ReportSay::NothingToFile => Message::text("您名下没有需要填报的事项。查看进度请用 /status"),
        ReportSay::NotFound(typed) => plain(format!(
            "没有找到“{typed}”。请写编号或名称，例如 /report 6-1"
        )),
        ReportSay::Gone(task, why) => cards::gone(scene, task, *why),
        ReportSay::OfferOnBehalf { person, task } => offer_on_behalf(scene, person, task),
        ReportSay::MayNotFile { person, task, hint } => {
            cards::may_not_file(scene, person, task, *hint)
        }
        ReportSay::MovedToPrivate => {
            cards::go_private(scene, "已在私聊里问您，请到私聊接着填。", None)
        }
        ReportSay::GoPrivate(task) => cards::go_private(scene, "请到私聊填报。", task.as_ref()),
        ReportSay::GroupFull => {
            cards::go_private(scene, "群里已有两人在填，请到私聊填报，或稍后再来。", None)
        }
        ReportSay::Spent(task) => cards::go_private(
            scene,
            "这一项在群里的消息已用完，填了的都在，请到私聊接着填。",
            Some(task),
        ),
        ReportSay::WhichItem(tasks) => cards::which_item(scene, tasks),
        ReportSay::ConfirmUnchanged(unchanged) => cards::confirm_unchanged(scene, unchanged),
        ReportSay::KeptUnchanged { seqs, missing } => cards::kept_unchanged(scene, seqs, missing),
        ReportSay::NothingToKeep { missing } => cards::nothing_to_keep(scene, missing),
        ReportSay::LaterChoices => cards::later_choices(),
        ReportSay::AskOwnDate(person, question) => cards::ask_own_date(scene, person, question),
        ReportSay::Snoozed(at) => plain(format!(
            "好，{}再提醒您。期间随时可以填报。",
            naming::moment(*at, scene.now)
        )),
        ReportSay::NotSoLate { due, task } => cards::not_so_late(scene, *due, task),
        ReportSay::Mine(tasks) => cards::mine(scene, tasks),
        ReportSay::HintProposal { task, hint } => record::proposal(scene, task, *hint),
        ReportSay::HintDecided {
            task,
            hint,
            taken,
            by,
        } => record::hint_decided(scene, task, *hint, *taken, by),
        ReportSay::HintClosed(why) => record::hint_closed(why),
        ReportSay::NotCorrectable(why) => record::not_correctable(why),
        ReportSay::NotYours(person) => cards::not_yours(scene, person),
        ReportSay::Stale => Message::text("这是前面问题的按钮，请看最新一条。"),
        ReportSay::Over => Message::text("这次填报已经结束。要再填请用 /report"),
        ReportSay::Elsewhere => Message::text("这次填报已移到别处，请到那里接着填，或用 /report"),
    }
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}

/// To the office: an item of another unit, which it can file in that unit's place.
fn offer_on_behalf(scene: &Scene<'_>, person: &PersonId, task: &TaskId) -> Message {
    let name = naming::task(scene.frame, task);
    let who = naming::person_with_unit(scene.frame, person);
    plain(format!(
        "{name}由{who}填报。要代为填报吗？记录上写明代填人。"
    ))
    .row(vec![
        record::press("代填", Press::OnBehalf(task.clone())),
        record::press("转交", Press::Hint(task.clone())),
    ])
}
