//! Buttons of reminder cards: 都无变化, 晚些提醒, 只看我的.

use super::*;

#[test]
fn nothing_changed_keeps_every_last_answer_after_one_confirmation() {
    let mut stage = answered_stage();
    let card = |stage: &mut Stage, data| stage.presses(&private(LI), LI, Some(1), data);
    assert_snapshot!(card(&mut stage, "r:u"), @"
        here: 以下1项按上次记录，确认都无变化？

        6-1 改造换热站：目标 ≥10 座，上次 8 座（10月26日）

        另有2项没有上次记录，需要单独填：6-2 改造老旧管网、6-3 恒邦项目开工
        [确认，都无变化] [逐项填]
        ");
    let (message, confirm) = stage.button(LI, "确认");
    assert_snapshot!(stage.taps(LI, "确认"), @"
        + answered 6-1 2026-11 8 Normal done=“南片区换热站已并网” next=“继续改造剩余2座” unchanged
        edit: ✅ 1项已按上次记录（第 17 号）。下次周报前可更正。
        还有2项：6-2 改造老旧管网、6-3 恒邦项目开工
        [更正] [继续填]
        line in the group: 🔴 市住建局 反馈 6-1 改造换热站：8/10 座（无变化）
        status
        ");
    assert_snapshot!(stage.presses(&private(LI), LI, Some(message), &confirm), @"alert: 这是前面问题的按钮，请看最新一条。");
    assert_snapshot!(card(&mut stage, "r:u"), @"
        here: 还没有上次记录可以沿用，请先填一次：6-2 改造老旧管网、6-3 恒邦项目开工
        [填 6-2]
        ");
}

#[test]
fn what_changed_since_the_confirmation_was_shown_is_confirmed_again() {
    let mut stage = answered_stage();
    stage.presses(&private(LI), LI, Some(1), "r:u");
    let (message, confirm) = stage.button(LI, "确认");
    stage.types(WANG, "/report 6-3");
    for words in ["进行中", "正常"] {
        stage.types(WANG, words);
    }
    stage.taps(WANG, "其余没有");
    stage.now -= TimeDelta::days(40);
    stage.taps(WANG, "提交");
    stage.now += TimeDelta::days(40);
    let said = stage.presses(&private(LI), LI, Some(message), &confirm);
    assert!(said.contains("以下2项按上次记录"), "{said}");
}

#[test]
fn nothing_changed_is_refused_where_nothing_was_answered() {
    let mut stage = stage();
    assert_snapshot!(stage.presses(&private(SUN), SUN, Some(1), "r:u"), @"
        here: 还没有上次记录可以沿用，请先填一次：9-1 报废汽车拆解量、11 家装消费品换新
        [填 9-1]
        ");
}

#[test]
fn a_card_is_put_off_for_two_hours_or_to_tomorrow_within_working_hours() {
    let mut stage = stage();
    assert_snapshot!(stage.presses(&private(LI), LI, Some(1), "r:l"), @"
        here: 什么时候再提醒您？
        [两小时后] [明天] [选日期]
        ");
    assert_snapshot!(stage.taps(LI, "两小时后"), @"
        + snoozed li-junqing
        edit: 好，14:00再提醒您。期间随时可以填报。
        ");
    stage.presses(&private(LI), LI, Some(1), "r:l");
    assert_snapshot!(stage.taps(LI, "明天"), @"
        + snoozed li-junqing
        edit: 好，11月24日 09:00再提醒您。期间随时可以填报。
        ");
    // Friday afternoon: two hours later is Monday morning, tomorrow too.
    stage.now = "2026-11-27T16:40:00+08:00".parse().unwrap();
    stage.presses(&private(LI), LI, Some(1), "r:l");
    assert_snapshot!(stage.taps(LI, "两小时后"), @"
        + snoozed li-junqing
        edit: 好，11月30日 08:30再提醒您。期间随时可以填报。
        ");
    stage.presses(&private(LI), LI, Some(1), "r:l");
    assert_snapshot!(stage.taps(LI, "明天"), @"
        + snoozed li-junqing
        edit: 好，11月30日 09:00再提醒您。期间随时可以填报。
        ");
}

#[test]
fn an_own_date_is_asked_and_held_against_the_deadlines() {
    let mut stage = stage();
    stage.presses(&private(LI), LI, Some(1), "r:l");
    assert_snapshot!(stage.taps(LI, "选日期"), @"
        edit: 请回复再提醒的日期，例如 下周一、12月1日。
        [退出]
        ");
    assert_snapshot!(stage.types(LI, "过几天"), @"
        here: 日期看不明白。
        请回复再提醒的日期，例如 下周一、12月1日。
        [退出]
        ");
    assert!(stage.types(LI, "今天").contains("请填今天以后的日期"));
    assert!(stage.types(LI, "明年3月1日").contains("最多推后一个月"));
    assert_snapshot!(stage.types(LI, "下周三"), @"
        + snoozed li-junqing
        here: 好，12月2日 09:00再提醒您。期间随时可以填报。
        ");
    stage.now = "2026-12-30T10:00:00+08:00".parse().unwrap();
    stage.presses(&private(LI), LI, Some(1), "r:l");
    stage.taps(LI, "选日期");
    assert_snapshot!(stage.types(LI, "1月10日"), @"
        here: 不能晚于完成时限：6-1 改造换热站，12月31日。
        请回复再提醒的日期，例如 下周一、12月1日。
        [退出]
        ");
    assert_snapshot!(stage.types(LI, "取消"), @"here: 已退出。");
    stage.now = "2026-12-31T16:30:00+08:00".parse().unwrap();
    stage.presses(&private(LI), LI, Some(1), "r:l");
    assert_snapshot!(stage.taps(LI, "明天"), @"
        edit: 不能晚于完成时限：6-1 改造换热站，12月31日。
        [填 6-1]
        ");
}

#[test]
fn an_own_date_puts_an_open_item_aside() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    stage.presses(&private(LI), LI, Some(1), "r:l:d");
    stage.types(LI, "下周三");
    assert_eq!(stage.talk(LI).unfinished_tasks(), ["6-1".into()]);
}

#[test]
fn only_mine_is_an_alert_with_the_own_items() {
    let mut stage = stage();
    let place = group(GROUP);
    assert_snapshot!(stage.presses(&place, LI, Some(1), "r:m"), @"alert: 您有3项待反馈：6-2 改造老旧管网、6-1 改造换热站、6-3 恒邦项目开工。点[我要填报]开始。");
    assert_snapshot!(stage.presses(&place, CHIEF, Some(1), "r:m"), @"alert: 您现在没有待反馈的事项。");
}
