//! Tables of dates as people write them; today is Monday, 23 November 2026.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{Toward, find_ahead, read};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn shown(date: Option<NaiveDate>) -> String {
    date.map_or("none".to_owned(), |date| date.to_string())
}

fn check(toward: Toward, rows: &[(&str, &str)]) {
    let wanted: Vec<String> = rows
        .iter()
        .map(|(typed, date)| format!("{typed} → {date}"))
        .collect();
    let got: Vec<String> = rows
        .iter()
        .map(|(typed, _)| format!("{typed} → {}", shown(read(typed, today(), toward))))
        .collect();
    assert_eq!(got, wanted);
}

#[test]
fn a_date_alone_is_read_in_every_form() {
    check(
        Toward::Future,
        &[
            ("2026-12-10", "2026-12-10"),
            ("2026/12/10", "2026-12-10"),
            ("2026.12.10", "2026-12-10"),
            ("2026年12月10日", "2026-12-10"),
            ("２０２６年１２月１０日", "2026-12-10"),
            ("12月10日", "2026-12-10"),
            ("12月10号前", "2026-12-10"),
            (" 12 月 10 日 ", "2026-12-10"),
            ("十二月十日", "2026-12-10"),
            ("12-10", "2026-12-10"),
            ("12/10", "2026-12-10"),
            ("3月31日", "2027-03-31"),
            ("明年3月31日", "2027-03-31"),
            ("次年3月31日", "2027-03-31"),
            ("10月1日", "2026-10-01"),
            ("30日", "2026-11-30"),
            ("10号", "2026-12-10"),
            ("今天", "2026-11-23"),
            ("明天", "2026-11-24"),
            ("后天", "2026-11-25"),
            ("大后天", "2026-11-26"),
            ("周五", "2026-11-27"),
            ("周一", "2026-11-23"),
            ("本周五", "2026-11-27"),
            ("下周五", "2026-12-04"),
            ("下下周一", "2026-12-07"),
            ("下星期天", "2026-12-06"),
            ("下个礼拜三", "2026-12-02"),
            ("月底", "2026-11-30"),
            ("本月底前", "2026-11-30"),
            ("下月底", "2026-12-31"),
            ("年底", "2026-12-31"),
            ("明年底", "2027-12-31"),
            ("2027年底", "2027-12-31"),
            ("季度末", "2026-12-31"),
            ("12月底", "2026-12-31"),
            ("2月底", "2027-02-28"),
            ("2028年2月底", "2028-02-29"),
            ("12月上旬", "2026-12-10"),
            ("12月", "2026-12-31"),
            ("3天内", "2026-11-26"),
            ("两周后", "2026-12-07"),
            ("10日内", "2026-12-03"),
        ],
    );
}

#[test]
fn what_is_no_date_is_none() {
    check(
        Toward::Future,
        &[
            ("", "none"),
            ("尽快", "none"),
            ("2月30日", "none"),
            ("13月1日", "none"),
            ("32号", "none"),
            ("8/10/12", "none"),
            ("2026-13-01", "none"),
            ("20261210", "none"),
            ("99999999999999天后", "none"),
            ("下周", "none"),
            ("12月10日前完成最后一座换热站的并网验收工作并移交", "none"),
        ],
    );
}

#[test]
fn what_has_happened_lies_behind_us() {
    check(
        Toward::Past,
        &[
            ("12月10日", "2025-12-10"),
            ("11月23日", "2026-11-23"),
            ("去年12月31日", "2025-12-31"),
            ("2025年6月", "2025-06-30"),
            ("6月", "2026-06-30"),
            ("25日", "2026-10-25"),
            ("周五", "2026-11-20"),
            ("昨天", "2026-11-22"),
            ("2024年底", "2024-12-31"),
        ],
    );
}

#[test]
fn the_first_date_ahead_is_found_in_a_sentence() {
    let rows = [
        ("12月10日前完成最后1座", "2026-12-10"),
        ("11月10日已完成招标，12月10日前完工", "2026-12-10"),
        ("计划下周五前并网", "2026-12-04"),
        ("争取月底完成8座，年底全部完成", "2026-11-30"),
        ("2026-12-10 前", "2026-12-10"),
        ("已完成8/10，剩余继续推进", "none"),
        ("继续推进", "none"),
        ("投资1200万元，分3批实施", "none"),
        ("10个工作日内报批", "2026-12-03"),
    ];
    for (sentence, date) in rows {
        assert_eq!(shown(find_ahead(sentence, today())), date, "{sentence}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_date_or_none(text in ".{0,80}") {
        let _ = (read(&text, today(), Toward::Future), read(&text, today(), Toward::Past), find_ahead(&text, today()));
    }

    #[test]
    fn any_row_of_date_signs_is_a_date_or_none(text in "[0-9一二三四十百千万亿年月日号周下上本天底后内/.-]{0,40}") {
        let _ = (read(&text, today(), Toward::Future), read(&text, today(), Toward::Past), find_ahead(&text, today()));
    }

    #[test]
    fn every_date_is_read_back_from_both_its_forms(days in 0_i64..20_000) {
        let date = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + chrono::TimeDelta::days(days);
        prop_assert_eq!(read(&date.to_string(), today(), Toward::Future), Some(date));
        prop_assert_eq!(read(&date.format("%Y年%-m月%-d日").to_string(), today(), Toward::Past), Some(date));
    }
}
