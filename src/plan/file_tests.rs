//! Plan files that are wrong, large or torn.

use proptest::prelude::*;

use super::*;

const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");

/// A small plan without mistakes; each test spoils it by replacing some of its text.
const SMALL: &str = r#"[task_force]
id = "small"
name = "小专班"
starts = 2024-08-05
ends = 2027-12-31
office_chief = "a"

[[unit]]
id = "one"
name = "市一局"

[[unit]]
id = "two"
name = "市二局"

[[member]]
id = "a"
name = "甲"
post = "局长"
units = ["one"]

[[section]]
id = "s1"
number = "一"
title = "第一部分"

[[measure]]
id = "1"
number = 1
section = "s1"
title = "举措"
summary = "做一件事。"
leads = ["one"]
responsible = ["two"]

[[indicator]]
id = "1-1"
measure = "1"
name = "指标"
kind = "stock"
comparator = ">="
target = 10
unit = "座"
due = 2025-12-31

[[indicator]]
id = "1-2"
measure = "1"
name = "节点"
kind = "milestone"
due = 2025-12-31

[[doubt]]
id = "d1"
indicator = "1-1"
question = "谁填？"
proposal = "二局填。"
sets = { filing_lead = "two" }
"#;

/// The mistakes of the small plan after some replacements.
fn spoilt(changes: &[(&str, &str)]) -> String {
    let spoil = |source: String, (from, to): &(&str, &str)| {
        assert!(source.contains(from), "{from} is not in the plan");
        source.replacen(from, to, 1)
    };
    mistakes(&changes.iter().fold(SMALL.to_owned(), spoil))
}

