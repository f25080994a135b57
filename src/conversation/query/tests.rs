//! Transcripts of questions: what people type and tap, and what they read.

use chrono::TimeDelta;

use super::*;
use crate::conversation::Place;
use crate::conversation::testing::{GROUP, Stage, changed, group};
use crate::ledger::{Act, Actor, testing};
use crate::ledger::{Judgement, Value};

const GOLDEN: &str = include_str!("../../../tests/golden/questions.txt");

/// The office chief's account.
const OFFICE: i64 = 3;
/// The account of 李俊卿 (市住建局).
const MEMBER: i64 = 5;

/// A task force two days after go-live, with some answers given.
fn stage() -> Stage {
    let mut stage = Stage::live();
    stage.bind("li-junqing", MEMBER);
    stage.wait(TimeDelta::days(1));
    let by = || Actor::Person("li-junqing".into());
    let mut report = testing::report("6-1", Value::Number(8.into()), Judgement::Difficult);
    report.period = "2026-11".to_owned();
    report.done = Some(testing::text("南片区<并网> & 验收"));
    report.issues = Some(testing::text("管材到货晚"));
    report.next_steps = Some(testing::text("完成最后2座"));
    report.next_date = Some(testing::day("2026-12-10"));
    report.support_needed = Some(crate::ledger::SupportNeed {
        unit: Some("gdgs".into()),
        what: testing::text("接电"),
    });
    report.baseline = Some(testing::not_reached("管网未通", Some("2027-03-31")));
    stage.append(by(), Act::Answered(report.into()));
    let mut report = testing::report("2-3", Value::Number(22.into()), Judgement::Normal);
    report.period = "2026-11".to_owned();
    stage.append(
        Actor::Person("song-xiaozheng".into()),
        Act::Answered(report.into()),
    );
    stage.wait(TimeDelta::days(1));
    stage
}

#[test]
fn questions_are_answered_as_the_golden_transcript_says() {
    let mut stage = stage();
    let mut transcript = String::new();
    let mut say = |who: &str, typed: &str, answer: String| {
        transcript.push_str(&format!("{who}> {typed}\n{answer}\n\n"));
    };
    for typed in [
        "/status",
        "/status 6",
        "/status 6-1",
        "/status 总3",
        "/status 住建局",
        "/status 李俊卿",
        "/status 刘培根",
        "/status 第十一项",
        "/overdue",
        "/missing",
        "/history 6-1",
        "/history 6",
        "/history",
        "/status 99",
        "/status 局长",
        "/status 管网",
        "/help",
        "/digest",
        "/digest 16",
        "/digest 10月",
        "/digest fix",
        "/digest fix 多计1座",
        "/digest 上周",
        "/nonsense",
        "状态",
        "逾期",
        "谁没报",
        "第6项",
        "住建局情况怎么样？",
        "8",
        "你好",
    ] {
        let answer = stage.types(OFFICE, typed);
        say("栾频", typed, answer);
    }
    for typed in ["/status 6-1", "/help", "/digest fix 多计1座", "李俊卿"] {
        let answer = stage.types(MEMBER, typed);
        say("李俊卿", typed, answer);
    }
    for typed in ["/status@DubanBot", "/digest", "/digest 1", "/help"] {
        let answer = stage.types_in(&group(GROUP), MEMBER, typed);
        say("李俊卿(群)", typed, answer);
    }
    assert!(transcript == GOLDEN, "{transcript}");
}

fn private(user_id: i64) -> Place {
    crate::conversation::testing::private(user_id)
}

