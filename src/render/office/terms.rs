//! Messages on open terms (口径).

use super::{change, people, plain, press};
use crate::calendar;
use crate::conversation::office::{
    DoubtDone, MOST_WORDS, Pending, Press, TermsSay, open_doubts, stamp_of, words_stamp,
};
use crate::plan::{Doubt, DoubtId, DoubtSubject, Sets, TaskId};
use crate::render::{Button, Html, Message, Scene, item, naming};

/// The question for a basis.
const BASIS_QUESTION: &str = "依据是什么？请回复文号（如 乳发改〔2026〕12号），或写明由谁、怎样确定（如 专班会议口头确定）。";

/// Characters of an earlier basis on its button.
const MOST_BASIS: usize = 20;

/// Every message on terms.
pub(super) fn say(scene: &Scene<'_>, say: &TermsSay) -> Message {
    match say {
        TermsSay::NoneOpen => Message::text("口径均已确定。"),
        TermsSay::Doubt {
            doubt,
            at,
            of,
            before,
        } => one(scene, doubt, *at, *of, before.as_ref()),
        TermsSay::Left { open, before } => left(scene, *open, before.as_ref()),
        TermsSay::AllSure { basis } => all(scene, basis.as_deref()),
        TermsSay::AllTaken(count) => plain(format!("已采纳全部{count}条建议，口径均已确定。")),
        TermsSay::SettledBefore(decided) => people::decided_before(scene, decided.as_ref()),
        TermsSay::WordsWanted(doubt) => words_wanted(scene, doubt),
        TermsSay::WordsRead {
            doubt,
            words,
            sets,
            basis,
        } => words_read(scene, doubt, (words, sets), basis.as_deref()),
        TermsSay::BasisWanted { pending, same } => basis_wanted(scene, pending, same.as_ref()),
        TermsSay::Change(say) => change::say(scene, say),
    }
}

fn one(
    scene: &Scene<'_>,
    id: &DoubtId,
    at: usize,
    of: usize,
    before: Option<&DoubtDone>,
) -> Message {
    let Some(doubt) = find(scene, id) else {
        return Message::text("这一条已不在现行方案中，请重新发送 /terms");
    };
    let mut html = done(scene, before)
        .bold(format!("口径 {at}/{of}"))
        .text(format!(" · {}", subject(scene, doubt)))
        .line()
        .text(format!("疑问：{}", doubt.question))
        .line()
        .text(format!("建议：{}", doubt.proposal));
    let facts = facts(scene, doubt, &doubt.sets);
    if !facts.is_empty() {
        html = html.line().text(format!("采纳后：{facts}"));
    }
    let stamp = stamp_of(scene.frame.adoption);
    Message::text(html)
        .row(vec![
            press("采纳建议", Press::Take(id.clone(), stamp)),
            press("写明", Press::Write(id.clone())),
            press("跳过", Press::Skip(id.clone())),
        ])
        .row(vec![take_all(), press("退出", Press::Leave)])
}

fn left(scene: &Scene<'_>, open: usize, before: Option<&DoubtDone>) -> Message {
    let html = done(scene, before);
    if open == 0 {
        return Message::text(html.text("口径均已确定。"));
    }
    let html = html.text(format!(
        "已到最后一条，还有{open}条未定，可再发 /terms 逐条处理。"
    ));
    Message::text(html).row(vec![take_all(), press("退出", Press::Leave)])
}

/// What became of the one before, as a line of its own.
fn done(scene: &Scene<'_>, before: Option<&DoubtDone>) -> Html {
    let about =
        |id: &DoubtId| find(scene, id).map_or_else(|| id.to_string(), |it| subject(scene, it));
    let line = match before {
        None => return Html::new(),
        Some(DoubtDone::Taken(id)) => format!("✔ 已采纳：{}", about(id)),
        Some(DoubtDone::Worded(id)) => format!("✔ 已写明：{}", about(id)),
        Some(DoubtDone::Skipped(id)) => format!("已跳过：{}", about(id)),
        Some(DoubtDone::Before(id, decided)) => format!(
            "{}：已由{}确定",
            about(id),
            people::by_and_when(scene, decided)
        ),
    };
    Html::new().text(line).line().line()
}

fn all(scene: &Scene<'_>, basis: Option<&str>) -> Message {
    let open = open_doubts(scene.frame, scene.standing);
    let title = Html::new().bold(format!("将采纳全部{}条建议", open.len()));
    let mut blocks = vec![String::from(title)];
    for doubt in &open {
        let line = format!("{}：{}", subject(scene, doubt), doubt.proposal);
        blocks.push(Html::new().text(line).into());
    }
    blocks.push(Html::new().text(based_on(basis)).into());
    let count = u16::try_from(open.len()).unwrap_or(u16::MAX);
    let sure = Press::TakeAllSure(count, stamp_of(scene.frame.adoption));
    Message {
        blocks,
        ..Message::default()
    }
    .row(vec![
        press("确认全部采纳", sure),
        press("退出", Press::Leave),
    ])
}

