//! Tests of lights, views and the fold, on the Rushan plan.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::testing::{Story, at, is_target, not_reached, reached, rushan};
use super::*;
use crate::calendar;
use crate::plan::TaskId;

const LIGHTS: &str = include_str!("../../tests/golden/lights.txt");
const DATES: [&str; 3] = ["2026-11-27", "2027-06-25", "2027-12-31"];

/// A year of answers, made so that every reason a light can have occurs on one of the three dates.
fn story() -> Story<'static> {
    let mut story = Story::live(rushan());
    first_year(&mut story);
    second_year(&mut story);
    story
}

fn first_year(story: &mut Story<'_>) {
    use Judgement::{Blocked, Normal};
    story.now("2026-11-24 09:00");
    story.settle_all_but(&["g-8", "g-10"]);
    story.baseline("g-1", "0.38", not_reached("车型少", Some("2027-06-30")));
    story.baseline("g-2", "completed", reached("2025-10-31"));
    story.baseline("12-1", "1.1", not_reached("回收价低", None));
    story.baseline("6-1", "9", not_reached("管网未通", Some("2027-03-31")));
    story.baseline("6-3", "15.2", reached("2024-12-20"));
    story.baseline("6-4", "2.3", reached("2024-12-25"));
    story.baseline("8-1", "60", not_reached("资金未到", Some("2027-12-31")));
    story.baseline("15-1", "completed", reached("2024-12-28"));
    story.now("2026-11-25 09:00");
    story.answer("g-6", "20", Normal);
    story.answer("g-7", "92", Normal);
    story.answer("g-9", "20", Blocked);
    story.answer("g-10", "16", Normal);
    story.answer("2-2", "2", Normal);
    story.answer("2-3", "22", Normal);
    story.answer("3-2", "2", Normal);
    story.answer("4-2", "97.2", Normal);
    story.now("2026-11-26 09:00");
    story.answer("6-5", "8.2", Normal);
    story.answer("7-1", "0", Normal);
    story.answer("8-2", "underway", Normal);
    story.answer("9-1", "1", Normal);
    story.now("2026-12-01 09:00");
    for (task, due) in [
        ("g-1", "2027-06-30"),
        ("6-1", "2027-03-31"),
        ("12-1", "2027-12-31"),
    ] {
        let due = testing::day(due);
        story.by(
            "luan-pin",
            Act::DueSet {
                task: task.into(),
                due,
            },
        );
    }
    for task in ["g-2", "6-4", "15-1"] {
        story.by("luan-pin", Act::Closed { task: task.into() });
    }
    story.now("2026-12-21 09:00");
    story.answer("9-1", "2", Normal);
}

fn second_year(story: &mut Story<'_>) {
    use Judgement::{Difficult, Done, Normal};
    story.now("2027-01-20 09:00");
    story.baseline("5-1", "underway", not_reached("电池未到", None));
    story.now("2027-03-19 09:00");
    story.answer("g-1", "0.39", Normal);
    story.now("2027-06-18 09:00");
    story.answer("12-1", "0.7", Normal);
    story.answer("g-7", "92.1", Normal);
    story.answer("g-9", "30", Difficult);
    story.answer("2-3", "24", Normal);
    story.answer("3-2", "3", Normal);
    story.answer("4-2", "97.5", Normal);
    story.answer("6-5", "7.9", Normal);
    story.answer("7-1", "1", Normal);
    story.answer("8-2", "underway", Difficult);
    story.answer("9-1", "1", Normal);
    story.now("2027-07-15 09:00");
    let due = testing::day("2027-09-30");
    story.by(
        "luan-pin",
        Act::DueSet {
            task: "5-1".into(),
            due,
        },
    );
    story.answer("6-1", "10", Done);
    story.now("2027-07-16 09:00");
    story.by("luan-pin", Act::Closed { task: "6-1".into() });
    story.now("2027-12-20 09:00");
    story.answer("g-6", "29", Normal);
    story.answer("g-9", "46", Normal);
    story.answer("12-1", "1.52", Normal);
    story.answer("2-3", "28", Done);
    story.answer("3-2", "5", Normal);
    story.answer("6-5", "8", Normal);
    story.answer("7-1", "1", Done);
    story.answer("8-2", "completed", Done);
    story.answer("9-1", "2", Normal);
}

