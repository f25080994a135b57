//! Requests step by step: who may, who decides, what is kept, and what the second of two deciders sees.

use super::*;
use crate::conversation::payload::{DATA_LIMIT, Payload};
use crate::conversation::testing::{Stage, frame_of, private};
use crate::ledger::{Act, Actor, Text};
use chrono::TimeDelta;

const PLAN: &str = include_str!("../../../tests/transcripts/config/matter/plans/drainage.toml");

const DEPUTY: i64 = 1;
const CHIEF: i64 = 2;
const STAFF: i64 = 3;
const FILER: i64 = 4;
const OTHER: i64 = 6;

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

/// An extension asked for by the filer; its seq.
fn asked(stage: &mut Stage) -> u64 {
    for words in ["/extend 1-1", "2027年3月31日", "管材到货晚", "已完成3处"] {
        stage.types(FILER, words);
    }
    stage.taps(FILER, "提交");
    stage.standing.open_requests()[0].1.seq
}

fn tap(stage: &mut Stage, user_id: i64, press: Press) -> String {
    let data = Payload::Request(press).encode();
    stage.presses(&private(user_id), user_id, Some(1), &data)
}

fn text(words: &str) -> Text {
    Text::new(words, [0; 16])
}

#[test]
fn every_button_reads_back_and_fits() {
    let task = TaskId::from("a23456789012345678901234");
    let all = [
        Press::Start(Kind::Extend, task.clone()),
        Press::Start(Kind::Close, task.clone()),
        Press::Start(Kind::Reopen, task.clone()),
        Press::Start(Kind::Freeze, task.clone()),
        Press::KeepProgress,
        Press::Back,
        Press::Submit,
        Press::Leave,
        Press::Withdraw(u64::MAX),
        Press::Agree(u64::MAX, Origin::Card),
        Press::Agree(u64::MAX, Origin::List(u16::MAX)),
        Press::Refuse(7),
        Press::OtherDate(7),
        Press::Unfreeze(task),
        Press::Todo(3),
    ];
    for press in all {
        let data = Payload::Request(press.clone()).encode();
        assert!(data.len() <= DATA_LIMIT, "{data}");
        assert_eq!(Payload::decode(&data), Some(Payload::Request(press)));
    }
    for forged in [
        "d:",
        "d:y:",
        "d:y:-1",
        "d:Y:7",
        "d:Y:7:70000",
        "d:e:../x",
        "d:z:7",
    ] {
        assert_eq!(Payload::decode(forged), None, "{forged}");
    }
}

#[test]
fn the_first_decision_counts_and_the_second_decider_sees_whose() {
    let mut stage = stage();
    let seq = asked(&mut stage);
    tap(&mut stage, CHIEF, Press::Agree(seq, Origin::Card));
    let second = tap(&mut stage, STAFF, Press::Refuse(seq));
    assert!(second.contains("已由吴乙于"), "{second}");
    assert!(!stage.waits(STAFF), "no reason is asked for");
    let state = stage.standing.task_state(&"1-1".into());
    assert_eq!((state.extensions(), state.dues.len()), (1, 1));
}

#[test]
fn a_date_that_can_no_longer_be_is_said_and_the_rest_is_kept() {
    let mut stage = stage();
    for words in ["/extend 1-1", "2027年1月1日", "管材到货晚", "已完成3处"] {
        stage.types(FILER, words);
    }
    stage.wait(TimeDelta::days(60));
    let over = stage.taps(FILER, "提交");
    assert!(over.contains("现在已不能选"), "{over}");
    assert!(stage.standing.open_requests().is_empty());
    let preview = stage.types(FILER, "2027年3月31日");
    for kept in ["管材到货晚", "已完成3处", "提交"] {
        assert!(preview.contains(kept), "{preview}");
    }
    stage.taps(FILER, "提交");
    assert_eq!(stage.standing.open_requests().len(), 1);
}

