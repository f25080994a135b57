//! Settings files, right and wrong.

use super::*;

const SHIPPED: &str = include_str!("../../config/duban.toml");

/// The mistakes of a file as `line facts`.
fn mistakes(source: &str) -> String {
    let mistakes = Settings::read(source, "duban.toml").expect_err("the file is wrong");
    let told = mistakes
        .iter()
        .map(|it| format!("{} {}", it.line, serde_json::json!(it.what)));
    told.collect::<Vec<_>>().join("\n")
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
    let source = r#"
slot = 10:00
hours = [["07:00", "12:00"], ["13:00", "18:00"]]
mention_sound = "never"
group_line = false
digest_board = false
[thresholds]
red = 30.5
[ladder]
days_before = [10, 0]
[rhythm.monthly]
ping = "0 30 8 20 * *"
"#;
    let settings = Settings::read(source, "duban.toml").unwrap();
    assert_ne!(settings, Settings::default());
    assert_eq!(settings.thresholds.red.to_string(), "30.5");
    assert_eq!(settings.monthly.ping.source(), "0 30 8 20 * *");
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
    let source = r#"slot = "08:00"
pings_a_day = 0
digets = "x"
digest = "0 0 16 30 2 *"
[thresholds]
yellow = 30
[ladder]
days_before = [7, 30]
[rhythm.monthly]
opens = "0 0 9 22 * *"
ping = "0 0 9 15 * *"
"#;
    insta::assert_snapshot!(mistakes(source), @r#"
    1 {"field":"slot","mistake":"outside_hours","text":"08:00"}
    2 {"field":"pings_a_day","least":"1","mistake":"out_of_range","most":"19","text":"0"}
    3 {"field":"digets","mistake":"unknown_field","nearest":"digest"}
    4 {"field":"digest","mistake":"cron_never_fires","text":"0 0 16 30 2 *"}
    6 {"mistake":"thresholds_not_ascending"}
    8 {"mistake":"rungs_not_descending"}
    11 {"mistake":"ping_before_opening","text":"0 0 9 15 * *"}
    "#);
}

#[test]
fn a_cron_line_has_six_fields_that_can_be_read() {
    let lines = [
        "x",
        "0 9 15 * *",
        "@monthly",
        "0 0 9 15 * * 2027",
        "0 0 9 32 * *",
        "0 0 9 */0 * *",
        "0 0 9 20-10 * *",
    ];
    for line in lines {
        let found = mistakes(&format!("[rhythm.monthly]\nopens = \"{line}\""));
        assert_eq!(
            found,
            format!(r#"2 {{"field":"opens","mistake":"cron","text":"{line}"}}"#)
        );
    }
}

#[test]
fn a_rhythm_fires_in_each_of_its_periods() {
    insta::assert_snapshot!(mistakes("[rhythm.monthly]\nopens = \"0 0 9 15 3 *\""), @r#"2 {"field":"opens","mistake":"cron_misses_period","period":"2029-01-01","text":"0 0 9 15 3 *"}"#);
    insta::assert_snapshot!(mistakes("[rhythm.monthly]\nping = \"0 0 9 31 * *\""), @r#"2 {"field":"ping","mistake":"cron_misses_period","period":"2029-02-01","text":"0 0 9 31 * *"}"#);
    insta::assert_snapshot!(mistakes("[rhythm.weekly]\nping = \"0 0 9 15 * *\""), @r#"2 {"field":"ping","mistake":"cron_misses_period","period":"2029-01-01","text":"0 0 9 15 * *"}"#);
}

#[test]
fn a_cron_line_fires_once_a_day_and_in_working_hours() {
    insta::assert_snapshot!(mistakes("digest = \"* * * * * *\""), @r#"1 {"field":"digest","mistake":"cron_twice_a_day","text":"* * * * * *"}"#);
    insta::assert_snapshot!(mistakes("digest = \"0 0 20 * * Fri\""), @r#"1 {"field":"digest","mistake":"outside_hours","text":"0 0 20 * * Fri"}"#);
}

#[test]
fn hours_ascend_and_do_not_overlap() {
    insta::assert_snapshot!(mistakes(r#"hours = [["09:00", "12:00"], ["11:00", "17:00"]]"#), @r#"1 {"mistake":"hours_overlap"}"#);
    insta::assert_snapshot!(mistakes(r#"hours = [["12:00", "09:00"]]"#), @r#"1 {"mistake":"hours_overlap"}"#);
    insta::assert_snapshot!(mistakes("hours = []"), @r#"1 {"field":"hours","mistake":"empty"}"#);
    insta::assert_snapshot!(mistakes(r#"hours = [["09:00"]]"#), @r#"1 {"expected":"list","field":"hours","mistake":"wrong_type"}"#);
    insta::assert_snapshot!(mistakes(r#"hours = [["9点", "10:00"]]"#), @r#"1 {"expected":"time","field":"hours","mistake":"wrong_type"}"#);
}

#[test]
fn what_changed_in_the_settings_is_told_by_key() {
    let changed = Settings::read(
        "slot = \"09:30\"\n[ladder]\ndays_before = [7, 0]",
        "duban.toml",
    )
    .unwrap();
    let changes = settings_diff(&Settings::default(), &changed);
    let told: Vec<_> = changes
        .iter()
        .map(|it| format!("{} {} {}", it.key, it.old, it.new))
        .collect();
    assert_eq!(
        told,
        [
            "ladder.days_before [30, 7, 3, 1, 0] [7, 0]",
            r#"slot "09:00" "09:30""#
        ]
    );
    assert_eq!(settings_diff(&changed, &changed), []);
}

#[test]
fn odd_cron_lines_never_panic() {
    proptest::proptest!(|(line in "[0-9*/,A-Za-z ?#L-]{0,24}")| {
        let source = format!("digest = \"{line}\"\n[rhythm.weekly]\nopens = \"0 0 9 {line}\"");
        if let Err(mistakes) = Settings::read(&source, "duban.toml") {
            assert!(mistakes.iter().all(|mistake| mistake.line <= 3));
        }
    });
}