fn table(story: &Story<'_>) -> String {
    let mut table = String::new();
    for date in DATES {
        let standing = story.standing_at(date);
        let today = testing::day(date);
        let _ = writeln!(table, "{date}");
        for view in story.frame.task_views(&standing, today) {
            if !is_target(&view.task.kind) {
                continue;
            }
            let (light, reason) = light_of(story.frame, &standing, &view, at(date));
            let reason = match reason {
                LightReason::BehindPace(points) => format!("BehindPace({})", points.round_dp(1)),
                reason => format!("{reason:?}"),
            };
            let pace = pace_of(story.frame, &view, at(date)).map_or(String::new(), |pace| {
                let expected = pace
                    .expected
                    .map_or("-".to_owned(), |share| share.round_dp(1).to_string());
                format!(" ({} of {expected} %)", pace.completion.round_dp(1))
            });
            let label = &view.task.label;
            let _ = writeln!(table, "  {label} {light:?} {reason}{pace}");
        }
    }
    table
}

#[test]
fn every_light_of_the_29_targets_on_three_dates_is_as_the_golden_table_says() {
    let table = table(&story());
    assert!(table == LIGHTS, "{table}");
}

fn lights(story: &Story<'_>, when: &str) -> Vec<(String, Light, LightReason)> {
    let standing = story.standing_at(when);
    let views = story
        .frame
        .task_views(&standing, calendar::date_of(at(when)));
    let light = |view: TaskView<'_>| {
        let (light, reason) = light_of(story.frame, &standing, &view, at(when));
        (view.task.label.clone(), light, reason)
    };
    views.into_iter().map(light).collect()
}

fn light(story: &Story<'_>, label: &str, when: &str) -> (Light, LightReason) {
    let all = lights(story, when).into_iter();
    let mut found = all.filter(|(found, ..)| found == label);
    found
        .next()
        .map(|(_, light, reason)| (light, reason))
        .unwrap()
}

#[test]
fn with_nobody_answering_the_first_digest_has_no_red_and_red_begins_after_two_periods() {
    let mut story = Story::live(rushan());
    story.settle_all_but(&[]);
    let red = |when| {
        lights(&story, when)
            .iter()
            .filter(|(_, light, _)| *light == Light::Red)
            .count()
    };
    assert_eq!(red("2026-11-27"), 0);
    assert_eq!(red("2026-12-31 11:59"), 0);
    // Targets past at go-live stay grey; the others and the 16 narratives are silent for two periods.
    let silent = (Light::Red, LightReason::SilentTwoPeriods);
    assert_eq!(light(&story, "2-2", "2026-12-31 12:01"), silent);
    assert_eq!(light(&story, "11", "2026-12-31 12:01"), silent);
    let baseline = (Light::Grey, LightReason::BaselineUnanswered);
    assert_eq!(light(&story, "6-1", "2027-06-01"), baseline);
    let past = rushan().plan.indicators.iter().filter(|target| {
        target.recurrence == crate::plan::Recurrence::Once
            && target
                .due
                .is_some_and(|due| due < testing::day("2026-11-23"))
    });
    // A yearly target is not past, and 6-5 got its date by settlement.
    assert_eq!(red("2026-12-31 12:01"), 29 - past.count() + 16);
}

#[test]
fn a_pause_over_a_whole_period_is_not_the_units_silence() {
    let mut story = Story::live(rushan());
    story.now("2026-12-01 09:00");
    let reason = testing::text("年底换届");
    story.by(
        "luan-pin",
        Act::Paused {
            reason,
            until: None,
        },
    );
    story.now("2027-01-04 09:00");
    story.by("luan-pin", Act::Resumed);
    let light = |when| light(&story, "11", when).1;
    assert_eq!(light("2027-01-29 13:00"), LightReason::Unanswered);
    assert_eq!(light("2027-02-26 13:00"), LightReason::SilentTwoPeriods);
}

#[test]
fn a_narrative_rests_while_targets_are_open_and_wakes_with_a_clean_slate() {
    let mut story = Story::live(rushan());
    story.settle_all_but(&[]);
    let resting = (Light::Grey, LightReason::Resting);
    assert_eq!(light(&story, "2", "2027-03-01"), resting);
    story.now("2027-03-01 09:00");
    for task in ["2-1", "2-2", "2-3"] {
        story.by("luan-pin", Act::Closed { task: task.into() });
    }
    assert_eq!(light(&story, "2", "2027-03-02").1, LightReason::Unanswered);
    assert_eq!(
        light(&story, "2", "2027-04-30 13:00").1,
        LightReason::SilentTwoPeriods
    );
}