#[test]
fn another_date_is_the_offices_and_one_out_of_range_is_refused_with_what_it_can_be() {
    let mut stage = stage();
    let seq = asked(&mut stage);
    tap(&mut stage, CHIEF, Press::OtherDate(seq));
    let refused = stage.types(CHIEF, "2026年12月1日");
    assert!(refused.contains("请回复"), "{refused}");
    stage.types(CHIEF, "2027年2月28日");
    let due = stage
        .standing
        .task_state(&"1-1".into())
        .dues
        .last()
        .cloned();
    assert_eq!(
        due.map(|(.., due)| due),
        Some("2027-02-28".parse().unwrap())
    );
}

#[test]
fn the_asker_and_whoever_files_may_withdraw_and_nobody_else() {
    let mut stage = stage();
    let seq = asked(&mut stage);
    let refused = tap(&mut stage, OTHER, Press::Withdraw(seq));
    assert!(refused.contains("alert"), "{refused}");
    assert_eq!(stage.standing.open_requests().len(), 1);
    tap(&mut stage, FILER, Press::Withdraw(seq));
    assert!(stage.standing.open_requests().is_empty());
    // What was withdrawn is not counted: the next is the first again, and the office's.
    let again = asked(&mut stage);
    assert_eq!(stage.standing.request(again).unwrap().1.nth, 1);
}

#[test]
fn the_second_extension_is_the_deputy_leaders_and_the_office_hears_of_it() {
    let mut stage = stage();
    let first = asked(&mut stage);
    tap(&mut stage, CHIEF, Press::Refuse(first));
    stage.types(CHIEF, "先做能做的");
    let second = asked(&mut stage);
    let refused = tap(&mut stage, CHIEF, Press::Agree(second, Origin::Card));
    assert!(
        refused.contains("alert") && refused.contains("副组长"),
        "{refused}"
    );
    let granted = tap(&mut stage, DEPUTY, Press::Agree(second, Origin::Card));
    for told in ["wu-yi", "he-jing", "zhou-ming"] {
        assert!(granted.contains(told), "{told} hears of it: {granted}");
    }
}

#[test]
fn whoever_lost_the_right_meanwhile_is_told_that_and_nothing_else() {
    let mut stage = stage();
    let seq = asked(&mut stage);
    tap(&mut stage, STAFF, Press::Refuse(seq));
    stage.types(DEPUTY, "/freeze 2-1");
    stage.types(DEPUTY, "2027年2月28日");
    // The plan that is adopted next names neither in the office nor as deputy leader.
    let members = &mut stage.frame.plan.members;
    for member in members
        .iter_mut()
        .filter(|it| it.role == Role::DeputyLeader)
    {
        member.role = Role::Member;
    }
    stage.frame.plan.task_force.office_staff.clear();
    for user_id in [STAFF, DEPUTY] {
        let refused = stage.types(user_id, "先把能做的做完");
        assert!(refused.contains("专班办公室"), "{refused}");
        assert!(
            !refused.contains("理由") && !refused.contains("哪一天"),
            "{refused}"
        );
        assert!(!stage.waits(user_id));
    }
    assert_eq!(stage.standing.open_requests().len(), 1);
    assert!(stage.standing.task_state(&"2-1".into()).frozen.is_none());
}

#[test]
fn freezing_ends_what_was_asked_and_the_asker_hears_of_that_too() {
    let mut stage = stage();
    let seq = asked(&mut stage);
    stage.types(CHIEF, "/freeze 1-1");
    stage.types(CHIEF, "2027年2月28日");
    let frozen = stage.types(CHIEF, "等待上级资金计划");
    assert!(frozen.contains("另行决定"), "{frozen}");
    let outcome = stage.standing.request(seq).unwrap().1.outcome.clone();
    assert_eq!(
        outcome.map(|outcome| outcome.verdict),
        Some(crate::ledger::Verdict::Overtaken)
    );
}

#[test]
fn nobody_decides_on_their_own_matter_while_another_can_and_alone_it_is_marked() {
    let mut stage = stage();
    let closure = Act::ClosureProposed {
        task: "1-1".into(),
        words: Some(text("已完成")),
        evidence: Vec::new(),
    };
    stage.append(Actor::Person("wu-yi".into()), closure);
    let seq = stage.standing.open_requests()[0].1.seq;
    let barred = tap(&mut stage, CHIEF, Press::Agree(seq, Origin::Card));
    assert!(barred.contains("alert"), "{barred}");
    assert_eq!(stage.standing.open_requests().len(), 1);
    for person in ["he-jing", "zheng-ming"] {
        stage.standing.bindings.remove(&PersonId::from(person));
    }
    let alone = tap(&mut stage, CHIEF, Press::Agree(seq, Origin::Card));
    assert!(alone.contains("自办自批"), "{alone}");
    assert!(stage.standing.task_state(&"1-1".into()).closed.is_some());
}

