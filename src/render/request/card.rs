//! One request: as its asker sees it before and after, as a card to those who decide, and what became of it.

use chrono::NaiveDate;

use super::{plain, press, value, verdict_word};
use crate::calendar;
use crate::conversation::request::Press;
use crate::ledger::{Actor, Decided, Request, Text, Verdict, Wish};
use crate::plan::{PersonId, TaskId};
use crate::render::people::by_and_when;
use crate::render::{Button, Html, Message, Scene, item, naming};

/// Characters of a reason or progress on a card.
const MOST_SHOWN: usize = 300;

/// Where the item stands: 11/15万㎡, or the unit's word.
pub(super) fn stands(scene: &Scene<'_>, task: &TaskId) -> String {
    let value = value(scene, task);
    let today = calendar::date_of(scene.now);
    let view = scene.frame.task_view(scene.standing, task, today);
    let judgement = view.and_then(|view| view.judgement());
    let judgement = judgement.map(|judgement| format!("自评{}", item::judgement(judgement)));
    match item::join(value, &[judgement.unwrap_or_default()]) {
        nothing if nothing.is_empty() => "尚未填报".to_owned(),
        stands => stands,
    }
}

/// 请核对 of an extension.
pub(super) fn extension_preview(
    scene: &Scene<'_>,
    task: &TaskId,
    wanted: NaiveDate,
    reason: &str,
    progress: &str,
) -> Message {
    let asked = scene.standing.task_state(task).requests.iter();
    let nth = asked.filter(|request| {
        let verdict = request.outcome.as_ref().map(|outcome| &outcome.verdict);
        request.is_extension() && verdict != Some(&Verdict::Withdrawn)
    });
    let nth = nth.count() + 1;
    let html = Html::new()
        .bold("请核对")
        .text(" · 延期申请")
        .line()
        .text(naming::task(scene.frame, task))
        .line()
        .text(moved(scene, task, wanted, nth))
        .line()
        .text(format!("理由：{reason}"))
        .line()
        .text(format!(
            "现进展：{}",
            progress_of(scene, task, Some(progress))
        ));
    let html = if nth >= 2 {
        html.line().text("第二次起由副组长决定。")
    } else {
        html
    };
    Message::text(html)
}

/// 请核对 of a closure.
pub(super) fn closure_preview(
    scene: &Scene<'_>,
    task: &TaskId,
    words: Option<&str>,
    files: usize,
) -> Message {
    let mut html = Html::new()
        .bold("请核对")
        .text(" · 办结申请")
        .line()
        .text(naming::task(scene.frame, task))
        .line()
        .text(stands(scene, task));
    if let Some(words) = words {
        html = html.line().text(format!("说明：{words}"));
    }
    if files > 0 {
        html = html.line().text(format!("佐证材料：{files}份"));
    }
    Message::text(html.line().text("再发文字可改说明，再发文件可添材料。"))
}

/// 12月31日 → 次年3月31日（第1次）.
fn moved(scene: &Scene<'_>, task: &TaskId, to: NaiveDate, nth: usize) -> String {
    let today = calendar::date_of(scene.now);
    let view = scene.frame.task_view(scene.standing, task, today);
    let due = view.and_then(|view| view.due);
    let due = due.map_or(String::new(), |due| naming::day(due, today));
    format!("{due} → {}（第{nth}次）", naming::day(to, today))
}

fn progress_of(scene: &Scene<'_>, task: &TaskId, words: Option<&str>) -> String {
    let words = words.filter(|words| !words.is_empty());
    let words = words.map(|words| item::clip(words, MOST_SHOWN));
    item::join(value(scene, task), &[words.unwrap_or_default()])
}

fn body(text: &Text) -> String {
    let body = text.body();
    body.map_or_else(
        || crate::render::REDACTED.to_owned(),
        |body| item::clip(body, MOST_SHOWN),
    )
}

/// To the asker: with whom it is.
pub(super) fn sent(scene: &Scene<'_>, task: &TaskId, deputy: bool) -> Message {
    let Some(request) = scene.standing.task_state(task).open_request() else {
        return Message::text("没有待批的申请。");
    };
    let what = if request.is_extension() {
        "延期申请"
    } else {
        "办结申请"
    };
    let whom = if deputy {
        "副组长"
    } else {
        "专班办公室"
    };
    plain(format!(
        "✅ 已提交{what}（第 {} 号）：{}。由{whom}决定，批复前不再提醒这一项。",
        request.seq,
        naming::task(scene.frame, task)
    ))
    .row(vec![press("撤回申请", Press::Withdraw(request.seq))])
}

/// The lines of a request, as a card and the list show it.
pub(super) fn lines(scene: &Scene<'_>, task: &TaskId, request: &Request) -> Vec<String> {
    let by = match &request.by {
        Actor::Person(person) => naming::person_with_unit(scene.frame, person),
        other => naming::actor(scene.frame, other),
    };
    let when = naming::moment(request.at, scene.now);
    let name = naming::task(scene.frame, task);
    match &request.wish {
        Wish::Extension {
            wanted,
            reason,
            progress,
            expired,
        } => {
            let late = if *expired { "，逾期后提出" } else { "" };
            let progress = progress.as_ref().and_then(|words| words.body());
            vec![
                format!(
                    "延期申请：{name}，{}{late}",
                    moved(scene, task, *wanted, request.nth)
                ),
                format!("理由：{}", body(reason)),
                format!("现进展：{}", progress_of(scene, task, progress)),
                format!("{by}，{when}"),
            ]
        }
        Wish::Closure { words, evidence } => {
            let mut lines = vec![
                format!("办结申请：{name} {}", value(scene, task))
                    .trim_end()
                    .to_owned(),
            ];
            lines.extend(words.as_ref().map(|words| format!("说明：{}", body(words))));
            if !evidence.is_empty() {
                lines.push(format!("佐证材料：{}份", evidence.len()));
            }
            lines.push(format!("{by}，{when}"));
            lines
        }
    }
}

