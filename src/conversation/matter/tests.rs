//! Buttons, rights and bad input of matters and co-signatures.

use super::*;
use crate::conversation::payload::{DATA_LIMIT, Payload};
use crate::conversation::testing::{Stage, frame_of, private};
use crate::ledger::testing::{report, text};
use crate::ledger::{Act, Actor, Judgement, ProgressReport, SupportNeed, Value};

const PLAN: &str = include_str!("../../../tests/transcripts/config/matter/plans/drainage.toml");

/// The chief.
const CHIEF: i64 = 2;
/// Of the unit that files.
const FILER: i64 = 4;
/// Of the unit asked for help.
const ASKED: i64 = 5;
/// Of the other lead of measure 2.
const LEAD: i64 = 6;

fn stage() -> Stage {
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
    stage
}

fn file(stage: &mut Stage, report: ProgressReport) -> u64 {
    stage.append(
        Actor::Person("zhou-ming".into()),
        Act::Answered(report.into()),
    );
    stage.standing.seq
}

fn with_need(stage: &mut Stage) -> u64 {
    let need = SupportNeed {
        unit: Some("gdgs".into()),
        what: text("接电"),
    };
    let report = report("1-1", Value::Number(5.into()), Judgement::Difficult);
    file(
        stage,
        ProgressReport {
            support_needed: Some(need),
            ..report
        },
    )
}

fn tap(stage: &mut Stage, user_id: i64, press: Press) -> String {
    let data = Payload::Matter(press).encode();
    stage.presses(&private(user_id), user_id, Some(1), &data)
}

#[test]
fn every_button_reads_back_and_fits() {
    let task = || TaskId::from("m".repeat(25).as_str());
    let all = [
        Press::List(12),
        Press::Show(u64::MAX),
        Press::Answer(u64::MAX, true),
        Press::Answer(7, false),
        Press::Submit,
        Press::Settle(7, true),
        Press::Settle(7, false),
        Press::Signing(task(), u64::MAX),
        Press::Agree(task(), u64::MAX),
        Press::Supplement(task(), 1),
        Press::Object(task(), 1),
        Press::Leave,
    ];
    for press in all {
        let data = Payload::Matter(press.clone()).encode();
        assert!(data.len() <= DATA_LIMIT, "{data}");
        assert_eq!(Payload::decode(&data), Some(Payload::Matter(press)));
    }
    for data in [
        "", "v:", "v:01", "v:-1", "a:1", "a:1:", "a:1:A", "z:1", "p:1",
    ] {
        assert_eq!(Press::decode(data), None, "{data}");
    }
}

#[test]
fn another_units_button_is_refused_with_the_reason() {
    let mut stage = stage();
    let matter = with_need(&mut stage);
    let refused = tap(&mut stage, LEAD, Press::Answer(matter, true));
    assert!(
        refused.contains("请的是市供电公司，由该单位的人答复"),
        "{refused}"
    );
    let refused = tap(&mut stage, LEAD, Press::Settle(matter, true));
    assert!(refused.contains("由提出单位或专班办公室确认"), "{refused}");
    let refused = tap(&mut stage, ASKED, Press::Settle(matter, true));
    assert!(refused.contains("由提出单位或专班办公室确认"), "{refused}");
    let open = &stage.standing.matters[&matter];
    assert!(open.answer.is_none() && open.over.is_none());
}

#[test]
fn a_sentence_too_long_is_counted_and_the_step_stays_open() {
    let mut stage = stage();
    let matter = with_need(&mut stage);
    tap(&mut stage, ASKED, Press::Answer(matter, true));
    let refused = stage.types(ASKED, &"电".repeat(MOST_SENTENCE + 1));
    assert!(refused.contains("有1001字，最多1000字"), "{refused}");
    assert!(stage.waits(ASKED));
    stage.types(ASKED, &"电".repeat(MOST_SENTENCE));
    assert!(!stage.waits(ASKED));
    let answer = stage.standing.matters[&matter].answer.as_ref();
    assert_eq!(answer.map(|answer| answer.helped), Some(true));
}

#[test]
fn a_step_can_be_left_and_nothing_is_on_record() {
    let mut stage = stage();
    let matter = with_need(&mut stage);
    tap(&mut stage, ASKED, Press::Answer(matter, false));
    let left = stage.types(ASKED, "退出");
    assert!(left.contains("没有记录"), "{left}");
    let stale = tap(&mut stage, ASKED, Press::Submit);
    assert!(!stale.contains("MatterAnswered"), "{stale}");
    assert!(stage.standing.matters[&matter].answer.is_none());
}

#[test]
fn of_two_who_settle_the_second_sees_who_did() {
    let mut stage = stage();
    let matter = with_need(&mut stage);
    tap(&mut stage, CHIEF, Press::Settle(matter, true));
    let second = tap(&mut stage, FILER, Press::Settle(matter, true));
    assert!(second.contains("已由吴乙于"), "{second}");
}

#[test]
fn who_gave_the_answer_does_not_sign_it_nor_does_a_unit_that_does_not_lead() {
    let mut stage = stage();
    let report = file(
        &mut stage,
        report("2-1", Value::Number(8.into()), Judgement::Normal),
    );
    for user_id in [FILER, ASKED, CHIEF] {
        let refused = tap(&mut stage, user_id, Press::Agree("2-1".into(), report));
        assert!(refused.contains("不需要您会签"), "{refused}");
    }
    tap(&mut stage, LEAD, Press::Agree("2-1".into(), report));
    let state = stage.standing.task_state(&"2-1".into());
    assert_eq!(state.cosigned.len(), 1);
}

#[test]
fn the_reason_of_an_objection_goes_to_the_office_and_the_author_alone() {
    let mut stage = stage();
    let report = file(
        &mut stage,
        report("2-1", Value::Number(8.into()), Judgement::Normal),
    );
    tap(&mut stage, LEAD, Press::Object("2-1".into(), report));
    let said = stage.types(LEAD, "重复计入");
    for user_id in [CHIEF, 3, FILER] {
        let heard = stage.newest(user_id);
        assert!(heard.contains("重复计入"), "{user_id}: {heard}\n{said}");
    }
    let status = stage.types(ASKED, "/status 2-1");
    assert!(status.contains("市城管局 异议"), "{status}");
    assert!(!status.contains("重复计入"), "{status}");
}
