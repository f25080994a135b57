//! When slips are drafted, withdrawn and told (rules, 7.1); never before go-live, in a pause or out of hours.

use crate::ledger::testing::{Story, at, frame_of, report, text};
use crate::ledger::{
    Account, Act, Actor, BindingWay, Frame, Judgement, LedgerEntry, SlipColour, SlipSent, Standing,
    Value,
};
use crate::schedule::{Given, NoticeKind, due, slip_acts, still_due};

const PLAN: &str = include_str!("../../../tests/transcripts/config/matter/plans/drainage.toml");

/// The plan with everybody bound.
pub(super) fn story(frame: &Frame) -> Story<'_> {
    let mut story = Story::live(frame);
    for (user_id, member) in (1..).zip(&frame.plan.members) {
        story.act(Act::Bound {
            person: member.id.clone(),
            account: Account {
                user_id,
                name: member.name.clone(),
                username: None,
            },
            way: BindingWay::File,
        });
    }
    story
}

/// What the bot enters at that moment, as short words; the acts are put on record.
fn acts(story: &mut Story<'_>, when: &str) -> Vec<String> {
    story.now(when);
    let acts = slip_acts(story.frame, &story.standing(), at(when));
    let words = acts.iter().map(words).collect();
    for act in acts {
        story.act(act);
    }
    words
}

fn words(act: &Act) -> String {
    match act {
        Act::SlipDrafted(drafted) => {
            format!("{:?} {} {}", drafted.colour, drafted.task, drafted.occasion)
        }
        Act::SlipHeld(held) => format!("withdrawn {}", held.withdrawn),
        Act::SlipTold(_) => "told".to_owned(),
        other => format!("{other:?}"),
    }
}

fn newest_slip(standing: &Standing, task: &str) -> u64 {
    let task = standing.task_state(&task.into());
    *task.slips.last().unwrap()
}

fn send(story: &mut Story<'_>, when: &str) -> u64 {
    story.now(when);
    let standing = story.standing();
    let slip = newest_slip(&standing, "1-1");
    story.by(
        "he-jing",
        Act::SlipSent(SlipSent {
            slip,
            number: standing.next_slip_number(),
            unit: "zjj".into(),
            to: "zhou-ming".into(),
            words: Some(text("请速报")),
        }),
    );
    slip
}

fn frame() -> Frame {
    frame_of(PLAN)
}

#[test]
fn a_last_rung_without_an_answer_drafts_one_blue_slip() {
    let frame = frame();
    let mut story = story(&frame);
    let nothing = [""; 0];
    assert_eq!(acts(&mut story, "2026-12-28 09:00"), nothing);
    assert_eq!(acts(&mut story, "2026-12-30 08:40"), nothing);
    assert_eq!(acts(&mut story, "2026-12-30 12:10"), nothing);
    assert_eq!(
        acts(&mut story, "2026-12-30 09:00"),
        ["Blue 1-1 2026-12-31"]
    );
    assert_eq!(acts(&mut story, "2026-12-30 09:01"), nothing);
}

#[test]
fn an_answer_before_the_last_rung_drafts_nothing_and_one_after_it_withdraws() {
    let frame = frame();
    let answered = |story: &mut Story<'_>, when: &str| {
        story.now(when);
        story.file(report("1-1", Value::Number(12.into()), Judgement::Normal))
    };
    let mut early = story(&frame);
    answered(&mut early, "2026-12-29 10:00");
    assert_eq!(acts(&mut early, "2026-12-30 09:00"), [""; 0]);
    let mut late = story(&frame);
    acts(&mut late, "2026-12-30 09:00");
    answered(&mut late, "2026-12-30 10:00");
    assert_eq!(acts(&mut late, "2026-12-30 14:30"), ["withdrawn true"]);
}

#[test]
fn nothing_is_drafted_in_a_pause_nor_on_a_day_off() {
    let frame = frame();
    let mut story = story(&frame);
    story.now("2026-12-29 10:00");
    story.act(Act::Paused {
        reason: text("换届"),
        until: None,
    });
    assert_eq!(acts(&mut story, "2026-12-30 09:00"), [""; 0]);
    story.now("2026-12-30 15:00");
    story.act(Act::Resumed);
    // New Year's Day.
    assert_eq!(acts(&mut story, "2027-01-01 09:00"), [""; 0]);
}