#[test]
fn a_text_over_the_limit_is_refused_with_the_count_and_nothing_is_lost() {
    let mut stage = stage();
    stage.types(FILER, "/extend 1-1");
    stage.types(FILER, "2027年3月31日");
    let refused = stage.types(FILER, &"长".repeat(MOST_WORDS + 1));
    assert!(refused.contains("1001"), "{refused}");
    let next = stage.types(FILER, "管材到货晚");
    assert!(next.contains("做到哪一步"), "{next}");
    let left = stage.types(FILER, "退出");
    assert!(!stage.waits(FILER), "{left}");
}

#[test]
fn a_step_back_asks_the_last_answer_anew_and_keeps_the_ones_before() {
    let mut stage = stage();
    for words in ["/extend 1-1", "2027年3月31日", "管材到货晚", "已完成3处"] {
        stage.types(FILER, words);
    }
    stage.taps(FILER, "上一步");
    let reason = stage.taps(FILER, "上一步");
    assert!(reason.contains("为什么要延期"), "{reason}");
    stage.types(FILER, "雨季不能开挖");
    let preview = stage.types(FILER, "已完成4处");
    for answer in ["2027年3月31日", "雨季不能开挖", "已完成4处"] {
        assert!(preview.contains(answer), "{preview}");
    }
    assert!(!preview.contains("管材到货晚"), "{preview}");
}

/// A project in its second stage that the filer's unit reports on; its task.
fn project(stage: &mut Stage) -> TaskId {
    let chief = stage.standing.person_of(CHIEF).cloned().unwrap();
    let entry = crate::ledger::ProjectEntry {
        name: text("城区雨污分流改造"),
        unit: "zjj".into(),
        measure: None,
        investment: 380_000_000.into(),
        funding: 90_000_000.into(),
        stage: crate::ledger::ProjectStage::Approved,
        next: None,
    };
    stage.append(Actor::Person(chief), Act::ProjectAdded(entry.into()));
    TaskId::new(format!("p-{}", stage.standing.seq))
}

#[test]
fn a_closed_stage_leads_the_office_to_the_next_one() {
    let mut stage = stage();
    let task = project(&mut stage);
    for words in ["/close 项-1", "初步设计已批复"] {
        stage.types(FILER, words);
    }
    stage.taps(FILER, "提交");
    let seq = stage.standing.open_requests()[0].1.seq;
    let said = tap(&mut stage, CHIEF, Press::Agree(seq, Origin::Card));
    assert!(
        said.contains("已办结") && said.contains("转入开工"),
        "{said}"
    );
    let counted = |stage: &Stage| {
        let totals = crate::digest::stages(&stage.standing);
        totals
            .iter()
            .map(|total| (total.stage, total.count))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        counted(&stage),
        [(crate::ledger::ProjectStage::Approved, 1)]
    );
    stage.taps(CHIEF, "转入开工");
    stage.types(CHIEF, "2027年3月31日");
    assert_eq!(counted(&stage), [(crate::ledger::ProjectStage::Begun, 1)]);
    assert!(stage.standing.task_state(&task).closed.is_none());
}

#[test]
fn who_came_after_the_asker_does_not_decide_and_hears_what_was_decided() {
    let mut stage = stage();
    let seq = asked(&mut stage);
    stage.types(CHIEF, "/replace 周明");
    stage.types(CHIEF, "何静");
    stage.taps(CHIEF, "确认接替");
    let refused = tap(&mut stage, STAFF, Press::Agree(seq, Origin::Card));
    assert!(
        refused.contains("本人") || refused.contains("自己"),
        "{refused}"
    );
    let said = tap(&mut stage, CHIEF, Press::Agree(seq, Origin::Card));
    assert!(said.contains("he-jing"), "{said}");
    assert!(stage.standing.open_requests().is_empty());
}
