//! Transcripts: a group is bound, moved, lost, migrated; foreign groups, anonymous administrators and channels.

use insta::assert_snapshot;

use super::*;
use crate::conversation::ReplyTo;
use crate::conversation::testing::{GROUP, Stage, account, group, private};

const OTHER: i64 = -2002;

fn from(user_id: i64) -> Sender {
    Sender::Account(account(user_id))
}

fn membership(present: bool) -> Happening {
    Happening::BotMembership {
        present,
        administrator: true,
    }
}

fn topic(chat: i64, thread: i32) -> Place {
    Place {
        thread: Some(thread),
        ..group(chat)
    }
}

/// The chief is bound, no group is.
fn chief_alone() -> Stage {
    let mut stage = Stage::new();
    stage.bind("luan-pin", 3);
    stage
}

#[test]
fn the_office_chief_adds_the_bot_and_the_group_is_bound() {
    let mut stage = chief_alone();
    assert_snapshot!(stage.happens(from(3), group(GROUP), membership(true)), @"
        + group_bound -1001
        here: 已把本群设为推动设备更新和以旧换新工作专班的工作群。
        绑定不会开始发送；核对后请专班办公室用 /golive 正式启用。
        在群里请点按钮，或直接回复我的消息；其他发言我看不到。
        status
        ");
    assert_eq!(stage.happens(from(3), group(GROUP), membership(true)), "");
    assert_eq!(stage.standing.live_since, None, "binding starts nothing");
}

#[test]
fn here_binds_a_group_or_a_topic_of_it() {
    let mut stage = chief_alone();
    assert_snapshot!(stage.types_in(&group(GROUP), 3, "/here"), @"
        + group_bound -1001
        here: 已把本群设为推动设备更新和以旧换新工作专班的工作群。
        绑定不会开始发送；核对后请专班办公室用 /golive 正式启用。
        在群里请点按钮，或直接回复我的消息；其他发言我看不到。
        status
        ");
    assert_snapshot!(stage.types_in(&group(GROUP), 3, "/here@DubanBot"), @"here: 这里已经是工作群，无需再绑定。");
    assert_snapshot!(stage.types_in(&topic(GROUP, 7), 3, "/here"), @"
        + group_bound -1001 7
        here: 已把本话题设为推动设备更新和以旧换新工作专班的工作群。
        绑定不会开始发送；核对后请专班办公室用 /golive 正式启用。
        在群里请点按钮，或直接回复我的消息；其他发言我看不到。
        status
        ");
    assert_snapshot!(stage.types(3, "/here"), @"here: /here 请在工作群（或话题）里发送。");
}

#[test]
fn only_the_office_binds_a_group() {
    let mut stage = chief_alone();
    stage.bind("li-junqing", 8);
    assert_snapshot!(stage.types_in(&group(GROUP), 8, "/here"), @"here: 这一操作由专班办公室或副组长办理。您可用 /help 查看自己的命令。");
    assert!(stage.standing.group.is_none());
    assert_snapshot!(stage.happens(from(8), group(GROUP), membership(true)), @"
        foreign group -1001
        here: 我只在指定的工作群里工作。若这里就是工作群，请专班办公室人员在群里发送 /here；24小时内无人确认，我会自行退出。
        counted 8
        ");
    assert!(stage.standing.group.is_none());
}

#[test]
fn a_group_that_a_stranger_made_gets_one_line_and_is_noted() {
    let mut stage = Stage::live();
    assert_snapshot!(stage.happens(from(50), group(OTHER), membership(true)), @"
        foreign group -2002
        here: 我只在指定的工作群里工作。若这里就是工作群，请专班办公室人员在群里发送 /here；24小时内无人确认，我会自行退出。
        counted 50
        ");
    assert_snapshot!(stage.happens(from(50), group(OTHER), membership(true)), @"foreign group -2002");
}

#[test]
fn moving_to_another_group_takes_two_taps() {
    let mut stage = Stage::live();
    assert_snapshot!(stage.types_in(&group(OTHER), 3, "/here"), @"
        here: 工作群现在是另一个群。要迁到这里吗？
        [迁到这里] [不迁]
        ");
    assert_snapshot!(stage.taps_in(&group(OTHER), 50, "迁到这里"), @"alert: 您还没有登记，这个按钮暂不能用。您若是专班成员，请私聊我发送 /iam 姓名，或向专班办公室要加入链接。");
    assert_snapshot!(stage.taps_in(&group(OTHER), 3, "迁到这里"), @"
        edit: 再点一次即迁到这里，原群不再收到提醒和周报。
        [确认迁移] [不迁]
        ");
    let (message, sure) = stage.button(OTHER, "确认迁移");
    assert_snapshot!(stage.taps_in(&group(OTHER), 3, "确认迁移"), @"
        + group_bound -2002
        edit: 已把本群设为推动设备更新和以旧换新工作专班的工作群。
        提醒和周报今后发到这里。
        在群里请点按钮，或直接回复我的消息；其他发言我看不到。
        status
        ");
    assert_eq!(stage.standing.group.as_ref().map(|it| it.chat), Some(OTHER));
    assert_snapshot!(stage.presses(&group(OTHER), 3, Some(message), &sure), @"alert: 本条已由栾频于 09:40 处理，现在无需处理。");
}

#[test]
fn a_move_can_be_left_and_other_members_of_the_office_hear_of_one() {
    let mut stage = Stage::live();
    stage.bind("zhang-xinlong", 2);
    assert!(
        stage
            .happens(from(2), group(OTHER), membership(true))
            .contains("要迁到这里吗")
    );
    assert_snapshot!(stage.taps_in(&group(OTHER), 2, "不迁"), @"edit: 工作群不变，仍是原来的群。");
    assert_eq!(stage.standing.group.as_ref().map(|it| it.chat), Some(GROUP));
    stage.types_in(&group(OTHER), 2, "/here");
    stage.taps_in(&group(OTHER), 2, "迁到这里");
    assert_snapshot!(stage.taps_in(&group(OTHER), 2, "确认迁移"), @"
        + group_bound -2002
        edit: 已把本群设为推动设备更新和以旧换新工作专班的工作群。
        提醒和周报今后发到这里。
        在群里请点按钮，或直接回复我的消息；其他发言我看不到。
        status
        luan-pin: (silent) 张新龙改了工作群（或话题），提醒和周报今后发到新的地方。
        ");
}

#[test]
fn a_lost_group_is_told_to_the_office_once_and_comes_back() {
    let mut stage = Stage::live();
    assert_snapshot!(stage.happens(from(50), group(GROUP), membership(false)), @"
        + group_lost -1001
        office: (silent) 我已被移出工作群，或不能在群里发言。群内提醒和周报暂时发不出，私聊照常。请把我重新加入，或在新群里发送 /here
        ");
    assert_eq!(stage.happens(from(50), group(GROUP), membership(false)), "");
    assert_snapshot!(stage.happens(from(50), group(GROUP), membership(true)), @"
        + group_bound -1001
        group: (silent) 已把本群设为推动设备更新和以旧换新工作专班的工作群。
        提醒和周报今后发到这里。
        在群里请点按钮，或直接回复我的消息；其他发言我看不到。
        status
        ");
}

#[test]
fn a_lost_group_gives_way_to_a_new_one_without_asking() {
    let mut stage = Stage::live();
    stage.happens(from(50), group(GROUP), membership(false));
    assert!(
        stage
            .types_in(&group(OTHER), 3, "/here")
            .contains("+ group_bound -2002")
    );
}

#[test]
fn losing_a_foreign_group_is_nothing() {
    let mut stage = Stage::live();
    assert_eq!(stage.happens(from(50), group(OTHER), membership(false)), "");
}

#[test]
fn a_migration_is_taken_once_in_either_order() {
    let events = [
        (group(GROUP), Happening::MigratedTo(-1_002_003)),
        (group(-1_002_003), Happening::MigratedFrom(GROUP)),
    ];
    for order in [[0, 1], [1, 0]] {
        let mut stage = Stage::live();
        let mut said = Vec::new();
        for index in order {
            let (place, happening) = events[index].clone();
            said.push(stage.happens(from(50), place, happening));
        }
        assert_eq!(said, ["+ group_migrated -1001 -1002003\nstatus", ""]);
        let bound = stage.standing.group.as_ref().expect("still bound");
        assert_eq!((bound.chat, bound.usable), (-1_002_003, true));
    }
    let mut stage = Stage::live();
    assert_eq!(
        stage.happens(from(50), group(OTHER), Happening::MigratedTo(-9)),
        ""
    );
}

#[test]
fn a_closed_topic_is_told_to_the_office_and_posts_go_to_the_group() {
    let mut stage = chief_alone();
    stage.types_in(&topic(GROUP, 7), 3, "/here");
    assert_eq!(
        stage.happens(from(50), topic(GROUP, 8), Happening::TopicClosed),
        ""
    );
    assert_snapshot!(stage.happens(from(50), topic(GROUP, 7), Happening::TopicClosed), @"
        + topic_lost -1001
        office: (silent) 工作话题已关闭或删除，群内消息改发到群里。要换话题，请在新话题里发送 /here
        status
        ");
    assert_eq!(
        stage.happens(from(50), topic(GROUP, 7), Happening::TopicClosed),
        ""
    );
    assert_eq!(stage.standing.group.as_ref().and_then(|it| it.thread), None);
}

#[test]
fn anonymous_administrators_and_channels_are_asked_for_their_own_account() {
    let mut stage = Stage::live();
    for sender in [Sender::AnonymousAdmin, Sender::Channel] {
        for text in ["/status", "/here", "/golive@DubanBot"] {
            let happening = stage.text(text, None);
            let said = stage.happens(sender.clone(), group(GROUP), happening);
            assert_eq!(
                said,
                "here: 请用本人账号操作。匿名管理员和频道身份不能使用。"
            );
        }
        let reply = ReplyTo {
            message_id: 4,
            from_bot: true,
            talk: None,
            text: None,
            about: Vec::new(),
        };
        let happening = stage.text("8座", Some(reply));
        assert!(
            stage
                .happens(sender.clone(), group(GROUP), happening)
                .contains("本人账号")
        );
        let happening = Happening::Pressed {
            query_id: "q".into(),
            data: "o:G".into(),
            message_id: Some(1),
        };
        let said = stage.happens(sender.clone(), group(GROUP), happening);
        assert_eq!(
            said,
            "alert: 请用本人账号操作。匿名管理员和频道身份不能使用。"
        );
        let happening = stage.text("大家好", None);
        assert_eq!(stage.happens(sender.clone(), group(GROUP), happening), "");
        let happening = stage.text("/status@OtherBot", None);
        assert_eq!(stage.happens(sender, group(GROUP), happening), "");
    }
    assert_eq!(stage.standing.seq, 5, "nobody got a right by it");
}

#[test]
fn an_anonymous_administrator_who_wants_to_bind_a_group_is_told_how_once() {
    let mut stage = chief_alone();
    let happening = stage.text("/here", None);
    assert_snapshot!(stage.happens(Sender::AnonymousAdmin, group(OTHER), happening), @"
        here: 请用本人账号操作。匿名管理员和频道身份不能使用。
        counted -2002
        ");
    let happening = stage.text("/status", None);
    assert_eq!(
        stage.happens(Sender::AnonymousAdmin, group(OTHER), happening),
        ""
    );
    assert!(stage.standing.group.is_none());
}

#[test]
fn a_bound_person_in_a_foreign_group_is_told_where_to_go_and_sees_nothing() {
    let mut stage = Stage::live();
    stage.bind("li-junqing", 8);
    assert_snapshot!(stage.types_in(&group(OTHER), 8, "/status"), @"here: 这里不是工作群，请到工作群里使用，或私聊我。");
    assert_snapshot!(stage.types_in(&group(OTHER), 3, "/status"), @"here: 这里不是工作群。要改用这里，请发送 /here；也可以私聊我。");
    assert_eq!(stage.types_in(&group(OTHER), 8, "大家好"), "");
    assert_eq!(
        stage.types_in(&group(OTHER), 8, "/weather"),
        "",
        "another bot's"
    );
    assert_snapshot!(stage.presses(&group(OTHER), 8, Some(1), "r:s"), @"alert: 这里不是工作群，请到工作群里使用，或私聊我。");
    assert_snapshot!(stage.presses(&group(OTHER), 8, Some(1), "o:v:s"), @"alert: 这一操作由专班办公室或副组长办理。您可用 /help 查看自己的命令。");
    assert_eq!(stage.standing.group.as_ref().map(|it| it.chat), Some(GROUP));
}

#[test]
fn in_the_group_only_what_is_addressed_to_the_bot_is_heard() {
    let mut stage = Stage::live();
    stage.bind("li-junqing", 8);
    for text in ["大家好", "状态", "填报", "8座"] {
        assert_eq!(stage.types_in(&group(GROUP), 8, text), "", "{text}");
    }
    assert_eq!(stage.types_in(&group(GROUP), 8, "/status@OtherBot"), "");
}

#[test]
fn a_start_in_the_group_points_to_the_private_chat() {
    let mut stage = Stage::live();
    assert_snapshot!(stage.types_in(&group(GROUP), 3, "/start@DubanBot"), @"
        here: /start 请在与我的私聊里使用。
        [打开私聊↗]
        ");
}

#[test]
fn old_and_forged_buttons_get_an_alert() {
    let mut stage = Stage::live();
    for data in [
        "",
        "x",
        "zzz",
        "r:",
        "o:t:1",
        "p:c:",
        "o:P:q:1",
        "r:t:1:k",
        "\u{0}",
        "o:n:20261332:g-1",
    ] {
        let said = stage.presses(&private(3), 3, Some(1), data);
        assert_eq!(
            said, "alert: 这个按钮已失效。填报请用 /report，查看进度请用 /status。",
            "{data}"
        );
    }
}

#[test]
fn channels_are_silence() {
    let mut stage = Stage::live();
    let channel = Place {
        chat: -5,
        kind: ChatKind::Channel,
        thread: None,
    };
    for sender in [Sender::Channel, from(3)] {
        let happening = stage.text("/status", None);
        assert_eq!(stage.happens(sender, channel.clone(), happening), "");
    }
    assert_eq!(stage.happens(from(3), channel, membership(true)), "");
}

#[test]
fn service_messages_are_silence() {
    let mut stage = Stage::live();
    for happening in [Happening::MembersChanged, Happening::Nothing] {
        assert_eq!(stage.happens(from(50), group(GROUP), happening), "");
    }
}
