//! Rhythm, ladder and how they meet (rules, 2.3, 2.4, 3.1).

use insta::assert_snapshot;

use super::world::*;
use crate::ledger::Act;
use crate::schedule::{Notice, NoticeKind, NoticeTo};

fn to_ann(notice: &Notice) -> bool {
    notice.to == NoticeTo::Person("ann".into())
}

fn is_digest(notice: &Notice) -> bool {
    matches!(notice.kind, NoticeKind::Digest { .. })
}

#[test]
fn a_month_opens_silently_on_the_15th_and_pings_on_the_22nd_and_two_working_days_before_the_cut_off()
 {
    let mut world = World::small(&[], "2026-11-02 08:00");
    assert_snapshot!(world.run_until("2026-12-31", to_ann), @r"
    11-16 Mon 09:00 ann silent: m1 opens
    11-23 Mon 09:00 ann ping: m1 ping
    11-26 Thu 09:00 ann ping: m1 last
    12-15 Tue 09:00 ann silent: m1 opens
    12-22 Tue 09:00 ann ping: m1 ping
    12-29 Tue 09:00 ann ping: m1 last
    ");
}

#[test]
fn rhythm_dates_on_a_day_off_move_forward_and_those_that_meet_are_one() {
    let mut world = World::small(&[], "2026-02-01 08:00");
    assert_snapshot!(world.run_until("2026-02-28", to_ann), @r"
    02-24 Tue 09:00 ann ping: m1 ping
    02-26 Thu 09:00 ann ping: m1 last
    ");
}

#[test]
fn weekly_tasks_open_on_monday_and_ping_last_on_wednesday() {
    let mut world = World::small(
        &[target("1-1", "", "rhythm = \"weekly\"")],
        "2026-11-02 08:00",
    );
    assert_snapshot!(world.run_until("2026-11-15", to_ann), @r"
    11-02 Mon 09:00 ann silent: 1-1 opens
    11-04 Wed 09:00 ann ping: 1-1 last
    11-09 Mon 09:00 ann silent: 1-1 opens
    11-11 Wed 09:00 ann ping: 1-1 last
    ");
}

#[test]
fn fortnightly_tasks_are_asked_in_the_second_week() {
    let mut world = World::small(
        &[target("1-1", "", "rhythm = \"two_weekly\"")],
        "2026-11-02 08:00",
    );
    assert_snapshot!(world.run_until("2026-11-29", to_ann), @r"
    11-09 Mon 09:00 ann silent: 1-1 opens
    11-11 Wed 09:00 ann ping: 1-1 last
    11-23 Mon 09:00 ann silent: 1-1 opens
    11-25 Wed 09:00 ann ping: 1-1 last
    ");
}

#[test]
fn quarterly_tasks_are_asked_in_the_last_month() {
    let mut world = World::small(
        &[target("1-1", "", "rhythm = \"quarterly\"")],
        "2026-10-01 08:00",
    );
    assert_snapshot!(world.run_until("2027-01-31", to_ann), @r"
    12-15 Tue 09:00 ann silent: 1-1 opens
    12-22 Tue 09:00 ann ping: 1-1 ping
    12-29 Tue 09:00 ann ping: 1-1 last
    ");
}

#[test]
fn a_ladder_has_30_7_3_1_days_the_day_itself_and_then_every_five_working_days() {
    let mut world = World::small(&[target("1-1", "2027-06-18", "")], "2027-05-17 08:00");
    assert_snapshot!(world.run_until("2027-07-10", to_ann), @r"
    05-17 Mon 09:00 ann silent: 1-1 opens
    05-19 Wed 09:00 ann ping: 1-1 0618-30
    05-27 Thu 09:00 ann ping: 1-1 last
    06-11 Fri 09:00 ann ping: 1-1 0618-7
    06-15 Tue 09:00 ann ping: 1-1 0618-3
    06-18 Fri 09:00 ann ping: 1-1 0618-0
    06-25 Fri 09:00 ann ping: 1-1 0618+1
    07-02 Fri 09:00 ann ping: 1-1 0618+2
    07-09 Fri 09:00 ann ping: 1-1 0618+3
    ");
}

#[test]
fn a_deadline_in_the_national_holiday_is_never_reminded_late() {
    let mut world = World::small(&[target("1-1", "2027-10-03", "")], "2027-09-10 08:00");
    assert_snapshot!(world.run_until("2027-10-12", to_ann), @r"
    09-16 Thu 09:00 ann silent: 1-1 opens
    09-24 Fri 09:00 ann ping: 1-1 1003-7
    09-30 Thu 09:00 ann ping: 1-1 1003-0
    10-08 Fri 09:00 ann ping: 1-1 1003+1
    ");
}

#[test]
fn a_deadline_on_the_first_day_of_spring_is_never_reminded_late() {
    let mut world = World::small(&[target("1-1", "2027-02-06", "")], "2027-01-20 08:00");
    assert_snapshot!(world.run_until("2027-02-20", to_ann), @r"
    01-29 Fri 09:00 ann ping: 1-1 0206-7
    02-03 Wed 09:00 ann ping: 1-1 0206-3
    02-04 Thu 09:00 ann ping: 1-1 0206-0
    02-15 Mon 09:00 ann ping: 1-1 0206+1
    ");
}

#[test]
fn a_deadline_on_the_last_day_of_the_year_is_never_reminded_late() {
    let mut world = World::small(&[target("1-1", "2027-12-31", "")], "2027-11-01 08:00");
    assert_snapshot!(world.run_until("2028-01-07", to_ann), @r"
    11-15 Mon 09:00 ann silent: 1-1 opens
    11-22 Mon 09:00 ann ping: 1-1 ping
    11-26 Fri 09:00 ann ping: 1-1 1231-30
    12-15 Wed 09:00 ann silent: 1-1 opens
    12-24 Fri 09:00 ann ping: 1-1 1231-7
    12-28 Tue 09:00 ann ping: 1-1 1231-3
    12-31 Fri 09:00 ann ping: 1-1 1231-0
    01-07 Fri 09:00 ann ping: 1-1 1231+1
    ");
}

#[test]
fn a_deadline_on_sunday_is_reminded_on_friday() {
    let mut world = World::small(&[target("1-1", "2027-06-20", "")], "2027-06-17 18:00");
    assert_snapshot!(world.run_until("2027-06-22", to_ann), @"06-18 Fri 09:00 ann ping: 1-1 0620-0");
}

#[test]
fn a_task_that_starts_late_gets_only_the_rungs_still_ahead() {
    let mut world = World::small(&[target("1-1", "2027-06-18", "")], "2027-06-16 10:00");
    assert_snapshot!(world.run_until("2027-06-21", to_ann), @r"
    06-17 Thu 09:00 ann ping: 1-1 0618-1
    06-18 Fri 09:00 ann ping: 1-1 0618-0
    ");
}

#[test]
fn a_moved_deadline_has_its_own_ladder() {
    let mut world = World::small(&[target("1-1", "2027-06-18", "")], "2027-06-07 08:00");
    world.run_until("2027-06-14", to_ann);
    world.enter(
        "chief",
        Act::DueSet {
            task: "1-1".into(),
            due: day("2027-06-25"),
        },
    );
    assert_snapshot!(world.run_until("2027-06-28", to_ann), @r"
    06-15 Tue 09:00 ann silent: 1-1 opens
    06-18 Fri 09:00 ann ping: 1-1 0625-7
    06-22 Tue 09:00 ann ping: 1-1 0625-3
    06-25 Fri 09:00 ann ping: 1-1 0625-0
    ");
}

#[test]
fn a_rung_within_five_working_days_of_a_rhythm_ask_is_the_same_notice() {
    // November's last ping serves the rung of 1 December, the ping of the 22nd waits for the rung of the 24th, December's
    // last ping on the 29th is served by the rung of the 28th.
    let mut world = World::small(&[target("1-1", "2026-12-31", "")], "2026-11-24 08:00");
    assert_snapshot!(world.run_until("2026-12-31", to_ann), @r"
    11-26 Thu 09:00 ann ping: 1-1 1231-30
    12-15 Tue 09:00 ann silent: 1-1 opens
    12-24 Thu 09:00 ann ping: 1-1 1231-7
    12-28 Mon 09:00 ann ping: 1-1 1231-3
    12-31 Thu 09:00 ann ping: 1-1 1231-0
    ");
}

#[test]
fn the_rhythm_stops_with_the_plan_and_overdue_goes_on() {
    let mut world = World::small(&[target("1-1", "2028-12-29", "")], "2028-12-27 08:00");
    world.until("2028-12-31");
    assert_snapshot!(world.until("2029-01-31"), @r"
    01-02 Tue 09:00 office silent finish offered, 2028-12-31
    01-08 Mon 09:00 ann ping: 1-1 1229+1
    01-15 Mon 09:00 ann ping: 1-1 1229+2
    01-22 Mon 09:00 ann ping: 1-1 1229+3
    01-29 Mon 09:00 ann ping: 1-1 1229+4
    ");
}

#[test]
fn the_digest_goes_out_on_friday_or_the_last_working_day_before_it() {
    let mut world = World::small(&[], "2026-09-14 08:00");
    assert_snapshot!(world.run_until("2026-10-16", is_digest), @r"
    09-18 Fri 16:00 group silent digest 1 of 09-18 16:00
    09-24 Thu 16:00 group silent digest 2 of 09-24 16:00
    09-30 Wed 16:00 group silent digest 3 of 09-30 16:00
    10-09 Fri 16:00 group silent digest 4 of 10-09 16:00
    10-16 Fri 16:00 group silent digest 5 of 10-16 16:00
    ");
}

#[test]
fn a_week_without_a_working_day_has_no_digest_of_its_own() {
    let mut world = World::small(&[], "2026-02-09 08:00");
    assert_snapshot!(world.run_until("2026-03-01", is_digest), @r"
    02-13 Fri 16:00 group silent digest 1 of 02-13 16:00
    02-27 Fri 16:00 group silent digest 2 of 02-27 16:00
    ");
}

#[test]
fn a_yearly_deadline_early_in_january_is_asked_ahead_of_the_turn_of_the_year() {
    let yearly = target("1-1", "2026-01-10", "recurrence = \"yearly\"");
    let mut world = World::small(&[yearly], "2026-12-01 08:00");
    assert_snapshot!(world.run_until("2027-01-20", to_ann), @r"
    12-11 Fri 09:00 ann ping: 1-1 0110-30
    12-22 Tue 09:00 ann ping: 1-1 ping
    12-31 Thu 09:00 ann ping: 1-1 0110-7
    01-07 Thu 09:00 ann ping: 1-1 0110-3
    01-08 Fri 09:00 ann ping: 1-1 0110-0
    01-15 Fri 09:00 ann ping: 1-1 0110+1
    ");
}
