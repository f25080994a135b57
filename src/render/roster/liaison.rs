//! Messages on liaisons (联络员).

use super::{MOST_TEXT, link, plain, press, ways_out};
use crate::conversation::roster::{LiaisonSay, Press};
use crate::ledger::{Liaison, Text};
use crate::plan::PersonId;
use crate::render::{Button, Html, Message, Scene, naming, people};

pub(super) fn say(scene: &Scene<'_>, say: &LiaisonSay) -> Message {
    let leave = || vec![press("退出", Press::Leave)];
    match say {
        LiaisonSay::Wanted { member, ended_by } => wanted(scene, member.as_ref(), ended_by),
        LiaisonSay::Refused(typed) => plain(format!(
            "“{}”读不出姓名和职务。请写姓名，空一格再写职务，例如：王芳 规划科科长",
            people::shown(typed)
        ))
        .row(leave()),
        LiaisonSay::Taken(name) => plain(format!(
            "名单里已有{}，不用再指定；同名的请加科室区分，例如：王芳二 规划科科长",
            people::shown(name)
        ))
        .row(leave()),
        LiaisonSay::TooLong(length) => plain(format!(
            "这段文字有{length}字，最多{MOST_TEXT}字，请缩短后重发。"
        ))
        .row(leave()),
        LiaisonSay::AskedWanted(named) => plain(format!(
            "{}（{}），以后的提醒发给谁？都可以填报。要改姓名和职务，直接重发。",
            named.name, named.post
        ))
        .row(vec![
            press("发给联络员", Press::LiaisonAsked(true)),
            press("仍发给我", Press::LiaisonAsked(false)),
        ])
        .row(ways_out()),
        LiaisonSay::Waits(seq) => plain(format!(
            "您指定的{}正待专班办公室确认（第 {seq} 号），确认后再指定下一位。",
            waiting(scene, *seq)
        ))
        .row(vec![press("撤回", Press::LiaisonWithdraw(*seq))]),
        LiaisonSay::Sent(seq) => sent(scene, *seq),
        LiaisonSay::Card(seq) => card(scene, *seq),
        LiaisonSay::Decided {
            seq,
            liaison,
            accepted,
            by,
            may_invite,
        } => decided(scene, (*seq, liaison), *accepted, by, *may_invite),
        LiaisonSay::Own => Message::text("联络员是您本人指定的，请由办公室其他人员或副组长确认。"),
        LiaisonSay::EndSure(person) => plain(format!(
            "{}不再担任联络员，其账号随之停用，提醒仍发给本单位成员。确定吗？",
            naming::person_with_unit(scene.frame, person)
        ))
        .row(vec![
            press("确定结束", Press::LiaisonEnd(person.clone(), true)),
            press("退出", Press::Leave),
        ]),
        LiaisonSay::Ended(person, by) => plain(format!(
            "{}不再担任联络员（{}办理）。",
            naming::person(scene.frame, person),
            naming::person(scene.frame, by)
        )),
        LiaisonSay::Stale => Message::text("这一步已经办过或已退出。重新办理请发 /liaison"),
    }
}

fn wanted(scene: &Scene<'_>, member: Option<&PersonId>, ended_by: &[PersonId]) -> Message {
    let mut html = Html::new();
    for person in ended_by {
        let who = naming::person_with_unit(scene.frame, person);
        html = html.text(format!("现有联络员：{who}")).line();
    }
    html = html.text(match (member, ended_by) {
        (Some(_), _) => "请写联络员的姓名和职务，例如：王芳 规划科科长",
        (None, []) => "还没有成员指定的联络员。联络员由单位成员本人用 /liaison 指定。",
        (None, _) => "联络员由单位成员本人用 /liaison 指定。",
    });
    let mut message = Message::text(html);
    for person in ended_by {
        let label = format!("结束{}", naming::person(scene.frame, person));
        message = message.row(vec![press(label, Press::LiaisonEnd(person.clone(), false))]);
    }
    match member {
        Some(_) => message.row(vec![press("退出", Press::Leave)]),
        None => message,
    }
}

fn sent(scene: &Scene<'_>, seq: u64) -> Message {
    let who = waiting(scene, seq);
    plain(format!("✅ 已报专班办公室确认（第 {seq} 号）：{who}。"))
        .row(vec![press("撤回", Press::LiaisonWithdraw(seq))])
}

fn waiting(scene: &Scene<'_>, seq: u64) -> String {
    let named = scene.standing.people.liaisons_named.get(&seq);
    named.map_or_else(String::new, |named| in_words(&named.liaison))
}

fn card(scene: &Scene<'_>, seq: u64) -> Message {
    let Some(named) = scene.standing.people.liaisons_named.get(&seq) else {
        return Message::text("这项联络员申请已经办过。");
    };
    let html = Html::new()
        .bold("待您处理")
        .line()
        .text(named_by(scene, seq))
        .line()
        .text(to_whom(&named.liaison));
    Message::text(html).row(deciding(seq))
}

/// 联络员：周明（市住建局）指定王芳（规划科科长）.
pub(super) fn named_by(scene: &Scene<'_>, seq: u64) -> String {
    let named = scene.standing.people.liaisons_named.get(&seq);
    named.map_or_else(String::new, |named| {
        let member = naming::person_with_unit(scene.frame, &named.liaison.member);
        format!("联络员：{member}指定{}", in_words(&named.liaison))
    })
}

/// What the office says to a naming.
pub(super) fn deciding(seq: u64) -> Vec<Button> {
    vec![
        press("同意", Press::LiaisonDecide(seq, true)),
        press("不同意", Press::LiaisonDecide(seq, false)),
    ]
}

fn decided(
    scene: &Scene<'_>,
    (seq, liaison): (u64, &Liaison),
    accepted: bool,
    by: &PersonId,
    may_invite: bool,
) -> Message {
    let member = naming::person_with_unit(scene.frame, &liaison.member);
    let who = in_words(liaison);
    let line = match (accepted, *by == liaison.member) {
        (true, _) => format!("✅ {who}担任{member}的联络员"),
        (false, true) => format!("{member}撤回联络员：{who}"),
        (false, false) => format!("不同意{member}的联络员：{who}"),
    };
    let message = plain(format!(
        "{line}（{}办理）。",
        naming::person(scene.frame, by)
    ));
    match may_invite {
        true => message.row(vec![link(Liaison::id(seq))]),
        false => message,
    }
}

fn to_whom(liaison: &Liaison) -> &'static str {
    match liaison.asked {
        true => "以后的提醒发给联络员，本人仍可填报。",
        false => "提醒仍发给本人，联络员可以填报。",
    }
}

/// 王芳（规划科科长）.
fn in_words(liaison: &Liaison) -> String {
    let body = |text: &Text| text.body().unwrap_or(crate::render::REDACTED).to_owned();
    format!("{}（{}）", body(&liaison.name), body(&liaison.post))
}