#[test]
fn what_came_with_a_later_adoption_is_not_silent_for_the_time_before_it() {
    let mut story = Story::live(rushan());
    story.now("2026-11-25 09:00");
    story.answer("m11", "-", Judgement::Normal);
    story.now("2027-02-10 09:00");
    let adoption = rushan().adoption;
    story.by("luan-pin", Act::Adopted { adoption });
    assert_eq!(
        light(&story, "10", "2027-02-09").1,
        LightReason::SilentTwoPeriods
    );
    assert_eq!(light(&story, "10", "2027-02-12").1, LightReason::Unanswered);
    assert_eq!(
        light(&story, "10", "2027-03-31 13:00").1,
        LightReason::SilentTwoPeriods
    );
    // What was answered once is no newcomer.
    assert_eq!(
        light(&story, "11", "2027-02-12").1,
        LightReason::SilentTwoPeriods
    );
}

#[test]
fn a_yearly_count_starts_anew_and_its_closing_holds_for_its_year() {
    let mut story = Story::live(rushan());
    story.now("2026-12-18 09:00");
    story.answer("9-1", "2", Judgement::Done);
    story.now("2026-12-25 09:00");
    story.by("luan-pin", Act::Closed { task: "9-1".into() });
    assert_eq!(light(&story, "9-1", "2026-12-31").0, Light::Done);
    assert_eq!(
        light(&story, "9-1", "2027-01-04").1,
        LightReason::Unanswered
    );
    let standing = story.standing();
    let view = rushan()
        .task_view(&standing, &"9-1".into(), testing::day("2027-01-04"))
        .unwrap();
    assert_eq!(
        (view.actual(), view.due),
        (None, Some(testing::day("2027-12-31")))
    );
    assert_eq!(
        view.start,
        Some((testing::day("2027-01-01"), rust_decimal::Decimal::ZERO))
    );
    assert!(view.answered_in("2026-12").is_some());
}

#[test]
fn a_yearly_deadline_early_in_january_comes_into_force_with_its_ladder() {
    let frame = testing::rushan_with(&[(
        "due = 2024-12-31\nrecurrence = \"yearly\"",
        "due = 2025-01-10\nrecurrence = \"yearly\"",
    )]);
    let task: TaskId = "9-1".into();
    let mut story = Story::live(&frame);
    let view_on = |story: &Story<'_>, date| {
        let standing = story.standing();
        let view = frame
            .task_view(&standing, &task, testing::day(date))
            .unwrap();
        (
            view.due.unwrap().to_string(),
            view.phase.clone(),
            view.reports.len(),
        )
    };
    story.now("2026-12-05 09:00");
    story.by("luan-pin", Act::Closed { task: task.clone() });
    assert_eq!(view_on(&story, "2026-12-10").0, "2026-01-10");
    assert_eq!(view_on(&story, "2026-12-10").1, Phase::Closed);
    assert_eq!(view_on(&story, "2026-12-11").1, Phase::Open);
    assert_eq!(view_on(&story, "2026-12-11").0, "2027-01-10");
    story.now("2026-12-20 09:00");
    story.answer(task.as_str(), "2", Judgement::Normal);
    assert_eq!(view_on(&story, "2026-12-21").2, 1);
    assert_eq!(
        view_on(&story, "2027-01-05").2,
        1,
        "it is still for that one"
    );
    story.now("2026-12-25 09:00");
    story.by("luan-pin", Act::Closed { task: task.clone() });
    assert_eq!(view_on(&story, "2027-06-01").1, Phase::Closed);
}

#[test]
fn decembers_number_given_in_january_counts_for_december() {
    let mut story = Story::live(rushan());
    story.now("2026-11-26 09:00");
    story.answer("9-1", "1", Judgement::Normal);
    story.now("2027-01-06 09:00");
    let view_on = |story: &Story<'_>, date| {
        let standing = story.standing();
        let view = rushan()
            .task_view(&standing, &"9-1".into(), testing::day(date))
            .unwrap();
        (
            view.actual().map(|value| value.to_string()),
            rushan().counts_for(&standing, &view, at("2027-01-06 09:00")),
        )
    };
    let (actual, counts) = view_on(&story, "2027-01-06");
    assert_eq!(actual, None);
    let CountsFor::Ask { last, this } = counts else {
        panic!("{counts:?}")
    };
    assert_eq!((last.id.as_str(), this.id.as_str()), ("2026-12", "2027-01"));
    let mut report = testing::report("9-1", Value::Number(2.into()), Judgement::Done);
    report.period = last.id;
    report.late = true;
    story.file(report);
    let (actual, counts) = view_on(&story, "2027-01-06");
    assert_eq!(actual, None);
    assert!(matches!(counts, CountsFor::This { late: false, .. }));
}

