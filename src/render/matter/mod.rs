//! Messages on coordination (需协调): the list, a matter's card, and what the unit asked is told. Co-signing beside it.

mod cosign;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::{Button, Html, Message, Scene, naming, people};
use crate::calendar;
use crate::conversation::matter::{Hand, MOST_SENTENCE, MatterSay, Press};
use crate::conversation::payload::Payload;
use crate::ledger::{Matter, MatterAct, MatterEnd, Text};
use crate::plan::{TaskId, UnitId};
use crate::render::item::{self, clip};

pub use cosign::{notice as cosign_notice, signed_words, state as cosign_state};

/// Matters on a page.
const MOST_LISTED: usize = 8;
/// Buttons of matters in a row.
const ROW: usize = 4;
/// Characters of a need in a list.
const MOST_SHORT: usize = 40;
/// Characters of a person's words in full.
const MOST_WORDS: usize = 300;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &MatterSay) -> Message {
    match say {
        MatterSay::List { page, own } => list(scene, *page, own),
        MatterSay::Card { matter, hand } => card(scene, *matter, *hand),
        MatterSay::SentenceWanted { matter, helped } => sentence_wanted(scene, *matter, *helped),
        MatterSay::NotYours { matter, answering } => not_yours(scene, *matter, *answering),
        MatterSay::OverAlready(matter) => over_already(scene, *matter),
        MatterSay::Sheet { done, open } => cosign::sheet(scene, done.as_ref(), open),
        MatterSay::Signing(what) => cosign::signing(scene, what),
        MatterSay::SignatureWanted { what, objects } => cosign::words_wanted(scene, what, *objects),
        MatterSay::NotToSign(task) => plain(format!(
            "{}现在不需要您会签。",
            naming::task(scene.frame, task)
        )),
        MatterSay::NewerAnswer(task) => plain(format!(
            "{}已有新的反馈，请用 /status 查看后会签新的一条。",
            naming::task(scene.frame, task)
        )),
        MatterSay::Objected { what, by } => cosign::objected(scene, what, by),
        MatterSay::TooLong(length) => plain(format!(
            "这段文字有{length}字，最多{MOST_SENTENCE}字，请缩短后重发。"
        )),
        MatterSay::WordsExpected => Message::text("这一步要文字，请直接发文字。"),
        MatterSay::Left => Message::text("已退出，没有记录。"),
    }
}

/// `/matters`.
fn list(scene: &Scene<'_>, page: usize, own: &[u64]) -> Message {
    let today = calendar::date_of(scene.now);
    let open = scene.frame.open_matters(scene.standing, today);
    if open.is_empty() {
        return Message::text("现在没有需协调事项。");
    }
    let pages = open.len().div_ceil(MOST_LISTED);
    let page = page.min(pages - 1);
    let shown = || open.iter().skip(page * MOST_LISTED).take(MOST_LISTED);
    let mut html = Html::new()
        .bold("需协调")
        .text(format!(" · {}件", open.len()));
    for matter in shown() {
        html = html.line().text(line(scene, matter, today));
    }
    let mut message = Message::text(html);
    let buttons: Vec<Button> = shown()
        .filter(|matter| own.contains(&matter.seq))
        .map(|matter| press(format!("第{}号", matter.seq), Press::Show(matter.seq)))
        .collect();
    for row in buttons.chunks(ROW) {
        message = message.row(row.to_vec());
    }
    let turn = |page| {
        Button::press(
            page_label(page),
            Payload::Matter(Press::List(page)).encode(),
        )
    };
    let mut turning = Vec::new();
    if page > 0 {
        turning.push(turn(page - 1));
    }
    if page + 1 < pages {
        turning.push(turn(page + 1));
    }
    message.row(turning)
}

fn page_label(page: usize) -> String {
    format!("第{}页", page + 1)
}

/// 第37号 6-1 改造换热站：接电 · 市住建局→市供电公司 · 9个工作日 · 尚未答复.
fn line(scene: &Scene<'_>, matter: &Matter, today: NaiveDate) -> String {
    let title = format!(
        "第{}号 {}：{}",
        matter.seq,
        naming::task(scene.frame, &matter.task),
        words(&matter.what, MOST_SHORT)
    );
    item::join(
        title,
        &[
            between(scene, matter, today),
            age(scene, matter, today),
            state(matter).to_owned(),
        ],
    )
}

/// Who asks whom, as in 市住建局→市供电公司.
fn between(scene: &Scene<'_>, matter: &Matter, today: NaiveDate) -> String {
    let view = scene.frame.task_view(scene.standing, &matter.task, today);
    let from = view.and_then(|view| view.filing_unit).map_or_else(
        || item::OFFICE.to_owned(),
        |unit| naming::unit(scene.frame, &unit),
    );
    format!("{from}→{}", naming::unit(scene.frame, &matter.unit))
}

