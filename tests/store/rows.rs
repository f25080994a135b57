//! Rows as the chapters use them.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use duban::ledger::{
    Act, Actor, ENTRY_VERSION, Head, Judgement, LedgerEntry, ProgressReport, Text, Value,
};
use duban::plan::{PersonId, TaskForceId};
use duban::store::{Changes, InboxRow, NewOutgoing, OutboxRow, OutgoingKind, Store};

/// A lease that does not run out while a chapter is told.
pub const LONG: i64 = 3600;

/// A claim with it has lost it at the next look.
pub const NO_TIME: i64 = 0;

/// The highest priority number.
pub const ANY: i64 = i64::MAX;

pub const PRIVATE: i64 = 101;
pub const GROUP: i64 = -100;

/// So many seconds after nine in the morning of 2026-11-23.
/// Before everything the story tells.
pub const LONG_AGO: DateTime<Utc> = DateTime::UNIX_EPOCH;

pub fn at(seconds: i64) -> DateTime<Utc> {
    let nine = NaiveDate::from_ymd_opt(2026, 11, 23)
        .unwrap()
        .and_hms_opt(1, 0, 0)
        .unwrap();
    nine.and_utc() + TimeDelta::seconds(seconds)
}

pub fn days(days: i64) -> i64 {
    days * 24 * 3600
}

pub fn rushan() -> TaskForceId {
    TaskForceId::from("rushan")
}

pub fn update(update_id: i64, lane: i64) -> InboxRow {
    InboxRow {
        update_id,
        lane,
        received_at: at(0),
        body: format!(r#"{{"update_id":{update_id},"words":"换热站 \u0000"}}"#),
        attempts: 0,
    }
}

pub fn ids(updates: &[InboxRow]) -> Vec<i64> {
    updates.iter().map(|row| row.update_id).collect()
}

pub fn changes() -> Changes {
    Changes {
        task_force: Some(rushan()),
        now: at(0),
        ..Changes::default()
    }
}

/// An answer, to be sent at once.
pub fn answer(chat: i64, body: &str) -> NewOutgoing {
    NewOutgoing {
        chat,
        thread: None,
        kind: OutgoingKind::Answer,
        priority: 0,
        body: body.to_owned(),
        about: String::new(),
        slot: None,
        notice: None,
        not_before: at(0),
        not_after: None,
        keys: Vec::new(),
        pings: Vec::new(),
    }
}

pub fn reminder(chat: i64, body: &str) -> NewOutgoing {
    NewOutgoing {
        kind: OutgoingKind::Reminder,
        priority: 10,
        ..answer(chat, body)
    }
}

pub fn digest(chat: i64, body: &str) -> NewOutgoing {
    NewOutgoing {
        kind: OutgoingKind::Digest,
        priority: 20,
        slot: Some("digest-16".to_owned()),
        ..answer(chat, body)
    }
}

/// A reminder that claims a key and pings 李俊卿.
pub fn keyed(chat: i64, key: &str) -> NewOutgoing {
    NewOutgoing {
        keys: vec![key.to_owned()],
        pings: vec![(PersonId::from("lijunqing"), monday())],
        ..reminder(chat, key)
    }
}

pub fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

pub fn text(words: &str) -> Text {
    Text::new(words, [7; 16])
}

pub fn entry(seq: u64, act: Act) -> LedgerEntry {
    LedgerEntry {
        seq,
        at: at(0),
        version: ENTRY_VERSION,
        by: Actor::Person(PersonId::from("lijunqing")),
        act,
    }
}

/// A pause: the smallest act with a text.
pub fn pause(words: &str) -> Act {
    Act::Paused {
        reason: text(words),
        until: None,
    }
}

pub fn report(done: Option<Text>, issues: Option<Text>) -> Act {
    Act::Answered(std::sync::Arc::new(ProgressReport {
        done,
        issues,
        ..ProgressReport::new(
            "i-6-1".into(),
            "2026-11".to_owned(),
            Value::None,
            Judgement::Normal,
        )
    }))
}

/// Changes with one entry after `head`, and the head after it.
pub fn with_entry(head: Head, act: Act) -> (Changes, Head) {
    let mut changes = changes();
    let next = changes.push_entry(head, entry(head.seq + 1, act));
    (changes, next)
}

pub async fn commit(store: &Store, changes: Changes) {
    for result in store.commit(vec![changes]).await.unwrap() {
        result.unwrap();
    }
}

pub async fn send(store: &Store, messages: impl IntoIterator<Item = NewOutgoing>) {
    let outgoing = messages.into_iter().collect();
    commit(
        store,
        Changes {
            outgoing,
            ..changes()
        },
    )
    .await;
}

pub async fn claim(store: &Store, now: DateTime<Utc>) -> Option<OutboxRow> {
    store.claim(now, LONG, &[], ANY).await.unwrap()
}

/// Claims the row there must be, and says what its body is.
pub async fn claimed(store: &Store, now: DateTime<Utc>) -> OutboxRow {
    claim(store, now).await.expect("a row may be sent")
}

/// Bodies of what can be claimed one after the other at this time, in order, each left with its sender.
pub async fn claimable(store: &Store, now: DateTime<Utc>) -> Vec<String> {
    let mut bodies = Vec::new();
    while let Some(row) = claim(store, now).await {
        bodies.push(row.message.body);
    }
    bodies
}