#[test]
fn a_correction_stands_where_the_corrected_report_stood() {
    let mut story = Story::live(rushan());
    story.now("2026-11-25 09:00");
    let first = story.answer("2-3", "20", Judgement::Normal);
    story.now("2026-12-17 09:00");
    story.answer("2-3", "24", Judgement::Normal);
    story.now("2026-12-18 09:00");
    for value in [21, 22] {
        let mut report = testing::report("2-3", Value::Number(value.into()), Judgement::Normal);
        report.corrects = Some(first);
        report.period = "2026-11".to_owned();
        story.file(report);
    }
    let standing = story.standing();
    let view = rushan()
        .task_view(&standing, &"2-3".into(), testing::day("2026-12-18"))
        .unwrap();
    let numbers: Vec<Value> = view
        .reports
        .iter()
        .map(|filed| filed.report.value)
        .collect();
    assert_eq!(
        numbers,
        [Value::Number(22.into()), Value::Number(24.into())]
    );
    assert_eq!(view.start.map(|(_, value)| value), Some(22.into()));
    assert_eq!(view.actual_before(), Some(22.into()));
}

#[test]
fn two_targets_with_one_fact_are_asked_once_and_both_answered() {
    let mut story = Story::live(rushan());
    let standing = story.standing();
    let asked = rushan().asked_views(&standing, testing::day("2026-11-24"));
    let labels: Vec<&str> = asked.iter().map(|view| view.task.label.as_str()).collect();
    for (asked, not) in [
        ("2-3", "2-1"),
        ("3-2", "3-1"),
        ("4-2", "4-1"),
        ("12-1", "总-3"),
        ("总-10", "总-5"),
    ] {
        assert!(
            labels.contains(&asked) && !labels.contains(&not),
            "{labels:?}"
        );
    }
    // 29 targets and 16 narratives, five facts shared.
    assert_eq!(labels.len(), 29 + 16 - 5);
    story.now("2026-11-25 09:00");
    story.answer("2-3", "21", Judgement::Normal);
    let standing = story.standing();
    let view = rushan()
        .task_view(&standing, &"2-1".into(), testing::day("2026-11-25"))
        .unwrap();
    assert_eq!(
        view.phase,
        Phase::Baseline(Initial::NotReached { wanted: None })
    );
}

#[test]
fn a_settlement_sets_facts_and_a_later_one_in_its_place_takes_them_back() {
    let mut story = Story::live(rushan());
    let due = |story: &Story<'_>| {
        let standing = story.standing();
        rushan()
            .task_view(&standing, &"6-5".into(), testing::day("2026-11-24"))
            .unwrap()
            .due
    };
    assert_eq!(due(&story), None);
    story.settle_all_but(&[]);
    assert_eq!(due(&story), Some(testing::day("2027-12-31")));
    let how = Settlement::InWords {
        words: testing::text("长期坚持，不设时限"),
        sets: crate::plan::Sets::default(),
    };
    let task = Some("6-5".into());
    story.by(
        "luan-pin",
        Act::TermsSettled {
            doubt: Some("6-5-due".into()),
            task,
            how,
            basis: None,
        },
    );
    assert_eq!(due(&story), None);
}

#[test]
fn an_answer_is_awaited_from_the_opening_of_its_period() {
    let mut story = Story::live(rushan());
    let awaited = |story: &Story<'_>, task: &str, when: &str| {
        let standing = story.standing_at(when);
        let view = rushan()
            .task_view(&standing, &task.into(), calendar::date_of(at(when)))
            .unwrap();
        rushan()
            .awaited(&standing, &view, at(when))
            .map(|period| period.id)
    };
    assert_eq!(awaited(&story, "m11", "2026-11-23 09:00"), None);
    assert_eq!(
        awaited(&story, "m11", "2026-11-23 10:00").as_deref(),
        Some("2026-11")
    );
    // December opens on the 15th; before that November is awaited still.
    assert_eq!(
        awaited(&story, "m11", "2026-12-14").as_deref(),
        Some("2026-11")
    );
    assert_eq!(
        awaited(&story, "m11", "2026-12-15 09:00").as_deref(),
        Some("2026-12")
    );
    // A past target is asked in two periods, and no more once it is answered.
    assert_eq!(
        awaited(&story, "6-1", "2026-12-16").as_deref(),
        Some("2026-12")
    );
    assert_eq!(awaited(&story, "6-1", "2027-01-18"), None);
    story.now("2026-11-25 09:00");
    story.answer("6-1", "10", Judgement::Done);
    story.answer("m11", "-", Judgement::Done);
    assert_eq!(
        awaited(&story, "6-1", "2026-11-27").as_deref(),
        Some("2026-11")
    );
    assert_eq!(awaited(&story, "6-1", "2026-12-16"), None);
    assert_eq!(awaited(&story, "m11", "2026-12-16"), None);
}

