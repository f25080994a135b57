//! Whatever people do, nothing panics, and a talk can always be left.

use proptest::prelude::*;

use super::*;

/// One thing somebody does.
#[derive(Debug, Clone)]
enum Doing {
    Types(String),
    RepliesInGroup(String),
    Taps(usize),
    TapsInGroup(usize),
    Sends(Media),
    Edits(String),
    Presses(String),
    Waits(i64),
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "8",
            "9座",
            "80",
            "很多",
            "8到10",
            "-3",
            "0.4万",
            "正常",
            "已完成",
            "无",
            "同上次",
            "跳过",
            "上一步",
            "退出",
            "提交",
            "是",
            "否",
            "12月10日",
            "昨天",
            "市供电公司：接电",
            "/report",
            "/report 6",
            "/report 6-2",
            "/report 9-1",
            "/cancel",
            "/start report_6-3",
            "<b>&",
            "",
        ])
        .prop_map(str::to_owned),
        ".{0,20}",
        Just("长".repeat(1001)),
    ]
}

fn data() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "r:s",
            "r:m",
            "r:u",
            "r:l",
            "r:l:2",
            "r:l:t",
            "r:l:d",
            "r:i:6-1",
            "r:i:6-2",
            "r:i:9-1",
            "r:e:6-1",
            "r:f:6-1",
            "r:x:6-1",
            "r:g:0",
            "r:g:65535",
            "r:c:1",
            "r:c:16",
            "r:h:9-1",
            "r:h:6-1",
            "r:y:16:n",
            "r:n:16",
            "r:k:0",
        ])
        .prop_map(str::to_owned),
        "r:[a-z]:[a-z0-9:-]{0,12}",
        (0..20_u32, "[a-z0-9]{1,2}")
            .prop_map(|(stamp, tap)| format!("r:t:{stamp}:{tap}:li-junqing")),
    ]
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        4 => words().prop_map(Doing::Types),
        2 => words().prop_map(Doing::RepliesInGroup),
        6 => (0..12_usize).prop_map(Doing::Taps),
        3 => (0..12_usize).prop_map(Doing::TapsInGroup),
        1 => prop::sample::select(vec![Media::Sticker, Media::Voice, photo("1"), document("2", "a")]).prop_map(Doing::Sends),
        1 => words().prop_map(Doing::Edits),
        2 => data().prop_map(Doing::Presses),
        1 => (1..40_i64).prop_map(Doing::Waits),
    ]
}

fn does(stage: &mut Stage, user: i64, doing: Doing) -> String {
    match doing {
        Doing::Types(text) => stage.types(user, &text),
        Doing::RepliesInGroup(text) => stage.replies_about(&group(GROUP), user, &text, &["6-1"]),
        Doing::Taps(at) => tap_any(stage, user, user, at),
        Doing::TapsInGroup(at) => tap_any(stage, user, GROUP, at),
        Doing::Sends(media) => stage.sends_media(&private(user), user, media, Some("a")),
        Doing::Edits(text) => stage.edits_last(user, &text),
        Doing::Presses(data) => stage.presses(&private(user), user, Some(1), &data),
        Doing::Waits(days) => {
            stage.wait(TimeDelta::days(days));
            String::new()
        }
    }
}

/// Taps one of the newest buttons of a chat, whoever it was shown to.
fn tap_any(stage: &mut Stage, user: i64, chat: i64, at: usize) -> String {
    let Some((message_id, data)) = stage.any_button(chat, at) else {
        return String::new();
    };
    let place = if chat == GROUP {
        group(GROUP)
    } else {
        private(user)
    };
    stage.presses(&place, user, Some(message_id), &data)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_panics_and_a_talk_can_always_be_left(
        doings in prop::collection::vec((prop::sample::select(vec![LI, WANG, SUN, CHIEF]), doing()), 1..60),
        reachable in any::<bool>(),
    ) {
        let mut stage = stage();
        if !reachable {
            stage.unreach("li-junqing");
        }
        for (user, doing) in doings {
            does(&mut stage, user, doing);
            prop_assert!(stage.talk(user).unfinished_tasks().len() <= 21);
        }
        for user in [LI, WANG, SUN, CHIEF] {
            stage.types(user, "/cancel");
            prop_assert!(stage.talk(user).sitting.is_none(), "left by the command");
        }
    }

    #[test]
    fn a_talk_can_be_left_by_its_button_at_every_question(steps in prop::collection::vec(0..8_usize, 0..25)) {
        let mut stage = stage();
        stage.types(LI, "/report 6-1");
        for at in steps {
            tap_any(&mut stage, LI, LI, at);
            if stage.talk(LI).talk_home().is_some() {
                let newest = stage.newest(LI);
                let leaves = newest.contains("[退出]") || newest.contains("[返回核对]") || newest.contains("[继续填]") || newest.contains("[接着填]") || newest.contains("[填 ");
                prop_assert!(leaves, "{newest}");
            }
        }
    }
}
