//! Targets that were past at go-live, and tasks nobody can be asked for (rules, 1.5, 3.9).

use insta::assert_snapshot;

use super::world::*;
use crate::ledger::{Act, BaselineAnswer, Text};

fn past() -> String {
    target("1-1", "2025-12-31", "")
}

#[test]
fn a_baseline_is_asked_silently_in_the_first_period_once_in_the_second_and_then_listed_to_the_office()
 {
    let mut world = World::small(&[past(), target("2-1", "", "")], "2026-11-10 08:00");
    assert_snapshot!(world.until("2027-02-28"), @r"
    11-16 Mon 09:00 ann silent: 1-1 baseline
    11-16 Mon 09:00 bob silent: 2-1 opens
    11-23 Mon 09:00 ann silent: 1-1 baseline
    11-23 Mon 09:00 bob ping: 2-1 ping
    11-26 Thu 09:00 ann silent: 1-1 baseline
    11-26 Thu 09:00 bob ping: 2-1 last
    12-15 Tue 09:00 ann silent: 1-1 baseline
    12-15 Tue 09:00 bob silent: 2-1 opens
    12-22 Tue 09:00 bob ping: 2-1 ping
    12-29 Tue 09:00 bob ping: 2-1 last
    12-31 Thu 14:00 office silent baseline missing: 1-1 baseline
    01-15 Fri 09:00 bob silent: 2-1 opens
    01-22 Fri 09:00 bob ping: 2-1 ping
    01-27 Wed 09:00 bob ping: 2-1 last
    02-15 Mon 09:00 bob silent: 2-1 opens
    02-22 Mon 09:00 bob ping: 2-1 ping
    02-24 Wed 09:00 bob ping: 2-1 last
    ");
}

#[test]
fn a_program_that_was_down_when_the_second_period_closed_lists_the_baseline_afterwards() {
    for back in ["2027-01-18 08:00", "2027-02-01 08:00", "2027-02-26 08:00"] {
        let mut world = World::small(&[past(), target("2-1", "", "")], "2026-11-10 08:00");
        let office = |notice: &crate::schedule::Notice| {
            notice.kind == crate::schedule::NoticeKind::BaselineMissing
        };
        assert_eq!(world.run_until("2026-12-16", office), "");
        world.goes(back);
        let listed = world.run_until("2027-05-31", office);
        assert_eq!(listed.lines().count(), 1, "{back}: {listed}");
    }
}

#[test]
fn a_baseline_rides_on_the_card_of_other_tasks_without_being_pinged_itself() {
    let mut world = World::small(&[past(), target("1-2", "", "")], "2026-11-23 08:00");
    assert_snapshot!(world.until("2026-11-26"), @r"
    11-23 Mon 09:00 ann ping: 1-1 baseline, 1-2 ping
    11-23 Mon 09:00 bob ping: m2 ping
    11-26 Thu 09:00 ann ping: 1-1 baseline, 1-2 last
    11-26 Thu 09:00 bob ping: m2 last
    ");
}

#[test]
fn go_live_in_the_middle_of_a_period_makes_it_the_first_if_an_ask_is_still_ahead() {
    let mut world = World::small(&[past()], "2026-11-24 10:00");
    assert_snapshot!(world.until("2026-12-31"), @r"
    11-26 Thu 09:00 ann silent: 1-1 baseline
    11-26 Thu 09:00 bob ping: m2 last
    12-15 Tue 09:00 ann silent: 1-1 baseline
    12-15 Tue 09:00 bob silent: m2 opens
    12-22 Tue 09:00 bob ping: m2 ping
    12-29 Tue 09:00 bob ping: m2 last
    12-31 Thu 14:00 office silent baseline missing: 1-1 baseline
    ");
    let mut world = World::small(&[past()], "2026-11-27 10:00");
    assert_snapshot!(world.until("2027-01-31"), @r"
    12-15 Tue 09:00 ann silent: 1-1 baseline
    12-15 Tue 09:00 bob silent: m2 opens
    12-22 Tue 09:00 ann silent: 1-1 baseline
    12-22 Tue 09:00 bob ping: m2 ping
    12-29 Tue 09:00 ann silent: 1-1 baseline
    12-29 Tue 09:00 bob ping: m2 last
    01-15 Fri 09:00 ann silent: 1-1 baseline
    01-15 Fri 09:00 bob silent: m2 opens
    01-22 Fri 09:00 bob ping: m2 ping
    01-27 Wed 09:00 bob ping: m2 last
    01-29 Fri 14:00 office silent baseline missing: 1-1 baseline
    ");
}

#[test]
fn an_answered_baseline_is_not_asked_again_and_has_no_overdue_ladder() {
    let reason = Text::new("管材未到", [0; 16]);
    let not_reached = BaselineAnswer::NotReached {
        reason,
        wanted: None,
    };
    for answer in [not_reached, BaselineAnswer::Reached { on: None }] {
        let mut world = World::small(&[past()], "2026-11-17 10:00");
        world.baseline("1-1", answer);
        let sent = world.until("2027-01-31");
        assert!(!sent.contains("ann"), "{sent}");
    }
}

#[test]
fn a_new_date_of_the_office_gives_a_past_target_its_ladder() {
    let mut world = World::small(&[past()], "2026-11-17 10:00");
    let reason = Text::new("管材未到", [0; 16]);
    world.baseline(
        "1-1",
        BaselineAnswer::NotReached {
            reason,
            wanted: None,
        },
    );
    world.goes("2027-03-01 10:00");
    world.enter(
        "chief",
        Act::DueSet {
            task: "1-1".into(),
            due: day("2027-03-12"),
        },
    );
    assert_snapshot!(world.until("2027-03-19"), @r"
    03-05 Fri 09:00 ann ping: 1-1 0312-7
    03-09 Tue 09:00 ann ping: 1-1 0312-3
    03-12 Fri 09:00 ann ping: 1-1 0312-0
    03-15 Mon 09:00 bob silent: m2 opens
    03-19 Fri 09:00 ann ping: 1-1 0312+1
    ");
}

#[test]
fn a_yearly_target_starts_with_the_running_year_and_is_no_baseline() {
    let yearly = target("1-1", "2024-12-31", "recurrence = \"yearly\"");
    let mut world = World::small(&[yearly], "2026-12-23 08:00");
    assert_snapshot!(world.until("2027-01-15"), @r"
    12-24 Thu 09:00 ann ping: 1-1 1231-7
    12-28 Mon 09:00 ann ping: 1-1 1231-3
    12-29 Tue 09:00 bob ping: m2 last
    12-31 Thu 09:00 ann ping: 1-1 1231-0
    01-15 Fri 09:00 ann silent: 1-1 opens
    01-15 Fri 09:00 bob silent: m2 opens
    ");
}

#[test]
fn a_task_without_a_person_is_listed_to_the_office_once_a_period() {
    let targets = [
        target("2-1", "", "filing_lead = \"d\""),
        target("1-1", "2027-06-18", ""),
    ];
    let plan = small_plan(&targets.concat()).replace(
        "[[member]]\nid = \"leader\"",
        "[[unit]]\nid = \"d\"\nname = \"丁办\"\n\n[[member]]\nid = \"leader\"",
    );
    let mut world = World::live(frame(&plan), "2026-11-02 08:00");
    world.answered("1-1");
    assert_snapshot!(world.until("2026-12-15"), @r"
    11-16 Mon 09:00 office silent unaskable: 2-1 opens
    12-15 Tue 09:00 ann silent: 1-1 opens
    12-15 Tue 09:00 office silent unaskable: 2-1 opens
    ");
}