#[test]
fn a_task_five_working_days_overdue_drafts_a_red_slip_in_place_of_the_blue_one() {
    let frame = frame();
    let mut story = story(&frame);
    acts(&mut story, "2026-12-30 09:00");
    let silent_too = "Yellow 2-1 2026-11-23".to_owned();
    let withdrawn = acts(&mut story, "2027-01-04 09:00");
    assert_eq!(withdrawn, ["withdrawn true".to_owned(), silent_too]);
    let drafted = acts(&mut story, "2027-01-08 09:00");
    assert_eq!(drafted, ["Red 1-1 2026-12-31"]);
    assert_eq!(acts(&mut story, "2027-01-15 09:00"), [""; 0]);
}

#[test]
fn a_moved_deadline_withdraws_the_draft_and_has_its_own() {
    let frame = frame();
    let mut story = story(&frame);
    acts(&mut story, "2027-01-08 09:00");
    story.by(
        "wu-yi",
        Act::DueSet {
            task: "1-1".into(),
            due: "2027-03-31".parse().unwrap(),
        },
    );
    assert_eq!(acts(&mut story, "2027-01-08 10:00"), ["withdrawn true"]);
    assert_eq!(
        acts(&mut story, "2027-03-30 09:00"),
        ["Blue 1-1 2027-03-31"]
    );
}

#[test]
fn a_red_slip_is_offered_after_five_working_days_and_told_after_ten_more() {
    let frame = frame();
    let mut story = story(&frame);
    acts(&mut story, "2027-01-08 09:00");
    let slip = send(&mut story, "2027-01-08 15:00");
    let offered = |story: &Story<'_>, when: &str| {
        let notices = due(&frame, &story.standing(), &Given::default(), at(when));
        let kinds = notices.into_iter().map(|notice| notice.kind);
        kinds
            .filter(|kind| *kind == NoticeKind::SlipsUnanswered(vec![slip]))
            .count()
    };
    assert_eq!(offered(&story, "2027-01-14 09:00"), 0);
    assert_eq!(offered(&story, "2027-01-15 09:00"), 1);
    let mut left = acts(&mut story, "2027-01-28 09:00");
    left.retain(|act| act == "told");
    assert_eq!(left, [""; 0]);
    let told = acts(&mut story, "2027-01-29 09:00");
    assert!(told.contains(&"told".to_owned()), "{told:?}");
}

#[test]
fn an_act_of_the_office_keeps_a_slip_from_being_told_by_itself() {
    let frame = frame();
    let mut story = story(&frame);
    acts(&mut story, "2027-01-08 09:00");
    send(&mut story, "2027-01-08 15:00");
    story.now("2027-01-20 10:00");
    story.by("wu-yi", Act::FollowUp { task: "1-1".into() });
    let acts = acts(&mut story, "2027-01-29 09:00");
    assert!(!acts.contains(&"told".to_owned()), "{acts:?}");
}

#[test]
fn a_sent_slip_that_was_answered_before_it_left_is_withdrawn() {
    let frame = frame();
    let mut story = story(&frame);
    acts(&mut story, "2027-01-08 09:00");
    let slip = send(&mut story, "2027-01-08 19:00");
    let standing = story.standing();
    let given = Given::default();
    let now = at("2027-01-11 08:30");
    let notices = due(&frame, &standing, &given, now);
    let mut sent = notices
        .iter()
        .filter(|it| it.kind == NoticeKind::Slip(slip));
    let notice = sent.next().unwrap();
    assert!(notice.silent && notice.pings.is_empty());
    assert!(still_due(&frame, &standing, notice, now).is_some());
    let mut later = story.standing();
    later.apply(&LedgerEntry {
        seq: later.seq + 1,
        at: now,
        version: 3,
        by: Actor::Person("zhou-ming".into()),
        act: Act::Answered(report("1-1", Value::Number(9.into()), Judgement::Difficult).into()),
    });
    assert_eq!(still_due(&frame, &later, notice, now), None);
}

#[test]
fn difficulties_of_ten_working_days_draft_a_yellow_slip_once() {
    let frame = frame();
    let mut story = story(&frame);
    story.now("2026-11-24 10:00");
    story.file(report(
        "2-1",
        Value::Number(30.into()),
        Judgement::Difficult,
    ));
    assert_eq!(acts(&mut story, "2026-12-07 09:00"), [""; 0]);
    assert_eq!(
        acts(&mut story, "2026-12-08 09:00"),
        ["Yellow 2-1 2026-11-24"]
    );
    let slip = newest_slip(&story.standing(), "2-1");
    assert_eq!(story.standing().slips[&slip].colour, SlipColour::Yellow);
    assert_eq!(acts(&mut story, "2026-12-22 09:00"), [""; 0]);
}
