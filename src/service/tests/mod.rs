//! Many updates in one commit: what fails does not touch the others, and one sender's updates follow each other.

mod aside;
mod back;
mod board;
mod ending;
mod office;
mod outrun;
mod parts;
mod removal;
mod restored;
mod unasked;
mod unknown;
mod whole;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::calendar;
use crate::clock::{Clock, Dice};
use crate::conversation::{BotAccount, ChatKind, Event, Happening, Place, Sender};
use crate::ledger::Account;
use crate::plan::{AdoptionText, Settings, TaskForceId};
use crate::service::{Incoming, KnownAccount, Service};
use crate::store::{InboxRow, Memory, OutboxState, Store};

const PERSON: i64 = 7;
const OTHER: i64 = 8;

struct Desk {
    memory: Memory,
    service: Arc<Service>,
}

impl Desk {
    async fn open() -> Self {
        Self::over(Memory::new(), at("2026-11-23 09:00")).await
    }

    /// The program as it starts at that moment over what is stored.
    async fn over(memory: Memory, now: DateTime<Utc>) -> Self {
        Self::with(memory, now, &Settings::default()).await
    }

    async fn with(memory: Memory, now: DateTime<Utc>, settings: &Settings) -> Self {
        let account = BotAccount {
            id: 1,
            username: "duban_bot".to_owned(),
        };
        let clock = Clock::manual(now);
        let store = Store::Memory(memory.clone());
        let service = Service::new(store, clock, Dice::seeded(1), account);
        let plan = include_str!("../../../config/plans/rushan.toml").to_owned();
        let text = AdoptionText::new(plan, settings, BTreeMap::new());
        let rushan = TaskForceId::from("rushan");
        service.load(vec![(rushan.clone(), text)]).await.unwrap();
        let known = [(PERSON, "sun-hongbin"), (OTHER, "jiang-deqiang")];
        let known = known.map(|(user_id, person)| KnownAccount {
            task_force: rushan.clone(),
            person: person.into(),
            account: account_of(user_id),
        });
        assert!(service.pre_fill(&known).await.unwrap().is_empty());
        let service = Arc::new(service);
        Self { memory, service }
    }

    /// Keeps updates in the inbox, as they come.
    async fn receive(&self, updates: &[Incoming]) {
        let rows = updates.iter().map(|update| InboxRow {
            update_id: update.update_id,
            lane: PERSON,
            received_at: self.service.now(),
            body: "{}".to_owned(),
            attempts: 0,
        });
        let rows: Vec<InboxRow> = rows.collect();
        self.service.store().receive(&rows).await.unwrap();
    }

    /// Handles updates and gives the ids of those that failed.
    async fn handled(&self, updates: Vec<Incoming>) -> Vec<i64> {
        let processed = self.service.on_updates(updates).await.unwrap();
        let failed = processed.failed.into_iter();
        failed.map(|failed| failed.update_id).collect()
    }

    /// Everything that waits to be sent to this person, in order.
    async fn waiting(&self, user_id: i64) -> String {
        let store = self.service.store();
        let rows = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
        let bodies = rows.into_iter().filter(|row| row.message.chat == user_id);
        bodies.map(|row| row.message.body).collect()
    }
}

/// A moment in Shanghai.
fn at(moment: &str) -> DateTime<Utc> {
    let local = chrono::NaiveDateTime::parse_from_str(moment, "%Y-%m-%d %H:%M").unwrap();
    calendar::instant(local.date(), local.time())
}

fn account_of(user_id: i64) -> Account {
    Account {
        user_id,
        name: user_id.to_string(),
        username: None,
    }
}

fn says(update_id: i64, user_id: i64, text: &str) -> Incoming {
    let event = Event {
        place: Place {
            chat: user_id,
            kind: ChatKind::Private,
            thread: None,
        },
        sender: Sender::Account(account_of(user_id)),
        happening: Happening::Text {
            message_id: i32::try_from(update_id).unwrap(),
            text: text.to_owned(),
            reply_to: None,
        },
    };
    Incoming {
        update_id,
        event: Some(event),
    }
}

#[tokio::test]
async fn one_that_fails_is_left_for_later_and_the_others_are_done() {
    let desk = Desk::open().await;
    let updates = vec![says(1, PERSON, "/start"), says(2, OTHER, "/start")];
    desk.receive(&updates).await;
    desk.memory.fail_next(1);
    assert_eq!(desk.handled(updates).await, [1]);
    assert_eq!(desk.waiting(PERSON).await, "");
    assert!(desk.waiting(OTHER).await.contains("/report"));
    assert!(
        desk.handled(vec![says(1, PERSON, "/start")])
            .await
            .is_empty()
    );
    assert!(desk.waiting(PERSON).await.contains("/report"));
}

#[tokio::test]
async fn two_of_one_sender_in_one_group_find_each_others_talk() {
    let desk = Desk::open().await;
    let updates = vec![says(1, PERSON, "/report 7-1"), says(2, PERSON, "1")];
    desk.receive(&updates).await;
    assert!(desk.handled(updates).await.is_empty());
    let waiting = desk.waiting(PERSON).await;
    assert!(waiting.contains("本次 1 处"), "{waiting}");
}
