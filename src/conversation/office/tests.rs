//! Transcripts: go-live, pauses, terms, adoption, the initial baseline.

use chrono::{NaiveDate, TimeDelta};
use insta::assert_snapshot;

use super::*;
use crate::conversation::payload::{DATA_LIMIT, Payload};
use crate::conversation::testing::{GROUP, Stage, account, changed, group, private};
use crate::conversation::{Media, PlannedKind, PlannedSend, Sender};
use crate::ledger::{Act, BaselineAnswer, Judgement, ProgressReport, Settlement, Text, Value};

/// The chief (3), the deputy leader (2) and a member (8) are bound, the group too; not live.
fn ready() -> Stage {
    let mut stage = Stage::new();
    stage.bind("luan-pin", 3);
    stage.bind("zhang-xinlong", 2);
    stage.bind("li-junqing", 8);
    let chat = GROUP;
    stage.append(Actor::Host, Act::GroupBound { chat, thread: None });
    stage
}

/// The same, live since the morning.
pub(super) fn live() -> Stage {
    let mut stage = ready();
    stage.append(Actor::Person("luan-pin".into()), Act::WentLive);
    stage
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn answer(task: &str, person: &str, value: i64, baseline: BaselineAnswer) -> (Actor, Act) {
    let report = ProgressReport {
        baseline: Some(baseline),
        ..ProgressReport::new(
            task.into(),
            "2026-11".to_owned(),
            Value::Number(value.into()),
            Judgement::Normal,
        )
    };
    (Actor::Person(person.into()), Act::Answered(report.into()))
}

#[test]
fn golive_shows_what_will_happen_and_starts_on_the_second_tap() {
    let mut stage = ready();
    let at = stage.now + TimeDelta::hours(24);
    stage.sends = vec![
        PlannedSend {
            at,
            what: PlannedKind::Reminder,
            people: vec!["li-junqing".into()],
            tasks: 2,
        },
        PlannedSend {
            at: at + TimeDelta::days(3),
            what: PlannedKind::Digest,
            people: Vec::new(),
            tasks: 0,
        },
    ];
    assert_snapshot!(stage.types(3, "/golive"), @"
        here: <b>正式启用前请核对</b>
        未登记22人：刘培根（组长）、孙洪斌（市教体局）、高伟（市科技局）、宋校政（市工信局）、刘浩（市公安局）、于晓蓉（市财政局）、杨勇（市自然资源局）、赵春晖（市交通局）、蒋德强（市农业农村局）、李强（市海洋局）等（/invite）
        未定口径32条，确定前只填报、不亮灯（/terms）

        <b>启用后最先发送</b>
        11月24日 周二 09:40 进展提醒：1人，2项
        11月27日 周五 09:40 工作周报（群内）

        每周一 08:30 另给专班办公室发报告（私聊，不响铃）。
        启用要点两次，点之前什么也不发。
        [正式启用] [退出]
        ");
    assert_snapshot!(stage.taps(3, "正式启用"), @"
        edit: 再点一次即正式启用，此后按计划发送提醒和周报。
        [确认启用] [退出]
        ");
    assert_eq!(stage.standing.live_since, None);
    let (message, sure) = stage.button(3, "确认启用");
    assert_snapshot!(stage.taps(3, "确认启用"), @"
        + went_live
        edit: 已由栾频正式启用，此后按计划发送。暂停用 /pause
        status
        ");
    assert!(stage.standing.live_since.is_some());
    stage.wait(TimeDelta::minutes(5));
    assert_snapshot!(stage.types(2, "/golive"), @"here: 已由栾频于 09:40 正式启用，无需再启用。");
    assert_snapshot!(stage.presses(&private(2), 2, Some(message), &sure), @"
        alert: 已由栾频于 09:40 正式启用，无需再启用。
        edit: 已由栾频于 09:40 正式启用，无需再启用。
        ");
}

#[test]
fn golive_needs_a_group() {
    let mut stage = Stage::new();
    stage.bind("luan-pin", 3);
    assert_snapshot!(stage.types(3, "/golive"), @"here: 还没有可用的工作群。请把我加入工作群，并在群里（或话题里）发送 /here");
    let (golive, sure) = (Press::Golive.encode(), Press::GoliveSure.encode());
    for data in [golive, sure] {
        stage.presses(&private(3), 3, Some(1), &format!("o:{data}"));
    }
    assert_eq!(stage.standing.live_since, None);
}

#[test]
fn golive_works_in_the_group_for_the_office_alone() {
    let mut stage = ready();
    assert!(
        stage
            .types_in(&group(GROUP), 3, "/golive")
            .contains("近期没有要发送的内容")
    );
    assert_snapshot!(stage.taps_in(&group(GROUP), 8, "正式启用"), @"alert: 这一操作由专班办公室或副组长办理。您可用 /help 查看自己的命令。");
    assert_snapshot!(stage.types_in(&group(GROUP), 8, "/golive"), @"here: 这一操作由专班办公室或副组长办理。您可用 /help 查看自己的命令。");
    stage.taps_in(&group(GROUP), 3, "正式启用");
    assert!(
        stage
            .taps_in(&group(GROUP), 2, "确认启用")
            .contains("+ went_live")
    );
}

#[test]
fn every_act_of_the_office_is_refused_to_everybody_else() {
    let mut stage = live();
    stage.bind("liu-peigen", 1);
    for command in [
        "/golive",
        "/pause 检查",
        "/resume",
        "/terms",
        "/plan",
        "/invite",
        "/rebind 栾频",
    ] {
        for user_id in [8, 1] {
            let said = stage.types(user_id, command);
            assert_eq!(
                said, "here: 这一操作由专班办公室或副组长办理。您可用 /help 查看自己的命令。",
                "{command}"
            );
        }
    }
    let doubt: DoubtId = "chief".into();
    let presses = [
        Press::Golive,
        Press::GoliveSure,
        Press::Take(doubt.clone(), 1),
        Press::Write(doubt.clone()),
        Press::Skip(doubt),
        Press::TakeAll,
        Press::TakeAllSure(30, 1),
        Press::Words(1),
        Press::WordsAgain,
        Press::Offer,
        Press::Adopt(1),
        Press::AdoptSure(1, true),
        Press::Decline(1),
        Press::DeclineSure(1),
        Press::Cancel("6-1".into()),
        Press::Merge("6-1".into(), "6-2".into()),
        Press::Close("6-1".into()),
        Press::Due("6-1".into(), day(2027, 6, 30)),
        Press::OtherDue("6-1".into()),
        Press::Move(MoveAnswer::Sure),
        Press::Unknown(1, true),
        Press::Leave,
    ];
    let before = stage.standing.seq;
    for press in presses {
        let said = stage.presses(
            &private(8),
            8,
            Some(1),
            &Payload::Office(press.clone()).encode(),
        );
        assert!(
            said.starts_with("alert: 这一操作由专班办公室或副组长办理"),
            "{press:?}: {said}"
        );
    }
    assert_eq!(stage.standing.seq, before);
}

#[test]
fn a_pause_takes_a_reason_and_a_day_with_the_command() {
    let mut stage = live();
    assert_snapshot!(stage.types(3, "/pause 系统升级 至12月10日"), @"
        + paused 2026-12-10
        here: 主动发送已由栾频暂停，至12月10日。原因：系统升级。填报和查询照常，恢复用 /resume
        status
        ");
    assert_eq!(
        stage.standing.pause.as_ref().and_then(|it| it.until),
        Some(day(2026, 12, 10))
    );
    stage.wait(TimeDelta::minutes(12));
    assert_snapshot!(stage.types(2, "/pause 检查"), @"here: 已由栾频于 09:40 暂停，原因：系统升级。恢复用 /resume");
    assert_snapshot!(stage.types(2, "/resume"), @"
        + resumed
        here: 主动发送已由张新龙恢复，暂停期间的内容并入下一次发送。
        status
        luan-pin: (silent) 主动发送已由张新龙恢复，暂停期间的内容并入下一次发送。
        ");
    assert_snapshot!(stage.types(3, "/resume"), @"here: 现在没有暂停，已由张新龙于 09:52 恢复。");
}

#[test]
fn a_pause_without_a_reason_asks_for_one_and_can_be_left() {
    let mut stage = live();
    assert_snapshot!(stage.types(3, "/pause"), @"
        here: 请写明暂停原因，可加截止日期，例如：系统升级 至12月10日
        [退出]
        ");
    assert_snapshot!(stage.types(3, "12月1日"), @"
        here: 请写明暂停原因，可加截止日期，例如：系统升级 至12月10日
        [退出]
        ");
    assert_snapshot!(stage.types(3, "检查至11月1日"), @"
        here: 11月1日已经过去。
        here: 请写明暂停原因，可加截止日期，例如：系统升级 至12月10日
        [退出]
        ");
    assert!(stage.standing.pause.is_none());
    assert_snapshot!(stage.types(3, "/cancel"), @"here: 已退出。");
    assert!(!stage.waits(3));
    stage.types(3, "/pause");
    assert_snapshot!(stage.taps(3, "退出"), @"edit: 已退出。");
    assert!(!stage.waits(3));
    stage.types(3, "/pause");
    assert!(stage.types(3, "上级检查").contains("+ paused"));
    assert!(!stage.waits(3));
}

#[test]
fn anything_but_words_asks_for_the_words_again() {
    let mut stage = live();
    stage.types(3, "/pause");
    let sticker = Happening::Media {
        message_id: 9,
        media: Media::Sticker,
        caption: None,
        media_group_id: None,
        reply_to: None,
    };
    let sender = Sender::Account(account(3));
    assert_snapshot!(stage.happens(sender, private(3), sticker), @"
        here: 这一步要文字，请直接发文字。
        here: 请写明暂停原因，可加截止日期，例如：系统升级 至12月10日
        [退出]
        ");
    let said = stage.types(3, "/statsu");
    assert!(said.starts_with("here: 没有“/statsu”这个命令"), "{said}");
    assert!(
        said.ends_with("例如：系统升级 至12月10日\n[退出]"),
        "{said}"
    );
    assert_snapshot!(stage.types(3, &"长".repeat(301)), @"here: 这段文字有301字，最多300字，请缩短后重发。");
    assert!(stage.waits(3));
    assert!(
        stage.types(3, "/status").starts_with("here"),
        "a question in between"
    );
    assert!(stage.waits(3));
    stage.types(3, "/terms");
    assert!(!stage.waits(3), "another act of the office takes its place");
}

#[test]
fn a_pause_in_the_group_comes_with_its_reason() {
    let mut stage = live();
    assert_snapshot!(stage.types_in(&group(GROUP), 3, "/pause"), @"here: 请连同原因发送，例如：/pause 系统升级 至12月10日");
    assert!(!stage.waits(3));
    assert!(
        stage
            .types_in(&group(GROUP), 3, "/pause 检查")
            .contains("+ paused")
    );
}

#[test]
fn nothing_is_paused_before_it_is_live() {
    let mut stage = ready();
    assert_snapshot!(stage.types(3, "/pause 检查"), @"here: 尚未正式启用，没有主动发送，无需暂停。");
    assert_snapshot!(stage.types(3, "/resume"), @"here: 现在没有暂停，无需恢复。");
}

#[test]
fn a_right_lost_in_the_middle_of_a_dialogue_ends_it() {
    let mut stage = live();
    stage.append(
        Actor::Host,
        Act::OfficeGranted {
            person: "li-junqing".into(),
        },
    );
    stage.types(8, "/pause");
    stage.standing.office_granted.clear();
    assert!(stage.types(8, "检查").contains("由专班办公室或副组长办理"));
    assert!(stage.standing.pause.is_none());
    assert!(!stage.waits(8));
}

#[test]
fn terms_are_settled_one_by_one() {
    let mut stage = live();
    let open = open_doubts(&stage.frame, &stage.standing).len();
    assert_snapshot!(stage.types(3, "/terms"), @"
        here: <b>口径 1/32</b> · 专班办公室
        疑问：方案未写明专班办公室主任姓名，只写明办公室设在市发展和改革局。
        建议：由市发展和改革局排在首位的副局长栾频任办公室主任。
        [采纳建议] [写明] [跳过]
        [全部采纳] [退出]
        ");
    assert_snapshot!(stage.taps(3, "采纳建议"), @"
        edit: <b>采纳建议</b> · 专班办公室
        由市发展和改革局排在首位的副局长栾频任办公室主任。

        依据是什么？请回复文号（如 乳发改〔2026〕12号），或写明由谁、怎样确定（如 专班会议口头确定）。
        [无文号，跳过]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(3, "无文号"), @r#"
        + terms_settled chief {"as_proposed":{}}
        edit: ✔ 已采纳：专班办公室

        <b>口径 1/31</b> · 总-1 新能源汽车保有量
        疑问：总体目标未写明填报单位。
        建议：机动车登记数据在公安车管部门，由市公安局填报。
        采纳后：由市公安局填报
        [采纳建议] [写明] [跳过]
        [全部采纳] [退出]
        "#);
    stage.taps(3, "采纳建议");
    assert_snapshot!(stage.types(3, "专班第1次会议纪要"), @r#"
        + terms_settled g-1-lead g-1 {"as_proposed":{"filing_lead":"gaj"}} {"sha256":"689a5ab8ef47c9427bf23ff7cc7d8c8cbcebf48e6330f78411fdfd6a5d1a1002"}
        here: ✔ 已采纳：总-1 新能源汽车保有量

        <b>口径 1/30</b> · 总-2 国三柴油货车淘汰
        疑问：总体目标未写明填报单位，“基本淘汰”也没有给出比例。
        建议：由生态环境分局汇总公安、交通数据填报；按节点管理，由填报单位说明是否已基本淘汰。
        采纳后：由生态环境分局填报
        [采纳建议] [写明] [跳过]
        [全部采纳] [退出]
        "#);
    assert_snapshot!(stage.taps(3, "跳过"), @"
        edit: 已跳过：总-2 国三柴油货车淘汰

        <b>口径 2/30</b> · 总-3 报废汽车拆解量
        疑问：总体目标未写明填报单位。
        建议：报废汽车回收拆解由商务部门主管，由市商务局填报。
        采纳后：由市商务局填报
        [采纳建议] [写明] [跳过]
        [全部采纳] [退出]
        ");
    assert_eq!(open_doubts(&stage.frame, &stage.standing).len(), open - 2);
    let view = stage
        .frame
        .task_view(&stage.standing, &"g-1".into(), day(2026, 11, 23))
        .unwrap();
    assert_eq!(
        view.filing_unit
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("gaj")
    );
}

#[test]
fn terms_are_settled_in_words_with_the_facts_read_from_them() {
    let mut stage = live();
    stage.types(3, "/terms");
    stage.taps(3, "跳过");
    assert_snapshot!(stage.taps(3, "写明"), @"
        here: 请写明“总-1 新能源汽车保有量”的口径，300字以内。
        要改的，请写清填报单位。
        [退出]
        ");
    assert_snapshot!(stage.types(3, "由市住建局汇总后填报"), @"
        here: <b>写明口径</b> · 总-1 新能源汽车保有量
        由市住建局汇总后填报

        依据是什么？请回复文号（如 乳发改〔2026〕12号），或写明由谁、怎样确定（如 专班会议口头确定）。
        [无文号，跳过]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(3, "无文号"), @"
        edit: <b>请核对</b> · 总-1 新能源汽车保有量
        口径：由市住建局汇总后填报
        同时确定：由市住建局填报
        依据：无文号
        [确认] [重写] [退出]
        ");
    assert_snapshot!(stage.taps(3, "重写"), @"
        here: 请写明“总-1 新能源汽车保有量”的口径，300字以内。
        要改的，请写清填报单位。
        [退出]
        ");
    stage.types(3, "另行研究 <b>");
    assert_snapshot!(stage.taps(3, "无文号"), @"
        edit: <b>请核对</b> · 总-1 新能源汽车保有量
        口径：另行研究 &lt;b&gt;
        只记文字，不改填报单位、时限和基数。
        依据：无文号
        [确认] [重写] [退出]
        ");
    stage.types(3, "由交通局填报");
    assert_snapshot!(stage.types(3, "乳发改〔2026〕12号"), @"
        here: <b>请核对</b> · 总-1 新能源汽车保有量
        口径：由交通局填报
        同时确定：由市交通局填报
        依据：乳发改〔2026〕12号
        [确认] [重写] [退出]
        ");
    assert_snapshot!(stage.taps(3, "确认"), @r#"
        + terms_settled g-1-lead g-1 {"in_words":{"sets":{"filing_lead":"jtj"},"words":{"sha256":"14913e7308da9be9315ee628500cae8d0cbf83fe30d0af3f496995af7e7875aa"}}} {"sha256":"e9df6e82abfccf2c6b0782b3f4507da6cd40609ac31e46f3b841e0ff392b6fd1"}
        edit: ✔ 已写明：总-1 新能源汽车保有量

        <b>口径 2/31</b> · 总-2 国三柴油货车淘汰
        疑问：总体目标未写明填报单位，“基本淘汰”也没有给出比例。
        建议：由生态环境分局汇总公安、交通数据填报；按节点管理，由填报单位说明是否已基本淘汰。
        采纳后：由生态环境分局填报
        [采纳建议] [写明] [跳过]
        [全部采纳] [退出]
        "#);
    assert!(!stage.waits(3));
    let settled = &stage.standing.settled[&DoubtId::from("g-1-lead")];
    let Settlement::InWords { words, sets } = &settled.how else {
        panic!("{settled:?}")
    };
    let basis = settled.basis.as_ref().unwrap();
    assert_eq!(basis.body(), Some("乳发改〔2026〕12号"));
    assert_eq!(words.body(), Some("由交通局填报"));
    assert_eq!(sets.filing_lead, Some("jtj".into()));
}

#[test]
fn words_once_changed_cannot_be_confirmed_by_the_old_button() {
    let mut stage = live();
    stage.types(3, "/terms");
    stage.taps(3, "写明");
    stage.types(3, "甲");
    stage.taps(3, "无文号");
    let (message, old) = stage.button(3, "确认");
    stage.types(3, "乙");
    stage.taps(3, "无文号");
    assert_snapshot!(stage.presses(&private(3), 3, Some(message), &old), @"alert: 这个按钮已失效。填报请用 /report，查看进度请用 /status。");
    assert!(stage.standing.settled.is_empty());
}

#[test]
fn all_proposals_take_one_more_tap() {
    let mut stage = live();
    let open = open_doubts(&stage.frame, &stage.standing).len();
    stage.types(3, "/terms");
    stage.taps(3, "全部采纳");
    let shown = stage.types(3, "乳发改〔2026〕12号");
    assert!(
        shown.starts_with(&format!(
            "here: <b>将采纳全部{open}条建议</b>\n专班办公室：由市发展和改革局排在首位"
        )),
        "{shown}"
    );
    assert!(stage.standing.settled.is_empty());
    let (message, sure) = stage.button(3, "确认全部采纳");
    let said = stage.taps(3, "确认全部采纳");
    assert!(
        said.ends_with(&format!("edit: 已采纳全部{open}条建议，口径均已确定。")),
        "{said}"
    );
    assert_eq!(said.matches("+ terms_settled").count(), open);
    let bases = stage
        .standing
        .settled
        .values()
        .filter_map(|it| it.basis.as_ref());
    assert!(
        bases
            .clone()
            .all(|basis| basis.body() == Some("乳发改〔2026〕12号"))
    );
    assert_eq!(bases.count(), open);
    assert_eq!(open_doubts(&stage.frame, &stage.standing).len(), 0);
    assert_eq!(
        stage.presses(&private(3), 3, Some(message), &sure),
        "edit: 口径均已确定。"
    );
    assert_eq!(stage.types(3, "/terms"), "here: 口径均已确定。");
}

#[test]
fn the_second_of_two_who_settle_a_doubt_sees_who_did() {
    let mut stage = live();
    stage.types(3, "/terms");
    stage.types(2, "/terms");
    stage.taps(2, "采纳建议");
    stage.taps(3, "采纳建议");
    stage.taps(3, "无文号");
    stage.wait(TimeDelta::minutes(2));
    assert_snapshot!(stage.taps(2, "无文号"), @"
        alert: 本条已由栾频于 09:40 处理，现在无需处理。
        edit: 专班办公室：已由栾频于 09:40 确定

        <b>口径 1/31</b> · 总-1 新能源汽车保有量
        疑问：总体目标未写明填报单位。
        建议：机动车登记数据在公安车管部门，由市公安局填报。
        采纳后：由市公安局填报
        [采纳建议] [写明] [跳过]
        [全部采纳] [退出]
        ");
    let taken = stage.standing.settled.len();
    assert_eq!(taken, 1);
    stage.types(2, "/terms");
    stage.taps(2, "写明");
    stage.types(2, "由住建局填报");
    stage.taps(2, "无文号");
    stage.types(3, "/terms");
    stage.taps(3, "采纳建议");
    stage.taps(3, "无文号");
    assert_snapshot!(stage.taps(2, "确认"), @"
        alert: 本条已由栾频于 09:42 处理，现在无需处理。
        edit: 总-1 新能源汽车保有量：已由栾频于 09:42 确定

        <b>口径 1/30</b> · 总-2 国三柴油货车淘汰
        疑问：总体目标未写明填报单位，“基本淘汰”也没有给出比例。
        建议：由生态环境分局汇总公安、交通数据填报；按节点管理，由填报单位说明是否已基本淘汰。
        采纳后：由生态环境分局填报
        [采纳建议] [写明] [跳过]
        [全部采纳] [退出]
        ");
}

#[test]
fn a_proposal_of_another_plan_is_not_taken_by_an_old_button() {
    let mut stage = live();
    stage.types(3, "/terms");
    let (message, take) = stage.button(3, "采纳建议");
    stage.frame = changed(&[(
        "由市发展和改革局排在首位的副局长栾频任办公室主任。",
        "由张新龙兼任。",
    )]);
    let said = stage.presses(&private(3), 3, Some(message), &take);
    assert!(said.starts_with("alert: 这个按钮已失效"), "{said}");
    assert!(said.contains("建议：由张新龙兼任。"), "{said}");
    assert!(stage.standing.settled.is_empty());
}

#[test]
fn a_doubt_about_a_unit_or_a_measure_is_settled_too() {
    let mut stage = live();
    let others: Vec<_> = stage
        .frame
        .plan
        .doubts
        .iter()
        .filter(|doubt| terms::task_of(doubt).is_none())
        .map(|doubt| doubt.id.clone())
        .collect();
    assert!(others.len() > 3, "{others:?}");
    for id in others {
        let stamp = stamp_of(stage.frame.adoption);
        let take = Payload::Office(Press::Take(id.clone(), stamp)).encode();
        stage.presses(&private(3), 3, Some(1), &take);
        let without = Payload::Office(Press::NoBasis).encode();
        let said = stage.presses(&private(3), 3, Some(1), &without);
        assert!(said.starts_with(&format!("+ terms_settled {id}")), "{said}");
    }
}

#[test]
fn an_offered_plan_is_adopted_with_a_tap_when_nothing_else_is_touched() {
    let mut stage = live();
    stage.offer(changed(&[(
        "name = \"改造换热站\"",
        "name = \"换热站改造\"",
    )]));
    assert_snapshot!(stage.types(3, "/plan"), @"
        here: <b>方案有变更，请决定是否采用</b>
        改 指标 6-1 改造换热站
          名称：改造换热站 → 换热站改造
        不采用则继续按现行方案执行。
        [采用] [不采用]
        ");
    let (message, adopt) = stage.button(3, "采用");
    assert_snapshot!(stage.taps(3, "采用"), @"
        + adopted
        edit: 新方案已由栾频采用，即时生效。
        status
        ");
    assert_eq!(
        stage.frame.plan.task(&"6-1".into()).unwrap().name,
        "换热站改造"
    );
    stage.wait(TimeDelta::minutes(2));
    assert_snapshot!(stage.presses(&private(2), 2, Some(message), &adopt), @"alert: 这次方案变更已由栾频于 09:40 决定，现在无需处理。");
    assert_snapshot!(stage.types(2, "/plan"), @"here: 没有待采用的方案，也没有待处理的初始台账。");
}

#[test]
fn an_offered_plan_is_declined_with_two_taps() {
    let mut stage = live();
    stage.offer(changed(&[(
        "name = \"改造换热站\"",
        "name = \"换热站改造\"",
    )]));
    stage.types(3, "/plan");
    assert_snapshot!(stage.taps(3, "不采用"), @"
        edit: 确认不采用？现行方案继续有效，同一份变更不再提示。
        [确认不采用] [返回]
        ");
    assert!(stage.taps(3, "返回").contains("方案有变更"));
    stage.taps(3, "不采用");
    assert_snapshot!(stage.taps(3, "确认不采用"), @"
        + adoption_declined
        edit: 方案变更未被采用，由栾频决定，现行方案继续有效。
        ");
    assert_eq!(stage.standing.offered, None);
    assert_eq!(
        stage.frame.plan.task(&"6-1".into()).unwrap().name,
        "改造换热站"
    );
}

/// 6-1 is gone in the offered plan.
fn without_heat_stations() -> crate::ledger::Frame {
    let source = include_str!("../../../config/plans/rushan.toml");
    let at = source
        .find("[[indicator]]\nid = \"6-1\"")
        .expect("6-1 is in the plan");
    let end = source[at + 3..]
        .find("\n[[")
        .map_or(source.len(), |end| at + 3 + end + 1);
    let mut without = source.to_owned();
    without.replace_range(at..end, "");
    // Doubts about it go with it.
    let kept: Vec<&str> = without
        .split("\n[[")
        .filter(|block| !block.contains("indicator = \"6-1\""))
        .collect();
    crate::conversation::testing::frame_of(&kept.join("\n[["))
}

#[test]
fn a_vanished_task_is_ended_by_the_office_in_the_same_act_as_the_adoption() {
    let mut stage = live();
    stage.offer(without_heat_stations());
    assert_snapshot!(stage.types(3, "/plan"), @"
        here: <b>方案有变更，请决定是否采用</b>
        － 指标 6-1 改造换热站
        撤销的任务：6-1，采用前须逐项确定并入或取消
        不采用则继续按现行方案执行。
        [采用] [不采用]
        ");
    assert_snapshot!(stage.taps(3, "采用"), @"
        edit: <b>已撤项目 1/1</b> · 6-1 改造换热站
        新方案没有这一项。请选择取消，或并入哪一项；也可以直接回复要并入的项号，例如 6-1
        [并入 6-2 改造供热管网]
        [并入 6-3 新增清洁取暖]
        [并入 6-4 更新燃气管网]
        [并入 6-5 公共供水管网漏损率]
        [并入 6 加速建筑领域设备更新]
        [取消该项] [退出]
        ");
    assert_snapshot!(stage.types(3, "7-9"), @"
        here: 新方案里没有“7-9”这一项，请回复项号，例如 6-1
        here: <b>已撤项目 1/1</b> · 6-1 改造换热站
        新方案没有这一项。请选择取消，或并入哪一项；也可以直接回复要并入的项号，例如 6-1
        [并入 6-2 改造供热管网]
        [并入 6-3 新增清洁取暖]
        [并入 6-4 更新燃气管网]
        [并入 6-5 公共供水管网漏损率]
        [并入 6 加速建筑领域设备更新]
        [取消该项] [退出]
        ");
    assert_snapshot!(stage.types(3, "６－２"), @"
        here: <b>采用前请确认</b>
        6-1 改造换热站 → 并入 6-2 改造供热管网
        [确认采用]
        [返回] [退出]
        ");
    let frame = stage.frame.adoption;
    assert_ne!(
        Some(frame),
        stage.standing.offered,
        "nothing is adopted yet"
    );
    assert_snapshot!(stage.taps(3, "确认采用"), @r#"
        + adopted
        + ended 6-1 {"merged_into":"6-2"}
        li-junqing: (silent) 6-1 改造换热站已并入6-2 改造供热管网，原有记录保留，不再单独填报。
        edit: 新方案已由栾频采用，即时生效。
        6-1 改造换热站 → 并入 6-2 改造供热管网
        status
        "#);
    let ended = &stage.standing.task_state(&"6-1".into()).ended;
    assert_eq!(*ended, Some(TaskEnd::MergedInto("6-2".into())));
}

#[test]
fn a_vanished_task_can_be_cancelled_and_the_adoption_left_halfway() {
    let mut stage = live();
    stage.offer(without_heat_stations());
    stage.types(3, "/plan");
    stage.taps(3, "采用");
    assert_snapshot!(stage.taps(3, "退出"), @"edit: 已退出。");
    let (message, sure) = (
        Some(1),
        Payload::Office(Press::AdoptSure(
            stamp_of(stage.standing.offered.unwrap()),
            false,
        ))
        .encode(),
    );
    let said = stage.presses(&private(3), 3, message, &sure);
    assert!(
        said.contains("已撤项目 1/1"),
        "a forged confirmation is asked first: {said}"
    );
    assert_snapshot!(stage.taps(3, "取消该项"), @"
        edit: <b>采用前请确认</b>
        6-1 改造换热站 → 取消
        [确认采用]
        [返回] [退出]
        ");
    assert!(stage.taps(3, "确认采用").contains("+ ended 6-1 cancelled"));
}

/// A filing unit and a deadline settled by the office, and a plan offered that has both otherwise.
fn with_settled_values() -> Stage {
    let mut stage = live();
    let how = Settlement::AsProposed(Sets {
        filing_lead: Some("zjj".into()),
        ..Sets::default()
    });
    let (doubt, task) = (Some("g-1-lead".into()), Some("g-1".into()));
    let basis = None;
    stage.append(
        Actor::Host,
        Act::TermsSettled {
            doubt,
            task,
            how,
            basis,
        },
    );
    let (task, due) = ("6-3".into(), day(2027, 3, 31));
    stage.append(Actor::Host, Act::DueSet { task, due });
    let mut new = changed(&[("name = \"改造换热站\"", "name = \"换热站改造\"")]);
    for indicator in &mut new.plan.indicators {
        match indicator.id.as_str() {
            "g-1" => indicator.filing_lead = Some("jtj".into()),
            "6-3" => indicator.due = Some(day(2027, 6, 30)),
            _ => {}
        }
    }
    stage.offer(new);
    stage
}

/// Filing unit of g-1 and deadline of 6-3.
fn in_force(stage: &Stage) -> (String, NaiveDate) {
    let today = day(2026, 11, 23);
    let view = |task: &str| {
        let view = stage.frame.task_view(&stage.standing, &task.into(), today);
        view.expect("a task of the plan")
    };
    let unit = view("g-1").filing_unit.expect("settled");
    (unit.to_string(), view("6-3").due.expect("set"))
}

#[test]
fn what_the_office_settled_is_named_and_can_be_kept() {
    let mut stage = with_settled_values();
    assert!(
        stage
            .types(3, "/plan")
            .contains("其中2处涉及已定口径或时限")
    );
    assert_snapshot!(stage.taps(3, "采用"), @"
        edit: <b>采用前请确认</b>
        总-1 新能源汽车保有量：已定“由市住建局填报”，新方案为“由市交通局填报”
        6-3 新增清洁取暖：已定“完成时限2027年3月31日”，新方案为“完成时限2027年6月30日”
        [采用，以新方案为准]
        [采用，保留已定]
        [返回] [退出]
        ");
    assert_snapshot!(stage.taps(3, "采用，保留已定"), @r#"
        + adopted
        + terms_settled g-1-lead g-1 {"as_proposed":{"filing_lead":"zjj"}}
        + due_set 6-3 2027-03-31
        edit: 新方案已由栾频采用，即时生效。
        status
        "#);
    assert_eq!(in_force(&stage), ("zjj".to_owned(), day(2027, 3, 31)));
}

#[test]
fn what_the_office_settled_can_give_way_to_the_offered_plan() {
    let mut stage = with_settled_values();
    stage.types(3, "/plan");
    stage.taps(3, "采用");
    assert_snapshot!(stage.taps(3, "采用，以新方案为准"), @r#"
        + adopted
        + terms_settled g-1-lead g-1 {"as_proposed":{"filing_lead":"jtj"}}
        + due_set 6-3 2027-06-30
        edit: 新方案已由栾频采用，即时生效。
        status
        "#);
    assert_eq!(in_force(&stage), ("jtj".to_owned(), day(2027, 6, 30)));
}

#[test]
fn a_plan_that_would_leave_the_office_without_anybody_is_not_adopted() {
    let mut stage = live();
    stage.offer(changed(&[(
        "office_chief = \"luan-pin\"",
        "office_chief = \"sun-hongbin\"",
    )]));
    stage.types(2, "/plan");
    assert_snapshot!(stage.taps(2, "采用"), @"alert: 新方案的专班办公室人员都没有登记，采用后将无人可以决定。请先为其中一人登记，或在主机上用 duban bind --office 登记。");
    assert!(stage.standing.offered.is_some());
    stage.bind("sun-hongbin", 4);
    let said = stage.taps(2, "采用");
    assert!(
        said.contains("menu of luan-pin") && said.contains("menu of sun-hongbin"),
        "{said}"
    );
}

/// Two targets that were past at go-live, one reached and one not.
fn with_baselines() -> Stage {
    let mut stage = live();
    let on = Some(day(2024, 12, 20));
    let (by, act) = answer("6-1", "li-junqing", 10, BaselineAnswer::Reached { on });
    stage.append(by, act);
    let reason = Text::new("管材到货晚", [1; 16]);
    let wanted = Some(day(2027, 3, 31));
    let (by, act) = answer(
        "6-3",
        "li-junqing",
        110_000,
        BaselineAnswer::NotReached { reason, wanted },
    );
    stage.append(by, act);
    stage
}

#[test]
fn the_baseline_list_closes_what_was_reached_and_dates_what_was_not() {
    let mut stage = with_baselines();
    assert_snapshot!(stage.types(3, "/plan"), @"
        here: <b>初始台账</b> · 待处理2项
        1. 6-1 改造换热站：已完成（2024年12月20日），现10座，目标10座
        2. 6-3 新增清洁取暖：未完成，现11万㎡，目标15万㎡，原因：管材到货晚，申请 2027年3月31日 完成
        [✅ 办结 6-1]
        [6-3 定为2027年3月31日] [6-3 另定时限]
        ");
    let (message, close) = stage.button(3, "✅ 办结");
    assert_snapshot!(stage.taps(3, "✅ 办结"), @"
        + closed 6-1
        edit: <b>初始台账</b> · 待处理1项
        1. 6-3 新增清洁取暖：未完成，现11万㎡，目标15万㎡，原因：管材到货晚，申请 2027年3月31日 完成
        [6-3 定为2027年3月31日] [6-3 另定时限]
        status
        ");
    stage.wait(TimeDelta::minutes(2));
    assert_snapshot!(stage.presses(&private(2), 2, Some(message), &close), @"alert: 本条已由栾频于 09:40 决定，现在无需处理。");
    assert_snapshot!(stage.taps(3, "6-3 定为"), @"
        + due_set 6-3 2027-03-31
        here: 6-3 新增清洁取暖的完成时限定为2027年3月31日，由栾频决定。
        li-junqing: (silent) 6-3 新增清洁取暖的完成时限定为2027年3月31日，由栾频决定。
        status
        ");
    assert_snapshot!(stage.types(3, "/plan"), @"here: 没有待采用的方案，也没有待处理的初始台账。");
}

#[test]
fn another_date_is_given_in_words() {
    let mut stage = with_baselines();
    stage.types(3, "/plan");
    assert_snapshot!(stage.taps(3, "6-3 另定时限"), @"
        here: 请回复“6-3 新增清洁取暖”的新完成时限，例如：2027年6月30日
        [退出]
        ");
    assert_snapshot!(stage.types(3, "尽快"), @"
        here: “尽快”不能作为时限。请回复11月24日至2027年12月31日之间的日期，例如：2027年12月31日
        [退出]
        ");
    assert_snapshot!(stage.types(3, "11月1日"), @"
        here: “11月1日”不能作为时限。请回复11月24日至2027年12月31日之间的日期，例如：2027年12月31日
        [退出]
        ");
    assert_snapshot!(stage.types(3, "2030年1月1日"), @"
        here: “2030年1月1日”不能作为时限。请回复11月24日至2027年12月31日之间的日期，例如：2027年12月31日
        [退出]
        ");
    assert!(stage.waits(3));
    assert_snapshot!(stage.types(3, "明年6月30日"), @"
        + due_set 6-3 2027-06-30
        here: 6-3 新增清洁取暖的完成时限定为2027年6月30日，由栾频决定。
        li-junqing: (silent) 6-3 新增清洁取暖的完成时限定为2027年6月30日，由栾频决定。
        here: <b>初始台账</b> · 待处理1项
        1. 6-1 改造换热站：已完成（2024年12月20日），现10座，目标10座
        [✅ 办结 6-1]
        status
        ");
    assert!(!stage.waits(3));
    let due = stage
        .standing
        .task_state(&"6-3".into())
        .dues
        .last()
        .map(|it| it.2);
    assert_eq!(due, Some(day(2027, 6, 30)));
}

#[test]
fn what_is_not_reached_cannot_be_closed_and_what_is_no_baseline_cannot_be_decided() {
    let mut stage = with_baselines();
    for press in [
        Press::Close("6-3".into()),
        Press::Close("g-1".into()),
        Press::OtherDue("g-1".into()),
        Press::Due("zz".into(), day(2027, 1, 1)),
    ] {
        let said = stage.presses(
            &private(3),
            3,
            Some(1),
            &Payload::Office(press.clone()).encode(),
        );
        assert!(
            said.starts_with("alert: ") && !said.contains('+'),
            "{press:?} {said}"
        );
    }
}

#[test]
fn nobody_decides_on_what_they_filed_while_another_can() {
    let mut stage = live();
    let (by, act) = answer("6-1", "luan-pin", 10, BaselineAnswer::Reached { on: None });
    stage.append(by, act);
    stage.types(3, "/plan");
    assert_snapshot!(stage.taps(3, "✅ 办结"), @"alert: 这一项是您本人填报的，请由办公室其他人员或副组长决定。");
    let person: PersonId = "zhang-xinlong".into();
    stage.append(Actor::Host, Act::Unbound { person, user_id: 2 });
    assert!(
        stage.taps(3, "✅ 办结").contains("+ closed 6-1"),
        "there is nobody else"
    );
}

#[test]
fn an_unknown_outcome_is_decided_once_and_in_private() {
    let mut stage = live();
    let data = Payload::Office(Press::Unknown(42, false)).encode();
    assert_snapshot!(stage.presses(&private(3), 3, Some(1), &data), @"
        DecideUnknown { row: 42, seen: false }
        edit: 已重新发送，由栾频于 09:40 决定。
        ");
    stage.outcome_open = false;
    assert_snapshot!(stage.presses(&private(2), 2, Some(1), &data), @"
        alert: 这条消息的发送结果已有人处理，现在无需处理。
        edit: 这条消息的发送结果已有人处理，现在无需处理。
        ");
    assert_snapshot!(stage.presses(&group(GROUP), 3, Some(1), &data), @"alert: 这个按钮已失效。填报请用 /report，查看进度请用 /status。");
}

#[test]
fn an_unknown_command_in_a_report_talk_gets_the_question_again() {
    let mut stage = live();
    let question = stage.types(8, "/report 6-2");
    let said = stage.types(8, "/next");
    assert!(said.starts_with("here: "), "{said}");
    let last = |said: &str| said.lines().nth_back(1).map(str::to_owned);
    assert_eq!(last(&said), last(&question), "{said}");
    assert!(said.contains("6-2 改造供热管网"), "{said}");
}

#[test]
fn a_press_whose_message_telegram_no_longer_shows_is_answered_with_a_new_one() {
    let mut stage = live();
    stage.types(3, "/terms");
    let (_, skip) = stage.button(3, "跳过");
    assert!(
        stage
            .presses(&private(3), 3, None, &skip)
            .starts_with("here: ")
    );
}

fn presses() -> impl proptest::strategy::Strategy<Value = Press> {
    use proptest::prelude::*;
    let id = "[a-z0-9-]{1,25}";
    let date = (0..40_000i64).prop_map(|days| day(1990, 1, 1) + TimeDelta::days(days));
    prop_oneof![
        Just(Press::Golive),
        Just(Press::GoliveSure),
        Just(Press::TakeAll),
        Just(Press::WordsAgain),
        Just(Press::Offer),
        Just(Press::Leave),
        Just(Press::NoBasis),
        Just(Press::BasisBack),
        Just(Press::Original),
        Just(Press::ChangeBack),
        any::<u64>().prop_map(Press::SameBasis),
        any::<u32>().prop_map(Press::ChangeSure),
        id.prop_map(|id| Press::Terms(TaskId::new(id))),
        id.prop_map(|id| Press::Lead(crate::plan::UnitId::new(id))),
        (0..4usize, id)
            .prop_map(|(at, id)| Press::Change(crate::plan::Fact::ALL[at], TaskId::new(id))),
        (id, any::<u32>()).prop_map(|(id, stamp)| Press::Take(DoubtId::new(id), stamp)),
        id.prop_map(|id| Press::Write(DoubtId::new(id))),
        id.prop_map(|id| Press::Skip(DoubtId::new(id))),
        any::<(u16, u32)>().prop_map(|(open, stamp)| Press::TakeAllSure(open, stamp)),
        any::<u32>().prop_map(Press::Words),
        any::<u32>().prop_map(Press::Adopt),
        any::<(u32, bool)>().prop_map(|(stamp, keep)| Press::AdoptSure(stamp, keep)),
        any::<u32>().prop_map(Press::Decline),
        any::<u32>().prop_map(Press::DeclineSure),
        id.prop_map(|id| Press::Cancel(TaskId::new(id))),
        (id, id).prop_map(|(id, into)| Press::Merge(TaskId::new(id), TaskId::new(into))),
        id.prop_map(|id| Press::Close(TaskId::new(id))),
        (id, date).prop_map(|(id, due)| Press::Due(TaskId::new(id), due)),
        id.prop_map(|id| Press::OtherDue(TaskId::new(id))),
        prop_oneof![
            Just(MoveAnswer::Yes),
            Just(MoveAnswer::Sure),
            Just(MoveAnswer::No)
        ]
        .prop_map(Press::Move),
        any::<(i64, bool)>().prop_map(|(row, seen)| Press::Unknown(row, seen)),
    ]
}

proptest::proptest! {
    #[test]
    fn button_data_comes_back_as_it_was_written(press in presses()) {
        let data = Payload::Office(press.clone()).encode();
        proptest::prop_assert!(data.len() <= DATA_LIMIT, "{}", data);
        proptest::prop_assert_eq!(Payload::decode(&data), Some(Payload::Office(press)));
    }

    #[test]
    fn no_button_in_any_order_makes_the_office_panic(taps in proptest::collection::vec(presses(), 1..6), words in ".{0,40}") {
        let mut stage = with_baselines();
        stage.offer(without_heat_stations());
        for press in taps {
            stage.presses(&private(3), 3, Some(1), &Payload::Office(press).encode());
            stage.types(3, &words);
        }
    }
}
