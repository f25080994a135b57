//! Rows of a moment.

use super::*;
use crate::digest::testing::Taken;
use crate::ledger::testing::{Story, day, report, rushan};
use crate::ledger::{Act, Judgement, Value};

fn answered(task: &str, value: i64, corrects: Option<u64>) -> Act {
    let mut report = report(task, Value::Number(value.into()), Judgement::Normal);
    report.corrects = corrects;
    Act::Answered(report.into())
}

#[test]
fn every_target_has_a_row_and_every_answer_one_in_the_order_of_the_ledger() {
    let mut story = Story::live(rushan());
    let first = story.by("li-junqing", answered("6-3", 8, None));
    let other = story.by("sun-jing", answered("12-1", 9000, None));
    let second = story.by("li-junqing", answered("6-3", 9, Some(first)));
    let taken = Taken::of(&story);
    let pack = taken.pack();
    assert_eq!(pack.targets().len(), story.frame.plan.indicators.len());
    let seqs: Vec<u64> = pack.answers().map(|row| row.filed.seq).collect();
    assert_eq!(seqs, [first, other, second]);
    let corrected: Vec<Option<u64>> = pack.answers().map(|row| row.corrected_by).collect();
    assert_eq!(corrected, [Some(second), None, None]);
    assert_eq!(pack.answer_count(), 3);
}

#[test]
fn a_scope_of_one_measure_and_some_days_leaves_the_rest_out() {
    let mut story = Story::live(rushan());
    story.now("2026-11-24 09:00");
    story.by("li-junqing", answered("6-3", 8, None));
    story.now("2026-11-26 09:00");
    let late = story.by("li-junqing", answered("6-3", 9, None));
    story.by("sun-jing", answered("12-1", 9000, None));
    let mut taken = Taken::of(&story);
    taken.scope = Scope {
        measure: Some("6".into()),
        from: Some(day("2026-11-25")),
        to: None,
    };
    let pack = taken.pack();
    let seqs: Vec<u64> = pack.answers().map(|row| row.filed.seq).collect();
    assert_eq!(seqs, [late]);
    let of_six = |row: &TargetRow<'_>| row.indicator.measure == Some("6".into());
    assert!(!pack.targets().is_empty() && pack.targets().iter().all(of_six));
    assert!(
        pack.works()
            .iter()
            .all(|row| row.task.measure == Some("6".into()))
    );
}
