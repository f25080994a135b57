//! Settings files, right and wrong.

use chrono::Datelike;

use super::*;

const SHIPPED: &str = include_str!("../../config/duban.toml");

fn mistakes(source: &str) -> Vec<(usize, MistakeKind)> {
    let mistakes = Settings::read(source, "duban.toml").expect_err("the file is wrong");
    mistakes
        .into_iter()
        .map(|mistake| (mistake.line, mistake.what))
        .collect()
}

#[test]
fn an_empty_file_means_the_defaults_and_the_shipped_file_spells_them_out() {
    assert_eq!(
        Settings::read("", "duban.toml").unwrap(),
        Settings::default()
    );
    assert_eq!(
        Settings::read(SHIPPED, "duban.toml").unwrap(),
        Settings::default()
    );
}

#[test]
fn settings_are_written_out_and_read_back() {
    let source = "slot = 10:00\nhours = [[\"07:00\", \"12:00\"], [\"13:00\", \"18:00\"]]\nmention_sound = \"never\"\n\
                  group_line = false\n[thresholds]\nred = 30.5\n[ladder]\ndays_before = [10, 0]\n[rhythm.monthly]\n\
                  ping = \"0 30 8 20 * *\"\n";
    let settings = Settings::read(source, "duban.toml").unwrap();
    assert_ne!(settings, Settings::default());
    assert_eq!(settings.thresholds.red.to_string(), "30.5");
    assert_eq!(
        Settings::read(&settings.written(), "adopted").unwrap(),
        settings
    );
    assert_eq!(
        Settings::read(&Settings::default().written(), "adopted").unwrap(),
        Settings::default()
    );
}

#[test]
fn tables_of_the_deployment_change_no_result() {
    let source = "[telegram]\nwebhook = true\n[server]\nport = 1\n[log]\njson = true\n";
    assert_eq!(
        Settings::read(source, "duban.toml").unwrap(),
        Settings::default()
    );
}

#[test]
fn every_mistake_is_told_at_once_with_its_line() {
    let source = "slot = \"08:00\"\npings_a_day = 0\ndigets = \"x\"\ndigest = \"0 0 16 30 2 *\"\n[thresholds]\nyellow = 30\n\
                  [ladder]\ndays_before = [7, 30]\n[rhythm.monthly]\nopens = \"0 0 9 22 * *\"\nping = \"0 0 9 15 * *\"\n";
    let found = mistakes(source);
    assert_eq!(
        found.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
        [1, 2, 3, 4, 6, 8, 11]
    );
    assert_eq!(
        found[0].1,
        SettingMistake::OutsideHours {
            field: "slot",
            text: "08:00".into()
        }
    );
    assert!(
        matches!(&found[2].1, FieldMistake::UnknownField { nearest: Some(near), .. } if near == "digest")
    );
    assert!(matches!(
        found[3].1,
        SettingMistake::CronNeverFires {
            field: "digest",
            ..
        }
    ));
    assert_eq!(found[4].1, SettingMistake::ThresholdsNotAscending);
    assert_eq!(found[5].1, SettingMistake::RungsNotDescending);
    assert!(matches!(
        found[6].1,
        SettingMistake::PingBeforeOpening { .. }
    ));
}

#[test]
fn cron_lines_must_parse_and_fire_once_in_every_period() {
    for line in [
        "x",
        "0 9 15 * *",
        "@monthly",
        "0 0 9 15 * * 2027",
        "0 0 9 32 * *",
        "0 0 9 */0 * *",
        "0 0 9 20-10 * *",
    ] {
        let found = mistakes(&format!("[rhythm.monthly]\nopens = \"{line}\""));
        assert_eq!(
            found,
            [(
                2,
                SettingMistake::Cron {
                    field: "opens",
                    text: line.into()
                }
            )]
        );
    }
    let missed = mistakes("[rhythm.monthly]\nopens = \"0 0 9 15 3 *\"");
    assert!(
        matches!(missed[..], [(2, SettingMistake::CronMissesPeriod { .. })]),
        "{missed:?}"
    );
    let missed = mistakes("[rhythm.monthly]\nping = \"0 0 9 31 * *\"");
    assert!(
        matches!(missed[..], [(2, SettingMistake::CronMissesPeriod { period, .. })] if period.month() == 2)
    );
    let often = mistakes("digest = \"* * * * * *\"");
    assert!(matches!(
        often[..],
        [(1, SettingMistake::CronTwiceADay { .. })]
    ));
    let late = mistakes("digest = \"0 0 20 * * Fri\"");
    assert!(matches!(
        late[..],
        [(1, SettingMistake::OutsideHours { .. })]
    ));
}

#[test]
fn hours_must_ascend_and_not_overlap() {
    let overlap = |hours: &str| mistakes(&format!("hours = {hours}"));
    assert_eq!(
        overlap(r#"[["09:00", "12:00"], ["11:00", "17:00"]]"#),
        [(1, SettingMistake::HoursOverlap)]
    );
    assert_eq!(
        overlap(r#"[["12:00", "09:00"]]"#),
        [(1, SettingMistake::HoursOverlap)]
    );
    assert_eq!(overlap("[]"), [(1, FieldMistake::Empty { field: "hours" })]);
    let odd = FieldMistake::WrongType {
        field: "hours".into(),
        expected: Form::List,
    };
    assert_eq!(overlap(r#"[["09:00"]]"#), [(1, odd)]);
}

#[test]
fn odd_cron_lines_never_panic() {
    proptest::proptest!(|(line in "[0-9*/,A-Za-z ?#L-]{0,24}")| {
        let _ = Settings::read(&format!("digest = \"{line}\"\n[rhythm.weekly]\nopens = \"0 0 9 {line}\""), "duban.toml");
    });
}
