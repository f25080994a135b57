//! What belongs together is committed together: an update set aside and the word about it, a group forgotten and left.

use super::*;
use crate::conversation::Sender;
use crate::ledger::Act;
use crate::service::{Call, Ready};

/// A group nobody of the office knows.
const FOREIGN: i64 = -100_700;

const TOO_OFTEN: &str = "tried too often";

fn added_to(update_id: i64, chat: i64) -> Incoming {
    let event = Event {
        place: Place {
            chat,
            kind: ChatKind::Group,
            thread: None,
        },
        sender: Sender::Account(account_of(99)),
        happening: Happening::BotMembership {
            present: true,
            administrator: false,
        },
    };
    Incoming {
        update_id,
        event: Some(event),
    }
}

impl Desk {
    /// Everything that waits for this chat, in order.
    async fn calls_to(&self, chat: i64) -> Vec<Call> {
        let store = self.service.store();
        let rows = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
        let rows = rows.iter().filter(|row| row.message.chat == chat);
        rows.map(|row| serde_json::from_str(&row.message.body).unwrap())
            .collect()
    }

    /// The bot was added to [`FOREIGN`] more than a day ago, and what it said there was sent.
    async fn a_day_in_a_foreign_group() -> Self {
        let desk = Self::live("2026-11-23 08:40").await;
        let updates = vec![added_to(1, FOREIGN)];
        desk.receive(&updates).await;
        assert!(desk.handled(updates).await.is_empty());
        desk.sent().await;
        desk.service.clock().set(at("2026-11-24 08:41"));
        desk
    }
}

#[tokio::test]
async fn an_update_is_set_aside_together_with_the_word_to_its_sender() {
    let desk = Desk::open().await;
    let update = says(1, PERSON, "/start");
    desk.receive(std::slice::from_ref(&update)).await;
    let store = desk.service.store();
    let row = store.take_updates(1, &[]).await.unwrap().remove(0);
    let event = update.event.as_ref();
    desk.memory.fail_next(1);
    let failed = desk.service.give_up(&row, event, TOO_OFTEN).await;
    assert!(failed.is_err());
    assert!(store.failed_updates().await.unwrap().is_empty());
    assert!(desk.calls_to(PERSON).await.is_empty());
    for _ in 0..2 {
        desk.service.give_up(&row, event, TOO_OFTEN).await.unwrap();
        assert_eq!(store.failed_updates().await.unwrap().len(), 1);
        assert_eq!(desk.calls_to(PERSON).await.len(), 1, "once");
    }
}

#[tokio::test]
async fn a_group_bound_while_its_leave_waits_is_not_left() {
    for bound in [true, false] {
        let desk = Desk::a_day_in_a_foreign_group().await;
        desk.service.tick().await.unwrap();
        assert_eq!(desk.calls_to(FOREIGN).await, [Call::Leave]);
        if bound {
            let chat = FOREIGN;
            desk.append(Act::GroupBound { chat, thread: None }).await;
            // The other writer of this test knows no routes: they are mended with the next look at its task force.
            let rushan = TaskForceId::from("rushan");
            assert!(desk.service.standing_now(&rushan).await.is_some());
        }
        let store = desk.service.store();
        let mut left = false;
        let now = desk.service.now();
        while let Some(row) = store.claim(now, 60, &[], i64::MAX).await.unwrap() {
            let ready = desk.service.ready(&row).await.unwrap();
            left |= matches!(ready, Ready::Go(Call::Leave));
        }
        assert_eq!(left, !bound);
    }
}
