//! Messages on co-signing (会签): the sheet of answers to sign, the words wanted, an objection, and the state of an item's signatures.

use super::{MOST_WORDS, plain, press, words};
use crate::calendar;
use crate::conversation::matter::{MOST_SENTENCE, Press, ToSign};
use crate::ledger::{CoSignature, Filed, Signature};
use crate::plan::{PersonId, TaskId};
use crate::render::item::clip;
use crate::render::query::reported;
use crate::render::{Html, Message, Scene, naming};

/// Answers with buttons in one sheet; the next ones move up as these are signed.
const MOST_SIGNED: usize = 8;
/// Characters of an answer in a sheet.
const MOST_ANSWER: usize = 120;

/// The message of a slot: everything a person is to sign.
pub fn notice(scene: &Scene<'_>, person: Option<&PersonId>, asked: &[(TaskId, u64)]) -> Message {
    let today = calendar::date_of(scene.now);
    let to_sign = |(task, report): &(TaskId, u64)| {
        let view = scene.frame.task_view(scene.standing, task, today)?;
        let unit = view.signing_unit(scene.frame, person?)?.clone();
        Some(ToSign {
            task: task.clone(),
            report: *report,
            unit,
        })
    };
    let open: Vec<ToSign> = asked.iter().filter_map(to_sign).collect();
    sheet(scene, None, &open)
}

/// What was just signed, and what is still to be.
pub(super) fn sheet(scene: &Scene<'_>, done: Option<&ToSign>, open: &[ToSign]) -> Message {
    let mut html = Html::new();
    if let Some(done) = done {
        html = html.text(format!(
            "✅ 已会签：{} · {}",
            naming::task(scene.frame, &done.task),
            own_state(scene, done)
        ));
        html = match open.is_empty() {
            true => return Message::text(html),
            false => html.line().line(),
        };
    }
    html = html
        .bold("请会签")
        .text(format!(" · {}项", open.len()))
        .line()
        .text("不会签不影响进展，三个工作日后记为未会签。");
    let mut message = Message::text(html);
    for (index, what) in open.iter().take(MOST_SIGNED).enumerate() {
        let line = format!("{}. {}", index + 1, answer(scene, what));
        message.blocks.push(Html::new().text(line).into());
        message = message.row(three(scene, what, true));
    }
    if open.len() > MOST_SIGNED {
        let rest = format!("其余{}项随会签依次列出。", open.len() - MOST_SIGNED);
        message.blocks.push(Html::new().text(rest).into());
    }
    message
}

/// 同意 3-1, 补充, 异议; with the number where several stand together.
fn three(scene: &Scene<'_>, what: &ToSign, numbered: bool) -> Vec<crate::render::Button> {
    let label = scene.frame.plan.task(&what.task);
    let label = label
        .filter(|_| numbered)
        .map_or_else(String::new, |task| format!(" {}", task.label));
    let (task, report) = (|| what.task.clone(), what.report);
    vec![
        press(format!("同意{label}"), Press::Agree(task(), report)),
        press("补充", Press::Supplement(task(), report)),
        press("异议", Press::Object(task(), report)),
    ]
}

/// 3-1 省级以上绿色工厂（市工信局，第40号）：2家，正常。…
fn answer(scene: &Scene<'_>, what: &ToSign) -> String {
    let today = calendar::date_of(scene.now);
    let name = naming::task(scene.frame, &what.task);
    let view = scene.frame.task_view(scene.standing, &what.task, today);
    let from = view
        .and_then(|view| view.filing_unit)
        .map_or_else(String::new, |unit| {
            format!("{}，", naming::unit(scene.frame, &unit))
        });
    let said = filed(scene, what).map_or_else(String::new, |filed| {
        clip(&reported(scene, &what.task, filed), MOST_ANSWER)
    });
    format!("{name}（{from}第{}号）：{said}", what.report)
}

fn filed<'s>(scene: &Scene<'s>, what: &ToSign) -> Option<&'s Filed> {
    let reports = &scene.standing.task_state(&what.task).reports;
    let found = reports.iter().find(|filed| filed.seq == what.report);
    found.map(AsRef::as_ref)
}

