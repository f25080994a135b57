//! What is in force after settlements, changes and extensions, and where it comes from.

use std::sync::Arc;

use super::*;
use crate::ledger::testing::{Story, at, day, report, rushan, text};
use crate::ledger::{Judgement, Light, Phase, Value, light_of, pace_of};

const TASK: &str = "7-1";

fn change(before: Sets, sets: Sets) -> Act {
    Act::TermsSettled {
        doubt: None,
        task: Some(TASK.into()),
        how: Settlement::Changed { before, sets },
        basis: Some(text("乳发改〔2026〕12号")),
    }
}

fn target(value: i64) -> Sets {
    Sets {
        target: Some(value.into()),
        ..Sets::default()
    }
}

fn due(date: &str) -> Sets {
    Sets {
        due: Some(day(date)),
        ..Sets::default()
    }
}

fn amended(story: &Story<'_>) -> (Arc<Frame>, Standing) {
    let standing = story.standing();
    (Arc::new(story.frame.clone()).amended(&standing), standing)
}

/// A story with half of 7-1 done.
fn half_done() -> Story<'static> {
    let mut story = Story::live(rushan());
    story.now("2026-11-24 10:00");
    let published = rushan().plan.published(&TASK.into()).target.unwrap();
    let mut half = report(
        TASK,
        Value::Number(published / Decimal::TWO),
        Judgement::Normal,
    );
    half.done = Some(text("在建"));
    story.file(half);
    story
}

#[test]
fn a_changed_value_moves_what_is_met_and_the_published_one_stays_known() {
    let mut story = half_done();
    let published = rushan().plan.published(&TASK.into());
    let half = published.target.unwrap() / Decimal::TWO;
    let lower = Sets {
        target: Some(half),
        ..Sets::default()
    };
    let today = day("2026-11-24");
    let met = |story: &Story<'_>| {
        let (frame, standing) = amended(story);
        let view = frame.task_view(&standing, &TASK.into(), today).unwrap();
        let light = light_of(&frame, &standing, &view, at("2026-11-24 12:00")).0;
        let completion = pace_of(&frame, &view, at("2026-11-24 12:00")).map(|pace| pace.completion);
        (view.is_met(), light, completion)
    };
    let before = met(&story);
    assert!(!before.0);
    story.by(
        "luan-pin",
        change(published.only(Fact::Target), lower.clone()),
    );
    let after = met(&story);
    assert_eq!((after.0, after.1), (true, Light::Green));
    assert_ne!(after.2, before.2);
    let (frame, standing) = amended(&story);
    let terms = frame.terms(&standing, &TASK.into(), today).unwrap();
    assert_eq!(terms.now.only(Fact::Target), lower);
    assert_eq!(
        terms.changed_from(Fact::Target),
        Some(published.only(Fact::Target))
    );
    assert!(matches!(terms.source(Fact::Target), Source::Settled(it) if it.basis.is_some()));
    assert_eq!(terms.source(Fact::Baseline), &Source::Published);

    // 改回 is the same act the other way round.
    story.by("zhang-xinlong", change(lower, published.only(Fact::Target)));
    assert_eq!(met(&story), before);
    let (frame, standing) = amended(&story);
    let terms = frame.terms(&standing, &TASK.into(), today).unwrap();
    assert_eq!(terms.changed_from(Fact::Target), None);
    assert_eq!(standing.terms[TASK].len(), 2, "both stay on record");
    assert!(frame.plan.former.targets.is_empty());
}

#[test]
fn the_latest_word_on_the_deadline_counts_whoever_said_it() {
    let mut story = Story::live(rushan());
    let today = day("2026-11-24");
    let in_force = |story: &Story<'_>| {
        let (frame, standing) = amended(story);
        let view = frame.task_view(&standing, &TASK.into(), today).unwrap();
        let (due, phase) = (view.due.unwrap(), view.phase);
        let terms = frame.terms(&standing, &TASK.into(), today).unwrap();
        (due, phase, terms.source(Fact::Due).seq())
    };
    let (published, ..) = in_force(&story);
    let set = |date: &str| Act::DueSet {
        task: TASK.into(),
        due: day(date),
    };
    let first = story.by("luan-pin", set("2027-03-31"));
    assert_eq!(in_force(&story), (day("2027-03-31"), Phase::Open, first));
    let second = story.by("luan-pin", change(due("2027-03-31"), due("2027-06-30")));
    assert_eq!(in_force(&story), (day("2027-06-30"), Phase::Open, second));
    let third = story.by("luan-pin", set("2027-09-30"));
    assert_eq!(in_force(&story), (day("2027-09-30"), Phase::Open, third));
    let (frame, standing) = amended(&story);
    let terms = frame.terms(&standing, &TASK.into(), today).unwrap();
    let original = terms.changed_from(Fact::Due).unwrap();
    assert_eq!(original.due, Some(published));
}

#[test]
fn a_doubt_settled_again_gives_way_whole_and_a_change_lies_over_it() {
    let settled = |sets: Sets| Act::TermsSettled {
        doubt: Some("6-5-due".into()),
        task: Some(TASK.into()),
        how: Settlement::AsProposed(sets),
        basis: None,
    };
    let both = Sets {
        baseline: Some(3.into()),
        ..due("2027-05-31")
    };
    let mut story = Story::live(rushan());
    story.by("luan-pin", settled(both));
    story.by("luan-pin", settled(target(9)));
    assert_eq!(story.standing().settled_facts(&TASK.into()), target(9));
    story.by("luan-pin", change(target(9), target(12)));
    assert_eq!(story.standing().settled_facts(&TASK.into()), target(12));
    let (frame, _) = amended(&story);
    assert_eq!(
        frame.plan.indicator(&TASK.into()).unwrap().target,
        Some(12.into())
    );
    story.by("luan-pin", settled(Sets::default()));
    assert_eq!(story.standing().settled_facts(&TASK.into()), target(12));
}

#[test]
fn a_filing_unit_that_changes_is_asked_from_then_on() {
    let mut story = Story::live(rushan());
    let published = rushan().plan.published(&TASK.into());
    let lead = Sets {
        filing_lead: Some("zjj".into()),
        ..Sets::default()
    };
    story.by("luan-pin", change(published.only(Fact::FilingLead), lead));
    let (frame, standing) = amended(&story);
    let view = frame
        .task_view(&standing, &TASK.into(), day("2026-11-24"))
        .unwrap();
    assert_eq!(view.filer(&frame).unwrap().as_str(), "li-junqing");
}
