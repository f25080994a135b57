//! Talks in the group: one card, reply fields, a budget, and everybody else kept out.
#![expect(
    clippy::too_many_lines,
    reason = "a transcript or a row of samples reads best in one piece"
)]

use super::*;
use crate::conversation::report::MOST_GROUP_SENDS;

/// 李俊卿 and 王力 have not opened a private chat.
fn group_stage() -> Stage {
    let mut stage = stage();
    stage.unreach("li-junqing");
    stage.unreach("wang-li");
    stage
}

#[test]
fn the_common_button_opens_the_private_chat() {
    let mut stage = stage();
    let place = group(GROUP);
    assert_snapshot!(stage.presses(&place, LI, Some(1), "r:s"), @"opens https://t.me/DubanBot?start=report");
    assert_snapshot!(stage.presses(&place, LI, Some(1), "r:i:6-1"), @"opens https://t.me/DubanBot?start=report_6-1");
    assert!(stage.types(LI, "/start report").contains("第1/3项"));
}

#[test]
fn whoever_has_no_private_chat_talks_in_the_group_on_one_card() {
    let mut stage = group_stage();
    let place = group(GROUP);
    assert_snapshot!(stage.presses(&place, LI, Some(1), "r:s"), @"
        here: (silent) <b>6-2 改造老旧管网</b>（第1/3项） · 李俊卿
        目标 ≥2.8 公里 · 2024年底 · 尚未填报

        这一项在建账前已经到期。现在是否完成？
        请点下面的按钮。
        [已完成] [尚未完成]
        [下一项] [退出]
        ");
    assert_snapshot!(stage.taps_in(&place, LI, "下一项"), @r#"
        edit: <b>6-1 改造换热站</b>（第2/3项） · 李俊卿
        目标 ≥10 座 · 2026年底 · 尚未填报

        现在累计多少座？直接回复数字。
        请回复下面那条消息，或点按钮。
        [跳过] [下一项] [退出]
        here: (silent) (reply field) <a href="tg://user?id=8">账号8</a> 6-1 改造换热站
        请回复本条：现在的数字
        "#);
    assert_eq!(
        stage.types_in(&place, LI, "8"),
        "",
        "plain words are not heard in the group"
    );
    assert_snapshot!(stage.replies_in(&place, LI, "8"), @"
        edit: <b>6-1 改造换热站</b>（第2/3项） · 李俊卿
        目标 ≥10 座 · 2026年底 · 本次 8 座

        您对进度的判断？
        请点下面的按钮。
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps_in(&place, LI, "🟢"), @r#"
        edit: <b>6-1 改造换热站</b>（第2/3项） · 李俊卿
        目标 ≥10 座 · 2026年底 · 本次 8 座

        做了哪些工作？一两句话即可。
        请回复下面那条消息，或点按钮。
        [其余没有，去核对]
        [跳过] [上一步] [退出]
        here: (silent) (reply field) <a href="tg://user?id=8">账号8</a> 6-1 改造换热站
        请回复本条：做了哪些工作
        "#);
    assert_snapshot!(stage.replies_in(&place, LI, "南片区并网"), @"
        edit: <b>6-1 改造换热站</b>（第2/3项） · 李俊卿
        目标 ≥10 座 · 2026年底 · 本次 8 座

        存在什么问题？没有就点[无]。
        请按住本条选“回复”来填，或点按钮。
        [无]
        [其余没有，去核对]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps_in(&place, LI, "其余没有"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        累计：8 座（目标 10）
        判断：🟢 正常
        进展：南片区并网
        问题：无
        下一步：无
        需协调：无
        请点下面的按钮。
        [提交]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.taps_in(&place, LI, "提交"), @"
        + answered 6-1 2026-11 8 Normal done=“南片区并网”
        edit: ✅ 已记录（第 18 号）。下次周报前可点[更正]。
        还有1项：6-3 恒邦项目开工
        [更正] [继续填]
        line in the group: 🟢 市住建局 反馈 6-1 改造换热站：8/10 座
        status
        ");
    assert_snapshot!(stage.taps_in(&place, SUN, "继续填"), @"alert: 这个按钮是发给李俊卿的，您可以用 /report 填自己的。");
    assert_snapshot!(stage.taps_in(&place, LI, "继续填"), @"
        edit: <b>6-3 恒邦项目开工</b>（第3/3项） · 李俊卿
        2027年6月30日 · 尚未填报

        现在进展到哪一步？
        请点下面的按钮。
        [未开始] [进行中] [已完成]
        [退出]
        ");
}

#[test]
fn an_item_with_every_question_answered_keeps_within_the_groups_budget() {
    let mut stage = group_stage();
    let place = group(GROUP);
    stage.types_in(&place, LI, "/report@DubanBot 6-1");
    stage.taps_in(&place, LI, "填写");
    stage.replies_in(&place, LI, "8");
    stage.taps_in(&place, LI, "🟡");
    for words in ["南片区并网", "管材未到", "12月10日前到货"] {
        stage.replies_in(&place, LI, words);
    }
    stage.taps_in(&place, LI, "市供电公司");
    assert_snapshot!(stage.replies_in(&place, LI, "接电"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        累计：8 座（目标 10）
        判断：🟡 有困难
        进展：南片区并网
        问题：管材未到
        下一步（12月10日）：12月10日前到货
        需协调：市供电公司 · 接电
        请点下面的按钮。
        [提交]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    let said = stage.taps_in(&place, LI, "提交");
    assert!(said.contains("line in the group"), "{said}");
    assert_eq!(stage.group_sends, usize::from(MOST_GROUP_SENDS));
}

#[test]
fn replies_alone_are_answered_on_the_card_too() {
    let mut stage = group_stage();
    let place = group(GROUP);
    assert!(
        stage
            .types_in(&place, LI, "/report 6-1")
            .contains("请按住本条选“回复”来填，或点[填写]。")
    );
    let card = stage.talk(LI).sitting.expect("a talk is open").sent_as;
    assert!(card.is_some(), "the card is known by its name alone");
    assert!(
        stage
            .replies_in(&place, LI, "很多")
            .starts_with("edit: 这一步要一个数字")
    );
    assert!(
        stage
            .replies_in(&place, LI, "8")
            .starts_with("edit: <b>6-1")
    );
    stage.taps_in(&place, LI, "🟡");
    for words in ["南片区并网", "管材未到", "12月10日前到货", "不需要"] {
        let said = stage.replies_in(&place, LI, words);
        assert!(said.starts_with("edit: "), "{said}");
    }
    let said = stage.taps_in(&place, LI, "提交");
    assert!(said.contains("line in the group"), "{said}");
    assert!(stage.group_sends <= usize::from(MOST_GROUP_SENDS));
}

#[test]
fn a_reply_to_the_post_goes_on_on_the_card_of_an_open_talk() {
    let mut stage = group_stage();
    let place = group(GROUP);
    let about = ["6-1", "9-1", "m11"];
    assert!(
        stage
            .replies_about(&place, LI, "9座", &about)
            .starts_with("here:")
    );
    assert!(
        stage
            .replies_about(&place, LI, "正常", &about)
            .starts_with("edit:")
    );
}

#[test]
fn what_is_replied_to_a_card_of_somebody_else_or_after_the_end_changes_nothing() {
    let mut stage = group_stage();
    let place = group(GROUP);
    stage.types_in(&place, LI, "/report 6-1");
    let (card, _) = stage.button(GROUP, "填写");
    stage.types_in(&place, WANG, "/report 6-3");
    assert_eq!(
        stage.replies_to(&place, WANG, "9", card),
        "",
        "a colleague's words on the card start nothing"
    );
    stage.replies_to(&place, LI, "9", card);
    stage.types_in(&place, LI, "/cancel");
    assert_eq!(stage.replies_to(&place, LI, "收到", card), "");
    assert_snapshot!(stage.replies_to(&place, LI, "10", card), @"here: (silent) 这次填报已经结束。要再填请用 /report");
    assert!(stage.standing.tasks.is_empty());
}

#[test]
fn a_reply_to_an_earlier_items_field_is_for_that_item() {
    let mut stage = group_stage();
    let place = group(GROUP);
    stage.types_in(&place, LI, "/report 6-1");
    let said = stage.taps_in(&place, LI, "填写");
    assert!(said.contains("(reply field)"), "{said}");
    let field = stage.newest_id(GROUP);
    stage.taps_in(&place, LI, "下一项");
    assert!(
        stage
            .replies_to(&place, LI, "9", field)
            .contains("本次 9 座")
    );
}

#[test]
fn a_talk_that_uses_up_its_messages_goes_on_in_private() {
    let mut stage = group_stage();
    let place = group(GROUP);
    stage.types_in(&place, LI, "/report 6-1");
    stage.taps_in(&place, LI, "填写");
    let mut said = String::new();
    for _ in 0..9 {
        said = stage.replies_in(&place, LI, "很多");
    }
    assert_snapshot!(said, @"
        edit: 这一项在群里的消息已用完，填了的都在，请到私聊接着填。
        [到私聊填报↗]
        ");
    assert_eq!(stage.group_sends, usize::from(MOST_GROUP_SENDS) - 1);
    assert_eq!(stage.replies_in(&place, LI, "很多"), "");
    assert_snapshot!(stage.presses(&place, LI, Some(1), "r:i:6-1"), @"opens https://t.me/DubanBot?start=report_6-1");
    assert!(
        stage
            .types(LI, "/start report_6-1")
            .contains("现在累计多少座")
    );
}

#[test]
fn somebody_elses_tap_gets_an_alert_and_changes_nothing() {
    let mut stage = group_stage();
    let place = group(GROUP);
    stage.types_in(&place, LI, "/report 6-1");
    let before = stage.talk(LI);
    assert_snapshot!(stage.taps_in(&place, SUN, "跳过"), @"alert: 这个按钮是发给李俊卿的，您可以用 /report 填自己的。");
    assert_eq!(
        stage.replies_in(&place, SUN, "8"),
        "",
        "nor are somebody else's words taken"
    );
    assert_eq!(stage.talk(LI), before);
}

#[test]
fn at_most_two_talks_are_open_in_a_group() {
    let mut stage = group_stage();
    stage.unreach("sun-jing");
    let place = group(GROUP);
    stage.types_in(&place, LI, "/report 6-1");
    stage.types_in(&place, WANG, "/report 6-3");
    assert_snapshot!(stage.presses(&place, SUN, Some(1), "r:s"), @"alert: 群里已有两人在填，请到私聊填报，或稍后再来。");
    stage.types_in(&place, WANG, "/cancel");
    assert!(
        stage
            .presses(&place, SUN, Some(1), "r:s")
            .contains("第1/2项")
    );
}

#[test]
fn a_talk_moves_to_where_it_is_opened_again() {
    let mut stage = group_stage();
    let place = group(GROUP);
    stage.types_in(&place, LI, "/report 6-1");
    stage.taps_in(&place, LI, "填写");
    stage.replies_in(&place, LI, "8");
    let (message, tap) = stage.button(GROUP, "🟢");
    assert_snapshot!(stage.types(LI, "/start report_6-1"), @"
        + reachable li-junqing
        menu of li-junqing
        here: 接着上次填。

        <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        您对进度的判断？
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.presses(&place, LI, Some(message), &tap), @"alert: 这次填报已移到别处，请到那里接着填，或用 /report");
    assert_snapshot!(stage.replies_in(&place, LI, "9"), @"here: (silent) 这次填报已移到别处，请到那里接着填，或用 /report");
    assert!(stage.taps(LI, "🟢").contains("做了哪些工作"));
    // Now that the private chat works, the group's command leads there.
    assert_snapshot!(stage.types_in(&place, LI, "/report"), @"
        here: (silent) 已在私聊里问您，请到私聊接着填。
        [到私聊填报↗]
        li-junqing: <b>6-1 改造换热站</b> 填到“进展”一步。
        [接着填] [重新开始]
        [换一项]
        ");
}

#[test]
fn a_reply_to_the_groups_post_starts_the_own_item() {
    let mut stage = group_stage();
    let place = group(GROUP);
    let about = ["6-1", "9-1", "m11"];
    assert_eq!(stage.replies_about(&place, LI, "收到", &about), "");
    assert_snapshot!(stage.replies_about(&place, LI, "9", &about), @"
        here: (silent) <b>6-1 改造换热站</b>（第1/3项） · 李俊卿
        目标 ≥10 座 · 2026年底 · 本次 9 座

        您对进度的判断？
        请点下面的按钮。
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [上一步] [退出]
        ");
    assert_eq!(stage.replies_about(&place, CHIEF, "请大家抓紧", &about), "");
    assert_snapshot!(stage.replies_about(&place, SUN, "9-1 0.4", &about), @"
        here: (silent) 已在私聊里问您，请到私聊接着填。
        [到私聊填报↗]
        sun-jing: <b>9-1 报废汽车拆解量</b>（第1/2项）
        目标 ≥1.5 万辆 · 2026年底 · 本次 0.4 万辆

        您对进度的判断？
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [上一步] [退出]
        ");
}

#[test]
fn files_and_albums_are_taken_as_replies_in_the_group() {
    let mut stage = group_stage();
    let place = group(GROUP);
    stage.types_in(&place, LI, "/report 6-1");
    stage.taps_in(&place, LI, "填写");
    stage.replies_in(&place, LI, "8");
    stage.taps_in(&place, LI, "🟢");
    stage.taps_in(&place, LI, "其余没有");
    assert_snapshot!(stage.taps_in(&place, LI, "加佐证材料"), @r#"
        edit: <b>6-1 改造换热站</b>（第1/3项） · 李俊卿
        目标 ≥10 座 · 2026年底 · 本次 8 座

        有照片或文件请直接发来（佐证材料，可不填，最多10个）。
        请回复下面那条消息，或点按钮。
        [跳过] [上一步] [退出]
        here: (silent) (reply field) <a href="tg://user?id=8">账号8</a> 6-1 改造换热站
        请回复本条并附图片或文件
        "#);
    assert_snapshot!(stage.sends_media(&place, LI, photo("1"), Some("a")), @"
        edit: 已收到相册，里面的都会收下（共最多 10 个）。

        <b>6-1 改造换热站</b>（第1/3项） · 李俊卿
        目标 ≥10 座 · 2026年底 · 本次 8 座

        有照片或文件请直接发来（佐证材料，可不填，最多10个）。
        请按住本条选“回复”来填，或点按钮。
        [完成，去核对] [清除]
        [上一步] [退出]
        ");
    assert_eq!(stage.sends_media(&place, LI, photo("2"), Some("a")), "");
    assert!(stage.taps_in(&place, LI, "完成").contains("佐证：2 个文件"));
}

#[test]
fn another_group_is_no_place_for_a_talk() {
    let mut stage = group_stage();
    assert_snapshot!(stage.types_in(&group(-77), LI, "/report@DubanBot 6-1"), @"here: 这里不是工作群，请到工作群里使用，或私聊我。");
}

#[test]
fn the_groups_migration_does_not_end_a_talk() {
    let mut stage = group_stage();
    stage.types_in(&group(GROUP), LI, "/report 6-1");
    stage.append(
        Actor::Bot,
        Act::GroupMigrated {
            from: GROUP,
            to: -100_777,
        },
    );
    assert!(
        stage
            .replies_in(&group(-100_777), LI, "8")
            .contains("您对进度的判断")
    );
}
