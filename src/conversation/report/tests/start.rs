//! Starting, moving and taking up talks.

use super::*;

#[test]
fn report_begins_with_what_is_due_first() {
    let mut stage = stage();
    assert!(
        stage
            .types(LI, "/report")
            .contains("<b>6-2 改造老旧管网</b>（第1/3项）")
    );
}

#[test]
fn items_are_found_by_number_measure_and_name() {
    let mut stage = stage();
    for typed in [
        "/report 6-1",
        "/report ６－１",
        "/report 第6-1项",
        "/report 换热站",
        "/start report_6-1",
    ] {
        assert!(
            stage.types(LI, typed).contains("<b>6-1 改造换热站</b>"),
            "{typed}"
        );
    }
    assert_snapshot!(stage.types(LI, "/report 6"), @"
        here: 您有3项待反馈，点一项开始：

        1. 6-1 改造换热站：目标 ≥10 座，尚未填报
        2. 6-2 改造老旧管网：目标 ≥2.8 公里，尚未填报
        3. 6-3 恒邦项目开工：尚未填报
        [填 6-1] [填 6-2] [填 6-3]
        ");
    assert!(stage.taps(LI, "填 6-3").contains("<b>6-3 恒邦项目开工</b>"));
    assert_snapshot!(stage.types(LI, "/report <b>桥</b>"), @"here: 没有找到“&lt;b&gt;桥&lt;/b&gt;”。请写编号或名称，例如 /report 6-1");
    assert!(
        stage
            .types(SUN, "/report 11")
            .contains("<b>11 家装消费品换新</b>")
    );
}

#[test]
fn what_somebody_else_files_is_offered_as_a_hint() {
    let mut stage = stage();
    assert_snapshot!(stage.types(SUN, "/report 6-1"), @"
        here: 6-1 改造换热站 由市住建局（李俊卿）填报。您掌握的情况可以转交，经其采用后计入。
        [转交]
        ");
    stage.bind("liu-peigen", 20);
    assert_snapshot!(stage.types(20, "/report 6-1"), @"here: 组长不需要填报。查看进度请用 /status");
    assert_snapshot!(stage.types(20, "/report"), @"here: 组长不需要填报。查看进度请用 /status");
}

#[test]
fn the_liaison_files_for_the_unit_too() {
    let mut stage = stage();
    assert!(stage.types(WANG, "/report 6-1").contains("现在累计多少座"));
}

#[test]
fn an_unknown_or_closed_item_is_said_to_be_gone() {
    let mut stage = stage();
    assert_snapshot!(stage.presses(&private(LI), LI, Some(1), "r:i:99-9"), @"alert: 99-9 已不在方案中，不再填报。");
    let task = "6-1".into();
    stage.append(Actor::Person("luan-pin".into()), Act::Closed { task });
    assert_snapshot!(stage.types(LI, "/start report_6-1"), @"here: 6-1 改造换热站 已办结，不再填报。");
}

#[test]
fn a_second_report_offers_to_resume_or_start_over() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    assert!(
        stage.types(LI, "/report").contains("现在累计多少座"),
        "nothing was answered yet"
    );
    stage.types(LI, "8");
    assert_snapshot!(stage.types(LI, "/report"), @"
        here: <b>6-1 改造换热站</b> 填到“判断”一步。
        [接着填] [重新开始]
        [换一项]
        ");
    assert_snapshot!(stage.taps(LI, "接着填"), @"
        here: 接着上次填。

        <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        您对进度的判断？
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [上一步] [退出]
        ");
    stage.types(LI, "/report 6-1");
    assert_snapshot!(stage.taps(LI, "重新开始"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 尚未填报

        现在累计多少座？直接回复数字。
        [跳过] [下一项] [退出]
        ");
    stage.types(LI, "9");
    stage.types(LI, "/report");
    assert_snapshot!(stage.taps(LI, "换一项"), @"
        edit: 您有3项待反馈，点一项开始：

        1. 6-2 改造老旧管网：目标 ≥2.8 公里，尚未填报
        2. 6-1 改造换热站：目标 ≥10 座，尚未填报（填了一半）
        3. 6-3 恒邦项目开工：尚未填报
        [填 6-2] [填 6-1] [填 6-3]
        ");
    assert!(stage.taps(LI, "填 6-3").contains("现在进展到哪一步"));
    assert_eq!(
        stage.talk(LI).unfinished_tasks(),
        ["6-1".into()],
        "the other one was put aside"
    );
    stage.types(LI, "/report 6-1");
    assert!(stage.taps(LI, "接着填").contains("本次 9 座"));
}

#[test]
fn what_was_put_aside_can_be_dropped() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    assert_snapshot!(stage.types(LI, "/cancel"), @"
        here: 已退出 6-1 改造换热站。填了的部分已保留，尚未提交。
        [接着填] [不要了]
        ");
    assert_snapshot!(stage.taps(LI, "不要了"), @"edit: 6-1 改造换热站 这次填的没有提交，已放弃。");
    assert!(stage.talk(LI).unfinished_tasks().is_empty());
    assert!(stage.types(LI, "/report 6-1").contains("现在累计多少座"));
}

#[test]
fn a_reply_to_a_reminder_of_one_item_is_its_value() {
    let mut stage = stage();
    let place = private(LI);
    assert_snapshot!(stage.replies_about(&place, LI, "9座", &["6-1"]), @"
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 9 座

        您对进度的判断？
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [上一步] [退出]
        ");
    stage.types(LI, "/cancel");
    assert!(
        stage
            .replies_about(&place, LI, "8到10", &["6-1"])
            .contains("不要填范围")
    );
    stage.types(LI, "/cancel");
    assert_snapshot!(stage.replies_about(&place, LI, "南片区已并网", &["6-1"]), @"
        here: 这句话已记下。

        <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 尚未填报

        现在累计多少座？直接回复数字。
        [跳过] [下一项] [退出]
        ");
    stage.types(LI, "8");
    stage.taps(LI, "🟢");
    assert!(
        stage.types(LI, "同上次").contains("做了哪些工作"),
        "nothing was answered before"
    );
    assert!(stage.taps(LI, "其余没有").contains("进展：南片区已并网"));
}

#[test]
fn a_reply_to_a_list_names_its_item() {
    let mut stage = stage();
    let place = private(LI);
    let about = ["6-1", "6-2", "6-3", "9-1"];
    assert_snapshot!(stage.replies_about(&place, LI, "9", &about), @"
        here: 那条消息有您的3项，请点要填的一项，或写明编号再回复，例如：6-1 9
        [填 6-1] [填 6-2] [填 6-3]
        ");
    assert!(
        stage
            .replies_about(&place, LI, "6-1 9座", &about)
            .contains("本次 9 座")
    );
    stage.types(LI, "/cancel");
    assert!(
        stage
            .replies_about(&place, LI, "6-1：9", &about)
            .contains("本次 9 座")
    );
    stage.types(LI, "/cancel");
    assert!(
        stage
            .replies_about(&place, LI, "收到", &["6-1"])
            .contains("填到"),
        "it was begun"
    );
    // While an item is open a reply about another one starts that.
    stage.types(LI, "/report 6-1");
    stage.taps(LI, "重新开始");
    assert!(
        stage
            .replies_about(&place, LI, "推进中", &["6-3"])
            .contains("6-3 恒邦项目开工")
    );
}

#[test]
fn a_reply_about_a_past_target_gives_its_number() {
    let mut stage = stage();
    let said = stage.replies_about(&private(LI), LI, "2.1", &["6-2"]);
    assert!(said.contains("现在是否完成"), "{said}");
    assert!(
        stage.taps(LI, "尚未完成").contains("没有按期完成的原因"),
        "the number is known"
    );
}

#[test]
fn a_card_that_came_a_second_time_below_its_successor_shows_the_open_question() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    let (message, judgement) = stage.button(LI, "🟢");
    stage.taps(LI, "🟢");
    let above = stage.presses(&private(LI), LI, Some(message - 1), &judgement);
    assert!(above.starts_with("alert:"), "{above}");
    let below = stage.presses(&private(LI), LI, Some(message + 1), &judgement);
    assert!(below.starts_with("edit:"), "{below}");
    assert!(below.contains("做了哪些工作"), "{below}");
}

#[test]
fn buttons_of_earlier_questions_and_foreign_data_change_nothing() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    let (message, skip) = stage.button(LI, "跳过");
    stage.types(LI, "8");
    let place = private(LI);
    assert_snapshot!(stage.presses(&place, LI, Some(message), &skip), @"alert: 这是前面问题的按钮，请看最新一条。");
    assert_snapshot!(stage.presses(&place, SUN, Some(message), &skip), @"alert: 这个按钮是发给李俊卿的，您可以用 /report 填自己的。");
    for forged in [
        "r:t:1:k",
        "r:t:1:zz:li-junqing",
        "r:",
        "r:t::k:li-junqing",
        "r:k:x",
    ] {
        let said = stage.presses(&place, LI, Some(message), forged);
        assert!(said.starts_with("alert:"), "{forged}: {said}");
    }
    stage.types(LI, "/cancel");
    assert_snapshot!(stage.presses(&place, LI, None, &skip), @"alert: 这次填报已经结束。要再填请用 /report");
}

#[test]
fn a_talk_of_another_program_version_is_dropped() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    stage.age_talk(LI);
    let (message, data) = stage.button(LI, "🟢");
    assert!(
        stage
            .presses(&private(LI), LI, Some(message), &data)
            .contains("已经结束")
    );
    assert!(stage.types(LI, "/report 6-1").contains("现在累计多少座"));
}

#[test]
fn long_lists_are_paged() {
    let mut stage = Stage::live();
    assert_snapshot!(stage.presses(&private(CHIEF), CHIEF, None, "r:g:0"), @"
        here: 您有13项待反馈，点一项开始：

        1. 15-1 恒邦综合回收项目开工：尚未填报
        2. 总-1 新能源汽车保有量：目标 ≥0.4 万辆，尚未填报
        3. 总-2 国三柴油货车淘汰：尚未填报
        4. 总-4 二手车与新车销售比：目标 ≥0.8:1，尚未填报
        5. 总-6 重点领域设备投资增长：目标 ≥28%，尚未填报
        6. 总-7 数字化研发工具普及率：目标 &gt;92%，尚未填报
        7. 总-8 报废汽车回收量增长：目标 约1 倍，尚未填报
        8. 总-9 二手车交易量增长：目标 ≥45%，尚未填报
        [填 15-1] [填 总-1] [填 总-2]
        [填 总-4] [填 总-6] [填 总-7]
        [填 总-8] [填 总-9]
        [下一页]
        ");
    assert_snapshot!(stage.taps(CHIEF, "下一页"), @"
        edit: 您有13项待反馈，点一项开始：

        9. 总-10 废旧家电回收量增长：目标 ≥30%，尚未填报
        10. 13 加快推动装备再制造和梯次利用：尚未填报
        11. 14 促进二手商品交易：尚未填报
        12. 22 加强组织领导：尚未填报
        13. 26 提升要素保障：尚未填报
        [填 总-10] [填 13] [填 14]
        [填 22] [填 26]
        [上一页]
        ");
}
