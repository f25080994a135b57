//! What happens while and after a report is written: other people, other periods, other plans, corrections, hints.

use super::*;

/// Answers 6-1 with a number and leaves everything else out.
fn file(stage: &mut Stage, user: i64, number: &str) -> String {
    to_preview(stage, user, number);
    stage.taps(user, "提交")
}

fn to_preview(stage: &mut Stage, user: i64, number: &str) -> String {
    stage.types(user, "/report 6-1");
    stage.types(user, number);
    stage.taps(user, "🟢");
    stage.taps(user, "其余")
}

#[test]
fn two_people_on_one_item_see_each_other_in_the_preview() {
    let mut stage = stage();
    to_preview(&mut stage, LI, "8");
    stage.wait(TimeDelta::minutes(3));
    file(&mut stage, WANG, "9");
    assert_snapshot!(stage.taps(LI, "提交"), @"
        edit: 情况有变化，请再核对一次。

        <b>请核对</b> · 6-1 改造换热站
        累计：8 座（上次 9，目标 10）
        判断：🟢 正常   序时：应 9 座
        进展：无
        问题：无
        下一步：无
        需协调：无

        王力已于 09:43 填报本项：9 座（第 16 号）。您这份怎么处理？
        [覆盖] [作为更正]
        [放弃我的]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    let mut covered = answered_by_both();
    assert_snapshot!(covered.taps(LI, "覆盖"), @"
        + answered 6-1 2026-11 8 Normal
        edit: ✅ 已记录（第 17 号）。下次周报前可点[更正]。
        还有2项：6-2 改造老旧管网
        [更正] [继续填]
        line in the group: 🔴 市住建局 反馈 6-1 改造换热站：8/10 座（-1）
        status
        ");
    let mut corrected = answered_by_both();
    assert_snapshot!(corrected.taps(LI, "作为更正"), @"
        + answered 6-1 2026-11 8 Normal corrects 16
        edit: ✅ 已更正（第 17 号）。下次周报前还可再改。
        还有2项：6-2 改造老旧管网
        [更正] [继续填]
        status
        ");
    let mut given_up = answered_by_both();
    assert_snapshot!(given_up.taps(LI, "放弃"), @"edit: 6-1 改造换热站 这次填的没有提交，已放弃。");
    assert!(given_up.talk(LI).unfinished_tasks().is_empty());
}

/// 李俊卿 stands at the preview and has been told that 王力 answered meanwhile.
fn answered_by_both() -> Stage {
    let mut stage = stage();
    to_preview(&mut stage, LI, "8");
    file(&mut stage, WANG, "9");
    stage.taps(LI, "提交");
    stage
}

#[test]
fn a_third_answer_is_shown_again_before_it_is_covered() {
    let mut stage = answered_by_both();
    stage.types(WANG, "/report 6-1");
    stage.types(WANG, "10");
    stage.taps(WANG, "其余不变");
    stage.taps(WANG, "提交");
    let said = stage.taps(LI, "覆盖");
    assert!(
        said.contains("情况有变化") && said.contains("10 座"),
        "{said}"
    );
}

#[test]
fn a_changed_target_is_named_in_the_preview() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    stage.frame = changed(&[
        ("target = 10", "target = 12"),
        ("due = 2026-12-31", "due = 2027-03-31"),
    ]);
    stage.taps(LI, "🟢");
    assert_snapshot!(stage.taps(LI, "其余没有"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        累计：8 座（目标 12）
        判断：🟢 正常
        进展：无
        问题：无
        下一步：无
        需协调：无
        填报期间目标由 10 座 调整为 12 座。
        填报期间完成时限由 2026年底 调整为 2027年3月31日。
        [提交]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
}

#[test]
fn a_changed_unit_of_measure_starts_the_item_over() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    stage.frame = changed(&[("unit = \"座\"", "unit = \"处\"")]);
    assert_snapshot!(stage.taps(LI, "🟢"), @"
        edit: 6-1 改造换热站 的填报要求已调整，请重新填写。
        here: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 处 · 2026年底 · 尚未填报

        现在累计多少处？直接回复数字。
        [跳过] [下一项] [退出]
        ");
}

#[test]
fn an_item_closed_or_ended_or_moved_meanwhile_is_told() {
    let mut stage = stage();
    to_preview(&mut stage, LI, "8");
    let task = "6-1".into();
    stage.append(Actor::Person("luan-pin".into()), Act::Closed { task });
    assert_snapshot!(stage.taps(LI, "提交"), @"edit: 6-1 改造换热站 已办结，不再填报。");
    let mut stage = self::stage();
    to_preview(&mut stage, LI, "8");
    stage.frame = changed(&[("id = \"6-1\"", "id = \"6-9\"")]);
    assert_snapshot!(stage.taps(LI, "提交"), @"edit: 6-1 已不在方案中，不再填报。");
    let mut stage = self::stage();
    to_preview(&mut stage, LI, "8");
    stage.frame = changed(&[(
        "due = 2026-12-31",
        "due = 2026-12-31\nfiling_lead = \"swj\"",
    )]);
    assert_snapshot!(stage.taps(LI, "提交"), @"edit: 6-1 改造换热站 已改由别的单位填报，您这份没有提交。");
}

#[test]
fn early_in_a_month_a_late_answer_is_asked_which_period_it_is_for() {
    let mut late = stage();
    late.now = "2026-12-03T10:00:00+08:00".parse().unwrap();
    assert_snapshot!(to_preview(&mut late, LI, "8"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        累计：8 座（目标 10）
        判断：🟢 正常
        进展：无
        问题：无
        下一步：无
        需协调：无

        11月还没有反馈。这次计入上期（11月），还是本期（12月）？
        [提交，计入本期（12月）]
        [提交，计入上期（11月）]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(late.taps(LI, "提交，计入上期"), @"
        + answered 6-1 2026-11 8 Normal late
        edit: ✅ 已记录（第 16 号，迟报），计入下一期周报。有误可点[更正]。
        还有2项：6-2 改造老旧管网
        [更正] [继续填]
        line in the group: 🟢 市住建局 反馈 6-1 改造换热站：8/10 座
        status
        ");
    let mut this = stage();
    this.now = "2026-12-03T10:00:00+08:00".parse().unwrap();
    to_preview(&mut this, LI, "8");
    assert!(
        this.taps(LI, "提交，计入本期")
            .contains("+ answered 6-1 2026-12 8")
    );
    let mut after = stage();
    after.now = "2026-12-21T10:00:00+08:00".parse().unwrap();
    assert!(!to_preview(&mut after, LI, "8").contains("上期"));
}

#[test]
fn an_answer_after_the_cut_off_is_marked_late() {
    let mut stage = stage();
    stage.now = "2026-11-30T15:00:00+08:00".parse().unwrap();
    assert_snapshot!(file(&mut stage, LI, "8"), @"
        + answered 6-1 2026-11 8 Normal late
        edit: ✅ 已记录（第 16 号，迟报），计入下一期周报。有误可点[更正]。
        还有2项：6-2 改造老旧管网
        [更正] [继续填]
        line in the group: 🟢 市住建局 反馈 6-1 改造换热站：8/10 座
        status
        ");
}

#[test]
fn a_submitted_report_can_be_corrected_until_the_next_digest_and_after_it() {
    let mut stage = stage();
    file(&mut stage, LI, "8");
    assert_snapshot!(stage.taps(LI, "更正"), @"
        here: <b>请核对</b> · 6-1 改造换热站（更正第 16 号）
        累计：8 座（原填 8，目标 10）
        判断：🟢 正常   序时：应 8 座
        进展：无
        问题：无
        下一步：无
        需协调：无
        [提交更正]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    stage.taps(LI, "改数字");
    assert!(
        stage.types(LI, "9").contains("累计：9 座"),
        "no question about the corrected number"
    );
    assert_snapshot!(stage.taps(LI, "提交更正"), @"
        + answered 6-1 2026-11 9 Normal corrects 16
        edit: ✅ 已更正（第 17 号）。下次周报前还可再改。
        [更正]
        status
        ");
    stage.append(Actor::Bot, digest(17));
    stage.taps(LI, "更正");
    stage.taps(LI, "改数字");
    stage.types(LI, "8");
    assert_snapshot!(stage.taps(LI, "提交更正"), @"
        + answered 6-1 2026-11 8 Normal corrects 17
        edit: ✅ 已更正（第 19 号）。原数已进过周报，下期周报将注明更正。
        [更正]
        status
        ");
}

fn digest(last_seq: u64) -> Act {
    Act::DigestPosted {
        number: 1,
        cut_off_at: "2026-11-27T16:00:00+08:00".parse().unwrap(),
        late: false,
        last_seq,
        adoption: FRAME.adoption,
        program: "0".to_owned(),
        text_sha256: String::new(),
    }
}

#[test]
fn only_the_newest_report_is_corrected_and_only_by_those_who_file() {
    let mut stage = stage();
    file(&mut stage, LI, "8");
    let (message, correct) = stage.button(LI, "更正");
    file(&mut stage, WANG, "9");
    let place = private(LI);
    assert_snapshot!(stage.presses(&place, LI, Some(message), &correct), @"
        here: 这条之后已有第 17 号记录，请更正最新的那一条。
        [更正第 17 号]
        ");
    assert!(stage.taps(LI, "更正第").contains("累计：9 座"));
    assert_snapshot!(stage.presses(&private(SUN), SUN, Some(1), "r:c:17"), @"alert: 这条记录由填报单位更正。");
    assert_snapshot!(stage.presses(&place, LI, Some(1), "r:c:999"), @"alert: 没有这条记录。");
}

#[test]
fn a_hint_is_entered_only_on_the_filers_or_the_offices_tap() {
    let mut stage = stage();
    stage.types(SUN, "/report 6-1");
    stage.taps(SUN, "转交");
    assert_snapshot!(stage.types(SUN, "9"), @"
        here: <b>6-1 改造换热站</b>（转交）
        目标 ≥10 座 · 2026年底 · 本次 9 座

        请用一句话说明情况。
        [跳过] [上一步] [退出]
        ");
    assert_snapshot!(stage.types(SUN, "现场看到<9号>站已并网"), @"
        here: <b>请核对</b> · 6-1 改造换热站（转交）
        累计：9 座（目标 10）
        说明：现场看到&lt;9号&gt;站已并网
        [转交]
        [改数字] [改说明]
        [退出]
        ");
    assert_snapshot!(stage.taps(SUN, "转交"), @"
        + hinted 6-1
        edit: ✅ 已转交（第 16 号）。李俊卿或专班办公室采用后才计入，结果会告知您。
        li-junqing: (silent) <b>转交</b> · 6-1 改造换热站
        孙婧（市商务局）转来：9 座
        “现场看到&lt;9号&gt;站已并网”
        目标 ≥10 座
        点一个判断即采用并计入；不点不计入。
        [采用：🟢 正常] [采用：🟡 有困难]
        [采用：🔴 受阻] [采用：✅ 已完成]
        [不采用]
        luan-pin: (silent) <b>转交</b> · 6-1 改造换热站
        孙婧（市商务局）转来：9 座
        “现场看到&lt;9号&gt;站已并网”
        目标 ≥10 座
        点一个判断即采用并计入；不点不计入。
        [采用：🟢 正常] [采用：🟡 有困难]
        [采用：🔴 受阻] [采用：✅ 已完成]
        [不采用]
        ");
    let (message, take) = stage.button(LI, "采用：🟢");
    assert_snapshot!(stage.presses(&private(SUN), SUN, Some(message), &take), @"alert: 自己转交的由别人处理。");
    assert_snapshot!(stage.presses(&private(WANG), WANG, Some(message), "r:y:99:n"), @"alert: 没有这条转交。");
    assert_snapshot!(stage.taps(LI, "采用：🟢"), @"
        + hint_decided
        + answered 6-1 2026-11 9 Normal done=“现场看到<9号>站已并网” hinted by sun-jing
        line in the group: 🟢 市住建局 反馈 6-1 改造换热站：9/10 座
        status
        edit: 转交（第 16 号，6-1 改造换热站）：李俊卿已采用并计入。
        sun-jing: (silent) 转交（第 16 号，6-1 改造换热站）：李俊卿已采用并计入。
        ");
    assert_snapshot!(stage.taps(CHIEF, "不采用"), @"alert: 这条转交已经采用，现在无需处理。");
}

#[test]
fn a_hint_that_is_dropped_changes_nothing() {
    let mut stage = stage();
    stage.presses(&private(SUN), SUN, Some(1), "r:h:6-1");
    stage.taps(SUN, "跳过");
    stage.taps(SUN, "跳过");
    assert!(stage.taps(SUN, "转交").contains("还没有内容"));
    stage.taps(SUN, "改说明");
    stage.types(SUN, "听说停工了");
    stage.taps(SUN, "转交");
    assert_snapshot!(stage.taps(CHIEF, "不采用"), @"
        + hint_decided
        edit: 转交（第 16 号，6-1 改造换热站）：栾频未采用。
        sun-jing: (silent) 转交（第 16 号，6-1 改造换热站）：栾频未采用。
        ");
    assert!(stage.types(LI, "/report 6-1").contains("尚未填报"));
}

#[test]
fn while_paused_answers_go_on_without_a_line_in_the_group() {
    let mut stage = stage();
    let reason = crate::ledger::Text::new("整改", [0; 16]);
    stage.append(
        Actor::Host,
        Act::Paused {
            reason,
            until: None,
        },
    );
    assert!(!file(&mut stage, LI, "8").contains("line in the group"));
    let mut stage = self::stage();
    stage.frame.settings.group_line = false;
    assert!(!file(&mut stage, LI, "8").contains("line in the group"));
}
