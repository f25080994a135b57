//! Several processes on one database: what one of them does for all, and whose an update is.

use duban::store::{Changes, CommitError, ConversationRow, Heard, Store};

use crate::home::Home;
use crate::rows::{ANY, LONG, answer, at, changes, commit, days, ids, update};

const DUTY: &str = "outward/1";

/// Seconds that no chapter lasts; the databases go by their own clock.
const WHILE: i64 = 3600;

pub async fn a_lease_has_one_holder_and_the_next_after_it_ran_out(home: Home) {
    let (one, other) = (home.open().await, home.open().await);
    let first = one.acquire_lease(DUTY, "one", WHILE, at(0)).await.unwrap();
    let first = first.unwrap();
    assert_eq!((first.name.as_str(), first.number), (DUTY, 1));
    assert_eq!(first.free_for, None, "nobody ever had it");
    let taken = |store: Store, seconds| async move {
        let taken = store.acquire_lease(DUTY, "other", seconds, at(0)).await;
        taken.unwrap()
    };
    assert_eq!(taken(other.clone(), WHILE).await, None);
    assert_eq!(taken(one.clone(), WHILE).await, None, "nor twice by one");
    let another = other.acquire_lease("else", "other", WHILE, at(0)).await;
    assert_eq!(another.unwrap().unwrap().number, 1, "names are apart");

    // It runs out at once: from then on it is lost, though nobody has taken it yet.
    one.renew_lease(&first, 0, at(0)).await.unwrap();
    let lost = one.renew_lease(&first, WHILE, at(0)).await.unwrap_err();
    assert!(
        matches!(&lost, CommitError::TermOver(name) if name == DUTY),
        "{lost:?}"
    );
    let second = taken(other.clone(), WHILE).await.unwrap();
    assert_eq!(second.number, 2);
    // Who lost it gives nothing back that is another's.
    one.release_lease(&first, at(0)).await.unwrap();
    assert_eq!(taken(one.clone(), WHILE).await, None);
    other.renew_lease(&second, WHILE, at(0)).await.unwrap();

    other.release_lease(&second, at(0)).await.unwrap();
    let third = taken(one, WHILE).await.unwrap();
    assert_eq!(third.number, 3, "at once");
    let free_for = third.free_for.unwrap();
    assert!((0..WHILE).contains(&free_for.num_seconds()), "{free_for}");
}

pub async fn who_lost_the_lease_claims_no_row(home: Home) {
    let store = home.open().await;
    let outgoing = vec![answer(1, "one"), answer(2, "two")];
    commit(
        &store,
        Changes {
            outgoing,
            ..changes()
        },
    )
    .await;
    let first = store.acquire_lease(DUTY, "one", WHILE, at(0)).await;
    let first = first.unwrap().unwrap();
    let row = store.claim_within(&first, at(0), LONG, &[], ANY).await;
    assert_eq!(row.unwrap().unwrap().message.body, "one");
    store.renew_lease(&first, 0, at(0)).await.unwrap();
    let second = store.acquire_lease(DUTY, "other", WHILE, at(0)).await;
    let second = second.unwrap().unwrap();
    let lost = store.claim_within(&first, at(0), LONG, &[], ANY).await;
    assert!(
        matches!(lost, Err(CommitError::TermOver(_))),
        "the second row waits for the second holder: {lost:?}"
    );
    let row = store.claim_within(&second, at(0), LONG, &[], ANY).await;
    let row = row.unwrap().unwrap();
    assert_eq!((row.message.body.as_str(), row.attempts), ("two", 1));
}

pub async fn rows_of_a_sender_that_died_are_free_when_nobody_else_can_be_sending(home: Home) {
    let store = home.open().await;
    let outgoing = vec![answer(1, "one")];
    commit(
        &store,
        Changes {
            outgoing,
            ..changes()
        },
    )
    .await;
    let row = store.claim(at(0), LONG, &[], ANY).await.unwrap().unwrap();
    assert_eq!(store.claim(at(1), LONG, &[], ANY).await.unwrap(), None);
    store.end_all_leases(at(2)).await.unwrap();
    let again = store.claim(at(2), LONG, &[], ANY).await.unwrap().unwrap();
    assert_eq!(
        (again.id, again.attempts, again.maybe_sent),
        (row.id, 2, true)
    );
}

