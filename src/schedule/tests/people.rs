//! Whom a notice goes to (rules, 3.6), and keys (3.3).

use insta::assert_snapshot;

use super::world::*;
use crate::ledger::Act;

#[test]
fn people_who_are_not_bound_still_get_a_notice_and_the_group_hears_of_it() {
    let mut world = World::small(&[], "2026-11-23 08:00");
    world.enter(
        "chief",
        Act::Unbound {
            person: "bob".into(),
            user_id: 4,
        },
    );
    assert_snapshot!(world.goes("2026-11-23 09:00").sent(), @r"
    group pings 3: m1 ping, m2 ping
    ann silent: m1 ping
    bob silent: m2 ping
    ");
}

#[test]
fn keys_hold_the_deadline_and_the_rung_or_the_period() {
    let targets = [target("1-1", "2026-12-31", ""), target("1-2", "", "")];
    let mut world = World::small(&targets, "2026-11-26 09:00");
    let notices = world.due();
    let keys: Vec<&str> = notices
        .iter()
        .flat_map(|notice| &notice.keys)
        .map(|key| key.0.as_str())
        .collect();
    assert_snapshot!(keys.join("\n"), @r"
    post:2026-11-26T09:00
    card:ann:1-1:2026-11/last
    card:ann:1-1:2026-12-31/30
    card:ann:1-2:2026-11/last
    card:bob:m2:2026-11/last
    ");
}

#[test]
fn a_withdrawn_notice_gives_its_keys_back_and_comes_again() {
    let mut world = World::small(&[], "2026-11-23 09:00");
    let first = world.sent();
    world.given = crate::schedule::Given::default();
    assert_eq!(world.goes("2026-11-23 10:00").sent(), first);
}

#[test]
fn another_filer_of_a_unit_is_not_asked() {
    let plan = small_plan("").replace(
        "[[section]]",
        "[[member]]\nid = \"ann-two\"\nname = \"安二\"\npost = \"科长\"\nunits = [\"a\"]\nrole = \"liaison\"\n\n[[section]]",
    );
    let mut world = World::live(frame(&plan), "2026-11-23 08:00");
    assert_snapshot!(world.run_until("2026-11-23", |_| true), @r"
    11-23 Mon 09:00 group silent: m1 ping, m2 ping
    11-23 Mon 09:00 ann ping: m1 ping
    11-23 Mon 09:00 bob ping: m2 ping
    ");
}
