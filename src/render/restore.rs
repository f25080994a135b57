//! Messages on a restored database: what is missing, and how it goes on.

use super::{Button, Html, Message, Scene, item, naming, people};
use crate::conversation::payload::Payload;
use crate::conversation::restore::{
    MOST_LOST_DIGESTS, MOST_LOST_ENTRIES, Missed, Press, RestoreSay, Seen, Step, stamp_of,
};
use crate::ledger::{AfterRestore, Gap, Restored};

/// Characters of names or moments before the rest is counted.
const MOST_NAMES: usize = 40;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &RestoreSay) -> Message {
    match say {
        RestoreSay::Card {
            gap,
            missed,
            seen,
            kept,
        } => card(scene, gap, missed, *seen, *kept),
        RestoreSay::Sure { gap, how, seen } => sure(scene, gap, *how, *seen),
        RestoreSay::TooFar { known } => plain(format!(
            "台账最后是第{}号、周报第{}期，您发的数比它们大得太多（记录最多多{MOST_LOST_ENTRIES}，周报最多多{MOST_LOST_DIGESTS}）。请核对后重发，例如：第{}期 第{}号",
            known.seq,
            known.digest,
            known.digest.saturating_add(1),
            known.seq.saturating_add(1),
        )),
        RestoreSay::Kept => Message::text(
            "系统刚从备份恢复，正等专班办公室决定。您发的内容已留存，决定后自动处理，不必重发。",
        ),
        RestoreSay::Decided { by, restored } => {
            let by = naming::actor(scene.frame, by);
            plain(format!("已由{by}决定{}", decided(restored)))
        }
        RestoreSay::DecidedBefore(decided) => people::decided_before(scene, decided.as_ref()),
    }
}

/// What the clerk reads after deciding on the host.
pub fn decided(restored: &Restored) -> String {
    let what = match restored.how {
        AfterRestore::Continue => "接续：缺口期间的提醒、周报按已发出处理，不再补发。",
        AfterRestore::MakeUp => "补发：仍然有效的提醒合并发一次，错过的周报补发最近一期。",
    };
    let next = restored.confirmed_seq.max(restored.last_seq) + 1;
    format!(
        "{what}周报从第{}期、记录从第{next}号起编。暂停期间收到的内容现在处理。",
        restored.confirmed_digest.saturating_add(1)
    )
}

/// The card to each of the office.
pub fn card(scene: &Scene<'_>, gap: &Gap, missed: &Missed, seen: Seen, kept: bool) -> Message {
    let mut html = Html::new();
    if kept {
        html = html.text("您刚发的内容已留存，选定后处理。").line().line();
    }
    html = html
        .bold("数据已从备份恢复，发送已暂停")
        .line()
        .text(format!("缺少{}的记录，", span(scene, gap)))
        .text("其间的填报和决定不在台账里。")
        .line()
        .line();
    for line in missed_lines(scene, missed) {
        html = html.text(line).line();
    }
    html = html
        .line()
        .text(format!("已知最后：{}。", numbers(seen)))
        .line()
        .text("群里见过更大的，请直接回复，例如：")
        .text(format!(
            "第{}期 第{}号",
            seen.digest.saturating_add(1),
            seen.seq.saturating_add(1)
        ))
        .line()
        .line()
        .text("接续：以上按已发出处理，不再发。")
        .line()
        .text("补发：仍然有效的合并发一次。")
        .line()
        .text("其间各人发来的内容已留存，选定后处理。");
    let choose = |how| press(label(how), Step::Choose(how), gap, seen);
    Message::text(html).row(vec![
        choose(AfterRestore::Continue),
        choose(AfterRestore::MakeUp),
    ])
}

fn sure(scene: &Scene<'_>, gap: &Gap, how: AfterRestore, seen: Seen) -> Message {
    let what = match how {
        AfterRestore::Continue => "本应发出的提醒、周报按已发出处理，不再补发。",
        AfterRestore::MakeUp => "本应发出的提醒，仍然有效的合并发一次；错过的周报补发最近一期。",
    };
    let html = Html::new()
        .bold(format!("请确认{}", label(how)))
        .line()
        .text(format!("{}，{what}", span(scene, gap)))
        .line()
        .text(format!(
            "此后周报从第{}期、记录从第{}号起编，不能更改。",
            seen.digest.saturating_add(1),
            seen.seq.saturating_add(1)
        ));
    Message::text(html).row(vec![
        press(&format!("确认{}", label(how)), Step::Sure(how), gap, seen),
        press("返回", Step::Back, gap, seen),
    ])
}

fn missed_lines(scene: &Scene<'_>, missed: &Missed) -> Vec<String> {
    if *missed == Missed::default() {
        return vec!["其间没有到期的提醒和周报。".to_owned()];
    }
    let mut lines = vec!["若无人填报，其间本应发出：".to_owned()];
    let moments = missed.digests.iter();
    let moments: Vec<String> = moments.map(|at| naming::moment(*at, scene.now)).collect();
    if !moments.is_empty() {
        let shown = item::some(&moments, "、", MOST_NAMES, "期");
        lines.push(format!(" 周报{}期：{shown}", moments.len()));
    }
    if missed.posts > 0 {
        lines.push(format!(" 群内提醒{}次", missed.posts));
    }
    if !missed.people.is_empty() {
        let names = missed.people.iter();
        let names: Vec<String> = names
            .map(|person| naming::person(scene.frame, person))
            .collect();
        let shown = item::some(&names, "、", MOST_NAMES, "人");
        lines.push(format!(" 提醒卡片{}人：{shown}", names.len()));
    }
    if missed.others > 0 {
        lines.push(format!(" 清单、报告等通知{}件", missed.others));
    }
    lines
}

fn numbers(seen: Seen) -> String {
    match seen.digest {
        0 => format!("记录第{}号，还没有周报", seen.seq),
        digest => format!("周报第{digest}期，记录第{}号", seen.seq),
    }
}

/// From and to; the day of the end is left out only where it is that of the beginning.
fn span(scene: &Scene<'_>, gap: &Gap) -> String {
    let (from, to) = (
        naming::moment(gap.from_at, scene.now),
        naming::moment(gap.to_at, gap.from_at),
    );
    format!("{from}至{to}")
}

fn label(how: AfterRestore) -> &'static str {
    match how {
        AfterRestore::Continue => "接续",
        AfterRestore::MakeUp => "补发",
    }
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}

fn press(label: &str, step: Step, gap: &Gap, seen: Seen) -> Button {
    let press = Press {
        step,
        stamp: stamp_of(gap),
        seen,
    };
    Button::press(label, Payload::Restore(press).encode())
}
