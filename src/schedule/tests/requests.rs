//! Requests three working days old reach the deputy leader once (rules, 7.2).

use std::sync::Arc;

use insta::assert_snapshot;

use super::world::*;
use crate::ledger::{Act, Successor, Text};

const DEPUTIES: &str = "[[member]]\nid = \"dan\"\nname = \"丹\"\npost = \"副组长\"\nrole = \"deputy_leader\"\n\n\
    [[member]]\nid = \"eve\"\nname = \"伊\"\npost = \"副组长\"\nrole = \"deputy_leader\"\n\n[[section]]";

fn world() -> World {
    let plan = small_plan(&target("1-1", "2027-06-30", "")).replace("[[section]]", DEPUTIES);
    World::live(frame(&plan), "2026-11-23 08:00")
}

fn asks(world: &mut World, by: &str) -> u64 {
    world.enter(
        by,
        Act::ExtensionRequested {
            task: "1-1".into(),
            wanted: day("2027-09-30"),
            reason: Text::new("等待材料", [0; 16]),
            progress: None,
            expired: false,
        },
    )
}

fn cards(world: &mut World, to: &str) -> String {
    let sent = world.goes(to).sent();
    let lines = sent.lines().filter(|line| line.contains("requests wait"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_deputy_hears_of_it_once_after_three_working_days() {
    let mut world = world();
    asks(&mut world, "ann");
    assert_eq!(cards(&mut world, "2026-11-25 09:00"), "");
    assert_snapshot!(cards(&mut world, "2026-11-26 09:00"), @r"
    dan silent requests wait
    eve silent requests wait
    ");
    assert_eq!(cards(&mut world, "2026-11-27 09:00"), "");
}

#[test]
fn whoever_asked_or_came_after_who_asked_does_not() {
    let mut world = world();
    asks(&mut world, "dan");
    assert_snapshot!(cards(&mut world, "2026-11-26 09:00"), @"eve silent requests wait");
    let mut world = self::world();
    asks(&mut world, "ann");
    world.enter(
        "chief",
        Act::Replaced {
            person: "ann".into(),
            successor: Successor::Known("eve".into()),
        },
    );
    world.frame = (*Arc::new(world.frame.clone()).amended(&world.standing)).clone();
    assert_snapshot!(cards(&mut world, "2026-11-26 09:00"), @"dan silent requests wait");
}
