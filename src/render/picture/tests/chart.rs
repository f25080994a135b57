//! What a chart shows of targets with and without numbers.

use super::goldens::twelve_weeks;
use super::{Frame, Judgement, LookBack, Story, Taken, Value, course, report, rushan};
use crate::digest::Chart;
use crate::ledger::testing::{day, frame_of, huge};
use crate::ledger::{Light, MilestoneStage};
use crate::plan::MeasureId;
use crate::render::picture::chart;

/// What is shown of a measure, as `look` sees it.
fn shown<'a>(
    taken: &'a Taken<'_>,
    story: &Story<'_>,
    measure: Option<&str>,
    until: &str,
) -> Chart<'a> {
    let measure: Option<MeasureId> = measure.map(Into::into);
    let course = course(story, &LookBack::Tasks(measure.clone()), until);
    taken.pack().chart(measure.as_ref(), &course)
}

fn drawn(frame: &Frame, measure: &str, until: &str) -> Vec<String> {
    let story = Story::live(frame);
    let measure = Some(MeasureId::from(measure));
    let course = course(&story, &LookBack::Tasks(measure.clone()), until);
    chart(&Taken::at(&story, until).pack(), &course, measure.as_ref())
}

#[test]
fn answers_stand_beside_the_pace_of_their_way() {
    let mut story = Story::live(rushan());
    story.settle_all_but(&[]);
    for (when, number) in [
        ("2026-11-24 10:00", 1),
        ("2026-12-02 10:00", 2),
        ("2026-12-02 15:00", 3),
    ] {
        story.now(when);
        story.file(report(
            "2-3",
            Value::Number(number.into()),
            Judgement::Normal,
        ));
    }
    let taken = Taken::at(&story, "2026-12-04 16:00");
    let chart = shown(&taken, &story, Some("2"), "2026-12-04 16:00");
    let track = chart
        .tracks
        .iter()
        .find(|track| track.row.indicator.id.as_str() == "2-3");
    let track = track.unwrap();
    // Of one day the last word counts.
    assert_eq!(
        track.answers,
        [(day("2026-11-24"), 1.into()), (day("2026-12-02"), 3.into())]
    );
    assert_eq!(track.pace.first(), Some(&(day("2026-11-24"), 1.into())));
    assert_eq!(track.pace.last(), Some(&(day("2027-12-31"), 28.into())));
    assert!(track.pace.is_sorted());
    assert_eq!(track.days, (day("2026-11-24"), day("2027-12-31")));
}

#[test]
fn a_correction_stands_on_the_day_of_what_it_corrects() {
    let mut story = Story::live(rushan());
    story.now("2026-11-24 10:00");
    let first = story.file(report("2-3", Value::Number(9.into()), Judgement::Normal));
    story.now("2026-11-25 10:00");
    story.file(report("2-3", Value::Number(12.into()), Judgement::Normal));
    story.now("2026-11-26 10:00");
    let mut correction = report("2-3", Value::Number(8.into()), Judgement::Normal);
    correction.corrects = Some(first);
    story.file(correction);
    let taken = Taken::of(&story);
    let chart = shown(&taken, &story, Some("2"), "2026-11-27 16:00");
    let track = chart
        .tracks
        .iter()
        .find(|track| track.row.indicator.id.as_str() == "2-3");
    assert_eq!(
        track.unwrap().answers,
        [
            (day("2026-11-24"), 8.into()),
            (day("2026-11-25"), 12.into())
        ]
    );
}

#[test]
fn what_has_no_number_is_a_strip_of_its_lights() {
    let mut story = Story::live(rushan());
    story.settle_all_but(&[]);
    story.now("2026-12-02 10:00");
    story.file(report("m22", Value::None, Judgement::Blocked));
    let taken = Taken::at(&story, "2026-12-04 16:00");
    let chart = shown(&taken, &story, Some("22"), "2026-12-04 16:00");
    assert!(chart.tracks.is_empty());
    let weeks = &chart.strips[0].weeks;
    assert_eq!(weeks[8], None);
    let seen = weeks[9..].iter().flatten();
    assert_eq!(
        seen.copied().collect::<Vec<_>>(),
        [
            (day("2026-11-20"), Some(Light::Grey)),
            (day("2026-11-27"), Some(Light::Grey)),
            (day("2026-12-04"), Some(Light::Red)),
        ]
    );
    let general = shown(&taken, &story, None, "2026-12-04 16:00");
    assert_eq!((general.tracks.len(), general.strips.len()), (9, 1));
    assert!(general.measure.is_none());
}

#[test]
fn a_milestone_is_a_strip_too() {
    let mut story = twelve_weeks(rushan());
    story.now("2027-02-25 10:00");
    story.file(report(
        "g-2",
        Value::Stage(MilestoneStage::Completed),
        Judgement::Done,
    ));
    let taken = Taken::at(&story, "2027-02-26 16:00");
    let chart = shown(&taken, &story, None, "2027-02-26 16:00");
    let strip = &chart.strips[0];
    assert_eq!(strip.work.task.id.as_str(), "g-2");
    assert!(strip.weeks.iter().all(Option::is_some));
}

#[test]
fn an_unknown_measure_or_one_without_anything_is_a_picture_that_says_so() {
    let sheets = drawn(rushan(), "99", "2026-11-27 16:00");
    assert_eq!(sheets.len(), 1);
    assert!(sheets[0].contains("这项举措没有在办的目标。"));
}

#[test]
fn two_hundred_targets_of_one_measure_end_with_the_tenth_sheet() {
    let mut wide = frame_of(&huge(200));
    for task in &mut wide.plan.tasks {
        task.measure = Some("1".into());
    }
    let sheets = drawn(&wide, "1", "2026-11-27 16:00");
    assert_eq!(sheets.len(), 10);
    assert!(sheets[9].contains("其余目标未列出"));
    assert!(!sheets[8].contains("其余目标未列出"));
}

#[test]
fn numbers_past_all_reckoning_are_still_a_picture() {
    let mut story = Story::live(rushan());
    story.now("2026-11-24 10:00");
    for number in [rust_decimal::Decimal::MAX, rust_decimal::Decimal::MIN] {
        story.file(report("2-3", Value::Number(number), Judgement::Normal));
        let taken = Taken::of(&story);
        let measure = Some(MeasureId::from("2"));
        let course = course(
            &story,
            &LookBack::Tasks(measure.clone()),
            "2026-11-27 16:00",
        );
        let sheets = chart(&taken.pack(), &course, measure.as_ref());
        for svg in &sheets {
            super::holds_its_texts("past", svg);
            assert!(super::png(svg).is_ok());
        }
    }
}
