//! Rosters as labels with names, and as sentences.

use super::*;

fn read(source: &str) -> String {
    let text = Text::read(source, |_| false);
    let roster = roster(&text, "青禾市");
    let people = roster
        .people
        .iter()
        .map(|it| format!("{:?} {} {}", it.seat, it.name, it.post));
    let unread = roster
        .unread
        .iter()
        .map(|range| format!("? {}", text.slice(range.clone())));
    people.chain(unread).collect::<Vec<_>>().join("\n")
}

const PLAIN: &str = "组  长：高  远  市委常委、市政府副市长\n副组长：孙立本  市发展和改革局党组书记、局长\n成  员：欧阳明  市财政局\n党组成员、评价中心主任\n李  强  市海洋局副局长（正科级）、党组成员、一级主任科员\n周 帆  青禾供电公司副总经理\n二、工作职责";

#[test]
fn people_are_told_apart_by_names_and_posts() {
    insta::assert_snapshot!(read(PLAIN), @"
    Leader 高远 市委常委、市政府副市长
    Deputy 孙立本 市发展和改革局党组书记、局长
    Member 欧阳明 市财政局党组成员、评价中心主任
    Member 李强 市海洋局副局长（正科级）、党组成员、一级主任科员
    Member 周帆 青禾供电公司副总经理
    ");
}

#[test]
fn white_space_changes_nothing() {
    let bare: String = PLAIN.split_whitespace().collect();
    assert_eq!(read(&bare), read(PLAIN));
}

#[test]
fn posts_may_stand_in_brackets_before_the_name_or_nowhere() {
    insta::assert_snapshot!(read("组长：高远（副市长）\n常务副组长：孙立本（市发改局局长）、周帆（市财政局局长）"), @"
    Leader 高远 副市长
    Deputy 孙立本 市发改局局长
    Deputy 周帆 市财政局局长
    ");
    insta::assert_snapshot!(read("主任：副市长高远\n副主任：市发改局局长孙立本、市财政局局长周帆"), @"
    Leader 高远 副市长
    Deputy 孙立本 市发改局局长
    Deputy 周帆 市财政局局长
    ");
    insta::assert_snapshot!(read("组长：高远\n成员：孙立本 周 帆、李\n强 赵明月\n办公室主任：孙立本"), @"
    Leader 高远 
    Member 孙立本 
    Member 周帆 
    Member 李强 
    Member 赵明月 
    Chief 孙立本
    ");
}

#[test]
fn a_deputy_post_is_no_name() {
    insta::assert_snapshot!(read("组长：高远 县长\n副组长：分管副县长\n成员：李强 市财政局局长"), @"
    Leader 高远 县长
    Member 李强 市财政局局长
    ? 副组长：分管副县长
    ");
    assert_eq!(read("副组长：分管副县长"), "? 副组长：分管副县长");
    assert_eq!(
        read("成员：市财政局、市教育局。"),
        "? 成员：市财政局、市教育局"
    );
}

#[test]
fn members_that_are_units_are_no_people() {
    assert_eq!(read("成员单位：市财政局、市教育局。"), "");
}

#[test]
fn a_roster_told_in_sentences_is_read() {
    insta::assert_snapshot!(read("成立工作专班，由张三同志任组长，李四、王五任副组长，成员由市财政局局长赵明、市教育局党组书记、局长孙立本（兼）和周帆组成。"), @"
    Leader 张三 
    Deputy 李四 
    Deputy 王五 
    Member 赵明 市财政局局长
    Member 孙立本 市教育局党组书记、局长
    Member 周帆
    ");
    insta::assert_snapshot!(read("组长由市政府副市长张三担任，副组长由市发展和改革局局长李四、市财政局局长王五同志担任。办公室主任由李四同志兼任，赵明兼任办公室副主任。"), @"
    Leader 张三 市政府副市长
    Deputy 李四 市发展和改革局局长
    Deputy 王五 市财政局局长
    Chief 李四 
    Staff 赵明
    ");
    insta::assert_snapshot!(read("主任由市长高远担任，副主任为李强、周帆。"), @"
    Leader 高远 市长
    Deputy 李强 
    Deputy 周帆
    ");
}

#[test]
fn seats_whose_names_cannot_be_read_are_told() {
    insta::assert_snapshot!(read("由县长任组长，分管副县长任副组长，成员由各有关部门主要负责同志组成。"), @"
    ? 由县长任组长
    ? 分管副县长任副组长
    ? 成员由各有关部门主要负责同志组成
    ");
}

#[test]
fn sentences_about_seats_are_no_roster() {
    for source in [
        "组长负责召集会议。",
        "选任主任时要听取意见。",
        "各小组长由班组长担任。",
        "委员会成员为无党派人士的，从其规定。",
        "严格落实责任，成员各负其责。",
    ] {
        assert_eq!(read(source), "", "{source}");
    }
}
