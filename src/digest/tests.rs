//! Tests of digests and status, on the Rushan plan.

use super::*;
use crate::ledger::testing::{self, Story, at, day, not_reached, reached, rushan, rushan_with};
use crate::ledger::{Act, Head, Judgement, Light, LightReason, Value};

fn digest_of(story: &Story<'_>, when: &str, before: Option<&str>) -> Digest {
    let standing = story.standing_at(when);
    let last = before.map(|before| (story.standing_at(before), at(before)));
    let previous = last
        .as_ref()
        .map(|(standing, at)| (story.frame, standing, *at));
    let head = Head {
        seq: standing.seq,
        hash: [1; 32],
    };
    weekly(story.frame, &standing, previous, 7, at(when), &head, false)
}

fn line<'a>(digest: &'a Digest, task: &str) -> &'a Line {
    let mut lines = digest.lines();
    lines.find(|line| line.item.task == task.into()).unwrap()
}

#[test]
fn the_first_digest_with_nobody_answering_has_no_red() {
    let mut story = Story::live(rushan());
    let digest = digest_of(&story, "2026-11-27", None);
    assert_eq!((digest.targets.now.red, digest.measures.now.red), (0, 0));
    assert_eq!(
        (digest.targets.now.total(), digest.measures.now.total()),
        (29, 16)
    );
    assert_eq!(digest.targets.before, None);
    assert!(digest.new_red.is_empty() && digest.answers == 0);
    story.settle_all_but(&[]);
    assert_eq!(digest_of(&story, "2026-11-27", None).targets.now.red, 0);
}

#[test]
fn changes_are_the_difference_of_two_folds() {
    let mut story = Story::live(rushan());
    story.settle_all_but(&[]);
    story.now("2026-11-25 09:00");
    story.baseline("6-1", "8", not_reached("管网未通", None));
    story.answer("g-9", "20", Judgement::Blocked);
    story.baseline("6-4", "2.4", reached("2024-12-20"));
    story.now("2026-12-02 09:00");
    story.answer("g-9", "21", Judgement::Normal);
    story.answer("9-1", "1", Judgement::Normal);
    story.by("luan-pin", Act::Closed { task: "6-4".into() });
    let first = digest_of(&story, "2026-11-27", None);
    assert_eq!(first.new_red, ["g-9".into(), "6-1".into()]);
    let second = digest_of(&story, "2026-12-04", Some("2026-11-27"));
    assert_eq!(second.targets.before, Some(first.targets.now));
    assert_eq!(second.new_red, ["9-1".into()]);
    assert_eq!(second.recovered, ["g-9".into()]);
    assert_eq!(second.newly_done, ["6-4".into()]);
    assert_eq!(second.answers, 2);
    assert_eq!(line(&second, "g-9").moved, Some(1.into()));
    assert_eq!(line(&second, "g-9").was, Some(Light::Red));
    assert_eq!(line(&second, "9-1").moved, None);
    assert!(line(&second, "9-1").item.disagrees);
}

#[test]
fn a_yearly_count_does_not_fall_at_new_year() {
    let mut story = Story::live(rushan());
    story.now("2026-12-23 09:00");
    story.answer("9-1", "2", Judgement::Normal);
    story.now("2027-01-06 09:00");
    story.answer("9-1", "1", Judgement::Normal);
    let digest = digest_of(&story, "2027-01-08", Some("2026-12-31"));
    assert_eq!(line(&digest, "9-1").moved, None);
    assert_eq!(digest.weeks_before, 0);
}

#[test]
fn what_stays_the_same_for_three_weeks_is_marked() {
    let mut story = Story::live(rushan());
    story.now("2026-11-25 09:00");
    story.answer("2-3", "22", Judgement::Normal);
    story.answer("2-2", "2", Judgement::Normal);
    story.now("2026-12-10 09:00");
    story.answer("2-3", "22", Judgement::Normal);
    assert!(!line(&digest_of(&story, "2026-12-11", None), "2-3").unchanged);
    let digest = digest_of(&story, "2026-12-18", None);
    assert!(line(&digest, "2-3").unchanged);
    // What is met need not change, and what was never answered has nothing to keep.
    assert!(!line(&digest, "2-2").unchanged && !line(&digest, "3-2").unchanged);
    story.now("2026-12-17 09:00");
    story.answer("2-3", "22", Judgement::Difficult);
    assert!(!line(&digest_of(&story, "2026-12-18", None), "2-3").unchanged);
}