fn age(scene: &Scene<'_>, matter: &Matter, today: NaiveDate) -> String {
    match matter.working_days(scene.frame, today) {
        0 => "今天提出".to_owned(),
        days => format!("已{days}个工作日"),
    }
}

fn state(matter: &Matter) -> &'static str {
    match (&matter.over, &matter.answer) {
        (None, None) if matter.unsolved.is_some() => "仍未解决",
        (Some((_, _, MatterEnd::Settled)), _) => "已解决",
        (Some((_, _, MatterEnd::Reported(_))), _) => "已不再提出",
        (None, Some(answer)) if answer.helped => "已协助，待确认",
        (None, Some(_)) => "需上级协调",
        (None, None) => "尚未答复",
    }
}

fn words(text: &Text, most: usize) -> String {
    let body = text.body();
    body.map_or_else(
        || crate::render::REDACTED.to_owned(),
        |body| clip(body, most),
    )
}

/// One matter in full.
fn card(scene: &Scene<'_>, seq: u64, hand: Hand) -> Message {
    let Some(matter) = scene.standing.matters.get(&seq) else {
        return Message::text("找不到这件协调事项。");
    };
    let today = calendar::date_of(scene.now);
    let mut html = Html::new()
        .bold(format!("需协调 第{seq}号 · {}", state(matter)))
        .line()
        .text(naming::task(scene.frame, &matter.task))
        .line()
        .text(between(scene, matter, today));
    for line in facts(scene, matter, today) {
        html = html.line().text(line);
    }
    let message = Message::text(html);
    buttons(scene, message, matter, hand, today).row(vec![press("‹ 协调事项", Press::List(0))])
}

fn facts(scene: &Scene<'_>, matter: &Matter, today: NaiveDate) -> Vec<String> {
    let by = naming::actor(scene.frame, &matter.by);
    let day = naming::day(calendar::date_of(matter.since_at), today);
    let mut lines = vec![
        format!("需要：{}", words(&matter.what, MOST_WORDS)),
        format!("提出：{day} {by}，{}", age(scene, matter, today)),
    ];
    if let Some(answer) = &matter.answer {
        let said = match answer.helped {
            true => "已协助",
            false => "需上级协调",
        };
        let when = naming::moment(answer.at, scene.now);
        let by = naming::actor(scene.frame, &answer.by);
        let sentence = answer.words.as_ref();
        let sentence =
            sentence.map_or_else(String::new, |text| format!("。{}", words(text, MOST_WORDS)));
        lines.push(format!("答复：{said}（{when} {by}）{sentence}"));
    }
    if let Some(unsolved) = &matter.unsolved {
        let by = people::by_and_when(scene, unsolved);
        lines.push(format!("{by}表示仍未解决"));
    }
    match &matter.over {
        Some((at, by, MatterEnd::Settled)) => lines.push(format!(
            "确认解决：{} {}",
            naming::actor(scene.frame, by),
            naming::moment(*at, scene.now)
        )),
        Some((_, _, MatterEnd::Reported(report))) => {
            lines.push(format!("第{report}号反馈不再提出"));
        }
        None => {}
    }
    lines
}

fn buttons(
    scene: &Scene<'_>,
    message: Message,
    matter: &Matter,
    hand: Hand,
    today: NaiveDate,
) -> Message {
    let seq = matter.seq;
    if let Some((_, _, end)) = &matter.over {
        let reopens = hand.settles && *end == MatterEnd::Settled;
        let again = reopens.then(|| press("重新打开", Press::Settle(seq, false)));
        return message.row(again.into_iter().collect());
    }
    if !scene.frame.is_open(scene.standing, matter, today) {
        return message;
    }
    let mut answers = Vec::new();
    if hand.answers {
        answers.push(press("已协助", Press::Answer(seq, true)));
        answers.push(press("需上级协调", Press::Answer(seq, false)));
    }
    let mut settles = Vec::new();
    if hand.settles {
        settles.push(press("已解决", Press::Settle(seq, true)));
        if matter.answer.is_some() {
            settles.push(press("仍未解决", Press::Settle(seq, false)));
        }
    }
    message.row(answers).row(settles)
}

fn sentence_wanted(scene: &Scene<'_>, seq: u64, helped: bool) -> Message {
    let what = match helped {
        true => "已协助",
        false => "需上级协调",
    };
    let task = scene.standing.matters.get(&seq);
    let task = task.map_or_else(String::new, |matter| {
        naming::task(scene.frame, &matter.task)
    });
    let html = Html::new()
        .bold(format!("{what} · 第{seq}号"))
        .line()
        .text(task)
        .line()
        .text(format!(
            "可发一句说明（最多{MOST_SENTENCE}字），也可直接提交。"
        ));
    Message::text(html).row(vec![
        press("直接提交", Press::Submit),
        press("退出", Press::Leave),
    ])
}

