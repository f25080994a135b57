//! Many task forces over one store: the program costs by what happens, not by how many it serves.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use duban::clock::{Clock, Dice};
use duban::conversation::{BotAccount, ChatKind, Event, Happening, Place, Sender};
use duban::ledger::{Account, Act, verify};
use duban::plan::TaskForceId;
use duban::service::{Incoming, KnownAccount, Service};
use duban::simulation::country::{Country, account_of, group_of, id_of};
use duban::store::{InboxRow, Memory, OutboxState, Route, RouteKind, Store};

const CHIEF: usize = 2;

const COUNTRY: Country = Country {
    task_forces: 10,
    years: 1,
    seed: 7,
    ends: chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap(),
};

/// Saturday morning: nothing is due.
fn saturday() -> DateTime<Utc> {
    "2026-11-28T02:00:00Z".parse().unwrap()
}

async fn written(memory: &Memory, country: &Country) {
    let store = Store::Memory(memory.clone());
    for number in 0..country.task_forces {
        country.write(&store, number).await.unwrap();
    }
}

async fn program(store: Store, now: DateTime<Utc>, held: usize) -> Arc<Service> {
    let bot = BotAccount {
        id: 1,
        username: "duban_bot".into(),
    };
    let service = Service::new(store, Clock::manual(now), Dice::seeded(1), bot);
    let service = service.with_memory_for(held);
    service.load(Vec::new()).await.unwrap();
    Arc::new(service)
}

