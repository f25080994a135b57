//! Tables of numbers as people type them.

use std::str::FromStr;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Expected, Reading, Refusal, Unsure, read};
use crate::plan::UnitOfMeasure;

fn decimal(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

/// The reading in one line: `8`, `? 4000 | 40000000 ScaleForgotten`, `! Range`.
fn shown(typed: &str, unit: &str, target: &str, last: &str) -> String {
    let unit = UnitOfMeasure::parse(unit);
    let base = |text: &str| (!text.is_empty()).then(|| unit.to_base(decimal(text)).unwrap());
    let expected = Expected {
        unit: &unit,
        target: base(target),
        last: base(last),
        negative: false,
    };
    line(read(typed, &expected))
}

fn line(reading: Reading) -> String {
    match reading {
        Reading::Accepted(value) => value.normalize().to_string(),
        Reading::Ambiguous(ambiguity) => {
            let readings: Vec<String> = ambiguity
                .readings
                .iter()
                .map(|value| value.normalize().to_string())
                .collect();
            format!("? {} {:?}", readings.join(" | "), ambiguity.why)
        }
        Reading::Refused(refusal) => format!("! {refusal:?}"),
    }
}

fn check(unit: &str, target: &str, last: &str, rows: &[(&str, &str)]) {
    let wanted: Vec<String> = rows
        .iter()
        .map(|(typed, wanted)| format!("{typed} → {wanted}"))
        .collect();
    let read: Vec<String> = rows
        .iter()
        .map(|(typed, _)| format!("{typed} → {}", shown(typed, unit, target, last)))
        .collect();
    assert_eq!(read, wanted);
}

#[test]
fn whole_things_are_read_as_people_type_them() {
    check(
        "座",
        "10",
        "8",
        &[
            ("8", "8"),
            ("８", "8"),
            (" 8 ", "8"),
            ("8座", "8"),
            ("8 座", "8"),
            ("８座。", "8"),
            ("8个", "8"),
            ("累计8座", "8"),
            ("目前累计：8座", "8"),
            ("已完成 8 座了", "8"),
            ("八", "8"),
            ("八座", "8"),
            ("十", "10"),
            ("十二", "12"),
            ("二十", "20"),
            ("二十五座", "25"),
            ("两", "2"),
            ("两百", "200"),
            ("一百零五", "105"),
            ("一百五", "150"),
            ("一百一十", "110"),
            ("一千零三", "1003"),
            ("一万二", "12000"),
            ("一万零二", "10002"),
            ("一二三", "123"),
            ("二〇", "20"),
            ("壹拾贰", "12"),
            ("三点五", "3.5"),
            ("半", "0.5"),
            ("零", "0"),
            ("0", "0"),
            ("1,200", "1200"),
            ("1，200", "1200"),
            ("1 200", "1200"),
            ("1,200,300座", "1200300"),
            ("1.2万", "12000"),
            ("１．２万座", "12000"),
            ("1万2千", "12000"),
            ("3千", "3000"),
            ("8/10", "8"),
            ("8／10", "8"),
            ("8座/10座", "8"),
            (".5", "0.5"),
            ("8.", "8"),
            ("8.50", "8.5"),
        ],
    );
}

#[test]
fn what_is_no_single_number_is_refused_with_the_reason() {
    check(
        "座",
        "10",
        "8",
        &[
            ("", "! NotANumber"),
            ("   ", "! NotANumber"),
            ("很多", "! NotANumber"),
            ("没有变化", "! NotANumber"),
            ("座", "! NotANumber"),
            ("8到10", "! Range"),
            ("8-10", "! Range"),
            ("8～10座", "! Range"),
            ("8座至10座", "! Range"),
            ("8—10", "! Range"),
            ("八到十", "! Range"),
            ("8+2", "! Sum"),
            ("8座加2座", "! Sum"),
            ("8×2", "! Sum"),
            ("-3", "! Negative"),
            ("－3", "! Negative"),
            ("负三", "! Negative"),
            ("8公里", "! OtherUnit(\"公里\")"),
            ("8家", "! OtherUnit(\"家\")"),
            ("8%", "! OtherUnit(\"%\")"),
            ("百分之八", "! OtherUnit(\"%\")"),
            ("8kg", "! OtherUnit(\"kg\")"),
            ("8座，南片区已经并网", "! MoreThanANumber"),
            ("8座南片区已经并网运行", "! MoreThanANumber"),
            ("1,2", "! Grouping"),
            ("12,34", "! Grouping"),
            ("8 10", "! Grouping"),
            ("8.5.2", "! Grouping"),
            ("1e5", "! MoreThanANumber"),
            ("NaN", "! NotANumber"),
            ("十百", "! NotANumber"),
            ("十十", "! NotANumber"),
            ("万", "! NotANumber"),
            ("八/", "! NotANumber"),
            ("9999999999999999999999999999999", "! TooLarge"),
            ("九亿亿亿亿", "! NotANumber"),
            ("99999999999999", "! TooLarge"),
            ("<b>8</b>", "! NotANumber"),
        ],
    );
}

#[test]
fn numbers_that_may_mean_two_things_are_asked() {
    check(
        "座",
        "12",
        "8",
        &[
            ("8/10", "? 8 Fraction"),
            ("约8座", "? 8 Rough"),
            ("8座左右", "? 8 Rough"),
            ("80多座", "? 80 Rough"),
            ("80余", "? 80 Rough"),
        ],
    );
    check(
        "%",
        "97",
        "96",
        &[
            ("8/10", "? 80 | 8 Fraction"),
            ("29/30", "? 96.67 | 29 Fraction"),
        ],
    );
}

#[test]
fn percentages_are_read_in_every_form() {
    check(
        "%",
        "97",
        "96",
        &[
            ("97%", "97"),
            ("97％", "97"),
            ("97", "97"),
            ("97.5 %", "97.5"),
            ("百分之九十七", "97"),
            ("百分之九十七点五", "97.5"),
            ("百分之97.5", "97.5"),
            ("97个百分点", "! OtherUnit(\"个百分点\")"),
            ("3百分点", "! OtherUnit(\"百分点\")"),
            ("97座", "! OtherUnit(\"座\")"),
        ],
    );
}

#[test]
fn ratios_are_read_in_every_form() {
    check(
        ":1",
        "0.8",
        "0.7",
        &[
            ("0.8:1", "0.8"),
            ("0.8：1", "0.8"),
            ("0.8 : 1", "0.8"),
            ("0.8比1", "0.8"),
            ("4:5", "0.8"),
            ("0.8", "0.8"),
            ("零点八", "0.8"),
            ("1:0", "! NotANumber"),
            ("0.8:", "! NotANumber"),
            ("80%", "! OtherUnit(\"%\")"),
        ],
    );
    check("座", "10", "8", &[("0.8:1", "! MoreThanANumber")]);
}

#[test]
fn a_forgotten_ten_thousand_is_asked_and_a_spelled_one_is_not() {
    check(
        "万辆",
        "0.4",
        "0.35",
        &[
            ("0.4", "4000"),
            ("0.4万", "4000"),
            ("0.4万辆", "4000"),
            ("4000辆", "4000"),
            ("4000", "? 4000 | 40000000 ScaleForgotten"),
            ("三千八", "? 3800 | 38000000 ScaleForgotten"),
            ("1", "10000"),
            ("0.5", "5000"),
            ("四千辆", "4000"),
            ("0", "0"),
        ],
    );
    check(
        "万辆",
        "1.5",
        "",
        &[
            ("9000", "? 9000 | 90000000 ScaleForgotten"),
            ("0.9", "9000"),
        ],
    );
    check(
        "万㎡",
        "15",
        "",
        &[
            ("11", "110000"),
            ("11万平方米", "110000"),
            ("11万平", "110000"),
            ("110000平米", "110000"),
            ("110000", "? 110000 | 1100000000 ScaleForgotten"),
            ("11亩", "! OtherUnit(\"亩\")"),
        ],
    );
}

#[test]
fn units_under_other_names_are_the_same_unit() {
    check(
        "公里",
        "2.8",
        "2",
        &[
            ("2.8公里", "2.8"),
            ("2.8千米", "2.8"),
            ("2.8km", "2.8"),
            ("2.8KM", "2.8"),
            ("2800米", "! OtherUnit(\"米\")"),
        ],
    );
    check(
        "㎡",
        "100",
        "",
        &[("50m2", "50"), ("50 m²", "50"), ("50平方米", "50")],
    );
}

#[test]
fn a_growth_rate_may_be_negative() {
    let unit = UnitOfMeasure::parse("%");
    let expected = Expected {
        unit: &unit,
        target: Some(decimal("28")),
        last: None,
        negative: true,
    };
    for (typed, wanted) in [
        ("-3", "-3"),
        ("+28%", "28"),
        ("同比增长28%", "28"),
        ("下降3%", "-3"),
        ("-3%", "-3"),
        ("负三", "-3"),
        ("－3.5％", "-3.5"),
    ] {
        assert_eq!(line(read(typed, &expected)), wanted, "{typed}");
    }
}

#[test]
fn a_sentence_is_refused_with_its_length() {
    let typed = "今年以来我局积极推进换热站改造工作，目前已经完成了南片区和北片区的全部改造任务";
    let unit = UnitOfMeasure::parse("座");
    let expected = Expected {
        unit: &unit,
        target: None,
        last: None,
        negative: false,
    };
    let length = typed.chars().count();
    assert_eq!(length, 39);
    let long = format!("{typed}八九");
    assert_eq!(
        read(&long, &expected),
        Reading::Refused(Refusal::TooLong(41))
    );
}

#[test]
fn the_text_as_typed_is_kept_for_the_question() {
    let unit = UnitOfMeasure::parse("座");
    let expected = Expected {
        unit: &unit,
        target: Some(decimal("12")),
        last: None,
        negative: false,
    };
    let Reading::Ambiguous(ambiguity) = read(" ８／10 ", &expected) else {
        panic!("8/10 of 12 is asked");
    };
    assert_eq!(
        (ambiguity.typed.as_str(), ambiguity.why),
        ("８／10", Unsure::Fraction)
    );
}

proptest! {
    #[test]
    fn any_text_gets_a_reading(typed in ".{0,60}", unit in "[座辆万%㎡:1]{0,3}", last in any::<i64>()) {
        let unit = UnitOfMeasure::parse(&unit);
        let expected = Expected {
            unit: &unit,
            target: Some(Decimal::from(last)),
            last: Some(Decimal::new(last, 4)),
            negative: false,
        };
        let _ = read(&typed, &expected);
    }

    #[test]
    fn any_row_of_number_signs_gets_a_reading(typed in "[0-9零一两十百千万亿点半负,.，：:/+~%座 -]{0,40}") {
        let unit = UnitOfMeasure::parse("万座");
        let expected = Expected { unit: &unit, target: Some(Decimal::TEN), last: None, negative: true };
        let _ = read(&typed, &expected);
    }

    #[test]
    fn every_number_written_out_is_read_back(units in 0_u32..100_000_000, places in 0_u32..4) {
        let unit = UnitOfMeasure::parse("座");
        let expected = Expected { unit: &unit, target: None, last: None, negative: false };
        let value = Decimal::new(i64::from(units), places);
        let grouped = read(&value.to_string(), &expected);
        prop_assert_eq!(grouped, Reading::Accepted(value));
    }
}

#[test]
fn out_of_less_than_nothing_is_below_zero_too() {
    let unit = UnitOfMeasure::parse("%");
    for typed in ["1/-2", "1百分比/-2"] {
        let expected = Expected {
            unit: &unit,
            target: Some(decimal("10")),
            last: Some(decimal("8")),
            negative: false,
        };
        let read = read(typed, &expected);
        assert_eq!(read, Reading::Refused(Refusal::Negative), "{typed}");
    }
}
