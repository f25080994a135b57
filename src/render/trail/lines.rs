//! One form for every act that touches an item.

use chrono::NaiveDate;

use super::files::files;
use super::{beside, office};
use crate::calendar;
use crate::ledger::{
    Act, Actor, BaselineAnswer, ProgressReport, Redacted, Settlement, Step, Subject, TaskEnd, Text,
    Value,
};
use crate::plan::TaskId;
use crate::render::item::{self, clip};
use crate::render::{Html, REDACTED, Scene, naming};

/// Characters of one text in a trail.
const MOST_WORDS: usize = 200;

/// 第37号 11月23日 09:12 李俊卿（市住建局）, then what was done, a line each.
pub(super) fn step(scene: &Scene<'_>, subject: &Subject, step: &Step) -> Html {
    let entry = &step.entry;
    let when = naming::moment(entry.at, scene.now);
    let mut html = Html::new()
        .bold(format!("第{}号", entry.seq))
        .text(format!(" {when} {}", who(scene, &entry.by)))
        .text(in_place(scene, &entry.act));
    let mut lines = match subject {
        Subject::Item(task) => what(scene, task, step),
        Subject::People | Subject::Meetings => beside::what(scene, entry),
    };
    if step.own
        && let Some(first) = lines.first_mut()
    {
        first.push_str("（自办自批）");
    }
    for line in lines {
        html = html.line().text(line);
    }
    html
}

fn who(scene: &Scene<'_>, by: &Actor) -> String {
    match by {
        Actor::Person(person) => naming::person_with_unit(scene.frame, person),
        Actor::Bot | Actor::Host | Actor::Stranger(_) => naming::actor(scene.frame, by),
    }
}

/// （代周明填报）, where somebody filed in another's place.
fn in_place(scene: &Scene<'_>, act: &Act) -> String {
    let whom = match act {
        Act::Answered(report) => report.on_behalf_of.as_ref(),
        _ => None,
    };
    whom.map_or_else(String::new, |whom| {
        format!("（代{}填报）", naming::person(scene.frame, whom))
    })
}

#[expect(clippy::too_many_lines, reason = "every act has its line")]
fn what(scene: &Scene<'_>, task: &TaskId, step: &Step) -> Vec<String> {
    let today = calendar::date_of(scene.now);
    let frame = scene.frame;
    match &step.entry.act {
        Act::Answered(report) => {
            let mut lines = answered(scene, task, report, step.before);
            lines.extend(files(scene, &step.entry));
            lines
        }
        Act::Closed { .. } => vec!["确认办结".to_owned()],
        Act::DueSet { due, .. } => vec![format!("完成时限改为{}", naming::day(*due, today))],
        Act::Ended { how, .. } => vec![match how {
            TaskEnd::Cancelled => "方案调整，取消本项".to_owned(),
            TaskEnd::MergedInto(other) => {
                format!("方案调整，并入 {}", naming::task(frame, other))
            }
        }],
        Act::TermsSettled { how, basis, .. } => settled(scene, task, how, basis.as_ref(), today),
        Act::FollowUp { .. } => vec!["催办".to_owned()],
        Act::Supplemented { unit, words, .. } => {
            vec![format!(
                "{}补充：{}",
                naming::unit(frame, unit),
                body(words)
            )]
        }
        Act::Hinted { value, words, .. } => {
            let value = shown(scene, task, *value).unwrap_or_default();
            let words = words.as_ref().map(body);
            let parts: Vec<String> = [value]
                .into_iter()
                .chain(words)
                .filter(|part| !part.is_empty())
                .collect();
            vec![format!("转交：{}", parts.join("，"))]
        }
        Act::HintDecided { hint, taken } => vec![match taken {
            true => format!("采用第{hint}号转交"),
            false => format!("未采用第{hint}号转交"),
        }],
        Act::ExtensionRequested { .. }
        | Act::ExtensionGranted { .. }
        | Act::ExtensionDeclined { .. }
        | Act::ClosureProposed { .. }
        | Act::Returned { .. }
        | Act::RequestWithdrawn { .. }
        | Act::Reopened { .. }
        | Act::Frozen { .. }
        | Act::Unfrozen { .. } => office::requested(scene, &step.entry),
        Act::Assigned(_)
        | Act::ProjectAdded(_)
        | Act::Acknowledged { .. }
        | Act::AssignmentRevoked { .. }
        | Act::ProjectMoved { .. } => office::assigned(&step.entry.act, today),
        Act::Redacted(redacted) => vec![redaction(redacted)],
        Act::CoSigned(_)
        | Act::MatterAnswered(_)
        | Act::MatterSettled(_)
        | Act::SlipDrafted(_)
        | Act::SlipSent(_)
        | Act::SlipHeld(_)
        | Act::SlipTold(_) => office::overseen(frame, &step.entry.act),
        Act::Adopted { .. }
        | Act::AdoptionOffered { .. }
        | Act::AdoptionDeclined { .. }
        | Act::GroupBound { .. }
        | Act::GroupMigrated { .. }
        | Act::GroupLost { .. }
        | Act::TopicLost { .. }
        | Act::Invited { .. }
        | Act::InviteWithdrawn { .. }
        | Act::BindingRequested { .. }
        | Act::BindingDeclined { .. }
        | Act::Bound { .. }
        | Act::Unbound { .. }
        | Act::OfficeGranted { .. }
        | Act::Reachable { .. }
        | Act::Unreachable { .. }
        | Act::WentLive
        | Act::Paused { .. }
        | Act::Resumed
        | Act::Snoozed { .. }
        | Act::DigestPosted { .. }
        | Act::DigestWithheld { .. }
        | Act::DigestCorrected { .. }
        | Act::WasDown { .. }
        | Act::Restored(_)
        | Act::MeetingCalled(_)
        | Act::MeetingEnded { .. }
        | Act::AwaySet(_)
        | Act::AwayEnded { .. }
        | Act::LiaisonNamed(_)
        | Act::LiaisonDecided { .. }
        | Act::LiaisonEnded { .. }
        | Act::Replaced { .. }
        | Act::UnitChanged(_)
        | Act::RosterUndone { .. }
        | Act::FinishAsked
        | Act::FinishDeclined
        | Act::Finished
        | Act::EvidenceKept(_)
        | Act::EvidenceNotKept(_)
        | Act::SecrecyShown { .. } => Vec::new(),
    }
}

