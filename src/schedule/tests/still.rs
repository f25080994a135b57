//! Whether a queued notice is still true when it leaves (rules, 9.2).

use insta::assert_snapshot;

use super::world::*;
use crate::ledger::Act;
use crate::schedule::{Notice, NoticeTo, still_due};

fn queued() -> (World, Notice, Notice) {
    let targets = [
        target("1-1", "", ""),
        target("1-2", "", ""),
        target("2-1", "", ""),
    ];
    let mut world = World::small(&targets, "2026-11-23 08:00");
    world.now = at("2026-11-23 09:00");
    let notices = world.due();
    let post = notices
        .iter()
        .find(|it| it.to == NoticeTo::Group)
        .unwrap()
        .clone();
    let card = notices
        .iter()
        .find(|it| it.to == NoticeTo::Person("ann".into()))
        .unwrap()
        .clone();
    world.now = at("2026-11-23 09:02");
    (world, post, card)
}

fn still(world: &World, notice: &Notice) -> String {
    let still = still_due(&world.frame, &world.standing, notice, world.now);
    still.map_or("nothing".to_owned(), |notice| show(&notice))
}

#[test]
fn what_nobody_answered_stays_as_it_is() {
    let (world, post, card) = queued();
    assert_eq!(
        still_due(&world.frame, &world.standing, &post, world.now),
        Some(post)
    );
    assert_eq!(
        still_due(&world.frame, &world.standing, &card, world.now),
        Some(card)
    );
}

#[test]
fn what_was_answered_meanwhile_falls_out_with_its_keys() {
    let (mut world, post, card) = queued();
    world.answered("1-2");
    assert_snapshot!(still(&world, &post), @"group silent: 1-1 ping, 2-1 ping");
    assert_snapshot!(still(&world, &card), @"ann ping: 1-1 ping");
    let smaller = still_due(&world.frame, &world.standing, &card, world.now).unwrap();
    assert_eq!(
        smaller
            .keys
            .iter()
            .map(|key| key.0.as_str())
            .collect::<Vec<_>>(),
        ["card:ann:1-1:2026-11/ping"]
    );
    world.answered("1-1");
    assert_eq!(still(&world, &card), "nothing");
    assert_snapshot!(still(&world, &post), @"group silent: 2-1 ping");
}

#[test]
fn nothing_leaves_in_a_pause_outside_hours_or_past_its_time() {
    let (mut world, _, card) = queued();
    world.now = at("2026-11-23 11:40");
    assert_eq!(still(&world, &card), "nothing");
    world.now = at("2026-11-24 09:00");
    assert_eq!(still(&world, &card), "nothing");
    world.now = at("2026-11-23 09:30");
    world.pauses(None);
    assert_eq!(still(&world, &card), "nothing");
}

#[test]
fn a_card_put_off_or_closed_meanwhile_does_not_leave() {
    let (mut world, post, card) = queued();
    world.enter(
        "ann",
        Act::Snoozed {
            person: "ann".into(),
            until_at: at("2026-11-23 15:00"),
        },
    );
    assert_eq!(still(&world, &card), "nothing");
    assert_snapshot!(still(&world, &post), @"group silent: 2-1 ping");
    let (mut world, _, card) = queued();
    world.enter("chief", Act::Closed { task: "1-1".into() });
    assert_snapshot!(still(&world, &card), @"ann ping: 1-2 ping");
}

#[test]
fn a_moved_deadline_takes_its_old_rungs_along() {
    let mut world = World::small(&[target("1-1", "2027-06-18", "")], "2027-06-11 09:00");
    let notices = world.due();
    world.enter(
        "chief",
        Act::DueSet {
            task: "1-1".into(),
            due: day("2027-12-31"),
        },
    );
    for notice in &notices {
        assert_eq!(still(&world, notice), "nothing");
    }
}
