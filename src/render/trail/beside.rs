//! One form for every act in a trail that is of no item: people and units (人员、机构), meetings (会议).

use super::lines::body;
use crate::calendar;
use crate::ledger::{Act, LedgerEntry, MeetingTime, Successor};
use crate::render::{Scene, meeting, naming, roster};

/// What was done; empty for an act that no such trail holds.
pub(super) fn what(scene: &Scene<'_>, entry: &LedgerEntry) -> Vec<String> {
    people(scene, entry)
        .or_else(|| meetings(scene, &entry.act))
        .into_iter()
        .collect()
}

fn people(scene: &Scene<'_>, entry: &LedgerEntry) -> Option<String> {
    let person = |id| naming::person_with_unit(scene.frame, id);
    let today = calendar::date_of(scene.now);
    Some(match &entry.act {
        Act::AwaySet(absence) => {
            let stand_in = absence.stand_in.as_ref();
            let stand_in = stand_in.map_or_else(String::new, |it| {
                format!("，由{}代为填报", naming::person(scene.frame, it))
            });
            format!("登记：{}{stand_in}", roster::in_words(scene, absence))
        }
        Act::AwayEnded { person: who } => format!("返岗：{}", person(who)),
        Act::LiaisonNamed(liaison) => format!(
            "提名联络员：{}，{}，代{}填报",
            body(&liaison.name),
            body(&liaison.post),
            person(&liaison.member)
        ),
        Act::LiaisonDecided { liaison, accepted } => match accepted {
            true => format!("同意第{liaison}号联络员提名"),
            false => format!("不同意或撤回第{liaison}号联络员提名"),
        },
        Act::LiaisonEnded { person: who } => format!("不再担任联络员：{}", person(who)),
        Act::Replaced {
            person: who,
            successor,
        } => {
            let after = match successor {
                Successor::Known(successor) => person(successor),
                Successor::New { name, post } => format!("{}，{}", body(name), body(post)),
            };
            format!("人员接替：{}由{after}接替", person(who))
        }
        Act::UnitChanged(changed) => format!(
            "机构变动：{}，{}起，依据：{}",
            roster::change_in_words(scene, &changed.change),
            naming::day(changed.from, today),
            body(&changed.basis)
        ),
        Act::RosterUndone { change } => format!("撤销第{change}号变动"),
        _ => return None,
    })
}

fn meetings(scene: &Scene<'_>, act: &Act) -> Option<String> {
    Some(match act {
        Act::MeetingCalled(called) => {
            let time = MeetingTime {
                on: called.on,
                at: called.at,
            };
            let place = called
                .place
                .as_ref()
                .map(|place| format!(" {}", body(place)));
            format!(
                "召集会议：{}{}，{}；参会：{}",
                meeting::at(scene, time),
                place.unwrap_or_default(),
                body(&called.topic),
                meeting::called(scene, &called.called)
            )
        }
        Act::MeetingEnded {
            meeting,
            called_off,
        } => match called_off {
            true => format!("取消第{meeting}号会议"),
            false => format!("第{meeting}号会议的议定事项交办完毕"),
        },
        _ => return None,
    })
}