fn said(update_id: i64, user_id: i64, chat: i64, text: &str) -> Incoming {
    let kind = match chat > 0 {
        true => ChatKind::Private,
        false => ChatKind::Group,
    };
    let account = Account {
        user_id,
        name: user_id.to_string(),
        username: None,
    };
    let event = Event {
        place: Place {
            chat,
            kind,
            thread: None,
        },
        sender: Sender::Account(account),
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

/// Says it and gives everything that then waits for that chat.
async fn says(service: &Service, update: i64, user: i64, chat: i64, text: &str) -> String {
    let row = InboxRow {
        update_id: update,
        lane: chat,
        received_at: service.now(),
        body: "{}".to_owned(),
        attempts: 0,
    };
    service.store().receive(&[row]).await.unwrap();
    let updates = vec![said(update, user, chat, text)];
    let processed = service.on_updates(updates).await.unwrap();
    assert!(processed.failed.is_empty(), "{:?}", processed.failed);
    let waiting = service.store().outgoing_in_state(OutboxState::Waiting);
    let rows = waiting.await.unwrap().into_iter();
    let mine = rows.filter(|row| row.message.chat == chat);
    mine.map(|row| row.message.body).collect()
}

#[tokio::test]
async fn a_country_is_written_the_same_from_the_same_seed_and_every_chain_verifies() {
    let (one, other) = (Memory::new(), Memory::new());
    let country = Country {
        task_forces: 3,
        ..COUNTRY
    };
    written(&one, &country).await;
    written(&other, &country).await;
    let (one, other) = (Store::Memory(one), Store::Memory(other));
    assert_eq!(one.heads().await.unwrap(), other.heads().await.unwrap());
    for (id, head) in one.heads().await.unwrap() {
        let stored = one.stored_entries(&id).await.unwrap();
        assert!((900..1500).contains(&stored.len()), "{}", stored.len());
        let entries = stored.iter();
        let entries = entries.map(|entry| (entry.seq, entry.body.as_str(), entry.hash));
        assert_eq!(verify(entries, &[(head.seq, head.printed())]), Ok(head));
    }
}

#[tokio::test]
async fn nothing_is_folded_at_the_start_and_a_tick_asks_only_whom_something_changed_for() {
    let memory = Memory::new();
    written(&memory, &COUNTRY).await;
    let service = program(Store::Memory(memory), saturday(), 200).await;
    assert_eq!(service.folds(), 0, "the start");
    service.tick().await.unwrap();
    assert_eq!(service.folds(), 0, "nothing is due on a Saturday");
    let group = group_of(7);
    let answer = says(&service, 1, account_of(7, CHIEF), group, "/status").await;
    assert!(answer.contains("10"), "{answer}");
    assert_eq!((service.folds(), service.held()), (1, 1));
    let person = account_of(3, 5);
    let card = says(&service, 2, person, person, "/report 3-1").await;
    assert!(!card.is_empty());
    assert_eq!((service.folds(), service.held()), (2, 2));
    for minute in 0..10 {
        service.clock().set(saturday() + Duration::minutes(minute));
        service.tick().await.unwrap();
    }
    assert_eq!((service.folds(), service.held()), (2, 2), "ten ticks");
}

#[tokio::test]
async fn on_monday_morning_all_are_asked_once_and_no_more_are_held_than_there_is_room_for() {
    let memory = Memory::new();
    written(&memory, &COUNTRY).await;
    let service = program(Store::Memory(memory), saturday(), 8).await;
    service.clock().set("2026-11-30T01:00:00Z".parse().unwrap());
    service.tick().await.unwrap();
    assert_eq!(service.held(), 8);
    let folds = service.folds();
    assert_eq!(folds, 10, "each once");
    let waiting = service.store().outgoing_in_state(OutboxState::Waiting);
    let rows = waiting.await.unwrap();
    let due: std::collections::BTreeSet<_> = rows
        .iter()
        .filter_map(|row| row.task_force.as_ref())
        .collect();
    assert_eq!(due.len(), 10, "every task force has its Monday slot");
    let given = rows.len();
    service.tick().await.unwrap();
    assert_eq!(service.folds(), folds, "nothing more is due");
    let waiting = service.store().outgoing_in_state(OutboxState::Waiting);
    assert_eq!(waiting.await.unwrap().len(), given);
}

#[tokio::test]
async fn what_makes_room_for_others_is_found_again_as_it_was() {
    let memory = Memory::new();
    written(
        &memory,
        &Country {
            task_forces: 4,
            ..COUNTRY
        },
    )
    .await;
    let small = program(Store::Memory(memory.clone()), saturday(), 1).await;
    let large = program(Store::Memory(memory), saturday(), 200).await;
    for round in 0..3 {
        for number in 0..4 {
            let chief = account_of(number, CHIEF);
            let update = round * 100 + i64::try_from(number).unwrap() * 10;
            says(&small, update + 1, chief, chief, "/report 1-1").await;
            says(&small, update + 2, chief, chief, "/quit").await;
            let id = id_of(number);
            assert_eq!(small.standing_now(&id).await, large.standing_now(&id).await);
        }
    }
    assert_eq!((small.held(), large.held()), (1, 4));
    assert!(small.folds() >= 12 && large.folds() == 4);
}

#[tokio::test]
async fn caches_that_are_gone_are_made_anew_from_the_ledger() {
    let memory = Memory::new();
    written(
        &memory,
        &Country {
            task_forces: 5,
            ..COUNTRY
        },
    )
    .await;
    let store = Store::Memory(memory.clone());
    let all = |store: Store| async move {
        let mut routes = Vec::new();
        for number in 0..5 {
            routes.push(store.routes_to(&id_of(number)).await.unwrap());
        }
        routes
    };
    let before = all(store.clone()).await;
    assert!(before.iter().all(|routes| routes.len() > 75));
    memory.forget_routes();
    let service = program(store.clone(), saturday(), 200).await;
    assert_eq!(all(store.clone()).await, before, "at the start");
    memory.forget_routes();
    let chief = account_of(3, CHIEF);
    let answer = says(&service, 1, chief, chief, "/status").await;
    assert!(answer.contains("10"), "while it runs: {answer}");
    assert_eq!(all(store).await, before);
}

#[tokio::test]
async fn what_one_program_learns_another_knows_at_once() {
    let memory = Memory::new();
    written(
        &memory,
        &Country {
            task_forces: 3,
            ..COUNTRY
        },
    )
    .await;
    let one = program(Store::Memory(memory.clone()), saturday(), 200).await;
    let other = program(Store::Memory(memory), saturday(), 200).await;
    let newcomer = 42;
    let stranger = says(&other, 1, newcomer, newcomer, "/status").await;
    assert!(!stranger.contains("10"), "{stranger}");
    let known = KnownAccount {
        task_force: id_of(1),
        person: "p-7".into(),
        account: Account {
            user_id: newcomer,
            name: "42".into(),
            username: None,
        },
    };
    assert!(one.bind_on_host(&known, false).await.unwrap());
    let member = says(&other, 2, newcomer, newcomer, "/status").await;
    assert_ne!(member, stranger);
    let now = Route::new(RouteKind::Account, newcomer);
    assert_eq!(other.store().led_to(&now).await.unwrap(), [id_of(1)]);
    let former = Route::new(RouteKind::Account, account_of(1, 7));
    assert!(other.store().led_to(&former).await.unwrap().is_empty());
}

/// How often a silence stands in a ledger.
async fn silences(store: &Store, id: &TaskForceId) -> usize {
    let entries = store.entries_after(id, 0).await.unwrap();
    let down = |act: &Act| matches!(act, Act::WasDown { .. });
    entries.iter().filter(|entry| down(&entry.act)).count()
}

#[tokio::test]
async fn a_silence_is_entered_once_by_each_when_it_is_worked_with() {
    let memory = Memory::new();
    written(
        &memory,
        &Country {
            task_forces: 6,
            ..COUNTRY
        },
    )
    .await;
    let store = Store::Memory(memory);
    program(store.clone(), saturday(), 200).await;
    let later = saturday() + Duration::hours(3);
    let service = program(store.clone(), later, 200).await;
    assert_eq!(service.folds(), 0, "the start only notes it");
    assert_eq!(silences(&store, &id_of(2)).await, 0);
    let chief = account_of(2, CHIEF);
    says(&service, 1, chief, chief, "/status").await;
    assert_eq!(silences(&store, &id_of(2)).await, 1);
    assert_eq!(silences(&store, &id_of(4)).await, 0);
    service.tick().await.unwrap();
    service.tick().await.unwrap();
    let again = program(store.clone(), later + Duration::minutes(1), 2).await;
    again.tick().await.unwrap();
    for number in 0..6 {
        assert_eq!(silences(&store, &id_of(number)).await, 1, "{number}");
    }
}

#[tokio::test]
async fn a_clock_that_ran_ahead_does_not_keep_anybody_asleep() {
    let memory = Memory::new();
    written(
        &memory,
        &Country {
            task_forces: 2,
            ..COUNTRY
        },
    )
    .await;
    let service = program(Store::Memory(memory), saturday(), 200).await;
    service.clock().set("2026-12-12T02:00:00Z".parse().unwrap());
    service.tick().await.unwrap();
    service.tick().await.unwrap();
    service.clock().set(saturday());
    service.tick().await.unwrap();
    let wakeup = service.store().wakeup(&id_of(0)).await.unwrap().unwrap();
    let monday: DateTime<Utc> = "2026-11-30T03:00:00Z".parse().unwrap();
    assert!(
        service.next_wakeup().await.unwrap().unwrap() <= monday,
        "{wakeup:?}"
    );
}

#[tokio::test]
async fn a_database_of_before_is_led_to_at_the_first_start() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("country.db").display());
    let store = Store::open(&url).await.unwrap();
    let country = Country {
        task_forces: 2,
        ..COUNTRY
    };
    for number in 0..2 {
        country.write(&store, number).await.unwrap();
    }
    assert_eq!(store.unrouted().await.unwrap(), [] as [TaskForceId; 0]);
    store.close().await;
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&url).await.unwrap();
    sqlx::query("DELETE FROM routes")
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query("DELETE FROM wakeups WHERE task_force = 'county-0001'")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let store = Store::open(&url).await.unwrap();
    assert_eq!(store.unrouted().await.unwrap(), [id_of(0), id_of(1)]);
    let service = program(store, saturday(), 200).await;
    assert_eq!(service.folds(), 2);
    let group = group_of(1);
    let answer = says(&service, 1, account_of(1, CHIEF), group, "/status").await;
    assert!(answer.contains("10"), "{answer}");
    let store = service.store().clone();
    assert!(store.unrouted().await.unwrap().is_empty());
    program(store, saturday(), 200).await;
}
