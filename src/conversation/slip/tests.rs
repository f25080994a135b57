//! Buttons, rights and simultaneous decisions on slips.

use super::*;
use crate::conversation::payload::{DATA_LIMIT, Payload};
use crate::conversation::testing::{Stage, frame_of, private};
use crate::ledger::testing::report;
use crate::ledger::{Act, Actor, Judgement, SlipColour, SlipDrafted, Value};

const PLAN: &str = include_str!("../../../tests/transcripts/config/matter/plans/drainage.toml");

const DEPUTY: i64 = 1;
const CHIEF: i64 = 2;
const STAFF: i64 = 3;
const FILER: i64 = 4;
const OTHER: i64 = 6;

fn stage() -> (Stage, u64) {
    let mut stage = Stage::on(frame_of(PLAN));
    let people: Vec<String> = stage
        .frame
        .plan
        .members
        .iter()
        .map(|member| member.id.to_string())
        .collect();
    for (user_id, person) in (1..).zip(people) {
        stage.bind(&person, user_id);
    }
    stage.append(Actor::Host, Act::WentLive);
    let slip = draft(&mut stage);
    (stage, slip)
}

fn draft(stage: &mut Stage) -> u64 {
    let due = "2026-12-31".parse().unwrap();
    let drafted = SlipDrafted {
        task: "1-1".into(),
        colour: SlipColour::Blue,
        due: Some(due),
        occasion: due,
    };
    stage.append(Actor::Bot, Act::SlipDrafted(drafted));
    stage.standing.seq
}

fn tap(stage: &mut Stage, user_id: i64, press: Press) -> String {
    let data = Payload::Slip(press).encode();
    stage.presses(&private(user_id), user_id, Some(1), &data)
}

#[test]
fn every_button_reads_back_and_fits() {
    let all = [
        Press::List(3),
        Press::Show(u64::MAX),
        Press::Send(7, false),
        Press::Send(7, true),
        Press::Change(7, false),
        Press::Change(7, true),
        Press::SendChanged(7),
        Press::Hold(7),
        Press::Tell(7, true),
        Press::Tell(7, false),
        Press::Leave(7),
    ];
    for press in all {
        let data = Payload::Slip(press.clone()).encode();
        assert!(data.len() <= DATA_LIMIT, "{data}");
        assert_eq!(Payload::decode(&data), Some(Payload::Slip(press)));
    }
    for data in ["", "s", "s:", "s:01", "s:-1", "z:1", "s:1:2"] {
        assert_eq!(Press::decode(data), None, "{data}");
    }
}

#[test]
fn of_two_who_decide_at_once_the_first_counts() {
    let (mut stage, slip) = stage();
    tap(&mut stage, CHIEF, Press::Send(slip, false));
    let second = tap(&mut stage, STAFF, Press::Hold(slip));
    assert!(second.contains("已由吴乙于"), "{second}");
    assert!(second.contains("发出，现在无需处理"), "{second}");
    assert!(stage.standing.slips[&slip].held.is_none());
}

#[test]
fn a_member_decides_on_no_slip_and_sees_no_draft_nor_another_units() {
    let (mut stage, slip) = stage();
    for press in [
        Press::Send(slip, false),
        Press::Hold(slip),
        Press::Change(slip, false),
    ] {
        let refused = tap(&mut stage, FILER, press);
        assert!(refused.contains("专班办公室"), "{refused}");
    }
    let refused = tap(&mut stage, FILER, Press::Show(slip));
    assert!(refused.contains("不是发给您单位的"), "{refused}");
    tap(&mut stage, DEPUTY, Press::Send(slip, false));
    let refused = tap(&mut stage, OTHER, Press::Show(slip));
    assert!(refused.contains("不是发给您单位的"), "{refused}");
    let own = stage.types(FILER, "/slips");
    assert!(own.contains("第1号"), "{own}");
    let other = stage.types(OTHER, "/slips");
    assert!(other.contains("没有督办单"), "{other}");
}

#[test]
fn a_draft_whose_task_was_answered_or_closed_says_so_and_is_withdrawn() {
    let (mut stage, slip) = stage();
    stage.wait(chrono::TimeDelta::minutes(1));
    let answer = report("1-1", Value::Number(5.into()), Judgement::Normal);
    stage.append(
        Actor::Person("zhou-ming".into()),
        Act::Answered(answer.into()),
    );
    let refused = tap(&mut stage, CHIEF, Press::Send(slip, false));
    assert!(refused.contains("单位已反馈，自动撤回"), "{refused}");
    let withdrawn = &stage.standing.slips[&slip];
    assert!(withdrawn.withdrawn.is_some() && withdrawn.sent.is_none());
    let second = draft(&mut stage);
    stage.append(
        Actor::Person("wu-yi".into()),
        Act::Closed { task: "1-1".into() },
    );
    let refused = tap(&mut stage, CHIEF, Press::Send(second, false));
    assert!(refused.contains("已办结"), "{refused}");
}

#[test]
fn own_words_take_the_drafts_place_and_a_draft_held_meanwhile_is_not_sent_over_it() {
    let (mut stage, slip) = stage();
    tap(&mut stage, CHIEF, Press::Change(slip, false));
    let read = stage.types(CHIEF, "请今天报");
    assert!(read.contains("要求：请今天报"), "{read}");
    tap(&mut stage, STAFF, Press::Hold(slip));
    let refused = tap(&mut stage, CHIEF, Press::SendChanged(slip));
    assert!(refused.contains("已由何静于"), "{refused}");
    assert!(stage.standing.slips[&slip].sent.is_none());
    tap(&mut stage, CHIEF, Press::Change(slip, true));
    stage.types(CHIEF, "请明天报");
    tap(&mut stage, CHIEF, Press::SendChanged(slip));
    let sent = stage.standing.slips[&slip].sent.as_ref().unwrap();
    let words = sent.words.as_ref().and_then(|words| words.body());
    assert_eq!((words, sent.number), (Some("请明天报"), 1));
}

#[test]
fn who_would_receive_a_slip_does_not_decide_on_it_while_another_can() {
    let (mut stage, slip) = stage();
    let person = "zhou-ming".into();
    stage.append(Actor::Host, Act::OfficeGranted { person });
    let refused = tap(&mut stage, FILER, Press::Hold(slip));
    assert!(refused.contains("发给您本人的"), "{refused}");
    assert!(stage.standing.slips[&slip].held.is_none());
}

#[test]
fn without_an_account_of_its_filer_a_slip_is_not_sent() {
    let (mut stage, slip) = stage();
    let person = "zhou-ming".into();
    stage.append(
        Actor::Host,
        Act::Unbound {
            person,
            user_id: FILER,
        },
    );
    let refused = tap(&mut stage, CHIEF, Press::Send(slip, false));
    assert!(refused.contains("没有已登记的填报人"), "{refused}");
    assert!(stage.standing.slips[&slip].sent.is_none());
}