#[test]
fn a_long_answer_turns_its_pages_in_place() {
    let mut stage = stage();
    stage.types(OFFICE, "/status");
    let first = stage.taps(OFFICE, "⚪ 待定");
    assert!(first.starts_with("edit: <b>⚪ 待定</b> · 42项"), "{first}");
    assert!(
        first.contains("第1/6页，共42项")
            && first.contains("[下一页 ›]")
            && !first.contains("上一页")
    );
    let second = stage.taps(OFFICE, "下一页");
    assert!(
        second.contains("第2/6页") && second.contains("[‹ 上一页] [下一页 ›]"),
        "{second}"
    );
    let press = Press::Show {
        question: Question::WithLight(Light::Grey),
        page: 99,
    };
    let data = crate::conversation::payload::Payload::Query(press).encode();
    let last = stage.presses(&private(OFFICE), OFFICE, Some(7), &data);
    assert!(
        last.contains("第6/6页") && !last.contains("下一页"),
        "{last}"
    );
    let back = stage.taps(OFFICE, "‹ 总体进度");
    assert!(back.starts_with("edit: <b>总体进度</b>"), "{back}");
}

#[test]
fn buttons_lead_from_the_overview_down_to_an_item_and_its_history() {
    let mut stage = stage();
    stage.types(MEMBER, "/status");
    let measures = stage.taps(MEMBER, "按举措");
    assert!(
        measures.contains("🔴 6 加速建筑领域设备更新 · 市住建局"),
        "{measures}"
    );
    let measure = stage.taps(MEMBER, "6");
    assert!(measure.contains("第6项"), "{measure}");
    assert!(
        stage
            .taps(MEMBER, "6-1")
            .contains("<b>6-1 改造换热站</b>\n🔴")
    );
    assert!(stage.taps(MEMBER, "填报记录").contains("记录1条"));
    assert!(stage.taps(MEMBER, "‹ 本项详情").contains("填报：市住建局"));
    stage.types(MEMBER, "/status");
    let units = stage.taps(MEMBER, "按单位");
    assert!(units.contains("市住建局  🔴 1  ⚪ 4"), "{units}");
    assert!(stage.taps(MEMBER, "市住建局").contains("填报人：李俊卿"));
}

