//! The report to the office, and promises quoted on their day.

use insta::assert_snapshot;

use super::world::{World, day, target};
use crate::calendar;
use crate::schedule::{NoticeKind, next_wakeup};

/// When reports were given until the end of `to`.
fn reports(world: &mut World, to: &str) -> Vec<String> {
    let mut given = Vec::new();
    while calendar::date_of(world.now) <= day(to) {
        for notice in world.due() {
            if let NoticeKind::OfficeReport { monday } = notice.kind {
                assert!(notice.silent && notice.pings.is_empty());
                let at = calendar::local(world.now).format("%m-%d %a %H:%M");
                given.push(format!("{at} of {monday}"));
            }
        }
        let next = next_wakeup(&world.frame, &world.standing, &world.given, world.now);
        world.now = next.expect("a live task force wakes up");
    }
    given
}

#[test]
fn the_office_has_its_report_on_monday_or_the_first_working_day_after_it() {
    // Monday 5 April 2027 is 清明.
    let mut world = World::small(&[], "2027-03-30 10:00");
    assert_eq!(
        reports(&mut world, "2027-04-13"),
        [
            "04-06 Tue 08:30 of 2027-04-05",
            "04-12 Mon 08:30 of 2027-04-12"
        ]
    );
}

#[test]
fn a_week_that_began_in_a_pause_has_its_report_in_the_first_morning_after_it() {
    let mut world = World::small(&[], "2026-11-26 10:00");
    world.pauses(Some("2026-12-01"));
    assert_eq!(
        reports(&mut world, "2026-12-08"),
        [
            "12-02 Wed 09:00 of 2026-11-30",
            "12-07 Mon 08:30 of 2026-12-07"
        ]
    );
}

#[test]
fn a_promise_comes_back_on_its_day_once_and_without_a_sound() {
    let mut world = World::small(&[target("1-1", "2027-06-30", "")], "2026-11-24 10:00");
    world.answers("1-1", |report| {
        report.next_date = Some(day("2026-12-05"));
    });
    let to_ann = |notice: &crate::schedule::Notice| super::world::show(notice).starts_with("ann");
    assert_snapshot!(world.run_until("2026-12-11", to_ann), @"12-07 Mon 09:00 ann silent: 1-1 next step 11");
}

#[test]
fn the_end_is_offered_thirty_days_before_the_last_deadline_and_once_after_it() {
    let mut world = World::small(&[target("1-1", "2028-06-30", "")], "2028-11-10 10:00");
    // The plan ends on 31 December, and what has no date is asked until then.
    let offered =
        |notice: &crate::schedule::Notice| matches!(notice.kind, NoticeKind::FinishOffer { .. });
    assert_snapshot!(world.run_until("2029-02-28", offered), @r"
    12-01 Fri 09:00 office silent finish offered, 2028-12-31
    01-02 Tue 09:00 office silent finish offered, 2028-12-31
    ");
    world.enter("chief", crate::ledger::Act::Finished);
    assert_eq!(world.run_until("2029-12-31", |_| true), "");
    let next = next_wakeup(&world.frame, &world.standing, &world.given, world.now);
    assert_eq!(next, None, "nothing is planned any more");
}