#[test]
fn the_days_of_a_light_count_from_what_began_it() {
    let story = story();
    let since = |label: &str, when: &str| {
        let standing = story.standing_at(when);
        let views = rushan().task_views(&standing, calendar::date_of(at(when)));
        let view = views.iter().find(|view| view.task.label == label).unwrap();
        let (_, reason) = light_of(rushan(), &standing, view, at(when));
        light_since(rushan(), &standing, view, &reason, at(when)).map(|day| day.to_string())
    };
    assert_eq!(since("6-1", "2027-06-25").as_deref(), Some("2027-04-01"));
    assert_eq!(since("总-9", "2026-11-27").as_deref(), Some("2026-11-25"));
    assert_eq!(since("总-6", "2027-06-25").as_deref(), Some("2026-11-25"));
    // 2 since 25 November on the way to 6, 280 working days: the 71st is the first with more than 25 % due.
    assert_eq!(since("3-2", "2027-06-25").as_deref(), Some("2027-03-09"));
    assert_eq!(since("6-2", "2027-06-25"), None);
}

#[test]
fn the_office_can_pause_and_resume_and_the_fold_remembers_when() {
    let mut story = Story::live(rushan());
    story.now("2026-12-01 09:00");
    let reason = testing::text("换届");
    story.by(
        "luan-pin",
        Act::Paused {
            reason,
            until: None,
        },
    );
    assert!(!story.standing().could_ask(at("2026-12-02 09:00")));
    story.now("2026-12-08 09:00");
    story.by("luan-pin", Act::Resumed);
    let standing = story.standing();
    let could = |when| standing.could_ask(at(when));
    assert_eq!(
        (
            could("2026-11-30 09:00"),
            could("2026-12-02 09:00"),
            could("2026-12-08 09:00")
        ),
        (true, false, true)
    );
    assert!(!could("2026-11-23 09:59"));
}

#[test]
fn only_the_account_that_is_bound_is_unbound_and_only_the_offer_declined_is_dropped() {
    let account = |user_id| Account {
        user_id,
        name: "甲".to_owned(),
        username: None,
    };
    let person = || crate::plan::PersonId::new("li-junqing");
    let mut story = Story::live(rushan());
    for user_id in [1, 2] {
        story.act(Act::Bound {
            person: person(),
            account: account(user_id),
            way: BindingWay::Link,
        });
    }
    story.by(
        "luan-pin",
        Act::Unbound {
            person: person(),
            user_id: 1,
        },
    );
    let (first, second) = (crate::plan::Hash::of(b"1"), crate::plan::Hash::of(b"2"));
    story.act(Act::AdoptionOffered { adoption: first });
    story.act(Act::AdoptionOffered { adoption: second });
    story.by("luan-pin", Act::AdoptionDeclined { adoption: first });
    let standing = story.standing();
    assert_eq!(standing.person_of(2), Some(&person()));
    assert_eq!(standing.offered, Some(second));
}

#[test]
fn a_hint_is_decided_once_wherever_it_stands() {
    let mut story = Story::live(rushan());
    let mut hint = |task: &str| {
        let value = Value::Number(9.into());
        story.by(
            "hou-shijun",
            Act::Hinted {
                task: task.into(),
                value,
                words: None,
            },
        )
    };
    let (first, second) = (hint("6-1"), hint("6-2"));
    story.by(
        "li-junqing",
        Act::HintDecided {
            hint: second,
            taken: true,
        },
    );
    story.by(
        "li-junqing",
        Act::HintDecided {
            hint: 99,
            taken: true,
        },
    );
    let standing = story.standing();
    assert_eq!(standing.hinted[&first].as_str(), "6-1");
    assert_eq!(standing.task_state(&"6-1".into()).hints[0].taken, None);
    assert_eq!(
        standing.task_state(&"6-2".into()).hints[0].taken,
        Some(true)
    );
}

/// Told once for all cases.
static STORY: LazyLock<Story<'static>> = LazyLock::new(story);

proptest::proptest! {
    #[test]
    fn folding_by_increments_equals_folding_at_once(cuts in proptest::collection::vec(0_usize..80, 0..6)) {
        let entries = &STORY.entries;
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(entries.len())).collect();
        cuts.sort_unstable();
        let mut standing = Standing::default();
        let mut from = 0;
        for cut in cuts.into_iter().chain([entries.len()]) {
            for entry in &entries[from..cut] {
                standing.apply(entry);
            }
            proptest::prop_assert_eq!(&standing, &Standing::fold(&entries[..cut]));
            from = cut;
        }
    }
}
