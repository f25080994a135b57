//! The board that goes with a digest: a setting lets it go or not, it leaves after its digest and is taken back with it.

use super::ending::without_7_1;
use super::unasked::GROUP;
use super::*;
use crate::conversation::document::Document;
use crate::digest::LookBack;
use crate::ledger::{Act, Light, Text};
use crate::service::{Call, Moment, Ready, Recipe};
use crate::store::{OutboxRow, OutgoingKind, Settled};

const FRIDAY: &str = "2026-11-27 16:00";

impl Desk {
    /// Boards for the group in this state, with their rows.
    async fn boards(&self, state: OutboxState) -> Vec<(OutboxRow, Recipe)> {
        let store = self.service.store();
        let rows = store.outgoing_in_state(state).await.unwrap().into_iter();
        let rows = rows.filter(|row| row.message.chat == GROUP);
        let boards =
            rows.filter_map(
                |row| match serde_json::from_str(&row.message.body).unwrap() {
                    Call::File(recipe) => Some((row, recipe)),
                    _ => None,
                },
            );
        boards.collect()
    }

    async fn course(&self, look: &LookBack, until: &str) -> crate::digest::Course {
        let rushan = TaskForceId::from("rushan");
        let seq = self.service.store().head(&rushan).await.unwrap().seq;
        let moment = Moment {
            number: 1,
            posted: false,
            cut_off_at: at(until),
            seq,
        };
        let snapshot = self.service.snapshot(&rushan, moment, look, |_| ());
        snapshot.await.unwrap().unwrap().course
    }
}

#[tokio::test]
async fn it_waits_behind_its_digest_without_a_sound() {
    let desk = Desk::live("2026-11-27 15:00").await;
    desk.at(FRIDAY).await;
    let boards = desk.boards(OutboxState::Waiting).await;
    let [(row, recipe)] = &boards[..] else {
        panic!("{boards:?}")
    };
    assert!(recipe.silent && recipe.document == Document::Board);
    assert_eq!((recipe.moment.number, recipe.moment.posted), (1, true));
    assert_eq!(row.message.kind, OutgoingKind::Digest);
    assert_eq!(row.message.slot.as_deref(), Some("digest-1/parts"));
    let store = desk.service.store();
    let waiting = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
    let text = waiting
        .iter()
        .find(|row| row.message.slot.as_deref() == Some("digest-1"));
    assert!(text.unwrap().id < row.id, "it leaves after its digest");
    assert!(text.unwrap().message.priority < row.message.priority);
}

#[tokio::test]
async fn where_the_setting_says_no_the_digest_comes_alone() {
    let settings = Settings {
        digest_board: false,
        ..Settings::default()
    };
    let desk = Desk::live_with("2026-11-27 15:00", &settings).await;
    desk.at(FRIDAY).await;
    assert!(desk.boards(OutboxState::Waiting).await.is_empty());
    let sent = desk.sent().await;
    assert!(
        sent.iter()
            .any(|(chat, text)| *chat == GROUP && text.contains("工作周报"))
    );
    assert!(desk.boards(OutboxState::Sent).await.is_empty());
}

#[tokio::test]
async fn a_pause_takes_it_back_with_its_digest_and_both_come_late_after_it() {
    let desk = Desk::live("2026-11-27 15:00").await;
    desk.at(FRIDAY).await;
    desk.pause().await;
    desk.sent().await;
    assert!(desk.boards(OutboxState::Waiting).await.is_empty());
    assert!(desk.boards(OutboxState::Sent).await.is_empty());
    assert_eq!(desk.boards(OutboxState::Withdrawn).await.len(), 1);
    desk.at("2026-11-30 09:30").await;
    desk.append(Act::Resumed).await;
    desk.at("2026-11-30 09:31").await;
    desk.sent().await;
    let sent = desk.boards(OutboxState::Sent).await;
    let moments = sent.iter().map(|(_, recipe)| recipe.moment.number);
    assert_eq!(moments.collect::<Vec<_>>(), [1]);
    assert_eq!(desk.boards(OutboxState::Withdrawn).await.len(), 1);
}

#[tokio::test]
async fn on_its_way_to_the_sender_it_is_still_held_against_its_digest() {
    let desk = Desk::live("2026-11-27 15:00").await;
    desk.at(FRIDAY).await;
    let (row, _) = desk.boards(OutboxState::Waiting).await.remove(0);
    assert!(matches!(
        desk.service.ready(&row).await.unwrap(),
        Ready::Go(Call::File(_))
    ));
    desk.append(Act::DigestWithheld { number: 1 }).await;
    let ready = desk.service.ready(&row).await.unwrap();
    assert!(
        matches!(ready, Ready::Settle(Settled::Withdrawn { .. })),
        "{ready:?}"
    );
}

#[tokio::test]
async fn each_day_is_seen_with_the_plan_of_its_day() {
    let desk = Desk::live("2026-11-23 09:00").await;
    let rushan = TaskForceId::from("rushan");
    desk.service.clock().set(at("2026-11-25 10:00"));
    let offered = without_7_1();
    let adoption = offered.hash();
    desk.service.load(vec![(rushan, offered)]).await.unwrap();
    desk.append(Act::Adopted { adoption }).await;
    let totals = |course: crate::digest::Course| {
        let days = course.days.iter();
        let days = days.map(|day| (day.day.to_string(), day.targets.total()));
        days.collect::<Vec<_>>()
    };
    let expected = [
        ("2026-11-23", 29),
        ("2026-11-24", 29),
        ("2026-11-25", 28),
        ("2026-11-26", 28),
    ];
    let expected = expected.map(|(day, total)| (day.to_owned(), total));
    let until = "2026-11-26 16:00";
    let course = desk.course(&LookBack::Lights, until).await;
    assert_eq!(totals(course), expected);
    // Started anew it has read the plan in force alone.
    let desk = Desk::over(desk.memory, at(until)).await;
    let course = desk.course(&LookBack::Lights, until).await;
    assert_eq!(totals(course), expected);
    let course = desk.course(&LookBack::Nothing, until).await;
    assert!(course.days.is_empty());
}

#[tokio::test]
async fn the_day_of_a_corrected_digest_sees_what_came_after_its_cut_off() {
    let desk = Desk::live("2026-11-23 09:00").await;
    desk.service.clock().set(at("2026-11-27 16:30"));
    let reason = Text::new("征地未批", [0; 16]);
    desk.append(Act::Frozen {
        task: "7-1".into(),
        until: "2026-12-31".parse().unwrap(),
        reason,
    })
    .await;
    let look = LookBack::Tasks(Some("7".into()));
    let course = desk.course(&look, FRIDAY).await;
    let seen = course.days.iter().rev().take(2);
    let seen: Vec<_> = seen.map(|day| day.tasks["7-1"]).collect();
    assert_eq!(seen, [Light::Frozen, Light::Grey]);
}
