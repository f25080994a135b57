//! Messages on an offered plan: its difference, what it touches, what becomes of vanished tasks.

use super::{by, plain, press};
use chrono::NaiveDate;

use crate::calendar;
use crate::conversation::MovedSend;
use crate::conversation::office::{AdoptionSay, Offer, Press, Touched, offer_of, stamp_of};
use crate::ledger::{Frame, TaskEnd};
use crate::plan::{Hash, TaskId};
use crate::render::people::shown;
use crate::render::{Button, Html, Message, Scene, check, naming};

/// Changes listed in chat; the rest is counted and read on the host.
const MOST_LINES: usize = 40;

/// The difference of an offered plan, sent to the office when it is offered.
pub fn offered(scene: &Scene<'_>, new: &Frame, moved: Vec<MovedSend>) -> Message {
    let found = Offer {
        moved,
        ..offer_of(scene.frame, new, scene.standing)
    };
    offer(scene, &found)
}

/// Every message on adoption.
pub(super) fn say(scene: &Scene<'_>, say: &AdoptionSay) -> Message {
    let name = |person| naming::person(scene.frame, person);
    match say {
        AdoptionSay::Offer(found) => offer(scene, found),
        AdoptionSay::Touches(found) => touches(scene, found),
        AdoptionSay::DeclineSure(hash) => decline_sure(*hash),
        AdoptionSay::Vanished {
            task,
            label,
            into,
            at,
            of,
        } => vanished(task, label, into, *at, *of),
        AdoptionSay::NoSuchTask(typed) => plain(format!(
            "新方案里没有“{}”这一项，请回复项号，例如 6-1",
            shown(typed)
        )),
        AdoptionSay::Adopted { by, ends } => {
            let html = Html::new().text(format!("新方案已由{}采用，即时生效。", name(by)));
            Message::text(end_lines(html, ends))
        }
        AdoptionSay::Declined(by) => plain(format!(
            "方案变更未被采用，由{}决定，现行方案继续有效。",
            name(by)
        )),
        AdoptionSay::DecidedBefore(Some(decided)) => plain(format!(
            "这次方案变更已{}决定，现在无需处理。",
            by(scene, Some(decided))
        )),
        AdoptionSay::DecidedBefore(None) => {
            Message::text("这次方案变更已失效，最新情况请用 /plan 查看。")
        }
        AdoptionSay::NoOfficeLeft => Message::text(
            "新方案的专班办公室人员都没有登记，采用后将无人可以决定。请先为其中一人登记，或在主机上用 duban bind --office 登记。",
        ),
        AdoptionSay::TaskEnded { label, how, into } => ended(label, how, into.as_deref()),
    }
}

fn offer(scene: &Scene<'_>, offer: &Offer) -> Message {
    let title = Html::new().bold("方案有变更，请决定是否采用");
    let mut lines = Vec::new();
    if !offer.diff.is_empty() {
        lines.extend(check::plan_diff(&offer.diff));
    }
    if !offer.settings.is_empty() {
        lines.extend(check::settings_diff(&offer.settings));
    }
    lines.extend(day_lines(scene, offer));
    if lines.is_empty() {
        lines.push("内容没有变化，只是文件写法不同。".to_owned());
    }
    let today = calendar::date_of(scene.now);
    let moved = check::moved_sends(&offer.moved, today);
    let more = lines.len().saturating_sub(MOST_LINES);
    let mut blocks = vec![String::from(title)];
    let shown = lines.iter().take(MOST_LINES);
    blocks.extend(shown.map(|line| String::from(Html::new().text(line))));
    if more > 0 {
        blocks.push(format!(
            "另有{more}处变更，请在主机上用 duban check --diff 查看。"
        ));
    }
    blocks.extend(
        moved
            .iter()
            .map(|line| String::from(Html::new().text(line))),
    );
    if !offer.touched.is_empty() {
        blocks.push(format!(
            "其中{}处涉及已定口径或时限，采用时会逐一列出。",
            offer.touched.len()
        ));
    }
    blocks.push("不采用则继续按现行方案执行。".to_owned());
    let stamp = stamp_of(offer.adoption);
    Message {
        blocks,
        ..Message::default()
    }
    .row(vec![
        press("采用", Press::Adopt(stamp)),
        press("不采用", Press::Decline(stamp)),
    ])
}

