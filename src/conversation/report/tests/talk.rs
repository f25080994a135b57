//! A talk from its start to its record.
#![expect(
    clippy::too_many_lines,
    reason = "a transcript or a row of samples reads best in one piece"
)]

use super::*;

#[test]
fn an_item_is_answered_step_by_step() {
    let mut stage = stage();
    assert_snapshot!(stage.types(LI, "/report 6-1"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 尚未填报

        现在累计多少座？直接回复数字。
        [跳过] [下一项] [退出]
        ");
    assert_snapshot!(stage.types(LI, "8"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        您对进度的判断？
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "🟢"), @"
        edit: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        做了哪些工作？一两句话即可。
        [其余没有，去核对]
        [跳过] [上一步] [退出]
        ");
    assert_snapshot!(stage.types(LI, "南片区换热站已并网试运行"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        存在什么问题？没有就点[无]。
        [无]
        [其余没有，去核对]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "无"), @"
        edit: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        下一步怎么做？可以带日期，例如“12月10日前并网”。
        [暂无]
        [其余没有，去核对]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.types(LI, "12月10日前完成最后1座"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        需要哪个单位协调？点单位，或直接回复，例如“市供电公司：接电”。
        [市供电公司] [市发改局]
        [不需要]
        [其余没有，去核对]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "市供电公司"), @"
        edit: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        需要市供电公司协调什么？
        [不需要协调]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.types(LI, "接电"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        有照片或文件请直接发来（佐证材料，可不填，最多10个）。
        [跳过] [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "跳过"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        累计：8 座（目标 10）
        判断：🟢 正常
        进展：南片区换热站已并网试运行
        问题：无
        下一步（12月10日）：12月10日前完成最后1座
        需协调：市供电公司 · 接电
        [提交]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.taps(LI, "提交"), @"
        + answered 6-1 2026-11 8 Normal done=“南片区换热站已并网试运行” next=“12月10日前完成最后1座” on 2026-12-10 support=gdgs “接电”
        edit: ✅ 已记录（第 16 号）。下次周报前可点[更正]。
        还有2项：6-2 改造老旧管网
        [更正] [继续填]
        line in the group: 🟢 市住建局 反馈 6-1 改造换热站：8/10 座
        status
        ");
}

#[test]
fn an_item_with_everything_kept_takes_three_taps() {
    let mut stage = answered_stage();
    stage.types(LI, "/report");
    assert_snapshot!(stage.types(LI, "/cancel"), @"here: 已退出 6-2 改造老旧管网，没有记录。");
    // The reminder's card has a button for the item: the first tap.
    assert_snapshot!(stage.presses(&private(LI), LI, Some(1), "r:i:6-1"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 上次 8 座

        现在累计多少座？直接回复数字。
        [仍是8座]
        [都无变化，去核对]
        [跳过] [下一项] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "都无变化"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        累计：8 座（上次 8，目标 10）
        判断：🟢 正常   序时：应 8.8 座
        进展：南片区换热站已并网
        问题：无
        下一步：继续改造剩余2座
        需协调：无
        [提交]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.taps(LI, "提交"), @"
        + answered 6-1 2026-11 8 Normal done=“南片区换热站已并网” next=“继续改造剩余2座” unchanged
        edit: ✅ 已记录（第 17 号）。下次周报前可点[更正]。
        还有2项：6-2 改造老旧管网
        [更正] [继续填]
        line in the group: 🔴 市住建局 反馈 6-1 改造换热站：8/10 座（无变化）
        status
        ");
}

#[test]
fn a_new_number_and_one_sentence_take_six_acts() {
    let mut stage = answered_stage();
    stage.presses(&private(LI), LI, Some(1), "r:i:6-1");
    assert_snapshot!(stage.types(LI, "9座"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 9 座

        您对进度的判断？
        上次：🟢 正常
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [其余不变，去核对]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "🟢"), @"
        edit: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 9 座

        做了哪些工作？一两句话即可。
        上次：南片区换热站已并网
        [同上次]
        [其余不变，去核对]
        [跳过] [上一步] [退出]
        ");
    assert_snapshot!(stage.types(LI, "北片区开工"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 9 座

        存在什么问题？没有就点[无]。
        [无]
        [其余不变，去核对]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "其余不变"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        累计：9 座（上次 8，目标 10）
        判断：🟢 正常   序时：应 8.8 座
        进展：北片区开工
        问题：无
        下一步：继续改造剩余2座
        需协调：无
        [提交]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.taps(LI, "提交"), @"
        + answered 6-1 2026-11 9 Normal done=“北片区开工” next=“继续改造剩余2座”
        edit: ✅ 已记录（第 17 号）。下次周报前可点[更正]。
        还有2项：6-2 改造老旧管网
        [更正] [继续填]
        line in the group: 🟢 市住建局 反馈 6-1 改造换热站：9/10 座（+1）
        status
        ");
}

#[test]
fn every_last_answer_is_kept_with_one_tap_or_word() {
    let mut stage = answered_stage();
    stage.types(LI, "/report 6-1");
    stage.taps(LI, "仍是8座");
    stage.types(LI, "正常");
    stage.taps(LI, "同上次");
    stage.types(LI, "没有");
    stage.types(LI, "同上次");
    stage.types(LI, "不需要");
    assert_snapshot!(stage.types(LI, "跳过"), @"
        here: <b>请核对</b> · 6-1 改造换热站
        累计：8 座（上次 8，目标 10）
        判断：🟢 正常   序时：应 8.8 座
        进展：南片区换热站已并网
        问题：无
        下一步：继续改造剩余2座
        需协调：无
        [提交]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.types(LI, "提交"), @"
        + answered 6-1 2026-11 8 Normal done=“南片区换热站已并网” next=“继续改造剩余2座” unchanged
        here: ✅ 已记录（第 17 号）。下次周报前可点[更正]。
        还有2项：6-2 改造老旧管网
        [更正] [继续填]
        line in the group: 🔴 市住建局 反馈 6-1 改造换热站：8/10 座（无变化）
        status
        ");
}

#[test]
fn back_leads_through_all_questions_and_keeps_the_answers() {
    let mut stage = answered_stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "9");
    stage.taps(LI, "🟡");
    stage.types(LI, "北片区开工");
    stage.types(LI, "管材未到");
    stage.types(LI, "催货");
    stage.types(LI, "市供电公司：接电");
    for step in [
        "需要哪个单位",
        "下一步怎么做",
        "存在什么问题",
        "做了哪些工作",
        "您对进度的判断",
        "现在累计多少座",
    ] {
        let said = stage.taps(LI, "上一步");
        assert!(said.contains(step), "{said}");
    }
    stage.types(LI, "9");
    assert_snapshot!(stage.taps(LI, "其余不变"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        累计：9 座（上次 8，目标 10）
        判断：🟢 正常   序时：应 8.8 座
        进展：北片区开工
        问题：管材未到
        下一步：催货
        需协调：市供电公司 · 接电
        [提交]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
}

#[test]
fn every_question_can_be_left_and_taken_up_again() {
    let words = [
        "9",
        "有困难",
        "北片区开工",
        "管材未到",
        "催货",
        "市供电公司：接电",
        "跳过",
    ];
    for left_after in 1..=words.len() {
        let mut stage = stage();
        stage.types(LI, "/report 6-1");
        for word in &words[..left_after] {
            stage.types(LI, word);
        }
        let said = stage.taps(LI, "退出");
        assert!(said.contains("填了的部分已保留"), "{said}");
        assert_eq!(stage.talk(LI).unfinished_tasks(), ["6-1".into()]);
        assert!(stage.types(LI, "/report").contains("[接着填] [重新开始]"));
        assert!(stage.taps(LI, "接着填").contains("接着上次填。"));
        for word in &words[left_after..] {
            stage.types(LI, word);
        }
        let said = stage.taps(LI, "提交");
        assert!(
            said.contains("+ answered 6-1 2026-11 9 Difficult done=“北片区开工”"),
            "{said}"
        );
        assert!(stage.talk(LI).unfinished_tasks().is_empty());
    }
}

#[test]
fn what_was_put_aside_keeps_the_time_of_its_last_answer() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    let answered_at = stage.now;
    stage.wait(TimeDelta::days(1));
    stage.types(LI, "/report 6-2");
    stage.types(LI, "未完成");
    let talk = stage.talk(LI);
    let since = talk
        .unfinished()
        .map(|draft| (draft.task.as_str(), draft.since_at));
    let mut since: Vec<_> = since.collect();
    since.sort();
    assert_eq!(
        since,
        [("6-1", Some(answered_at)), ("6-2", Some(stage.now))]
    );
}

#[test]
fn a_talk_left_before_any_answer_leaves_nothing_behind() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    assert_snapshot!(stage.taps(LI, "退出"), @"edit: 已退出 6-1 改造换热站，没有记录。");
    assert!(stage.talk(LI).unfinished_tasks().is_empty());
    assert_snapshot!(stage.types(LI, "/cancel"), @"here: 现在没有进行中的填报。");
}

#[test]
fn one_cancel_leaves_a_dialogue_within_a_talk_and_the_talk() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    stage.types(LI, "/liaison");
    assert!(stage.waits(LI));
    let said = stage.types(LI, "/cancel");
    assert!(said.contains("已退出 6-1 改造换热站"), "{said}");
    assert!(!stage.waits(LI) && stage.talk(LI).sitting.is_none());
    let unfinished = stage.talk(LI).unfinished_tasks();
    assert_eq!(unfinished.len(), 1, "what was begun is kept");
    assert_snapshot!(stage.types(LI, "/cancel"), @"here: 现在没有进行中的填报。");
}

#[test]
fn every_line_can_be_changed_from_the_preview() {
    let mut stage = answered_stage();
    stage.types(LI, "/report 6-1");
    stage.taps(LI, "都无变化");
    assert!(stage.taps(LI, "改数字").contains("[仍是8座]"));
    stage.types(LI, "9");
    stage.taps(LI, "改判断");
    stage.taps(LI, "🔴");
    assert_snapshot!(stage.taps(LI, "改文字"), @"
        edit: <b>6-1 改造换热站</b>

        改哪一行？
        [进展] [问题]
        [下一步] [需协调]
        [返回核对] [退出]
        ");
    stage.taps(LI, "返回核对");
    for (line, words) in [
        ("进展", "北片区停工"),
        ("问题", "管材未到"),
        ("下一步", "2026-12-20前复工"),
        ("需协调", "请市供电公司尽快接电"),
    ] {
        stage.taps(LI, "改文字");
        stage.taps(LI, line);
        stage.types(LI, words);
    }
    stage.taps(LI, "加佐证材料");
    stage.sends_media(&private(LI), LI, photo("a"), None);
    assert_snapshot!(stage.taps(LI, "完成"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        累计：9 座（上次 8，目标 10）
        判断：🔴 受阻   序时：应 8.8 座
        进展：北片区停工
        问题：管材未到
        下一步（12月20日）：2026-12-20前复工
        需协调：市供电公司 · 请市供电公司尽快接电
        佐证：1 个文件
        [提交]
        [改数字] [改判断] [改文字]
        [改佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.taps(LI, "提交"), @"
        + answered 6-1 2026-11 9 Blocked done=“北片区停工” issues=“管材未到” next=“2026-12-20前复工” on 2026-12-20 support=gdgs “请市供电公司尽快接电” files=1
        edit: ✅ 已记录（第 17 号）。下次周报前可点[更正]。
        还有2项：6-2 改造老旧管网
        [更正] [申请延期] [继续填]
        line in the group: 🔴 市住建局 反馈 6-1 改造换热站：9/10 座（+1）
        status
        ");
}

#[test]
fn a_milestone_is_asked_for_its_stage() {
    let mut stage = stage();
    assert_snapshot!(stage.types(LI, "/report 恒邦"), @"
        here: <b>6-3 恒邦项目开工</b>（第1/3项）
        2027年6月30日 · 尚未填报

        现在进展到哪一步？
        [未开始] [进行中] [已完成]
        [下一项] [退出]
        ");
    stage.taps(LI, "进行中");
    stage.taps(LI, "🟢");
    assert_snapshot!(stage.taps(LI, "其余没有"), @"
        edit: <b>请核对</b> · 6-3 恒邦项目开工
        阶段：进行中
        判断：🟢 正常
        进展：无
        问题：无
        下一步：无
        需协调：无
        [提交]
        [改阶段] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.taps(LI, "提交"), @"
        + answered 6-3 2026-11 Underway Normal
        edit: ✅ 已记录（第 16 号）。下次周报前可点[更正]。
        还有2项：6-2 改造老旧管网
        [更正] [继续填]
        line in the group: 🟢 市住建局 反馈 6-3 恒邦项目开工：进行中
        status
        ");
}

#[test]
fn a_narrative_has_no_value_step() {
    let mut stage = stage();
    assert_snapshot!(stage.types(SUN, "/report 11"), @"
        here: <b>11 家装消费品换新</b>（第1/2项）

        您对进度的判断？
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [下一项] [退出]
        ");
    stage.taps(SUN, "🟢");
    stage.types(SUN, "家博会已举办");
    assert_snapshot!(stage.taps(SUN, "其余没有"), @"
        edit: <b>请核对</b> · 11 家装消费品换新
        判断：🟢 正常
        进展：家博会已举办
        问题：无
        下一步：无
        需协调：无
        [提交]
        [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.taps(SUN, "提交"), @"
        + answered m11 2026-11 - Normal done=“家博会已举办”
        edit: ✅ 已记录（第 16 号）。下次周报前可点[更正]。
        还有1项：9-1 报废汽车拆解量
        [更正] [继续填]
        line in the group: 🟢 市商务局 反馈 11 家装消费品换新：进展已更新
        status
        ");
}

#[test]
fn several_items_are_answered_in_one_sitting_with_one_line_in_the_group() {
    let mut stage = stage();
    assert!(stage.types(LI, "/report 6-1").contains("（第1/3项）"));
    stage.types(LI, "8");
    stage.taps(LI, "🟢");
    stage.taps(LI, "其余没有");
    stage.taps(LI, "提交");
    assert!(stage.taps(LI, "继续填").contains("（第2/3项）"));
    assert!(stage.taps(LI, "下一项").contains("（第3/3项）"));
    stage.taps(LI, "进行中");
    stage.taps(LI, "🟢");
    stage.taps(LI, "其余没有");
    assert_snapshot!(stage.taps(LI, "提交"), @"
        + answered 6-3 2026-11 Underway Normal
        edit: ✅ 已记录（第 17 号）。下次周报前可点[更正]。
        [更正]
        line in the group: 市住建局 反馈2项：🟢 6-1 8/10 座；🟢 6-3 进行中
        status
        ");
}
