//! Transcripts: how people become somebody, and how they cease to be.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::*;
use crate::conversation::testing::{GROUP, Stage, account, group, private};
use crate::conversation::{Happening, payload::Payload};
use crate::ledger::Account;

/// The code in the newest link shown to an account.
fn code_in(said: &str) -> String {
    let (_, rest) = said.split_once("?start=").expect("a link was shown");
    rest.chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect()
}

#[test]
fn a_stranger_gets_one_polite_line_a_day_and_silence_after_it() {
    let mut stage = Stage::live();
    assert_snapshot!(stage.types(50, "你好"), @"
        here: 我只在推动设备更新和以旧换新工作专班里工作。您若是成员，请向专班办公室要加入链接，或发送 /iam 姓名。
        counted 50
        ");
    assert_eq!(stage.types(50, "在吗"), "");
    assert_eq!(stage.types(50, "/status"), "");
    assert_snapshot!(stage.types(51, "/status 6"), @"
        here: 我只在推动设备更新和以旧换新工作专班里工作。您若是成员，请向专班办公室要加入链接，或发送 /iam 姓名。
        counted 51
        ");
}

#[test]
fn a_stranger_in_a_group_is_met_with_silence() {
    let mut stage = Stage::live();
    for text in ["你好", "/status", "/start@DubanBot", "/iam 李俊卿", "/here"] {
        assert_eq!(stage.types_in(&group(GROUP), 50, text), "", "{text}");
        assert_eq!(stage.types_in(&group(-7), 50, text), "", "{text}");
    }
    assert_eq!(stage.replies_in(&group(GROUP), 50, "8座"), "");
}

#[test]
fn a_strangers_press_is_answered_with_an_alert_and_changes_nothing() {
    let mut stage = Stage::live();
    assert_snapshot!(stage.presses(&group(GROUP), 50, Some(1), "r:s"), @"alert: 您还没有登记，这个按钮暂不能用。您若是专班成员，请私聊我发送 /iam 姓名，或向专班办公室要加入链接。");
    assert_snapshot!(stage.presses(&private(50), 50, Some(1), "p:c:50"), @"alert: 您还没有登记，这个按钮暂不能用。您若是专班成员，请私聊我发送 /iam 姓名，或向专班办公室要加入链接。");
}

#[test]
fn the_first_start_code_makes_the_office_chief_once() {
    let mut stage = Stage::new();
    stage.first_code_sha256 = Some(code_sha256("abc123"));
    assert_eq!(stage.types_in(&group(-7), 3, "/start@DubanBot abc123"), "");
    assert_snapshot!(stage.types(3, "/start abc123"), @"
        + bound luan-pin
        + reachable luan-pin
        here: 栾频同志，登记完成。您是推动设备更新和以旧换新工作专班成员、专班办公室主任（市发改局）。
        不得在这里填报涉密、工作秘密和个人敏感信息。

        尚未绑定工作群：请把我加入工作群，在群里发送 /here

        <b>常用命令</b>
        /report  填报进展
        /status 6  查看进度，可加举措号、单位或姓名
        /digest 16  查看周报，可加期号或月份
        /todo  查看待处理事项（私聊）
        /help  查看全部可用命令
        menu of luan-pin
        first code spent
        ");
    assert_snapshot!(stage.types(60, "/start abc123"), @"
        here: 链接无效或已经用过，请向专班办公室要新的。
        counted 60
        ");
    assert_snapshot!(stage.types(3, "/start abc123"), @"here: 链接无效或已经用过，请向专班办公室要新的。");
}

#[test]
fn a_first_start_code_of_somebody_bound_changes_nothing() {
    let mut stage = Stage::new();
    stage.bind("li-junqing", 8);
    stage.first_code_sha256 = Some(code_sha256("abc123"));
    assert_snapshot!(stage.types(8, "/start abc123"), @"here: 您已登记为李俊卿（市住建局）。这个链接是给别人的，请转给本人；您打开不会生效。");
}

#[test]
fn start_tells_who_one_is_and_what_one_can_do() {
    let mut stage = Stage::live();
    stage.bind("li-junqing", 8);
    stage.bind("liu-peigen", 1);
    assert_snapshot!(stage.types(8, "/start"), @"
        here: 李俊卿同志，您是推动设备更新和以旧换新工作专班成员（市住建局）。
        不得在这里填报涉密、工作秘密和个人敏感信息。

        <b>常用命令</b>
        /report  填报进展
        /status 6  查看进度，可加举措号、单位或姓名
        /digest 16  查看周报，可加期号或月份
        /help  查看全部可用命令
        ");
    assert_snapshot!(stage.types(1, "/start"), @"
        here: 刘培根同志，您是推动设备更新和以旧换新工作专班组长。
        不得在这里填报涉密、工作秘密和个人敏感信息。

        <b>常用命令</b>
        /status 6  查看进度，可加举措号、单位或姓名
        /digest 16  查看周报，可加期号或月份
        /help  查看全部可用命令
        ");
    assert_snapshot!(stage.types(3, "开始"), @"
        here: 栾频同志，您是推动设备更新和以旧换新工作专班成员、专班办公室主任（市发改局）。
        不得在这里填报涉密、工作秘密和个人敏感信息。

        <b>常用命令</b>
        /report  填报进展
        /status 6  查看进度，可加举措号、单位或姓名
        /digest 16  查看周报，可加期号或月份
        /todo  查看待处理事项（私聊）
        /help  查看全部可用命令
        ");
}

#[test]
fn a_link_binds_once_and_the_office_sees_by_whom() {
    let mut stage = Stage::live();
    let said = stage.types(3, "/invite 李俊卿");
    assert_snapshot!(said.replace(&code_in(&said), "CODE"), @"
        + invited li-junqing
        here: 李俊卿同志：请点此链接加入推动设备更新和以旧换新工作专班，7天内有效，只能用一次。
        https://t.me/DubanBot?start=CODE

        以上请私下转给本人，有效期至 11月30日 09:40 。链接使用后会告知您。
        [撤销链接]
        ");
    let code = code_in(&said);
    let stored = format!("{:?}", stage.standing.invites);
    assert!(!stored.contains(&code), "only the hash is kept");
    assert_eq!(
        stage.types_in(&group(GROUP), 8, &format!("/start {code}")),
        ""
    );
    assert_snapshot!(stage.types(8, &format!("/start {code}")), @"
        + bound li-junqing
        + reachable li-junqing
        here: 李俊卿同志，登记完成。您是推动设备更新和以旧换新工作专班成员（市住建局）。
        不得在这里填报涉密、工作秘密和个人敏感信息。

        <b>常用命令</b>
        /report  填报进展
        /status 6  查看进度，可加举措号、单位或姓名
        /digest 16  查看周报，可加期号或月份
        /help  查看全部可用命令
        menu of li-junqing
        office: (silent) 账号“账号8”已用链接登记为李俊卿（市住建局）。若不是本人，请点撤销。
        [撤销]
        ");
    assert_snapshot!(stage.types(9, &format!("/start {code}")), @"
        here: 链接无效或已经用过，请向专班办公室要新的。
        counted 9
        ");
    assert_snapshot!(stage.taps(3, "撤销"), @"
        + unbound li-junqing 8
        account 8: (silent) 您在本专班的登记已结束。如有疑问，请联系专班办公室。
        menu of li-junqing
        edit: 李俊卿（市住建局）的登记（账号“账号8”）已结束，草稿和待办保留。
        ");
    assert_snapshot!(stage.taps(3, "撤销链接"), @"alert: 这个链接已经用过、撤销，或被新链接代替。");
}

#[test]
fn a_binding_by_link_is_withdrawn_by_a_tap() {
    let mut stage = Stage::live();
    let code = code_in(&stage.types(3, "/invite 李俊卿"));
    stage.types(8, &format!("/start {code}"));
    let (message, data) = stage.button(3, "撤销");
    let said = stage.presses(&private(3), 3, Some(message), &data);
    assert_snapshot!(said, @"
        + unbound li-junqing 8
        account 8: (silent) 您在本专班的登记已结束。如有疑问，请联系专班办公室。
        menu of li-junqing
        edit: 李俊卿（市住建局）的登记（账号“账号8”）已结束，草稿和待办保留。
        ");
    assert!(stage.standing.person_of(8).is_none());
    assert_snapshot!(stage.presses(&private(3), 3, Some(message), &data), @"alert: 本条已由栾频于 09:40 处理，现在无需处理。");
}

#[test]
fn a_link_lives_seven_days() {
    let mut stage = Stage::live();
    let code = code_in(&stage.types(3, "/invite 李俊卿"));
    stage.wait(TimeDelta::days(7));
    assert_snapshot!(stage.types(8, &format!("/start {code}")), @"here: 链接已过期（有效期7天），请向专班办公室要新的。");
    assert!(stage.standing.person_of(8).is_none());
}

#[test]
fn an_office_member_who_opens_a_members_link_stays_who_they_are() {
    let mut stage = Stage::live();
    let code = code_in(&stage.types(3, "/invite 李俊卿"));
    assert_snapshot!(stage.types(3, &format!("/start {code}")), @"here: 您已登记为栾频（市发改局）。这个链接是给别人的，请转给本人；您打开不会生效。");
    assert!(
        stage
            .types(8, &format!("/start {code}"))
            .contains("+ bound li-junqing")
    );
}

#[test]
fn a_new_link_takes_the_place_of_the_old_one_and_a_withdrawn_one_is_dead() {
    let mut stage = Stage::live();
    let old = code_in(&stage.types(3, "/invite 李俊卿"));
    let (message, withdraw_old) = stage.button(3, "撤销链接");
    let new = code_in(&stage.types(3, "/invite 李 俊 卿"));
    assert_ne!(old, new);
    assert_snapshot!(stage.types(8, &format!("/start {old}")), @"
        here: 链接无效或已经用过，请向专班办公室要新的。
        counted 8
        ");
    assert_snapshot!(stage.presses(&private(3), 3, Some(message), &withdraw_old), @"alert: 这个链接已经用过、撤销，或被新链接代替。");
    assert_snapshot!(stage.taps(3, "撤销链接"), @"
        + invite_withdrawn li-junqing
        edit: 给李俊卿的链接已撤销。
        ");
    assert_eq!(stage.types(8, &format!("/start {new}")), "");
}

#[test]
fn leader_deputy_and_office_need_the_offices_word_even_with_a_link() {
    let mut stage = Stage::live();
    for (name, user_id) in [("刘培根", 1), ("张新龙", 2)] {
        let code = code_in(&stage.types(3, &format!("/invite {name}")));
        let said = stage.types(user_id, &format!("/start {code}"));
        assert!(said.contains("+ binding_requested"), "{said}");
        assert!(stage.standing.person_of(user_id).is_none());
        let again = stage.types(70, &format!("/start {code}"));
        assert!(again.contains("链接无效"), "the link is spent: {again}");
        stage.strangers.clear();
    }
    assert_snapshot!(stage.taps(3, "确认是本人"), @"
        + bound zhang-xinlong
        + reachable zhang-xinlong
        account 2: (silent) 张新龙同志，登记完成。您是推动设备更新和以旧换新工作专班副组长。
        不得在这里填报涉密、工作秘密和个人敏感信息。

        <b>常用命令</b>
        /report  填报进展
        /status 6  查看进度，可加举措号、单位或姓名
        /digest 16  查看周报，可加期号或月份
        /todo  查看待处理事项（私聊）
        /help  查看全部可用命令
        menu of zhang-xinlong
        edit: 账号“账号2”已登记为张新龙（副组长）。由栾频于 09:40 处理。
        ");
    assert!(stage.standing.person_of(2).is_some());
}

#[test]
fn iam_asks_the_office_which_confirms() {
    let mut stage = Stage::live();
    assert_snapshot!(stage.types(8, "/iam 李俊卿"), @"
        + binding_requested li-junqing
        office: (silent) <b>登记确认</b>
        账号“账号8”申请登记为李俊卿（市住建局）。
        账号名可以随意改动，请向本人核实后再确认。
        [确认是本人] [不是]
        here: 已把您登记为“李俊卿”的申请报专班办公室确认，结果会在这里告知。
        ");
    assert_snapshot!(stage.types(8, "/iam 李俊卿"), @"here: 您登记为“李俊卿”的申请还在等专班办公室确认，请勿重复提交。");
    assert_snapshot!(stage.types(8, "/iam 孙洪斌"), @"here: 您登记为“李俊卿”的申请还在等专班办公室确认，请勿重复提交。");
    assert_snapshot!(stage.taps(3, "确认是本人"), @"
        + bound li-junqing
        + reachable li-junqing
        account 8: (silent) 李俊卿同志，登记完成。您是推动设备更新和以旧换新工作专班成员（市住建局）。
        不得在这里填报涉密、工作秘密和个人敏感信息。

        <b>常用命令</b>
        /report  填报进展
        /status 6  查看进度，可加举措号、单位或姓名
        /digest 16  查看周报，可加期号或月份
        /help  查看全部可用命令
        menu of li-junqing
        edit: 账号“账号8”已登记为李俊卿（市住建局）。由栾频于 09:40 处理。
        ");
    assert_snapshot!(stage.types(8, "/iam 李俊卿"), @"here: 您已登记为李俊卿（市住建局），无需再次登记。");
}

#[test]
fn iam_is_declined_and_may_be_asked_again() {
    let mut stage = Stage::live();
    stage.types(8, "我是 李 俊 卿");
    assert_snapshot!(stage.taps(3, "不是"), @"
        + binding_declined li-junqing 8
        account 8: (silent) 您的登记申请未通过。如有疑问，请联系专班办公室。
        edit: 账号“账号8”登记为李俊卿（市住建局）的申请未通过。由栾频于 09:40 处理。
        ");
    assert!(stage.types(8, "/iam李俊卿").contains("+ binding_requested"));
}

#[test]
fn an_unknown_name_and_a_taken_one_get_the_same_answer() {
    let mut stage = Stage::live();
    let unknown = stage.types(8, "/iam 王二麻子");
    assert_snapshot!(unknown, @"here: 没有可以登记的“王二麻子”。请核对姓名，或向专班办公室要加入链接。");
    let taken = stage.types(8, "/iam 栾频");
    assert_eq!(taken.replace("栾频", "X"), unknown.replace("王二麻子", "X"));
    assert_snapshot!(stage.types(8, "/iam"), @"here: 请连同姓名发送，例如：/iam 张三");
    let odd = stage.types(
        8,
        "/iam <b>&\u{202e}很长的名字很长的名字很长的名字很长的名字很长的名字很长的名字很长的名字很长的名字",
    );
    assert!(odd.contains("“&lt;b&gt;&amp;很长"), "{odd}");
    assert!(odd.contains("…”"), "{odd}");
}

#[test]
fn of_two_who_claim_a_name_one_is_confirmed_and_the_other_told_no() {
    let mut stage = Stage::live();
    stage.types(8, "/iam 李俊卿");
    let (first, confirm_first) = stage.button(3, "确认是本人");
    stage.types(9, "/iam 李俊卿");
    assert_snapshot!(stage.taps(3, "确认是本人"), @"
        + bound li-junqing
        + reachable li-junqing
        + binding_declined li-junqing 8
        account 8: (silent) 您的登记申请未通过。如有疑问，请联系专班办公室。
        account 9: (silent) 李俊卿同志，登记完成。您是推动设备更新和以旧换新工作专班成员（市住建局）。
        不得在这里填报涉密、工作秘密和个人敏感信息。

        <b>常用命令</b>
        /report  填报进展
        /status 6  查看进度，可加举措号、单位或姓名
        /digest 16  查看周报，可加期号或月份
        /help  查看全部可用命令
        menu of li-junqing
        edit: 账号“账号9”已登记为李俊卿（市住建局）。由栾频于 09:40 处理。
        ");
    assert_snapshot!(stage.presses(&private(3), 3, Some(first), &confirm_first), @"
        alert: 本条已由栾频于 09:40 处理，现在无需处理。
        edit: 本条已由栾频于 09:40 处理，现在无需处理。
        ");
}

#[test]
fn the_second_member_of_the_office_sees_who_decided() {
    let mut stage = Stage::live();
    stage.bind("zhang-xinlong", 2);
    stage.append(
        Actor::Host,
        Act::OfficeGranted {
            person: "zhang-xinlong".into(),
        },
    );
    stage.types(8, "/iam 李俊卿");
    let (theirs, decline) = stage.button(2, "不是");
    stage.taps(3, "确认是本人");
    stage.wait(TimeDelta::minutes(3));
    assert_snapshot!(stage.presses(&private(2), 2, Some(theirs), &decline), @"
        alert: 本条已由栾频于 09:40 处理，现在无需处理。
        edit: 账号“账号8”已登记为李俊卿（市住建局）。由栾频于 09:40 处理。
        ");
    assert!(stage.standing.person_of(8).is_some());
}

#[test]
fn open_requests_are_bounded() {
    let mut stage = Stage::live();
    let names: Vec<String> = stage
        .frame
        .plan
        .members
        .iter()
        .map(|it| it.name.clone())
        .collect();
    for (user_id, name) in (100..).zip(names.iter().filter(|name| *name != "栾频").take(20)) {
        assert!(
            stage
                .types(user_id, &format!("/iam {name}"))
                .contains("+ binding_requested")
        );
    }
    assert_snapshot!(stage.types(200, &format!("/iam {}", names.last().unwrap())), @"here: 待确认的申请较多。请直接向专班办公室要加入链接。");
}

#[test]
fn only_the_office_invites_confirms_and_rebinds() {
    let mut stage = Stage::live();
    stage.bind("li-junqing", 8);
    stage.types(50, "/iam 孙洪斌");
    let (message, confirm) = stage.button(3, "确认是本人");
    assert_snapshot!(stage.presses(&private(8), 8, Some(message), &confirm), @"alert: 这一操作由专班办公室或副组长办理。您可用 /help 查看自己的命令。");
    let refused = stage.types(8, "/invite");
    assert_snapshot!(refused, @"here: 这一操作由专班办公室或副组长办理。您可用 /help 查看自己的命令。");
    assert_eq!(stage.types(8, "/rebind 栾频"), refused);
    assert!(stage.standing.person_of(50).is_none());
    stage.bind("zhang-xinlong", 2);
    assert!(
        stage.types(2, "/invite").contains("未登记"),
        "the deputy leader may"
    );
}

#[test]
fn links_are_made_in_private_only() {
    let mut stage = Stage::live();
    assert_snapshot!(stage.types_in(&group(GROUP), 3, "/invite"), @"
        here: /invite 请在与我的私聊里使用。
        [打开私聊↗]
        ");
    let invite = Payload::People(Press::Invite("li-junqing".into())).encode();
    assert_snapshot!(stage.presses(&group(GROUP), 3, Some(1), &invite), @"alert: 这个按钮已失效。填报请用 /report，查看进度请用 /status。");
    assert!(stage.standing.invites.is_empty());
}

#[test]
fn invite_lists_who_is_not_bound_page_by_page() {
    let mut stage = Stage::live();
    stage.types(50, "/iam 高伟");
    assert_snapshot!(stage.types(3, "/invite"), @"
        here: <b>未登记24人</b>，已登记1人
        点姓名生成加入链接，7天内有效，只能用一次，请私下转给本人。带 ✉ 的已有链接，再点会换新的。
        待确认：账号“账号50” → 高伟（市科技局）
        [刘培根 组长] [张新龙 副组长]
        [孙洪斌 市教体局] [高伟 市科技局]
        [宋校政 市工信局] [刘浩 市公安局]
        [于晓蓉 市财政局] [杨勇 市自然资源局]
        [李俊卿 市住建局] [赵春晖 市交通局]
        [确认 高伟] [不是 高伟]
        [下一页]
        ");
    assert_snapshot!(stage.taps(3, "下一页"), @"
        edit: <b>未登记24人</b>，已登记1人
        点姓名生成加入链接，7天内有效，只能用一次，请私下转给本人。带 ✉ 的已有链接，再点会换新的。
        待确认：账号“账号50” → 高伟（市科技局）
        [蒋德强 市农业农村局] [李强 市海洋局]
        [孙婧 市商务局] [姜子华 市文旅局]
        [殷宗震 市卫健局] [苏国洪 市应急局]
        [宫洪波 市市场监管局] [杜超 市供销社]
        [于福盟 市机关事务中心] [宋波 生态环境分局]
        [确认 高伟] [不是 高伟]
        [上一页] [下一页]
        ");
    stage.taps(3, "上一页");
    let said = stage.taps(3, "李俊卿");
    assert!(said.contains("+ invited li-junqing"), "{said}");
    assert!(stage.types(3, "/invite").contains("[✉ 李俊卿"));
    assert_snapshot!(stage.types(3, "/invite 王二"), @"here: 名单里没有“王二”。请核对姓名，未登记人员见 /invite");
    assert_snapshot!(stage.types(3, "/invite 栾频"), @"here: 栾频（市发改局）已登记。换号请用 /rebind 栾频");
}

#[test]
fn invite_with_everybody_bound_says_so() {
    let mut stage = Stage::live();
    let ids: Vec<String> = stage
        .frame
        .plan
        .members
        .iter()
        .map(|it| it.id.to_string())
        .collect();
    for (user_id, id) in (100..).zip(&ids) {
        if id != "luan-pin" {
            stage.bind(id, user_id);
        }
    }
    assert_snapshot!(stage.types(3, "/invite"), @"here: 名单上25人均已登记。");
}

#[test]
fn rebind_ends_the_old_account_and_makes_a_link() {
    let mut stage = Stage::live();
    stage.bind("li-junqing", 8);
    assert_snapshot!(stage.types(3, "/rebind"), @"here: 请连同姓名发送，例如：/rebind 张三");
    assert_snapshot!(stage.types(3, "/rebind 李俊卿"), @"
        here: 李俊卿（市住建局）现登记的账号是“账号8”。确认后旧账号立即停用，并生成新链接；草稿和待办保留。
        [停用并生成链接] [退出]
        ");
    assert!(
        stage.standing.person_of(8).is_some(),
        "nothing ends before the tap"
    );
    let said = stage.taps(3, "停用并生成链接");
    assert_snapshot!(said.replace(&code_in(&said), "CODE"), @"
        + unbound li-junqing 8
        + invited li-junqing
        account 8: (silent) 您在本专班的登记已结束。如有疑问，请联系专班办公室。
        menu of li-junqing
        edit: 李俊卿（市住建局）的登记（账号“账号8”）已结束，草稿和待办保留。
        here: 李俊卿同志：请点此链接加入推动设备更新和以旧换新工作专班，7天内有效，只能用一次。
        https://t.me/DubanBot?start=CODE

        以上请私下转给本人，有效期至 11月30日 09:40 。链接使用后会告知您。
        [撤销链接]
        ");
    assert_snapshot!(stage.types(8, "/status"), @"
        here: 我只在推动设备更新和以旧换新工作专班里工作。您若是成员，请向专班办公室要加入链接，或发送 /iam 姓名。
        counted 8
        ");
    assert!(
        stage
            .types(9, &format!("/start {}", code_in(&said)))
            .contains("+ bound li-junqing")
    );
}

#[test]
fn half_finished_items_follow_a_person_to_the_new_account() {
    let mut stage = Stage::live();
    stage.bind("li-junqing", 8);
    stage.types(8, "/report 6-1");
    stage.taps(8, "尚未完成");
    assert!(
        stage
            .talk(8)
            .sitting
            .is_some_and(|it| it.draft().is_some_and(|it| it.begun()))
    );
    stage.types(3, "/rebind 李俊卿");
    let code = code_in(&stage.taps(3, "停用并生成链接"));
    let said = stage.types(9, &format!("/start {code}"));
    assert!(said.contains("talk of Some(8) goes to 9"), "{said}");
    assert_eq!(stage.talk(8), Conversation::default());
    assert_eq!(stage.talk(9).unfinished_tasks(), ["6-1".into()]);
    assert!(stage.types(9, "/report 6-1").contains("[接着填]"));
}

#[test]
fn what_an_account_began_as_somebody_else_does_not_stay_with_it() {
    let mut stage = Stage::live();
    stage.bind("li-junqing", 8);
    stage.types(8, "/report 6-1");
    stage.taps(8, "尚未完成");
    let (person, user_id) = ("li-junqing".into(), 8);
    stage.append(Actor::Host, Act::Unbound { person, user_id });
    let code = code_in(&stage.types(3, "/invite 孙婧"));
    let said = stage.types(8, &format!("/start {code}"));
    assert!(said.contains("talk of None goes to 8"), "{said}");
    assert_eq!(stage.talk(8), Conversation::default());
}

#[test]
fn the_same_account_bound_again_goes_on_where_it_was() {
    let mut stage = Stage::live();
    stage.bind("li-junqing", 8);
    stage.types(8, "/report 6-1");
    let (person, user_id) = ("li-junqing".into(), 8);
    stage.append(Actor::Host, Act::Unbound { person, user_id });
    let code = code_in(&stage.types(3, "/invite 李俊卿"));
    let said = stage.types(8, &format!("/start {code}"));
    assert!(!said.contains("goes to"), "{said}");
    assert!(stage.talk(8).sitting.is_some());
}

#[test]
fn rebind_can_be_left_and_a_stale_confirmation_does_nothing() {
    let mut stage = Stage::live();
    stage.bind("li-junqing", 8);
    stage.types(3, "/rebind 李俊卿");
    let (message, sure) = stage.button(3, "停用并生成链接");
    assert_snapshot!(stage.taps(3, "退出"), @"edit: 已退出。");
    stage.append(
        Actor::Host,
        Act::Unbound {
            person: "li-junqing".into(),
            user_id: 8,
        },
    );
    stage.bind("li-junqing", 18);
    assert_snapshot!(stage.presses(&private(3), 3, Some(message), &sure), @"alert: 本条已由主机管理员于 09:40 处理，现在无需处理。");
    assert!(stage.standing.person_of(18).is_some());
}

#[test]
fn the_last_member_of_the_office_cannot_be_removed() {
    let mut stage = Stage::live();
    assert_snapshot!(stage.types(3, "/rebind 栾频"), @"here: 栾频是专班办公室唯一已登记的人员，不能移除。请先为办公室另一人登记；账号丢失的，在主机上运行 duban bind --person luan-pin --office");
    let unbind = Payload::People(Press::Unbind("luan-pin".into(), 3)).encode();
    assert_snapshot!(stage.presses(&private(3), 3, Some(1), &unbind), @"alert: 栾频是专班办公室唯一已登记的人员，不能移除。请先为办公室另一人登记；账号丢失的，在主机上运行 duban bind --person luan-pin --office");
    assert!(stage.standing.person_of(3).is_some());
}

#[test]
fn the_first_word_in_private_notes_that_the_chat_works_and_blocking_that_it_does_not() {
    let mut stage = Stage::live();
    let bound = Act::Bound {
        person: "li-junqing".into(),
        account: account(8),
        way: BindingWay::File,
    };
    stage.append(Actor::Host, bound);
    assert!(
        !stage
            .types_in(&group(GROUP), 8, "/help")
            .contains("+ reachable")
    );
    assert!(
        stage
            .types(8, "/start")
            .starts_with("+ reachable li-junqing")
    );
    assert!(!stage.types(8, "/start").contains("+ reachable"));
    let membership = |present| Happening::BotMembership {
        present,
        administrator: false,
    };
    let sender = || Sender::Account(account(8));
    assert_snapshot!(stage.happens(sender(), private(8), membership(false)), @"
        + unreachable li-junqing
        luan-pin: (silent) 李俊卿（市住建局）停用了与我的私聊，提醒暂时送不到本人。请提醒其重新打开私聊。
        ");
    assert_eq!(stage.happens(sender(), private(8), membership(false)), "");
    assert_snapshot!(stage.happens(sender(), private(8), membership(true)), @"
        + reachable li-junqing
        menu of li-junqing
        ");
    assert_eq!(
        stage.happens(Sender::Account(account(50)), private(50), membership(false)),
        ""
    );
}

#[test]
fn an_accounts_name_is_shown_as_typed_and_on_one_line() {
    let mut stage = Stage::live();
    let sender = Sender::Account(Account {
        user_id: 8,
        name: "<b>李</b>\n确认&".to_owned(),
        username: Some("li_jq".to_owned()),
    });
    let happening = stage.text("/iam 李俊卿", None);
    assert_snapshot!(stage.happens(sender, private(8), happening), @"
        + binding_requested li-junqing
        office: (silent) <b>登记确认</b>
        账号“&lt;b&gt;李&lt;/b&gt; 确认&amp;”（@li_jq）申请登记为李俊卿（市住建局）。
        账号名可以随意改动，请向本人核实后再确认。
        [确认是本人] [不是]
        here: 已把您登记为“李俊卿”的申请报专班办公室确认，结果会在这里告知。
        ");
}

proptest::proptest! {
    #[test]
    fn button_data_comes_back_as_it_was_written(
        user_id: i64, page: u16, id in "[a-z0-9-]{1,24}", digits in "[0-9a-f]{8}", kind in 0..8u8
    ) {
        let person = PersonId::new(id);
        let press = match kind {
            0 => Press::Confirm(user_id),
            1 => Press::Decline(user_id),
            2 => Press::Invite(person),
            3 => Press::Page(page),
            4 => Press::WithdrawLink(person, digits),
            5 => Press::Unbind(person, user_id),
            6 => Press::Rebind(person, user_id),
            _ => Press::Leave,
        };
        let data = Payload::People(press.clone()).encode();
        proptest::prop_assert!(data.len() <= crate::conversation::payload::DATA_LIMIT);
        proptest::prop_assert_eq!(Payload::decode(&data), Some(Payload::People(press)));
    }

    #[test]
    fn forged_button_data_never_panics(data in "([rpoq]:)?.{0,64}") {
        let _ = Payload::decode(&data);
        let mut stage = Stage::live();
        let said = stage.presses(&private(3), 3, None, &data);
        proptest::prop_assert!(!said.contains("+ bound"), "{}", said);
    }
}