/// Days whose work changes with a new holiday table; days that follow each other are one line.
fn day_lines(scene: &Scene<'_>, offer: &Offer) -> Vec<String> {
    let today = calendar::date_of(scene.now);
    let ahead: Vec<(NaiveDate, bool)> = offer
        .days
        .iter()
        .filter(|(day, _)| *day >= today)
        .copied()
        .collect();
    let named = |day: NaiveDate| format!("{}（{}）", naming::day(day, today), naming::weekday(day));
    let stretches =
        ahead.chunk_by(|(day, works), (next, too)| works == too && day.succ_opt() == Some(*next));
    let lines = stretches.filter_map(|stretch| {
        let (&(first, works), &(last, _)) = (stretch.first()?, stretch.last()?);
        let now = if works { "上班" } else { "休息" };
        Some(match first == last {
            true => format!("日历 {}改为{now}", named(first)),
            false => format!("日历 {}至{}改为{now}", named(first), named(last)),
        })
    });
    lines.collect()
}

fn touches(scene: &Scene<'_>, offer: &Offer) -> Message {
    let html = end_lines(Html::new().bold("采用前请确认"), &offer.ends);
    let mut blocks = vec![String::from(html)];
    blocks.extend(offer.touched.iter().map(|it| touched_line(scene, it)));
    let stamp = stamp_of(offer.adoption);
    let sure = if offer.touched.is_empty() {
        vec![press("确认采用", Press::AdoptSure(stamp, false))]
    } else {
        vec![
            press("采用，以新方案为准", Press::AdoptSure(stamp, false)),
            press("采用，保留已定", Press::AdoptSure(stamp, true)),
        ]
    };
    let mut message = Message {
        blocks,
        ..Message::default()
    };
    for button in sure {
        message = message.row(vec![button]);
    }
    message.row(vec![
        press("返回", Press::Offer),
        press("退出", Press::Leave),
    ])
}

fn touched_line(scene: &Scene<'_>, touched: &Touched) -> String {
    let today = calendar::date_of(scene.now);
    let phrases = |sets| naming::sets(scene.frame, Some(&touched.task), sets, today).join("，");
    let line = format!(
        "{}：已定“{}”，新方案为“{}”",
        naming::task(scene.frame, &touched.task),
        phrases(&touched.settled),
        phrases(&touched.planned)
    );
    Html::new().text(line).into()
}

fn decline_sure(hash: Hash) -> Message {
    let stamp = stamp_of(hash);
    Message::text("确认不采用？现行方案继续有效，同一份变更不再提示。").row(vec![
        press("确认不采用", Press::DeclineSure(stamp)),
        press("返回", Press::Offer),
    ])
}

fn vanished(
    task: &TaskId,
    label: &str,
    into: &[(TaskId, String)],
    at: usize,
    of: usize,
) -> Message {
    let html = Html::new()
        .bold(format!("已撤项目 {at}/{of}"))
        .text(format!(" · {label}"))
        .line()
        .text("新方案没有这一项。请选择取消，或并入哪一项；也可以直接回复要并入的项号，例如 6-1");
    let mut message = Message::text(html);
    for (target, name) in into {
        let merge = Press::Merge(task.clone(), target.clone());
        message = message.row(vec![press(format!("并入 {name}"), merge)]);
    }
    let cancel: Button = press("取消该项", Press::Cancel(task.clone()));
    message.row(vec![cancel, press("退出", Press::Leave)])
}

fn end_lines(mut html: Html, ends: &[(String, TaskEnd, String)]) -> Html {
    for (label, how, into) in ends {
        let line = match how {
            TaskEnd::MergedInto(_) => format!("{label} → 并入 {into}"),
            TaskEnd::Cancelled => format!("{label} → 取消"),
        };
        html = html.line().text(line);
    }
    html
}

fn ended(label: &str, how: &TaskEnd, into: Option<&str>) -> Message {
    match how {
        TaskEnd::MergedInto(_) => plain(format!(
            "{label}已并入{}，原有记录保留，不再单独填报。",
            into.unwrap_or_default()
        )),
        TaskEnd::Cancelled => plain(format!("{label}已取消，原有记录保留，不再填报。")),
    }
}
