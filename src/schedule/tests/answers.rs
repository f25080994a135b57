//! What an answer stops (rules, 3.2).

use insta::assert_snapshot;

use super::world::*;
use crate::ledger::{Act, Judgement};
use crate::schedule::{Notice, NoticeTo};

fn to_ann(notice: &Notice) -> bool {
    notice.to == NoticeTo::Person("ann".into())
}

#[test]
fn an_answer_after_the_opening_stops_the_pings_of_the_period() {
    let mut world = World::small(&[], "2026-11-16 08:00");
    world.run_until("2026-11-17", to_ann);
    world.goes("2026-11-18 10:00").answered("m1");
    assert_snapshot!(world.run_until("2026-12-16", to_ann), @"12-15 Tue 09:00 ann silent: m1 opens");
}

#[test]
fn an_answer_before_the_opening_that_counts_for_the_period_stops_it_all() {
    let mut world = World::small(&[], "2026-11-03 08:00");
    world.answered("m1");
    assert_snapshot!(world.run_until("2026-11-30", to_ann), @"");
}

#[test]
fn a_late_answer_for_the_last_period_leaves_this_one_open() {
    let mut world = World::small(&[], "2026-11-03 08:00");
    world.answers("m1", |report| report.period = "2026-10".to_owned());
    assert_snapshot!(world.run_until("2026-11-24", to_ann), @r"
    11-16 Mon 09:00 ann silent: m1 opens
    11-23 Mon 09:00 ann ping: m1 ping
    ");
}

#[test]
fn an_answer_stops_the_rungs_of_its_period_and_of_the_next_until_one_passes() {
    let targets = [target("1-1", "2027-06-18", "")];
    let mut world = World::small(&targets, "2027-05-17 08:00");
    world.run_until("2027-06-11", to_ann);
    world.goes("2027-06-14 10:00").answered("1-1");
    // The rungs on the 15th, 17th and 18th are stopped, the first overdue one after the period is not.
    assert_snapshot!(world.run_until("2027-07-10", to_ann), @r"
    07-02 Fri 09:00 ann ping: 1-1 0618+2
    07-09 Fri 09:00 ann ping: 1-1 0618+3
    ");
}

#[test]
fn an_answer_between_two_rungs_stops_the_next_one_over_the_end_of_a_month() {
    let targets = [target("1-1", "2027-07-02", "")];
    let mut world = World::small(&targets, "2027-06-24 08:00");
    world.run_until("2027-06-28", to_ann);
    world.goes("2027-06-29 08:00").answered("1-1");
    // The day before is stopped by the answer since the rung of three days; the day itself falls in a new period.
    assert_snapshot!(world.run_until("2027-07-05", to_ann), @r"
    07-01 Thu 09:00 ann ping: 1-1 0702-1
    07-02 Fri 09:00 ann ping: 1-1 0702-0
    ");
}

#[test]
fn who_answered_a_ping_is_told_of_the_deadline_in_a_new_period_without_a_sound() {
    let targets = [target("1-1", "2027-12-02", "")];
    let mut world = World::small(&targets, "2027-11-29 08:00");
    world.run_until("2027-11-29", to_ann);
    world.goes("2027-11-29 10:00").answered("1-1");
    // November's cut-off is on the 30th; one sound a week is enough for somebody who answers.
    assert_snapshot!(world.run_until("2027-12-02", |notice| !matches!(notice.to, NoticeTo::Office)), @"12-02 Thu 09:00 ann silent: 1-1 1202-0");
}

#[test]
fn a_task_said_to_be_done_is_not_asked_until_it_is_said_otherwise() {
    let targets = [target("1-1", "2027-06-18", "")];
    let mut world = World::small(&targets, "2027-05-17 08:00");
    world.run_until("2027-05-20", to_ann);
    world.answers("1-1", |report| report.judgement = Judgement::Done);
    assert_snapshot!(world.run_until("2027-07-31", to_ann), @"");
    world.answers("1-1", |report| report.judgement = Judgement::Difficult);
    assert_snapshot!(world.run_until("2027-09-20", to_ann), @r"
    09-03 Fri 09:00 ann ping: 1-1 0618+11
    09-10 Fri 09:00 ann ping: 1-1 0618+12
    09-20 Mon 09:00 ann ping: 1-1 0618+13
    ");
}

#[test]
fn a_closed_task_is_never_asked_and_its_narrative_wakes() {
    let targets = [target("1-1", "2027-06-18", "")];
    let mut world = World::small(&targets, "2027-06-14 08:00");
    world.enter("chief", Act::Closed { task: "1-1".into() });
    assert_snapshot!(world.run_until("2027-06-30", to_ann), @r"
    06-15 Tue 09:00 ann silent: m1 opens
    06-22 Tue 09:00 ann ping: m1 ping
    06-28 Mon 09:00 ann ping: m1 last
    ");
}

#[test]
fn an_overdue_task_answered_with_a_dated_next_step_is_asked_on_that_date() {
    let targets = [target("1-1", "2027-06-02", "")];
    let mut world = World::small(&targets, "2027-05-17 08:00");
    world.run_until("2027-06-10", to_ann);
    world.goes("2027-06-11 10:00");
    world.answers("1-1", |report| report.next_date = Some(day("2027-06-19")));
    // The 19th is a Saturday. Nobody answers then, so the overdue ladder goes on.
    assert_snapshot!(world.run_until("2027-07-05", to_ann), @r"
    06-21 Mon 09:00 ann ping: 1-1 next step 14
    07-01 Thu 09:00 ann ping: 1-1 0602+4
    ");
}

#[test]
fn a_far_next_step_is_asked_after_ten_working_days() {
    let targets = [target("1-1", "2027-06-02", "")];
    let mut world = World::small(&targets, "2027-05-17 08:00");
    world.run_until("2027-06-10", to_ann);
    world.goes("2027-06-11 10:00");
    world.answers("1-1", |report| report.next_date = Some(day("2027-09-01")));
    assert_snapshot!(world.run_until("2027-06-30", to_ann), @"06-25 Fri 09:00 ann ping: 1-1 next step 14");
}

#[test]
fn an_answer_to_a_next_step_counts_and_its_own_next_step_follows() {
    let targets = [target("1-1", "2027-06-02", "")];
    let mut world = World::small(&targets, "2027-05-17 08:00");
    world.run_until("2027-06-10", to_ann);
    world.goes("2027-06-11 10:00");
    world.answers("1-1", |report| report.next_date = Some(day("2027-06-15")));
    world.run_until("2027-06-15", to_ann);
    world.goes("2027-06-15 10:00");
    world.answers("1-1", |report| report.next_date = Some(day("2027-06-24")));
    assert_snapshot!(world.run_until("2027-06-24", to_ann), @"06-24 Thu 09:00 ann ping: 1-1 0602+3");
}

#[test]
fn targets_that_share_a_fact_are_asked_once_and_answered_once() {
    let targets = [
        target("1-1", "2027-06-18", "fact = \"shared\""),
        target("1-2", "2027-12-31", "fact = \"shared\""),
    ];
    let mut world = World::small(&targets, "2027-06-07 08:00");
    assert_snapshot!(world.run_until("2027-06-11", to_ann), @"06-11 Fri 09:00 ann ping: 1-1 0618-7");
    world.answered("1-2");
    assert_snapshot!(world.run_until("2027-06-30", to_ann), @"");
}

#[test]
fn open_terms_with_an_inferred_filer_are_asked_of_that_filer() {
    let doubt = "[[doubt]]\nid = \"d\"\nindicator = \"1-1\"\nquestion = \"谁填？\"\nproposal = \"甲局填。\"\n";
    let targets = [target("1-1", "2027-06-18", ""), doubt.to_owned()];
    let mut world = World::small(&targets, "2027-06-07 08:00");
    assert_eq!(
        world
            .frame
            .open_doubts(&world.standing, &"1-1".into())
            .len(),
        1
    );
    assert_snapshot!(world.run_until("2027-06-11", to_ann), @"06-11 Fri 09:00 ann ping: 1-1 0618-7");
}

#[test]
fn leaders_are_never_asked() {
    let plan = small_plan(&target("1-1", "2027-06-18", ""));
    let mut world = World::live(frame(&plan), "2027-06-07 08:00");
    let to_leader = |notice: &Notice| notice.to == NoticeTo::Person("leader".into());
    assert_eq!(world.run_until("2027-07-31", to_leader), "");
    assert!(
        world
            .given
            .pings
            .keys()
            .all(|person| person.as_str() != "leader")
    );
}
