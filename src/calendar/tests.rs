//! Tests of the calendar.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};
use tyme4rs::tyme::holiday::LegalHoliday;

use super::*;

const FILES: [(i32, &str); 3] = [
    (2024, include_str!("../../config/holidays/2024.toml")),
    (2025, include_str!("../../config/holidays/2025.toml")),
    (2026, include_str!("../../config/holidays/2026.toml")),
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    let (date, time) = text.split_once(' ').unwrap();
    instant(day(date), NaiveTime::parse_from_str(time, "%H:%M").unwrap())
}

fn show(at: DateTime<Utc>) -> String {
    local(at).format("%F %H:%M").to_string()
}

fn calendar() -> Calendar {
    let table =
        |(year, source): (i32, &str)| (year, HolidayTable::parse(source, "x.toml").unwrap());
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let hours = vec![(time(8, 30), time(11, 30)), (time(14, 0), time(17, 30))];
    Calendar::new(BTreeMap::from(FILES.map(table)), hours)
}

fn mistakes(source: &str) -> Vec<String> {
    let found = HolidayTable::parse(source, "2026.toml").unwrap_err();
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn the_tables_agree_with_a_second_source_on_every_day() {
    let calendar = calendar();
    for year in [2024, 2025, 2026] {
        assert!(!calendar.is_provisional(year));
        for date in day(&format!("{year}-01-01"))
            .iter_days()
            .take_while(|date| date.year() == year)
        {
            let (month, of_month) = (date.month() as usize, date.day() as usize);
            let works = match LegalHoliday::from_ymd(year as isize, month, of_month) {
                Some(holiday) => holiday.is_work(),
                None => !is_weekend(date),
            };
            assert_eq!(calendar.is_working_day(date), works, "{date}");
        }
    }
}

#[test]
fn working_days_of_the_years_are_as_many_as_the_notices_leave() {
    let calendar = calendar();
    let count = |year: i32| {
        let last = |year: i32| day(&format!("{year}-12-31"));
        calendar.working_days_between(last(year - 1), last(year))
    };
    assert_eq!((count(2024), count(2025), count(2026)), (251, 248, 248));
}

#[test]
fn a_year_without_table_takes_weekends_and_the_thirteen_statutory_days() {
    let calendar = calendar();
    assert!(calendar.is_provisional(2027));
    let days: Vec<String> = statutory_days(2027)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(days.join(" "), @"2027-01-01 2027-02-05 2027-02-06 2027-02-07 2027-02-08 2027-04-05 2027-05-01 2027-05-02 2027-06-09 2027-09-15 2027-10-01 2027-10-02 2027-10-03");
    for date in day("2027-01-01").iter_days().take(365) {
        let off = is_weekend(date) || statutory_days(2027).unwrap().contains(&date);
        assert_eq!(calendar.is_working_day(date), !off, "{date}");
    }
}

#[test]
fn statutory_days_match_the_published_festivals_of_known_years() {
    for (year, source) in FILES {
        let published = HolidayTable::parse(source, "x.toml").unwrap().off;
        let missing: Vec<_> = statutory_days(year)
            .unwrap()
            .iter()
            .filter(|date| !published.contains(date))
            .collect();
        // 2024: the eve was still worked.
        let expected: &[NaiveDate] = if year == 2024 {
            &[day("2024-02-09")]
        } else {
            &[]
        };
        assert_eq!(missing, expected.iter().collect::<Vec<_>>(), "{year}");
    }
}

#[test]
fn years_beyond_the_computed_ones_have_plain_weekends_and_never_panic() {
    let calendar = calendar();
    assert!(!calendar.is_working_day(day("1999-05-01")));
    assert!(calendar.is_working_day(day("1999-10-01")));
    assert!(calendar.is_working_day(day("2200-01-01")));
    for edge in [NaiveDate::MIN, NaiveDate::MAX] {
        calendar.is_working_day(edge);
        calendar.on_or_after(edge);
        calendar.on_or_before(edge);
        calendar.add_working_days(edge, 3);
        calendar.add_working_days(edge, -3);
    }
}

#[test]
fn a_table_may_reach_into_the_december_before_it() {
    let table = HolidayTable::parse(
        "year = 2027\n[[holiday]]\nname = \"元旦\"\nfrom = 2026-12-31\nto = 2027-01-01\nmake_up = [2026-12-26]\n",
        "2027.toml",
    )
    .unwrap();
    let alone = Calendar::new(BTreeMap::from([(2027, table)]), Vec::new());
    assert!(!alone.is_working_day(day("2026-12-31")));
    assert!(alone.is_working_day(day("2026-12-26")));
    assert!(
        !alone.is_working_day(day("2026-10-01")),
        "2026 itself stays provisional"
    );
    assert!(alone.is_provisional(2026));
}

#[test]
fn days_move_back_and_forward_over_holidays() {
    let calendar = calendar();
    assert_eq!(calendar.on_or_before(day("2027-10-03")), day("2027-09-30"));
    assert_eq!(calendar.on_or_before(day("2027-02-06")), day("2027-02-04"));
    assert_eq!(calendar.on_or_before(day("2027-12-31")), day("2027-12-31"));
    assert_eq!(calendar.on_or_after(day("2026-10-01")), day("2026-10-08"));
    assert_eq!(calendar.on_or_after(day("2026-10-10")), day("2026-10-10"));
}

#[test]
fn counting_working_days_agrees_with_walking_them() {
    let calendar = calendar();
    for (from, to) in [
        ("2024-12-20", "2025-02-10"),
        ("2026-09-18", "2026-10-12"),
        ("2026-12-24", "2027-02-12"),
    ] {
        let (from, to) = (day(from), day(to));
        let walked = from.iter_days().skip(1).take_while(|date| *date <= to);
        let walked = walked.filter(|date| calendar.is_working_day(*date)).count() as i64;
        assert_eq!(calendar.working_days_between(from, to), walked);
        assert_eq!(calendar.working_days_between(to, from), -walked);
        if calendar.is_working_day(to) {
            assert_eq!(calendar.add_working_days(from, walked), to);
        }
    }
    assert_eq!(
        calendar.add_working_days(day("2026-10-09"), -1),
        day("2026-10-08")
    );
    assert_eq!(
        calendar.add_working_days(day("2026-10-08"), -1),
        day("2026-09-30")
    );
    assert_eq!(
        calendar.add_working_days(day("2026-10-03"), 0),
        day("2026-10-03")
    );
}

#[test]
fn working_hours_hold_their_beginning_and_not_their_end() {
    let calendar = calendar();
    let inside = |text: &str| calendar.in_working_hours(at(text));
    assert!(inside("2026-11-23 08:30") && inside("2026-11-23 11:29") && inside("2026-11-23 14:00"));
    assert!(
        !inside("2026-11-23 11:30") && !inside("2026-11-23 17:30") && !inside("2026-11-22 09:00")
    );
    assert!(inside("2026-10-10 09:00"), "a make-up Saturday is worked");
    let rests = |text: &str| calendar.rests_at(at(text)).map(show);
    assert_eq!(
        rests("2026-11-23 08:30").as_deref(),
        Some("2026-11-23 11:30")
    );
    assert_eq!(
        rests("2026-11-23 17:29").as_deref(),
        Some("2026-11-23 17:30")
    );
    assert_eq!(rests("2026-11-23 12:00"), None);
}

#[test]
fn the_next_working_instant_waits_for_the_afternoon_the_morning_or_the_end_of_a_holiday() {
    let calendar = calendar();
    let next = |text: &str| show(calendar.next_working_instant(at(text)));
    assert_eq!(next("2026-11-23 09:10"), "2026-11-23 09:10");
    assert_eq!(next("2026-11-23 06:00"), "2026-11-23 08:30");
    assert_eq!(next("2026-11-23 12:00"), "2026-11-23 14:00");
    assert_eq!(next("2026-11-27 18:00"), "2026-11-30 08:30");
    assert_eq!(next("2026-09-30 18:00"), "2026-10-08 08:30");
}

#[test]
fn the_digest_moves_back_within_its_week_and_falls_out_of_a_week_without_work() {
    let calendar = calendar();
    let digest = |monday: &str| calendar.digest_day(day(monday), Weekday::Fri);
    assert_eq!(digest("2026-11-23"), Some(day("2026-11-27")));
    assert_eq!(
        digest("2026-09-28"),
        Some(day("2026-09-30")),
        "Friday is 2 October"
    );
    assert_eq!(
        digest("2026-09-21"),
        Some(day("2026-09-24")),
        "Friday is the mid-autumn festival"
    );
    assert_eq!(digest("2026-02-16"), None, "the whole week is off");
    assert_eq!(
        calendar.last_working_day_of_week(day("2026-10-07")),
        Some(day("2026-10-10"))
    );
}

#[test]
fn a_table_that_does_not_read_names_file_and_line() {
    insta::assert_snapshot!(mistakes("year = 2026\nyaer = 1\n").join("\n"), @"2026.toml:2: Unreadable(\"unknown field `yaer`, expected `year` or `holiday`\")");
    insta::assert_snapshot!(mistakes("year = 2026\n").join("\n"), @"2026.toml:1: NoHoliday");
    assert_eq!(mistakes("[[").len(), 1);
}

#[test]
fn all_mistakes_of_a_table_are_named_at_once() {
    let source = "year = 2026\n\
        [[holiday]]\nname = \"a\"\nfrom = 2025-01-01\nto = 2026-01-03\n\
        [[holiday]]\nname = \"b\"\nfrom = 2026-02-17\nto = 2026-02-16\n\
        [[holiday]]\nname = \"c\"\nfrom = 2026-05-01\nto = 2026-06-01\n\
        [[holiday]]\nname = \"d\"\nfrom = 2026-10-01\nto = 2026-10-03\nmake_up = [2026-10-03, 2026-10-09, 2026-10-10, 2026-10-10]\n\
        [[holiday]]\nname = \"e\"\nfrom = 2026-10-03\nto = 2026-10-03T08:00:00\n";
    insta::assert_snapshot!(mistakes(source).join("\n"), @r#"
    2026.toml:4: OtherYear(2025-01-01)
    2026.toml:9: EndsBeforeItBegins(2026-02-16)
    2026.toml:13: TooLong(32)
    2026.toml:18: OffAndMakeUp(2026-10-03)
    2026.toml:18: MakeUpOnWeekday(2026-10-09)
    2026.toml:18: Twice(2026-10-10)
    2026.toml:22: NotADate("2026-10-03T08:00:00")
    "#);
}