#[test]
fn help_is_asked_for_once_a_report_and_ages_from_the_first_asking() {
    let mut story = Story::live(rushan());
    story.now("2026-11-25 09:00");
    story.ask_help("3-2", "3", "fgj", "国债口径");
    story.now("2026-11-30 09:00");
    story.ask_help("6-1", "8", "gdgs", "接电");
    story.now("2026-12-03 09:00");
    story.ask_help("3-2", "3", "fgj", "国债口径（再次）");
    let digest = digest_of(&story, "2026-12-04", None);
    let needs: Vec<_> = digest
        .needs
        .iter()
        .map(|need| (need.task.as_str(), need.what.as_deref().unwrap(), need.days))
        .collect();
    assert_eq!(needs, [("3-2", "国债口径（再次）", 9), ("6-1", "接电", 4)]);
    story.now("2026-12-08 09:00");
    story.answer("3-2", "4", Judgement::Normal);
    assert_eq!(digest_of(&story, "2026-12-11", None).needs.len(), 1);
}

#[test]
fn late_answers_stand_in_the_next_digest_and_corrections_of_what_was_told_are_marked() {
    let mut story = Story::live(rushan());
    story.now("2026-11-25 09:00");
    let told = story.answer("2-3", "22", Judgement::Normal);
    story.now("2026-12-01 09:00");
    let fresh = story.answer("3-2", "3", Judgement::Normal);
    let correct = |task: &str, value: i64, seq| {
        let mut report = testing::report(task, Value::Number(value.into()), Judgement::Normal);
        report.corrects = Some(seq);
        report.period = "2026-11".to_owned();
        report
    };
    story.file(correct("2-3", 23, told));
    story.file(correct("3-2", 4, fresh));
    let mut late = testing::report("7-1", Value::Number(1.into()), Judgement::Normal);
    late.period = "2026-11".to_owned();
    late.late = true;
    story.file(late);
    let digest = digest_of(&story, "2026-12-04", Some("2026-11-27"));
    assert!(line(&digest, "7-1").late && !line(&digest, "2-3").late);
    assert!(line(&digest, "2-3").corrected && line(&digest, "2-1").corrected);
    // A correction before anything was told is nobody's business.
    assert!(!line(&digest, "3-2").corrected);
    let next = digest_of(&story, "2026-12-11", Some("2026-12-04"));
    assert!(!line(&next, "7-1").late && !line(&next, "2-3").corrected);
}

#[test]
fn units_answer_when_all_that_is_asked_of_them_is_answered() {
    let mut story = Story::live(rushan());
    story.settle_all_but(&[]);
    let missing = |story: &Story<'_>, when: &str| {
        let all = participation(rushan(), &story.standing_at(when), at(when));
        let names = all.missing().filter_map(|unit| unit.unit.clone());
        (
            all.expected(),
            names.map(|id| id.to_string()).collect::<Vec<_>>(),
        )
    };
    let (expected, everybody) = missing(&story, "2026-11-27");
    // Fifteen of 25 units file something; the general targets are settled, so nothing is left to the office.
    assert_eq!((expected, everybody.len()), (15, 15));
    story.now("2026-11-25 09:00");
    story.answer("7-1", "1", Judgement::Normal);
    story.answer("8-1", "60", Judgement::Normal);
    let (_, names) = missing(&story, "2026-11-27");
    assert!(!names.contains(&"jyj".to_owned()) && names.contains(&"wjj".to_owned()));
    // In December, before its period is opened, November is still told.
    assert_eq!(missing(&story, "2026-12-11"), missing(&story, "2026-11-27"));
    assert!(missing(&story, "2026-12-16").1.contains(&"jyj".to_owned()));
    assert_eq!(missing(&Story::new(rushan()), "2026-11-27").0, 0);
}

#[test]
fn past_targets_are_asked_in_two_periods_and_then_listed() {
    let mut story = Story::live(rushan());
    story.now("2026-12-17 09:00");
    story.answer("6-1", "10", Judgement::Done);
    let listed = |when: &str| digest_of(&story, when, None).baseline_missing.len();
    assert_eq!((listed("2026-11-27"), listed("2026-12-25")), (0, 0));
    // 18 past targets; five share the fact of one that is asked, 6-1 is answered, and what has open terms is asked too.
    let digest = digest_of(&story, "2027-01-22", None);
    assert!(digest.baseline_missing.contains(&"6-2".into()));
    assert!(!digest.baseline_missing.contains(&"6-1".into()));
    assert!(!digest.baseline_missing.contains(&"2-1".into()));
    assert!(
        digest
            .participation
            .missing()
            .all(|unit| !unit.missing.contains(&"6-2".into()))
    );
}

