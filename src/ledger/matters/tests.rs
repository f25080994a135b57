//! How a matter begins, stays and ends, by reports and by taps.

use super::*;
use crate::ledger::testing::{Story, day, frame_of, report, text};
use crate::ledger::{Act, Judgement, ProgressReport, SupportNeed, Value};

const PLAN: &str = include_str!("../../../tests/transcripts/config/matter/plans/drainage.toml");

fn needs(unit: &str, what: &str) -> ProgressReport {
    ProgressReport {
        support_needed: Some(SupportNeed {
            unit: Some(unit.into()),
            what: text(what),
        }),
        ..report("1-1", Value::Number(5.into()), Judgement::Difficult)
    }
}

fn nothing_needed() -> ProgressReport {
    report("1-1", Value::Number(6.into()), Judgement::Normal)
}

fn settled(matter: u64, settled: bool) -> Act {
    Act::MatterSettled(MatterSettled { matter, settled })
}

fn answered(matter: u64, helped: bool) -> Act {
    Act::MatterAnswered(MatterAnswered {
        matter,
        helped,
        words: None,
    })
}

/// Seqs of the open matters after the story.
fn open(story: &Story<'_>) -> Vec<u64> {
    let standing = story.standing();
    let open = story.frame.open_matters(&standing, day("2026-12-01"));
    open.iter().map(|matter| matter.seq).collect()
}

#[test]
fn a_need_named_again_keeps_its_matter_and_its_age() {
    let frame = frame_of(PLAN);
    let mut story = Story::live(&frame);
    let first = story.file(needs("gdgs", "接电"));
    story.now("2026-11-26 09:00");
    let again = story.file(needs("gdgs", "接通临时用电"));
    assert_eq!(open(&story), [first]);
    let standing = story.standing();
    let matter = &standing.matters[&first];
    assert_eq!(
        (matter.named, matter.what.body()),
        (again, Some("接通临时用电"))
    );
    assert_eq!(matter.working_days(&frame, day("2026-11-27")), 4);
}

#[test]
fn another_unit_begins_another_matter_and_no_need_ends_it() {
    let frame = frame_of(PLAN);
    let mut story = Story::live(&frame);
    let first = story.file(needs("gdgs", "接电"));
    let second = story.file(needs("cgj", "让路"));
    assert_eq!(open(&story), [second]);
    let last = story.file(nothing_needed());
    assert_eq!(open(&story), [0; 0]);
    let standing = story.standing();
    let end = |seq| standing.matters[&seq].over.as_ref().map(|(_, _, end)| *end);
    assert_eq!(end(first), Some(MatterEnd::Reported(second)));
    assert_eq!(end(second), Some(MatterEnd::Reported(last)));
}

#[test]
fn help_given_ends_nothing_by_silence_and_a_new_naming_takes_it_back() {
    let frame = frame_of(PLAN);
    let mut story = Story::live(&frame);
    let matter = story.file(needs("gdgs", "接电"));
    story.by("wang-chuan", answered(matter, true));
    assert_eq!(open(&story), [matter]);
    let mut kept = needs("gdgs", "接电");
    kept.unchanged = true;
    story.file(kept);
    let helped = |story: &Story<'_>| {
        let standing = story.standing();
        standing.matters[&matter]
            .answer
            .as_ref()
            .map(|answer| answer.helped)
    };
    assert_eq!(helped(&story), Some(true));
    story.file(needs("gdgs", "接电"));
    assert_eq!((helped(&story), open(&story)), (None, vec![matter]));
}

#[test]
fn what_was_settled_by_a_tap_comes_back_in_new_words_alone() {
    let frame = frame_of(PLAN);
    let mut story = Story::live(&frame);
    let matter = story.file(needs("gdgs", "接电"));
    story.by("zhou-ming", settled(matter, true));
    assert_eq!(open(&story), [0; 0]);
    story.file(needs("gdgs", "接电"));
    assert_eq!(open(&story), [0; 0]);
    let other = story.file(needs("gdgs", "增容"));
    assert_eq!(open(&story), [other]);
    story.by("zhou-ming", settled(other, true));
    story.by("wu-yi", settled(other, false));
    assert_eq!(open(&story), [other]);
}

#[test]
fn a_correction_of_an_older_report_says_nothing_of_what_is_needed_now() {
    let frame = frame_of(PLAN);
    let mut story = Story::live(&frame);
    let old = story.file(nothing_needed());
    let matter = story.file(needs("gdgs", "接电"));
    story.file(ProgressReport {
        corrects: Some(old),
        ..nothing_needed()
    });
    assert_eq!(open(&story), [matter]);
    let corrected = story.file(ProgressReport {
        corrects: Some(matter),
        ..needs("gdgs", "接电")
    });
    assert_eq!(open(&story), [matter]);
    story.file(ProgressReport {
        corrects: Some(corrected),
        ..nothing_needed()
    });
    assert_eq!(open(&story), [0; 0]);
}

#[test]
fn a_closed_task_has_no_open_matter() {
    let frame = frame_of(PLAN);
    let mut story = Story::live(&frame);
    let matter = story.file(needs("gdgs", "接电"));
    assert_eq!(open(&story), [matter]);
    story.by("wu-yi", Act::Closed { task: "1-1".into() });
    assert_eq!(open(&story), [0; 0]);
}
