//! Liaisons and replacements step by step.

use super::*;
use crate::conversation::payload::{DATA_LIMIT, Payload};
use crate::conversation::testing::{Stage, frame_of, private};
use crate::ledger::{Act, Actor, RosterEntry};

const PLAN: &str = include_str!("../../../tests/transcripts/config/matter/plans/drainage.toml");

const CHIEF: i64 = 2;
const STAFF: i64 = 3;
const FILER: i64 = 4;

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
    let data = Payload::Roster(press).encode();
    stage.presses(&private(user_id), user_id, Some(1), &data)
}

/// Seq of the newest change of the roster.
fn newest(stage: &Stage) -> u64 {
    let changes = stage.standing.people.in_force();
    changes.map(|entry: &RosterEntry| entry.seq).max().unwrap()
}

fn replaced(stage: &mut Stage, who: &str, by: &str) -> u64 {
    stage.types(CHIEF, &format!("/replace {who}"));
    stage.types(CHIEF, by);
    stage.taps(CHIEF, "确认接替");
    newest(stage)
}

#[test]
fn a_replacement_is_taken_back_once_and_not_before_what_was_built_on_it() {
    let mut stage = stage();
    let first = replaced(&mut stage, "周明", "刘洋 市住建局副局长");
    let second = replaced(&mut stage, "刘洋", "马涛 市住建局科长");
    let refused = tap(&mut stage, CHIEF, Press::Undo(first, false));
    assert!(
        refused.contains(&format!("请先撤销第{second}号")),
        "{refused}"
    );
    for seq in [second, first] {
        let asked = tap(&mut stage, CHIEF, Press::Undo(seq, false));
        assert!(asked.contains("确定撤销"), "{asked}");
        assert!(stage.standing.people.change(seq).is_some(), "asked first");
        tap(&mut stage, CHIEF, Press::Undo(seq, true));
        assert!(stage.standing.people.change(seq).is_none());
    }
    let again = tap(&mut stage, STAFF, Press::Undo(first, true));
    assert!(again.contains("已由吴乙于"), "{again}");
    assert!(stage.frame.plan.find_member("周明").is_some());
    assert_eq!(
        stage
            .frame
            .plan
            .anyone(&format!("s-{first}").as_str().into())
            .unwrap()
            .name,
        "刘洋"
    );
}

#[test]
fn the_last_of_the_office_stays_even_if_the_others_went_after_the_question() {
    let mut stage = stage();
    stage.types(CHIEF, "/replace 吴乙");
    stage.types(CHIEF, "钱程 局长");
    stage.append(
        Actor::Host,
        Act::Unbound {
            person: "he-jing".into(),
            user_id: STAFF,
        },
    );
    let refused = stage.taps(CHIEF, "确认接替");
    assert!(refused.contains("唯一已登记的人员"), "{refused}");
    assert!(stage.standing.people.changes.is_empty());
}

#[test]
fn a_split_takes_neither_everything_nor_people_of_other_units() {
    let mut stage = stage();
    stage.types(CHIEF, "/unit 住建局");
    stage.taps(CHIEF, "分设");
    stage.types(CHIEF, "市排水服务中心");
    tap(
        &mut stage,
        CHIEF,
        Press::Unit(UnitTap::Person("song-bo".into())),
    );
    let none = stage.taps(CHIEF, "下一步");
    assert!(
        none.contains("至少选一个"),
        "somebody else's person is not taken: {none}"
    );
    for button in ["1-1", "2-1", "周明"] {
        stage.taps(CHIEF, button);
    }
    let tasks: Vec<_> = stage
        .frame
        .plan
        .tasks
        .iter()
        .map(|task| task.id.clone())
        .collect();
    for task in tasks
        .into_iter()
        .filter(|task| task.as_str().starts_with('m'))
    {
        tap(&mut stage, CHIEF, Press::Unit(UnitTap::Task(task)));
    }
    let all = stage.taps(CHIEF, "下一步");
    assert!(all.contains("不能全部归它"), "{all}");
}

