//! Slips as notices: drafts to the office, what was sent to its receiver, red ones without an answer; and the lines beside an item.

use super::{
    MOST_LISTED, answer_button, answered, card, letter, line, listed, name, office_buttons, press,
    why,
};
use crate::calendar;
use crate::conversation::slip::Press;
use crate::ledger::{Actor, Sending, Slip};
use crate::plan::TaskId;
use crate::render::{Html, Message, Scene, naming};

/// Slips named beside an item in full.
const MOST_BESIDE: usize = 2;

/// Drafts to the office: one in full, several as a list.
pub fn drafts(scene: &Scene<'_>, seqs: &[u64]) -> Message {
    if let [only] = seqs {
        return card(scene, *only, true);
    }
    let today = calendar::date_of(scene.now);
    let slips: Vec<&Slip> = seqs
        .iter()
        .filter_map(|seq| scene.standing.slips.get(seq))
        .collect();
    let html = Html::new()
        .bold("督办单待定")
        .text(format!(" · {}份", slips.len()))
        .line()
        .text("点开核对后决定发出、修改或暂缓；不点不发。");
    let shown = slips.len().min(MOST_LISTED);
    let message = listed(scene, html, &slips[..shown], 0, today);
    match slips.len() > shown {
        true => message.row(vec![press("全部督办单", Press::List(0))]),
        false => message,
    }
}

/// One that was sent, to its receiver.
pub fn sent(scene: &Scene<'_>, seq: u64) -> Message {
    let Some(slip) = scene.standing.slips.get(&seq) else {
        return Message::text("督办单已失效。");
    };
    let today = calendar::date_of(scene.now);
    let html = letter(scene, slip, None).line().text("填报本项即为答复。");
    Message::text(html).row(answer_button(scene, slip, today))
}

/// Red ones without an answer, to the office.
pub fn unanswered(scene: &Scene<'_>, seqs: &[u64]) -> Message {
    let today = calendar::date_of(scene.now);
    let slips: Vec<&Slip> = seqs
        .iter()
        .filter_map(|seq| scene.standing.slips.get(seq))
        .collect();
    let html = Html::new()
        .bold("红色督办单未反馈")
        .text(format!(" · {}份", slips.len()))
        .line()
        .text("发出已满5个工作日。可告知副组长；再过10个工作日无人处理，将自动告知。");
    if let [only] = slips[..] {
        let html = html.line().text(line(scene, only, today));
        return Message::text(html).row(office_buttons(scene, only, today));
    }
    listed(scene, html, &slips, 0, today)
}

/// A red one without an answer, to the deputy leader; to the office where the bot told it.
pub fn told(scene: &Scene<'_>, seq: u64) -> Message {
    let Some(slip) = scene.standing.slips.get(&seq) else {
        return Message::text("督办单已失效。");
    };
    let today = calendar::date_of(scene.now);
    let to = slip.sent.as_ref();
    let to = to.map_or_else(String::new, |sent| {
        naming::person_with_unit(scene.frame, &sent.to)
    });
    let by = match &slip.told {
        Some((_, Actor::Bot)) => {
            "发出满15个工作日没有反馈，办公室也没有处理，按规则自动告知副组长。".to_owned()
        }
        Some((_, by)) => format!("由{}告知副组长。", naming::actor(scene.frame, by)),
        None => String::new(),
    };
    let html = Html::new()
        .bold("红色督办单未反馈")
        .line()
        .text(line(scene, slip, today))
        .line()
        .text(format!("{}，发给{to}。", why(scene, slip)))
        .line()
        .text(by);
    Message::text(html).row(vec![press("查看督办单", Press::Show(seq))])
}

/// For an item in full: its newest slips that were sent.
pub fn lines(scene: &Scene<'_>, task: &TaskId) -> Vec<String> {
    let today = calendar::date_of(scene.now);
    let seqs = scene.standing.task_state(task).slips.iter().rev();
    let slips = seqs.filter_map(|seq| scene.standing.slips.get(seq));
    let sent = slips.filter_map(|slip| Some((slip, slip.sent.as_ref()?)));
    let line = |(slip, sent): (&Slip, &Sending)| {
        let over = scene.frame.slip_over(scene.standing, slip, today);
        format!(
            "{}：{}发出，{}",
            name(scene, slip),
            naming::day(calendar::date_of(sent.at), today),
            answered(scene, slip, over, today)
        )
    };
    sent.take(MOST_BESIDE).map(line).collect()
}
