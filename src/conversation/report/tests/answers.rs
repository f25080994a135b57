//! Single answers: refused, questioned, edited, and what is no text.

use super::*;

/// The first line of what follows.
fn first_line(said: &str) -> &str {
    said.lines().next().unwrap_or_default()
}

#[test]
fn what_is_no_number_is_refused_with_the_reason_and_the_form() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    let lines: Vec<String> = [
        "很多",
        "8到10",
        "8+2",
        "-3",
        "8公里",
        "1,2",
        "8座，南片区已并网",
        "99999999999999",
    ]
    .iter()
    .map(|typed| format!("{typed} → {}", first_line(&stage.types(LI, typed))))
    .collect();
    assert_snapshot!(lines.join("\n"), @"
        很多 → here: 这一步要一个数字，例如 9、9座、1.2万。
        8到10 → here: 请填一个准确的数，不要填范围，例如 9、9座、1.2万。
        8+2 → here: 请直接填合计数，例如 9、9座、1.2万。
        -3 → here: 这一项不会是负数，请填现在的数，例如 9、9座、1.2万。
        8公里 → here: 这一项按“座”填，您写的是“公里”。请换算后填，例如 9、9座、1.2万。
        1,2 → here: 数字里的逗号、小数点或空格看不明白，请写成 1200 或 1,200，例如 9、9座、1.2万。
        8座，南片区已并网 → here: 这一步只要一个数字，例如 9、9座、1.2万；做了什么后面再填。
        99999999999999 → here: 这个数太大了，请核对后重填，例如 9、9座、1.2万。
        ");
    let long = "今年以来我局积极推进换热站改造工作，目前已经完成了南片区和北片区的全部改造任务。";
    assert_snapshot!(stage.types(LI, long), @"
        here: 这一步要一个数字，例如 9、9座、1.2万。

        <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 尚未填报

        现在累计多少座？直接回复数字。
        [跳过] [下一项] [退出]
        ");
    // The question is still open.
    assert!(stage.types(LI, "８").contains("您对进度的判断"));
}

#[test]
fn a_number_that_was_not_exact_is_still_held_against_the_target_and_the_last_one_once() {
    let mut stage = answered_stage();
    stage.types(LI, "/report 6-1");
    assert!(stage.types(LI, "约18座").contains("请填准确数。是 18 座吗"));
    assert!(stage.taps(LI, "是，18座").contains("比目标多8座。是 18 吗"));
    assert!(stage.taps(LI, "是，18座").contains("您对进度的判断"));
    stage.taps(LI, "上一步");
    assert!(stage.types(LI, "7/9").contains("现在的数是 7 吗"));
    assert!(stage.types(LI, "7").contains("比上次（8 座）少1座"));
    assert!(stage.types(LI, "是").contains("您对进度的判断"));
    stage.types(SUN, "/report 9-1");
    stage.types(SUN, "0.4");
    stage.types(SUN, "上一步");
    assert!(stage.types(SUN, "4500").contains("0.45 万辆还是 4500 万辆"));
    assert!(stage.taps(SUN, "4500万辆").contains("比目标多4498.5万辆"));
}

#[test]
fn odd_numbers_are_questioned_once_and_kept_ones_never() {
    let mut stage = answered_stage();
    stage.types(LI, "/report 6-1");
    assert_snapshot!(stage.types(LI, "18"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）

        收到 18 座，比目标多8座。是 18 吗？
        [是，18座] [改为 8 座]
        [重新输入] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "重新输入"), @"
        edit: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 上次 8 座

        现在累计多少座？直接回复数字。
        [仍是8座]
        [都无变化，去核对]
        [跳过] [下一项] [退出]
        ");
    assert_snapshot!(stage.types(LI, "7"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）

        收到 7 座，比上次（8 座）少1座。是 7 吗？
        [是，7座] [改为 8 座]
        [重新输入] [退出]
        ");
    assert_snapshot!(stage.types(LI, "80"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）

        收到 80 座，是上次（8 座）的十倍以上。是 80 吗？
        [是，80座] [改为 8 座]
        [重新输入] [退出]
        ");
    assert_snapshot!(stage.types(LI, "8"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）

        收到 8 座，与上次相同。确认没有变化吗？
        [是，8座]
        [重新输入] [退出]
        ");
    assert_snapshot!(stage.taps(LI, "是，8座"), @"
        edit: <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        您对进度的判断？
        上次：🟢 正常
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [其余不变，去核对]
        [上一步] [退出]
        ");
    stage.taps(LI, "上一步");
    assert!(stage.taps(LI, "仍是8座").contains("您对进度的判断"));
    stage.taps(LI, "上一步");
    stage.types(LI, "18");
    assert!(
        stage.types(LI, "18").contains("您对进度的判断"),
        "typed again it is meant"
    );
    stage.taps(LI, "上一步");
    stage.types(LI, "18");
    assert!(stage.taps(LI, "改为 8 座").contains("本次 8 座"));
    stage.taps(LI, "上一步");
    stage.types(LI, "7");
    assert!(stage.types(LI, "是的").contains("本次 7 座"));
    stage.taps(LI, "上一步");
    stage.types(LI, "7");
    assert!(stage.types(LI, "不对").contains("现在累计多少座"));
}

#[test]
fn numbers_with_two_meanings_are_offered_as_buttons() {
    let mut stage = stage();
    stage.types(SUN, "/report 9-1");
    stage.types(SUN, "0.4");
    stage.taps(SUN, "🟢");
    stage.taps(SUN, "其余没有");
    stage.taps(SUN, "提交");
    stage.types(SUN, "/report 9-1");
    assert_snapshot!(stage.types(SUN, "4500"), @"
        here: <b>9-1 报废汽车拆解量</b>（第1/2项）

        “4500”是 0.45 万辆还是 4500 万辆？请点一个。
        [0.45万辆] [4500万辆] [改为 0.4 万辆]
        [重新输入] [退出]
        ");
    assert!(stage.taps(SUN, "0.45万辆").contains("本次 0.45 万辆"));
    stage.taps(SUN, "上一步");
    assert_snapshot!(stage.types(SUN, "0.5/2"), @"
        here: <b>9-1 报废汽车拆解量</b>（第1/2项）

        收到“0.5/2”，目标是 ≥1.5 万辆。现在的数是 0.5 吗？
        [是，0.5万辆] [改为 0.4 万辆]
        [重新输入] [退出]
        ");
    assert!(stage.taps(SUN, "是").contains("本次 0.5 万辆"));
    stage.taps(SUN, "上一步");
    assert!(
        stage.types(SUN, "0.6/1.5").contains("本次 0.6 万辆"),
        "of the target it is clear"
    );
    stage.taps(SUN, "上一步");
    assert_snapshot!(stage.types(SUN, "约0.7万"), @"
        here: <b>9-1 报废汽车拆解量</b>（第1/2项）

        收到“约0.7万”，请填准确数。是 0.7 万辆吗？
        [是，0.7万辆] [改为 0.4 万辆]
        [重新输入] [退出]
        ");
}

#[test]
fn an_edit_of_an_own_message_changes_its_answer_while_the_item_is_open() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "很多");
    assert!(
        stage.edits_last(LI, "8").contains("您对进度的判断"),
        "the question was open"
    );
    assert_snapshot!(stage.edits_last(LI, "9"), @"
        here: 已按您修改的消息更新：9 座。

        <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 9 座

        您对进度的判断？
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [上一步] [退出]
        ");
    assert_snapshot!(stage.edits_last(LI, "很多"), @"
        here: 您修改的消息看不明白，答案不变：9 座。

        <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 9 座

        您对进度的判断？
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [上一步] [退出]
        ");
    stage.taps(LI, "🟢");
    assert_snapshot!(stage.edits_last(LI, "18"), @"
        here: <b>6-1 改造换热站</b>（第1/3项）

        收到 18 座，比目标多8座。是 18 吗？
        [是，18座]
        [重新输入] [退出]
        ");
    assert!(
        stage.taps(LI, "是，18座").contains("做了哪些工作"),
        "back where it was"
    );
    stage.types(LI, "南片区并网");
    stage.taps(LI, "其余没有");
    assert_snapshot!(stage.edits_last(LI, "南片区和北片区并网"), @"
        here: 已按您修改的消息更新：南片区和北片区并网。

        <b>请核对</b> · 6-1 改造换热站
        累计：18 座（目标 10）
        判断：🟢 正常
        进展：南片区和北片区并网
        问题：无
        下一步：无
        需协调：无
        [提交]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert_snapshot!(stage.taps(LI, "提交"), @"
        + answered 6-1 2026-11 18 Normal done=“南片区和北片区并网”
        edit: ✅ 已记录（第 16 号）。下次周报前可点[更正]。
        还有2项：6-2 改造老旧管网
        [更正] [继续填]
        line in the group: 🟢 市住建局 反馈 6-1 改造换热站：18/10 座
        status
        ");
    assert_eq!(stage.edits_last(LI, "再改"), "", "the talk is over");
}

#[test]
fn other_media_get_the_question_again_with_what_is_expected() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    let place = private(LI);
    let mut lines = Vec::new();
    for media in [
        Media::Sticker,
        Media::Voice,
        Media::Video,
        Media::Location,
        Media::Contact,
        Media::Other,
        photo("a"),
    ] {
        let said = stage.sends_media(&place, LI, media, None);
        assert!(said.contains("现在累计多少座"), "{said}");
        lines.push(first_line(&said).to_owned());
    }
    assert_snapshot!(lines.join("\n"), @"
        here: 这一步要一个数字，例如 9、9座、1.2万。您发的是表情。
        here: 这一步要一个数字，例如 9、9座、1.2万。您发的是语音。
        here: 这一步要一个数字，例如 9、9座、1.2万。您发的是视频。
        here: 这一步要一个数字，例如 9、9座、1.2万。您发的是位置。
        here: 这一步要一个数字，例如 9、9座、1.2万。您发的是名片。
        here: 这一步要一个数字，例如 9、9座、1.2万。您发的是这类消息。
        here: 这一步要一个数字，例如 9、9座、1.2万。您发的是图片，可在“佐证材料”一步上传。
        ");
    stage.types(LI, "8");
    assert_snapshot!(stage.sends_media(&place, LI, Media::Voice, None), @"
        here: 这一步请点下面的按钮。您发的是语音。

        <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        您对进度的判断？
        [🟢 正常] [🟡 有困难]
        [🔴 受阻] [✅ 已完成]
        [上一步] [退出]
        ");
    stage.taps(LI, "🟢");
    assert_snapshot!(first_line(&stage.sends_media(&place, LI, document("b", "进展.pdf"), None)), @"here: 这一步请用文字回复，一两句话即可。您发的是文件，可在“佐证材料”一步上传。");
}

#[test]
fn an_album_is_one_answer_of_at_most_ten_files() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    for words in ["8", "正常", "完工", "无", "无", "不需要"] {
        stage.types(LI, words);
    }
    let place = private(LI);
    assert_snapshot!(stage.sends_media(&place, LI, photo("1"), Some("album")), @"
        here: 已收到相册，里面的都会收下（共最多 10 个）。

        <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        有照片或文件请直接发来（佐证材料，可不填，最多10个）。
        [完成，去核对] [清除]
        [上一步] [退出]
        ");
    for id in 2..=12 {
        let said = stage.sends_media(&place, LI, photo(&id.to_string()), Some("album"));
        let expected = match id {
            11 => "here: 最多 10 个文件，多出的没有收。",
            _ => "",
        };
        assert_eq!(
            first_line(&said),
            expected,
            "files that fit are taken without a word, the first that does not is named: {id}"
        );
    }
    assert_snapshot!(stage.sends_media(&place, LI, document("x", "表.pdf"), None), @"
        here: 最多 10 个文件，多出的没有收。

        <b>6-1 改造换热站</b>（第1/3项）
        目标 ≥10 座 · 2026年底 · 本次 8 座

        有照片或文件请直接发来（佐证材料，可不填，最多10个）。
        [完成，去核对] [清除]
        [上一步] [退出]
        ");
    assert_snapshot!(first_line(&stage.types(LI, "见附件")), @"here: 这一步请发图片或文件，或点按钮。");
    assert!(stage.taps(LI, "完成").contains("佐证：10 个文件"));
    assert!(stage.taps(LI, "提交").contains("files=10"));
}

#[test]
fn a_text_over_the_limit_is_refused_with_the_count() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    stage.taps(LI, "🟢");
    let said = stage.types(LI, &"长".repeat(1001));
    assert_snapshot!(first_line(&said), @"here: 最多 1000 字，您发来 1001 字，没有记录。请精简后重发。");
    assert!(stage.types(LI, &"长".repeat(1000)).contains("存在什么问题"));
}

#[test]
fn markup_in_answers_appears_as_typed() {
    let mut stage = stage();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    stage.taps(LI, "🟢");
    stage.types(LI, "<b>完工</b> & **验收** [链接](http://a)");
    assert_snapshot!(stage.taps(LI, "其余没有"), @"
        edit: <b>请核对</b> · 6-1 改造换热站
        累计：8 座（目标 10）
        判断：🟢 正常
        进展：&lt;b&gt;完工&lt;/b&gt; &amp; **验收** [链接](http://a)
        问题：无
        下一步：无
        需协调：无
        [提交]
        [改数字] [改判断] [改文字]
        [加佐证材料]
        [退出]
        ");
    assert!(
        stage
            .taps(LI, "提交")
            .contains("done=“<b>完工</b> & **验收** [链接](http://a)”")
    );
}

#[test]
fn support_names_a_unit_of_the_plan_in_any_form() {
    for (typed, support) in [
        ("市供电公司：接电", "support=gdgs “接电”"),
        ("供电公司 接电", "support=gdgs “接电”"),
        (
            "请乳山供电公司尽快接电",
            "support=gdgs “请乳山供电公司尽快接电”",
        ),
        ("需要省里支持", "support=? “需要省里支持”"),
    ] {
        let mut stage = stage();
        stage.types(LI, "/report 6-1");
        for words in ["8", "正常", "完工", "无", "无", typed, "跳过"] {
            stage.types(LI, words);
        }
        let said = stage.taps(LI, "提交");
        assert!(said.contains(support), "{typed}: {said}");
    }
}

#[test]
fn the_first_card_of_a_person_says_that_no_secrets_belong_here() {
    let mut stage = stage();
    stage.bind("lian-xiaohua", 11);
    assert_snapshot!(stage.types(11, "/report 6-1"), @"
        here: 6-1 改造换热站 由市住建局（李俊卿）填报。您掌握的情况可以转交，经其采用后计入。
        [转交]
        ");
    assert_snapshot!(stage.taps(11, "转交"), @"
        + secrecy_shown lian-xiaohua
        here: <b>6-1 改造换热站</b>（转交）
        目标 ≥10 座 · 2026年底 · 尚未填报

        现在累计多少座？直接回复数字。

        不得填报涉密、工作秘密和个人敏感信息。在群里请点按钮或回复我的消息，直接发言我收不到。
        [跳过] [退出]
        ");
    assert!(!stage.types(11, "8").contains("涉密"), "once is enough");
}
