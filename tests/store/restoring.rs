//! A database put back as it was: what was on its way is not sent again, numbers go on behind those that were lost.

use duban::ledger::{Act, AfterRestore, Gap, Head, Restored};
use duban::store::{Changes, FOREVER, NewOutgoing, OutboxState, OutgoingKind};

use crate::home::Home;
use crate::rows::{
    GROUP, LONG_AGO, PRIVATE, answer, at, changes, claimable, claimed, commit, digest, ids, keyed,
    monday, pause, rushan, send, update, with_entry,
};

const UNREACHABLE: i64 = 102;

pub async fn what_was_on_its_way_in_a_copy_is_not_sent_and_gives_its_keys_back(home: Home) {
    let store = home.open().await;
    let line = NewOutgoing {
        kind: OutgoingKind::Line,
        ..answer(UNREACHABLE, "waits for them")
    };
    let rows = [
        answer(PRIVATE, "under way"),
        keyed(103, "card"),
        digest(GROUP, "digest"),
        line,
    ];
    send(&store, rows).await;
    let held = Changes {
        holds: vec![(UNREACHABLE, Some(FOREVER))],
        ..changes()
    };
    commit(&store, held).await;
    assert_eq!(claimed(&store, at(1)).await.message.body, "under way");
    store.doubt_outbox().await.unwrap();
    assert_eq!(claimable(&store, at(9)).await, [""; 0]);
    let bodies = async |state| {
        let rows = store.outgoing_in_state(state).await.unwrap();
        let bodies = rows.into_iter().map(|row| row.message.body);
        bodies.collect::<Vec<_>>()
    };
    assert_eq!(bodies(OutboxState::Unknown).await, ["digest"]);
    assert_eq!(bodies(OutboxState::Withdrawn).await, ["under way", "card"]);
    assert_eq!(bodies(OutboxState::Waiting).await, ["waits for them"]);
    assert_eq!(store.keys(&rushan(), LONG_AGO).await.unwrap(), [""; 0]);
    assert!(store.pings(&rushan(), monday()).await.unwrap().is_empty());
    // Twice is the same as once, as when the start was cut off.
    store.doubt_outbox().await.unwrap();
    assert_eq!(bodies(OutboxState::Unknown).await, ["digest"]);
}

pub async fn updates_that_were_kept_are_taken_up_again_in_their_order(home: Home) {
    let store = home.open().await;
    let all = [11, 12, 13].map(|id| update(id, PRIVATE));
    store.receive(&all).await.unwrap();
    for id in [11, 12] {
        let done = Changes {
            update_id: Some(id),
            ..changes()
        };
        commit(&store, done).await;
    }
    let again = Changes {
        taken_up_again: vec![12, 11, 99],
        ..changes()
    };
    commit(&store, again).await;
    for id in [11, 12, 13] {
        let taken = store.take_updates(9, &[]).await.unwrap();
        assert_eq!((ids(&taken), taken[0].attempts), (vec![id], 1));
        let done = Changes {
            update_id: Some(id),
            ..changes()
        };
        commit(&store, done).await;
    }
    assert!(store.take_updates(9, &[]).await.unwrap().is_empty());
}

pub async fn a_ledger_is_read_over_the_numbers_that_were_lost(home: Home) {
    let store = home.open().await;
    let (first, head) = with_entry(Head::default(), pause("one"));
    commit(&store, first).await;
    let restored = Act::Restored(Restored {
        gap: Gap {
            from_at: at(0),
            to_at: at(9),
        },
        how: AfterRestore::Continue,
        last_seq: 1,
        confirmed_seq: 5_000,
        confirmed_digest: 16,
    });
    let (jump, head) = with_entry(head, restored);
    commit(&store, jump).await;
    let (next, head) = with_entry(head, pause("two"));
    commit(&store, next).await;
    assert_eq!(store.head(&rushan()).await.unwrap(), head);
    let read = store.entries_after(&rushan(), 0).await.unwrap();
    let seqs: Vec<u64> = read.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [1, 5_001, 5_002], "over more than a page");
    let mut until = Vec::new();
    let take = |entry: duban::ledger::LedgerEntry| until.push(entry.seq);
    store.each_entry(&rushan(), 0, 5_001, take).await.unwrap();
    assert_eq!(until, [1, 5_001]);
}