/// What the unit has said so far.
fn own_state(scene: &Scene<'_>, what: &ToSign) -> &'static str {
    let mut signed = scene.standing.task_state(&what.task).cosigned.iter().rev();
    let own = signed.find(|one| one.report == what.report && one.unit == what.unit);
    own.map_or("尚未会签", |one| said(&one.how))
}

fn said(how: &CoSignature) -> &'static str {
    match how {
        CoSignature::Agreed => "同意",
        CoSignature::Supplemented(_) => "补充",
        CoSignature::Objected(_) => "异议",
    }
}

/// One answer with its three buttons.
pub(super) fn signing(scene: &Scene<'_>, what: &ToSign) -> Message {
    let html = Html::new()
        .bold("会签")
        .text(format!(
            " · {}：{}",
            naming::unit(scene.frame, &what.unit),
            own_state(scene, what)
        ))
        .line()
        .text(answer(scene, what));
    Message::text(html).row(three(scene, what, false))
}

/// The words of a 补充 or 异议.
pub(super) fn words_wanted(scene: &Scene<'_>, what: &ToSign, objects: bool) -> Message {
    let (title, ask) = match objects {
        true => ("异议", "请写明理由，发给专班办公室和填报人"),
        false => ("补充", "请写补充内容，随本项显示"),
    };
    let html = Html::new()
        .bold(format!("{title} {}", naming::task(scene.frame, &what.task)))
        .line()
        .text(format!(
            "以{}名义。{ask}，最多{MOST_SENTENCE}字。",
            naming::unit(scene.frame, &what.unit)
        ));
    Message::text(html).row(vec![press("退出", Press::Leave)])
}

/// An objection, to the office and to whoever gave the answer.
pub(super) fn objected(scene: &Scene<'_>, what: &ToSign, by: &PersonId) -> Message {
    let mut signed = scene.standing.task_state(&what.task).cosigned.iter().rev();
    let own = signed.find(|one| one.report == what.report && one.unit == what.unit);
    let reason = match own.map(|one| &one.how) {
        Some(CoSignature::Objected(reason)) => words(reason, MOST_WORDS),
        Some(CoSignature::Agreed | CoSignature::Supplemented(_)) | None => {
            return plain(format!(
                "{}的会签异议已改为{}。",
                naming::task(scene.frame, &what.task),
                own_state(scene, what)
            ));
        }
    };
    let html = Html::new()
        .bold("会签有异议")
        .line()
        .text(answer(scene, what))
        .line()
        .text(format!(
            "{}（{}）：{reason}",
            naming::unit(scene.frame, &what.unit),
            naming::person(scene.frame, by)
        ));
    Message::text(html)
}

/// A unit's signature in words.
pub fn signed_words(signature: &Signature<'_>) -> &'static str {
    match signature {
        Signature::Given(given) => said(&given.how),
        Signature::Waiting => "待会签",
        Signature::Silent => "未会签",
    }
}

/// 会签：市住建局 同意，市商务局 未会签; the words of supplements below.
pub fn state(scene: &Scene<'_>, task: &TaskId) -> Vec<String> {
    let today = calendar::date_of(scene.now);
    let Some(view) = scene.frame.task_view(scene.standing, task, today) else {
        return Vec::new();
    };
    let signatures = scene.frame.signatures(scene.standing, &view, today);
    if signatures.is_empty() {
        return Vec::new();
    }
    let named: Vec<String> = signatures
        .iter()
        .map(|(unit, signed)| {
            format!(
                "{} {}",
                naming::unit(scene.frame, unit),
                signed_words(signed)
            )
        })
        .collect();
    let mut lines = vec![format!("会签：{}", named.join("，"))];
    for (unit, signed) in &signatures {
        if let Signature::Given(given) = signed
            && let CoSignature::Supplemented(text) = &given.how
        {
            let unit = naming::unit(scene.frame, unit);
            lines.push(format!("{unit}会签补充：{}", words(text, MOST_WORDS)));
        }
    }
    lines
}