fn words_wanted(scene: &Scene<'_>, id: &DoubtId) -> Message {
    let doubt = find(scene, id);
    let about = doubt.map_or_else(|| id.to_string(), |it| subject(scene, it));
    let mut html = Html::new().text(format!("请写明“{about}”的口径，{MOST_WORDS}字以内。"));
    let hints = doubt.map(|doubt| hints(&doubt.sets)).unwrap_or_default();
    if !hints.is_empty() {
        html = html
            .line()
            .text(format!("要改的，请写清{}。", hints.join("、")));
    }
    Message::text(html).row(vec![press("退出", Press::Leave)])
}

fn hints(sets: &Sets) -> Vec<&'static str> {
    let lead = sets.filing_lead.is_some().then_some("填报单位");
    let due = sets.due.is_some().then_some("完成时限");
    let baseline = sets.baseline.is_some().then_some("基数（只写数字）");
    [lead, due, baseline].into_iter().flatten().collect()
}

/// What is settled, and the question on what basis.
fn basis_wanted(scene: &Scene<'_>, pending: &Pending, same: Option<&(u64, String)>) -> Message {
    let named =
        |id: &DoubtId| find(scene, id).map_or_else(|| id.to_string(), |it| subject(scene, it));
    let html = match pending {
        Pending::Proposal { doubt, .. } => {
            let proposal = find(scene, doubt).map_or("", |doubt| doubt.proposal.as_str());
            Html::new()
                .bold("采纳建议")
                .text(format!(" · {}", named(doubt)))
                .line()
                .text(proposal)
        }
        Pending::Words { doubt, words, .. } => Html::new()
            .bold("写明口径")
            .text(format!(" · {}", named(doubt)))
            .line()
            .text(words),
        Pending::All => {
            let open = open_doubts(scene.frame, scene.standing).len();
            Html::new().bold(format!("采纳全部{open}条建议"))
        }
        Pending::Change(pending) => change::heading(scene, pending),
    };
    let html = html.line().line().text(BASIS_QUESTION);
    let mut buttons = vec![press("无文号，跳过", Press::NoBasis)];
    if let Some((seq, words)) = same {
        let label = format!("同上次：{}", item::clip(words, MOST_BASIS));
        buttons.push(press(label, Press::SameBasis(*seq)));
    }
    let mut message = Message::text(html);
    for button in buttons {
        message = message.row(vec![button]);
    }
    message.row(vec![
        press("上一步", Press::BasisBack),
        press("退出", Press::Leave),
    ])
}

/// 依据：乳发改〔2026〕12号; that there is none.
pub(super) fn based_on(basis: Option<&str>) -> String {
    format!("依据：{}", basis.unwrap_or("无文号"))
}

fn words_read(
    scene: &Scene<'_>,
    id: &DoubtId,
    (words, sets): (&str, &Sets),
    basis: Option<&str>,
) -> Message {
    let doubt = find(scene, id);
    let about = doubt.map_or_else(|| id.to_string(), |it| subject(scene, it));
    let facts = doubt.map_or_else(String::new, |doubt| facts(scene, doubt, sets));
    let sets = if facts.is_empty() {
        "只记文字，不改填报单位、时限和基数。".to_owned()
    } else {
        format!("同时确定：{facts}")
    };
    let html = Html::new()
        .bold("请核对")
        .text(format!(" · {about}"))
        .line()
        .text(format!("口径：{words}"))
        .line()
        .text(sets)
        .line()
        .text(based_on(basis));
    Message::text(html).row(vec![
        press("确认", Press::Words(words_stamp(words))),
        press("重写", Press::WordsAgain),
        press("退出", Press::Leave),
    ])
}

fn take_all() -> Button {
    press("全部采纳", Press::TakeAll)
}

fn find<'a>(scene: &Scene<'a>, id: &DoubtId) -> Option<&'a Doubt> {
    let mut doubts = scene.frame.plan.doubts.iter();
    doubts.find(|doubt| doubt.id == *id)
}

fn facts(scene: &Scene<'_>, doubt: &Doubt, sets: &Sets) -> String {
    let today = calendar::date_of(scene.now);
    naming::sets(scene.frame, task_of(doubt), sets, today).join("，")
}

fn task_of(doubt: &Doubt) -> Option<&TaskId> {
    match &doubt.about {
        DoubtSubject::Indicator(task) => Some(task),
        DoubtSubject::Measure(_) | DoubtSubject::Unit(_) | DoubtSubject::TaskForce => None,
    }
}

/// What a doubt is about, as people call it.
pub(super) fn subject(scene: &Scene<'_>, doubt: &Doubt) -> String {
    let frame = scene.frame;
    match &doubt.about {
        DoubtSubject::Indicator(task) => naming::task(frame, task),
        DoubtSubject::Measure(id) => frame.plan.measure(id).map_or_else(
            || id.to_string(),
            |measure| format!("第{}项 {}", measure.number, measure.title),
        ),
        DoubtSubject::Unit(unit) => naming::unit(frame, unit),
        DoubtSubject::TaskForce => "专班办公室".to_owned(),
    }
}
