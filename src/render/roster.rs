//! Messages on people who come and go.

mod liaison;
mod replace;
mod units;

pub(super) use units::headline as change_in_words;

use chrono::NaiveDate;

use super::{Button, Html, Message, Scene, naming};
use crate::calendar;
use crate::conversation::payload::Payload;
use crate::conversation::people::Press as PeoplePress;
use crate::conversation::roster::names::MOST_TEXT;
use crate::conversation::roster::{AwaySay, Press, RosterSay};
use crate::ledger::{Absence, AwayKind};
use crate::plan::PersonId;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &RosterSay) -> Message {
    match say {
        RosterSay::Away(say) => away(scene, say),
        RosterSay::Liaison(say) => liaison::say(scene, say),
        RosterSay::Replace(say) => replace::say(scene, say),
        RosterSay::Unit(say) => units::say(scene, say),
    }
}

/// A naming of a liaison in the list of what waits, with its buttons.
pub(super) fn liaison_waiting(scene: &Scene<'_>, seq: u64) -> (String, Vec<Button>) {
    (liaison::named_by(scene, seq), liaison::deciding(seq))
}

/// 出差, 休假.
pub fn kind(kind: AwayKind) -> &'static str {
    match kind {
        AwayKind::Trip => "出差",
        AwayKind::Leave => "休假",
    }
}

/// 出差至12月5日.
pub fn away_until(absence: &Absence, today: NaiveDate) -> String {
    let until = naming::day(absence.until, today);
    format!("{}至{until}", kind(absence.kind))
}

fn away(scene: &Scene<'_>, say: &AwaySay) -> Message {
    let name = |person: &PersonId| naming::person(scene.frame, person);
    match say {
        AwaySay::KindWanted(person) => kind_wanted(scene, person),
        AwaySay::DaysWanted(person, of) => plain(format!(
            "{}{}，从哪天到哪天？例如：12月1日至12月5日。只写一天的，从今天起到那天。",
            name(person),
            kind(*of)
        ))
        .row(ways_out()),
        AwaySay::DaysRefused(typed) => plain(format!(
            "“{}”不是可用的起止日期。请写今天或以后的日期，例如：12月1日至12月5日",
            super::people::shown(typed)
        ))
        .row(ways_out()),
        AwaySay::StandInWanted(absence, others) => stand_in_wanted(scene, "", absence, others),
        AwaySay::StandInRefused(typed, absence, others) => {
            let refused = format!(
                "“{}”不能代填，请从本单位人员里选。\n",
                super::people::shown(typed)
            );
            stand_in_wanted(scene, &refused, absence, others)
        }
        AwaySay::Set(absence, by) => set(scene, absence, by),
        AwaySay::Ended(person, by) => {
            let whose = match person == by {
                true => String::new(),
                false => format!("（{}登记）", name(by)),
            };
            plain(format!(
                "{}已返岗{whose}，提醒恢复发给本人。",
                naming::person_with_unit(scene.frame, person)
            ))
        }
        AwaySay::YouStandIn(absence) => plain(format!(
            "{}期间由您代为填报，其间提醒发给您。",
            in_words(scene, absence)
        )),
        AwaySay::NotAway(person) => plain(format!("{}没有登记出差或休假。", name(person))),
        AwaySay::NotOnRoster(typed) => plain(format!(
            "名单里没有“{}”。请核对姓名。",
            super::people::shown(typed)
        )),
        AwaySay::Stale => Message::text("这一步已经办过或已退出。重新登记请发 /away"),
    }
}

fn kind_wanted(scene: &Scene<'_>, person: &PersonId) -> Message {
    let today = calendar::date_of(scene.now);
    let known = scene.standing.people.absences.get(person);
    let known = known.filter(|it| today <= it.until);
    let before = known.map_or_else(String::new, |it| {
        format!("已登记{}，重新登记将代替它。", in_words(scene, it))
    });
    let who = naming::person_with_unit(scene.frame, person);
    let other = |of| press(kind(of), Press::Kind(person.clone(), of));
    plain(format!("{before}{who}是出差还是休假？")).row(vec![
        other(AwayKind::Trip),
        other(AwayKind::Leave),
        press("退出", Press::Leave),
    ])
}

fn stand_in_wanted(
    scene: &Scene<'_>,
    before: &str,
    absence: &Absence,
    others: &[PersonId],
) -> Message {
    let question = format!("{before}{}，由谁代为填报？", in_words(scene, absence));
    let mut message = plain(question);
    for other in others {
        let choice = Press::StandIn(absence.from, Some(other.clone()));
        message = message.row(vec![press(naming::person(scene.frame, other), choice)]);
    }
    message
        .row(vec![press("不指定", Press::StandIn(absence.from, None))])
        .row(ways_out())
}

/// One step back, and out.
fn ways_out() -> Vec<Button> {
    vec![press("上一步", Press::Back), press("退出", Press::Leave)]
}

fn set(scene: &Scene<'_>, absence: &Absence, by: &PersonId) -> Message {
    let by = match absence.person == *by {
        true => String::new(),
        false => format!("（{}登记）", naming::person(scene.frame, by)),
    };
    let meanwhile = absence.stand_in.as_ref().map_or_else(
        || "没有指定代填人，到期事项列给专班办公室".to_owned(),
        |it| format!("由{}代为填报", naming::person(scene.frame, it)),
    );
    plain(format!(
        "已登记{by}：{}。其间不提醒本人，{meanwhile}。提前返岗请用 /back",
        in_words(scene, absence)
    ))
}

/// 李俊卿（市住建局）12月1日至12月5日出差.
pub(super) fn in_words(scene: &Scene<'_>, absence: &Absence) -> String {
    let today = calendar::date_of(scene.now);
    let days = match absence.from == absence.until {
        true => naming::day(absence.from, today),
        false => format!(
            "{}至{}",
            naming::day(absence.from, today),
            naming::day(absence.until, today)
        ),
    };
    let who = naming::person_with_unit(scene.frame, &absence.person);
    format!("{who}{days}{}", kind(absence.kind))
}

fn plain(text: impl Into<String>) -> Message {
    Message::text(Html::new().text(text.into()))
}

/// 生成加入链接 for somebody new.
fn link(person: PersonId) -> Button {
    let invite = PeoplePress::Invite(person);
    Button::press("生成加入链接", Payload::People(invite).encode())
}

fn press(label: impl Into<String>, press: Press) -> Button {
    Button::press(label, Payload::Roster(press).encode())
}
