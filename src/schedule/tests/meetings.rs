//! Reminders of meetings: in the card of their slot, once, counted as any ping.

use std::sync::Arc;

use chrono::NaiveTime;
use insta::assert_snapshot;

use super::world::*;
use crate::ledger::{Absence, Act, Assignee, AwayKind, Meeting, Text};
use crate::schedule::{NoticeKind, still_due};

fn meeting(on: &str, hour: u32, called: &[&str]) -> Act {
    let called = called.iter().map(|id| Assignee::Person((*id).into()));
    Act::MeetingCalled(Arc::new(Meeting {
        on: day(on),
        at: NaiveTime::from_hms_opt(hour, 0, 0),
        place: None,
        topic: Text::new("会", [7; 16]),
        called: called.collect(),
    }))
}

fn off(meeting: u64) -> Act {
    Act::MeetingEnded {
        meeting,
        called_off: true,
    }
}

fn quiet_world() -> World {
    World::small(&[], "2026-12-01 09:30")
}

#[test]
fn those_called_are_reminded_on_the_working_day_before_and_once() {
    let mut world = quiet_world();
    world.enter("chief", meeting("2026-12-07", 14, &["ann", "bob"]));
    assert_snapshot!(world.run_until("2026-12-08", |notice| !is_report(notice)), @r"
    12-04 Fri 09:00 ann ping: meeting 11
    12-04 Fri 09:00 bob ping: meeting 11
    12-04 Fri 16:00 group silent digest 1 of 12-04 16:00
    12-07 Mon 16:00 office silent meetings held [11]
    ");
}

#[test]
fn a_meeting_merges_with_the_card_of_its_slot() {
    let mut world = World::small(&[], "2026-11-20 09:30");
    world.enter("chief", meeting("2026-11-24", 14, &["ann"]));
    assert_snapshot!(world.goes("2026-11-23 09:00").sent(), @r"
    group silent: m1 ping, m2 ping
    ann ping: meeting 11, m1 ping
    bob ping: m2 ping
    group silent digest 1 of 11-20 16:00 late
    ");
}

#[test]
fn one_called_late_is_told_at_once_and_none_that_has_begun() {
    let mut world = quiet_world();
    world.goes("2026-12-03 10:20");
    world.enter("chief", meeting("2026-12-03", 15, &["ann"]));
    world.enter("chief", meeting("2026-12-03", 10, &["bob"]));
    assert_snapshot!(world.sent(), @r"
    ann ping: meeting 11
    ");
}

#[test]
fn the_one_who_stands_in_is_told_in_the_others_place() {
    let mut world = quiet_world();
    world.enter("chief", meeting("2026-12-04", 9, &["ann", "bob"]));
    world.enter(
        "chief",
        Act::AwaySet(Absence {
            person: "bob".into(),
            kind: AwayKind::Trip,
            from: day("2026-12-01"),
            until: day("2026-12-09"),
            stand_in: Some("ann".into()),
        }),
    );
    assert_snapshot!(world.goes("2026-12-03 09:00").sent(), @r"
    ann ping: meeting 11, meeting 11 for bob
    ");
}

#[test]
fn a_second_ping_of_the_week_is_none() {
    let mut world = quiet_world();
    world.enter("chief", meeting("2026-12-03", 9, &["ann"]));
    world.enter("chief", meeting("2026-12-04", 9, &["ann"]));
    assert_snapshot!(world.run_until("2026-12-03", |notice| !is_report(notice)), @r"
    12-02 Wed 09:00 ann ping: meeting 11
    12-03 Thu 09:00 ann silent: meeting 12
    12-03 Thu 11:00 office silent meetings held [11]
    ");
}

#[test]
fn one_called_off_is_withdrawn_from_the_card_that_waits() {
    let mut world = World::small(&[], "2026-11-20 09:30");
    let seq = world.enter("chief", meeting("2026-11-24", 14, &["ann"]));
    world.goes("2026-11-23 09:00");
    let notices = world.due();
    let card = notices.iter().find(|notice| !notice.meetings.is_empty());
    let card = card.unwrap().clone();
    world.enter("chief", off(seq));
    let still = still_due(&world.frame, &world.standing, &card, world.now).unwrap();
    assert!(still.meetings.is_empty());
    assert_eq!(still.items, card.items);
    assert_eq!(still.keys.len() + 1, card.keys.len());
}

#[test]
fn the_office_is_asked_for_the_decisions_once_until_they_are_taken() {
    let mut world = quiet_world();
    let seq = world.enter("chief", meeting("2026-12-03", 14, &["ann"]));
    let held =
        |notice: &crate::schedule::Notice| matches!(notice.kind, NoticeKind::MeetingsHeld(_));
    assert_snapshot!(world.run_until("2026-12-10", held), @r"
    12-03 Thu 16:00 office silent meetings held [11]
    ");
    world.enter("chief", off(seq));
    let other = world.enter("chief", meeting("2026-12-14", 14, &["ann"]));
    world.enter("chief", off(other));
    assert_snapshot!(world.run_until("2026-12-18", held), @"");
}
