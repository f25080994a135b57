//! Notices (提醒) in words: the group's post, the private card, lists to the office. One named function for each.

mod card;
mod lists;
mod post;
mod report;
#[cfg(test)]
mod tests;
mod words;

pub use card::FIRST_CARD;
pub use report::report;

use super::{Button, Html, Message, Scene, matter, naming, request, slip};
use crate::conversation::payload::Payload;
use crate::conversation::report::{self as talk, start_link};
use crate::plan::{PersonId, TaskId};
use crate::schedule::{Notice, NoticeKind, NoticeTo};

/// Items with a button of their own under one message; the rest is behind one more.
const MOST_BUTTONS: usize = 8;

/// Buttons of items in a row: three still show their labels on a phone.
const ROW: usize = 3;

/// Every notice.
pub fn message(scene: &Scene<'_>, notice: &Notice) -> Message {
    match &notice.kind {
        NoticeKind::GroupPost => post::post(scene, notice),
        NoticeKind::Card => card::card(scene, notice),
        NoticeKind::BaselineMissing => lists::baseline_missing(scene, notice),
        NoticeKind::Unaskable => lists::unaskable(scene, notice),
        NoticeKind::RequestsWait { requests } => request::overdue_requests(scene, requests),
        NoticeKind::MeetingsHeld(seqs) => super::meeting::held(scene, seqs),
        NoticeKind::Unreceived => super::assign::unreceived(scene, notice),
        NoticeKind::WasDown { from_at, to_at } => lists::was_down(scene, *from_at, *to_at),
        NoticeKind::Matters(seqs) => matter::notice(scene, seqs, notice.to == NoticeTo::Office),
        NoticeKind::CoSign(asked) => matter::cosign_notice(scene, recipient(notice), asked),
        NoticeKind::SlipDrafts(seqs) => slip::drafts(scene, seqs),
        NoticeKind::Slip(seq) => slip::sent(scene, *seq),
        NoticeKind::SlipsUnanswered(seqs) => slip::unanswered(scene, seqs),
        NoticeKind::SlipTold(seq) => slip::told(scene, *seq),
        NoticeKind::FinishOffer { last } => lists::finish_offer(scene, *last),
        // Told with what the outbox knows of the week.
        NoticeKind::OfficeReport { .. } => Message::default(),
        NoticeKind::Digest { number, .. } => {
            Message::text(Html::new().text(format!("第{number}期周报")))
        }
    }
}

fn recipient(notice: &Notice) -> Option<&PersonId> {
    match &notice.to {
        NoticeTo::Person(person) => Some(person),
        NoticeTo::Group | NoticeTo::Office => None,
    }
}

/// Whether a card has what everybody is told once.
pub fn is_first_card(message: &Message) -> bool {
    message.html().contains(FIRST_CARD)
}

/// The one neutral line a day in the group for somebody who cannot be reached in private: no content, a start button.
pub fn unreachable_line(scene: &Scene<'_>, person: &PersonId) -> Message {
    let html = mention(scene, Html::new(), person)
        .text("同志，有一条消息只能私聊发给您，请点下面按钮打开私聊。");
    Message::text(html).row(vec![Button::Link {
        text: "打开私聊".to_owned(),
        url: start_link(&scene.bot.username, None),
    }])
}

/// A mention by numeric id, or the plain name of somebody who is not bound.
fn mention(scene: &Scene<'_>, html: Html, person: &PersonId) -> Html {
    let name = naming::person(scene.frame, person);
    match scene.standing.bindings.get(person) {
        Some(binding) => html.mention(binding.account.user_id, &name),
        None => html.text(name),
    }
}

/// A button each for the first items, then one for all of them.
fn item_buttons(scene: &Scene<'_>, mut message: Message, items: &[(&TaskId, bool)]) -> Message {
    let mut buttons: Vec<Button> = items
        .iter()
        .take(MOST_BUTTONS)
        .map(|(task, unfinished)| item_button(scene, task, *unfinished))
        .collect();
    if items.len() > MOST_BUTTONS {
        buttons.push(press("更多", talk::Press::Page(0)));
    }
    for row in buttons.chunks(ROW) {
        message = message.row(row.to_vec());
    }
    message
}

fn item_button(scene: &Scene<'_>, task: &TaskId, unfinished: bool) -> Button {
    let label = scene.frame.plan.task(task).map(|task| task.label.clone());
    let label = label.unwrap_or_else(|| task.to_string());
    if unfinished {
        press(format!("接着填 {label}"), talk::Press::Resume(task.clone()))
    } else {
        press(format!("填 {label}"), talk::Press::Item(task.clone()))
    }
}

fn press(label: impl Into<String>, press: talk::Press) -> Button {
    Button::press(label, Payload::Report(press).encode())
}
