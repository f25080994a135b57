//! Who gets which document.

use crate::conversation::testing::{GROUP, Stage, group, private};

const CHIEF: i64 = 3;
const LEADER: i64 = 7;
const MEMBER: i64 = 5;

fn stage() -> Stage {
    let mut stage = Stage::live();
    stage.bind("liu-peigen", LEADER);
    stage.bind("song-xiaozheng", MEMBER);
    stage
}

#[test]
fn the_office_and_the_leader_get_the_workbook_and_a_member_is_told_who_does() {
    let mut stage = stage();
    for reader in [CHIEF, LEADER] {
        let sent = stage.types(reader, "/export");
        assert!(sent.contains("SendDocuments"), "{sent}");
        assert!(sent.contains("Workbook { measure: None }"), "{sent}");
    }
    insta::assert_snapshot!(stage.types(MEMBER, "/export"), @"here: 台账、简报和全部时限由组长、副组长和专班办公室导出。您可用 /status 查看进度。");
    insta::assert_snapshot!(stage.types(MEMBER, "/pack"), @"here: 台账、简报和全部时限由组长、副组长和专班办公室导出。您可用 /status 查看进度。");
}

#[test]
fn one_measure_may_be_taken_out_alone_and_an_unknown_one_is_named() {
    let mut stage = stage();
    let sent = stage.types(CHIEF, "/export 第6项");
    assert!(
        sent.contains("Workbook { measure: Some(MeasureId(6)) }"),
        "{sent}"
    );
    insta::assert_snapshot!(stage.types(CHIEF, "/export 99"), @"here: 没有“99”这项举措。导出全部请发 /export，只导一项请写举措号，例如 /export 6");
    insta::assert_snapshot!(stage.types(CHIEF, "/export 住建局"), @"here: 没有“住建局”这项举措。导出全部请发 /export，只导一项请写举措号，例如 /export 6");
}

#[test]
fn in_the_group_documents_are_asked_for_in_private() {
    let mut stage = stage();
    insta::assert_snapshot!(stage.types_in(&group(GROUP), CHIEF, "/pack"), @"
    here: /pack 请在与我的私聊里使用。
    [打开私聊↗]
    ");
    insta::assert_snapshot!(stage.types_in(&group(GROUP), MEMBER, "/calendar"), @"
    here: /calendar 请在与我的私聊里使用。
    [打开私聊↗]
    ");
}

#[test]
fn a_report_is_of_now_or_of_a_posted_digest() {
    let mut stage = stage();
    let sent = stage.types(CHIEF, "/bulletin");
    assert!(sent.contains("[Bulletin], number: None"), "{sent}");
    insta::assert_snapshot!(stage.types(CHIEF, "/bulletin 16"), @"here: 没有第16期周报，还没有发过周报。");
    insta::assert_snapshot!(stage.types(CHIEF, "/bulletin 上周"), @"here: “上周”不是期号。截至现在的请不写期号，某一期的请写期号，例如 /bulletin 16");
}

#[test]
fn everybody_gets_their_own_deadlines_and_whoever_leads_those_of_all() {
    let mut stage = stage();
    let sent = stage.types(MEMBER, "/calendar");
    assert!(
        sent.contains("Calendar { person: Some(PersonId(song-xiaozheng)) }"),
        "{sent}"
    );
    let sent = stage.types(LEADER, "/calendar 全部");
    assert!(sent.contains("Calendar { person: None }"), "{sent}");
    insta::assert_snapshot!(stage.types(LEADER, "/calendar"), @"here: 您名下没有带时限的在办事项。查看全部事项的时限请发 /calendar 全部");
    insta::assert_snapshot!(stage.types(MEMBER, "/calendar 全部"), @"here: 台账、简报和全部时限由组长、副组长和专班办公室导出。您可用 /status 查看进度。");
}

#[test]
fn everybody_gets_the_board_everywhere_and_a_measures_chart_in_private() {
    let mut stage = stage();
    for place in [private(MEMBER), group(GROUP)] {
        let sent = stage.types_in(&place, MEMBER, "/board");
        assert!(sent.contains("[Board], number: None"), "{sent}");
    }
    insta::assert_snapshot!(stage.types_in(&group(GROUP), MEMBER, "/chart 6"), @"
    here: /chart 请在与我的私聊里使用。
    [打开私聊↗]
    ");
    for (command, document) in [
        (
            "/chart 6",
            "[Chart { measure: Some(MeasureId(6)) }], number: None",
        ),
        (
            "/chart 第六项",
            "[Chart { measure: Some(MeasureId(6)) }], number: None",
        ),
        (
            "/chart 6-1",
            "[Chart { measure: Some(MeasureId(6)) }], number: None",
        ),
        (
            "/chart 换热站",
            "[Chart { measure: Some(MeasureId(6)) }], number: None",
        ),
        (
            "/chart 绿色工厂",
            "[Chart { measure: Some(MeasureId(3)) }], number: None",
        ),
        ("/chart 总1", "[Chart { measure: None }], number: None"),
    ] {
        let sent = stage.types(MEMBER, command);
        assert!(sent.contains(document), "{command}: {sent}");
    }
    assert!(stage.types(MEMBER, "进度曲线 6").contains("Chart"));
    assert!(stage.types(MEMBER, "/曲线6").contains("Chart"));
}

#[test]
fn what_is_no_measure_or_no_digest_is_told_with_what_would_be() {
    let mut stage = stage();
    insta::assert_snapshot!(stage.types(MEMBER, "/chart"), @"here: 请写举措号，例如 /chart 6；总体目标请写其中一项，例如 /chart 总1");
    insta::assert_snapshot!(stage.types(MEMBER, "/chart 99"), @"here: 没有“99”这项举措。请写举措号，例如 /chart 6");
    insta::assert_snapshot!(stage.types(MEMBER, "/chart 住建局"), @"here: 没有“住建局”这项举措。请写举措号，例如 /chart 6");
    insta::assert_snapshot!(stage.types(MEMBER, "/chart 提升"), @"here: “提升”涉及几项举措。请写举措号，例如 /chart 6");
    insta::assert_snapshot!(stage.types(MEMBER, "/board 上周"), @"here: “上周”不是期号。截至现在的请不写期号，某一期的请写期号，例如 /board 16。一项举措的进度曲线请发 /chart 6");
    insta::assert_snapshot!(stage.types(MEMBER, "/board 6"), @"here: 没有第6期周报，还没有发过周报。一项举措的进度曲线请发 /chart 6");
}
