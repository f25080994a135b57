//! What an answer brings to other units: a need once, answers to sign once a slot, never with a sound.

use super::slips::story;
use crate::ledger::testing::{Story, at, frame_of, report};
use crate::ledger::{Act, CoSignature, CoSigned, Judgement, Value};
use crate::schedule::{Given, Notice, NoticeKind, NoticeTo, due, still_due};

const PLAN: &str = include_str!("../../../tests/transcripts/config/matter/plans/drainage.toml");

fn due_at(story: &Story<'_>, given: &mut Given, when: &str) -> Vec<Notice> {
    let notices = due(story.frame, &story.standing(), given, at(when));
    let wanted =
        |notice: &Notice| matches!(notice.kind, NoticeKind::Matters(_) | NoticeKind::CoSign(_));
    let notices: Vec<Notice> = notices.into_iter().filter(wanted).collect();
    for notice in &notices {
        assert!(notice.silent && notice.pings.is_empty());
        given.keys.extend(notice.keys.iter().cloned());
    }
    notices
}

#[test]
fn a_need_is_told_once_to_the_unit_asked_in_working_hours() {
    let frame = frame_of(PLAN);
    let mut story = story(&frame);
    let mut given = Given::default();
    story.now("2026-11-24 20:00");
    let matter = story.ask_help("1-1", "5", "gdgs", "接电");
    assert_eq!(due_at(&story, &mut given, "2026-11-24 20:01"), []);
    let told = due_at(&story, &mut given, "2026-11-25 08:30");
    let told: Vec<_> = told.iter().map(|it| (&it.kind, &it.to)).collect();
    let to = NoticeTo::Person("wang-chuan".into());
    assert_eq!(told, [(&NoticeKind::Matters(vec![matter]), &to)]);
    story.now("2026-11-26 10:00");
    story.ask_help("1-1", "6", "gdgs", "接通临时用电");
    assert_eq!(due_at(&story, &mut given, "2026-11-26 10:01"), []);
}

#[test]
fn a_need_of_a_unit_without_an_account_goes_to_the_office() {
    let frame = frame_of(PLAN);
    let mut story = story(&frame);
    story.act(Act::Unbound {
        person: "wang-chuan".into(),
        user_id: 5,
    });
    story.now("2026-11-24 10:00");
    story.ask_help("1-1", "5", "gdgs", "接电");
    let told = due_at(&story, &mut Given::default(), "2026-11-24 10:00");
    let to: Vec<_> = told.iter().map(|notice| &notice.to).collect();
    assert_eq!(to, [&NoticeTo::Office]);
}

#[test]
fn a_unit_that_names_itself_is_not_told() {
    let frame = frame_of(PLAN);
    let mut story = story(&frame);
    story.now("2026-11-24 10:00");
    story.ask_help("1-1", "5", "zjj", "接电");
    let told = due_at(&story, &mut Given::default(), "2026-11-24 10:00");
    assert_eq!(told, []);
}

#[test]
fn answers_to_sign_come_together_in_the_next_slot_and_only_new_ones() {
    let frame = frame_of(PLAN);
    let mut story = story(&frame);
    let mut given = Given::default();
    let answer = |story: &mut Story<'_>, when: &str, value: u32, unchanged: bool| {
        story.now(when);
        let mut report = report("2-1", Value::Number(value.into()), Judgement::Normal);
        report.unchanged = unchanged;
        story.file(report)
    };
    answer(&mut story, "2026-11-24 10:00", 8, false);
    let newest = answer(&mut story, "2026-11-24 15:00", 9, false);
    assert_eq!(due_at(&story, &mut given, "2026-11-24 15:01"), []);
    let asked = due_at(&story, &mut given, "2026-11-25 09:00");
    let kinds: Vec<_> = asked.iter().map(|notice| &notice.kind).collect();
    assert_eq!(kinds, [&NoticeKind::CoSign(vec![("2-1".into(), newest)])]);
    answer(&mut story, "2026-11-25 10:00", 9, true);
    assert_eq!(due_at(&story, &mut given, "2026-11-26 09:00"), []);
    let standing = story.standing();
    let now = at("2026-11-25 09:01");
    assert!(still_due(&frame, &standing, &asked[0], now).is_some());
    story.by(
        "song-bo",
        Act::CoSigned(CoSigned {
            task: "2-1".into(),
            report: newest,
            unit: "cgj".into(),
            how: CoSignature::Agreed,
        }),
    );
    assert_eq!(still_due(&frame, &story.standing(), &asked[0], now), None);
}