/// The mistakes of a plan as `line table id facts`.
fn mistakes(source: &str) -> String {
    let mistakes = read(source, "small.toml").expect_err("the plan is wrong");
    let told = mistakes.iter().map(|it| {
        let place = it
            .place
            .as_ref()
            .map(|place| format!("{} {} ", place.table, place.id.as_deref().unwrap_or("-")));
        format!(
            "{} {}{}",
            it.line,
            place.unwrap_or_default(),
            serde_json::json!(it.what)
        )
    });
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_small_plan_is_right() {
    let plan = read(SMALL, "small.toml").unwrap();
    assert_eq!(
        plan.tasks
            .iter()
            .map(|task| task.label.as_str())
            .collect::<Vec<_>>(),
        ["1-1", "1-2", "1"]
    );
    assert_eq!(plan.doubts_about(&"1-1".into()).count(), 1);
    assert_eq!(plan.unit(&"one".into()).unwrap().filer, Some("a".into()));
    assert_eq!(plan.unit(&"two".into()).unwrap().filer, None);
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let changes = [
        ("post = \"局长\"", "poste = \"局长\""),
        ("number = 1", "number = \"1\""),
        ("leads = [\"one\"]", "leads = [\"three\"]"),
        ("target = 10", "target = \"十\""),
        ("due = 2025-12-31", "due = 2024-01-01"),
        ("due = 2025-12-31", "due = \"年底\""),
    ];
    insta::assert_snapshot!(spoilt(&changes), @r#"
    16 member a {"field":"post","mistake":"missing_field"}
    19 member a {"field":"poste","mistake":"unknown_field","nearest":"post"}
    29 measure 1 {"expected":"integer","field":"number","mistake":"wrong_type"}
    33 measure 1 {"field":"leads","mistake":"unknown","nearest":null,"text":"three","thing":"unit"}
    42 indicator 1-1 {"expected":"number","field":"target","mistake":"wrong_type"}
    44 indicator 1-1 {"date":"2024-01-01","field":"due","mistake":"before_start","starts":"2024-08-05"}
    51 indicator 1-2 {"expected":"date","field":"due","mistake":"wrong_type"}
    "#);
}

#[test]
fn what_is_not_toml_is_told_alone_with_its_line() {
    let found = mistakes(
        &SMALL
            .replace("name = \"小专班\"", "name = 小专班")
            .replace("target = 10", "target = 10 20"),
    );
    let lines: Vec<_> = found
        .lines()
        .map(|line| line.split_once(' ').unwrap().0)
        .collect();
    assert_eq!(lines, ["3", "42"], "{found}");
    assert!(found.contains("syntax"));
}

#[test]
fn an_empty_file_misses_its_task_force() {
    insta::assert_snapshot!(mistakes(""), @r#"1 {"field":"task_force","mistake":"missing_field"}"#);
    insta::assert_snapshot!(mistakes("task_force = 1\nunit = [1]\nmember = {}"), @r#"
    1 {"expected":"table","field":"task_force","mistake":"wrong_type"}
    2 {"expected":"tables","field":"unit","mistake":"wrong_type"}
    3 {"expected":"tables","field":"member","mistake":"wrong_type"}
    "#);
}

#[test]
fn ids_are_unique_short_and_plain() {
    insta::assert_snapshot!(spoilt(&[("id = \"two\"", "id = \"Two\""), ("responsible = [\"two\"]", ""), ("sets =", "#")]), @r#"13 unit Two {"mistake":"bad_id","text":"Two"}"#);
    insta::assert_snapshot!(spoilt(&[("id = \"1-2\"", "id = \"a-name-that-is-far-too-long\"")]), @r#"47 indicator a-name-that-is-far-too-long {"field":"id","length":27,"limit":24,"mistake":"too_long"}"#);
    insta::assert_snapshot!(spoilt(&[("id = \"1-2\"", "id = \"1-1\"")]), @r#"47 indicator 1-1 {"field":"id","first_line":37,"mistake":"duplicate","text":"1-1","thing":"indicator"}"#);
    insta::assert_snapshot!(spoilt(&[("id = \"1-2\"", "id = \"m1\"")]), @r#"47 indicator m1 {"field":"id","first_line":28,"mistake":"duplicate","text":"m1","thing":"measure"}"#);
}

#[test]
fn a_number_stands_once() {
    let twice = "[[measure]]\nid = \"2\"\nnumber = 1\nsection = \"s1\"\ntitle = \"又一项\"\nsummary = \"再做。\"\nleads = [\"one\"]\n[[indicator]]";
    insta::assert_snapshot!(spoilt(&[("[[indicator]]", twice)]), @r#"38 measure 2 {"field":"number","first_line":29,"mistake":"duplicate","text":"1","thing":"measure"}"#);
}

#[test]
fn what_is_named_must_exist_and_the_nearest_is_offered() {
    insta::assert_snapshot!(spoilt(&[("office_chief = \"a\"", "office_chief = \"b\"")]), @r#"6 task_force small {"field":"office_chief","mistake":"unknown","nearest":null,"text":"b","thing":"person"}"#);
    insta::assert_snapshot!(spoilt(&[("responsible = [\"two\"]", "responsible = [\"tow1\"]")]), @r#"34 measure 1 {"field":"responsible","mistake":"unknown","nearest":null,"text":"tow1","thing":"unit"}"#);
    insta::assert_snapshot!(spoilt(&[("section = \"s1\"", "section = \"s11\"")]), @r#"30 measure 1 {"field":"section","mistake":"unknown","nearest":null,"text":"s11","thing":"section"}"#);
    insta::assert_snapshot!(spoilt(&[("measure = \"1\"", "measure = \"9\"")]), @r#"38 indicator 1-1 {"field":"measure","mistake":"unknown","nearest":null,"text":"9","thing":"measure"}"#);
    insta::assert_snapshot!(spoilt(&[("{ filing_lead = \"two\" }", "{ filing_lead = \"twoo\" }")]), @r#"58 doubt d1 {"field":"filing_lead","mistake":"unknown","nearest":"two","text":"twoo","thing":"unit"}"#);
}

#[test]
fn a_measure_has_a_lead_and_no_unit_twice() {
    insta::assert_snapshot!(spoilt(&[("leads = [\"one\"]", "leads = []")]), @r#"27 measure 1 {"mistake":"no_lead"}"#);
    insta::assert_snapshot!(spoilt(&[("leads = [\"one\"]\n", "")]), @r#"27 measure 1 {"mistake":"no_lead"}"#);
    insta::assert_snapshot!(spoilt(&[("responsible = [\"two\"]", "responsible = [\"two\", \"one\", \"two\"]")]), @r#"
    34 measure 1 {"field":"responsible","mistake":"repeated","text":"one"}
    34 measure 1 {"field":"responsible","mistake":"repeated","text":"two"}
    "#);
}

#[test]
fn members_file_for_units_and_leaders_do_not() {
    insta::assert_snapshot!(spoilt(&[("units = [\"one\"]", "")]), @r#"16 member a {"mistake":"files_for_nobody"}"#);
    insta::assert_snapshot!(spoilt(&[("units = [\"one\"]", "units = [\"one\"]\nrole = \"leader\"")]), @r#"16 member a {"mistake":"leader_files"}"#);
    insta::assert_snapshot!(spoilt(&[("units = [\"one\"]", "units = [\"one\"]\nrole = \"boss\"")]), @r#"21 member a {"choices":["leader","deputy_leader","member","liaison"],"field":"role","mistake":"not_one_of","text":"boss"}"#);
    insta::assert_snapshot!(spoilt(&[("name = \"市二局\"", "name = \"市二局\"\nfiler = \"a\"")]), @r#"15 unit two {"mistake":"filer_of_other","person":"a"}"#);
}

#[test]
fn a_name_leads_to_one_unit() {
    insta::assert_snapshot!(spoilt(&[("name = \"市二局\"", "name = \"市二局\"\naliases = [\"市 一局\"]")]), @r#"15 unit two {"mistake":"ambiguous_name","other":"one","text":"市 一局"}"#);
}

#[test]
fn a_target_needs_value_unit_and_comparator_and_a_milestone_none() {
    insta::assert_snapshot!(spoilt(&[("target = 10\n", ""), ("unit = \"座\"\n", ""), ("comparator = \">=\"\n", "")]), @r#"
    36 indicator 1-1 {"field":"target","mistake":"missing_field"}
    36 indicator 1-1 {"field":"unit","mistake":"missing_field"}
    36 indicator 1-1 {"field":"comparator","mistake":"missing_field"}
    "#);
    insta::assert_snapshot!(spoilt(&[("kind = \"milestone\"", "kind = \"milestone\"\ntarget = 1")]), @r#"51 indicator 1-2 {"field":"target","mistake":"on_milestone"}"#);
    insta::assert_snapshot!(spoilt(&[("kind = \"stock\"\n", "")]), @r#"36 indicator 1-1 {"field":"kind","mistake":"missing_field"}"#);
    insta::assert_snapshot!(spoilt(&[("name = \"指标\"", "name = \"一个名字长得手机一行怎么也放不下的指标\"")]), @r#"39 indicator 1-1 {"field":"name","length":19,"limit":16,"mistake":"too_long"}"#);
    insta::assert_snapshot!(spoilt(&[("target = 10", "target = 1e13")]), @r#"42 indicator 1-1 {"field":"target","least":"-1000000000000","mistake":"out_of_range","most":"1000000000000","text":"10000000000000"}"#);
}

#[test]
fn dates_lie_within_the_plan() {
    insta::assert_snapshot!(spoilt(&[("due = 2025-12-31", "due = 2028-01-01")]), @r#"44 indicator 1-1 {"date":"2028-01-01","ends":"2027-12-31","field":"due","mistake":"after_end"}"#);
    insta::assert_snapshot!(spoilt(&[("ends = 2027-12-31", "ends = 2023-12-31")]).lines().next().unwrap(), @r#"5 task_force small {"date":"2023-12-31","field":"ends","mistake":"before_start","starts":"2024-08-05"}"#);
    insta::assert_snapshot!(spoilt(&[("due = 2025-12-31", "due = 2025-12-31T10:00:00")]), @r#"44 indicator 1-1 {"expected":"date","field":"due","mistake":"wrong_type"}"#);
    insta::assert_snapshot!(spoilt(&[("due = 2025-12-31", "recurrence = \"yearly\"")]), @r#"36 indicator 1-1 {"field":"recurrence","mistake":"needs_due"}"#);
    insta::assert_snapshot!(spoilt(&[("starts = 2024-08-05\n", "")]), @r#"1 task_force small {"field":"starts","mistake":"missing_field"}"#);
}

#[test]
fn a_pace_ascends_and_stays_within_its_way() {
    let pace =
        |points: &str| spoilt(&[("unit = \"座\"", &format!("unit = \"座\"\npace = {points}"))]);
    insta::assert_snapshot!(pace("[{ date = 2025-06-30, share = 0.5 }, { date = 2025-03-31, share = 0.6 }]"), @r#"44 indicator 1-1 {"date":"2025-03-31","mistake":"pace_dates"}"#);
    insta::assert_snapshot!(pace("[{ date = 2025-03-31, share = 0.5 }, { date = 2025-06-30, share = 0.4 }]"), @r#"44 indicator 1-1 {"date":"2025-06-30","mistake":"pace_falls"}"#);
    insta::assert_snapshot!(pace("[{ date = 2025-03-31, share = 1.5 }]"), @r#"44 pace - {"field":"share","least":"0","mistake":"out_of_range","most":"1","text":"1.5"}"#);
    insta::assert_snapshot!(pace("[{ date = 2026-03-31, share = 1 }]"), @r#"44 indicator 1-1 {"date":"2026-03-31","ends":"2025-12-31","field":"date","mistake":"after_end"}"#);
    insta::assert_snapshot!(pace("\"even\""), @r#"44 indicator 1-1 {"choices":["linear"],"field":"pace","mistake":"not_one_of","text":"even"}"#);
    insta::assert_snapshot!(pace("[]"), @r#"44 indicator 1-1 {"field":"pace","mistake":"empty"}"#);
    let level = [
        (
            "unit = \"座\"",
            "unit = \"座\"\npace = [{ date = 2025-03-31, share = 1 }]",
        ),
        ("\"stock\"", "\"level\""),
    ];
    insta::assert_snapshot!(spoilt(&level), @r#"44 indicator 1-1 {"mistake":"pace_without_way"}"#);
}

#[test]
fn targets_of_one_fact_mean_the_same() {
    insta::assert_snapshot!(spoilt(&[("kind = \"milestone\"", "kind = \"milestone\"\nfact = \"1-1\"")]), @r#"51 indicator 1-2 {"fact":"1-1","field":"kind","mistake":"fact_differs","other":"1-1"}"#);
    let other = |unit: &str| {
        format!(
            "kind = \"stock\"\nfact = \"1-1\"\ntarget = 9\ncomparator = \">=\"\nunit = \"{unit}\""
        )
    };
    insta::assert_snapshot!(spoilt(&[("kind = \"milestone\"", &other("米"))]), @r#"51 indicator 1-2 {"fact":"1-1","field":"unit","mistake":"fact_differs","other":"1-1"}"#);
    assert!(
        read(
            &SMALL.replace("kind = \"milestone\"", &other("百座")),
            "small.toml"
        )
        .is_ok()
    );
}

#[test]
fn a_doubt_is_about_one_thing_and_sets_what_a_target_has() {
    insta::assert_snapshot!(spoilt(&[("indicator = \"1-1\"\n", "")]), @r#"
    53 doubt d1 {"mistake":"doubt_subject"}
    57 doubt d1 {"mistake":"sets_nothing"}
    "#);
    insta::assert_snapshot!(spoilt(&[("indicator = \"1-1\"", "indicator = \"1-1\"\nunit = \"one\"")]), @r#"53 doubt d1 {"mistake":"doubt_subject"}"#);
    insta::assert_snapshot!(spoilt(&[("indicator = \"1-1\"", "indicator = \"7-1\"")]), @r#"55 doubt d1 {"field":"indicator","mistake":"unknown","nearest":null,"text":"7-1","thing":"indicator"}"#);
    insta::assert_snapshot!(spoilt(&[("{ filing_lead = \"two\" }", "{}")]), @r#"58 doubt d1 {"mistake":"sets_nothing"}"#);
    insta::assert_snapshot!(spoilt(&[("indicator = \"1-1\"", "indicator = \"1-2\""), ("{ filing_lead = \"two\" }", "{ baseline = 1 }")]), @r#"58 doubt d1 {"field":"baseline","mistake":"on_milestone"}"#);
}

#[test]
fn values_are_kept_in_the_base_unit_exactly() {
    let source = SMALL
        .replace("target = 10", "target = 0.1")
        .replace("unit = \"座\"", "unit = \"万座\"\nbaseline = 0.07")
        .replace("{ filing_lead = \"two\" }", "{ baseline = 0.03 }");
    let plan = read(&source, "small.toml").unwrap();
    let target = plan.indicator(&"1-1".into()).unwrap();
    assert_eq!(target.target, Some(1000.into()));
    assert_eq!(target.baseline, Some(700.into()));
    assert_eq!(plan.doubts[0].sets.baseline, Some(300.into()));
}

#[test]
fn ten_thousand_targets_are_checked_and_each_mistake_keeps_its_line() {
    let target = |nth: usize| {
        format!(
            "\n[[indicator]]\nid = \"t-{nth}\"\nmeasure = \"1\"\nname = \"指标\"\nkind = \"stock\"\ncomparator = \">=\"\n\
             target = {nth}\nunit = \"座\"\nfiling_lead = \"two\"\n"
        )
    };
    let source: String = std::iter::once(SMALL.to_owned())
        .chain((0..10_000).map(target))
        .collect();
    assert_eq!(read(&source, "large.toml").unwrap().tasks.len(), 10_003);
    let wrong = read(
        &source.replace("filing_lead = \"two\"\n", "filing_lead = \"zwei\"\n"),
        "large.toml",
    )
    .unwrap_err();
    assert_eq!(wrong.len(), 10_000);
    let first_line = SMALL.lines().count() + 10;
    assert!(
        wrong
            .iter()
            .enumerate()
            .skip(1)
            .all(|(nth, mistake)| mistake.line == first_line + nth * 10)
    );
}

#[test]
fn a_file_saved_on_windows_is_the_same_plan() {
    let windows = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
    assert_eq!(read(&windows, "small.toml"), read(SMALL, "small.toml"));
    let wrong = read(
        &windows.replace("leads = [\"one\"]", "leads = []"),
        "small.toml",
    )
    .unwrap_err();
    assert_eq!(wrong[0].line, 27);
}

#[test]
fn a_deeply_nested_file_is_refused() {
    let found = mistakes(&format!("x = {}", "[".repeat(100_000)));
    assert!(found.starts_with("1 {"), "{}", &found[..100]);
    assert!(found.contains("syntax"));
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(source in ".{0,400}") {
        if let Err(mistakes) = read(&source, "any.toml") {
            prop_assert!(!mistakes.is_empty());
        }
    }

    #[test]
    fn a_torn_or_patched_plan_is_read_without_panic(
        at in 0..RUSHAN.len(),
        length in 0..200_usize,
        patch in prop::sample::select(vec!["", "\"", "[", "]]", "= ", "-1", "1e400", "2025-12-31", "\n[[unit]]\n", "\u{0}", "万亿万亿万亿"]),
    ) {
        let from = RUSHAN.floor_char_boundary(at);
        let to = RUSHAN.floor_char_boundary((at + length).min(RUSHAN.len()));
        let source = [&RUSHAN[..from], patch, &RUSHAN[to..]].concat();
        let lines = source.lines().count() + 1;
        if let Err(mistakes) = read(&source, "torn.toml") {
            prop_assert!(!mistakes.is_empty());
            prop_assert!(mistakes.iter().all(|mistake| (1..=lines).contains(&mistake.line)));
            prop_assert!(mistakes.is_sorted_by_key(|mistake| mistake.line));
        }
    }
}