#[test]
fn a_unit_changed_meanwhile_is_looked_at_again() {
    let mut stage = stage();
    for user_id in [CHIEF, STAFF] {
        stage.types(user_id, "/unit 住建局");
        stage.taps(user_id, "更名");
        let name = if user_id == CHIEF {
            "市住房局"
        } else {
            "市建设局"
        };
        stage.types(user_id, name);
        stage.taps(user_id, "今天起");
        stage.taps(user_id, "没有文号");
    }
    stage.taps(CHIEF, "确认");
    let second = stage.taps(STAFF, "确认");
    assert!(
        second.contains("已由吴乙于") && second.contains("请核对"),
        "{second}"
    );
    assert_eq!(
        stage.frame.plan.unit(&"zjj".into()).unwrap().name,
        "市住房局"
    );
    stage.taps(STAFF, "确认");
    assert_eq!(
        stage.frame.plan.unit(&"zjj".into()).unwrap().name,
        "市建设局"
    );
}

#[test]
fn one_naming_waits_at_a_time_and_words_leave_a_dialogue() {
    let mut stage = stage();
    stage.types(FILER, "/liaison 王芳 规划科科长");
    stage.taps(FILER, "仍发给我");
    let second = stage.types(FILER, "/liaison 李强 科员");
    assert!(second.contains("正待专班办公室确认"), "{second}");
    assert_eq!(stage.standing.people.liaisons_named.len(), 1);
    stage.types(CHIEF, "/replace");
    let left = stage.types(CHIEF, "退出");
    assert!(left.contains("已退出") && !stage.waits(CHIEF), "{left}");
}

#[test]
fn every_button_reads_back_and_fits() {
    let person = PersonId::from("a23456789012345678901234");
    let all = [
        Press::LiaisonAsked(true),
        Press::LiaisonAsked(false),
        Press::LiaisonDecide(u64::MAX, true),
        Press::LiaisonDecide(7, false),
        Press::LiaisonWithdraw(7),
        Press::LiaisonEnd(person.clone(), false),
        Press::LiaisonEnd(person, true),
        Press::ReplaceSure,
        Press::Undo(u64::MAX, false),
        Press::Undo(7, true),
        Press::Unit(UnitTap::Kind(Kind::Split)),
        Press::Unit(UnitTap::Task("a23456789012345678901234".into())),
        Press::Unit(UnitTap::Person("a23456789012345678901234".into())),
        Press::Unit(UnitTap::Next),
        Press::Unit(UnitTap::Today),
        Press::Unit(UnitTap::NoBasis),
        Press::Unit(UnitTap::Back),
        Press::Unit(UnitTap::Sure),
        Press::Leave,
    ];
    for press in all {
        let data = Payload::Roster(press.clone()).encode();
        assert!(data.len() <= DATA_LIMIT, "{data}");
        assert_eq!(Payload::decode(&data), Some(Payload::Roster(press)));
    }
    for forged in [
        "c:", "c:a", "c:a:z", "c:y:-1", "c:E:../x", "c:r:1", "c:q", "c:m:z", "c:T:../x", "c:k:1",
    ] {
        assert_eq!(Payload::decode(forged), None, "{forged}");
    }
}

#[test]
fn every_dialogue_goes_one_step_back() {
    let mut stage = stage();
    stage.types(CHIEF, "/replace 周明");
    stage.types(CHIEF, "刘洋 市住建局副局长");
    let back = stage.types(CHIEF, "上一步");
    assert!(back.contains("由谁接替"), "{back}");
    let back = tap(&mut stage, CHIEF, Press::Back);
    assert!(back.contains("谁不再参加"), "{back}");
    stage.types(FILER, "/liaison");
    stage.types(FILER, "王芳 规划科科长");
    let back = tap(&mut stage, FILER, Press::Back);
    assert!(back.contains("姓名"), "{back}");
    stage.types(FILER, "/away");
    stage.taps(FILER, "出差");
    let back = tap(&mut stage, FILER, Press::Back);
    assert!(back.contains("出差还是休假"), "{back}");
}

#[test]
fn who_came_after_a_member_withdraws_the_naming_that_member_left() {
    let mut stage = stage();
    stage.types(FILER, "/liaison");
    stage.types(FILER, "王芳 规划科科长");
    stage.taps(FILER, "发给联络员");
    let seq = *stage.standing.people.liaisons_named.keys().next().unwrap();
    let before = tap(&mut stage, STAFF, Press::LiaisonWithdraw(seq));
    assert!(!stage.standing.people.liaisons_named.is_empty(), "{before}");
    replaced(&mut stage, "周明", "何静");
    let said = tap(&mut stage, STAFF, Press::LiaisonWithdraw(seq));
    assert!(stage.standing.people.liaisons_named.is_empty(), "{said}");
}