#[test]
fn the_office_urges_an_item_once_a_day_and_everybody_is_told_who_did() {
    let mut stage = stage();
    stage.bind("zhang-xinlong", 9);
    stage.types(OFFICE, "/status 6-2");
    let urged = stage.taps(OFFICE, "催办");
    insta::assert_snapshot!(urged, @r"
    + follow_up 6-2
    alert: 已催办 6-2 改造供热管网，将在下一个工作时段提醒李俊卿（市住建局）。
    ");
    // The deputy leader may do every office act.
    stage.types(9, "/status 6-2");
    insta::assert_snapshot!(stage.taps(9, "催办"), @"alert: 6-2 改造供热管网 已由栾频于 09:40 催办，同一项一天只催一次。");
    assert!(
        stage
            .types(9, "/status 6-2")
            .contains("最近催办：09:40 栾频")
    );
    stage.wait(TimeDelta::days(1));
    assert!(stage.taps(9, "催办").starts_with("+ follow_up 6-2"));
    assert!(stage.types(OFFICE, "/history 6-2").contains("张新龙：催办"));
}

#[test]
fn nobody_else_urges_and_what_cannot_be_urged_says_why() {
    let mut stage = stage();
    let urge = |stage: &mut Stage, user_id, task: &str| {
        let press = Press::Urge(task.into());
        let data = crate::conversation::payload::Payload::Query(press).encode();
        stage.presses(&private(user_id), user_id, Some(1), &data)
    };
    insta::assert_snapshot!(urge(&mut stage, MEMBER, "6-2"), @"alert: 这一操作由专班办公室或副组长办理。您可用 /help 查看自己的命令。");
    insta::assert_snapshot!(urge(&mut stage, OFFICE, "g-1"), @"alert: 总-1 新能源汽车保有量 没有明确的填报人，请先用 /terms 定口径。");
    insta::assert_snapshot!(urge(&mut stage, OFFICE, "9-1"), @"alert: 孙婧（市商务局）还没有登记，催办送不到。可用 /invite 发加入链接。");
    insta::assert_snapshot!(urge(&mut stage, OFFICE, "m6"), @"alert: 6 加速建筑领域设备更新 现在不在填报范围，无需催办。");
    insta::assert_snapshot!(urge(&mut stage, OFFICE, "no-such"), @"alert: no-such 现在不在填报范围，无需催办。");
    let office = || Actor::Person("luan-pin".into());
    stage.append(office(), Act::Closed { task: "6-3".into() });
    assert!(urge(&mut stage, OFFICE, "6-3").contains("无需催办"));
    let mut done = testing::report("6-4", Value::Number(3.into()), Judgement::Done);
    done.period = "2026-11".to_owned();
    stage.append(office(), Act::Answered(done.into()));
    insta::assert_snapshot!(urge(&mut stage, OFFICE, "6-4"), @"alert: 6-4 更新燃气管网 已报完成，等专班办公室确认，无需催办。");
    let reason = testing::text("换届");
    stage.append(
        office(),
        Act::Paused {
            reason,
            until: None,
        },
    );
    insta::assert_snapshot!(urge(&mut stage, OFFICE, "6-2"), @"alert: 主动发送已暂停，不能催办。恢复请用 /resume。");
}

#[test]
fn a_group_message_has_no_office_buttons_even_for_the_office() {
    let mut stage = stage();
    let shown = stage.types_in(&group(GROUP), OFFICE, "/status 6");
    assert!(
        !shown.contains("催办") && shown.contains("[6-1]"),
        "{shown}"
    );
    assert!(!stage.taps_in(&group(GROUP), OFFICE, "6-1").contains("催办"));
}

#[test]
fn only_mine_is_an_alert_and_the_rest_follows_in_private() {
    let mut stage = stage();
    let data = crate::conversation::payload::Payload::Query(Press::Mine).encode();
    let tap = |stage: &mut Stage, user_id| stage.presses(&group(GROUP), user_id, Some(1), &data);
    insta::assert_snapshot!(tap(&mut stage, MEMBER), @r"
    alert: 您有4项待反馈：
    ⚪ 6-2 改造供热管网
    ⚪ 6-3 新增清洁取暖
    ⚪ 6-4 更新燃气管网
    ⚪ 6-5 公共供水管网漏损率
    ");
    stage.bind("song-xiaozheng", 7);
    let both = tap(&mut stage, 7);
    assert!(
        both.starts_with("alert: 您有6项待反馈：") && both.contains("完整清单见私聊。"),
        "{both}"
    );
    assert!(
        both.contains("song-xiaozheng: <b>您有6项待反馈</b>\n") && both.contains("[我要填报]"),
        "{both}"
    );
    stage.bind("du-chao", 8);
    insta::assert_snapshot!(tap(&mut stage, 8), @"alert: 您目前没有待反馈的事项。");
    // Items nobody files are the office's.
    assert!(tap(&mut stage, OFFICE).contains("13项"));
}

#[test]
fn two_people_of_one_name_are_offered_as_buttons() {
    let frame = changed(&[("name = \"李强\"", "name = \"李俊卿\"")]);
    let mut stage = Stage::on(frame);
    stage.bind("luan-pin", OFFICE);
    insta::assert_snapshot!(stage.types(OFFICE, "/status 李俊卿"), @r"
    here: “李俊卿”可能指以下几个，请选择。
    [李俊卿（市住建局）]
    [李俊卿（市海洋局）]
    ");
    assert!(
        stage
            .taps(OFFICE, "李俊卿（市海洋局）")
            .contains("市海洋发展局党组成员")
    );
    assert!(stage.types(OFFICE, "/status 李").contains("没有找到“李”"));
    let many = stage.types(OFFICE, "/status 局");
    assert!(many.contains("没有找到“局”"), "{many}");
    let some = stage.types(OFFICE, "/status 提升");
    assert!(
        some.contains("另有") || some.matches('[').count() <= MOST_CHOICES,
        "{some}"
    );
}

#[test]
fn long_and_strange_words_are_repeated_in_part_and_as_typed() {
    let mut stage = stage();
    let long = format!("/status {}", "<b>某</b>".repeat(500));
    insta::assert_snapshot!(stage.types(OFFICE, &long), @"here: 没有找到“&lt;b&gt;某&lt;/b&gt;&lt;b&gt;某&lt;/b&gt;&lt;b&gt;某…”。请写举措号（如 6）、指标号（如 6-1、总-3）、单位或姓名。");
    let sticker = crate::conversation::Happening::Media {
        message_id: 1,
        media: crate::conversation::Media::Sticker,
        caption: None,
        media_group_id: None,
        reply_to: None,
    };
    let sender =
        crate::conversation::Sender::Account(crate::conversation::testing::account(OFFICE));
    assert!(
        stage
            .happens(sender, private(OFFICE), sticker)
            .starts_with("here: 没有看懂")
    );
}

#[test]
fn an_old_button_about_something_gone_says_so() {
    let mut stage = stage();
    for question in [
        Question::Task("gone".into()),
        Question::History("gone".into()),
        Question::Measure("99".into()),
        Question::Unit("gone".into()),
        Question::Person("gone".into()),
    ] {
        let press = Press::Show { question, page: 3 };
        let data = crate::conversation::payload::Payload::Query(press).encode();
        let shown = stage.presses(&private(OFFICE), OFFICE, Some(1), &data);
        assert_eq!(
            shown,
            "edit: 现行方案里已没有这一项。发 /status 查看总体进度。"
        );
    }
}

#[test]
fn old_digests_turn_pages_on_their_own_message() {
    let mut stage = stage();
    let press = Press::Digest {
        number: 16,
        page: 2,
    };
    let data = crate::conversation::payload::Payload::Query(press).encode();
    let shown = stage.presses(&private(MEMBER), MEMBER, Some(44), &data);
    assert_eq!(
        shown,
        "ShowDigest { number: 16, page: 2, message_id: Some(44) }"
    );
}

/// The account of whoever stands for 市市场监管局, responsible for measure 6.
const RESPONSIBLE: i64 = 11;

fn with_a_responsible_unit() -> Stage {
    let mut stage = stage();
    let person = stage.frame.plan.unit(&"scj".into()).unwrap().filer.clone();
    stage.bind(person.unwrap().as_str(), RESPONSIBLE);
    stage
}

#[test]
fn a_responsible_unit_adds_one_supplement_an_item_and_period() {
    let mut stage = with_a_responsible_unit();
    let shown = stage.types(RESPONSIBLE, "/status 6");
    assert!(shown.contains("[补充 6-1]"), "{shown}");
    insta::assert_snapshot!(stage.taps(RESPONSIBLE, "补充 6-1"), @r"
    here: 补充 <b>6-1 改造换热站</b>
    请以市市场监管局名义写一段，最多300字，每期一条。
    [‹ 本项详情] [退出]
    ");
    let long = "长".repeat(301);
    insta::assert_snapshot!(stage.types(RESPONSIBLE, &long), @"here: 这段文字有301字，最多300字，请缩短后重发。");
    insta::assert_snapshot!(stage.types(RESPONSIBLE, "锅炉检验已排期，12月5日前完成"), @r"
    + supplemented 6-1
    here: ✅ 已记录补充（第 12 号）：6-1 改造换热站。
    随本项显示，不改变进度和灯色。
    [改写] [‹ 本项详情]
    ");
    let before = stage.types(OFFICE, "/status");
    insta::assert_snapshot!(stage.taps(RESPONSIBLE, "改写"), @r"
    here: 补充 <b>6-1 改造换热站</b>
    请以市市场监管局名义写一段，最多300字，每期一条。
    本期已有：锅炉检验已排期，12月5日前完成
    新发的一段会代替它。
    [‹ 本项详情] [退出]
    ");
    insta::assert_snapshot!(stage.types(RESPONSIBLE, "锅炉检验已完成"), @r"
    + supplemented 6-1
    here: ✅ 已记录补充（第 13 号，代替本期上一条）：6-1 改造换热站。
    随本项显示，不改变进度和灯色。
    [改写] [‹ 本项详情]
    ");
    assert_eq!(
        stage.types(OFFICE, "/status"),
        before,
        "no state and no light changes"
    );
    assert!(
        stage
            .types(OFFICE, "/status 6-1")
            .contains("11月25日）：锅炉检验已完成")
    );
    let history = stage.types(OFFICE, "/history 6-1");
    assert!(history.contains("锅炉检验已完成") && history.contains("锅炉检验已排期"));
    // In the next period it is a new one beside the last.
    stage.wait(TimeDelta::days(30));
    stage.types(RESPONSIBLE, "/status 6-1");
    assert!(!stage.taps(RESPONSIBLE, "补充").contains("本期已有"));
}

#[test]
fn a_supplement_can_be_left_and_is_taken_from_those_concerned_alone() {
    let mut stage = with_a_responsible_unit();
    for leave in ["退出", "/cancel"] {
        stage.types(RESPONSIBLE, "/status 6-1");
        stage.taps(RESPONSIBLE, "补充");
        let said = match leave {
            "退出" => stage.taps(RESPONSIBLE, "退出"),
            typed => stage.types(RESPONSIBLE, typed),
        };
        assert!(said.contains("退出") || said.contains("取消"), "{said}");
        assert!(!stage.waits(RESPONSIBLE));
    }
    stage.types(RESPONSIBLE, "/status 6-1");
    stage.taps(RESPONSIBLE, "补充");
    stage.taps(RESPONSIBLE, "‹ 本项详情");
    assert!(!stage.waits(RESPONSIBLE), "back to the item ends the step");
    assert!(
        !stage.types(MEMBER, "/status 6-1").contains("[补充]"),
        "who files it reports"
    );
    let press = Press::Supplement("6-1".into());
    let data = crate::conversation::payload::Payload::Query(press).encode();
    let place = crate::conversation::testing::private(MEMBER);
    insta::assert_snapshot!(stage.presses(&place, MEMBER, Some(1), &data), @"alert: 6-1 改造换热站：补充由本项举措的其他牵头单位和责任单位填写，本项办结后不再补充。");
    let shown = stage.types_in(&group(GROUP), RESPONSIBLE, "/status 6-1");
    assert!(
        !shown.contains("[补充]"),
        "everybody sees the group: {shown}"
    );
}

#[test]
fn the_measures_a_person_takes_part_in_are_listed() {
    let mut stage = with_a_responsible_unit();
    let press = Press::TakesPart;
    let data = crate::conversation::payload::Payload::Query(press).encode();
    let place = crate::conversation::testing::private(RESPONSIBLE);
    insta::assert_snapshot!(stage.presses(&place, RESPONSIBLE, Some(1), &data), @r"
    here: <b>参与的举措</b>
    ⚪ 3 推动企业绿色化转型 · 市工信局
    🔴 6 加速建筑领域设备更新 · 市住建局
    ⚪ 14 促进二手商品交易 · 市发改局
    ⚪ 19 有效提升产品质量品牌 · 市工信局
    ⚪ 23 加大财政支持 · 市财政局
    [3] [6] [14] [19] [23]
    [‹ 总体进度]
    ");
}

#[test]
fn only_whoever_belongs_to_several_task_forces_is_told_of_switching() {
    let mut stage = stage();
    assert!(!stage.types(MEMBER, "/help").contains("/switch"));
    assert!(stage.types(MEMBER, "/switch").contains("不用切换"));
    stage.in_several = true;
    assert!(
        stage
            .types(MEMBER, "/help")
            .contains("/switch  换到另一个专班")
    );
}
