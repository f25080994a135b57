//! Whoever can be reached in private again hears what is pending; and a task force with nothing due is left alone.

use super::*;
use crate::ledger::Act;

/// What leaves for [`PERSON`] that speaks of their item.
async fn cards(desk: &Desk) -> usize {
    let sent = desk.sent().await;
    let about = |(chat, text): &&(i64, String)| *chat == PERSON && text.contains("7-1");
    sent.iter().filter(about).count()
}

impl Desk {
    /// [`PERSON`] blocked the bot before the card of the slot, which therefore reached nobody.
    async fn with_somebody_out_of_reach() -> Self {
        let desk = Self::live("2026-11-23 08:40").await;
        let person = "sun-hongbin".into();
        desk.append(Act::Unreachable { person }).await;
        desk.at("2026-11-23 09:00").await;
        assert_eq!(cards(&desk).await, 0);
        desk
    }

    async fn opens_the_private_chat(&self, moment: &str) {
        self.at(moment).await;
        let updates = vec![says(1, PERSON, "/start")];
        self.receive(&updates).await;
        assert!(self.handled(updates).await.is_empty());
    }

    async fn sleeps(&self) -> bool {
        let rushan = TaskForceId::from("rushan");
        let wakeup = self.service.store().wakeup(&rushan).await.unwrap().unwrap();
        wakeup.at > self.service.now() || self.service.asleep_until(&wakeup).is_some()
    }
}

#[tokio::test]
async fn who_opens_the_private_chat_gets_what_is_pending_though_its_keys_are_spent() {
    let desk = Desk::with_somebody_out_of_reach().await;
    desk.opens_the_private_chat("2026-11-23 10:00").await;
    let store = desk.service.store();
    let rows = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
    let mine = rows.iter().filter(|row| row.message.chat == PERSON);
    assert!(mine.clone().all(|row| row.message.pings.is_empty()));
    let silent = mine.filter(|row| row.message.body.contains("\"silent\":true"));
    assert_eq!(silent.count(), 1);
    assert_eq!(cards(&desk).await, 1);
    desk.at("2026-11-23 10:30").await;
    assert_eq!(cards(&desk).await, 0, "once");
}

#[tokio::test]
async fn in_the_evening_the_card_waits_for_the_morning() {
    let desk = Desk::with_somebody_out_of_reach().await;
    desk.opens_the_private_chat("2026-11-23 20:00").await;
    assert_eq!(cards(&desk).await, 0);
    desk.at("2026-11-24 08:30").await;
    assert_eq!(cards(&desk).await, 1);
}

#[tokio::test]
async fn before_the_start_there_is_no_card() {
    let desk = Desk::open().await;
    desk.opens_the_private_chat("2026-11-23 10:00").await;
    assert_eq!(cards(&desk).await, 0);
}

#[tokio::test]
async fn in_a_pause_there_is_no_card() {
    let desk = Desk::with_somebody_out_of_reach().await;
    desk.pause().await;
    desk.opens_the_private_chat("2026-11-23 10:00").await;
    assert_eq!(cards(&desk).await, 0);
}

#[tokio::test]
async fn a_task_force_with_nothing_due_is_left_alone_until_something_changes() {
    let desk = Desk::live("2026-11-23 08:40").await;
    desk.at("2026-11-23 08:41").await;
    assert!(desk.sleeps().await);
    let updates = vec![says(1, PERSON, "/start")];
    desk.receive(&updates).await;
    assert!(desk.handled(updates).await.is_empty());
    assert!(
        desk.sleeps().await,
        "an answer alone changes nothing that is due"
    );
    desk.service.clock().set(at("2026-11-23 09:00"));
    assert!(!desk.sleeps().await, "the slot has come");
    desk.service.tick().await.unwrap();
    assert!(desk.sleeps().await);
    assert_eq!(cards(&desk).await, 1);
    desk.append(Act::Resumed).await;
    assert!(!desk.sleeps().await, "another writer woke it");
    desk.service.tick().await.unwrap();
    assert!(desk.sleeps().await);
    let updates = vec![says(2, PERSON, "/report 7-1")];
    desk.receive(&updates).await;
    assert!(desk.handled(updates).await.is_empty());
    assert!(
        !desk.sleeps().await,
        "what somebody is in the middle of woke it"
    );
}