fn not_yours(scene: &Scene<'_>, seq: u64, answering: bool) -> Message {
    let Some(matter) = scene.standing.matters.get(&seq) else {
        return Message::text("找不到这件协调事项。");
    };
    let today = calendar::date_of(scene.now);
    plain(match answering {
        true => format!(
            "第{seq}号请的是{}，由该单位的人答复。",
            naming::unit(scene.frame, &matter.unit)
        ),
        false => format!(
            "第{seq}号（{}）由提出单位或专班办公室确认是否解决。",
            between(scene, matter, today)
        ),
    })
}

fn over_already(scene: &Scene<'_>, seq: u64) -> Message {
    let Some(matter) = scene.standing.matters.get(&seq) else {
        return Message::text("找不到这件协调事项。");
    };
    plain(match &matter.over {
        Some((at, by, MatterEnd::Settled)) => format!(
            "第{seq}号已由{}于 {} 确认解决，现在无需处理。",
            naming::actor(scene.frame, by),
            naming::moment(*at, scene.now)
        ),
        Some((_, _, MatterEnd::Reported(report))) => {
            format!("第{seq}号已结束：第{report}号反馈不再提出，现在无需处理。")
        }
        None => format!("第{seq}号所属事项已办结或撤销，现在无需处理。"),
    })
}

/// New needs, to the unit asked; to the office where nobody is bound for that unit.
pub fn notice(scene: &Scene<'_>, seqs: &[u64], to_office: bool) -> Message {
    let today = calendar::date_of(scene.now);
    let matters: Vec<&Matter> = seqs
        .iter()
        .filter_map(|seq| scene.standing.matters.get(seq))
        .collect();
    let title = match to_office {
        true => "需协调，被请单位无人登记，请转告",
        false => "请您单位协助",
    };
    let mut html = Html::new().bold(format!("{title} · {}件", matters.len()));
    for matter in &matters {
        let by = naming::actor(scene.frame, &matter.by);
        html = html
            .line()
            .text(format!(
                "第{}号 {}（{}）",
                matter.seq,
                naming::task(scene.frame, &matter.task),
                between(scene, matter, today)
            ))
            .line()
            .text(format!("需要：{}（{by}）", words(&matter.what, MOST_WORDS)));
    }
    let message = Message::text(html);
    match (&matters[..], to_office) {
        ([only], false) => message.row(vec![
            press("已协助", Press::Answer(only.seq, true)),
            press("需上级协调", Press::Answer(only.seq, false)),
        ]),
        (many, _) => {
            let buttons: Vec<Button> = many
                .iter()
                .map(|matter| press(format!("第{}号", matter.seq), Press::Show(matter.seq)))
                .collect();
            let mut message = message;
            for row in buttons.chunks(ROW) {
                message = message.row(row.to_vec());
            }
            message
        }
    }
}

/// What was done about a matter, for the history of its item.
pub fn step(scene: &Scene<'_>, seq: u64, unit: &UnitId, act: &MatterAct) -> String {
    match act {
        MatterAct::Answered(helped, sentence) => {
            let said = match helped {
                true => "已协助",
                false => "需上级协调",
            };
            let unit = naming::unit(scene.frame, unit);
            let sentence = sentence.as_ref();
            let sentence =
                sentence.map_or_else(String::new, |text| format!("。{}", words(text, MOST_SHORT)));
            format!("{unit}答复协调第{seq}号，{said}{sentence}")
        }
        MatterAct::Settled(true) => format!("协调第{seq}号，已解决"),
        MatterAct::Settled(false) => format!("协调第{seq}号，仍未解决"),
    }
}

/// For an item in full: where its newest matter stands, while its newest report names one.
pub fn lines(scene: &Scene<'_>, task: &TaskId) -> Vec<String> {
    let today = calendar::date_of(scene.now);
    let seqs = scene.standing.task_state(task).matters.last();
    let Some(matter) = seqs.and_then(|seq| scene.standing.matters.get(seq)) else {
        return Vec::new();
    };
    match &matter.over {
        Some((_, _, MatterEnd::Reported(_))) => Vec::new(),
        Some((_, _, MatterEnd::Settled)) => vec![format!("协调第{}号：已解决", matter.seq)],
        None => vec![format!(
            "协调第{}号：{}，{}",
            matter.seq,
            age(scene, matter, today),
            state(matter)
        )],
    }
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}

fn press(label: impl Into<String>, press: Press) -> Button {
    Button::press(label, Payload::Matter(press).encode())
}