/// The card to those who decide.
pub(super) fn card(scene: &Scene<'_>, task: &TaskId) -> Message {
    let Some(request) = scene.standing.task_state(task).open_request() else {
        return Message::text("没有待批的申请。");
    };
    let mut html = Html::new().bold("待您处理");
    for line in lines(scene, task, request) {
        html = html.line().text(line);
    }
    Message::text(html).row(buttons(
        request,
        "",
        crate::conversation::request::Origin::Card,
    ))
}

/// [同意] [不同意] [改日期], or [确认办结] [退回].
pub(super) fn buttons(
    request: &Request,
    label: &str,
    origin: crate::conversation::request::Origin,
) -> Vec<Button> {
    let seq = request.seq;
    let agree = Press::Agree(seq, origin);
    let named = |word: &str| format!("{label} {word}").trim().to_owned();
    if request.is_extension() {
        vec![
            press(named("同意"), agree),
            press(named("不同意"), Press::Refuse(seq)),
            press(named("改日期"), Press::OtherDate(seq)),
        ]
    } else {
        vec![
            press(named("确认办结"), agree),
            press(named("退回"), Press::Refuse(seq)),
        ]
    }
}

/// What became of it.
pub(super) fn decided(scene: &Scene<'_>, seq: u64, reason: bool) -> Message {
    let Some((task, request)) = scene.standing.request(seq) else {
        return Message::text("没有这条申请。");
    };
    let name = naming::task(scene.frame, task);
    let Some(outcome) = &request.outcome else {
        return card(scene, task);
    };
    let today = calendar::date_of(scene.now);
    let own = if request.decided_by_asker() {
        "，自办自批"
    } else {
        ""
    };
    let decided = (outcome.at, outcome.by.clone());
    let by = format!("（{}{own}）", by_and_when(scene, &decided).trim_end());
    let html = match &outcome.verdict {
        Verdict::Granted(due) => {
            let times = scene.standing.task_state(task).extensions();
            let due = naming::day(*due, today);
            Html::new().text(format!(
                "✅ 同意延期：{name}，现定{due}（延期{times}次）{by}"
            ))
        }
        Verdict::Closed => Html::new().text(format!("✅ 已办结：{name}{by}")),
        Verdict::Refused(why) => {
            let word = verdict_word(&outcome.verdict, request.is_extension());
            let html = Html::new().text(format!("{word}：{name}{by}"));
            if reason {
                html.line().text(format!("理由：{}", body(why)))
            } else {
                html
            }
        }
        Verdict::Withdrawn | Verdict::Overtaken => {
            let word = verdict_word(&outcome.verdict, request.is_extension());
            Html::new().text(format!("{name}：{word}{by}"))
        }
    };
    Message::text(html)
}

/// The alert on what was decided before.
pub(super) fn decided_before(scene: &Scene<'_>, seq: u64) -> Message {
    let Some((task, request)) = scene.standing.request(seq) else {
        return Message::text("没有这条申请。");
    };
    let Some(outcome) = &request.outcome else {
        return Message::text("这条申请还没有决定。");
    };
    let today = calendar::date_of(scene.now);
    let to = match &outcome.verdict {
        Verdict::Granted(due) => format!("至{}", naming::day(*due, today)),
        Verdict::Closed | Verdict::Refused(_) | Verdict::Withdrawn | Verdict::Overtaken => {
            String::new()
        }
    };
    let decided = (outcome.at, outcome.by.clone());
    plain(format!(
        "{}已由{}{}{to}，现在无需处理。",
        naming::task(scene.frame, task),
        by_and_when(scene, &decided),
        verdict_word(&outcome.verdict, request.is_extension())
    ))
}

/// 挂账 as it stands.
pub(super) fn frozen(scene: &Scene<'_>, task: &TaskId, decides: bool) -> Message {
    let today = calendar::date_of(scene.now);
    let Some(frozen) = scene.standing.task_state(task).frozen_on(today) else {
        return plain(format!("{}没有挂账。", naming::task(scene.frame, task)));
    };
    let until = naming::day(frozen.until, today);
    let html = Html::new()
        .text(format!(
            "⏸ {}挂账至{until}，由{}决定。",
            naming::task(scene.frame, task),
            naming::actor(scene.frame, &frozen.by)
        ))
        .line()
        .text(format!("原因：{}", body(&frozen.reason)))
        .line()
        .text("到期后恢复提醒。");
    let message = Message::text(html);
    match decides {
        true => message.row(vec![press("解除挂账", Press::Unfreeze(task.clone()))]),
        false => message,
    }
}

/// 解除挂账.
pub(super) fn unfrozen(scene: &Scene<'_>, task: &TaskId, decided: Option<&Decided>) -> Message {
    let by = decided.map_or(String::new(), |decided| {
        format!("（{}）", by_and_when(scene, decided).trim_end())
    });
    plain(format!(
        "{}已解除挂账，恢复办理{by}。",
        naming::task(scene.frame, task)
    ))
}

/// 恢复办理.
pub(super) fn reopened(scene: &Scene<'_>, task: &TaskId, by: &PersonId) -> Message {
    let reason = scene.standing.task_state(task).reopening.as_ref();
    let reason = reason.map_or(String::new(), |(_, reason)| {
        format!("原因：{}", body(reason))
    });
    plain(format!(
        "{}已恢复办理，由{}决定。{reason}",
        naming::task(scene.frame, task),
        naming::person(scene.frame, by)
    ))
}
