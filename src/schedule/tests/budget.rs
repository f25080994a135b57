//! The ping budget, and one card and one post a slot (rules, 3.4, 3.5).

use insta::assert_snapshot;

use super::world::*;
use crate::ledger::Act;
use crate::plan::MentionSound;
use crate::schedule::{Notice, NoticeTo};

fn to_ann(notice: &Notice) -> bool {
    notice.to == NoticeTo::Person("ann".into())
}

fn is_post(notice: &Notice) -> bool {
    notice.kind == crate::schedule::NoticeKind::GroupPost
}

fn in_slots(notice: &Notice) -> bool {
    is_post(notice) || matches!(notice.to, NoticeTo::Person(_))
}

#[test]
fn a_slot_has_one_silent_post_and_one_card_a_person_with_everything_inside() {
    let targets = [
        target("1-1", "", ""),
        target("1-2", "", ""),
        target("2-1", "", ""),
    ];
    let mut world = World::small(&targets, "2026-11-23 08:00");
    assert_snapshot!(world.run_until("2026-11-23", in_slots), @r"
    11-23 Mon 09:00 group silent: 1-1 ping, 1-2 ping, 2-1 ping
    11-23 Mon 09:00 ann ping: 1-1 ping, 1-2 ping
    11-23 Mon 09:00 bob ping: 2-1 ping
    ");
}

#[test]
fn the_post_names_only_those_who_have_not_answered() {
    let targets = [
        target("1-1", "", ""),
        target("1-2", "", ""),
        target("2-1", "", ""),
    ];
    let mut world = World::small(&targets, "2026-11-23 08:00");
    world.answered("1-2");
    world.answered("2-1");
    assert_snapshot!(world.run_until("2026-11-23", in_slots), @r"
    11-23 Mon 09:00 group silent: 1-1 ping
    11-23 Mon 09:00 ann ping: 1-1 ping
    ");
}

#[test]
fn a_week_has_two_pings_and_what_does_not_fit_waits_for_the_next_slot() {
    let targets = [
        target("1-1", "2027-03-09", ""),
        target("1-2", "2027-03-10", ""),
        target("1-3", "2027-03-11", ""),
        target("1-4", "2027-03-12", ""),
    ];
    let mut world = World::small(&targets, "2027-03-01 08:00");
    assert_snapshot!(world.run_until("2027-03-15", to_ann), @r"
    03-02 Tue 09:00 ann ping: 1-1 0309-7, 1-2 0310-7, 1-3 0311-7, 1-4 0312-7
    03-05 Fri 09:00 ann ping: 1-1 0309-3, 1-2 0310-3
    03-09 Tue 09:00 ann ping: 1-1 0309-0, 1-2 0310-1, 1-3 0311-3, 1-4 0312-3
    03-10 Wed 09:00 ann ping: 1-2 0310-0, 1-3 0311-1, 1-4 0312-1
    03-11 Thu 09:00 ann silent: 1-3 0311-0
    03-12 Fri 09:00 ann silent: 1-4 0312-0
    ");
}

#[test]
fn a_deadline_day_keeps_its_ping_against_what_comes_earlier_in_the_week() {
    let targets = [
        target("1-1", "2027-06-18", ""),
        target("1-2", "2027-06-25", ""),
    ];
    let mut world = World::small(&targets, "2027-06-14 08:00");
    assert_snapshot!(world.run_until("2027-06-18", to_ann), @r"
    06-15 Tue 09:00 ann ping: 1-1 0618-3, 1-2 opens
    06-18 Fri 09:00 ann ping: 1-1 0618-0, 1-2 0625-7
    ");
}

#[test]
fn a_deadline_day_without_a_ping_left_is_told_in_silence_and_not_late() {
    let mut world = World::small(&[target("1-1", "2027-06-18", "")], "2027-06-14 08:00");
    let pings = ["2027-06-14", "2027-06-15"].map(day).to_vec();
    world.given.pings.insert("ann".into(), pings);
    assert_snapshot!(world.run_until("2027-06-18", to_ann), @"06-18 Fri 09:00 ann silent: 1-1 0618-0");
}

#[test]
fn a_red_task_comes_before_others_in_the_week() {
    let targets = [
        target("1-1", "2027-06-02", ""),
        target("1-2", "", ""),
        target("1-3", "", ""),
    ];
    let mut world = World::small(&targets, "2027-05-17 08:00");
    world.run_until("2027-06-10", to_ann);
    world.goes("2027-06-11 10:00");
    for task in ["1-1", "1-2", "1-3"] {
        world.answers(task, |report| report.next_date = Some(day("2027-06-23")));
    }
    // 1-1 is overdue and red, its next step is promised for Wednesday: of two follow-ups before it the second waits.
    world
        .goes("2027-06-21 10:00")
        .enter("chief", Act::FollowUp { task: "1-2".into() });
    let monday = world.run_until("2027-06-21", to_ann);
    world
        .goes("2027-06-22 10:00")
        .enter("chief", Act::FollowUp { task: "1-3".into() });
    assert_snapshot!(format!("{monday}\n{}", world.run_until("2027-06-25", to_ann)), @r"
    06-21 Mon 10:00 ann ping: 1-2 follow-up 17
    06-23 Wed 09:00 ann ping: 1-1 next step 14, 1-2 next step 15, 1-3 follow-up 19
    ");
}

#[test]
fn follow_ups_count_and_a_second_ping_on_a_day_waits_for_the_morning() {
    let mut world = World::small(&[], "2026-11-23 08:00");
    world.run_until("2026-11-23", to_ann);
    world
        .goes("2026-11-23 10:00")
        .enter("chief", Act::FollowUp { task: "m1".into() });
    assert_snapshot!(world.run_until("2026-11-26", to_ann), @"11-24 Tue 09:00 ann ping: m1 follow-up 11");
}

#[test]
fn a_follow_up_goes_out_at_once_and_after_an_answer_not_at_all() {
    let mut world = World::small(&[], "2026-11-10 10:00");
    world.enter("chief", Act::FollowUp { task: "m1".into() });
    assert_snapshot!(world.sent(), @"ann ping: m1 follow-up 11");
    assert_eq!(world.sent(), "");
    world
        .goes("2026-11-11 12:10")
        .enter("chief", Act::FollowUp { task: "m1".into() });
    assert_eq!(world.sent(), "", "nothing leaves in the lunch break");
    world.goes("2026-11-11 13:00").answered("m1");
    assert_eq!(world.goes("2026-11-11 14:00").sent(), "");
}

#[test]
fn a_follow_up_in_the_lunch_break_goes_out_in_the_afternoon() {
    let mut world = World::small(&[], "2026-11-11 12:10");
    world.enter("chief", Act::FollowUp { task: "m1".into() });
    assert_snapshot!(world.run_until("2026-11-11", to_ann), @"11-11 Wed 14:00 ann ping: m1 follow-up 11");
}

#[test]
fn a_post_that_names_somebody_who_cannot_be_reached_sounds_for_all_and_the_cards_are_silent() {
    let mut world = World::small(&[], "2026-11-23 08:00");
    world.enter(
        "bob",
        Act::Unreachable {
            person: "bob".into(),
        },
    );
    assert_snapshot!(world.run_until("2026-11-26", in_slots), @r"
    11-23 Mon 09:00 group pings 4: m1 ping, m2 ping
    11-23 Mon 09:00 ann silent: m1 ping
    11-23 Mon 09:00 bob silent: m2 ping
    11-26 Thu 09:00 group pings 4: m1 last, m2 last
    11-26 Thu 09:00 ann silent: m1 last
    11-26 Thu 09:00 bob silent: m2 last
    ");
}

#[test]
fn a_silent_opening_is_silent_in_the_group_too() {
    let mut world = World::small(&[], "2026-11-16 08:00");
    world.enter(
        "bob",
        Act::Unreachable {
            person: "bob".into(),
        },
    );
    assert_snapshot!(world.run_until("2026-11-16", in_slots), @r"
    11-16 Mon 09:00 group silent: m1 opens, m2 opens
    11-16 Mon 09:00 ann silent: m1 opens
    11-16 Mon 09:00 bob silent: m2 opens
    ");
}

#[test]
fn a_sounding_post_needs_room_for_everybody_in_the_group() {
    let mut world = World::small(&[], "2026-11-23 08:00");
    world.enter(
        "bob",
        Act::Unreachable {
            person: "bob".into(),
        },
    );
    world
        .given
        .pings
        .insert("leader".into(), vec![day("2026-11-23")]);
    assert_snapshot!(world.run_until("2026-11-23", in_slots), @r"
    11-23 Mon 09:00 group silent: m1 ping, m2 ping
    11-23 Mon 09:00 ann ping: m1 ping
    11-23 Mon 09:00 bob ping: m2 ping
    ");
}

#[test]
fn the_post_sounds_always_or_never_where_the_settings_say_so() {
    for (sound, silent) in [(MentionSound::Always, false), (MentionSound::Never, true)] {
        let mut world = World::small(&[], "2026-11-23 09:00");
        world.enter(
            "bob",
            Act::Unreachable {
                person: "bob".into(),
            },
        );
        world.frame.settings.mention_sound = sound;
        let notices = world.due();
        assert_eq!(
            notices.iter().find(|it| is_post(it)).unwrap().silent,
            silent,
            "{sound:?}"
        );
        let cards_ping = notices
            .iter()
            .filter(|it| !is_post(it))
            .all(|card| !card.pings.is_empty());
        assert_eq!(cards_ping, silent);
    }
}

#[test]
fn without_a_group_there_are_cards_and_no_post() {
    let mut world = World::small(&[], "2026-11-23 09:00");
    world.enter("chief", Act::GroupLost { chat: -100 });
    assert_snapshot!(world.sent(), @r"
    ann ping: m1 ping
    bob ping: m2 ping
    ");
}
