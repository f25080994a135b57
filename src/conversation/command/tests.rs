//! Commands as people type them.

use super::*;

fn bot() -> BotAccount {
    BotAccount {
        id: 1,
        username: "DubanBot".to_owned(),
    }
}

fn text(text: &str) -> Happening {
    Happening::Text {
        message_id: 1,
        text: text.to_owned(),
        reply_to: None,
    }
}

fn read(typed: &str) -> Option<(Command, String)> {
    of(&bot(), &text(typed))
}

fn found(command: Command, argument: &str) -> Option<(Command, String)> {
    Some((command, argument.to_owned()))
}

#[test]
fn a_command_is_read_with_its_argument() {
    assert_eq!(read("/status 6"), found(Command::Status, "6"));
    assert_eq!(read("/report"), found(Command::Report, ""));
    assert_eq!(
        read("  /pause 系统\n升级  至12月1日 "),
        found(Command::Pause, "系统 升级 至12月1日")
    );
}

#[test]
fn the_bots_name_counts_in_any_case_and_another_bots_command_is_not_ours() {
    assert_eq!(read("/STATUS@dubanbot 6"), found(Command::Status, "6"));
    assert_eq!(read("/status@OtherBot 6"), None);
    assert!(meant_for_another(&bot(), &text("/status@OtherBot 6")));
    assert!(!meant_for_another(&bot(), &text("/status@DUBANBOT")));
    assert!(!meant_for_another(&bot(), &text("接电@供电公司")));
}

#[test]
fn what_chinese_keyboards_make_of_a_command_is_understood() {
    assert_eq!(read("／status　6"), found(Command::Status, "6"));
    assert_eq!(read("、report"), found(Command::Report, ""));
    assert_eq!(read("／ｒｅｐｏｒｔ"), found(Command::Report, ""));
    assert_eq!(read("/iam张三"), found(Command::Iam, "张三"));
    assert_eq!(read("/iam 张 三"), found(Command::Iam, "张 三"));
    assert_eq!(read("/status6"), found(Command::Status, "6"));
    assert_eq!(read("/状态6"), found(Command::Status, "6"));
    assert_eq!(read("/填报"), found(Command::Report, ""));
}

#[test]
fn what_only_looks_like_a_command_is_words() {
    assert_eq!(read("8/10"), None);
    assert_eq!(read("/"), None);
    assert_eq!(read("/ report"), None);
    assert_eq!(read("/8"), None);
    assert_eq!(read("/home/duban"), None);
    assert_eq!(read("、已完成"), None);
    assert_eq!(read("报告/status"), None);
}

#[test]
fn an_unknown_name_is_an_unknown_command() {
    assert_eq!(read("/statsu 6"), found(Command::Unknown, "statsu"));
    assert_eq!(read("/无"), found(Command::Unknown, "无"));
    assert_eq!(read("/reporter"), found(Command::Unknown, "reporter"));
}

#[test]
fn media_edits_and_presses_are_no_commands() {
    let edited = Happening::Edited {
        message_id: 1,
        text: "/status".to_owned(),
    };
    assert_eq!(of(&bot(), &edited), None);
    assert_eq!(of(&bot(), &Happening::Nothing), None);
}

#[test]
fn plain_words_stand_for_commands_only_as_whole_words() {
    assert_eq!(in_words("填报"), found(Command::Report, ""));
    assert_eq!(in_words(" 状态 住建局"), found(Command::Status, "住建局"));
    assert_eq!(in_words("状态良好"), None);
    assert_eq!(in_words(""), None);
}

#[test]
fn the_table_is_complete_and_each_name_finds_its_command() {
    for command in ALL {
        let entry = command.entry().unwrap();
        assert_eq!(Command::named(entry.name), Some(command));
        assert_eq!(read(&format!("/{}", entry.name)), found(command, ""));
    }
    assert!(Command::Unknown.entry().is_none());
}

#[test]
fn a_longer_command_word_stands_before_its_beginning() {
    for (at, (word, _)) in WORDS.iter().enumerate() {
        for (later, _) in &WORDS[at + 1..] {
            assert!(
                !later.starts_with(word),
                "{later} is never reached behind {word}"
            );
        }
    }
}

#[test]
fn strangers_see_start_and_iam_and_the_group_sees_no_office_command() {
    let (frame, standing) = (crate::conversation::testing::frame(), Standing::default());
    assert_eq!(
        menu_for(&frame, &standing, None, false),
        [Command::Start, Command::Iam]
    );
    assert_eq!(
        group_menu(),
        [
            Command::Report,
            Command::Status,
            Command::Overdue,
            Command::Missing,
            Command::History,
            Command::Digest,
            Command::Board,
            Command::Matters,
            Command::Cancel,
            Command::Help
        ]
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(typed in ".*") {
        let _ = read(&typed);
        let _ = read(&format!("/{typed}"));
        let _ = in_words(&typed);
    }
}
