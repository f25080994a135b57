//! Before go-live, in a pause, after an outage (rules, 3.7, 3.8, 9.2).

use insta::assert_snapshot;

use super::world::*;
use crate::ledger::{Act, Standing};
use crate::schedule::{Assume, Given, next_wakeup, preview, upcoming};

#[test]
fn nothing_is_sent_before_go_live() {
    let mut world = World::bound(frame(&small_plan("")), "2026-11-23 09:00");
    assert_eq!(world.sent(), "");
    assert_eq!(
        next_wakeup(&world.frame, &world.standing, &world.given, world.now),
        None
    );
    world.enter("chief", Act::WentLive);
    assert_snapshot!(world.sent(), @r"
    group silent: m1 ping, m2 ping
    ann ping: m1 ping
    bob ping: m2 ping
    ");
}

#[test]
fn a_pause_stops_everything_and_its_slots_merge_when_it_ends() {
    let mut world = World::small(&[], "2026-11-16 08:00");
    world.pauses(None);
    assert_eq!(world.goes("2026-11-16 09:00").sent(), "");
    assert_eq!(
        next_wakeup(&world.frame, &world.standing, &world.given, world.now),
        None
    );
    assert_eq!(world.goes("2026-11-23 09:00").sent(), "");
    world.goes("2026-11-24 10:00").enter("chief", Act::Resumed);
    assert_snapshot!(world.sent(), @r"
    group silent: m1 ping, m2 ping
    ann ping: m1 ping
    bob ping: m2 ping
    group silent digest 1 of 11-20 16:00 late
    ");
}

#[test]
fn a_pause_with_a_last_day_ends_on_the_morning_after_it() {
    let mut world = World::small(&[], "2026-11-20 08:00");
    world.pauses(Some("2026-11-24"));
    assert_eq!(world.goes("2026-11-24 09:00").sent(), "");
    let wakeup = next_wakeup(&world.frame, &world.standing, &world.given, world.now);
    assert_eq!(wakeup, Some(at("2026-11-25 08:30")));
    assert_snapshot!(world.run_until("2026-11-25", |_| true), @r"
    11-25 Wed 09:00 group silent: m1 ping, m2 ping
    11-25 Wed 09:00 ann ping: m1 ping
    11-25 Wed 09:00 bob ping: m2 ping
    11-25 Wed 09:00 group silent digest 1 of 11-20 16:00 late
    ");
}

#[test]
fn what_is_late_on_its_own_day_goes_out_at_once_and_later_in_the_next_working_morning() {
    let mut world = World::small(&[], "2026-11-22 08:00");
    assert_snapshot!(world.goes("2026-11-23 16:40").sent(), @r"
    group silent: m1 ping, m2 ping
    ann ping: m1 ping
    bob ping: m2 ping
    ");
    let mut world = World::small(&[], "2026-11-22 08:00");
    assert_eq!(world.goes("2026-11-23 17:40").sent(), "");
    assert_eq!(world.goes("2026-11-24 08:40").sent(), "");
    assert_snapshot!(world.goes("2026-11-24 09:00").sent(), @r"
    group silent: m1 ping, m2 ping
    ann ping: m1 ping
    bob ping: m2 ping
    ");
}

#[test]
fn a_long_outage_is_made_up_for_by_one_merged_card_in_the_morning() {
    let targets = [target("1-1", "2027-06-18", ""), target("1-2", "", "")];
    let mut world = World::small(&targets, "2027-05-31 08:00");
    world.run_until("2027-06-09", |_| true);
    // Down from Wednesday evening over the rungs of the 11th, the 15th and the opening of the period.
    world.goes("2027-06-16 15:00");
    world.enter(
        "host",
        Act::WasDown {
            from_at: at("2027-06-09 18:00"),
            to_at: at("2027-06-16 15:00"),
        },
    );
    assert_snapshot!(world.run_until("2027-06-17", |_| true), @r"
    06-16 Wed 15:00 office silent was down
    06-17 Thu 09:00 group silent: 1-1 0618-1, 1-2 opens, m2 opens
    06-17 Thu 09:00 ann ping: 1-1 0618-1, 1-2 opens
    06-17 Thu 09:00 bob silent: m2 opens
    06-17 Thu 09:00 group silent digest 2 of 06-11 16:00 late
    ");
}

#[test]
fn a_card_speaks_of_an_outage_of_more_than_a_day_once() {
    let mut world = World::small(&[], "2026-11-20 08:00");
    world.goes("2026-11-23 08:00");
    world.enter(
        "host",
        Act::WasDown {
            from_at: at("2026-11-21 08:00"),
            to_at: at("2026-11-23 08:00"),
        },
    );
    let spoken_of = |notices: Vec<crate::schedule::Notice>| {
        let keys = notices.iter().flat_map(|notice| &notice.keys);
        keys.filter_map(|key| key.outage_seq().map(|_| key.0.clone()))
            .collect::<Vec<_>>()
            .join(" ")
    };
    world.goes("2026-11-23 09:00");
    assert_snapshot!(spoken_of(world.due()), @"outage:11:ann outage:11:bob outage:11:office");
    world.goes("2026-11-26 09:00");
    assert_eq!(spoken_of(world.due()), "");
}

#[test]
fn a_short_outage_is_not_spoken_of() {
    let mut world = World::small(&[], "2026-11-20 08:00");
    world.goes("2026-11-23 09:00");
    world.enter(
        "host",
        Act::WasDown {
            from_at: at("2026-11-23 01:00"),
            to_at: at("2026-11-23 08:00"),
        },
    );
    assert!(
        !world
            .due()
            .iter()
            .flat_map(|notice| &notice.keys)
            .any(|key| key.outage_seq().is_some())
    );
}

#[test]
fn a_missed_digest_is_posted_once_and_late() {
    let mut world = World::small(&[], "2026-11-02 08:00");
    let digests = |world: &mut World| {
        let sent = world.sent();
        sent.lines()
            .filter(|line| line.contains("digest"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_snapshot!(digests(world.goes("2026-11-06 16:20")), @"group silent digest 1 of 11-06 16:00");
    assert_eq!(digests(world.goes("2026-11-23 08:40")), "");
    // Those of the 13th and the 20th were missed: the last one is posted.
    assert_snapshot!(digests(world.goes("2026-11-23 09:00")), @"group silent digest 2 of 11-20 16:00 late");
    assert_eq!(digests(world.goes("2026-11-24 09:00")), "");
    assert_snapshot!(digests(world.goes("2026-11-27 16:00")), @"group silent digest 3 of 11-27 16:00");
}

#[test]
fn a_notice_is_given_once_however_often_it_is_asked_for() {
    let mut world = World::small(&[target("1-1", "2027-06-18", "")], "2027-06-11 09:00");
    assert_snapshot!(world.sent(), @r"
    group silent: 1-1 0618-7
    ann ping: 1-1 0618-7
    ");
    for minute in ["09:00", "09:01", "11:00", "14:00", "15:59"] {
        assert_eq!(world.goes(&format!("2027-06-11 {minute}")).sent(), "");
    }
}

#[test]
fn a_new_adoption_asks_for_nothing_that_lay_before_it() {
    let mut world = World::small(&[target("1-1", "2027-06-18", "")], "2027-06-01 08:00");
    let adoption = crate::plan::Hash([7; 32]);
    world
        .goes("2027-06-11 10:00")
        .enter("chief", Act::Adopted { adoption });
    let sent = world.sent();
    assert!(
        !sent.contains("1-1"),
        "the rung of that morning is past: {sent}"
    );
    assert_snapshot!(world.until("2027-06-15"), @r"
    06-15 Tue 09:00 ann ping: 1-1 0618-3
    06-15 Tue 09:00 bob silent: m2 opens
    ");
}

#[test]
fn the_wakeup_is_never_too_late() {
    // Asked every ten minutes of eight weeks, nothing is sent between two wakeups.
    let targets = [
        target("1-1", "2026-12-03", ""),
        target("1-2", "2025-12-31", ""),
        target("2-1", "", "rhythm = \"weekly\""),
    ];
    let mut world = World::small(&targets, "2026-11-16 08:00");
    let until_at = at("2026-11-17 15:20");
    world.enter(
        "bob",
        Act::Snoozed {
            person: "bob".into(),
            until_at,
        },
    );
    let mut wakeup = world.now;
    while world.now < at("2027-01-10 00:00") {
        let sent = world.sent();
        assert!(
            sent.is_empty() || wakeup <= world.now,
            "{} {sent}",
            world.now
        );
        if wakeup <= world.now {
            wakeup = next_wakeup(&world.frame, &world.standing, &world.given, world.now).unwrap();
            assert!(wakeup > world.now);
        }
        world.now += chrono::TimeDelta::minutes(10);
    }
}

#[test]
fn the_next_sends_are_shown_before_go_live_as_if_it_were_now() {
    let world = World::bound(frame(&small_plan("")), "2026-11-20 10:00");
    let sends = upcoming(&world.frame, &world.standing, &world.given, world.now, 4);
    let shown: Vec<String> = sends
        .iter()
        .map(|send| {
            let at = crate::calendar::local(send.at).format("%m-%d %H:%M");
            format!(
                "{at} {}",
                send.notices
                    .iter()
                    .map(show)
                    .collect::<Vec<_>>()
                    .join(" | ")
            )
        })
        .collect();
    assert_snapshot!(shown.join("\n"), @r"
    11-20 16:00 group silent digest 1 of 11-20 16:00
    11-23 09:00 group silent: m1 ping, m2 ping | ann ping: m1 ping | bob ping: m2 ping
    11-26 09:00 group silent: m1 last, m2 last | ann ping: m1 last | bob ping: m2 last
    11-27 16:00 group silent digest 2 of 11-27 16:00
    ");
}

#[test]
fn a_preview_and_the_real_days_send_the_same() {
    let targets = [
        target("1-1", "2027-02-06", ""),
        target("2-1", "2026-12-31", ""),
    ];
    let frame = frame(&small_plan(&targets.concat()));
    let planned = preview(
        &frame,
        &Standing::default(),
        day("2026-11-23"),
        day("2027-03-31"),
        Assume::Silent,
    );
    let mut world = World::live(frame, "2026-11-23 00:00");
    world.given = Given::default();
    world.drafts = true;
    let real = world.run_until("2027-03-31", |_| true);
    let planned: Vec<String> = planned
        .notices
        .iter()
        .filter(|notice| !super::world::is_report(notice))
        .map(|notice| {
            format!(
                "{} {}",
                crate::calendar::local(notice.at).format("%m-%d %a %H:%M"),
                show(notice)
            )
        })
        .collect();
    assert_eq!(planned.join("\n"), real);
}