/// 删除第37号、第41号的文字，原因：含个人信息.
pub(super) fn redaction(redacted: &Redacted) -> String {
    let mut seqs: Vec<u64> = redacted.also.clone();
    seqs.push(redacted.seq);
    seqs.sort_unstable();
    format!(
        "删除{}的文字，原因：{}",
        super::numbers(&seqs),
        body(&redacted.reason)
    )
}

/// 填报 9座，有困难，迟报; then each field that was filled in.
fn answered(
    scene: &Scene<'_>,
    task: &TaskId,
    report: &ProgressReport,
    before: Option<Value>,
) -> Vec<String> {
    let today = calendar::date_of(scene.now);
    let mut lines = vec![head(scene, task, report, before)];
    let said = |what: &str, text: Option<&Text>| text.map(|text| format!("{what}：{}", body(text)));
    lines.extend(said("进展", report.done.as_ref()));
    lines.extend(said("问题", report.issues.as_ref()));
    let date = report.next_date.map(|date| naming::day(date, today));
    match (&report.next_steps, date) {
        (Some(text), Some(date)) => lines.push(format!("下一步：{}（{date}）", body(text))),
        (Some(text), None) => lines.push(format!("下一步：{}", body(text))),
        (None, Some(date)) => lines.push(format!("下一步：{date}")),
        (None, None) => {}
    }
    lines.extend(report.support_needed.as_ref().map(|need| {
        let unit = need.unit.as_ref();
        let unit = unit.map(|unit| format!("{} · ", naming::unit(scene.frame, unit)));
        format!("需协调：{}{}", unit.unwrap_or_default(), body(&need.what))
    }));
    lines.extend(
        report
            .baseline
            .as_ref()
            .map(|answer| baseline(answer, today)),
    );
    lines
}

fn head(
    scene: &Scene<'_>,
    task: &TaskId,
    report: &ProgressReport,
    before: Option<Value>,
) -> String {
    let act = match report.corrects {
        Some(seq) => format!("更正第{seq}号"),
        None => "填报".to_owned(),
    };
    let value = shown(scene, &report.task, report.value).map(|value| {
        let before = before
            .filter(|before| *before != report.value)
            .and_then(|before| shown(scene, &report.task, before));
        match before {
            Some(before) => format!("{value}（原{before}）"),
            None => value,
        }
    });
    let mut parts: Vec<String> = value.into_iter().collect();
    parts.push(item::judgement(report.judgement).to_owned());
    if report.unchanged {
        parts.push("无变化".to_owned());
    }
    if report.late {
        parts.push("迟报".to_owned());
    }
    if let Some(person) = &report.hinted_by {
        parts.push(format!("由{}转交", naming::person(scene.frame, person)));
    }
    if report.task != *task {
        parts.push(format!("随{}填报", naming::task(scene.frame, &report.task)));
    }
    format!("{act}：{}", parts.join("，"))
}

fn shown(scene: &Scene<'_>, task: &TaskId, value: Value) -> Option<String> {
    match value {
        Value::None => None,
        Value::Stage(stage) => Some(item::stage(stage).to_owned()),
        Value::Number(number) => Some(scene.frame.plan.indicator(task).map_or_else(
            || number.normalize().to_string(),
            |indicator| item::amount(indicator, number),
        )),
    }
}

fn baseline(answer: &BaselineAnswer, today: NaiveDate) -> String {
    match answer {
        BaselineAnswer::Reached { on: Some(on) } => {
            format!("初始情况：{}已达到", naming::day(*on, today))
        }
        BaselineAnswer::Reached { on: None } => "初始情况：已达到".to_owned(),
        BaselineAnswer::NotReached { reason, wanted } => {
            let wanted = wanted.map(|day| format!("，建议改期至{}", naming::day(day, today)));
            let reason = body(reason);
            format!("初始情况：未达到，{reason}{}", wanted.unwrap_or_default())
        }
    }
}

fn settled(
    scene: &Scene<'_>,
    task: &TaskId,
    how: &Settlement,
    basis: Option<&Text>,
    today: NaiveDate,
) -> Vec<String> {
    let frame = scene.frame;
    let facts = |sets| naming::sets(frame, Some(task), sets, today);
    let (words, facts) = match how {
        Settlement::AsProposed(sets) => ("确定口径：采纳建议".to_owned(), facts(sets)),
        Settlement::InWords { words, sets } => (format!("确定口径：{}", body(words)), facts(sets)),
        Settlement::Changed { before, sets } => (
            "调整口径".to_owned(),
            naming::moved(frame, task, before, sets, today),
        ),
    };
    let mut lines = vec![words];
    if !facts.is_empty() {
        lines.push(facts.join("，"));
    }
    let basis = naming::basis(basis).map(|basis| clip(&basis, MOST_WORDS));
    lines.extend(basis.map(|basis| format!("依据：{basis}")));
    lines
}

pub(super) fn body(text: &Text) -> String {
    text.body()
        .map_or_else(|| REDACTED.to_owned(), |body| clip(body, MOST_WORDS))
}
