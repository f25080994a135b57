//! Meetings step by step.

use super::*;
use crate::conversation::payload::{DATA_LIMIT, Payload};
use crate::conversation::testing::{Stage, frame_of, private};
use crate::ledger::{Act, Actor, Assignee};

const PLAN: &str = include_str!("../../../tests/transcripts/config/matter/plans/drainage.toml");

const CHIEF: i64 = 2;
const STAFF: i64 = 3;

fn stage() -> Stage {
    let mut stage = Stage::on(frame_of(PLAN));
    let members = stage.frame.plan.members.iter();
    let people: Vec<String> = members.map(|member| member.id.to_string()).collect();
    for (user_id, person) in (1..).zip(people) {
        stage.bind(&person, user_id);
    }
    stage.append(Actor::Host, Act::WentLive);
    stage
}

fn tap(stage: &mut Stage, user_id: i64, press: Press) -> String {
    let data = Payload::Meeting(press).encode();
    stage.presses(&private(user_id), user_id, Some(1), &data)
}

/// Called by the chief for the day after tomorrow; its seq.
fn called(stage: &mut Stage) -> u64 {
    stage.types(CHIEF, "/meeting 后天 15:00 二楼");
    stage.types(CHIEF, "调度会");
    stage.types(CHIEF, "全体");
    stage.taps(CHIEF, "提交");
    let meeting = stage.standing.meetings.last().unwrap();
    meeting.seq
}

#[test]
fn every_button_reads_back_and_fits() {
    let id = "a234567890123456789012345";
    let taps = [
        Tap::Who(Assignee::Unit(id.into())),
        Tap::Who(Assignee::Person(id.into())),
        Tap::Everybody,
        Tap::Page(9),
        Tap::Done,
        Tap::Change(Step::When),
        Tap::Change(Step::Topic),
        Tap::Change(Step::Called),
        Tap::Change(Step::Check),
    ];
    let presses = [
        Press::Back,
        Press::Submit,
        Press::Leave,
        Press::New,
        Press::List,
        Press::Show(u64::MAX),
        Press::Move(7),
        Press::Off(7, false),
        Press::Off(7, true),
        Press::Again(7),
        Press::Take(7),
        Press::End(7),
    ];
    for press in taps.map(Press::Tap).into_iter().chain(presses) {
        let payload = Payload::Meeting(press);
        let data = payload.encode();
        assert!(data.len() <= DATA_LIMIT, "{data}");
        assert_eq!(Payload::decode(&data), Some(payload), "{data}");
    }
    for forged in ["h:", "h:w:x", "h:c:q", "h:b:1", "h:O:"] {
        assert_eq!(Payload::decode(forged), None, "{forged}");
    }
}

#[test]
fn an_answer_corrected_at_the_check_leads_back_to_the_check() {
    let mut stage = stage();
    stage.types(CHIEF, "/meeting 后天 15:00 二楼");
    stage.types(CHIEF, "调度会");
    let back = stage.types(CHIEF, "上一步");
    assert!(back.contains("会议主题"), "{back}");
    stage.types(CHIEF, "推进会");
    let check = stage.types(CHIEF, "全体");
    assert!(check.contains("请核对"), "{check}");
    stage.taps(CHIEF, "改时间");
    let check = stage.types(CHIEF, "16:00");
    assert!(
        check.contains("请核对") && check.contains("16:00 二楼"),
        "{check}"
    );
    stage.taps(CHIEF, "改参会");
    let left = stage.types(CHIEF, "退出");
    assert!(left.contains("没有记录"), "{left}");
    assert!(stage.standing.meetings.is_empty());
}

#[test]
fn of_two_who_decide_at_once_the_first_counts_and_the_second_sees_who_did() {
    let mut stage = stage();
    let seq = called(&mut stage);
    tap(&mut stage, STAFF, Press::Off(seq, true));
    let second = tap(&mut stage, CHIEF, Press::Off(seq, true));
    assert!(
        second.contains("取消") && second.contains("已由"),
        "{second}"
    );
    let by = stage.standing.meeting(seq).unwrap().ended.clone().unwrap();
    let staff = stage.standing.person_of(STAFF).cloned().unwrap();
    assert_eq!(by.by, Actor::Person(staff));
    let moved = tap(&mut stage, CHIEF, Press::Move(seq));
    assert!(moved.contains("已由"), "{moved}");
}

#[test]
fn what_was_called_off_is_called_again_with_the_same_words() {
    let mut stage = stage();
    let seq = called(&mut stage);
    let asked = tap(&mut stage, CHIEF, Press::Off(seq, false));
    assert!(asked.contains("取消"), "{asked}");
    assert!(
        stage.standing.meeting(seq).unwrap().ended.is_none(),
        "asked first"
    );
    tap(&mut stage, CHIEF, Press::Off(seq, true));
    tap(&mut stage, CHIEF, Press::Again(seq));
    stage.types(CHIEF, "大后天 9:00");
    stage.taps(CHIEF, "提交");
    let again = stage.standing.meetings.last().unwrap();
    assert_ne!(again.seq, seq);
    assert_eq!(again.meeting.topic.body(), Some("调度会"));
    assert!(again.ended.is_none());
}

#[test]
fn a_moved_meeting_takes_the_place_of_the_first_in_one_act() {
    let mut stage = stage();
    let seq = called(&mut stage);
    tap(&mut stage, CHIEF, Press::Move(seq));
    stage.types(CHIEF, "大后天 9:00");
    stage.taps(CHIEF, "提交");
    let first = stage.standing.meeting(seq).unwrap();
    assert!(first.ended.as_ref().unwrap().called_off);
    assert_eq!(stage.standing.meetings.len(), 2);
}

#[test]
fn decisions_are_not_taken_before_the_meeting() {
    let mut stage = stage();
    let seq = called(&mut stage);
    let refused = tap(&mut stage, CHIEF, Press::Take(seq));
    assert!(refused.contains("还没有开"), "{refused}");
    let refused = tap(&mut stage, CHIEF, Press::End(seq));
    assert!(refused.contains("还没有开"), "{refused}");
    assert!(stage.standing.meeting(seq).unwrap().ended.is_none());
}

#[test]
fn bad_input_is_answered_and_the_question_stays() {
    let mut stage = stage();
    let said = stage.types(CHIEF, "/meeting 三楼会议室");
    assert!(said.contains("没有看懂时间"), "{said}");
    let said = stage.types(CHIEF, "2020-01-03 9:00");
    assert!(said.contains("已经过去"), "{said}");
    stage.types(CHIEF, "后天");
    let said = stage.types(CHIEF, &"长".repeat(MOST_TOPIC + 1));
    assert!(said.contains("1001字"), "{said}");
    stage.types(CHIEF, "调度会");
    let said = stage.types(CHIEF, "某某局");
    assert!(said.contains("名单里没有"), "{said}");
    let said = stage.taps(CHIEF, "下一步");
    assert!(said.contains("请先选"), "{said}");
}