#[test]
fn deadlines_of_the_next_fourteen_days_are_named_the_nearest_first() {
    let mut story = Story::live(rushan());
    story.now("2026-11-25 09:00");
    for (task, due) in [
        ("6-1", "2026-12-11"),
        ("6-2", "2026-11-28"),
        ("6-3", "2026-12-12"),
        ("6-4", "2026-11-27"),
    ] {
        story.by(
            "luan-pin",
            Act::DueSet {
                task: task.into(),
                due: day(due),
            },
        );
    }
    let digest = digest_of(&story, "2026-11-27", None);
    let tasks: Vec<_> = digest
        .deadlines
        .iter()
        .map(|deadline| deadline.task.as_str())
        .collect();
    assert_eq!(tasks, ["6-2", "6-1"]);
}

#[test]
fn a_week_without_a_digest_is_covered_by_the_next() {
    let story = Story::live(rushan());
    let covers = |when, before| digest_of(&story, when, Some(before)).weeks_before;
    assert_eq!(covers("2026-12-04", "2026-11-27"), 0);
    // A digest made a day early in its week, and one posted late in the next, miss none.
    assert_eq!(covers("2026-12-04", "2026-11-26"), 0);
    assert_eq!(covers("2026-12-11", "2026-11-27"), 1);
    assert_eq!(digest_of(&story, "2026-12-31", None).week, (2026, 53));
}

#[test]
fn a_digest_is_of_its_own_plan_and_thresholds() {
    let strict = {
        let mut frame = rushan_with(&[("id = \"7-1\"", "id = \"7-9\"")]);
        frame.settings.thresholds.yellow = rust_decimal::Decimal::ONE;
        frame
    };
    let mut story = Story::live(rushan());
    story.settle_all_but(&[]);
    story.now("2026-11-25 09:00");
    story.answer("2-3", "22", Judgement::Normal);
    story.answer("7-1", "1", Judgement::Normal);
    let old = digest_of(&story, "2026-12-25", Some("2026-12-18"));
    assert_eq!(line(&old, "2-3").item.light, Light::Green);
    let (before, now) = (
        story.standing_at("2026-12-18"),
        story.standing_at("2026-12-25"),
    );
    let head = Head::default();
    let previous = Some((rushan(), &before, at("2026-12-18")));
    let new = weekly(&strict, &now, previous, 8, at("2026-12-25"), &head, false);
    let changed = line(&new, "2-3");
    assert_eq!(
        (changed.was, changed.item.light),
        (Some(Light::Green), Light::Yellow)
    );
    assert_eq!(
        (line(&new, "7-9").was, line(&new, "7-9").item.light),
        (None, Light::Grey)
    );
    assert!(new.lines().all(|line| line.item.task != "7-1".into()));
    // The old one does not change.
    assert_eq!(digest_of(&story, "2026-12-25", Some("2026-12-18")), old);
}

#[test]
fn the_overview_counts_by_section_and_lists_follow_their_question() {
    let mut story = Story::live(rushan());
    story.now("2026-11-25 09:00");
    story.baseline("6-1", "8", not_reached("管网未通", None));
    let due = day("2026-11-26");
    story.by(
        "luan-pin",
        Act::DueSet {
            task: "6-2".into(),
            due,
        },
    );
    let now = at("2026-11-28");
    let standing = story.standing();
    let status = status(rushan(), &standing, now);
    assert_eq!((status.targets.total(), status.measures.total()), (29, 16));
    let totals: Vec<_> = status
        .sections
        .iter()
        .map(|(_, counts)| counts.total())
        .collect();
    assert_eq!(totals, [10, 6, 11, 3, 4, 4, 2, 5]);
    let overdue: Vec<_> = overdue(rushan(), &standing, now)
        .into_iter()
        .map(|item| (item.task, item.reason))
        .collect();
    assert_eq!(
        overdue,
        [
            ("6-2".into(), LightReason::Overdue(2)),
            ("6-1".into(), LightReason::BaselineNotReached)
        ]
    );
    assert_eq!(of_measure(rushan(), &standing, now, &"6".into()).len(), 5);
    assert_eq!(of_unit(rushan(), &standing, now, &"zjj".into()).len(), 5);
    let person = |id: &str| {
        of_person(
            rushan(),
            &standing,
            now,
            rushan().plan.member(&id.into()).unwrap(),
        )
        .len()
    };
    // The office chief files their unit's items and the nine general targets and others that nobody files.
    assert_eq!((person("li-junqing"), person("liu-peigen")), (5, 0));
    assert_eq!(person("luan-pin"), 5 + 10);
    let li = rushan().plan.member(&"li-junqing".into()).unwrap();
    assert_eq!(awaited_of(rushan(), &standing, now, li).len(), 4);
}
