//! Changing the terms of a target: the talk, two at once, back to what was, and an adoption that touches it.

use insta::assert_snapshot;

use super::super::tests::live;
use super::*;
use crate::conversation::testing::{changed, private};
use crate::ledger::Actor;

const CHIEF: i64 = 3;
const DEPUTY: i64 = 2;

#[test]
fn the_terms_of_a_target_are_shown_with_where_each_comes_from() {
    let mut stage = live();
    assert_snapshot!(stage.types(CHIEF, "/terms 6-5"), @"
        here: <b>口径</b> · 6-5 公共供水管网漏损率
        目标值：≤7.9%（方案）
        完成时限：未定
        基数：未定
        填报单位：市住建局（方案）
        比较方式：不高于；计量单位：%（方案）
        序时进度：按工作日均匀（方案）
        待定：漏损率控制在7.9%以内，方案未写明完成时限。
        [改目标值] [改完成时限]
        [改基数] [改填报单位]
        [写明待定：漏损率控制在7.9%以内，方…]
        [退出]
        ");
    assert_snapshot!(stage.types(CHIEF, "/terms 总-3"), @"
        here: <b>口径</b> · 总-3 报废汽车拆解量
        目标值：≥1.5万辆（方案）
        完成时限：2025年12月31日（方案）
        基数：未定
        填报单位：未定
        比较方式：不低于；计量单位：万辆（方案）
        序时进度：按工作日均匀（方案）
        时限原文：到2025年
        与12-1 报废机动车拆解量共用一个填报数，口径各自确定。
        待定：总体目标未写明填报单位。
        待定：报废汽车拆解1.5万辆在总体目标和第12项各写一次；也未说明是当年数还是累计数。
        [改目标值] [改完成时限]
        [改基数] [改填报单位]
        [写明待定：总体目标未写明填报单位。]
        [写明待定：报废汽车拆解1.5万辆在总体…]
        [退出]
        ");
    assert_snapshot!(stage.types(CHIEF, "/terms 天宫"), @"here: 没有找到“天宫”。请写指标号，例如 /terms 6-1");
    let which = stage.types(CHIEF, "/terms 6");
    assert!(which.contains("[6-1 改造换热站]"), "{which}");
    assert_snapshot!(stage.types(CHIEF, "/terms 11"), @"here: 11 开展家装消费品换新 不是指标，没有可改的口径。");
}

#[test]
fn a_value_is_changed_step_by_step_and_the_old_one_is_kept() {
    let mut stage = live();
    stage.types(CHIEF, "/terms 6-1");
    assert_snapshot!(stage.taps(CHIEF, "改目标值"), @"
        edit: <b>改目标值</b> · 6-1 改造换热站
        现为≥10座

        新的目标值是多少？请回复数字（单位：座）。
        [返回] [退出]
        ");
    assert_snapshot!(stage.types(CHIEF, "十二座左右"), @"
        here: “十二座左右”不是准确数，请写明，例如 12座
        [返回] [退出]
        ");
    assert_snapshot!(stage.types(CHIEF, "10"), @"here: 与现行目标值相同，请另写，或点[退出]。");
    assert_snapshot!(stage.types(CHIEF, "12"), @"
        here: <b>调整口径</b> · 6-1 改造换热站
        目标值 ≥10座 → ≥12座

        依据是什么？请回复文号（如 乳发改〔2026〕12号），或写明由谁、怎样确定（如 专班会议口头确定）。
        [无文号，跳过]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(CHIEF, "上一步"), @"
        edit: <b>改目标值</b> · 6-1 改造换热站
        现为≥10座

        新的目标值是多少？请回复数字（单位：座）。
        [返回] [退出]
        ");
    stage.types(CHIEF, "12");
    assert_snapshot!(stage.types(CHIEF, "乳发改〔2026〕12号"), @"
        here: <b>请核对</b> · 6-1 改造换热站
        目标值 ≥10座 → ≥12座
        依据：乳发改〔2026〕12号
        确认后即时生效，告知填报单位；原值在台账中保留，以后可以改回。
        [确认调整]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(CHIEF, "确认调整"), @r#"
        + terms_settled 6-1 {"changed":{"before":{"target":"10"},"sets":{"target":"12"}}} {"sha256":"9db23c98b87a77ded9dca6544b1fb54a9e7835a011b84c96deb7431048d7030b"}
        edit: 已调整口径 · 6-1 改造换热站
        目标值 ≥10座 → ≥12座
        依据：乳发改〔2026〕12号
        由栾频决定，原值在台账中保留。
        li-junqing: (silent) 已调整口径 · 6-1 改造换热站
        目标值 ≥10座 → ≥12座
        依据：乳发改〔2026〕12号
        由栾频决定，原值在台账中保留。
        status
        "#);
    assert!(!stage.waits(CHIEF));
    assert_snapshot!(stage.types(CHIEF, "/status 6-1"), @"
        here: <b>6-1 改造换热站</b>
        ⚪ 待定：建账前到期，待报初始情况
        目标≥12座，尚未填报
        原目标：≥10座（栾频 11月23日调整，依据 乳发改〔2026〕12号）
        完成时限：2024年12月31日
        填报：市住建局（李俊卿）
        [填报记录] [催办]
        [‹ 本项举措] [‹ 总体进度]
        ");
    assert_snapshot!(stage.types(CHIEF, "/history 6-1"), @"
        here: <b>6-1 改造换热站</b> · 记录1条
        第10号 09:40 栾频：目标值 ≥10座 → ≥12座（依据 乳发改〔2026〕12号）
        [‹ 本项详情]
        ");
}

#[test]
fn a_changed_value_is_put_back_by_its_button_with_the_basis_of_last_time() {
    let mut stage = live();
    stage.types(CHIEF, "/terms 6-1");
    stage.taps(CHIEF, "改目标值");
    stage.types(CHIEF, "12");
    stage.types(CHIEF, "乳发改〔2026〕12号");
    stage.taps(CHIEF, "确认调整");
    stage.types(CHIEF, "/terms 6-1");
    assert_snapshot!(stage.taps(CHIEF, "改目标值"), @"
        edit: <b>改目标值</b> · 6-1 改造换热站
        现为≥12座

        新的目标值是多少？请回复数字（单位：座）。
        [改回≥10座]
        [返回] [退出]
        ");
    assert_snapshot!(stage.taps(CHIEF, "改回"), @"
        edit: <b>调整口径</b> · 6-1 改造换热站
        目标值 ≥12座 → ≥10座

        依据是什么？请回复文号（如 乳发改〔2026〕12号），或写明由谁、怎样确定（如 专班会议口头确定）。
        [无文号，跳过]
        [同上次：乳发改〔2026〕12号]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.taps(CHIEF, "同上次"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        目标值 ≥12座 → ≥10座
        依据：乳发改〔2026〕12号
        确认后即时生效，告知填报单位；原值在台账中保留，以后可以改回。
        [确认调整]
        [上一步] [退出]
        ");
    stage.taps(CHIEF, "确认调整");
    assert!(!stage.types(CHIEF, "/status 6-1").contains("原目标"));
}

#[test]
fn deadline_baseline_and_filing_unit_are_changed_too() {
    let mut stage = live();
    stage.types(CHIEF, "/terms 6-3");
    stage.taps(CHIEF, "改完成时限");
    assert_snapshot!(stage.types(CHIEF, "2030年"), @"
        here: “2030年”不能作为完成时限。新的完成时限是哪一天？请回复2024年8月5日至2027年12月31日之间的日期，例如：2027年6月30日
        [返回] [退出]
        ");
    stage.types(CHIEF, "2027年3月31日");
    assert_snapshot!(stage.taps(CHIEF, "无文号"), @"
        edit: <b>请核对</b> · 6-3 新增清洁取暖
        完成时限 2024年12月31日 → 2027年3月31日
        依据：无文号
        确认后即时生效，告知填报单位；原值在台账中保留，以后可以改回。
        [确认调整]
        [上一步] [退出]
        ");
    stage.taps(CHIEF, "确认调整");
    stage.types(CHIEF, "/terms 6-3");
    stage.taps(CHIEF, "改基数");
    stage.types(CHIEF, "2");
    stage.taps(CHIEF, "无文号");
    stage.taps(CHIEF, "确认调整");
    stage.types(CHIEF, "/terms 6-3");
    assert_snapshot!(stage.taps(CHIEF, "改填报单位"), @"
        edit: <b>改填报单位</b> · 6-3 新增清洁取暖
        现为市住建局

        由哪个单位填报？请回复单位名称。
        [市市场监管局]
        [返回] [退出]
        ");
    stage.types(CHIEF, "商务局");
    stage.taps(CHIEF, "无文号");
    assert_snapshot!(stage.taps(CHIEF, "确认调整"), @r#"
        + terms_settled 6-3 {"changed":{"before":{"filing_lead":"zjj"},"sets":{"filing_lead":"swj"}}}
        edit: 已调整口径 · 6-3 新增清洁取暖
        填报单位 市住建局 → 市商务局
        依据：无文号
        由栾频决定，原值在台账中保留。
        li-junqing: (silent) 已调整口径 · 6-3 新增清洁取暖
        填报单位 市住建局 → 市商务局
        依据：无文号
        由栾频决定，原值在台账中保留。
        status
        "#);
    assert_snapshot!(stage.types(CHIEF, "/terms 6-3"), @"
        here: <b>口径</b> · 6-3 新增清洁取暖
        目标值：≥15万㎡（方案）
        完成时限：2027年3月31日（栾频 09:40 改，第10号）
          原为2024年12月31日
        基数：2万㎡（栾频 09:40 改，第11号）
        填报单位：市商务局（栾频 09:40 改，第12号）
          原为市住建局
        比较方式：不低于；计量单位：万㎡（方案）
        序时进度：按工作日均匀（方案）
        时限原文：2024年
        [改目标值] [改完成时限]
        [改基数] [改填报单位]
        [退出]
        ");
}

#[test]
fn of_two_who_change_at_once_the_second_is_told_and_nothing_is_written() {
    let mut stage = live();
    for (office, value) in [(CHIEF, "12"), (DEPUTY, "15")] {
        stage.types(office, "/terms 6-1");
        stage.taps(office, "改目标值");
        stage.types(office, value);
        stage.taps(office, "无文号");
    }
    stage.taps(CHIEF, "确认调整");
    let seq = stage.standing.seq;
    let (message, sure) = stage.button(DEPUTY, "确认调整");
    assert_snapshot!(stage.taps(DEPUTY, "确认调整"), @"
        alert: 6-1 改造换热站 的目标值刚才已有变动，现为≥12座（栾频 09:40 改，第10号）。您的改动没有写入。
        edit: 6-1 改造换热站 的目标值刚才已有变动，现为≥12座（栾频 09:40 改，第10号）。您的改动没有写入。
        [看现行口径] [退出]
        ");
    assert_eq!(stage.standing.seq, seq);
    let again = stage.presses(&private(DEPUTY), DEPUTY, Some(message), &sure);
    assert!(again.contains("已失效"), "{again}");
}

#[test]
fn a_closed_target_and_old_buttons_change_nothing() {
    let mut stage = live();
    stage.types(CHIEF, "/terms 6-1");
    let (message, change) = stage.button(CHIEF, "改目标值");
    stage.taps(CHIEF, "改目标值");
    stage.types(CHIEF, "12");
    stage.taps(CHIEF, "无文号");
    let (_, sure) = stage.button(CHIEF, "确认调整");
    stage.append(Actor::Host, Act::Closed { task: "6-1".into() });
    let seq = stage.standing.seq;
    assert_snapshot!(stage.presses(&private(CHIEF), CHIEF, Some(message), &sure), @"edit: 6-1 改造换热站 已办结或已不在方案中，口径不再调整。办结的可先用 /reopen 恢复办理。");
    assert_snapshot!(stage.presses(&private(CHIEF), CHIEF, Some(message), &change), @"alert: 6-1 改造换热站 已办结或已不在方案中，口径不再调整。办结的可先用 /reopen 恢复办理。");
    let member = stage.presses(&private(8), 8, Some(message), &change);
    assert!(member.contains("由专班办公室或副组长办理"), "{member}");
    assert_eq!(stage.standing.seq, seq);
}

#[test]
fn a_change_is_left_at_any_step() {
    let mut stage = live();
    for steps in 0..3 {
        stage.types(CHIEF, "/terms 6-1");
        stage.taps(CHIEF, "改目标值");
        if steps > 0 {
            stage.types(CHIEF, "12");
        }
        if steps > 1 {
            stage.taps(CHIEF, "无文号");
        }
        let left = match steps {
            0 => stage.types(CHIEF, "/cancel"),
            1 => stage.types(CHIEF, "退出"),
            _ => stage.taps(CHIEF, "退出"),
        };
        assert!(left.contains("已退出"), "{left}");
        assert!(!stage.waits(CHIEF));
    }
    assert!(stage.standing.terms.is_empty());
}

#[test]
fn an_adoption_that_touches_a_changed_value_names_it_and_asks() {
    for keep in [true, false] {
        let mut stage = live();
        stage.types(CHIEF, "/terms 6-1");
        stage.taps(CHIEF, "改目标值");
        stage.types(CHIEF, "12");
        stage.types(CHIEF, "乳发改〔2026〕12号");
        stage.taps(CHIEF, "确认调整");
        let (before, after) = (
            "name = \"改造换热站\"\nkind = \"stock\"\ncomparator = \">=\"\ntarget = 10",
            "name = \"改造换热站\"\nkind = \"stock\"\ncomparator = \">=\"\ntarget = 15",
        );
        stage.offer(changed(&[(before, after)]));
        let offered = stage.types(CHIEF, "/plan");
        assert!(offered.contains("目标值：10座 → 15座"), "{offered}");
        let touches = stage.taps(CHIEF, "采用");
        assert!(
            touches.contains("6-1 改造换热站：已定“目标值≥12座”，新方案为“目标值≥15座”"),
            "{touches}"
        );
        let label = if keep {
            "采用，保留已定"
        } else {
            "采用，以新方案为准"
        };
        let said = stage.taps(CHIEF, label);
        let target = stage.frame.plan.indicator(&"6-1".into()).unwrap().target;
        let expected = if keep { 12 } else { 15 };
        assert_eq!(target, Some(expected.into()), "{said}");
        let status = stage.types(CHIEF, "/status 6-1");
        assert_eq!(status.contains("原目标：≥15座"), keep, "{status}");
    }
}
