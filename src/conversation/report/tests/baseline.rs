//! Targets that were past at go-live (初始台账).

use super::*;

#[test]
fn a_past_target_that_was_reached_is_asked_when_and_how_much() {
    let mut stage = stage();
    assert_snapshot!(stage.types(LI, "/report 6-2"), @"
        here: <b>6-2 改造老旧管网</b>（第1/3项）
        目标 ≥2.8 公里 · 2024年底 · 尚未填报

        这一项在建账前已经到期。现在是否完成？
        [已完成] [尚未完成]
        [下一项] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "已完成"), @"
        edit: <b>6-2 改造老旧管网</b>（第1/3项）
        目标 ≥2.8 公里 · 2024年底 · 尚未填报

        哪天完成的？例如 2024年12月20日、去年底。
        [不清楚]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.types(LI, "明天"), @"
        here: 11月24日还没到，请填已经过去的日期。

        <b>6-2 改造老旧管网</b>（第1/3项）
        目标 ≥2.8 公里 · 2024年底 · 尚未填报

        哪天完成的？例如 2024年12月20日、去年底。
        [不清楚]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.types(LI, "2024年12月20日"), @"
        here: <b>6-2 改造老旧管网</b>（第1/3项）
        目标 ≥2.8 公里 · 2024年底 · 尚未填报

        现在累计多少公里？直接回复数字。
        [跳过] [上一步] [退出]
        ");
    assert_snapshot!(stage.types(LI, "2.8公里"), @"
        here: <b>请核对</b> · 6-2 改造老旧管网
        结果：已完成（2024年12月20日）
        累计：2.8 公里（目标 2.8）
        判断：✅ 已完成
        [提交]
        [改结果] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.taps(LI, "提交"), @"
        + answered 6-2 2026-11 2.8 Done reached Some(2024-12-20)
        edit: ✅ 已记录（第 16 号）。下次周报前可点[更正]。
        还有2项：6-1 改造换热站
        [更正] [继续填]
        line in the group: 🟢 市住建局 反馈 6-2 改造老旧管网：2.8/2.8 公里，已完成
        status
        ");
}

#[test]
fn a_past_target_that_was_not_reached_is_asked_why_and_until_when() {
    let mut stage = stage();
    stage.types(LI, "/report 6-2");
    assert!(stage.taps(LI, "尚未完成").contains("现在累计多少公里"));
    assert_snapshot!(stage.types(LI, "2.1"), @"
        here: <b>6-2 改造老旧管网</b>（第1/3项）
        目标 ≥2.8 公里 · 2024年底 · 本次 2.1 公里

        没有按期完成的原因是什么？
        [上一步] [退出]
        ");
    assert_snapshot!(stage.types(LI, "管材到货晚"), @"
        here: <b>6-2 改造老旧管网</b>（第1/3项）
        目标 ≥2.8 公里 · 2024年底 · 本次 2.1 公里

        希望新的完成时限是哪天？例如 2027年6月30日。
        [不申请新时限]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.types(LI, "昨天"), @"
        here: 11月22日已经过去，请填以后的日期。

        <b>6-2 改造老旧管网</b>（第1/3项）
        目标 ≥2.8 公里 · 2024年底 · 本次 2.1 公里

        希望新的完成时限是哪天？例如 2027年6月30日。
        [不申请新时限]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.types(LI, "明年6月底"), @"
        here: <b>6-2 改造老旧管网</b>（第1/3项）
        目标 ≥2.8 公里 · 2024年底 · 本次 2.1 公里

        您对进度的判断？
        [🟢 正常] [🟡 有困难]
        [🔴 受阻]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "🟡"), @"
        edit: <b>请核对</b> · 6-2 改造老旧管网
        结果：尚未完成
        累计：2.1 公里（目标 2.8）
        判断：🟡 有困难
        原因：管材到货晚
        希望时限：2027年6月30日
        [提交]
        [改结果] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.taps(LI, "提交"), @"
        + answered 6-2 2026-11 2.1 Difficult not reached “管材到货晚” Some(2027-06-30)
        edit: ✅ 已记录（第 16 号）。下次周报前可点[更正]。
        还有2项：6-1 改造换热站
        [更正] [继续填]
        line in the group: 🔴 市住建局 反馈 6-2 改造老旧管网：2.1/2.8 公里
        status
        ");
}

#[test]
fn the_other_answer_can_be_given_from_the_preview() {
    let mut stage = stage();
    stage.types(LI, "/report 6-2");
    stage.taps(LI, "已完成");
    stage.taps(LI, "不清楚");
    stage.types(LI, "2.8");
    stage.taps(LI, "改结果");
    stage.taps(LI, "尚未完成");
    stage.types(LI, "管材到货晚");
    stage.taps(LI, "不申请");
    assert_snapshot!(stage.taps(LI, "🔴"), @"
        edit: <b>请核对</b> · 6-2 改造老旧管网
        结果：尚未完成
        累计：2.8 公里（目标 2.8）
        判断：🔴 受阻
        原因：管材到货晚
        希望时限：不申请
        [提交]
        [改结果] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert!(
        stage
            .taps(LI, "提交")
            .contains("2.8 Blocked not reached “管材到货晚” None")
    );
}
