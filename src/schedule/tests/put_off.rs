//! 晚些提醒 and half-finished talks.

use insta::assert_snapshot;

use super::world::*;
use crate::ledger::Act;
use crate::schedule::{Notice, NoticeTo};

fn to_ann(notice: &Notice) -> bool {
    notice.to == NoticeTo::Person("ann".into())
}

fn puts_off(world: &mut World, until: &str) {
    world.enter(
        "ann",
        Act::Snoozed {
            person: "ann".into(),
            until_at: at(until),
        },
    );
}

#[test]
fn a_card_put_off_comes_back_at_its_time_and_is_no_ping() {
    let mut world = World::small(&[], "2026-11-23 08:00");
    world.run_until("2026-11-23", to_ann);
    world.now = at("2026-11-23 09:05");
    puts_off(&mut world, "2026-11-23 11:05");
    assert_snapshot!(world.run_until("2026-11-25", to_ann), @"11-23 Mon 11:05 ann sound: m1 put off");
    assert_eq!(world.given.pings["ann"], [day("2026-11-23")]);
}

#[test]
fn a_card_put_off_into_the_night_comes_back_in_the_morning() {
    let mut world = World::small(&[], "2026-11-23 08:00");
    world.run_until("2026-11-23", to_ann);
    world.now = at("2026-11-23 16:30");
    puts_off(&mut world, "2026-11-23 18:30");
    assert_snapshot!(world.run_until("2026-11-25", to_ann), @"11-24 Tue 09:00 ann sound: m1 put off");
}

#[test]
fn a_card_put_off_and_answered_does_not_come_back() {
    let mut world = World::small(&[], "2026-11-23 08:00");
    world.run_until("2026-11-23", to_ann);
    world.now = at("2026-11-23 09:05");
    puts_off(&mut world, "2026-11-23 11:05");
    world.answered("m1");
    assert_eq!(world.run_until("2026-12-14", to_ann), "");
}

#[test]
fn new_asks_wait_for_a_card_put_off_and_come_with_it() {
    let mut world = World::small(&[], "2026-11-23 08:00");
    world.run_until("2026-11-23", to_ann);
    world.now = at("2026-11-23 09:05");
    puts_off(&mut world, "2026-11-27 10:00");
    assert_snapshot!(world.run_until("2026-11-30", to_ann), @"11-27 Fri 10:00 ann ping: m1 last");
}

#[test]
fn what_joins_a_card_that_comes_back_is_counted_as_a_ping() {
    let targets = [
        target("1-1", "2026-12-03", ""),
        target("1-2", "2027-06-18", ""),
    ];
    let mut world = World::small(&targets, "2026-11-23 08:00");
    world.run_until("2026-11-23", to_ann);
    world.now = at("2026-11-23 09:05");
    puts_off(&mut world, "2026-11-26 09:00");
    assert_snapshot!(world.run_until("2026-11-27", to_ann), @"11-26 Thu 09:00 ann ping: 1-2 last, 1-1 put off");
    assert_eq!(
        world.given.pings["ann"],
        [day("2026-11-23"), day("2026-11-26")]
    );
}

#[test]
fn nobody_is_named_in_the_group_while_the_card_is_put_off() {
    let mut world = World::small(&[], "2026-11-23 08:00");
    puts_off(&mut world, "2026-11-23 15:00");
    assert_snapshot!(world.goes("2026-11-23 09:00").sent(), @r"
    group silent: m2 ping
    bob ping: m2 ping
    ");
}

#[test]
fn a_deadline_does_not_wait_for_a_card_put_off() {
    let mut world = World::small(&[target("1-1", "2027-06-18", "")], "2027-06-15 08:00");
    world.run_until("2027-06-16", to_ann);
    puts_off(&mut world, "2027-06-21 10:00");
    assert_snapshot!(world.run_until("2027-06-18", to_ann), @"06-18 Fri 09:00 ann ping: 1-1 0618-0");
}

#[test]
fn a_half_finished_talk_is_offered_once_silently_in_the_next_slot() {
    let mut world = World::small(&[], "2026-11-10 09:30");
    world.leaves_unfinished("ann", "m1");
    assert_eq!(world.sent(), "");
    assert_snapshot!(world.run_until("2026-11-13", to_ann), @"11-11 Wed 09:00 ann silent: m1 unfinished");
}

#[test]
fn a_half_finished_talk_joins_a_card_that_goes_out_anyhow() {
    let mut world = World::small(
        &[target("1-1", "", ""), target("1-2", "", "")],
        "2026-11-20 15:00",
    );
    world.leaves_unfinished("ann", "1-2");
    assert_snapshot!(world.run_until("2026-11-24", to_ann), @"11-23 Mon 09:00 ann ping: 1-1 ping, 1-2 ping");
}