pub async fn a_lane_is_worked_on_by_one_process_at_a_time(home: Home) {
    let store = home.open().await;
    store
        .receive(&[update(11, 1), update(12, 1), update(13, 2)])
        .await
        .unwrap();
    assert_eq!(ids(&store.take_updates(10, &[]).await.unwrap()), [11, 13]);
    assert_eq!(
        ids(&store.take_updates(10, &[]).await.unwrap()),
        [11, 13],
        "its own it may take again"
    );
    if !store.is_shared() {
        return;
    }
    let other = home.open().await;
    assert_eq!(other.take_updates(10, &[]).await.unwrap(), []);
    // What is done lets the next of its lane go to anybody.
    let done = Changes {
        update_id: Some(11),
        ..changes()
    };
    commit(&store, done).await;
    assert_eq!(ids(&other.take_updates(10, &[]).await.unwrap()), [12]);
    assert_eq!(ids(&store.take_updates(10, &[]).await.unwrap()), [13]);

    // So does what is put back, with the attempt that was not its own fault.
    store.put_back(&[12]).await.unwrap();
    assert_eq!(
        ids(&store.take_updates(10, &[]).await.unwrap()),
        [13],
        "that of another cannot be put back"
    );
    store.put_back(&[13]).await.unwrap();
    let taken = other.take_updates(10, &[]).await.unwrap();
    assert_eq!(ids(&taken), [12, 13]);
    assert_eq!(taken[1].attempts, 4, "4 were counted, and one taken back");

    // And what its taker holds too long: it died.
    home.run("UPDATE inbox SET held_until = held_until - 5000000")
        .await;
    assert_eq!(ids(&store.take_updates(10, &[]).await.unwrap()), [12, 13]);
}

pub async fn an_attempt_that_failed_for_the_databases_sake_is_put_back(home: Home) {
    let store = home.open().await;
    store.receive(&[update(21, 1)]).await.unwrap();
    for _ in 0..5 {
        let taken = store.take_updates(10, &[]).await.unwrap();
        assert_eq!(taken[0].attempts, 1);
        store.put_back(&[21, 22]).await.unwrap();
    }
    let done = Changes {
        update_id: Some(21),
        ..changes()
    };
    commit(&store, done).await;
    store.put_back(&[21]).await.unwrap();
    assert_eq!(store.take_updates(10, &[]).await.unwrap(), []);
}

pub async fn a_talk_that_another_has_changed_is_not_written_over(home: Home) {
    let store = home.open().await;
    let talk = |seen: Option<&str>, after: Option<&str>| Changes {
        conversations: vec![ConversationRow {
            user_id: 7,
            chat: None,
            state: after.map(str::to_owned),
            updated_at: at(0),
        }],
        talks_seen: vec![(7, seen.map(str::to_owned))],
        ..changes()
    };
    let state = || async {
        let row = store.conversation(&crate::rows::rushan(), 7).await.unwrap();
        row.and_then(|row| row.state)
    };
    let moved = |event: Changes| {
        let store = store.clone();
        async move {
            let result = store.commit(vec![event]).await.unwrap().remove(0);
            matches!(result, Err(CommitError::TalkMoved(7)))
        }
    };
    assert!(moved(talk(Some("a"), Some("b"))).await, "there is none");
    assert_eq!(state().await, None);
    commit(&store, talk(None, Some("a"))).await;
    assert!(moved(talk(None, Some("b"))).await, "there is one");
    assert!(moved(talk(Some("c"), None)).await, "in another state");
    assert_eq!(state().await.as_deref(), Some("a"));
    commit(&store, talk(Some("a"), Some("b"))).await;
    assert_eq!(state().await.as_deref(), Some("b"));

    // What one event makes of a talk step by step rests on its first look.
    let mut twice = talk(Some("b"), Some("c"));
    twice
        .conversations
        .extend(talk(None, Some("d")).conversations);
    commit(&store, twice).await;
    assert_eq!(state().await.as_deref(), Some("d"));
    commit(&store, talk(Some("d"), None)).await;
    assert_eq!(state().await, None);
}

pub async fn an_album_is_known_for_a_day_to_all(home: Home) {
    let store = home.open().await;
    assert!(!store.knows_album("a").await.unwrap());
    store.open_album("a", at(0)).await.unwrap();
    store.open_album("a", at(1)).await.unwrap();
    assert!(home.open().await.knows_album("a").await.unwrap());
    assert!(!store.knows_album("b").await.unwrap());
    store.expire(at(days(1))).await.unwrap();
    assert!(store.knows_album("a").await.unwrap());
    store.expire(at(days(1) + 2)).await.unwrap();
    assert!(!store.knows_album("a").await.unwrap());
}

pub async fn what_one_process_commits_the_others_hear(home: Home) {
    let (store, other) = (home.open().await, home.open().await);
    let Some(mut bell) = other.bell().await.unwrap() else {
        assert!(!store.is_shared());
        return;
    };
    assert!(store.is_shared());
    other.receive(&[update(10, 3)]).await.unwrap();
    store.receive(&[update(11, 1)]).await.unwrap();
    assert_eq!(bell.heard().await.unwrap(), Heard::Inbox, "of the other's");
    let outgoing = vec![answer(1, "one")];
    let event = Changes {
        outgoing,
        ..changes()
    };
    commit(&store, event).await;
    let rushan = vec![crate::rows::rushan()];
    assert_eq!(bell.heard().await.unwrap(), Heard::Changed(rushan));
    // What came of a send concerns nobody else.
    let row = store.claim(at(0), LONG, &[], ANY).await.unwrap().unwrap();
    let sent = duban::store::Settled::Sent { message_id: None };
    store.settle(row.lease, &sent, at(0)).await.unwrap();
    store.receive(&[update(11, 1)]).await.unwrap();
    store.receive(&[update(12, 1)]).await.unwrap();
    assert_eq!(bell.heard().await.unwrap(), Heard::Inbox);
}
