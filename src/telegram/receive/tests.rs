//! A database that fails now and then costs no update.

use std::collections::BTreeMap;
use std::sync::Arc;

use secrecy::SecretString;

use super::Worker;
use crate::calendar;
use crate::clock::{Clock, Dice};
use crate::conversation::BotAccount;
use crate::plan::{AdoptionText, Settings};
use crate::rehearsal::STAND_IN_TOKEN;
use crate::service::Service;
use crate::store::{GROUP_COMMIT, InboxRow, Memory, OutboxState, Store, UPDATE_ATTEMPTS};
use crate::telegram::{ClientSettings, Clients};

/// A worker that never reaches Telegram: there is nothing to answer in these tests.
async fn worker(memory: &Memory) -> Worker {
    let day = "2026-11-23".parse().unwrap();
    let nine = chrono::NaiveTime::from_hms_opt(9, 0, 0).unwrap();
    let clock = Clock::manual(calendar::instant(day, nine));
    let bot = BotAccount {
        id: 1,
        username: "duban_bot".to_owned(),
    };
    let store = Store::Memory(memory.clone());
    let service = Arc::new(Service::new(store, clock, Dice::seeded(1), bot));
    let plan = include_str!("../../../config/plans/rushan.toml").to_owned();
    let text = AdoptionText::new(plan, &Settings::default(), BTreeMap::new());
    service.load(vec![("rushan".into(), text)]).await.unwrap();
    let settings = ClientSettings {
        token: SecretString::from(STAND_IN_TOKEN),
        api_url: None,
        proxy: None,
    };
    Worker::new(service, Clients::new(&settings).unwrap())
}

async fn receive_a_greeting(worker: &Worker) {
    let person = r#"{"id":7,"is_bot":false,"first_name":"x"}"#;
    let body = format!(
        r#"{{"update_id":1,"message":{{"message_id":1,"date":1,"from":{person},"chat":{{"id":7,"type":"private"}},"text":"/start"}}}}"#
    );
    let row = InboxRow {
        update_id: 1,
        lane: 7,
        received_at: worker.service.now(),
        body,
        attempts: 0,
    };
    worker.service.store().receive(&[row]).await.unwrap();
}

#[tokio::test]
async fn what_the_database_refused_is_tried_until_it_is_done() {
    let memory = Memory::new();
    let mut worker = worker(&memory).await;
    receive_a_greeting(&worker).await;
    let store = worker.service.store().clone();
    for _ in 0..=UPDATE_ATTEMPTS + 2 {
        let rows = store.take_updates(GROUP_COMMIT, &[]).await.unwrap();
        assert_eq!(rows.len(), 1, "it still waits");
        memory.fail_next(1);
        let again = worker.work(rows).await.unwrap();
        assert_eq!(again, [1]);
        worker.owed.extend(again);
        worker.put_back().await.unwrap();
    }
    let drained = worker.drain().await.unwrap();
    assert_eq!((drained.handled, drained.should_wait), (1, false));
    assert_eq!(store.failed_updates().await.unwrap(), []);
    let waiting = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
    let answers = waiting.iter().filter(|row| row.message.chat == 7);
    assert_eq!(answers.count(), 1, "one answer to one greeting");
}

#[tokio::test]
async fn an_update_that_was_tried_too_often_for_its_own_sake_is_set_aside() {
    let mut worker = worker(&Memory::new()).await;
    receive_a_greeting(&worker).await;
    let store = worker.service.store().clone();
    for _ in 0..UPDATE_ATTEMPTS {
        store.take_updates(GROUP_COMMIT, &[]).await.unwrap();
    }
    worker.drain().await.unwrap();
    assert_eq!(store.failed_updates().await.unwrap().len(), 1);
}
